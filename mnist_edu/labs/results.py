"""Explorers of notebook 09, analysing results."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import softmax
from mnist_edu.analysis import calibration_error, input_gradient, lead, occlusion, reliability
from mnist_edu.data import Split
from mnist_edu.explorer import Explorer, Picture
from mnist_edu.labs._controls import STYLED, float_slider, int_slider
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.network import Layer, forward
from mnist_edu.plots import BLUE, GREY, VERMILLION, draw_image, draw_template

BINS = 10
IMAGES = 500


@STYLED
def temperature_explorer(logits: np.ndarray, y: np.ndarray) -> Explorer:
    """Divide all logits by a temperature, and see how confidence and accuracy then agree.

    Parameters
    ----------
    logits : array of shape (N, K)
    y : integer array of shape (N,)
    """
    fig = Figure()
    left, right = fig.subplots(1, 2)
    left.plot([0, 100], [0, 100], color=GREY, linestyle=":")
    (dots,) = left.plot([], [], "o-", color=BLUE)
    left.set(xlim=(0, 102), ylim=(0, 102), xlabel="confidence (%)", ylabel="accuracy (%)")
    bars = right.bar(np.arange(BINS) * 10 + 5, np.ones(BINS), width=9, color=BLUE)
    right.set(xlim=(0, 100), ylim=(0, 100), xlabel="confidence (%)", ylabel="images (%)")

    def update(temperature: float) -> str:
        probs = softmax(logits / temperature)
        confidence, accuracy, counts = reliability(probs, y, BINS)
        dots.set_data(100 * confidence, 100 * accuracy)
        for bar, count in zip(bars, counts, strict=True):
            bar.set_height(100 * count / len(y))
        return (
            f"T = {temperature:.2f}: mean confidence {100 * probs.max(axis=1).mean():.1f} %, "
            f"accuracy {100 * np.mean(probs.argmax(axis=1) == y):.1f} %, calibration error "
            f"{100 * calibration_error(probs, y, BINS):.1f} points, cross-entropy "
            f"{cross_entropy(logits / temperature, y):.3f}."
        )

    slider = float_slider("temperature", 1, 0.2, 5, 0.1, "What all logits are divided by")
    return Explorer(Picture(fig, [dots, *bars]), update, {"temperature": slider})


@STYLED
def look_explorer(params: Sequence[Layer], split: Split) -> Explorer:
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
        before = lead(logits[image : image + 1], y[image])[0]
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
    return Explorer(Picture(fig, pictures), update, controls)


@STYLED
def adversarial_explorer(params: Sequence[Layer], split: Split) -> Explorer:
    """Change every pixel by at most epsilon, in the direction that raises the loss.

    Parameters
    ----------
    params : list of Layer
        Of a ReLU network.
    split : Split
        The first 500 images can be chosen.
    """
    X, y = split.first(IMAGES, dtype=np.float64)
    logits, cache = forward(params, X)
    signs = np.sign(input_gradient(params, cache, cross_entropy_grad(logits, y)))

    fig = Figure(figsize=(9, 3))
    before, change, after, right = fig.subplots(1, 4, width_ratios=[1, 1, 1, 1.6])
    draw_image(before, X[0], "before")
    draw_template(change, np.ones(784), "the change")
    draw_image(after, X[0], "after")
    pictures = [ax.images[0] for ax in (before, change, after)]
    bars = right.bar(range(10), np.zeros(10))
    right.set(xticks=range(10), ylim=(0, 100), xlabel="digit", ylabel="probability (%)")

    def update(epsilon: float, image: int) -> str:
        x = np.clip(X[image] + epsilon * signs[image], 0, 1)
        probs = softmax(forward(params, x[np.newaxis])[0])[0]
        read = int(probs.argmax())
        for picture, values in zip(pictures, (X[image], x - X[image], x), strict=True):
            picture.set_data(values.reshape(28, 28))
        for digit, bar in enumerate(bars):
            bar.set(height=100 * probs[digit], color=VERMILLION if digit == read else BLUE)
        verdict = "right" if read == y[image] else "wrong"
        return (
            f"Image {image}, a {y[image]}, each pixel changed by at most {epsilon:.2f}: read as "
            f"{read} with {100 * probs[read]:.0f} %, {verdict}; its label gets "
            f"{100 * probs[y[image]]:.0f} %."
        )

    controls = {
        "epsilon": float_slider("ε", 0, 0, 0.3, 0.01, "How much a pixel may change"),
        "image": int_slider("image", 0, 0, IMAGES - 1, "Which validation image"),
    }
    return Explorer(Picture(fig, [*pictures, *bars]), update, controls)
