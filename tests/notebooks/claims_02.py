"""The claims of notebook 2."""

import re

import numpy as np
import pytest
from scipy import special

from mnist_edu.activations import ACTIVATIONS, relu, sigmoid, softmax
from mnist_edu.labs.nb02_deltas import SCALES, delta_explorer
from mnist_edu.labs.nb02_polygon import polygon_explorer, polygon_network
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, backward, deltas, forward, init_params, predict
from mnist_edu.training import train
from tests.notebooks.quoting import claim
from tests.notebooks.reading import outputs, paths, printed, read

FREE = [
    "from −12 to 12",  # the strips of the check
    "make of the logits 1000, 1001, 1002?",
    "of all images to which a network gives 0.7, does it read 70 % correctly?",
]
SEEDS = range(4)


@pytest.fixture(scope="module")
def digits(mnist):
    return mnist.train.first(1000, dtype=np.float64)


@claim(
    "784-100-10 without activation functions has 79 510 weights and biases, 784-10 has 7 850",
    "A third layer would be swallowed in the same way",
)
def test_linear_layers_collapse():
    rng = np.random.default_rng(0)

    def drawn(sizes):
        return [Layer(W, rng.normal(size=b.shape)) for W, b in init_params(sizes, rng)]

    held = [sum(W.size + b.size for W, b in drawn(s)) for s in ([784, 100, 10], [784, 10])]
    assert held == [79_510, 7_850]
    params = drawn([20, 15, 12, 10])
    X = rng.normal(size=(50, 20))
    zero, axes, z = (forward(params, x, "identity")[0] for x in (np.zeros((1, 20)), np.eye(20), X))
    assert np.allclose(z, X @ (axes - zero) + zero)


@claim("From 10 ReLUs to 20, and from 20 to 40, the largest gap shrinks to a quarter.")
@pytest.mark.parametrize("g", [np.exp, np.cos, lambda x: 1 / (1 + x)])
def test_twice_the_pieces_a_quarter_of_the_gap_for_other_curves(g):
    x = np.linspace(0, 1, 4001)
    gaps = [
        np.abs(forward(polygon_network(g, M), x[:, np.newaxis])[0][:, 0] - g(x)).max()
        for M in (10, 20, 40)
    ]
    assert np.divide(gaps[1:], gaps[:-1]) == pytest.approx([0.25, 0.25], abs=0.02)


@claim(
    "18 are enough for a gap below 0.01",
    "with any even number a ReLU sits right there",
    "The step's gap stays at 1 or more",
)
def test_what_the_polygons_of_the_explorer_miss():
    update = polygon_explorer().update

    def gaps(curve):
        said = (update(units=M, curve=curve) for M in range(1, 41))
        return [float(re.search(r"curve is ([\d.]+)\.$", text)[1]) for text in said]

    assert next(M for M, gap in enumerate(gaps("wave"), start=1) if gap < 0.01) == 18
    assert all((gap == 0) == (M % 2 == 0) for M, gap in enumerate(gaps("tent"), start=1))
    assert min(gaps("step")) == 1


def pieces(heights):
    """Return the straight pieces of a graph, given at equal distances."""
    return 1 + np.count_nonzero(np.abs(np.diff(heights, 2)) > 1e-9)


@claim("A single hidden layer would need at least 1 023 ReLUs for as many.")
def test_a_hidden_layer_makes_at_most_a_piece_more_than_it_has_units():
    x = np.linspace(-1, 1, 1001)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        M = rng.integers(1, 9)
        signs, kinks = rng.choice([-1.0, 1.0], M), x[rng.choice(np.arange(10, 990), M)]
        params = [
            Layer(signs[np.newaxis], -signs * kinks),
            Layer(rng.normal(size=(M, 1)), np.zeros(1)),
        ]
        assert pieces(forward(params, x[:, np.newaxis])[0][:, 0]) <= M + 1
    assert 1024 - 1 == 1_023


@claim("for a network that has it still learns something")
def test_a_relu_whose_derivative_is_always_1_still_learns(digits):
    X, y = digits
    params = init_params([784, 50, 10], np.random.default_rng(0))
    before = (predict(params, X) == y).mean()
    for _ in range(30):
        logits, cache = forward(params, X)
        dz2 = cross_entropy_grad(logits, y)
        dz1 = dz2 @ params[1].W.T  # the slope of ReLU is left out
        for layer, a, dz in zip(params, cache.a, (dz1, dz2), strict=False):
            layer.W[...] -= 0.1 * a.T @ dz
            layer.b[...] -= 0.1 * dz.sum(axis=0)
    assert before < 0.2 < 0.6 < (predict(params, X) == y).mean()


@claim("an approximation that leaves GELU within 0.0005")
def test_gelu_is_nearly_z_times_the_normal_distribution():
    z = np.linspace(-8, 8, 16_001)
    assert np.abs(ACTIVATIONS["gelu"].f(z) - z * special.ndtr(z)).max() < 0.0005


@claim(
    "GELU alone goes down somewhere",
    "Its slope falls to −0.13 near $z = -1.4$, and reaches 1.13 near $z = 1.4$.",
    "Near $|z| = 3.6$: 0.025 in place of 0.25.",
)
def test_where_the_slopes_are_extreme():
    z = np.linspace(-6, 6, 12_001)
    names = ("relu", "leaky_relu", "sigmoid", "tanh", "gelu")
    rises = {name: np.diff(ACTIVATIONS[name].f(z)) / np.diff(z) for name in names}
    assert {name for name in names if rises[name].min() < 0} == {"gelu"}
    gelu = rises["gelu"]
    assert (gelu.min(), gelu.max()) == pytest.approx((-0.13, 1.13), abs=0.005)
    assert (z[gelu.argmin()], z[gelu.argmax()]) == pytest.approx((-1.4, 1.4), abs=0.05)
    steep = rises["sigmoid"] > 0.025
    assert z[:-1][steep].max() == pytest.approx(3.6, abs=0.05)
    assert rises["sigmoid"].max() == pytest.approx(0.25, abs=1e-6)


@claim(
    "The slope is then less than $(1/4)^{10}$, about one in a million.",
    "from the second layer on, $z$ lies between 0 and 1",
    "Positive weights above 4 could make up for it; but they also make the $z$ larger, and then "
    "the slopes fall: now the units do saturate.",
)
def test_a_chain_of_sigmoids_loses_the_signal_whatever_its_weight():
    def chain(weight):
        """Return the slope of ten units for many x, and the z and the slope of each unit."""
        x, z, slopes = np.linspace(-3, 3, 61), [], []
        for _ in range(10):
            z.append(weight * x)
            x = sigmoid(z[-1])
            slopes.append(x * (1 - x))
        return np.prod(weight * np.array(slopes), axis=0), np.array(z), np.array(slopes)

    product, z, slopes = chain(1)
    assert 0 < product.max() < 0.25**10 < 1e-6
    assert 0 < z[1:].min() < z[1:].max() < 1
    assert slopes[1:].min() > 0.19
    for weight in (4.5, 5, 8, 20):
        stronger, _, slopes = chain(weight)
        assert stronger.max() < product.max()
        assert slopes[-1].max() < 0.05


def way_back(X, y, name, scale, seed):
    """Return the sizes of δ, from layer 1 on, and the slopes of each hidden layer."""
    params = init_params([784] + 10 * [100] + [10], np.random.default_rng(seed))
    params = [Layer(scale * W, b) for W, b in params]
    logits, cache = forward(params, X, activation=name)
    back = [dz for _, dz in deltas(params, cache, cross_entropy_grad(logits, y))]
    sizes = np.array([np.linalg.norm(dz) for dz in back[::-1]])
    return sizes, np.array([cache.activation.grad(z) for z in cache.z[:-1]])


@claim(
    "is 94 000 times smaller than the one that left the last",
    "they make δ larger, by about $\\sqrt2$ per layer",
    "the slopes, 0.225 on average, make it smaller. Both together: about 0.32 per layer, and "
    "$0.32^{10}$ is about 1/90 000",
    "they cost another factor of 500 only, not $2^{10} = 1024$: with smaller weights nearly every "
    "$z$ lies nearer to 0, where the sigmoid is steeper",
)
def test_why_the_sigmoid_loses_so_much(digits):
    X, y = (part[:200] for part in digits)
    falls = {}
    for seed in SEEDS:
        for scale in (1, 0.5):
            sizes, slopes = way_back(X, y, "sigmoid", scale, seed)
            falls[seed, scale] = sizes[-1] / sizes[0]
            mean = np.sqrt((slopes**2).mean())
            per_layer = (sizes[0] / sizes[-1]) ** 0.1
            assert per_layer == pytest.approx(scale * np.sqrt(2) * mean, rel=0.02)
            if scale == 1:
                assert slopes.mean() == pytest.approx(0.225, abs=0.003)
                assert per_layer == pytest.approx(0.32, abs=0.005)
                whole = slopes
        assert slopes.mean() > whole.mean()
        assert falls[seed, 0.5] / falls[seed, 1] == pytest.approx(500, rel=0.06)
    assert falls[1, 1] == pytest.approx(94_000, rel=0.01)
    assert round(0.32**-10, -4) == 90_000


@claim(
    "with He's, most of it arrives; with half of them, each of ten layers divides it by 2 once "
    "more, about 1024 in all",
    "which is about half of the units",
)
def test_relu_hands_the_signal_back_if_its_weights_do(digits):
    X, y = (part[:200] for part in digits)
    for seed in SEEDS:
        whole, slopes = way_back(X, y, "relu", 1, seed)
        half, _ = way_back(X, y, "relu", 0.5, seed)
        assert whole[0] / whole[-1] > 0.7
        assert whole[0] / whole[-1] / (half[0] / half[-1]) == pytest.approx(1024, rel=0.03)
        assert slopes.mean() == pytest.approx(0.5, abs=0.05)


@claim(
    "Of the slider's steps, tanh at 0.71 and ReLU at 1; between the steps, tanh near 0.8.",
    "These weights put ReLU's own a hair above 1",
    "the slope of tanh is 1 at 0 alone, so tanh wants a little more",
)
@pytest.mark.parametrize(
    ("name", "step", "below", "above"), [("tanh", 0.71, 0.77, 0.83), ("relu", 1, 1.005, 1.05)]
)
def test_where_delta_is_level(digits, name, step, below, above):
    X, y = (part[:200] for part in digits)

    def gain(scale):
        """Return by how much δ has grown, as a logarithm, at layer 1."""
        sizes, _ = way_back(X, y, name, scale, 1)
        return np.log(sizes[0] / sizes[-1])

    assert min(SCALES, key=lambda scale: abs(gain(scale))) == step
    assert gain(below) < 0 < gain(above)


@claim("others put it a hair below", "ReLU's slope is 0 or 1, each about half the time")
def test_relu_is_level_on_either_side_of_1(digits):
    X, y = (part[:200] for part in digits)
    growth = []
    for seed in range(6):
        sizes, slopes = way_back(X, y, "relu", 1, seed)
        growth.append((sizes[0] / sizes[-1]) ** 0.1)  # per layer: the scale at which it is level
        assert slopes.mean() == pytest.approx(0.5, abs=0.05)
    assert 0.95 < min(growth) < 1 < max(growth) < 1.05


@claim(
    "Between 5.7 and 8.",
    "every mean slope has fallen below half of 1/4",
    "a scale changes the size of every $z$, but no sign; and ReLU's slope asks for the sign alone",
)
def test_what_the_explorer_of_delta_shows(digits):
    X, y = (part[:200] for part in digits)
    params = init_params([784] + 10 * [100] + [10], np.random.default_rng(1))
    explorer = delta_explorer(params, X, y)

    def shown(name, scale):
        explorer.update(name=name, scale=scale)
        sizes, slopes = (ax.lines[0].get_ydata() for ax in explorer.picture.figure.axes)
        return sizes[0] / sizes[-1], slopes

    assert shown("sigmoid", 5.7)[0] < 1 < shown("sigmoid", 8)[0]
    assert max(*shown("sigmoid", 5.7)[1], *shown("sigmoid", 8)[1]) < 0.125
    slopes = [shown("relu", scale)[1] for scale in SCALES[::3]]
    assert all(np.array_equal(slopes[0], other) for other in slopes)


@claim(
    "plain gradient descent leaves this unit's weights and bias where they are, so it is silent "
    "again in the next step, and in every one that follows"
)
@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5])
def test_a_silent_unit_of_the_first_layer_stays_silent(digits, lr):
    X, y = digits
    params = init_params([784, 30, 10], np.random.default_rng(5))
    params[0].b[0] = -0.01 - (X @ params[0].W[:, 0]).max()
    for report in train(params, X, y, rng=np.random.default_rng(0), epochs=3, lr=lr):
        assert np.array_equal(report.params[0].W[:, 0], params[0].W[:, 0])
        assert report.params[0].b[0] == params[0].b[0]
    assert not np.array_equal(report.params[0].W[:, 1], params[0].W[:, 1])


@claim("Leaky ReLU cannot die in this way: where $z < 0$, its slope is still $\\alpha$.")
def test_every_silent_unit_with_a_leak_gets_a_gradient(digits):
    X, y = digits
    params = init_params([784, 30, 10], np.random.default_rng(5))
    params[0].b[...] = -0.01 - (X @ params[0].W).max(axis=0)
    for name, alive in (("relu", 0), ("leaky_relu", 30)):
        grads = backward(params, forward(params, X, activation=name)[1], y)
        assert np.count_nonzero(np.abs(grads[0].W).max(axis=0)) == alive


@claim("here by about 0.0006 for $a$ and 0.0011 for $a^2$")
def test_the_means_of_a_million_draws_are_off_by_so_much():
    a = relu(np.random.default_rng(0).standard_normal((1000, 1000)))
    errors = [np.std(power.mean(axis=1)) * np.sqrt(1000 / 1e6) for power in (a, a**2)]
    assert errors == pytest.approx([0.0006, 0.0011], rel=0.1)


def told():
    """Return what the cells of the notebook print."""
    (path,) = (path for path in paths if path.name.startswith("02"))
    return "".join(map(printed, outputs(read(path))))


@claim(
    "compare units 33 and 41",
    "One on nearly all of them, one on hardly any. The next cell shows that no other unit goes "
    "further.",
)
def test_the_units_to_compare_are_the_extremes():
    extremes = re.findall(r"active on the (\w+): unit (\d+), on ([\d.]+)%", told())
    assert [row[:2] for row in extremes] == [("fewest", "41"), ("most", "33")]
    assert float(extremes[0][2]) < 5 < 95 < float(extremes[1][2])


@claim("By the difference of the two logits, about 1.2, at every temperature")
def test_the_second_logit_draws_level_at_every_temperature():
    (logits,) = re.findall(r"^logits (.*)$", told(), re.MULTILINE)
    z = np.array(logits.split(), dtype=float)
    assert {*z.argsort()[-2:]} == {3, 5}
    assert z[3] - z[5] == pytest.approx(1.2)
    for T in (0.01, 0.3, 1, 10, 100):
        for raise_by, sign in ((1.1, -1), (1.2, 0), (1.3, 1)):
            o = softmax((z + raise_by * (np.arange(10) == 5)) / T)
            assert np.sign((o[5] - o[3]).round(12)) == sign


@claim(
    "it keeps their order",
    "all probability goes to the largest logit",
    "(If two tie for the largest, each gets half.)",
    "Large $T$: all go towards 1/10.",
)
def test_what_softmax_tends_to():
    rng = np.random.default_rng(0)
    for z in rng.normal(scale=3, size=(50, 10)):
        for T in (0.5, 1, 20):
            assert np.array_equal(softmax(z / T).argsort(), z.argsort())
        assert np.allclose(softmax(z / 1e-5), np.arange(10) == z.argmax())
        assert np.allclose(softmax(z / 1e6), 0.1, atol=1e-5)
        z[z.argsort()[-2]] = z.max()
        assert sorted(softmax(z / 1e-5))[-2:] == pytest.approx([0.5, 0.5])


@claim("only $e^{\\beta z}$ with $\\beta > 0$, and its positive multiples, are like that")
@pytest.mark.parametrize(
    ("f", "shifts"),
    [
        (np.exp, True),
        (lambda z: 3 * np.exp(0.2 * z), True),
        (lambda z: np.logaddexp(0, z), False),
        (sigmoid, False),
        (lambda z: np.exp(z) + 1, False),
        (lambda z: np.exp(z**3), False),
    ],
)
def test_a_common_shift_leaves_the_ratios_of_exponentials_alone(f, shifts):
    z, c = np.linspace(-1, 1, 9), 0.7
    assert (np.ptp(f(z + c) / f(z)) < 1e-9) == shifts


@claim("`nan > 0` is False, and `argmax` of ten NaNs is 0")
def test_nan_gets_lost():
    nan = np.full(10, np.nan)
    assert not (nan > 0).any()
    assert nan.argmax() == 0


@claim("The largest exponent is then 0, so nothing overflows")
def test_the_cured_softmax_never_overflows():
    for scale in (1e2, 1e10, 1e307):
        z = scale * np.random.default_rng(0).normal(size=(50, 10)).clip(-8, 8)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert np.allclose(softmax(z).sum(axis=1), 1)
