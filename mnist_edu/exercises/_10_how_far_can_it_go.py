"""Checks of the exercises of notebook 10."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.exercises._check import exercise, expect, same
from mnist_edu.network import Layer
from mnist_edu.topics.augmentation import warp


@exercise("10.3")
def shift_image(f: Callable) -> Iterator[str]:
    x = np.random.default_rng(0).random(784)

    def moved(down, right):
        return warp(x[np.newaxis], -np.array([down, right]).reshape(2, 1, 1, 1) * 1.0)[0]

    got = f(x, 3, 5)
    yield from expect(got, (784,))
    if same(got, moved(-3, -5)):
        yield "The ink moves up and to the left: where does a pixel come from?"
    if same(got, moved(5, 3)):
        yield "Down and right have changed places: which axis of (28, 28) are the rows?"
    if same(got, np.roll(x.reshape(28, 28), (3, 5), (0, 1)).ravel()):
        yield "What leaves on one side comes back on the other."
    if same(got, np.roll(x, 3 * 28 + 5)):
        yield "What leaves a row on the right comes back in the next row on the left."
    if not same(got, moved(3, 5)):
        yield "Ink at row 10, column 10 should be at row 13, column 15 after a shift by (3, 5)."
    for down, right in ((-3, -5), (0, 4), (4, 0), (0, 0), (-2, 6)):
        if not same(f(x, down, right), moved(down, right)):
            yield f"A shift by (3, 5) is right, one by ({down}, {right}) is not."


@exercise("10.4")
def erase(f: Callable) -> Iterator[str]:
    X = 0.1 + 0.9 * np.random.default_rng(2).random((400, 784))
    got = f(X, np.random.default_rng(0))
    yield from expect(got, (400, 784))
    blank = got.reshape(-1, 28, 28) == 0
    if not ((got == X) | (got == 0)).all():
        yield "Pixels outside the square should stay as they are, those inside be 0."
    if (blank == blank[0]).all():
        yield "All images lose the same square; each needs one of its own."
    if not (blank.sum(axis=(1, 2)) == 36).all():
        yield "A square of 6 by 6, all of it inside the image, makes 36 pixels 0 in every image."
    height, width = (blank.any(axis=axis).sum(axis=1) for axis in (2, 1))
    if not (height == 6).all() or not (width == 6).all():
        yield "36 pixels are 0, but they are not a square of 6 by 6."
    tops = blank.any(axis=2).argmax(axis=1), blank.any(axis=1).argmax(axis=1)
    if same(*tops):
        yield "All squares lie on the diagonal: draw row and column one by one."
    if any(top.max() < 22 or top.min() > 0 for top in tops):
        yield "Some places are never reached: first rows and columns go from 0 to 22, 22 included."
    if any(np.bincount(top).max() > 45 for top in tops):  # 400 / 23 = 17, give or take 4
        yield "Some places come up far more often than others: draw only places where it fits."
    if same(f(X, np.random.default_rng(1)), got):
        yield "Another generator gives the same squares: draw from the rng that is passed."
    if (f(X[:5], np.random.default_rng(0), 10) == 0).sum() != 500:
        yield "With a side of 10 it should blank 100 pixels an image."


@exercise("10.5")
def decayed_loss(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    params = [Layer(rng.normal(size=(4, 3)), rng.normal(size=3)) for _ in range(2)]
    squares = sum((W**2).sum() for W, _ in params)
    got = f(1.5, params, 0.2)
    yield from expect(got, ())
    if same(got, 1.5 + 0.2 * squares):
        yield "The penalty is twice too large: its derivative should be decay times W."
    if same(got, 1.5 + 0.1 * (squares + sum((b**2).sum() for _, b in params))):
        yield "The biases count as well; they should not."
    if same(got, 0.1 * squares):
        yield "That is the penalty alone, without the loss."
    if same(got, 1.5 + 0.1 * sum(np.linalg.norm(W) for W, _ in params)):
        yield "That adds up lengths, not squares."
    if same(got, 1.5 + 0.1 * sum((W**2).mean() for W, _ in params)):
        yield "A mean over the weights makes the penalty of a large layer no larger; take the sum."
    if same(got, 1.5 + 0.1 * (params[0].W ** 2).sum()):
        yield "Only the first layer counts; all should."
    if not same(got, 1.5 + 0.1 * squares):
        yield "With decay 0 it should be the loss; with decay 2, the loss plus the sum of all W²."


@exercise("10.6")
def count_convolution(f: Callable) -> Iterator[str]:
    side, maps_in, maps_out = 5, 3, 20
    got = f(side, maps_in, maps_out)
    yield from expect(got, ())
    one = side * side
    if got == one * maps_in * maps_out:
        yield "The biases are missing: one for each kernel."
    if got == one * maps_out + maps_out:
        yield "Each kernel reaches through all maps that come in."
    if got == one * maps_in * maps_out + 1:
        yield "There is one bias for each kernel, not one for all of them."
    if got == (one * maps_in + maps_in) * maps_out:
        yield "A kernel has one bias, however many maps come in."
    if got == one * maps_in + maps_out:
        yield "Each of the maps that go out has a kernel of its own."
    if got != 1520 or f(3, 1, 1) != 10 or f(1, 2, 3) != 9:
        yield "One kernel of 3 by 3 on one map has 9 weights and a bias: 10."


@exercise("10.7")
def kernel_gradient(f: Callable) -> Iterator[str]:
    dW = np.random.default_rng(0).normal(size=(28, 28, 24, 24))
    places = np.arange(24)
    right = np.array(
        [
            [
                dW[(places + i)[:, np.newaxis], places + j, places[:, np.newaxis], places].sum()
                for j in range(5)
            ]
            for i in range(5)
        ]
    )
    got = f(dW)
    yield from expect(got, (5, 5))
    if same(got, right / 576):
        yield "That is the mean over the places; one weight acts at all of them, so effects add."
    if same(got, right.T):
        yield "Rows and columns of the kernel have changed places."
    if same(got, right[::-1, ::-1]):
        yield "The kernel is upside down: (10.11) adds i and j to the place, it does not subtract."
    if same(got, dW[:5, :5, 0, 0]):
        yield "That is the kernel's first place alone; the same numbers act at 576 places."
    if not same(got, right):
        yield "K_ij stands in W at [r + i, c + j, r, c], for every r and c from 0 to 23."
