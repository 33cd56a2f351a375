"""Checks of the exercises of notebook 02."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import ACTIVATIONS, relu, softmax
from mnist_edu.exercises._check import (
    example,
    exercise,
    expect,
    expect_for_shapes,
    expect_same,
    same,
)


@exercise("2.5")
def tanh_grad_from_activation(f: Callable) -> Iterator[str]:
    z = np.random.default_rng(0).normal(size=(3, 4))
    a = np.tanh(z)
    got, right = f(a), ACTIVATIONS["tanh"].grad(z)
    yield from expect(got, (3, 4))
    if same(got, ACTIVATIONS["tanh"].grad(a)):
        yield "That takes tanh of a once more; a already is tanh(z)."
    if same(got, 1 - a):
        yield "Look at the power of a: the derivative is even in z, and so it has to be in a."
    if same(got, a * (1 - a)):
        yield "That is the derivative of the sigmoid, from its activation."
    yield from expect_same(got, right, example("a = tanh(z)", a, got, right))
    yield from expect_same(
        f(np.array([-1.0, 0.5, 1.0])),
        [0, 0.75, 0],
        "It goes wrong at a = ±1, where tanh has become level, or for an array with one axis.",
    )


@exercise("2.6")
def softmax_rows(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    Z = rng.integers(-128, 129, (3, 3)) / 64  # exact in float32; square: no axis fails by length
    got, right = f(Z), softmax(Z)
    yield from expect(got, (3, 3))
    if same(got, softmax(Z, axis=0)):
        yield "The columns sum to 1, not the rows: look at the axis of the sum."
    if same(got.sum(), 1):
        yield "All entries together sum to 1. Each row, an image, needs its own sum: which axis?"
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    if same(got, np.exp(Z) / np.exp(Z).sum(axis=1)) or same(got, E / E.sum(axis=1)):
        yield "Each row's sum divides a column. Keep the sum a column: `keepdims=True`."
    if same(got, np.log(right), 1e-5):
        yield "That is the logarithm of the softmax."
    if not same(got.sum(axis=1), np.ones(3), 1e-3):
        yield "The rows do not sum to 1. Divide by the sum of each row."
    hint = "The rows sum to 1, but their entries are not in the ratios of exp(z)."
    yield from expect_same(got, right, hint)
    for other, hint in (
        (
            Z + 1000,
            "Adding 1000 to all logits changes the answer. What can be subtracted before exp?",
        ),
        (Z - 1000, "Taking 1000 from all logits changes the answer: does every exp become 0?"),
        (
            Z + np.array([[1000.0], [0], [-1000]]),
            "Adding 1000 to one row alone changes the answer: is what you subtract the row's own?",
        ),
        (
            3000 * np.eye(3),
            "A row with one logit far above the others overflows still. Is enough subtracted?",
        ),
        (rng.normal(size=(2, 5)), "It works for as many images as classes, and for nothing else."),
        (np.array([[1.0, 2.0, 4.0]]), "It goes wrong for a single row."),
        (np.array([[1, 2, 4], [0, 0, 1]]), "Of logits that are integers it makes integers."),
    ):
        yield from expect_same(f(other), softmax(other * 1.0), hint)
    yield from expect_for_shapes(f, softmax, [(130, 120)])


@exercise("2.7")
def dead_units(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(48)  # every slip below gives a number of its own
    X, W = rng.integers(-2, 3, (6, 3)) * 1.0, rng.integers(-2, 3, (3, 9)) * 1.0
    b = rng.integers(-9, 2, 9) * 1.0
    got, z = f(W, b, X), X @ W + b  # whole numbers: the largest z of two units is exactly 0
    right = sum(all(z[n, j] <= 0 for n in range(6)) for j in range(9))
    dead = (z <= 0).all(axis=0)
    if same(got, dead) or same(got, ~dead):
        yield "That says which units. How many are they?"
    yield from expect(got, ())
    if same(got, (X @ W <= 0).all(axis=0).sum()):
        yield "The biases are missing."
    if same(f(W, b - 100, X), got) and same(f(W, b + 100, X), got):
        yield f"It gives {got:g} with biases of -100, and with biases of 100: what is counted?"
    for slip, hint in (
        ((z < 0).all(axis=0).sum(), "A unit whose largest z is exactly 0 is silent, too."),
        (
            (z <= 0).any(axis=0).sum(),
            "These are silent on *some* image; dead is silent on every one.",
        ),
        ((z <= 0).all(axis=1).sum(), "These are images on which no unit is active: which axis?"),
        (9 - right, "These are the units that are alive."),
        (
            (z.max(axis=0) == 0).sum(),
            "Only units whose largest z is exactly 0; it may be below as well.",
        ),
        ((z <= 0).sum(), "That counts pairs of an image and a unit that is silent on it."),
        ((z.sum(axis=0) <= 0).sum(), "The sum, or mean, of z says nothing of the largest z."),
        (right / 9, "That is a fraction; the number of units is asked for."),
    ):
        if same(got, slip):
            yield hint
    if not same(got, right):
        yield "Not the number of units that are silent on every image."
    if not (same(f(W, b - 100, X), 9) and same(f(W, b + 100, X), 0)):
        yield "It goes wrong where all units are dead, or none is."
    for image, z, hint in (
        (0, 1, "A unit that is active on the first image alone is counted as dead."),
        (-1, 1, "A unit that is active on the last of 200 images alone is counted as dead."),
        (1, 0.5, "A unit whose largest z is 0.5 is counted as dead: are there only integers left?"),
        (1, 1e-15, "A unit whose largest z is tiny, but above 0, is counted as dead."),
    ):
        X = np.zeros((200, 1))
        X[image] = z
        if not same(f(np.array([[1.0, -1.0]]), np.zeros(2), X), 1):
            yield hint
    if not same(f(np.zeros((1, 150)), -np.ones(150), X), 150):
        yield "Of 150 dead units it counts fewer: does it look at all of them?"


@exercise("2.8")
def softplus(f: Callable) -> Iterator[str]:
    z = np.random.default_rng(0).normal(size=(2, 3, 2))
    got, right = f(z), np.logaddexp(0, z)
    yield from expect(got, z.shape)
    for slip, hint in (
        (z, "It returns z itself: the 1 is missing."),
        (np.log(1 + np.exp(-z)), "That is log(1 + exp(-z)): what is the relation of the two?"),
        (
            np.log1p(np.exp(-np.abs(z))),
            "For z > 0, what was taken out of the logarithm is missing.",
        ),
        (relu(z), "That is ReLU: the corner at 0 should be round."),
        (np.where(z > 0, z, right), "For z > 0 it gives z, which is only the larger part."),
        (right / np.log(2), "The logarithm is that of base 2; `log` is the natural one."),
        (np.log(1 + np.exp(z - z.max())), "In a softmax the maximum cancels; here it does not."),
    ):
        if same(got, slip):
            yield hint
    hint = "Not log(1 + exp(z)); at z = 0, for instance, it has to be log 2."
    yield from expect_same(got, right, hint)
    z = np.linspace(-40, 40, 801)
    got, right = f(z), np.logaddexp(0, z)
    yield from expect(got, z.shape)
    if not same(got, right, 1e-5 if got.dtype == np.float32 else 1e-8):
        worst = z[np.abs(got - right).argmax()]
        yield f"It is right near 0, but not at z = {worst:.1f}. Where does a rule of yours begin?"
    overflows: list = []
    for place, question in (
        (1000, "Can the exponent be kept below 0?"),
        (-1000, "For z < 0, what must the exponent be?"),
        (1.7e308, "Is it squared, doubled, or kept in float32?"),
        (-1.7e308, "Is it squared, doubled, or kept in float32?"),
    ):
        with np.errstate(over="call", call=lambda *what: overflows.append(what)):
            (got,) = f(np.array([place, 0.5]))[:1]
        if not np.isfinite(got):
            yield f"At z = {place:g} it is not finite. {question}"
        if place > 0 and got < 0.999 * place:
            yield "Above some z it stops growing; softplus grows on, like z."
        if not same(got, np.logaddexp(0, place)):
            yield f"At z = {place:g} it is {got:g}; expected {np.logaddexp(0, place):g}."
        if overflows:
            question = "In which branch?" if abs(place) == 1000 else question
            yield f"At z = {place:g} it is right, but NumPy warns of an overflow. {question}"
    hint = "It goes wrong for an array without an axis, such as `np.array(0.5)`."
    yield from expect_same(f(np.array(0.5)), np.logaddexp(0, 0.5), hint)
    yield from expect_for_shapes(f, lambda z: np.logaddexp(0, z), [(130, 4)])


@exercise("2.9")
def bump(f: Callable) -> Iterator[str]:
    x = np.array([0.5, 0.0, 0.3, 0.55, 0.45, 0.425, 0.575, 0.4, 0.6, 0.8, 1.0, -1, 2])
    got, right = f(x), np.interp(x, [0.4, 0.5, 0.6], [0, 1, 0])
    yield from expect(got, x.shape)
    at = dict(zip(x.tolist(), got.tolist(), strict=True))
    if same(got, right / 10):
        yield "The bump has the right shape, but it is 0.1 high. How steep is a climb of 1 in 0.1?"
    if not same([at[0], at[0.3], at[0.4], at[-1]], np.zeros(4)):
        yield "Left of 0.4 it is not 0. Which ReLUs are silent there?"
    if not same(at[0.5], 1):
        yield f"At 0.5 it is {round(at[0.5], 3):g}. How steep is a climb from 0 at 0.4 to 1 at 0.5?"
    if not same(at[0.45], 0.5):
        yield f"At 0.45 it is {round(at[0.45], 3):g}, not halfway up."
    if same(at[0.55], 1):
        yield "From 0.5 on it is level. The slope there has to turn from climbing into falling."
    if not same(at[0.55], 0.5):
        low = round(at[0.55], 3) + 0
        yield f"At 0.55 it is {low:g}, not halfway down. By how much does the slope change at 0.5?"
    if not same(at[0.425], 0.25):
        yield "Between its kinks it is curved; ReLUs make straight pieces."
    if at[0.8] < -1e-6:
        yield "After 0.6 it falls on, below 0. Which ReLU ends the fall?"
    if not same([at[0.8], at[1.0], at[2]], np.zeros(3)):
        yield "After 0.6 it does not stay 0. What do the three slopes add up to there?"
    yield from expect_same(got, right, example("x", x, got, right))
