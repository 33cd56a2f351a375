"""Notebook 09: every pixel moved a little, the way that raises the loss."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import softmax
from mnist_edu.data import Split
from mnist_edu.labs.nb09_attribution import IMAGES
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, forward
from mnist_edu.topics.attribution import input_gradient
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, VERMILLION, draw_image, draw_template


@STYLED
def adversarial_explorer(params: list[Layer], split: Split) -> Explorer:
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
    return Explorer(fig, [*pictures, *bars], update, controls)
