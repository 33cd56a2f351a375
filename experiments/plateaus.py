"""How long does a network stay at the loss of guessing? Depth, weights, optimizer and patience.

    uv run python -m experiments.plateaus

Some ten minutes of one core. The ReLU networks 784-100-...-100-10 of `depth_experiment`, on the
same images, train until most have left the plateau: three seeds each, by plain gradient descent or
by Adam, whose ε is 1e-8 as usual or, in some runs, 1e-40. "torch" draws the weights as PyTorch's
Linear does, with biases of 0. All is computed in float64; of the networks with 30 hidden layers a
repetition elsewhere gives other digits.

The result is stored in mnist_edu/stored_results/plateaus.json.
"""

import json
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

import mnist_edu.stored_results
from experiments.depth_experiment import BATCH_SIZE, NUM_IMAGES, WIDTH
from mnist_edu.data import load_mnist
from mnist_edu.metrics import accuracy
from mnist_edu.network import Layer, init_params, predict
from mnist_edu.training import adam, train

SEEDS = [0, 1, 2]
RUNS = [  # hidden layers, weights, optimizer, rate, epochs, seed
    *product([2, 3, 5], ["normal"], ["sgd"], [0.1, 0.5], [100], SEEDS),
    *product([5, 10, 30], ["normal"], ["adam"], [0.001], [15], SEEDS),
    *product([10, 30], ["normal"], ["adam, tiny ε"], [0.0003], [15], SEEDS),
    *product([10], ["torch"], ["sgd"], [0.03, 0.1, 0.3], [20], SEEDS),
    *product([10], ["torch"], ["adam"], [0.001], [5], SEEDS),
    *product([30], ["xavier", "he"], ["adam"], [0.0003, 0.001], [15], SEEDS),
    *product([30], ["xavier"], ["sgd"], [0.03], [60], SEEDS),
]


def start(depth: int, scheme: str, rng: np.random.Generator) -> list[Layer]:
    """Draw the weights of a network."""
    sizes = [784, *[WIDTH] * depth, 10]
    if scheme != "torch":
        return init_params(sizes, rng, scheme)
    zeros = init_params(sizes, rng, "zeros")
    return [Layer(rng.uniform(-1, 1, W.shape) / np.sqrt(len(W)), b) for W, b in zeros]


def run(depth: int, scheme: str, optimizer: str, lr: float, epochs: int, seed: int) -> dict:
    """Train once; return what was run, the loss of each epoch and the last validation accuracy."""
    mnist = load_mnist()
    rng = np.random.default_rng(seed)
    reports = list(
        train(
            start(depth, scheme, rng),
            *mnist.train.first(NUM_IMAGES, dtype=np.float64),
            rng=rng,
            lr=lr,
            batch_size=BATCH_SIZE,
            epochs=epochs,
            report_every=-(-NUM_IMAGES // BATCH_SIZE),
            optimizer=partial(adam, eps=1e-40) if optimizer == "adam, tiny ε" else optimizer,
            keep_params=False,
        )
    )
    answers = predict(reports[-1].params, mnist.validation.images)
    return {
        "depth": depth,
        "scheme": scheme,
        "optimizer": optimizer,
        "lr": lr,
        "seed": seed,
        "losses": [round(report.loss, 4) for report in reports],
        "accuracy": round(accuracy(mnist.validation.labels, answers), 4),
    }


def main() -> None:
    runs = []
    for settings in RUNS:
        runs.append(run(*settings))
        print(*settings, runs[-1]["losses"][-1], runs[-1]["accuracy"], flush=True)
    head = json.dumps({"made_by": "experiments/plateaus.py"})
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in runs)
    path = Path(mnist_edu.stored_results.__file__).parent / "plateaus.json"
    path.write_text(f'{head[:-1]}, "runs": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
