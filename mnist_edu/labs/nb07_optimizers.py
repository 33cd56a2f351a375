"""Notebook 07: how the map of depth and gain changes with the optimizer and the steps."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.labs.nb07_map import THEORY, column_of, draw_map, gain_of
from mnist_edu.stored_results import load_result
from mnist_edu.widgets.controls import STYLED, choice, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION

RUNS = {  # the stored name of each optimizer's runs of so many steps
    ("SGD", 400): "sgd",
    ("Adam", 400): "adam",
    ("SGD", 1600): "sgd, long",
    ("Adam", 1600): "adam, long",
}


@STYLED
def optimizer_explorer() -> Explorer:
    """Choose how the ReLU networks of a smaller map are trained, and see the map and one row."""
    result = load_result("optimizer_map")
    depths, gains = result["depths"], result["gains"]
    accuracy = {run: np.array(result[name]["accuracy"]) for run, name in RUNS.items()}
    fig = Figure(figsize=(9.5, 4))
    map_axes, row_axes = fig.subplots(1, 2, width_ratios=(3, 2))
    table, frame = draw_map(map_axes, depths, gains)
    place = column_of(gains, THEORY["relu"])
    theory = map_axes.axvline(place, color="white", linestyle="--", linewidth=1.5)
    row_axes.plot([THEORY["relu"]] * 2, [0, 100], color=VERMILLION, linestyle="--", linewidth=1)
    row_axes.set(xscale="log", ylim=(0, 125), yticks=range(0, 101, 20), xlabel="gain g")
    row_axes.set_title("accuracy along the row (%)")
    row_axes.set_xticks(gains[::2], [f"{gain:.2f}" for gain in gains[::2]])
    row_axes.set_xticks([], minor=True)
    (base,) = row_axes.plot(gains, gains, "--", color=GREY, label="SGD, 400 steps: mean")
    (means,) = row_axes.plot(gains, gains, "-", color=BLUE, label="chosen: mean, three seeds")
    (seeds,) = row_axes.plot([], [], "o", color=BLUE, markersize=4)
    row_axes.legend(loc="upper left", fontsize=8)

    def update(optimizer: str, steps: int, depth: int, gain: float) -> str:
        run, row, column = (optimizer, steps), depths.index(depth), gains.index(gain)
        table.set_data(accuracy[run].mean(axis=2))
        frame.set_xy((column - 0.5, row - 0.5))
        base.set_ydata(accuracy["SGD", 400][row].mean(axis=1))
        chosen = accuracy[run][row]
        means.set_ydata(chosen.mean(axis=1))
        seeds.set_data(np.repeat(gains, 3), chosen.ravel())
        scores, best = chosen[column], int(chosen.mean(axis=1).argmax())
        return (
            f"{optimizer}, {steps} steps, {depth} hidden layers, g = {gain:.2f}: accuracy "
            f"{scores.mean():.1f} % ({scores.min():.1f} to {scores.max():.1f}) at rate "
            f"{result[RUNS[run]]['rate'][row][column]:g}. The row's best mean is "
            f"{chosen[best].mean():.1f} %, at g = {gains[best]:.2f}."
        )

    controls = {
        "optimizer": choice("optimizer", ["SGD", "Adam"], "What makes a step of the gradients"),
        "steps": selection_slider("steps", 400, [400, 1600], "Minibatches of 32 images"),
        "depth": selection_slider("hidden layers", 10, depths, "Layers of 100 ReLU units"),
        "gain": gain_of(gains, gains[4]),
    }
    return Explorer(fig, [table, theory, frame, base, means, seeds], update, controls)
