import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_edu.activations import log_softmax, softmax
from mnist_edu.data import minibatches, one_hot, read_idx
from mnist_edu.gradient_check import relative_error
from mnist_edu.initializers import INITIALIZERS
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.metrics import accuracy, confusion_matrix
from mnist_edu.network import backward, forward, init_params, predict
from mnist_edu.training import OPTIMIZERS, train

bounded = settings(max_examples=40, deadline=None, derandomize=True)

sides = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)
moderate = st.floats(-50, 50)
any_size = st.floats(-1e300, 1e300)


@st.composite
def logits(draw, elements=moderate):
    return draw(arrays(np.float64, (draw(sides), draw(sides)), elements=elements))


@st.composite
def logits_and_labels(draw, elements=moderate):
    z = draw(logits(elements))
    return z, draw(arrays(np.int64, len(z), elements=st.integers(0, z.shape[1] - 1)))


@st.composite
def networks(draw):
    """Return a network, a batch of inputs and their labels."""
    sizes = draw(st.lists(sides, min_size=2, max_size=4))
    rng = np.random.default_rng(draw(seeds))
    params = init_params(
        sizes, rng, draw(st.sampled_from(["normal", "xavier", "he", "orthogonal"]))
    )
    n = draw(st.integers(1, 8))
    return params, rng.normal(size=(n, sizes[0])), rng.integers(0, sizes[-1], n)


@bounded
@given(logits(any_size))
def test_softmax_gives_probabilities(z):
    p = softmax(z)
    assert p.min() >= 0
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_array_equal(p.argmax(axis=1), softmax(p).argmax(axis=1))


@bounded
@given(logits(), moderate)
def test_softmax_does_not_see_a_shift(z, shift):
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-12)


@bounded
@given(logits())
def test_log_softmax_is_the_logarithm_of_softmax(z):
    np.testing.assert_allclose(np.exp(log_softmax(z)), softmax(z), rtol=1e-12)


@bounded
@given(logits_and_labels(any_size))
def test_cross_entropy_is_not_negative(case):
    assert cross_entropy(*case) >= 0


@bounded
@given(logits_and_labels(any_size))
def test_gradient_of_a_row_sums_to_0_and_only_the_label_is_pushed_up(case):
    dz, (z, y) = cross_entropy_grad(*case), case
    np.testing.assert_allclose(dz.sum(axis=1), 0, atol=1e-15)
    assert (dz[one_hot(y, z.shape[1]) == 0] >= 0).all()
    assert (dz[np.arange(len(y)), y] <= 0).all()


@bounded
@given(logits_and_labels(), seeds)
def test_names_of_the_classes_do_not_matter(case, seed):
    z, y = case
    names = np.random.default_rng(seed).permutation(z.shape[1])
    renamed = np.empty_like(z)
    renamed[:, names] = z
    assert cross_entropy(renamed, names[y]) == pytest.approx(cross_entropy(z, y), abs=1e-13)


@bounded
@given(networks(), seeds)
def test_order_within_a_batch_does_not_matter(network, seed):
    params, X, y = network
    order = np.random.default_rng(seed).permutation(len(y))
    z, cache = forward(params, X)
    z_moved, cache_moved = forward(params, X[order])
    assert cross_entropy(z_moved, y[order]) == pytest.approx(cross_entropy(z, y), rel=1e-12)
    grads, grads_moved = backward(params, cache, y), backward(params, cache_moved, y[order])
    for layer, layer_moved in zip(grads, grads_moved, strict=True):
        np.testing.assert_allclose(layer_moved.W, layer.W, atol=1e-13)
        np.testing.assert_allclose(layer_moved.b, layer.b, atol=1e-13)
    np.testing.assert_array_equal(predict(params, X[order]), predict(params, X)[order])


@bounded
@given(networks(), st.integers(2, 4))
def test_a_batch_given_several_times_has_the_same_loss_and_gradient(network, times):
    params, X, y = network
    z, cache = forward(params, X)
    z_repeated, cache_repeated = forward(params, np.tile(X, (times, 1)))
    y_repeated = np.tile(y, times)
    assert cross_entropy(z_repeated, y_repeated) == pytest.approx(cross_entropy(z, y), rel=1e-12)
    grads, repeated = backward(params, cache, y), backward(params, cache_repeated, y_repeated)
    for layer, layer_repeated in zip(grads, repeated, strict=True):
        np.testing.assert_allclose(layer_repeated.W, layer.W, atol=1e-13)
        np.testing.assert_allclose(layer_repeated.b, layer.b, atol=1e-13)


@bounded
@given(networks(), st.floats(0.1, 10))
def test_a_relu_network_without_biases_scales_with_its_input(network, factor):
    params, X, _ = network
    np.testing.assert_allclose(
        forward(params, factor * X)[0], factor * forward(params, X)[0], atol=1e-11
    )


@bounded
@given(networks())
def test_a_small_step_downhill_lowers_the_loss(network):
    params, X, y = network
    z, cache = forward(params, X, "tanh")
    grads = backward(params, cache, y)
    slope = sum((g**2).sum() for layer in grads for g in layer)
    moved = [
        type(p)(p.W - 1e-6 * g.W, p.b - 1e-6 * g.b) for p, g in zip(params, grads, strict=True)
    ]
    fall = cross_entropy(z, y) - cross_entropy(forward(moved, X, "tanh")[0], y)
    assert fall == pytest.approx(1e-6 * slope, rel=1e-3, abs=1e-13)


@bounded
@given(st.sampled_from(sorted(INITIALIZERS)), sides, sides, seeds)
def test_same_seed_same_weights(name, n_in, n_out, seed):
    W, again = (INITIALIZERS[name](np.random.default_rng(seed), n_in, n_out) for _ in range(2))
    np.testing.assert_array_equal(W, again)
    assert W.shape == (n_in, n_out)
    assert np.isfinite(W).all()


@bounded
@given(st.integers(1, 60), st.integers(1, 70), seeds)
def test_minibatches_deal_each_row_once(n, batch_size, seed):
    X, y = np.arange(n, dtype=float)[:, np.newaxis], np.arange(n)
    dealt = list(minibatches(X, y, batch_size, np.random.default_rng(seed)))
    assert sorted(np.concatenate([labels for _, labels in dealt])) == list(range(n))
    assert all((images[:, 0] == labels).all() for images, labels in dealt)
    *full, last = [len(labels) for _, labels in dealt]
    assert set(full) <= {batch_size}
    assert 1 <= last <= batch_size


@settings(bounded, max_examples=20)
@given(
    networks(),
    seeds,
    st.sampled_from(sorted(OPTIMIZERS)),
    st.integers(1, 9),
    st.integers(1, 3),
    st.integers(1, 9),
)
def test_same_seed_same_run(network, seed, optimizer, batch_size, epochs, report_every):
    params, X, y = network
    runs = [
        list(
            train(
                params,
                X,
                y,
                rng=np.random.default_rng(seed),
                optimizer=optimizer,
                batch_size=batch_size,
                epochs=epochs,
                report_every=report_every,
            )
        )
        for _ in range(2)
    ]
    steps = epochs * -(-len(y) // batch_size)
    assert [r.step for r in runs[0]] == [*range(report_every, steps, report_every), steps]
    for one, other in zip(*runs, strict=True):
        assert one[:4] == other[:4]
        for layer, layer_again in zip(one.params, other.params, strict=True):
            np.testing.assert_array_equal(layer.W, layer_again.W)
            np.testing.assert_array_equal(layer.b, layer_again.b)


@bounded
@given(arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 9)), seeds)
def test_confusion_counts_every_label_and_its_diagonal_is_the_accuracy(y_true, seed):
    y_pred = np.random.default_rng(seed).permutation(y_true)
    counts = confusion_matrix(y_true, y_pred)
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(y_true, minlength=10))
    np.testing.assert_array_equal(counts.sum(axis=0), np.bincount(y_pred, minlength=10))
    assert accuracy(y_true, y_pred) == pytest.approx(np.trace(counts) / len(y_true))


@bounded
@given(logits(), logits())
def test_relative_error_is_symmetric_and_between_0_and_2(a, b):
    b = np.resize(b, a.shape)
    error = relative_error(a, b)
    assert error == relative_error(b, a)
    assert 0 <= error <= 2
    assert relative_error(a, a) == 0


@bounded
@given(arrays(np.dtype(">i4"), st.lists(st.integers(0, 4), min_size=1, max_size=3).map(tuple)))
def test_an_idx_file_gives_back_what_was_written(tmp_path_factory, array):
    header = bytes([0, 0, 0x0C, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path = tmp_path_factory.getbasetemp() / "written.idx"
    path.write_bytes(header + array.tobytes())
    np.testing.assert_array_equal(read_idx(path), array, strict=True)
