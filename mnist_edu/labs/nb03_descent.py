"""Notebook 03: one parameter goes downhill."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.widgets.controls import STYLED, float_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import VERMILLION


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
        steps = np.zeros(13)
        for k in range(12):
            steps[k + 1] = steps[k] - lr * 2 * (steps[k] - 3)
        loss = (steps - 3) ** 2
        path.set_data(steps, loss)
        losses.set_data(np.arange(13), np.maximum(loss, 1e-300))
        return (
            f"Learning rate {lr:.2f}: after one step w = {steps[1]:.2f}, "
            f"after twelve w = {steps[-1]:.2f}, loss {loss[-1]:.2g}."
        )

    controls = {"lr": float_slider("learning rate", 0.1, 0, 1.1, 0.05, "The factor of each step")}
    return Explorer(fig, [path, losses], update, controls)
