"""The explorer of notebook 10, over the range of its controls."""

import itertools
import re

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from mnist_edu.labs.nb10_distortions import COPIES, distortion_explorer
from mnist_edu.topics.augmentation import warp

TEXT = re.compile(
    r"Image (\d+), a (\d), with α = ([\d.]+), σ = ([\d.]+), turned by up to ([\d.]+) degrees: "
    r"pixels move by ([\d.]+) in the root mean square; "
    r"bending parts neighbours by up to ([\d.]+)\."
)


@pytest.fixture(scope="module")
def split(mnist):
    return mnist.validation


@pytest.fixture(scope="module")
def explorer(split):
    return distortion_explorer(split)


def settings(explorer):
    alpha, sigma, degrees, image = explorer.controls.values()
    return itertools.product(
        (alpha.min, 20, alpha.max),
        (sigma.min, 2, 4, sigma.max),
        (degrees.min, 45, degrees.max),
        (image.min, 7, image.max),
    )


def shown(explorer):
    """Return the image before, its eight distortions, and the field at the arrows."""
    left, right = explorer.picture.figure.axes
    (arrows,) = left.collections
    assert all(artist.get_animated() for artist in (*left.images, arrows, *right.images))
    tiles = right.images[0].get_array().reshape(2, 28, COPIES // 2, 28)
    copies = tiles.transpose(0, 2, 1, 3).reshape(COPIES, 784)
    return left.images[0].get_array(), copies, np.array([arrows.V, arrows.U]).reshape(2, 9, 9)


def test_the_picture_shows_what_the_text_says(explorer, split):
    for alpha, sigma, degrees, image in settings(explorer):
        text = explorer.update(alpha, sigma, degrees, image)
        said = [float(number) for number in TEXT.fullmatch(text).groups()]
        assert said[:5] == [image, split.labels[image], alpha, sigma, degrees]
        before, copies, arrows = shown(explorer)
        assert np.array_equal(before.ravel(), split.images[image] / 255)
        assert copies.min() >= 0
        assert copies.max() <= 1
        if alpha == degrees == 0:
            assert said[5:] == [0, 0]
            assert np.allclose(copies, before.ravel())
            assert not arrows.any()


def test_an_elastic_field_is_drawn_and_measured(explorer, split):
    noise = np.random.default_rng(0).uniform(-30, 30, (2, COPIES, 28, 28))
    for sigma in (1, 3, 8):
        text = explorer.update(30, sigma, 0, 5)
        field = gaussian_filter(noise, (0, 0, sigma, sigma), mode="constant", truncate=8)
        *_, moved, parted = (float(number) for number in TEXT.fullmatch(text).groups())
        assert moved == pytest.approx(np.sqrt((field**2).sum(axis=0).mean()), abs=0.06)
        steepest = max(np.abs(np.diff(field, axis=axis)).max() for axis in (2, 3))
        assert parted == pytest.approx(steepest, abs=0.06)
        _, copies, arrows = shown(explorer)
        assert np.allclose(arrows, field[:, 0, 1::3, 1::3], atol=0.02)
        image = np.repeat(split.images[5:6] / 255, COPIES, axis=0)
        assert np.abs(copies - warp(image, field)).max() < 0.05


def test_a_half_turn_may_turn_a_digit_upside_down(explorer):
    explorer.update(0, 4, 0, 3)
    before = shown(explorer)[0].copy()
    explorer.update(0, 4, 180, 3)
    _, copies, _ = shown(explorer)
    upside_down = before[::-1, ::-1].ravel()
    assert max(np.corrcoef(copy, upside_down)[0, 1] for copy in copies) > 0.8


def test_every_control_changes_the_picture_and_the_text(explorer):
    values = {name: control.value for name, control in explorer.controls.items()}
    for name, control in explorer.controls.items():
        text, picture = explorer.update(**values), explorer.picture.png()
        moved = values | {name: control.value + control.step}
        assert explorer.update(**moved) != text, name
        assert explorer.picture.png() != picture, name
