"""The explorer of notebook 06, over the range of its controls, against weights that are drawn."""

import itertools
import re

import numpy as np
import pytest
from scipy.stats import norm

from mnist_edu.labs.nb06_variance import MOST_UNITS, variance_explorer

TEXT = re.compile(
    r"Image (\d+), gain ([\d.]+), (\d+) units: Var\(z\) ([\d.]+), mean of z² ([\d.]+); "
    r"mean of a² ([\d.]+), of x² ([\d.]+), ratio ([\d.]+)\."
)


@pytest.fixture(scope="module")
def images(mnist):
    return mnist.train.first(10, dtype=np.float64)[0]


@pytest.fixture(scope="module")
def explorer(images):
    return variance_explorer(images)


def settings(explorer):
    image, gain, units = explorer.controls.values()
    gains = np.append(np.arange(gain.min, gain.max, 0.5), gain.max)
    return itertools.product((image.min, 4, image.max), gains, (units.min, 100, units.max))


def test_text_and_picture_agree_with_units_that_are_drawn(explorer, images):
    z_axes, a_axes, square_axes = explorer.picture.figure.axes
    limits = [(ax.get_xlim(), ax.get_ylim()) for ax in explorer.picture.figure.axes]
    W = np.random.default_rng(6).standard_normal((784, MOST_UNITS)) / 28  # std 1 / sqrt(784)
    for image, gain, units in settings(explorer):
        said = [float(n) for n in TEXT.fullmatch(explorer.update(image, gain, units)).groups()]
        x = images[image]
        if units == 10:
            z = [sum(x[i] * gain * W[i, j] for i in np.flatnonzero(x)) for j in range(10)]
            expected = np.histogram(z, np.linspace(-2.5, 2.5, 51))[0] / 10
            assert [bar.get_height() for bar in z_axes.patches] == pytest.approx(expected)
            assert said[4] == pytest.approx(np.mean(np.square(z)), abs=6e-5)
            assert said[5] == pytest.approx(np.mean(np.square(np.maximum(z, 0))), abs=6e-5)
        assert said[:3] == pytest.approx([image, gain, units], abs=0.0051)
        assert said[3] == pytest.approx(gain**2 * np.mean(x**2), abs=6e-5)
        bars = [bar.get_height() for bar in square_axes.patches]
        assert bars == pytest.approx([np.mean(x**2), said[5]], abs=6e-5)
        assert said[7] == pytest.approx(bars[1] / bars[0], abs=6e-4)
        (curve,) = z_axes.lines
        std = gain * np.sqrt(np.mean(x**2))
        assert curve.get_ydata() == pytest.approx(0.1 * norm(0, std).pdf(curve.get_xdata()))
        assert max(bars) < square_axes.get_ylim()[1]
        assert max(bar.get_height() for bar in a_axes.patches) <= 1
        assert [(ax.get_xlim(), ax.get_ylim()) for ax in explorer.picture.figure.axes] == limits


def test_with_many_units_the_ratio_is_half_the_square_of_the_gain(explorer):
    for image, gain in itertools.product(range(10), (0.2, 1.0, 2.5)):
        said = TEXT.fullmatch(explorer.update(image, gain, MOST_UNITS)).groups()
        # the mean of a² has a standard error of sqrt(5 / units) of itself for normal z
        assert float(said[7]) == pytest.approx(gain**2 / 2, rel=4 * np.sqrt(5 / MOST_UNITS))
