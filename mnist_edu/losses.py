"""Cross-entropy: how surprised the network is by the true labels, and the gradient of that."""

import numpy as np

from mnist_edu._checks import check_labels
from mnist_edu.activations import log_softmax


def cross_entropy(logits: np.ndarray, y: np.ndarray) -> float:
    """Mean over the batch of -log softmax(logits)[label], by log-sum-exp.

    Parameters
    ----------
    logits : array of shape (N, K)
    y : integer array of shape (N,)
        The true labels, 0 to K - 1.

    Returns
    -------
    float, in nats; at least 0

    Raises
    ------
    TypeError, ValueError
        If the labels do not fit the logits.

    Examples
    --------
    >>> cross_entropy(np.zeros((2, 10)), np.array([3, 7]))  # any guess is as good: log 10
    2.302585092994046
    """
    return _mean_loss(*_log_probs(logits, y))


def cross_entropy_grad(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of `cross_entropy` with respect to the logits: (softmax(logits) - one_hot(y)) / N.

    Parameters
    ----------
    logits : array of shape (N, K)
    y : integer array of shape (N,)

    Returns
    -------
    array of shape (N, K), in the dtype of the logits; each row sums to 0

    Raises
    ------
    TypeError, ValueError
        If the labels do not fit the logits.

    Examples
    --------
    >>> cross_entropy_grad(np.zeros((1, 4)), np.array([2]))
    array([[ 0.25,  0.25, -0.75,  0.25]])
    """
    return _grad(*_log_probs(logits, y))


def cross_entropy_value_and_grad(logits: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return `cross_entropy` and `cross_entropy_grad` together: both need the same softmax.

    Parameters
    ----------
    logits : array of shape (N, K)
    y : integer array of shape (N,)

    Returns
    -------
    float, and array of shape (N, K)

    Raises
    ------
    TypeError, ValueError
        If the labels do not fit the logits.

    Examples
    --------
    >>> loss, dz = cross_entropy_value_and_grad(np.zeros((1, 4)), np.array([2]))
    >>> round(loss, 4), dz
    (1.3863, array([[ 0.25,  0.25, -0.75,  0.25]]))
    """
    shared = _log_probs(logits, y)
    return _mean_loss(*shared), _grad(*shared)


def _log_probs(logits: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log softmax(logits), the numbers of its rows, and the labels."""
    if logits.ndim != 2 or len(logits) == 0:
        raise ValueError(f"logits have shape {logits.shape}; expected (N, K), N at least 1")
    check_labels(y, num_classes=logits.shape[1], num_rows=len(logits))
    return log_softmax(logits), np.arange(len(y)), y


def _mean_loss(log_probs: np.ndarray, rows: np.ndarray, y: np.ndarray) -> float:
    return -float(log_probs[rows, y].sum()) / len(log_probs) + 0.0  # makes -0.0 a 0.0


def _grad(log_probs: np.ndarray, rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    dz = np.exp(log_probs)
    dz[rows, y] -= 1
    dz /= len(dz)
    return dz
