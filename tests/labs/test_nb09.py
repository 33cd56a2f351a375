"""The explorers of notebook 09, over their whole range, against loops and finite differences."""

import re

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from mnist_edu.labs.nb09_adversarial import adversarial_explorer
from mnist_edu.labs.nb09_attribution import IMAGES, attribution_explorer
from mnist_edu.labs.nb09_calibration import BINS, calibration_explorer
from mnist_edu.network import forward, init_params
from mnist_edu.training import train
from mnist_edu.widgets.plots import BLUE, VERMILLION

TEMPERATURE = re.compile(
    r"T = ([\d.]+): mean confidence ([\d.]+) %, accuracy ([\d.]+) %, calibration error ([\d.]+) "
    r"points, cross-entropy ([\d.]+)\."
)
LOOK = re.compile(
    r"Image (\d+), a (\d), read as (\d); the label leads by ([-\d.]+)\. A square of (\d+) by (\d+) "
    r"costs most at row (\d+), column (\d+): the lead falls to ([-\d.]+)\."
)
FOOLED = re.compile(
    r"Image (\d+), a (\d), each pixel changed by at most ([\d.]+): read as (\d) with (\d+) %, "
    r"(right|wrong); its label gets (\d+) %\."
)


@pytest.fixture(scope="module")
def split(mnist):
    return mnist.validation


@pytest.fixture(scope="module")
def params(mnist):
    """Return a network that reads most digits, and is sure of itself."""
    rng = np.random.default_rng(0)
    X, y = mnist.train.first(2000, dtype=np.float64)
    *_, report = train(
        init_params([784, 30, 10], rng), X, y, rng=rng, optimizer="momentum", lr=0.1, epochs=6
    )
    return report.params


@pytest.fixture(scope="module")
def digits(split):
    return split.images[:IMAGES] / 255, split.labels[:IMAGES]


def logits_of(params, X):
    """Compute the logits of a network of two layers, by its two equations."""
    (W1, b1), (W2, b2) = params
    return np.maximum(X @ W1 + b1, 0) @ W2 + b2


def steps(control):
    return np.arange(control.min, control.max + control.step / 2, control.step)


def drawn(ax):
    (picture,) = ax.images
    assert picture.get_animated()
    return np.asarray(picture.get_array(), float)


def near(said, true, digits=0):
    """Say whether a number was rounded to so many digits; either way, at an edge."""
    return abs(float(said) - true) <= 0.5 * 10.0**-digits + 1e-9


@pytest.fixture(scope="module")
def guesses(params, digits):
    return logits_of(params, digits[0]), digits[1]


@pytest.fixture(scope="module")
def temperature(guesses):
    return calibration_explorer(*guesses)


def test_every_temperature_shows_what_its_probabilities_are_worth(temperature, guesses):
    logits, y = guesses
    left, right = temperature.picture.figure.axes
    dots = left.lines[-1]
    for T in steps(temperature.controls["temperature"]):
        said = TEMPERATURE.fullmatch(temperature.update(temperature=T)).groups()
        probs = softmax(logits / T, axis=1)
        sure, hit = probs.max(axis=1), probs.argmax(axis=1) == y
        members = [(sure >= m / BINS) & (sure < (m + 1) / BINS) for m in range(BINS)]
        members[-1] |= sure >= 1
        gap = sum(abs(hit[rows].sum() - sure[rows].sum()) for rows in members) / len(y)
        loss = -log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()
        assert near(said[0], T, 2)
        assert near(said[1], 100 * sure.mean(), 1)
        assert near(said[2], 100 * hit.mean(), 1)
        assert near(said[3], 100 * gap, 1)
        assert near(said[4], loss, 3)
        shares = [100 * rows.mean() for rows in members]
        assert [bar.get_height() for bar in right.patches] == pytest.approx(shares)
        middles = [bar.get_x() + bar.get_width() / 2 for bar in right.patches]
        assert middles == pytest.approx([100 * (m + 0.5) / BINS for m in range(BINS)])
        shown = np.transpose(dots.get_data())
        for rows, (x, height) in zip(members, shown, strict=True):
            if rows.any():
                assert (x, height) == pytest.approx(
                    (100 * sure[rows].mean(), 100 * hit[rows].mean())
                )
            else:
                assert np.isnan([x, height]).all()


def test_no_temperature_changes_the_accuracy_and_high_ones_make_modest(temperature, guesses):
    said = [
        TEMPERATURE.fullmatch(temperature.update(temperature=T)).groups()
        for T in steps(temperature.controls["temperature"])
    ]
    assert len({accuracy for _, _, accuracy, _, _ in said}) == 1
    confidences = [float(confidence) for _, confidence, *_ in said]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] > 97
    assert confidences[-1] < 60


@pytest.fixture(scope="module")
def look(params, split):
    return attribution_explorer(params, split)


def covered(x, row, column, side):
    """Return the image with paper on every pixel that the square reaches."""
    image, reach = x.reshape(28, 28).copy(), side // 2
    for r in range(row - reach, row + reach + 1):
        for c in range(column - reach, column + reach + 1):
            if 0 <= r < 28 and 0 <= c < 28:
                image[r, c] = 0
    return image.ravel()


CHOSEN = (0, 7, 8, 250, IMAGES - 1)


def test_what_covering_costs_is_drawn_and_said(look, params, digits):
    X, y = digits
    before, cost, _ = look.picture.figure.axes
    for image in CHOSEN:
        for side in steps(look.controls["side"]).astype(int):
            said = LOOK.fullmatch(look.update(image=image, side=side)).groups()
            places = [covered(X[image], r, c, side) for r in range(28) for c in range(28)]
            z = logits_of(params, np.array([X[image], *places]))
            leads = [row[y[image]] - max(np.delete(row, y[image])) for row in z]
            fall = leads[0] - np.array(leads[1:])
            assert drawn(before).ravel() == pytest.approx(X[image])
            assert drawn(cost).ravel() == pytest.approx(fall, abs=1e-9)
            assert [int(n) for n in said[:3]] == [image, y[image], z[0].argmax()]
            assert near(said[3], leads[0], 1)
            assert [int(n) for n in said[4:6]] == [side, side]
            assert fall[28 * int(said[6]) + int(said[7])] == pytest.approx(fall.max())
            assert near(said[8], leads[0] - fall.max(), 1)


def loss_of(params, x, label):
    return -log_softmax(logits_of(params, x))[label]


def measured_slopes(params, x, label, pixels):
    slopes = []
    for pixel in pixels:
        step = 1e-6 * (np.arange(784) == pixel)
        rise = loss_of(params, x + step, label) - loss_of(params, x - step, label)
        slopes.append(rise / 2e-6)
    return np.array(slopes)


@pytest.fixture
def least_sure(guesses):
    """Return three images whose loss is large enough for slopes to be measured."""
    logits, y = guesses
    losses = -log_softmax(logits, axis=1)[np.arange(len(y)), y]
    return np.argsort(-losses)[[2, 5, 10]]


def test_more_ink_is_blue_where_it_lowers_the_loss(look, params, digits, least_sure):
    X, y = digits
    *_, slope = look.picture.figure.axes
    pixels = np.random.default_rng(0).choice(784, 60, replace=False)
    for image in least_sure:
        look.update(image=int(image), side=5)
        expected = -measured_slopes(params, X[image], y[image], pixels)
        assert drawn(slope).ravel()[pixels] == pytest.approx(expected, abs=1e-6)
    assert slope.images[0].cmap(1.0)[2] > slope.images[0].cmap(1.0)[0]  # positive is blue


def test_signed_pictures_are_white_at_0_and_reach_to_their_largest_entry(look):
    for image in CHOSEN:
        look.update(image=image, side=3)
        for ax in look.picture.figure.axes[1:]:
            low, high = ax.images[0].get_clim()
            assert -low == high == pytest.approx(np.abs(drawn(ax)).max())


@pytest.fixture(scope="module")
def adversary(params, split):
    return adversarial_explorer(params, split)


def test_every_epsilon_shows_the_image_the_change_and_what_is_read(adversary, params, digits):
    X, y = digits
    before, change, after, bars = adversary.picture.figure.axes
    for image in CHOSEN:
        for epsilon in steps(adversary.controls["epsilon"]):
            said = FOOLED.fullmatch(adversary.update(epsilon=epsilon, image=image)).groups()
            x, moved, result = (drawn(ax).ravel() for ax in (before, change, after))
            assert x == pytest.approx(X[image])
            assert result == pytest.approx(x + moved)
            assert 0 <= result.min() <= result.max() <= 1
            assert np.abs(moved).max() <= epsilon + 1e-12
            inside = (result > 1e-9) & (result < 1 - 1e-9) & (np.abs(moved) > 0)
            assert np.abs(moved[inside]) == pytest.approx(np.full(inside.sum(), epsilon))
            o = softmax(logits_of(params, result))
            assert [bar.get_height() for bar in bars.patches] == pytest.approx(100 * o, abs=1e-9)
            assert [int(said[0]), int(said[1]), int(said[3])] == [image, y[image], o.argmax()]
            assert near(said[2], epsilon, 2)
            assert near(said[4], 100 * o.max())
            assert said[5] == ("right" if o.argmax() == y[image] else "wrong")
            assert near(said[6], 100 * o[y[image]])
            red = [bar.get_facecolor()[:3] == rgb(VERMILLION) for bar in bars.patches]
            assert np.flatnonzero(red).tolist() == [o.argmax()]
            assert sum(bar.get_facecolor()[:3] == rgb(BLUE) for bar in bars.patches) == 9


def rgb(color):
    return tuple(int(color[k : k + 2], 16) / 255 for k in (1, 3, 5))


def test_every_pixel_is_moved_the_way_that_raises_the_loss(adversary, params, digits, least_sure):
    X, y = digits
    _, change, *_ = adversary.picture.figure.axes
    free = np.arange(300, 480)
    for image in least_sure:
        slopes = measured_slopes(params, X[image], y[image], free)
        adversary.update(epsilon=0.01, image=int(image))
        moved = drawn(change).ravel()[free]
        steep = np.abs(slopes) > 1e-5
        held = ((X[image][free] == 0) & (slopes < 0)) | ((X[image][free] == 1) & (slopes > 0))
        assert (np.sign(moved)[steep & ~held] == np.sign(slopes)[steep & ~held]).all()
        assert not moved[steep & held].any()
        assert (steep & ~held).sum() > 20


def test_a_tenth_of_the_way_fools_it_on_most_images(adversary, guesses):
    logits, y = guesses
    held = ["right" in adversary.update(epsilon=0.1, image=image) for image in range(100)]
    assert np.mean(held) < 0.5 * (logits.argmax(axis=1) == y)[:100].mean()


@pytest.mark.parametrize("name", ["temperature", "look", "adversary"])
def test_every_control_changes_picture_and_text(name, request):
    explorer = request.getfixturevalue(name)
    defaults = {name: control.value for name, control in explorer.controls.items()}
    explorer.picture.png()
    limits = [(ax.get_xlim(), ax.get_ylim()) for ax in explorer.picture.figure.axes]
    for moved, control in explorer.controls.items():
        text, picture = explorer.update(**defaults), explorer.picture.png()
        for value in (control.min, control.max, control.value + control.step):
            if value == control.value:
                continue
            assert explorer.update(**defaults | {moved: value}) != text, (moved, value)
            assert explorer.picture.png() != picture, (moved, value)
    assert [(ax.get_xlim(), ax.get_ylim()) for ax in explorer.picture.figure.axes] == limits


def test_the_loops_above_are_the_network(params, digits):
    assert logits_of(params, digits[0]) == pytest.approx(forward(params, digits[0])[0])
