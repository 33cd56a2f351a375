import math

import numpy as np
import pytest
import scipy.special
from sklearn.metrics import log_loss

from mnist_edu.losses import cross_entropy, cross_entropy_grad


def logits_and_labels(n=7, k=5, dtype=np.float64):
    rng = np.random.default_rng(0)
    return rng.normal(scale=3, size=(n, k)).astype(dtype), rng.integers(0, k, n)


def test_cross_entropy_agrees_with_scikit_learn():
    z, y = logits_and_labels()
    expected = log_loss(y, scipy.special.softmax(z, axis=1), labels=range(5))
    assert cross_entropy(z, y) == pytest.approx(expected, rel=1e-13)


EXTREMES = {
    "thousands": [1e3, 1001, -1e3],
    "huge": [1.0, 1.0, -1.0],
    "all very negative": [-1.0, -1.0, -1.0],
    "mixed": [-1.0, 0, 1e-30],
    "impossible class": [0, 1, -np.inf],
}


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("label", [0, 1, 2])
@pytest.mark.parametrize(("dtype", "big"), [(np.float32, 1e38), (np.float64, 1e300)])
def test_loss_and_gradient_agree_with_scipy_on_any_logits(name, label, dtype, big):
    row = EXTREMES[name]
    scale = 1 if name in ("thousands", "impossible class") else big
    z, y = np.array([row], dtype) * dtype(scale), np.array([label])
    rtol = 8 * np.finfo(dtype).eps
    expected = -scipy.special.log_softmax(z, axis=1)[0, label]
    np.testing.assert_allclose(cross_entropy(z, y), expected, rtol=rtol)
    expected = scipy.special.softmax(z, axis=1) - np.eye(3)[y]
    np.testing.assert_allclose(cross_entropy_grad(z, y), expected, rtol=rtol)


def test_loss_is_the_mean_over_the_batch():
    z, y = logits_and_labels()
    rows = [cross_entropy(z[i : i + 1], y[i : i + 1]) for i in range(len(z))]
    assert cross_entropy(z, y) == pytest.approx(math.fsum(rows) / 7, rel=1e-14)


def test_gradient_equals_central_differences():
    z, y = logits_and_labels()
    h, slopes = 1e-5, np.empty_like(z)
    for i, k in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[i, k] = h
        slopes[i, k] = (cross_entropy(z + step, y) - cross_entropy(z - step, y)) / (2 * h)
    grad = cross_entropy_grad(z, y)
    assert np.linalg.norm(grad - slopes) < 1e-7 * np.linalg.norm(slopes)


def test_equal_logits_cost_the_logarithm_of_the_classes():
    for k in (2, 10, 1000):
        assert cross_entropy(np.full((3, k), 7.0), np.array([0, 1, 1])) == pytest.approx(
            math.log(k)
        )


def test_certainty_costs_nothing_and_prints_without_a_minus():
    assert f"{cross_entropy(np.array([[0.0, 800.0]]), np.array([1])):.4f}" == "0.0000"


def test_what_was_impossible_costs_infinity():
    assert cross_entropy(np.array([[-np.inf, 0.0]]), np.array([0])) == math.inf


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loss_is_a_float_and_its_gradient_has_the_dtype_of_the_logits(dtype):
    z, y = logits_and_labels(dtype=dtype)
    assert type(cross_entropy(z, y)) is float
    assert cross_entropy_grad(z, y).dtype == dtype


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.uint64])
def test_labels_may_be_integers_of_any_kind(dtype):
    z, y = logits_and_labels()
    assert cross_entropy(z, y.astype(dtype)) == cross_entropy(z, y)
    np.testing.assert_array_equal(cross_entropy_grad(z, y.astype(dtype)), cross_entropy_grad(z, y))


def test_logits_are_left_as_they_are():
    z, y = logits_and_labels()
    before = z.copy()
    cross_entropy(z, y)
    cross_entropy_grad(z, y)
    np.testing.assert_array_equal(z, before)
