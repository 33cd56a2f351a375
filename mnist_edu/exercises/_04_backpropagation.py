"""Checks of the exercises of notebook 04."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from mnist_edu.activations import identity, leaky_relu, leaky_relu_grad, relu, sigmoid
from mnist_edu.exercises._03_softmax_cross_entropy import first_wrong, layer_hints, pair_hints
from mnist_edu.exercises._check import exercise, expect, expect_for_shapes, expect_same, same
from mnist_edu.gradient_check import numerical_gradient
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.network import Layer

Network = tuple[list[Layer], np.ndarray, np.ndarray]  # params, X, y
Slips = dict[str, Callable]  # f(z), slope(z, a) and so on, as for `way_back`


def random_network(sizes: Sequence[int], N: int) -> Network:
    """Draw params with biases, a batch of N, its labels, among which the last class is not."""
    rng = np.random.default_rng(0)
    params = [
        Layer(rng.normal(size=(n_in, n_out)) / n_in**0.5, rng.normal(size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]
    return params, rng.normal(size=(N, sizes[0])), rng.integers(0, sizes[-1] - 1, N)


def way_back(params: list[Layer], X: np.ndarray, y: np.ndarray, slips: Slips) -> tuple:
    """Return gradient, errors dz and pre-activations z, with slips if wanted.

    Parameters
    ----------
    slips : functions by name
        f(z); slope(z, a), of the hidden layers; turn(W), what stands for W.T; last(z), done to the
        logits
    """
    f, slope = slips["f"], slips["slope"]
    turn, last = slips.get("turn", np.transpose), slips.get("last", identity)
    z, a = [], [X]
    for W, b in params:
        z.append(a[-1] @ W + b)
        a.append(f(z[-1]))
    dz = [cross_entropy_grad(last(z[-1]), y)]
    for l in range(len(params) - 1, 0, -1):
        dz.insert(0, dz[0] @ turn(params[l].W) * slope(z[l - 1], a[l]))
    return [Layer(a[l].T @ d, d.sum(axis=0)) for l, d in enumerate(dz)], dz, z


def measured(params: list[Layer], X: np.ndarray, y: np.ndarray, f: Callable) -> list[Layer]:
    """Measure the gradient of the mean cross-entropy, entry by entry."""

    def loss(array, l, place):
        a = X
        for k, layer in enumerate(params):
            W, b = layer._replace(**{place: array}) if k == l else layer
            a = (f(a) if k else a) @ W + b
        return cross_entropy(a, y)

    def gradient(l, place):
        return numerical_gradient(lambda array: loss(array, l, place), getattr(params[l], place))

    return [Layer(W=gradient(l, "W"), b=gradient(l, "b")) for l in range(len(params))]


def slip_hints(
    got: Sequence, network: Network, right: Slips, slips: Sequence[tuple[Slips, str]]
) -> Iterator[str]:
    """Yield the hint of a slip that would give the same weights' gradients in all layers."""
    for slip, hint in slips:
        grads, *_ = way_back(*network, right | slip)
        if all(same(dW, layer.W) for (dW, _), layer in zip(got, grads, strict=True)):
            yield hint


def unsafe(network: Network) -> Network:
    """Return a network whose logits are far from 0, and thousands apart."""
    (*below, (W, b)), X, y = network
    return [*below, Layer(3000 * W, b + 1e5)], X, y


def silent(network: Network) -> Network:
    """Return a network whose hidden z are all exactly 0: no pixels, no biases below the logits."""
    params, X, y = network
    return [Layer(W, 0 * b) for W, b in params[:-1]] + params[-1:], 0 * X, y


def gradient_at(f: Callable, network: Network, right: Slips, hint: str) -> Iterator[str]:
    """Yield the hint if f gives another gradient than the right one there."""
    got = f(*network)
    yield from pair_hints(got, len(network[0]))
    for pair, truths in zip(got, way_back(*network, right)[0], strict=True):
        for mine, truth in zip(pair, truths, strict=True):
            yield from expect_same(mine, truth, hint)


UNSAFE = "With logits of a few thousand it goes wrong: is the softmax a safe one?"
SINGLE = "It goes wrong where all lengths are 1."
LARGE = "It goes wrong for larger layers and batches."


@exercise("4.5")
def tanh_gradients(f: Callable) -> Iterator[str]:
    network = random_network([10, 10, 10], 10)  # ten of each: no axis fails by its length
    tanh: Slips = {"f": np.tanh, "slope": lambda z, a: 1 - a**2}
    got, (right, dz, _) = f(*network), way_back(*network, tanh)
    yield from layer_hints(got, right, dz)
    slips: Sequence[tuple[Slips, str]] = (
        ({"f": relu, "slope": lambda z, a: z > 0}, "That is the gradient with ReLU in between."),
        ({"f": identity, "slope": lambda z, a: 1}, "Where is tanh? It acts forward and back."),
        ({"f": sigmoid, "slope": lambda z, a: a * (1 - a)}, "That has the sigmoid in between."),
        ({"last": np.tanh}, "tanh is applied to the logits, too; it stands between the layers."),
        (
            {"slope": lambda z, a: 1},
            "dW2 is right; on the way to dW1 the slope of tanh is missing.",
        ),
        (
            {"slope": lambda z, a: z > 0},
            "dW2 is right; then comes the gate of ReLU. Which is tanh's?",
        ),
        (
            {"slope": lambda z, a: 1 - np.tanh(a) ** 2},
            "tanh is taken twice on the way back: of z, and of that again.",
        ),
        ({"slope": lambda z, a: 1 - z**2}, "The slope is computed from z as if z were tanh(z)."),
        ({"slope": lambda z, a: 1 - a}, "Look at the power of a in the slope of tanh."),
        ({"slope": lambda z, a: a * (1 - a)}, "That slope is the sigmoid's, from its activation."),
        ({"slope": lambda z, a: a}, "The error is multiplied by the activation, not by its slope."),
        ({"turn": np.asarray}, "The error goes back through W2: which index of W2 is summed over?"),
    )
    yield from slip_hints(got, network, tanh, slips)
    if same(got[0][0], network[1] @ dz[0]):
        yield "dW1: each image's pixels have to meet its own error. Which index is summed over?"
    yield from first_wrong(got, right)
    network = random_network([5, 4, 3], 6)
    got, (_, dz, _), right = f(*network), way_back(*network, tanh), measured(*network, np.tanh)
    yield from layer_hints(got, right, dz)
    yield from first_wrong(got, right)
    yield from gradient_at(f, unsafe(network), tanh, UNSAFE)
    ((W1, b1), second), X, y = network
    hint = "With z1 of a few thousand it goes wrong: is tanh made of exponentials that overflow?"
    yield from gradient_at(f, ([Layer(3000 * W1, b1), second], X, y), tanh, hint)
    yield from gradient_at(f, random_network([1, 1, 2], 1), tanh, SINGLE)
    yield from gradient_at(f, random_network([120, 110, 12], 130), tanh, LARGE)


@exercise("4.6")
def three_layer_gradients(f: Callable) -> Iterator[str]:
    network = random_network([10, 10, 10, 10], 10)  # ten of each: no axis fails by its length
    got = f(*network, 0.3)
    leaky: Slips = {
        "f": lambda z: leaky_relu(z, 0.3),
        "slope": lambda z, a: leaky_relu_grad(z, 0.3),
    }
    right, dz, z = way_back(*network, leaky)
    yield from layer_hints(got, right, dz)
    slips: Sequence[tuple[Slips, str]] = (
        (
            {"f": relu, "slope": lambda z, a: z > 0},
            "That is the gradient with ReLU: where is alpha?",
        ),
        ({"slope": lambda z, a: z > 0}, "On the way back the gate is closed for z < 0. Is it?"),
        ({"slope": lambda z, a: 1}, "On the way back there are no gates."),
        ({"f": identity, "slope": lambda z, a: 1}, "The layers have nothing between them."),
        ({"slope": lambda z, a: a >= 0}, "The slope for z < 0 is not 0."),
        ({"f": relu}, "The forward pass has ReLU, the way back leaky ReLU."),
        ({"slope": lambda z, a: np.where(z > 0, 0.3, 1)}, "The slope's two cases are exchanged."),
        (
            {"f": lambda z: leaky_relu(z), "slope": lambda z, a: np.where(z > 0, 1, 0.01)},
            "With alpha = 0.3 it gives what it gives with 0.01: is the argument used?",
        ),
        (
            {"slope": lambda z, a: leaky_relu_grad(z)},
            "On the way back the slope for z < 0 is 0.01, whatever alpha is.",
        ),
        (
            {"slope": lambda z, a: np.where(z > 0, z, 0.3 * z)},
            "It multiplies by leaky ReLU's value.",
        ),
        ({"last": leaky["f"]}, "Leaky ReLU is applied to the logits, too."),
        ({"turn": np.asarray}, "An error goes back through W: which index of W is summed over?"),
    )
    yield from slip_hints(got, network, leaky, slips)
    (_, W2, W3), X = (layer.W for layer in network[0]), network[1]
    gates = [np.where(layer > 0, 1, 0.3) for layer in z]
    for error, hint in (
        (dz[1] @ W2.T * gates[1], "dz1 passes the gate of the second layer."),
        (dz[1] @ W3.T * gates[0], "dz1 comes back through W3. Which W stands between z1 and z2?"),
        (dz[2] @ W3.T * gates[0], "dz1 is made of dz3: a layer is left out on the way back."),
        (dz[1] @ W2.T, "dz2 is right; on its way to dz1 it passes no gate."),
    ):
        if same(got[0][0], X.T @ error):
            yield hint
    yield from first_wrong(got, right)
    network = random_network([5, 4, 3, 2], 6)
    got, (_, dz, _), right = (
        f(*network, 0.3),
        way_back(*network, leaky),
        measured(*network, leaky["f"]),
    )
    yield from layer_hints(got, right, dz)
    yield from first_wrong(got, right)
    usual: Slips = {"f": leaky_relu, "slope": lambda z, a: leaky_relu_grad(z)}
    yield from gradient_at(f, network, usual, "Without alpha, which is then 0.01, it goes wrong.")
    if np.isnan(f(*silent(network), 0.3)[0][1]).any():
        yield "Where z is exactly 0 it returns NaN: what is divided by z?"
    for special, hint in (
        (silent(network), "Where z is exactly 0 it goes wrong: we take the slope there as alpha."),
        (unsafe(network), UNSAFE),
        (random_network([1, 1, 1, 2], 1), SINGLE),
        (random_network([120, 110, 100, 12], 130), LARGE),
    ):
        yield from gradient_at(lambda *at: f(*at, 0.3), special, leaky, hint)


@exercise("4.7")
def input_gradient(f: Callable) -> Iterator[str]:
    usual: Slips = {"f": relu, "slope": lambda z, a: z > 0}
    params, X, y = network = random_network([10, 10, 10], 10)
    got, (grads, (dz1, dz2), (z1, _)) = f(*network), way_back(*network, usual)
    (W1, _), (W2, _) = params
    right = dz1 @ W1.T
    if isinstance(got, list | tuple):
        yield "It returns several things; one array is asked for, with a slope for each pixel."
    yield from expect(got, X.shape)
    for slip, hint in (
        (dz1, "That is dz1: one step further back are the pixels."),
        (dz1 @ W1, "The error goes back through W1: which index of W1 is summed over?"),
        (grads[0].W, "That is dW1, the slopes of the weights; the pixels move now."),
        (dz2 @ W2.T @ W1.T, "The gate between the layers is missing."),
        (dz2 @ W2 * (z1 > 0) @ W1.T, "The error goes back through W2: which index is summed over?"),
        (right * (X > 0), "There is no ReLU on the pixels, so no gate either."),
        (right * 10, "N times too large: L is the mean over the images."),
        (right / 10, "N times too small: how often is it divided by N?"),
        (-right, "That is the way to *lower* the loss."),
        (np.sign(right), "These are the signs alone; how steep is it?"),
        (X + right, "These are the moved pixels; the slopes are asked for."),
    ):
        if same(got, slip):
            yield hint
    times = (got * right).sum() / (right**2).sum()
    if same(got, times * right) and not same(times, 1):
        yield f"It is {times:.3g} times the gradient: by what is it divided?"
    hint = "Not the measured slopes of the pixels. Which error meets W1 on the way back?"
    yield from expect_same(got, right, hint)
    params, X, y = network = random_network([5, 4, 3], 6)
    (W1, b1), (W2, b2) = params
    right = numerical_gradient(lambda X: cross_entropy(relu(X @ W1 + b1) @ W2 + b2, y), X)
    hint = "It works where all sizes are 10, and for nothing else."
    yield from expect_same(f(*network), right, hint)
    for special, hint in (
        (silent(network), "Where z1 is exactly 0 it goes wrong: we take the gate there as closed."),
        (unsafe(network), UNSAFE),
        (random_network([1, 1, 2], 1), SINGLE),
        (random_network([120, 110, 12], 130), LARGE),
    ):
        _, (dz1, _), _ = way_back(*special, usual)
        yield from expect_same(f(*special), dz1 @ special[0][0].W.T, hint)


@exercise("4.8")
def skip_backward(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    a1, W = rng.integers(0, 3, (4, 4)) * 1.0, rng.integers(-2, 3, (4, 4)) * 1.0
    b, da2 = rng.integers(-2, 3, 4) * 1.0, rng.normal(size=(4, 4))
    got, z = f(a1, W, b, da2), a1 @ W + b  # whole numbers: some z are exactly 0
    g = da2 * (z > 0)
    yield from expect(got, (4, 4))
    for slip, hint in (
        (g @ W.T, "The path past the layer is missing."),
        (da2, "Only the path past the layer is there, none through it."),
        (da2 + g, "The paths through the layer have to pass W."),
        (da2 + g @ W, "The error goes back through W: which index of W is summed over?"),
        (da2 + da2 @ W.T, "The ReLU's gate is missing."),
        (
            da2 + (da2 @ W.T) * (z > 0),
            "The gate comes after W; on the way back, which is met first?",
        ),
        ((da2 + da2 @ W.T) * (z > 0), "One gate stands at the very end, for all the paths."),
        (g + g @ W.T, "The path past the layer goes through no gate."),
        (
            da2 + (da2 * (z >= 0)) @ W.T,
            "Where z is exactly 0 the gate is open; we take it as closed.",
        ),
        (da2 + (da2 * (a1 @ W > 0)) @ W.T, "The gate asks for z, and z has a bias."),
        (
            da2 + (da2 * (relu(z) + a1 > 0)) @ W.T,
            "The gate asks for a2, which the skip makes positive also where z is not.",
        ),
        (da2 + (da2 * (a1 > 0)) @ W.T, "The gate asks for a1. Whose ReLU is it?"),
        ((da2 + g @ W.T) * (a1 > 0), "It goes one gate too far back: a1, not z1, is asked for."),
        (da2 * (g @ W.T), "What arrives on different paths is not multiplied."),
        (a1 + g @ W.T, "Past the layer comes a1 itself; which slope comes back there?"),
    ):
        if same(got, slip):
            yield hint
    hint = "Not the sum over all paths. Compare with `numerical_gradient` on small arrays."
    yield from expect_same(got, da2 + g @ W.T, hint)
    a1, W, b, da2 = (rng.normal(size=shape) for shape in ((3, 5), (5, 5), 5, (3, 5)))
    right = numerical_gradient(lambda a: (da2 * (relu(a @ W + b) + a)).sum(), a1)
    hint = "It works for as many images as units, and for nothing else."
    yield from expect_same(f(a1, W, b, da2), right, hint)
    yield from expect_for_shapes(
        f,
        lambda a1, W, b, da2: da2 + da2 * (a1 @ W + b > 0) @ W.T,
        [(20, 30), (30, 30), (30,), (20, 30)],
    )
