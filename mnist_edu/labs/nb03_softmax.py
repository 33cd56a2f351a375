"""Notebook 03: three logits, their softmax, and the gradient of the loss."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import log_softmax
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREEN, VERMILLION


@STYLED
def softmax_explorer() -> Explorer:
    """See what three logits and a true class make of probabilities, Jacobian and gradient."""
    fig = Figure(figsize=(9.5, 3.2))
    probability_axes, jacobian_axes, logit_axes = fig.subplots(1, 3)
    classes = np.arange(3)

    bars = probability_axes.bar(classes, np.zeros(3))
    probability_axes.set(xticks=classes, ylim=(0, 1), xlabel="class")
    probability_axes.set_title("probabilities o (green: the truth)")

    table = jacobian_axes.imshow(np.zeros((3, 3)), cmap="RdBu", vmin=-0.4, vmax=0.4)
    jacobian_axes.set(xticks=classes, yticks=classes, xlabel="k", ylabel="i")
    jacobian_axes.set_title("∂o$_i$/∂z$_k$")
    numbers = [
        [jacobian_axes.text(k, i, "", ha="center", va="center", fontsize=9) for k in range(3)]
        for i in range(3)
    ]

    logit_axes.axhline(0, color="0.7", linewidth=1)
    arrows = logit_axes.quiver(
        classes, np.zeros(3), np.zeros(3), np.zeros(3), color=VERMILLION,
        angles="xy", scale_units="xy", scale=1, width=0.02, headwidth=3, headlength=4.5,
    )  # fmt: skip
    logit_axes.set(xticks=classes, xlim=(-0.5, 2.5), ylim=(-1.1, 1.1), xlabel="class")
    logit_axes.set_title("push on each logit, −∂L/∂z")

    def update(z0: float, z1: float, z2: float, true_class: int) -> str:
        z = np.array([z0, z1, z2])
        o = np.exp(log_softmax(z))
        gradient = o - (classes == true_class)
        jacobian = np.diag(o) - np.outer(o, o)
        for k, bar in enumerate(bars):
            bar.set(height=o[k], color=GREEN if k == true_class else BLUE)
        table.set_data(jacobian)
        for i in range(3):
            for k in range(3):
                numbers[i][k].set_text(f"{jacobian[i, k]:.2f}")
        arrows.set_UVC(np.zeros(3), -gradient)
        return (
            f"Probabilities {_three(o)}; the truth is {true_class}, loss "
            f"{-log_softmax(z)[true_class]:.2f}; gradient {_three(gradient)}."
        )

    controls = {
        f"z{k}": float_slider(f"logit {k}", value, -4, 4, 0.1, f"The score of class {k}")
        for k, value in enumerate((0.0, 1.0, 2.0))
    }
    controls["true_class"] = int_slider("true class", 0, 0, 2, "The class that is right")
    flat = [text for row in numbers for text in row]
    return Explorer(fig, [*bars, table, *flat, arrows], update, controls)


def _three(values: np.ndarray) -> str:
    return "(" + ", ".join(f"{value:.2f}" for value in values) + ")"
