"""The playground computes what mnist_edu computes: its own scripts, in Chromium, beside NumPy."""

import functools
import json
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from docs.playground.build import bundle, digits, smaller, stored_map
from mnist_edu.activations import ACTIVATIONS, Activation, leaky_relu, leaky_relu_grad
from mnist_edu.data import load_mnist
from mnist_edu.network import Layer
from mnist_edu.stored_results import load_result
from mnist_edu.topics.signal_propagation import mean_field_signals, signals
from tools.export_network import exported

HALF = Activation(
    "half", functools.partial(leaky_relu, alpha=0.5), functools.partial(leaky_relu_grad, alpha=0.5)
)
SAME = {"relu": ACTIVATIONS["relu"], "leaky_relu": HALF, "tanh": ACTIVATIONS["tanh"]}
RUN = """({ lr, sizes, params, batches }) => {
    const layers = params.map(({ W, b }, l) => (
        { W: Float64Array.from(W), b: Float64Array.from(b), nIn: sizes[l], nOut: sizes[l + 1] }));
    const step = ({ pixels, labels }) => {
        const bytes = Uint8Array.from(atob(pixels), c => c.charCodeAt(0));
        const X = images(bytes, labels.map((_, i) => i));
        const cache = forward(layers, X, labels.length, f);
        const { loss, dz } = crossEntropy(cache.z.at(-1), labels);
        return { cache, loss, grads: backward(layers, cache, dz, labels.length, f) };
    };
    const { cache, loss, grads } = step(batches[0]);
    const found = {
        loss, z: cache.z.map(z => [...z]), dz: grads.slice(0, -1).map(({ dz }) => [...dz]),
        grads: grads.map(({ dW, db }) => ({ W: [...dW], b: [...db] })),
    };
    for (const batch of batches) sgd(layers, step(batch).grads, lr);
    found.trained = layers.map(({ W, b }) => ({ W: [...W], b: [...b] }));
    return found;
}"""


@pytest.fixture(scope="module")
def run(page):
    """Return a function that runs JavaScript with the worker's modules in scope."""

    modules = ("activations", "data", "network", "random", "signals", "measuring")
    names = "".join(f"Object.assign(globalThis, {module}_);" for module in modules)
    page.evaluate(f"() => {{ {bundle('worker.js')}\n{names} }}")

    def run(javascript, argument=None):
        call = f"text => JSON.stringify(({javascript})(JSON.parse(text)))"
        return json.loads(page.evaluate(call, json.dumps(argument)))

    return run


def assert_close(found, expected):
    found, expected = np.array(found), np.array(expected)
    assert np.linalg.norm(found - expected) <= 1e-9 * np.linalg.norm(expected)


@pytest.mark.parametrize(
    ("name", "f", "depth"),
    [
        ("relu", "ACTIVATIONS.relu", 20),
        ("leaky_relu", "leakyRelu(0.01)", 20),
        ("half", "ACTIVATIONS.leaky_relu", 20),
        ("tanh", "ACTIVATIONS.tanh", 10),
    ],
)
def test_forward_gradients_and_100_steps_agree_with_numpy(run, monkeypatch, name, f, depth):
    monkeypatch.setitem(ACTIVATIONS, "half", HALF)
    expected = exported(name, depth)
    found = run(f"argument => {{ const f = {f}; return ({RUN})(argument); }}", expected)
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-9)
    for key in ("z", "dz"):
        for mine, theirs in zip(found[key], expected[key], strict=True):
            assert_close(mine, theirs)
    for mine, theirs in zip(found["grads"], expected["grads"], strict=True):
        assert_close(mine["W"], theirs["W"])
        assert_close(mine["b"], theirs["b"])
    for start, mine, theirs in zip(
        expected["params"], found["trained"], expected["trained"], strict=True
    ):
        assert_close(np.subtract(mine["W"], start["W"]), np.subtract(theirs["W"], start["W"]))
        assert_close(mine["b"], theirs["b"])


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_sizes_at_gain_1_give_those_at_every_gain(run, name):
    at_1, rescaled, measured = run(
        """name => {
            const X = Float64Array.from({ length: 4 * 196 }, (_, i) => (i * 7919 % 256) / 255);
            const of = signalsOf(X, 4);
            const [at_1, measured] = [1, 1.7].map(g => summary(of(5, name, 12, g)).stds);
            return [at_1, rescaled(at_1, 1.7), measured];
        }""",
        name,
    )
    np.testing.assert_allclose(rescaled, measured, rtol=1e-9)
    assert measured[0] == pytest.approx(1.7 * at_1[0])


@pytest.mark.parametrize("name", SAME)
def test_sizes_and_factor_of_a_seed_are_numpys_for_the_weights_of_that_seed(run, name):
    found = run(
        """name => {
            const draw = normal(uniform(17, 0));
            const params = gainParams([196, ...Array(20).fill(100), 10], draw, 1.3);
            const X = Float64Array.from({ length: 9 * 196 }, (_, i) => (i * 7919 % 256) / 255);
            const { stds } = summary(signalsOf(X, 9)(17, name, 20, 1.3));
            const weights = params.map(({ W }) => [...W]);
            return { weights, X: [...X], stds, factor: factorPerLayer(stds) };
        }""",
        name,
    )
    sizes = [196, *[100] * 20, 10]
    params = [
        Layer(np.reshape(W, shape), np.zeros(shape[1]))
        for W, shape in zip(found["weights"], pairwise(sizes), strict=True)
    ]
    z = signals(params, np.reshape(found["X"], (9, 196)), np.zeros(9, int), SAME[name]).z
    expected = np.array([layer.std() for layer in z])
    np.testing.assert_allclose(found["stds"], expected, rtol=1e-9)
    assert found["factor"] == pytest.approx((expected[-1] / expected[0]) ** (1 / 19))


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("gain", [0.5, 1.41, 3.0])
def test_theory_is_mnist_edus(run, name, gain):
    found = run("([name, gain]) => expectedSizes(name, gain, 20, 0.1)", [name, gain])
    np.testing.assert_allclose(found, mean_field_signals(gain, 20, 0.1, SAME[name])[0], rtol=1e-3)


@pytest.mark.parametrize(("name", "gain"), [("relu", np.sqrt(2)), ("leaky_relu", np.sqrt(8 / 5))])
def test_theorys_critical_gain_is_the_closed_form(run, name, gain):
    found = run("name => criticalGain(name, 0.1)", name)
    assert found == pytest.approx(gain, abs=1e-4)


@pytest.mark.parametrize("name", SAME)
def test_at_theorys_critical_gain_all_layers_are_alike(run, name):
    gain = run("name => criticalGain(name, 0.1)", name)
    sizes = mean_field_signals(gain, 50, 0.1, SAME[name])[0]
    np.testing.assert_allclose(sizes, sizes[0], rtol=5e-3)


def test_thirty_seeds_have_a_median_within_five_percent_of_theory(run):
    found = run(
        """base64 => {
            const X = Float64Array.from(base64);
            const of = signalsOf(X, 20);
            return Array.from({ length: SEEDS }, (_, k) => levelGain(of, k + 1, "relu", 20));
        }""",
        (smaller(load_mnist().train.images[:20]) / 255).ravel().tolist(),
    )
    assert np.median(found) == pytest.approx(np.sqrt(2), rel=0.05)
    assert min(found) > 1.2
    assert max(found) < 1.7
    assert len(set(found)) == 30


def test_draws_are_normal_and_seeds_and_streams_independent(run):
    first, other, stream = np.array(
        run(
            """() => [[1, 0], [2, 0], [1, 1]].map(([seed, stream]) => {
                const draw = normal(uniform(seed, stream));
                return Array.from({ length: 20000 }, draw);
            })"""
        )
    )
    for draws in (first, other, stream):
        assert stats.kstest(draws, "norm").pvalue > 1e-3
    correlations = np.corrcoef([first[:-1], first[1:], other[1:], stream[1:]])
    assert abs(correlations[np.triu_indices(4, 1)]).max() < 0.03


def test_a_permutation_holds_every_number_once(run):
    order = run("() => [...permutation(1000, uniform(3, 1))]")
    assert sorted(order) == list(range(1000))
    assert abs(stats.spearmanr(order, range(1000)).statistic) < 0.15


def test_the_digits_in_the_page_are_means_of_mnists(page, run):
    found = page.evaluate(
        """async base64 => {
            const { pixels, labels } = await unpackDigits(base64);
            return [[...pixels.subarray(0, 392)], pixels.length, [...labels]];
        }""",
        digits(),
    )
    mnist = load_mnist()
    first = mnist.train.images[:2].reshape(2, 28, 28).astype(float)
    rows = (first[:, ::2] + first[:, 1::2]) / 2
    means = (rows[:, :, ::2] + rows[:, :, 1::2]) / 2
    np.testing.assert_allclose(found[0], means.ravel(), atol=0.5)
    assert found[1] == 2560 * 196
    assert found[2] == [*mnist.train.labels[:2048], *mnist.validation.labels[:512]]


def test_the_map_in_the_page_is_the_stored_one():
    result, found = load_result("initialization_map"), stored_map()
    cell = found["activations"]["tanh"]["accuracy"][9][4]
    assert cell == pytest.approx(sum(result["tanh"]["accuracy"][9][4]) / 3, abs=0.05)
    assert (found["depths"], found["gains"]) == (result["depths"], result["gains"])
