"""Notebook 07: one row of the map, trained again."""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Mnist
from mnist_edu.labs.nb07_map import THEORY, activation_and_depth
from mnist_edu.metrics import accuracy
from mnist_edu.network import predict
from mnist_edu.stored_results import load_result
from mnist_edu.topics.signal_propagation import train_with_gain
from mnist_edu.widgets.controls import STYLED, affordable
from mnist_edu.widgets.explorer import Picture
from mnist_edu.widgets.live_lab import LiveLab
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION


class Progress(NamedTuple):
    """How far a row is: the gains begun (epoch), and what was reached at those that are done."""

    epoch: float
    accuracies: list[float]


@STYLED
def map_row_lab(mnist: Mnist) -> LiveLab:
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

    controls = activation_and_depth(depths, affordable(10, 2))
    return LiveLab(Picture(fig, [*stored, theory, live]), start, draw, controls, len(gains))
