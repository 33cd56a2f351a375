"""Train ReLU networks by Adam as well, and four times as long: where does the gain still matter?

    uv run --group benchmarks python -m experiments.optimizer_map

About an hour and a half of one core. Every second gain of the map of notebook 07 and five of its
depths: 400 steps by Adam, and 1 600 by either optimizer, at the best of four rates. Where 400 steps
had most digits right, the 1 600 are made at their best rate only. The result is stored in
mnist_edu/stored_results/optimizer_map.json.
"""

import json
from itertools import product
from pathlib import Path

import joblib
import numpy as np

import mnist_edu.stored_results
from experiments.initialization_map import GAINS, RATES, best_rate
from mnist_edu.stored_results import load_result

DEPTHS = [5, 10, 20, 30, 50]
ADAM_RATES = [0.0001, 0.0003, 0.001, 0.003]
LONG = 16  # epochs


def cell(depth: int, gain: float, sgd: dict) -> dict[str, dict]:
    """Train Adam's short runs, then the long ones of both optimizers."""
    adam = best_rate("relu", depth, gain, ADAM_RATES, "adam")
    return {
        "sgd": sgd,
        "adam": adam,
        "sgd, long": best_rate("relu", depth, gain, worth_trying(sgd, RATES), "sgd", LONG),
        "adam, long": best_rate("relu", depth, gain, worth_trying(adam, ADAM_RATES), "adam", LONG),
    }


def worth_trying(short: dict, rates: list[float]) -> list[float]:
    """Return the best rate of some short runs, or all if even it had most digits wrong."""
    return [short["rate"]] if np.mean(short["accuracy"]) >= 50 else rates


def main() -> None:
    gains = GAINS[::2]
    stored = load_result("initialization_map")

    def from_map(depth: int, gain: float) -> dict:
        row, column = stored["depths"].index(depth), stored["gains"].index(gain)
        return {name: stored["relu"][name][row][column] for name in ("rate", "accuracy", "loss")}

    places = list(product(reversed(DEPTHS), gains))  # the longest runs first
    cells = joblib.Parallel(n_jobs=-1, verbose=5)(
        joblib.delayed(cell)(*place, from_map(*place)) for place in places
    )
    found = dict(zip(places, cells, strict=True))
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
