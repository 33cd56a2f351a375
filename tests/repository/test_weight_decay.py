"""The stored runs of experiments/weight_decay.py: complete, consistent, and made by that script."""

from pathlib import Path

import numpy as np
import pytest

from experiments import weight_decay as script
from mnist_edu.data import one_hot
from mnist_edu.stored_results import load_result

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def stored():
    return load_result("weight_decay")


def test_every_strength_ran_with_all_networks(stored):
    assert (ROOT / stored["made_by"]).is_file()
    assert (stored["images"], stored["networks"]) == (script.IMAGES, script.NETWORKS)
    assert [row["decay"] for row in stored["rows"]] == script.DECAYS
    assert all(len(row["validation"]) == script.NETWORKS for row in stored["rows"])


def test_a_run_made_again_is_the_stored_one(stored, mnist):
    probs, seen, squares = script.run(script.DECAYS[0], 0)
    row = stored["rows"][0]
    right = probs.argmax(axis=1) == mnist.validation.labels
    assert 100 * right.mean() == pytest.approx(row["validation"][0], abs=0.02)
    assert seen == 1
    assert squares == pytest.approx(row["squares"], rel=0.05)


def test_bias_and_variance_add_up_to_the_squared_error(monkeypatch, mnist):
    rng = np.random.default_rng(0)
    found = [rng.dirichlet(np.ones(10), size=10_000) for _ in range(script.NETWORKS)]
    monkeypatch.setattr(script, "run", lambda decay, number: (found[number], 1.0, 5.0))
    row = script.row(0.1)
    labels = one_hot(mnist.validation.labels)
    error = np.mean([((probs - labels) ** 2).sum(axis=1).mean() for probs in found])
    assert row["bias2"] + row["variance"] == pytest.approx(error, abs=2e-5)
    scatter = np.var(found, axis=0).sum(axis=1).mean()
    assert row["variance"] == pytest.approx(scatter, abs=1e-5)
