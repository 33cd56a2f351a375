"""How many images a second does `mnist_edu.training.train` learn from, and what limits it?

Beside it run PyTorch (eager), scikit-learn's MLPClassifier, JAX (a compiled step) and a loop of
nothing but the matrix products that training needs. All train with plain SGD, in float32, on the
same 20 480 MNIST images: one epoch, one slice of the clock. `train` is measured as the public
function it is, with its checks, its reports every 100 steps and their copies of the weights.

Each contender lives in processes of its own, one held to one thread (and to one CPU, where the
system can do that) and one with the default number of threads; nothing else is set for anyone.
They are asked in turn, with a pause in which the threads of the last one fall asleep. The first
round is not counted: in it JAX compiles. Speeds are medians over the rounds; ratios are medians of
the ratios within each round.
"""

import argparse
import functools
import itertools
import multiprocessing
import os
import statistics
import time
import warnings

from tools.measuring import median_ratio, print_json, require, warn_if_busy

NETWORKS = {"784-128-10": [784, 128, 10], "784-100x8-10": [784, *[100] * 8, 10]}
BATCH_SIZES = [32, 64, 256]
THREADS = ["1", "default"]
NUM_IMAGES = 20_480  # a whole number of minibatches of every size
LR = 0.05
PAUSE = 0.15  # seconds; OpenBLAS threads go on spinning for 0.1 after their last product


def load():
    from mnist_edu.data import load_mnist

    return load_mnist().train.first(NUM_IMAGES)


def mnist_edu(X=None, y=None):
    import numpy as np

    from mnist_edu.network import init_params
    from mnist_edu.training import train

    if X is None:
        X, y = load()

    def epoch(sizes, batch_size):
        params = init_params(sizes, np.random.default_rng(0), dtype=np.float32)
        start = time.perf_counter()
        for _ in train(
            params, X, y, rng=np.random.default_rng(1), lr=LR, batch_size=batch_size, epochs=1
        ):
            pass
        return time.perf_counter() - start

    return epoch


def mnist_edu_uint8():
    from mnist_edu.data import load_mnist

    images, labels = load_mnist().train
    return mnist_edu(images[:NUM_IMAGES], labels[:NUM_IMAGES])


def pytorch():
    import torch
    from torch import nn

    X, y = map(torch.from_numpy, load())

    def epoch(sizes, batch_size):
        torch.manual_seed(0)
        layers = []
        for n_in, n_out in itertools.pairwise(sizes):
            layers += [nn.Linear(n_in, n_out), nn.ReLU()]
        model = nn.Sequential(*layers[:-1])
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        start = time.perf_counter()
        for rows in torch.randperm(len(X)).split(batch_size):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X[rows]), y[rows])
            loss.backward()
            optimizer.step()
        return time.perf_counter() - start

    return epoch


def scikit_learn():
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    X, y = load()

    def epoch(sizes, batch_size):
        model = MLPClassifier(
            sizes[1:-1],
            solver="sgd",
            momentum=0,
            alpha=0,
            learning_rate_init=LR,
            batch_size=batch_size,
            max_iter=1,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is all we want
            start = time.perf_counter()
            model.fit(X, y)
            return time.perf_counter() - start

    return epoch


def jax():
    import jax
    import jax.numpy as jnp
    import numpy as np

    from mnist_edu.network import init_params

    X, y = jax.device_put(load())

    def loss(params, X, y):
        *hidden, (W_last, b_last) = params
        a = X
        for W, b in hidden:
            a = jax.nn.relu(a @ W + b)
        log_probs = jax.nn.log_softmax(a @ W_last + b_last)
        return -jnp.take_along_axis(log_probs, y[:, None], axis=1).mean()

    @functools.partial(jax.jit, donate_argnums=0)
    def step(params, rows):
        value, grads = jax.value_and_grad(loss)(params, X[rows], y[rows])
        return jax.tree.map(lambda p, g: p - LR * g, params, grads), value

    def epoch(sizes, batch_size):
        params = jax.device_put(init_params(sizes, np.random.default_rng(0), dtype=np.float32))
        start = time.perf_counter()
        order = np.random.default_rng(1).permutation(len(X))
        for rows in order.reshape(-1, batch_size):
            params, _ = step(params, rows)
        jax.block_until_ready(params)
        return time.perf_counter() - start

    return epoch


def products():
    import numpy as np

    from mnist_edu.network import init_params

    def epoch(sizes, batch_size):
        rng = np.random.default_rng(0)
        weights = [W for W, b in init_params(sizes, rng, dtype=np.float32)]
        a = [rng.random((batch_size, n), dtype=np.float32) for n in sizes[:-1]]
        dz = [rng.random((batch_size, n), dtype=np.float32) for n in sizes[1:]]
        start = time.perf_counter()
        for _ in range(NUM_IMAGES // batch_size):
            for l, W in enumerate(weights):
                a[l] @ W
                a[l].T @ dz[l]
                if l > 0:
                    dz[l] @ W.T
        return time.perf_counter() - start

    return epoch


CONTENDERS = [mnist_edu, mnist_edu_uint8, pytorch, scikit_learn, jax, products]


def work(contender, threads, pipe):
    """Be one contender: set the threads, load its library, then run an epoch whenever asked."""
    if threads == "1":
        for library in ("OMP", "OPENBLAS", "MKL", "VECLIB"):
            os.environ[f"{library}_NUM_THREADS"] = "1"
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    epoch = contender()
    for request in iter(pipe.recv, None):
        pipe.send(epoch(*request))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="each takes about 50 seconds")
    rounds = parser.parse_args().rounds
    require("torch", "jax", "sklearn")
    warn_if_busy()

    context = multiprocessing.get_context("spawn")
    pipes = {}
    for threads in THREADS:
        for contender in CONTENDERS:
            ours, theirs = context.Pipe()
            pipes[threads, contender.__name__] = ours
            context.Process(target=work, args=(contender, threads, theirs), daemon=True).start()
            theirs.close()

    cases = [(n, b, t) for n in NETWORKS for b in BATCH_SIZES for t in THREADS]
    names = [contender.__name__ for contender in CONTENDERS]
    seconds = {case: {name: [] for name in names} for case in cases}
    for number in range(rounds + 1):
        for network, batch_size, threads in cases:
            for name in names:
                pipes[threads, name].send((NETWORKS[network], batch_size))
                taken = pipes[threads, name].recv()
                if number > 0:
                    seconds[network, batch_size, threads][name].append(taken)
                time.sleep(PAUSE)
    for pipe in pipes.values():
        pipe.send(None)

    print("Images a second; in brackets, how many times as fast mnist_edu is\n")
    print(f"{'network':14}{'batch':>5}{'threads':>9}" + "".join(f"{name:>18}" for name in names))
    figures = {}
    for (network, batch_size, threads), taken in seconds.items():
        speed = {name: NUM_IMAGES / statistics.median(taken[name]) for name in names}
        ratio = {name: median_ratio(taken[name], taken["mnist_edu"]) for name in names}
        cells = "".join(f"{speed[name]:>11,.0f} ({ratio[name]:.2f})" for name in names)
        print(f"{network:14}{batch_size:>5}{threads:>9}{cells}")
        figures.setdefault(network, {}).setdefault(str(batch_size), {})[threads] = {
            **{name: round(speed[name]) for name in names},
            **{f"ratio_to_{name}": round(ratio[name], 3) for name in names[1:]},
        }
    print_json("throughput", figures)


if __name__ == "__main__":
    main()
