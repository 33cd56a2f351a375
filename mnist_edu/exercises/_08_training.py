"""Checks of the exercises of notebook 08."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.exercises._check import Slip, exercise, expect, expect_same, same
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
    if same(f(0.25, 0.4), f(0.25, 0.8)):
        yield "Another peak gives the same rates: is the argument used?"
    right = [0.2 * (1 + math.cos(math.pi * fraction)) for fraction in fractions]
    hint = "With peak 0.4 it should be 0.4 at fraction 0, 0.2 at 0.5, 0 at 1, along a cosine."
    yield from expect_same(got, right, hint)
    hint = "With peak 0.4 it is right, with peak 5 it is not."
    yield from expect_same(
        [f(fraction, 5.0) for fraction in fractions], 12.5 * np.array(right), hint
    )


@exercise("8.4")
def momentum_averaged(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    w, v, g = rng.normal(size=(3, 4, 2))
    pair = f(w, v, g, 0.1, 0.8)
    if not isinstance(pair, tuple | list | np.ndarray) or len(pair) != 2:
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
    lone = np.s_[:, 0]
    for velocity, slope, start, lr, beta, hint in (
        (v, g, w, 0.1, 0.3, "With beta = 0.8 it is right, with 0.3 not: is the argument used?"),
        (v, g, w, 2.0, 0.8, "With lr = 0.1 it is right, with lr = 2 not: is the argument used?"),
        (0 * v, g, w, 0.1, 0.8, "It goes wrong in the first step, where v is 0: is that special?"),
        (v, 0 * g, w, 0.1, 0.8, "It goes wrong where the gradient is 0; w still moves on along v."),
        (v[lone], g[lone], w[lone], 0.1, 0.8, "It goes wrong for arrays of one axis, as biases."),
    ):
        new_w, new_v = f(start, velocity, slope, lr, beta)
        right = beta * velocity + (1 - beta) * slope
        yield from expect_same(new_v, right, hint)
        yield from expect_same(new_w, start - lr * right, hint)


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
    if got != reports[3]:
        yield "It should be the report with the highest accuracy, wherever it stands."
    for best, accuracies, hint in (
        (1, [0.91, 0.95], "It goes wrong where the last report is the best."),
        (
            1,
            [0.6, 0.9, 0.7, 0.8],
            "A rise after a fall is no record: compare with the best so far.",
        ),
        (0, [0.7], "It goes wrong where there is a single report."),
        (0, [0.9, 0.8, 0.85], "It goes wrong where the first report is the best: is it compared?"),
        (9, [0.5, 0.8, *[0.7] * 7, 0.9], "After seven worse reports a better one is missed."),
        (
            2,
            [0.9801, 0.9799, 0.9802],
            "It goes wrong where one image of 10 000 makes the difference.",
        ),
        (0, [0.0, 0.0], "It goes wrong where all accuracies are 0: the first is asked for."),
        (1, [0.2, 1.0, 0.9], "It goes wrong where an accuracy is 1."),
    ):
        got = f([_report(k, 1 / (k + 1), score) for k, score in enumerate(accuracies)])
        if getattr(got, "step", None) != best:
            yield hint


@exercise("8.6")
def train_epochs(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    X, y = rng.random((50, 6)), rng.integers(0, 3, 50)
    params = init_params([6, 5, 3], rng)

    def weights(answer: object) -> np.ndarray:
        if not isinstance(answer, list) or not all(isinstance(layer, Layer) for layer in answer):
            raise Slip(f"It returns a {type(answer).__name__}; expected params, a list of Layer.")
        return np.concatenate([array.ravel() for layer in answer for array in layer])

    def after(epochs: int, start: list[Layer] = params, **changed) -> np.ndarray:
        options = {"lr": 0.1, "batch_size": 8, "epochs": epochs, **changed}
        *_, last = train(start, X, y, rng=np.random.default_rng(1), **options)
        return weights(last.params)

    got = weights(f(params, X, y, np.random.default_rng(1), 0.1, 8, 3))
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
    got = weights(f(params, X, y, np.random.default_rng(1), 0.3, 64, 2))
    if not same(got, after(2, lr=0.3, batch_size=64)):
        yield "For a rate of 0.1 and minibatches of 8 it is right, for 0.3 and 64 it is not."
    steep = [Layer(1000 * W, b) for W, b in params]  # its losses are in the hundred thousands
    got = weights(f(steep, X, y, np.random.default_rng(1), 0.1, 8, 1))
    if not same(got, after(1, start=steep)):
        yield "A loss that is large, and finite, goes wrong: is that a reason to stop?"
    wild = f(params, X, y, np.random.default_rng(1), 1e300, 8, 5)
    if not np.isfinite(weights(wild)).all():
        yield "When the loss is no longer finite it goes on, until the weights are NaN."
    # One image is so large that its minibatch, the fourth of each epoch, has no finite loss.
    X[np.random.default_rng(1).permutation(50)[27]] = 1.7e308 * np.array([1, -1, 1, -1, 1, -1])
    rng = np.random.default_rng(1)
    reports = train(params, X, y, rng=rng, lr=0.1, batch_size=8, report_every=1)
    _, two, three, _ = [weights(report.params) for report in reports]
    got = weights(f(params, X, y, np.random.default_rng(1), 0.1, 8, 3))
    if same(got, weights(params)):
        yield (
            "Where the fourth minibatch has no finite loss the first three steps are undone. Is "
            "each loss looked at, in the middle of an epoch too?"
        )
    if not np.isfinite(got).all():
        yield "A step is taken with a loss that is not finite: it has to be looked at before."
    if not same(got, three) and not same(got, two):  # the step before may be undone
        yield (
            "Where the fourth minibatch has no finite loss it does not return what the first three "
            "have made of params. Does it leave both loops there?"
        )
    lone = [Layer(np.array([[1.0, -1.0]]), np.zeros(2))]
    got = f(lone, np.array([[1e308]]), np.array([1]), np.random.default_rng(1), 0.1, 8, 1)
    if not same(weights(got), weights(lone)):
        yield "With a loss of inf it takes a step; inf is no more finite than NaN."


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
        yield "Far too large. If w is NaN there: NaN > 1 is False, and which half is kept then?"
    if abs(got - 0.375) < 0.005:
        yield "That is half: is the gradient c times w, that of c w² / 2?"
    if abs(got - 0.75) > 0.0075:
        yield "For c = 4 and beta = 0.5 the theory says 0.75; 1000 steps should find it to 1 %."
    for c, beta in ((1.0, 0.0), (10.0, 0.9), (0.4, 0.5), (200.0, 0.5)):
        rate, right = f(c, beta), 2 * (1 + beta) / c
        yield from expect(rate, ())
        if not abs(rate / right - 1) < 0.01:
            yield (
                f"It is right for c = 4 and beta = 0.5; for c = {c:g} and beta = {beta:g} it gives "
                f"{rate:.4g}, the theory {right:.4g}.{' Where does the interval end?' * (c == 0.4)}"
            )
