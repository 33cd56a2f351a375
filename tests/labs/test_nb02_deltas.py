"""The explorer of δ of notebook 02, against finite differences and a loop over the layers."""

import numpy as np
import pytest
from scipy import special

from mnist_edu.labs.nb02_deltas import SCALES, delta_explorer
from mnist_edu.network import init_params

F = {"sigmoid": special.expit, "tanh": np.tanh, "relu": lambda z: (z + abs(z)) / 2}
SLOPE = {
    "sigmoid": lambda z: special.expit(z) * special.expit(-z),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: (z > 0).astype(float),
}


def loss_behind(params, name, z, l, y):
    """Return the mean loss of the rest of the network, given the pre-activations z of layer l."""
    for W, b in params[l + 1 :]:
        z = F[name](z) @ W + b
    return np.mean(special.logsumexp(z, axis=1) - z[np.arange(len(y)), y])


def pre_activations(params, name, X):
    z = [X @ params[0].W + params[0].b]
    for W, b in params[1:]:
        z.append(F[name](z[-1]) @ W + b)
    return z


def shown(explorer):
    sizes, slopes = (ax.lines[0].get_ydata() for ax in explorer.picture.figure.axes)
    return sizes, slopes


@pytest.mark.parametrize("name", F)
@pytest.mark.parametrize("scale", [0.5, 1, 2])
def test_the_sizes_are_those_of_measured_slopes(name, scale):
    rng = np.random.default_rng(3)
    params = init_params([6, 5, 5, 4], rng)
    X, y = rng.normal(size=(3, 6)), np.array([0, 3, 1])
    explorer = delta_explorer(params, X, y)
    explorer.update(name=name, scale=scale)
    sizes, slopes = shown(explorer)
    scaled = [type(layer)(scale * layer.W, layer.b) for layer in params]
    z = pre_activations(scaled, name, X)
    for l, size in enumerate(sizes):
        measured = np.zeros_like(z[l])
        for index in np.ndindex(z[l].shape):
            step = np.zeros_like(z[l])
            step[index] = 1e-6
            up, down = (loss_behind(scaled, name, z[l] + s, l, y) for s in (step, -step))
            measured[index] = (up - down) / 2e-6
        assert size == pytest.approx(np.sqrt((measured**2).sum()), rel=1e-6)
    assert slopes == pytest.approx([SLOPE[name](z_l).mean() for z_l in z[:-1]])


@pytest.fixture(scope="module")
def deep(mnist):
    X, y = mnist.train.first(200, dtype=np.float64)
    params = init_params([784] + 10 * [100] + [10], np.random.default_rng(1))
    return delta_explorer(params, X, y)


def test_every_setting_stays_in_the_picture_and_is_told(deep):
    sizes_axes, slopes_axes = deep.picture.figure.axes
    assert deep.controls["scale"].options == tuple(SCALES)
    for name in deep.controls["name"].options:
        for scale in SCALES:
            text = deep.update(name=name, scale=scale)
            sizes, slopes = shown(deep)
            assert len(sizes) == 11
            assert len(slopes) == 10
            low, high = sizes_axes.get_ylim()
            assert low < sizes.min() <= sizes.max() < high
            low, high = slopes_axes.get_ylim()
            assert low < slopes.min() <= slopes.max() < high
            assert text == (
                f"{name}, weights × {scale}: δ has size {sizes[10]:.1e} at layer 11 and "
                f"{sizes[0]:.1e} at layer 1; the mean slopes are {min(slopes):.2f} to "
                f"{max(slopes):.2f}."
            )
