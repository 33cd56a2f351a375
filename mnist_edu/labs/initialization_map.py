"""The map of notebook 07: what depth and gain make of 400 steps of training."""

import math
from collections.abc import Generator
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mnist_edu.data import Mnist
from mnist_edu.explorer import Explorer, LiveLab, Picture
from mnist_edu.gain import train_with_gain
from mnist_edu.labs._controls import STYLED, WIDE, affordable, choice
from mnist_edu.metrics import accuracy
from mnist_edu.network import predict
from mnist_edu.plots import BLUE, GREY, VERMILLION, draw_guessing
from mnist_edu.results import load_result

THEORY = {"relu": math.sqrt(2), "tanh": 1.0}  # the critical gain


class Progress(NamedTuple):
    """How far a row is: the gains begun (epoch), and what was reached at those that are done."""

    epoch: float
    accuracies: list[float]


@STYLED
def map_explorer() -> Explorer:
    """Choose a cell of the stored map of depth and gain, and see its runs."""
    result = load_result("initialization_map")
    depths, gains = result["depths"], result["gains"]
    fig = Figure(figsize=(9.5, 4))
    map_axes, loss_axes = fig.subplots(1, 2, width_ratios=(3, 2))
    table = map_axes.imshow(
        np.zeros((len(depths), len(gains))),
        cmap="viridis",
        vmin=10,
        vmax=95,
        origin="lower",
        aspect="auto",
    )
    fig.colorbar(table, ax=map_axes, label="validation accuracy (%)")
    map_axes.set_xticks(range(0, len(gains), 2), [f"{gain:.2f}" for gain in gains[::2]])
    map_axes.set_yticks(range(len(depths)), depths)
    map_axes.set(xlabel="gain g", ylabel="hidden layers")
    theory = map_axes.axvline(0, color="white", linestyle="--", linewidth=1.5)
    frame = Rectangle((0, 0), 1, 1, fill=False, edgecolor=VERMILLION, linewidth=2.5)
    map_axes.add_patch(frame)
    draw_guessing(loss_axes)
    loss_axes.set(xlim=(0, 400), ylim=(0, 4), xlabel="step", title="loss of the cell's three seeds")
    curves = [loss_axes.plot([], [], color=BLUE, linestyle="-", linewidth=1.2)[0] for _ in range(3)]

    def update(activation: str, depth: int, gain: float) -> str:
        found = result[activation]
        row, column = depths.index(depth), gains.index(gain)
        table.set_data(np.mean(found["accuracy"], axis=2))
        theory.set_xdata([_column(gains, THEORY[activation])] * 2)
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

    controls = _activation_and_depth(depths, 10)
    controls["gain"] = widgets.SelectionSlider(
        value=gains[8],
        options=[(f"{gain:.2f}", gain) for gain in gains],
        description="gain g",
        tooltip="The weights' std is g / sqrt(n_in)",
        **WIDE,
    )
    return Explorer(Picture(fig, [table, theory, frame, *curves]), update, controls)


@STYLED
def row_lab(mnist: Mnist) -> LiveLab:
    """Compute a row of the map anew: every gain at every rate, one seed, keeping the best rate.

    Parameters
    ----------
    mnist : Mnist
    """
    result = load_result("initialization_map")
    depths, gains, rates = result["depths"], result["gains"], result["rates"]
    X, y = mnist.validation.images[:1000], mnist.validation.labels[:1000]
    fig = Figure()
    ax = fig.subplots()
    ax.set(xlim=(gains[0] / 1.05, gains[-1] * 1.05), ylim=(0, 100), xscale="log")
    ax.set(xlabel="gain g", ylabel="validation accuracy (%)")
    ax.set_xticks(gains[::2], [f"{gain:.2f}" for gain in gains[::2]], minor=False)
    ax.set_xticks([], minor=True)
    stored = [ax.plot([], [], color=GREY, linestyle="-", linewidth=1)[0] for _ in range(3)]
    (live,) = ax.plot([], [], "o", color=BLUE)
    (theory,) = ax.plot([], [], color=VERMILLION, linestyle="--", linewidth=1)

    def show_stored(activation: str, depth: int) -> None:
        scores = np.array(result[activation]["accuracy"][depths.index(depth)])
        for line, seed in zip(stored, scores.T, strict=True):
            line.set_data(gains, seed)
        theory.set_data([THEORY[activation]] * 2, [0, 100])

    def start(activation: str, depth: int) -> Generator[Progress]:
        show_stored(activation, depth)
        done = []
        for gain in gains:
            best = 0.0
            for k, lr in enumerate(rates):
                for report in train_with_gain(mnist.train, activation, depth, gain, lr, seed=0):
                    begun = (k + report.step / 400) / len(rates)
                    yield Progress(len(done) + begun, done)
                with np.errstate(all="ignore"):
                    digits = predict(report.params, X, activation)
                best = max(best, 100 * accuracy(y, digits))
            done = [*done, best]
        yield Progress(len(done), done)

    def draw(progress: list[Progress]) -> str:
        done = progress[-1].accuracies if progress else []
        live.set_data(gains[: len(done)], done)
        if not progress:
            show_stored(**{name: control.value for name, control in controls.items()})
            return "Grey: the three seeds stored. Start computes seed 0 anew."
        if not done:
            return "The first gain is being tried at four rates."
        best = int(np.argmax(done))
        return (
            f"{len(done)} of {len(gains)} gains: the best so far reached {done[best]:.1f} %, "
            f"g = {gains[best]:.2f}."
        )

    controls = _activation_and_depth(depths, affordable(10, 2))
    return LiveLab(Picture(fig, [*stored, theory, live]), start, draw, controls, len(gains))


def _activation_and_depth(depths: list[int], chosen: int) -> dict[str, widgets.Widget]:
    return {
        "activation": choice("activation", list(THEORY), "What each hidden unit makes of its z"),
        "depth": widgets.SelectionSlider(
            value=chosen,
            options=depths,
            description="hidden layers",
            tooltip="Layers of 100 units",
            **WIDE,
        ),
    }


def _column(gains: list[float], gain: float) -> float:
    """Return where a gain lies among the map's columns, which are spaced evenly in log g."""
    return math.log(gain / gains[0]) / math.log(gains[1] / gains[0])
