"""Digits as a hand draws them: strokes on paper, each a smooth curve of 20 points or more."""

import numpy as np


def curve(*points: tuple[float, float]) -> np.ndarray:
    """Return a smooth curve (a Catmull-Rom spline) through points, as a polyline."""
    p = np.array([points[0], *points, points[-1]])
    steps = max(4, -(-24 // (len(points) - 1)))
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2)
        + 0.5 * (3 * b - a - 3 * c + d) * t**3
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*pieces, p[-1:]])


DIGITS = {  # in a box from (0, 0) to (1, 1), y down
    1: [curve((0.42, 0), (0.38, 0.3), (0.33, 0.65), (0.27, 1))],
    7: [
        curve((0.12, 0.06), (0.35, 0.03), (0.6, 0.02), (0.82, 0)),
        curve((0.82, 0), (0.66, 0.3), (0.5, 0.62), (0.38, 1)),
    ],
    3: [
        curve(
            (0.2, 0.14), (0.35, 0.02), (0.6, 0), (0.76, 0.12), (0.72, 0.32), (0.45, 0.46),
            (0.7, 0.54), (0.82, 0.74), (0.66, 0.95), (0.4, 1), (0.16, 0.88),
        )
    ],
    8: [
        curve(
            (0.7, 0.14), (0.5, 0), (0.28, 0.1), (0.3, 0.3), (0.52, 0.47), (0.74, 0.66), (0.7, 0.9),
            (0.45, 1), (0.24, 0.86), (0.32, 0.62), (0.56, 0.42), (0.76, 0.26), (0.7, 0.12),
        )
    ],
}  # fmt: skip


def placed(
    strokes: list[np.ndarray], left: float, top: float, height: float, slant: float = 0
) -> list[np.ndarray]:
    """Return strokes at a place of the paper, slanted and as high as wanted."""
    return [
        np.column_stack([left + height * (x + slant * (0.5 - y)), top + height * y])
        for x, y in (stroke.T for stroke in strokes)
    ]
