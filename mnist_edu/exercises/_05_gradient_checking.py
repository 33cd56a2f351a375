"""Checks of the exercises of notebook 05."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.exercises._03_softmax_cross_entropy import pair_hints
from mnist_edu.exercises._04_backpropagation import random_network
from mnist_edu.exercises._check import exercise, expect, expect_same, same
from mnist_edu.gradient_check import numerical_gradient, relative_error
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward
from mnist_edu.topics.gradient_clinic import check_program


@exercise("5.1")
def check_gradient(f: Callable) -> Iterator[str]:
    x, c = np.random.default_rng(0).normal(size=(2, 2, 3))
    h = 0.1  # so large that each kind of difference gives a number of its own

    def cubic(x):
        return (c * x**3).sum() + (x[0] * x[1]).sum()

    slopes, size = numerical_gradient(cubic, x, h), np.linalg.norm
    ahead = np.array([cubic(x + h * e.reshape(2, 3)) - cubic(x) for e in np.eye(6)]) / h
    tiny_step = numerical_gradient(cubic, x)
    for scale, which in ((1.5, "measured"), (0.5, "claimed")):  # the claim is larger, and smaller
        claimed = scale * slopes + np.array([[0.1, 0, -0.2], [0, 0.3, 0]])
        got, off, right = f(cubic, claimed, x, h), claimed - slopes, relative_error(claimed, slopes)
        if np.shape(got) == x.shape:
            yield "That is a number for each entry; by norm, the whole array has one."
        yield from expect(got, ())
        lengths, each = (size(claimed), size(slopes)), np.maximum(abs(claimed), abs(slopes))
        for slip, hint in (
            (relative_error(claimed, ahead.reshape(2, 3)), "These are forward differences."),
            (
                relative_error(claimed, 2 * slopes),
                "Measured slopes are doubled: how far are the places apart?",
            ),
            (relative_error(claimed, tiny_step), "It does not depend on h: is the argument used?"),
            (size(off), "That is the length of the difference. Beside what is it small?"),
            (
                size(off) / sum(lengths),
                "It divides by both lengths added; look at `relative_error`'s.",
            ),
            (
                size(off) / min(lengths),
                f"It divides by the length of the {which} one, and the other is larger.",
            ),
            (right**2, "That is the square of it: a root is missing."),
            ((abs(off) / each).max(), "That is the worst entry; by norm, the array is one vector."),
            (
                (abs(off) / each).mean(),
                "That is the entries' mean; by norm, the array is one vector.",
            ),
            (
                size(off, 2) / max(size(claimed, 2), size(slopes, 2)),
                "It takes the largest stretch of a matrix; here an array is one long vector.",
            ),
            (
                abs(np.diff(lengths)) / max(lengths),
                "It compares lengths only: directions may differ.",
            ),
            (
                abs(off).sum() / max(abs(claimed).sum(), abs(slopes).sum()),
                "The norm here is a root of squares, not a sum of sizes.",
            ),
        ):
            if same(got, np.squeeze(slip)):
                yield hint
        hint = "Not the relative error by norm. Does every entry move, one at a time, and back?"
        yield from expect_same(got, right, hint)
    if not f(cubic, 3 * c * x**2 + x[::-1], x) < 1e-7:
        yield "A right gradient does not pass with the usual step."
    if not same(f(lambda x: (x**2).sum(), 3 * x[0], x[0]), 1 / 3):
        yield "It works for tables only: x may have any shape."
    if not same(f(lambda x: 1e-8 * (x**2).sum(), 3e-8 * x, x), 1 / 3, 1e-3):
        yield "Where all slopes are small it goes wrong: beside what is the difference small?"


@exercise("5.2")
def directional_error(f: Callable) -> Iterator[str]:
    x, w, off = np.random.default_rng(0).normal(size=(3, 3, 3))
    claimed, h, places, directions = 3 * w * x**2 + off, 0.01, [], []

    def cubic(x):
        places.append(np.array(x))
        return (w * x**3).sum()

    for seed in range(20):
        places.clear()
        got = f(cubic, claimed, x, np.random.default_rng(seed), h)
        yield from expect(got, ())
        if len(places) != 2:
            yield f"It evaluates f {len(places)} times; one direction takes two."
        v = (places[0] - places[1]) / (2 * h)
        directions.append(v)
        yield from _direction_hints(places, x, v, h)
        told, seen = (claimed * v).sum(), (cubic(places[0]) - cubic(places[1])) / (2 * h)
        right = abs(told - seen)
        if same(got, right):
            continue
        for slip, hint in (
            (-right, "It may be negative: the size of the difference is asked for."),
            (
                right / max(abs(told), abs(seen)),
                "It is divided by a slope; the plain difference is asked for.",
            ),
            (
                abs((claimed @ v).sum() - seen),
                "`@` of two tables is a matrix product. Which entries should meet?",
            ),
            (
                abs(np.trace(claimed @ v) - seen),
                "Of gradient and v, one is transposed: entries at the same place have to meet.",
            ),
            (abs(told - 2 * seen), "The measured slope is doubled: how far are the places apart?"),
            (abs(told - seen * 2 * h), "f's change is not divided by the distance of the places."),
            (abs(seen), "That is the measured slope alone; what does gradient say of it?"),
            (abs(told), "That is the claimed slope alone; what was measured?"),
            (right**2, "That is the square of the difference."),
        ):
            if same(got, slip):
                yield hint
        for sign in (-1, 1):
            if same(got, abs(np.linalg.norm(claimed) - sign * seen)):
                yield "The gradient's length is its slope along itself; v points somewhere else."
            if same(got, abs(claimed.sum() - sign * seen)):
                yield "The gradient's entries are added up without v."
        yield "Not the difference of the slopes, claimed and measured, along the one direction."
    if same(directions[0], directions[1]) or same(directions[0], -directions[1]):
        yield "Two different generators give the same direction: is `rng` used?"
    if not same(*(f(cubic, claimed, x, np.random.default_rng(0), h) for _ in "12")):
        yield "The same rng gives another number the second time: is v drawn from `rng`?"
    if abs(np.mean(directions)) > 0.13:  # mean 0, standard deviation 0.025
        yield "All entries of v have one sign: half of the directions never come."
    for x in (np.random.default_rng(1).normal(size=(20, 50)), np.ones(4)):
        places.clear()
        w, rng = np.ones(x.shape), np.random.default_rng(1)
        got = f(cubic, 2 * x**2, x, rng, h)
        v = (places[0] - places[1]) / (2 * h)
        if np.count_nonzero(v) < x.size:
            yield "Some entries of x do not move; a random direction moves all."
        if x.size == 1000 and np.abs(v).max() < 2.2 / 1000**0.5:  # normal: 3.2, uniform: 1.7
            yield "Of 1000 entries of v none is much larger than the others: are they normal?"
        seen = (cubic(places[0]) - cubic(places[1])) / (2 * h)
        hint = f"For x of shape {x.shape} it goes wrong: x may have any shape."
        yield from expect_same(got, abs((2 * x**2 * v).sum() - seen), hint)


def _direction_hints(places: list, x: np.ndarray, v: np.ndarray, h: float) -> Iterator[str]:
    """Yield what is wrong with the two places at which f was evaluated."""
    if same(places[0], x) or same(places[1], x):
        yield "f is evaluated at x itself: that is a forward difference."
    if not same((places[0] + places[1]) / 2, x):
        yield "The two places do not lie on both sides of x, equally far."
    if np.count_nonzero(v) <= 1:
        yield "One entry alone moves; a random direction moves all."
    if same(v[0], v[1]) or same(v[:, 0], v[:, 1]):
        yield "Rows, or columns, of x all move alike: which shape has v?"
    length = np.linalg.norm(v)
    if same(length * h, 1e-5, 1e-9):
        yield "The places are 1e-5 from x though h is 0.01: is the argument used?"
    if not same(length, 1):
        yield f"The places are {length:.2g} h from x: what is the length of v?"


@exercise("5.4")
def my_bug(f: Callable) -> Iterator[str]:
    params, X, y = network = random_network([12, 9, 5], 60)  # shapes that fit no other way
    got = f(*network)
    if not isinstance(got, tuple | list) or len(got) != 2:
        yield f"It returns a {type(got).__name__}; expected the loss and a list of two Layer."
    loss, grads = got
    if np.isscalar(grads):
        yield "Loss and gradient have changed places: the loss comes first."
    yield from (f"The loss: {hint}" for hint in expect(loss, ()))
    yield from pair_hints(grads, 2)
    arrays = [np.asarray(array) for layer in grads for array in layer]
    (logits, cache), identical = forward(params, X), forward(params, X, "identity")[0]
    right = [array for layer in backward(params, cache, y) for array in layer]
    bad = []
    for name, array, truth in zip(("dW1", "db1", "dW2", "db2"), arrays, right, strict=True):
        if array.size != truth.size:
            yield f"{name} has shape {array.shape}; expected {truth.shape}: no step can be made."
        yield from (f"{name}: {hint}" for hint in expect(array, array.shape))
        if relative_error(array.reshape(truth.shape), truth) > 1e-12:
            bad.append(name)
    found = check_program(f, *network, np.random.default_rng(0), count=200)  # of all entries
    if max(comparison.error for comparison in found.values()) < 1e-7:
        if same(loss, cross_entropy(identical, y)):
            yield "The loss is without the ReLU, and so is the gradient. No check sees that."
        if not same(loss, cross_entropy(logits, y)):
            yield "The gradient is that of the wrong loss. Plant the bug on the way back."
        if bad:
            yield f"Wrong by less than 1e-7 ({', '.join(bad)}): measured slopes are not that exact."
        still = [Layer(params[0].W, 0 * params[0].b), params[1]]  # every z1 is exactly 0
        if not same(f(still, 0 * X, y)[1][0][1], np.zeros(9)):
            yield "Wrong where z is exactly 0, in db1, and nowhere else: a check does not see that."
        yield "The gradient is right in all four arrays: where is the bug?"


@exercise("5.5")
def complex_step(f: Callable) -> Iterator[str]:
    x, h, seen = 1.3, 0.1, []  # so large that every slip gives a number of its own

    def cubic(x):
        seen.append(x)
        return x**3

    got = f(cubic, x, h)
    if seen and not any(np.iscomplexobj(place) for place in seen):
        yield "f is given real numbers only: where is the imaginary step?"
    if np.asarray(got).dtype.kind == "c":
        yield "What it returns is complex still. Which part of it holds the slope?"
    yield from expect(got, ())
    if len(seen) != 1:
        yield f"f is evaluated {len(seen)} times; one complex evaluation is enough."
    right, value = 3 * x**2 - h**2, (x + 1j * h) ** 3
    for slip, hint in (
        (right * h, "The imaginary part is there; what is it divided by?"),
        (right / 2, "It is divided by 2h, as a central difference is; here there is one place."),
        (-right, "The sign is wrong: to which side is the step?"),
        (value.real, "That is the real part, close to f itself."),
        (value.real / h, "That is the real part. Which part holds the slope?"),
        (abs(value) / h, "`abs` takes both parts together. Which one holds the slope?"),
        (-(h**2), "f is evaluated at ih alone: where is x?"),
        (3 * x**2, "It does not depend on h: is the argument used?"),
        (right - 3 * x**2, "The slope itself is missing; only its error is left."),
    ):
        if same(got, slip):
            yield hint
    if not same(got, right):
        yield "At x = 1.3, h = 0.1 it does not give what one complex step of x cubed gives."
    if f(np.cos, 0.7) > 0:
        yield "cos falls at 0.7, but its slope comes out positive: where is the sign lost?"
    for name, g, place, slope in (
        ("sin", np.sin, 0.7, np.cos(0.7)),
        ("exp", np.exp, -1.0, np.exp(-1.0)),
        ("cos", np.cos, 0.7, -np.sin(0.7)),
    ):
        got = f(g, place, 1e-20)
        if not same(got, slope, 1e-12):
            yield f"With h = 1e-20, {name} at {place} has slope {got:.10f}; expected {slope:.10f}."
        if not same(f(g, place), slope, 1e-12):
            yield "Without h it is not exact to 12 digits: which h is the usual one?"


@exercise("5.6")
def entries_to_sample(f: Callable) -> Iterator[str]:
    share, probability = 0.01, 0.95
    got, right = f(share, probability), 299
    yield from expect(got, ())
    exact = np.log(1 - probability) / np.log(1 - share)
    for slip, hint in (
        (exact, "The place is right, but entries are counted: which whole number is enough?"),
        (298, "With 298 the probability is just below 95 %. In which direction is it rounded?"),
        (6, "6 draws *miss* with probability 95 %: whose probability is (5.9)?"),
        (np.log(probability) / np.log(1 - share), "That many draws *miss* with probability 95 %."),
        (-exact, "The sign is wrong: both logarithms are below 0."),
        (1, "One draw is not enough: with which probability is a single draw good?"),
        (95, "95 draws of 1 % do not add up: some meet the same, and others none."),
        (
            300,
            "Slightly too many. Is log(1 - share) replaced by -share, or 1 added once too often?",
        ),
        (100, "1 / share draws meet a bad entry once on average, not with 95 %."),
    ):
        if same(got, slip):
            yield hint
    if not same(got, right):
        yield "Not the smallest number for 1 % and 95 %. Solve (5.9) for n."
    if same(f(0.5, 0.75), 3):
        yield "Two draws meet a share of 1/2 with probability 3/4, exactly; is that enough?"
    for share, probability, right in (
        (0.2, 0.5, 4),
        (0.9, 0.5, 1),
        (0.5, 0.75, 2),
        (0.01, 0.931, 267),  # 266.03
        (1e-5, 0.95, 299_572),
    ):
        got = f(share, probability)
        if not same(got, right, 1e-12):
            yield f"For share {share:g}, probability {probability:g} it gives {got}, not {right}."
    if np.asarray(got).dtype.kind == "f":
        yield "The number is right, but it is a float; a count is an int."
