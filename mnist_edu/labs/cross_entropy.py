"""Explorers of notebook 03, softmax and cross-entropy."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import log_softmax
from mnist_edu.explorer import Explorer, Picture
from mnist_edu.labs._controls import STYLED, float_slider, int_slider
from mnist_edu.plots import BLUE, GREEN, VERMILLION


@STYLED
def descent_explorer() -> Explorer:
    """Follow 12 steps of gradient descent on L(w) = (w - 3)^2, from w = 0."""
    fig = Figure()
    left, right = fig.subplots(1, 2)
    w = np.linspace(-6, 12, 200)
    left.plot(w, (w - 3) ** 2, color="0.7")
    left.set(xlim=(-6, 12), ylim=(-3, 80), xlabel="w", ylabel="L(w)")
    (path,) = left.plot([], [], "o-", color=VERMILLION, markersize=4, linewidth=1)
    right.set(xlim=(0, 12), ylim=(1e-6, 1e3), yscale="log", xlabel="step", ylabel="L(w)")
    (losses,) = right.plot([], [], "o-", color=VERMILLION, markersize=4, linewidth=1)

    def update(lr: float) -> str:
        steps = [0.0]
        for _ in range(12):
            steps.append(steps[-1] - lr * 2 * (steps[-1] - 3))
        steps = np.array(steps)
        loss = (steps - 3) ** 2
        path.set_data(steps, loss)
        losses.set_data(np.arange(13), np.maximum(loss, 1e-300))
        return (
            f"Learning rate {lr:.2f}: after one step w = {steps[1]:.2f}, "
            f"after twelve w = {steps[-1]:.2f}, loss {loss[-1]:.2g}."
        )

    controls = {"lr": float_slider("learning rate", 0.1, 0, 1.1, 0.05, "The factor of each step")}
    return Explorer(Picture(fig, [path, losses]), update, controls)


@STYLED
def softmax_explorer() -> Explorer:
    """See what three logits and a true class make of probabilities, Jacobian and gradient."""
    fig = Figure(figsize=(8, 3.2))
    probability_axes, jacobian_axes, logit_axes = fig.subplots(1, 3)
    classes = np.arange(3)

    bars = probability_axes.bar(classes, np.zeros(3))
    probability_axes.set(xticks=classes, ylim=(0, 1), xlabel="class")
    probability_axes.set_title("probabilities o (green: the truth)")

    table = jacobian_axes.imshow(np.zeros((3, 3)), cmap="RdBu", vmin=-0.4, vmax=0.4)
    jacobian_axes.set(xticks=classes, yticks=classes, xlabel="k", ylabel="i")
    jacobian_axes.set_title("∂o$_i$/∂z$_k$")
    numbers = [
        [jacobian_axes.text(k, i, "", ha="center", va="center", fontsize=9) for k in classes]
        for i in classes
    ]

    logit_axes.axhline(0, color="0.7", linewidth=1)
    arrows = logit_axes.quiver(
        classes, np.zeros(3), np.zeros(3), np.zeros(3), color=VERMILLION,
        angles="xy", scale_units="xy", scale=1, width=0.02, headwidth=3, headlength=3,
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
        for i in classes:
            for k in classes:
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
    return Explorer(Picture(fig, [*bars, table, *flat, arrows]), update, controls)


def _three(values: np.ndarray) -> str:
    return "(" + ", ".join(f"{value:.2f}" for value in values) + ")"
