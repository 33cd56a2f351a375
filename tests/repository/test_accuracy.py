"""The stored runs of experiments/accuracy.py: complete, consistent, and made by that script."""

import importlib
import statistics

import numpy as np
import pytest

from mnist_edu.network import init_params, predict
from mnist_edu.stored_results import load_result
from mnist_edu.training import Report


@pytest.fixture(scope="module")
def script():
    return importlib.import_module("experiments.accuracy")


@pytest.fixture(scope="module")
def stored():
    return load_result("accuracy")


def test_every_recipe_ran_with_its_seeds(stored, script):
    assert list(stored) == list(script.RUNS)
    for name, run in stored.items():
        assert len(run["seeds"]) == len(run["wrong"]) == script.RUNS[name].seeds >= 3
        assert run["epochs"] == script.RUNS[name].epochs


def test_means_deviations_and_mistakes_agree(stored):
    for run in stored.values():
        assert run["mean"] == pytest.approx(statistics.mean(run["seeds"]), abs=6e-4)
        assert run["sd"] == pytest.approx(statistics.stdev(run["seeds"]), abs=6e-4)
        for score, wrong in zip(run["seeds"], run["wrong"], strict=True):
            assert len(set(wrong)) == len(wrong) == round(100 * (100 - score))
            assert 0 <= min(wrong) <= max(wrong) < 10_000


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        ("784-30-10", 96.5),
        ("784-100-10", 98.0),
        ("784-800-10", 98.5),
        ("784-800-10 + elastic", 99.3),
    ],
)
def test_the_goals_are_reached(stored, name, goal):
    assert stored[name]["mean"] >= goal


def test_a_run_made_again_is_near_the_stored_one(stored, script):
    again = script.run("784-30-10", 0, choose=False)
    assert again["accuracy"] == pytest.approx(stored["784-30-10"]["seeds"][0], abs=0.3)
    assert len(set(again["wrong"]) & set(stored["784-30-10"]["wrong"][0])) > 0.7 * len(
        again["wrong"]
    )


def test_choosing_trains_and_looks_at_other_images(script, mnist, monkeypatch):
    start = init_params([784, 30, 10], np.random.default_rng(0), dtype=np.float32)
    trained_on = []

    def untrained(params, X, y, **options):
        trained_on.append(len(X))
        yield Report(0, 0.0, 2.3, None, params, "")

    monkeypatch.setattr(script, "train", untrained)
    for choose, (X, y) in ((True, mnist.validation), (False, mnist.test)):
        found = script.run("784-30-10", 0, choose)
        assert found["wrong"] == [n for n, digit in enumerate(predict(start, X)) if digit != y[n]]
    assert trained_on == [50_000, 60_000]
