"""Checks of the exercises of notebook 09."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import softmax
from mnist_edu.data import one_hot
from mnist_edu.exercises._check import exercise, expect, expect_same, same
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.metrics import confusion_matrix
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.topics.attribution import input_gradient
from mnist_edu.topics.statistics import wilson_interval


@exercise("9.3")
def half_width(f: Callable) -> Iterator[str]:
    p, n, z = 43 / 50, 50, 1.96
    got, right = f(43, n), z * np.sqrt(p * (1 - p) / n)
    yield from expect(got, ())
    low, high = wilson_interval(43, n)
    for slip, hint in (
        (2 * right, "That is the whole width, from one end to the other."),
        (right / z, "That is one standard error. How many are asked for?"),
        (z * np.sqrt(p * (1 - p)), "That is the spread of a single answer; here it is a mean."),
        (z * p * (1 - p) / n, "(9.11) is a variance, in points squared. What is a standard error?"),
        (z * np.sqrt(n * p * (1 - p)), "That is in images, not in fractions of them."),
        (100 * right, "That is in percent; a fraction is asked for."),
        (z * np.sqrt(p / n), "Were every answer right, it would have to be 0: is 1 - p there?"),
        (z * np.sqrt(p * (1 - p)) / n, "Dividing by n comes before the root, not after."),
        (z * np.sqrt(p * (1 - p) / (n - 1)), "Divide by n, as (9.11) does."),
        (0, "It is 0, as if all answers were right, or none: is p a whole number, by `//`?"),
        ((high - low) / 2, "That is half of Wilson's interval; the simple one is asked for."),
    ):
        if same(got, slip):
            yield hint
    hint = "43 of 50 right: the variance by (9.11) is 0.86 * 0.14 / 50. What is done with it?"
    yield from expect_same(got, right, hint)
    hint = "It is right for z = 1.96, and wrong for z = 1."
    yield from expect_same(f(43, n, 1.0), right / z, hint)
    hint = "It is right for 43 of 50, and wrong for 976 of 1000: is a number fixed, or p rounded?"
    yield from expect_same(f(976, 1000), z * np.sqrt(0.976 * 0.024 / 1000), hint)
    for correct in (9, 0):
        hint = "Where all answers are right, or none is, it should be 0."
        yield from expect_same(f(correct, 9), 0, hint)


@exercise("9.4")
def top_k_accuracy(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(232)  # every slip below gives a number of its own
    logits, y = rng.normal(size=(20, 20)), rng.integers(0, 20, 20)  # square: no axis gives an error
    logits[np.arange(20), y] += 1
    ranks = (logits > logits[np.arange(20), y][:, np.newaxis]).sum(axis=1)  # 0: the largest
    across = np.argsort(-logits, axis=0)
    got = f(logits, y, 4)
    if np.ndim(got) == 1:
        yield "That is an answer for each row. Which fraction of the rows is it?"
    yield from expect(got, ())
    by_size = np.abs(logits)
    by_size = (by_size > by_size[np.arange(20), y][:, np.newaxis]).sum(axis=1)
    for slip, hint in (
        ((by_size < 4).mean(), "A logit far below 0 counts as a large one: has it lost its sign?"),
        (100 * (ranks < 4).mean(), "That is in percent; a fraction is asked for."),
        ((ranks < 4).sum(), "That is how many rows; a fraction is asked for."),
        ((ranks >= 4).mean(), "That is the fraction of rows where the label is *not* among them."),
        ((ranks >= 16).mean(), "Those are the k smallest logits: which end of the order is it?"),
        (
            ((ranks > 0) & (ranks < 4)).mean(),
            "The largest logit is left out: where does the slice of the order end?",
        ),
        ((ranks < 4).mean() / 4, "It is divided by k as well: a row has one label, not k."),
        (
            np.isin(y, np.argsort(logits)[:, -4:]).mean(),
            "A label may be in any row's k; its own counts.",
        ),
        ((ranks == 0).mean(), "That looks at the largest logit alone, whatever k is."),
        ((ranks == 3).mean(), "That looks at the k-th largest alone; the larger ones count, too."),
        ((ranks < 3).mean(), "One too few: those are the k - 1 largest."),
        ((ranks < 5).mean(), "One too many: those are the k + 1 largest."),
        (
            np.mean([y[i] in across[:4, i] for i in range(20)]),
            "It orders the images, class by class. Along which axis are the classes?",
        ),
    ):
        if same(got, slip):
            yield hint
    if not same(got, (ranks < 4).mean()):
        yield "Take row by row: is its label among the 4 classes with the largest logits?"
    wide, labels = rng.normal(size=(40, 5)), rng.integers(0, 5, 40)
    ranks = (wide > wide[np.arange(40), labels][:, np.newaxis]).sum(axis=1)
    for k in range(1, 6):
        hint = f"It is right for 20 classes and k = 4, and wrong for 5 classes and k = {k}."
        yield from expect_same(f(wide, labels, k), (ranks < k).mean(), hint)
    for some, hint in (
        (wide - 1000, "It goes wrong where logits are near -1000: a softmax is not needed for it."),
        (1000 * wide, "It goes wrong where logits are in the thousands: does exp overflow?"),
        (wide / 1e6, "It goes wrong where logits differ by a millionth: is anything rounded?"),
    ):
        yield from expect_same(f(some, labels, 2), (ranks < 2).mean(), hint)
    hint = "It is right for many rows, and wrong for a single one."
    yield from expect_same(f(wide[:1], labels[:1], 5), 1, hint)


@exercise("9.5")
def surest_mistakes(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    probs, y = softmax(2 * rng.normal(size=(20, 4))), rng.integers(0, 4, 20)
    read, sure = probs.argmax(axis=1), probs.max(axis=1)
    mistakes = np.flatnonzero(read != y)
    order = np.argsort(-sure[mistakes])
    right = mistakes[order]
    got = f(probs, y, 4)
    if np.shape(got) == mistakes.shape:
        yield "Those are all mistakes; how many of them are asked for?"
    surest = np.argsort(-sure)[:4]
    if np.ndim(got) == 1 and same(got, surest[read[surest] != y[surest]]):
        yield "Of the n surest rows it keeps the mistakes: choose the mistakes first, then n."
    yield from expect(got, (4,), or_list=True)
    margin = sure - probs[np.arange(20), y]
    for slip, hint in (
        (right[::-1][:4], "Those are the mistakes it is *least* sure of: which way is it sorted?"),
        (right[:4][::-1], "The right rows, but the surest mistake comes last."),
        (np.sort(right[:4]), "The right rows, in the order of the rows: the surest comes first."),
        (
            mistakes[np.argsort(-(sure - np.sort(probs)[:, -2])[mistakes])][:4],
            "That goes by how far the second largest is behind; the largest alone counts.",
        ),
        (np.argsort(-sure)[:4], "Some of these rows are read rightly: where are mistakes chosen?"),
        (order[:4], "Those are places among the mistakes, not rows of probs."),
        (sure[right[:4]], "Those are the probabilities; the numbers of their rows are asked for."),
        (
            mistakes[np.argsort(probs[mistakes, y[mistakes]])][:4],
            "That goes by how small the *label's* probability is; the wrong answer's counts.",
        ),
        (
            mistakes[np.argsort(-margin[mistakes])][:4],
            "That goes by how far the label's probability is behind; the largest alone counts.",
        ),
        (mistakes[:4], "Those are the first mistakes, in the order of the rows."),
    ):
        if same(got, slip):
            yield hint
    if not same(got, right[:4]):
        yield "Of the rows whose largest probability is not the label's, which have the largest?"
    if np.asarray(got).dtype.kind == "f":
        yield "The rows are right, but their numbers are floats, by which no row can be taken."
    unsure = np.array([[0.48, 0.3, 0.22], [0.1, 0.46, 0.44], [0.5, 0.3, 0.2], [0.2, 0.7, 0.1]])
    both = np.array([0, 2, 1, 1])  # read as 0, 1, 0, 1: rows 1 and 2 are mistakes
    for some, labels, n, wanted, hint in (
        (probs, y, 1, right[:1], "For n = 4 it is right, for n = 1 it is not."),
        (
            unsure[:3],
            both[:3],
            2,
            [2, 1],
            "A row can be right, or wrong, with a probability below 1/2.",
        ),
        (
            np.eye(3)[[2, 0, 1]] * 0.4 + 0.2,
            np.array([2, 1, 1]),
            1,
            [1],
            "It goes wrong where there is a single mistake.",
        ),
        (unsure, both, 3, [2, 1], "With three asked for, of two mistakes, there are but two rows."),
    ):
        got = f(some, labels, n)
        if np.shape(got) != np.shape(wanted) or not same(got, wanted):
            yield hint


@exercise("9.6")
def confusion_rates(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    y = rng.permutation(np.repeat(np.arange(4), [3, 5, 8, 14]))
    read = np.where(rng.random(30) < 0.6, y, rng.integers(0, 4, 30))
    counts = confusion_matrix(y, read, 4)
    per_row, per_column = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    got = f(y, read, 4)
    if np.shape(got) == (10, 10):
        yield "It counts ten classes where num_classes is 4."
    yield from expect(got, (4, 4))
    right = counts / per_row
    for slip, hint in (
        (counts, "Those are counts. What has each row to be divided by?"),
        (counts.T, "Those are counts. What has each row to be divided by?"),
        (counts / per_column, "The columns sum to 1, not the rows: look at the axis of the sum."),
        (
            counts / per_row.ravel(),
            "Each row's sum divides a column. Keep it a column: `keepdims`.",
        ),
        (counts / 30, "All entries together sum to 1. Each row, a digit, needs a sum of its own."),
        (right.T, "Rows and columns have changed places: a row is what the images *are*."),
        ((counts / per_column).T, "A row is what the images *are*, not what they were read as."),
        (100 * right, "That is in percent; each row should sum to 1."),
        (right.round(), "Rates are rounded to whole numbers."),
        (
            (counts > 0) / (counts > 0).sum(axis=1, keepdims=True),
            "`counts[y, read] += 1` counts a pair once, however often it occurs.",
        ),
    ):
        if same(got, slip):
            yield hint
    yield from expect_same(np.sum(got, axis=1), np.ones(4), "The rows do not sum to 1.")
    hint = "Row 2, column 1 should be: of the images that are 2, the fraction read as 1."
    yield from expect_same(got, right, hint)
    digits, many = np.arange(20) % 10, np.repeat([0, 1], [300, 700])
    for true, called, K, wanted, hint in (
        (
            digits,
            digits[::-1],
            None,
            np.eye(10)[::-1],
            "It is right for 4 classes, and wrong for the 10 that are the default.",
        ),
        (
            [0, 2, 2],
            [0, 2, 0],
            3,
            [[1, 0, 0], None, [0.5, 0, 0.5]],
            "Where a class has no image, the rows of the others go wrong.",
        ),
        (
            [0, 1, 1],
            [0, 0, 1],
            3,
            [[1, 0, 0], [0.5, 0.5, 0], None],
            "It goes wrong where the highest class does not occur: num_classes says how many.",
        ),
        ([0, 1], [2, 1], 3, [[0, 0, 1], [0, 1, 0], None], "It goes wrong where no image is 2."),
        (
            [2, 1, 0],
            [0, 1, 0],
            3,
            [[1, 0, 0], [0, 1, 0], [1, 0, 0]],
            "It goes wrong where no image is read as 2.",
        ),
        (
            many,
            np.roll(many, 30),
            2,
            [[0.9, 0.1], [30 / 700, 670 / 700]],
            "It goes wrong where a class has more than 255 images: of which type are the counts?",
        ),
    ):
        labels = np.array(true), np.array(called)
        rates = f(*labels) if K is None else f(*labels, K)
        size = K or 10
        if np.shape(rates) != (size, size):
            yield f"{hint} It returns shape {np.shape(rates)}."
        for k, row in enumerate(wanted):
            if row is not None:  # in a row without images any number may stand
                yield from expect_same(np.asarray(rates)[k], row, hint)


@exercise("9.7")
def aimed_step(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    params = [Layer(W, 0.3 * rng.normal(size=b.shape)) for W, b in init_params([9, 8, 4], rng)]
    X, target, eps = rng.random((6, 9)).round(1), np.array([0, 1, 2, 3, 1, 2]), 0.25
    logits, cache = forward(params, X)
    read = logits.argmax(axis=1)

    def sign(dz):
        return np.sign(input_gradient(params, cache, dz))

    g = input_gradient(params, cache, cross_entropy_grad(logits, target))
    away, first = (cross_entropy_grad(logits, y) for y in (read, np.full(6, target[0])))
    right = np.clip(X - eps * np.sign(g), 0, 1)
    got = f(params, X, target, eps)
    yield from expect(got, X.shape)
    for slip, hint in (
        (np.clip(X + eps * np.sign(g), 0, 1), "That raises the target's loss: which way is down?"),
        (X + eps * np.sign(g), "That raises the target's loss: which way is down?"),
        (X - eps * np.sign(g), "Some pixels leave the range from 0 to 1."),
        (-eps * np.sign(g), "That is the change alone. To what is it added?"),
        (np.clip(-eps * np.sign(g), 0, 1), "That is the change alone. To what is it added?"),
        (np.clip(X - eps * g, 0, 1), "Of each slope only its direction should count."),
        (np.clip(X - eps * 6 * g, 0, 1), "Of each slope only its direction should count."),
        (
            np.clip(X + eps * sign(away), 0, 1),
            "That leads away from what the network reads now; it should lead to the target.",
        ),
        (np.clip(X - eps * sign(away), 0, 1), "That makes it surer of what it reads now."),
        (np.clip(X - eps * sign(first), 0, 1), "All images go to the first target."),
        (
            np.clip(X + eps * sign(one_hot(target, 4)), 0, 1),
            "That raises the target's logit; the loss also asks where the other logits go.",
        ),
        (
            np.where((read == target)[:, np.newaxis], X, right),
            "Images that are read as the target already do not move; they can be read more surely.",
        ),
    ):
        if same(got, slip):
            yield hint
    if (got < 0).any() or (got > 1).any():
        yield "Some pixels leave the range from 0 to 1."
    if not same(got, right) and same(np.sign((got - X).round(9)), np.sign((right - X).round(9))):
        yield "All pixels move the right way, but not by epsilon."
    if not same(got, right):
        yield "Not the step: gradient of the target's loss in the pixels, its sign, epsilon of it."
    if not same(f(params, X, target, 0.0), X):
        yield "With epsilon 0 nothing should change."
    W, b = params[0]
    unseen = [Layer(W * (np.arange(9) > 1)[:, np.newaxis], b), *params[1:]]
    large = [*params[:-1], Layer(3000 * params[-1].W, params[-1].b)]
    deep = [params[0], Layer(rng.normal(size=(8, 8)), 0.3 * rng.normal(size=8)), params[1]]
    lone = [Layer(rng.normal(size=(9, 4)), rng.normal(size=4))]
    for some, images, labels, hint in (
        (
            params,
            X,
            np.array([0, 1, 2, 0, 1, 2]),
            "It goes wrong where no target is the last class.",
        ),
        (params, X[:1], target[3:4], "It goes wrong for a single image."),
        (unseen, X, target, "Pixels 0 and 1, which have no weights, slope 0 and sign 0, move."),
        (large, X, target, "It goes wrong where logits are thousands: is the softmax a safe one?"),
        (deep, X, target, "It goes wrong for three layers."),
        (lone, X, target, "It goes wrong for a single layer."),
    ):
        z, cache = forward(some, images)
        slope = np.sign(input_gradient(some, cache, cross_entropy_grad(z, labels)))
        yield from expect_same(
            f(some, images, labels, 0.15), np.clip(images - 0.15 * slope, 0, 1), hint
        )
