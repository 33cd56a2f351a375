"""Notebook 07: any activation, what the signals do and what theory says."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from mnist_edu.activations import ACTIVATIONS, Activation, leaky_relu, leaky_relu_grad
from mnist_edu.labs.nb07_gain import WIDTH
from mnist_edu.topics.signal_propagation import gain_params, mean_field_signals, signals
from mnist_edu.widgets.controls import (
    STYLED,
    affordable,
    choice,
    float_slider,
    int_slider,
    set_decades,
)
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREEN, PURPLE, VERMILLION


@STYLED
def look_back_explorer(X: np.ndarray, y: np.ndarray, seeds: int = affordable(10, 5)) -> Explorer:
    """See signal, gradient, silent units and likeness of digits in every layer of fresh networks.

    Parameters
    ----------
    X : float array of shape (N, 784)
    y : integer array of shape (N,)
    seeds : int
        Networks measured at each setting; bands show their spread.
    """
    fig = Figure(figsize=(9.5, 3.8))
    forward_axes, backward_axes, share_axes = fig.subplots(1, 3)
    std_z = _Band(forward_axes, BLUE, "-", "std of z")
    expected_z = forward_axes.plot([], [], "k:", linewidth=1, label="expected")[0]
    std_dz = _Band(backward_axes, VERMILLION, "-", "∂L/∂z")
    size_dW = _Band(backward_axes, GREEN, "--", "∂L/∂W")
    expected_dz = backward_axes.plot([], [], "k:", linewidth=1, label="∂L/∂z expected")[0]
    silent = _Band(share_axes, PURPLE, "-", "silent units (%)")
    cosine = _Band(share_axes, "0.3", "--", "100 × cosine of two digits")
    forward_axes.set(yscale="log", xlabel="layer", title="forward: std of z")
    backward_axes.set(yscale="log", xlabel="layer", title="back, relative to the last layer")
    share_axes.set(ylim=(-3, 130), yticks=range(0, 101, 20), xlabel="layer", title="units, digits")
    forward_axes.legend(loc="upper left", fontsize=8)
    backward_axes.legend(loc="upper right", fontsize=8)
    share_axes.legend(loc="upper left", fontsize=8)
    bands = [std_z, std_dz, size_dW, silent, cosine]
    set_decades(forward_axes, 50)
    set_decades(backward_axes, 50)
    mean_square = float((X**2).mean())

    def update(activation: str, leak: float, gain: float, depth: int) -> str:
        f = _activation(activation, leak)
        rows = np.array([_measure(X, y, f, gain, depth, seed) for seed in range(seeds)])
        for band, values in zip(bands, rows.transpose(1, 0, 2), strict=True):
            band.set(values)
        z, dz = mean_field_signals(gain, depth, mean_square, f)
        if gain == 0:
            dz = np.full(depth, np.nan)
        layers = np.arange(1, depth + 1)
        expected_z.set_data(layers, z)
        expected_dz.set_data(layers, dz)
        set_decades(forward_axes, depth)
        set_decades(backward_axes, depth)
        share_axes.set_xlim(0, depth + 1)
        z, dz, dW, silent, cosine = np.median(rows, axis=0)
        name = f"leak {leak:.2f}" if activation == "leaky ReLU" else activation
        if gain == 0:
            return f"{name}, g = 0: every z is 0, and no gradient comes back."
        return (
            f"{name}, g = {gain:.2f}, {depth} layers (medians of {seeds} seeds). Last layer: std "
            f"of z {z[-1]:.2g}, {silent[-1]:.0f} % silent, cosine {cosine[-1] / 100:.2f}. First "
            f"layer: ∂L/∂z {dz[0]:.2g} and ∂L/∂W {dW[0]:.2g} times the last layer's."
        )

    controls = {
        "activation": choice(
            "activation",
            ["leaky ReLU", "tanh", "sigmoid", "gelu"],
            "What each hidden unit makes of its z",
        ),
        "leak": float_slider(
            "leak", 0, 0, 1, 0.05, "Slope of leaky ReLU below 0: 0 is ReLU, 1 a straight line"
        ),
        "gain": float_slider("gain g", 1.0, 0, 3, 0.01, "The weights' std is g / sqrt(n_in)"),
        "depth": int_slider("hidden layers", 3, 2, 50, "Layers of 100 units"),
    }
    lines = [artist for band in bands for artist in (band.area, band.line)]
    return Explorer(fig, [*lines, expected_z, expected_dz], update, controls)


class _Band:
    """The median of some curves, and the area between the lowest and the highest."""

    def __init__(self, ax: Axes, color: str, style: str, label: str):
        (self.line,) = ax.plot([], [], color=color, linestyle=style, label=label)
        self.area = PolyCollection([], facecolor=color, alpha=0.2, edgecolor="none")
        ax.add_collection(self.area)

    def set(self, values: np.ndarray) -> None:
        """Show curves, an array of shape (curves, layers)."""
        layers = np.arange(1, values.shape[1] + 1)
        low, high = values.min(axis=0), values.max(axis=0)
        self.line.set_data(layers, np.median(values, axis=0))
        outline = np.column_stack([[*layers, *layers[::-1]], [*low, *high[::-1]]])
        self.area.set_verts([outline])


def _activation(name: str, leak: float) -> Activation:
    if name != "leaky ReLU":
        return ACTIVATIONS[name]
    return Activation(name, lambda z: leaky_relu(z, leak), lambda z: leaky_relu_grad(z, leak))


def _measure(
    X: np.ndarray, y: np.ndarray, f: Activation, gain: float, depth: int, seed: int
) -> np.ndarray:
    """Return what is drawn of one network, an array of shape (5, depth)."""
    params = gain_params([784, *[WIDTH] * depth, 10], np.random.default_rng(seed), gain)
    found = signals(params, X, y, f)
    dz = np.array([layer.std() for layer in found.dz])
    dW = np.array([np.sqrt((layer**2).mean()) for layer in found.dW])
    with np.errstate(invalid="ignore"):  # 0 / 0 where no gradient comes back
        relative = [dz / dz[-1], dW / dW[-1]]
    silent = [100 * (a == 0).all(axis=0).mean() for a in found.a]
    cosine = [100 * _mean_cosine(a) for a in found.a]
    return np.array([[z.std() for z in found.z], *relative, silent, cosine])


def _mean_cosine(a: np.ndarray) -> float:
    """Return the mean cosine of the angle between two different rows of a, none of them 0."""
    lengths = np.linalg.norm(a, axis=1, keepdims=True)
    units = a[lengths[:, 0] > 0] / lengths[lengths[:, 0] > 0]
    n = len(units)
    return ((units.sum(axis=0) ** 2).sum() - n) / (n * (n - 1)) if n > 1 else math.nan
