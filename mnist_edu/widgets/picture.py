"""A Matplotlib figure that is quick to redraw: what moves is drawn over what does not."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image


class Picture:
    """A Matplotlib figure that is quick to redraw.

    Parameters
    ----------
    fig : matplotlib Figure
        Made by `matplotlib.figure.Figure`, not by pyplot; its labels stay as they are.
    artists : sequence of matplotlib Artist
        What changes from frame to frame; all the rest is drawn once, and again only if the limits
        of some Axes have changed, which takes ten times as long.
    """

    def __init__(self, fig: Figure, artists: Sequence[Artist]):
        self.figure = fig
        self._artists = artists
        self._canvas = FigureCanvasAgg(fig)
        for artist in artists:
            artist.set_animated(True)
        self._limits: list[tuple] | None = None
        self.draw()  # the panels' places are found now, and kept

    def png(self) -> bytes:
        """Draw the figure as it is now, and return it as the bytes of a PNG file."""
        return _encoded(self._pixels(), format="png", compress_level=1)

    def jpeg(self) -> bytes:
        """Draw the figure as it is now, and return it as JPEG, which takes a sixth of the time."""
        pixels = self._pixels().convert("RGB")
        return _encoded(pixels, format="jpeg", quality=90, subsampling=0)

    def _pixels(self) -> Image.Image:
        self.draw()
        return Image.fromarray(np.asarray(self._canvas.buffer_rgba()))

    def draw(self) -> None:
        """Draw what changes over what does not."""
        limits = [ax.viewLim.bounds for ax in self.figure.axes]
        if limits != self._limits:
            self._canvas.draw()
            self.figure.set_layout_engine("none")
            self._background = self._canvas.copy_from_bbox(self.figure.bbox)
            self._limits = limits
        self._canvas.restore_region(self._background)
        for artist in self._artists:
            self.figure.draw_artist(artist)


def _encoded(pixels: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, **options)
    return buffer.getvalue()
