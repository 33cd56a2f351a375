"""Wrong answers to the exercises of notebook 03."""

import numpy as np

from mnist_edu.activations import log_softmax, softmax
from mnist_edu.data import one_hot
from tests.exercises.wrong import wrong


@wrong("3.3", "K times too small")
def mean_of_all(O, Y):
    return -(Y * np.log(O)).mean()


@wrong("3.3", "N times too large")
def sum_of_all(O, Y):
    return -(Y * np.log(O)).sum()


@wrong("3.3", "The sign")
def no_minus(O, Y):
    return (Y * np.log(O)).sum(axis=1).mean()


@wrong("3.3", "number of classes, not of images")
def wrong_axis(O, Y):
    return -(Y * np.log(O)).sum(axis=0).mean()


@wrong("3.3", "a loss for each image")
def one_for_each_image(O, Y):
    return -(Y * np.log(O)).sum(axis=1)


@wrong("3.3", "where Y is 0")
def log_of_the_product(O, Y):
    return -np.log(Y * O).sum(axis=1).mean()


@wrong("3.3", "base 2")
def base_two(O, Y):
    return -(Y * np.log2(O)).sum(axis=1).mean()


@wrong("3.3", "*binary*")
def binary(O, Y):
    return -(Y * np.log(O) + (1 - Y) * np.log(1 - O)).sum(axis=1).mean()


@wrong("3.3", "Softmax is taken once more")
def from_logits(O, Y):
    return -(Y * log_softmax(O)).sum(axis=1).mean()


@wrong("3.3", "log of the mean")
def log_last(O, Y):
    return -np.log((Y * O).sum(axis=1).mean())


@wrong("3.3", "what picks the true one")
def all_classes(O, Y):
    return -np.log(O).sum(axis=1).mean()


@wrong("3.3", "clipped, or moved")
def clipped(O, Y):
    return -(Y * np.log(np.clip(O, 1e-15, 1))).sum(axis=1).mean()


@wrong("3.3", "ValueError")
def matrix_product(O, Y):
    return -(Y @ np.log(O)).mean()


@wrong("3.3", "changes its argument")
def logs_in_place(O, Y):
    np.log(O, out=O)
    return -(Y * O).sum(axis=1).mean()


@wrong("3.4", "Only the diagonal is filled")
def diagonal_only(z):
    o = softmax(z)
    return np.diag(o * (1 - o))


@wrong("3.4", "one number for each class")
def as_for_the_sigmoid(z):
    o = softmax(z)
    return o * (1 - o)


@wrong("3.4", "on the diagonal something is missing")
def one_case_only(z):
    o = softmax(z)
    return -np.outer(o, o)


@wrong("3.4", "the *other* probabilities fall")
def plus(z):
    o = softmax(z)
    return np.diag(o) + np.outer(o, o)


@wrong("3.4", "if a logit rises, its own")
def wrong_sign(z):
    o = softmax(z)
    return np.outer(o, o) - np.diag(o)


@wrong("3.4", "1[i = k] get multiplied by")
def plain_identity(z):
    o = softmax(z)
    return np.eye(len(z)) - np.outer(o, o)


@wrong("3.4", "not on the diagonal alone")
def no_diag(z):
    o = softmax(z)
    return o - np.outer(o, o)


@wrong("3.4", "the 1 is in every entry")
def one_everywhere(z):
    o = softmax(z)
    return np.outer(o, 1 - o)


@wrong("3.4", "two different indices")
def squares(z):
    o = softmax(z)
    return o * (np.eye(len(z)) - o)


@wrong("3.4", "a single axis")
def transposed_vector(z):
    o = softmax(z)
    return np.diag(o) - o @ o.T


@wrong("3.4", "Jacobian of log o")
def of_the_logarithm(z):
    return np.eye(len(z)) - softmax(z)


@wrong("3.4", "made of the logits")
def of_the_logits(z):
    return np.diag(z) - np.outer(z, z)


@wrong("3.4", "a safe one")
def overflows(z):
    o = np.exp(z) / np.exp(z).sum()
    return np.diag(o) - np.outer(o, o)


@wrong("3.4", "changes its argument")
def shifted_in_place(z):
    z -= z.max()
    o = np.exp(z) / np.exp(z).sum()
    return np.diag(o) - np.outer(o, o)


@wrong("3.5", "The other part of the sum is missing")
def first_part(z, g):
    return softmax(z) * g


@wrong("3.5", "the Jacobian's diagonal alone")
def diagonal_jacobian(z, g):
    o = softmax(z)
    return o * (1 - o) * g


@wrong("3.5", "a factor of its own")
def sum_without_o(z, g):
    return softmax(z) * (g - g.sum())


@wrong("3.5", "plain mean")
def mean_without_o(z, g):
    return softmax(z) * (g - g.mean())


@wrong("3.5", "in front")
def no_factor(z, g):
    o = softmax(z)
    return g - (g * o).sum()


@wrong("3.5", "depends on k as well")
def factor_in_one_part(z, g):
    o = softmax(z)
    return o * g - (g * o).sum()


@wrong("3.5", "sign of the second part")
def plus_in_the_middle(z, g):
    o = softmax(z)
    return o * (g + (g * o).sum())


@wrong("3.5", "o - y")
def as_for_the_cross_entropy(z, g):
    return softmax(z) - g


@wrong("3.5", "It returns a table")
def the_whole_table(z, g):
    o = softmax(z)
    return g * (np.diag(o) - np.outer(o, o))


@wrong("3.5", "a K × K table was formed")
def by_the_table(z, g):
    o = softmax(z)
    return (np.diag(o) - np.outer(o, o)) @ g


@wrong("3.5", "logits for the probabilities")
def no_softmax(z, g):
    return z * (g - (g * z).sum())


@wrong("3.5", "Adding 1000")
def unsafe(z, g):
    o = np.exp(z) / np.exp(z).sum()
    return o * (g - (g * o).sum())


@wrong("3.6", "Logits of 1000")
def naive(z):
    return np.log(np.exp(z).sum(axis=-1))


@wrong("3.6", "the maximum the row's own")
def maximum_of_all(z):
    return np.log(np.exp(z - z.max()).sum(axis=-1)) + z.max()


@wrong("3.6", "has to come back.")
def not_put_back(z):
    return np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1))


@wrong("3.6", "whichever it was")
def maximum_of_all_not_put_back(z):
    return np.log(np.exp(z - z.max()).sum(axis=-1))


@wrong("3.6", "a second time")
def taken_twice(z):
    m = z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z - m).sum(axis=-1)) - m[..., 0]


@wrong("3.6", "with length 1")
def axis_kept(z):
    m = z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z - m).sum(axis=-1, keepdims=True)) + m


@wrong("3.6", "last one of a table only")
def axis_one(z):
    m = z.max(axis=1, keepdims=True)
    return np.log(np.exp(z - m).sum(axis=1)) + m.squeeze(axis=1)


@wrong("3.6", "first axis")
def axis_zero(z):
    m = z.max(axis=0)
    return np.log(np.exp(z - m).sum(axis=0)) + m


@wrong("3.6", "one number for the whole array")
def over_everything(z):
    return np.log(np.exp(z - z.max()).sum()) + z.max()


@wrong("3.6", "a mean in place of the sum")
def mean_of_exp(z):
    m = z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z - m).mean(axis=-1)) + m[..., 0]


@wrong("3.6", "Log and exp cancel")
def sum_last(z):
    return np.log(np.exp(z)).sum(axis=-1)


@wrong("3.6", "lose its first axis")
def squeezed(z):
    m = z.max(axis=-1, keepdims=True)
    return np.squeeze(np.log(np.exp(z - m).sum(axis=-1, keepdims=True)) + m)


@wrong("3.6", "single number")
def maximum_along_axis_two(z):
    m = z.max(axis=z.ndim - 1, keepdims=True)
    total = np.log(np.exp(z - m).sum(axis=-1)) + m[..., 0]
    return total if z.ndim > 1 else np.array([total])


@wrong("3.6", "does every exp become 0")
def largest_size(z):
    m = np.abs(z).max(axis=-1, keepdims=True)
    return np.log(np.exp(z - m).sum(axis=-1)) + m[..., 0]


@wrong("3.6", "overflows still")
def mean_for_maximum(z):
    m = z.mean(axis=-1, keepdims=True)
    return np.log(np.exp(z - m).sum(axis=-1)) + m[..., 0]


@wrong("3.6", "the maximum lies flat")
def maximum_lies_flat(z):
    m = z.max(axis=-1)
    return np.log(np.exp(z - m).sum(axis=-1)) + m


@wrong("3.6", "changes its argument")
def maximum_subtracted_in_place(z):
    m = z.max(axis=-1, keepdims=True)
    z -= m
    return np.log(np.exp(z).sum(axis=-1)) + m[..., 0]


def error_of(W, b, X, y):
    return softmax(X @ W + b) - one_hot(y, len(b))


@wrong("3.7", "The whole gradient is N times too large")
def no_mean(W, b, X, y):
    dz = error_of(W, b, X, y)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.7", "dW is N times too small")
def mean_once_more(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X.T @ dz / len(X), dz.sum(axis=0)


@wrong("3.7", "db is N times too small")
def mean_of_the_errors(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X.T @ dz, dz.mean(axis=0)


@wrong("3.7", "The whole gradient has the wrong sign")
def truth_minus_guess(W, b, X, y):
    dz = -error_of(W, b, X, y) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.7", "dW is transposed")
def dw_transposed(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return dz.T @ X, dz.sum(axis=0)


@wrong("3.7", "meet its own error")
def no_transpose(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X @ dz, dz.sum(axis=0)


@wrong("3.7", "single number")
def one_db(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X.T @ dz, dz.sum()


@wrong("3.7", "a sum for each image")
def db_over_classes(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X.T @ dz, dz.sum(axis=1)


@wrong("3.7", "a row for each image")
def db_not_summed(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X.T @ dz, dz


@wrong("3.7", "db: What it returns has shape")
def db_as_a_row(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return X.T @ dz, dz.sum(axis=0, keepdims=True)


@wrong("3.7", "changed places")
def exchanged(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return dz.sum(axis=0), X.T @ dz


@wrong("3.7", "expected two arrays")
def dw_alone(W, b, X, y):
    return X.T @ error_of(W, b, X, y) / len(X)


@wrong("3.7", "where is softmax")
def logits_for_probabilities(W, b, X, y):
    dz = (X @ W + b - one_hot(y, len(b))) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.7", "biases are missing")
def no_bias(W, b, X, y):
    dz = (softmax(X @ W) - one_hot(y, len(b))) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.7", "over the images")
def softmax_of_columns(W, b, X, y):
    dz = (softmax(X @ W + b, axis=0) - one_hot(y, len(b))) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.7", "ValueError: operands could not be broadcast")
def ten_classes(W, b, X, y):
    dz = (softmax(X @ W + b) - one_hot(y)) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.7", "a few thousand")
def unsafe_softmax(W, b, X, y):
    E = np.exp(X @ W + b)
    dz = (E / E.sum(axis=1, keepdims=True) - one_hot(y, len(b))) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.8", "what are the labels now")
def not_smoothed(z, c, epsilon):
    return softmax(z) - np.eye(len(z))[c]


@wrong("3.8", "shared among the K - 1 others")
def shared_among_all(z, c, epsilon):
    K = len(z)
    return softmax(z) - ((1 - epsilon) * np.eye(K)[c] + epsilon / K)


@wrong("3.8", "The truth gets a share")
def truth_gets_a_share(z, c, epsilon):
    y = np.full(len(z), epsilon / (len(z) - 1))
    y[c] += 1 - epsilon
    return softmax(z) - y


@wrong("3.8", "labels are still 0")
def others_zero(z, c, epsilon):
    y = np.zeros(len(z))
    y[c] = 1 - epsilon
    return softmax(z) - y


@wrong("3.8", "gets all of epsilon")
def not_shared(z, c, epsilon):
    y = np.full(len(z), epsilon)
    y[c] = 1 - epsilon
    return softmax(z) - y


@wrong("3.8", "label is still 1")
def truth_stays_one(z, c, epsilon):
    y = np.full(len(z), epsilon / (len(z) - 1))
    y[c] = 1
    return softmax(z) - y


@wrong("3.8", "where did the rest go")
def smaller(z, c, epsilon):
    return (1 - epsilon) * (softmax(z) - np.eye(len(z))[c])


def smoothed(z, c, epsilon):
    y = np.full(len(z), epsilon / (len(z) - 1))
    y[c] = 1 - epsilon
    return y


@wrong("3.8", "The sign is wrong")
def label_minus_guess(z, c, epsilon):
    return smoothed(z, c, epsilon) - softmax(z)


@wrong("3.8", "That is the loss")
def the_loss(z, c, epsilon):
    return -(smoothed(z, c, epsilon) * log_softmax(z)).sum()


@wrong("3.8", "do not add up to 0")
def without_line_six(z, c, epsilon):
    return -smoothed(z, c, epsilon) * (1 - softmax(z))


@wrong("3.8", "a safe one")
def unsafe_smoothed(z, c, epsilon):
    return np.exp(z) / np.exp(z).sum() - smoothed(z, c, epsilon)


@wrong("3.8", "stops in its line")
def batch_for_an_image(z, c, epsilon):
    y = one_hot(c, len(z)) * (1 - epsilon)
    return softmax(z) - y


@wrong("3.8", "one number of classes")
def nine_others(z, c, epsilon):
    y = np.full(len(z), epsilon / 4)
    y[c] = 1 - epsilon
    return softmax(z) - y


@wrong("3.3", "both 0")
def zero_times_log_zero(O, Y):
    return -(Y * np.log(O)).sum(axis=1).mean()


def less(z, number):
    """Return a softmax with some number in place of the largest logit."""
    E = np.exp(z - number)
    return E / E.sum()


@wrong("3.4", "Taking 1000 from")
def largest_size_for_maximum(z):
    o = less(z, np.abs(z).max())
    return np.diag(o) - np.outer(o, o)


@wrong("3.4", "Is enough subtracted")
def mean_of_the_logits(z):
    o = less(z, z.mean())
    return np.diag(o) - np.outer(o, o)


@wrong("3.4", "four classes only")
def right_for_four_only(z):
    o = softmax(z)
    return np.diag(o) - np.outer(o, o) if len(z) > 3 else np.zeros((2, 2))


@wrong("3.5", "Taking 1000 from")
def back_with_the_largest_size(z, g):
    o = less(z, np.abs(z).max())
    return o * (g - (g * o).sum())


@wrong("3.5", "Is enough subtracted")
def back_with_the_mean(z, g):
    o = less(z, z.mean())
    return o * (g - (g * o).sum())


@wrong("3.5", "not for 100")
def right_up_to_ten(z, g):
    o = softmax(z)
    return o * (g - (g * o)[:10].sum())


@wrong("3.6", "occurs twice")
def the_others_besides_the_largest(z):
    m = z.max(axis=-1, keepdims=True)
    return np.log1p(np.where(z < m, np.exp(z - m), 0).sum(axis=-1)) + m[..., 0]


@wrong("3.7", "(10,10) (10,9)")
def as_many_classes_as_labels_occur(W, b, X, y):
    dz = (softmax(X @ W + b) - one_hot(y, y.max() + 1)) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.8", "Taking 1000 from")
def smoothed_with_the_largest_size(z, c, epsilon):
    return less(z, np.abs(z).max()) - smoothed(z, c, epsilon)


@wrong("3.8", "Is enough subtracted")
def smoothed_with_the_mean(z, c, epsilon):
    return less(z, z.mean()) - smoothed(z, c, epsilon)


@wrong("3.3", "multiplied before the log")
def log_of_the_product_of_rows(O, Y):
    return -np.log(np.prod((O * Y).sum(axis=1))) / len(O)


@wrong("3.3", "do all of them count")
def first_64_rows(O, Y):
    return -np.log(O[Y > 0][:64]).mean()


@wrong("3.4", "expected (1, 1)")
def squeezed_table(z):
    o = softmax(z)
    return np.squeeze(np.diag(o) - np.outer(o, o))


@wrong("3.4", "a loop in it")
def entry_by_entry(z):
    o, K = softmax(z), range(len(z))
    return np.array([[o[i] * ((i == k) - o[k]) for k in K] for i in K])


@wrong("3.4", "It is off by")
def by_forward_differences(z):
    return ((softmax(z + 1e-6 * np.eye(len(z))) - softmax(z)) / 1e-6).T


@wrong("3.5", "type of an argument")
def type_of_g(z, g):
    o = softmax(z)
    return (o * (g - o @ g)).astype(g.dtype)


@wrong("3.6", "type of an argument")
def type_of_the_logits(z):
    return np.logaddexp.reduce(z, axis=-1).astype(z.dtype)


@wrong("3.6", "Logits of 1e300")
def roots_of_squares(z):
    m = np.sqrt((z**2).max(axis=-1, keepdims=True)) * np.sign(z.max(axis=-1, keepdims=True))
    m = np.maximum(m, z.max(axis=-1, keepdims=True))
    return np.log(np.exp(z - m).sum(axis=-1)) + m[..., 0]


@wrong("3.6", "It is off by")
def in_float32(z):
    return np.logaddexp.reduce(z.astype(np.float32), axis=-1).astype(float)


@wrong("3.6", "it makes")
def halves(z):
    return 2 * np.logaddexp.reduce(z / 2, axis=-1)


@wrong("3.7", "What it returns has shape (); expected (1, 1)")
def squeezed_dW(W, b, X, y):
    dz = error_of(W, b, X, y) / len(X)
    return np.squeeze(X.T @ dz), dz.sum(axis=0)


@wrong("3.7", "are logits cut off")
def clipped_logits(W, b, X, y):
    z = np.clip(X @ W + b, -500, 500)
    dz = (softmax(z) - one_hot(y, len(b))) / len(X)
    return X.T @ dz, dz.sum(axis=0)


@wrong("3.8", "get the type of z")
def labels_of_the_type_of_z(z, c, epsilon):
    return softmax(z) - smoothed(z, c, epsilon).astype(z.dtype)


@wrong("3.8", "Another epsilon")
def a_tenth_for_epsilon(z, c, epsilon):
    return softmax(z) - smoothed(z, c, 0.1)
