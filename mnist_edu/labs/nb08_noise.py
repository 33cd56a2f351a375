"""Notebook 08: how far a minibatch's gradient is off."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, deltas, forward
from mnist_edu.widgets.controls import STYLED, int_slider, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, VERMILLION

DRAWS = 100  # minibatches of each size


@STYLED
def noise_explorer(stages: Sequence[list[Layer]], X: np.ndarray, y: np.ndarray) -> Explorer:
    """See the directions of minibatch gradients beside that of all images, and their noise.

    Parameters
    ----------
    stages : sequence of lists of Layer
        A ReLU network at the start, after one epoch, after two, and so on.
    X : float array of shape (N, 784)
        Minibatches are drawn from these images, without replacement.
    y : integer array of shape (N,)
    """
    N = len(X)
    sizes = [2**k for k in range(math.ceil(math.log2(N)))] + [N]
    rng = np.random.default_rng(8)
    places = np.array([rng.permutation(N) for _ in range(DRAWS)]).argsort(axis=1)

    def measure(params: list[Layer]) -> tuple[list[tuple[np.ndarray, float]], list[float]]:
        G = gram(params, X, y)
        found = [compare_minibatches(G, (places < B) / B) for B in sizes]
        return found, [expected_noise(G, B) for B in sizes]

    found, expected = zip(*map(measure, stages), strict=True)

    fig = Figure(figsize=(9, 3.6))
    fan, curve = fig.subplots(1, 2)
    lines = LineCollection([], colors=BLUE, linewidths=0.8, alpha=0.5)
    fan.add_collection(lines)
    fan.plot([0, 1], [0, 0], "-", color=VERMILLION, linewidth=4)
    fan.text(0.5, -0.04, "gradient of all images", color=VERMILLION, fontsize=9, va="top")
    fan.set(xlim=(-0.8, 1.05), ylim=(-0.15, 1.05), aspect="equal", xticks=[], yticks=[])
    fan.spines[:].set_visible(False)
    fan.set_title(f"directions of {DRAWS} minibatch gradients", fontsize=10)
    curve.set(xscale="log", yscale="log", xlim=(0.8, 1.3 * N), ylim=(0.01, 100))
    curve.set(xlabel="batch size B", ylabel="size of the noise / full gradient")
    (theory,) = curve.plot([], [], "-", color="0.3", linewidth=1, label="theory")
    (dots,) = curve.plot([], [], "o", color=BLUE, markersize=4, label="measured")
    (now,) = curve.plot([], [], "o", color=VERMILLION, markersize=10, fillstyle="none")
    curve.legend(loc="upper right", fontsize=8)

    def update(batch_size: int, epochs: int) -> str:
        noises = [noise for _, noise in found[epochs][:-1]]
        theory.set_data(sizes[:-1], expected[epochs][:-1])
        dots.set_data(sizes[:-1], noises)
        chosen = sizes.index(batch_size)
        cosines, noise = found[epochs][chosen]
        ends = np.column_stack([cosines, np.sqrt(1 - cosines**2)])
        lines.set_segments([[(0, 0), tuple(end)] for end in ends])
        now.set_data([batch_size], [noise])
        trained = f"{epochs} epoch{'' if epochs == 1 else 's'} of training"
        if batch_size == N:
            return f"B = {N}, {trained}: all images, no noise, cosine 1.00."
        return (
            f"B = {batch_size}, {trained}: the noise is {noise:.2f} times as long as the full "
            f"gradient, by theory {expected[epochs][chosen]:.2f}; cosine of the two "
            f"gradients {cosines.mean():.2f} on average."
        )

    controls = {
        "batch_size": selection_slider("batch size", 16, sizes, "Images in a minibatch"),
        "epochs": int_slider(
            "epochs trained", 0, 0, len(stages) - 1, "How long the network has trained before"
        ),
    }
    return Explorer(fig, [lines, theory, dots, now], update, controls)


def gram(params: list[Layer], X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the scalar products of the gradients of every two images, shape (N, N).

    One image's ∂L/∂W is the outer product of its a and δ, so two of them have the scalar product
    (a · a')(δ · δ'); ∂L/∂b adds δ · δ'.
    """
    logits, cache = forward(params, X)
    of_one = len(X) * cross_entropy_grad(logits, y)  # each row: the δ of one image alone
    total = np.zeros((len(X), len(X)))
    for l, dz in deltas(params, cache, of_one):
        for part in np.array_split(np.arange(len(X)), 10):  # to spare memory
            total[part] += (cache.a[l][part] @ cache.a[l].T + 1) * (dz[part] @ dz.T)
    return total


def compare_minibatches(G: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, float]:
    """Compare minibatch gradients with the full one.

    Parameters
    ----------
    G : array of shape (N, N)
        From `gram`.
    shares : array of shape (minibatches, N)
        Each image's weight in each minibatch, 1 / B or 0.

    Returns
    -------
    cosines : array of shape (minibatches,)
    noise : float
        The root mean square length of the difference, divided by the full gradient's length.
    """
    full = G.mean()
    along = shares @ G.mean(axis=1)
    squares = ((shares @ G) * shares).sum(axis=1)
    cosines = np.clip(along / np.sqrt(squares * full), -1, 1)
    noise = math.sqrt(max((squares - 2 * along + full).mean() / full, 0))
    return cosines, noise


def expected_noise(G: np.ndarray, B: int) -> float:
    """Return the noise that minibatches of B, drawn without replacement, should have."""
    N, full = len(G), G.mean()
    variance = np.trace(G) / N - full
    return math.sqrt(variance / full / B * (N - B) / (N - 1))
