"""Signals in a fresh network, against finite differences, wide networks and closed forms."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from mnist_edu.activations import ACTIVATIONS
from mnist_edu.data import load_mnist
from mnist_edu.gradient_check import numerical_gradient, relative_error
from mnist_edu.initializers import he
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, forward
from mnist_edu.topics.signal_propagation import (
    gain_params,
    mean_field_signals,
    signals,
    train_with_gain,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_gain_scales_the_same_random_numbers_in_all_layers_but_the_last():
    one, three = (gain_params([5, 4, 4, 3], np.random.default_rng(0), g) for g in (1.0, 3.0))
    for small, large in zip(one[:-1], three[:-1], strict=True):
        assert pytest.approx(3 * small.W) == large.W
    assert (one[-1].W == three[-1].W).all()


def test_a_gain_of_root_two_is_he():
    (W, _), _ = gain_params([50, 40, 10], np.random.default_rng(0), math.sqrt(2))
    assert pytest.approx(he(np.random.default_rng(0), 50, 40)) == W


@pytest.mark.parametrize("name", ["relu", "tanh", "gelu"])
def test_what_goes_back_is_the_gradient(rng, name):
    X, y = rng.normal(size=(6, 5)), rng.integers(0, 3, 6)
    params = gain_params([5, 4, 4, 4, 3], rng, 1.3)
    found = signals(params, X, y, ACTIVATIONS[name])
    _, cache = forward(params, X, name)
    for l in range(3):
        assert found.z[l] == pytest.approx(cache.z[l])
        assert found.a[l] == pytest.approx(cache.a[l + 1])

        def loss(W, l=l):
            moved = [*params[:l], Layer(W, params[l].b), *params[l + 1 :]]
            return cross_entropy(forward(moved, X, name)[0], y)

        assert relative_error(found.dW[l], numerical_gradient(loss, params[l].W)) < 1e-7
        assert found.dz[l].shape == (6, 4)
        assert found.dW[l] == pytest.approx(cache.a[l].T @ found.dz[l])


@pytest.mark.parametrize(
    ("name", "gain"), [("relu", 1.0), ("relu", 1.5), ("tanh", 1.0), ("tanh", 2.0)]
)
def test_a_wide_network_does_what_is_expected(rng, name, gain):
    X, y = rng.normal(size=(20, 784)) * 0.3, rng.integers(0, 10, 20)
    params = gain_params([784, *[1500] * 5, 10], rng, gain)
    found = signals(params, X, y, ACTIVATIONS[name])
    z, dz = mean_field_signals(gain, 5, float((X**2).mean()), ACTIVATIONS[name])
    assert [layer.std() for layer in found.z] == pytest.approx(z, rel=0.06)
    measured = np.array([layer.std() for layer in found.dz])
    assert measured / measured[-1] == pytest.approx(dz, rel=0.06)


def test_expectations_agree_with_an_integral():
    tanh = ACTIVATIONS["tanh"]
    z, _ = mean_field_signals(1.7, 2, 0.2, tanh)
    q = 1.7**2 * 0.2
    mean = quad(lambda u: np.tanh(math.sqrt(q) * u) ** 2 * norm.pdf(u), -12, 12)[0]
    assert z == pytest.approx([math.sqrt(q), 1.7 * math.sqrt(mean)])


def test_relu_multiplies_the_signal_by_g_over_root_two_both_ways():
    z, dz = mean_field_signals(1.1, 30, 0.1, ACTIVATIONS["relu"])
    assert z[1:] / z[:-1] == pytest.approx(np.full(29, 1.1 / math.sqrt(2)))
    assert dz[:-1] / dz[1:] == pytest.approx(np.full(29, 1.1 / math.sqrt(2)))


def test_a_single_layer_is_as_expected_too():
    z, dz = mean_field_signals(2.0, 1, 0.25, ACTIVATIONS["relu"])
    assert (z, dz) == (pytest.approx([1.0]), pytest.approx([1.0]))


def test_training_at_the_critical_gain_beats_training_below_it():
    train = load_mnist().train
    *_, right = train_with_gain(train, "relu", 12, math.sqrt(2), 0.03, seed=0)
    *_, faded = train_with_gain(train, "relu", 12, 0.7, 0.03, seed=0)
    assert right.step == faded.step == 400
    assert right.loss < 1 < 2.2 < faded.loss
