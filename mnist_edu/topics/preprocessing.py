"""From a drawing to an image like MNIST's: cut out, scaled to 20 pixels, centred by its mass.

`preprocess` does it all; `crop`, `scale_to_box` and `place_by_mass` are its steps. A drawing, or
*ink*, is a square array of any side, 0 where there is paper and 1 where there is ink.
"""

from collections.abc import Sequence

import numpy as np

from mnist_edu._checks import check_count

SIDE = 28
BOX = 20
CENTRE = 14
MOST_POINTS = 10_000


def preprocess(ink: np.ndarray, centre: bool = True) -> np.ndarray:
    """Turn a drawing into an image that a network trained on MNIST can read.

    Parameters
    ----------
    ink : array of shape (side, side)
        uint8 pixels, or floats in [0, 1]; 0 is paper.
    centre : bool
        Whether to cut out the ink, scale it and put its centre of mass at pixel (14, 14), as MNIST
        was made; if not, the whole drawing is scaled down as it is.

    Returns
    -------
    float64 array of shape (784,), in [0, 1]; all 0 if there is no ink

    Raises
    ------
    TypeError, ValueError
        If ink is not a square array of uint8 or of floats in [0, 1].

    Notes
    -----
    The database's own description (Yann LeCun's page, http://yann.lecun.com/exdb/mnist): digits
    were fitted into a box of 20 by 20 pixels, their aspect ratio kept, with grey levels from
    anti-aliasing; then moved in a 28 by 28 image so that the centre of mass came to its centre. The
    images themselves tell the rest: their centres of mass lie evenly between 13.5 and 14.5, both
    ways, so the move was by whole pixels, to pixel 14.

    Examples
    --------
    >>> ink = np.zeros((140, 140))
    >>> ink[10:60, 20:30] = 1  # a bar, 50 by 10, in a corner
    >>> rows, columns = preprocess(ink).reshape(28, 28).nonzero()
    >>> [int(place) for place in (rows.min(), rows.max(), columns.min(), columns.max())]
    [4, 23, 12, 15]
    """
    ink = check_ink(ink)
    if not centre:
        shrink = _averages(len(ink), SIDE, len(ink) / SIDE)
        return np.clip(shrink @ ink @ shrink.T, 0, 1).ravel()
    if not ink.any():
        return np.zeros(SIDE**2)
    return place_by_mass(scale_to_box(crop(ink))).ravel()


def check_ink(ink: np.ndarray) -> np.ndarray:
    """Return a drawing as float64, or say what is wrong with it."""
    if not isinstance(ink, np.ndarray) or not (ink.dtype == np.uint8 or ink.dtype.kind == "f"):
        given = f"dtype {ink.dtype}" if isinstance(ink, np.ndarray) else type(ink).__name__
        raise TypeError(f"ink is {given}; expected an array of uint8 pixels or of floats")
    if ink.ndim != 2 or ink.shape[0] != ink.shape[1] or len(ink) == 0:
        raise ValueError(f"ink has shape {ink.shape}; expected (side, side)")
    if ink.dtype == np.uint8:
        return ink / 255
    if not (ink.min() >= 0 and ink.max() <= 1):  # NaN is neither
        raise ValueError(f"ink is {ink.min():g} to {ink.max():g}; expected floats in [0, 1]")
    return ink.astype(np.float64)


def crop(ink: np.ndarray) -> np.ndarray:
    """Cut a drawing off at the first and the last row and column that hold ink.

    Parameters
    ----------
    ink : array of shape (height, width), not all 0

    Examples
    --------
    >>> crop(np.array([[0, 0, 0], [0, 1, 0.5], [0, 0, 0]]))
    array([[1. , 0.5]])
    """
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError("there is no ink; expected at least one pixel above 0")
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def scale_to_box(ink: np.ndarray) -> np.ndarray:
    """Scale a cut-out drawing so that its longer side is 20 pixels; each is the mean of its area.

    Parameters
    ----------
    ink : array of shape (height, width)

    Returns
    -------
    array of shape (rows, columns), the larger of which is 20

    Examples
    --------
    >>> small = scale_to_box(np.ones((50, 10)))
    >>> small.shape, bool((small == 1).all())
    ((20, 4), True)
    """
    longer = max(ink.shape)
    down, across = (_averages(n, -(-BOX * n // longer), longer / BOX) for n in ink.shape)
    return np.clip(down @ ink @ across.T, 0, 1)


def centre_of_mass(image: np.ndarray) -> tuple[float, float]:
    """Return the mean row and the mean column of the ink, each pixel weighing what it holds.

    Parameters
    ----------
    image : array of shape (rows, columns), not all 0

    Examples
    --------
    >>> centre_of_mass(np.array([[0, 1, 3], [0, 0, 0]]))
    (0.0, 1.75)
    """
    total = image.sum()
    if not total > 0:
        raise ValueError("there is no ink; expected at least one pixel above 0")
    rows, columns = image.sum(axis=1), image.sum(axis=0)
    r, c = rows @ np.arange(len(rows)) / total, columns @ np.arange(len(columns)) / total
    return float(r), float(c)


def place_by_mass(small: np.ndarray) -> np.ndarray:
    """Put a small image into one of 28 by 28, its centre of mass within half a pixel of (14, 14).

    Parameters
    ----------
    small : array of shape (rows, columns), each at most 28, not all 0

    Returns
    -------
    float64 array of shape (28, 28)

    Notes
    -----
    It is moved by whole pixels, and never over the edge: then the centre of mass stays off.

    Examples
    --------
    >>> image = place_by_mass(np.array([[0, 1, 3], [0, 0, 0]]))
    >>> image[14, 12:16], centre_of_mass(image)
    (array([0., 1., 3., 0.]), (14.0, 13.75))
    """
    if small.ndim != 2 or max(small.shape) > SIDE:
        raise ValueError(f"shape {small.shape}; expected (rows, columns), at most {SIDE} each")
    places = []
    for mean, size in zip(centre_of_mass(small), small.shape, strict=True):
        move = int(np.ceil(CENTRE - 0.5 - mean))
        first = min(max(move, 0), SIDE - size)
        places.append(slice(first, first + size))
    image = np.zeros((SIDE, SIDE))
    image[tuple(places)] = small
    return image


def rasterize(
    strokes: Sequence[Sequence[tuple[float, float]]], width: float = 2, side: int = 140
) -> np.ndarray:
    """Draw strokes with a round pen.

    Parameters
    ----------
    strokes : sequence of strokes, each a sequence of points (x, y)
        x to the right, y down, 0 to 28 across the drawing whatever its side; a stroke of one point
        is a dot.
    width : float
        Of the pen, in the same unit.
    side : int
        Of the drawing, in pixels.

    Returns
    -------
    float64 array of shape (side, side), in [0, 1]

    Raises
    ------
    ValueError
        If a number is not finite, the pen or the drawing has no size, or there are more than
        10 000 points.

    Examples
    --------
    >>> ink = rasterize([[(7, 14), (21, 14)]], width=4, side=28)  # a level line
    >>> [int(place) for place in ink[:, 14].nonzero()[0]]
    [12, 13, 14, 15]
    """
    check_count("side", side)
    if not 0 < width < np.inf:
        raise ValueError(f"width is {width}; expected a finite number above 0")
    paths = [np.asarray(stroke, dtype=np.float64).reshape(-1, 2) for stroke in strokes]
    if not all(np.isfinite(path).all() for path in paths):
        raise ValueError("strokes hold NaN or infinity; expected finite numbers")
    if (count := sum(map(len, paths))) > MOST_POINTS:
        raise ValueError(f"strokes hold {count} points; expected at most {MOST_POINTS}")
    unit = side / SIDE
    y, x = np.indices((side, side)) + 0.5  # the middles of the pixels
    ink = np.zeros((side, side))
    for path in paths:
        points = unit * path
        for (x0, y0), (x1, y1) in zip(points, np.append(points[1:], points[-1:], 0), strict=True):
            dx, dy = x1 - x0, y1 - y0
            along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy or 1)
            along = np.clip(along, 0, 1)
            distance = np.hypot(x - x0 - along * dx, y - y0 - along * dy)
            np.maximum(ink, np.clip(unit * width / 2 - distance + 0.5, 0, 1), out=ink)
    return ink


def _averages(n_in: int, n_out: int, step: float) -> np.ndarray:
    """Return the matrix (n_out, n_in) that averages over steps of so many pixels, 0 beyond."""
    first = step * np.arange(n_out)[:, np.newaxis]
    pixel = np.arange(n_in)
    overlap = np.minimum(first + step, pixel + 1) - np.maximum(first, pixel)
    return np.clip(overlap, 0, None) / step
