"""Analysis against SciPy, scikit-learn, finite differences, and loops that leave nothing out."""

import re

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest, norm
from sklearn.metrics import precision_recall_fscore_support

from mnist_edu.activations import softmax
from mnist_edu.gradient_check import numerical_gradient, relative_error
from mnist_edu.losses import cross_entropy
from mnist_edu.metrics import confusion_matrix
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.topics.attribution import input_gradient, occlusion
from mnist_edu.topics.statistics import (
    calibration_curve,
    calibration_error,
    fit_temperature,
    mcnemar,
    paired_difference,
    precision_recall,
    wilson_interval,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("n", [1, 7, 100, 10_000])
@pytest.mark.parametrize("z", [1.0, 1.96, 3.0])
def test_wilsons_interval_is_scipys(n, z):
    level = 2 * norm.cdf(z) - 1
    for right in {0, 1, n // 2, n - 1, n}:
        found = binomtest(right, n).proportion_ci(level, method="wilson")
        assert wilson_interval(right, n, z) == pytest.approx((found.low, found.high), abs=1e-12)


def test_wilsons_interval_holds_what_it_says():
    n, p = 60, np.linspace(0.01, 0.99, 99)
    ends = np.array([wilson_interval(right, n) for right in range(n + 1)])
    assert (ends[:, 0] >= -1e-12).all()
    assert (ends[:, 1] <= 1 + 1e-12).all()
    inside = (ends[:, :1] <= p) & (p <= ends[:, 1:])
    chances = np.array([binomial(n, q) for q in p]).T
    coverage = (chances * inside).sum(axis=0)
    assert coverage.mean() == pytest.approx(0.95, abs=0.01)
    assert coverage.min() > 0.85


def binomial(n, p):
    """Return the chances of 0 to n heads, by tossing one coin after the other."""
    chances = np.array([1.0])
    for _ in range(n):
        chances = np.append(chances, 0) * (1 - p) + np.append(0, chances) * p
    return chances


def test_at_98_percent_of_ten_thousand_it_is_0_27_points_either_way():
    low, high = wilson_interval(9800, 10_000)
    assert (high - low) / 2 == pytest.approx(0.0027, abs=5e-5)


def test_the_paired_test_is_scipys_binomial_test():
    for only_a in range(25):
        for only_b in range(25):
            if only_a + only_b:
                p = binomtest(only_a, only_a + only_b).pvalue
                assert mcnemar(only_a, only_b) == pytest.approx(p, rel=1e-9), (only_a, only_b)


@pytest.mark.parametrize(("only_a", "only_b"), [(106, 64), (163, 66), (700, 900), (1000, 1000)])
@pytest.mark.parametrize("kind", [int, np.int64, np.int32, np.uint8])
def test_the_paired_test_counts_many_images_of_any_integer_type(only_a, only_b, kind):
    if kind is np.uint8 and max(only_a, only_b) > 255:
        only_a, only_b = 200, 250
    p = binomtest(only_a, only_a + only_b).pvalue
    assert mcnemar(kind(only_a), kind(only_b)) == pytest.approx(p, rel=1e-9)


def test_the_paired_test_says_1_where_there_is_nothing_to_tell():
    assert mcnemar(0, 0) == mcnemar(6, 6) == 1
    assert mcnemar(0, 6) < 0.05 < mcnemar(0, 5)


def draw_right(rng, images, seeds, both, recipes=2, S=6, N=300):
    """Say which images are read correctly, for the luck of images, of seeds, and of both."""
    luck = images * rng.normal(size=(recipes, 1, N)) + seeds * rng.normal(size=(recipes, S, 1))
    return luck + both * rng.normal(size=(recipes, S, N)) + 0.3 > 0


@pytest.mark.parametrize(
    ("luck", "ratio"),
    [
        ({"images": 1, "seeds": 0, "both": 0}, 1),
        ({"images": 0, "seeds": 1, "both": 0}, 1),
        ({"images": 1, "seeds": 0.2, "both": 0}, 1),
        ({"images": 0, "seeds": 0, "both": 1}, np.sqrt(2)),
    ],
    ids=["images", "seeds", "images and seeds", "each network on each image"],
)
def test_the_error_of_a_difference_is_its_spread_over_new_seeds_and_images(rng, luck, ratio):
    found = np.array([paired_difference(*draw_right(rng, **luck)) for _ in range(1000)])
    assert np.sqrt(np.mean(found[:, 1] ** 2)) == pytest.approx(ratio * found[:, 0].std(), rel=0.08)


def test_the_difference_is_that_of_the_accuracies_and_pairing_forgets_what_is_shared(rng):
    one, other = draw_right(rng, images=1, seeds=0.2, both=0.2)
    difference, error = paired_difference(one, other)
    assert difference == pytest.approx(one.mean() - other.mean())
    assert paired_difference(other, one) == pytest.approx((-difference, error))
    assert paired_difference(one, one) == (0, 0)


def test_precision_and_recall_are_scikit_learns(rng):
    y, read = rng.integers(0, 5, 200), rng.integers(0, 5, 200)
    precision, recall, _, _ = precision_recall_fscore_support(y, read)
    found = precision_recall(confusion_matrix(y, read, 5))
    assert found[0] == pytest.approx(precision)
    assert found[1] == pytest.approx(recall)


def test_precision_and_recall_are_nan_where_there_is_nothing_to_divide_by():
    precision, recall = precision_recall(np.array([[2, 0, 1], [0, 0, 0], [1, 0, 3]]))
    assert np.array_equal(np.isnan(precision), [False, True, False])
    assert np.array_equal(np.isnan(recall), [False, True, False])
    assert precision[[0, 2]] == pytest.approx([2 / 3, 3 / 4])


def groups(probs, y, bins):
    """Yield the rows of each bin, row by row."""
    members = [[] for _ in range(bins)]
    for row, label in zip(probs, y, strict=True):
        confidence = max(row)
        place = next(m for m in reversed(range(bins)) if confidence * bins >= m)
        members[min(place, bins - 1)].append(
            (confidence, float(list(row).index(confidence) == label))
        )
    return members


@pytest.mark.parametrize("bins", [1, 4, 10])
def test_bins_hold_what_belongs_into_them(rng, bins):
    probs = softmax(3 * rng.normal(size=(300, 4)))
    y = rng.integers(0, 4, 300)
    confidence, accuracy, counts = calibration_curve(probs, y, bins)
    members = groups(probs, y, bins)
    assert counts.tolist() == [len(group) for group in members]
    assert counts.sum() == 300
    for m, group in enumerate(members):
        if group:
            assert (confidence[m], accuracy[m]) == pytest.approx(np.mean(group, axis=0))
        else:
            assert np.isnan([confidence[m], accuracy[m]]).all()
    gaps = [abs(sum(right - sure for sure, right in group)) for group in members]
    assert calibration_error(probs, y, bins) == pytest.approx(sum(gaps) / 300)


def test_a_probability_of_1_belongs_to_the_last_bin_and_a_half_to_the_upper_of_two():
    probs = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert calibration_curve(probs, np.array([0, 0]), bins=10)[2].tolist() == [0] * 5 + [1] + [
        0
    ] * 3 + [1]
    assert calibration_curve(probs, np.array([0, 0]), bins=2)[2].tolist() == [0, 2]


def test_calibration_errors_that_are_known():
    sure = np.eye(4)[[0, 1, 2, 3]]
    assert calibration_error(sure, np.arange(4)) == 0
    assert calibration_error(sure, np.array([1, 2, 3, 0])) == 1
    assert calibration_error(np.full((8, 4), 0.25), np.repeat(np.arange(4), 2)) == pytest.approx(0)
    one_way_and_the_other = np.array([[0.6, 0.4], [0.9, 0.1]])  # right; wrong
    assert calibration_error(one_way_and_the_other, np.array([0, 1])) == pytest.approx(0.65)


@pytest.fixture
def guesses(rng):
    """Return logits three times too large, and labels drawn from the right probabilities."""
    z = 2 * rng.normal(size=(4000, 5))
    y = (softmax(z).cumsum(axis=1) < rng.random((4000, 1))).sum(axis=1)
    return 3 * z, y


def test_the_temperature_has_the_smallest_loss(guesses):
    logits, y = guesses
    T = fit_temperature(logits, y)
    best = minimize_scalar(lambda T: cross_entropy(logits / T, y), bounds=(0.1, 20))
    assert pytest.approx(best.x, rel=1e-4) == T
    assert pytest.approx(3, rel=0.05) == T  # what they were drawn with: 4 000 images, 5 %


def test_the_temperature_cures_and_scales_with_the_logits(guesses):
    logits, y = guesses
    T = fit_temperature(logits, y)
    assert fit_temperature(logits / T, y) == pytest.approx(1)
    assert fit_temperature(0.1 * logits, y) == pytest.approx(0.1 * T)
    before, after = (calibration_error(softmax(logits / t), y) for t in (1, T))
    assert after < 0.03 < 0.1 < before


def test_a_temperature_ends_at_an_end_if_there_is_no_best_one():
    assert fit_temperature(5 * np.eye(3), np.arange(3)) == pytest.approx(0.01)
    assert fit_temperature(5 * np.eye(3), np.array([1, 2, 0])) == pytest.approx(100)


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
@pytest.mark.parametrize("sizes", [[5, 3], [5, 4, 3], [5, 6, 4, 3]])
def test_what_reaches_the_pixels_is_the_gradient(rng, activation, sizes):
    params = [Layer(W, rng.normal(size=b.shape)) for W, b in init_params(sizes, rng)]
    X, dz = rng.normal(size=(4, 5)), rng.normal(size=(4, 3))  # dz: of the sum of dz times logits
    found = input_gradient(params, forward(params, X, activation)[1], dz)
    slopes = numerical_gradient(lambda X: (dz * forward(params, X, activation)[0]).sum(), X)
    assert found.shape == X.shape
    assert relative_error(found, slopes) < 1e-7


@pytest.fixture
def seeing(rng):
    return init_params([784, 6, 3], rng), rng.random(784)


def lead_of_1(params, x):
    zero, one, two = forward(params, x[np.newaxis])[0][0]
    return one - max(zero, two)


@pytest.mark.parametrize("side", [1, 3, 5, 13, 55])
def test_occlusion_covers_each_place_in_turn(seeing, side):
    params, x = seeing
    found = occlusion(params, x, 1, side)
    assert found.shape == (28, 28)
    whole = lead_of_1(params, x)
    for row, column in [(0, 0), (0, 27), (27, 0), (27, 27), (1, 2), (13, 14), (20, 3)]:
        image, reach = x.reshape(28, 28).copy(), side // 2
        for r in range(28):
            for c in range(28):
                if row - reach <= r <= row + reach and column - reach <= c <= column + reach:
                    image[r, c] = 0
        assert found[row, column] == pytest.approx(whole - lead_of_1(params, image.ravel()))


def test_paper_on_paper_costs_nothing_and_the_image_is_left_alone(seeing):
    params, x = seeing
    x[:392] = 0
    before = x.copy()
    found = occlusion(params, x, 2, side=3)
    assert np.array_equal(x, before)
    assert found[:13] == pytest.approx(np.zeros((13, 28)))
    assert np.abs(found[14:]).min() > 0


def test_occlusion_takes_the_activation_that_it_is_given(seeing):
    params, x = seeing
    assert not np.allclose(occlusion(params, x, 0), occlusion(params, x, 0, activation="tanh"))


def test_single_precision_is_kept_and_enough(seeing):
    params, x = seeing
    small = [Layer(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
    found = occlusion(small, x.astype(np.float32), 1)
    assert found.dtype == np.float32
    assert found == pytest.approx(occlusion(params, x, 1), abs=1e-4)


PROBS, LABELS = np.array([[0.75, 0.25], [0.5, 0.5]]), np.array([0, 1])
DEEP = [Layer(np.ones((784, 3)), np.zeros(3)), Layer(np.ones((3, 2)), np.zeros(2))]
CACHE = forward(DEEP, np.ones((4, 784)))[1]
DOORS = {
    "no images": (lambda: wilson_interval(0, 0), ValueError, "n is 0; expected at least 1"),
    "more than all": (
        lambda: wilson_interval(11, 10),
        ValueError,
        "correct is 11; expected 0 to 10",
    ),
    "fewer than none": (lambda: wilson_interval(-1, 10), ValueError, "correct is -1; expected 0"),
    "a fraction": (lambda: wilson_interval(0.98, 100), TypeError, "expected a whole number"),
    "a negative count": (lambda: mcnemar(-1, 5), ValueError, "expected 0 or more"),
    "half an image": (lambda: mcnemar(1.5, 5), TypeError, "only_a is 1.5; expected a whole number"),
    "a row of accuracies": (
        lambda: paired_difference(LABELS / 2, LABELS / 2),
        TypeError,
        "one is of type float64; expected bool",
    ),
    "other images": (
        lambda: paired_difference(PROBS > 0, PROBS[:, :1] > 0),
        ValueError,
        "shapes (2, 2), (2, 1); expected (S, N) twice",
    ),
    "one seed": (
        lambda: paired_difference(PROBS[:1] > 0, PROBS[:1] > 0),
        ValueError,
        "S and N at least 2",
    ),
    "no images by seed": (
        lambda: paired_difference(LABELS > 0, LABELS > 0),
        ValueError,
        "expected (S, N) twice",
    ),
    "not a square": (lambda: precision_recall(np.ones((2, 3))), ValueError, "expected (K, K)"),
    "no matrix": (
        lambda: precision_recall(np.arange(3)),
        ValueError,
        "shape (3,); expected (K, K)",
    ),
    "less than none": (
        lambda: precision_recall(np.array([[1, -1], [0, 2]])),
        ValueError,
        "not 0 or more",
    ),
    "logits": (lambda: calibration_curve(8 * PROBS, LABELS), ValueError, "are they logits?"),
    "logits that sum to 1": (
        lambda: calibration_error(np.array([[2.0, -1.0]]), LABELS[:1]),
        ValueError,
        "are they logits?",
    ),
    "not a number": (
        lambda: calibration_curve(PROBS * np.nan, LABELS),
        ValueError,
        "probabilities",
    ),
    "one row": (
        lambda: calibration_curve(PROBS[0], LABELS),
        ValueError,
        "shape (2,); expected (N, K)",
    ),
    "no row": (lambda: calibration_error(PROBS[:0], LABELS[:0]), ValueError, "N at least 1"),
    "no bin": (
        lambda: calibration_curve(PROBS, LABELS, 0),
        ValueError,
        "bins is 0; expected at least",
    ),
    "a class too many": (
        lambda: calibration_curve(PROBS, LABELS + 1),
        ValueError,
        "label 2 is out of",
    ),
    "a label too few": (lambda: fit_temperature(PROBS, LABELS[:1]), ValueError, "1 labels"),
    "one image's logits": (
        lambda: fit_temperature(PROBS[0], LABELS),
        ValueError,
        "shape (2,); expected (N, K)",
    ),
    "dz of other classes": (
        lambda: input_gradient(DEEP, CACHE, np.ones((4, 3))),
        ValueError,
        "dz has shape (4, 3); expected (4, 2)",
    ),
    "an even square": (lambda: occlusion(DEEP, np.ones(784), 0, 4), ValueError, "an odd number"),
    "no square": (lambda: occlusion(DEEP, np.ones(784), 0, 0), ValueError, "side is 0"),
    "a batch": (lambda: occlusion(DEEP, np.ones((1, 784)), 0), ValueError, "expected (784,)"),
    "bytes": (lambda: occlusion(DEEP, np.ones(784, np.uint8), 0), TypeError, "uint8"),
    "the class before 0": (lambda: occlusion(DEEP, np.ones(784), -1), ValueError, "label -1"),
    "the class after the last": (lambda: occlusion(DEEP, np.ones(784), 2), ValueError, "label 2"),
}


@pytest.mark.parametrize(("call", "error", "message"), DOORS.values(), ids=DOORS)
def test_what_cannot_be_right_is_met_at_the_door(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
