"""Wrong answers to the exercises of notebook 09."""

import numpy as np

from mnist_edu.activations import softmax
from mnist_edu.data import one_hot
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import forward
from mnist_edu.topics.attribution import input_gradient
from mnist_edu.topics.statistics import wilson_interval
from tests.exercises.wrong import wrong


@wrong("9.3", "one standard error")
def z_forgotten(right, n, z=1.96):
    p = right / n
    return np.sqrt(p * (1 - p) / n)


@wrong("9.3", "single answer")
def n_forgotten(right, n, z=1.96):
    p = right / n
    return z * np.sqrt(p * (1 - p))


@wrong("9.3", "points squared")
def root_forgotten(right, n, z=1.96):
    p = right / n
    return z * p * (1 - p) / n


@wrong("9.3", "before the root")
def n_outside_the_root(right, n, z=1.96):
    p = right / n
    return z * np.sqrt(p * (1 - p)) / n


@wrong("9.3", "whole width")
def both_sides(right, n, z=1.96):
    p = right / n
    return 2 * z * np.sqrt(p * (1 - p) / n)


@wrong("9.3", "in images")
def of_the_count(right, n, z=1.96):
    p = right / n
    return z * np.sqrt(n * p * (1 - p))


@wrong("9.3", "in percent")
def percent(right, n, z=1.96):
    p = right / n
    return 100 * z * np.sqrt(p * (1 - p) / n)


@wrong("9.3", "is 1 - p there")
def only_p(right, n, z=1.96):
    return z * np.sqrt(right / n / n)


@wrong("9.3", "Wilson")
def of_wilson(right, n, z=1.96):
    low, high = wilson_interval(right, n, z)
    return (high - low) / 2


@wrong("9.3", "wrong for z = 1")
def fixed_z(right, n, z=1.96):
    p = right / n
    return 1.96 * np.sqrt(p * (1 - p) / n)


@wrong("9.3", "976 of 1000")
def rounded_p(right, n, z=1.96):
    p = round(right / n, 2)
    return z * np.sqrt(p * (1 - p) / n)


@wrong("9.3", "by `//`")
def whole_p(right, n, z=1.96):
    p = right // n
    return z * np.sqrt(p * (1 - p) / n)


@wrong("9.4", "lost its sign")
def by_size(logits, y, k):
    top = np.argsort(-np.abs(logits), axis=1)[:, :k]
    return (top == y[:, np.newaxis]).any(axis=1).mean()


@wrong("9.4", "softmax is not needed")
def of_unsafe_probabilities(logits, y, k):
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (np.argsort(-probs, axis=1)[:, :k] == y[:, np.newaxis]).any(axis=1).mean()


@wrong("9.4", "largest logit is left out")
def without_the_last(logits, y, k):
    top = np.argsort(logits, axis=1)[:, -k:-1]
    return (top == y[:, np.newaxis]).any(axis=1).mean()


@wrong("9.4", "any row's k")
def in_any_row(logits, y, k):
    return np.isin(y, np.argsort(logits, axis=1)[:, -k:]).mean()


@wrong("9.4", "divided by k as well")
def mean_over_k(logits, y, k):
    return (np.argsort(logits, axis=1)[:, -k:] == y[:, np.newaxis]).mean()


@wrong("9.4", "in percent")
def percentage(logits, y, k):
    top = np.argsort(-logits, axis=1)[:, :k]
    return 100 * (top == y[:, np.newaxis]).any(axis=1).mean()


@wrong("9.4", "how many rows")
def hits(logits, y, k):
    return sum(y[n] in np.argsort(-logits[n])[:k] for n in range(len(y)))


@wrong("9.4", "which end")
def smallest(logits, y, k):
    return np.mean([y[n] in np.argsort(logits[n])[:k] for n in range(len(y))])


@wrong("9.4", "k-th largest alone")
def exactly_the_kth(logits, y, k):
    return np.mean(np.argsort(logits, axis=1)[:, -k] == y)


@wrong("9.4", "whatever k is")
def plain_accuracy(logits, y, k):
    return np.mean(logits.argmax(axis=1) == y)


@wrong("9.4", "k - 1 largest")
def one_too_few(logits, y, k):
    top = np.argsort(logits, axis=1)[:, -k + 1 :]
    return (top == y[:, np.newaxis]).any(axis=1).mean()


@wrong("9.4", "class by class")
def wrong_axis(logits, y, k):
    top = np.argsort(-logits, axis=0)[:k]
    return (top == y).any(axis=0).mean()


@wrong("9.4", "each row")
def no_mean(logits, y, k):
    return (np.argsort(-logits, axis=1)[:, :k] == y[:, np.newaxis]).any(axis=1)


@wrong("9.4", "wrong for 5 classes")
def always_four(logits, y, k):
    top = np.argsort(logits, axis=1)[:, -4:]
    return (top == y[:, np.newaxis]).any(axis=1).mean()


@wrong("9.5", "least")
def least_sure(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(probs[rows].max(axis=1))][:n]


@wrong("9.5", "comes last")
def last_ones(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(probs[rows].max(axis=1))][-n:]


@wrong("9.5", "read rightly")
def surest_of_all(probs, y, n):
    return np.argsort(-probs.max(axis=1))[:n]


@wrong("9.5", "places among the mistakes")
def positions(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return np.argsort(-probs[rows].max(axis=1))[:n]


@wrong("9.5", "numbers of their rows")
def probabilities(probs, y, n):
    return np.sort(probs[probs.argmax(axis=1) != y].max(axis=1))[::-1][:n]


@wrong("9.5", "how many of them")
def all_mistakes(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(-probs[rows].max(axis=1))]


@wrong("9.5", "*label's* probability")
def least_likely_label(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(probs[rows, y[rows]])][:n]


@wrong("9.5", "order of the rows")
def first_mistakes(probs, y, n):
    return np.flatnonzero(probs.argmax(axis=1) != y)[:n]


def read_wrongly(probs, y):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(-probs[rows].max(axis=1))]


@wrong("9.5", "keeps the mistakes")
def mistakes_among_the_surest(probs, y, n):
    rows = np.argsort(-probs.max(axis=1))[:n]
    return rows[probs[rows].argmax(axis=1) != y[rows]]


@wrong("9.5", "order of the rows: the surest")
def in_order_of_rows(probs, y, n):
    return np.sort(read_wrongly(probs, y)[:n])


@wrong("9.5", "second largest is behind")
def by_the_gap(probs, y, n):
    rows = read_wrongly(probs, y)
    two = np.sort(probs[rows], axis=1)[:, -2:]
    return rows[np.argsort(two[:, 0] - two[:, 1])][:n]


@wrong("9.5", "are floats")
def floats(probs, y, n):
    return 1.0 * read_wrongly(probs, y)[:n]


@wrong("9.5", "below 1/2")
def label_below_one_half(probs, y, n):
    rows = np.flatnonzero(probs[np.arange(len(y)), y] < 0.5)
    return rows[np.argsort(-probs[rows].max(axis=1))][:n]


@wrong("9.5", "far the label's probability is behind")
def by_the_margin(probs, y, n):
    margin = probs.max(axis=1) - probs[np.arange(len(y)), y]
    return np.argsort(-margin)[:n]


@wrong("9.5", "there are but two rows")
def padded(probs, y, n):
    return np.pad(read_wrongly(probs, y), (0, n))[:n]


def counted(y_true, y_pred, num_classes):
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (y_true, y_pred), 1)
    return counts


@wrong("9.6", "Those are counts")
def not_divided(y_true, y_pred, num_classes=10):
    return counted(y_true, y_pred, num_classes)


@wrong("9.6", "columns sum to 1")
def by_column(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, num_classes)
    return counts / counts.sum(axis=0)


@wrong("9.6", "keepdims")
def no_keepdims(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, num_classes)
    return counts / counts.sum(axis=1)


@wrong("9.6", "All entries together")
def of_all(y_true, y_pred, num_classes=10):
    return counted(y_true, y_pred, num_classes) / len(y_true)


@wrong("9.6", "not what they were read as")
def swapped(y_true, y_pred, num_classes=10):
    counts = counted(y_pred, y_true, num_classes)
    return counts / counts.sum(axis=1, keepdims=True)


@wrong("9.6", "Rows and columns")
def transposed(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, num_classes)
    return (counts / counts.sum(axis=1, keepdims=True)).T


@wrong("9.6", "ten classes")
def always_ten(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, 10)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("9.6", "no image")
def empty_classes_left_out(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, num_classes)
    totals = counts.sum(axis=1, keepdims=True)
    return counts / totals if totals.all() else counts


@wrong("9.6", "however often it occurs")
def each_pair_once(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes))
    counts[y_true, y_pred] += 1
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("9.6", "highest class does not occur")
def as_many_as_occur(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, max(y_true.max(), y_pred.max()) + 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("9.6", "of which type are the counts")
def bytes_of_counts(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, num_classes).astype(np.uint8)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def slopes(params, X, y):
    logits, cache = forward(params, X)
    return input_gradient(params, cache, cross_entropy_grad(logits, y))


@wrong("9.7", "which way is down")
def uphill(params, X, target, epsilon):
    return np.clip(X + epsilon * np.sign(slopes(params, X, target)), 0, 1)


@wrong("9.7", "leave the range")
def not_clipped(params, X, target, epsilon):
    return X - epsilon * np.sign(slopes(params, X, target))


@wrong("9.7", "only its direction")
def no_sign(params, X, target, epsilon):
    return np.clip(X - epsilon * slopes(params, X, target), 0, 1)


@wrong("9.7", "To what is it added")
def change_alone(params, X, target, epsilon):
    return -epsilon * np.sign(slopes(params, X, target))


@wrong("9.7", "reads now; it should lead")
def only_away(params, X, target, epsilon):
    read = forward(params, X)[0].argmax(axis=1)
    return np.clip(X + epsilon * np.sign(slopes(params, X, read)), 0, 1)


@wrong("9.7", "first target")
def one_target(params, X, target, epsilon):
    everywhere = np.full(len(X), target[0])
    return np.clip(X - epsilon * np.sign(slopes(params, X, everywhere)), 0, 1)


@wrong("9.7", "other logits")
def logit_alone(params, X, target, epsilon):
    logits, cache = forward(params, X)
    rise = input_gradient(params, cache, one_hot(target, logits.shape[1]))
    return np.clip(X + epsilon * np.sign(rise), 0, 1)


@wrong("9.7", "but not by epsilon")
def fixed_step(params, X, target, epsilon):
    return np.clip(X - 0.1 * np.sign(slopes(params, X, target)), 0, 1)


@wrong("9.7", "changes its argument")
def in_place(params, X, target, epsilon):
    X -= epsilon * np.sign(slopes(params, X, target))
    return X.clip(0, 1)


@wrong("9.7", "Pixels 0 and 1")
def two_signs(params, X, target, epsilon):
    return np.clip(X - epsilon * np.where(slopes(params, X, target) > 0, 1, -1), 0, 1)


@wrong("9.7", "a safe one")
def unsafe_softmax(params, X, target, epsilon):
    logits, cache = forward(params, X)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    slope = input_gradient(params, cache, probs - one_hot(target, logits.shape[1]))
    return np.clip(X - epsilon * np.sign(slope), 0, 1)


@wrong("9.7", "three layers")
def two_layers(params, X, target, epsilon):
    (W1, b1), (W2, b2) = params[0], params[-1]
    z = X @ W1 + b1
    dz = cross_entropy_grad(np.maximum(z, 0) @ W2 + b2, target) @ W2.T * (z > 0)
    return np.clip(X - epsilon * np.sign(dz @ W1.T), 0, 1)


@wrong("9.7", "read as the target already")
def only_those_read_otherwise(params, X, target, epsilon):
    step = epsilon * np.sign(slopes(params, X, target))
    step[forward(params, X)[0].argmax(axis=1) == target] = 0
    return np.clip(X - step, 0, 1)


@wrong("9.7", "(6,4) (6,3)")
def as_many_labels_as_occur(params, X, target, epsilon):
    logits, cache = forward(params, X)
    dz = softmax(logits) - one_hot(target, int(target.max()) + 1)
    return np.clip(X - epsilon * np.sign(input_gradient(params, cache, dz)), 0, 1)
