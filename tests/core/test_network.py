import math
from itertools import pairwise

import numpy as np
import pytest

from mnist_edu.activations import ACTIVATIONS, Activation
from mnist_edu.gradient_check import numerical_gradient
from mnist_edu.initializers import INITIALIZERS
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, deltas, forward, init_params, predict


def network(sizes, seed=0, dtype=np.float64):
    """Weights and biases that are all different from 0."""
    rng = np.random.default_rng(seed)
    return [
        Layer(rng.normal(size=(m, n)).astype(dtype), rng.normal(size=n).astype(dtype))
        for m, n in pairwise(sizes)
    ]


def batch(n=7, n_in=6, k=3, dtype=np.float64):
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, n_in)).astype(dtype), rng.integers(0, k, n)


def logits_by_hand(params, x, f):
    """One row, one number at a time."""
    (W, b), *rest = params
    z = [sum(x[i] * W[i, j] for i in range(len(x))) + b[j] for j in range(len(b))]
    return logits_by_hand(rest, [f(np.array(number)) for number in z], f) if rest else z


def test_init_params_draws_layer_after_layer_and_leaves_biases_at_0():
    params = init_params([7, 5, 4, 3], np.random.default_rng(2), "xavier")
    rng = np.random.default_rng(2)
    assert len(params) == 3
    for (W, b), (n_in, n_out) in zip(params, [(7, 5), (5, 4), (4, 3)], strict=True):
        np.testing.assert_array_equal(W, INITIALIZERS["xavier"](rng, n_in, n_out))
        np.testing.assert_array_equal(b, np.zeros(n_out))


def test_init_params_is_he_unless_told():
    W = init_params([400, 300], np.random.default_rng(0))[0].W
    assert W.var() == pytest.approx(2 / 400, rel=0.03)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_params_have_the_dtype_asked_for(dtype):
    params = init_params([4, 3, 2], np.random.default_rng(0), dtype=dtype)
    assert {array.dtype for layer in params for array in layer} == {np.dtype(dtype)}


def test_sizes_may_be_numpy_integers_in_a_tuple():
    params = init_params(tuple(np.array([784, 100, 10])), np.random.default_rng(0))
    assert sum(W.size + b.size for W, b in params) == 784 * 100 + 100 + 100 * 10 + 10


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [[6, 3], [6, 5, 3], [6, 5, 4, 3]], ids=str)
def test_forward_computes_what_paper_and_pencil_do(activation, sizes):
    params, (X, _) = network(sizes), batch()
    logits, _ = forward(params, X, activation)
    expected = [logits_by_hand(params, x, ACTIVATIONS[activation].f) for x in X]
    np.testing.assert_allclose(logits, expected, rtol=1e-12, atol=1e-14)


def test_activation_is_relu_unless_told():
    params, (X, _) = network([6, 5, 3]), batch()
    np.testing.assert_array_equal(forward(params, X)[0], forward(params, X, "relu")[0])
    np.testing.assert_array_equal(predict(params, X), predict(params, X, "relu"))


def test_cache_holds_what_each_layer_was_given_and_computed():
    params, (X, _) = network([6, 5, 4, 3]), batch()
    logits, cache = forward(params, X, "tanh")
    assert cache.activation is ACTIVATIONS["tanh"]
    assert cache.a[0] is X
    assert cache.z[-1] is logits
    for l, (W, b) in enumerate(params):
        np.testing.assert_allclose(cache.z[l], cache.a[l] @ W + b, rtol=1e-14)
    for l in (1, 2):
        np.testing.assert_array_equal(cache.a[l], np.tanh(cache.z[l - 1]))


def test_each_row_is_computed_for_itself():
    params, (X, _) = network([6, 5, 3]), batch()
    rows = [forward(params, X[i : i + 1])[0][0] for i in range(len(X))]
    np.testing.assert_allclose(forward(params, X)[0], rows, rtol=1e-12)


def test_gradients_have_the_structure_of_params():
    params, (X, y) = network([6, 5, 4, 3]), batch()
    grads = backward(params, forward(params, X)[1], y)
    assert all(isinstance(layer, Layer) for layer in grads)
    shapes = [[array.shape for array in layer] for layer in grads]
    assert shapes == [[array.shape for array in layer] for layer in params]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_stays_float32_forward_and_backward(activation):
    params, (X, y) = network([6, 5, 3], dtype=np.float32), batch(dtype=np.float32)
    logits, cache = forward(params, X, activation)
    arrays = [logits, *cache.a, *cache.z]
    arrays += [array for layer in backward(params, cache, y) for array in layer]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_and_backward_leave_what_they_are_given(activation):
    params, (X, y) = network([6, 5, 3]), batch()
    _, cache = forward(params, X, activation)
    given = [X, *(array for layer in params for array in layer), *cache.a, *cache.z]
    before = [array.copy() for array in given]
    backward(params, cache, y)
    forward(params, X, activation)
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_network_of_zeros_guesses():
    params = init_params([6, 5, 10], np.random.default_rng(0), "zeros")
    X, y = batch(k=10)
    assert cross_entropy(forward(params, X)[0], y) == pytest.approx(math.log(10), rel=1e-15)
    assert not predict(params, X).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predict_gives_the_class_of_the_largest_logit(dtype):
    params, (X, _) = network([6, 5, 3], dtype=dtype), batch(n=50)
    expected = [np.argmax(logits_by_hand(params, x, np.tanh)) for x in X]
    classes = predict(params, X, "tanh")
    assert classes.dtype == np.int64
    assert classes.tolist() == expected
    assert len(set(expected)) > 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predict_divides_pixels_by_255(dtype):
    X = np.random.default_rng(0).integers(0, 256, (50, 6), np.uint8)
    params = network([6, 5, 3], dtype=dtype)
    np.testing.assert_array_equal(predict(params, X), predict(params, (X / 255).astype(dtype)))
    assert (predict(params, X) != predict(params, X.astype(dtype))).any()


def test_predict_takes_1000_rows_at_a_time(monkeypatch):
    sizes = []

    def counting_forward(params, X, *args, **kwargs):
        sizes.append(len(X))
        return forward(params, X, *args, **kwargs)

    monkeypatch.setattr("mnist_edu.network.forward", counting_forward)
    params, (X, _) = network([6, 5, 3]), batch(n=2500)
    classes = predict(params, X)
    assert sizes == [1000, 1000, 500]
    np.testing.assert_array_equal(classes, forward(params, X)[0].argmax(axis=1))


def test_deltas_are_the_gradients_of_each_z_from_the_last_to_the_first():
    params, (X, _) = network([6, 5, 4, 3]), batch()
    _, cache = forward(params, X, "tanh")
    weight = np.random.default_rng(1).normal(size=(len(X), 3))

    def rest(l, z):
        """Go on from the z of a layer, to a loss that is no cross-entropy."""
        for W, b in params[l + 1 :]:
            z = np.tanh(z) @ W + b
        return (weight * z).sum()

    found = list(deltas(params, cache, weight))
    assert [l for l, _ in found] == [2, 1, 0]
    for l, dz in found:
        measured = numerical_gradient(lambda z, l=l: rest(l, z), cache.z[l])
        np.testing.assert_allclose(dz, measured, atol=1e-8)


def test_forward_takes_an_activation_of_ones_own():
    absolute = Activation("absolute", np.abs, np.sign)
    params, (X, _) = network([6, 5, 3]), batch()
    logits, cache = forward(params, X, absolute)
    expected = [logits_by_hand(params, x, np.abs) for x in X]
    np.testing.assert_allclose(logits, expected, rtol=1e-12, atol=1e-14)
    assert cache.activation is absolute
