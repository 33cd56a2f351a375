"""Wrong answers to the exercises of notebook 02."""

import numpy as np

from tests.exercises.wrong import wrong


@wrong("2.5", "takes tanh of a once more")
def tanh_twice(a):
    return 1 - np.tanh(a) ** 2


@wrong("2.5", "power of a")
def no_square(a):
    return 1 - a


@wrong("2.5", "sigmoid")
def of_the_sigmoid(a):
    return a * (1 - a)


@wrong("2.6", "columns sum to 1")
def wrong_axis(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


@wrong("2.6", "keepdims")
def sum_lies_flat(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1)


@wrong("2.6", "before exp")
def overflows(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@wrong("2.6", "one row alone")
def maximum_of_all(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


@wrong("2.6", "changes its argument")
def in_place(Z):
    Z -= Z.max(axis=1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


@wrong("2.5", "expected 0.2732")
def root_forgotten(a):
    return np.sqrt(1 - a**2) - a


@wrong("2.6", "Taking 1000 from")
def largest_size(Z):
    E = np.exp(Z - np.abs(Z).max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@wrong("2.6", "overflows still")
def mean_for_maximum(Z):
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@wrong("2.6", "All entries together")
def sum_of_all(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()


@wrong("2.6", "do not sum to 1")
def divided_by_the_largest(Z):
    E = np.exp(Z)
    return E / E.max(axis=1, keepdims=True)


@wrong("2.6", "ratios of exp(z)")
def without_exp(Z):
    Z = Z - Z.min(axis=1, keepdims=True)
    return Z / Z.sum(axis=1, keepdims=True)


@wrong("2.7", "The biases are missing")
def no_bias(W, b, X):
    return (X @ W <= 0).all(axis=0).sum()


@wrong("2.7", "exactly 0")
def below_zero(W, b, X):
    return (X @ W + b < 0).all(axis=0).sum()


@wrong("2.7", "on *some* image")
def silent_somewhere(W, b, X):
    return (X @ W + b <= 0).any(axis=0).sum()


@wrong("2.7", "which axis")
def images_without_activity(W, b, X):
    return (X @ W + b <= 0).all(axis=1).sum()


@wrong("2.7", "alive")
def alive(W, b, X):
    return (X @ W + b > 0).any(axis=0).sum()


@wrong("2.7", "pairs of an image and a unit")
def pairs(W, b, X):
    return (X @ W + b <= 0).sum()


@wrong("2.7", "sum, or mean, of z")
def mean_of_z(W, b, X):
    return ((X @ W + b).mean(axis=0) <= 0).sum()


@wrong("2.7", "which units")
def which(W, b, X):
    return (X @ W + b <= 0).all(axis=0)


@wrong("2.7", "fraction")
def fraction(W, b, X):
    return (X @ W + b <= 0).all(axis=0).mean()


@wrong("2.7", "ValueError")
def exchanged(W, b, X):
    return (W @ X + b <= 0).all(axis=0).sum()


@wrong("2.8", "At z = 1000")
def literally(z):
    return np.log(1 + np.exp(z))


@wrong("2.8", "At z = -1000")
def for_positive_only(z):
    return z + np.log1p(np.exp(-z))


@wrong("2.8", "stops growing")
def clipped(z):
    return np.log(1 + np.exp(np.minimum(z, 700)))


@wrong("2.8", "taken out of the logarithm is missing")
def not_put_back(z):
    return np.log1p(np.exp(-np.abs(z)))


@wrong("2.8", "the relation of the two")
def wrong_sign(z):
    return np.log(1 + np.exp(-z))


@wrong("2.8", "only the larger part")
def z_where_positive(z):
    return np.where(z > 0, z, np.log1p(np.exp(np.minimum(z, 0))))


@wrong("2.8", "In which branch")
def both_branches(z):
    return np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(z)))


@wrong("2.8", "the maximum cancels")
def as_in_softmax(z):
    return np.log(1 + np.exp(z - z.max()))


@wrong("2.8", "base 2")
def base_two(z):
    return np.log2(1 + np.exp(z))


@wrong("2.8", "ambiguous")
def if_of_an_array(z):
    if z > 0:
        return z + np.log(1 + np.exp(-z))
    return np.log(1 + np.exp(z))


def relu(z):
    return np.maximum(z, 0)


@wrong("2.9", "0.1 high")
def slope_of_one(x):
    return relu(x - 0.4) - 2 * relu(x - 0.5) + relu(x - 0.6)


@wrong("2.9", "not halfway down")
def falls_too_fast(x):
    return 10 * relu(x - 0.4) - 30 * relu(x - 0.5) + 10 * relu(x - 0.6)


@wrong("2.9", "it is level")
def slopes_for_changes(x):
    return 10 * relu(x - 0.4) - 10 * relu(x - 0.5) + 0 * relu(x - 0.6)


@wrong("2.9", "it falls on")
def two_kinks(x):
    return 10 * relu(x - 0.4) - 20 * relu(x - 0.5)


@wrong("2.9", "does not stay 0")
def climbs_again(x):
    return 10 * relu(x - 0.4) - 20 * relu(x - 0.5) + 20 * relu(x - 0.6)


@wrong("2.9", "Left of 0.4")
def a_line_for_a_relu(x):
    return 10 * (x - 0.4) - 20 * relu(x - 0.5) + 10 * relu(x - 0.6)


@wrong("2.9", "At 0.5 it is 0.")
def plus_in_the_relu(x):
    return 10 * relu(x + 0.4) - 20 * relu(x + 0.5) + 10 * relu(x + 0.6)


@wrong("2.9", "At 0.5 it is 0.5.")
def half_as_high(x):
    return 5 * relu(x - 0.4) - 10 * relu(x - 0.5) + 5 * relu(x - 0.6)


@wrong("2.5", "a = ±1")
def clipped_for_arctanh(a):
    return 1 / np.cosh(np.arctanh(np.clip(a, -0.95, 0.95))) ** 2


@wrong("2.5", "IndexError")
def for_tables_only(a):
    slopes = np.zeros(a.shape)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            slopes[i, j] = 1 - a[i, j] ** 2
    return slopes


@wrong("2.6", "the logarithm of the softmax")
def log_softmax(Z):
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


@wrong("2.6", "has shape (3,); expected (1, 3)")
def row_squeezed(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.squeeze(E / E.sum(axis=1, keepdims=True))


@wrong("2.6", "it makes integers")
def array_of_the_kind_of_z(Z):
    result = np.zeros_like(Z)
    for n in range(len(Z)):
        E = np.exp(Z[n] - Z[n].max())
        result[n] = E / E.sum()
    return result


@wrong("2.7", "only integers left")
def integers_first(W, b, X):
    return ((X @ W + b).astype(int) <= 0).all(axis=0).sum()


@wrong("2.7", "tiny")
def nearly_silent(W, b, X):
    return (np.maximum(0, X @ W + b).mean(axis=0) < 1e-3).sum()


@wrong("2.7", "last of 200 images alone")
def without_the_last_image(W, b, X):
    return (X[:-1] @ W + b <= 0).all(axis=0).sum()


@wrong("2.7", "first image alone")
def without_the_first_image(W, b, X):
    return (X[1:] @ W + b <= 0).all(axis=0).sum()


@wrong("2.7", "may be below as well")
def largest_is_zero(W, b, X):
    return ((X @ W + b).max(axis=0) == 0).sum()


@wrong("2.8", "not at z = 10.1")
def z_above_ten(z):
    return np.where(z > 10, z, np.log1p(np.exp(np.minimum(z, 10))))


@wrong("2.8", "not at z = -10.1")
def zero_below_minus_ten(z):
    return np.where(z < -10, 0, np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))


@wrong("2.9", "curved")
def raised_cosine(x):
    return np.where(np.abs(x - 0.5) < 0.1, (1 + np.cos(10 * np.pi * (x - 0.5))) / 2, 0)


@wrong("2.9", "At 0.45 it is 1")
def step(x):
    return np.where((x > 0.4) & (x < 0.6), 1.0, 0.0)


@wrong("2.5", "It is off by 1e-08")
def never_quite_zero(a):
    return np.maximum(1 - a**2, 1e-8)


@wrong("2.6", "It is off by")
def small_number_in_the_sum(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / (E.sum(axis=1, keepdims=True) + 1e-7)


@wrong("2.7", "what is counted")
def length_of_a_tuple(W, b, X):
    return len(np.where((X @ W + b <= 0).all(axis=0)))


@wrong("2.7", "look at all of them")
def first_ten_units(W, b, X):
    return int((X @ W[:, :10] + b[:10] <= 0).all(axis=0).sum())


@wrong("2.8", "type of an argument")
def type_of_z(z):
    result = np.zeros_like(z)
    result[...] = np.logaddexp(0, z)
    return result


@wrong("2.8", "expected a single number")
def one_axis_at_least(z):
    return np.logaddexp(0, np.atleast_1d(z))


@wrong("2.8", "squared")
def size_by_a_root(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.sqrt(z * z)))


@wrong("2.8", "At z = 1.7e+308 it is not finite")
def half_of_twice_z(z):
    return (z + np.abs(z)) / 2 + np.log1p(np.exp(-np.abs(z)))
