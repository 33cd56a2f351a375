"""Notebook 10: a digit shifted, turned, scaled, bent."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.topics.augmentation import affine_field, elastic_field, warp
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, draw_image, draw_wall

COPIES = 8


@STYLED
def distortion_explorer(split: Split) -> Explorer:
    """Bend one digit in eight random ways, and see the field of the first.

    Parameters
    ----------
    split : Split
        The first 500 images can be chosen.
    """
    X, y = split.first(500, dtype=np.float64)
    rows, columns = np.indices((28, 28))[:, 1::3, 1::3]

    fig = Figure(figsize=(9, 3.4))
    left, right = fig.subplots(1, 2, width_ratios=[1, 2])
    draw_image(left, X[0], "before, and where it is read")
    (before,) = left.images
    arrows = left.quiver(
        columns, rows, 0 * rows, 0 * rows, color=BLUE, angles="xy", scale_units="xy", scale=1
    )
    left.set(xlim=(-0.5, 27.5), ylim=(27.5, -0.5))
    draw_wall(right, np.zeros((COPIES, 784)), COPIES // 2)
    (after,) = right.images
    after.set_clim(0, 1)
    right.set_title("eight of its distortions")

    def update(alpha: float, sigma: float, degrees: float, image: int) -> str:
        rng = np.random.default_rng(0)
        bent = elastic_field(rng, COPIES, alpha, sigma)
        field = bent + affine_field(rng, COPIES, degrees, stretch=0, largest=0)
        before.set_data(X[image].reshape(28, 28))
        arrows.set_UVC(field[1, 0, 1::3, 1::3], field[0, 0, 1::3, 1::3])
        copies = warp(np.repeat(X[image : image + 1], COPIES, axis=0), field)
        tiles = copies.reshape(2, COPIES // 2, 28, 28).transpose(0, 2, 1, 3)
        after.set_data(tiles.reshape(56, -1))
        size = np.sqrt((field**2).sum(axis=0).mean())
        steepest = max(np.abs(np.diff(bent, axis=axis)).max() for axis in (2, 3))
        return (
            f"Image {image}, a {y[image]}, with α = {alpha:g}, σ = {sigma:g}, turned by up to "
            f"{degrees:g} degrees: pixels move by {size:.1f} in the root mean square; "
            f"bending parts neighbours by up to {steepest:.1f}."
        )

    controls = {
        "alpha": float_slider("α", 34, 0, 100, 2, "How far pixels are thrown before smoothing"),
        "sigma": float_slider("σ", 4, 0.5, 10, 0.5, "How wide the smoothing window is, in pixels"),
        "degrees": float_slider("degrees", 0, 0, 180, 5, "The largest turn, either way"),
        "image": int_slider("image", 0, 0, 499, "Which validation image"),
    }
    return Explorer(fig, [before, arrows, after], update, controls)
