"""The claims of notebook 8."""

import re

import numpy as np
import pytest
from scipy.stats import t as student

from mnist_edu.labs.nb08_noise import expected_noise, gram
from mnist_edu.labs.nb08_training import training_lab
from mnist_edu.labs.nb08_valley import valley_explorer
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.stored_results import load_result
from mnist_edu.topics.statistics import paired_difference
from mnist_edu.training import adam, train
from tests.notebooks.quoting import claim
from tests.notebooks.reading import outputs, paths, printed, read

FREE = [
    "With 2 000 images and B = 64",
    "at which one is the angle 60°",
    "Take 2 000 images and six epochs, so that every run looks at 12 000 images",
    "the lower loss on the 2 000 images",
    "computes 2 000 images as quickly as 50",
    "here for every one of 2 000.",
    "with the gradient 0.00003",
    "Train 784-64-10 on 2 000 images",
    "for a mean over 40 000 weights",
    "Five recipes for 784-64-10, 5 000 images",
    "the loss on 2 000 validation images",
    "all 60 000, and the run",
    "The lab trains 784-width-10 on 10 000 images",
    "(30 000 steps: that takes a while.)",
    "still reach 80 %?",
    "The grey band is the valley with $c = 20$ at the rate 0.134",
    "β = 0.4 has a floor",
]


@pytest.fixture(scope="module")
def valley():
    return valley_explorer()


def arrival(valley, lr, beta, c):
    found = re.search(r"after (\d+) steps the loss stays below", valley.update(lr, beta, c))
    return int(found[1]) if found else np.inf


def rates():
    return np.arange(1, 101) * 0.005


@pytest.fixture(scope="module")
def right():
    """Return whether each network read each image correctly, by recipe."""
    tables = {}
    for name, runs in load_result("recipes").items():
        tables[name] = np.ones((10, 10_000), bool)
        for row, wrong in zip(tables[name], runs, strict=True):
            row[wrong] = False
    return tables


@pytest.fixture(scope="module")
def lab(mnist):
    """Return a function that trains as the lab does."""
    explorer = training_lab(mnist.train, mnist.validation)

    def run(lr, beta=0, batch_size=64, width=128):
        *_, last = explorer.start(lr=lr, batch_size=batch_size, width=width, beta=beta)
        return last

    return run


@claim("101 770 weights and biases are plenty", "all 101 770 weights", "in 101 770 dimensions")
def test_the_network_has_so_many_weights_and_biases():
    params = init_params([784, 128, 10], np.random.default_rng(0))
    assert sum(W.size + b.size for W, b in params) == 101_770


@claim("at B = 16 it goes from 2.0 to 5.0 after three epochs, and 3.9 after four")
def test_the_noise_grows_with_training(mnist):
    rng = np.random.default_rng(0)
    images, y = mnist.train.images[:1000], mnist.train.labels[:1000]
    params = init_params([784, 128, 10], rng)
    options = {"batch_size": 50, "epochs": 4, "report_every": 20}
    run = train(params, images, y, rng=np.random.default_rng(0), **options)
    stages = [params, *(report.params for report in run)]
    noise = [expected_noise(gram(stages[k], images / 255, y), 16) for k in (0, 3, 4)]
    assert noise == pytest.approx([2.0, 5.0, 3.9], abs=0.1)


@claim("some 50° away from the full gradient")
def test_the_angle_of_a_minibatch_of_50():
    text = printed_text()
    (single,) = re.findall(r"B =   1: noise (\S+) times", text)
    angle = np.degrees(np.arctan(float(single) / np.sqrt(50)))  # by the formula of the cosine
    assert angle == pytest.approx(50, abs=3)


@claim(
    "0.09 and 0.095, in 33 and 34 steps",
    "12 steps with 0.4, at 0.125 or 0.13; 10 with 0.5.",
    "With 0.9 no fewer than 56",
    "17 steps (β = 0.6) in place of 80",
    "With β = 0.4 momentum needed 12 steps where plain descent needed 33",
    "In the explorer β = 0.5 arrived two steps before 0.4",
)
def test_how_soon_the_valley_is_crossed(valley):
    plain = {round(lr, 3): arrival(valley, lr, 0, 20) for lr in rates()}
    assert sorted(plain, key=plain.get)[:2] == [0.09, 0.095]
    assert [plain[0.09], plain[0.095]] == [33, 34]
    for beta, c, fewest in ((0, 20, 33), (0.4, 20, 12), (0.5, 20, 10), (0.9, 20, 56)):
        assert min(arrival(valley, lr, beta, c) for lr in rates()) == fewest
    assert [lr for lr in rates() if arrival(valley, lr, 0.4, 20) == 12] == pytest.approx(
        [0.125, 0.13]
    )
    assert min(arrival(valley, lr, 0.6, 50) for lr in rates()) == 17
    assert min(arrival(valley, lr, 0, 50) for lr in rates()) == 80


@claim("No: at 0.19, nearly twice as late")
def test_with_momentum_it_runs_away_nearly_twice_as_late(valley):
    assert "without end" not in valley.update(0.19, 0.9, 20)
    assert "times that of the start" in valley.update(0.195, 0.9, 20)


@claim("up to κ of about 1 400")
def test_how_long_a_valley_fits_the_band_of_09():
    x = np.geomspace(1e-5, 4, 4000)
    roots = np.array([max(abs(np.roots([1, v - 1.9, 0.9]))) for v in x])
    band = x[roots < np.sqrt(0.9) + 1e-6]
    assert band[-1] / band[0] == pytest.approx(1400, rel=0.05)


@claim("at first $m$ is 10 times too small and $v$ 1 000 times, its root 32 times")
def test_how_small_the_means_of_adam_are_after_a_step():
    state = {}
    params = [Layer(np.zeros((1, 1)), np.zeros(1))]
    adam(params, [Layer(np.full((1, 1), 2.5), np.zeros(1))], 0.01, state)
    assert 2.5 / state["m"][0].item() == pytest.approx(10)
    assert 2.5**2 / state["v"][0].item() == pytest.approx(1000)
    assert 2.5 / np.sqrt(state["v"][0].item()) == pytest.approx(32, abs=0.5)


@claim("The two with the same $\\eta/B$ end alike, and lower")
@pytest.mark.parametrize("seed", [1, 2])
def test_what_lowers_the_noise_floor_on_digits(mnist, seed):
    X, y = mnist.train.images[:10_000], mnist.train.labels[:10_000]

    def go_on(params, lr, batch_size, epochs=1):
        options = {"lr": lr, "batch_size": batch_size, "epochs": epochs, "report_every": 10**6}
        *_, last = train(params, X, y, rng=np.random.default_rng(seed), **options)
        return last.params

    def loss(params):
        return cross_entropy(forward(params, X[:2000] / 255)[0], y[:2000])

    start = go_on(init_params([784, 10], np.random.default_rng(seed)), 0.5, 50, epochs=3)
    before, slower, larger = (
        loss(go_on(start, *way)) for way in ((0.5, 50), (0.125, 50), (0.5, 200))
    )
    assert slower == pytest.approx(larger, abs=0.002)
    assert max(slower, larger) < before - 0.004


@claim("the first five of plain descent have 0.29, all ten 0.84, for seed 5 ends at 88.84 %")
def test_what_five_seeds_leave_out(right):
    found = 100 * right["plain, rate 0.3"].mean(axis=1)
    five, ten = found[:5].std(ddof=1), found.std(ddof=1)
    assert (round(five, 2), round(ten, 2), round(found[5], 2)) == (0.29, 0.84, 88.84)


@claim(
    "the difference is twice its error, and 2.3 times is asked for",
    "found a difference of three errors",
    "One cycle beats either constant rate, 0.1 and 0.2.",
    "Against 0.2 it would just fail, were these counted as three questions",
    "With ten it takes 2.3, with five 2.8, with three 4.3",
)
def test_which_recipes_differ(right):
    for seeds, times in ((10, 2.3), (5, 2.8), (3, 4.3)):
        assert round(student.ppf(0.975, seeds - 1), 1) == times
    cycle, adams = right["momentum, one cycle to 0.2"], right["Adam, one cycle to 0.01"]
    difference, error = paired_difference(adams, cycle)
    assert -2.25 < difference / error < -1.75
    by_seed = adams.mean(axis=1) - cycle.mean(axis=1)
    assert by_seed.mean() / (by_seed.std(ddof=1) / np.sqrt(10)) == pytest.approx(-3, abs=0.5)
    for name in ("momentum, rate 0.1", "momentum, rate 0.2"):
        difference, error = paired_difference(cycle, right[name])
        assert difference / error > 2.3
    assert difference / error < student.ppf(1 - 0.025 / 3, 9) < 3


@claim("the standard error from the size of the test set alone is 0.13 points")
def test_the_error_of_the_last_accuracy():
    (percent,) = re.findall(r"test accuracy (\S+)%", printed_text())
    p = float(percent) / 100
    assert round(100 * np.sqrt(p * (1 - p) / 10_000), 2) == 0.13


@claim("1. Up to about 1 it learns. From 3 on nearly all hidden units output 0")
def test_at_which_rate_the_lab_stops_learning(lab):
    assert lab(1.0).loss < 0.6
    dead = lab(3.2)
    assert dead.note.startswith("dead")
    assert np.isfinite(dead.loss)
    assert dead.loss > 2.2


@claim("a rate of 0.01 does better there than 0.1")
def test_single_images_want_a_small_rate(mnist):
    X, y = mnist.train.images[:1000], mnist.train.labels[:1000]
    ends = []
    for lr in (0.01, 0.1):
        rng = np.random.default_rng(0)
        options = {"lr": lr, "batch_size": 1, "epochs": 1, "report_every": 500}
        *_, last = train(init_params([784, 128, 10], rng), X, y, rng=rng, **options)
        ends.append(last.loss)
    assert ends[0] < 0.7 * ends[1]


@claim("3. 8 units; 4 do not.")
def test_how_few_units_reach_80_percent(lab):
    assert lab(0.1, width=8).accuracy > 0.8 > lab(0.1, width=4).accuracy


@claim("but 0.1 is far from the limit of (8.15)", "grow first: the end is better")
def test_momentum_ends_better_than_ten_times_the_rate_in_the_lab(lab):
    assert not lab(0.3, beta=0.9).note  # three times the rate is not too large either
    assert lab(3.2).note
    assert lab(0.1, beta=0.9).loss < 0.8 * lab(1.0).loss


@claim("4. 0.01, by", "At 1 with β = 0.9 nearly all units are dead.")
def test_what_momentum_makes_of_a_rate_in_the_lab(lab):
    assert lab(0.01, beta=0.9).loss == pytest.approx(lab(0.1).loss, abs=0.02)
    assert lab(1.0, beta=0.9).note.startswith("dead")


def printed_text():
    (path,) = (path for path in paths if path.name.startswith("08"))
    return "".join(map(printed, outputs(read(path))))
