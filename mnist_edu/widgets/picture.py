"""A Matplotlib figure that is quick to redraw: what moves is drawn over what does not."""

import base64
import io
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

DPI = 100  # one dot for each of the page's pixels, at scale 1
FINE = 2  # the scale of what stays


class Picture:
    """A Matplotlib figure that is quick to redraw, as fine as is wanted.

    Parameters
    ----------
    fig : matplotlib Figure
        Made by `matplotlib.figure.Figure`, not by pyplot; its labels stay as they are.
    artists : sequence of matplotlib Artist
        What changes from frame to frame; all the rest is drawn once at each scale, and again only
        if some Axes have other limits or other artists, which takes ten times as long.
    """

    def __init__(self, fig: Figure, artists: Sequence[Artist]):
        self.figure = fig
        self._artists = artists
        self._canvas = FigureCanvasAgg(fig)
        for artist in artists:
            artist.set_animated(True)
        self._still: list[tuple] = []
        self._backgrounds: dict[float, bytes] = {}  # compressed: fine ones are large
        self._pixels(FINE)  # the panels' places are found now, and kept

    def png(self, scale: float = 1) -> bytes:
        """Draw the figure as it is now, and return it as the bytes of a PNG file."""
        return _encoded(self._pixels(scale), format="png", compress_level=1)

    def jpeg(self) -> bytes:
        """Draw the figure as it is now, and return it as a coarse JPEG, in a tenth of the time."""
        return _encoded(self._pixels(1), format="jpeg", quality=90, subsampling=0)

    def _pixels(self, scale: float) -> Image.Image:
        self._set_scale(scale)
        self._draw(scale)
        pixels = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        if scale != 1:
            self._set_scale(1)
            for text in self.figure.findobj(Text):
                text._renderer = None  # the large one, which it would keep
        return pixels

    def _set_scale(self, scale: float) -> None:
        if self.figure.dpi != scale * DPI:
            self.figure.set_dpi(scale * DPI)
            self._canvas.get_renderer()

    def _draw(self, scale: float) -> None:
        """Draw what changes over what does not."""
        still = [(ax.viewLim.bounds, *ax.get_children()) for ax in self.figure.axes]
        if still != self._still:
            self._backgrounds.clear()
            self._still = still
        pixels = self._canvas.get_renderer().buffer_rgba().cast("B")
        if scale in self._backgrounds:
            pixels[:] = zlib.decompress(self._backgrounds[scale])
        else:
            self._canvas.draw()
            self.figure.set_layout_engine("none")
            self._backgrounds[scale] = zlib.compress(pixels, 1)
        for artist in self._artists:
            self.figure.draw_artist(artist)


def still(png: bytes, fig: Figure, alt: str) -> tuple[dict, dict]:
    """Return a PNG of a figure and its metadata, as `display(..., raw=True)` takes them.

    However fine it is, a page shows it with one pixel for each of `DPI` dots an inch.
    """
    width, height = (round(DPI * inches) for inches in fig.get_size_inches())
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": alt}
    return data, {"image/png": {"width": width, "height": height, "alt": alt}}


def _encoded(pixels: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, **options)
    return buffer.getvalue()
