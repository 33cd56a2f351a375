import numpy as np
import pytest

from mnist_edu.gradient_check import numerical_gradient
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward, init_params
from mnist_edu.topics.weight_decay import with_decay
from mnist_edu.training import OPTIMIZERS, train


@pytest.fixture
def problem():
    rng = np.random.default_rng(0)
    return init_params([5, 4, 3], rng), rng.normal(size=(8, 5)), rng.integers(0, 3, 8)


def test_sgd_with_decay_goes_down_the_loss_with_its_penalty(problem):
    params, X, y = problem
    params = [Layer(W, np.full_like(b, 0.1)) for W, b in params]
    decay, lr = 0.7, 0.2

    def penalized(layer, name, value):
        changed = [*params]
        changed[layer] = params[layer]._replace(**{name: value})
        penalty = decay / 2 * sum((W**2).sum() for W, _ in changed)
        return cross_entropy(forward(changed, X)[0], y) + penalty

    slopes = [
        [
            numerical_gradient(lambda v, l=l, n=n: penalized(l, n, v), getattr(params[l], n))
            for n in ("W", "b")
        ]
        for l in range(2)
    ]
    stepped = [Layer(W.copy(), b.copy()) for W, b in params]
    with_decay("sgd", decay)(stepped, backward(params, forward(params, X)[1], y), lr, {})
    for after, before, (dW, db) in zip(stepped, params, slopes, strict=True):
        assert np.allclose(after.W, before.W - lr * dW, rtol=0, atol=1e-8)
        assert np.allclose(after.b, before.b - lr * db, rtol=0, atol=1e-8)


def test_momentum_with_decay_comes_to_rest_at_a_penalty_ten_times_smaller():
    rng = np.random.default_rng(0)
    M, lowest = rng.normal(size=(6, 6)), rng.normal(size=(2, 3))
    curvature = M @ M.T + np.eye(6)  # the loss is (w - lowest) · curvature (w - lowest) / 2
    params, state, step = [Layer(np.zeros((2, 3)), np.zeros(3))], {}, with_decay("momentum", 4.0)
    for _ in range(3000):
        slope = curvature @ (params[0].W - lowest).ravel()
        step(params, [Layer(slope.reshape(2, 3), np.zeros(3))], 0.01, state)
    least = np.linalg.solve(curvature + 0.1 * 4.0 * np.eye(6), curvature @ lowest.ravel())
    assert np.allclose(params[0].W.ravel(), least, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_without_decay_nothing_changes(name, problem):
    params, X, y = problem
    runs = [
        list(train(params, X, y, rng=np.random.default_rng(1), optimizer=optimizer, epochs=2))
        for optimizer in (name, with_decay(name, 0))
    ]
    for one, other in zip(runs[0][-1].params, runs[1][-1].params, strict=True):
        assert np.array_equal(one.W, other.W)


def test_a_wrong_name_or_strength_is_refused_at_once():
    with pytest.raises(ValueError, match="known are sgd"):
        with_decay("rmsprop", 0.1)
    for decay in (-0.1, float("nan")):
        with pytest.raises(ValueError, match="0 or more"):
            with_decay("sgd", decay)
