"""Explorers of notebook 02, activation functions."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import ACTIVATIONS, softmax
from mnist_edu.explorer import Explorer, Picture
from mnist_edu.labs._controls import STYLED, WIDE, float_slider, int_slider
from mnist_edu.network import Layer, forward
from mnist_edu.plots import BLUE, GREY, VERMILLION, draw_function, draw_polygon

CURVES = {
    "wave": lambda x: np.sin(5 * x),
    "tent": lambda x: 1 - 4 * np.abs(x - 0.5),
    "step": lambda x: np.where(x < 0.5, -1.0, 1.0),
}


def polygon_network(g: Callable[[np.ndarray], np.ndarray], units: int) -> list[Layer]:
    """Return the network 1-units-1 of ReLUs that joins points of a curve on [0, 1] by lines.

    Parameters
    ----------
    g : function of an array, elementwise
    units : int
        Hidden units: their kinks lie at 0, 1/units, 2/units, ..., all but the last of the points.

    Examples
    --------
    >>> params = polygon_network(np.square, 2)
    >>> forward(params, np.array([[0.0], [0.25], [0.5], [1.0]]))[0].ravel()
    array([0.   , 0.125, 0.25 , 1.   ])
    """
    t = np.linspace(0, 1, units + 1)
    s = np.diff(g(t)) / np.diff(t)
    v = np.diff(s, prepend=0)
    return [Layer(np.ones((1, units)), -t[:-1]), Layer(v[:, np.newaxis], g(t[:1]))]


@STYLED
def polygon_explorer() -> Explorer:
    """Follow a curve with more and more ReLUs."""
    x = np.sort([*np.linspace(0, 1, 1001), 0.5 - 1e-9])  # the last, for the foot of the step

    fig = Figure()
    ax = fig.subplots()
    draw_polygon(ax, x, x, x, x[:2])
    curve_line, fit_line, dots = ax.lines
    ax.legend([curve_line, fit_line], ["curve", "ReLUs"], ncols=2, loc="upper left")

    def update(units: int, curve: str) -> str:
        g, t = CURVES[curve], np.linspace(0, 1, units + 1)
        params = polygon_network(g, units)
        p = forward(params, x[:, np.newaxis])[0][:, 0]
        gap = np.abs(p - g(x)).max()
        curve_line.set_data(x, g(x))
        fit_line.set_data(x, p)
        dots.set_data(t, g(t))
        pieces = "1 ReLU, 1 line" if units == 1 else f"{units} ReLUs, {units} lines"
        return f"{curve}: {pieces}; the largest gap to the curve is {gap:.4f}."

    controls = {
        "units": int_slider("ReLUs", 3, 1, 40, "How many ReLUs are added up"),
        "curve": widgets.SelectionSlider(
            value="wave",
            options=list(CURVES),
            description="curve",
            tooltip="The curve to follow",
            **WIDE,
        ),
    }
    return Explorer(Picture(fig, [curve_line, fit_line, dots]), update, controls)


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
        "name": widgets.SelectionSlider(
            value="sigmoid",
            options=["relu", "leaky_relu", "sigmoid", "tanh", "gelu"],
            description="activation",
            tooltip="Which activation function",
            **WIDE,
        ),
        "z": float_slider("z", 1, -6, 6, 0.1, "The pre-activation at which the slope is read"),
    }
    return Explorer(Picture(fig, [f_line, grad_line, tangent, *dots]), update, controls)


@STYLED
def dead_relu_explorer(params: Sequence[Layer], X: np.ndarray) -> Explorer:
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
    return Explorer(Picture(fig, [below, above, line, dot]), update, controls)


@STYLED
def temperature_explorer(logits: np.ndarray) -> Explorer:
    """Turn one row of logits into probabilities, at any temperature.

    Parameters
    ----------
    logits : array of shape (K,)
        The largest and the second largest are coloured; the second can be moved by itself.
    """
    second, first = (int(k) for k in np.argsort(logits)[-2:])
    colors = [{first: BLUE, second: VERMILLION}.get(k, GREY) for k in range(len(logits))]

    fig = Figure()
    left, right = fig.subplots(1, 2)
    logit_bars = left.bar(range(len(logits)), logits, color=colors)
    prob_bars = right.bar(range(len(logits)), 0 * logits, color=colors)
    left.axhline(0, color="black", linewidth=1, linestyle="-")
    for ax in (left, right):
        ax.set(xticks=range(len(logits)), xlabel="digit")
    left.set(ylim=(logits.min() - 6.5, logits.max() + 6.5), ylabel="logit z")
    right.set(ylim=(0, 1), ylabel="softmax(z / T)")

    def update(temperature: float, one: float, shift: float) -> str:
        z = logits + shift
        z[second] += one
        probs = softmax(z / temperature)
        for bars, heights in ((logit_bars, z), (prob_bars, probs)):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height)
        return (
            f"T = {temperature:.2g}: {first} has z {z[first]:.2f} and gets {probs[first]:.4f}, "
            f"{second} has z {z[second]:.2f} and gets {probs[second]:.4f}, the other "
            f"{len(logits) - 2} together {max(0, 1 - probs[first] - probs[second]):.4f}."
        )

    controls = {
        "temperature": widgets.FloatLogSlider(
            value=1,
            min=-2,
            max=2,
            step=0.05,
            readout_format=".2g",
            description="temperature T",
            tooltip="All logits are divided by it",
            **WIDE,
        ),
        "one": float_slider(
            f"add to z of {second}", 0, -3, 3, 0.1, f"Added to the logit of {second} alone"
        ),
        "shift": float_slider("add to all z", 0, -3, 3, 0.1, "Added to every logit"),
    }
    return Explorer(Picture(fig, [*logit_bars, *prob_bars]), update, controls)
