"""The claims of notebook 9."""

import math
import re
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import binom

from mnist_edu.activations import softmax
from mnist_edu.labs.nb09_adversarial import adversarial_explorer
from mnist_edu.labs.nb09_attribution import attribution_explorer
from mnist_edu.labs.nb09_calibration import calibration_explorer
from mnist_edu.labs.nb09_drawing import KNOWN, STEPS
from mnist_edu.network import forward, init_params, predict
from mnist_edu.topics.preprocessing import preprocess, rasterize
from mnist_edu.topics.statistics import mcnemar, wilson_interval
from mnist_edu.training import one_cycle, train
from tests.notebooks.quoting import claim
from tests.notebooks.reading import outputs, paths, printed, read
from tests.pens import curve, placed

FREE = [
    "only scaled down to 28 by 28",
    "the result is at most 1.96 standard errors away",
    "$r/n$ plus or minus 1.96 standard errors",
    "lies more than 1.96 standard errors above 0",
    "lets 100 000 comparisons happen, of 58 images each",
    "goes through all $2^{11}$ sequences of 11 tosses",
    "finds $P$ below 0.05",
    "with probability $1 - \\alpha$, here 0.95",
    "Each $P$ must be below 0.005.",
    "99.9 % of 1 000 images is a weaker result than it looks: it rests on *one* error",
    "The network says 90 %.",
    "*J. Am. Stat. Assoc.* 22.",
    "arXiv 1706.04599",
    "arXiv 2103.14749",
    "arXiv 1412.6572",
]
LETTERS = {  # in the box of tests.pens
    "A": [[(0, 1), (0.5, 0)], [(0.5, 0), (1, 1)], [(0.2, 0.6), (0.8, 0.6)]],
    "E": [[(0.2, 0), (0.2, 1)], *([(0.2, y), (0.9, y)] for y in (0, 0.5, 1))],
    "H": [[(0.1, 0), (0.1, 1)], [(0.9, 0), (0.9, 1)], [(0.1, 0.5), (0.9, 0.5)]],
    "K": [[(0.2, 0), (0.2, 1)], [(0.9, 0), (0.2, 0.5)], [(0.2, 0.5), (0.9, 1)]],
    "N": [[(0.1, 1), (0.1, 0)], [(0.1, 0), (0.9, 1)], [(0.9, 1), (0.9, 0)]],
    "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]],
    "V": [[(0, 0), (0.5, 1)], [(0.5, 1), (1, 0)]],
    "X": [[(0.1, 0), (0.9, 1)], [(0.9, 0), (0.1, 1)]],
}


@pytest.fixture(scope="module")
def params(mnist):
    """Return the network of the notebook, 784-128-10."""
    rng = np.random.default_rng(0)
    start = init_params([784, 128, 10], rng)
    recipe = {"optimizer": "momentum", "lr": one_cycle(0.2), "batch_size": 128, "epochs": 5}
    *_, last = train(start, *mnist.train, rng=rng, keep_params=False, **recipe)
    return last.params


@pytest.fixture(scope="module")
def few(mnist):
    return mnist.validation.first(1000, dtype=np.float64)


def stored_text():
    (path,) = (path for path in paths if path.name.startswith("09"))
    return "".join(map(printed, outputs(read(path))))


@claim("trained on the 50 000 training images")
def test_it_is_trained_on_all_of_them(mnist):
    assert mnist.train.images.shape == (50_000, 784)


@claim(
    "At 0.10 it is read as a 2.",
    "Half of the 500 images give way at 0.08 or before.",
    "Five are still read correctly at 0.20, three of them 0s; image 448, an 8, holds out to 0.29.",
    "At 0.15 it gives the 2 a probability of 99 %.",
)
def test_what_small_changes_do(params, mnist):
    explorer, y = adversarial_explorer(params, mnist.validation), mnist.validation.labels

    def hold_at(epsilon, images):
        return [i for i in images if ", right;" in explorer.update(epsilon, i)]

    assert explorer.controls["image"].max == 499
    assert "read as 3 with" in explorer.update(0.09, 0)
    assert "read as 2 with" in explorer.update(0.1, 0)
    assert "read as 2 with 99 %" in explorer.update(0.15, 0)
    left = hold_at(0.08, range(500))
    assert len(left) == pytest.approx(250, abs=15)
    assert len(hold_at(0.07, range(500))) > 260
    at_last = hold_at(0.2, left)
    assert (len(at_last), sum(y[at_last] == 0), y[448]) == (5, 3, 8)
    assert [hold_at(0.29, at_last), hold_at(0.3, at_last)] == [[448], []]


@claim("Seven in eight stay whole, the others lose the end of a stroke.")
def test_few_strokes_leave_the_image(few):
    images = few[0].reshape(-1, 28, 28)
    ink, lost = images.sum(axis=(1, 2)), images[:, :, 24:].sum(axis=(1, 2))
    assert np.mean(lost == 0) == pytest.approx(7 / 8, abs=0.01)
    assert np.mean(lost < 0.1 * ink) > 0.99


@claim("scaled it so that its longer side is 20 pixels")
def test_the_longer_side_of_a_digit_has_20_pixels(few):
    images = few[0].reshape(-1, 28, 28)
    sides = [[np.ptp(np.flatnonzero(x.any(axis=k))) + 1 for k in (0, 1)] for x in images]
    assert (np.max(sides, axis=1) == 20).all()


@claim("ten steps, each on your digit and 100 known images", "each step has 100 images")
def test_so_many_known_images_are_mixed_in():
    assert (STEPS, KNOWN) == (10, 100)


@claim("often with more than 90 %")
def test_it_is_often_sure_of_a_letter(params):
    strokes = [[curve(*stroke) for stroke in letter] for letter in LETTERS.values()]
    X = np.array([preprocess(rasterize(placed(letter, 6, 6, 16))) for letter in strokes])
    assert np.mean(softmax(forward(params, X)[0]).max(axis=1) > 0.9) >= 0.4


@claim(
    "The strongest weights of unit 96 are red.",
    "What makes unit 96 large is ink on its *blue*.",
    "Ink on the red would have lowered $z$, and enough of it would have silenced the unit.",
)
def test_ink_on_the_red_silences_unit_96(params, few):
    x, (W, b) = few[0][0], params[0]
    w, bias = W[:, 96], b[96]
    reddest = np.argsort(w)[:20]
    with_red, without_blue = x.copy(), np.where(w > 0, 0, x)
    with_red[reddest] = 1
    assert (w[np.argsort(-np.abs(w))[:10]] < 0).all()
    assert x @ w + bias > 5
    assert with_red @ w + bias < 0
    assert without_blue @ w + bias < 0


@claim(
    "Without it the network reads a 2, with 92 %.",
    "A single pixel costs at most 1.5 of a lead of 13.5; 3 by 3 costs most of it, "
    "and from 5 by 5 on the image is read wrongly.",
)
def test_what_covering_costs(params, mnist, few):
    explorer = attribution_explorer(params, mnist.validation)
    falls = {}
    for side in (1, 3, 5, 7, 9, 11, 13):
        before, after = re.findall(r"(?:leads by|falls to) ([-\d.]+\d)", explorer.update(0, side))
        falls[side] = float(before) - float(after)
    assert float(before) == 13.5
    assert falls[1] == pytest.approx(1.5, abs=0.01)
    assert 13.5 / 2 < falls[3] < 13.5
    assert all(falls[side] > 13.5 for side in (5, 7, 9, 11, 13))
    covered = few[0][:1].reshape(28, 28).copy()
    covered[11:16, 11:16] = 0
    probs = softmax(forward(params, covered.reshape(1, 784))[0])[0]
    assert probs.argmax() == 2
    assert probs[2] == pytest.approx(0.92, abs=0.005)


@claim(
    "95 % of a normal distribution lie within 1.96 standard deviations of its middle",
    "a result lies within 1.96 standard errors of the truth about 95 times in 100",
)
def test_a_normal_distribution_lies_near_its_middle():
    normal = NormalDist()
    assert normal.cdf(1.96) - normal.cdf(-1.96) == pytest.approx(0.95, abs=1e-4)
    n, p = 10_000, 0.98
    r = np.arange(n + 1)
    inside = np.abs(r / n - p) <= 1.96 * np.sqrt(p * (1 - p) / n)
    assert binom(n, p).pmf(r)[inside].sum() == pytest.approx(0.95, abs=0.005)


@claim("or 0.14 points (hundredths); on 100 images it would be ten times as much")
def test_the_standard_error_of_98_percent():
    error = 100 * math.sqrt(0.98 * 0.02 / 10_000)
    assert error == pytest.approx(0.14, abs=0.005)
    assert 100 * math.sqrt(0.98 * 0.02 / 100) == pytest.approx(10 * error)


@claim("For 100 of 100 it gives 96.3 to 100 %.")
def test_wilsons_interval_of_100_in_100():
    assert wilson_interval(100, 100) == pytest.approx((0.963, 1), abs=5e-4)


def simple_interval(r, n):
    half = 1.96 * np.sqrt(r / n * (1 - r / n) / n)
    return r / n - half, r / n + half


def least_coverage(interval, n, expected_errors):
    """Return the least coverage of true accuracies near these numbers of expected errors."""
    r = np.arange(n + 1)
    low, high = np.array([interval(int(k), n) for k in r]).T
    p = 1 - np.linspace(*expected_errors, 500)[:, np.newaxis] / n
    held = (low <= p) & (p <= high)
    return (binom(n, p).pmf(r) * held).sum(axis=1).min()


@claim(
    "**From some 20 errors on** (dotted), and as many right answers, either interval will do: "
    "both hold $p$ at least 92 times in 100.",
    "With fewer, the simple one gets worse and worse; "
    "Wilson's stays above 90 % down to one error, and above 83 % even below that.",
)
@pytest.mark.parametrize("n", [100, 300, 1000])
def test_what_counts_is_the_number_of_errors(n):
    for interval in (simple_interval, wilson_interval):
        assert least_coverage(interval, n, (20, 40)) > 0.92
    worse = [least_coverage(simple_interval, n, (errors, 20)) for errors in (10, 5, 2, 1, 0.5)]
    assert (np.diff([0.92, *worse]) < 0).all()
    assert worse[-1] < 0.5
    assert least_coverage(wilson_interval, n, (1, 20)) > 0.9
    assert 0.83 < least_coverage(wilson_interval, n, (0.02, 1)) < 0.86


@claim("holds the accuracy of neither half")
def test_the_interval_of_the_whole_holds_neither_half(params, mnist):
    right = predict(params, mnist.validation.images) == mnist.validation.labels
    low, high = wilson_interval(int(right.sum()), 10_000)
    assert right[::2].mean() < low
    assert right[1::2].mean() > high


@claim("pairing has made it narrower by four tenths")
def test_pairing_makes_the_interval_narrower():
    paired, unpaired = map(float, re.findall(r"± ([\d.]+)%", stored_text()))
    assert 1 - paired / unpaired == pytest.approx(0.4, abs=0.02)


@claim(
    "Some 128 000, a dozen test sets like MNIST's.",
    "Half the difference takes four times the images.",
    "such a tenth goes unnoticed seven times in eight",
)
def test_a_tenth_of_a_point_takes_many_images():
    alone = re.findall(r"wrong alone: \S+ (\d+) times, \S+ (\d+) times", stored_text())
    n_1, n_2 = map(int, alone[0])
    sigma = math.sqrt((n_1 + n_2) / 10_000 - ((n_2 - n_1) / 10_000) ** 2)
    assert (2.8 * sigma / 0.001) ** 2 == pytest.approx(128_000, abs=500)
    power = NormalDist().cdf(0.001 * math.sqrt(10_000) / sigma - 1.96)
    assert 1 - power == pytest.approx(7 / 8, abs=0.01)


@claim("40 %. (For our ten it is half of that", "McNemar's $P$ can take only a few values.)")
def test_ten_tests_raise_false_alarms():
    some_alarm = 1 - 0.95**10
    assert some_alarm == pytest.approx(0.4, abs=0.005)
    counts = re.findall(r"^ +\d +(\d+) +(\d+) +[\d.]+$", stored_text(), re.MULTILINE)
    quiet = 1.0
    for one, other in counts:
        m = int(one) + int(other)
        quiet *= sum(binom(m, 0.5).pmf(k) for k in range(m + 1) if mcnemar(k, m - k) >= 0.05)
    assert len(counts) == 10
    assert 1 - quiet == pytest.approx(0.4 / 2, abs=0.01)


@claim("The 7s pass; the 5s, with 0.009, do not.")
def test_which_digits_pass():
    rows = re.findall(r"^ +(\d) +\d+ +\d+ +(0\.\d+|1\.000)$", stored_text(), re.MULTILINE)
    assert [digit for digit, P in rows if float(P) < 0.005] == ["7"]
    assert [P for digit, P in rows if digit == "5"] == ["0.009"]


@pytest.fixture(scope="module")
def memory(mnist):
    """Return the network that has learned 3 000 images by heart."""
    rng = np.random.default_rng(1)
    small = mnist.train.images[:3000], mnist.train.labels[:3000]
    start = init_params([784, 128, 10], rng)
    *_, last = train(
        start, *small, rng=rng, optimizer="momentum", lr=0.05, epochs=20, keep_params=False
    )
    return last.params


@claim("gives the labels of its own 3 000 images 99 % on average")
def test_it_knows_its_images_by_heart(memory, mnist):
    X, y = mnist.train.first(3000, dtype=np.float64)
    probs = softmax(forward(memory, X)[0])
    assert probs[np.arange(3000), y].mean() == pytest.approx(0.99, abs=0.005)


@claim("1.4 and 1.5. They need not be the same")
def test_which_temperatures_are_best(memory, mnist):
    images, y = mnist.validation
    logits = np.concatenate([forward(memory, part / 255)[0] for part in np.split(images, 10)])
    explorer = calibration_explorer(logits, y)
    temperatures = np.arange(10, 25) / 10
    said = [explorer.update(T) for T in temperatures]
    gaps, losses = (
        [float(re.search(rf"{name} ([\d.]+\d)", text)[1]) for text in said]
        for name in ("calibration error", "cross-entropy")
    )
    assert temperatures[np.argmin(gaps)] == 1.4
    assert temperatures[np.argmin(losses)] == 1.5
