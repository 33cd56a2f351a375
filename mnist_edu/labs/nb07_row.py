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
from mnist_edu.widgets.live_lab import LiveLab
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION


class Progress(NamedTuple):
    """How far a row is: the gains tried, with a fraction for the next, and what they reached."""

    gains_tried: float
    accuracies: list[float]


class MapRow:
    """The picture of map_row_lab, and how a row is computed."""

    def __init__(self, mnist: Mnist):
        self.train = mnist.train
        self.X, self.y = mnist.validation.images[:1000], mnist.validation.labels[:1000]
        self.stored = load_result("initialization_map")
        self.depths, self.gains = self.stored["depths"], self.stored["gains"]
        fig = Figure()
        ax = fig.subplots()
        ax.set(xlim=(self.gains[0] / 1.05, self.gains[-1] * 1.05), ylim=(0, 100), xscale="log")
        ax.set(xlabel="gain g", ylabel="validation accuracy (%)")
        ax.set_xticks(self.gains[::2], [f"{gain:.2f}" for gain in self.gains[::2]], minor=False)
        ax.set_xticks([], minor=True)
        self.seeds = [ax.plot([], [], color=GREY, linestyle="-", linewidth=1)[0] for _ in range(3)]
        (self.live,) = ax.plot([], [], "o", color=BLUE)
        (self.theory,) = ax.plot([], [], color=VERMILLION, linestyle="--", linewidth=1)
        for line, name in (
            (self.seeds[0], "stored: three seeds"),
            (self.live, "computed here: seed 0"),
            (self.theory, "critical gain"),
        ):
            line.set_label(name)
        fig.legend(loc="outside upper center", ncols=3, fontsize=8)
        self.figure, self.moving = fig, [*self.seeds, self.theory, self.live]
        self.controls = activation_and_depth(self.depths, affordable(10, 2))

    def show_stored(self) -> str:
        """Draw the stored row that the controls stand at, and say which it is."""
        activation, depth = self.controls["activation"].value, self.controls["depth"].value
        scores = np.array(self.stored[activation]["accuracy"][self.depths.index(depth)])
        for line, seed in zip(self.seeds, scores.T, strict=True):
            line.set_data(self.gains, seed)
        self.theory.set_data([THEORY[activation]] * 2, [0, 100])
        return f"{activation}, {depth} hidden layers, three seeds at the best of four rates"

    def start(self, activation: str, depth: int) -> Generator[Progress]:
        """Try every gain at every rate, with seed 0, keeping the best rate."""
        done: list[float] = []
        for gain in self.gains:
            best, rates = 0.0, self.stored["rates"]
            for k, lr in enumerate(rates):
                for report in train_with_gain(self.train, activation, depth, gain, lr, seed=0):
                    yield Progress(len(done) + (k + report.step / 400) / len(rates), done)
                with np.errstate(all="ignore"):
                    digits = predict(report.params, self.X, activation)
                best = max(best, 100 * accuracy(self.y, digits))
            done = [*done, best]
        yield Progress(len(done), done)

    def draw(self, progress: list[Progress]) -> str:
        """Draw what has been reached, over what is stored."""
        stored = self.show_stored()
        done = progress[-1].accuracies if progress else []
        self.live.set_data(self.gains[: len(done)], done)
        if not progress:
            return f"Stored, in grey: {stored}. Start computes seed 0 anew."
        if not done:
            return "The first gain is being tried at four rates."
        best = int(np.argmax(done))
        return (
            f"{len(done)} of {len(self.gains)} gains: the best so far reached {done[best]:.1f} %, "
            f"g = {self.gains[best]:.2f}."
        )

    def done(self, progress: Progress) -> float:
        """Return the fraction of the row that is computed."""
        return progress.gains_tried / len(self.gains)


@STYLED
def map_row_lab(mnist: Mnist) -> LiveLab[Progress]:
    """Compute a row of the map anew: every gain at every rate, one seed, keeping the best rate.

    Parameters
    ----------
    mnist : Mnist
    """
    row = MapRow(mnist)
    return LiveLab(row.figure, row.moving, row.start, row.draw, row.controls, row.done)
