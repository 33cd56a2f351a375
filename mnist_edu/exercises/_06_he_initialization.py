"""Checks of the exercises of notebook 06."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import leaky_relu
from mnist_edu.exercises._check import exercise, expect, expect_same, same
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
    if np.unique(np.abs(W)).size < 0.9 * W.size:
        yield "Weights occur again and again: is each of the n_in times n_out drawn, and unrounded?"
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
    shares = np.histogram(W, 10, (-(r := np.sqrt(6 / n_in)), r))[0] / W.size
    if np.abs(shares - 0.1).max() > 0.01:
        yield "The variance is He's, but the weights are not evenly spread between -r and r."
    small = f(np.random.default_rng(0), 4, 9000)  # the variance errs by 0.5 %
    yield from expect(small, (4, 9000))
    if not _near(small.var() * 4, he, 0.03):
        yield (
            f"For 300 inputs and 200 outputs it is right; for 4 and 9000 the variance is "
            f"{small.var() * 4 / he:.2g} times He's. Which number should r depend on?"
        )


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
    hint = "Right for ReLU and for the identity, but not between: redo (6.10) with alpha."
    yield from expect_same(got, right, hint)


@exercise("6.6")
def with_random_biases(f: Callable) -> Iterator[str]:
    given = 5  # every bias that is passed
    wide = [2, 3000, 9, 3000, 9]  # the even layers of the second network are as wide
    for sizes in (wide, [9, *wide]):
        params = [Layer(W, b + given) for W, b in init_params(sizes, np.random.default_rng(7))]
        got, again, other = (f(params, np.random.default_rng(seed)) for seed in (0, 0, 1))
        yield from _layers_hints(got, params)
        if not all(same(one.b, two.b) for one, two in zip(got, again, strict=True)):
            yield "The same rng gives other biases the second time: are they drawn from rng?"
        if same(got[0].b, other[0].b):
            yield "Another rng gives the same biases: are they drawn from the rng that is given?"
        for l, (_, b) in enumerate(got, start=1):
            for k, (_, later) in enumerate(got[l:], start=l + 1):
                if same(b[:3], later[:3]):
                    yield (
                        f"Layers {l} and {k} begin with the same biases: the numbers are drawn "
                        "once, and used twice."
                    )
            if len(b) == 3000:  # the mean errs by 0.02, the std by 0.013, the last by 0.02
                yield from _standard_normal_hints(np.asarray(b), given)


def _layers_hints(got: list[Layer], params: list[Layer]) -> Iterator[str]:
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
        yield from expect(layer.b, b.shape, or_list=True)
        if np.ptp(layer.b) == 0:
            yield f"All biases of layer {l} are {layer.b[0]:.3g}: they are to be random."


def _standard_normal_hints(b: np.ndarray, given: float) -> Iterator[str]:
    if abs(b.mean() - given) < 0.1:
        yield f"New biases are added to those that were given, {given}, not put in their place."
    if abs(b.mean()) > 0.1:
        yield f"The mean of the biases is {b.mean():.2f}; what is it in N(0, 1)?"
    if not _near(b.std(), 1, 0.1):
        yield f"The std of the biases is {b.std():.3f}; what is it in N(0, 1)?"
    within = (np.abs(b) < 1).mean()
    if not _near(within, 0.683, 0.07):
        yield (
            f"Mean and std are those of N(0, 1), but {within:.0%} of the biases lie within one std "
            "of 0; of normal ones it is 68 %."
        )
    if not 0.004 < (np.abs(b) > 2.5).mean() < 0.025:
        yield "Mean and std are those of N(0, 1), but not the tails: of normal ones 1.2 % pass 2.5."
    if np.unique(np.abs(b)).size < 0.9 * b.size:
        yield "The same biases occur again and again: is each drawn, and unrounded?"


@exercise("6.7", none_is_an_answer=True)
def first_silent_layer(f: Callable) -> Iterator[str]:
    live, silent, live_again = (np.eye(2), 0), (np.zeros((2, 2)), 0), (np.eye(2), 1)
    later = [live_again, live, silent, live_again]  # layer 7 is silent as well
    got = f(*_two_images([[1, 2], [3, 1]], [live, live, live, silent, *later]))
    if got is not None:
        yield from expect(got, ())
    for slip, hint in (
        (3, "It comes a layer too early: is the first layer counted as 1, or as 0?"),
        (5, "It comes a layer too late: cache.z[0] belongs to layer 1, cache.a[0] are inputs."),
        (7, "It is the last of these layers, not the first."),
        (2, "That is how many layers have z that vanish in all; which is the first?"),
    ):
        if _is(got, slip):
            yield hint
    if not _is(got, 4):
        yield f"In a network whose z vanish in layer 4, and in 7 again, it returns {got}."
    both = [[1, 2], [3, 1]]
    for X, layers, right, hint in (
        (both, [live, live], None, "its z are 0 in no layer"),
        (both, [live, ([[1, 0], [1, 0]], 0)], None, "a unit's z are 0, but not all of them"),
        ([[0, 0], [3, 1]], [live, live], None, "the first image's z are 0, the second's are not"),
        ([[1, 2], [0, 0]], [live, live], None, "the second image's z are 0, the first's are not"),
        (both, [live, ([[1, -1], [1, -1]], 0)], None, "the z of a layer add up to 0"),
        (both, [live, (np.zeros((2, 2)), 1)], None, "all weights are 0, but biases are not"),
        (
            both,
            [live, ([[-1, -1], [-1, -1]], 0), live_again],
            None,
            "all z of layer 2 are negative: only their ReLU is 0 there, so look at z, not at a",
        ),
        (
            both,
            [live, ([[0, -1], [0, -1]], 0), live_again],
            None,
            "the largest z of a layer is 0, and others are below",
        ),
        ([[1, 1], [1, 1]], [(np.eye(2), -1), live_again], 1, "a @ W and b cancel each other"),
        (
            both,
            [live, ([[-1, -1], [-1, -1]], 0), live, live_again],
            3,
            "all z of layer 2 are negative, and so all of layer 3 are 0 by ReLU",
        ),
        (both, [live, silent], 2, "only the last z, the logits, are 0"),
    ):
        got = f(*_two_images(X, layers))
        if not _is(got, right):
            yield f"It goes wrong where {hint}: it returns {got!r:.50}; expected {right}."
    rng = np.random.default_rng(0)
    params = [Layer(rng.normal(0, 1e-6, (6, 6)), np.zeros(6)) for _ in range(70)]
    x = rng.random((4, 6))
    # At the end all z are 0 in float64, too.
    slow = _layer_where(params, x, lambda z: not z.any())
    params, x = [Layer(W.astype("f4"), b.astype("f4")) for W, b in params], x.astype("f4")
    right = _layer_where(params, x, lambda z: not z.any())
    got = f(params, x)
    yield from expect(got, ())
    if same(got, slow):
        yield "That is where it happens in float64: what turns the numbers into float64?"
    if same(got, _layer_where(params, x, lambda z: np.allclose(z, 0))):
        yield "There all z are small, but they are not exactly 0: what does allclose tolerate?"
    if same(got, _layer_where(params, x, lambda z: not (z**2).any())):
        yield "There the squares of z underflow. The z themselves live longer."
    if not same(got, right):
        yield (
            f"In a network whose z vanish in layer {right}, for they are too small for float32, it "
            f"returns {got}."
        )
    lone = np.array([[1, 0, 0]], "f4")
    least = [Layer(np.array(3 * [[1e-45, 0, 0]], "f4"), np.zeros(3, "f4"))]
    got = f(least, lone)
    if got is not None:
        yield f"Where the largest z is 1.4e-45 it returns {got!r:.50}; that is not 0."


def _is(got: object, right: int | None) -> bool:
    return got is right if got is None or right is None else same(got, right)


def _two_images(X: list, layers: list) -> tuple[list[Layer], np.ndarray]:
    """Return params of float arrays, from pairs of a W and one bias for all units, and X."""
    params = [Layer(np.array(W, float), np.full(2, float(b))) for W, b in layers]
    return params, np.array(X, float)


def _layer_where(params: list[Layer], X: np.ndarray, found: Callable) -> int:
    """Return the number of the first layer whose z are as asked."""
    return next(l for l, z in enumerate(forward(params, X)[1].z, start=1) if found(z))
