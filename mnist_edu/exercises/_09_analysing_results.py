"""Checks of the exercises of notebook 09."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import softmax
from mnist_edu.data import one_hot
from mnist_edu.exercises._check import exercise, expect, same
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
        ((high - low) / 2, "That is half of Wilson's interval; the simple one is asked for."),
    ):
        if same(got, slip):
            yield hint
    if not same(got, right):
        yield "43 of 50 right: the variance by (9.11) is 0.86 * 0.14 / 50. What is done with it?"
    if not same(f(43, n, 1.0), right / z):
        yield "It is right for z = 1.96, and wrong for z = 1."
    if not same(f(976, 1000), z * np.sqrt(0.976 * 0.024 / 1000)):
        yield "It is right for 43 of 50, and wrong for 976 of 1000."
    if not (same(f(9, 9), 0) and same(f(0, 9), 0)):
        yield "Where all answers are right, or none is, it should be 0."


@exercise("9.4")
def top_k_accuracy(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(8)  # every slip below gives a number of its own
    logits, y = rng.normal(size=(12, 12)), rng.integers(0, 12, 12)  # square: no axis gives an error
    ranks = (logits > logits[np.arange(12), y][:, np.newaxis]).sum(axis=1)  # 0: the largest
    across = np.argsort(-logits, axis=0)
    got = f(logits, y, 4)
    if np.ndim(got) == 1:
        yield "That is an answer for each row. Which fraction of the rows is it?"
    yield from expect(got, ())
    for slip, hint in (
        ((ranks < 4).sum(), "That is how many rows; a fraction is asked for."),
        ((ranks >= 4).mean(), "That is the fraction of rows where the label is *not* among them."),
        ((ranks >= 8).mean(), "Those are the k smallest logits: which end of the order is it?"),
        ((ranks == 0).mean(), "That looks at the largest logit alone, whatever k is."),
        ((ranks == 3).mean(), "That looks at the k-th largest alone; the larger ones count, too."),
        ((ranks < 3).mean(), "One too few: those are the k - 1 largest."),
        ((ranks < 5).mean(), "One too many: those are the k + 1 largest."),
        (
            np.mean([y[i] in across[:4, i] for i in range(12)]),
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
        if not same(f(wide, labels, k), (ranks < k).mean()):
            yield f"It is right for 12 classes and k = 4, and wrong for 5 classes and k = {k}."
    if not same(f(1000 * wide, labels, 2), (ranks < 2).mean()):
        yield "Logits of 1000 go wrong: only their order counts, so no exponential is needed."


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
    yield from expect(got, (4,))
    for slip, hint in (
        (right[::-1][:4], "Those are the mistakes it is *least* sure of: which way is it sorted?"),
        (right[:4][::-1], "The right rows, but the surest mistake comes last."),
        (
            np.argsort(-sure)[:4],
            "Some of these rows are read correctly: where do you choose mistakes?",
        ),
        (order[:4], "Those are places among the mistakes, not rows of probs."),
        (sure[right[:4]], "Those are the probabilities; the numbers of their rows are asked for."),
        (
            mistakes[np.argsort(probs[mistakes, y[mistakes]])][:4],
            "That goes by how small the *label's* probability is; the wrong answer's counts.",
        ),
        (mistakes[:4], "Those are the first mistakes, in the order of the rows."),
    ):
        if same(got, slip):
            yield hint
    if not same(got, right[:4]):
        yield "Of the rows whose largest probability is not the label's, which have the largest?"
    if not same(f(probs, y, 1), right[:1]):
        yield "For n = 4 it is right, for n = 1 it is not."
    if not same(f(np.eye(3)[[2, 0, 1]] * 0.4 + 0.2, np.array([2, 1, 1]), 1), [1]):
        yield "It goes wrong where there is a single mistake."
    if not same(f(np.array([[0.45, 0.3, 0.25], [0.3, 0.4, 0.3]]), np.array([0, 2]), 1), [1]):
        yield "A label can be read correctly with less than 0.5: which probability is the largest?"
    if not same(f(np.eye(3)[[2, 0, 1]] * 0.4 + 0.2, np.array([2, 1, 1]), 3), [1]):
        yield "Where there are fewer than n mistakes, return those there are, and no other rows."


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
    ):
        if same(got, slip):
            yield hint
    if not same(np.sum(got, axis=1), np.ones(4)):
        yield "The rows do not sum to 1."
    if not same(got, right):
        yield "Row 2, column 1 should be: of the images that are 2, the fraction read as 1."
    digits = np.arange(20) % 10
    if not same(f(digits, digits[::-1]), np.eye(10)[::-1]):
        yield "It is right for 4 classes, and wrong for the 10 that are the default."
    if not same(f(np.array([0, 2, 2]), np.array([0, 2, 0]), 3)[[0, 2]], [[1, 0, 0], [0.5, 0, 0.5]]):
        yield "Where a class has no image, the rows of the others go wrong."
    if np.shape(f(np.array([0, 1]), np.array([1, 1]), 4)) != (4, 4):
        yield "The last classes have no image here: their rows and columns are missing."
    many = np.repeat([0, 1], [300, 100])
    if not same(f(np.zeros(400, int), many, 2)[0], [0.75, 0.25]):
        yield "It goes wrong for 300 images in one place: how large a number can the counts hold?"


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
    ):
        if same(got, slip):
            yield hint
    if not same(got, right) and same(np.sign((got - X).round(9)), np.sign((right - X).round(9))):
        yield "All pixels move the right way, but not by epsilon."
    if not same(got, right):
        yield "Not the step: gradient of the target's loss in the pixels, its sign, epsilon of it."
    W = np.vstack([params[0].W[:8], np.zeros(8)])  # the last pixel moves nothing
    deep = [Layer(W, params[0].b), *init_params([8, 6, 4], rng)]
    logits, cache = forward(deep, X)
    g = input_gradient(deep, cache, cross_entropy_grad(logits, target))
    moved = f(deep, X, target, eps)
    if not same(moved[:, 8], X[:, 8]):
        yield "A pixel with slope 0 should stay as it is."
    if not same(moved, np.clip(X - eps * np.sign(g), 0, 1)):
        yield "It is right for two layers, and wrong for three."
    if not same(f(params, X, target, 0.0), X):
        yield "With epsilon 0 nothing should change."
