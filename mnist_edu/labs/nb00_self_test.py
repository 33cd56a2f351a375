"""Notebook 00: a slider and a picture, to see whether both work here."""

from matplotlib.figure import Figure

from mnist_edu.widgets.controls import STYLED, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE


@STYLED
def self_test() -> Explorer:
    """Move a dot by a slider, to see whether live figures work here."""
    fig = Figure(figsize=(7, 1))
    ax = fig.subplots()
    ax.set(xlim=(-0.5, 10.5), ylim=(-1, 1), xticks=range(11), yticks=[])
    ax.spines["left"].set_visible(False)
    (dot,) = ax.plot([0], [0], "o", color=BLUE, markersize=12)

    def update(place: int) -> str:
        dot.set_xdata([place])
        if place == 0:
            return "The dot is at 0. Move the slider."
        return f"The dot is at {place}: slider, kernel and picture work together."

    controls = {"place": int_slider("move me", 0, 0, 10, "The dot should follow")}
    return Explorer(fig, [dot], update, controls)
