"""The explorers and live labs of the notebooks, each made by one function."""

from collections.abc import Generator

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Split
from mnist_edu.explorer import Explorer, LiveLab, Picture
from mnist_edu.network import init_params
from mnist_edu.plots import BLUE, GREY, VERMILLION, draw_guessing, draw_image
from mnist_edu.training import Report, train

STYLED = plt.style.context("mnist_edu.style")
WIDE = {
    "style": {"description_width": "8em"},
    "layout": widgets.Layout(width="32em"),
}


@STYLED
def self_test() -> Explorer:
    """Move a dot by a slider, to see whether live figures work here (notebook 00)."""
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

    controls = {"place": _slider("move me", 0, 0, 10, "The dot should follow")}
    return Explorer(Picture(fig, [dot]), update, controls)


@STYLED
def nearest_mean_explorer(means: np.ndarray, split: Split) -> Explorer:
    """Compare images with the mean image of each digit (notebook 00).

    Parameters
    ----------
    means : float array of shape (10, 784), in [0, 1]
    split : Split
        The first 500 images can be chosen.
    """
    X, y = split.first(500, dtype=np.float64)
    distances = np.linalg.norm(X[:, np.newaxis] - means, axis=2)

    fig = Figure()
    left, right = fig.subplots(1, 2, width_ratios=[1, 2])
    draw_image(left, X[0])
    (picture,) = left.images
    bars = right.bar(range(10), np.zeros(10))
    right.set(xticks=range(10), ylim=(0, 14), xlabel="digit", ylabel="distance to its mean image")

    def update(image: int) -> str:
        picture.set_data(X[image].reshape(28, 28))
        nearest = int(distances[image].argmin())
        for digit, bar in enumerate(bars):
            bar.set(height=distances[image, digit], color=VERMILLION if digit == nearest else BLUE)
        verdict = "right" if nearest == y[image] else "wrong"
        return (
            f"Image {image} is labelled {y[image]}. The nearest mean image is that of {nearest}, "
            f"at distance {distances[image, nearest]:.2f}: {verdict}."
        )

    controls = {"image": _slider("image", 0, 0, 499, "Which validation image to compare")}
    return Explorer(Picture(fig, [picture, *bars]), update, controls)


@STYLED
def training_lab(train_split: Split, validation_split: Split, epochs: int = 3) -> LiveLab:
    """Train 784-width-10 on 10 000 images before the student's eyes (notebook 08).

    Each run starts from the same seed, so that two runs differ by what was moved alone; the run
    before stays, in grey.

    Parameters
    ----------
    train_split, validation_split : Split
        The first 10 000 and 1 000 images are used.
    epochs : int
    """
    X, y = train_split.images[:10_000], train_split.labels[:10_000]
    validation = validation_split.first(1000)

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

    def start(lr: float, batch_size: int, width: int) -> Generator[Report]:
        for old, new in zip(before, now, strict=True):
            if len(new.get_xdata()):
                old.set_data(new.get_data())
        rng = np.random.default_rng(0)
        params = init_params([784, width, 10], rng, dtype=np.float32)
        options = {"lr": lr, "batch_size": batch_size, "epochs": epochs}
        reports = train(
            params, X, y, rng=rng, report_every=1000 // batch_size, validation=validation, **options
        )
        for report in reports:
            yield report._replace(params=[])

    def draw(reports: list[Report]) -> str:
        epoch = [report.epoch for report in reports]
        now[0].set_data(epoch, [report.loss for report in reports])
        now[1].set_data(epoch, [100 * report.accuracy for report in reports])
        if not reports:
            return "Choose, predict, press Start."
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
            value=128,
            options=[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
            description="hidden width",
            tooltip="Units in the hidden layer",
            **WIDE,
        ),
    }
    return LiveLab(Picture(fig, [*before, *now]), start, draw, controls, epochs)


def _slider(
    description: str, value: int, smallest: int, largest: int, tooltip: str
) -> widgets.IntSlider:
    return widgets.IntSlider(
        value=value,
        min=smallest,
        max=largest,
        description=description,
        tooltip=tooltip,
        **WIDE,
    )
