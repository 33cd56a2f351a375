"""Checks of the exercises of notebook 00."""

from collections.abc import Callable, Iterator

import numpy as np

from mnist_edu.exercises._check import example, exercise, expect, expect_same, same


@exercise("0.3")
def negative(f: Callable) -> Iterator[str]:
    image = np.arange(784).astype(np.uint8)  # has every byte
    got, right = f(image), np.array([255 - int(byte) for byte in image])
    yield from expect(got, (784,))
    if same(got, image):
        yield "The image comes back as it was."
    if same(got, right / 255):
        yield "The numbers run from 0 to 1, but bytes run from 0 to 255."
    if same(got, np.uint8(1) - image):
        yield "Ink is 1 only after dividing. What is it as a byte?"
    if same(got, -image):
        yield "A 0 stays 0, for bytes wrap around. From which number should the pixel be taken off?"
    if same(got, image[::-1]):
        yield "The pixels have changed their places and kept their values."
    if np.isin(got, (0, 255)).all():
        yield "The grey pixels have become black or white; they should be grey in the negative too."
    if not same(got, right):
        yield example("the pixel", image, got, right)
    if got.dtype != np.uint8:
        yield f"The numbers are right, but their type is {got.dtype}; uint8 was asked for."
    darker = f(image // 2)
    if same(darker, got):
        yield "A second image gives the negative of the first: what is kept between two calls?"
    if not same(darker, np.append(right, 255)[image // 2]):
        yield "It goes wrong for an image whose darkest pixel is less than 255."


@exercise("0.4")
def mean_absolute_difference(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, n, (32, 32), dtype=np.uint8) for n in (200, 256))
    a[-3:] = b[-3:] = 0
    got, d = f(a, b), a.astype(float) - b
    total, right = np.abs(d).sum(), np.abs(d).mean()  # of 1024 pixels: exact in float32
    yield from expect(got, ())
    if any(same(got, np.abs(d[some]).mean()) for some in ((a > 0) | (b > 0), d != 0)):
        yield "Pixels that are alike in both, such as paper, count as well: how many has an image?"
    if same(got, (a - b).mean()):
        yield "Bytes wrap around: 3 - 5 is 254. Which step has to come before the difference?"
    as_int8 = (a - b).view(np.int8)
    if any(same(got, np.abs(wrapped).mean()) for wrapped in (as_int8, as_int8 * 1.0)):
        yield "Small differences are right, but those above 127 wrap around."
    if same(got, d.mean()):
        yield "Differences of opposite sign cancel: where is the absolute value?"
    if same(got, abs(d.mean())):
        yield "The absolute value comes too late: opposite differences have cancelled before."
    if same(got, (d**2).mean()) or same(got, np.sqrt((d**2).mean())):
        yield "These are squares; absolute differences are asked for."
    if same(got, np.abs(d).sum()):
        yield "That is the sum over all pixels, not the mean."
    if same(got, np.abs(d).mean() / 255):
        yield "That lies between 0 and 1; expected is a number between 0 and 255."
    if any(same(got, total % 2**bits / d.size) for bits in (8, 16)):
        yield "The sum wraps around: its type, uint8 or uint16, is too small for it."
    if same(got, total / 784):
        yield "It divides by 784, but not every image has so many pixels: these have 1024."
    if same(got, np.abs(d[0]).mean()):
        yield "That is the mean of the first row alone."
    hint = "It is not the mean of |a - b|. Try two images of one or two pixels, by hand."
    yield from expect_same(got, right, hint)
    for left, other, wanted, hint in (
        (b, a, right, "With a and b exchanged it gives another number."),
        (a, a, 0, "For two equal images it is not 0."),
        (a.ravel(), b.ravel(), right, "It goes wrong for images with a single axis."),
    ):
        yield from expect_same(f(left, other), wanted, hint)


@exercise("0.5")
def say_nearest_mean_absolute(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(0)
    X, means = rng.random((10, 784)), rng.random((10, 784))  # as many images as digits
    got, d = f(X, means), X[:, np.newaxis] - means
    sums = np.abs(d).sum(axis=2)
    yield from expect(got, (10,), or_list=True)
    if same(got, sums.min(axis=1)):
        yield "That is the smallest sum itself. Which digit does it belong to?"
    if same(got, (d**2).sum(axis=2).argmin(axis=1)):
        yield "That is the nearest mean by squares, as in the text above."
    if same(got, sums.argmin(axis=0)):
        yield "That is the nearest image for each digit, not the nearest digit for each image."
    if same(got, sums.argmax(axis=1)):
        yield "These are the digits whose mean is farthest away."
    if same(got, np.abs(d.sum(axis=2)).argmin(axis=1)):
        yield "Pixels too dark and too light cancel, so only the total ink is compared."
    if same(got, d.sum(axis=2).argmin(axis=1)):
        yield "A negative difference counts as a small one. Where is the absolute value?"
    if not np.any(got):
        yield "Every image is a 0: does the least sum so far start too low, or is none compared?"
    if same(f(X, means[::-1]), got):
        yield "With other means the answer is the same: does it use the `means` it is given?"
    if not same(got, sums.argmin(axis=1)):
        yield "Not the nearest. Print all ten sums for one image: are they ten, and which is least?"
    yield from expect_same(
        f(X[:7], means), got[:7], "With fewer images, the same images get other digits."
    )
    order, paper = (7 * np.arange(10) + 2) % 10, np.zeros((1, 784))  # 4 is the nearest
    for pixels, values, hint in (
        (slice(None), 0.6 + 0.03 * order, "It fails where even the nearest mean is far, as 470."),
        ([-1], order > 0, "It fails where the means differ in their last pixel alone."),
        ([0], order > 0, "It fails where the means differ in their first pixel alone."),
        ([392], order / 10, "It fails where the sums differ by less than 1: are they rounded?"),
        (
            slice(None),
            0.5 + 1e-5 * order,
            "It fails where sums of 390 differ by 0.008: float16 is too coarse, so is rounding.",
        ),
    ):
        means = np.zeros((10, 784))
        means[:, pixels] = values[:, np.newaxis]
        yield from expect_same(f(paper, means), [4], hint)


@exercise("0.6")
def always_commonest(f: Callable) -> Iterator[str]:
    rng = np.random.default_rng(1)
    here, there = np.array([[3, 5, 2, 4, 3, 4, 1, 8, 2, 6], [2, 4, 3, 10, 5, 7, 8, 6, 9, 1]])
    y_train = rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), here))  # 38, mostly 7
    y_other = rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), there))  # 55, mostly 3
    got = f(y_train, y_other)
    yield from expect(got, ())
    for slip, hint in (
        (8 / 38, "That is the fraction of y_train; how often is the label right in y_other?"),
        (0, "No label of y_other is that number. Is it a label, or the place of one in y_train?"),
        (7, "That is the label itself. How often is it right?"),
        (6, "That is how many are right. What fraction of y_other is it?"),
        (6 / 38, "Divided by the wrong number: the fraction is one of y_other."),
        (600 / 55, "That is in percent; a fraction lies between 0 and 1."),
    ):
        if same(got, slip):
            yield hint
    facts = {
        1: "the commonest in MNIST",
        3: "the commonest of y_other, whose answers are not known beforehand",
        5: "the mean of the labels",
        6: "the rarest",
        8: "how *often* the commonest occurs",
        9: "the largest",
    }
    for label, count in enumerate(there):  # each label occurs in y_other as often as no other
        if label != 7 and same(got, count / 55):
            reason = facts.get(label, "another")
            yield f"It takes {label} for the commonest label; that is {reason}."
    hint = "Not that fraction. Try a handful of labels that you can count by hand."
    yield from expect_same(got, 6 / 55, hint)
    for known, other, right, hint in (
        ([2, 5, 5, 5, 5, 8, 8], [5, 2, 8, 1, 5], 0.4, "some digits are missing from y_train"),
        ([0, 4, 0, 0], [0, 4, 0, 9], 0.5, "0 is the commonest"),
        ([4, 9, 9, 9], [9, 4, 0, 9], 0.5, "9 is the commonest"),
        ([4, 9, 9, 9], [4, 8, 0, 1], 0.0, "the label does not occur in y_other"),
    ):
        got = f(np.array(known), np.array(other))
        yield from expect_same(got, right, f"It goes wrong if {hint}.")
    many, hint = np.repeat([3, 7], [1500, 2500]), "With 4000 labels it goes wrong: are all seen?"
    yield from expect_same(f(many, y_other), 6 / 55, hint)
