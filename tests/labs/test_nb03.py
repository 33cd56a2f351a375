"""The explorers of notebook 03, over the range of their controls, against closed forms."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from scipy.special import logsumexp
from scipy.stats import entropy

from mnist_edu.labs.nb03_descent import descent_explorer
from mnist_edu.labs.nb03_entropy import entropy_explorer
from mnist_edu.labs.nb03_softmax import softmax_explorer
from mnist_edu.widgets.plots import VERMILLION, draw_paths


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


def test_entropy_explorer_stacks_entropy_and_divergence_to_the_cross_entropy():
    explorer = entropy_explorer()
    shares, lengths = explorer.picture.figure.axes
    first, second, whole = lengths.patches
    share_slider, guess_slider = explorer.controls.values()
    for share in grid(share_slider, 0.05):
        for guess in grid(guess_slider, 0.06):
            text = explorer.update(share, guess)
            y, o = [share, 1 - share], [guess, 1 - guess]
            heights = [bar.get_height() for bar in shares.patches]
            assert heights == pytest.approx(y + o)
            assert (first.get_x(), first.get_width()) == pytest.approx((0, entropy(y)), abs=1e-8)
            assert second.get_x() == pytest.approx(entropy(y), abs=1e-8)
            assert second.get_width() == pytest.approx(entropy(y, o), abs=1e-8)
            ends = second.get_x() + second.get_width(), whole.get_x() + whole.get_width()
            assert ends[0] == pytest.approx(ends[1], abs=1e-8)
            assert ends[1] < lengths.get_xlim()[1]
            assert f"cross-entropy {entropy(y) + entropy(y, o) + 0.0:.3f}." in text


def test_entropy_explorer_finds_the_least_cross_entropy_at_the_truth():
    explorer = entropy_explorer()
    *_, whole = explorer.picture.figure.axes[1].patches
    guesses = grid(explorer.controls["guess"], 0.01)
    for share in (0.05, 0.3, 0.5, 0.7, 0.95):
        losses = []
        for guess in guesses:
            explorer.update(share, guess)
            losses.append(whole.get_width())
        assert guesses[np.argmin(losses)] == pytest.approx(share)
        assert "divergence 0.000 " in explorer.update(share, np.nextafter(share, 1))


@pytest.mark.parametrize("between", [["u_1", "u_2"], ["o_0", "o_1", "o_2", "o_3", "o_4"]])
def test_every_path_is_drawn_and_the_first_is_highlighted(between):
    ax = Figure().subplots()
    draw_paths(ax, "z_k", between, "L", ("p", "q"))
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    names = {t.get_text(): t.get_position() for t in ax.texts if t not in arrows}
    drawn = [(arrow.xyann, arrow.xy) for arrow in arrows]
    paths = [(names["$z_k$"], names[f"${name}$"], names["$L$"]) for name in between]
    assert sorted(drawn) == sorted(pair for a, b, c in paths for pair in ((a, b), (b, c)))
    bold = [a for a in arrows if a.arrow_patch.get_edgecolor() == to_rgba(VERMILLION)]
    start, first, end = paths[0]
    assert [(arrow.xyann, arrow.xy) for arrow in bold] == [(start, first), (first, end)]
    for slope, tail, head in (("$p$", start, first), ("$q$", first, end)):
        assert min(tail[0], head[0]) < names[slope][0] < max(tail[0], head[0])
