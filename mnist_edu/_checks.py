"""What a student is told, at the door, when an argument cannot be right."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def check_rng(rng: np.random.Generator) -> None:
    """Refuse anything but a NumPy random Generator: a seed used twice hides what is random."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is {rng!r}; expected a Generator, made once with rng = np.random.default_rng(0)"
        )


def check_count(name: str, value: int) -> None:
    """Refuse anything but a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} is {value!r}; expected a whole number")
    if value < 1:
        raise ValueError(f"{name} is {value}; expected at least 1")


def check_labels(y: np.ndarray, num_classes: int, num_rows: int) -> None:
    """Refuse labels that are not integers 0 .. num_classes - 1, one for each row."""
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iu":
        got = f"dtype {y.dtype}" if isinstance(y, np.ndarray) else type(y).__name__
        raise TypeError(f"labels are {got}; expected an array of integers of shape (N,)")
    if y.ndim != 1:
        hint = ": class numbers, not one-hot rows" if y.ndim == 2 else ""
        raise ValueError(f"labels have shape {y.shape}; expected (N,){hint}")
    if len(y) != num_rows:
        raise ValueError(f"{num_rows} rows but {len(y)} labels; expected one label for each row")
    if y.size and not (y.min() >= 0 and y.max() < num_classes):
        wrong = y[(y < 0) | (y >= num_classes)][0]
        raise ValueError(f"label {wrong} is out of range; expected 0 to {num_classes - 1}")


def check_images(X: np.ndarray) -> None:
    """Refuse anything but rows of uint8 pixels or of floats, at least one."""
    if not isinstance(X, np.ndarray) or not (X.dtype == np.uint8 or X.dtype.kind == "f"):
        got = f"dtype {X.dtype}" if isinstance(X, np.ndarray) else type(X).__name__
        raise TypeError(f"X is {got}; expected an array of uint8 pixels or of floats")
    if X.ndim != 2:
        hint = "; one image is a batch of one: x[np.newaxis]" if X.ndim == 1 else ""
        raise ValueError(f"X has shape {X.shape}; expected (N, D): a row for each image{hint}")
    if len(X) == 0:
        raise ValueError(f"X has shape {X.shape}: there is no image in it")


def look_up(table: Mapping[str, T], name: str, what: str) -> T:
    """Return table[name], or say which names there are."""
    if name not in table:
        raise ValueError(f"unknown {what} {name!r}; known are {', '.join(table)}")
    return table[name]
