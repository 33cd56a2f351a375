"""Notebook 09: what the network looks at, by covering and by slopes."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, forward
from mnist_edu.topics.attribution import input_gradient, margin, occlusion
from mnist_edu.widgets.controls import STYLED, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import draw_image, draw_template

IMAGES = 500


@STYLED
def attribution_explorer(params: list[Layer], split: Split) -> Explorer:
    """See where an image matters: what covering a place costs, and the slope at every pixel.

    Parameters
    ----------
    params : list of Layer
        Of a ReLU network.
    split : Split
        The first 500 images can be chosen.
    """
    X, y = split.first(IMAGES, dtype=np.float64)
    logits, cache = forward(params, X)
    slopes = input_gradient(params, cache, cross_entropy_grad(logits, y) * len(y))

    fig = Figure(figsize=(8, 3))
    axes = fig.subplots(1, 3)
    draw_image(axes[0], X[0], "the image")
    draw_template(axes[1], np.ones(784), "covering costs")
    draw_template(axes[2], np.ones(784), "ink helps or harms")
    pictures = [ax.images[0] for ax in axes]

    def update(image: int, side: int) -> str:
        fall = occlusion(params, X[image], y[image], side)
        pictures[0].set_data(X[image].reshape(28, 28))
        for picture, values in ((pictures[1], fall), (pictures[2], -slopes[image])):
            picture.set_data(values.reshape(28, 28))
            limit = np.abs(values).max() or 1
            picture.set_clim(-limit, limit)
        row, column = np.unravel_index(fall.argmax(), fall.shape)
        before = margin(logits[image : image + 1], y[image])[0]
        return (
            f"Image {image}, a {y[image]}, read as {logits[image].argmax()}; the label leads by "
            f"{before:.1f}. A square of {side} by {side} costs most at row {row}, column {column}: "
            f"the lead falls to {before - fall.max():.1f}."
        )

    controls = {
        "image": int_slider("image", 0, 0, IMAGES - 1, "Which validation image"),
        "side": int_slider("square", 5, 1, 13, "Pixels on a side of the square that covers"),
    }
    controls["side"].step = 2
    return Explorer(fig, pictures, update, controls)
