import numpy as np
import pytest
import sklearn.metrics

from mnist_edu.metrics import accuracy, confusion_matrix


@pytest.fixture(params=[(10, np.int64), (10, np.uint8), (3, np.int64)], ids=str)
def labels(request):
    k, dtype = request.param
    rng = np.random.default_rng(0)
    return (*rng.integers(0, k, (2, 200)).astype(dtype), k)


def test_accuracy_agrees_with_scikit_learn(labels):
    y_true, y_pred, _ = labels
    expected = sklearn.metrics.accuracy_score(y_true, y_pred)
    assert accuracy(y_true, y_pred) == expected
    assert 0 < expected < 1


def test_accuracy_is_a_float_from_0_to_1():
    y = np.arange(5)
    assert accuracy(y, y) == 1
    assert accuracy(y, y + 1) == 0
    assert type(accuracy(y, y)) is float


def test_confusion_matrix_agrees_with_scikit_learn(labels):
    y_true, y_pred, k = labels
    counts = confusion_matrix(y_true, y_pred, num_classes=k)
    assert counts.dtype == np.int64
    expected = sklearn.metrics.confusion_matrix(y_true, y_pred, labels=range(k))
    np.testing.assert_array_equal(counts, expected)


def test_confusion_matrix_has_a_row_for_classes_that_do_not_occur():
    y_true, y_pred = np.array([9, 9, 2]), np.array([9, 4, 2])
    expected = sklearn.metrics.confusion_matrix(y_true, y_pred, labels=range(10))
    np.testing.assert_array_equal(confusion_matrix(y_true, y_pred), expected)


def test_rows_are_true_and_columns_predicted():
    counts = confusion_matrix(np.array([3]), np.array([8]))
    assert counts[3, 8] == counts.sum() == 1
