"""What a result is worth: intervals, comparisons, calibration."""

import math

import numpy as np

from mnist_edu._checks import check_count, check_labels
from mnist_edu.activations import softmax


def wilson_interval(correct: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the interval of accuracies that so many correct predictions of n leave credible.

    It holds every accuracy p for which correct / n lies within z standard errors of p, the standard
    error being that at p.

    Parameters
    ----------
    correct, n : int
        Correct predictions, and all of them.
    z : float
        1.96 for an interval that holds the truth 95 times in 100.

    Returns
    -------
    low, high : float, 0 to 1

    Raises
    ------
    TypeError, ValueError
        If correct is not a whole number from 0 to n: 9800, not 0.98.

    Notes
    -----
    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical
    inference, Journal of the American Statistical Association 22.

    Examples
    --------
    >>> low, high = wilson_interval(9800, 10_000)
    >>> f"{low:.4f} to {high:.4f}"
    '0.9771 to 0.9826'
    """
    check_count("n", n)
    _check_whole("correct", correct)
    if correct > n:
        raise ValueError(f"correct is {correct}; expected 0 to {n}")
    p, share = correct / n, z**2 / n
    middle = (p + share / 2) / (1 + share)
    half = z / (1 + share) * math.sqrt(p * (1 - p) / n + share / (4 * n))
    return middle - half, middle + half


def mcnemar(only_a: int, only_b: int) -> float:
    """Return how probable a difference so large is between two networks that are equally good.

    What both read correctly, or both wrongly, says nothing of the difference. Of the images that
    one alone reads wrongly, each should fall to either with probability 1/2.

    Parameters
    ----------
    only_a, only_b : int
        Images that only the one, and only the other, reads wrongly.

    Returns
    -------
    float
        The two-sided p-value of the exact binomial test; 1 if there is no such image.

    Raises
    ------
    TypeError, ValueError
        If a count is not a whole number, or negative.

    Notes
    -----
    Source: Q. McNemar (1947), Note on the sampling error of the difference between correlated
    proportions or percentages, Psychometrika 12.

    Examples
    --------
    >>> mcnemar(0, 5)  # twice 1/32
    0.0625
    """
    _check_whole("only_a", only_a)
    _check_whole("only_b", only_b)
    n, fewer = int(only_a) + int(only_b), int(min(only_a, only_b))  # 2**n overflows an int64
    tail = ways = 1  # of choosing none of n, then one more at a time
    for k in range(fewer):
        ways = ways * (n - k) // (k + 1)
        tail += ways
    return min(1.0, 2 * tail / 2**n)


def paired_difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return how much more accurate one recipe is than another, and the standard error of that.

    The error holds two kinds of luck. That of the seeds shows in the differences of the networks:
    their standard error. That of the images is common to all seeds: it shows in the differences of
    the images, each a mean over the seeds. The squares of the two standard errors add up.

    Parameters
    ----------
    one, other : boolean arrays of shape (S, N), S and N at least 2
        Whether the network of each of S seeds reads each of N images correctly; the same seeds and
        the same images, in the same order, for both recipes.

    Returns
    -------
    difference, error : float
        Fractions, as accuracies are.

    Raises
    ------
    TypeError, ValueError
        If the two are not such arrays.

    Notes
    -----
    What depends on seed and image together is in both parts, so the error is up to √2 times too
    large, and not too small.

    Examples
    --------
    >>> one = np.array([[True, True, True, False], [True, True, True, True]])
    >>> other = np.array([[True, False, True, False], [True, False, True, False]])
    >>> difference, error = paired_difference(one, other)  # by seed 1/4, 2/4; by image 0, 1, 0, 1/2
    >>> difference, round(error, 3)
    (0.375, 0.27)
    """
    for name, right in (("one", one), ("other", other)):
        if right.dtype != bool:
            raise TypeError(f"{name} is of type {right.dtype}; expected bool: correct or not")
    if one.shape != other.shape or one.ndim != 2 or min(one.shape) < 2:
        raise ValueError(
            f"shapes {one.shape}, {other.shape}; expected (S, N) twice, S and N at least 2"
        )
    gains = one.astype(float) - other
    variances = [
        np.var(means, ddof=1) / len(means) for means in (gains.mean(axis=1), gains.mean(axis=0))
    ]
    return float(gains.mean()), math.sqrt(sum(variances))


def precision_recall(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each class, two fractions of a confusion matrix.

    Parameters
    ----------
    counts : integer array of shape (K, K)
        Row: true class; column: predicted class.

    Returns
    -------
    precision, recall : float arrays of shape (K,)
        Of what was called k, the fraction that is k; of what is k, the fraction that was called k.
        NaN where there is nothing to divide by.

    Raises
    ------
    ValueError
        If counts is not square, or has a negative entry.

    Examples
    --------
    >>> precision, recall = precision_recall(np.array([[3, 1], [0, 4]]))
    >>> precision, recall
    (array([1. , 0.8]), array([0.75, 1.  ]))
    """
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"counts have shape {counts.shape}; expected (K, K)")
    if not (counts >= 0).all():
        raise ValueError("counts hold a number that is not 0 or more")
    with np.errstate(invalid="ignore"):
        return tuple(np.diag(counts) / counts.sum(axis=axis) for axis in (0, 1))


def calibration_curve(
    probs: np.ndarray, y: np.ndarray, bins: int = 10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sort predictions by their confidence, and see how often each group is correct.

    Confidence is the largest probability of a row; the groups divide 0 to 1 into equal bins.

    Parameters
    ----------
    probs : array of shape (N, K)
        Rows that sum to 1.
    y : integer array of shape (N,)
    bins : int

    Returns
    -------
    confidence, accuracy : float arrays of shape (bins,)
        Means over each bin; NaN for an empty one.
    counts : int64 array of shape (bins,)

    Raises
    ------
    TypeError, ValueError
        If rows of probs are not probabilities (but logits, say), or the labels do not fit.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])
    >>> confidence, accuracy, counts = calibration_curve(probs, np.array([0, 1, 0]), bins=2)
    >>> confidence.round(3), accuracy.round(3), counts
    (array([  nan, 0.767]), array([  nan, 0.667]), array([0, 3]))
    """
    check_count("bins", bins)
    if probs.ndim != 2 or len(probs) == 0:
        raise ValueError(f"probs have shape {probs.shape}; expected (N, K), N at least 1")
    if not (probs >= 0).all() or not np.allclose(probs.sum(axis=1), 1, atol=1e-4):
        raise ValueError("rows of probs are not probabilities that sum to 1; are they logits?")
    check_labels(y, probs.shape[1], len(probs))
    sure, correct = probs.max(axis=1), probs.argmax(axis=1) == y
    which = np.minimum((sure * bins).astype(int), bins - 1)
    counts = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        confidence, accuracy = (np.bincount(which, v, bins) / counts for v in (sure, correct))
    return confidence, accuracy, counts


def calibration_error(probs: np.ndarray, y: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy, 0 to 1.

    Parameters
    ----------
    probs, y, bins : as for `calibration_curve`

    Notes
    -----
    Source: Guo, Pleiss, Sun and Weinberger, arXiv 1706.04599.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])
    >>> round(calibration_error(probs, np.array([0, 1, 0]), bins=2), 3)  # 2/3 right, sure of 0.767
    0.1
    """
    confidence, accuracy, counts = calibration_curve(probs, y, bins)
    return float(np.nansum(counts * np.abs(confidence - accuracy)) / counts.sum())


def fit_temperature(logits: np.ndarray, y: np.ndarray) -> float:
    """Return the T at which softmax(logits / T) has the smallest mean cross-entropy.

    Found by bisection: in 1/T that loss is convex, and at its minimum the mean logit under the
    probabilities equals the mean logit of the truth.

    Parameters
    ----------
    logits : array of shape (N, K)
    y : integer array of shape (N,)

    Returns
    -------
    float
        Between 0.01 and 100; at an end if the network is never wrong, or knows nothing.

    Raises
    ------
    TypeError, ValueError
        If the labels do not fit the logits.

    Notes
    -----
    Source: Guo, Pleiss, Sun and Weinberger, arXiv 1706.04599.

    Examples
    --------
    >>> logits = np.array([[2.0, 0], [2, 0], [2, 0], [2, 0]])
    >>> T = fit_temperature(logits, np.array([0, 0, 0, 1]))  # 3 of 4: odds of 3, a logit of log 3
    >>> round(2 / T, 6), round(math.log(3), 6)
    (1.098612, 1.098612)
    """
    if logits.ndim != 2 or len(logits) == 0:
        raise ValueError(f"logits have shape {logits.shape}; expected (N, K), N at least 1")
    check_labels(y, logits.shape[1], len(logits))
    truth = logits[np.arange(len(y)), y].mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        T = math.sqrt(low * high)
        expected = (softmax(logits / T) * logits).sum(axis=1).mean()
        low, high = (T, high) if expected > truth else (low, T)
    return T


def _check_whole(name: str, value: int) -> None:
    """Refuse anything but a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} is {value!r}; expected a whole number, a count")
    if value < 0:
        raise ValueError(f"{name} is {value}; expected 0 or more")
