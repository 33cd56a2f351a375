"""Notebook 07: train a deep network from a start that the student chooses."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from mnist_edu.data import Mnist
from mnist_edu.initializers import INITIALIZERS
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.topics.signal_propagation import gain_params
from mnist_edu.training import train
from mnist_edu.widgets.controls import (
    STYLED,
    affordable,
    button,
    choice,
    float_slider,
    int_slider,
    selection_slider,
    set_decades,
)
from mnist_edu.widgets.live_lab import LiveLab
from mnist_edu.widgets.plots import BLUE, GREEN, GREY, PURPLE, VERMILLION, draw_guessing

WIDTH, EPOCHS = 100, 10
TOP = 4.0  # of the losses drawn


class Frame(NamedTuple):
    """A moment of a run: its loss and accuracy, and the std of z in each hidden layer."""

    epoch: float
    loss: float
    accuracy: float | None
    stds: list[float]
    note: str


class InitializationLab:
    """The picture of initialization_lab: the run that trains, and those that were kept."""

    def __init__(self, mnist: Mnist):
        self.X, self.y = mnist.train.images[:3200], mnist.train.labels[:3200]
        self.validation = mnist.validation.first(affordable(500, 100))
        self.sample = mnist.train.first(affordable(200, 50))
        fig = Figure(figsize=(9.5, 3.6))
        self.loss_axes, accuracy_axes, self.std_axes = fig.subplots(1, 3)
        draw_guessing(self.loss_axes)
        self.loss_axes.set(xlim=(0, EPOCHS), ylim=(0, TOP), xlabel="epoch")
        self.loss_axes.set_title("mean loss (nats)")
        accuracy_axes.set(xlim=(0, EPOCHS), ylim=(0, 100), xlabel="epoch")
        accuracy_axes.set_title("validation accuracy (%)")
        self.std_axes.set(yscale="log", xlabel="layer", title="std of z")
        set_decades(self.std_axes, 10)
        (self.at_start,) = self.std_axes.plot(
            [], [], color=GREY, linestyle=":", label="at the start"
        )
        (self.at_present,) = self.std_axes.plot([], [], color=BLUE, label="now")
        self.std_axes.legend(loc="upper left", fontsize=8)
        plots = (self.loss_axes, accuracy_axes)
        self.curves = [ax.plot([], [], color=BLUE)[0] for ax in plots]
        (self.beyond,) = self.loss_axes.plot([], [], "^", color=BLUE, markersize=5)
        self.kept = [
            self._empty_slot(plots, 0.98 - 0.06 * k, color, style)
            for k, (color, style) in enumerate(((VERMILLION, "--"), (GREEN, "-."), (PURPLE, ":")))
        ]
        kept = [artist for lines, name in self.kept for artist in (*lines, name)]
        moving = [*kept, *self.curves, self.beyond, self.at_start, self.at_present]
        self.figure, self.moving = fig, moving

    def _empty_slot(
        self, plots: Sequence[Axes], y: float, color: str, style: str
    ) -> tuple[list[Line2D], Text]:
        """Return the lines and the name of a run that may be kept."""
        lines = [ax.plot([], [], color=color, linestyle=style)[0] for ax in plots]
        place = {"transform": self.loss_axes.transAxes, "ha": "right", "va": "top"}
        return lines, self.loss_axes.text(0.98, y, "", color=color, fontsize=7.5, **place)

    def start(
        self, depth: int, gain: float, activation: str, lr: float, scheme: str, seed: int
    ) -> Generator[Frame]:
        """Train, with a frame before the first step and one every five steps."""
        rng = np.random.default_rng(seed)
        sizes = [784, *[WIDTH] * depth, 10]
        if scheme == "gain g":
            params = gain_params(sizes, rng, gain, np.float32)
        else:
            params = init_params(sizes, rng, scheme, np.float32)
        loss, stds = _look(params, *self.sample, activation)
        yield Frame(0, loss, None, stds, "")
        for report in train(
            params,
            self.X,
            self.y,
            rng=rng,
            lr=lr,
            batch_size=32,
            epochs=EPOCHS,
            report_every=5,
            activation=activation,
            validation=self.validation,
        ):
            _, stds = _look(report.params, *self.sample, activation)
            yield Frame(report.epoch, report.loss, report.accuracy, stds, report.note)

    def draw(self, frames: list[Frame]) -> str:
        """Draw a run's loss, accuracy and signals."""
        epoch = np.array([frame.epoch for frame in frames])
        loss = np.array([frame.loss for frame in frames])
        outside = ~(loss <= TOP)
        self.curves[0].set_data(epoch, loss)
        self.curves[1].set_data(
            epoch[1:], 100 * np.array([frame.accuracy for frame in frames[1:]], float)
        )
        self.beyond.set_data(epoch[outside], np.full(outside.sum(), 0.98 * TOP))
        for line, frame in ((self.at_start, frames[:1]), (self.at_present, frames[-1:])):
            stds = frame[0].stds if frame else []
            line.set_data(np.arange(1, len(stds) + 1), stds)
        if not frames:
            return "Choose, predict, press Start."
        set_decades(self.std_axes, len(frames[-1].stds))
        return (
            _describe(frames)
            + (f" A triangle marks a loss above {TOP:g}." if outside.any() else "")
            + (f" {frames[-1].note}" if frames[-1].note else "")
        )

    def keep(
        self, depth: int, gain: float, activation: str, lr: float, scheme: str, seed: int
    ) -> None:
        """Leave the run drawn, if there is one, in the picture; the oldest makes room."""
        if not np.size(self.curves[0].get_xdata()):
            return
        self.kept.append(self.kept.pop(0))
        lines, name = self.kept[-1]
        for line, curve in zip(lines, self.curves, strict=True):
            line.set_data(*curve.get_data())
        weights = f"g {gain:.2f}" if scheme == "gain g" else scheme
        name.set_text(f"{activation}, {depth} layers, {weights}, rate {lr:g}, seed {seed}")


@STYLED
def initialization_lab(mnist: Mnist) -> LiveLab[Frame]:
    """Train a network of any depth and gain before the student's eyes, 1 000 steps.

    It learns from 3 200 images. Keep leaves a run's curves in the picture, beside the next one's.

    Parameters
    ----------
    mnist : Mnist
    """
    controls = {
        "depth": int_slider("hidden layers", affordable(10, 5), 1, 50, "Layers of 100 units"),
        "gain": float_slider("gain g", 1.0, 0, 3, 0.01, "The weights' std is g / sqrt(n_in)"),
        "activation": choice(
            "activation",
            ["relu", "leaky_relu", "tanh", "sigmoid", "gelu"],
            "What each hidden unit makes of its z",
        ),
        "lr": selection_slider(
            "learning rate",
            0.03,
            [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
            "How far each step goes against the gradient",
        ),
        "scheme": choice(
            "weights",
            ["gain g", *INITIALIZERS],
            "Drawn with the gain above, or by a scheme with a name",
        ),
        "seed": int_slider("seed", 0, 0, 20, "Stays, whatever you start, until you move it"),
    }
    lab = InitializationLab(mnist)
    return LiveLab(
        lab.figure,
        lab.moving,
        lab.start,
        lab.draw,
        controls,
        done=lambda frame: frame.epoch / EPOCHS,
        actions={button("Keep", "Leave this run in the picture"): lab.keep},
    )


def _describe(frames: list[Frame]) -> str:
    """Say where a run stands."""
    last = frames[-1]
    text = f"Epoch {last.epoch:.1f} of {EPOCHS}: loss {last.loss:.4g}"
    if recent := [f.accuracy for f in frames[1:] if f.epoch > last.epoch - 1]:
        mean = np.mean(np.array(recent, float))
        text += f", validation accuracy {100 * mean:.1f} % (mean of an epoch)"
    return f"{text}."


def _look(
    params: list[Layer], X: np.ndarray, y: np.ndarray, activation: str
) -> tuple[float, list[float]]:
    """Return the loss on X and the std of z in each hidden layer."""
    with np.errstate(all="ignore"):
        logits, cache = forward(params, X, activation)
        return cross_entropy(logits, y), [float(z.std()) for z in cache.z[:-1]]
