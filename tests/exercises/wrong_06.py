"""Wrong answers to the exercises of notebook 06."""

import numpy as np

from mnist_edu.network import Layer, forward
from tests.exercises.wrong import wrong


@wrong("6.4", "That r is He's std")
def r_is_the_std(rng, n_in, n_out):
    r = np.sqrt(2 / n_in)
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "LeCun's")
def without_the_two(rng, n_in, n_out):
    r = np.sqrt(3 / n_in)
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "PyTorch's default")
def as_in_pytorch(rng, n_in, n_out):
    r = 1 / np.sqrt(n_in)
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "4 times He's")
def as_wide_as_r(rng, n_in, n_out):
    r = np.sqrt(12 * 2 / n_in)  # the variance of U(0, r) is r² / 12
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "number of outputs")
def fan_out(rng, n_in, n_out):
    r = np.sqrt(6 / n_out)
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "Xavier's variance")
def xavier_uniform(rng, n_in, n_out):
    r = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "much too small")
def no_root(rng, n_in, n_out):
    r = 6 / n_in
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "times He's: use")
def another_factor(rng, n_in, n_out):
    r = np.sqrt(4 / n_in)
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "No weight is negative")
def only_positive(rng, n_in, n_out):
    return rng.uniform(0, np.sqrt(6 / n_in), size=(n_in, n_out))


@wrong("6.4", "which of the two sizes comes first")
def transposed(rng, n_in, n_out):
    r = np.sqrt(6 / n_in)
    return rng.uniform(-r, r, size=(n_out, n_in))


@wrong("6.4", "evenly spread")
def normal(rng, n_in, n_out):
    return rng.normal(0, np.sqrt(2 / n_in), size=(n_in, n_out))


@wrong("6.4", "other weights the second time")
def from_nowhere(rng, n_in, n_out):
    r = np.sqrt(6 / n_in)
    return np.random.default_rng().uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "Another rng gives the same")
def own_seed(rng, n_in, n_out):
    r = np.sqrt(6 / n_in)
    return np.random.default_rng(0).uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "again and again")
def one_column(rng, n_in, n_out):
    r = np.sqrt(6 / n_in)
    return np.tile(rng.uniform(-r, r, size=(n_in, 1)), n_out)


@wrong("6.4", "Which number should r depend on")
def the_larger(rng, n_in, n_out):
    r = np.sqrt(6 / max(n_in, n_out))
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.4", "0.013 times")
def for_300_inputs(rng, n_in, n_out):
    r = np.sqrt(6 / 300)
    return rng.uniform(-r, r, size=(n_in, n_out))


@wrong("6.5", "where does alpha come in")
def of_relu(alpha):
    return np.sqrt(2)


@wrong("6.5", "but g multiplies z")
def gain_squared(alpha):
    return 2 / (1 + alpha**2)


@wrong("6.5", "has to undo it")
def factor_of_the_size(alpha):
    return np.sqrt((1 + alpha**2) / 2)


@wrong("6.5", "what is the square of alpha z")
def alpha_not_squared(alpha):
    return np.sqrt(2 / (1 + alpha))


@wrong("6.5", "which sign")
def subtracted(alpha):
    return np.sqrt(2 / (1 - alpha**2))


@wrong("6.5", "For alpha 0, which is ReLU")
def without_the_half(alpha):
    return np.sqrt(1 / (1 + alpha**2))


@wrong("6.5", "For alpha 1")
def relu_minus_alpha(alpha):
    return np.sqrt(2) - alpha


@wrong("6.5", "but not between")
def straight_line(alpha):
    return (1 - alpha) * np.sqrt(2) + alpha


@wrong("6.5", "Nearly")
def rounded(alpha):
    return round(np.sqrt(2 / (1 + alpha**2)), 2)


@wrong("6.6", "All units of a layer get the same bias")
def one_number(params, rng):
    return [Layer(W, rng.normal()) for W, b in params]


@wrong("6.6", "All biases of layer 1 are")
def one_number_for_all(params, rng):
    return [Layer(W, b + rng.normal()) for W, b in params]


@wrong("6.6", "one a unit")
def one_an_input(params, rng):
    return [Layer(W, rng.normal(size=len(W))) for W, b in params]


@wrong("6.6", "Entry 1 of the list is a tuple")
def pairs(params, rng):
    return [(W, rng.normal(size=b.shape)) for W, b in params]


@wrong("6.6", "expected a list of 4 Layers")
def one_layer_only(params, rng):
    for W, b in params:
        return Layer(W, rng.normal(size=b.shape))


@wrong("6.6", "The weights of layer 1")
def random_weights_too(params, rng):
    return [Layer(rng.normal(size=W.shape), rng.normal(size=b.shape)) for W, b in params]


@wrong("6.6", "The std of the biases is 0.01")
def small(params, rng):
    return [Layer(W, rng.normal(0, 0.01, size=b.shape)) for W, b in params]


@wrong("6.6", "The mean of the biases is 0.5")
def between_0_and_1(params, rng):
    return [Layer(W, rng.random(b.shape)) for W, b in params]


@wrong("6.6", "are drawn once")
def drawn_once(params, rng):
    numbers = rng.normal(size=10_000)
    return [Layer(W, numbers[: len(b)]) for W, b in params]


@wrong("6.6", "changes its argument")
def in_place(params, rng):
    for _, b in params:
        b += rng.normal(size=b.shape)
    return params


@wrong("6.6", "the second time")
def seeds_from_nowhere(params, rng):
    rng = np.random.default_rng()
    return [Layer(W, rng.normal(size=b.shape)) for W, b in params]


@wrong("6.6", "added to those that were given")
def added(params, rng):
    return [Layer(W, b + rng.normal(size=b.shape)) for W, b in params]


@wrong("6.6", "57% of the biases lie within one std")
def uniform(params, rng):
    return [Layer(W, rng.uniform(-(3**0.5), 3**0.5, b.shape)) for W, b in params]


@wrong("6.6", "not the tails")
def triangular(params, rng):
    return [Layer(W, rng.triangular(-(6**0.5), 0, 6**0.5, b.shape)) for W, b in params]


@wrong("6.6", "0% of the biases lie within one std")
def coins(params, rng):
    return [Layer(W, rng.choice([-1.0, 1.0], b.shape)) for W, b in params]


@wrong("6.6", "again and again")
def rounded_to_tenths(params, rng):
    return [Layer(W, rng.normal(size=b.shape).round(1)) for W, b in params]


@wrong("6.6", "All biases of layer 4 are 5")
def hidden_only(params, rng):
    *hidden, last = params
    return [*(Layer(W, rng.normal(size=b.shape)) for W, b in hidden), last]


@wrong("6.7", "a layer too early")
def counts_from_0(params, X):
    for l, z in enumerate(forward(params, X)[1].z):
        if (z == 0).all():
            return l


@wrong("6.7", "a layer too late")
def looks_at_what_goes_in(params, X):
    for l, a in enumerate(forward(params, X)[1].a, start=1):
        if (a == 0).all():
            return l


@wrong("6.7", "float64")
def in_float64(params, X):
    z = X
    for l, (W, b) in enumerate(params, start=1):
        z = np.maximum(z, 0).astype(np.float64) @ W + b
        if (z == 0).all():
            return l


@wrong("6.7", "but not all of them")
def any_of_them(params, X):
    for l, z in enumerate(forward(params, X)[1].z, start=1):
        if (z == 0).any():
            return l


@wrong("6.7", "what does allclose tolerate")
def nearly_0(params, X):
    for l, z in enumerate(forward(params, X)[1].z, start=1):
        if np.allclose(z, 0):
            return l


@wrong("6.7", "squares of z underflow")
def by_the_rms(params, X):
    for l, z in enumerate(forward(params, X)[1].z, start=1):
        if np.sqrt((z**2).mean()) == 0:
            return l


@wrong("6.7", "look at z, not at a")
def silent_after_relu(params, X):
    for l, z in enumerate(forward(params, X)[1].z, start=1):
        if (np.maximum(z, 0) == 0).all():
            return l


@wrong("6.7", "expected None")
def the_last_if_none(params, X):
    layers = [l for l, z in enumerate(forward(params, X)[1].z, start=1) if (z == 0).all()]
    return layers[0] if layers else len(params)


@wrong("6.7", "how many layers")
def the_last_that_is_not(params, X):
    return len([z for z in forward(params, X)[1].z if (z == 0).all()])


@wrong("6.7", "z vanish in layer 4")
def after_the_last_that_is_not(params, X):
    z = forward(params, X)[1].z
    return max(l for l in range(len(z)) if z[l].any()) + 2


@wrong("6.7", "the last of these layers")
def the_last(params, X):
    found = None
    for l, z in enumerate(forward(params, X)[1].z, start=1):
        if (z == 0).all():
            found = l
    return found


def first_where(silent):
    def answer(params, X):
        for l, z in enumerate(forward(params, X)[1].z, start=1):
            if silent(z):
                return l

    return answer


wrong("6.7", "add up to 0", first_where(lambda z: z.sum() == 0))
wrong("6.7", "the largest z", first_where(lambda z: z.max() == 0))
wrong("6.7", "the second's are not", first_where(lambda z: not z[0].any()))
wrong("6.7", "the first's are not", first_where(lambda z: not z[-1].any()))


@wrong("6.7", "but biases are not")
def without_biases(params, X):
    return first_where(lambda z: (z == 0).all())([Layer(W, 0 * b) for W, b in params], X)


@wrong("6.7", "a @ W and b cancel")
def by_the_weights(params, X):
    for l, (W, b) in enumerate(params, start=1):
        if not W.any() and not b.any():
            return l


@wrong("6.7", "the logits, are 0")
def hidden_layers_only(params, X):
    for l, z in enumerate(forward(params, X)[1].z[:-1], start=1):
        if (z == 0).all():
            return l


@wrong("6.7", "layer 3 are 0 by ReLU")
def with_tanh(params, X):
    for l, z in enumerate(forward(params, X, "tanh")[1].z, start=1):
        if (z == 0).all():
            return l


wrong("6.7", "the largest z is 1.4e-45", first_where(lambda z: np.abs(z).mean() == 0))


@wrong("6.7", "too small for float32")
def below_the_smallest_normal_number(params, X):
    return first_where(lambda z: np.abs(z).max() < np.finfo(np.float32).tiny)(params, X)
