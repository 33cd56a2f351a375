"""The explorers of notebook 02, over the whole grid of their controls."""

import itertools

import ipywidgets as widgets
import numpy as np
import pytest
from scipy import special

from mnist_edu.labs.nb02_dead_relu import dead_relu_explorer
from mnist_edu.labs.nb02_polygon import CURVES, polygon_explorer, polygon_network
from mnist_edu.labs.nb02_slopes import slope_explorer
from mnist_edu.labs.nb02_temperature import temperature_explorer
from mnist_edu.network import forward, init_params

LOGITS = np.array([1.1, -2.0, -1.1, 4.4, -4.4, 3.2, -2.2, -2.0, 1.3, -1.5])

# Each function and its derivative, written in another way than in mnist_edu.
ROOT = np.sqrt(2 / np.pi)
FORMULAS = {
    "relu": (lambda z: (z + abs(z)) / 2, lambda z: float(z > 0)),
    "leaky_relu": (lambda z: max(z, 0.01 * z), lambda z: 1.0 if z > 0 else 0.01),
    "sigmoid": (special.expit, lambda z: 1 / (2 + 2 * np.cosh(z))),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "gelu": (
        lambda z: z * special.expit(2 * ROOT * (z + 0.044715 * z**3)),
        lambda z: (
            (s := special.expit(2 * ROOT * (z + 0.044715 * z**3)))
            + z * s * (1 - s) * 2 * ROOT * (1 + 0.134145 * z**2)
        ),
    ),
}


def grid(control):
    """Return every value that a control can be moved to."""
    if isinstance(control, widgets.IntSlider):
        return range(control.min, control.max + 1, control.step)
    if isinstance(control, widgets.SelectionSlider):
        return list(control.options)
    count = round((control.max - control.min) / control.step) + 1
    values = np.linspace(control.min, control.max, count)
    values = control.base**values if isinstance(control, widgets.FloatLogSlider) else values
    return [float(value) for value in values.round(12)]


def all_limits(explorer):
    return [(ax.get_xlim(), ax.get_ylim()) for ax in explorer.picture.figure.axes]


def numbers(text):
    """Return the numbers in a line of text."""
    words = text.replace("(", " ").replace(")", " ").replace("%", "").replace(":", " ").split()
    return [float(word.rstrip(".,;")) for word in words if word[0] in "-0123456789"]


@pytest.fixture(scope="module")
def dead(mnist):
    """Twelve units and 200 images: few enough to go through every setting."""
    X, _ = mnist.train.first(200, dtype=np.float64)
    params = init_params([784, 12, 10], np.random.default_rng(0))
    return dead_relu_explorer(params, X), params, X


@pytest.fixture(params=["polygon", "slope", "dead", "temperature"])
def explorer(request, dead):
    makers = {
        "polygon": polygon_explorer,
        "slope": slope_explorer,
        "temperature": lambda: temperature_explorer(LOGITS),
    }
    return dead[0] if request.param == "dead" else makers[request.param]()


def test_the_ends_draw_different_pictures_within_the_same_limits(explorer):
    limits, pictures = all_limits(explorer), []
    ends = [(grid(control)[0], grid(control)[-1]) for control in explorer.controls.values()]
    for setting in itertools.product(*ends):
        explorer.update(**dict(zip(explorer.controls, setting, strict=True)))
        pictures.append(explorer.picture.png())
    assert len(set(pictures)) > len(pictures) / 2
    assert all_limits(explorer) == limits


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("units", [1, 2, 7, 40])
def test_a_polygon_network_meets_its_curve_at_every_corner(name, units):
    corners = np.linspace(0, 1, units + 1)
    params = polygon_network(CURVES[name], units)
    assert [W.shape for W, b in params] == [(1, units), (units, 1)]
    met = forward(params, corners[:, np.newaxis])[0][:, 0]
    assert np.allclose(met, CURVES[name](corners), rtol=0, atol=1e-12)


def test_the_polygon_explorer_draws_the_lines_between_points_of_the_curve():
    explorer = polygon_explorer()
    ax = explorer.picture.figure.axes[0]
    curve_line, fit_line, dots = ax.lines
    controls = explorer.controls
    for units, curve in itertools.product(grid(controls["units"]), grid(controls["curve"])):
        text = explorer.update(units=units, curve=curve)
        corners = np.linspace(0, 1, units + 1)
        x, p = fit_line.get_data()
        exact = {
            "wave": np.sin(5 * x),
            "tent": np.minimum(4 * x - 1, 3 - 4 * x),
            "step": np.sign(x - 0.5 + 1e-12),
        }[curve]
        joined = np.interp(x, corners, CURVES[curve](corners))
        assert np.allclose(curve_line.get_ydata(), exact, rtol=0, atol=1e-12)
        assert np.allclose(p, joined, rtol=0, atol=1e-11)
        assert np.array_equal(dots.get_xdata(), corners)
        assert np.allclose(dots.get_ydata(), CURVES[curve](corners), rtol=0, atol=1e-12)
        gap = np.abs(joined - exact).max()
        assert text.startswith(f"{curve}: {units} ReLU")
        assert numbers(text)[0] == numbers(text)[1] == units
        assert numbers(text)[2] == pytest.approx(gap, abs=6e-5)
        assert ax.get_ylim()[0] < min(p.min(), exact.min())
        assert max(p.max(), exact.max()) < ax.get_ylim()[1]


def test_the_slope_explorer_reads_every_slope():
    explorer = slope_explorer()
    left, right = explorer.picture.figure.axes
    f_line, tangent, dot = left.lines[1:]
    grad_line, grad_dot = right.lines[1:]
    assert set(grid(explorer.controls["name"])) == set(FORMULAS)
    for name, (f, grad) in FORMULAS.items():
        for z in grid(explorer.controls["z"]):
            text = explorer.update(name=name, z=z)
            value, slope = float(f(z)), float(grad(z))
            assert text.startswith(f"{name} at z = {z:.1f}: ")
            assert numbers(text)[-2:] == pytest.approx([value, slope], abs=6e-5)
            assert [*dot.get_xdata(), *dot.get_ydata()] == pytest.approx([z, value], abs=1e-12)
            assert [*grad_dot.get_xdata(), *grad_dot.get_ydata()] == pytest.approx([z, slope])
            (x0, x1), (y0, y1) = tangent.get_data()
            assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=1e-12)
            assert [(x0 + x1) / 2, (y0 + y1) / 2] == pytest.approx([z, value], abs=1e-12)
            assert left.get_ylim()[0] < value < left.get_ylim()[1]
            assert right.get_ylim()[0] < slope < right.get_ylim()[1]
        for line, formula in ((f_line, f), (grad_line, grad)):
            drawn = ~np.isnan(line.get_ydata())
            assert drawn.sum() == 1000
            expected = [formula(z) for z in line.get_xdata()[drawn]]
            assert np.allclose(line.get_ydata()[drawn], expected, rtol=0, atol=1e-12)


def test_the_dead_relu_explorer_counts_the_active_images(dead):
    explorer, params, X = dead
    left, right = explorer.picture.figure.axes
    below, above = left.patches
    line, dot = right.lines
    for unit in grid(explorer.controls["unit"]):
        scores = np.einsum("nd,d->n", X, params[0].W[:, unit])
        for bias in grid(explorer.controls["bias"]):
            text = explorer.update(unit=unit, bias=bias)
            active = sum(score > -bias for score in scores)
            assert numbers(text)[0] == unit
            assert numbers(text)[2:4] == [active, 200]
            assert text.endswith("silent.") == (active == 0)
            assert [dot.get_xdata()[0], dot.get_ydata()[0]] == pytest.approx([bias, active / 2])
            assert below.get_data().values.sum() == pytest.approx(100 - active / 2)
            assert above.get_data().values.sum() == pytest.approx(active / 2)
        percent = [100 * np.mean(scores > -b) for b in line.get_xdata()]
        assert np.allclose(line.get_ydata(), percent)
    assert below.get_data().edges[-1] == above.get_data().edges[0] == 0


def test_every_unit_of_the_notebook_can_be_silenced_and_stays_in_the_picture(mnist):
    X, _ = mnist.train.first(3000, dtype=np.float64)
    explorer = dead_relu_explorer(init_params([784, 100, 10], np.random.default_rng(0)), X)
    left, _ = explorer.picture.figure.axes
    lowest, highest = grid(explorer.controls["bias"])[:: len(grid(explorer.controls["bias"])) - 1]
    for unit in grid(explorer.controls["unit"]):
        for bias in (lowest, -1.5, -0.5, 0.0, 0.5, highest):
            text = explorer.update(unit=unit, bias=bias)
            heights = np.concatenate([bars.get_data().values for bars in left.patches])
            assert heights.sum() == pytest.approx(100)
            assert heights.max() < left.get_ylim()[1]
            assert bias > lowest or text.endswith("silent.")


def test_the_temperature_explorer_gives_the_probabilities_of_every_setting():
    explorer = temperature_explorer(LOGITS)
    left, right = explorer.picture.figure.axes
    coarse = [value for value in grid(explorer.controls["one"]) if value == round(value)]
    assert coarse == [-3, -2, -1, 0, 1, 2, 3]
    for T in grid(explorer.controls["temperature"]):
        for one, shift in itertools.product(coarse, coarse):
            text = explorer.update(temperature=T, one=one, shift=shift)
            z = LOGITS + one * (np.arange(10) == 5)
            probs = special.softmax(z / T)
            heights = [bar.get_height() for bar in right.patches]
            assert heights == pytest.approx(probs, abs=1e-12)
            moved = [bar.get_height() for bar in left.patches]
            assert moved == pytest.approx(z + shift)
            assert left.get_ylim()[0] < min(moved)
            assert max(moved) < left.get_ylim()[1]
            said = [probs[3], probs[5], np.delete(probs, [3, 5]).sum()]
            assert [numbers(text)[i] for i in (3, 6, 8)] == pytest.approx(said, abs=6e-5)
            assert [numbers(text)[i] for i in (2, 5)] == pytest.approx(
                [moved[3], moved[5]], abs=6e-3
            )


def test_the_temperature_explorer_leaves_its_logits_alone():
    logits = LOGITS.copy()
    temperature_explorer(logits).update(temperature=1.0, one=3.0, shift=2.0)
    assert np.array_equal(logits, LOGITS)
