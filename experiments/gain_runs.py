"""Train what the table of notebook 07's live lab asks for, five seeds each.

    uv run python -m experiments.gain_runs

A few minutes. The result is stored in mnist_edu/stored_results/gain_runs.json.
"""

import json
import math
from pathlib import Path

import numpy as np

import mnist_edu.stored_results
from mnist_edu.data import Mnist, load_mnist
from mnist_edu.labs.nb07_training import InitializationLab

OPENING = {"depth": 10, "gain": 1.41, "activation": "relu", "lr": 0.03, "scheme": "gain g"}
CHANGES = [
    *({"gain": gain} for gain in (0.58, 1.0, 1.41, 2.0)),
    *({"depth": depth, "gain": gain} for depth in (1, 30) for gain in (1.0, 1.41)),
    *({"lr": lr} for lr in (0.3, 0.003)),
    *({"depth": 30, "activation": "tanh", "gain": gain} for gain in (1.0, 1.3, 2.5)),
    {"activation": "sigmoid", "gain": 1.0},
    *({"scheme": scheme} for scheme in ("zeros", "xavier", "he")),
]
SEEDS = range(5)
PER_EPOCH = 20  # frames, one every five steps


def run(mnist: Mnist, settings: dict) -> dict:
    """Train as the lab does; return the loss at the start, and what each epoch has come to."""
    first, *frames = InitializationLab(mnist).start(**settings)
    epochs = [frames[k : k + PER_EPOCH] for k in range(0, len(frames), PER_EPOCH)]
    losses = [np.mean([frame.loss for frame in epoch]) for epoch in epochs]
    return {
        "start": first.loss,
        "loss": [round(loss, 4) if math.isfinite(loss) else None for loss in losses],
        "accuracy": round(100 * np.mean([frame.accuracy for frame in epochs[-1]]), 2),
    }


def main() -> None:
    mnist = load_mnist()
    result: dict = {"made_by": "experiments/gain_runs.py", "runs": []}
    for change in CHANGES:
        settings = OPENING | change
        runs = [run(mnist, settings | {"seed": seed}) for seed in SEEDS]
        result["runs"].append({"settings": settings, "seeds": runs})
        print(change, [(each["loss"][-1], each["accuracy"]) for each in runs], flush=True)
    path = Path(mnist_edu.stored_results.__file__).parent / "gain_runs.json"
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
