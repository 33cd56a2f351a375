"""From nothing to a tested network: how long does a whole process take?

Each process imports its library, reads MNIST, trains 784-128-10 for 5 epochs on all 60 000 training
images and evaluates it on the 10 000 test images; once with mnist_edu, once with PyTorch. The
recipe is the same: float32, minibatches of 128, momentum 0.9 in PyTorch's form, and a learning rate
that goes up to 0.3 and down again, both in straight lines. Each starts from its own usual weights
(He's; those of `nn.Linear`). Both read the files with `load_mnist`, so that what differs is the
import, the training and the evaluation; PyTorch gets all pixels as floats at once, which is faster
for it than minibatch by minibatch.

The processes take turns; the clock runs from the start of a process to its end. Times are medians
over the rounds, the ratio is the median of the ratios within each round. A first round, which
brings the files into the system's cache, is not counted.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tools.measuring import median_ratio, print_json, require, warn_if_busy

SIZES = [784, 128, 10]
BATCH_SIZE, EPOCHS = 128, 5
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB")}
THREADS = {"1": ONE_THREAD, "default": {}}


def one_cycle(done):
    """Return the learning rate after a fraction of the steps: 0 to 0.3 and back to 0."""
    return 0.3 * min(done / 0.3, (1 - done) / 0.7)


def mnist_edu():
    import numpy as np

    from mnist_edu.data import load_mnist
    from mnist_edu.metrics import accuracy
    from mnist_edu.network import init_params, predict
    from mnist_edu.training import train

    mnist = load_mnist()
    rng = np.random.default_rng(0)
    for report in train(
        init_params(SIZES, rng, dtype=np.float32),
        *mnist.train_full,
        rng=rng,
        lr=one_cycle,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        optimizer="momentum",
    ):
        params = report.params
    print(accuracy(mnist.test.labels, predict(params, mnist.test.images)))


def pytorch():
    import torch
    from torch import nn

    from mnist_edu.data import load_mnist

    def tensors(split):
        return (
            torch.tensor(split.images, dtype=torch.float32).div_(255),
            torch.tensor(split.labels, dtype=torch.int64),
        )

    mnist = load_mnist()
    X, y = tensors(mnist.train_full)
    torch.manual_seed(0)
    n_in, n_hidden, n_out = SIZES
    model = nn.Sequential(nn.Linear(n_in, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out))
    optimizer = torch.optim.SGD(model.parameters(), lr=0, momentum=0.9)
    steps = EPOCHS * -(-len(X) // BATCH_SIZE)
    batches = (rows for _ in range(EPOCHS) for rows in torch.randperm(len(X)).split(BATCH_SIZE))
    for step, rows in enumerate(batches):
        optimizer.param_groups[0]["lr"] = one_cycle(step / steps)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(X[rows]), y[rows]).backward()
        optimizer.step()
    X, y = tensors(mnist.test)
    with torch.inference_mode():
        print((model(X).argmax(dim=1) == y).float().mean().item())


CONTENDERS = [mnist_edu, pytorch]


def run(contender, environment):
    """Run a contender in a process of its own; return wall seconds, CPU seconds and accuracy."""
    start, before = time.perf_counter(), os.times()
    process = subprocess.run(
        [sys.executable, "-c", f"from benchmarks import cold_start; cold_start.{contender}()"],
        cwd=Path(__file__).parent.parent,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    wall, after = time.perf_counter() - start, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])  # user and system, of the child processes
    return wall, cpu, float(process.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="each takes about half a minute")
    rounds = parser.parse_args().rounds
    require("torch")
    warn_if_busy()

    names = [contender.__name__ for contender in CONTENDERS]
    runs = {(threads, name): [] for threads in THREADS for name in names}
    for number in range(rounds + 1):
        for threads, name in runs:
            result = run(name, THREADS[threads])
            if number > 0:
                runs[threads, name].append(result)

    print(f"{'threads':9}{'':12}{'wall s':>8}{'CPU s':>8}{'accuracy':>10}{'mnist_edu / it':>16}")
    figures = {}
    for (threads, name), results in runs.items():
        walls, cpus, accuracies = zip(*results, strict=True)
        ours = [wall for wall, *_ in runs[threads, "mnist_edu"]]
        ratio = median_ratio(ours, walls)
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        accuracy = statistics.median(accuracies)
        print(f"{threads:9}{name:12}{wall:8.2f}{cpu:8.2f}{accuracy:10.4f}{ratio:16.2f}")
        figures.setdefault(threads, {})[name] = {
            "wall_seconds": round(wall, 3),
            "cpu_seconds": round(cpu, 3),
            "accuracy": round(accuracy, 4),
            "ratio": round(ratio, 3),
        }
    print_json("cold_start", figures)


if __name__ == "__main__":
    main()
