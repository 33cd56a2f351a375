"""Notebook 07: the stored map of depth and gain."""

import math

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from mnist_edu.stored_results import load_result
from mnist_edu.widgets.controls import STYLED, choice, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, VERMILLION, draw_guessing

THEORY = {"relu": math.sqrt(2), "tanh": 1.0}  # the critical gain


@STYLED
def map_explorer() -> Explorer:
    """Choose a cell of the stored map of depth and gain, and see its runs."""
    result = load_result("initialization_map")
    depths, gains = result["depths"], result["gains"]
    fig = Figure(figsize=(9.5, 4))
    map_axes, loss_axes = fig.subplots(1, 2, width_ratios=(3, 2))
    table, frame = draw_map(map_axes, depths, gains)
    map_axes.set_xticks(range(0, len(gains), 2), [f"{gain:.2f}" for gain in gains[::2]])
    theory = map_axes.axvline(0, color="white", linestyle="--", linewidth=1.5)
    draw_guessing(loss_axes)
    loss_axes.set(xlim=(0, 400), ylim=(0, 4), xlabel="step", title="loss of the cell's three seeds")
    curves = [loss_axes.plot([], [], color=BLUE, linestyle="-", linewidth=1.2)[0] for _ in range(3)]

    def update(activation: str, depth: int, gain: float) -> str:
        found = result[activation]
        row, column = depths.index(depth), gains.index(gain)
        table.set_data(np.mean(found["accuracy"], axis=2))
        theory.set_xdata([column_of(gains, THEORY[activation])] * 2)
        frame.set_xy((column - 0.5, row - 0.5))
        for curve, losses in zip(curves, found["loss"][row][column], strict=True):
            curve.set_data(40 * np.arange(1, len(losses) + 1), np.array(losses, float))
        scores = found["accuracy"][row][column]
        diverged = sum(None in losses for losses in found["loss"][row][column])
        text = (
            f"{activation}, {depth} hidden layers, g = {gain:.2f}: accuracy {np.mean(scores):.1f} "
            f"% ({min(scores):.1f} to {max(scores):.1f}) at the best rate, "
            f"{found['rate'][row][column]:g}."
        )
        return f"{text} {diverged} of 3 runs diverged." if diverged else text

    controls = activation_and_depth(depths, 10)
    controls["gain"] = gain_of(gains, gains[8])
    return Explorer(fig, [table, theory, frame, *curves], update, controls)


def draw_map(ax: Axes, depths: list[int], gains: list[float]) -> tuple[AxesImage, Rectangle]:
    """Draw a map of depth and gain that is still empty, and a frame for one of its cells."""
    table = ax.imshow(
        np.zeros((len(depths), len(gains))),
        cmap="viridis",
        vmin=10,
        vmax=95,
        origin="lower",
        aspect="auto",
    )
    ax.figure.colorbar(table, ax=ax, label="validation accuracy (%)")
    ax.set_xticks(range(len(gains)), [f"{gain:.2f}" for gain in gains])
    ax.set_yticks(range(len(depths)), [str(depth) for depth in depths])
    ax.set(xlabel="gain g", ylabel="hidden layers")
    frame = Rectangle((0, 0), 1, 1, fill=False, edgecolor=VERMILLION, linewidth=2.5)
    ax.add_patch(frame)
    return table, frame


def activation_and_depth(depths: list[int], chosen: int) -> dict[str, widgets.Widget]:
    """Return the controls of the map: which activation, and how many hidden layers."""
    return {
        "activation": choice("activation", list(THEORY), "What each hidden unit makes of its z"),
        "depth": selection_slider("hidden layers", chosen, depths, "Layers of 100 units"),
    }


def gain_of(gains: list[float], chosen: float) -> widgets.SelectionSlider:
    """Return the control of a map's gain."""
    options = [(f"{gain:.2f}", gain) for gain in gains]
    return selection_slider("gain g", chosen, options, "The weights' std is g / sqrt(n_in)")


def column_of(gains: list[float], gain: float) -> float:
    """Return where a gain lies among the map's columns, which are spaced evenly in log g."""
    return math.log(gain / gains[0]) / math.log(gains[1] / gains[0])
