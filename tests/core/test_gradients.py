import math
from itertools import pairwise

import autograd
import autograd.numpy
import numpy as np
import pytest

from mnist_edu.activations import ACTIVATIONS
from mnist_edu.gradient_check import finite_difference, numerical_gradient, relative_error
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward

SIZES = [[5, 3], [5, 4, 3], [5, 6, 4, 3], [5, 4, 6, 4, 3]]
KINKED = ("relu", "leaky_relu")

every_network = pytest.mark.parametrize("sizes", SIZES, ids=str)
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def setting(sizes, activation):
    """Return a network, a batch, and gradients; a kink is farther from any z than any step."""
    rng = np.random.default_rng(1)
    params = [
        Layer(rng.normal(size=(m, n)) / np.sqrt(m), rng.normal(size=n) / 2)
        for m, n in pairwise(sizes)
    ]
    X, y = rng.normal(size=(6, sizes[0])), rng.integers(0, sizes[-1], 6)
    _, cache = forward(params, X, activation)
    if activation in KINKED:
        assert all(np.abs(z).min() > 1e-3 for z in cache.z[:-1])
    return params, X, y, backward(params, cache, y)


def measured_slopes(params, l, name, X, y, activation):
    """Measure the slopes of the loss along W or b of layer l."""

    def loss(value):
        moved = [*params[:l], params[l]._replace(**{name: value}), *params[l + 1 :]]
        return cross_entropy(forward(moved, X, activation)[0], y)

    return numerical_gradient(loss, getattr(params[l], name))


@every_network
@every_activation
def test_backward_agrees_with_central_differences(sizes, activation):
    params, X, y, grads = setting(sizes, activation)
    for l, (dW, db) in enumerate(grads):
        assert relative_error(dW, measured_slopes(params, l, "W", X, y, activation)) < 1e-7
        assert relative_error(db, measured_slopes(params, l, "b", X, y, activation)) < 1e-7


anp = autograd.numpy
WITH_AUTOGRAD = {
    "relu": lambda z: anp.maximum(z, 0),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "tanh": anp.tanh,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "gelu": lambda z: z / 2 * (1 + anp.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "identity": lambda z: z,
}


@every_network
@every_activation
def test_backward_agrees_with_automatic_differentiation(sizes, activation):
    params, X, y, grads = setting(sizes, activation)

    def loss(layers):
        a = X
        for W, b in layers[:-1]:
            a = WITH_AUTOGRAD[activation](anp.dot(a, W) + b)
        W, b = layers[-1]
        z = anp.dot(a, W) + b
        return anp.mean(anp.log(anp.sum(anp.exp(z), axis=1)) - z[np.arange(len(y)), y])

    expected = autograd.grad(loss)([tuple(layer) for layer in params])
    for layer, truth in zip(grads, expected, strict=True):
        for gradient, true_gradient in zip(layer, truth, strict=True):
            assert relative_error(gradient, true_gradient) < 1e-10


@every_activation
def test_gradient_of_a_batch_is_the_mean_over_its_rows(activation):
    params, X, y, grads = setting([5, 4, 6, 4, 3], activation)
    by_row = [backward(params, forward(params, X[[i]], activation)[1], y[[i]]) for i in range(6)]
    for l, layer in enumerate(grads):
        for gradient, *rows in zip(layer, *(row[l] for row in by_row), strict=True):
            assert relative_error(gradient, np.mean(rows, axis=0)) < 1e-13


def test_a_relu_at_exactly_0_passes_nothing_back():
    params = [Layer(np.zeros((2, 3)), np.zeros(3)), Layer(np.ones((3, 2)), np.array([1.0, 0.0]))]
    first, last = backward(params, forward(params, np.ones((1, 2)))[1], np.array([0]))
    assert not first.W.any()
    assert not first.b.any()
    assert last.b.all()


def test_numerical_gradient_of_a_quadratic_form():
    rng = np.random.default_rng(0)
    A, x = rng.normal(size=(5, 5)), rng.normal(size=5)
    gradient = numerical_gradient(lambda x: x @ A @ x, x)
    np.testing.assert_allclose(gradient, (A + A.T) @ x, rtol=1e-8)


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 2)], ids=str)
def test_numerical_gradient_has_the_shape_of_x_and_leaves_it(shape):
    x = np.asarray(np.random.default_rng(0).normal(size=shape))
    before = x.copy()
    gradient = numerical_gradient(lambda x: np.sin(x).sum(), x)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, np.cos(x), atol=1e-9)
    np.testing.assert_array_equal(x, before)


def test_numerical_gradient_steps_by_h_to_both_sides():
    # the central difference of x³ is 3x² + h², exactly
    gradient = numerical_gradient(lambda x: x[0] ** 3, np.array([2.0]), h=0.5)
    assert gradient[0] == 12.25


def test_finite_differences_move_one_entry_and_put_it_back():
    x = np.array([[1.0, 2.0], [0.1, 5.0]])
    before, seen = x.copy(), []

    def cubes():
        seen.append(x.copy())
        return (x**3).sum()

    central, ahead = (finite_difference(cubes, x, (0, 1), 0.5, forward=f) for f in (False, True))
    assert central == pytest.approx(3 * 2**2 + 0.5**2)
    assert ahead == pytest.approx(3 * 2**2 + 3 * 2 * 0.5 + 0.5**2)
    assert [moved[0, 1] for moved in seen] == [2.5, 1.5, 2.5, 2.0]
    for moved in seen:
        np.testing.assert_array_equal(np.delete(moved, 1), np.delete(before, 1))
    np.testing.assert_array_equal(x, before)


def test_numerical_gradient_takes_float32():
    x = np.array([1.0, -2.0], np.float32)
    gradient = numerical_gradient(lambda x: (x**2).sum(), x, h=0.125)
    assert gradient.dtype == np.float32
    assert gradient.tolist() == [2, -4]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([3.0, 4.0], [3.0, 4.0], 0),
        ([0.0, 0.0], [0.0, 0.0], 0),
        ([3.0, 4.0], [0.0, 0.0], 1),
        ([3.0, 4.0], [-3.0, -4.0], 2),
        ([[6.0, 0.0], [0.0, 8.0]], [[6.0, 0.0], [0.0, 3.0]], 0.5),
        ([1e-20], [3e-20], 2 / 3),
    ],
)
def test_relative_error_compares_the_difference_with_the_larger_norm(a, b, expected):
    assert relative_error(np.array(a), np.array(b)) == pytest.approx(expected, rel=1e-15)
    assert relative_error(np.array(b), np.array(a)) == pytest.approx(expected, rel=1e-15)


def test_relative_error_with_nan_is_not_small():
    assert not relative_error(np.array([1.0, np.nan]), np.array([1.0, 2.0])) < 1
