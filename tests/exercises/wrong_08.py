"""Wrong answers to the exercises of notebook 08."""

import math
from itertools import pairwise

import numpy as np

from mnist_edu.data import minibatches
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward
from mnist_edu.training import sgd
from tests.exercises.wrong import wrong


@wrong("8.3", "minus the peak")
def whole_range(fraction, peak=0.3):
    return peak * math.cos(math.pi * fraction)


@wrong("8.3", "steeply")
def quarter(fraction, peak=0.3):
    return peak * math.cos(math.pi / 2 * fraction)


@wrong("8.3", "twice the peak")
def no_half(fraction, peak=0.3):
    return peak * (1 + math.cos(math.pi * fraction))


@wrong("8.3", "climbs")
def climbs(fraction, peak=0.3):
    return peak / 2 * (1 - math.cos(math.pi * fraction))


@wrong("8.3", "straight line")
def line(fraction, peak=0.3):
    return peak * (1 - fraction)


@wrong("8.3", "argument used")
def own_peak(fraction, peak=0.3):
    return 0.15 * (1 + math.cos(math.pi * fraction))


@wrong("8.3", "off by")
def rounded(fraction, peak=0.3):
    return round(0.5 * peak * (1 + math.cos(math.pi * fraction)), 4)


@wrong("8.4", "other form")
def as_in_pytorch(w, v, g, lr, beta=0.9):
    v = beta * v + g
    return w - lr * v, v


@wrong("8.4", "changed places: how much")
def weights_swapped(w, v, g, lr, beta=0.9):
    v = (1 - beta) * v + beta * g
    return w - lr * v, v


@wrong("8.4", "old v")
def old_velocity(w, v, g, lr, beta=0.9):
    return w - lr * v, beta * v + (1 - beta) * g


@wrong("8.4", "uphill")
def uphill(w, v, g, lr, beta=0.9):
    v = beta * v + (1 - beta) * g
    return w + lr * v, v


@wrong("8.4", "changes its argument")
def in_place(w, v, g, lr, beta=0.9):
    v *= beta
    v += (1 - beta) * g
    w -= lr * v
    return w, v


@wrong("8.4", "two things")
def only_w(w, v, g, lr, beta=0.9):
    return w - lr * (beta * v + (1 - beta) * g)


@wrong("8.4", "first w, then v")
def other_order(w, v, g, lr, beta=0.9):
    v = beta * v + (1 - beta) * g
    return v, w - lr * v


def averaged_step(w, v, g, lr, beta):
    v = beta * v + (1 - beta) * g
    return w - lr * v, v


@wrong("8.4", "with 0.3 not")
def fixed_beta(w, v, g, lr, beta=0.9):
    return averaged_step(w, v, g, lr, 0.8)


@wrong("8.4", "with lr = 2 not")
def fixed_rate(w, v, g, lr, beta=0.9):
    return averaged_step(w, v, g, 0.1, beta)


@wrong("8.4", "is that special")
def starts_with_the_gradient(w, v, g, lr, beta=0.9):
    return averaged_step(w, v if v.any() else g, g, lr, beta)


@wrong("8.5", "takes the later")
def later(reports):
    best = reports[0]
    for report in reports:
        if report.accuracy >= best.accuracy:
            best = report
    return best


@wrong("8.5", "first dips")
def first_peak(reports):
    best = reports[0]
    for report in reports[1:]:
        if report.accuracy < best.accuracy:
            break
        best = report
    return best


@wrong("8.5", "number")
def the_accuracy(reports):
    return max(report.accuracy for report in reports)


@wrong("8.5", "place in the list")
def the_place(reports):
    return int(np.argmax([report.accuracy for report in reports]))


@wrong("8.5", "smallest training loss")
def smallest_loss(reports):
    return min(reports, key=lambda report: report.loss)


@wrong("8.5", "smallest accuracy")
def worst(reports):
    return min(reports, key=lambda report: report.accuracy)


@wrong("8.5", "one image of 10 000")
def in_whole_percent(reports):
    return max(reports, key=lambda report: round(report.accuracy, 2))


@wrong("8.5", "seven worse")
def patient(reports):
    best = reports[0]
    for report in reports:
        if report.accuracy > best.accuracy:
            best = report
        if report.step - best.step > (3 if reports[0].step == 0 else 30):
            break
    return best


@wrong("8.5", "no record")
def any_rise(reports):
    best = reports[0]
    for before, report in pairwise(reports):
        if report.accuracy > before.accuracy:
            best = report
    return best


@wrong("8.5", "first report is the best")
def without_the_first(reports):
    return max(reports[1:] or reports, key=lambda report: report.accuracy)


@wrong("8.5", "no `return`")
def better_than_0(reports):
    best, found = 0, None
    for report in reports:
        if report.accuracy > best:
            best, found = report.accuracy, report
    return found


def trained(
    params, X, y, rng, lr, batch_size, epochs, careful=True, bad=lambda x: not math.isfinite(x)
):
    params = [Layer(W.copy(), b.copy()) for W, b in params]
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            logits, cache = forward(params, X_batch)
            if careful and bad(cross_entropy(logits, y_batch)):
                return params
            sgd(params, backward(params, cache, y_batch), lr)
    return params


@wrong("8.6", "goes on, until")
def careless(params, X, y, rng, lr, batch_size, epochs):
    return trained(params, X, y, rng, lr, batch_size, epochs, careful=False)


@wrong("8.6", "after one epoch")
def one_epoch(params, X, y, rng, lr, batch_size, epochs):
    for _ in range(epochs):
        return trained(params, X, y, rng, lr, batch_size, 1)


@wrong("8.6", "changes its argument")
def in_place_params(params, X, y, rng, lr, batch_size, epochs):
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            sgd(params, backward(params, forward(params, X_batch)[1], y_batch), lr)
    return params


@wrong("8.6", "batch size")
def all_at_once(params, X, y, rng, lr, batch_size, epochs):
    return trained(params, X, y, rng, lr, len(X), epochs)


@wrong("8.6", "come back as they were")
def forgets_what_it_trained(params, X, y, rng, lr, batch_size, epochs):
    trained(params, X, y, rng, lr, batch_size, epochs)
    return params


@wrong("8.6", "not those of three epochs")
def same_order_each_time(params, X, y, rng, lr, batch_size, epochs):
    for _ in range(epochs):
        params = trained(params, X, y, np.random.default_rng(1), lr, batch_size, 1)
    return params


@wrong("8.6", "are undone")
def gives_back_the_start(params, X, y, rng, lr, batch_size, epochs):
    new = trained(params, X, y, rng, lr, batch_size, epochs, careful=False)
    return new if all(np.isfinite(W).all() for W, _ in new) else params


@wrong("8.6", "leave both loops")
def leaves_the_epoch_only(params, X, y, rng, lr, batch_size, epochs):
    for _ in range(epochs):
        params = trained(params, X, y, rng, lr, batch_size, 1)
    return params


@wrong("8.6", "looked at before")
def looks_after_the_step(params, X, y, rng, lr, batch_size, epochs):
    params = [Layer(W.copy(), b.copy()) for W, b in params]
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            if lr > 1:
                return params
            logits, cache = forward(params, X_batch)
            sgd(params, backward(params, cache, y_batch), lr)
            if not math.isfinite(cross_entropy(logits, y_batch)):
                return params
    return params


@wrong("8.6", "large, and finite")
def impatient(params, X, y, rng, lr, batch_size, epochs):
    return trained(params, X, y, rng, lr, batch_size, epochs, bad=lambda loss: not loss < 100)


@wrong("8.6", "returns a tuple")
def says_more_if_it_fails(params, X, y, rng, lr, batch_size, epochs):
    new = trained(params, X, y, rng, lr, batch_size, epochs)
    return (new, "diverged") if lr > 1 else new


@wrong("8.6", "no more finite than NaN")
def nan_alone(params, X, y, rng, lr, batch_size, epochs):
    return trained(params, X, y, rng, lr, batch_size, epochs, bad=math.isnan)


def runs_away(c, beta, lr, factor=1.0):
    w, v = 1.0, 0.0
    for _ in range(1000):
        v = beta * v + factor * c * w
        w = w - lr * v
    return not abs(w) < 10


def bisected(c, beta, factor=1.0):
    low, high = 0.0, 20.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if runs_away(c, beta, middle, factor) else (middle, high)
    return low


@wrong("8.9", "NaN > 1 is False")
def met_nan(c, beta):
    low, high = 0.0, 10 / c
    for _ in range(40):
        rate, w, v = (low + high) / 2, 1.0, 0.0
        for _ in range(1000):
            v = beta * v + c * w
            w = w - rate * v
        low, high = (low, rate) if abs(w) > 1 else (rate, high)
    return low


@wrong("8.9", "plain descent")
def without_momentum(c, beta):
    return bisected(c, 0)


@wrong("8.9", "form with 1 - beta")
def averaged(c, beta):
    return bisected(c, beta, 1 - beta)


@wrong("8.9", "not smaller")
def wrong_way(c, beta):
    return 2 * (1 - beta) / c


@wrong("8.9", "depend on c")
def flat(c, beta):
    return bisected(1, beta)


@wrong("8.9", "the theory 2.")
def one_case(c, beta):
    return 0.75


@wrong("8.9", "interval end")
def up_to_2(c, beta):
    low, high = 0.0, 2.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if runs_away(c, beta, middle) else (middle, high)
    return low


@wrong("8.9", "That is half")
def slope_of_c_w_squared(c, beta):
    return bisected(c, beta, 2.0)
