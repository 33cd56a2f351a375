"""Notebook 02: activation functions and their slopes."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import ACTIVATIONS
from mnist_edu.widgets.controls import STYLED, float_slider, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import VERMILLION, draw_function


@STYLED
def slope_explorer() -> Explorer:
    """Slide along an activation function and read its slope."""
    fig = Figure(figsize=(7, 3.6))
    left, right = fig.subplots(1, 2)
    for ax in (left, right):
        draw_function(ax, np.negative, 6)
    left.set(ylim=(-2, 6.5), ylabel="activation, with its tangent")
    right.set(ylim=(-0.3, 1.3), ylabel="derivative")
    f_line, grad_line = left.lines[-1], right.lines[-1]
    (tangent,) = left.plot([], [], color=VERMILLION, linestyle="-")
    dots = [ax.plot([0], [0], "o", color=VERMILLION, markersize=7)[0] for ax in (left, right)]
    grid = np.delete(f_line.get_xdata(), 500)

    def update(name: str, z: float) -> str:
        f, grad = ACTIVATIONS[name].f, ACTIVATIONS[name].grad
        value, slope = (float(function(np.array([z]))[0]) for function in (f, grad))
        f_line.set_ydata(np.insert(f(grid), 500, np.nan))
        grad_line.set_ydata(np.insert(grad(grid), 500, np.nan))
        step = np.array([-1.5, 1.5])
        tangent.set_data(z + step, value + slope * step)
        dots[0].set_data([z], [value])
        dots[1].set_data([z], [slope])
        return f"{name} at z = {z:.1f}: the activation is {value:.4f}, its slope {slope:.4f}."

    controls = {
        "name": selection_slider(
            "activation",
            "sigmoid",
            ["relu", "leaky_relu", "sigmoid", "tanh", "gelu"],
            "Which activation function",
        ),
        "z": float_slider("z", 1, -6, 6, 0.1, "The pre-activation at which the slope is read"),
    }
    return Explorer(fig, [f_line, grad_line, tangent, *dots], update, controls)
