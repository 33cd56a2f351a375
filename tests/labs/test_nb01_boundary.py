"""The explorer of lines of notebook 01, against sums worked out point by point."""

import itertools
import math

import numpy as np
import pytest

from mnist_edu.labs.nb01_boundary import GROUPS, ONE, TWO, best_line, boundary_explorer

POINTS = 40
ANGLES = range(-180, 181, 15)
BIASES = [-1.5, -0.6, 0.0, 0.3, 1.5]


@pytest.fixture(scope="module")
def explorer():
    return boundary_explorer()


def markers(ax):
    """Return the blue points, the orange ones, and those marked as wrong, as sets of places."""
    lines = {line.get_label(): line for line in ax.lines}
    return [
        {*zip(*lines[label].get_data(), strict=True)}
        for label in ("blue", "orange", "on the wrong side")
    ]


def wrong(explorer, **setting):
    """Return how many points the text says are on the wrong side."""
    text = explorer.update(**setting)
    count, total = text.split("; ")[1].split(" points")[0].split(" of ")
    assert int(total) == POINTS
    return int(count)


@pytest.mark.parametrize("data", GROUPS)
def test_a_neuron_is_wrong_where_the_sign_of_its_sum_is(explorer, data):
    inputs, seen = explorer.picture.figure.axes
    for angle, bias in itertools.product(ANGLES, BIASES):
        count = wrong(explorer, data=data, network=ONE, angle=angle, bias=bias)
        blue, orange, marked = markers(inputs)
        assert len(blue) == len(orange) == POINTS / 2
        w = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        z = {x: x[0] * w[0] + x[1] * w[1] + bias for x in blue | orange}
        assert marked == {x for x in blue if z[x] <= 0} | {x for x in orange if z[x] > 0}
        assert count == len(marked)
        above, below, _ = markers(seen)
        assert sorted(place[0] for place in above) == pytest.approx(sorted(z[x] for x in blue))
        assert sorted(place[0] for place in below) == pytest.approx(sorted(z[x] for x in orange))
        assert all(-4 < value < 4 for value in z.values())


@pytest.mark.parametrize("network", [ONE, TWO])
def test_the_lines_are_where_the_units_are_0_and_the_arrows_stand_on_them(explorer, network):
    inputs, _ = explorer.picture.figure.axes
    edges, arrows = inputs.lines[:2], inputs.collections[0]
    for angle, bias in itertools.product(ANGLES, BIASES):
        explorer.update(data="XOR", network=network, angle=angle, bias=bias)
        w = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
        signs = (1, -1) if network == TWO else (1, 1)
        for edge, sign in zip(edges, signs, strict=True):
            ends = np.transpose(edge.get_data())
            assert np.allclose(ends @ w * sign + bias, 0, atol=1e-9)
            assert np.linalg.norm(ends[1] - ends[0]) > 10
        assert np.allclose(np.transpose([arrows.U, arrows.V]), np.outer(signs, w))
        assert np.allclose((arrows.get_offsets() @ w) * signs + bias, 0, atol=1e-9)


@pytest.mark.parametrize("data", GROUPS)
def test_two_units_hand_on_what_is_left_of_their_sums_and_a_line_parts_it(explorer, data):
    inputs, seen = explorer.picture.figure.axes
    for angle, bias in itertools.product(ANGLES[::2], BIASES):
        count = wrong(explorer, data=data, network=TWO, angle=angle, bias=bias)
        w = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        (x0, x1), (y0, y1) = seen.lines[0].get_data()  # the line; blue lies to its right
        mistakes = 0
        for k in (-3, -2):  # blue, orange
            for x, a in zip(*(ax.lines[k].get_xydata() for ax in (inputs, seen)), strict=True):
                t = x[0] * w[0] + x[1] * w[1]
                assert a == pytest.approx([max(0, bias + t), max(0, bias - t)], abs=1e-12)
                to_the_right = (x1 - x0) * (a[1] - y0) - (y1 - y0) * (a[0] - x0) < -1e-9
                mistakes += to_the_right != (k == -3)
        assert count == mistakes == len(markers(inputs)[2]) <= POINTS / 2


@pytest.mark.parametrize("network", [ONE, TWO])
def test_the_ground_has_the_colour_of_the_answer(explorer, network):
    inputs, _ = explorer.picture.figure.axes
    (ground,) = inputs.images
    left, right, bottom, top = ground.get_extent()
    for angle, bias in itertools.product(ANGLES[::3], BIASES):
        explorer.update(data="XOR", network=network, angle=angle, bias=bias)
        values = ground.get_array()
        rows, columns = values.shape
        blue, orange, marked = markers(inputs)
        for x in blue | orange:
            column = round((x[0] - left) / (right - left) * (columns - 1))
            row = round((x[1] - bottom) / (top - bottom) * (rows - 1))
            answers_blue = (x in blue) != (x in marked)
            if abs(values[row, column]) > 0.9:  # not near a line
                assert (values[row, column] > 0) == answers_blue


def test_the_best_line_has_as_few_on_the_wrong_side_as_any():
    rng = np.random.default_rng(0)
    for _ in range(20):
        points, blue = rng.normal(size=(9, 2)), rng.random(9) < 0.5
        v, c = best_line(points, blue)
        assert np.linalg.norm(v) == pytest.approx(1)
        fewest = POINTS
        for angle in range(0, 360, 5):
            u = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            heights = sorted(p[0] * u[0] + p[1] * u[1] for p in points)
            for low, high in itertools.pairwise(heights):
                middle = (low + high) / 2
                above = [p[0] * u[0] + p[1] * u[1] > middle for p in points]
                fewest = min(fewest, sum(a != b for a, b in zip(above, blue, strict=True)))
        assert ((points @ v > c) != blue).sum() == fewest


def test_of_the_best_lines_the_one_with_the_widest_gap_is_taken():
    points = np.array([[0.0, 0.0], [0.0, 1.0], [3.0, 0.0], [3.0, 1.0]])
    v, c = best_line(points, np.array([False, False, True, True]))
    assert v == pytest.approx([1, 0])
    assert c == pytest.approx(1.5)
