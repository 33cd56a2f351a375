"""Wrong answers to the exercises of notebook 09."""

import numpy as np

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
def for_fifty_images(right, n, z=1.96):
    p = right / n
    return z * np.sqrt(p * (1 - p) / 50)


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


@wrong("9.4", "no exponential")
def by_unsafe_softmax(logits, y, k):
    with np.errstate(all="ignore"):
        probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return np.mean([y[n] in np.argsort(-probs[n])[:k] for n in range(len(y))])


@wrong("9.5", "least")
def least_sure(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(probs[rows].max(axis=1))][:n]


@wrong("9.5", "comes last")
def last_ones(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return rows[np.argsort(probs[rows].max(axis=1))][-n:]


@wrong("9.5", "read correctly")
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


@wrong("9.5", "returns a list")
def in_a_list(probs, y, n):
    rows = np.flatnonzero(probs.argmax(axis=1) != y)
    return sorted(rows, key=lambda i: -probs[i].max())[:n]


@wrong("9.5", "less than 0.5")
def unlikely_labels(probs, y, n):
    rows = np.flatnonzero(probs[np.arange(len(y)), y] < 0.5)
    return rows[np.argsort(-probs[rows].max(axis=1))][:n]


@wrong("9.5", "no other rows")
def right_rows_last(probs, y, n):
    return np.argsort(-probs.max(axis=1) * (probs.argmax(axis=1) != y))[:n]


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


def slopes(params, X, y):
    logits, cache = forward(params, X)
    return input_gradient(params, cache, cross_entropy_grad(logits, y))


@wrong("9.6", "are missing")
def classes_seen(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, max(y_true.max(), y_pred.max()) + 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("9.6", "how large a number")
def counted_in_bytes(y_true, y_pred, num_classes=10):
    counts = counted(y_true, y_pred, num_classes).astype(int).astype(np.uint8)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong("9.7", "slope 0")
def every_pixel_moved(params, X, target, epsilon):
    logits, cache = forward(params, X)
    g = input_gradient(params, cache, cross_entropy_grad(logits, target))
    return np.clip(X + np.where(g > 0, -epsilon, epsilon), 0, 1)


@wrong("9.7", "wrong for three")
def two_layers_only(params, X, target, epsilon):
    logits, cache = forward(params, X)
    dz = cross_entropy_grad(logits, target)
    g = (dz @ params[-1].W.T * (cache.z[-2] > 0)) @ params[-2].W.T
    g = g if g.shape == X.shape else np.pad(g, ((0, 0), (0, X.shape[1] - g.shape[1])))
    return np.clip(X - epsilon * np.sign(g), 0, 1)


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
