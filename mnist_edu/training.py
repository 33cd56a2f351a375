"""Gradient descent on minibatches: three optimizers, and the loop as a generator of reports.

An optimizer changes params in place, by one step. All three are called alike,
`optimizer(params, grads, lr, state)`; state is a dict that starts empty, belongs to the caller and
keeps what one step leaves for the next.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from mnist_edu._checks import check_count, check_labels, check_rng, check_shapes, look_up
from mnist_edu.activations import ACTIVATIONS
from mnist_edu.data import minibatches, to_floats
from mnist_edu.losses import cross_entropy_value_and_grad
from mnist_edu.metrics import accuracy
from mnist_edu.network import Layer, backpropagate, forward, predict


def sgd(params: list[Layer], grads: list[Layer], lr: float, state: object = None) -> None:
    """Take one step of gradient descent, in place: W -= lr * dW.

    Parameters
    ----------
    params, grads : lists of Layer, of the same shapes
    lr : float
        The learning rate.
    state : optional
        Not used; there so that all optimizers are called alike.

    Examples
    --------
    >>> params = [Layer(np.array([[1.0]]), np.array([2.0]))]
    >>> grads = [Layer(np.array([[10.0]]), np.array([20.0]))]
    >>> sgd(params, grads, lr=0.1)
    >>> params
    [Layer(W=array([[0.]]), b=array([0.]))]
    """
    for p, g in zip(_arrays(params), _arrays(grads), strict=True):
        p -= lr * g


def momentum(
    params: list[Layer], grads: list[Layer], lr: float, state: dict[str, Any], beta: float = 0.9
) -> None:
    """Take one step with momentum, in place: v = beta * v + dW, then W -= lr * v.

    With a steady gradient v grows to 1 / (1 - beta) times the gradient, so a good rate is about
    (1 - beta) times that of `sgd`. (Some books write v = beta * v + (1 - beta) * dW, which takes
    that factor out.)

    Parameters
    ----------
    params, grads : lists of Layer, of the same shapes
    lr : float
        The learning rate.
    state : dict
        Holds the velocities v between steps; empty before the first.
    beta : float
        How much of the velocity is kept, 0 to 1.

    Notes
    -----
    The form used by PyTorch. Polyak (1964) and Sutskever, Martens, Dahl and Hinton (2013) put the
    rate into the velocity, v = beta * v - lr * dW, which is the same only while lr is constant.

    Examples
    --------
    >>> params, state = [Layer(np.array([[1.0]]), np.array([2.0]))], {}
    >>> grads = [Layer(np.array([[1.0]]), np.array([0.0]))]
    >>> for _ in range(2):
    ...     momentum(params, grads, 0.1, state)
    >>> params[0].W.round(3)  # 1 - 0.1 * 1 - 0.1 * 1.9
    array([[0.71]])
    """
    if not state:
        state["v"] = _zeros_like(params)
    for p, g, v in zip(_arrays(params), _arrays(grads), state["v"], strict=True):
        v *= beta
        v += g
        p -= lr * v


def adam(
    params: list[Layer],
    grads: list[Layer],
    lr: float,
    state: dict[str, Any],
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> None:
    """Take one step of Adam, in place: W -= lr * m̂ / (sqrt(v̂) + eps).

    m and v are running means of dW and dW², m = beta1 * m + (1 - beta1) * dW and
    v = beta2 * v + (1 - beta2) * dW². They start at 0, so after t steps they are too small by the
    factors 1 - beta1^t and 1 - beta2^t; m̂ and v̂ are m and v divided by those.

    Parameters
    ----------
    params, grads : lists of Layer, of the same shapes
    lr : float
        The learning rate; 0.001 is usual.
    state : dict
        Holds m, v and t between steps; empty before the first.
    beta1, beta2, eps : float

    Notes
    -----
    Source: Kingma and Ba, arXiv 1412.6980, algorithm 1.

    Examples
    --------
    >>> params, state = [Layer(np.array([[1.0]]), np.array([2.0]))], {}
    >>> grads = [Layer(np.array([[100.0]]), np.array([-0.01]))]
    >>> adam(params, grads, 0.1, state)  # the first step is lr, whatever the gradient's size
    >>> params[0].W.round(3), params[0].b.round(3)
    (array([[0.9]]), array([2.1]))
    """
    if not state:
        state.update(t=0, m=_zeros_like(params), v=_zeros_like(params))
    t = state["t"] = state["t"] + 1
    for p, g, m, v in zip(_arrays(params), _arrays(grads), state["m"], state["v"], strict=True):
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        p -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)


OPTIMIZERS: dict[str, Callable[..., None]] = {"sgd": sgd, "momentum": momentum, "adam": adam}


def one_cycle(peak: float, rise: float = 0.3) -> Callable[[float], float]:
    """Return a schedule that rises from 0 to its peak, then falls to 0, along straight lines.

    Parameters
    ----------
    peak : float
        The largest learning rate.
    rise : float
        The fraction of the steps, between 0 and 1, after which it is reached.

    Notes
    -----
    Source: Smith and Topin, arXiv 1708.07120; theirs starts and ends a little above 0.

    Examples
    --------
    >>> lr = one_cycle(0.5)
    >>> [round(lr(fraction), 3) for fraction in (0, 0.15, 0.3, 0.65, 1)]
    [0.0, 0.25, 0.5, 0.25, 0.0]
    """
    return lambda fraction: peak * min(fraction / rise, (1 - fraction) / (1 - rise))


class Report(NamedTuple):
    """Where a run stands.

    Attributes
    ----------
    step : int
        Minibatches used so far.
    epoch : float
        Passes through the data so far; 1.5 is half-way through the second.
    loss : float
        Mean loss of the minibatches since the last report, each before its step (nats).
    accuracy : float or None
        On the validation data, 0 to 1; None if none were given.
    params : list of Layer
        A copy of the weights after this step; empty if the run does not keep them, save in its
        last report.
    note : str
        What seems wrong, in words that start with "diverged", "dead" or "stalled"; usually "".
    """

    step: int
    epoch: float
    loss: float
    accuracy: float | None
    params: list[Layer]
    note: str


def train(
    params: list[Layer],
    X: np.ndarray,
    y: np.ndarray,
    *,
    rng: np.random.Generator,
    lr: float | Callable[[float], float] = 0.1,
    batch_size: int = 64,
    epochs: int = 5,
    report_every: int = 100,
    optimizer: str | Callable[..., None] = "sgd",
    activation: str = "relu",
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    keep_params: bool = True,
) -> Iterator[Report]:
    """Train a network, reporting as it goes: the caller owns the loop and may leave it.

    Parameters
    ----------
    params : list of Layer
        Where to start; copied, not changed. The run computes in their dtype.
    X : array of shape (N, n_in)
        Floats, or uint8 pixels, which are divided by 255 minibatch by minibatch.
    y : integer array of shape (N,)
        Labels, 0 to the number of logits - 1.
    rng : numpy.random.Generator
        Orders the examples, by one permutation an epoch.
    lr : float, or function of the fraction of the steps done (0 to 1) that returns one
        The learning rate, or a schedule for it.
    batch_size : int
        Examples in a minibatch; the last one of an epoch may be smaller.
    epochs : int
        Passes through the data.
    report_every : int
        Steps from one report to the next.
    optimizer : str, or function
        A name in `OPTIMIZERS`, or a function that is called as those are.
    activation : str
        A name in `ACTIVATIONS`.
    augment : function of (X, rng), optional
        Returns a changed copy of each minibatch, of floats (batch_size, n_in), before it is used.
    validation : (X, y), optional
        What the reports' accuracy is measured on.
    keep_params : bool
        Whether every report holds a copy of the weights; if not, the last one alone does, and a
        list of reports stays small.

    Yields
    ------
    Report
        Every report_every steps and after the last one. A loss that is not finite ends the run
        with a report that says so.

    Raises
    ------
    TypeError, ValueError
        At the call, if an argument cannot be right; during the run, if X turns out to hold NaN.

    Notes
    -----
    BLAS is held to one thread while the run computes, which costs little alone and saves much where
    several kernels share a machine.

    Examples
    --------
    >>> from mnist_edu.data import load_mnist
    >>> from mnist_edu.network import init_params
    >>> rng = np.random.default_rng(0)
    >>> X, y = load_mnist().train.first(1000, dtype=np.float64)
    >>> params = init_params([784, 30, 10], rng)
    >>> for report in train(params, X, y, rng=rng, epochs=2, report_every=10):
    ...     print(f"step {report.step}  epoch {report.epoch:.2f}  loss {report.loss:.4f}")
    step 10  epoch 0.62  loss 1.9991
    step 20  epoch 1.25  loss 1.3917
    step 30  epoch 1.88  loss 1.0766
    step 32  epoch 2.00  loss 0.8877
    """
    for images, labels in [(X, y)] if validation is None else [(X, y), validation]:
        check_shapes(params, images)
        check_labels(labels, len(params[-1].b), len(images))
    check_rng(rng)
    check_count("batch_size", batch_size)
    check_count("epochs", epochs)
    check_count("report_every", report_every)
    if not callable(lr) and not (isinstance(lr, Real) and 0 <= lr < math.inf):
        raise ValueError(f"lr is {lr!r}; expected a finite number, at least 0, or a function")
    step_with = optimizer if callable(optimizer) else look_up(OPTIMIZERS, optimizer, "optimizer")
    look_up(ACTIVATIONS, activation, "activation")

    current = _copy(params)
    steps_per_epoch = math.ceil(len(X) / batch_size)
    steps = epochs * steps_per_epoch

    def loss_and_grads(
        params: list[Layer], X: np.ndarray, y: np.ndarray
    ) -> tuple[float, list[Layer]]:
        if augment is not None:
            X = augment(X, rng)
        logits, cache = forward(params, X, activation)
        loss, dz = cross_entropy_value_and_grad(logits, y)
        return loss, backpropagate(params, cache, dz)

    def run() -> Iterator[Report]:
        from threadpoolctl import ThreadpoolController

        blas = ThreadpoolController()
        batches = (batch for _ in range(epochs) for batch in minibatches(X, y, batch_size, rng))
        rates = (float(lr(step / steps) if callable(lr) else lr) for step in range(steps))
        descent = descend(current, loss_and_grads, rates, batches, step_with)
        step, last = 0, False
        while not last:
            with blas.limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
                losses = list(islice(descent, report_every))
                loss = sum(losses) / len(losses)
                step += len(losses)
                score = None
                if validation is not None:
                    score = accuracy(validation[1], predict(current, validation[0], activation))
                seen = to_floats(X[:256], current[0].W.dtype)
                note = diagnose(current, seen, loss, step, activation)
            last = step == steps or not math.isfinite(loss)
            kept = _copy(current) if keep_params or last else []
            yield Report(step, step / steps_per_epoch, loss, score, kept, note)

    return run()


def descend(
    params: list[Layer],
    loss_and_grads: Callable[[list[Layer], np.ndarray, np.ndarray], tuple[float, list[Layer]]],
    rates: Iterable[float],
    batches: Iterable[tuple[np.ndarray, np.ndarray]],
    optimizer: Callable[..., None] = sgd,
) -> Iterator[float]:
    """Take a step for each minibatch, in place, and yield its loss, measured before that step.

    Parameters
    ----------
    params : list of Layer
    loss_and_grads : function of (params, X, y)
        Returns the loss, and its gradient as a list of Layer. X are floats of the dtype of params.
    rates : iterable of float
        The learning rate of each step.
    batches : iterable of (X, y)
        As from `minibatches`; the run ends with the shorter of the two.
    optimizer : function, called as those in `OPTIMIZERS` are

    Yields
    ------
    float
        After each step; a loss that is not finite is the last, and no step is taken there.

    Examples
    --------
    >>> def squares(params, X, y):  # the loss is b²
    ...     return params[0].b.item() ** 2, [Layer(np.zeros((1, 1)), 2 * params[0].b)]
    >>> params = [Layer(np.zeros((1, 1)), np.ones(1))]
    >>> list(descend(params, squares, [0.25] * 3, [(np.zeros((1, 1)), np.zeros(1, int))] * 3))
    [1.0, 0.25, 0.0625]
    """
    state: dict[str, Any] = {}
    for lr, (X, y) in zip(rates, batches, strict=False):
        loss, grads = loss_and_grads(params, to_floats(X, params[0].W.dtype), y)
        if math.isfinite(loss):
            optimizer(params, grads, lr, state)
        yield loss
        if not math.isfinite(loss):
            return


def diagnose(
    params: list[Layer], X: np.ndarray, loss: float, step: int, activation: str = "relu"
) -> str:
    """Say in words what is wrong with a run, or "" if nothing is or it learns all the same.

    Parameters
    ----------
    params : list of Layer
    X : float array of shape (N, n_in)
        Some of the examples that the network learns from.
    loss : float
        Its recent mean loss (nats).
    step : int
        Steps taken: for the first 100 a loss like that of guessing is no bad sign.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = [Layer(np.zeros((784, 10)), np.zeros(10))]
    >>> diagnose(params, rng.random((5, 784)), loss=2.31, step=500)
    'stalled: the loss, 2.310, is hardly better than guessing, 2.303'
    """
    if not math.isfinite(loss):
        return "diverged: the loss is no longer a finite number; try a smaller learning rate"
    guessing = math.log(len(params[-1].b))
    if loss < guessing / 2:
        return ""
    _, cache = forward(params, X, activation)
    for l, a in enumerate(cache.a[1:], start=1):
        dead = int((a == 0).all(axis=0).sum())
        if dead >= 0.9 * a.shape[1]:
            return f"dead: {dead} of {len(a.T)} units of hidden layer {l} are 0 on {len(X)} images"
    if step > 100 and loss > 0.99 * guessing:
        return f"stalled: the loss, {loss:.3f}, is hardly better than guessing, {guessing:.3f}"
    return ""


def _arrays(params: list[Layer]) -> list[np.ndarray]:
    return [array for layer in params for array in layer]


def _zeros_like(params: list[Layer]) -> list[np.ndarray]:
    return [np.zeros_like(array) for array in _arrays(params)]


def _copy(params: list[Layer]) -> list[Layer]:
    return [Layer(W.copy(), b.copy()) for W, b in params]
