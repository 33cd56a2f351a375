"""Wrong answers to the exercises of notebook 00."""

import numpy as np

from tests.exercises.wrong import wrong


@wrong("0.3", "Ink is 1 only after dividing")
def from_one(image):
    return 1 - image


@wrong("0.3", "run from 0 to 1")
def as_fractions(image):
    return 1 - image / 255


@wrong("0.3", "A 0 stays 0")
def minus(image):
    return -image


@wrong("0.3", "OverflowError")
def from_256(image):
    return 256 - image


@wrong("0.3", "changed their places")
def turned_round(image):
    return image[::-1]


@wrong("0.3", "black or white")
def threshold(image):
    return np.where(image > 127, 0, 255).astype(np.uint8)


@wrong("0.3", "their type is float64")
def floats(image):
    return 255 - image.astype(float)


@wrong("0.3", "their type is int64")
def integers(image):
    return np.array([255 - int(byte) for byte in image])


@wrong("0.3", "darkest pixel is less than 255")
def from_the_largest(image):
    return image.max() - image


@wrong("0.3", "changes its argument")
def in_place(image):
    image[:] = 255 - image
    return image


@wrong("0.3", "returns a list")
def a_list(image):
    return [255 - byte for byte in image]


@wrong("0.4", "3 - 5 is 254")
def wraps(a, b):
    return np.abs(a - b).mean()


@wrong("0.4", "above 127")
def signed_bytes(a, b):
    return np.abs((a.astype(np.int8) - b.astype(np.int8)).astype(float)).mean()


@wrong("0.4", "where is the absolute value")
def signed(a, b):
    return (a.astype(float) - b.astype(float)).mean()


@wrong("0.4", "comes too late")
def absolute_of_the_mean(a, b):
    return abs(a.mean() - b.mean())


@wrong("0.4", "squares")
def squared(a, b):
    return ((a.astype(float) - b) ** 2).mean()


@wrong("0.4", "sum over all pixels")
def total(a, b):
    return np.abs(a.astype(int) - b).sum()


@wrong("0.4", "between 0 and 1")
def of_fractions(a, b):
    return np.abs(a / 255 - b / 255).mean()


@wrong("0.4", "single number")
def not_yet_a_mean(a, b):
    return np.abs(a.astype(float) - b)


@wrong("0.4", "by hand")
def only_where_b_is_larger(a, b):
    return np.maximum(b.astype(float) - a, 0).mean()


@wrong("0.5", "by squares")
def squares(X, means):
    return (X @ means.T - 0.5 * (means**2).sum(axis=1)).argmax(axis=1)


@wrong("0.5", "nearest image for each digit")
def wrong_axis(X, means):
    return np.abs(X[:, np.newaxis] - means).sum(axis=2).argmin(axis=0)


@wrong("0.5", "farthest away")
def farthest(X, means):
    return np.array([np.abs(x - means).sum(axis=1).argmax() for x in X])


@wrong("0.5", "smallest sum itself")
def the_sum(X, means):
    return np.abs(X[:, np.newaxis] - means).sum(axis=2).min(axis=1)


@wrong("0.5", "total ink")
def absolute_too_late(X, means):
    return np.abs((X[:, np.newaxis] - means).sum(axis=2)).argmin(axis=1)


@wrong("0.5", "negative difference")
def without_absolute(X, means):
    return (X[:, np.newaxis] - means).sum(axis=2).argmin(axis=1)


MEANS = np.random.default_rng(7).random((10, 784))


@wrong("0.5", "use the `means`")
def other_means(X, means):
    return np.abs(X[:, np.newaxis] - MEANS).sum(axis=2).argmin(axis=1)


@wrong("0.5", "shape (1,)")
def returns_too_early(X, means):
    guesses = []
    for x in X:
        guesses.append(np.abs(x - means).sum(axis=1).argmin())
        return np.array(guesses)


@wrong("0.5", "expected (7,)")
def always_ten(X, means):
    guesses = np.zeros(10, dtype=int)
    for n in range(len(X)):
        guesses[n] = np.abs(X[n] - means).sum(axis=1).argmin()
    return guesses


@wrong("0.6", "commonest of y_other")
def commonest_of_the_others(y_train, y_other):
    return (y_other == np.bincount(y_other).argmax()).mean()


@wrong("0.6", "how often is the label right in y_other")
def in_training(y_train, y_other):
    return np.bincount(y_train).max() / len(y_train)


@wrong("0.6", "commonest in MNIST")
def always_one(y_train, y_other):
    return np.mean(y_other == 1)


@wrong("0.6", "how *often*")
def max_for_argmax(y_train, y_other):
    return np.mean(y_other == np.bincount(y_train).max())


@wrong("0.6", "rarest")
def rarest(y_train, y_other):
    return np.mean(y_other == np.bincount(y_train).argmin())


@wrong("0.6", "the label itself")
def the_label(y_train, y_other):
    return np.bincount(y_train).argmax()


@wrong("0.6", "how many are right")
def count(y_train, y_other):
    return np.sum(y_other == np.bincount(y_train).argmax())


@wrong("0.6", "wrong number")
def divided_by_the_others(y_train, y_other):
    return np.sum(y_other == np.bincount(y_train).argmax()) / len(y_train)


@wrong("0.6", "percent")
def percent(y_train, y_other):
    return 100 * np.mean(y_other == np.bincount(y_train).argmax())


@wrong("0.6", "mean of the labels")
def mean_label(y_train, y_other):
    return np.mean(y_other == round(np.mean(y_train)))


@wrong("0.6", "missing from y_train")
def place_for_label(y_train, y_other):
    _, counts = np.unique(y_train, return_counts=True)
    return np.mean(y_other == counts.argmax())


@wrong("0.4", "as well")
def inked_pixels_only(a, b):
    inked = (a > 0) | (b > 0)
    return np.abs(a[inked].astype(float) - b[inked]).mean()


@wrong("0.5", "less than 1")
def sums_as_integers(X, means):
    distances = np.zeros((len(X), 10), dtype=int)
    for k in range(10):
        distances[:, k] = np.abs(X - means[k]).sum(axis=1)
    return distances.argmin(axis=1)


@wrong("0.5", "last pixel")
def one_pixel_less(X, means):
    return np.array(
        [np.argmin([sum(abs(x[d] - m[d]) for d in range(783)) for m in means]) for x in X]
    )


@wrong("0.5", "far, as 470")
def best_begins_at_300(X, means):
    guesses = []
    for x in X:
        best, digit = 300, 0
        for k in range(10):
            distance = np.abs(x - means[k]).sum()
            if distance < best:
                best, digit = distance, k
        guesses.append(digit)
    return np.array(guesses)


@wrong("0.6", "9 is the commonest")
def nine_never_counted(y_train, y_other):
    label = np.argmax([np.sum(y_train == k) for k in range(9)])
    return np.mean(y_other == label)


@wrong("0.6", "0 is the commonest")
def zero_never_counted(y_train, y_other):
    label = 1 + np.argmax([np.sum(y_train == k) for k in range(1, 10)])
    return np.mean(y_other == label)


@wrong("0.6", "IndexError")
def looked_up_in_counts(y_train, y_other):
    return np.bincount(y_other)[np.bincount(y_train).argmax()] / len(y_other)


@wrong("0.6", "the place of one in y_train")
def argmax_of_the_labels(y_train, y_other):
    return np.mean(y_other == y_train.argmax())


@wrong("0.3", "kept between two calls")
def first_answer_kept(image, kept={}):  # noqa: B006
    return kept.setdefault(image.shape, 255 - image)


@wrong("0.4", "wraps around")
def sum_in_uint16(a, b):
    return (np.maximum(a, b) - np.minimum(a, b)).sum(dtype=np.uint16) / a.size


@wrong("0.4", "divides by 784")
def always_784_pixels(a, b):
    return np.abs(a.astype(int) - b).sum() / 784


@wrong("0.4", "first row alone")
def first_row(a, b):
    return np.abs(np.atleast_2d(a)[0].astype(int) - np.atleast_2d(b)[0]).mean()


@wrong("0.4", "two equal images")
def largest_taken_out(a, b):
    d = np.abs(a.astype(int) - b)
    return (d / d.max()).mean() * d.max()


@wrong("0.4", "a single axis")
def rows_first(a, b):
    return np.abs(a.astype(int) - b).mean(axis=0).mean() if a.ndim == 2 else 0.0


@wrong("0.4", "It is off by")
def mean_in_float16(a, b):
    return np.abs(a.astype(np.float16) - b).mean()


@wrong("0.5", "first pixel")
def first_pixel_left_out(X, means):
    return np.abs(X[:, np.newaxis, 1:] - means[:, 1:]).sum(axis=2).argmin(axis=1)


@wrong("0.5", "start too low")
def best_begins_at_100(X, means):
    return [np.argmin([min(np.abs(x - m).sum(), 100) for m in means]) for x in X]


@wrong("0.5", "float16 is too coarse")
def distances_in_float16(X, means):
    return np.abs(X[:, np.newaxis] - means).sum(axis=2).astype(np.float16).argmin(axis=1)


@wrong("0.6", "With 4000 labels")
def commonest_of_a_thousand(y_train, y_other):
    return np.mean(y_other == np.bincount(y_train[:1000]).argmax())


@wrong("0.6", "that is the largest")
def largest_label(y_train, y_other):
    return np.mean(y_other == y_train.max())
