"""Notebook 02: how much of the signal arrives at the first layer, for weights of any scale."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, deltas, forward
from mnist_edu.widgets.controls import STYLED, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, VERMILLION

SCALES = [0.25, 0.35, 0.5, 0.71, 1, 1.4, 2, 2.8, 4, 5.7, 8]


@STYLED
def delta_explorer(params: list[Layer], X: np.ndarray, y: np.ndarray) -> Explorer:
    """Scale a deep network's weights, and see the size of the gradient at every layer.

    Parameters
    ----------
    params : list of Layer
        Their weights are multiplied by the scale.
    X : array of shape (N, n_in)
    y : integer array of shape (N,)
    """
    fig = Figure(figsize=(8, 3.5))
    sizes_axes, slopes_axes = fig.subplots(1, 2)
    layers = np.arange(1, len(params) + 1)
    (sizes_line,) = sizes_axes.plot([], [], "o-", color=BLUE)
    (slopes_line,) = slopes_axes.plot([], [], "o-", color=VERMILLION)
    for ax in (sizes_axes, slopes_axes):
        ax.set(xlim=(0.5, len(params) + 0.5), xticks=layers, xlabel="layer l")
    sizes_axes.set(yscale="log", ylim=(1e-13, 1e9), title="size of δ")
    slopes_axes.set(ylim=(-0.02, 1.02), title="mean slope of the activation function")

    def update(name: str, scale: float) -> str:
        scaled = [Layer(scale * W, b) for W, b in params]
        logits, cache = forward(scaled, X, activation=name)
        back = [dz for _, dz in deltas(scaled, cache, cross_entropy_grad(logits, y))]
        sizes = np.array([np.linalg.norm(dz) for dz in back[::-1]])
        slopes = np.array([cache.activation.grad(z).mean() for z in cache.z[:-1]])
        sizes_line.set_data(layers, sizes)
        slopes_line.set_data(layers[:-1], slopes)
        return (
            f"{name}, weights × {scale}: δ has size {sizes[-1]:.1e} at layer {len(params)} and "
            f"{sizes[0]:.1e} at layer 1; the mean slopes are {slopes.min():.2f} to "
            f"{slopes.max():.2f}."
        )

    controls = {
        "name": selection_slider(
            "activation", "sigmoid", ["sigmoid", "tanh", "relu"], "The activation function"
        ),
        "scale": selection_slider(
            "weights ×", 1, SCALES, "The factor by which all weights are multiplied"
        ),
    }
    return Explorer(fig, [sizes_line, slopes_line], update, controls)
