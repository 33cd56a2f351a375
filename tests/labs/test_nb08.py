"""The explorers of notebook 08: the noise of minibatches, a valley, and the lab's momentum."""

import itertools
import re

import numpy as np
import pytest

from mnist_edu.labs.nb08_noise import compare_minibatches, expected_noise, gram, noise_explorer
from mnist_edu.labs.nb08_training import training_lab
from mnist_edu.labs.nb08_valley import START, STEPS, heavy_ball_path, valley_explorer
from mnist_edu.network import backward, forward, init_params
from mnist_edu.training import train

N = 30
NOISE = re.compile(
    r"B = (\d+), (\d+) epochs? of training: the noise is ([\d.]+) times as long as the full "
    r"gradient, by theory ([\d.]+); cosine of the two gradients (-?[\d.]+) on average\."
)
VALLEY = re.compile(r"Rate ([\d.]+), β ([\d.]+), curvatures 1 and (\d+): (.*)")


def limits(explorer):
    return [(ax.get_xlim(), ax.get_ylim()) for ax in explorer.picture.figure.axes]


# Noise


@pytest.fixture(scope="module")
def digits(mnist):
    return mnist.train.first(N, dtype=np.float64)


@pytest.fixture(scope="module")
def stages(digits):
    """Two networks of two hidden layers, with biases, the second trained a little."""
    rng = np.random.default_rng(0)
    params = init_params([784, 9, 7, 10], rng)
    for layer in params:
        layer.b[:] = 0.1 * rng.standard_normal(len(layer.b))
    *_, report = train(params, *digits, rng=rng, batch_size=10, epochs=5)
    return [params, report.params]


def gradient(params, X, y):
    _, cache = forward(params, X)
    return np.concatenate(
        [array.ravel() for layer in backward(params, cache, y) for array in layer]
    )


@pytest.fixture(scope="module")
def single(stages, digits):
    """The gradient of every image alone, for each of the stages."""
    X, y = digits
    return [
        np.array([gradient(params, X[n : n + 1], y[n : n + 1]) for n in range(N)])
        for params in stages
    ]


def test_gram_holds_the_scalar_products_of_single_gradients(stages, digits, single):
    for params, rows in zip(stages, single, strict=True):
        np.testing.assert_allclose(gram(params, *digits), rows @ rows.T, rtol=1e-9, atol=1e-12)


def test_look_measures_what_minibatches_do(stages, digits):
    X, y = digits
    rng = np.random.default_rng(1)
    for params, B in itertools.product(stages, (1, 5, N)):
        rows = [rng.choice(N, B, replace=False) for _ in range(20)]
        shares = np.zeros((20, N))
        for row, chosen in enumerate(rows):
            shares[row, chosen] = 1 / B
        full = gradient(params, X, y)
        found = [gradient(params, X[chosen], y[chosen]) for chosen in rows]
        cosines = [g @ full / np.linalg.norm(g) / np.linalg.norm(full) for g in found]
        off = [np.linalg.norm(g - full) / np.linalg.norm(full) for g in found]
        got_cosines, got_noise = compare_minibatches(gram(params, X, y), shares)
        np.testing.assert_allclose(got_cosines, cosines, atol=1e-9)
        assert got_noise == pytest.approx(np.sqrt(np.mean(np.square(off))), abs=1e-6)


@pytest.mark.parametrize("B", [1, 2, 3, 6])
def test_expected_noise_is_the_mean_over_every_minibatch_there_is(single, B):
    rows = single[0][:6]
    every = np.array([rows[list(c)].mean(axis=0) for c in itertools.combinations(range(6), B)])
    full = rows.mean(axis=0)
    expected = np.sqrt((((every - full) ** 2).sum(axis=1)).mean()) / np.linalg.norm(full)
    assert expected_noise(rows @ rows.T, B) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_noise_explorer_says_and_draws_what_it_measures(stages, digits, single):
    explorer = noise_explorer(stages, *digits)
    fan, curve = explorer.picture.figure.axes
    before, pictures = limits(explorer), set()
    sizes = list(explorer.controls["batch_size"].options)
    assert sizes == [1, 2, 4, 8, 16, N]
    for B, epochs in itertools.product(sizes, (0, 1)):
        text = explorer.update(B, epochs)
        (lines,) = fan.collections
        ends = np.array([line[1] for line in lines.get_segments()])
        assert ends.shape == (100, 2)
        np.testing.assert_allclose(np.linalg.norm(ends, axis=1), 1)
        assert (ends[:, 1] >= 0).all()
        theory, dots, now = curve.lines
        G = single[epochs] @ single[epochs].T
        expected = [expected_noise(G, size) for size in sizes[:-1]]
        np.testing.assert_allclose(theory.get_ydata(), expected, rtol=1e-9)
        # the square of the noise, from 100 minibatches: within a half of what is expected
        np.testing.assert_allclose(np.square(dots.get_ydata()), np.square(expected), rtol=0.5)
        if B == N:
            assert text.endswith("all images, no noise, cosine 1.00.")
            np.testing.assert_allclose(ends[:, 0], 1)
        else:
            said = [float(number) for number in NOISE.fullmatch(text).groups()]
            place = sizes.index(B)
            values = [B, epochs, dots.get_ydata()[place], expected[place], ends[:, 0].mean()]
            assert said == pytest.approx(values, abs=0.00501)
            assert (now.get_xdata()[0], now.get_ydata()[0]) == (B, dots.get_ydata()[place])
        pictures.add(explorer.picture.png())
        assert limits(explorer) == before
    assert len(pictures) == 2 * len(sizes)


@pytest.mark.parametrize("epochs", [0, 1])
def test_the_noise_explorers_minibatches_hold_b_different_images(stages, digits, single, epochs):
    explorer = noise_explorer(stages, *digits)
    explorer.update(1, epochs)
    full = single[epochs].mean(axis=0)
    lengths = np.linalg.norm(single[epochs], axis=1) * np.linalg.norm(full)
    every = single[epochs] @ full / lengths
    (lines,) = explorer.picture.figure.axes[0].collections
    drawn = [line[1][0] for line in lines.get_segments()]
    assert max(min(abs(every - cosine)) for cosine in drawn) < 1e-9
    assert len({round(cosine, 9) for cosine in drawn}) > N / 2


# Valley


def path_by_matrix(lr, beta, curvature):
    """The points of the heavy ball, by powers of the matrix that takes (w, v) to the next."""
    points = np.empty((STEPS + 1, 2))
    for k, c in enumerate((1, curvature)):
        step = np.array([[1 - lr * c, -lr * beta], [c, beta]])
        now = np.array([START[k], 0.0])
        for t in range(STEPS + 1):
            points[t, k] = now[0]
            now = step @ now
    return points


def grid(explorer):
    lr, beta, curvature = explorer.controls.values()
    rates = [lr.min, 0.02, 0.04, 0.095, 0.1, 0.105, 0.19, 0.4, lr.max]
    betas = [*np.arange(beta.min, beta.max, 0.3), beta.max]
    return itertools.product(rates, betas, (curvature.min, 5, 20, curvature.max))


def test_the_path_is_that_of_the_heavy_ball():
    for lr, beta, c in itertools.product((0.005, 0.1, 0.5), (0, 0.5, 0.95), (1, 20, 50)):
        expected = path_by_matrix(lr, beta, c)
        np.testing.assert_allclose(heavy_ball_path(lr, beta, c), expected, rtol=1e-6, atol=1e-6)
    plain = START * (1 - 0.03 * np.array([1, 20])) ** np.arange(STEPS + 1)[:, None]
    np.testing.assert_allclose(heavy_ball_path(0.03, 0, 20), plain, atol=1e-12)


def test_the_valley_explorer_says_and_draws_the_path():
    explorer = valley_explorer()
    map_axes, loss_axes = explorer.picture.figure.axes
    before = limits(explorer)
    for lr, beta, c in grid(explorer):
        text = explorer.update(lr, beta, c)
        said = VALLEY.fullmatch(text).groups()
        assert [float(n) for n in said[:3]] == pytest.approx([lr, beta, c], abs=0.00501)
        points = heavy_ball_path(lr, beta, c)
        loss = points[:, 0] ** 2 / 2 + c * points[:, 1] ** 2 / 2
        loss /= loss[0]
        assert loss_axes.lines[-1].get_ydata() == pytest.approx(loss, rel=1e-9, abs=1e-250)
        drawn = np.array(map_axes.lines[-1].get_data()).T
        assert map_axes.viewLim.contains(*drawn[0])
        inside = (abs(points) < 1e3).all(axis=1)
        np.testing.assert_allclose(drawn[inside], points[inside])
        assert np.isfinite(drawn).all()
        if loss[-1] > 1e6:
            assert said[3].startswith("the loss grows without end")
        elif loss[-1] > 1:
            assert float(said[3].split()[-6]) == pytest.approx(loss[-1], rel=0.06)
        elif loss[-1] > 1e-3:
            assert float(said[3].split()[7]) == pytest.approx(loss[-1], rel=0.06)
        else:
            arrived = int(said[3].split()[1])
            assert (loss[arrived:] <= 1e-3).all()
            assert loss[arrived - 1] > 1e-3
        assert limits(explorer) == before


def test_the_rings_are_lines_of_equal_loss():
    explorer = valley_explorer()
    for c in (1, 7, 50):
        explorer.update(0.02, 0, c)
        for ring in explorer.picture.figure.axes[0].patches:
            angle = np.linspace(0, 6, 20)
            u, w = ring.width / 2 * np.cos(angle), ring.height / 2 * np.sin(angle)
            assert np.ptp(u**2 + c * w**2) < 1e-9


@pytest.mark.parametrize("beta", [0, 0.4, 0.9])
@pytest.mark.parametrize("c", [5, 20, 50])
def test_it_runs_away_beyond_2_times_1_plus_beta_over_c(beta, c):
    limit = 2 * (1 + beta) / c
    assert abs(heavy_ball_path(0.97 * limit, beta, c)[-1, 1]) < 2
    assert abs(heavy_ball_path(1.03 * limit, beta, c)[-1, 1]) > 10


def test_what_the_notebook_says_of_the_valley_is_so():
    explorer = valley_explorer()
    for lr, beta, c, steps in (
        (0.09, 0, 20, 33),
        (0.095, 0, 20, 34),
        (0.125, 0.4, 20, 12),
        (0.12, 0.5, 20, 10),
        (0.055, 0.6, 50, 17),
        (0.035, 0, 50, 80),
    ):
        assert f"after {steps} steps the loss stays below" in explorer.update(lr, beta, c)
    rates = np.arange(0.005, 0.2, 0.005)
    texts = [explorer.update(lr, 0.9, 20) for lr in rates]
    assert min(int(t.split()[9]) for t in texts if "stays below" in t) == 56


# The live lab


def test_the_labs_momentum_is_that_of_train(mnist):
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    X, y = mnist.train.images[:10_000], mnist.train.labels[:10_000]
    for beta, name in ((0, "sgd"), (0.9, "momentum")):
        run = lab.start(lr=0.05, batch_size=256, width=8, beta=beta)
        rng = np.random.default_rng(0)
        params = init_params([784, 8, 10], rng, dtype=np.float32)
        options = {"lr": 0.05, "batch_size": 256, "epochs": 1, "report_every": 3}
        expected = train(params, X, y, rng=rng, optimizer=name, **options)
        for got, report in itertools.islice(zip(run, expected, strict=False), 5):
            assert got.loss == pytest.approx(report.loss, rel=1e-6)


def test_ten_times_the_rate_is_what_momentum_makes_of_a_rate(mnist):
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    ends = [
        list(lab.start(lr=lr, batch_size=64, width=128, beta=beta))[-1].loss
        for lr, beta in ((0.1, 0), (0.01, 0.9), (0.01, 0))
    ]
    assert ends[1] == pytest.approx(ends[0], abs=0.1)
    assert ends[2] > 2 * ends[0]
