"""Notebook 07: find by hand the gain at which a signal survives."""

import math
from collections.abc import Sequence

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from mnist_edu.network import forward
from mnist_edu.topics.signal_propagation import gain_params
from mnist_edu.widgets.controls import STYLED, WIDE, button, float_slider, int_slider, set_decades
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREEN, GREY, VERMILLION

WIDTH = 100  # units in every hidden layer


class Discovery:
    """The picture of discovery_lab, and what it computes.

    Parameters
    ----------
    X : float array of shape (N, 784)
    pairs : list
        Where `record` puts (g, ρ).
    """

    def __init__(self, X: np.ndarray, pairs: list[tuple[float, float]]):
        self.X, self.pairs = X, pairs
        fig = Figure(figsize=(9, 3.3))
        self.strips_axes, self.std_axes, pairs_axes = fig.subplots(1, 3)
        self.strips = PolyCollection([], facecolor=BLUE, edgecolor="none", alpha=0.8)
        self.strips_axes.add_collection(self.strips)
        self.strips_axes.set(ylim=(-3, 3), xlabel="layer", title="z of all units and digits")
        (self.line,) = self.std_axes.plot([], [], "o-", color=BLUE, markersize=3.5, linewidth=1)
        self.std_axes.set(yscale="log", xlabel="layer", title="std of z")
        set_decades(self.std_axes, 50)
        pairs_axes.axhline(1, color=GREY, linestyle=":", linewidth=1)
        pairs_axes.set(
            xlim=(0, 3.1), ylim=(0, 2.3), xlabel="gain g", title="ρ, the factor per layer"
        )
        (self.recorded,) = pairs_axes.plot([], [], "o", color=VERMILLION, markersize=5)
        (self.now,) = pairs_axes.plot([], [], "o", color=BLUE, markersize=8, fillstyle="none")
        self.theory = [
            pairs_axes.plot([0, 3.1], [0, 3.1 / math.sqrt(2)], "-", color=GREEN, linewidth=1)[0],
            pairs_axes.plot([math.sqrt(2)] * 2, [0, 1], "--", color=GREEN, linewidth=1)[0],
        ]
        artists = [self.strips, self.line, *self.theory, self.recorded, self.now]
        self.figure, self.moving = fig, artists

    def pre_activations(self, gain: float, depth: int, seed: int, locked: bool) -> list[np.ndarray]:
        """Return z of all images in every hidden layer of a fresh network."""
        place = [] if locked else [depth, round(100 * gain)]
        rng = np.random.default_rng([seed, *place])
        params = gain_params([784, *[WIDTH] * depth, 10], rng, gain)
        return forward(params, self.X)[1].z[:-1]

    def update(self, gain: float, depth: int, seed: int, locked: bool, prediction: float) -> str:
        """Draw a network's signals, and theory beside the pairs once there is a prediction."""
        z = self.pre_activations(gain, depth, seed, locked)
        stds = np.array([layer.std() for layer in z])
        rho = _factor(stds)
        self.strips.set_verts(_strips(z) if gain else [])
        self.strips_axes.set_xlim(1 - 0.06 * depth, 1.06 * depth)
        self.line.set_data(np.arange(1, depth + 1), stds)
        set_decades(self.std_axes, depth)
        self.recorded.set_data(np.array(self.pairs).reshape(-1, 2).T)
        self.now.set_data([gain], [rho])
        for artist in self.theory:
            artist.set_visible(prediction > 0)
        if gain == 0:
            text = f"g = 0: every weight is 0, so every z is 0 in all {depth} layers."
        else:
            text = (
                f"g = {gain:.2f}, {depth} layers: std of z {stds[0]:.2g} in layer 1, "
                f"{stds[-1]:.2g} in layer {depth}; a factor ρ = {rho:.3f} per layer."
            )
        if prediction > 0:
            text += (
                f" You predicted {prediction:.2f}; theory for very wide layers, in green, says "
                f"ρ = g/√2, so √2 = 1.414: {distance_in_words(prediction / math.sqrt(2) - 1)}."
            )
            if gain > 0:  # the biases are 0, so ρ is in proportion to g
                text += f" This network itself has ρ = 1 at g = {gain / rho:.2f}."
        return f"{text} Pairs recorded: {len(self.pairs)}."

    def record(self, gain: float, depth: int, seed: int, locked: bool, prediction: float) -> None:
        """Keep the pair of g and ρ, where there is a ρ."""
        if gain > 0:
            stds = [layer.std() for layer in self.pre_activations(gain, depth, seed, locked)]
            self.pairs.append((gain, _factor(np.array(stds))))


@STYLED
def discovery_lab(X: np.ndarray, pairs: list[tuple[float, float]]) -> Explorer:
    """Find the gain at which a signal neither fades nor grows, from layer to layer.

    Parameters
    ----------
    X : float array of shape (N, 784)
    pairs : list
        Where Record puts (g, ρ): the gain, and the factor of the std from layer to layer.
    """
    lab = Discovery(X, pairs)
    controls = {
        "gain": float_slider("gain g", 2.2, 0, 3, 0.01, "The weights' std is g / sqrt(n_in)"),
        "depth": int_slider("hidden layers", 10, 2, 50, "Layers of 100 ReLU units"),
        "seed": int_slider("seed", 0, 0, 29, "Which random numbers the weights are made of"),
        "locked": widgets.Checkbox(
            value=True,
            description="lock the seed",
            tooltip="Unlocked, each gain and depth draws random numbers of its own",
            **WIDE,
        ),
        "prediction": widgets.BoundedFloatText(
            value=0,
            min=0,
            max=3,
            step=0.01,
            description="my critical gain",
            tooltip="Your answer; the theory is drawn once you give one",
            continuous_update=False,
            style=WIDE["style"],
        ),
    }
    actions = {button("Record", "Keep this pair of g and ρ"): lab.record}
    return Explorer(lab.figure, lab.moving, lab.update, controls, actions=actions)


def _factor(stds: np.ndarray) -> float:
    """Return the factor of the std from layer to layer, in the geometric mean."""
    return (stds[-1] / stds[0]) ** (1 / (len(stds) - 1)) if stds[0] else math.nan


def _strips(z: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return a histogram of z as an upright, symmetric shape for up to 12 of the layers."""
    step = math.ceil(len(z) / 12)
    edges = np.linspace(-3, 3, 121)
    middles = (edges[1:] + edges[:-1]) / 2
    shapes = []
    for layer in range(0, len(z), step):
        some = z[layer][::5]  # a fifth of the digits is plenty for a shape, and quicker
        shares = np.histogram(some, edges)[0] / some.size
        widths = 0.45 * step * shares / max(shares.max(), 0.02)
        sides = [*(layer + 1 - widths), *(layer + 1 + widths)[::-1]]
        shapes.append(np.column_stack([sides, [*middles, *middles[::-1]]]))
    return shapes


def distance_in_words(error: float) -> str:
    """Say how far a prediction is off, given its relative error."""
    if abs(error) < 0.005:
        return "as near as you can tell"
    return f"you are {100 * abs(error):.0f} % {'above' if error > 0 else 'below'}"
