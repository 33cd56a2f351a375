"""From ink to an image like MNIST's: the real images, Pillow and SciPy are the references."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from mnist_edu.data import load_mnist
from mnist_edu.network import init_params, predict
from mnist_edu.topics.preprocessing import (
    centre_of_mass,
    crop,
    place_by_mass,
    preprocess,
    rasterize,
    scale_to_box,
)
from mnist_edu.training import one_cycle, train
from tests.pens import DIGITS, placed


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


@pytest.fixture(scope="module")
def networks(mnist):
    """Three networks of different seeds, trained for one epoch."""
    runs = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        params = init_params([784, 64, 10], rng, dtype=np.float32)
        recipe = {"optimizer": "momentum", "lr": one_cycle(0.3), "batch_size": 128, "epochs": 1}
        *_, last = train(params, *mnist.train, rng=rng, **recipe)
        runs.append(last.params)
    return runs


@pytest.fixture(scope="module")
def images(mnist):
    """Test images as floats in [0, 1]."""
    return mnist.test.first(500, dtype=np.float64)[0].reshape(-1, 28, 28)


def enlarged(image, times, side, top, left):
    """Return an image enlarged on a paper, at a place (its own paper cut off)."""
    ink = np.kron(crop(image), np.ones((times, times)))
    paper = np.zeros((side, side))
    rows, columns = ink.shape
    paper[top : top + rows, left : left + columns] = ink
    return paper


def test_mnist_was_made_so(mnist):
    X = mnist.train_full.images[:5000].reshape(-1, 28, 28) / 255
    centres = np.array([ndimage.center_of_mass(image) for image in X])
    assert centres.mean(axis=0) == pytest.approx([14, 14], abs=0.02)
    assert centres.std(axis=0) == pytest.approx([12**-0.5] * 2, abs=0.01)  # evenly over a pixel
    assert (np.abs(centres - 14) < 0.53).all()
    longer = np.array([max(crop(image).shape) for image in X])
    assert (longer == 20).mean() > 0.999


def test_a_test_image_comes_back_however_large_and_wherever_it_was(images):
    rng = np.random.default_rng(0)
    moved = 0
    for image in images[:300]:
        times = rng.integers(1, 6)
        rows, columns = (times * n for n in crop(image).shape)
        top, left = rng.integers(0, 140 - rows + 1), rng.integers(0, 140 - columns + 1)
        back = preprocess(enlarged(image, times, 140, top, left)).reshape(28, 28)
        if not np.allclose(back, image, atol=1e-9):  # its centre was at 13.5: either way is right
            moved += 1
            shifts = [np.roll(back, step, axis) for axis in (0, 1) for step in (-1, 1)]
            assert any(np.allclose(shifted, image, atol=1e-9) for shifted in shifts)
    assert moved <= 3


def test_accuracy_survives_only_with_centring(mnist, networks, images):
    y = mnist.test.labels[: len(images)]
    rng = np.random.default_rng(1)
    papers = []
    for image in images:
        rows, columns = (3 * n for n in crop(image).shape)
        places = rng.integers(0, 140 - rows + 1), rng.integers(0, 140 - columns + 1)
        papers.append(enlarged(image, 3, 140, *places))
    right = {
        centre: np.array([preprocess(paper, centre) for paper in papers])
        for centre in (True, False)
    }
    for params in networks:
        as_they_are = (predict(params, images.reshape(-1, 784)) == y).mean()
        assert (predict(params, right[True]) == y).mean() > as_they_are - 0.01
        assert (predict(params, right[False]) == y).mean() < as_they_are - 0.4


@pytest.mark.parametrize("digit", DIGITS)
def test_digits_drawn_anyhow_are_read_by_every_network(networks, digit):
    images = [
        preprocess(rasterize(placed(DIGITS[digit], left, top, height, slant), width))
        for left, top, height in ((2, 2, 8), (15, 13, 12), (5, 5, 16), (3, 2, 23))
        for slant in (-0.1, 0, 0.15, 0.3)
        for width in (1.2, 2, 2.4)
    ]
    for params in networks:
        assert (predict(params, np.array(images)) == digit).mean() >= 0.95


@pytest.mark.parametrize("shape", [(100, 40), (20, 7), (60, 60), (21, 140)])
def test_scaling_averages_areas_as_pillow_does(shape):
    ink = np.random.default_rng(0).random(shape)
    small = scale_to_box(ink)
    rows, columns = small.shape
    image = Image.fromarray(ink.astype(np.float32))
    assert np.allclose(small, image.resize((columns, rows), Image.Resampling.BOX), atol=1e-6)


@pytest.mark.parametrize("shape", [(50, 10), (7, 31), (139, 140), (1, 1), (3, 140), (33, 47)])
def test_scaling_loses_no_ink_and_makes_none(shape):
    ink = np.random.default_rng(0).random(shape)
    small, longer = scale_to_box(ink), max(shape)
    assert small.shape == tuple(-(-20 * n // longer) for n in shape)
    assert small.sum() * (longer / 20) ** 2 == pytest.approx(ink.sum())


def test_scaling_integrates_the_ink_exactly():
    ink = np.random.default_rng(1).random((33, 47))
    small = scale_to_box(ink)
    fine = np.kron(ink, np.ones((20, 20)))  # 47 fine rows make one pixel of the box
    padded = np.zeros((small.shape[0] * 47, small.shape[1] * 47))
    padded[: fine.shape[0], : fine.shape[1]] = fine
    means = padded.reshape(small.shape[0], 47, small.shape[1], 47).mean(axis=(1, 3))
    assert np.allclose(small, means)


def test_without_centring_the_paper_is_only_scaled_down():
    ink = np.random.default_rng(2).random((140, 140))
    expected = ink.reshape(28, 5, 28, 5).mean(axis=(1, 3))
    assert np.allclose(preprocess(ink, centre=False), expected.ravel())
    image = np.random.default_rng(3).random((28, 28))
    assert np.allclose(preprocess(image, centre=False), image.ravel())


@given(st.integers(0, 2**32 - 1))
def test_the_centre_of_mass_is_scipys_and_lands_within_half_a_pixel(seed):
    rng = np.random.default_rng(seed)
    small = rng.random(rng.integers(1, 21, size=2)) ** 4
    assert centre_of_mass(small) == pytest.approx(ndimage.center_of_mass(small))
    placed_image = place_by_mass(small)
    assert placed_image.shape == (28, 28)
    assert placed_image.sum() == pytest.approx(small.sum())
    for place in ndimage.center_of_mass(placed_image):
        assert 13.5 - 1e-9 <= place < 14.5


def test_ink_that_would_fall_off_the_edge_stays_inside():
    small = np.full((20, 20), 0.01)
    small[0] = small[:, -1] = 1
    small[19, :] = 0.01
    heavy = np.zeros((20, 20))
    heavy[0, 0] = 1
    heavy[19, 19] = 1e-3
    for image in (small, heavy, heavy[::-1], heavy.T[:, ::-1]):
        assert place_by_mass(image).sum() == pytest.approx(image.sum())


def test_pixels_of_bytes_are_those_of_floats_divided_by_255():
    ink = np.random.default_rng(4).integers(0, 256, (140, 140), dtype=np.uint8)
    for centre in (True, False):
        assert np.allclose(preprocess(ink, centre), preprocess(ink / 255, centre))


def test_the_drawing_is_not_changed_and_the_image_lies_in_0_to_1():
    for ink in (np.ones((140, 140)), rasterize(placed(DIGITS[8], 3, 3, 21))):
        kept = ink.copy()
        for centre in (True, False):
            image = preprocess(ink, centre)
            assert image.shape == (784,)
            assert image.dtype == np.float64
            assert image.min() >= 0
            assert image.max() <= 1
        assert np.array_equal(ink, kept)


@pytest.mark.parametrize("centre", [True, False])
def test_blank_paper_is_all_0(centre):
    for ink in (np.zeros((140, 140)), np.zeros((140, 140), np.uint8)):
        assert np.array_equal(preprocess(ink, centre), np.zeros(784))


@pytest.mark.parametrize(
    ("ink", "error", "words"),
    [
        ([[0.0]], TypeError, "ink is list"),
        (np.zeros((28, 28), int), TypeError, "ink is dtype int64"),
        (np.zeros((28, 28), bool), TypeError, "ink is dtype bool"),
        (np.zeros(784), ValueError, r"shape \(784,\); expected \(side, side\)"),
        (np.zeros((28, 14)), ValueError, r"shape \(28, 14\)"),
        (np.zeros((0, 0)), ValueError, r"shape \(0, 0\)"),
        (np.full((28, 28), np.nan), ValueError, "ink is nan to nan"),
        (np.full((28, 28), 255.0), ValueError, "ink is 255 to 255; expected floats in"),
        (np.full((28, 28), -0.5), ValueError, "ink is -0.5 to -0.5"),
    ],
)
@pytest.mark.parametrize("centre", [True, False])
def test_a_drawing_that_cannot_be_right_is_refused(ink, error, words, centre):
    with pytest.raises(error, match=words):
        preprocess(ink, centre)


@pytest.mark.parametrize("step", [crop, centre_of_mass, place_by_mass])
def test_steps_refuse_what_holds_no_ink(step):
    with pytest.raises(ValueError, match="no ink"):
        step(np.zeros((5, 5)))


def test_what_is_too_large_is_not_placed():
    with pytest.raises(ValueError, match=r"shape \(29, 3\)"):
        place_by_mass(np.ones((29, 3)))


def test_strokes_are_as_wide_as_the_pen_and_round():
    dot = rasterize([[(14, 14)]], width=8)
    assert dot.sum() / 25 == pytest.approx(np.pi * 16, rel=0.01)
    line = rasterize([[(6, 10), (22, 10)]], width=4)
    assert line.sum() / 25 == pytest.approx(16 * 4 + np.pi * 4, rel=0.01)
    assert centre_of_mass(line) == pytest.approx((49.5, 69.5))
    upright = rasterize([[(10, 6), (10, 22)]], width=4)
    assert np.allclose(line, upright.T)
    assert not rasterize([]).any()
    assert line.max() == 1


@pytest.mark.parametrize(
    ("strokes", "options", "message"),
    [
        ([[(14, np.nan)]], {}, "NaN"),
        ([[(14, 14)], [(np.inf, 3)]], {}, "NaN or infinity"),
        ([[(14, 14)] * 6000] * 2, {}, "12000 points"),
        ([[(14, 14)]], {"width": np.nan}, "width is nan"),
        ([[(14, 14)]], {"width": 0}, "width is 0"),
        ([[(14, 14)]], {"side": 0}, "side"),
    ],
)
def test_what_no_pen_draws_is_refused(strokes, options, message):
    with pytest.raises(ValueError, match=message):
        rasterize(strokes, **options)
