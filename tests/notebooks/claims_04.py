"""The claims of notebook 4."""

import re
from itertools import pairwise

import numpy as np
import pytest

from mnist_edu.activations import relu
from mnist_edu.gradient_check import numerical_gradient, numerical_jacobian
from mnist_edu.labs import nb04_backprop as lab
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward, init_params
from mnist_edu.training import momentum, sgd, train
from tests.notebooks.quoting import claim
from tests.notebooks.reading import code_cells, outputs, paths, printed, read

FREE = ["or 100 000 times (once for each weight)?"]  # the third answer to choose from
SIZES = [784, 128, 10]
PARAMETERS = 784 * 128 + 128 + 128 * 10 + 10


@pytest.fixture(scope="module")
def images(mnist):
    return mnist.train.first(1000, dtype=np.float64)


def loss_of_chain(numbers):
    w1, b1, w2, b2 = numbers
    return (w2 * max(w1 * 2.0 + b1, 0) + b2 - 1.0) ** 2


@claim("Only $b^{[2]}$ still has one, 6.", "because of the gate; that of $w^{[2]}$ is 0 because")
def test_a_closed_gate_leaves_the_slope_of_the_last_bias():
    slopes = numerical_gradient(loss_of_chain, np.array([-3.0, -1.0, -1.0, 4.0]))
    assert slopes == pytest.approx([0, 0, 0, 6], abs=1e-6)
    # with the gate open, or with something coming in, the others have one, too
    assert numerical_gradient(loss_of_chain, np.array([3.0, -1.0, -1.0, 4.0])).all()


@claim(
    "The loss falls all the way to the right end; the gradient is small there, but not 0",
    "Further to the right the loss goes on falling: it has no minimum.",
)
def test_with_class_0_the_loss_falls_for_ever():
    w = np.linspace(-1, 30, 500)
    assert (np.diff(lab._losses(w, 0)) < 0).all()
    assert -0.1 < numerical_gradient(lambda w: lab._losses(w, 0)[0], np.array([3.0])) < -0.01


@claim(
    "The weights into hidden unit 0 are $w$, the bold one, and 0.5; those out of it are 0.5 to "
    "class 0 and −0.5 to class 1.",
    "the example $x = (1, 2)$",
)
def test_the_weights_of_the_explorer():
    hidden, last = lab._network(3.0)
    assert (hidden.W[:, 0].tolist(), last.W[0].tolist()) == ([3, 0.5], [0.5, -0.5])
    assert lab.X.tolist() == [[1, 2]]


@claim("To the left of $-1$ the loss is flat, and the gradient exactly 0.")
def test_with_class_1_the_loss_is_smallest_where_the_gate_is_closed():
    assert len(set(lab._losses(np.linspace(-3, -1, 50), 1))) == 1
    assert (np.diff(lab._losses(np.linspace(-1, 30, 500), 1)) > 0).all()
    for w in (-3, -1.5, -1):
        params = lab._network(w)
        assert not backward(params, forward(params, lab.X)[1], np.array([1]))[0].W[:, 0].any()


@claim("Every product of the two has the right shape, the three wrong ones too.")
def test_square_factors_fit_in_any_order():
    dz, W = np.zeros((2, 4, 4))
    assert {(p @ q).shape for p, q in ((dz, W), (W, dz), (dz, W.T), (W.T, dz))} == {(4, 4)}


@claim("its initial weights plus a weighted sum of training images")
def test_training_adds_images_to_a_unit(images):
    X, y = images[0][:40], images[1][:40]
    start = init_params([784, 16, 10], np.random.default_rng(1))
    run = train(start, X, y, rng=np.random.default_rng(1), lr=0.1, batch_size=8, epochs=5)
    *_, last = run
    moved = last.params[0].W - start[0].W
    weights, *_ = np.linalg.lstsq(X.T, moved)
    assert np.linalg.norm(moved) > 0.1
    np.testing.assert_allclose(X.T @ weights, moved, atol=1e-12)


@claim(
    "scaling all weights leaves every gate as it is", "changes the results here by a few percent"
)
@pytest.mark.parametrize(("seed", "within"), [(0, 0.06), (1, 0.2), (2, 0.2)])  # here: seed 0
def test_a_factor_on_all_weights_acts_on_each_jacobian(images, seed, within):
    X, y = images[0][:64], images[1][:64]
    plain = init_params([784] + [100] * 9 + [10], np.random.default_rng(seed))
    shrinks = []
    for factor in (1, 0.7, 1.4):
        params = [Layer(factor * W, b) for W, b in plain]
        cache = forward(params, X)[1]
        gates = np.hstack(cache.z[:-1]) > 0
        deltas = errors(params, X, y)
        shrinks.append(np.linalg.norm(deltas[0]) / np.linalg.norm(deltas[-1]))
        if factor == 1:
            as_they_were = gates
        assert (gates == as_they_were).all()
    for factor, shrink in zip((0.7, 1.4), shrinks[1:], strict=True):
        assert shrink / shrinks[0] == pytest.approx(factor**9, rel=within)


def errors(params, X, y):
    """Return the errors of all layers: the slopes of the biases, for one example at a time."""
    single = [
        backward(params, forward(params, x[np.newaxis])[1], y[n : n + 1]) for n, x in enumerate(X)
    ]
    return [np.array([grads[l].b for grads in single]) for l in range(len(params))]


@claim("each of the 101 770 weights and biases", "hopeless for 101 770")
def test_the_network_has_so_many_weights_and_biases():
    params = init_params(SIZES, np.random.default_rng(0))
    assert sum(W.size + b.size for W, b in params) == PARAMETERS == 101_770


class Counting(np.ndarray):
    """An array that counts the multiply-adds of its products, from all three sizes."""

    total = 0

    def __matmul__(self, other):
        (rows, inner), (_, columns) = self.shape, other.shape
        Counting.total += rows * inner * columns
        return super().__matmul__(other)


@claim(
    "Forward and backward together cost about as much as two runs forward.",
    "One step with measured slopes costs about as much as 100 000 steps with backpropagation.",
)
def test_what_one_step_with_measured_slopes_costs():
    params = [Layer(W.view(Counting), b) for W, b in init_params(SIZES, np.random.default_rng(0))]
    Counting.total = 0
    cache = forward(params, np.zeros((64, 784)).view(Counting))[1]
    ahead = Counting.total
    backward(params, cache, np.zeros(64, int))
    assert Counting.total / ahead == pytest.approx(2, rel=0.05)
    assert 2 * PARAMETERS * ahead / Counting.total == pytest.approx(100_000, rel=0.05)


@claim("only a few times what the value costs, however many weights there are")
def test_the_gradient_costs_less_than_two_more_runs_whatever_the_sizes():
    for seed in range(20):
        draw = np.random.default_rng(seed)
        n = draw.integers(1, 1000, draw.integers(2, 12))
        ahead = sum(p * q for p, q in pairwise(n))
        back = ahead + sum(p * q for p, q in pairwise(n[1:]))
        assert back / ahead < 2


@claim("Almost all of them are zeros")
def test_the_jacobian_of_a_layer_is_almost_empty():
    X = np.random.default_rng(0).normal(size=(3, 4))
    J = numerical_jacobian(lambda W: (X @ W.reshape(4, 50)).ravel(), np.ones(200))
    assert (J != 0).mean() == pytest.approx(1 / 50)  # 1 in 128 of 128 units


@claim("(ReLU could do with $a$ alone.)")
def test_the_gate_can_be_told_from_the_activation():
    z = np.append(np.random.default_rng(0).normal(size=100), 0)
    assert ((relu(z) > 0) == (z > 0)).all()


@claim("The cache grows with the batch and with the depth; the weights do not grow with the batch.")
def test_what_grows_with_the_batch_and_the_depth():
    def numbers(N, depth):
        params = init_params([20] * (depth + 1), np.random.default_rng(0))
        cache = forward(params, np.zeros((N, 20)))[1]
        return sum(W.size + b.size for W, b in params), sum(a.size for a in cache.a + cache.z)

    assert numbers(5, 3)[1] < numbers(10, 3)[1] < numbers(10, 4)[1]
    assert numbers(5, 3)[0] == numbers(10, 3)[0]


@claim(
    "A larger step falls by less than promised, since here the loss curves upwards along the way.",
    "One step, near the rate 1, is the best; and with the rate 10 the loss ends higher than",
)
@pytest.mark.parametrize("seed", [4, 5, 6])
def test_how_far_a_step_downhill_falls(images, seed):
    X, y = images
    start = init_params(SIZES, np.random.default_rng(seed))
    grads = backward(start, forward(start, X)[1], y)
    g_squared = sum((g**2).sum() for layer in grads for g in layer)

    def fall(lr):
        moved = [Layer(W.copy(), b.copy()) for W, b in start]
        sgd(moved, grads, lr)
        return cross_entropy(forward(start, X)[0], y) - cross_entropy(forward(moved, X)[0], y)

    rates = 2.0 ** np.arange(-6, 4)
    falls = np.array([fall(lr) for lr in rates])
    assert (falls < rates * g_squared).all()
    assert (np.diff(falls[:6]) / np.diff(rates[:6]) < g_squared).all()  # it curves upwards
    assert 0.5 <= rates[falls.argmax()] <= 2
    assert fall(10) < 0


@claim("Pixels are never negative, so the bracket is at least 1, *for every pair of images*.")
def test_the_bracket_is_at_least_1(images):
    assert (images[0] @ images[0].T + 1).min() >= 1


def silent(params, X):
    return (forward(params, X)[1].z[0] <= 0).all(axis=0)


@pytest.fixture(scope="module", params=[0, 1])
def dead(request, images):
    """Return a network with silent units, and which they are."""
    X, y = images
    start = init_params([784, 50, 10], np.random.default_rng(request.param))
    rng = np.random.default_rng(request.param)
    *_, last = train(start, X, y, rng=rng, lr=2, batch_size=50, epochs=2)
    return last.params, silent(last.params, X)


@claim(
    "it is silent at the next step, too, and at every later one",
    "Going back to a small rate does not help.",
)
def test_a_dead_unit_stays_as_it_is(images, dead):
    params, units = dead
    assert 10 < units.sum() < 50
    *_, later = train(params, *images, rng=np.random.default_rng(3), lr=0.1, epochs=2)
    assert (later.params[0].W[:, units] == params[0].W[:, units]).all()
    assert silent(later.params, images[0])[units].all()
    assert not (later.params[0].W[:, ~units] == params[0].W[:, ~units]).all()


@claim("Momentum, in notebook 8, may still carry it some way")
def test_momentum_moves_on_without_a_gradient_and_comes_to_rest():
    params, state = [Layer(np.ones((1, 1)), np.ones(1))], {}
    pull, none = ([Layer(np.full((1, 1), g), np.zeros(1))] for g in (1.0, 0.0))
    momentum(params, pull, 0.1, state)
    places = [params[0].W.item()]
    for _ in range(300):
        momentum(params, none, 0.1, state)
        places.append(params[0].W.item())
    assert places[1] < places[0]
    assert places[-1] == pytest.approx(places[-2], abs=1e-12)


@claim("may still respond to a new image")
def test_a_unit_silent_on_the_training_images_may_respond_to_others(mnist, images, dead):
    params, units = dead
    others = mnist.validation.first(5000, dtype=np.float64)[0]
    assert units[~silent(params, others)].any()


@claim("it may come back (notebook 2 shows one that does)")
def test_notebook_2_shows_a_unit_that_comes_back():
    (path,) = (path for path in paths if path.stem.startswith("02"))
    (table,) = (text for text in map(printed, outputs(read(path))) if "training  active on" in text)
    before, after = re.findall(r"(\d+) of", table)
    assert int(before) == 0 < int(after)


@claim("For single numbers that takes 13 lines")
def test_the_tape_has_so_many_lines():
    (path,) = (path for path in paths if path.stem.startswith("04"))
    (cell,) = (cell for cell in code_cells(read(path)) if "class Value" in cell.source)
    assert len([line for line in cell.source.splitlines() if line.strip()]) == 13
