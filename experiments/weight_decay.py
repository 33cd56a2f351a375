"""What does weight decay do to bias and variance? Every run behind notebook 10's curve.

    uv run python -m experiments.weight_decay

784-100-10 learns from 1 000 images, with momentum and decoupled decay: for each strength ten
networks, each with 1 000 images and a seed of its own. All read the validation images; the test set
takes no part. The squared distance of their probabilities from the one-hot label, a mean over
images and networks, is split in two: bias², that of the mean of the ten, and variance, their
scatter about it. Computed in float64.
"""

import json
import time
from pathlib import Path

import numpy as np

import mnist_edu.stored_results
from mnist_edu.activations import softmax
from mnist_edu.data import load_mnist, one_hot
from mnist_edu.metrics import accuracy
from mnist_edu.network import forward, init_params, predict
from mnist_edu.topics.weight_decay import with_decay
from mnist_edu.training import one_cycle, train

FILE = Path(mnist_edu.stored_results.__file__).parent / "weight_decay.json"
DECAYS = [0.0, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8]
NETWORKS, IMAGES = 10, 1000
RECIPE = {"lr": one_cycle(0.1), "batch_size": 50, "epochs": 60, "keep_params": False}


def run(decay: float, number: int) -> tuple[np.ndarray, float, float]:
    """Train the network of this number on images of its own.

    Returns its probabilities for the validation images, the fraction of its own images that it
    reads correctly, and the sum of its squared weights.
    """
    mnist, rng = load_mnist(), np.random.default_rng(number)
    own = slice(number * IMAGES, (number + 1) * IMAGES)
    images, labels = (array[own] for array in mnist.train)
    start, optimizer = init_params([784, 100, 10], rng), with_decay("momentum", decay)
    *_, last = train(start, images, labels, rng=rng, optimizer=optimizer, **RECIPE)
    parts = np.split(mnist.validation.images, 10)
    probs = [softmax(forward(last.params, part / 255)[0]) for part in parts]
    seen = accuracy(labels, predict(last.params, images))
    return np.concatenate(probs), seen, sum((W**2).sum() for W, _ in last.params)


def row(decay: float) -> dict:
    """Train all networks of one strength; put together what became of them."""
    y = load_mnist().validation.labels
    each, seen, squares = zip(*(run(decay, number) for number in range(NETWORKS)), strict=True)
    together, labels = np.mean(each, axis=0), one_hot(y)
    unseen = [100 * accuracy(y, probs.argmax(axis=1)) for probs in each]
    return {
        "decay": decay,
        "train": round(100 * float(np.mean(seen)), 2),
        "validation": [round(score, 2) for score in unseen],
        "validation_of_the_mean": round(100 * accuracy(y, together.argmax(axis=1)), 2),
        "bias2": round(float(((together - labels) ** 2).sum(axis=1).mean()), 5),
        "variance": round(float(((each - together) ** 2).sum(axis=2).mean()), 5),
        "squares": round(float(np.mean(squares)), 1),
    }


def main() -> None:
    began, rows = time.perf_counter(), []
    for decay in DECAYS:
        rows.append(row(decay))
        print(rows[-1])
    print(f"{(time.perf_counter() - began) / 60:.0f} minutes")
    head = {"made_by": "experiments/weight_decay.py", "images": IMAGES, "networks": NETWORKS}
    lines = ",\n".join(map(json.dumps, rows))
    FILE.write_text(f'{json.dumps(head)[:-1]}, "rows": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
