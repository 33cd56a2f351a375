"""Notebook 02: a hidden unit, moved until it is silent."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.network import Layer
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION


@STYLED
def dead_relu_explorer(params: list[Layer], X: np.ndarray) -> Explorer:
    """Push a unit of the first layer below zero by its bias, until no image makes it speak.

    Parameters
    ----------
    params : list of Layer
        The biases in it are not used: the slider sets the bias.
    X : float array of shape (N, n_in)
    """
    Z = X @ params[0].W
    edges = np.linspace(-6, 6, 61)
    biases = np.linspace(-3, 3, 121)

    fig = Figure()
    left, right = fig.subplots(1, 2, width_ratios=[3, 2])
    below = left.stairs(np.zeros(30), edges[:31], fill=True, color=GREY, label="silent")
    above = left.stairs(np.zeros(30), edges[30:], fill=True, color=BLUE, label="active")
    left.axvline(0, color="black", linewidth=1, linestyle="-")
    left.set(xlim=(-6, 6), ylim=(0, 50), xlabel="pre-activation z", ylabel="images (%)")
    left.legend(loc="upper right")
    right.set(xlim=(-3.1, 3.1), ylim=(-3, 103), xlabel="bias", ylabel="active on (% of images)")
    (line,) = right.plot(biases, biases, color=BLUE, linestyle="-")
    (dot,) = right.plot([0], [0], "o", color=VERMILLION, markersize=7)

    def update(unit: int, bias: float) -> str:
        z = Z[:, unit] + bias
        counts = np.histogram(z, edges)[0]
        below.set_data(values=100 * counts[:30] / len(z))
        above.set_data(values=100 * counts[30:] / len(z))
        line.set_ydata([100 * (Z[:, unit] + b > 0).mean() for b in biases])
        active = int((z > 0).sum())
        dot.set_data([bias], [100 * active / len(z)])
        return (
            f"Unit {unit} with bias {bias:.2f} is active on {active} of {len(z)} images "
            f"({active / len(z):.1%})" + ("." if active else ": silent.")
        )

    controls = {
        "unit": int_slider("unit", 0, 0, Z.shape[1] - 1, "Which unit of the first layer"),
        "bias": float_slider("bias", 0, -3, 3, 0.05, "Added to the unit's z, for every image"),
    }
    return Explorer(fig, [below, above, line, dot], update, controls)
