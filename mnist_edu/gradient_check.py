"""Is a gradient right? Compare it with slopes measured by small steps."""

from collections.abc import Callable

import numpy as np


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Measure the gradient of f at x by central differences, (f(x + h) - f(x - h)) / 2h.

    Parameters
    ----------
    f : function of an array of the shape of x, returning a number
    x : float array
        Left as it is: f is given a copy, one entry of which is moved at a time.
    h : float
        The step; too large, and the curve bends on the way; too small, and rounding drowns the
        difference.

    Returns
    -------
    array of the shape of x

    Raises
    ------
    TypeError
        If x is not a float array: a whole number cannot move by h.

    Examples
    --------
    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, 2.0])).round(6)
    array([2., 4.])
    """
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        raise TypeError(f"x is {x!r}; expected an array of floats")
    x = x.copy()
    slopes = [finite_difference(lambda: f(x), x, index, h) for index in np.ndindex(x.shape)]
    return np.array(slopes, x.dtype).reshape(x.shape)


def finite_difference(
    f: Callable[[], float], x: np.ndarray, index: tuple[int, ...], h: float, forward: bool = False
) -> float:
    """Measure the slope of f along one entry of x, which is moved in place and put back.

    Parameters
    ----------
    f : function without arguments, returning a number that depends on x
    x : float array
    index : tuple of int
        Of the entry.
    h : float
        The step.
    forward : bool
        Take the forward difference, (f(x + h) - f(x)) / h, not the central one.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> finite_difference(lambda: (x**2).sum(), x, (1,), h=0.5, forward=True)  # 2x + h
    np.float64(4.5)
    """
    kept = x[index]
    x[index] = kept + h
    above = f()
    x[index] = kept if forward else kept - h
    below = f()
    x[index] = kept
    return (above - below) / (h if forward else 2 * h)


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    """Return ‖a - b‖ / max(‖a‖, ‖b‖): 0 if a and b are equal, about 1 if one is much larger.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relative_error(np.array([3.0, 4.0]), np.array([0.0, 4.0]))
    0.6
    """
    if np.shape(a) != np.shape(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)} differ")
    difference = np.linalg.norm(np.subtract(a, b))
    return float(difference and difference / max(np.linalg.norm(a), np.linalg.norm(b)))


def numerical_jacobian(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Measure the Jacobian of f at x, ∂f_i/∂x_k, by central differences.

    Parameters
    ----------
    f : function of an array of shape (n,), returning an array of shape (m,)
    x : float array of shape (n,)
    h : float
        The step, as for `numerical_gradient`.

    Returns
    -------
    array of shape (m, n): row i is the gradient of f's output i

    Raises
    ------
    TypeError
        If x is not a float array.

    Examples
    --------
    >>> numerical_jacobian(lambda x: np.array([x[0] * x[1], x[0]]), np.array([2.0, 3.0])).round(6)
    array([[3., 2.],
           [1., 0.]])
    """

    def gradient_of_output(i: int) -> np.ndarray:
        return numerical_gradient(lambda x: f(x)[i], x, h)

    return np.array([gradient_of_output(i) for i in range(len(f(x)))])
