"""What the controls and figures of all labs have in common."""

import ipywidgets as widgets
import matplotlib.pyplot as plt

STYLED = plt.style.context("mnist_edu.style")
WIDE = {"style": {"description_width": "8em"}, "layout": widgets.Layout(width="32em")}


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
    return widgets.FloatSlider(
        value=value,
        min=smallest,
        max=largest,
        step=step,
        description=description,
        tooltip=tooltip,
        **WIDE,
    )
