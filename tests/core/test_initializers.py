import numpy as np
import pytest
import scipy.stats

from mnist_edu.initializers import INITIALIZERS
from mnist_edu.network import forward, init_params

N_IN, N_OUT = 400, 300
VARIANCES = {"normal": 0.0001, "lecun": 1 / 400, "xavier": 2 / 700, "he": 2 / 400}
NAMES = ["zeros", *VARIANCES, "orthogonal"]


def draw(name, n_in=N_IN, n_out=N_OUT, seed=0, **kwargs):
    return INITIALIZERS[name](np.random.default_rng(seed), n_in, n_out, **kwargs)


def test_the_table_holds_these():
    assert INITIALIZERS.keys() == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("n_in", "n_out"), [(5, 3), (3, 5), (4, 4), (1, 1)])
def test_weights_have_inputs_down_and_outputs_across(name, n_in, n_out):
    W = draw(name, n_in, n_out)
    assert W.shape == (n_in, n_out)
    assert W.dtype == np.float64


@pytest.mark.parametrize("name", NAMES)
def test_float32_weights_are_the_float64_ones_rounded(name):
    W = draw(name, dtype=np.float32)
    assert W.dtype == np.float32
    np.testing.assert_array_equal(W, draw(name).astype(np.float32))


@pytest.mark.parametrize("name", NAMES)
def test_one_seed_gives_one_network(name):
    np.testing.assert_array_equal(draw(name, seed=3), draw(name, seed=3))


@pytest.mark.parametrize("name", [*VARIANCES, "orthogonal"])
def test_another_seed_gives_another_network(name):
    assert not np.isclose(draw(name, seed=3), draw(name, seed=4)).all()


def test_zeros_are_zeros():
    assert not draw("zeros").any()


@pytest.mark.parametrize("name", VARIANCES)
def test_mean_and_variance_are_those_of_the_scheme(name):
    W = draw(name)
    # 120 000 draws; five standard errors are 1.4 % of the deviation and 2.1 % of the variance
    assert abs(W.mean()) < 5 * np.sqrt(VARIANCES[name] / W.size)
    assert W.var() == pytest.approx(VARIANCES[name], rel=5 * np.sqrt(2 / W.size))


@pytest.mark.parametrize("name", VARIANCES)
def test_weights_are_normally_distributed(name):
    W = draw(name)
    assert scipy.stats.kstest(W.ravel() / np.sqrt(VARIANCES[name]), "norm").pvalue > 0.001


@pytest.mark.parametrize(("n_in", "n_out"), [(60, 40), (40, 60), (50, 50)])
def test_orthogonal_columns_or_rows_are_orthonormal(n_in, n_out):
    W = draw("orthogonal", n_in, n_out)
    gram = W.T @ W if n_in >= n_out else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(n_in, n_out)), atol=1e-13)


def test_orthogonal_weights_prefer_no_direction():
    rng = np.random.default_rng(0)
    W = np.array([INITIALIZERS["orthogonal"](rng, 3, 3) for _ in range(1000)])
    # each entry has mean 0 and variance 1/3; the bound is five standard errors
    assert np.abs(W.mean(axis=0)).max() < 5 * np.sqrt(1 / 3 / 1000)


@pytest.mark.parametrize(
    ("name", "factor"), [("normal", 0.01 * np.sqrt(256 / 2)), ("xavier", np.sqrt(1 / 2)), ("he", 1)]
)
def test_each_relu_layer_scales_z_as_theory_says(name, factor):
    rng = np.random.default_rng(0)
    params = init_params([784] + 10 * [256] + [10], rng, name)
    _, cache = forward(params, rng.random((200, 784)))
    first, tenth = (np.sqrt((cache.z[l] ** 2).mean()) for l in (0, 9))
    # ten seeds stay within 5 % of theory
    assert (tenth / first) ** (1 / 9) == pytest.approx(factor, rel=0.1)
