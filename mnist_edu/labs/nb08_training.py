"""Notebook 08: 784-width-10 trains before your eyes."""

from collections.abc import Generator
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.network import init_params
from mnist_edu.training import Report, momentum, train
from mnist_edu.widgets.controls import STYLED, affordable, log_slider, selection_slider
from mnist_edu.widgets.live_lab import LiveLab
from mnist_edu.widgets.plots import BLUE, GREY, draw_guessing


class Training:
    """The picture of training_lab: the run that trains, and in grey the one before."""

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
        self.before = [ax.plot([], [], color=GREY, linestyle="--")[0] for ax in fig.axes]
        self.now = [ax.plot([], [], color=BLUE)[0] for ax in fig.axes]
        self.figure, self.moving = fig, [*self.before, *self.now]

    def keep(self) -> None:
        """Let the run drawn, if there is one, be the one before."""
        for old, new in zip(self.before, self.now, strict=True):
            if np.size(new.get_xdata()):
                old.set_data(*new.get_data())

    def start(self, lr: float, batch_size: int, width: int, beta: float = 0) -> Generator[Report]:
        """Train from the same seed, whatever the settings."""
        self.keep()
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
            return "In grey: the run before. Choose, predict, press Start."
        last = reports[-1]
        text = (
            f"Epoch {last.epoch:.1f} of {self.epochs}: loss {last.loss:.3f}, "
            f"validation accuracy {100 * (last.accuracy or 0):.1f} %."
        )
        return f"{text} {last.note}" if last.note else text


@STYLED
def training_lab(train_split: Split, validation_split: Split, epochs: int = 3) -> LiveLab[Report]:
    """Train 784-width-10 on 10 000 images before the student's eyes.

    Each run starts from the same seed, so that two runs differ by what was moved alone; the run
    before stays, in grey; at first that is a run with the settings as they stand.

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
    lab.draw(list(lab.start(**{name: control.value for name, control in controls.items()})))
    return LiveLab(
        lab.figure,
        lab.moving,
        lab.start,
        lab.draw,
        controls,
        done=lambda report: report.epoch / epochs,
    )
