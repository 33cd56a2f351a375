"""Wrong answers to the exercises of notebook 01."""

from itertools import pairwise

import numpy as np

from tests.exercises.wrong import wrong


@wrong("1.4", "where is the ReLU")
def no_relu(x, W, b):
    z = np.zeros(len(b))
    for j in range(len(b)):
        z[j] = b[j] + sum(x[d] * W[d, j] for d in range(len(x)))
    return z


@wrong("1.4", "biases are missing")
def no_bias(x, W, b):
    a = np.zeros(len(b))
    for j in range(len(b)):
        a[j] = max(0, sum(x[d] * W[d, j] for d in range(len(x))))
    return a


@wrong("1.4", "Rows and columns")
def transposed(x, W, b):
    a = np.zeros(len(b))
    for j in range(len(b)):
        a[j] = max(0, b[j] + sum(x[d] * W[j, d] for d in range(len(x))))
    return a


@wrong("1.4", "after the ReLU")
def bias_after_relu(x, W, b):
    a = np.zeros(len(b))
    for j in range(len(b)):
        a[j] = max(0, sum(x[d] * W[d, j] for d in range(len(x)))) + b[j]
    return a


@wrong("1.4", "In which loop")
def bias_in_the_inner_loop(x, W, b):
    a = np.zeros(len(b))
    for j in range(len(b)):
        for d in range(len(x)):
            a[j] += x[d] * W[d, j] + b[j]
        a[j] = max(0, a[j])
    return a


@wrong("1.4", "applied to each product as well")
def relu_of_each_product(x, W, b):
    a = np.zeros(len(b))
    for j in range(len(b)):
        for d in range(len(x)):
            a[j] += max(0, x[d] * W[d, j])
        a[j] = max(0, a[j] + b[j])
    return a


@wrong("1.4", "lost their sign")
def absolute(x, W, b):
    return np.array([abs(sum(x * W[:, j]) + b[j]) for j in range(len(b))])


@wrong("1.4", "decimals are cut off")
def integers(x, W, b):
    a = np.array([0] * len(b))
    for j in range(len(b)):
        a[j] = max(0, b[j] + sum(x[d] * W[d, j] for d in range(len(x))))
    return a


@wrong("1.4", "changes its argument")
def adds_to_b(x, W, b):
    a = b
    for j in range(len(b)):
        for d in range(len(x)):
            a[j] += x[d] * W[d, j]
    return np.maximum(0, a)


@wrong("1.4", "expected an array of shape (3,)")
def one_unit(x, W, b):
    for j in range(len(b)):
        z = b[j]
        for d in range(len(x)):
            z += x[d] * W[d, j]
        return max(0, z)


@wrong("1.4", "IndexError")
def as_many_units_as_inputs(x, W, b):
    a = np.zeros(len(x))
    for j in range(len(x)):
        a[j] = max(0, b[j] + sum(x[d] * W[d, j] for d in range(len(x))))
    return a


@wrong("1.5", "weights alone")
def weights(sizes):
    return sum(n_in * n_out for n_in, n_out in pairwise(sizes))


@wrong("1.5", "The inputs get biases")
def biases_of_inputs(sizes):
    return weights(sizes) + sum(sizes)


@wrong("1.5", "for each of its *inputs*")
def bias_for_each_input(sizes):
    return sum(n_in * (n_out + 1) for n_in, n_out in pairwise(sizes))


@wrong("1.5", "a single bias")
def one_bias_a_layer(sizes):
    return sum(n_in * n_out + 1 for n_in, n_out in pairwise(sizes))


@wrong("1.5", "last layer is missing")
def stops_too_early(sizes):
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 2))


@wrong("1.5", "`sizes[-1]` exists")
def from_last_to_first(sizes):
    return sum((sizes[i - 1] + 1) * sizes[i] for i in range(len(sizes)))


@wrong("1.5", "IndexError")
def beyond_the_end(sizes):
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes)))


@wrong("1.5", "use its argument")
def always_the_same(sizes):
    sizes = [784, 100, 10]
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))


@wrong("1.5", "it is a float")
def as_float(sizes):
    total = 0.0
    for n_in, n_out in pairwise(sizes):
        total += (n_in + 1) * n_out
    return total


@wrong("1.5", "not for one or two")
def three_layers(sizes):
    first, second = (sizes[0] + 1) * sizes[1], (sizes[1] + 1) * sizes[-2]
    return first + second + (sizes[-2] + 1) * sizes[-1]


@wrong("1.6", "a bias of its own")
def flat_b(W_columns, b, X_columns):
    return W_columns @ X_columns + b


@wrong("1.6", "biases are missing")
def no_b(W_columns, b, X_columns):
    return W_columns @ X_columns


@wrong("1.6", "before the ReLU")
def with_relu(W_columns, b, X_columns):
    return np.maximum(0, W_columns @ X_columns + b[:, np.newaxis])


@wrong("1.6", "Right, but transposed")
def rows_again(W_columns, b, X_columns):
    return X_columns.T @ W_columns.T + b


@wrong("1.6", "order of the product")
def order_of_rows(W_columns, b, X_columns):
    return X_columns @ W_columns + b[:, np.newaxis]


@wrong("1.6", "the layer of rows")
def layer_of_rows(W_columns, b, X_columns):
    return X_columns @ W_columns + b


@wrong("1.6", "a row for each unit")
def transposed_once_more(W_columns, b, X_columns):
    return W_columns.T @ X_columns + b[:, np.newaxis]


@wrong("1.6", "changes its argument")
def shape_of_b(W_columns, b, X_columns):
    b.resize((len(b), 1), refcheck=False)
    return W_columns @ X_columns + b


@wrong("1.6", "stops in its line")
def b_by_number_of_images(W_columns, b, X_columns):
    column = b.reshape(X_columns.shape[1], 1)
    return W_columns @ X_columns + column


@wrong("1.7", "has to meet")
def first_and_last(X, W, b):
    return np.column_stack([np.ones(len(X)), X]), np.vstack([W, b])


@wrong("1.7", "what does the new column of X1 hold")
def zeros(X, W, b):
    return np.column_stack([X, np.zeros(len(X))]), np.vstack([W, b])


@wrong("1.7", "would belong to images")
def exchanged(X, W, b):
    return np.column_stack([X, b]), np.vstack([W, np.ones(len(b))])


@wrong("1.7", "A new input is a column")
def ones_as_a_row(X, W, b):
    return np.vstack([X, np.ones(X.shape[1])]), np.vstack([W, b])


@wrong("1.7", "expected (4, 4)")
def append_flattens(X, W, b):
    return np.append(X, np.ones(len(X))), np.vstack([W, b])


@wrong("1.7", "changed places")
def in_the_wrong_order(X, W, b):
    return np.vstack([W, b]), np.column_stack([X, np.ones(len(X))])


@wrong("1.7", "expected two arrays")
def multiplied_already(X, W, b):
    return np.column_stack([X, np.ones(len(X))]) @ np.vstack([W, b])


@wrong("1.7", "no input is always 1")
def twos(X, W, b):
    return np.column_stack([X, np.full(len(X), 2)]), np.vstack([W, b / 2])


@wrong("1.7", "is not X @ W + b")
def other_number(X, W, b):
    return np.column_stack([X, np.full(len(X), X.shape[1])]), np.vstack([W, b])


@wrong("1.7", "W1: ")
def only_x(X, W, b):
    return np.column_stack([X, np.ones(len(X))]), W


@wrong("1.4", "If b holds integers")
def sums_of_the_kind_of_b(x, W, b):
    a = np.zeros_like(b)
    for j in range(len(b)):
        a[j] = max(0, b[j] + sum(x[d] * W[d, j] for d in range(len(x))))
    return a


@wrong("1.4", "with two inputs")
def at_most_one(x, W, b):
    return np.array([min(1, max(0, b[j] + sum(x * W[:, j]))) for j in range(len(b))])


@wrong("1.5", "a size, or its place")
def place_of_a_size(sizes):
    return sum((n + 1) * sizes[sizes.index(n) + 1] for n in sizes[:-1])


@wrong("1.5", "up to three layers")
def at_most_three_layers(sizes):
    total = (sizes[0] + 1) * sizes[1]
    if len(sizes) > 2:
        total += (sizes[1] + 1) * sizes[2]
    if len(sizes) > 3:
        total += (sizes[2] + 1) * sizes[3]
    return total


@wrong("1.5", "changes its argument")
def adds_the_bias_to_the_sizes(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        sizes[i] += 1
        total += sizes[i] * sizes[i + 1]
    return total


@wrong("1.7", "that is not b")
def a_share_of_the_bias(X, W, b):
    return np.column_stack([X, np.ones(len(X))]), np.vstack([W, b / len(X)])


def layer_until(stop, x, W, b):
    """Return a layer by loops; an inner loop ends where stop says so."""
    a = np.array(b, dtype=float)
    for j in range(len(b)):
        for i in range(len(x)):
            if stop(x[i], W[i, j]):
                break
            a[j] += x[i] * W[i, j]
    return np.maximum(a, 0)


@wrong("1.4", "an input is 0")
def ends_at_an_input_of_zero(x, W, b):
    return layer_until(lambda pixel, weight: pixel == 0, x, W, b)


@wrong("1.4", "a weight is 0")
def ends_at_a_weight_of_zero(x, W, b):
    return list(layer_until(lambda pixel, weight: weight == 0, x, W, b))


@wrong("1.4", "tiny")
def small_activations_cut(x, W, b):
    a = layer_until(lambda pixel, weight: False, x, W, b)
    return a * (a > 1e-3)


@wrong("1.4", "list assignment index out of range")
def at_most_100_units(x, W, b):
    a = [0.0] * 100
    for j, z in enumerate(layer_until(lambda pixel, weight: False, x, W, b)):
        a[j] = z
    return a[: len(b)]


@wrong("1.4", "larger arrays")
def at_most_100_inputs(x, W, b):
    return layer_until(lambda pixel, weight: False, x[:100], W, b)


@wrong("1.4", "loops alone")
def by_a_product(x, W, b):
    return np.maximum(0, np.einsum("i,ij->j", x, W) + b)


@wrong("1.5", "does each count")
def set_of_layers(sizes):
    return sum((n + 1) * m for n, m in set(pairwise(sizes)))


@wrong("1.5", "second time")
def total_kept(sizes, totals=[]):  # noqa: B006
    totals += [(n + 1) * m for n, m in pairwise(sizes)]
    return sum(totals)


@wrong("1.6", "expected (1, 1)")
def squeezed(W, b, X):
    return np.squeeze(W @ X + b[:, np.newaxis])


@wrong("1.6", "type of an argument")
def type_of_the_weights(W, b, X):
    Z = np.zeros((len(b), X.shape[1]), dtype=W.dtype)
    Z[:] = W @ X + b[:, np.newaxis]
    return Z


@wrong("1.7", "expected (130, 110)")
def first_64_images(X, W, b):
    return np.c_[X[:64], np.ones(len(X[:64]))], np.r_[W, [b]]


@wrong("1.7", "the other numbers of X1")
def whole_pixels(X, W, b):
    return np.c_[X.astype(int), np.ones(len(X))], np.r_[W, [b]]
