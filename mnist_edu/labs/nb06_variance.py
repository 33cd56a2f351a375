"""Notebook 06: the argument behind He's initialization, unit by unit."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import relu
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREEN, GREY, VERMILLION

MOST_UNITS = 2000


@STYLED
def variance_explorer(images: np.ndarray) -> Explorer:
    """Hold one image fixed, draw the weights of many units at random, and see what they say to it.

    The weights of a unit are drawn from N(0, σ²) with σ = g / sqrt(n_in).

    Parameters
    ----------
    images : float array of shape (N, n_in)
        The images to choose from.
    """
    fig = Figure(figsize=(8, 3))
    z_axes, a_axes, square_axes = fig.subplots(1, 3, width_ratios=[3, 3, 1.6])
    edges = np.linspace(-2.5, 2.5, 51)
    middles, width = (edges[:-1] + edges[1:]) / 2, edges[1] - edges[0]
    z_bars = z_axes.bar(middles, np.zeros(50), width, color=BLUE, alpha=0.5)
    (curve,) = z_axes.plot([], [], color=VERMILLION, linestyle="-")
    z_axes.set(xlim=(-2.5, 2.5), ylim=(0, 0.6), xlabel="z", ylabel="share of the units")
    z_axes.set_title("before the ReLU; line: N(0, σ²‖x‖²)", fontsize=9)
    a_bars = a_axes.bar(middles, np.zeros(50), width, color=GREEN, alpha=0.5)
    a_axes.set(xlim=(-0.2, 2.5), ylim=(0, 1), xlabel="a = relu(z)")
    a_axes.set_title("after it; first bar: 0 to 0.1", fontsize=9)
    squares = square_axes.bar(["x", "a"], [0, 0], color=[GREY, GREEN])
    square_axes.set(ylim=(0, 0.8))
    square_axes.set_title("mean square", fontsize=9)

    normal = np.random.default_rng(6).standard_normal((images.shape[1], MOST_UNITS))
    standard = images @ normal / np.sqrt(images.shape[1])  # z for g = 1, a row for each image
    line = np.linspace(-2.5, 2.5, 501)

    def update(image: int, gain: float, units: int) -> str:
        x, z = images[image], gain * standard[image, :units]
        a = relu(z)
        variance = gain**2 / len(x) * (x @ x)
        density = np.exp(-(line**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
        curve.set_data(line, width * density)
        for bars, values in ((z_bars, z), (a_bars, a)):
            shares = np.histogram(values, edges)[0] / units
            for bar, share in zip(bars, shares, strict=True):
                bar.set_height(share)
        before, after = (x**2).mean(), (a**2).mean()
        for bar, height in zip(squares, (before, after), strict=True):
            bar.set_height(height)
        return (
            f"Image {image}, gain {gain:.2f}, {units} units: Var(z) {variance:.4f}, mean of z² "
            f"{(z**2).mean():.4f}; mean of a² {after:.4f}, of x² {before:.4f}, "
            f"ratio {after / before:.3f}."
        )

    controls = {
        "image": int_slider("image", 0, 0, len(images) - 1, "Which image is held fixed"),
        "gain": float_slider(
            "gain g", 1, 0.2, 2.5, 0.05, "The std of the weights, times sqrt(n_in)"
        ),
        "units": int_slider(
            "units drawn", 100, 10, MOST_UNITS, "How many units have their weights drawn"
        ),
    }
    return Explorer(fig, [*z_bars, curve, *a_bars, *squares], update, controls)
