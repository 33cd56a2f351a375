"""The network: a list of layers, what it computes, and the gradient of its loss.

Rows are examples. Layer l computes z = a @ W + b from the activations a of the layer before it; its
own activations are f(z). The last z are the logits.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mnist_edu._checks import check_count, check_rng, check_shapes, look_up
from mnist_edu.activations import ACTIVATIONS, Activation
from mnist_edu.data import to_floats
from mnist_edu.initializers import INITIALIZERS
from mnist_edu.losses import cross_entropy_grad


class Layer(NamedTuple):
    """The weights W (n_in, n_out) and biases b (n_out,) of a layer, or their gradients."""

    W: np.ndarray
    b: np.ndarray


class Cache(NamedTuple):
    """What `backward` needs from `forward`.

    Attributes
    ----------
    activation : Activation
    a : list of arrays; a[0] is X, a[1] the activations of the first layer, and so on
    z : list of arrays; z[0] of shape (N, n_out) is what the first layer computed from a[0], and so
        on; z[-1] are the logits
    """

    activation: Activation
    a: list[np.ndarray]
    z: list[np.ndarray]


def init_params(
    sizes: list[int], rng: np.random.Generator, initializer: str = "he", dtype: type = np.float64
) -> list[Layer]:
    """Draw the weights of a network; its biases start at 0.

    Parameters
    ----------
    sizes : list of int
        Inputs, units of each hidden layer, classes; at least two numbers.
    rng : numpy.random.Generator
    initializer : str
        A name in `INITIALIZERS`.
    dtype : type
        np.float64, or np.float32 for speed.

    Returns
    -------
    list of Layer, one fewer than there are sizes

    Raises
    ------
    TypeError, ValueError
        If an argument cannot be right.

    Examples
    --------
    >>> params = init_params([784, 100, 10], np.random.default_rng(0))
    >>> [(W.shape, b.shape) for W, b in params]
    [((784, 100), (100,)), ((100, 10), (10,))]
    >>> sum(W.size + b.size for W, b in params)
    79510
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes are {list(sizes)}; expected at least two, inputs and classes")
    for size in sizes:
        check_count("a layer's size", size)
    check_rng(rng)
    draw = look_up(INITIALIZERS, initializer, "initializer")
    return [
        Layer(draw(rng, n_in, n_out, dtype), np.zeros(n_out, dtype))
        for n_in, n_out in pairwise(sizes)
    ]


def forward(
    params: list[Layer], X: np.ndarray, activation: str | Activation = "relu"
) -> tuple[np.ndarray, Cache]:
    """Compute the logits of a batch, and keep what `backward` needs.

    Parameters
    ----------
    params : list of Layer
    X : float array of shape (N, n_in)
        A row for each example; uint8 pixels must be divided by 255 first.
    activation : str or Activation
        A name in `ACTIVATIONS`, or one of your own; for every layer but the last, which has none.

    Returns
    -------
    logits : array of shape (N, n_out)
    cache : Cache

    Raises
    ------
    TypeError, ValueError
        If X holds uint8, NaN or infinity, or if shapes do not fit together.

    Examples
    --------
    >>> params = init_params([784, 100, 10], np.random.default_rng(0))
    >>> logits, cache = forward(params, np.zeros((5, 784)))
    >>> logits.shape
    (5, 10)
    """
    if not isinstance(activation, Activation):
        activation = look_up(ACTIVATIONS, activation, "activation")
    check_shapes(params, X)
    if X.dtype == np.uint8:
        raise TypeError("X holds uint8 pixels, 0 to 255; expected floats in [0, 1]: X / 255")
    cache = Cache(activation, [], [])
    for l, (W, b) in enumerate(params):
        a = activation.f(cache.z[-1]) if l > 0 else X
        z = a @ W + b
        cache.a.append(a)
        cache.z.append(z)
    # What is not finite in a row of X reaches every number in that row of the first z.
    if not np.isfinite(cache.z[0][:, 0]).all() and not np.isfinite(X).all():
        raise ValueError("X holds NaN or infinity; expected finite numbers")
    return z, cache


def backward(params: list[Layer], cache: Cache, y: np.ndarray) -> list[Layer]:
    """Compute the gradient of the batch's mean cross-entropy with respect to every W and b.

    Parameters
    ----------
    params : list of Layer
        Those that `forward` was given.
    cache : Cache
        What `forward` returned.
    y : integer array of shape (N,)

    Returns
    -------
    list of Layer, of the shapes of params

    Raises
    ------
    TypeError, ValueError
        If the labels do not fit the batch.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_params([784, 100, 10], rng)
    >>> logits, cache = forward(params, rng.random((5, 784)))
    >>> grads = backward(params, cache, np.array([3, 1, 4, 1, 5]))
    >>> [(dW.shape, db.shape) for dW, db in grads]
    [((784, 100), (100,)), ((100, 10), (10,))]
    """
    return backpropagate(params, cache, cross_entropy_grad(cache.z[-1], y))


def backpropagate(params: list[Layer], cache: Cache, dz: np.ndarray) -> list[Layer]:
    """Send a gradient with respect to the logits back through all layers.

    Parameters
    ----------
    params, cache : as for `backward`
    dz : array of shape (N, K)
        Gradient of a loss, any loss, with respect to the logits.

    Returns
    -------
    list of Layer, of the shapes of params: the gradient of that loss

    Examples
    --------
    >>> params = [Layer(np.array([[1.0], [2.0]]), np.array([0.0]))]
    >>> logits, cache = forward(params, np.array([[3.0, 4.0]]))
    >>> backpropagate(params, cache, np.array([[1.0]]))  # of the logit itself
    [Layer(W=array([[3.],
           [4.]]), b=array([1.]))]
    """
    grads = [Layer(W=cache.a[l].T @ dz, b=dz.sum(axis=0)) for l, dz in deltas(params, cache, dz)]
    return grads[::-1]


def deltas(params: list[Layer], cache: Cache, dz: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Go back through the layers, from the last to the first, with the gradient of the loss.

    Parameters
    ----------
    params, cache, dz : as for `backpropagate`

    Yields
    ------
    l : int
        The layer, counted from 0 as in params.
    dz : array of the shape of cache.z[l]
        Gradient of the loss with respect to it: δ.

    Examples
    --------
    >>> params = init_params([4, 3, 2], np.random.default_rng(0))
    >>> logits, cache = forward(params, np.ones((5, 4)))
    >>> [(l, dz.shape) for l, dz in deltas(params, cache, np.ones((5, 2)))]
    [(1, (5, 2)), (0, (5, 3))]
    """
    for l in reversed(range(len(params))):
        yield l, dz
        if l > 0:
            da = dz @ params[l].W.T
            dz = da * cache.activation.grad(cache.z[l - 1])


def predict(params: list[Layer], X: np.ndarray, activation: str = "relu") -> np.ndarray:
    """Return the class with the largest logit for each row of X.

    Parameters
    ----------
    params : list of Layer
    X : array of shape (N, n_in)
        Floats, or uint8 pixels, which are divided by 255; taken 1 000 rows at a time.
    activation : str
        The one the network was trained with.

    Returns
    -------
    integer array of shape (N,)

    Raises
    ------
    TypeError, ValueError
        As `forward` does.

    Examples
    --------
    >>> params = init_params([784, 10], np.random.default_rng(0), "zeros")
    >>> predict(params, np.zeros((3, 784), dtype=np.uint8))
    array([0, 0, 0])
    """
    check_shapes(params, X)
    dtype = params[0].W.dtype
    slices = (to_floats(X[start : start + 1000], dtype) for start in range(0, len(X), 1000))
    logits = np.concatenate([forward(params, x, activation)[0] for x in slices])
    return logits.argmax(axis=1)
