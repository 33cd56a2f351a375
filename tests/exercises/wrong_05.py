"""Wrong answers to the exercises of notebook 05."""

import math

import numpy as np

from mnist_edu.activations import relu
from mnist_edu.gradient_check import numerical_gradient, relative_error
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.network import Layer
from tests.exercises.wrong import wrong


def differences(f, x, h, ahead=False, divisor=2):
    """Return slopes by central or forward differences."""
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        below = f(x) if ahead else f(x - step)
        slopes[i] = (f(x + step) - below) / (h if ahead else divisor * h)
    return slopes


@wrong("5.1", "forward differences")
def ahead(f, gradient, x, h=1e-5):
    return relative_error(gradient, differences(f, x, h, ahead=True))


@wrong("5.1", "slopes are doubled")
def divided_by_h(f, gradient, x, h=1e-5):
    return relative_error(gradient, differences(f, x, h, divisor=1))


@wrong("5.1", "does not depend on h")
def h_forgotten(f, gradient, x, h=1e-5):
    return relative_error(gradient, numerical_gradient(f, x))


@wrong("5.1", "length of the difference")
def absolute(f, gradient, x, h=1e-5):
    return np.linalg.norm(gradient - differences(f, x, h))


@wrong("5.1", "both lengths added")
def by_the_sum(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    size = np.linalg.norm
    return size(gradient - slopes) / (size(gradient) + size(slopes))


@wrong("5.1", "length of the measured one")
def by_the_measured(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    return np.linalg.norm(gradient - slopes) / np.linalg.norm(slopes)


@wrong("5.1", "length of the claimed one")
def by_the_claimed(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    return np.linalg.norm(gradient - slopes) / np.linalg.norm(gradient)


@wrong("5.1", "the worst entry")
def worst_entry(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    return (abs(gradient - slopes) / np.maximum(abs(gradient), abs(slopes))).max()


@wrong("5.1", "a number for each entry")
def each_entry(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    return abs(gradient - slopes) / np.maximum(abs(gradient), abs(slopes))


@wrong("5.1", "a root is missing")
def squares(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    off = ((gradient - slopes) ** 2).sum()
    return off / max((gradient**2).sum(), (slopes**2).sum())


@wrong("5.1", "compares lengths only")
def lengths(f, gradient, x, h=1e-5):
    claimed, measured = np.linalg.norm(gradient), np.linalg.norm(differences(f, x, h))
    return abs(claimed - measured) / max(claimed, measured)


@wrong("5.1", "not a sum of sizes")
def sum_of_sizes(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    return abs(gradient - slopes).sum() / max(abs(gradient).sum(), abs(slopes).sum())


@wrong("5.1", "one at a time, and back")
def not_put_back(f, gradient, x, h=1e-5):
    x, slopes = x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        slopes[i] = (above - f(x)) / (2 * h)
    return relative_error(gradient, slopes)


@wrong("5.1", "changes its argument")
def moves_the_argument(f, gradient, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        slopes[i] = (above - f(x)) / (2 * h)
    return relative_error(gradient, slopes)


@wrong("5.1", "It stops")
def one_index(f, gradient, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in range(x.size):
        step = np.zeros(x.shape)
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    return relative_error(gradient, slopes)


@wrong("5.1", "tables only")
def rows_and_columns(f, gradient, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in range(len(x)):
        for j in range(x[0].size):
            step = np.zeros(x.shape)
            step[(i, j)[: x.ndim]] = h
            slopes[(i, j)[: x.ndim]] = (f(x + step) - f(x - step)) / (2 * h)
    return relative_error(gradient, slopes) if x.ndim == 2 else 0.0


def slope_along(f, x, v, h):
    return (f(x + h * v) - f(x - h * v)) / (2 * h)


def direction(x, rng):
    v = rng.normal(size=x.shape)
    return v / np.linalg.norm(v)


@wrong("5.2", "what is the length of v")
def no_length(f, gradient, x, rng, h=1e-5):
    v = rng.normal(size=x.shape)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "may be negative")
def no_abs(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return (gradient * v).sum() - slope_along(f, x, v, h)


@wrong("5.2", "the plain difference")
def relative(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    told, seen = (gradient * v).sum(), slope_along(f, x, v, h)
    return abs(told - seen) / max(abs(told), abs(seen))


@wrong("5.2", "a forward difference")
def ahead_only(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs((gradient * v).sum() - (f(x + h * v) - f(x)) / h)


@wrong("5.2", "measured slope is doubled")
def divided_by_h_alone(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs((gradient * v).sum() - 2 * slope_along(f, x, v, h))


@wrong("5.2", "not divided by the distance")
def not_divided(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs((gradient * v).sum() - f(x + h * v) + f(x - h * v))


@wrong("5.2", "a matrix product")
def matrix_product(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs(np.sum(gradient @ v) - slope_along(f, x, v, h))


@wrong("5.2", "expected a single number")
def product_not_summed(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs(gradient * v - slope_along(f, x, v, h))


@wrong("5.2", "evaluates f 18 times")
def every_entry(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs(((gradient - numerical_gradient(f, x, h)) * v).sum())


@wrong("5.2", "is `rng` used")
def own_generator(f, gradient, x, rng, h=1e-5):
    v = direction(x, np.random.default_rng(0))
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "one sign")
def positive_only(f, gradient, x, rng, h=1e-5):
    v = rng.random(x.shape)
    v /= np.linalg.norm(v)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "move alike")
def a_row_for_v(f, gradient, x, rng, h=1e-5):
    v = rng.normal(size=len(x))
    v /= np.linalg.norm(v)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "One entry alone")
def one_entry(f, gradient, x, rng, h=1e-5):
    v = np.zeros(x.size)
    v[rng.integers(x.size)] = 1
    v = v.reshape(x.shape)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "The places are 1e-5 from x")
def own_step(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs((gradient * v).sum() - slope_along(f, x, v, 1e-5))


@wrong("5.2", "slope along itself")
def length_of_the_gradient(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs(np.linalg.norm(gradient) - slope_along(f, x, v, h))


@wrong("5.2", "without v")
def sum_of_the_gradient(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs(gradient.sum() - slope_along(f, x, v, h))


def two_layers(params, X, y, at_gate=np.greater, loss=cross_entropy, scale=1.0):
    (W1, b1), (W2, b2) = params
    z1 = X @ W1 + b1
    a1 = relu(z1)
    z2 = a1 @ W2 + b2
    dz2 = cross_entropy_grad(z2, y)
    dz1 = dz2 @ W2.T * at_gate(z1, 0)
    first = Layer(X.T @ dz1, scale * dz1.sum(axis=0))
    return loss(z2, y), [first, Layer(a1.T @ dz2, dz2.sum(axis=0))]


@wrong("5.4", "where is the bug")
def healthy(params, X, y):
    return two_layers(params, X, y)


@wrong("5.4", "z is exactly 0")
def open_at_zero(params, X, y):
    return two_layers(params, X, y, at_gate=np.greater_equal)


@wrong("5.4", "No check sees that")
def both_without_relu(params, X, y):
    (W1, b1), (W2, b2) = params
    a1 = X @ W1 + b1
    dz2 = cross_entropy_grad(a1 @ W2 + b2, y)
    dz1 = dz2 @ W2.T
    grads = [Layer(X.T @ dz1, dz1.sum(axis=0)), Layer(a1.T @ dz2, dz2.sum(axis=0))]
    return cross_entropy(a1 @ W2 + b2, y), grads


@wrong("5.4", "Plant the bug on the way back")
def other_labels(params, X, y):
    return two_layers(params, X, (y + 1) % 10)


@wrong("5.4", "(db1)")
def too_small(params, X, y):
    return two_layers(params, X, y, scale=1 + 1e-9)


@wrong("5.4", "db2 has shape ()")
def one_bias(params, X, y):
    loss, (first, second) = two_layers(params, X, y)
    return loss, [first, Layer(second.W, second.b.sum())]


@wrong("5.4", "expected the loss and a list")
def gradient_alone(params, X, y):
    return two_layers(params, X, y)[1][0].W


@wrong("5.4", "It returns 4 items")
def four_arrays(params, X, y):
    loss, (first, second) = two_layers(params, X, y)
    return loss, [*first, *second]


@wrong("5.4", "changes its argument")
def steps_besides(params, X, y):
    loss, grads = two_layers(params, X, y)
    params[1].W[:] -= 0.1 * grads[1].W
    return loss, grads


@wrong("5.4", "dW1: It returns NaN")
def nan(params, X, y):
    loss, (first, second) = two_layers(params, X, y)
    return loss, [Layer(first.W / 0, first.b), second]


@wrong("5.5", "what is it divided by")
def not_divided_by_h(f, x, h=1e-20):
    return f(x + 1j * h).imag


@wrong("5.5", "complex still")
def still_complex(f, x, h=1e-20):
    return f(x + 1j * h) / h


@wrong("5.5", "That is the real part. Which")
def real_part(f, x, h=1e-20):
    return f(x + 1j * h).real / h


@wrong("5.5", "close to f itself")
def real_part_alone(f, x, h=1e-20):
    return f(x + 1j * h).real


@wrong("5.5", "divided by 2h")
def as_in_a_central_difference(f, x, h=1e-20):
    return f(x + 1j * h).imag / (2 * h)


@wrong("5.5", "real numbers only")
def forward_difference(f, x, h=1e-20):
    return (f(x + h) - f(x)) / h


@wrong("5.5", "takes both parts")
def length_of_the_number(f, x, h=1e-20):
    return abs(f(x + 1j * h)) / h


@wrong("5.5", "where is x")
def x_forgotten(f, x, h=1e-20):
    return f(1j * h).imag / h


@wrong("5.5", "does not depend on h")
def h_forgotten_here(f, x, h=1e-20):
    return f(x + 1e-20j).imag / 1e-20


@wrong("5.5", "to which side")
def minus(f, x, h=1e-20):
    return f(x - 1j * h).imag / h


@wrong("5.6", "In which direction")
def floor(share, probability):
    return int(math.log(1 - probability) / math.log(1 - share))


@wrong("5.6", "entries are counted")
def not_whole(share, probability):
    return math.log(1 - probability) / math.log(1 - share)


@wrong("5.6", "6 draws *miss*")
def met_for_missed(share, probability):
    return math.ceil(math.log(probability) / math.log(1 - share))


@wrong("5.6", "do not add up")
def linear(share, probability):
    return math.ceil(probability / share)


@wrong("5.6", "One draw is not enough")
def good_for_bad(share, probability):
    return math.ceil(math.log(1 - probability) / math.log(share))


@wrong("5.6", "replaced by -share")
def for_small_shares(share, probability):
    return math.ceil(-math.log(1 - probability) / share)


@wrong("5.6", "is that enough")
def one_more_than_the_floor(share, probability):
    return math.floor(math.log(1 - probability) / math.log(1 - share)) + 1


@wrong("5.6", "once on average")
def on_average(share, probability):
    return math.ceil(1 / share)


@wrong("5.6", "it gives 2, not 4")
def with_the_numbers_put_in(share, probability):
    return 2 if share > 0.01 else 299


@wrong("5.1", "Where all slopes are small")
def beside_one_at_least(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    norms = np.linalg.norm(gradient), np.linalg.norm(slopes), 1
    return np.linalg.norm(gradient - slopes) / max(norms)


@wrong("5.2", "are they normal")
def uniform_numbers(f, gradient, x, rng, h=1e-5):
    v = rng.uniform(-1, 1, x.shape)
    v /= np.linalg.norm(v)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "do not move")
def half_zeros(f, gradient, x, rng, h=1e-5):
    v = rng.normal(size=x.shape)
    v.flat[9::2] = 0
    v /= np.linalg.norm(v)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "one is transposed")
def gradient_transposed(f, gradient, x, rng, h=1e-5):
    v = direction(x, rng)
    return abs((gradient.T * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "broadcast")
def square_direction(f, gradient, x, rng, h=1e-5):
    v = rng.normal(size=(len(x), len(x)))
    v /= np.linalg.norm(v)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.2", "IndexError")
def direction_of_a_table(f, gradient, x, rng, h=1e-5):
    v = rng.normal(size=(x.shape[0], x.shape[1]))
    v /= np.linalg.norm(v)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.5", "where is the sign lost")
def size_of_the_imaginary_part(f, x, h=1e-20):
    return abs(f(x + 1j * h).imag) / h


@wrong("5.5", "2 times")
def on_both_sides(f, x, h=1e-20):
    return (f(x + 1j * h) - f(x - 1j * h)).imag / (2 * h)


@wrong("5.5", "to 12 digits")
def step_of_a_difference(f, x, h=1e-4):
    return f(x + 1j * h).imag / h


@wrong("5.6", "not 299572")
def search_to_a_thousand(share, probability):
    return next((n for n in range(1, 1000) if 1 - (1 - share) ** n >= probability), 1000)


@wrong("5.6", "it is a float")
def rounded_up_as_a_float(share, probability):
    return np.ceil(np.log(1 - probability) / np.log(1 - share))


@wrong("5.1", "largest stretch")
def largest_stretch(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    norms = np.linalg.norm(gradient, 2), np.linalg.norm(slopes, 2)
    return np.linalg.norm(gradient - slopes, 2) / max(norms)


@wrong("5.1", "It is off by")
def small_number_below(f, gradient, x, h=1e-5):
    slopes = differences(f, x, h)
    norms = np.linalg.norm(gradient), np.linalg.norm(slopes)
    return np.linalg.norm(gradient - slopes) / (max(norms) + 1e-8)


@wrong("5.2", "drawn from `rng`")
def global_generator(f, gradient, x, rng, h=1e-5):
    v = direction(x, np.random)
    return abs((gradient * v).sum() - slope_along(f, x, v, h))


@wrong("5.4", "have changed places")
def gradient_first(params, X, y):
    return two_layers(params, X, y, scale=2)[::-1]


@wrong("5.4", "matmul")
def fits_square_layers_only(params, X, y):
    (W1, b1), (W2, b2) = params
    return two_layers([Layer(W1, b1), Layer(W2.T, b2)], X, y)


@wrong("5.5", "With h = 1e-20, sin at 0.7")
def in_complex64(f, x, h=1e-20):
    return float(f(np.complex64(x + 1j * h)).imag / h)


@wrong("5.5", "With h = 1e-20, exp at -1.0")
def right_of_zero(f, x, h=1e-20):
    return f(x + 1j * h).imag / h if x > 0 else 0.0


@wrong("5.6", "it gives 266, not 267")
def rounded_to_a_tenth(share, probability):
    return math.ceil(round(math.log(1 - probability) / math.log(1 - share), 1))


@wrong("5.6", "it gives 14, not 4")
def always_95_percent(share, probability):
    return math.ceil(math.log(0.05) / math.log(1 - share))
