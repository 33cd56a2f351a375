"""Right answers that are written unusually: none of them may be refused."""

from itertools import pairwise

import numpy as np

from mnist_edu.data import minibatches
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward, init_params
from mnist_edu.training import train

RIGHT = []  # pairs of a number and an answer


def right(number):
    """Enter the function below as a right answer."""

    def enter(function):
        RIGHT.append((number, function))
        return function

    return enter


@right("0.3")
def inverted_bits(image):
    return ~image


@right("0.4")
def larger_minus_smaller(a, b):
    return float(np.mean(np.maximum(a, b) - np.minimum(a, b)))


@right("0.5")
def list_of_digits(X, means):
    return [int(np.argmin([np.abs(x - mean).sum() for mean in means])) for x in X]


@right("0.6")
def counted_with_a_dictionary(y_train, y_other):
    counts = {}
    for label in y_train:
        counts[int(label)] = counts.get(int(label), 0) + 1
    label = max(counts, key=counts.get)
    return sum(int(y) == label for y in y_other) / len(y_other)


@right("1.4")
def list_of_activations(x, W, b):
    return [max(0.0, b[j] + sum(x[d] * W[d, j] for d in range(len(x)))) for j in range(len(b))]


@right("1.5")
def from_shapes(sizes):
    return sum(np.empty((n + 1, m)).size for n, m in pairwise(sizes))


@right("1.7")
def ones_first(X, W, b):
    return np.insert(X, 0, 1, axis=1), np.vstack([b, W])


@right("2.5")
def two_factors(a):
    return (1 - a) * (1 + a)


@right("2.5")
def back_through_arctanh(a):
    return 1 / np.cosh(np.arctanh(a)) ** 2


@right("2.6")
def softmax_in_float32(Z):
    Z = Z.astype(np.float32)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("2.6")
def softmax_by_sigmoids(Z):
    return 1 / np.exp(np.minimum(Z[:, None] - Z[..., None], 700)).sum(axis=2)


@right("2.7")
def dead_by_gates(W, b, X):
    return np.count_nonzero(~np.any(np.maximum(X @ W + b, 0), axis=0))


@right("2.8")
def two_masks(z):
    result = np.empty(z.shape)
    up = z > 0
    result[up] = z[up] + np.log(1 + np.exp(-z[up]))
    result[~up] = np.log(1 + np.exp(z[~up]))
    return result


@right("2.8")
def z_above_twenty(z):
    return np.where(z > 20, z, np.log1p(np.exp(np.minimum(z, 20))))


@right("2.9")
def one_relu_around_the_others(x):
    def relu(z):
        return z * (z > 0)

    return 10 * (relu(x - 0.4) - relu(x - 0.5) - (relu(x - 0.5) - relu(x - 0.6)))


def softmax_float32(z):
    E = np.exp(z.astype(np.float32) - np.float32(z.max()))
    return E / E.sum()


@right("3.3")
def picked_by_a_mask(O, Y):
    return float(-np.log(O[Y.astype(bool)]).sum() / len(Y))


@right("3.3")
def picked_by_argmax(O, Y):
    return sum(-np.log(o[y.argmax()]) for o, y in zip(O, Y, strict=True)) / len(O)


@right("3.3")
def sum_without_nan(O, Y):
    return -np.nansum(Y * np.log(O)) / len(O)


@right("3.4")
def jacobian_in_float32(z):
    o = softmax_float32(z)
    return np.diag(o) - np.outer(o, o)


@right("3.4")
def columns_times_rows(z):
    o = np.exp(z - np.logaddexp.reduce(z))[:, np.newaxis]
    return o * np.eye(len(z)) - o @ o.T


@right("3.5")
def softmax_backward_in_float32(z, g):
    o = softmax_float32(z)
    return o * (g.astype(np.float32) - (g * o).sum(dtype=np.float32))


@right("3.5")
def softmax_backward_as_a_list(z, g):
    o = np.exp(z - np.logaddexp.reduce(z))
    mean = sum(g * o)
    return [o_k * (g_k - mean) for o_k, g_k in zip(o, g, strict=True)]


@right("3.6")
def by_logaddexp(z):
    return np.logaddexp.reduce(z, axis=-1)


@right("3.7")
def image_by_image(W, b, X, y):
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for x, label in zip(X, y, strict=True):
        z = x @ W + b
        dz = np.exp(z - np.logaddexp.reduce(z))
        dz[label] -= 1
        dW += x[:, np.newaxis] * dz / len(X)
        db += dz / len(X)
    return dW, db


@right("3.8")
def smoothed_in_float32(z, c, epsilon):
    o, K = softmax_float32(z), len(z)
    y = [1 - epsilon if k == c else epsilon / (K - 1) for k in range(K)]
    return o - np.array(y, np.float32)


def stable_errors(z, y):
    E = np.exp(z - z.max(axis=1, keepdims=True))
    O = E / E.sum(axis=1, keepdims=True)
    O[np.arange(len(y)), y] -= 1
    return O / len(y)


@right("4.5")
def pairs_and_cosh(params, X, y):
    (W1, b1), (W2, b2) = params
    z1 = X @ W1 + b1
    dz2 = stable_errors(np.tanh(z1) @ W2 + b2, y)
    dz1 = (dz2 @ W2.T) / np.cosh(z1) ** 2
    return (
        (np.einsum("nd,nj->dj", X, dz1), np.ones(len(X)) @ dz1),
        (np.tanh(z1).T @ dz2, np.sum(dz2, 0)),
    )


@right("4.6")
def leaky_as_a_maximum(params, X, y, alpha=0.01):
    inputs, gates = [X], []
    for W, b in params[:-1]:
        z = inputs[-1] @ W + b
        inputs.append(np.maximum(z, alpha * z))
        gates.append(alpha + (1 - alpha) * (z > 0))
    dz, grads = stable_errors(inputs[-1] @ params[-1].W + params[-1].b, y), []
    for l in (2, 1, 0):
        grads.append([inputs[l].T @ dz, dz.sum(axis=0)])
        if l > 0:
            dz = dz @ params[l].W.T * gates[l - 1]
    return grads[::-1]


@right("4.7")
def image_by_image_for_x(params, X, y):
    (W1, b1), (W2, b2) = params
    rows = []
    for x, label in zip(X, y, strict=True):
        a1 = np.maximum(x @ W1 + b1, 0)
        dz2 = stable_errors((a1 @ W2 + b2)[np.newaxis], np.array([label]))[0]
        rows.append(W1 @ (np.sign(a1) * (W2 @ dz2)) / len(X))
    return np.array(rows)


@right("4.8")
def weights_of_open_units(a1, W, b, da2):
    return np.array(
        [(np.eye(len(b)) + W * (a @ W + b > 0)) @ d for a, d in zip(a1, da2, strict=True)]
    )


@right("5.1")
def slopes_by_a_flat_index(f, gradient, x, h=1e-5):
    slopes = np.empty(x.size)
    for k, step in enumerate(h * np.eye(x.size)):
        step = step.reshape(x.shape)
        slopes[k] = 0.5 * (f(x + step) - f(x - step)) / h
    claimed = gradient.flatten()
    off = np.sqrt(((claimed - slopes) ** 2).sum())
    return off / (max(np.sqrt((claimed**2).sum()), np.sqrt((slopes**2).sum())) + 1e-12)


@right("5.2")
def flat_direction(f, gradient, x, rng, h=1e-5):
    v = rng.standard_normal(x.size)
    v = v / np.sqrt(v @ v)
    up, down = x - h * v.reshape(x.shape), x + h * v.reshape(x.shape)
    return abs(np.dot(gradient.ravel(), v) - (f(down) - f(up)) / h / 2)


def program(params, X, y, dz2=lambda dz: dz, dW1=lambda dW: dW, db1=lambda dz: dz.sum(axis=0)):
    """Return loss and gradient of two layers, with a bug."""
    (W1, b1), (W2, b2) = params
    a1 = np.maximum(X @ W1 + b1, 0)
    z2 = a1 @ W2 + b2
    loss = (np.logaddexp.reduce(z2, axis=1) - z2[np.arange(len(y)), y]).mean()
    error = dz2(stable_errors(z2, y))
    dz1 = error @ W2.T * (a1 > 0)
    return loss, [(dW1(X.T @ dz1), db1(dz1)), (a1.T @ error, error.sum(axis=0))]


@right("5.4")
def divided_by_classes(params, X, y):
    return program(params, X, y, dz2=lambda dz: dz * len(dz) / dz.shape[1])


@right("5.4")
def mean_times_units(params, X, y):
    return program(params, X, y, db1=lambda dz: dz.mean(axis=0) * dz.shape[1])


@right("5.4")
def transposed_bug(params, X, y):
    return program(params, X, y, dW1=np.transpose)


@right("5.4")
def mean_over_classes_in_the_loss(params, X, y):
    loss, grads = program(params, X, y)
    return loss / len(params[1].b), grads


@right("5.4")
def without_b1(params, X, y):
    (W1, b1), second = params
    return program([(W1, 0 * b1), second], X, y)


@right("5.4")
def one_gate_open(params, X, y):
    (W1, b1), (W2, _) = params
    loss, (first, second) = program(params, X, y)
    dz2 = stable_errors(np.maximum(X @ W1 + b1, 0) @ W2 + params[1].b, y)
    error = dz2 @ W2.T[:, 0]
    first[0][:, 0], first[1][0] = X.T @ error, error.sum()
    return loss, [first, second]


@right("5.5")
def by_numpy(f, x, h=1e-20):
    return float(np.imag(f(complex(x, h))) / h)


@right("5.6")
def by_counting(share, probability):
    n, missed = 0, 1.0
    while missed > 1 - probability:
        n, missed = n + 1, missed * (1 - share)
    return n


@right("5.6")
def ceiling_of_the_formula(share, probability):
    return int(np.ceil(np.log1p(-probability) / np.log1p(-share)))


@right("6.4")
def from_0_to_1(rng, n_in, n_out):
    return ((2 * rng.random((n_out, n_in)) - 1) * np.sqrt(6 / n_in)).T.astype(np.float32)


@right("6.5")
def by_hypot(alpha):
    return 2**0.5 / float(np.hypot(1, alpha))


@right("6.6")
def drawn_at_once(params, rng):
    ends = np.cumsum([len(b) for _, b in params])
    parts = np.split(rng.standard_normal(ends[-1]), ends[:-1])
    return [layer._replace(b=list(b)) for layer, b in zip(params, parts, strict=True)]


@right("6.7")
def own_forward_pass(params, X):
    for l, (W, b) in enumerate(params, start=1):
        z = X @ W + b
        if np.count_nonzero(z) == 0:
            return np.int64(l)
        X = z * (z > 0)


@right("6.7")
def none_by_argmax(params, X):
    silent = [z.min() == 0 == z.max() for z in forward(params, X)[1].z]
    return silent.index(True) + 1 if any(silent) else None


@right("7.2")
def mean_of_logarithms(z):
    return np.exp(np.diff([np.log(each.std()) for each in z]).mean())


@right("7.3")
def on_a_grid(f, rng):
    z = np.linspace(-4, 4, 1001)
    return np.linalg.norm(z) / np.linalg.norm(f(z))


@right("7.3")
def a_thousand_numbers(f, rng):
    z = rng.normal(size=1000)
    return np.sqrt((z**2).mean() / (f(z) ** 2).mean())


@right("7.4")
def layer_by_layer(width, seed, X):
    rng, s = np.random.default_rng(seed), []
    for _ in range(10):
        z = X @ rng.normal(0, 1.41 / np.sqrt(X.shape[1]), (X.shape[1], width))
        s.append(np.std(z))
        X = np.maximum(z, 0)
    return np.exp(np.log(s[-1] / s[0]) / 9)


@right("7.4")
def with_he(width, seed, X):
    params = init_params([784] + 10 * [width] + [10], np.random.default_rng(seed))
    z = forward(params, X)[1].z
    return (z[9].std() / z[0].std()) ** (1 / 9)


@right("7.5")
def weights_first(gain, depth, rng):
    weights = [gain / 10 * rng.standard_normal((100, 100)) for _ in range(depth)]
    a, sizes = rng.standard_normal((100, 500)), []
    for W in weights:
        a = a + (W @ a).clip(0)
        sizes.append(np.linalg.norm(a) / np.sqrt(a.size))
    return np.array(sizes, np.float32)


@right("8.3")
def squared_cosine(fraction, peak=0.3):
    return peak * np.cos(np.pi / 2 * fraction) ** 2


@right("8.4")
def towards_the_gradient(w, v, g, lr, beta=0.9):
    v = v + (1 - beta) * (g - v)
    return np.stack([w - lr * v, v])


@right("8.5")
def sorted_downwards(reports):
    return sorted(reports, key=lambda report: -report.accuracy)[0]


@right("8.6")
def by_train(params, X, y, rng, lr, batch_size, epochs):
    *_, last = train(params, X, y, rng=rng, lr=lr, batch_size=batch_size, epochs=epochs)
    return last.params


@right("8.6")
def gives_back_the_last_good_ones(params, X, y, rng, lr, batch_size, epochs):
    before = params
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            logits, cache = forward(params, X_batch)
            if not np.isfinite(cross_entropy(logits, y_batch)):
                return before
            grads, before = backward(params, cache, y_batch), params
            params = [
                Layer(W - lr * dW, b - lr * db)
                for (W, b), (dW, db) in zip(params, grads, strict=True)
            ]
    return params


@right("8.9")
def doubled_then_halved(c, beta):
    def small(rate):
        w, v = 1.0, 0.0
        for _ in range(1000):
            v = beta * v + c * w
            w -= rate * v
        return abs(w) < 1e6

    low = 1e-3
    while small(2 * low):
        low *= 2
    step = low
    while step > 1e-5 * low:
        step /= 2
        low += step * small(low + step)
    return low


@right("9.3")
def by_the_std_of_answers(right, n, z=1.96):
    return z * np.repeat([1, 0], [right, n - right]).std() / n**0.5


@right("9.4")
def by_the_kth_logit(logits, y, k):
    own = np.take_along_axis(logits, y[:, np.newaxis], axis=1)[:, 0]
    return (own >= np.sort(logits, axis=1)[:, -k]).mean()


@right("9.4")
def by_argpartition(logits, y, k):
    top = np.argpartition(-logits, k - 1, axis=1)[:, :k]
    return sum(y[n] in top[n] for n in range(len(y))) / len(y)


@right("9.5")
def rows_in_a_list(probs, y, n):
    rows = [k for k in range(len(y)) if probs[k].argmax() != y[k]]
    return sorted(rows, key=lambda k: -probs[k].max())[:n]


@right("9.5")
def masked(probs, y, n):
    order = np.argsort(probs.max(axis=1))[::-1]
    return order[(probs.argmax(axis=1) != y)[order]][:n]


@right("9.6")
def nan_without_images(y_true, y_pred, num_classes=10):
    pairs = np.bincount(y_true * num_classes + y_pred, minlength=num_classes**2)
    counts = pairs.reshape(num_classes, num_classes)
    return counts / counts.sum(axis=1)[:, np.newaxis]


@right("9.6")
def mean_one_hot(y_true, y_pred, num_classes=10):
    read = np.eye(num_classes, dtype=np.float32)[y_pred]
    rows = [read[y_true == k] for k in range(num_classes)]
    return np.array([row.mean(axis=0) if len(row) else np.zeros(num_classes) for row in rows])


@right("9.7")
def image_by_image_with_own_gradient(params, X, target, epsilon):
    rows = []
    for x, label in zip(X, target, strict=True):
        z, slopes = x, np.eye(len(x))
        for l, (W, b) in enumerate(params):
            slopes = slopes * (z > 0) if l else slopes
            z = (np.maximum(z, 0) if l else z) @ W + b
            slopes = slopes @ W
        dz = np.exp(z - np.logaddexp.reduce(z))
        dz[label] -= 1
        rows.append(x - epsilon * np.sign(slopes @ dz))
    return np.clip(rows, 0, 1)


@right("10.3")
def by_two_products(x, down, right):
    return (np.eye(28, k=-down) @ x.reshape(28, 28) @ np.eye(28, k=right)).ravel()


@right("10.3")
def pixel_by_pixel(x, down, right):
    new = [0.0] * 784
    for k, ink in enumerate(x):
        r, c = k // 28 + down, k % 28 + right
        if 0 <= r < 28 and 0 <= c < 28:
            new[28 * r + c] = ink
    return np.array(new, np.float32)


@right("10.4")
def by_a_mask(X, rng, side=6):
    top, left = rng.integers(0, 28 - side, (2, len(X), 1, 1), endpoint=True)
    r, c = np.indices((28, 28))
    blank = (top <= r) & (r < top + side) & (left <= c) & (c < left + side)
    return X * ~blank.reshape(-1, 784)


@right("10.4")
def by_one_number(X, rng, side=6):
    images = np.array(X).reshape(-1, 28, 28)
    for k in range(len(images)):
        r, c = divmod(int(rng.random() * (29 - side) ** 2), 29 - side)
        images[k, r : r + side, c : c + side] *= 0
    return images.reshape(-1, 784)


@right("10.5")
def one_long_vector(loss, params, decay):
    weights = np.concatenate([W.ravel() for W, _ in params])
    return loss + 0.5 * decay * np.linalg.norm(weights) ** 2


@right("10.6")
def from_its_arrays(side, maps_in, maps_out):
    return np.empty((maps_out, maps_in, side, side)).size + np.empty(maps_out).size


@right("10.7")
def by_einsum(dW):
    shifted = [[dW[i : i + 24, j : j + 24] for j in range(5)] for i in range(5)]
    return np.array([[np.einsum("rcrc->", part) for part in row] for row in shifted])
