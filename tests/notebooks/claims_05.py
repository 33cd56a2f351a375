"""The claims of notebook 5."""

import inspect
import math

import numpy as np
import pytest

from mnist_edu.data import Split
from mnist_edu.gradient_check import finite_difference, numerical_gradient, relative_error
from mnist_edu.labs import nb05_step_size as lab
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.network import Layer, backward, forward, init_params
from mnist_edu.topics.gradient_clinic import (
    check_program,
    choose_entries,
    compare,
    examine,
    sampled_gradient,
    take_entries,
    train_program,
)
from tests.notebooks.quoting import claim
from tests.topics.test_gradient_clinic import PROGRAMS

FREE = [
    "on the sine at 1 000 places",
    "draws 25 entries of each array",
    "The check takes 100 000 directions; the tolerance is 5 %.",
    "Compare 500 entries of each array",
    "pixels not divided by 255",
]
PATIENTS = ["bug_1", "bug_2", "bug_3", "bug_4", "bug_5", "bug_4_with_a_better_loss"]
MENDED = PROGRAMS["bug_4_with_a_better_loss"]
RIGHT = PROGRAMS["right"]
seeds = pytest.mark.parametrize("seed", [0, 1, 2])


def network(seed=5):
    return init_params([784, 64, 10], np.random.default_rng(seed))


@pytest.fixture(scope="module")
def five(mnist):
    return mnist.train.first(5, dtype=np.float64)


@pytest.fixture(scope="module")
def images(mnist):
    return mnist.train.first(32, dtype=np.float64)


def trained(program, mnist, seed, lr, steps):
    """Return what is left of a network after some steps, and the losses on the way."""
    rng = np.random.default_rng(seed)
    return train_program(program, network(seed), mnist.train, rng, lr, steps)


# A slope by small steps


@claim("the forward error becomes about 10 times smaller, and the central error 100 times")
@pytest.mark.parametrize("x", [0.3, 0.7, 1.2])
def test_what_a_step_ten_times_smaller_buys(x):
    place = np.array([x])

    def error(h, forward):
        return abs(finite_difference(lambda: np.sin(place[0]), place, (0,), h, forward) - np.cos(x))

    for h in (0.1, 0.01):
        assert error(h, True) / error(h / 10, True) == pytest.approx(10, rel=0.1)
        assert error(h, False) / error(h / 10, False) == pytest.approx(100, rel=0.01)


@claim(
    "A float64 holds about 16 digits.",
    "agree in their first 11 digits",
    "about 5 digits are left",
    "So the slope is right to about 4 digits.",
)
def test_what_a_tiny_step_leaves():
    assert 15.5 < -math.log10(np.finfo(float).eps) < 16
    above, below = (f"{math.sin(0.7 + h):.16f}"[2:] for h in (1e-12, -1e-12))
    assert above[:11] == below[:11]
    assert above[11] != below[11]
    x = np.linspace(0.2, 1.3, 1000)
    errors = abs((np.sin(x + 1e-12) - np.sin(x - 1e-12)) / 2e-12 - np.cos(x))
    assert 1e-5 < np.median(errors) < 1e-4


@claim("about $10^{-16} \\, |f|$ in float64 and $6 \\cdot 10^{-8} \\, |f|$ in float32")
def test_how_far_rounding_moves_a_number():
    assert np.finfo(np.float64).eps / 2 == pytest.approx(1e-16, rel=0.15)
    assert np.finfo(np.float32).eps / 2 == pytest.approx(6e-8, rel=0.01)


@claim("= 843$ times larger, and the best error $843^2$ times, more than half a million")
def test_how_much_worse_float32_is():
    def best(rho):
        steps = np.logspace(-8, 0, 100_000)
        errors = steps**2 + rho / steps
        return steps[errors.argmin()], errors.min()

    (step, error), (step_32, error_32) = best(1e-16), best(6e-8)
    assert step_32 / step == pytest.approx(843, rel=1e-3)
    assert error_32 / error == pytest.approx(843**2, rel=2e-3)
    assert error_32 / error > 500_000


# The curve of a real network


@claim("Float32 begins at 1: the two losses are equal")
def test_in_float32_the_smallest_step_changes_nothing(five):
    X, y = five[0].astype(np.float32), five[1]
    moved = [Layer(W.astype(np.float32), b.astype(np.float32)) for W, b in network()]
    entries = choose_entries(moved, X, np.random.default_rng(1), 25)
    for h, is_lost in ((1e-12, True), (1e-3, False)):
        slopes = sampled_gradient(lambda p: RIGHT(p, X, y)[0], moved, entries, h)
        assert (not np.concatenate(slopes).any()) == is_lost


@claim("These are **kinks**: a ReLU was off at one end of the step and on at the other.")
def test_the_leap_comes_where_a_gate_changes(five):
    params, (X, _) = network(), five
    entries = choose_entries(params, X, np.random.default_rng(1), 25)

    def gates_that_differ(h):
        differ = 0
        moved = [Layer(W.copy(), b.copy()) for W, b in params]
        for array, chosen in zip(moved[0], entries[:2], strict=True):
            flat = array.reshape(-1)
            for i in chosen:
                kept, gates = flat[i], []
                for flat[i] in (kept - h, kept + h):
                    gates.append(forward(moved, X)[1].z[0] > 0)
                flat[i] = kept
                differ += (gates[0] != gates[1]).sum()
        return differ

    assert gates_that_differ(10**-2.5) == 0
    assert gates_that_differ(0.01) > 0


@claim("The bugs of the clinic below all give more than $10^{-3}$.")
@pytest.mark.parametrize("name", PATIENTS)
def test_each_bug_gives_an_error_above_a_thousandth(name, images):
    found = check_program(PROGRAMS[name], network(), *images, np.random.default_rng(0), count=20)
    wrong = [array.error for array in found.values() if array.error > 1e-7]
    assert wrong
    assert min(wrong) > 1e-3


@claim("Near $10^{-15}$ and $10^{-7}$ the curve is made of steps")
@pytest.mark.parametrize(("dtype", "h"), [(np.float64, 1e-15), (np.float32, 1e-7)])
def test_a_tiny_piece_of_the_curve_is_made_of_steps(dtype, h):
    t = np.linspace(-1.5, 1.5, 601)
    assert len(set(lab.loss((lab.W + h * t).astype(dtype), 1.5))) < 30
    assert len(set(lab.loss((lab.W + 1e6 * h * t).astype(dtype), 1.5))) > 300


@claim("Both errors leap up at $h = 0.05$, where the step first reaches over the kink.")
def test_the_errors_leap_where_the_step_reaches_the_kink():
    errors = lab.relative(np.array(lab.differences(np.array([0.049, 0.051]), 1.05, np.float64)))
    assert (errors[:, 1] / errors[:, 0] > 2).all()
    assert (errors[:, 1] > 0.01).all()
    smooth = lab.relative(np.array(lab.differences(np.array([0.049, 0.051]), 2, np.float64)))
    assert (smooth[:, 1] / smooth[:, 0] < 1.2).all()


# Kinks


@claim("A false alarm goes away once the step is shorter than the way to the kink; a bug stays.")
@pytest.mark.parametrize("distance", [2e-6, 2e-5])
def test_a_false_alarm_goes_away_and_a_bug_stays(five, distance):
    params, (X, y) = network(), five
    params[0].b[0] -= forward(params, X)[1].z[0][0, 0] + distance
    bias = [[], np.array([0]), [], []]

    def passes(program, h):
        slope = sampled_gradient(lambda p: program(p, X, y)[0], params, bias, h)[1]
        return relative_error(program(params, X, y)[1][0].b[:1], slope) < 1e-6

    assert not passes(RIGHT, 2 * distance)
    assert passes(RIGHT, distance / 2)
    assert not any(passes(PROGRAMS["bug_1"], h) for h in (2 * distance, distance / 2))


@claim("in the later ones a gate may even open and close again between the two ends")
def test_a_gate_may_open_and_close_again():
    one = np.ones((1, 1))
    deeper = [
        Layer(0 * one, np.zeros(1)),
        Layer(np.ones((1, 2)), np.array([0, -0.5])),
        Layer(np.array([[1.0], [-2.0]]), np.array([-0.2])),
        Layer(one, np.zeros(1)),
    ]

    def gate(b):
        return forward([Layer(0 * one, np.array([b])), *deeper[1:]], one)[1].z[2].item() > 0

    assert [gate(b) for b in (0.0, 0.5, 1.0)] == [False, True, False]


@claim("At $z = 0$ exactly no step is small enough.")
def test_at_a_kink_every_step_measures_the_same():
    for h in (1e-2, 1e-5, 1e-12):
        assert numerical_gradient(lambda z: max(z[0], 0), np.zeros(1), h) == pytest.approx(0.5)


# Which entries


@claim(
    "The network has 50 890 parameters",
    "`W1` has 50 176 entries and `b2` has 10",
    "which has 50 176 entries",
    "a single entry of 50 890",
    "one of 50 890",
)
def test_the_network_has_so_many_parameters():
    (W1, b1), (W2, b2) = network()
    assert (W1.size, b2.size) == (50_176, 10)
    assert sum(map(np.size, (W1, b1, W2, b2))) == 50_890


@claim("a small sample of all together would most likely miss `b2`")
def test_a_sample_of_all_together_misses_the_last_array():
    rng = np.random.default_rng(0)
    samples = [rng.choice(50_890, 100, replace=False) for _ in range(200)]
    assert np.mean([(sample >= 50_880).any() for sample in samples]) < 0.05


@claim("A sample of 100 entries of each array would very probably have missed it.")
def test_a_sample_misses_one_entry(five):
    params, (X, y) = network(), five
    bad = np.random.default_rng(0).choice(np.flatnonzero(RIGHT(params, X, y)[1][0].W))
    found = [
        bad in choose_entries(params, X, np.random.default_rng(seed), 100)[0] for seed in range(200)
    ]
    assert np.mean(found) < 0.03


@claim("Rounding puts about the same *absolute* error, $\\rho / h$, on each slope.")
def test_rounding_is_as_large_on_small_slopes_as_on_large_ones(five):
    params, (X, y) = network(), five
    entries = choose_entries(params, X, np.random.default_rng(0), 500)
    claimed = take_entries(RIGHT(params, X, y)[1], entries)[0]
    measured = sampled_gradient(lambda p: RIGHT(p, X, y)[0], params, entries)[0]
    sizes, off = abs(claimed[claimed != 0]), abs(claimed - measured)[claimed != 0]
    large = sizes > np.median(sizes)
    ratio, ratio_off = (np.median(one[large]) / np.median(one[~large]) for one in (sizes, off))
    assert ratio > 5
    assert 0.7 < ratio_off < 1.4


@claim("The norm asks how large all errors are", "by norm a large layer hides a small one")
def test_by_norm_a_large_array_hides_a_small_one():
    large, small = np.full(1000, 10.0), np.full(2, 1e-6)
    together = np.append(large, small), np.append(large, 2 * small)
    assert relative_error(*together) < 1e-7
    assert relative_error(small, 2 * small) == 0.5


# What a check sees


@claim("no weight of a deep ReLU network ever moves")
@pytest.mark.parametrize("depth", [2, 4])
def test_a_deep_relu_network_of_zeros_stays(mnist, depth):
    sizes = [784] + [20] * (depth - 1) + [10]
    zeros = init_params(sizes, np.random.default_rng(0), "zeros")
    params, _ = train_program(RIGHT, zeros, mnist.train, np.random.default_rng(0), 0.5, steps=50)
    assert not any(W.any() for W, _ in params)
    assert params[-1].b.any()


@claim("needs the same seed for both losses and for the gradient, or what differs is chance")
def test_a_program_that_draws_needs_the_same_seed(five):
    params, (X, y) = network(), five
    h = 1e-5

    def run(seed, step=0.0):
        """Return the loss with all hidden biases moved, and its claimed slope along them."""
        by = np.random.default_rng(seed).integers(-2, 3, size=2)
        shifted = np.roll(X.reshape(-1, 28, 28), by, axis=(1, 2)).reshape(X.shape)
        moved = [Layer(params[0].W, params[0].b + step), params[1]]
        logits, cache = forward(moved, shifted)
        return cross_entropy(logits, y), backward(moved, cache, y)[0].b.sum()

    def measured(right, left):
        return (run(right, h)[0] - run(left, -h)[0]) / (2 * h)

    for seed, other in [(1, 2), (2, 3), (3, 4)]:
        slope = run(seed)[1]
        assert relative_error(measured(seed, seed), slope) < 1e-7
        assert relative_error(measured(other, other), slope) > 0.01
        assert abs(measured(seed, other)) > 100


# The clinic


@claim(
    "checks it on 32 images",
    "trains it for 800 steps of 64 images at the rate 0.1",
    "`b1`, `W2` and `b2` are checked entry by entry",
    "a random 640 are checked",
)
def test_what_examine_does():
    params, rows, moved = network(), [], np.zeros(4, int)

    def program(now, X, y):
        if 64 not in rows:  # before training
            pairs = zip(sum(now, ()), sum(params, ()), strict=True)
            moved[:] += [not np.array_equal(*pair) for pair in pairs]
        rows.append(len(X))
        return 1.0, [Layer(0 * W, 0 * b) for W, b in now]

    data = Split(np.ones((64, 784)), np.zeros(64, int))
    examine(program, params, data, data, steps=1)
    assert set(rows) == {32, 64}
    assert rows.count(64) == 1
    assert moved.tolist() == [2 * 640, 2 * 64, 2 * 640, 2 * 10]
    defaults = inspect.signature(examine).parameters
    assert (defaults["steps"].default, defaults["lr"].default) == (800, 0.1)


@claim("a cosine of about 3/4 is an angle of about 41°: a step that is small enough still goes")
@seeds
def test_a_small_step_of_patient_1_goes_downhill(images, seed):
    assert math.degrees(math.acos(0.75)) == pytest.approx(41, abs=0.5)
    params = network(seed)
    loss, grads = PROGRAMS["bug_1"](params, *images)
    moved = [Layer(W - 1e-3 * dW, b) for (W, b), (dW, _) in zip(params, grads, strict=True)]
    assert RIGHT(moved, *images)[0] < loss


@claim("makes the gradient 4 times too long, in nearly the right direction")
@seeds
def test_patient_2_is_about_4_times_too_long(images, seed):
    params = network(seed)
    claimed, true = (PROGRAMS[name](params, *images)[1] for name in ("bug_2", "right_sigmoid"))
    found = compare(claimed[0].W, true[0].W)
    assert found.ratio == pytest.approx(4, rel=0.1)
    assert found.cosine > 0.98


@claim("A wrong gradient can even win, where the learning rate suits it better.")
@pytest.mark.parametrize(("lr", "wins"), [(0.03, True), (1, False)])
def test_patient_2_wins_at_a_small_rate_alone(mnist, lr, wins):
    X, y = mnist.validation.first(2000, dtype=np.float64)
    losses = []
    for name in ("bug_2", "right_sigmoid"):
        params, _ = trained(PROGRAMS[name], mnist, 1, lr, 300)
        losses.append(cross_entropy(forward(params, X, "sigmoid")[0], y))
    assert (losses[0] < losses[1]) == wins


@claim("It learns exactly as the right program does", "as the right program does at 0.01")
@seeds
def test_patient_3_takes_the_steps_of_the_right_program(mnist, seed):
    def shorter(params, X, y):
        loss, grads = PROGRAMS["bug_3"](params, X, y)
        return loss, [Layer(W / 10, b / 10) for W, b in grads]

    for program, lr in ((PROGRAMS["bug_3"], 0.1), (shorter, 0.01)):
        theirs, right = trained(program, mnist, seed, 0.1, 30), trained(RIGHT, mnist, seed, lr, 30)
        for mine, truth in zip(theirs[0], right[0], strict=True):
            np.testing.assert_allclose(mine.W, truth.W, rtol=1e-9, atol=1e-12)
        assert not np.allclose(theirs[1], right[1])


def binary_loss(z, c):
    o = np.exp(z) / np.exp(z).sum()
    return -np.log(o[c]) - np.log(1 - np.delete(o, c)).sum()


@claim(
    "which is −10 for the truth and 10/9 for each other class, into slopes of −1 and 1/9",
    "Claimed are −0.9 and 0.1: nine tenths of each, so ratio 0.9 and cosine 1.",
)
def test_patient_4_while_the_network_guesses():
    slopes = numerical_gradient(lambda z: binary_loss(z, 0), np.zeros(10))
    np.testing.assert_allclose(slopes, [-1] + 9 * [1 / 9], rtol=1e-6)
    claimed = cross_entropy_grad(np.zeros((1, 10)), np.array([0]))[0]
    np.testing.assert_allclose(claimed, [-0.9] + 9 * [0.1])
    assert compare(claimed, slopes)[1:] == pytest.approx((0.9, 1), rel=1e-6)
    do = numerical_gradient(
        lambda o: -np.log(o[0]) - np.log(1 - o[1:]).sum(),
        np.full(10, 0.1),  # each o by itself
    )
    np.testing.assert_allclose(do, [-10] + 9 * [10 / 9], rtol=1e-6)


@claim("is about twice the cross-entropy", "and the ratio goes towards 1/2")
@pytest.mark.parametrize("z_c", [8, 12])
def test_patient_4_once_the_network_is_sure(z_c):
    z = np.random.default_rng(0).normal(size=10)
    z[3] += z_c
    assert binary_loss(z, 3) / cross_entropy(z[np.newaxis], np.array([3])) == pytest.approx(
        2, rel=0.02
    )
    slopes = numerical_gradient(lambda z: binary_loss(z, 3), z)
    claimed = cross_entropy_grad(z[np.newaxis], np.array([3]))[0]
    assert compare(claimed, slopes).ratio == pytest.approx(0.5, rel=0.02)


@claim("The accuracy is that of the right program, whose steps it takes.")
@seeds
def test_patient_4_takes_the_steps_of_the_right_program(mnist, seed):
    theirs = trained(PROGRAMS["bug_4"], mnist, seed, 0.1, 30)
    right = trained(RIGHT, mnist, seed, 0.1, 30)
    for mine, truth in zip(theirs[0], right[0], strict=True):
        np.testing.assert_allclose(mine.W, truth.W, rtol=1e-9, atol=1e-12)


@claim("The run diverges, although before training every cosine is above 0.")
@seeds
def test_the_half_mended_patient_diverges_from_cosines_above_0(mnist, images, seed):
    params = network(seed)
    both = [program(params, *images)[1] for program in (MENDED, RIGHT)]
    for claimed, true in zip(*both, strict=True):
        assert compare(claimed.W, true.W).cosine > 0
        assert compare(claimed.b, true.b).cosine > 0
    _, losses = trained(MENDED, mnist, seed, 0.1, 60)
    assert not np.isfinite(losses[-1])


@claim("A cosine above 0 promises that one step, if it is small enough, goes downhill")
@seeds
def test_one_small_step_of_the_half_mended_patient_goes_downhill(images, seed):
    params = network(seed)
    loss, grads = MENDED(params, *images)
    moved = [
        Layer(W - 1e-3 * g, b - 1e-3 * c) for (W, b), (g, c) in zip(params, grads, strict=True)
    ]
    assert RIGHT(moved, *images)[0] < loss


@claim(
    "Every class is the truth now and then, so all logits rise.",
    "So the steps grow and grow.",
    "The direction of the slope is lost, the differences between the logits grow as well",
)
@seeds
def test_how_the_half_mended_patient_runs_away(mnist, images, seed):
    logits, growing, cosines = [], [], []
    for steps in (1, 5, 10, 15, 20):
        params, _ = trained(MENDED, mnist, seed, 0.1, steps)
        z, cache = forward(params, images[0])
        grads, true = (program(params, *images)[1] for program in (MENDED, RIGHT))
        size = sum((g**2).sum() for layer in grads for g in layer)
        logits.append(z.mean(axis=0))
        growing.append([cache.a[1].mean(), size, z.std(axis=1).mean()])
        cosines.append(compare(grads[0].W, true[0].W).cosine)
    assert (np.diff(logits, axis=0) > 0).mean() > 0.9  # each of the ten
    assert (np.diff(growing[1:], axis=0) > 0).all()
    assert cosines[0] > 0.3
    assert cosines[-1] < 0.1


@claim("By itself that changes no probability, since softmax sees only differences.")
def test_raising_all_logits_changes_nothing():
    z, y = np.random.default_rng(0).normal(size=(4, 10)), np.array([1, 2, 3, 4])
    assert cross_entropy(z + 100, y) == pytest.approx(cross_entropy(z, y))


@claim("then `-Y / o` is 0/0, and everything is NaN")
def test_a_probability_of_0_makes_everything_nan():
    params, X = [Layer(np.eye(10), np.zeros(10))] * 2, 1000 * np.eye(10)[:1]
    with np.errstate(all="ignore"):
        _, grads = MENDED(params, X, np.array([0]))
    assert np.isnan(grads[0].W).any()
    assert np.isnan(grads[1].W).any()


@claim("It is proportional to the rate", "a few percent is millions of times what a right program")
@seeds
def test_the_error_of_patient_5_grows_as_the_rate(images, seed):
    params = network(seed)
    true = RIGHT(params, *images)[1][0].W
    wrong = [PROGRAMS["bug_5"](params, *images, lr)[1][0].W for lr in (0.001, 0.01, 0.1)]
    errors = np.array([relative_error(dW, true) for dW in wrong])
    np.testing.assert_allclose(errors[1:] / errors[:-1], 10, rtol=0.1)
    assert 0.01 < errors[-1] < 0.1
    rounding = check_program(RIGHT, params, *images, np.random.default_rng(0), count=20)
    assert errors[-1] / rounding["W1"].error > 1e6


@claim("None of the five. Only patient 4, half mended, diverges.")
@pytest.mark.parametrize("name", PATIENTS[:5])
def test_with_the_five_the_loss_falls(mnist, name):
    _, losses = trained(PROGRAMS[name], mnist, 1, 0.1, 150)
    assert losses[-20:].mean() < 0.7 * losses[:5].mean()


# The exercises


@claim("divided by $h$, is $f'(x)$ with an error of order $h^2$")
def test_the_complex_step():
    for x in (0.3, 0.7):
        assert np.sin(x + 1e-20j).imag / 1e-20 == pytest.approx(np.cos(x), rel=1e-15)
        coarse = [np.sin(x + 1j * h).imag / h - np.cos(x) for h in (0.1, 0.01)]
        assert coarse[0] / coarse[1] == pytest.approx(100, rel=0.01)


@claim("the slope comes out as 0", "right for $x \\neq 0$, and at 0 it depends on the sign of $h$")
def test_where_the_complex_step_goes_wrong():
    assert np.imag(abs(2 + 1e-20j)) == 0
    for x, slopes in ((-1.0, [0, 0]), (1.0, [1, 1]), (0.0, [1, 0])):
        assert [np.maximum(x + 1j * h, 0).imag / h for h in (1e-20, -1e-20)] == slopes
