"""Checks of the exercises of notebook 01."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.activations import relu
from mnist_edu.exercises._check import (
    exercise,
    expect,
    expect_for_shapes,
    expect_same,
    same,
    written,
)
from mnist_edu.network import Layer, forward


@exercise("1.4")
def layer_by_loops(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(8)  # every slip below gives numbers of its own
    x, W, b = rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=3)
    got, z, products = f(x, W, b), x @ W + b, x[:, np.newaxis] * W
    yield from expect(got, (3,), or_list=True)
    for slip, hint in (
        (z, "Negative numbers come through: where is the ReLU?"),
        (relu(x @ W), "The biases are missing."),
        (relu(W @ x + b), "Rows and columns of W are exchanged: unit j's weights are a column."),
        (relu(x @ W) + b, "The bias comes after the ReLU; it belongs into z."),
        (
            relu(x @ W + 3 * b),
            "Each bias is added once for each input. In which loop does it stand?",
        ),
        (relu(products).sum(axis=0) + b, "ReLU is applied to each product, not to the sum."),
        (relu(relu(products).sum(axis=0) + b), "ReLU is applied to each product as well."),
        (relu(products + b).sum(axis=0), "Bias and ReLU are applied to each product."),
        (np.abs(z), "Negative sums have lost their sign; what does ReLU make of them?"),
        (np.trunc(relu(z)), "The decimals are cut off: it holds integers. Which dtype has it?"),
    ):
        if same(got, slip):
            yield hint
    hint = "Not the layer's activations. Work out one unit by hand, with two inputs."
    yield from expect_same(got, relu(z), hint)
    x, W, b = rng.normal(size=4), rng.normal(size=(4, 2)), np.array([3.0, -3.0])
    yield from expect_same(
        f(x, W, b),
        relu(x @ W + b),
        "It works for as many units as inputs, and for nothing else: which loop is how long?",
    )
    yield from expect_same(
        f(x, W, np.array([3, -3])),
        relu(x @ W + b),
        "If b holds integers, so do the sums. Where does the array of sums come from?",
    )
    for array, what in ((x, "an input"), (W, "a weight")):
        array[1] = 0
        hint = f"It goes wrong where {what} is 0: do those after it count?"
        yield from expect_same(f(x, W, b), relu(x @ W + b), hint)
    hint = "It goes wrong where the activations are tiny."
    yield from expect_same(f(x / 1e4, W, b / 1e4), relu(x @ W + b) / 1e4, hint)
    yield from expect_for_shapes(f, lambda x, W, b: relu(x @ W + b), ((130,), (130, 120), (120,)))
    if written(f) & {"@", "matmul", "dot", "einsum", "inner", "tensordot", "vdot"}:
        yield "The numbers are right, but made by a product of arrays, not by loops alone."


@exercise("1.5")
def count_parameters(f: Callable) -> Iterator[str]:
    got = f([7, 5, 3, 4])
    yield from expect(got, ())
    if not same(f([7, 5, 3, 4]), got):
        yield "The second time it gives another number for the same sizes: what is kept in between?"
    for slip, hint in (
        (62, "These are the weights alone: every unit has a bias as well."),
        (81, "The inputs get biases too; they are given, they are no units."),
        (77, "Each layer has one bias for each of its *inputs*. What has a bias?"),
        (65, "Each layer has a single bias. What has a bias?"),
        (58, "The last layer is missing."),
        (34, "The first layer is missing."),
        (109, "There is a layer from the last size to the first: in Python, `sizes[-1]` exists."),
        (420, "The sizes are all multiplied together. Which two make one W?"),
    ):
        if same(got, slip):
            yield hint
    if same(f([6, 2]), got):
        yield "Every network has the same number: does it use its argument?"
    if not same(got, 74):
        yield "Not the number for [7, 5, 3, 4]. List the shapes of its three W and three b."
    if np.asarray(got).dtype.kind == "f":
        yield "The number is right, but it is a float; a count is an int."
    if not (same(f([784, 100, 10]), 79_510) and same(f([6, 2]), 14)):
        yield "It is right for three layers, and not for one or two."
    if not same(f([5, 3, 3, 2]), 38):
        yield "It goes wrong where two layers have one size: is a size, or its place, looked up?"
    if not same(f([6, 5, 4, 3, 2]), 82):
        yield "It is right up to three layers, and not for four."
    if not same(f([6, 4, 4, 4, 2]), 78):
        yield "It goes wrong where two layers have one shape: does each count?"


@exercise("1.6")
def layer_of_columns(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    W, b, X = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=(4, 4))  # square
    column = b.reshape(4, 1)
    got, right = f(W, b, X), forward([Layer(W.T, b)], X.T)[0].T
    yield from expect(got, (4, 4))
    for slip, hint in (
        (
            W @ X + b,
            "Each image gets a bias of its own; it is each unit, a row of Z, that has one.",
        ),
        (W @ X, "The biases are missing."),
        (relu(right), "The negative numbers have gone: Z is what comes before the ReLU."),
        (right.T, "Right, but transposed: here every image is a column of Z."),
        (X @ W + column, "The order of the product is that of rows: which sizes have to meet?"),
        (X @ W + b, "That is the layer of rows, `X @ W + b`. What changes with columns?"),
        (W.T @ X + column, "W_columns is transposed already: a row for each unit."),
        (W.T @ X + b, "W_columns is transposed already, and b is added along the wrong axis."),
    ):
        if same(got, slip):
            yield hint
    hint = "Not the layer of columns. Compare with `(X @ W + b).T` on small arrays."
    yield from expect_same(got, right, hint)
    W, b, X = rng.normal(size=(3, 5)), rng.normal(size=3), rng.normal(size=(5, 2))
    hint = "It works for square arrays, and for nothing else."
    yield from expect_same(f(W, b, X), forward([Layer(W.T, b)], X.T)[0].T, hint)
    yield from expect_for_shapes(
        f, lambda W, b, X: W @ X + b[:, np.newaxis], ((110, 120), (110,), (120, 130))
    )


@exercise("1.7")
def without_bias(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    for N, n_in, n_out in ((4, 3, 4), (2, 5, 3)):
        X, W, b = rng.normal(size=(N, n_in)), rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
        got = f(X, W, b)
        if not isinstance(got, tuple | list) or len(got) != 2:
            yield f"It returns a {type(got).__name__}; expected two arrays, X1 and W1."
        (X1, W1), right = got, forward([Layer(W, b)], X)[0]
        if np.shape(X1) == (N + 1, n_in):
            yield "X1 has one *row* more, an image more. A new input is a column."
        for name, array, shape in (("X1", X1, (N, n_in + 1)), ("W1", W1, (n_in + 1, n_out))):
            yield from (f"{name}: {hint}" for hint in expect(array, shape))
        if n_out == N and same(W1 @ X1, right):
            yield "X1 and W1 have changed places."
        ones = (X1 == 1).all(axis=0)
        apart = (ones[0] and same(W1[-1], b)) or (ones[-1] and same(W1[0], b))
        if same(X1 @ W1, X @ W):
            yield "X1 @ W1 is X @ W without the biases: what does the new column of X1 hold?"
        if same(W1[-1], np.ones(n_out)) or same(W1[0], np.ones(n_out)):
            yield "The ones are in W1, so that the biases would belong to images."
        if not same(X1 @ W1, right) and apart:
            yield "The column of ones has to meet the row of biases: are both last, or first?"
        if not same(X1 @ W1, right) and ones.any() and not same(W1[ones.argmax()], b):
            yield "The column of ones meets a row of W1 that is not b."
        if not same(X1 @ W1, right) and ones.any() and same(W1, np.insert(W, ones.argmax(), b, 0)):
            yield "W1 and the column of ones are right, but the other numbers of X1 are not X's."
        hint = "X1 @ W1 is not X @ W + b. Which number must multiply each bias?"
        yield from expect_same(X1 @ W1, right, hint)
        if not ones.any():
            yield "The product is right, but no input is always 1."
    yield from expect_for_shapes(
        lambda X, W, b: np.matmul(*f(X, W, b)),
        lambda X, W, b: X @ W + b,
        ((130, 120), (120, 110), (110,)),
        whole=False,
    )
