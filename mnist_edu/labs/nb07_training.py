"""Notebook 07: train a deep network from a start that the student chooses."""

from collections.abc import Generator
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from mnist_edu.data import Mnist
from mnist_edu.initializers import INITIALIZERS
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.topics.signal_propagation import gain_params
from mnist_edu.training import train
from mnist_edu.widgets.controls import (
    STYLED,
    WIDE,
    affordable,
    choice,
    float_slider,
    int_slider,
    set_decades,
)
from mnist_edu.widgets.explorer import Picture
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


@STYLED
def initialization_lab(mnist: Mnist) -> LiveLab:
    """Train a network of any depth and gain before the student's eyes, 1 000 steps.

    It learns from 3 200 images. Keep leaves a run's curves in the picture, beside the next one's.

    Parameters
    ----------
    mnist : Mnist
    """
    X, y = mnist.train.images[:3200], mnist.train.labels[:3200]
    validation = mnist.validation.first(affordable(500, 100))
    sample = mnist.train.first(affordable(200, 50))

    fig = Figure(figsize=(9.5, 3.6))
    loss_axes, accuracy_axes, std_axes = fig.subplots(1, 3)
    draw_guessing(loss_axes)
    loss_axes.set(xlim=(0, EPOCHS), ylim=(0, TOP), xlabel="epoch", title="mean loss (nats)")
    accuracy_axes.set(xlim=(0, EPOCHS), ylim=(0, 100), xlabel="epoch")
    accuracy_axes.set_title("validation accuracy (%)")
    std_axes.set(yscale="log", xlabel="layer", title="std of z")
    set_decades(std_axes, 10)
    (at_start,) = std_axes.plot([], [], color=GREY, linestyle=":", label="at the start")
    (at_present,) = std_axes.plot([], [], color=BLUE, label="now")
    std_axes.legend(loc="upper left", fontsize=8)
    plots = (loss_axes, accuracy_axes)
    curves = [ax.plot([], [], color=BLUE)[0] for ax in plots]
    (beyond,) = loss_axes.plot([], [], "^", color=BLUE, markersize=5)
    slots = []
    for k, (color, style) in enumerate(((VERMILLION, "--"), (GREEN, "-."), (PURPLE, ":"))):
        lines = [ax.plot([], [], color=color, linestyle=style)[0] for ax in plots]
        name = loss_axes.text(
            0.98, 0.98 - 0.06 * k, "", color=color, fontsize=7.5, ha="right", va="top",
            transform=loss_axes.transAxes,
        )  # fmt: skip
        slots.append((lines, name))

    def start(
        depth: int, gain: float, activation: str, lr: float, scheme: str, seed: int
    ) -> Generator[Frame]:
        rng = np.random.default_rng(seed)
        sizes = [784, *[WIDTH] * depth, 10]
        if scheme == "gain g":
            params = gain_params(sizes, rng, gain, np.float32)
        else:
            params = init_params(sizes, rng, scheme, np.float32)
        loss, stds = _look(params, *sample, activation)
        yield Frame(0, loss, None, stds, "")
        for report in train(
            params,
            X,
            y,
            rng=rng,
            lr=lr,
            batch_size=32,
            epochs=EPOCHS,
            report_every=5,
            activation=activation,
            validation=validation,
        ):
            _, stds = _look(report.params, *sample, activation)
            yield Frame(report.epoch, report.loss, report.accuracy, stds, report.note)

    def draw(frames: list[Frame]) -> str:
        epoch = np.array([frame.epoch for frame in frames])
        loss = np.array([frame.loss for frame in frames])
        outside = ~(loss <= TOP)
        curves[0].set_data(epoch, loss)
        curves[1].set_data(epoch[1:], [100 * frame.accuracy for frame in frames[1:]])
        beyond.set_data(epoch[outside], np.full(outside.sum(), 0.98 * TOP))
        for line, frame in ((at_start, frames[:1]), (at_present, frames[-1:])):
            stds = frame[0].stds if frame else []
            line.set_data(np.arange(1, len(stds) + 1), stds)
        if not frames:
            return "Choose, predict, press Start."
        last = frames[-1]
        set_decades(std_axes, len(last.stds))
        text = f"Epoch {last.epoch:.1f} of {EPOCHS}: loss {last.loss:.4g}"
        if recent := [f.accuracy for f in frames[1:] if f.epoch > last.epoch - 1]:
            text += f", validation accuracy {100 * np.mean(recent):.1f} % (mean of an epoch)"
        text += "."
        if outside.any():
            text += f" A triangle marks a loss above {TOP:g}."
        return f"{text} {last.note}" if last.note else text

    def keep(depth: int, gain: float, activation: str, lr: float, scheme: str, seed: int) -> None:
        if len(curves[0].get_xdata()) == 0:
            return
        slots.append(slots.pop(0))  # the oldest makes room
        lines, name = slots[-1]
        for line, curve in zip(lines, curves, strict=True):
            line.set_data(curve.get_data())
        weights = f"g {gain:.2f}" if scheme == "gain g" else scheme
        name.set_text(f"{activation}, {depth} layers, {weights}, rate {lr:g}, seed {seed}")

    controls = {
        "depth": int_slider("hidden layers", affordable(10, 5), 1, 50, "Layers of 100 units"),
        "gain": float_slider("gain g", 1.0, 0, 3, 0.01, "The weights' std is g / sqrt(n_in)"),
        "activation": choice(
            "activation",
            ["relu", "leaky_relu", "tanh", "sigmoid", "gelu"],
            "What each hidden unit makes of its z",
        ),
        "lr": widgets.SelectionSlider(
            value=0.03,
            options=[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
            description="learning rate",
            tooltip="How far each step goes against the gradient",
            **WIDE,
        ),
    }
    more = {
        "scheme": choice(
            "weights",
            ["gain g", *INITIALIZERS],
            "Drawn with the gain above, or by a scheme with a name",
        ),
        "seed": int_slider("seed", 0, 0, 20, "Stays, whatever you start, until you move it"),
    }
    actions = {widgets.Button(description="Keep", tooltip="Leave this run in the picture"): keep}
    kept = [artist for lines, name in slots for artist in (*lines, name)]
    artists = [*kept, *curves, beyond, at_start, at_present]
    return LiveLab(Picture(fig, artists), start, draw, controls, EPOCHS, more, actions)


def _look(
    params: list[Layer], X: np.ndarray, y: np.ndarray, activation: str
) -> tuple[float, list[float]]:
    """Return the loss on X and the std of z in each hidden layer."""
    with np.errstate(all="ignore"):
        logits, cache = forward(params, X, activation)
        return cross_entropy(logits, y), [float(z.std()) for z in cache.z[:-1]]
