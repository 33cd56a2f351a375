"""Twenty steps of each optimizer, beside those that PyTorch took in optimizers_in_torch.py.

The momentum form is v = beta * v + g, then W -= lr * v, with no dampening and not Nesterov's.
"""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from mnist_edu.network import backward, forward
from mnist_edu.training import OPTIMIZERS

STORED = json.loads((Path(__file__).parent / "optimizers_in_torch.json").read_text("utf-8"))
RATES = {"sgd": 0.1, "momentum": 0.1, "adam": 0.01}


@pytest.fixture
def script(monkeypatch):
    return importlib.import_module("experiments.optimizers_in_torch")


def flat(params):
    return np.concatenate([array.ravel() for layer in params for array in layer])


def test_the_stored_numbers_say_how_they_were_made(script):
    assert set(STORED) == {"made_by", "torch", *OPTIMIZERS}
    assert STORED["made_by"] == script.COMMAND
    assert "optimizers_in_torch" in STORED["made_by"]
    assert Path(__file__).parent / "optimizers_in_torch.json" == script.FILE


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_step_is_the_one_that_pytorch_takes(script, name):
    params, X, y, rows = script.setting()
    expected, state = np.array(STORED[name]), {}
    assert expected.shape == (20, 6 * 5 + 5 + 5 * 3 + 3) == (len(rows), len(flat(params)))
    for batch, after in zip(rows, expected, strict=True):
        _, cache = forward(params, X[batch])
        OPTIMIZERS[name](params, backward(params, cache, y[batch]), RATES[name], state)
        np.testing.assert_allclose(flat(params), after, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_stored_runs_go_somewhere(script, name):
    params, *_ = script.setting()
    assert np.abs(np.array(STORED[name])[-1] - flat(params)).max() > 0.1


def test_the_stored_runs_differ(script):
    assert np.abs(np.subtract(STORED["sgd"], STORED["momentum"])).max() > 0.1
