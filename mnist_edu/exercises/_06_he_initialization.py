"""Checks of the exercises of notebook 06."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import leaky_relu
from mnist_edu.exercises._check import exercise, expect, same
from mnist_edu.network import Layer, forward, init_params


def _near(value: float, target: float, tolerance: float) -> bool:
    return abs(value - target) <= tolerance * abs(target)


@exercise("6.4")
def he_uniform(f: Callable) -> Iterator[str]:
    n_in, n_out = 300, 200  # 60 000 weights: the variance of the right ones errs by 0.4 %
    W = f(np.random.default_rng(0), n_in, n_out)
    if np.shape(W) == (n_out, n_in):
        yield "A row of W belongs to an input: which of the two sizes comes first?"
    yield from expect(W, (n_in, n_out))
    if not same(W, f(np.random.default_rng(0), n_in, n_out)):
        yield "The same rng gives other weights the second time: are they drawn from rng?"
    if same(W, f(np.random.default_rng(1), n_in, n_out)):
        yield "Another rng gives the same weights: are they drawn from the rng that is given?"
    if W.min() >= 0:
        yield "No weight is negative. From where to where does U(-r, r) go?"
    he, of_n_out, xavier = 2, 2 * n_in / n_out, 2 * n_in / (n_in + n_out)
    slips = {
        he / 3: "That r is He's std. Is the std of U(-r, r) as large as r? See (6.24).",
        1: "The variance is 1/n_in, LeCun's. What does the ReLU take?",
        1 / 3: "The variance is 1/(3 n_in), that of PyTorch's default; He's is larger.",
        4 * he: "The variance is 4 times He's: the interval is 2r wide, not r.",
        of_n_out: "That takes the number of outputs. Which of the two is n_in?",
        xavier: "That has Xavier's variance, not He's.",
    }
    for times, hint in slips.items():
        if _near(W.var() * n_in, times, 0.03):
            yield hint
    if W.var() * n_in < 0.1:
        yield "The weights are much too small: r², not r, is proportional to the variance."
    if not _near(W.var() * n_in, he, 0.03):
        yield f"The variance is {W.var() * n_in / he:.2f} times He's: use (6.24)."
    if not _near((W**4).mean() / W.var() ** 2, 9 / 5, 0.05) or abs(W.mean()) > 0.1 * W.std():
        yield "The variance is He's, but the weights are not evenly spread between -r and r."


@exercise("6.5")
def leaky_gain(f: Callable) -> Iterator[str]:
    z = np.linspace(-1, 1, 1001)  # for each z also -z
    alphas = np.array([0.5, 0.0, 0.01, 0.3, 0.9])
    kept = np.array([(leaky_relu(z, alpha) ** 2).mean() / (z**2).mean() for alpha in alphas])
    for alpha in alphas:
        yield from expect(f(float(alpha)), ())
    got = np.array([f(float(alpha)) for alpha in alphas], dtype=float)
    right = 1 / np.sqrt(kept)
    if same(got, right, 0.02) and not same(got, right):
        yield "Nearly: measured, or rounded? Redo (6.10) to (6.12) for the exact gain."
    if same(got[0], got[1]):
        yield "It is the same for alpha 0.5 as for 0: where does alpha come in?"
    if same(got, right**2):
        yield "By that the mean square has to be multiplied, but g multiplies z. What is missing?"
    if same(got, kept) or same(got, np.sqrt(kept)):
        yield "That is what a layer does to the signal. The gain has to undo it."
    if same(got, np.sqrt(2 / (1 + alphas))):
        yield "The squares are added: what is the square of alpha z?"
    if same(got, np.sqrt(2 / (1 - alphas**2))):
        yield "The negative half adds its squares to those of the positive half: which sign?"
    if not same(got[1], np.sqrt(2)):
        yield f"For alpha 0, which is ReLU, it gives {got[1]:.3f}. What did (6.17) find?"
    if not same(f(1.0), 1):
        yield "For alpha 1 nothing is lost in a layer. Which gain does that need?"
    if not same(got, right):
        yield "Right for ReLU and for the identity, but not between: redo (6.10) with alpha."


@exercise("6.6")
def with_random_biases(f: Callable) -> Iterator[str]:
    params = init_params([3, 2000, 5, 2000, 4], np.random.default_rng(0))
    got, again, other = (f(params, np.random.default_rng(seed)) for seed in (0, 0, 1))
    if not isinstance(got, list) or len(got) != len(params):
        yield f"It returns a {type(got).__name__}; expected a list of {len(params)} Layers."
    for l, (layer, (W, b)) in enumerate(zip(got, params, strict=True), start=1):
        if not isinstance(layer, Layer):
            yield f"Entry {l} of the list is a {type(layer).__name__}; expected a Layer."
        if not same(layer.W, W):
            yield f"The weights of layer {l} are not those that were given."
        if np.ndim(layer.b) == 0:
            yield "All units of a layer get the same bias: how many numbers are to be drawn?"
        if np.shape(layer.b) != b.shape:
            yield f"b of layer {l} has shape {np.shape(layer.b)}; expected {b.shape}, one a unit."
        yield from expect(layer.b, b.shape)
        if np.ptp(layer.b) == 0:
            yield f"All biases of layer {l} are {layer.b[0]:.3g}: they are to be random."
    if not all(same(one.b, two.b) for one, two in zip(got, again, strict=True)):
        yield "The same rng gives other biases the second time: are they drawn from rng?"
    if same(got[0].b, other[0].b):
        yield "Another rng gives the same biases: are they drawn from the rng that is given?"
    if same(got[0].b, got[2].b):
        yield "Layers 1 and 3 have the same biases: the numbers are drawn once, and used twice."
    b = np.concatenate([got[0].b, got[2].b])  # 4000 of them: the std errs by 1 %, the mean by 0.016
    if abs(b.mean()) > 0.1:
        yield f"The mean of the biases is {b.mean():.2f}; what is it in N(0, 1)?"
    if not _near(b.std(), 1, 0.1):
        yield f"The std of the biases is {b.std():.3f}; what is it in N(0, 1)?"


@exercise("6.7", none_is_an_answer=True)
def first_silent_layer(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    params = [Layer(rng.normal(0, 1e-6, (6, 6)), np.zeros(6)) for _ in range(70)]
    params[2].W[:, 1] = 0  # a unit of layer 3 is silent, the layer is not
    x = rng.random((4, 6))
    # At the end all z are 0 in float64, too.
    slow = _layer_where(params, x, lambda z: not z.any())
    params, x = [Layer(W.astype("f4"), b.astype("f4")) for W, b in params], x.astype("f4")
    right = _layer_where(params, x, lambda z: not z.any())
    got = f(params, x)
    yield from expect(got, ())
    if same(got, right - 1):
        yield "It comes a layer too early: is the first layer counted as 1, or as 0?"
    if same(got, right + 1):
        yield "It comes a layer too late: cache.z[0] belongs to layer 1, and cache.a[0] are inputs."
    if same(got, slow):
        yield "That is where it happens in float64: what turns the numbers into float64?"
    if same(got, _layer_where(params, x, lambda z: not z.all())):
        yield "There one z is 0, but not all of them are."
    if same(got, _layer_where(params, x, lambda z: np.allclose(z, 0))):
        yield "There all z are small, but they are not exactly 0: what does allclose tolerate?"
    if same(got, _layer_where(params, x, lambda z: not (z**2).any())):
        yield "There the squares of z underflow. The z themselves live longer."
    if not same(got, right):
        yield f"In a network whose z vanish in layer {right} it returns {got}."
    hidden = [Layer(sign * np.ones((2, 2)), np.zeros(2)) for sign in (1, -1, 1, 1)]
    if not same(f(hidden, np.ones((3, 2))), 3):
        yield "If all z of layer 2 are negative, only their ReLU is 0 there: look at z, not at a."
    sound = f(init_params([6, 6, 6, 3], rng), rng.random((4, 6)))
    if sound is not None:
        yield f"In a network whose z are not 0 it returns {sound}; expected None."


def _layer_where(params: list[Layer], X: np.ndarray, found: Callable) -> int:
    """Return the number of the first layer whose z are as asked."""
    return next(l for l, z in enumerate(forward(params, X)[1].z, start=1) if found(z))
