import math
import re

import numpy as np
import pytest

from mnist_edu.data import Split, minibatches, one_hot
from mnist_edu.equations import holds
from mnist_edu.gradient_check import numerical_gradient, relative_error
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.metrics import accuracy, confusion_matrix
from mnist_edu.network import Layer, backward, forward, init_params, predict
from mnist_edu.training import train

RNG = np.random.default_rng(0)
PARAMS = init_params([6, 5, 3], RNG)
X = RNG.random((4, 6))
Y = np.array([0, 2, 1, 2])
LOGITS, CACHE = forward(PARAMS, X)
PIXELS = np.zeros((4, 6), np.uint8)
NAN = np.where(np.arange(4)[:, np.newaxis] == 2, np.nan, X)  # row 2


def start(X=X, y=Y, params=PARAMS, rng=RNG, **kwargs):
    """Call train without asking for a report: most mistakes are met right there."""
    return train(params, X, y, rng=rng, **kwargs)


def told(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


TAKES_LABELS = {
    "one_hot": lambda y: one_hot(y, 3),
    "cross_entropy": lambda y: cross_entropy(LOGITS, y),
    "cross_entropy_grad": lambda y: cross_entropy_grad(LOGITS, y),
    "backward": lambda y: backward(PARAMS, CACHE, y),
    "train": lambda y: start(y=y),
    "validation": lambda y: start(validation=(X, y)),
    "confusion_matrix, true": lambda y: confusion_matrix(y, Y, 3),
    "confusion_matrix, predicted": lambda y: confusion_matrix(Y, y, 3),
}

BAD_LABELS = {
    "one too large": ([0, 3, 1, 2], ValueError, "label 3 is out of range; expected 0 to 2"),
    "ten": ([0, 1, 2, 10], ValueError, "label 10 is out of range; expected 0 to 2"),
    "minus one": ([-1, 0, 1, 2], ValueError, "label -1 is out of range; expected 0 to 2"),
    "floats": (
        [0.0, 1.0, 2.0, 2.0],
        TypeError,
        "labels are dtype float64; expected an array of integers of shape (N,)",
    ),
    "booleans": ([True, False, True, True], TypeError, "labels are dtype bool; expected an array"),
    "one-hot floats": (np.eye(4, 3), TypeError, "labels are dtype float64; expected an array"),
    "one-hot integers": (
        np.eye(4, 3, dtype=int),
        ValueError,
        "labels have shape (4, 3); expected (N,): numbers, not one-hot rows",
    ),
}


@pytest.mark.parametrize("function", TAKES_LABELS.values(), ids=TAKES_LABELS)
@pytest.mark.parametrize(("y", "error", "message"), BAD_LABELS.values(), ids=BAD_LABELS)
def test_wrong_labels(function, y, error, message):
    told(lambda: function(np.array(y)), error, message)


@pytest.mark.parametrize("function", TAKES_LABELS.values(), ids=TAKES_LABELS)
def test_labels_in_a_list(function):
    told(
        lambda: function([0, 2, 1, 2]), TypeError, "labels are list; expected an array of integers"
    )


LENGTHS = {
    "cross_entropy": (lambda: cross_entropy(LOGITS, Y[:3]), "4 rows but 3 labels"),
    "cross_entropy_grad": (lambda: cross_entropy_grad(LOGITS[:3], Y), "3 rows but 4 labels"),
    "backward": (lambda: backward(PARAMS, CACHE, Y[:3]), "4 rows but 3 labels"),
    "train": (lambda: start(y=Y[:3]), "4 rows but 3 labels; expected one label for each row"),
    "validation": (lambda: start(validation=(X, Y[:3])), "4 rows but 3 labels"),
    "minibatches": (
        lambda: minibatches(X, Y[:3], 2, RNG),
        "4 images but 3 labels; expected one label for each image",
    ),
    "confusion_matrix": (lambda: confusion_matrix(Y, Y[:3]), "3 rows but 4 labels"),
    "accuracy": (lambda: accuracy(Y, Y[:3]), "shapes (4,), (3,); expected (N,) twice"),
}


@pytest.mark.parametrize(("call", "message"), LENGTHS.values(), ids=LENGTHS)
def test_lengths_that_differ(call, message):
    told(call, ValueError, message)


TAKES_IMAGES = {
    "forward": lambda X: forward(PARAMS, X),
    "predict": lambda X: predict(PARAMS, X),
    "train": lambda X: start(X),
    "validation": lambda X: start(validation=(X, Y)),
    "minibatches": lambda X: minibatches(X, Y, 2, RNG),
}

BAD_IMAGES = {
    "one image": (
        np.zeros(784),
        ValueError,
        "X has shape (784,); expected (N, D); for one image, x[np.newaxis]",
    ),
    "squares": (np.zeros((4, 28, 28)), ValueError, "X has shape (4, 28, 28); expected (N, D)"),
    "no image": (X[:0], ValueError, "X has shape (0, 6); expected (N, D)"),
    "integers": (
        PIXELS.astype(int),
        TypeError,
        "X is dtype int64; expected an array of uint8 pixels or of floats",
    ),
    "a list": (X.tolist(), TypeError, "X is list; expected an array of uint8 pixels or of floats"),
}


@pytest.mark.parametrize("function", TAKES_IMAGES.values(), ids=TAKES_IMAGES)
@pytest.mark.parametrize(("X", "error", "message"), BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_wrong_images(function, X, error, message):
    told(lambda: function(X), error, message)


W, b = np.ones((6, 5)), np.zeros(5)
BAD_PARAMS = {
    "column of biases": (
        [Layer(W, b[:, np.newaxis])],
        "b of layer 1 has shape (5, 1); expected (5,)",
    ),
    "too few biases": ([Layer(W, b[:1])], "b of layer 1 has shape (1,); expected (5,)"),
    "transposed weights": (
        [Layer(W.T, np.zeros(6))],
        "W of layer 1 has shape (5, 6); expected (6, n_out)",
    ),
    "weights in a row": ([Layer(W[:, 0], b)], "W of layer 1 has shape (6,); expected (6, n_out)"),
    "layers that do not fit": (
        [Layer(W, b), Layer(W, b)],
        "W of layer 2 has shape (6, 5); expected (5, n_out)",
    ),
}
TAKES_PARAMS = {
    "forward": lambda params: forward(params, X),
    "predict": lambda params: predict(params, PIXELS),
    "train": lambda params: start(params=params),
}


@pytest.mark.parametrize("function", TAKES_PARAMS.values(), ids=TAKES_PARAMS)
@pytest.mark.parametrize(("params", "message"), BAD_PARAMS.values(), ids=BAD_PARAMS)
def test_wrong_weights(function, params, message):
    told(lambda: function(params), ValueError, message)


SEEDS = {
    "init_params": lambda rng: init_params([6, 3], rng),
    "minibatches": lambda rng: minibatches(X, Y, 2, rng),
    "train": lambda rng: start(rng=rng),
}


@pytest.mark.parametrize("function", SEEDS.values(), ids=SEEDS)
@pytest.mark.parametrize("seed", [0, None, np.random], ids=["seed", "None", "module"])
def test_anything_but_a_generator(function, seed):
    expected = f"rng is {seed!r}; expected a Generator, as from np.random.default_rng(0)"
    told(lambda: function(seed), TypeError, expected)


COUNTS = {
    "batch_size": lambda n: start(batch_size=n),
    "epochs": lambda n: start(epochs=n),
    "report_every": lambda n: start(report_every=n),
    "batch_size ": lambda n: minibatches(X, Y, n, RNG),
    "a layer's size": lambda n: init_params([6, n, 3], RNG),
    "num_classes": lambda n: one_hot(Y, n),
    "num_classes ": lambda n: confusion_matrix(Y, Y, n),
    "n": lambda n: Split(PIXELS, Y).first(n),
}


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize(
    ("value", "error", "problem"),
    [
        (0, ValueError, "expected at least 1"),
        (-1, ValueError, "expected at least 1"),
        (2.5, TypeError, "expected a whole number"),
        (2.0, TypeError, "expected a whole number"),
        ("2", TypeError, "expected a whole number"),
        (True, TypeError, "expected a whole number"),
    ],
    ids=repr,
)
def test_counts_that_count_nothing(name, value, error, problem):
    told(lambda: COUNTS[name](value), error, f"{name.strip()} is {value!r}; {problem}")


ACTIVATIONS = "known are relu, leaky_relu, tanh, sigmoid, gelu, identity"
UNKNOWN = {
    "activation of forward": (
        lambda: forward(PARAMS, X, "rleu"),
        f"unknown activation 'rleu'; {ACTIVATIONS}",
    ),
    "activation of predict": (
        lambda: predict(PARAMS, X, "rleu"),
        f"unknown activation 'rleu'; {ACTIVATIONS}",
    ),
    "activation of train": (
        lambda: start(activation="ReLU"),
        f"unknown activation 'ReLU'; {ACTIVATIONS}",
    ),
    "initializer": (
        lambda: init_params([6, 3], RNG, "glorot"),
        "unknown initializer 'glorot'; known are zeros, normal, lecun, xavier, he, orthogonal",
    ),
    "optimizer": (
        lambda: start(optimizer="rmsprop"),
        "unknown optimizer 'rmsprop'; known are sgd, momentum, adam",
    ),
}


@pytest.mark.parametrize(("call", "message"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_names(call, message):
    told(call, ValueError, message)


@pytest.mark.parametrize("lr", [-0.1, math.nan, math.inf, -math.inf])
def test_rates_that_are_none(lr):
    told(lambda: start(lr=lr), ValueError, f"lr is {lr}; expected a finite number, at least 0")


NAN_PIXELS = {
    "forward": lambda: forward(PARAMS, NAN),
    "predict": lambda: predict(PARAMS, NAN),
    "train": lambda: list(start(NAN)),
    "validation": lambda: list(start(validation=(NAN, Y))),
    "train, tanh": lambda: list(start(NAN, activation="tanh")),
    "forward, leaky_relu": lambda: forward(PARAMS, NAN, "leaky_relu"),
}


@pytest.mark.parametrize("call", NAN_PIXELS.values(), ids=NAN_PIXELS)
def test_nan_pixels(call):
    told(call, ValueError, "X holds NaN")


OTHERS = {
    "pixels to forward": (
        lambda: forward(PARAMS, PIXELS),
        TypeError,
        "X holds uint8 pixels, 0 to 255; expected floats in [0, 1]: X / 255",
    ),
    "infinite pixels": (
        lambda: list(start(np.full_like(X, np.inf))),
        ValueError,
        "X holds NaN or infinity; expected finite numbers",
    ),
    "no layers": (lambda: forward([], X), ValueError, "params hold no layer"),
    "whole-number weights": (
        lambda: forward([Layer(W.astype(int), b)], X),
        TypeError,
        "W, b of layer 1 hold int64, float64; expected equal floats",
    ),
    "a rate in words": (
        lambda: start(lr="0.1"),
        ValueError,
        "lr is '0.1'; expected a finite number, at least 0, or a function",
    ),
    "first of too many": (
        lambda: Split(PIXELS, Y).first(5),
        ValueError,
        "n is 5, but there are only 4 images",
    ),
    "one size": (
        lambda: init_params([784], RNG),
        ValueError,
        "sizes are [784]; expected at least two, inputs and classes",
    ),
    "no sizes": (lambda: init_params([], RNG), ValueError, "sizes are []; expected at least two"),
    "no logits": (
        lambda: cross_entropy(np.zeros((0, 3)), Y[:0]),
        ValueError,
        "logits have shape (0, 3); expected (N, K), N at least 1",
    ),
    "logits of one example": (
        lambda: cross_entropy_grad(LOGITS[0], Y[:1]),
        ValueError,
        "logits have shape (3,); expected (N, K)",
    ),
    "accuracy of nothing": (
        lambda: accuracy(Y[:0], Y[:0]),
        ValueError,
        "shapes (0,), (0,); expected (N,) twice, N > 0",
    ),
    "accuracy of a column": (
        lambda: accuracy(Y, Y[:, np.newaxis]),
        ValueError,
        "shapes (4,), (4, 1); expected (N,) twice",
    ),
    "a false equation": (
        lambda: holds("3.4", [1, 2], [1, 3]),
        AssertionError,
        "(3.4) does not hold: the left side is 2, the right 3 at [1]",
    ),
    "an equation of NaN": (
        lambda: holds("3.4", math.nan, math.nan),
        AssertionError,
        "(3.4) does not hold: the left side is nan, the right nan",
    ),
    "an equation of two shapes": (
        lambda: holds("3.4", np.ones(2), np.ones((2, 2))),
        AssertionError,
        "(3.4) does not hold: the left side has shape (2,), the right (2, 2)",
    ),
    "gradient at whole numbers": (
        lambda: numerical_gradient(np.sum, np.array([1, 2])),
        TypeError,
        "x is array([1, 2]); expected an array of floats",
    ),
    "gradient at a number": (
        lambda: numerical_gradient(np.sum, 1.0),
        TypeError,
        "x is 1.0; expected an array of floats",
    ),
    "error between two shapes": (
        lambda: relative_error(np.ones(2), np.ones((2, 1))),
        ValueError,
        "shapes (2,) and (2, 1) differ",
    ),
}


@pytest.mark.parametrize(("call", "error", "message"), OTHERS.values(), ids=OTHERS)
def test_other_mistakes(call, error, message):
    told(call, error, message)
