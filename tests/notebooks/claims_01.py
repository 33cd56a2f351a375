"""The claims of notebook 1."""

import itertools
import re

import numpy as np
import pytest

from mnist_edu.labs.nb01_boundary import TWO, boundary_explorer, make_points
from mnist_edu.labs.nb01_network import network_explorer
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, forward, init_params, predict
from tests.notebooks.quoting import claim

FREE = [
    "`pixels / 255 @ W` scored 10 000 of them at once",  # as many as there are for validation
    "that by chance gives them 0.8 and 0.2 on every image",
    "for one that gives both 0.5",
]
SEEDS = range(100, 110)  # not those of the notebook


def fresh(seed):
    return init_params([784, 128, 10], np.random.default_rng(seed))


@pytest.fixture(scope="module")
def digits(mnist):
    return mnist.validation.first(1000, dtype=np.float64)


@pytest.fixture(scope="module")
def means(mnist):
    images, labels = mnist.train
    return np.array([images[labels == digit].mean(axis=0) / 255 for digit in range(10)])


@claim(
    "A typical 5 has more in common with the dark templates of 0, 8 and 3 than with its own",
    "these two are answered far too often",
)
def test_fives_go_to_the_dark_templates(mnist, means):
    pixels, labels = mnist.validation
    products = pixels[:3000] / 255 @ means.T
    of_fives = np.median(products[labels[:3000] == 5], axis=0)
    assert {digit for digit in range(10) if of_fives[digit] > of_fives[5]} == {0, 3, 8}
    answered = np.bincount(products.argmax(axis=1), minlength=10)
    assert set(answered.argsort()[-2:]) == {0, 8}
    assert answered[[0, 8]].min() > 2 * 300


@claim("an error; but for N = 10 or 1, shape (10, 10)")
def test_a_column_of_biases_is_accepted_for_one_and_ten_images():
    accepted = {}
    for N in range(1, 30):
        try:
            accepted[N] = (np.zeros((N, 10)) + np.zeros((10, 1))).shape
        except ValueError:
            continue
    assert accepted == {1: (10, 10), 10: (10, 10)}


@claim("The guesses are those of a layer without any bias")
def test_a_column_of_biases_changes_no_guess(digits, means):
    column = -0.5 * (means**2).sum(axis=1, keepdims=True)
    for start in range(0, 1000, 10):
        products = digits[0][start : start + 10] @ means.T
        assert np.array_equal((products + column).argmax(axis=1), products.argmax(axis=1))


@claim("an error of about 2 for perfect predictions")
def test_the_second_trap_gives_about_2():
    for seed in SEEDS:
        t = np.random.default_rng(seed).normal(size=1000)
        assert ((t - t[:, np.newaxis]) ** 2).mean() == pytest.approx(2, rel=0.15)


def sizes_of(params):
    return [W.size + b.size for W, b in params]


@claim("100 units with 784 + 1 each make 78 500, ten with 100 + 1 each make 1 010")
def test_the_layers_hold_so_many():
    assert sizes_of(init_params([784, 100, 10], np.random.default_rng(0))) == [78_500, 1_010]


@pytest.fixture(scope="module")
def explorer():
    return network_explorer()


def told(explorer, width, depth):
    """Return how many parameters the explorer tells."""
    said = explorer.update(width=width, depth=depth, batch=10)
    return int(re.search(r": ([\d ]+) parameters", said)[1].replace(" ", ""))


@claim(
    "Twice the width adds 79 500, a second hidden layer 10 100",
    "At 1 000, the slider's next stop after 500",
    "Four hidden layers of 1 000 hold 3.8 million",
    "784-10: the ten neurons from above, 7 850 parameters. The width then has nothing to change.",
)
def test_what_the_explorer_tells_of_wide_and_deep_networks(explorer):
    start = told(explorer, 100, 1)
    assert told(explorer, 200, 1) - start == 79_500
    assert told(explorer, 100, 2) - start == 10_100
    stops = explorer.controls["width"].options
    heavy = [w for w in stops if (784 + 1) * w > told(explorer, w, 2) / 2]
    assert [*heavy, 1000] == [*stops]
    assert heavy[-1] == 500
    assert round(told(explorer, 1000, 4), -5) == 3_800_000
    assert {told(explorer, width, 0) for width in stops} == {7_850}


@claim("At 100 the cache is the larger one", "80 images keep 79 520, just more than the parameters")
def test_eighty_images_keep_more_than_the_network(explorer):
    params = init_params([784, 100, 10], np.random.default_rng(0))

    def kept(N):
        _, cache = forward(params, np.zeros((N, 784)))
        return sum(array.size for array in cache.a + cache.z)

    assert kept(79) < sum(sizes_of(params)) < kept(80) == 79_520
    stops = explorer.controls["batch"].options
    assert next(N for N in stops if kept(N) > sum(sizes_of(params))) == 100


@claim("An untrained network is not undecided: it has favourites. Which they are depends on the")
def test_untrained_networks_have_favourites(digits):
    X, y = digits
    guesses = [predict(fresh(seed), X) for seed in SEEDS]
    counts = [np.bincount(guess, minlength=10) for guess in guesses]
    assert min(count.max() for count in counts) > 300  # of 1 000, where 100 would be a fair share
    assert len({count.argmax() for count in counts}) > 3
    assert max((guess == y).mean() for guess in guesses) < 0.2


@claim(
    "which is 2.303 for $K = 10$, on any images",
    "is the mean loss below 2.303, equal to it, or above?",
    "the loss of giving each class 1/10: 2.303",
)
def test_equal_probabilities_cost_log_10():
    y = np.random.default_rng(0).integers(10, size=50)
    assert cross_entropy(np.full((50, 10), 7.0), y) == pytest.approx(2.303, abs=0.0005)


@claim(
    "The mean loss of a fresh network lies above 2.303",
    "With a small last layer the scores are small, the probabilities nearly equal, and the loss is "
    "nearly log 10",
    "With pixels up to 255 the scores are 255 times larger",
)
def test_fresh_networks_lose_more_than_log_10(digits):
    X, y = digits
    for seed in SEEDS:
        hidden, (W, b) = params = fresh(seed)
        logits, _ = forward(params, X)
        assert cross_entropy(logits, y) > 2.303
        small = cross_entropy(forward([hidden, Layer(0.1 * W, b)], X)[0], y)
        assert small == pytest.approx(np.log(10), abs=0.015)
        assert np.allclose(forward(params, 255 * X)[0], 255 * logits)


@claim(
    "which is 0.92, against log 2 = 0.69",
    "Taken over all labels, being sure without reason costs more than it gains.",
    "With ten labels a single mistake may cost less than a lucky hit gains; but nine labels of ten "
    "are wrong.",
)
def test_to_be_sure_without_reason_costs_more_than_it_gains():
    given = np.array([0.8, 0.2])
    assert -np.log(given).mean() == pytest.approx(0.92, abs=0.005)
    for probabilities in np.random.default_rng(0).dirichlet(np.ones(10), size=1000):
        assert -np.log(probabilities).mean() > np.log(10)
    hit, miss = 0.5, 0.5 / 9
    assert np.log(10 * hit) > -np.log(10 * miss) > 0
    assert (9 * -np.log(10 * miss) - np.log(10 * hit)) > 0


CORNERS = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0]])
BLUE = np.array([True, True, False, False])


@claim("Three: let the line cut off one corner. Not four.")
def test_one_neuron_gets_three_corners_of_xor():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(10_000, 2)) @ CORNERS.T + 2 * rng.normal(size=(10_000, 1))
    assert ((z > 0) == BLUE).sum(axis=1).max() == 3


@claim(
    "(Without ReLU the two would cancel.)",
    "give the output neuron the bias −1, and XOR is solved",
    "It sends both orange corners to (0, 0) and the blue ones far out on the two axes",
)
def test_two_hidden_units_solve_xor():
    opposite = np.array([[1.0, -1.0], [-1.0, 1.0]])
    params = [Layer(opposite, np.zeros(2)), Layer(np.ones((2, 1)), np.array([-1.0]))]
    z, cache = forward(params, CORNERS)
    assert np.array_equal(z[:, 0] > 0, BLUE)
    assert np.array_equal(cache.a[1], [[2, 0], [0, 2], [0, 0], [0, 0]])
    straight, _ = forward(params, CORNERS, activation="identity")
    assert (straight == -1).all()


@claim(
    "1. At 50° and $b = -0.5$, for instance.",
    "Ten of the forty: a line that cuts off one corner has the ten points of another corner on its "
    "wrong side. No setting of the two sliders gets fewer wrong.",
)
def test_what_a_line_can_do():
    angles = np.radians(np.arange(-180, 181))
    directions = np.array([np.cos(angles), np.sin(angles)])
    fewest = {}
    for data in ("two groups", "XOR"):
        X, blue = make_points(data)
        biases = np.linspace(-1.5, 1.5, 31)
        z = (X @ directions)[:, :, np.newaxis] + biases
        wrong = ((z > 0) != blue[:, np.newaxis, np.newaxis]).sum(axis=0)
        fewest[data] = wrong.min()
        if data == "two groups":
            assert wrong[50 + 180, 10] == 0  # at 50 degrees, -0.5
    assert fewest == {"two groups": 0, "XOR": 10}


@claim("(whose length stays 1; the arrow is drawn half as long)")
def test_the_arrows_are_half_as_long_as_the_weights():
    explorer = boundary_explorer()
    for angle in (0, 50, 135):
        explorer.update(data="XOR", network=TWO, angle=angle, bias=0.5)
        arrows = explorer.picture.figure.axes[0].collections[0]
        w = np.array([arrows.U, arrows.V]).T
        assert arrows.scale_units == arrows.angles == "xy"  # in the units of the axes
        assert np.linalg.norm(w, axis=1) == pytest.approx([1, 1])
        assert np.linalg.norm(w / arrows.scale, axis=1) == pytest.approx([0.5, 0.5])


@claim(
    "3. With $b = 0$, any angle near a diagonal, 45° or −45° (and the same arrows turned round).",
    "At −45° the blue points lie far out on both axes, the orange ones near the origin, and a flat "
    "cut parts them.",
    "At 0° or 90° the fold lays blue on orange, and at least ten points stay wrong, whatever the "
    "bias.",
)
def test_what_two_hidden_units_can_do():
    explorer = boundary_explorer()

    def wrong(angle, bias):
        text = explorer.update(data="XOR", network=TWO, angle=angle, bias=bias)
        return int(re.search(r"; (\d+) of 40", text)[1])

    for diagonal, off in itertools.product((-135, -45, 45, 135), (-5, 0, 5)):
        assert wrong(diagonal + off, 0) == 0
    for angle, bias in itertools.product((-90, 0, 90, 180), np.linspace(-1.5, 1.5, 31)):
        assert wrong(angle, bias) >= 10
    explorer.update(data="XOR", network=TWO, angle=-45, bias=0)
    blue, orange = (line.get_xydata() for line in explorer.picture.figure.axes[1].lines[1:3])
    assert blue.max(axis=1).min() > 1.5 * orange.max()
    assert {*blue.argmax(axis=1)} == {0, 1}
