"""Notebook 07: train a deep network from a start that the student chooses."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Mnist
from mnist_edu.initializers import INITIALIZERS
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.stored_results import load_result
from mnist_edu.topics.signal_propagation import gain_params
from mnist_edu.training import train
from mnist_edu.widgets.comparison import Comparison
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
from mnist_edu.widgets.plots import BLUE, GREY, draw_guessing

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
        (self.stored_end,) = self.std_axes.plot([], [], color=GREY, linestyle="-")
        plots = (self.loss_axes, accuracy_axes)
        self.curves = [ax.plot([], [], color=BLUE)[0] for ax in plots]
        (self.beyond,) = self.loss_axes.plot([], [], "^", color=BLUE, markersize=5)
        self.comparison = Comparison(plots, self.curves)
        self.words: list[str] | None = None
        self.end = ""
        self.stored: list[list[float]] = []
        layers = [self.at_start, self.at_present, self.stored_end]
        self.figure = fig
        self.moving = [*self.curves, self.beyond, *layers]

    def show_stored(self, run: dict) -> None:
        """Draw a stored run, until another starts."""
        self.stored = run["stds"]
        accuracy = run["accuracy"][1:]
        end = _standing(run["loss"][-1], accuracy[-len(accuracy) // EPOCHS :])
        curves = [(run["epoch"], run["loss"]), (run["epoch"][1:], 100 * np.array(accuracy, float))]
        self.comparison.keep_stored(_words(**run["settings"]), end, curves)

    def drop_stored(self) -> None:
        """Take the stored run out of the picture."""
        if self.stored:
            self.stored = []
            self.comparison.drop(0)

    def start(
        self, depth: int, gain: float, activation: str, lr: float, scheme: str, seed: int
    ) -> Generator[Frame]:
        """Train, with a frame before the first step and one every five steps."""
        self.drop_stored()
        self.words = _words(depth, gain, activation, lr, scheme, seed)
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
        stored_start, stored_end = self.stored or ([], [])
        stds = (frames[0].stds, frames[-1].stds, []) if frames else (stored_start, [], stored_end)
        lines = (self.at_start, self.at_present, self.stored_end)
        for line, values in zip(lines, stds, strict=True):
            line.set_data(np.arange(1, len(values) + 1), values)
        if stds[0]:
            set_decades(self.std_axes, len(stds[0]))
        if not frames:
            return f"Choose, predict, press Start.{self.comparison.draw(None)}"
        recent = [f.accuracy for f in frames[1:] if f.epoch > frames[-1].epoch - 1]
        self.end = _standing(frames[-1].loss, recent)
        mean = " (mean of an epoch)" if recent else ""
        return (
            f"Epoch {frames[-1].epoch:.1f} of {EPOCHS}: {self.end}{mean}."
            + (f" A triangle marks a loss above {TOP:g}." if outside.any() else "")
            + (f" {frames[-1].note}" if frames[-1].note else "")
            + self.comparison.draw(self.words)
        )

    def keep(self, **settings: object) -> None:
        """Leave the run drawn, if there is one, in the picture; the oldest makes room."""
        if self.words is not None:
            self.comparison.keep(self.words, self.end)


@STYLED
def initialization_lab(mnist: Mnist) -> LiveLab[Frame]:
    """Train a network of any depth and gain before the student's eyes, 1 000 steps.

    It learns from 3 200 images. Keep leaves a run's curves in the picture, beside the next one's.
    A stored run shows what will be seen, until the first is started.

    Parameters
    ----------
    mnist : Mnist
    """
    controls = {
        "depth": int_slider("hidden layers", affordable(10, 5), 1, 50, "Layers of 100 units"),
        "gain": float_slider("gain g", 1.2, 0, 3, 0.01, "The weights' std is g / sqrt(n_in)"),
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
    lab.show_stored(load_result("lab_runs")["initialization"])
    return LiveLab(
        lab.figure,
        lab.moving,
        lab.start,
        lab.draw,
        controls,
        done=lambda frame: frame.epoch / EPOCHS,
        actions={button("Keep", "Leave this run in the picture"): lab.keep},
    )


def _words(
    depth: int, gain: float, activation: str, lr: float, scheme: str, seed: int
) -> list[str]:
    """Return the settings of a run in words."""
    weights = f"g {gain:.2f}" if scheme == "gain g" else scheme
    return [activation, f"hidden layers {depth}", weights, f"learning rate {lr:g}", f"seed {seed}"]


def _standing(loss: float, recent: Sequence[float | None]) -> str:
    """Say where a run stands, with the accuracies of its last epoch."""
    if not recent:
        return f"loss {loss:.4g}"
    accuracy = 100 * np.mean(np.array(recent, float))
    return f"loss {loss:.4g}, validation accuracy {accuracy:.1f} %"


def _look(
    params: list[Layer], X: np.ndarray, y: np.ndarray, activation: str
) -> tuple[float, list[float]]:
    """Return the loss on X and the std of z in each hidden layer."""
    with np.errstate(all="ignore"):
        logits, cache = forward(params, X, activation)
        return cross_entropy(logits, y), [float(z.std()) for z in cache.z[:-1]]
