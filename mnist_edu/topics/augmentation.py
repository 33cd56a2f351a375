"""Distorted digits: new images that keep their labels, made while a network trains.

A distortion is a field of displacements (dr, dc), one for each pixel: at row r and column c the new
image has what the old one has at (r + dr, c + dc), read between its pixels by bilinear
interpolation; beyond its edge there is paper. `shift_field`, `affine_field` and `elastic_field`
draw a field for each image, `warp` applies it, `augmentation` makes of them what `train` takes.
"""

from collections.abc import Callable

import numpy as np

from mnist_edu._checks import check_count, check_images, check_rng

SIDE = 28
PLACES = np.indices((SIDE, SIDE))
MIDDLE = (SIDE - 1) / 2


def warp(X: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Fetch every pixel of every image from where the field points.

    Parameters
    ----------
    X : float array of shape (N, 784)
    field : array of shape (2, N, 28, 28), or one that broadcasts to it
        Displacements in pixels: down, then to the right. They move the place that is read, so ink
        moves the other way.

    Returns
    -------
    array of shape (N, 784), of the dtype of X

    Raises
    ------
    TypeError, ValueError
        If X does not hold rows of 784 floats, or the field does not fit it.

    Examples
    --------
    >>> X = np.zeros((1, 784))
    >>> X[0, 28 * 10 + 10] = 1  # ink at row 10, column 10
    >>> field = np.array([0, -1.5]).reshape(2, 1, 1, 1)
    >>> warp(X, field).reshape(28, 28)[10, 10:14]
    array([0. , 0.5, 0.5, 0. ])
    """
    check_images(X)
    if X.dtype.kind != "f" or X.shape[1] != SIDE**2:
        raise ValueError(f"X is {X.dtype} of shape {X.shape}; expected floats, (N, {SIDE**2})")
    n, width = len(X), SIDE + 2
    try:
        field = np.broadcast_to(field, (2, n, SIDE, SIDE))
    except ValueError:
        expected = (2, n, SIDE, SIDE)
        raise ValueError(f"field has shape {np.shape(field)}; expected {expected}") from None
    framed = np.zeros((n, width, width), X.dtype)  # paper around each image, one pixel wide
    framed[:, 1:-1, 1:-1] = X.reshape(n, SIDE, SIDE)
    pixels = framed.ravel()
    row, column = (
        np.clip(places + 1 + moved, 0, width - 1).astype(X.dtype, copy=False)
        for places, moved in zip(PLACES, field, strict=True)
    )
    top, left = (np.minimum(np.floor(place), width - 2) for place in (row, column))
    down, right = row - top, column - left
    here = (top * width + left).astype(np.int64) + np.arange(n).reshape(n, 1, 1) * width**2
    upper = pixels[here] * (1 - right) + pixels[here + 1] * right
    lower = pixels[here + width] * (1 - right) + pixels[here + width + 1] * right
    return (upper * (1 - down) + lower * down).reshape(n, -1)


def shift_field(rng: np.random.Generator, n: int, largest: int = 2) -> np.ndarray:
    """Draw fields that move n images by whole numbers of pixels, up to largest either way.

    Returns
    -------
    float64 array of shape (2, n, 28, 28): pixels

    Examples
    --------
    >>> field = shift_field(np.random.default_rng(0), 1, largest=2)
    >>> [float(value) for value in np.unique(field)]
    [1.0, 2.0]
    """
    _check(rng, n)
    moved = rng.integers(-largest, largest + 1, (2, n, 1, 1))
    return np.broadcast_to(moved, (2, n, SIDE, SIDE)).astype(np.float64)


def affine_field(
    rng: np.random.Generator, n: int, degrees: float = 10, stretch: float = 0.1, largest: float = 1
) -> np.ndarray:
    """Draw fields that turn, stretch, slant and move n images, each differently.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    degrees : float
        The largest angle of a turn about the centre, either way.
    stretch : float
        The largest change of height, of width and of slant, as a fraction.
    largest : float
        The largest displacement of the centre, in pixels.

    Returns
    -------
    float64 array of shape (2, n, 28, 28): pixels

    Examples
    --------
    >>> field = affine_field(np.random.default_rng(0), 1, degrees=10, stretch=0, largest=0)
    >>> middle, corner = field[:, 0, 13:15, 13:15].mean(axis=(1, 2)), field[:, 0, 0, 0]
    >>> middle.round(9), corner.round(2)  # the angle drawn is 2.74 degrees
    (array([0., 0.]), array([-0.63,  0.66]))
    """
    _check(rng, n)
    angle = np.radians(_between(rng, degrees, (n,)))
    height, width, slant = _between(rng, stretch, (3, n))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    change = np.array([[1 + height, slant], [np.zeros(n), 1 + width]])
    A = np.einsum("ijn,jkn->ikn", turn, change)
    from_middle = PLACES - MIDDLE
    moved = _between(rng, largest, (2, n, 1, 1))
    return np.einsum("ikn,krc->inrc", A, from_middle) - from_middle[:, None] + moved


def elastic_field(
    rng: np.random.Generator, n: int, alpha: float = 34, sigma: float = 4
) -> np.ndarray:
    """Draw fields that bend n images: random displacements, made smooth.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    alpha : float
        How strongly: displacements start as uniform random numbers in (-alpha, alpha) pixels.
    sigma : float
        How smoothly: the std, in pixels, of the Gaussian window over which they are averaged.

    Returns
    -------
    float64 array of shape (2, n, 28, 28): pixels

    Notes
    -----
    Source: Simard, Steinkraus and Platt (2003), Best practices for convolutional neural networks
    applied to visual document analysis, ICDAR. The default values are theirs.

    Examples
    --------
    >>> field = elastic_field(np.random.default_rng(0), 100)
    >>> field.shape, round(float(field[:, :, 14, 14].std()), 1)
    ((2, 100, 28, 28), 1.4)
    """
    _check(rng, n)
    distance = np.subtract.outer(np.arange(SIDE), np.arange(SIDE))
    window = np.exp(-(distance**2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    return window @ _between(rng, alpha, (2, n, SIDE, SIDE)) @ window


def augmentation(
    *fields: Callable[[np.random.Generator, int], np.ndarray],
) -> Callable[[np.ndarray, np.random.Generator], np.ndarray]:
    """Return what `train` takes as augment: each image displaced by the sum of fresh fields.

    Examples
    --------
    >>> augment = augmentation(affine_field, elastic_field)
    >>> augment(np.zeros((5, 784)), np.random.default_rng(0)).shape
    (5, 784)
    """
    nowhere = np.zeros(1)
    return lambda X, rng: warp(X, sum((field(rng, len(X)) for field in fields), nowhere))


def _between(rng: np.random.Generator, largest: float, shape: tuple) -> np.ndarray:
    return rng.uniform(-largest, largest, shape)


def _check(rng: np.random.Generator, n: int) -> None:
    check_rng(rng)
    check_count("n", n)
