"""The explorer of notebook 05, on all steps, against exact arithmetic and closed forms."""

import re
from decimal import Decimal, localcontext

import numpy as np
import pytest

from mnist_edu.labs.nb05_step_size import SLOPE, STEPS, W, loss, step_size_explorer

TEXT = re.compile(
    r"h = ([\d.e+-]+) in (float\d\d) (reaches over|stays short of) the kink, ([\d.]+) away\. "
    r"The true slope is (-[\d.]+); forward (-?[\d.]+) \(error .*?\), central (-?[\d.]+) \(.*?\)\."
)


@pytest.fixture(scope="module")
def explorer():
    return step_size_explorer()


def grid(slider):
    return np.arange(slider.min, slider.max + slider.step / 2, slider.step)


def settings(explorer):
    controls = explorer.controls
    for precision in controls["precision"].options:
        for exponent in grid(controls["exponent"]):
            for distance in (0.05, 0.5, 1.0):
                yield {"exponent": exponent, "distance": distance, "precision": precision}


def exact_differences(h, kink):
    """Return the forward and the central difference at W, computed with 60 digits."""
    with localcontext(prec=60):
        h, kink = Decimal(h), Decimal(kink)

        def exact_loss(w):
            return (1 + (3 * max(w - kink, Decimal(0)) - w).exp()).ln()

        below, here, above = (exact_loss(Decimal(W) + k * h) for k in (-1, 0, 1))
        return float((above - here) / h), float((above - below) / (2 * h))


def test_the_loss_is_the_cross_entropy_of_two_logits_and_its_slope_is_right():
    w = np.linspace(-1, 3, 9)
    logits = np.column_stack([w, 3 * np.maximum(w - 1.3, 0)])
    expected = -np.log(np.exp(logits[:, 0]) / np.exp(logits).sum(axis=1))
    assert loss(w, 1.3) == pytest.approx(expected, abs=1e-12)
    assert exact_differences(1e-20, W + 0.05)[1] == pytest.approx(SLOPE, rel=1e-12)


def test_it_measures_what_exact_arithmetic_gives_as_far_as_rounding_lets_it(explorer):
    for setting in settings(explorer):
        said = explorer.update(**setting)
        h, precision, reach, distance, true, *slopes = TEXT.fullmatch(said).groups()
        h = 10 ** setting["exponent"]
        assert precision == setting["precision"]
        assert float(distance) == setting["distance"]
        assert float(true) == pytest.approx(SLOPE, abs=5e-5)
        assert reach == ("reaches over" if h > setting["distance"] else "stays short of")
        rounding = 3e-16 if precision == "float64" else 2e-7
        exact = exact_differences(h, W + setting["distance"])
        for slope, expected in zip(slopes, exact, strict=True):
            assert float(slope) == pytest.approx(expected, abs=6e-5 + 2 * rounding / h)


def test_the_picture_shows_the_secants_and_their_errors(explorer):
    zoom, errors = explorer.picture.figure.axes
    limits = [(ax.get_xlim(), ax.get_ylim()) for ax in (zoom, errors)]
    true, curve, ahead, both = zoom.lines
    edge, ahead_errors, both_errors, ahead_dot, both_dot = errors.lines
    assert np.allclose(true.get_ydata(), SLOPE * true.get_xdata())
    for setting in settings(explorer):
        said = explorer.update(**setting)
        slopes = [float(text) for text in TEXT.fullmatch(said).groups()[-2:]]
        assert ahead.get_ydata() == pytest.approx([0, slopes[0]], abs=6e-5)
        assert np.diff(both.get_ydata())[0] / 2 == pytest.approx(slopes[1], abs=6e-5)
        assert np.isfinite(curve.get_ydata()).all()
        for line, dot in ((ahead_errors, ahead_dot), (both_errors, both_dot)):
            x, y = line.get_data()
            assert np.array_equal(x, STEPS)
            assert (y >= errors.get_ylim()[0]).all()
            assert (y <= errors.get_ylim()[1]).all()
            assert dot.get_xdata()[0] == pytest.approx(10 ** setting["exponent"])
        assert edge.get_xdata()[0] == setting["distance"]
        assert [(ax.get_xlim(), ax.get_ylim()) for ax in (zoom, errors)] == limits
    assert explorer.picture.png()


def test_the_ends_of_the_secants_lie_on_the_curve_before_rounding_tells(explorer):
    _, curve, ahead, both = explorer.picture.figure.axes[0].lines
    for exponent in np.arange(-8, 0.1, 0.5):
        explorer.update(exponent=exponent, distance=0.3, precision="float64")
        t, y = curve.get_data()
        for line in (ahead, both):
            heights = np.interp(line.get_xdata(), t, y)
            assert line.get_ydata() == pytest.approx(heights, abs=1e-6)


@pytest.mark.parametrize("line", ["forward", "central"])
def test_the_errors_make_a_v(explorer, line):
    order = {"forward": 1, "central": 2}[line]
    explorer.update(exponent=-2, distance=1.0, precision="float64")
    errors = explorer.picture.figure.axes[1].lines[order].get_ydata()
    right, left = (STEPS > 1e-3) & (STEPS < 1e-1), (STEPS > 1e-14) & (STEPS < 1e-9)
    slopes = [np.polyfit(np.log10(STEPS[p]), np.log10(errors[p]), 1)[0] for p in (right, left)]
    assert slopes == pytest.approx([order, -1], abs=0.15)
