"""The claims of notebook 0."""

import re

import numpy as np
import pytest

from mnist_edu.network import init_params
from tests.notebooks.quoting import claim
from tests.notebooks.reading import outputs, paths, printed, read

FREE = [
    "a *minibatch* of 64 images",  # as in train
    "from 0 (paper) to 255 (ink)",
    "What is 200 + 100?",
    "A byte holds 0 to 255",
    "they are divided by 255",
    "The code divides by 255 last",
    'Were 99 images in 100 ones, a program that always says "1" would have 99 %.',
    "a friend tries 50 learning rates",
    "Of 50 results",
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


@claim("Image 5 is one: a 4 taken for a 9, by a hair.")
def test_image_5_is_taken_for_a_9_by_a_hair(first_500):
    y, nearest, distances = first_500
    assert (y[5], *nearest[5, :2]) == (4, 9, 4)
    assert distances[5, 1] - distances[5, 0] < 0.02 * distances[5, 0]


@claim("In half of the mistakes among these 500 the right mean is the second nearest.")
def test_the_right_mean_is_second_in_half_of_the_mistakes(first_500):
    y, nearest, _ = first_500
    wrong = nearest[:, 0] != y
    assert 0.45 < (nearest[wrong, 1] == y[wrong]).mean() < 0.55


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
