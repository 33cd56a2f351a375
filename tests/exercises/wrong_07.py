"""Wrong answers to the exercises of notebook 07."""

import numpy as np

from mnist_edu.network import forward
from mnist_edu.topics.signal_propagation import gain_params
from tests.exercises.wrong import wrong


@wrong("7.2", "ρ is for one")
def no_root(z):
    return z[-1].std() / z[0].std()


@wrong("7.2", "how many times is s multiplied")
def root_too_high(z):
    return (z[-1].std() / z[0].std()) ** (1 / len(z))


@wrong("7.2", "how many steps")
def root_too_low(z):
    return (z[-1].std() / z[0].std()) ** (1 / (len(z) - 2))


@wrong("7.2", "which of the two s is divided")
def upside_down(z):
    return (z[0].std() / z[-1].std()) ** (1 / (len(z) - 1))


@wrong("7.2", "factor of the variance")
def of_the_variance(z):
    return (z[-1].var() / z[0].var()) ** (1 / (len(z) - 1))


@wrong("7.2", "Which mean")
def arithmetic_mean(z):
    s = np.array([each.std() for each in z])
    return (s[1:] / s[:-1]).mean()


@wrong("7.2", "is the mean of z taken off")
def of_the_rms(z):
    s = [np.sqrt((each**2).mean()) for each in z]
    return (s[-1] / s[0]) ** (1 / (len(z) - 1))


@wrong("7.2", "*multiplied*")
def divided(z):
    return z[-1].std() / z[0].std() / (len(z) - 1)


@wrong("7.2", "for no other number")
def five_layers(z):
    return (z[-1].std() / z[0].std()) ** (1 / 4)


@wrong("7.2", "not 0.")
def last_two(z):
    return z[-1].std() / z[-2].std()


@wrong("7.3", "ReLU gets 2:")
def gain_squared(f, rng):
    z = rng.normal(size=100_000)
    return (z**2).mean() / (f(z) ** 2).mean()


@wrong("7.3", "ReLU gets 0.5:")
def mean_square_left(f, rng):
    z = rng.normal(size=100_000)
    return (f(z) ** 2).mean()


@wrong("7.3", "ReLU gets 0.71:")
def size_left(f, rng):
    z = rng.normal(size=100_000)
    return np.sqrt((f(z) ** 2).mean())


@wrong("7.3", "takes the mean of f(z) off")
def by_the_std(f, rng):
    z = rng.normal(size=100_000)
    return z.std() / f(z).std()


@wrong("7.3", "seems to be from the mean of f(z)")
def by_the_mean(f, rng):
    z = rng.normal(size=100_000)
    return 1 / f(z).mean()


@wrong("7.3", "half of the z negative")
def positive_numbers(f, rng):
    z = rng.random(100_000)
    return np.sqrt((z**2).mean() / (f(z) ** 2).mean())


@wrong("7.3", "the second time")
def from_nowhere(f, rng):
    z = np.random.default_rng().normal(size=100_000)
    return np.sqrt((z**2).mean() / (f(z) ** 2).mean())


@wrong("7.3", "are there enough numbers")
def eighty_numbers(f, rng):
    z = rng.normal(size=80)
    return 1 / np.sqrt((f(z) ** 2).mean())


@wrong("7.3", "For the identity")
def uniform_not_divided(f, rng):
    z = rng.uniform(-1, 1, size=100_000)
    return np.sqrt(1 / (f(z) ** 2).mean())


def stds(sizes, rng, X, gain=1.41):
    return np.array([z.std() for z in forward(gain_params(sizes, rng, gain), X)[1].z])


@wrong("7.4", "ρ is for one of them")
def all_layers_together(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(seed), X)
    return s[9] / s[0]


@wrong("7.4", "how many steps")
def ten_steps(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(seed), X)[:-1]
    return (s[-1] / s[0]) ** (1 / 10)


@wrong("7.4", "which have another gain")
def with_the_logits(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(seed), X)
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "leave them out")
def with_the_logits_and_ten_steps(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(seed), X)
    return (s[-1] / s[0]) ** (1 / 10)


@wrong("7.4", "It is ρ at g = 1")
def gain_of_1(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(seed), X, gain=1.0)[:-1]
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "is the seed used")
def one_seed(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(0), X)[:-1]
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "is the width used")
def always_100(width, seed, X):
    s = stds([784, *[100] * 10, 10], np.random.default_rng(seed), X)[:-1]
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "make the generator from the seed")
def goes_on_drawing(width, seed, X, rng=np.random.default_rng(7)):  # noqa: B008
    s = stds([784, *[width] * 10, 10], rng, X)[:-1]
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "mean of four ρ")
def std_is_1(width, seed, X):
    s = stds([784, *[width] * 10, 10], np.random.default_rng(seed), X, gain=width**0.5)[:-1]
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "are all ten layers so wide")
def only_the_first_is_wide(width, seed, X):
    s = stds([784, width, *[100] * 9, 10], np.random.default_rng(seed), X)[:-1]
    return (s[-1] / s[0]) ** (1 / 9)


@wrong("7.4", "are they sent through")
def no_network(width, seed, X):
    return 1 + 0.03 * np.random.default_rng([width, seed]).normal()


def residual(gain, depth, rng, layer, size=lambda a: np.sqrt((a**2).mean()), std=0.1):
    first = a = rng.normal(size=(500, 100))
    sizes = []
    for _ in range(depth):
        a = layer(a, a @ rng.normal(0, gain * std, size=(100, 100)), first)
        sizes.append(size(a))
    return np.array(sizes)


def right_layer(a, z, first):
    return a + np.maximum(z, 0)


@wrong("7.5", "added to its output")
def no_shortcut(gain, depth, rng):
    return residual(gain, depth, rng, lambda a, z, first: np.maximum(z, 0))


@wrong("7.5", "where is the ReLU")
def no_relu(gain, depth, rng):
    return residual(gain, depth, rng, lambda a, z, first: a + z)


@wrong("7.5", "before the sum, or after")
def relu_of_the_sum(gain, depth, rng):
    return residual(gain, depth, rng, lambda a, z, first: np.maximum(a + z, 0))


@wrong("7.5", "begin with the a before it")
def from_the_first(gain, depth, rng):
    return residual(gain, depth, rng, lambda a, z, first: first + np.maximum(z, 0))


@wrong("7.5", "the mean square, or its root")
def mean_squares(gain, depth, rng):
    return residual(gain, depth, rng, right_layer, size=lambda a: (a**2).mean())


@wrong("7.5", "That is a std")
def stds_of_a(gain, depth, rng):
    return residual(gain, depth, rng, right_layer, size=np.std)


@wrong("7.5", "how large are the weights")
def not_divided(gain, depth, rng):
    return residual(gain, depth, rng, right_layer, std=1)


@wrong("7.5", "as large as g asks")
def divided_by_n(gain, depth, rng):
    return residual(gain, depth, rng, right_layer, std=0.01)


@wrong("7.5", "is the gain used")
def without_gain(gain, depth, rng):
    return residual(1, depth, rng, right_layer)


@wrong("7.5", "one number too many")
def with_the_input(gain, depth, rng):
    return np.array([1.0, *residual(gain, depth, rng, right_layer)])


@wrong("7.5", "weights of its own")
def one_matrix(gain, depth, rng):
    a, W = rng.normal(size=(500, 100)), rng.normal(0, gain / 10, size=(100, 100))
    sizes = []
    for _ in range(depth):
        a = a + np.maximum(a @ W, 0)
        sizes.append(np.sqrt((a**2).mean()))
    return sizes


@wrong("7.5", "the second time")
def from_nowhere_again(gain, depth, rng):
    return residual(gain, depth, np.random.default_rng(), right_layer)


@wrong("7.5", "Another rng gives")
def own_seed(gain, depth, rng):
    return residual(gain, depth, np.random.default_rng(0), right_layer)
