"""A Matplotlib figure that is quick to redraw: what moves is drawn over what does not."""

import base64
import io
from collections.abc import Sequence
from typing import Any

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
        What changes from frame to frame; all the rest is drawn once, and again only if some
        Axes have other limits or other artists, or for a finer scale; that takes ten times as long.
    """

    def __init__(self, fig: Figure, artists: Sequence[Artist]):
        self.figure = fig
        self._artists = artists
        self._dpi = dots_per_inch(fig)
        self.width = self._dpi * fig.get_figwidth()  # in the page's pixels
        self._canvas = FigureCanvasAgg(fig)
        for artist in artists:
            artist.set_animated(True)
        self._still: list[tuple] = []
        self._background: Any = None  # at scale 1
        self._pixels(FINE)  # the panels' places are found now, and kept

    def png(self, scale: float = 1) -> bytes:
        """Draw the figure as it is now, and return it as the bytes of a PNG file."""
        return _encoded(self._pixels(scale), format="png", compress_level=1)

    def jpeg(self) -> bytes:
        """Draw the figure as it is now, and return it as a coarse JPEG, in a tenth of the time."""
        return _encoded(self._pixels(1), format="jpeg", quality=90, subsampling=0)

    def _pixels(self, scale: float) -> Image.Image:
        self.draw(scale)
        rgba, size = self._canvas.buffer_rgba(), self._canvas.get_width_height()
        pixels = Image.frombuffer("RGBA", size, rgba, "raw", "RGBA", 0, 1).convert("RGB")
        if scale > 1:  # seldom drawn, and large
            self._canvas = blank_canvas(self.figure)
        return pixels

    def draw(self, scale: float = 1) -> None:
        """Draw what changes over what does not."""
        if self.figure.dpi != scale * self._dpi:
            self.figure.set_dpi(scale * self._dpi)
        still = [(ax.viewLim.bounds, *ax.get_children()) for ax in self.figure.axes]
        if still != self._still:
            self._background = None
            self._still = still
        if scale == 1 and self._background is not None:
            self._canvas.restore_region(self._background)
        else:
            self._canvas.draw()
            self.figure.set_layout_engine("none")
            if scale == 1:
                self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        for artist in self._artists:
            self.figure.draw_artist(artist)


def blank_canvas(fig: Figure) -> FigureCanvasAgg:
    """Give a figure a new canvas, and so free all the dots of its last drawing."""
    for text in fig.findobj(Text):
        text._renderer = None  # type: ignore[attr-defined]  # would keep them
    return FigureCanvasAgg(fig)


def dots_per_inch(fig: Figure) -> float:
    """Return at how many dots an inch a figure is drawn, one dot for each of the page's pixels.

    Where `projector` has made them more than `DPI`, the figure becomes as many inches smaller, and
    so stays as large on the page, with larger type and lines.
    """
    fig.set_size_inches(*(fig.get_size_inches() * DPI / fig.dpi))
    return fig.dpi


def still(png: bytes, alt: str, scale: float = FINE) -> tuple[dict, dict]:
    """Return a PNG, so much finer than the page, and its metadata, for `display(raw=True)`.

    Its plain text is the line that JupyterLab leaves in sight where the output is folded.
    """
    width, height = (round(dots / scale) for dots in Image.open(io.BytesIO(png)).size)
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": "Figure."}
    return data, {"image/png": {"width": width, "height": height, "alt": alt}}


def _encoded(pixels: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, **options)
    return buffer.getvalue()
