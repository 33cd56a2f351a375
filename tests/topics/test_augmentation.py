from functools import partial

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates

from mnist_edu.topics.augmentation import (
    affine_field,
    augmentation,
    elastic_field,
    shift_field,
    warp,
)


@pytest.fixture(scope="module")
def X():
    return np.random.default_rng(9).random((20, 784))  # unlike digits, these have ink at the edge


def read_by_scipy(x, field):
    """Interpolate with SciPy, on an image with a broad frame of paper."""
    framed = np.pad(x.reshape(28, 28), 40)
    places = np.indices((28, 28)) + 40 + field
    return map_coordinates(framed, places, order=1, mode="nearest").ravel()


@pytest.mark.parametrize("size", [0.3, 3, 60])
def test_displace_interpolates_as_scipy_does_inside_the_image_and_beyond(X, size):
    field = np.random.default_rng(0).normal(scale=size, size=(2, len(X), 28, 28))
    field = field.clip(-39, 39)
    expected = [read_by_scipy(x, field[:, n]) for n, x in enumerate(X)]
    assert np.allclose(warp(X, field), expected, rtol=0, atol=1e-12)


def test_displace_keeps_the_dtype_and_what_it_is_given(X):
    images, field = X.astype(np.float32), np.full((2, 1, 1, 1), 0.5)
    images.flags.writeable = False
    assert warp(images, field).dtype == np.float32
    assert np.array_equal(warp(X, np.zeros((2, 1, 1, 1))), X)


@pytest.mark.parametrize(
    ("X", "field", "message"),
    [
        (np.zeros((2, 784), dtype=np.uint8), np.zeros((2, 1, 1, 1)), "uint8"),
        (np.zeros((2, 100)), np.zeros((2, 1, 1, 1)), r"\(2, 100\)"),
        (np.zeros(784), np.zeros((2, 1, 1, 1)), r"\(784,\)"),
        (np.zeros((2, 784)), np.zeros((2, 3, 28, 28)), r"\(2, 3, 28, 28\)"),
        (np.zeros((2, 784)), np.zeros((3, 1, 1, 1)), r"\(3, 1, 1, 1\)"),
    ],
)
def test_displace_says_what_does_not_fit(X, field, message):
    with pytest.raises(ValueError, match=message):
        warp(X, field)


@pytest.mark.parametrize("draw", [shift_field, affine_field, elastic_field])
def test_a_field_has_a_place_for_each_pixel_and_differs_from_image_to_image(draw):
    field = draw(np.random.default_rng(0), 50)
    assert field.shape == (2, 50, 28, 28)
    assert field.dtype == np.float64
    assert len(np.unique(field[0, :, 3, 3])) > 1
    assert not np.array_equal(field[0], field[1])
    again = draw(np.random.default_rng(0), 50)
    assert np.array_equal(field, again)


@pytest.mark.parametrize("draw", [shift_field, affine_field, elastic_field])
def test_a_field_wants_a_generator_and_a_number(draw):
    with pytest.raises(TypeError, match="Generator"):
        draw(0, 5)
    with pytest.raises(ValueError, match="n is 0"):
        draw(np.random.default_rng(0), 0)


def test_shifts_are_whole_and_reach_both_ends():
    field = shift_field(np.random.default_rng(0), 2000, largest=3)
    assert set(np.unique(field)) == {-3, -2, -1, 0, 1, 2, 3}
    assert np.array_equal(field, np.broadcast_to(field[..., :1, :1], field.shape))


def test_a_turn_keeps_distances_and_stays_below_its_largest_angle():
    field = affine_field(np.random.default_rng(0), 500, degrees=20, stretch=0, largest=0)
    places = (np.indices((28, 28)) - 13.5)[:, np.newaxis]
    r, c = places + field
    assert np.allclose(np.hypot(r, c), np.hypot(*places))
    angles = np.degrees(np.arctan2(c, r) - np.arctan2(places[1], places[0]))[:, 0, 0]
    angles = (angles + 180) % 360 - 180
    assert 19 < angles.max() <= 20
    assert -20 <= angles.min() < -19


def test_an_affine_field_is_linear_and_has_the_stretch_and_the_shift_asked_for():
    field = affine_field(np.random.default_rng(0), 2000, degrees=0, stretch=0.2, largest=1.5)
    assert np.allclose(np.diff(field, n=2, axis=2), 0)
    assert np.allclose(np.diff(field, n=2, axis=3), 0)
    centre = field[:, :, 13:15, 13:15].mean(axis=(2, 3))
    height, slant = np.diff(field[0], axis=1)[:, 0, 0], np.diff(field[0], axis=2)[:, 0, 0]
    width = np.diff(field[1], axis=2)[:, 0, 0]
    for values, largest in [(centre, 1.5), (height, 0.2), (width, 0.2), (slant, 0.2)]:
        assert 0.97 * largest < values.max() <= largest
        assert -largest <= values.min() < -0.97 * largest
    assert np.allclose(np.diff(field[1], axis=1), 0)


@pytest.mark.parametrize(("alpha", "sigma"), [(34, 4), (10, 2)])
def test_an_elastic_field_is_a_gaussian_mean_of_uniform_numbers(alpha, sigma):
    field = elastic_field(np.random.default_rng(0), 30, alpha, sigma)
    noise = np.random.default_rng(0).uniform(-alpha, alpha, (2, 30, 28, 28))
    for place in np.ndindex(2, 30):
        smooth = gaussian_filter(noise[place], sigma, mode="constant", truncate=8)
        assert np.allclose(field[place], smooth, rtol=0, atol=1e-3 * alpha)


def test_augmentation_adds_its_fields_and_leaves_the_images_alone(X):
    X.flags.writeable = False
    augment = augmentation(shift_field, partial(elastic_field, alpha=20))
    rng = np.random.default_rng(7)
    field = shift_field(rng, len(X)) + elastic_field(rng, len(X), alpha=20)
    assert np.array_equal(augment(X, np.random.default_rng(7)), warp(X, field))
