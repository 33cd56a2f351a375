"""A sheet of paper to draw on in a notebook, by mouse, pen, finger or keys."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from mnist_edu.topics.preprocessing import check_ink

SIDE = 140  # pixels a side of what the kernel is told
BLANK = bytes(SIDE**2)


class Canvas(anywidget.AnyWidget):
    """White paper, 280 CSS pixels a side, with the buttons Clear and Move and a line about keys.

    Attributes
    ----------
    value : bytes
        The ink, row by row: 140 by 140 pixels, 0 for paper to 255. It follows every stroke, at most
        once a frame of the browser and once an answer of the kernel; what it is set to is shown.
    pen : float
        The width of the pen, where the paper is 28 across.
    description, tooltip : str
        Its name, for those who listen to the page; and what hovers over it.
    """

    value = traitlets.CBytes(BLANK).tag(sync=True, echo_update=False)
    side = traitlets.Int(SIDE, read_only=True).tag(sync=True)
    pen = traitlets.Float(2.0).tag(sync=True)
    description = traitlets.Unicode("paper").tag(sync=True)

    @traitlets.validate("value")
    def _check_value(self, proposal: dict) -> bytes:
        if len(proposal["value"]) != SIDE**2:
            raise traitlets.TraitError(
                f"value has {len(proposal['value'])} bytes; expected {SIDE**2}"
            )
        return proposal["value"]

    @traitlets.validate("side")
    def _check_side(self, proposal: dict) -> int:
        if proposal["value"] != SIDE:
            raise traitlets.TraitError(f"side is {proposal['value']}; expected {SIDE}")
        return proposal["value"]

    @traitlets.validate("pen")
    def _check_pen(self, proposal: dict) -> float:
        if not 0 < proposal["value"] <= 28:
            raise traitlets.TraitError(f"pen is {proposal['value']}; expected above 0, at most 28")
        return proposal["value"]

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")


def to_bytes(ink: np.ndarray) -> bytes:
    """Return what a Canvas shows for a drawing.

    Parameters
    ----------
    ink : array of shape (side, side)
        uint8 pixels, or floats in [0, 1]; side divides 140, or is 140.

    Examples
    --------
    >>> len(to_bytes(np.eye(28)))
    19600
    """
    ink = check_ink(ink)
    if SIDE % len(ink):
        raise ValueError(f"ink has shape {ink.shape}; expected a side that divides {SIDE}")
    times = SIDE // len(ink)
    pixels = np.kron(np.rint(255 * ink), np.ones((times, times)))
    return pixels.astype(np.uint8).tobytes()


def to_ink(value: bytes) -> np.ndarray:
    """Return the drawing that a Canvas's value stands for, uint8 of shape (140, 140)."""
    return np.frombuffer(value, np.uint8).reshape(SIDE, SIDE)
