"""Checks of the exercises of notebook 08."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.exercises._check import exercise, expect, same
from mnist_edu.network import Layer, init_params
from mnist_edu.training import Report, train


@exercise("8.3")
def half_cosine(f: Callable) -> Iterator[str]:
    fractions = np.linspace(0, 1, 9)
    got = [f(fraction, 0.4) for fraction in fractions]
    for rate in got:
        yield from expect(rate, ())
    if same(got[0], 0.8):
        yield "It starts at twice the peak."
    if same(got[0], 0) and same(got[-1], 0.4):
        yield "It climbs; it should fall."
    if same(got, 0.4 * (1 - fractions)):
        yield "That is a straight line; both ends should be level."
    if same(got, 0.4 * np.cos(np.pi * fractions / 2)):
        yield "It ends at 0, but steeply: a quarter of a wave. Half a wave is level at both ends."
    if same(got, 0.4 * np.cos(np.pi * fractions)):
        yield "It ends at minus the peak: move the cosine up before scaling it."
    if same(got, 0.3 / 0.4 * np.array(got)) or same(f(0, 0.4), f(0, 0.8)):
        yield "Another peak gives the same rates: is the argument used?"
    if not same(got, [0.2 * (1 + math.cos(math.pi * fraction)) for fraction in fractions]):
        yield "With peak 0.4 it should be 0.4 at fraction 0, 0.2 at 0.5, 0 at 1, along a cosine."


@exercise("8.4")
def momentum_averaged(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    w, v, g = rng.normal(size=(3, 4, 2))
    pair = f(w, v, g, 0.1, 0.8)
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        yield "It should return two things: the new w and the new v."
    new_w, new_v = pair
    yield from expect(new_w, (4, 2))
    yield from expect(new_v, (4, 2))
    right = 0.8 * v + 0.2 * g
    if same(new_v, w - 0.1 * right) and same(new_w, right):
        yield "The two have changed places: first w, then v."
    if same(new_v, 0.8 * v + g):
        yield "That is the other form: here the gradient is multiplied as well."
    if same(new_v, 0.2 * v + 0.8 * g):
        yield "The two weights have changed places: how much of the *old* velocity is kept?"
    if same(new_v, 0.9 * v + 0.1 * g):
        yield "Another beta gives the same: is the argument used?"
    if not same(new_v, right):
        yield "The new v is not the weighted mean of the old v and g."
    if same(new_w, w - 0.1 * v):
        yield "w takes its step along the old v; it should take the new one."
    if same(new_w, w + 0.1 * right):
        yield "w goes uphill."
    if same(new_w, w - 0.1 * g):
        yield "w takes its step along the gradient, not along v."
    if not same(new_w, w - 0.1 * right):
        yield "The new v is right, the new w is not: it goes from w by lr times the new v."


def _report(step: int, loss: float, accuracy: float) -> Report:
    return Report(step, step / 10, loss, accuracy, [], "")


@exercise("8.5")
def best_report(f: Callable) -> Iterator[str]:
    scores = [(0.9, 0.7), (0.5, 0.85), (0.4, 0.82), (0.3, 0.93), (0.25, 0.93), (0.2, 0.91)]
    reports = [_report(10 * k, loss, score) for k, (loss, score) in enumerate(scores, start=1)]
    got = f(reports)
    if isinstance(got, float | np.floating):
        yield "It returns a number; a report is asked for, so that its weights can be used."
    if isinstance(got, int | np.integer):
        yield "It returns a place in the list; the report at that place is asked for."
    if not isinstance(got, Report):
        yield f"It returns a {type(got).__name__}; expected one of the reports."
    if got == reports[1]:
        yield "It stops where the accuracy first dips; a later report is better."
    if got == reports[4]:
        yield "Of two equally good ones it takes the later; the first is asked for."
    if got == reports[5]:
        yield "It takes the last report, or the smallest training loss; look at the accuracy."
    if got == reports[0]:
        yield "It takes the smallest accuracy, or simply the first report."
    if got != reports[3] or f(reports[:2]) != reports[1] or f(reports[:1]) != reports[0]:
        yield "It should be the report with the highest accuracy, wherever it stands."


@exercise("8.6")
def train_epochs(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    X, y = rng.random((50, 6)), rng.integers(0, 3, 50)
    params = init_params([6, 5, 3], rng)

    def weights(answer: list[Layer]) -> np.ndarray:
        return np.concatenate([array.ravel() for layer in answer for array in layer])

    def after(epochs: int, **changed) -> np.ndarray:
        options = {"lr": 0.1, "batch_size": 8, "epochs": epochs, **changed}
        *_, last = train(params, X, y, rng=np.random.default_rng(1), **options)
        return weights(last.params)

    got = f(params, X, y, np.random.default_rng(1), 0.1, 8, 3)
    if not isinstance(got, list) or not all(hasattr(layer, "W") for layer in got):
        yield f"It returns a {type(got).__name__}; expected params, a list of Layer."
    got = weights(got)
    if same(got, weights(params)):
        yield "The weights come back as they were: does the function return what it has trained?"
    if same(got, after(1)):
        yield "It stops after one epoch; three were asked for."
    if same(got, after(3, batch_size=50)):
        yield "All images at once: use the batch size."
    if not same(got, after(3)):
        yield (
            "The weights are not those of three epochs of `train` with the same generator. Every "
            "epoch asks `minibatches` once, and every minibatch takes one step."
        )
    wild = f(params, X, y, np.random.default_rng(1), 1e300, 8, 5)
    if not np.isfinite(weights(wild)).all():
        yield "When the loss is no longer finite it goes on, until the weights are NaN."
    if not same(weights(wild), after(5, lr=1e300)):
        yield (
            "It stops, but not where it should: at the first loss that is not finite, even in the "
            "middle of an epoch, with the weights of all steps before."
        )


@exercise("8.9")
def largest_rate(f: Callable) -> Iterator[str]:
    got = f(4.0, 0.5)
    yield from expect(got, ())
    got = float(got)
    if abs(got - 0.5) < 0.01:
        yield "That is the limit of plain descent: is beta used?"
    if abs(got - 0.25) < 0.01:
        yield "With beta in it the limit is *larger* than without, not smaller."
    if abs(got - 1.5) < 0.02:
        yield "That is the limit of the form with 1 - beta; take v = beta v + gradient."
    if abs(got - 3) < 0.03:
        yield "Is the gradient c times w? The answer does not depend on c as it should."
    if got > 0.95:
        yield "Far too large. There w is NaN, and NaN > 1 is False: which half is kept then?"
    if abs(got - 0.75) > 0.01:
        yield "For c = 4 and beta = 0.5 the theory says 0.75; 1000 steps should find it to 1 %."
    if abs(f(1.0, 0.0) - 2) > 0.02 or abs(f(10.0, 0.9) - 0.38) > 0.01:
        yield "It is right for c = 4 and beta = 0.5, and wrong for others."
