"""How far does a network without convolutions go? Every run of notebook 10's table.

    uv run --group benchmarks python -m experiments.accuracy            # all; stores the result
    uv run --group benchmarks python -m experiments.accuracy --choose   # on the validation images

Each network is trained on the 60 000 training images and tested once for each seed. All recipes
were chosen with --choose, which trains on 50 000 images, looks at the validation images and stores
nothing; names of networks after it limit it to those. The recipes of 784-800-10, without and with
decay, are second ones: the first, those of FIRST, had been tested before better ones were chosen.
Computed in float32: another machine gives other last digits.
"""

import argparse
import json
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

import mnist_edu.stored_results
from mnist_edu.data import load_mnist
from mnist_edu.metrics import accuracy
from mnist_edu.network import init_params, predict
from mnist_edu.topics.augmentation import affine_field, augmentation, elastic_field, shift_field
from mnist_edu.topics.weight_decay import with_decay
from mnist_edu.training import one_cycle, train
from tools.measuring import require

FILE = Path(mnist_edu.stored_results.__file__).parent / "accuracy.json"


class Recipe(NamedTuple):
    fields: tuple = ()
    decay: float = 0.0
    seeds: int = 3
    epochs: int = 40
    batch_size: int = 128
    peak: float = 0.1


ELASTIC = (affine_field, partial(elastic_field, alpha=18))
RUNS = {
    "784-30-10": Recipe(seeds=5, epochs=10, batch_size=64, peak=0.05),
    "784-100-10": Recipe(seeds=5, epochs=10, batch_size=64, peak=0.05),
    "784-800-10": Recipe(seeds=5, epochs=15, batch_size=64, peak=0.15),
    "784-800-10 + decay": Recipe(decay=1e-3, seeds=5, epochs=20, batch_size=64, peak=0.2),
    "784-800-10 + shift": Recipe((shift_field,)),
    "784-800-10 + affine": Recipe((affine_field,)),
    "784-800-10 + elastic": Recipe(ELASTIC),
    "784-100-10 + elastic": Recipe(ELASTIC),
    "784-30-10 + elastic": Recipe(ELASTIC),
}
FIRST = {  # with their mean test accuracies, in percent
    "784-800-10": (Recipe(), 98.36),
    "784-800-10 + decay": (Recipe(decay=1e-3), 98.40),
}


def run(name: str, seed: int, choose: bool) -> dict:
    """Train one network; return what became of it."""
    recipe, mnist, rng = RUNS[name], load_mnist(), np.random.default_rng(seed)
    sizes = [int(size) for size in name.partition(" ")[0].split("-")]
    *_, report = train(
        init_params(sizes, rng, dtype=np.float32),
        *(mnist.train if choose else mnist.train_full),
        rng=rng,
        lr=one_cycle(recipe.peak),
        batch_size=recipe.batch_size,
        epochs=recipe.epochs,
        report_every=1000,
        optimizer=with_decay("momentum", recipe.decay),
        augment=augmentation(*recipe.fields) if recipe.fields else None,
    )
    images, labels = mnist.validation if choose else mnist.test
    digits, seen = predict(report.params, images), mnist.train.images[:10_000]
    return {
        "accuracy": round(100 * accuracy(labels, digits), 2),
        "train": round(
            100 * accuracy(mnist.train.labels[:10_000], predict(report.params, seen)), 2
        ),
        "wrong": np.flatnonzero(digits != labels).tolist(),
    }


def summary(recipe: Recipe, runs: list[dict]) -> dict:
    """Put the runs of one recipe, a seed each, together; accuracies are in percent."""
    scores = [run["accuracy"] for run in runs]
    return {
        "mean": round(float(np.mean(scores)), 3),
        "sd": round(float(np.std(scores, ddof=1)), 3),
        "seeds": scores,
        "train": round(float(np.mean([run["train"] for run in runs])), 2),
        "epochs": recipe.epochs,
        "wrong": [run["wrong"] for run in runs],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--choose", action="store_true", help="on validation images; store nothing")
    parser.add_argument(
        "--jobs", type=int, default=-1, help="processes at a time; default: a core each"
    )
    parser.add_argument("names", nargs="*", default=list(RUNS), help="only these (with --choose)")
    options = parser.parse_args()
    if not options.choose and options.names != list(RUNS):
        parser.error("the test set is for all runs together; for some, add --choose")
    require("joblib")
    from joblib import Parallel, delayed

    began = time.perf_counter()
    tasks = [(name, seed) for name in options.names for seed in range(RUNS[name].seeds)]
    tasks.sort(key=lambda task: RUNS[task[0]].fields == ())  # the longest first
    runs = Parallel(options.jobs, verbose=5)(delayed(run)(*task, options.choose) for task in tasks)
    result = {
        name: summary(
            RUNS[name], [run for task, run in zip(tasks, runs, strict=True) if task[0] == name]
        )
        for name in options.names
    }
    print("network                      mean      sd     train")
    for name, row in result.items():
        figures = "".join(f"{row[key]:9.2f}" for key in ("mean", "sd", "train"))
        print(f"{name:24s}{figures}")
    print(f"{(time.perf_counter() - began) / 60:.0f} minutes")
    if not options.choose:
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in result.items())
        FILE.write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__":
    main()
