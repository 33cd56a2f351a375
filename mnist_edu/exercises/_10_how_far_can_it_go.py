"""Checks of the exercises of notebook 10."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.exercises._check import exercise, expect, expect_same, same, written
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
    right = moved(3, 5)
    paper = np.ones((28, 28), bool)
    paper[3:, 5:] = False
    if same(got[~paper.ravel()], right[~paper.ravel()]) and not same(got, right):
        yield "The ink is where it should be; where nothing came from there has to be paper, 0."
    if not same(got, right):
        yield "Ink at row 10, column 10 should be at row 13, column 15 after a shift by (3, 5)."
    for down, sideways in ((-3, -5), (0, 4), (4, 0), (0, 0), (-2, 6), (2, -6)):
        hint = f"A shift by (3, 5) is right, one by ({down}, {sideways}) is not."
        yield from expect_same(f(x, down, sideways), moved(down, sideways), hint)
    for down, sideways in ((12, -10), (-27, 27), (28, 0), (0, -28)):
        gone = " No ink is left." * (max(abs(down), abs(sideways)) >= 28)
        hint = f"Small shifts are right, one by ({down}, {sideways}) is not.{gone}"
        got = f(x, down, sideways)
        if np.shape(got) != (784,):
            yield hint
        yield from expect_same(got, moved(down, sideways), hint)
    if "warp" in written(f):
        yield "The image is right, but `warp` has made it; it was to be done without."


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
    yield from _square_hints(blank, 6)
    if not same(f(X, np.random.default_rng(0)), got):
        yield "The same rng gives other squares the second time: is each drawn from rng?"
    if same(f(X, np.random.default_rng(1)), got):
        yield "Another generator gives the same squares: draw from the rng that is passed."
    many = [f(X, np.random.default_rng(seed)).reshape(-1, 28, 28) == 0 for seed in range(10)]
    tops, lefts = np.concatenate([_corners(squares) for squares in many], axis=1)
    if same(tops, lefts):
        yield "All squares lie on the diagonal: draw row and column one by one."
    for first in (tops, lefts):
        if first.max() < 22 or first.min() > 0:
            yield (
                "Some places are never reached: first rows and columns go from 0 to 22, 22 "
                "included."
            )
        counts = np.bincount(first, minlength=23)
        rare, common = counts.argmin(), counts.argmax()
        # With 4000 squares this is 22 ± 7 if every place is equally likely.
        if ((counts / (4000 / 23) - 1) ** 2).sum() * 4000 / 23 > 75:
            yield (
                f"Not all places are equally likely: of 4000 squares {counts[rare]} begin at "
                f"{rare}, and {counts[common]} at {common}."
            )
    if abs(np.corrcoef(tops, lefts)[0, 1]) > 0.1 or not 0.02 < (tops == lefts).mean() < 0.07:
        yield "All rows are equally likely, but the column depends on the row: draw one by one."
    if len(set(zip(*_corners(many[0]), strict=True))) < 240:  # 281 ± 8, if all are drawn
        yield "Many images share a square with another: each needs a draw of its own."
    if abs(np.corrcoef(tops[1:], tops[:-1])[0, 1]) > 0.1:
        yield "The square of an image depends on that of the one before: each needs its own draw."
    for side in (10, 1, 28):
        got = f(X[:50], np.random.default_rng(0), side)
        yield from expect(got, (50, 784))
        blank = got.reshape(-1, 28, 28) == 0
        if not (blank.sum(axis=(1, 2)) == side**2).all():
            yield f"With a side of {side} it should blank {side**2} pixels of each image."
        yield from _square_hints(blank, side)
    largest = np.max([_corners(f(X, np.random.default_rng(k), 10) == 0) for k in range(2)])
    if largest != 18:
        yield f"With a side of 10 no square begins beyond {largest}; the last place is 18."
    yield from expect(f(X[:1], np.random.default_rng(0)), (1, 784))


def _square_hints(blank: np.ndarray, side: int) -> Iterator[str]:
    """Yield a hint if side² pixels are blank in each image, but not in a square."""
    height, width = (blank.any(axis=axis).sum(axis=1) for axis in (2, 1))
    if not (height == side).all() or not (width == side).all():
        yield f"{side**2} pixels are 0, but they are not a square of {side} by {side}."


def _corners(blank: np.ndarray) -> np.ndarray:
    """Return the first row and the first column that are blank, (2, N)."""
    blank = blank.reshape(-1, 28, 28)
    return np.array([blank.any(axis=axis).argmax(axis=1) for axis in (2, 1)])


@exercise("10.5")
def decayed_loss(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    sizes = [(4, 3), (3, 5), (5, 2)]
    params = [Layer(rng.normal(size=size), rng.normal(size=size[1])) for size in sizes]
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
    if same(got, 1.5 + 0.1 * sum((W**2).sum() for W, _ in params[:2])):
        yield "The last layer is left out; its W counts as well."
    if same(got, 1.5 + 0.1 * (params[2].W ** 2).sum()):
        yield "Only the last layer counts; all should."
    if same(got, 1.5 - 0.1 * squares):
        yield "The penalty is taken off; weights should cost something."
    if same(got, 1.5 + 0.05 * squares):
        yield "The penalty is half of what it should be: the half is taken twice."
    if same(got, 1.5 + 0.1 * (squares - (params[0].W ** 2).sum())):
        yield "The first layer is left out; its W counts as well."
    if same(got, 4.5 + 0.1 * squares):
        yield "The loss is added once for each layer."
    if same(got, 1.5 + 0.1 * squares / 3):
        yield "That takes the mean over the layers; they add up."
    if any(same(got, 1.5 + 0.1 * some) for some in _not_squared(params)):
        yield "Square each weight, then add up: not the sum of weights, nor that of their sizes."
    hint = "With decay 0 it should be the loss; with decay 2, the loss plus the sum of all W²."
    yield from expect_same(got, 1.5 + 0.1 * squares, hint)
    for loss, some, decay, hint in (
        (0.25, params, 0.2, "It is right for a loss of 1.5, and wrong for another."),
        (1.5, params, 3.0, "It is right for a decay of 0.2, and wrong for 3."),
        (1.5, params, 0.0, "With decay 0 it should be the loss."),
        (1.5, params[:1], 0.2, "It is right for three layers, and wrong for one."),
        (1.5, [*params, *params], 0.2, "It is right for three layers, and wrong for six."),
    ):
        right = loss + decay / 2 * sum((W**2).sum() for W, _ in some)
        yield from expect_same(f(loss, some, decay), right, hint)


def _not_squared(params: list[Layer]) -> list[float]:
    """Return sums that forget the squares, or take them too late."""
    sums = np.array([W.sum() for W, _ in params])
    sizes = np.array([np.abs(W).sum() for W, _ in params])
    return [sums.sum(), (sums**2).sum(), sums.sum() ** 2, sizes.sum(), (sizes**2).sum()]


@exercise("10.6")
def count_convolution(f: Callable) -> Iterator[str]:
    side, maps_in, maps_out = 5, 3, 20
    got = f(side, maps_in, maps_out)
    yield from expect(got, ())
    one = side * side
    for slip, hint in (
        (one * maps_in * maps_out, "The biases are missing: one for each kernel."),
        (one * maps_out + maps_out, "Each kernel reaches through all maps that come in."),
        (
            one * maps_in * maps_out + 1,
            "There is one bias for each kernel, not one for all of them.",
        ),
        ((one * maps_in + maps_in) * maps_out, "A kernel has one bias, however many maps come in."),
        (one * maps_in + maps_out, "Each of the maps that go out has a kernel of its own."),
        (one * maps_in * maps_out + maps_in, "A bias belongs to each map that goes *out*."),
        ((side * maps_in + 1) * maps_out, "A kernel has side rows and side columns."),
    ):
        if same(got, slip):
            yield hint
    for args, right in (((5, 3, 20), 1520), ((3, 1, 1), 10), ((1, 2, 3), 9), ((7, 4, 2), 394)):
        if not same(f(*args), right):
            yield "One kernel of 3 by 3 on one map has 9 weights and a bias: 10."
    if np.asarray(got).dtype.kind == "f":
        yield "The number is right, but it is a float; a count is an int."


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
    sums = dW.sum(axis=(2, 3))
    if same(got, sums[:5, :5]):
        yield "For each i, j it adds up all of dW[i, j]; the pixel moves along with r and c."
    hint = "K_ij stands in W at [r + i, c + j, r, c], for every r and c from 0 to 23."
    yield from expect_same(got, right, hint)
