"""The stored runs of experiments/plateaus.py: complete, and made by that script."""

from pathlib import Path

import numpy as np
import pytest

from experiments import plateaus
from mnist_edu.stored_results import load_result

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def stored():
    return load_result("plateaus")


def test_it_says_what_made_it(stored):
    assert (ROOT / stored["made_by"]).is_file()


def test_every_run_is_there_once_and_whole(stored):
    names = ("depth", "scheme", "optimizer", "lr")
    made = [
        (*(run[name] for name in names), len(run["losses"]), run["seed"]) for run in stored["runs"]
    ]
    assert made == plateaus.RUNS
    assert len(set(made)) == len(made)


def test_a_run_made_again_is_the_stored_one(stored):
    settings = (10, "torch", "adam", 0.001, 5, 0)
    (run,) = (
        run for run, made in zip(stored["runs"], plateaus.RUNS, strict=True) if made == settings
    )
    again = plateaus.run(*settings)
    assert np.allclose(again.pop("losses"), run["losses"], rtol=0, atol=2e-3)
    assert abs(again.pop("accuracy") - run["accuracy"]) < 0.005
    assert again == {key: run[key] for key in again}
