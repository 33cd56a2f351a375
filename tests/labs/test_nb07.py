"""The explorers and labs of notebook 07, over the range of their controls."""

import itertools
import json
import math
import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from mnist_edu.labs import nb07_row
from mnist_edu.labs.nb07_gain import discovery_lab
from mnist_edu.labs.nb07_look_back import look_back_explorer
from mnist_edu.labs.nb07_map import map_explorer
from mnist_edu.labs.nb07_optimizers import optimizer_explorer
from mnist_edu.labs.nb07_row import map_row_lab
from mnist_edu.labs.nb07_training import EPOCHS, Frame, initialization_lab
from mnist_edu.network import Layer, forward, init_params
from mnist_edu.stored_results import load_result

START = {"gain": 1.0, "depth": 10, "seed": 0, "locked": True, "prediction": 0}


@pytest.fixture(scope="module")
def digits(mnist):
    return mnist.train.first(100, dtype=np.float64)


@pytest.fixture(scope="module")
def made(digits):
    pairs = []
    return discovery_lab(digits[0], pairs), pairs


@pytest.fixture
def discovery(made):
    """The lab and its pairs, of which there are none yet."""
    _, pairs = made
    pairs.clear()
    return made


def drawn_stds(explorer):
    return explorer.picture.figure.axes[1].lines[0].get_ydata()


def click(explorer, **values):
    (action,) = explorer.actions.values()
    action(**values)


def test_discovery_draws_the_std_of_z_of_every_layer(discovery, digits):
    explorer, _ = discovery
    params = init_params([784, *[100] * 7, 10], np.random.default_rng(3), "lecun")
    scaled = [Layer(1.2 * W, b) for W, b in params]
    text = explorer.update(**START | {"gain": 1.2, "depth": 7, "seed": 3})
    expected = [z.std() for z in forward(scaled, digits[0])[1].z[:-1]]
    assert drawn_stds(explorer) == pytest.approx(expected)
    rho = (expected[-1] / expected[0]) ** (1 / 6)
    assert f"ρ = {rho:.3f} per layer" in text


def test_recorded_pairs_lie_on_a_line_of_slope_one_over_root_two(mnist):
    X, _ = mnist.train.first(500, dtype=np.float64)
    pairs = []
    explorer = discovery_lab(X, pairs)
    for gain in (0.5, 1.0, math.sqrt(2), 2.0):
        click(explorer, **START | {"gain": gain})
    g, rho = np.transpose(pairs)
    assert rho == pytest.approx([0.355, 0.709, 1.003, 1.418], rel=0.02)
    assert (g @ rho) / (g @ g) == pytest.approx(1 / math.sqrt(2), rel=0.02)
    explorer.update(**START)
    drawn = explorer.picture.figure.axes[2].lines[1]
    assert list(zip(*drawn.get_data(), strict=True)) == pairs


def test_nothing_is_recorded_where_there_is_no_factor(discovery):
    explorer, pairs = discovery
    click(explorer, **START | {"gain": 0})
    assert pairs == []


def test_with_a_locked_seed_only_the_scale_follows_the_gain(discovery):
    explorer, _ = discovery
    slopes = {}
    for locked in (True, False):
        factors = []
        for gain in (0.7, 1.1, 1.9):
            explorer.update(**START | {"gain": gain, "locked": locked})
            stds = drawn_stds(explorer)
            factors.append((stds[-1] / stds[0]) ** (1 / 9) / gain)
        slopes[locked] = np.ptp(factors)
    assert slopes[True] < 1e-12 < 1e-3 < slopes[False]


def test_another_seed_gives_another_network(discovery):
    explorer, _ = discovery
    texts = {explorer.update(**START | {"seed": seed}) for seed in (0, 1, 20)}
    assert len(texts) == 3


def test_theory_stays_hidden_until_there_is_a_prediction(discovery):
    explorer, _ = discovery
    green = [
        line
        for line in explorer.picture.figure.axes[2].lines
        if to_hex(line.get_color()) == "#009e73"
    ]
    text = explorer.update(**START)
    assert len(green) == 2
    assert not any(line.get_visible() for line in green)
    assert "1.41" not in text
    text = explorer.update(**START | {"prediction": 1.3})
    assert all(line.get_visible() for line in green)
    assert "8 % below" in text
    assert "as near as you can tell" in explorer.update(**START | {"prediction": 1.41})


@pytest.mark.parametrize("depth", [10, 50])
def test_a_prediction_is_told_the_gain_of_its_own_network(discovery, depth):
    explorer, _ = discovery
    text = explorer.update(**START | {"depth": depth, "prediction": 1.3})
    (own,) = re.findall(r"itself has ρ = 1 at g = ([\d.]+)\.", text)
    explorer.update(**START | {"depth": depth, "gain": float(own)})
    stds = drawn_stds(explorer)
    assert (stds[-1] / stds[0]) ** (1 / (depth - 1)) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("depth", [2, 10, 50])
@pytest.mark.parametrize("gain", [0, 0.01, 1.41, 3])
@pytest.mark.parametrize("locked", [True, False])
def test_discovery_works_at_every_end(discovery, depth, gain, locked):
    explorer, _ = discovery
    text = explorer.update(**START | {"gain": gain, "depth": depth, "locked": locked})
    assert "nan" not in text
    stds = drawn_stds(explorer)
    assert len(stds) == depth
    assert np.isfinite(stds).all()
    assert (stds > 0).all() == (gain > 0)


@pytest.fixture(scope="module")
def look_back(digits):
    return look_back_explorer(*digits, seeds=3)


@pytest.mark.parametrize("activation", ["leaky ReLU", "tanh", "sigmoid", "gelu"])
@pytest.mark.parametrize(("gain", "depth"), [(0, 2), (0, 50), (3, 2), (3, 50), (1, 10)])
def test_looking_back_works_at_every_end(look_back, activation, gain, depth):
    text = look_back.update(activation, 0.0, gain, depth)
    expected = look_back.picture.figure.axes[1].lines[-1].get_ydata()
    assert np.isnan(expected).all() == (gain == 0)
    assert "inf" not in text
    assert "nan" not in text


@pytest.mark.parametrize("leak", [0, 0.5, 1])
def test_the_critical_gain_follows_the_leak(look_back, leak):
    look_back.update("leaky ReLU", leak, math.sqrt(2 / (1 + leak**2)), 8)
    forward_axes, backward_axes, _ = look_back.picture.figure.axes
    for ax in (forward_axes, backward_axes):
        expected = ax.lines[-1].get_ydata()
        assert expected == pytest.approx(np.full(8, expected[0]))
        assert ax.lines[0].get_ydata() == pytest.approx(expected, rel=0.5)


def test_looking_back_counts_silent_units_and_likeness(look_back, digits):
    look_back.update("leaky ReLU", 0, 1.4, 4)
    silent, cosine = look_back.picture.figure.axes[2].lines
    silents, cosines = [], []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        a = digits[0]
        for W, b in init_params([784, 100, 100, 100, 100, 10], rng, "lecun")[:-1]:
            a = np.maximum(1.4 * a @ W + b, 0)
        silents.append(100 * np.mean(a.max(axis=0) == 0))
        units = a / np.linalg.norm(a, axis=1, keepdims=True)
        cosines.append(100 * (units @ units.T)[~np.eye(100, dtype=bool)].mean())
    assert silent.get_ydata()[-1] == pytest.approx(np.median(silents))
    assert cosine.get_ydata()[-1] == pytest.approx(np.median(cosines))


SETTING = {"depth": 3, "gain": 1.41, "activation": "relu", "lr": 0.1, "scheme": "gain g", "seed": 0}


@pytest.fixture(scope="module")
def lab(mnist):
    return initialization_lab(mnist)


def run(lab, frames, **changes):
    return list(itertools.islice(lab.start(**SETTING | changes), frames))


def test_a_run_starts_before_its_first_step_and_is_drawn(lab):
    frames = run(lab, 5)
    assert [frame.epoch for frame in frames] == pytest.approx([0, 0.05, 0.1, 0.15, 0.2])
    text = lab.draw(frames)
    assert f"Epoch 0.2 of {EPOCHS}: loss {frames[-1].loss:.4g}" in text
    loss_axes, _, std_axes = lab.picture.figure.axes
    assert any(
        list(line.get_ydata()) == [frame.loss for frame in frames] for line in loss_axes.lines
    )
    at_start, now, _ = std_axes.lines
    assert list(at_start.get_ydata()) == frames[0].stds
    assert list(now.get_ydata()) == frames[-1].stds


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "sigmoid", "gelu"])
@pytest.mark.parametrize("depth", [1, 50])
@pytest.mark.parametrize("gain", [0, 3])
@pytest.mark.parametrize("lr", [0.001, 1.0])
def test_training_works_at_every_end(lab, activation, depth, gain, lr):
    frames = run(lab, 3, activation=activation, depth=depth, gain=gain, lr=lr)
    assert lab.draw(frames).startswith("Epoch ")
    assert lab.picture.png()


@pytest.mark.parametrize("scheme", ["zeros", "normal", "lecun", "xavier", "he", "orthogonal"])
def test_every_scheme_starts(lab, scheme):
    first, *_ = run(lab, 2, scheme=scheme)
    assert (first.stds[0] == 0) == (scheme == "zeros")
    assert first.loss == pytest.approx(math.log(10), abs=0.5)


def test_a_run_that_explodes_says_so_and_is_marked(lab):
    frames = run(lab, 10, depth=50, gain=3)
    text = lab.draw(frames)
    assert "diverged" in text
    assert "triangle" in text
    loss_axes = lab.picture.figure.axes[0]
    (beyond,) = [line for line in loss_axes.lines if line.get_marker() == "^"]
    assert math.isnan(frames[-1].loss)
    assert len(beyond.get_xdata()) == len(frames)
    assert frames[0].loss > 1e6


def test_the_seed_stays(lab):
    assert run(lab, 3) == run(lab, 3)
    assert run(lab, 3) != run(lab, 3, seed=1)


def test_kept_runs_stay_beside_the_next_and_the_oldest_makes_room(mnist):
    lab = initialization_lab(mnist)
    loss_axes = lab.picture.figure.axes[0]
    runs = []
    for seed in range(6):
        frames = run(lab, 3, seed=seed)
        runs.append([frame.loss for frame in frames])
        lab.draw(frames)
        click(lab, **SETTING)
    text = lab.draw([])
    drawn = [list(line.get_ydata()) for line in loss_axes.lines]
    assert [losses in drawn for losses in runs] == [False, False, True, True, True, True]
    kept = re.findall(r"([^:;]+) \(loss [\d.]+, validation accuracy [\d.]+ %\)", text)
    first = " relu, hidden layers 3, g 1.41, learning rate 0.1, seed 2"
    assert kept == [first, " seed 2 → 3", " seed 3 → 4", " seed 4 → 5"]


def test_nothing_is_kept_before_the_first_run_nor_twice(mnist):
    lab = initialization_lab(mnist)
    click(lab, **SETTING)
    assert "Kept" not in lab.draw([])
    lab.draw(run(lab, 3))
    click(lab, **SETTING)
    click(lab, **SETTING)
    assert "(loss" in lab.draw([])
    assert ";" not in lab.draw([])


def test_a_run_beside_kept_ones_says_what_was_changed(mnist):
    lab = initialization_lab(mnist)
    assert "This run" not in lab.draw(run(lab, 3))
    click(lab, **SETTING)
    assert "This run: g 1.41 → 1.00, learning rate 0.1 → 0.3. Kept: " in lab.draw(
        run(lab, 3, gain=1.0, lr=0.3)
    )
    assert "This run: g 1.41 → he." in lab.draw(run(lab, 3, scheme="he", gain=2.9))


def test_a_stored_run_is_shown_in_grey_until_one_is_started(mnist):
    lab, stored = initialization_lab(mnist), load_result("lab_runs")["initialization"]
    text = lab.draw([])
    assert "Stored run: relu, hidden layers 10, g 1.20, learning rate 0.03, seed 0 (loss" in text
    loss_axes, accuracy_axes, std_axes = lab.picture.figure.axes
    for ax, name in ((loss_axes, "loss"), (accuracy_axes, "accuracy")):
        (grey,) = [line for line in ax.lines if len(line.get_xdata()) > 100]
        shown = stored[name] if name == "loss" else [100 * a for a in stored[name][1:]]
        assert list(grey.get_ydata()) == pytest.approx(shown)
        assert grey.get_color() == "0.55"
    shown = [list(line.get_ydata()) for line in std_axes.lines if len(line.get_xdata())]
    assert shown == stored["stds"]
    frames = run(lab, 3)
    text = lab.draw(frames)
    assert "tored" not in text
    assert "tored" not in lab.draw([])
    assert not any(len(line.get_xdata()) > 100 for line in loss_axes.lines)


def test_the_stored_run_is_that_of_the_controls_as_they_open(lab, mnist):
    stored = load_result("lab_runs")["initialization"]
    settings = {name: control.value for name, control in lab.controls.items()}
    assert stored["settings"] == settings
    frames = list(itertools.islice(lab.start(**settings), 20))
    assert [frame.loss for frame in frames] == pytest.approx(stored["loss"][:20], rel=0.01)
    assert frames[0].stds == pytest.approx(stored["stds"][0], rel=0.001)
    assert len(stored["epoch"]) == 201
    assert stored["epoch"][-1] == EPOCHS


def test_the_stored_runs_of_stage_3_are_those_of_the_lab(lab):
    stored = load_result("gain_runs")["runs"]
    settings = {"depth": 1, "gain": 1.41, "activation": "relu", "lr": 0.03, "scheme": "gain g"}
    (seeds,) = (each["seeds"] for each in stored if each["settings"] == settings)
    first, *frames = run(lab, 21, **settings)
    assert first.loss == pytest.approx(seeds[0]["start"], rel=0.001)
    assert frames[-1].epoch == pytest.approx(1)
    losses = [frame.loss for frame in frames]
    assert np.mean(losses) == pytest.approx(seeds[0]["loss"][0], rel=0.01)


def test_the_stored_run_answers_no_question_of_the_notebook(lab):
    """The questions of stage 3 name these gains."""
    assert lab.controls["gain"].value not in {0.58, 1.0, 1.3, 1.41, 2.0, 2.5}


def test_the_map_shows_every_stored_cell():
    result = load_result("initialization_map")
    explorer = map_explorer()
    for activation in ("relu", "tanh"):
        found = result[activation]
        for (row, depth), (column, gain) in itertools.product(
            enumerate(result["depths"]), enumerate(result["gains"])
        ):
            text = explorer.update(activation, depth, gain)
            scores = found["accuracy"][row][column]
            assert f"accuracy {np.mean(scores):.1f} %" in text
            assert f"rate, {found['rate'][row][column]:g}." in text
        table = explorer.picture.figure.axes[0].images[0].get_array()
        assert np.allclose(table, np.mean(found["accuracy"], axis=2))
        curves = explorer.picture.figure.axes[1].lines[-3:]
        drawn = [np.array(curve.get_ydata()) for curve in curves]
        for line, losses in zip(drawn, found["loss"][-1][-1], strict=True):
            assert np.array_equal(line, np.array(losses, float), equal_nan=True)


def test_the_theory_stands_at_its_gain():
    explorer = map_explorer()
    gains = load_result("initialization_map")["gains"]
    for activation, critical in (("relu", math.sqrt(2)), ("tanh", 1.0)):
        explorer.update(activation, 10, gains[0])
        lines = explorer.picture.figure.axes[0].lines
        place = np.interp(math.log(critical), np.log(gains), np.arange(len(gains)))
        assert lines[0].get_xdata() == pytest.approx([place, place], abs=0.01)


def test_a_map_of_relu_has_its_ridge_at_root_two():
    result = load_result("initialization_map")
    accuracy = np.mean(result["relu"]["accuracy"], axis=2)
    gains = np.array(result["gains"])
    assert accuracy.shape >= (12, 16)
    for depth in (10, 14, 20, 30):
        best = gains[accuracy[result["depths"].index(depth)].argmax()]
        assert 1.25 < best < 1.6
    shallow, deep = accuracy[0], accuracy[result["depths"].index(30)]
    assert np.ptp(shallow) < np.ptp(deep)


NAMES = {("SGD", 400): "sgd", ("Adam", 400): "adam"}
NAMES |= {("SGD", 1600): "sgd, long", ("Adam", 1600): "adam, long"}


def test_the_map_of_optimizers_shows_every_stored_cell():
    result, explorer = load_result("optimizer_map"), optimizer_explorer()
    map_axes = explorer.picture.figure.axes[0]
    for (optimizer, steps), name in NAMES.items():
        found = result[name]
        for (row, depth), (column, gain) in itertools.product(
            enumerate(result["depths"]), enumerate(result["gains"])
        ):
            text = explorer.update(optimizer, steps, depth, gain)
            scores = found["accuracy"][row][column]
            assert text.startswith(f"{optimizer}, {steps} steps, {depth} hidden layers, g = ")
            assert f"g = {gain:.2f}: accuracy {np.mean(scores):.1f} % " in text
            assert f"({min(scores):.1f} to {max(scores):.1f}) " in text
            assert f"at rate {found['rate'][row][column]:g}." in text
            assert map_axes.patches[0].get_xy() == (column - 0.5, row - 0.5)
        drawn = map_axes.images[0].get_array()
        assert np.allclose(drawn, [[np.mean(cell) for cell in line] for line in found["accuracy"]])


def test_a_row_is_drawn_beside_that_of_sgd():
    result, explorer = load_result("optimizer_map"), optimizer_explorer()
    text = explorer.update("Adam", 1600, 20, result["gains"][0])
    row = {run: result[run]["accuracy"][2] for run in ("sgd", "adam, long")}
    _, base, means, seeds = explorer.picture.figure.axes[1].lines
    assert list(base.get_ydata()) == pytest.approx([np.mean(cell) for cell in row["sgd"]])
    assert list(means.get_ydata()) == pytest.approx([np.mean(cell) for cell in row["adam, long"]])
    pairs = {*zip(*seeds.get_data(), strict=True)}
    cells = zip(result["gains"], row["adam, long"], strict=True)
    assert pairs == {(gain, score) for gain, scores in cells for score in scores}
    assert "The row's best mean is 90.5 %, at g = 1.41." in text


def test_a_row_is_computed_anew(mnist, monkeypatch):
    result = load_result("initialization_map")
    small = json.loads(json.dumps(result))
    small["rates"] = [0.1]
    monkeypatch.setattr(nb07_row, "load_result", lambda name: small)
    lab = map_row_lab(mnist)
    assert "Start computes" in lab.draw([])
    progress = []
    for found in lab.start("relu", 1):
        progress.append(found)
        lab.draw(progress)
        if len(found.accuracies) == 2:
            break
    done = [lab.done(found) for found in progress]
    assert done == sorted(done)
    assert 0 < done[0] < done[-1] <= 3 / 16
    assert "2 of 16 gains" in lab.draw(progress)
    at_rate = [run[0] for run in result["relu"]["accuracy"][0][:2]]
    assert progress[-1].accuracies == pytest.approx(at_rate, abs=4)


def test_a_frame_without_accuracy_is_the_start(lab):
    text = lab.draw([Frame(0, 2.3, None, [0.5, 0.4], "")])
    assert text == f"Epoch 0.0 of {EPOCHS}: loss 2.3."


def test_the_accuracy_said_is_the_mean_of_the_last_epoch(lab):
    frames = [Frame(0, 2.3, None, [0.5], "")]
    frames += [Frame(0.5 * k, 1.0, k / 10, [0.5], "") for k in range(1, 6)]
    assert "accuracy 45.0 %" in lab.draw(frames)
