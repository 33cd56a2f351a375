"""Train five recipes with ten seeds each: what notebook 08 says of seeds and of images.

    uv run python -m experiments.recipes

About a minute of one core. Networks of 784-64-10 learn from 5 000 images for three epochs and read
the 10 000 validation images. The result, which images each network reads wrongly, is stored in
mnist_edu/stored_results/recipes.json. Computed in float64: another machine gives the same.
"""

import json
from pathlib import Path

import numpy as np

import mnist_edu.stored_results
from mnist_edu.data import load_mnist
from mnist_edu.network import init_params, predict
from mnist_edu.training import one_cycle, train

SEEDS = 10
RECIPES = {
    "plain, rate 0.3": {"optimizer": "sgd", "lr": 0.3},
    "momentum, rate 0.1": {"optimizer": "momentum", "lr": 0.1},
    "momentum, rate 0.2": {"optimizer": "momentum", "lr": 0.2},
    "momentum, one cycle to 0.2": {"optimizer": "momentum", "lr": one_cycle(0.2)},
    "Adam, one cycle to 0.01": {"optimizer": "adam", "lr": one_cycle(0.01)},
}


def wrong_images(name: str, seed: int) -> list[int]:
    """Train one network; return which validation images it reads wrongly."""
    mnist, rng = load_mnist(), np.random.default_rng(seed)
    params = init_params([784, 64, 10], rng)
    options = {"batch_size": 100, "epochs": 3, "report_every": 10**6, **RECIPES[name]}
    images, labels = mnist.train.images[:5000], mnist.train.labels[:5000]
    *_, last = train(params, images, labels, rng=rng, **options)
    images, labels = mnist.validation
    return np.flatnonzero(predict(last.params, images) != labels).tolist()


def main() -> None:
    result = {name: [wrong_images(name, seed) for seed in range(SEEDS)] for name in RECIPES}
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(runs, separators=(',', ':'))}"
        for name, runs in result.items()
    )
    path = Path(mnist_edu.stored_results.__file__).parent / "recipes.json"
    path.write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__":
    main()
