"""The explorers of notebook 03, over the range of their controls, against closed forms."""

import itertools

import numpy as np
import pytest
from scipy.special import logsumexp

from mnist_edu.labs.nb03_descent import descent_explorer
from mnist_edu.labs.nb03_softmax import softmax_explorer


def grid(slider, step):
    return np.arange(slider.min, slider.max + step / 2, step)


def test_descent_multiplies_the_distance_by_the_same_factor_at_every_step():
    explorer = descent_explorer()
    path, losses = (
        explorer.picture.figure.axes[0].lines[-1],
        explorer.picture.figure.axes[1].lines[0],
    )
    for lr in grid(explorer.controls["lr"], 0.05):
        text = explorer.update(lr=lr)
        expected = 3 - 3 * (1 - 2 * lr) ** np.arange(13)
        assert path.get_xdata() == pytest.approx(expected, abs=1e-9)
        assert losses.get_ydata() == pytest.approx((expected - 3) ** 2, abs=1e-9)
        assert f"after twelve w = {expected[-1] + 0.0:.2f}".replace("-0.00", "0.00") in text
        assert explorer.picture.png()


def test_softmax_explorer_shows_probabilities_jacobian_and_gradient():
    explorer = softmax_explorer()
    bars, table, logits = explorer.picture.figure.axes
    h = 1e-6
    ends = (-4.0, 0.0, 4.0)
    for *z, true_class in itertools.product(ends, ends, ends, range(3)):
        text = explorer.update(*z, true_class)
        z = np.array(z)

        def loss(z, true_class=true_class):
            return logsumexp(z) - z[true_class]

        steps = h * np.eye(3)
        o = np.array([(logsumexp(z + s) - logsumexp(z - s)) / (2 * h) for s in steps])
        gradient = np.array([(loss(z + s) - loss(z - s)) / (2 * h) for s in steps])
        assert [bar.get_height() for bar in bars.patches] == pytest.approx(o, abs=1e-8)
        jacobian = np.array([[o[i] * ((i == k) - o[k]) for k in range(3)] for i in range(3)])
        assert np.allclose(table.images[0].get_array(), jacobian, atol=1e-8)
        assert float(table.texts[0].get_text()) == pytest.approx(jacobian[0, 0], abs=0.0051)
        (arrows,) = logits.collections
        assert pytest.approx(-gradient, abs=1e-8) == arrows.V
        assert np.allclose(arrows.get_offsets(), np.column_stack([range(3), np.zeros(3)]))
        assert f"loss {loss(z):.2f}" in text


def test_softmax_explorer_draws_arrowheads_that_point():
    (arrows,) = softmax_explorer().picture.figure.axes[2].collections
    assert arrows.headlength >= arrows.headaxislength  # else the head is an arrow the other way
