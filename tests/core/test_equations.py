import numpy as np
import pytest

from mnist_edu.equations import holds


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (2, 2.0),
        ([1, 2], np.array([1.0, 2.0])),
        (np.ones((2, 3)), 1),
        (0, np.zeros(4)),
        (1, 1 + 9e-10),
        (0, 9e-13),
        (-1e9, -1e9 - 0.9),
    ],
    ids=str,
)
def test_equal_sides_hold(capsys, left, right):
    holds("3.4", left, right)
    assert capsys.readouterr().out == "(3.4) holds\n"


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (1, 2, "the left side is 1, the right 2$"),
        (1, 1 + 2e-9, "the left side is 1, the right 1.000000002$"),
        (0, 2e-12, "the left side is 0, the right 2e-12$"),
        ([1, 2, 3], [1, 2, 4], r"the left side is 3, the right 4 at \[2\]$"),
        ([[0, 1], [2, 9]], [[0, 3], [2, 3]], r"the left side is 9, the right 3 at \[1, 1\]$"),
        ([[1, 1], [5, 1]], 1, r"the left side is 5, the right 1 at \[1, 0\]$"),
        ([1e9, 1], [1e9 + 0.5, 2], r"the left side is 1, the right 2 at \[1\]$"),
        (np.nan, 1, "the left side is nan, the right 1$"),
        ([0, np.nan], [7, np.nan], r"the left side is nan, the right nan at \[1\]$"),
        (np.ones(3), np.ones((3, 1)), r"the left side has shape \(3,\), the right \(3, 1\)$"),
        (np.ones(3), np.ones((2, 3)), r"the left side has shape \(3,\), the right \(2, 3\)$"),
        (np.ones(3), np.ones(1), r"the left side has shape \(3,\), the right \(1,\)$"),
    ],
)
def test_unequal_sides_fail_and_say_where_most(capsys, left, right, message):
    with pytest.raises(AssertionError, match=rf"^\(3\.4\) does not hold: {message}"):
        holds("3.4", left, right)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("right", [[], 3], ids=["nothing", "a number"])
def test_nothing_proves_nothing(right):
    with pytest.raises(AssertionError, match=r"\(3\.4\)"):
        holds("3.4", [], right)


def test_tolerances_are_the_callers():
    holds("1.1", 1.0, 1.05, rtol=0.1)
    holds("1.1", 0.0, 0.05, atol=0.1)
    with pytest.raises(AssertionError, match="does not hold"):
        holds("1.1", 1.0, 1.05, rtol=0.01)
    with pytest.raises(AssertionError, match="does not hold"):
        holds("1.1", 0.0, 0.05, rtol=0.1)
