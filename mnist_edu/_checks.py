"""What a student is told when an argument cannot be right, at the door, or a file is broken."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

REINSTALL = "belongs to mnist_edu: download the course again, or reinstall the package"
T = TypeVar("T")


def check_rng(rng: np.random.Generator) -> None:
    """Refuse anything but a NumPy random Generator: a seed used twice hides what is random."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {rng!r}; expected a Generator, as from np.random.default_rng(0)")


def check_count(name: str, value: int) -> None:
    """Refuse anything but a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} is {value!r}; expected a whole number")
    if value < 1:
        raise ValueError(f"{name} is {value}; expected at least 1")


def check_labels(y: np.ndarray, num_classes: int, num_rows: int | None = None) -> None:
    """Refuse labels that are not integers 0 .. num_classes - 1, one for each row."""
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iu":
        raise TypeError(f"labels are {_kind(y)}; expected an array of integers of shape (N,)")
    if y.ndim != 1:
        raise ValueError(f"labels have shape {y.shape}; expected (N,): numbers, not one-hot rows")
    if num_rows is not None and len(y) != num_rows:
        raise ValueError(f"{num_rows} rows but {len(y)} labels; expected one label for each row")
    if y.size and not (y.min() >= 0 and y.max() < num_classes):
        wrong = y[(y < 0) | (y >= num_classes)][0]
        raise ValueError(f"label {wrong} is out of range; expected 0 to {num_classes - 1}")


def check_images(X: np.ndarray) -> None:
    """Refuse anything but rows of uint8 pixels or of floats, at least one."""
    if not isinstance(X, np.ndarray) or not (X.dtype == np.uint8 or X.dtype.kind == "f"):
        raise TypeError(f"X is {_kind(X)}; expected an array of uint8 pixels or of floats")
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(f"X has shape {X.shape}; expected (N, D); for one image, x[np.newaxis]")


def check_shapes(params: Sequence[tuple[np.ndarray, np.ndarray]], X: np.ndarray) -> None:
    """Say which layer does not fit what it is given, before NumPy's broadcasting hides it."""
    check_images(X)
    if len(params) == 0:
        raise ValueError("params hold no layer; expected at least one")
    n_in = X.shape[1]
    for l, (W, b) in enumerate(params, start=1):
        if W.dtype.kind != "f" or W.dtype != b.dtype:
            raise TypeError(f"W, b of layer {l} hold {W.dtype}, {b.dtype}; expected equal floats")
        if W.ndim != 2 or W.shape[0] != n_in:
            raise ValueError(f"W of layer {l} has shape {W.shape}; expected ({n_in}, n_out)")
        n_in = W.shape[1]
        if b.shape != (n_in,):
            raise ValueError(f"b of layer {l} has shape {b.shape}; expected ({n_in},)")


def look_up(table: Mapping[str, T], name: str, what: str) -> T:
    """Return table[name], or say which names there are."""
    if name not in table:
        raise ValueError(f"unknown {what} {name!r}; known are {', '.join(table)}")
    return table[name]


def _kind(value: object) -> str:
    return f"dtype {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
