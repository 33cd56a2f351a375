"""Check a displayed equation: evaluate both of its sides on numbers and compare."""

import numpy as np
from numpy.typing import ArrayLike


def holds(
    tag: str, left: ArrayLike, right: ArrayLike, rtol: float = 1e-9, atol: float = 1e-12
) -> None:
    r"""Print that equation (tag) holds, or fail and say where its sides differ most.

    Parameters
    ----------
    tag : str
        The equation's number, as in its \tag{3.4}.
    left, right : numbers or arrays of one shape
        The two sides, evaluated. A single number stands for an array that is the same everywhere.
    rtol, atol : float
        They may differ by `atol + rtol * |right|`. For a claim about random numbers, state the
        tolerance.

    Raises
    ------
    AssertionError
        If the sides differ by more, or in shape, or hold NaN.

    Examples
    --------
    >>> holds("3.4", np.exp(2 + 3), np.exp(2) * np.exp(3))
    (3.4) holds
    """
    left, right = np.asarray(left, float), np.asarray(right, float)
    msg = f"({tag}) does not hold:"
    if left.shape != right.shape and left.ndim and right.ndim:
        raise AssertionError(f"{msg} the left side has shape {left.shape}, the right {right.shape}")
    if not (left.size and right.size):
        raise AssertionError(f"{msg} there are no numbers to compare")
    left, right = np.broadcast_arrays(left, right)
    excess = np.abs(left - right) - (atol + rtol * np.abs(right))
    if not (excess <= 0).all():
        worst = np.unravel_index(np.argmax(excess), excess.shape)
        where = f" at {[int(i) for i in worst]}" if worst else ""
        sides = f"the left side is {left[worst]:.10g}, the right {right[worst]:.10g}"
        raise AssertionError(f"{msg} {sides}{where}")
    print(f"({tag}) holds")
