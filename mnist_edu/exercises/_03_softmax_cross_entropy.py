"""Checks of the exercises of notebook 03."""

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from mnist_edu.activations import log_softmax, softmax
from mnist_edu.data import one_hot
from mnist_edu.exercises._check import (
    exercise,
    expect,
    expect_for_shapes,
    expect_same,
    same,
    written,
)
from mnist_edu.gradient_check import numerical_gradient, numerical_jacobian
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.network import Layer, backward, forward


def pair_hints(got: Any, depth: int) -> Iterator[str]:
    """Yield a hint if got is not a list of depth Layer, or pairs of arrays."""
    if not isinstance(got, tuple | list):
        yield f"It returns a {type(got).__name__}; expected a list of {depth} Layer."
    elif len(got) != depth:
        yield f"It returns {len(got)} items; expected {depth} Layer, one for each layer."
    for layer in got:
        if not isinstance(layer, tuple | list) or len(layer) != 2:
            yield f"A layer's gradient is a {type(layer).__name__}; expected a Layer, of dW and db."


def layer_hints(got: Any, right: Sequence, dz: Sequence[np.ndarray]) -> Iterator[str]:
    """Yield what may be wrong with any gradient: kinds, shapes, factors, transposes.

    Parameters
    ----------
    got : list of Layer, as the student returns it
    right : list of Layer
    dz : list of arrays of shape (N, n_out)
        The errors, layer by layer.
    """
    depth, N = len(right), len(dz[0])
    yield from pair_hints(got, depth)
    if depth > 1 and _all_same(got, right[::-1]):
        yield "Right, but in the order of the way back; the first layer has to be the first."
    if _all_same(got, [(b, W) for W, b in right]):
        yield "The gradients of W and b have changed places."
    factors = (
        (-1, "has the wrong sign: it should point to where the loss rises"),
        (N, "is N times too large: the loss is a mean over the images"),
        (1 / N, "is N times too small: count the divisions by N"),
    )
    for factor, hint in factors:
        if _all_same(got, [(factor * W, factor * b) for W, b in right]):
            yield f"The whole gradient {hint}."
    for l in reversed(range(depth)):
        number = l + 1 if depth > 1 else ""
        for kind, mine, truth in zip("Wb", got[l], right[l], strict=True):
            name = f"d{kind}{number}"
            if kind == "b" and np.shape(mine) == ():
                yield f"{name} is a single number; each unit has a bias: which axis is summed?"
            if kind == "b" and np.shape(mine) == dz[l].shape:
                yield f"{name} has a row for each image; a bias acts on all of them."
            yield from (f"{name}: {hint}" for hint in expect(mine, truth.shape))
            if kind == "b" and same(mine, dz[l].sum(axis=1)):
                yield f"{name} has a sum for each image, not for each unit: which axis is summed?"
            if kind == "W" and not same(mine, truth) and same(mine, truth.T):
                yield f"{name} is transposed: its first index counts the layer's inputs."
            for factor, hint in factors:
                if same(mine, factor * truth) and not same(mine, truth):
                    yield f"{name} {hint}."


def first_wrong(got: Sequence, right: Sequence) -> Iterator[str]:
    """Yield the name of the array that goes wrong first on the way back."""
    for l in reversed(range(len(right))):
        for kind, mine, truth in zip("Wb", got[l], right[l], strict=True):
            number = l + 1 if len(right) > 1 else ""
            hint = f"On the way back, d{kind}{number} is the first that is not the gradient."
            yield from expect_same(mine, truth, hint)


def _all_same(got: Sequence, right: Sequence) -> bool:
    """Say whether all arrays of two gradients are the same."""
    return all(
        same(mine, truth)
        for pair, layer in zip(got, right, strict=True)
        for mine, truth in zip(pair, layer, strict=True)
    )


def shift_hints(f: Callable, z: np.ndarray, right: np.ndarray, spiked: np.ndarray) -> Iterator[str]:
    """Yield a hint if f's softmax is not a safe one.

    Parameters
    ----------
    f : function of logits of shape (K,)
    z : logits, and right : what f gives for them
    spiked : what f gives for logits of 3000, 0, 0, ...
    """
    spike = np.where(np.arange(len(z)) == 0, 3000.0, 0.0)
    for logits, wanted, hint in (
        (z + 1000, right, "Adding 1000 to all logits changes it: is the softmax a safe one?"),
        (z - 1000, right, "Taking 1000 from all logits changes it: does every exp become 0?"),
        (spike, spiked, "One logit far above the others overflows. Is enough subtracted?"),
    ):
        yield from expect_same(f(logits), wanted, hint)


@exercise("3.3")
def cross_entropy_from_probabilities(f: Callable) -> Iterator[str]:
    y, logits = np.array([2, 0, 3, 3, 1]), np.random.default_rng(0).normal(size=(5, 4))
    O, Y = softmax(logits), one_hot(y, 4)
    got, right = f(O, Y), cross_entropy(logits, y)
    if np.shape(got) == (5,):
        yield "That is a loss for each image; one number is asked for, their mean."
    if same(got, np.inf):
        yield "It is infinite. Is a logarithm taken where Y is 0?"
    yield from expect(got, ())
    for slip, hint in (
        (-right, "The sign: a loss is smaller where the truth gets more."),
        (right / 4, "It is K times too small: the mean is over the images alone."),
        (right * 5, "It is N times too large: the sum over images is not a mean yet."),
        (right * 5 / 4, "It is divided by the number of classes, not of images."),
        (right / np.log(2), "The logarithm is that of base 2; `log` is the natural one here."),
        (right / np.log(10), "The logarithm is that of base 10; `log` is the natural one here."),
        (
            right - ((1 - Y) * np.log(1 - O)).sum() / 5,
            "That adds log(1 - O) of the wrong classes: the *binary* cross-entropy.",
        ),
        (cross_entropy(O, y), "Softmax is taken once more; O holds probabilities already."),
        (-np.log((O * Y).sum() / 5), "That is the log of the mean; the mean of the logs is asked."),
        (-np.log(O).sum() / 5, "The wrong classes count as well: what picks the true one?"),
        (1 - (O * Y).sum() / 5, "Where is the logarithm?"),
    ):
        if same(got, slip):
            yield hint
    hint = "Not the mean of -log of the probabilities given to the truth."
    yield from expect_same(got, right, hint)
    tiny = np.array([[1e-30, 1 - 1e-30], [0.5, 0.5]])
    if not same(f(tiny, np.array([[1.0, 0], [0, 1]])), (np.log(1e30) + np.log(2)) / 2):
        yield "For a truth with probability 1e-30 it is not right: is O clipped, or moved?"
    sure = np.array([[1.0, 0, 0], [0.5, 0, 0.5]])
    if not same(f(sure, np.array([[1.0, 0, 0], [0, 0, 1]])), np.log(2) / 2):
        yield "Where O and Y are both 0 it goes wrong, for log 0 is not finite. Is it needed there?"
    y, logits = np.arange(2000) % 4, np.random.default_rng(1).normal(size=(2000, 4))
    got, right = f(softmax(logits), one_hot(y, 4)), cross_entropy(logits, y)
    if same(got, np.inf):
        yield "With 2000 rows it is infinite: are probabilities multiplied before the log?"
    yield from expect_same(got, right, "With 2000 rows it goes wrong: do all of them count?")


@exercise("3.4")
def softmax_jacobian(f: Callable) -> Iterator[str]:
    z = np.random.default_rng(0).integers(-128, 129, 4) / 64  # exact in float32
    got, o, eye = f(z), softmax(z), np.eye(4)
    right = numerical_jacobian(softmax, z)
    if np.shape(got) == (4,):
        yield "That is one number for each class; every o_i depends on every z_k."
    yield from expect(got, (4, 4))
    oo = np.outer(o, o)
    for slip, hint in (
        (np.diag(o * (1 - o)), "Only the diagonal is filled; one logit moves all probabilities."),
        (-oo, "The case i ≠ k is right; on the diagonal something is missing."),
        (oo - np.diag(o), "The sign: if a logit rises, its own probability rises."),
        (np.diag(o) + oo, "If a logit rises, the *other* probabilities fall."),
        (eye - oo, "Off the diagonal it is right. What does 1[i = k] get multiplied by?"),
        (o - oo, "The first term is in every entry, not on the diagonal alone."),
        (np.outer(o, 1 - o), "The diagonal is right, but the 1 is in every entry."),
        (eye * o - o * o, "Off the diagonal it has squares: o_i o_k has two different indices."),
        ((eye * o - o * o).T, "Off the diagonal it has o_i squared: where is index k?"),
        (eye * o - o @ o, "`o @ o` is one number, also with `.T`: o has a single axis."),
        (eye - o, "That is the Jacobian of log o: a factor is missing."),
        ((eye - o).T, "A factor o is missing, and rows and columns are exchanged."),
        (np.diag(z) - np.outer(z, z), "It is made of the logits; the formula has probabilities."),
    ):
        if same(got, slip):
            yield hint
    if not same(got.sum(axis=0), np.zeros(4), 1e-5):
        yield "The columns do not add up to 0, as they must by (3.17)."
    hint = "The columns add up to 0, but the entries differ from measured ones."
    yield from expect_same(got, right, hint)
    yield from shift_hints(f, z, right, np.zeros((4, 4)))
    few = numerical_jacobian(softmax, z[:2])
    yield from expect_same(f(z[:2]), few, "It works for four classes only.")

    def jacobian(z):
        return np.diag(softmax(z)) - np.outer(softmax(z), softmax(z))

    yield from expect_for_shapes(f, jacobian, [(130,)])
    if "FOR_ITER" in written(f):
        yield "The numbers are right, but there is a loop in it."


@exercise("3.5")
def softmax_backward(f: Callable) -> Iterator[str]:
    z, g = np.random.default_rng(0).integers(-128, 129, (2, 4)) / 64  # exact in float32
    got, o = f(z, g), softmax(z)
    right = g @ numerical_jacobian(softmax, z)
    if np.shape(got) == (4, 4):
        yield "It returns a table; the sum over i is still to be done, or was never needed."
    yield from expect(got, (4,), or_list=True)
    for slip, hint in (
        (o * g, "That is the part with 1[i = k]. The other part of the sum is missing."),
        (o * (1 - o) * g, "That uses the Jacobian's diagonal alone; z_k moves every o_i."),
        (-o * (g * o).sum(), "That is the part with o_i o_k; the one with 1[i = k] is missing."),
        (o * (g - g.sum()), "In the sum over i each g_i has a factor of its own. Which?"),
        (o * (g - g.mean()), "Not the plain mean of g: in the sum, each g_i has its own weight."),
        (g - (g * o).sum(), "A factor is missing in front: what do both parts have in common?"),
        (o * g - (g * o).sum(), "The second part depends on k as well; through what?"),
        (o * (g + (g * o).sum()), "The sign of the second part is wrong."),
        (-right, "The sign is wrong, of both parts."),
        (o * g - o * o * g, "The second part is a *sum* over i, the same for each k but for o_k."),
        (o - g, "That is o - y, the slope for the cross-entropy; here g is any slope."),
        (z * (g - (g * z).sum()), "It takes the logits for the probabilities."),
    ):
        if same(got, slip):
            yield hint
    hint = "Not the measured slopes. If all g are equal, it must give 0: does it?"
    yield from expect_same(got, right, hint)
    yield from shift_hints(lambda z: f(z, g), z, right, np.zeros(4))
    z, g = np.random.default_rng(1).normal(size=(2, 100))
    tracemalloc.start()
    try:
        got = f(z, g)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    right = g @ numerical_jacobian(softmax, z)
    yield from expect_same(got, right, "It is right for four classes, and not for 100.")
    if peak > 8 * 100 * 100 / 2:
        yield "The numbers are right, but a K × K table was formed on the way."

    def backward_by_table(z, g):
        return g @ numerical_jacobian(softmax, 1.0 * z)

    yield from expect_for_shapes(f, backward_by_table, [(30,), (30,)])


@exercise("3.6")
def log_sum_exp(f: Callable) -> Iterator[str]:
    z = np.random.default_rng(0).normal(size=(3, 3, 3))  # a cube: no axis fails by its length
    got, E, m = f(z), np.exp(z), z.max(axis=-1)
    right = np.logaddexp.reduce(z, axis=-1)
    if np.shape(got) == (3, 3, 1):
        yield "The last axis is still there, with length 1; it should be gone."
    if np.shape(got) == ():
        yield "It gives one number for the whole array. The sum is over the last axis alone."
    yield from expect(got, (3, 3))
    for slip, hint in (
        (np.log(E.sum(axis=0)), "The sum is over the first axis."),
        (np.log(E.sum(axis=1)), "The sum is over axis 1; that is the last one of a table only."),
        (right - m, "What was subtracted before exp has to come back."),
        (right - z.max(), "What was subtracted before exp has to come back, whichever it was."),
        (right - 2 * m, "What was subtracted is taken away a second time."),
        (right + m, "The maximum is added, but was it subtracted?"),
        (np.exp(right), "The logarithm is missing."),
        (z.sum(axis=-1), "Log and exp cancel here: the sum has to stand between them."),
        (
            np.log(np.exp(z - m).sum(axis=-1)) + m,
            "Logits lose the maximum of another row: the maximum lies flat. What keeps its axis?",
        ),
        (m, "That is the largest logit alone, not yet log-sum-exp."),
        (right - np.log(3), "That has a mean in place of the sum."),
        (
            np.log(np.exp(z - m[..., None]).sum(axis=-1)) * m,
            "The maximum is multiplied, not added.",
        ),
    ):
        if same(got, slip):
            yield hint
    row = ", ".join(f"{logit:.2f}" for logit in z[0, 0])
    hint = f"Of the logits {row} it makes {got[0, 0]:.3f}; expected {right[0, 0]:.3f}."
    yield from expect_same(got, right, hint)
    table = np.array([[1000.0, 1000.0], [0.0, 0.0]])
    for logits, wanted, hint in (
        (
            np.array([[2.0, 2.0], [-1.0, -1.0]]),
            np.array([2, -1]) + np.log(2),
            "A row whose largest logit occurs twice goes wrong: does each of them count?",
        ),
        (z + 1000, right + 1000, "Logits of 1000 go wrong. What can be taken out before exp?"),
        (z - 1000, right - 1000, "Logits of -1000 go wrong: does every exp become 0?"),
        (
            table,
            np.array([1000, 0]) + np.log(2),
            "A row beside one with much larger logits goes wrong: is the maximum the row's own?",
        ),
        (
            3000 * np.eye(3),
            np.full(3, 3000),
            "A row with one logit far above the others overflows still. Is enough subtracted?",
        ),
        (
            table[:1],
            [1000 + np.log(2)],
            "A table of one row goes wrong. Does it lose its first axis as well?",
        ),
        (
            z[0, 0],
            right[0, 0],
            "For a single row, of shape (K,), it does not give a single number.",
        ),
        (
            np.array([1e300, 0.0]),
            1e300,
            "Logits of 1e300 go wrong: are they kept in float32, or multiplied?",
        ),
    ):
        if not same(f(logits), wanted):
            yield hint
    yield from expect_for_shapes(f, lambda z: np.logaddexp.reduce(z, axis=-1), [(3, 110, 120)])


def one_layer(W: np.ndarray, b: np.ndarray, X: np.ndarray, y: np.ndarray) -> Layer:
    """Return the gradient of a single layer."""
    return backward([Layer(W, b)], forward([Layer(W, b)], X)[1], y)[0]


@exercise("3.7")
def single_layer_gradient(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    for N, D, K in ((10, 10, 10), (6, 5, 3)):  # ten of each: no axis fails by its length
        W, b, X = rng.normal(size=(D, K)), rng.normal(size=K), rng.normal(size=(N, D))
        y, z = rng.integers(0, K - 1, N), X @ W + b  # the last class does not occur
        got, dz, Y = f(W, b, X, y), cross_entropy_grad(z, y), one_hot(y, K)
        if not isinstance(got, tuple | list) or len(got) != 2:
            yield f"It returns a {type(got).__name__}; expected two arrays, dW and db."
        right = one_layer(W, b, X, y)
        yield from layer_hints([got], [right], [dz])
        for error, hint in (
            (z - Y, "The error takes the logits for the probabilities: where is softmax?"),
            (softmax(X @ W) - Y, "The biases are missing from the logits."),
            (softmax(z, axis=0) - Y, "The softmax is over the images: which axis are the classes?"),
            (softmax(z), "The labels play no part: what is subtracted from the probabilities?"),
        ):
            if same(got[0], X.T @ error / N):
                yield hint
        if N == D and same(got[0], X @ dz):
            yield "dW: each image's pixels have to meet its own error. Which index is summed over?"
        yield from first_wrong([got], [right])
    for factor, shift, hint in (
        (1000, 0, "With logits of a few thousand it goes wrong: is the softmax a safe one?"),
        (1, 1000, "Adding 1000 to all biases changes the gradient: are logits cut off?"),
        (1, -1000, "Taking 1000 from all biases changes the gradient: does every exp become 0?"),
    ):
        right = one_layer(factor * W, b + shift, X, y)
        yield from expect_same(f(factor * W, b + shift, X, y)[0], right.W, hint)

    def part(f: Callable, k: int) -> Callable:
        return lambda W, b, X: f(W, b, X, np.arange(len(X)) % len(b))[k]

    for k in (0, 1):
        shapes = [(110, 12), (12,), (130, 110)]
        yield from expect_for_shapes(part(f, k), part(one_layer, k), shapes, whole=False)


@exercise("3.8")
def smoothed_gradient(f: Callable) -> Iterator[str]:
    c, epsilon, K = 3, 0.2, 5
    z = np.random.default_rng(0).integers(-128, 129, K) / 64  # exact in float32
    got, o, hot, share = f(z, c, epsilon), softmax(z), np.eye(K)[c], epsilon / (K - 1)
    y = np.where(np.arange(K) == c, 1 - epsilon, share)
    right = numerical_gradient(lambda z: -(y * log_softmax(z)).sum(), z)
    if same(got, -(y * np.log(o)).sum()):
        yield "That is the loss; its slope along each logit is asked for."
    yield from expect(got, (K,))
    for slip, hint in (
        (o - hot, "That is the gradient without smoothing: what are the labels now?"),
        (-right, "The sign is wrong."),
        (y, "These are the smoothed labels, not yet the gradient."),
        (o - (1 - epsilon) * hot - epsilon / K, "Here epsilon is shared among the K - 1 others."),
        (
            o - (1 - epsilon) * hot - share,
            "The truth gets a share of epsilon too: do the labels sum to 1?",
        ),
        (o - (1 - epsilon) * hot, "The other classes' labels are still 0."),
        (
            o - np.where(hot, 1 - epsilon, epsilon),
            "Each other class gets all of epsilon: do the labels sum to 1?",
        ),
        (o - np.where(hot, 1, share), "The true class's label is still 1."),
        ((1 - epsilon) * (o - hot), "All is made smaller by 1 - epsilon: where did the rest go?"),
        (z - y, "It takes the logits for the probabilities."),
    ):
        if same(got, slip):
            yield hint
    if same(f(z, c, 0.5), got):
        yield "Another epsilon gives the same: is the argument used?"
    if not same(got.sum(), 0, 1e-5):
        yield "Its entries do not add up to 0, though all labels add up to 1."
    hint = "Not the measured slopes. Put the smoothed labels into lines 1 to 6."
    yield from expect_same(got, right, hint)
    yield from shift_hints(lambda z: f(z, c, epsilon), z, right, np.eye(K)[0] - y)
    yield from expect_same(
        f(z[:3], 0, 0.5),
        softmax(z[:3]) - [0.5, 0.25, 0.25],
        "It works for one number of classes, one class or one epsilon only.",
    )
    zeros = np.zeros(4, int)
    hint = "Given whole numbers it goes wrong: do the labels get the type of z?"
    yield from expect_same(f(zeros, 0, 0.3), [-0.45, 0.15, 0.15, 0.15], hint)
