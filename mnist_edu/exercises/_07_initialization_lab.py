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
        ((s[-1] / s[0]) ** (1 / 5), "From first layer to last, how many times is s multiplied?"),
        ((s[-1] / s[0]) ** (1 / 3), "From first layer to last, how many steps are there?"),
        (1 / right, "It is above 1 where the signal fades: which of the two s is divided?"),
        (right**2, "That is the factor of the variance; s is a std."),
        ((s[1:] / s[:-1]).mean(), "Which mean of the factors does (7.1) take?"),
        ((sizes[-1] / sizes[0]) ** (1 / 4), "In (7.1) s is a std: is the mean of z taken off?"),
        ((s[-1] / s[0]) / 4, "Four equal factors *multiplied* give s_5 / s_1."),
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
    slips = [
        (2, "ReLU gets 2: by that the mean square is to be multiplied, but g multiplies z."),
        (0.5, "ReLU gets 0.5: what it leaves of the mean square. What makes up for that?"),
        (np.sqrt(0.5), "ReLU gets 0.71: what it leaves of the size. What makes up for that?"),
        (1.712, "ReLU gets 1.71: a std, or variance, takes the mean of f(z) off, but it counts."),
    ]
    for slip, hint in slips:
        if abs(got / slip - 1) < 0.05:
            yield hint
    if abs(found(identity)) > 5:
        yield "That seems to be from the mean of f(z), but which mean does (7.2) take?"
    # A thousand random numbers err by about 2 %, so 5 % is let pass.
    for name, activation, right in (
        ("the identity", identity, 1),
        ("three times ReLU", lambda z: 3 * relu(z), np.sqrt(2) / 3),
        ("leaky ReLU with a leak of 0.5", lambda z: leaky_relu(z, 0.5), 1.265),
        ("ReLU", relu, np.sqrt(2)),
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

    def sizes(width: int, seed: int, gain: float = 1.41) -> np.ndarray:
        params = gain_params([784, *[width] * 10, 10], np.random.default_rng(seed), gain)
        return np.array([z.std() for z in forward(params, X)[1].z])

    got = f(40, 3, X)
    yield from expect(got, ())
    if not same(got, f(40, 3, X)):
        yield "The same seed gives another ρ the second time: make the generator from the seed."
    if same(got, f(40, 4, X)):
        yield "Two seeds give the same ρ: is the seed used?"
    if same(got, f(80, 3, X)):
        yield "Two widths give the same ρ: is the width used?"
    if same(got, f(40, 3, X[::2])):
        yield "Half the images give the same ρ: are they sent through the network?"
    s, faded = sizes(40, 3), sizes(40, 3, 1.0)
    slips = [
        (s[9] / s[0], "That is what all layers do together; ρ is for one of them, see (7.1)."),
        ((s[9] / s[0]) ** (1 / 10), "Between ten layers there are how many steps? See (7.1)."),
        ((s[10] / s[0]) ** (1 / 9), "The last z are the logits, which have another gain."),
        ((s[10] / s[0]) ** (1 / 10), "The last z are the logits: leave them out."),
        ((faded[9] / faded[0]) ** (1 / 9), "It is ρ at g = 1: which gain was asked for?"),
        ((s[9] / s[0]) ** (2 / 9), "That is the factor of the variance; s is a std."),
    ]
    for slip, hint in slips:
        if same(got, slip):
            yield hint
    if any(same(got, (s[9] / s[0]) ** (1 / 9) * g) for g in (1, np.sqrt(2) / 1.41)):
        return
    # Drawn in another way: at width 100 one ρ differs from 1 by 3 %, the mean of four by 2 %.
    mean = np.mean([f(100, seed, X) for seed in range(4)])
    if not 0.9 < mean < 1.1:
        yield f"At width 100 the mean of four ρ is {mean:.2f}; at g = 1.41, what should it be?"
    narrow, wide = ([f(width, seed, X) for seed in range(16)] for width in (16, 256))
    if np.std(narrow) < 1.5 * np.std(wide):  # four times as large, in the mean
        yield "At width 256 ρ scatters nearly as at width 16: are all ten layers so wide?"


@exercise("7.5")
def residual_sizes(f: Callable) -> Iterator[str]:
    got = [np.asarray(f(1.0, 10, np.random.default_rng(seed))) for seed in range(4)]
    if got[0].shape == (11,):
        yield "There is one number too many: is the size of the input among them?"
    for each in got:
        yield from expect(each, (10,))
    if same(got[0], np.asarray(f(1.0, 10, np.random.default_rng(0)))) is False:
        yield "The same rng gives other sizes the second time: is everything drawn from rng?"
    if same(got[0], got[1]):
        yield "Another rng gives the same sizes: is everything drawn from the rng that is given?"
    if (np.array(got) <= 0).any():
        yield "A root mean square cannot be 0 or negative here."
    size = np.exp(np.mean(np.log(got), axis=0))  # of four networks, errs by 0.3 % to 5 %
    if same(got[0], np.asarray(f(0.5, 10, np.random.default_rng(0)))):
        yield "Half the gain gives the same sizes: is the gain used?"
    if size[0] > 3:
        yield "The first layer multiplies the size more than threefold: how large are the weights?"
    if size[-1] < 0.8:
        yield "The signal fades: is the input of each layer added to its output?"
    slips = [
        (size[1], 1, "The signal hardly changes: are the weights as large as g asks?"),
        (size[0], 1, "The first factor is 1: is the ReLU taken before the sum, or after?"),
        (size[0], np.sqrt(2), "The mean square is doubled in the first layer: where is the ReLU?"),
        (size[0], np.sqrt(1.34), "That is a std: the mean of a, which grows, is to be counted."),
        (size[0], 1.5, "After the first layer it is 1.5: the mean square, or its root?"),
    ]
    for value, slip, hint in slips:
        if abs(value / slip - 1) < 0.03:
            yield hint
    if size[9] < 1.5:
        yield "From layer 3 on it hardly grows: does each layer begin with the a before it?"
    # In wide layers: r = relu(z) has the mean g sqrt(q / 2π), over the weights, and E[r²] = g² q/2.
    mean, q, expected = 0.0, 1.0, []
    for _ in range(10):
        r = np.sqrt(q / (2 * np.pi))
        mean, q = mean + r, q + 2 * mean * r + q / 2
        expected.append(np.sqrt(q))
    off = np.abs(np.log(size / expected))
    if off[0] > 0.03:
        yield f"After the first layer the size is {size[0]:.2f}; why should it be near 1.22?"
    if (off > 0.03 * np.arange(1, 11)).any():
        yield "The first layer is right, a later one is not: has each layer weights of its own?"
