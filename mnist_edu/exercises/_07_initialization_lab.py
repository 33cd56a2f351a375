"""Checks of the exercises of notebook 07."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import identity, leaky_relu, relu
from mnist_edu.exercises._check import exercise, expect, same
from mnist_edu.network import forward
from mnist_edu.topics.signal_propagation import gain_params


@exercise("7.2")
def factor_a_layer(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    z = [size * rng.normal(0.5, 1, (7, 4)) for size in (1, 0.6, 0.5, 0.4, 0.1)]
    s, sizes = np.array([each.std() for each in z]), np.array([np.sqrt((a**2).mean()) for a in z])
    got, right = f(z), (s[-1] / s[0]) ** (1 / 4)
    yield from expect(got, ())
    slips = [
        (s[-1] / s[0], "That is what all layers do together; ρ is for one."),
        ((s[-1] / s[0]) ** (1 / 5), "From layer 1 to layer D, how many times is s multiplied?"),
        ((s[-1] / s[0]) ** (1 / 3), "From layer 1 to layer D, how many steps are there?"),
        (1 / right, "It is above 1 where the signal fades: which of the two s is divided?"),
        (right**2, "That is the factor of the variance; s is a std."),
        ((s[1:] / s[:-1]).mean(), "Which mean of the factors does (7.1) take?"),
        ((sizes[-1] / sizes[0]) ** (1 / 4), "In (7.1) s is a std: is the mean of z taken off?"),
        ((s[-1] / s[0]) / 4, "Four equal factors *multiplied* give s_D / s_1."),
    ]
    for slip, hint in slips:
        if same(got, slip):
            yield hint
    if not same(got, right):
        yield f"For s = 1, 0.9, 0.81, ... ρ is 0.9; here it is {right:.4f}, not {float(got):.4f}."
    if not same(f(z[:3]), (s[2] / s[0]) ** (1 / 2)):
        yield "It is right for five layers, and for no other number of them."


@exercise("7.3")
def critical_gain(f: Callable) -> Iterator[str]:
    def found(activation: Callable, seed: int = 0) -> float:
        return f(activation, np.random.default_rng(seed))

    got = found(relu)
    yield from expect(got, ())
    if not same(got, found(relu)):
        yield "The same rng gives another gain the second time: does it draw from rng?"
    if abs(got - found(identity)) < 0.05:
        yield "ReLU and the identity get the same gain: is f used, and are half of the z negative?"
    half = found(lambda z: leaky_relu(z, 0.5))
    slips = [  # what ReLU gets, and leaky ReLU with a leak of 0.5
        (2, 1.6, "ReLU gets 2: by that the mean square is to be multiplied, but g multiplies z."),
        (0.5, 0.625, "ReLU gets 0.5: what it leaves of the mean square. What makes up for that?"),
        (0.71, 0.79, "ReLU gets 0.71: what it leaves of the size. What makes up for that?"),
        (1.712, 1.307, "A std, or variance, takes the mean of f(z) off, but it counts."),
        (
            2,
            1.333,
            "ReLU gets 2, a leak of 0.5 1.33: that is by the mean of |f(z)|, not its square.",
        ),
        (
            0.5,
            0.75,
            "ReLU gets 0.5, what it leaves of the mean of |z|; which mean does (7.2) take?",
        ),
    ]
    for of_relu, of_half, hint in slips:
        if abs(got / of_relu - 1) < 0.05 and abs(half / of_half - 1) < 0.04:
            yield hint
    if abs(found(identity)) > 5:
        yield "That seems to be from the mean of f(z), but which mean does (7.2) take?"
    if abs(found(lambda z: relu(-z)) / got - 1) > 0.3:
        yield "For relu(-z) it gives another gain than for relu(z): are z and -z equally likely?"
    # A thousand random numbers err by about 2 %, so 5 % is let pass.
    for name, activation, right in (
        ("the identity", identity, 1),
        ("three times ReLU", lambda z: 3 * relu(z), np.sqrt(2) / 3),
        ("leaky ReLU with a leak of 0.5", lambda z: leaky_relu(z, 0.5), 1.265),
        ("ReLU", relu, np.sqrt(2)),
        ("|z|", np.abs, 1),
    ):
        gain = found(activation)
        yield from expect(gain, ())
        if abs(gain / right - 1) > 0.2:
            yield f"For {name} it gives {gain:.3g}. By how much does that f change the mean square?"
        if abs(gain / right - 1) > 0.05:
            yield f"For {name} it gives {gain:.3f}, more than 5 % off: are there enough numbers?"


@exercise("7.4")
def rho_of_width(f: Callable) -> Iterator[str]:
    X = np.random.default_rng(0).random((20, 784))
    got = f(40, 3, X)
    yield from expect(got, ())
    s = _sizes(40, 3, X)
    rho = (s[9] / s[0]) ** (1 / 9)
    if any(same(got, round(rho, places), 1e-9) for places in (1, 2, 3, 4)):
        yield "It is rounded; the spread of ρ is as small as that."
    for width, seed, images, hint in (
        (40, 4, X, "Two seeds give the same ρ: is the seed used?"),
        (80, 3, X, "Two widths give the same ρ: is the width used?"),
        (40, 3, X[10:], "Other images give the same ρ: is X used?"),
    ):
        if same(got, f(width, seed, images)):
            yield hint
    if not same(got, f(40, 3, X)):
        yield "The same seed gives another ρ the second time: make the generator from the seed."
    tanh = _sizes(40, 3, X, 1.41, 10, np.std, "tanh")
    short, long = (_sizes(40, 3, X, 1.41, depth) for depth in (9, 11))
    rms = _sizes(40, 3, X, 1.41, 10, lambda z: np.sqrt((z**2).mean()))
    of_a = _sizes(40, 3, X, 1.41, 10, lambda z: relu(z).std())
    first, last = (_sizes(40, 3, some)[:10] for some in (X[:1], X[-1:]))
    slips = [
        (s[9] / s[0], "That is what all layers do together; ρ is for one of them, see (7.1)."),
        ((s[9] / s[0]) ** (1 / 10), "Between ten layers there are how many steps? See (7.1)."),
        ((s[10] / s[0]) ** (1 / 9), "The last z are the logits, which have another gain."),
        ((s[10] / s[0]) ** (1 / 10), "The last z are the logits: leave them out."),
        (rho**2, "That is the factor of the variance; s is a std."),
        ((s[1:10] / s[:9]).mean(), "That is the mean of the nine factors; which mean is (7.1)?"),
        (s[9] / s[8], "That is the factor of the last layer alone; ρ is a mean over all."),
        ((tanh[9] / tanh[0]) ** (1 / 9), "tanh stands between the layers; ReLU is asked for."),
        ((short[8] / short[0]) ** (1 / 8), "It has nine hidden layers; ten were asked for."),
        ((long[10] / long[0]) ** (1 / 10), "It has eleven hidden layers; ten were asked for."),
        ((rms[9] / rms[0]) ** (1 / 9), "That is of the root mean square; in (7.1) s is a std."),
        ((of_a[9] / of_a[0]) ** (1 / 9), "That is of the activations; in (7.1) s is a std of z."),
        ((first[9] / first[0]) ** (1 / 9), "The first image alone is looked at, not all of X."),
        ((last[9] / last[0]) ** (1 / 9), "The last image alone is looked at, not all of X."),
    ]
    for slip, hint in slips:
        if same(got, slip):
            yield hint
    for gain in (0.5, 1, 1.4, 2):
        if same(got, rho * gain / 1.41):
            yield f"It is ρ at g = {gain}: which gain was asked for?"
    if got > 1.5:
        yield "The signal explodes: at g = 1.41 the weights' std is 1.41 over which root?"
    for width, seed, images in ((40, 3, X), (30, 5, X[:7])):
        s, got = _sizes(width, seed, images), f(width, seed, images)
        yield from expect(got, ())
        right = (s[9] / s[0]) ** (1 / 9)
        if not any(same(got, right * g / 1.41) for g in (1.41, 1.414, np.sqrt(2))):
            yield (
                f"For width {width} and seed {seed} it is not the ρ of (7.1), of the network that "
                "`gain_params` draws with a generator made from this seed."
            )


def _sizes(
    width: int,
    seed: int,
    X: np.ndarray,
    gain: float = 1.41,
    depth: int = 10,
    size: Callable = np.std,
    activation: str = "relu",
) -> np.ndarray:
    params = gain_params([784, *[width] * depth, 10], np.random.default_rng(seed), gain)
    return np.array([size(z) for z in forward(params, X, activation)[1].z])


@exercise("7.5")
def residual_sizes(f: Callable) -> Iterator[str]:
    def sizes(gain: float, depth: int) -> np.ndarray:
        """Return those of sixteen networks; their mean errs by 0.2 % to 3 %."""
        return np.array([f(gain, depth, np.random.default_rng(seed)) for seed in range(16)])

    first = np.asarray(f(1.0, 10, np.random.default_rng(0)))
    if first.shape == (11,):
        yield "There is one number too many: is the size of the input among them?"
    yield from expect(first, (10,))
    if not same(first, np.asarray(f(1.0, 10, np.random.default_rng(0)))):
        yield "The same rng gives other sizes the second time: is everything drawn from rng?"
    few = np.asarray(f(1.0, 3, np.random.default_rng(0)))
    if few.shape != (3,):
        yield f"For a depth of 3 it returns shape {few.shape}: is the depth used?"
    got = sizes(1.0, 10)
    if same(got[0], got[1]):
        yield "Another rng gives the same sizes: is everything drawn from the rng that is given?"
    if (got <= 0).any():
        yield "A root mean square cannot be 0 or negative here."
    size = np.exp(np.log(got).mean(axis=0))
    if same(got[0], np.asarray(f(0.5, 10, np.random.default_rng(0)))):
        yield "Half the gain gives the same sizes: is the gain used?"
    right = _residual_theory(1.0)
    if np.abs(np.cumprod(size) / right - 1).max() < 0.1:
        yield "Those are factors from layer to layer; the sizes themselves are asked for."
    if np.abs(size[1:] / right[:9] - 1).max() < 0.1 and abs(size[0] - 1) < 0.03:
        yield "The first size is that of the input; begin after the first layer."
    if np.ptp(size) == 0:
        yield "It returns one number for all layers: what is measured after each?"
    if np.abs(size[::-1] / right - 1).max() < 0.1:
        yield "The last layer comes first."
    if size[0] > 3:
        yield "The first layer multiplies the size more than threefold: how large are the weights?"
    if size[-1] < 0.8:
        yield "The signal fades: is the input of each layer added to its output?"
    slips = [
        (size[1], 1, 0.03, "The signal hardly changes: are the weights as large as g asks?"),
        (size[0], 1, 0.006, "The first factor is 1: is the ReLU taken before the sum, or after?"),
        (
            size[0],
            np.sqrt(2),
            0.006,
            "The mean square is doubled in the first layer: where is the ReLU?",
        ),
        (
            size[0],
            np.sqrt(1.34),
            0.006,
            "That is a std: the mean of a, which grows, is to be counted.",
        ),
        (size[0], 1.5, 0.006, "After the first layer it is 1.5: the mean square, or its root?"),
    ]
    for value, slip, within, hint in slips:
        if abs(value / slip - 1) < within:
            yield hint
    if size[9] < 1.5 and abs(size[0] / right[0] - 1) < 0.02:
        yield "From layer 3 on it hardly grows: does each layer begin with the a before it?"
    off = np.abs(np.log(size / right))
    if off[0] > 0.02:
        yield f"After the first layer the size is {size[0]:.2f}; why should it be near 1.22?"
    if (off > 0.014 * np.arange(1, 11)).any():
        yield "The first layer is right, a later one is not: has each layer weights of its own?"
    double = np.exp(np.log(sizes(2.0, 3)).mean(axis=0)) / _residual_theory(2.0)[:3]
    if np.abs(np.log(double)).max() > 0.06:
        yield "It is right for g = 1, and wrong for g = 2: the weights' std is g over which root?"


def _residual_theory(gain: float) -> np.ndarray:
    """Return the sizes after ten wide layers: r = relu(z) has, over W, E[r²] = g² q/2."""
    mean, q, expected = 0.0, 1.0, []
    for _ in range(10):
        r = gain * np.sqrt(q / (2 * np.pi))  # its mean
        mean, q = mean + r, q + 2 * mean * r + gain**2 * q / 2
        expected.append(np.sqrt(q))
    return np.array(expected)
