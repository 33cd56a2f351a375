"""What do PyTorch's optimizers do in 20 steps? For a test to compare ours with.

A small ReLU network with biases, 6-5-3, learns by cross-entropy from minibatches of 8 of 40 random
examples, all in float64, with

- `torch.optim.SGD(lr=0.1)`,
- `torch.optim.SGD(lr=0.1, momentum=0.9, dampening=0, nesterov=False)`: v = 0.9 v + g, W -= lr v,
- `torch.optim.Adam(lr=0.01, betas=(0.9, 0.999), eps=1e-8)`.

Start, examples and minibatches come from `setting` below, seeded, and only the weights after each
step are stored: all of them, 53 numbers, in full. PyTorch makes its own gradients.

Writes tests/core/optimizers_in_torch.json.
"""

import json
from pathlib import Path

import numpy as np

from mnist_edu.network import Layer, init_params

FILE = Path(__file__).parent.parent / "tests" / "core" / "optimizers_in_torch.json"
STEPS, COMMAND = 20, "uv run --group benchmarks python -m experiments.optimizers_in_torch"


def setting() -> tuple[list[Layer], np.ndarray, np.ndarray, np.ndarray]:
    """Return the start, X, y, and the rows of X in the minibatch of each step."""
    rng = np.random.default_rng(8)
    params = init_params([6, 5, 3], rng)
    for layer in params:
        layer.b[:] = 0.1 * rng.standard_normal(len(layer.b))
    X, y = rng.standard_normal((40, 6)), rng.integers(0, 3, 40)
    return params, X, y, rng.integers(0, 40, (STEPS, 8))


def run(make_optimizer) -> list[list[float]]:
    """Return W1, b1, W2, b2, flattened into one list, after each step."""
    import torch

    params, X, y, rows = setting()
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    weights = [torch.from_numpy(array).requires_grad_() for layer in params for array in layer]
    W1, b1, W2, b2 = weights
    optimizer = make_optimizer(torch.optim, weights)
    after = []
    for batch in rows:
        optimizer.zero_grad()
        logits = torch.relu(X[batch] @ W1 + b1) @ W2 + b2
        torch.nn.functional.cross_entropy(logits, y[batch]).backward()
        optimizer.step()
        after.append(torch.cat([w.detach().ravel() for w in weights]).tolist())
    return after


def main() -> None:
    """Take the steps and store the weights."""
    from tools.measuring import require

    require("torch")
    import torch

    momentum = {"momentum": 0.9, "dampening": 0, "nesterov": False}
    result = {
        "made_by": COMMAND,
        "torch": torch.__version__,
        "sgd": run(lambda optim, weights: optim.SGD(weights, lr=0.1)),
        "momentum": run(lambda optim, weights: optim.SGD(weights, lr=0.1, **momentum)),
        "adam": run(lambda optim, weights: optim.Adam(weights, lr=0.01)),
    }
    FILE.write_text(json.dumps(result).replace("], [", "],\n[") + "\n", "utf-8")
    for name in ("sgd", "momentum", "adam"):
        print(f"{name:8} weights after {STEPS} steps: {sum(result[name][-1]):+.15f} in all")


if __name__ == "__main__":
    main()
