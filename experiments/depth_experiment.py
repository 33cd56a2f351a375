"""Does a deep network learn at all? The experiment of He et al. (2015, figure 3) in miniature.

Fully connected ReLU networks 784-100-...-100-10 with 5, 10, 20 and 30 hidden layers start from
three schemes ("normal" is N(0, 0.01²)) and train with plain SGD at three learning rates, three
seeds each: 108 runs. Ten more ask whether He and Xavier differ with one hidden layer. One seed
means the same random numbers, scaled by each scheme, and the same order of images. Other rates,
tried once or twice, were worse: 0.3 and 1 for Xavier with 20 and 30 hidden layers, 0.003 for He
with 30.

All is computed in float64, and a run repeated elsewhere gives the stored numbers, but for the
deepest networks that learn: there a difference of 1e-15 in the weights, such as another BLAS makes,
changes the loss of the fifth epoch by a tenth or more. What is stored of them is one draw of many.

Writes mnist_edu/stored_results/depth_experiment.json and prints, for each depth and scheme, the
rate with the smallest mean training loss in the last epoch.
"""

import argparse
import itertools
import json
import math
from pathlib import Path

import numpy as np

from mnist_edu.data import load_mnist
from mnist_edu.metrics import accuracy
from mnist_edu.network import init_params, predict
from mnist_edu.training import train
from tools.measuring import require

FILE = Path(__file__).parent.parent / "mnist_edu" / "stored_results" / "depth_experiment.json"
NUM_IMAGES, WIDTH, EPOCHS, BATCH_SIZE = 4000, 100, 15, 64
SCHEMES, RATES = ["normal", "xavier", "he"], [0.01, 0.03, 0.1]
RUNS = [
    *itertools.product([1], ["xavier", "he"], [0.1], range(5)),
    *itertools.product([5, 10, 20, 30], SCHEMES, RATES, range(3)),
]


def run(depth, scheme, lr, seed):
    """Train once; return the training loss of each epoch and the final validation accuracy."""
    mnist = load_mnist()
    rng = np.random.default_rng(seed)
    losses = []
    for report in train(
        init_params([784, *[WIDTH] * depth, 10], rng, scheme),
        *mnist.train.first(NUM_IMAGES, dtype=np.float64),
        rng=rng,
        lr=lr,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        report_every=math.ceil(NUM_IMAGES / BATCH_SIZE),
    ):
        # JSON has no NaN: a loss that is not finite, which ends the run, is stored as null
        losses.append(round(report.loss, 4) if math.isfinite(report.loss) else None)
    right = accuracy(mnist.validation.labels, predict(report.params, mnist.validation.images))
    return {
        "depth": depth,
        "scheme": scheme,
        "lr": lr,
        "seed": seed,
        "losses": losses,
        "accuracy": round(right, 4),
    }


def last_loss(runs):
    """Return the mean over runs of the last epoch's loss; infinite if one of them diverged."""
    return sum(math.inf if r["losses"][-1] is None else r["losses"][-1] for r in runs) / len(runs)


def print_best(runs):
    print("depth  scheme   rate    loss   validation accuracy: mean, lowest, highest")
    for (depth, scheme), group in itertools.groupby(runs, lambda r: (r["depth"], r["scheme"])):
        rates = [list(same) for _, same in itertools.groupby(group, lambda r: r["lr"])]
        best = min(rates, key=last_loss)
        scores = [r["accuracy"] for r in best]
        print(
            f"{depth:5d}  {scheme:7s}  {best[0]['lr']:.2f}  {last_loss(best):.4f}"
            f"   {np.mean(scores):.2%}  {min(scores):.2%}  {max(scores):.2%}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    require("joblib")
    from joblib import Parallel, delayed

    runs = Parallel(n_jobs=parser.parse_args().jobs, verbose=5)(delayed(run)(*r) for r in RUNS)
    head = {
        "made_by": "experiments/depth_experiment.py",
        "images": NUM_IMAGES,
        "width": WIDTH,
        "epochs": EPOCHS,
        "batch_size": BATCH_SIZE,
    }
    lines = ",\n".join(json.dumps(r) for r in runs)
    FILE.write_text(f'{json.dumps(head)[:-1]}, "runs": [\n{lines}\n]}}\n', "utf-8")
    print_best(runs)


if __name__ == "__main__":
    main()
