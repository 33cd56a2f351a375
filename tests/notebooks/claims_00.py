"""The claims of notebook 0."""

import re

import numpy as np
import pytest

from mnist_edu.network import init_params, predict
from mnist_edu.training import train
from tests.notebooks.quoting import claim
from tests.notebooks.reading import outputs, paths, printed, read

FREE = [
    "a *minibatch*, here of 64 images",  # as in train
    "from 0 (paper) to 255 (ink)",
    "What is 200 + 100?",
    "A byte holds 0 to 255",
    "they are divided by 255",
    "The code divides by 255 last",
    "If 99 of every 100 images were 1s, a program that always answered 1 would score 99 %.",
    "a friend tries 50 learning rates",
    "of 50 results",
    "Why blur 5 000 images into one mean?",  # a tenth of 50 000
    "which takes 5 000 times the work",  # 50 000 images in place of 10
    "at 5 000 times the work of the means",
]


@pytest.fixture(scope="module")
def first_500(mnist):
    """Return the labels, and the digits in the order of their mean images' distance."""
    images, labels = mnist.train
    means = np.array([images[labels == digit].mean(axis=0) / 255 for digit in range(10)])
    X, y = mnist.validation.first(500, dtype=np.float64)
    distances = np.linalg.norm(X[:, np.newaxis] - means, axis=2)
    return y, distances.argsort(axis=1), np.sort(distances, axis=1)


@claim("101 770 adjustable numbers")
def test_the_network_has_so_many_numbers():
    params = init_params([784, 128, 10], np.random.default_rng(0))
    assert sum(W.size + b.size for W, b in params) == 101_770


@claim("the 20 digits below, which it has never seen")
def test_the_digits_read_are_not_in_the_training_set(mnist):
    seen = {image.tobytes() for image in mnist.train.images}
    assert not any(image.tobytes() in seen for image in mnist.validation.images[:20])


@claim("It sets aside the last 10 000 of the 60 000 training images, as *validation*")
def test_what_is_set_aside(mnist):
    full, validation = mnist.train_full, mnist.validation
    assert len(full.images) == 60_000
    assert np.array_equal(full.images[-10_000:], validation.images)
    assert np.array_equal(full.labels[-10_000:], validation.labels)


@claim(
    "scaled each digit until its longer side was 20 pixels",
    "in the middle of the 28 × 28 frame, to within a pixel",
    "So would a shifted one, but MNIST has none: every digit is centred.",
)
@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_every_digit_is_centred(mnist, name):
    images = getattr(mnist, name).images.reshape(-1, 28, 28)
    rows, columns = images.sum(axis=2, dtype=float), images.sum(axis=1, dtype=float)
    for ink in (rows, columns):
        assert np.abs(ink @ np.arange(28) / ink.sum(axis=1) - 13.5).max() < 1.0001
    sides = np.maximum((rows > 0).sum(axis=1), (columns > 0).sum(axis=1))
    assert sides.max() == 20
    assert (sides == 20).mean() > 0.99


@claim("because numbers between 0 and 1 suit the networks that follow")
def test_networks_learn_worse_from_bytes(mnist):
    X, y = mnist.train.first(2000)
    new, labels = mnist.validation.first(2000)
    right = []
    for scale in (1, 255):
        params = init_params([784, 32, 10], np.random.default_rng(0))
        *_, report = train(params, scale * X, y, rng=np.random.default_rng(0), epochs=2)
        right.append((predict(report.params, scale * new) == labels).mean())
    assert right[0] > 0.75 > right[1] + 0.3


@claim("there are a quarter more 1s than 5s", "1 leads")
def test_how_many_more_ones(mnist):
    counts = np.bincount(mnist.train.labels)
    assert (counts.argmax(), counts.argmin()) == (1, 5)
    assert counts[1] / counts[5] == pytest.approx(1.25, abs=0.02)


@claim("among 50 000 images there is often one much like the new one, slant and all")
def test_the_nearest_image_is_nearer_than_the_nearest_mean(mnist, first_500):
    X, _ = mnist.validation.first(50)
    nearest = np.full(50, np.inf)
    for start in range(0, 50_000, 5000):
        some = mnist.train.images[start : start + 5000] / np.float32(255)
        squares = (X**2).sum(axis=1)[:, np.newaxis] - 2 * X @ some.T + (some**2).sum(axis=1)
        nearest = np.minimum(nearest, np.sqrt(squares.min(axis=1)))
    assert np.median(nearest / first_500[2][:50, 0]) < 0.75


@claim("Image 5 is one: a 4 taken for a 9, by a hair.")
def test_image_5_is_taken_for_a_9_by_a_hair(first_500):
    y, nearest, distances = first_500
    assert (y[5], *nearest[5, :2]) == (4, 9, 4)
    assert distances[5, 1] - distances[5, 0] < 0.02 * distances[5, 0]


@claim("| a single layer | 92 % |", "trained with care | 98 % |", "as far as it goes | 99 % |")
def test_later_notebooks_print_the_upper_rungs():
    later = {
        "03": (r"test accuracy (\S+)%", 92),
        "08": (r"test accuracy (\S+)%", 98),
        "10": (r"784-100-10 \+ elastic +test (\S+)", 99),
    }
    for number, (pattern, rung) in later.items():
        (path,) = (path for path in paths if path.name.startswith(number))
        text = "".join(map(printed, outputs(read(path))))
        (accuracy,) = re.findall(pattern, text)
        assert round(float(accuracy)) == rung
