"""Notebook 08: 784-width-10 trains before your eyes."""

from collections.abc import Generator

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.network import init_params
from mnist_edu.training import Report, momentum, train
from mnist_edu.widgets.controls import STYLED, WIDE, affordable
from mnist_edu.widgets.explorer import Picture
from mnist_edu.widgets.live_lab import LiveLab
from mnist_edu.widgets.plots import BLUE, GREY, draw_guessing


@STYLED
def training_lab(train_split: Split, validation_split: Split, epochs: int = 3) -> LiveLab:
    """Train 784-width-10 on 10 000 images before the student's eyes.

    Each run starts from the same seed, so that two runs differ by what was moved alone; the run
    before stays, in grey; at first that is a run with the settings as they stand.

    Parameters
    ----------
    train_split, validation_split : Split
        The first 10 000 and 1 000 images are used (in a browser's kernel 10 000 and 200).
    epochs : int
    """
    X, y = train_split.images[:10_000], train_split.labels[:10_000]
    validation = validation_split.first(affordable(1000, 200))

    fig = Figure()
    loss_axes, accuracy_axes = fig.subplots(1, 2)
    draw_guessing(loss_axes)
    loss_axes.set(xlim=(0, epochs), ylim=(0.01, 100), yscale="log")
    loss_axes.yaxis.set_major_formatter("{x:g}")
    loss_axes.set(xlabel="epoch", ylabel="mean loss (nats)")
    accuracy_axes.set(xlim=(0, epochs), ylim=(0, 100))
    accuracy_axes.set(xlabel="epoch", ylabel="validation accuracy (%)")
    before = [ax.plot([], [], color=GREY, linestyle="--")[0] for ax in fig.axes]
    now = [ax.plot([], [], color=BLUE)[0] for ax in fig.axes]

    def keep() -> None:
        for old, new in zip(before, now, strict=True):
            if len(new.get_xdata()):
                old.set_data(new.get_data())

    def start(lr: float, batch_size: int, width: int, beta: float = 0) -> Generator[Report]:
        keep()
        rng = np.random.default_rng(0)
        params = init_params([784, width, 10], rng, dtype=np.float32)
        reports = train(
            params,
            X,
            y,
            rng=rng,
            lr=lr,
            batch_size=batch_size,
            epochs=epochs,
            report_every=min(1000 // batch_size, 100),
            optimizer=lambda *step: momentum(*step, beta),
            validation=validation,
        )
        for report in reports:
            yield report._replace(params=[])

    def draw(reports: list[Report]) -> str:
        if not reports:
            keep()
        epoch = [report.epoch for report in reports]
        now[0].set_data(epoch, [report.loss for report in reports])
        now[1].set_data(epoch, [100 * report.accuracy for report in reports])
        if not reports:
            return "In grey: the run before. Choose, predict, press Start."
        last = reports[-1]
        text = (
            f"Epoch {last.epoch:.1f} of {epochs}: loss {last.loss:.3f}, "
            f"validation accuracy {100 * last.accuracy:.1f} %."
        )
        return f"{text} {last.note}" if last.note else text

    controls = {
        "lr": widgets.FloatLogSlider(
            value=0.1,
            min=-4,
            max=1,
            step=0.25,
            readout_format=".2g",
            description="learning rate",
            tooltip="How far each step goes against the gradient",
            **WIDE,
        ),
        "batch_size": widgets.SelectionSlider(
            value=64,
            options=[1, 4, 16, 64, 256, 1000],
            description="batch size",
            tooltip="Images in a minibatch",
            **WIDE,
        ),
        "width": widgets.SelectionSlider(
            value=affordable(128, 32),
            options=[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
            description="hidden width",
            tooltip="Units in the hidden layer",
            **WIDE,
        ),
        "beta": widgets.SelectionSlider(
            value=0,
            options=[0, 0.5, 0.8, 0.9, 0.95],
            description="momentum β",
            tooltip="How much of the velocity is kept; 0: plain descent",
            **WIDE,
        ),
    }
    draw(list(start(**{name: control.value for name, control in controls.items()})))
    return LiveLab(Picture(fig, [*before, *now]), start, draw, controls, epochs)
