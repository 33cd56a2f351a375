"""The explorer of notebook 04, on its whole grid, against an explicit computation and slopes."""

import itertools
import math

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from mnist_edu.labs.nb04_backprop import backprop_explorer
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION

GRID = list(itertools.product(np.arange(-3, 3.1, 0.25), (0, 1)))
ENDS = list(itertools.product((0, 1), (0, 1), (0, 1)))  # layer, from unit, to unit


@pytest.fixture(scope="module")
def explorer():
    return backprop_explorer()


def weights(w):
    return np.array([[[w, 1.0], [0.5, -0.25]], [[0.5, -0.5], [-1.0, 1.0]]])


def run(W, true_class):
    """Compute the network of weights W (layer, from, to) by hand; return z1, a1, z2, o, loss."""
    z1 = [1 * W[0, 0, j] + 2 * W[0, 1, j] for j in (0, 1)]
    a1 = [max(z, 0.0) for z in z1]
    z2 = [a1[0] * W[1, 0, k] + a1[1] * W[1, 1, k] for k in (0, 1)]
    o = [1 / (1 + math.exp(z2[1 - k] - z2[k])) for k in (0, 1)]
    return z1, a1, z2, o, -math.log(o[true_class])


def slope(f, at, h=1e-5):
    return (f(at + h) - f(at - h)) / (2 * h)


def weight_slope(W, true_class, end):
    def moved(value):
        V = W.copy()
        V[end] = value
        return run(V, true_class)[-1]

    return slope(moved, W[end])


def number(text):
    return float(text.split()[-1])


def texts(explorer):
    """Return the graph's texts: weight and dW of each edge, nodes, and what is beyond them"""
    written = explorer.picture.figure.axes[0].texts[6:]
    edge_texts, rest = written[:16], written[16:]
    return edge_texts[::2], edge_texts[1::2], rest[:4], rest[4:10], rest[10]


def test_its_controls_take_the_values_of_the_grid(explorer):
    w, true_class = explorer.controls.values()
    assert (w.min, w.max, w.step) == (-3, 3, 0.25)
    assert (true_class.min, true_class.max) == (0, 1)


@pytest.mark.parametrize(("w", "true_class"), GRID)
def test_the_values_that_flow_forward_are_written(explorer, w, true_class):
    said = explorer.update(w=w, true_class=true_class)
    W = weights(w)
    z1, a1, z2, o, loss = run(W, true_class)
    inputs = explorer.picture.figure.axes[0].texts[4:6]
    assert [text.get_text() for text in inputs] == ["x$_0$ = 1", "x$_1$ = 2"]
    values, _, nodes, _, loss_node = texts(explorer)
    assert [number(text.get_text()) for text in values] == pytest.approx(W.ravel(), abs=0.0051)
    pairs = zip([*z1, *z2], [*a1, *o], strict=True)
    for node, expected in zip(nodes, pairs, strict=True):
        lines = node.get_text().split("\n")
        assert [number(line) for line in lines] == pytest.approx(expected, abs=0.0051)
    assert number(loss_node.get_text()) == pytest.approx(loss, abs=0.0051)
    assert f"z of hidden unit 0 is {z1[0]:.2f}" in said
    assert f"loss {loss:.3f}" in said


@pytest.mark.parametrize(("w", "true_class"), [pair for pair in GRID if pair[0] != -1])
def test_the_gradients_that_flow_back_are_the_measured_slopes(explorer, w, true_class):
    said = explorer.update(w=w, true_class=true_class)
    W = weights(w)
    z1, a1, z2, _, _ = run(W, true_class)
    measured = [weight_slope(W, true_class, end) for end in ENDS]
    _, slopes, _, beyond, _ = texts(explorer)
    edges = explorer.picture.figure.axes[0].lines[2:10]
    for expected, text, edge in zip(measured, slopes, edges, strict=True):
        assert number(text.get_text()) == pytest.approx(expected, abs=0.0051)
        color = GREY if expected == 0 else BLUE if expected > 0 else VERMILLION
        assert to_rgba(edge.get_color()) == to_rgba(text.get_color()) == to_rgba(color)
        assert edge.get_linewidth() == pytest.approx(1 + abs(expected), abs=1e-6)
    assert number(said.rstrip(".")) == pytest.approx(measured[0], abs=0.00051)

    def loss_of_logit(k, value):
        z = [value if unit == k else z2[unit] for unit in (0, 1)]
        return math.log(math.exp(z[0]) + math.exp(z[1])) - z[true_class]

    def loss_of_hidden(i, value):
        a = [value if unit == i else a1[unit] for unit in (0, 1)]
        z = [a[0] * W[1, 0, k] + a[1] * W[1, 1, k] for k in (0, 1)]
        return math.log(math.exp(z[0]) + math.exp(z[1])) - z[true_class]

    for unit in (0, 1):
        da = slope(lambda value, unit=unit: loss_of_hidden(unit, value), a1[unit])
        gated = da if z1[unit] > 0 else 0
        for text, expected in ((beyond[unit], da), (beyond[4 + unit], gated)):
            assert number(text.get_text()) == pytest.approx(expected, abs=0.0051)
            assert (to_rgba(text.get_color()) == to_rgba(GREY)) == (expected == 0)
        dz = slope(lambda value, unit=unit: loss_of_logit(unit, value), z2[unit])
        assert number(beyond[2 + unit].get_text()) == pytest.approx(dz, abs=0.0051)


@pytest.mark.parametrize(("w", "true_class"), GRID)
def test_the_gate_closes_at_minus_1_and_stops_what_lies_before_it(explorer, w, true_class):
    said = explorer.update(w=w, true_class=true_class)
    _, slopes, nodes, beyond, _ = texts(explorer)
    before = [slopes[ENDS.index((0, i, 0))].get_text() for i in (0, 1)]
    closed = w <= -1
    assert (before == ["dW 0", "dW 0"]) == closed
    assert ("its gate is closed" in said) == closed
    assert ("gradient of the weight 0." in said) == closed
    assert (beyond[4].get_text() == "dz 0") == closed
    assert not beyond[0].get_text().startswith("da 0")  # something arrives, all the same
    white = to_rgba("white")
    assert (nodes[0].get_bbox_patch().get_facecolor() != white) == closed
    assert nodes[1].get_bbox_patch().get_facecolor() == white


@pytest.mark.parametrize(("w", "true_class"), GRID)
def test_the_curve_its_point_and_its_tangent(explorer, w, true_class):
    explorer.update(w=w, true_class=true_class)
    ax = explorer.picture.figure.axes[1]
    losses, tangent, point = (line.get_data() for line in ax.lines)
    assert losses[1] == pytest.approx([run(weights(v), true_class)[-1] for v in losses[0]])
    loss = run(weights(w), true_class)[-1]
    assert np.ravel(point) == pytest.approx([w, loss])
    # at the kink, the slope to the left: ReLU'(0) = 0
    expected = 0 if w == -1 else weight_slope(weights(w), true_class, (0, 0, 0))
    assert np.diff(tangent[1]) / np.diff(tangent[0]) == pytest.approx(expected, abs=1e-8)
    assert np.interp(w, *tangent) == pytest.approx(loss)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3.2, 3.2), (-0.3, 3.6))
    assert min(losses[1]) >= -0.3
    assert max(losses[1]) <= 3.6


def test_no_text_is_cut_off_or_hides_another(explorer):
    right, top = explorer.picture.figure.bbox.max
    for w, true_class in itertools.product((-3, -1, 1, 3), (0, 1)):
        explorer.update(w=w, true_class=true_class)
        written = explorer.picture.figure.axes[0].texts
        boxes = np.array([text.get_window_extent().extents for text in written])
        x0, y0, x1, y1 = boxes.T
        assert x0.min() >= 0 <= y0.min()
        assert x1.max() <= right
        assert y1.max() <= top
        meet = (x0[:, np.newaxis] < x1) & (x0 < x1[:, np.newaxis])
        meet &= (y0[:, np.newaxis] < y1) & (y0 < y1[:, np.newaxis])
        assert meet.sum() == len(boxes)  # each with itself alone


def test_another_setting_is_another_picture(explorer):
    pictures = set()
    for w, true_class in [(-3, 0), (-2.75, 0), (2.75, 0), (3, 0), (3, 1)]:
        explorer.update(w=w, true_class=true_class)
        pictures.add(explorer.picture.png())
    assert len(pictures) == 5


def test_all_that_moves_is_drawn_anew(explorer):
    graph, curve = explorer.picture.figure.axes
    for artist in [*graph.texts[6:], *graph.lines[2:], *curve.lines]:
        assert artist.get_animated()
