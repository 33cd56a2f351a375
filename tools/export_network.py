"""Write a network, minibatches, and what NumPy makes of them, for another program to compare.

    uv run python tools/export_network.py relu 20 network.json

The network has layers of 32 units and gain 1.41, and sees digits of 14 x 14 pixels. The file holds
its weights, 100 minibatches of 32 digits (bytes, in base64) with their labels, all z, ∂L/∂z and
gradients on the first of them, and the weights after a step of gradient descent on each.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np

from docs.playground.build import smaller
from mnist_edu.activations import ACTIVATIONS
from mnist_edu.data import load_mnist
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward
from mnist_edu.topics.signal_propagation import gain_params, signals
from mnist_edu.training import sgd

WIDTH, BATCH, STEPS = 32, 32, 100


def main() -> None:
    """Read the command line, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("activation", choices=ACTIVATIONS)
    parser.add_argument("depth", type=int, help="hidden layers")
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    asked.file.write_text(json.dumps(exported(asked.activation, asked.depth)), "utf-8")


def exported(activation: str, depth: int, gain: float = 1.41, lr: float = 0.01) -> dict:
    """Return what the file holds, in lists; matrices row after row.

    Parameters
    ----------
    activation : str
        A name in `ACTIVATIONS`.
    depth : int
        Hidden layers.
    gain, lr : float
    """
    rng = np.random.default_rng(0)
    images, labels = load_mnist().train
    rows = rng.permutation(len(images))[: STEPS * BATCH].reshape(STEPS, BATCH)
    batches = [smaller(images[some]) for some in rows]
    params = gain_params([196, *[WIDTH] * depth, 10], rng, gain)
    X, y = batches[0] / 255, labels[rows[0]]
    logits, cache = forward(params, X, activation)
    found = {
        "lr": lr,
        "sizes": [196, *[WIDTH] * depth, 10],
        "params": _lists(params),
        "batches": [{"pixels": base64.b64encode(some.tobytes()).decode()} for some in batches],
        "z": [z.ravel().tolist() for z in cache.z],
        "loss": cross_entropy(logits, y),
        "dz": [dz.ravel().tolist() for dz in signals(params, X, y, ACTIVATIONS[activation]).dz],
        "grads": _lists(backward(params, cache, y)),
    }
    for batch, pixels, some in zip(found["batches"], batches, rows, strict=True):
        batch["labels"] = labels[some].tolist()
        _, cache = forward(params, pixels / 255, activation)
        sgd(params, backward(params, cache, labels[some]), lr)
    return found | {"trained": _lists(params)}


def _lists(params: list[Layer]) -> list[dict]:
    return [{"W": W.ravel().tolist(), "b": b.tolist()} for W, b in params]


if __name__ == "__main__":
    main()
