"""Notebook 08: 784-width-10 trains before your eyes."""

from collections.abc import Generator
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.network import init_params
from mnist_edu.stored_results import load_result
from mnist_edu.training import Report, momentum, train
from mnist_edu.widgets.comparison import Comparison
from mnist_edu.widgets.controls import STYLED, affordable, log_slider, selection_slider
from mnist_edu.widgets.live_lab import LiveLab
from mnist_edu.widgets.plots import BLUE, draw_guessing


class Training:
    """The picture of training_lab: the run that trains, and those before; first a stored one."""

    def __init__(self, train_split: Split, validation_split: Split, epochs: int):
        self.X, self.y = train_split.images[:10_000], train_split.labels[:10_000]
        self.validation = validation_split.first(affordable(1000, 200))
        self.epochs = epochs
        fig = Figure()
        loss_axes, accuracy_axes = fig.subplots(1, 2)
        draw_guessing(loss_axes)
        loss_axes.set(xlim=(0, epochs), ylim=(0.01, 100), yscale="log")
        loss_axes.yaxis.set_major_formatter("{x:g}")
        loss_axes.set(xlabel="epoch", ylabel="mean loss (nats)")
        accuracy_axes.set(xlim=(0, epochs), ylim=(0, 100))
        accuracy_axes.set(xlabel="epoch", ylabel="validation accuracy (%)")
        self.now = [ax.plot([], [], color=BLUE)[0] for ax in fig.axes]
        self.comparison = Comparison(fig.axes, self.now)
        self.words: list[str] = []
        self.end = ""
        self.figure, self.moving = fig, [*self.now]

    def show_stored(self, run: dict) -> None:
        """Draw a stored run, as the first to compare with."""
        shown = sum(epoch <= self.epochs for epoch in run["epoch"])
        epoch, loss, accuracy = (run[name][:shown] for name in ("epoch", "loss", "accuracy"))
        curves = [(epoch, loss), (epoch, 100 * np.array(accuracy))]
        words = _words(**run["settings"])
        self.comparison.keep_stored(words, _standing(loss[-1], accuracy[-1]), curves)

    def keep(self) -> None:
        """Keep the run drawn, if it came at least to its middle, beside the next."""
        epochs = np.asarray(self.now[0].get_xdata())
        if len(epochs) and epochs[-1] >= self.epochs / 2:
            self.comparison.keep(self.words, self.end)

    def start(self, lr: float, batch_size: int, width: int, beta: float = 0) -> Generator[Report]:
        """Train from the same seed, whatever the settings."""
        self.keep()
        self.words = _words(lr, batch_size, width, beta)
        rng = np.random.default_rng(0)
        params = init_params([784, width, 10], rng, dtype=np.float32)
        yield from train(
            params,
            self.X,
            self.y,
            rng=rng,
            lr=lr,
            batch_size=batch_size,
            epochs=self.epochs,
            report_every=min(1000 // batch_size, 100),
            optimizer=partial(momentum, beta=beta),
            validation=self.validation,
            keep_params=False,
        )

    def draw(self, reports: list[Report]) -> str:
        """Draw a run's loss and accuracy."""
        if not reports:
            self.keep()
        epoch = [report.epoch for report in reports]
        self.now[0].set_data(epoch, [report.loss for report in reports])
        self.now[1].set_data(epoch, 100 * np.array([report.accuracy for report in reports], float))
        if not reports:
            return f"Choose, predict, press Start.{self.comparison.draw(None)}"
        last = reports[-1]
        self.end = _standing(last.loss, last.accuracy or 0)
        text = f"Epoch {last.epoch:.1f} of {self.epochs}: {self.end}."
        note = f" {last.note}" if last.note else ""
        return f"{text}{note}{self.comparison.draw(self.words)}"


@STYLED
def training_lab(train_split: Split, validation_split: Split, epochs: int = 3) -> LiveLab[Report]:
    """Train 784-width-10 on 10 000 images before the student's eyes.

    Each run starts from the same seed, so that two runs differ by what was moved alone. The runs
    before stay, four at most; at first that is a stored run with the settings as they stand.

    Parameters
    ----------
    train_split, validation_split : Split
        The first 10 000 and 1 000 images are used (in a browser's kernel 10 000 and 200).
    epochs : int
    """
    controls = {
        "lr": log_slider(
            "learning rate", 0.1, -4, 1, 0.25, "How far each step goes against the gradient"
        ),
        "batch_size": selection_slider(
            "batch size", 64, [1, 4, 16, 64, 256, 1000], "Images in a minibatch"
        ),
        "width": selection_slider(
            "hidden width",
            affordable(128, 32),
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
            "Units in the hidden layer",
        ),
        "beta": selection_slider(
            "momentum β",
            0,
            [0, 0.5, 0.8, 0.9, 0.95],
            "How much of the velocity is kept; 0: plain descent",
        ),
    }
    lab = Training(train_split, validation_split, epochs)
    lab.show_stored(load_result("lab_runs")["training"])
    return LiveLab(
        lab.figure,
        lab.moving,
        lab.start,
        lab.draw,
        controls,
        done=lambda report: report.epoch / epochs,
    )


def _words(lr: float, batch_size: int, width: int, beta: float) -> list[str]:
    """Return the settings of a run in words."""
    words = [f"learning rate {lr:.2g}", f"batch size {batch_size}", f"hidden width {width}"]
    return [*words, f"momentum β {beta:g}"]


def _standing(loss: float, accuracy: float) -> str:
    return f"loss {loss:.3f}, validation accuracy {100 * accuracy:.1f} %"
