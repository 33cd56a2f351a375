"""Train ReLU networks by Adam as well, and four times as long: where does the gain still matter?

    uv run --group benchmarks python -m experiments.optimizer_map

Some forty minutes of one core. Every second gain of the map of notebook 07 and five of its depths:
400 steps by Adam at its best of four rates, and 1 600 steps by either optimizer at the best rate of
400. The result is stored in mnist_edu/stored_results/optimizer_map.json.
"""

import json
from itertools import product
from pathlib import Path

import joblib
import numpy as np

import mnist_edu.stored_results
from experiments.initialization_map import GAINS, SEEDS, run
from mnist_edu.data import load_mnist
from mnist_edu.stored_results import load_result

DEPTHS = [5, 10, 20, 30, 50]
ADAM_RATES = [0.0001, 0.0003, 0.001, 0.003]
LONG = 16  # epochs


def cell(depth: int, gain: float, sgd_rate: float) -> dict[str, dict]:
    """Train Adam's short runs, then the long ones of both optimizers."""
    mnist = load_mnist()

    def runs(lr: float, optimizer: str, epochs: int) -> list[tuple[float, list]]:
        return [run(mnist, "relu", depth, gain, lr, seed, optimizer, epochs) for seed in SEEDS]

    short = {lr: runs(lr, "adam", 4) for lr in ADAM_RATES}
    best = max(ADAM_RATES, key=lambda lr: np.mean([score for score, _ in short[lr]]))
    return {
        "adam": summary(best, short[best]),
        "sgd, long": summary(sgd_rate, runs(sgd_rate, "sgd", LONG)),
        "adam, long": summary(best, runs(best, "adam", LONG)),
    }


def summary(rate: float, runs: list[tuple[float, list]]) -> dict:
    """Return the rate of some runs, their accuracies and their losses."""
    scores, losses = zip(*runs, strict=True)
    return {"rate": rate, "accuracy": [round(score, 1) for score in scores], "loss": losses}


def main() -> None:
    gains = GAINS[::2]
    stored = load_result("initialization_map")

    def from_map(name: str, depth: int, gain: float) -> list | float:
        row, column = stored["depths"].index(depth), stored["gains"].index(gain)
        return stored["relu"][name][row][column]

    places = list(product(reversed(DEPTHS), gains))  # the longest runs first
    cells = joblib.Parallel(n_jobs=-1, verbose=5)(
        joblib.delayed(cell)(*place, from_map("rate", *place)) for place in places
    )
    found = dict(zip(places, cells, strict=True))
    for place, names in found.items():
        names["sgd"] = {name: from_map(name, *place) for name in ("rate", "accuracy", "loss")}
    result: dict = {"made_by": "experiments/optimizer_map.py", "depths": DEPTHS, "gains": gains}
    for runs in ("sgd", "adam", "sgd, long", "adam, long"):
        result[runs] = {
            name: [[found[depth, gain][runs][name] for gain in gains] for depth in DEPTHS]
            for name in ("rate", "accuracy", "loss")
        }
    path = Path(mnist_edu.stored_results.__file__).parent / "optimizer_map.json"
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
