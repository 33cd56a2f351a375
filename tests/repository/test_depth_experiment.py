"""The stored runs of experiments/depth_experiment.py: complete, and made by that script."""

import importlib
import itertools
from pathlib import Path

import numpy as np
import pytest

from mnist_edu.stored_results import load_result

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def script(monkeypatch):
    return importlib.import_module("experiments.depth_experiment")


@pytest.fixture(scope="module")
def stored():
    return load_result("depth_experiment")


def test_it_says_what_made_it(stored):
    assert (ROOT / stored["made_by"]).is_file()


def test_every_run_is_there_once_and_whole(stored, script):
    keys = [(r["depth"], r["scheme"], r["lr"], r["seed"]) for r in stored["runs"]]
    schemes = ["normal", "xavier", "he"]
    expected = {*itertools.product([5, 10, 20, 30], schemes, [0.01, 0.03, 0.1], range(3))}
    expected |= {*itertools.product([1], ["xavier", "he"], [0.1], range(5))}
    assert set(keys) == expected
    assert len(keys) == len(expected) == 118
    assert keys == script.RUNS
    for run in stored["runs"]:
        assert set(run) == {"depth", "scheme", "lr", "seed", "losses", "accuracy"}
        assert len(run["losses"]) == stored["epochs"] == script.EPOCHS
        assert all(0 < loss < 3 for loss in run["losses"])
        assert 0.09 < run["accuracy"] < 0.96


def test_a_run_made_again_is_the_stored_one(stored, script):
    (run,) = (r for r in stored["runs"] if (r["depth"], r["scheme"], r["seed"]) == (1, "he", 3))
    again = script.run(1, "he", 0.1, 3)
    assert np.allclose(again.pop("losses"), run["losses"], rtol=0, atol=2e-4)
    assert abs(again.pop("accuracy") - run["accuracy"]) <= 0.0002
    assert again == {key: run[key] for key in again}
