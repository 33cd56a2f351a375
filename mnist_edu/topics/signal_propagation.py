"""Networks whose weights have a gain g, a std of g / sqrt(n_in): what depth makes of a signal.

Forward the signal is z, layer by layer; backward it is dz. `signals` measures both in a fresh
network, `mean_field_signals` says what to expect, and `train_with_gain` what becomes of it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from mnist_edu.activations import Activation
from mnist_edu.data import Split
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, deltas, forward, init_params
from mnist_edu.training import Report, train


class Signals(NamedTuple):
    """What goes through the hidden layers of a network, a list entry each.

    Attributes
    ----------
    z, a, dz : lists of arrays of shape (N, width)
        Pre-activations, activations, and the gradient of the mean loss with respect to z.
    dW : list of arrays of shape (n_in, width)
    """

    z: list[np.ndarray]
    a: list[np.ndarray]
    dz: list[np.ndarray]
    dW: list[np.ndarray]


def gain_params(
    sizes: list[int], rng: np.random.Generator, gain: float, dtype: type = np.float64
) -> list[Layer]:
    """Draw W ~ N(0, g²/n_in) for the hidden layers, N(0, 1/n_in) for the last; biases are 0.

    One seed gives the same random numbers at every gain: only their scale differs.

    Parameters
    ----------
    sizes : list of int
        Inputs, units of each hidden layer, classes.
    rng : numpy.random.Generator
    gain : float
    dtype : type

    Returns
    -------
    list of Layer

    Examples
    --------
    >>> params = gain_params([784, 100, 10], np.random.default_rng(0), 2.0)
    >>> [round(float(W.std() * len(W) ** 0.5), 1) for W, b in params]
    [2.0, 1.0]
    """
    *hidden, last = init_params(sizes, rng, "lecun", dtype)
    return [*(Layer(gain * W, b) for W, b in hidden), last]


def signals(params: list[Layer], X: np.ndarray, y: np.ndarray, activation: Activation) -> Signals:
    """Send a batch forward and the gradient of its mean cross-entropy back, keeping everything.

    Parameters
    ----------
    params : list of Layer
    X : float array of shape (N, n_in)
    y : integer array of shape (N,)
    activation : Activation

    Returns
    -------
    Signals, of the hidden layers

    Examples
    --------
    >>> from mnist_edu.activations import ACTIVATIONS
    >>> rng = np.random.default_rng(0)
    >>> params = gain_params([784, 100, 100, 10], rng, 1.0)
    >>> found = signals(params, rng.random((5, 784)), np.zeros(5, int), ACTIVATIONS["relu"])
    >>> [dz.shape for dz in found.dz]
    [(5, 100), (5, 100)]
    """
    logits, cache = forward(params, X, activation)
    dz = dict(deltas(params, cache, cross_entropy_grad(logits, y)))
    hidden = range(len(params) - 1)
    dW = [cache.a[l].T @ dz[l] for l in hidden]
    return Signals(cache.z[:-1], cache.a[1:], [dz[l] for l in hidden], dW)


def mean_field_signals(
    gain: float, depth: int, mean_square: float, activation: Activation
) -> tuple[np.ndarray, np.ndarray]:
    """Say what wide layers of random weights do to a signal, on average over the weights.

    The z of a wide layer are nearly normal, with mean 0 and variance q. The next layer has
    g² E[f(z)²], and on the way back the mean square of dz is multiplied by g² E[f'(z)²].

    Parameters
    ----------
    gain : float
    depth : int
        Hidden layers, all equally wide.
    mean_square : float
        The mean of the squared pixels.
    activation : Activation

    Returns
    -------
    forward : array of shape (depth,)
        The std of z in each layer.
    backward : array of shape (depth,)
        The std of dz in each layer, divided by that in the last.

    References
    ----------
    Poole et al., arXiv 1606.05340; Schoenholz et al., arXiv 1611.01232.

    Examples
    --------
    >>> from mnist_edu.activations import ACTIVATIONS
    >>> forward, backward = mean_field_signals(1.0, 3, 0.1, ACTIVATIONS["relu"])
    >>> forward.round(3), backward.round(3)
    (array([0.316, 0.224, 0.158]), array([0.5  , 0.707, 1.   ]))
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    weights = weights / weights.sum()
    q, variances, factors = gain**2 * mean_square, [], []
    for _ in range(depth):
        z = np.sqrt(q) * nodes
        variances.append(q)
        factors.append(gain**2 * weights @ activation.grad(z) ** 2)
        q = gain**2 * weights @ activation.f(z) ** 2
    backward = np.cumprod([1.0, *factors[-2::-1]])[::-1]
    return np.sqrt(variances), np.sqrt(backward)


def train_with_gain(
    split: Split,
    activation: str,
    depth: int,
    gain: float,
    lr: float,
    seed: int,
    optimizer: str = "sgd",
    epochs: int = 4,
) -> Iterator[Report]:
    """Train depth hidden layers of 100 units: a cell of the map of depth and gain.

    Parameters
    ----------
    split : Split
        Its first 3 200 images are used, in minibatches of 32.
    activation : str
        A name in `ACTIVATIONS`.
    depth : int
    gain, lr : float
    seed : int
    optimizer : str
        A name in `OPTIMIZERS`.
    epochs : int
        Each has 100 steps.

    Yields
    ------
    Report
        Ten in all: every 40 steps in four epochs.

    Examples
    --------
    >>> from mnist_edu.data import load_mnist
    >>> *_, last = train_with_gain(load_mnist().train, "relu", 2, 1.4, 0.1, seed=0)
    >>> last.step, last.loss < 0.7
    (400, True)
    """
    rng = np.random.default_rng(seed)
    params = gain_params([784, *[100] * depth, 10], rng, gain, np.float32)
    X, y = split.images[:3200], split.labels[:3200]
    return train(
        params,
        X,
        y,
        rng=rng,
        lr=lr,
        batch_size=32,
        epochs=epochs,
        report_every=10 * epochs,
        optimizer=optimizer,
        activation=activation,
    )
