"""Notebook 00: the digit whose mean image is nearest."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.widgets.controls import STYLED, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, VERMILLION, draw_image


@STYLED
def nearest_mean_explorer(means: np.ndarray, split: Split) -> Explorer:
    """Compare images with the mean image of each digit.

    Parameters
    ----------
    means : float array of shape (10, 784), in [0, 1]
    split : Split
        The first 500 images can be chosen.
    """
    X, y = split.first(500, dtype=np.float64)
    distances = np.linalg.norm(X[:, np.newaxis] - means, axis=2)

    fig = Figure()
    left, right = fig.subplots(1, 2, width_ratios=[1, 2])
    draw_image(left, X[0])
    (picture,) = left.images
    bars = right.bar(range(10), np.zeros(10))
    right.set(xticks=range(10), ylim=(0, 14), xlabel="digit", ylabel="distance to its mean image")

    def update(image: int) -> str:
        picture.set_data(X[image].reshape(28, 28))
        nearest = int(distances[image].argmin())
        for digit, bar in enumerate(bars):
            bar.set(height=distances[image, digit], color=VERMILLION if digit == nearest else BLUE)
        verdict = "right" if nearest == y[image] else "wrong"
        return (
            f"Image {image} is labelled {y[image]}. The nearest mean image is that of {nearest}, "
            f"at distance {distances[image, nearest]:.2f}: {verdict}."
        )

    controls = {"image": int_slider("image", 0, 0, 499, "Which validation image to compare")}
    return Explorer(fig, [picture, *bars], update, controls)
