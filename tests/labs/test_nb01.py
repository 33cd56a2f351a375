"""The explorer of notebook 01, on all of its settings, against networks that are really made."""

import functools
import itertools
import re
from typing import NamedTuple

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from mnist_edu.labs.nb01_network import network_explorer
from mnist_edu.network import forward, init_params
from mnist_edu.widgets.plots import BLUE, draw_network, draw_template

UNITS = {"kB": 1e3, "MB": 1e6}
TEXT = re.compile(
    r"([\d-]+): ([\d ]+) parameters, ([\d.]+) (kB|MB); ([\d ]+) multiply-adds per image; "
    r"a batch of ([\d ]+) keeps ([\d.]+) (kB|MB)\."
)


def values(control):
    if hasattr(control, "options"):
        return control.options
    return range(control.min, control.max + 1)


@pytest.fixture(scope="module")
def explorer():
    return network_explorer()


class Scene(NamedTuple):
    """What the explorer shows at one setting."""

    setting: dict
    said: str
    labels: list  # at the network
    columns: list  # where its columns stand
    bars: list  # (middle, height)
    counts: list  # above the bars
    boxes: list  # that texts fill
    limits: list


def look(explorer, setting):
    said = explorer.update(**setting)
    network, shares = explorer.picture.figure.axes
    bars = [bar for bar in shares.patches if bar.get_visible()]
    labels, counts = ([t for t in ax.texts if t.get_visible()] for ax in (network, shares))
    return Scene(
        setting,
        said,
        [text.get_text() for text in labels],
        sorted({line.get_xdata()[0] for line in network.lines}),
        [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in bars],
        [number(text.get_text()) for text in counts],
        [text.get_window_extent().extents for text in labels + counts],
        [(ax.get_xlim(), ax.get_ylim()) for ax in (network, shares)],
    )


@pytest.fixture(scope="module")
def scenes(explorer):
    width, depth, batch = map(values, explorer.controls.values())
    choices = itertools.product(width, depth, batch[::2])
    return [look(explorer, dict(zip(explorer.controls, choice, strict=True))) for choice in choices]


@functools.cache
def made(width, depth):
    """Make the network; return its layers' shapes and the bytes that forward keeps for an image."""
    params = init_params(
        [784] + depth * [width] + [10], np.random.default_rng(0), "zeros", np.float32
    )
    _, cache = forward(params, np.zeros((1, 784), np.float32))
    return [(W.shape, b.shape) for W, b in params], sum(a.nbytes for a in cache.a + cache.z)


def parameters(shapes):
    return [np.zeros(W).size + np.zeros(b).size for W, b in shapes]


def number(text):
    return int(text.replace(" ", ""))


def test_every_number_is_that_of_a_network_that_is_made(scenes):
    for scene in scenes:
        width, depth, batch = scene.setting.values()
        shapes, per_image = made(width, depth)
        sizes, total, memory, unit, work, said, kept, kept_unit = TEXT.fullmatch(
            scene.said
        ).groups()
        assert sizes == "-".join(str(n) for n in [784, *(W[1] for W, _ in shapes)])
        assert number(total) == sum(parameters(shapes))
        assert number(work) == sum(np.zeros(W).size for W, _ in shapes)
        assert number(said) == batch
        assert float(memory) * UNITS[unit] == pytest.approx(4 * number(total), rel=0.006)
        assert float(kept) * UNITS[kept_unit] == pytest.approx(per_image * batch, rel=0.006)


def test_every_shape_is_written_and_no_other(scenes):
    for scene in scenes:
        width, depth, batch = scene.setting.values()
        shapes, _ = made(width, depth)
        expected = [shape for pair in shapes for shape in pair]
        expected += [(batch, n) for n in [784, *(W[1] for W, _ in shapes)]]
        written = re.findall(r"\(\d.*?\)", "".join(scene.labels))
        assert sorted(written) == sorted(map(str, expected))


def test_the_bars_are_the_layers_shares_of_the_parameters(scenes):
    for scene in scenes:
        width, depth, _ = scene.setting.values()
        expected = parameters(made(width, depth)[0])
        middles, heights = zip(*scene.bars, strict=True)
        assert np.allclose(heights, 100 * np.array(expected) / sum(expected))
        assert scene.counts == expected
        assert np.allclose(middles, (np.array(scene.columns[1:]) + scene.columns[:-1]) / 2)


def test_the_limits_stay_and_no_text_is_cut_off_or_hides_another(explorer, scenes):
    right, top = explorer.picture.figure.bbox.max
    for scene in scenes:
        assert scene.limits == scenes[0].limits
        x0, y0, x1, y1 = np.array(scene.boxes).T
        assert x0.min() >= 0 <= y0.min()
        assert x1.max() <= right
        assert y1.max() <= top
        meet = (x0[:, np.newaxis] < x1) & (x0 < x1[:, np.newaxis])
        meet &= (y0[:, np.newaxis] < y1) & (y0 < y1[:, np.newaxis])
        assert meet.sum() == len(scene.boxes)  # each with itself alone


def test_another_setting_is_another_picture(explorer):
    pictures = set()
    for width, depth, batch in [(100, 1, 10), (200, 1, 10), (100, 2, 10), (100, 1, 100)]:
        explorer.update(width=width, depth=depth, batch=batch)
        pictures.add(explorer.picture.png())
    assert len(pictures) == 4


@pytest.mark.parametrize(
    ("sizes", "dots"),
    [([784, 100, 10], [12, 12, 10]), ([784, 10], [12, 10]), ([3, 13, 12, 1], [3, 12, 12, 1])],
)
def test_a_network_is_drawn_with_all_of_its_weights_between_the_dots_shown(sizes, dots):
    ax = Figure().subplots()
    draw_network(ax, sizes)
    *columns, marked = ax.lines
    assert [len(line.get_xdata()) for line in columns] == dots
    assert sum(text.get_text() == "⋮" for text in ax.texts) == sum(size > 12 for size in sizes)
    every, blue = (collection.get_segments() for collection in ax.collections)
    ends = {tuple(map(tuple, line)) for line in every}
    points = [list(zip(*line.get_data(), strict=True)) for line in columns]
    assert ends == {pair for gap in itertools.pairwise(points) for pair in itertools.product(*gap)}
    assert len(every) == len(ends)
    first = points[1][0]
    assert {tuple(map(tuple, line)) for line in blue} == {(start, first) for start in points[0]}
    assert tuple(ax.collections[1].get_color()[0]) == to_rgba(BLUE)
    assert (marked.get_xdata()[0], marked.get_ydata()[0]) == first


def test_a_template_is_blue_above_0_and_red_below_and_white_at_0():
    weights = np.zeros(784)
    weights[[0, 1]] = 2, -1
    ax = Figure().subplots()
    draw_template(ax, weights)
    (image,) = ax.images
    assert np.array_equal(image.get_array().ravel(), weights)
    red, green, blue, _ = image.cmap(image.norm(np.array([-1, 0, 2]))).T
    assert red[0] > blue[0]
    assert min(red[1], green[1], blue[1]) > 0.95
    assert blue[2] > red[2]
