"""Notebook 02: a sum of kinks follows a curve."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.network import Layer, forward
from mnist_edu.widgets.controls import STYLED, int_slider, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import draw_polygon

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
        "curve": selection_slider("curve", "wave", list(CURVES), "The curve to follow"),
    }
    return Explorer(fig, [curve_line, fit_line, dots], update, controls)
