import math

import numpy as np
import pytest
import scipy.special
import scipy.stats

from mnist_edu.activations import ACTIVATIONS, leaky_relu_grad, log_softmax, relu_grad, softmax

# Each activation function of one number, written down once more.
BY_HAND = {
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "gelu": lambda z: z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "identity": lambda z: z,
}

Z = np.linspace(-4, 4, 60).reshape(4, 15)  # 60 points, even: none is 0


def test_the_table_holds_these_under_their_names():
    assert ACTIVATIONS.keys() == BY_HAND.keys()
    assert all(activation.name == name for name, activation in ACTIVATIONS.items())


@pytest.mark.parametrize("name", BY_HAND)
def test_activation_equals_its_formula(name):
    expected = np.vectorize(BY_HAND[name])(Z)
    np.testing.assert_allclose(ACTIVATIONS[name].f(Z), expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", BY_HAND)
def test_grad_equals_central_differences(name):
    activation, h = ACTIVATIONS[name], 1e-5
    slopes = (activation.f(Z + h) - activation.f(Z - h)) / (2 * h)
    np.testing.assert_allclose(activation.grad(Z), slopes, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("part", ["f", "grad"])
def test_float32_stays_float32(name, part):
    function = getattr(ACTIVATIONS[name], part)
    result = function(Z.astype(np.float32))
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, function(Z), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", BY_HAND)
def test_z_is_left_as_it_is(name):
    z = Z.copy()
    ACTIVATIONS[name].f(z)
    ACTIVATIONS[name].grad(z)
    np.testing.assert_array_equal(z, Z)


def test_at_0_relu_has_slope_0_and_leaky_relu_alpha():
    kink = np.array([-0.0, 0.0])
    assert relu_grad(kink).tolist() == [0, 0]
    assert leaky_relu_grad(kink, alpha=0.25).tolist() == [0.25, 0.25]


def test_leaky_relu_takes_alpha():
    assert ACTIVATIONS["leaky_relu"].f(np.array([-2.0, 2.0]), alpha=0.5).tolist() == [-1, 2]


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_from_0_an_activation_is_flat_or_straight(name, dtype):
    low, high = {
        "relu": (0, 1),
        "leaky_relu": (0.01, 1),
        "tanh": (0, 0),
        "sigmoid": (0, 0),
        "gelu": (0, 1),
        "identity": (1, 1),
    }[name]
    far = np.array([-1e6, 1e6], dtype)
    assert np.isfinite(ACTIVATIONS[name].f(far)).all()
    np.testing.assert_allclose(ACTIVATIONS[name].grad(far), [low, high], rtol=1e-6)


def test_sigmoid_is_exact_in_its_tails():
    z = np.array([-700.0, -40.0, 40.0, 700.0, -1e300, 1e300])
    sigmoid = ACTIVATIONS["sigmoid"]
    np.testing.assert_allclose(sigmoid.f(z), scipy.special.expit(z), rtol=1e-13)
    expected = scipy.special.expit(z) * scipy.special.expit(-z)
    np.testing.assert_allclose(sigmoid.grad(z), expected, rtol=1e-13)


def test_gelu_is_close_to_z_times_the_normal_distribution():
    np.testing.assert_allclose(ACTIVATIONS["gelu"].f(Z), Z * scipy.stats.norm.cdf(Z), atol=1e-3)


def extreme_logits(dtype):
    big = {np.float32: 1e38, np.float64: 1e300}[dtype]
    return np.array(
        [
            [0, 0, 0, 0],
            [1, -2, 3, 0.5],
            [1000, 1001, 1002, -1000],
            [0, 800, -800, 0],
            [big, big, -big, 0],
            [-big, -big, -big, -big],
            [-big, 1e3, 1, 0],
            [-np.inf, 0, 1, 2],
            [-np.inf, -np.inf, -big, 1],
            [-np.inf, -np.inf, -np.inf, -big],
        ],
        dtype,
    )


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("ours", "scipys"),
    [(softmax, scipy.special.softmax), (log_softmax, scipy.special.log_softmax)],
    ids=["softmax", "log_softmax"],
)
def test_softmax_agrees_with_scipy_on_any_logits(ours, scipys, dtype, axis):
    for z in (extreme_logits(dtype), extreme_logits(dtype).T, extreme_logits(dtype)[1]):
        result = ours(z, axis=axis)
        assert result.dtype == dtype
        rtol = 8 * np.finfo(dtype).eps
        np.testing.assert_allclose(result, scipys(z, axis=axis), rtol=rtol)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_softmax_is_along_the_last_axis_unless_told(function):
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    np.testing.assert_array_equal(function(z), function(z, axis=2))
    moved = np.moveaxis(function(np.moveaxis(z, 1, 2)), 2, 1)
    np.testing.assert_allclose(function(z, axis=1), moved, rtol=1e-14)


def test_log_softmax_keeps_what_softmax_loses():
    z = np.array([0.0, 800.0])
    assert softmax(z)[0] == 0
    assert log_softmax(z)[0] == -800
