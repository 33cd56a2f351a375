"""Train one network for every depth and gain: the map of notebook 07.

    uv run --group benchmarks python -m experiments.initialization_map

About an hour of one core. With --dask ADDRESS the runs go to a Dask cluster ("local" starts one
here). The result is stored in mnist_edu/stored_results/initialization_map.json.
"""

import argparse
import contextlib
import json
import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import joblib
import numpy as np

import mnist_edu.stored_results
from mnist_edu.data import Mnist, load_mnist
from mnist_edu.metrics import accuracy
from mnist_edu.network import predict
from mnist_edu.topics.signal_propagation import train_with_gain
from tools.measuring import require

ACTIVATIONS = ["relu", "tanh"]
DEPTHS = [1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 50]
GAINS = [round(math.sqrt(2) * 1.1**k, 3) for k in range(-8, 8)]
RATES = [0.003, 0.01, 0.03, 0.1]
SEEDS = [0, 1, 2]


def run(
    mnist: Mnist,
    activation: str,
    depth: int,
    gain: float,
    lr: float,
    seed: int,
    optimizer: str = "sgd",
    epochs: int = 4,
) -> tuple[float, list]:
    """Train one network; return its validation accuracy (%) and its losses, None if not finite."""
    reports = list(
        train_with_gain(mnist.train, activation, depth, gain, lr, seed, optimizer, epochs)
    )
    with np.errstate(all="ignore"):
        digits = predict(reports[-1].params, mnist.validation.images[:1000], activation)
    losses = [round(r.loss, 3) if math.isfinite(r.loss) else None for r in reports]
    return 100 * accuracy(mnist.validation.labels[:1000], digits), losses


def best_rate(
    activation: str,
    depth: int,
    gain: float,
    rates: list[float],
    optimizer: str = "sgd",
    epochs: int = 4,
) -> dict:
    """Train at every rate with every seed, and keep the rate with the best mean accuracy."""
    mnist = load_mnist()
    runs = {
        lr: [run(mnist, activation, depth, gain, lr, seed, optimizer, epochs) for seed in SEEDS]
        for lr in rates
    }
    best = max(rates, key=lambda lr: np.mean([score for score, _ in runs[lr]]))
    scores, losses = zip(*runs[best], strict=True)
    return {"rate": best, "accuracy": [round(score, 1) for score in scores], "loss": losses}


@contextlib.contextmanager
def workers(dask: str | None) -> Iterator[None]:
    """Have joblib use every core of this machine, or a Dask cluster."""
    if dask is None:
        with joblib.parallel_config(n_jobs=-1):
            yield
        return
    require("distributed")
    from distributed import Client

    with Client(None if dask == "local" else dask) as client, joblib.parallel_config("dask"):
        print(client.dashboard_link)
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dask", metavar="ADDRESS", help='of a scheduler, or "local"')
    options = parser.parse_args()
    places = list(product(ACTIVATIONS, reversed(DEPTHS), GAINS))  # the longest runs first
    with workers(options.dask):
        cells = joblib.Parallel(verbose=5)(
            joblib.delayed(best_rate)(*place, RATES) for place in places
        )
    found = dict(zip(places, cells, strict=True))
    result = {
        "made_by": "experiments/initialization_map.py",
        "depths": DEPTHS,
        "gains": GAINS,
        "rates": RATES,
    }
    for activation in ACTIVATIONS:
        rows = [[found[activation, depth, gain] for gain in GAINS] for depth in DEPTHS]
        result[activation] = {
            name: [[cell[name] for cell in row] for row in rows]
            for name in ("rate", "accuracy", "loss")
        }
    path = Path(mnist_edu.stored_results.__file__).parent / "initialization_map.json"
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
