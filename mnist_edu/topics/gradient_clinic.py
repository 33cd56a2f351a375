"""Check and train networks whose gradient is written by hand, right or wrong.

A *program* here is a function of (params, X, y) that returns the loss it reports and the gradient
it claims, a list of Layer. Its claim is compared with slopes of that same loss.
"""

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from mnist_edu.data import Split, minibatches
from mnist_edu.gradient_check import finite_difference, relative_error
from mnist_edu.metrics import accuracy
from mnist_edu.network import Layer, predict
from mnist_edu.training import descend

Program = Callable[[list[Layer], np.ndarray, np.ndarray], tuple[float, list[Layer]]]


class Comparison(NamedTuple):
    """How far a claimed gradient is from the measured one.

    Attributes
    ----------
    error : float
        ‖claimed - measured‖ / max(‖claimed‖, ‖measured‖).
    ratio : float
        ‖claimed‖ / ‖measured‖: 1 if the length is right.
    cosine : float
        Of the angle between the two: 1 if the direction is right.
    """

    error: float
    ratio: float
    cosine: float


class Case(NamedTuple):
    """What `examine` found.

    Attributes
    ----------
    start, end : dict of str to Comparison
        What `check_program` returned before and after training.
    losses : array of shape (steps,)
        The loss that the program reported at each step; shorter if it stopped being finite.
    accuracy : float
        On the validation images, 0 to 1; NaN if the run diverged.
    """

    start: dict[str, Comparison]
    end: dict[str, Comparison]
    losses: np.ndarray
    accuracy: float


def compare(claimed: np.ndarray, measured: np.ndarray) -> Comparison:
    """Compare two gradients of the same shape, by norm; where one is 0, parts are NaN or infinite.

    Examples
    --------
    >>> compare(np.array([6.0, 8.0]), np.array([3.0, 4.0]))
    Comparison(error=0.5, ratio=2.0, cosine=1.0)
    """
    lengths = np.linalg.norm(claimed), np.linalg.norm(measured)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Comparison(
            error=relative_error(claimed, measured),
            ratio=float(lengths[0] / lengths[1]),
            cosine=float(np.sum(claimed * measured) / (lengths[0] * lengths[1])),
        )


def choose_entries(
    params: list[Layer], X: np.ndarray, rng: np.random.Generator, count: int
) -> list[np.ndarray]:
    """Draw entries of each array to test: of W, b of layer 1, then W, b of layer 2, and so on.

    Parameters
    ----------
    params : list of Layer
    X : array of shape (N, n_in)
        Weights of pixels that are 0 in every image are left out: their gradient is always 0.
    count : int
        Entries of each array; all of them, if it has no more.

    Returns
    -------
    list of integer arrays: indices into each array, flattened

    Examples
    --------
    >>> params = [Layer(np.zeros((3, 2)), np.zeros(2))]
    >>> rng = np.random.default_rng(0)
    >>> [sorted(entries.tolist()) for entries in choose_entries(params, np.eye(3)[:1], rng, 9)]
    [[0, 1], [0, 1]]
    """
    candidates = [np.arange(array.size) for layer in params for array in layer]
    inked = np.repeat(X.any(axis=0), params[0].W.shape[1])
    candidates[0] = np.flatnonzero(inked)
    return [rng.choice(c, min(count, len(c)), replace=False) for c in candidates]


def sampled_gradient(
    loss: Callable[[list[Layer]], float],
    params: list[Layer],
    entries: Sequence[np.ndarray],
    h: float = 1e-5,
    forward: bool = False,
) -> list[np.ndarray]:
    """Measure the slopes of a loss along chosen entries, by central or forward differences.

    Parameters
    ----------
    loss : function of a list of Layer, returning a number
    params : list of Layer
        Copied, not changed; their dtype is kept.
    entries : as `choose_entries` returns them
    h : float
        The step.
    forward : bool
        Step ahead only, (f(x + h) - f(x)) / h.

    Returns
    -------
    list of arrays, as long as entries and each of its arrays

    Examples
    --------
    >>> params = [Layer(np.array([[1.0], [2.0]]), np.array([3.0]))]
    >>> slopes = sampled_gradient(lambda p: (p[0].W ** 2).sum(), params, [np.array([1]), []])
    >>> [s.round(6) for s in slopes]
    [array([4.]), array([], dtype=float64)]
    """
    moved = [Layer(W.copy(), b.copy()) for W, b in params]
    arrays = [array.reshape(-1) for layer in moved for array in layer]  # views
    with threadpool_limits(1, "blas"):
        return [
            np.array(
                [finite_difference(lambda: loss(moved), array, (i,), h, forward) for i in chosen]
            )
            for array, chosen in zip(arrays, entries, strict=True)
        ]


def take_entries(grads: list[Layer], entries: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the chosen entries of a gradient, as `sampled_gradient` returns theirs.

    Examples
    --------
    >>> grads = [Layer(np.array([[1.0], [2.0]]), np.array([3.0]))]
    >>> take_entries(grads, [np.array([1]), np.array([0])])
    [array([2.]), array([3.])]
    """
    arrays = [array.reshape(-1) for layer in grads for array in layer]
    return [array[chosen] for array, chosen in zip(arrays, entries, strict=True)]


def check_program(
    program: Program,
    params: list[Layer],
    X: np.ndarray,
    y: np.ndarray,
    rng: np.random.Generator,
    count: int = 50,
    h: float = 1e-5,
) -> dict[str, Comparison]:
    """Compare the gradient a program claims with the slopes of the loss it reports.

    Parameters
    ----------
    program : function of (params, X, y), returning the loss and a list of Layer
    params : list of Layer, float64
    X : float array of shape (N, n_in)
    y : integer array of shape (N,)
    rng : numpy.random.Generator
    count : int
        Entries to test of each array.
    h : float
        The step of the central differences.

    Returns
    -------
    dict
        A Comparison for each array: "W1", "b1", "W2", ...

    Examples
    --------
    >>> params = [Layer(np.ones((2, 1)), np.ones(1))]
    >>> def doubled(params, X, y):  # the loss is the sum of W; b plays no part
    ...     return params[0].W.sum(), [Layer(2 * np.ones((2, 1)), np.zeros(1))]
    >>> found = check_program(doubled, params, np.ones((1, 2)), None, np.random.default_rng(0))
    >>> round(found["W1"].ratio, 6)
    2.0
    """
    inked = X.any(axis=0)  # the other pixels change nothing, and would cost as much
    params, X = [Layer(params[0].W[inked], params[0].b), *params[1:]], X[:, inked]
    entries = choose_entries(params, X, rng, count)
    claimed = take_entries(program(params, X, y)[1], entries)
    measured = sampled_gradient(lambda moved: program(moved, X, y)[0], params, entries, h)
    names = [f"{kind}{l}" for l in range(1, len(params) + 1) for kind in "Wb"]
    return dict(zip(names, map(compare, claimed, measured), strict=True))


def train_program(
    program: Program,
    params: list[Layer],
    data: Split,
    rng: np.random.Generator,
    lr: float,
    steps: int,
    batch_size: int = 64,
) -> tuple[list[Layer], np.ndarray]:
    """Train by gradient descent with whatever gradient the program returns.

    Parameters
    ----------
    program : function of (params, X, y), returning the loss and a list of Layer
    params : list of Layer
        Copied, not changed.
    data : Split
        uint8 pixels become floats minibatch by minibatch.
    rng : numpy.random.Generator
        Orders the images.
    lr : float
    steps : int
        A loss that is not finite ends the run sooner.
    batch_size : int

    Returns
    -------
    list of Layer, and the array of losses, one a step

    Examples
    --------
    >>> def program(params, X, y):  # the loss is b²
    ...     return params[0].b[0] ** 2, [Layer(np.zeros((1, 1)), 2 * params[0].b)]
    >>> data = Split(np.zeros((4, 1)), np.zeros(4, int))
    >>> start = [Layer(np.zeros((1, 1)), np.ones(1))]
    >>> rng = np.random.default_rng(0)
    >>> _, losses = train_program(program, start, data, rng, 0.25, steps=3, batch_size=2)
    >>> losses
    array([1.    , 0.25  , 0.0625])
    """
    params = [Layer(W.copy(), b.copy()) for W, b in params]
    batches = (batch for _ in range(steps) for batch in minibatches(*data, batch_size, rng))
    descent = descend(params, program, repeat(lr, steps), batches)
    with threadpool_limits(1, "blas"), np.errstate(all="ignore"):
        return params, np.array(list(descent))


def examine(
    program: Program,
    params: list[Layer],
    train: Split,
    validation: Split,
    lr: float = 0.1,
    steps: int = 800,
    activation: str = "relu",
) -> Case:
    """Check a program, train with it, check it again, and see how well it reads.

    The same numbers are drawn each time, so that programs can be compared.

    Parameters
    ----------
    program : function of (params, X, y), returning the loss and a list of Layer
    params : list of Layer, float64
    train, validation : Split
        The checks are made on the first 32 training images, with 640 entries of each array, or
        all, if it has no more.
    lr : float
    steps : int
    activation : str
        Of the program's network, for the accuracy.

    Returns
    -------
    Case
    """
    X, y = train.first(32, dtype=np.float64)
    start = check_program(program, params, X, y, np.random.default_rng(0), count=640)
    trained, losses = train_program(program, params, train, np.random.default_rng(0), lr, steps)
    if not np.isfinite(losses[-1]):
        return Case(start, {}, losses, np.nan)
    end = check_program(program, trained, X, y, np.random.default_rng(0), count=640)
    right = accuracy(validation.labels, predict(trained, validation.images, activation))
    return Case(start, end, losses, right)


def describe(name: str, case: Case) -> str:
    """Say in a few lines what `examine` found: losses, accuracy, and a line for each comparison.

    Examples
    --------
    >>> found = {"W1": Comparison(0.9, 10.0, 1.0)}
    >>> print(describe("bug", Case(found, {}, np.array([2.5, np.nan]), np.nan)))
    bug: loss 2.500 -> diverged
      start  W1   error 0.90     ratio 10.00   cosine 1.00
    """
    last = "diverged"
    if np.isfinite(case.losses[-1]):
        last = f"{case.losses[-50:].mean():.3f}, validation accuracy {case.accuracy:.1%}"
    lines = [f"{name}: loss {case.losses[0]:.3f} -> {last}"]
    for when, found in (("start", case.start), ("end", case.end)):
        for array, (error, ratio, cosine) in found.items():
            size = f"{error:.2f}" if error > 0.005 else "< 0.01" if error > 1e-7 else "< 1e-7"
            numbers = f"error {size:6s}   ratio {ratio:.2f}   cosine {cosine:.2f}"
            lines.append(f"  {when:5s}  {array:3s}  {numbers}")
    return "\n".join(lines)
