"""What the controls and figures of several labs have in common."""

import math
import sys
from collections.abc import Iterable
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import traitlets
from matplotlib.axes import Axes

BROWSER = sys.platform == "emscripten"  # a kernel there computes some twenty times slower
STYLED = plt.style.context("mnist_edu.widgets.style")
WIDE: dict[str, Any] = {
    "style": {"description_width": "8em"},
    "layout": widgets.Layout(width="32em"),
}


def affordable(usual: int, in_browser: int) -> int:
    """Return what a lab starts with: less in a browser's kernel, so that it answers there too."""
    return in_browser if BROWSER else usual


class QuietFloatSlider(widgets.FloatSlider):
    """A slider whose every value the kernel does not send back: that slows a drag by a third."""

    value = traitlets.CFloat().tag(sync=True, echo_update=False)


def int_slider(
    description: str, value: int, smallest: int, largest: int, tooltip: str
) -> widgets.IntSlider:
    """Return a slider over the whole numbers from smallest to largest."""
    return widgets.IntSlider(
        value=value, min=smallest, max=largest, description=description, tooltip=tooltip, **WIDE
    )


def float_slider(
    description: str, value: float, smallest: float, largest: float, step: float, tooltip: str
) -> widgets.FloatSlider:
    """Return a slider from smallest to largest in steps of step."""
    return QuietFloatSlider(
        value=value,
        min=smallest,
        max=largest,
        step=step,
        description=description,
        tooltip=tooltip,
        **WIDE,
    )


def selection_slider(
    description: str, value: object, options: Iterable, tooltip: str
) -> widgets.SelectionSlider:
    """Return a slider over options: values, or pairs of a label and a value."""
    return widgets.SelectionSlider(
        value=value, options=[*options], description=description, tooltip=tooltip, **WIDE
    )


def log_slider(
    description: str, value: float, smallest: float, largest: float, step: float, tooltip: str
) -> widgets.FloatLogSlider:
    """Return a slider over powers of 10; smallest, largest and step are of the exponent."""
    return widgets.FloatLogSlider(
        value=value,
        min=smallest,
        max=largest,
        step=step,
        readout_format=".2g",
        description=description,
        tooltip=tooltip,
        **WIDE,
    )


def button(description: str, tooltip: str) -> widgets.Button:
    """Return a button as wide as its description."""
    layout = widgets.Layout(width="auto")
    return widgets.Button(description=description, tooltip=tooltip, layout=layout)


def choice(description: str, options: list[str], tooltip: str) -> widgets.Dropdown:
    """Return a list to choose from; the first option is chosen at first."""
    return widgets.Dropdown(options=options, description=description, tooltip=tooltip, **WIDE)


def set_decades(ax: Axes, depth: int) -> None:
    """Give a panel the layers as its x axis, and as many decades as so many layers need."""
    reach = max(3, math.ceil(0.3 * depth) + 1)
    ax.set(xlim=(0, depth + 1), ylim=(10.0**-reach, 10.0**reach))
