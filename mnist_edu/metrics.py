"""How good are the predictions?"""

import numpy as np

from mnist_edu._checks import check_count, check_labels


def accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Return the fraction of predictions that are correct, 0 to 1.

    Raises
    ------
    ValueError
        If the arrays differ in shape, or are empty.

    Examples
    --------
    >>> accuracy(np.array([7, 2, 1, 0]), np.array([7, 2, 1, 6]))
    0.75
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.ndim != 1 or y_true.shape != y_pred.shape or len(y_true) == 0:
        raise ValueError(f"shapes {y_true.shape}, {y_pred.shape}; expected (N,) twice, N > 0")
    return float((y_true == y_pred).mean())


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Count how often each class was taken for each.

    Parameters
    ----------
    y_true, y_pred : integer arrays of shape (N,)
        Labels, 0 to num_classes - 1.

    Returns
    -------
    int64 array of shape (num_classes, num_classes)
        Row: true class; column: predicted class.

    Raises
    ------
    TypeError, ValueError
        If labels are out of range or the lengths differ.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), num_classes=2)
    array([[1, 1],
           [0, 1]])
    """
    check_count("num_classes", num_classes)
    check_labels(y_true, num_classes, len(y_pred))
    check_labels(y_pred, num_classes, len(y_true))
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(counts, (y_true, y_pred), 1)
    return counts
