"""Wrong answers to the exercises of notebook 10."""

import numpy as np

from mnist_edu.topics.augmentation import warp
from tests.exercises.wrong import wrong


@wrong("10.3", "comes back on the other")
def rolls(x, down, right):
    return np.roll(x.reshape(28, 28), (down, right), axis=(0, 1)).ravel()


@wrong("10.3", "next row")
def rolls_flat(x, down, right):
    return np.roll(x, 28 * down + right)


@wrong("10.3", "changed places")
def swaps(x, down, right):
    return shift(x, right, down)


@wrong("10.3", "up and to the left")
def other_way(x, down, right):
    return shift(x, -down, -right)


@wrong("10.3", "one by (-3, -5) is not")
def only_down_and_right(x, down, right):
    new = np.zeros((28, 28))
    if down >= 0 and right >= 0:
        new[down:, right:] = x.reshape(28, 28)[: 28 - down, : 28 - right]
    return new.ravel()


def shift(x, down, right):
    framed = np.pad(x.reshape(28, 28), 28)
    return framed[28 - down : 56 - down, 28 - right : 56 - right].ravel()


@wrong("10.3", "(12, -10) is not")
def narrow_frame(x, down, right):
    framed = np.pad(x.reshape(28, 28), 6)
    return framed[6 - down : 34 - down, 6 - right : 34 - right].ravel()


@wrong("10.3", "has to be paper")
def ink_comes_in(x, down, right):
    return 1 - shift(1 - x, down, right)


@wrong("10.3", "No ink is left")
def rolls_and_wipes(x, down, right):
    new = np.roll(x.reshape(28, 28), (down, right), axis=(0, 1))
    down, right = (np.sign(n) * (abs(n) % 28) for n in (down, right))
    new[(slice(0, down) if down >= 0 else slice(down, None))] = 0
    new[:, (slice(0, right) if right >= 0 else slice(right, None))] = 0
    return new.ravel()


@wrong("10.3", "without")
def by_warp(x, down, right):
    return warp(x[np.newaxis], np.reshape([-1.0 * down, -1.0 * right], (2, 1, 1, 1)))[0]


@wrong("10.4", "same square")
def one_square(X, rng, side=6):
    images = X.reshape(-1, 28, 28).copy()
    r, c = rng.integers(0, 28 - side + 1, 2)
    images[:, r : r + side, c : c + side] = 0
    return images.reshape(X.shape)


def erased(X, rng, side, largest, draw=None):
    images = X.reshape(-1, 28, 28).copy()
    for image in images:
        r, c = draw(rng) if draw else rng.integers(0, largest, 2)
        image[r : r + side, c : c + side] = 0
    return images.reshape(X.shape)


@wrong("10.4", "should stay as they are")
def mask_alone(X, rng, side=6):
    return erased(np.ones_like(X), rng, side, 29 - side)


@wrong("10.4", "makes 36 pixels 0")
def over_the_edge(X, rng, side=6):
    return erased(X, rng, side, 28)


@wrong("10.4", "never reached")
def never_the_last(X, rng, side=6):
    return erased(X, rng, side, 28 - side)


@wrong("10.4", "Not all places are equally likely")
def pushed_inside(X, rng, side=6):
    return erased(X, rng, side, None, lambda rng: np.clip(rng.integers(0, 28, 2) - 3, 0, 28 - side))


@wrong("10.4", "draw from the rng")
def own_generator(X, rng, side=6):
    return erased(X, np.random.default_rng(0), side, 29 - side)


@wrong("10.4", "the second time")
def from_nowhere(X, rng, side=6):
    return erased(X, np.random.default_rng(), side, 29 - side)


@wrong("10.4", "changes its argument")
def in_place(X, rng, side=6):
    images = X.reshape(-1, 28, 28)
    for image in images:
        r, c = rng.integers(0, 29 - side, 2)
        image[r : r + side, c : c + side] = 0
    return images.reshape(X.shape)


@wrong("10.4", "diagonal")
def same_row_and_column(X, rng, side=6):
    return erased(X, rng, side, None, lambda rng: [rng.integers(0, 29 - side)] * 2)


@wrong("10.4", "side of 10")
def side_ignored(X, rng, side=6):
    return erased(X, rng, 6, 23)


@wrong("10.4", "881 at 22")
def moved_inside(X, rng, side=6):
    draw = lambda rng: np.minimum(rng.integers(0, 28, 2), 28 - side)  # noqa: E731
    return erased(X, rng, side, None, draw)


@wrong("10.4", "equally likely: of 4000 squares 82")
def rounded_places(X, rng, side=6):
    return erased(X, rng, side, None, lambda rng: np.rint((28 - side) * rng.random(2)).astype(int))


@wrong("10.4", "0 begin at 1,")
def even_places(X, rng, side=6):
    return erased(X, rng, side, None, lambda rng: 2 * rng.integers(0, (28 - side) // 2 + 1, 2))


@wrong("10.4", "column depends on the row")
def other_diagonal(X, rng, side=6):
    def draw(rng):
        r = rng.integers(0, 29 - side)
        return r, 28 - side - r

    return erased(X, rng, side, None, draw)


@wrong("10.4", "share a square")
def one_square_for_two(X, rng, side=6):
    places = [place for place in rng.integers(0, 29 - side, (len(X), 2)) for _ in range(2)]
    return erased(X, rng, side, None, lambda rng: places.pop())


@wrong("10.5", "last layer is left out")
def two_layers(loss, params, decay):
    return loss + decay / 2 * sum((W**2).sum() for W, b in params[:2])


@wrong("10.4", "the one before")
def drifts(X, rng, side=6):
    place = rng.integers(0, 29 - side, 2)

    def draw(rng):
        place[:] = (place + rng.integers(0, 8, 2)) % (29 - side)
        return place

    return erased(X, rng, side, None, draw)


@wrong("10.5", "taken off")
def subtracted(loss, params, decay):
    return loss - decay / 2 * sum((W**2).sum() for W, b in params)


@wrong("10.5", "once for each layer")
def loss_in_the_sum(loss, params, decay):
    return sum(loss + decay / 2 * (W**2).sum() for W, b in params)


@wrong("10.5", "first layer is left out")
def without_the_first(loss, params, decay):
    return loss + decay / 2 * sum((W**2).sum() for W, b in params[1:])


@wrong("10.5", "Only the last layer")
def the_last_of_the_loop(loss, params, decay):
    for W, _ in params:
        total = loss + decay / 2 * (W**2).sum()
    return total


@wrong("10.5", "inhomogeneous")
def in_one_array(loss, params, decay):
    return loss + decay / 2 * (np.array([W for W, b in params]) ** 2).sum()


@wrong("10.5", "not the sum")
def square_of_the_sum(loss, params, decay):
    return loss + decay / 2 * sum(W.sum() ** 2 for W, b in params)


@wrong("10.5", "wrong for 3")
def fixed_decay(loss, params, decay):
    return loss + 0.1 * sum((W**2).sum() for W, b in params)


@wrong("10.5", "twice too large")
def no_half(loss, params, decay):
    return loss + decay * sum((W**2).sum() for W, b in params)


@wrong("10.5", "biases count")
def with_biases(loss, params, decay):
    return loss + decay / 2 * sum((W**2).sum() + (b**2).sum() for W, b in params)


@wrong("10.5", "penalty alone")
def without_loss(loss, params, decay):
    return decay / 2 * sum((W**2).sum() for W, b in params)


@wrong("10.5", "lengths")
def norms(loss, params, decay):
    return loss + decay / 2 * sum(np.linalg.norm(W) for W, b in params)


@wrong("10.5", "take the sum")
def means(loss, params, decay):
    return loss + decay / 2 * sum((W**2).mean() for W, b in params)


@wrong("10.5", "first layer")
def returns_in_the_loop(loss, params, decay):
    for W, _ in params:
        return loss + decay / 2 * (W**2).sum()


@wrong("10.6", "biases are missing")
def no_biases(side, maps_in, maps_out):
    return side**2 * maps_in * maps_out


@wrong("10.6", "reaches through")
def one_map_in(side, maps_in, maps_out):
    return (side**2 + 1) * maps_out


@wrong("10.6", "however many maps")
def bias_for_each_map(side, maps_in, maps_out):
    return (side**2 + 1) * maps_in * maps_out


@wrong("10.6", "not one for all")
def one_bias(side, maps_in, maps_out):
    return side**2 * maps_in * maps_out + 1


@wrong("10.6", "a float")
def float_count(side, maps_in, maps_out):
    return float(maps_out * (side**2 * maps_in + 1))


@wrong("10.6", "side columns")
def side_not_squared(side, maps_in, maps_out):
    return maps_out * (side * maps_in + 1)


def summed(dW, place):
    return np.array(
        [
            [
                sum(dW[place(r, i), place(c, j), r, c] for r in range(24) for c in range(24))
                for j in range(5)
            ]
            for i in range(5)
        ]
    )


@wrong("10.7", "mean over the places")
def mean(dW):
    return summed(dW, lambda place, i: place + i) / 24**2


@wrong("10.7", "changed places")
def transposed(dW):
    return summed(dW, lambda place, i: place + i).T


@wrong("10.7", "upside down")
def flipped(dW):
    return summed(dW, lambda place, i: place + 4 - i)


@wrong("10.7", "first place alone")
def first_place(dW):
    return dW[:5, :5, 0, 0]


@wrong("10.7", "moves along")
def all_of_one_pixel(dW):
    return dW[:5, :5].sum(axis=(2, 3))
