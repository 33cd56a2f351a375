"""Sliders above one picture: an Explorer redraws it, a LiveLab trains behind it.

The picture is a PNG under a display id: it moves while a kernel runs, and stays as a still in a
saved notebook. Two things shape this file. A front end may call a slider's handler on any thread,
so a handler only wakes a task on the kernel's main event loop; and nothing holds back pictures sent
too fast, so that task draws at most FRAMES_PER_SECOND, each time from the newest values.
"""

import asyncio
import base64
import io
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from threadpoolctl import ThreadpoolController

FRAMES_PER_SECOND = 15

BREATH = 0.01  # seconds left to the controls; with 0, a browser's kernel would never see them


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
        self._limits = None
        self.draw()  # the panels' places are found now, and kept

    def png(self) -> bytes:
        """Draw the figure as it is now, and return it as the bytes of a PNG file."""
        self.draw()
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(self._canvas.buffer_rgba())).save(
            buffer, "png", compress_level=1
        )
        return buffer.getvalue()

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


class AccessibleNames(anywidget.AnyWidget):
    """Nothing to see: names the sliders and the picture for those who listen to the page."""

    _esm = Path(__file__).parent / "accessible_names.js"


class Screen:
    """Controls, one picture and a line of text below it, shown once and then updated in place."""

    def __init__(self, picture: Picture, controls: Sequence[widgets.Widget]):
        self._picture = picture
        self._controls = widgets.VBox([*controls, AccessibleNames()])
        self._handles = []

    def show(self, text: str) -> None:
        """Show everything, in the cell that runs now."""
        show_widget(self._controls, "(The controls appear here when the notebook runs.)")
        picture, metadata = self._bundle(text)
        self._handles = [
            display(picture, raw=True, metadata=metadata, display_id=True),
            display({"text/plain": text}, raw=True, display_id=True),
        ]

    def update(self, text: str) -> None:
        """Replace the picture and the text."""
        picture, metadata = self._bundle(text)
        self._handles[0].update(picture, raw=True, metadata=metadata)
        self.say(text)

    def say(self, text: str) -> None:
        """Replace the text alone."""
        self._handles[1].update({"text/plain": text}, raw=True)

    def _bundle(self, text: str) -> tuple[dict, dict]:
        png = base64.b64encode(self._picture.png()).decode()
        return {"image/png": png, "text/plain": text}, {"image/png": {"alt": text}}


class Explorer:
    """Sliders and a picture that follows them.

    Parameters
    ----------
    picture : Picture
    update : function of the controls' values, by name, returning str
        Moves the picture's artists and says in a line what they show; nothing else decides that.
    controls : dict of str to ipywidgets control
    more : dict of str to ipywidgets control
        Controls that are folded away at first.
    actions : dict of Button to function of the controls' values, by name
        What a click does before the picture is drawn again.

    Notes
    -----
    As the last line of a cell, it shows itself. BLAS is held to one thread while it redraws: a
    second one makes frames of small arrays slower.
    """

    def __init__(
        self,
        picture: Picture,
        update: Callable[..., str],
        controls: dict[str, widgets.Widget],
        more: dict[str, widgets.Widget] | None = None,
        actions: dict[widgets.Button, Callable[..., None]] | None = None,
    ):
        more, self.actions = more or {}, actions or {}
        self.picture, self.update, self.controls = picture, update, controls | more
        row = [widgets.HBox([*self.actions])] if self.actions else []
        self._screen = Screen(picture, [*controls.values(), *row, *_folded(more)])
        self._stale = False
        self._task = None

    def _ipython_display_(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._blas = ThreadpoolController()
        self._screen.show(self.update(**self._values()))
        for control in self.controls.values():
            control.observe(self._on_change, "value")
        for button in self.actions:
            button.on_click(self._on_click)

    def _values(self) -> dict:
        return {name: control.value for name, control in self.controls.items()}

    def _on_change(self, change) -> None:
        self._loop.call_soon_threadsafe(self._wake)

    def _on_click(self, button: widgets.Button) -> None:
        self._loop.call_soon_threadsafe(self._act, self.actions[button])

    def _act(self, action: Callable[..., None]) -> None:
        try:
            action(**self._values())
        except Exception:
            self._screen.say(traceback.format_exc())
        else:
            self._wake()

    def _wake(self) -> None:
        self._stale = True
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._redraw())

    async def _redraw(self) -> None:
        while self._stale:
            self._stale = False
            began = time.monotonic()
            try:
                with self._blas.limit(limits=1, user_api="blas"):
                    self._screen.update(self.update(**self._values()))
            except Exception:
                self._screen.say(traceback.format_exc())
            left = began + 1 / FRAMES_PER_SECOND - time.monotonic()
            await asyncio.sleep(max(left, BREATH))


def _folded(controls: dict[str, widgets.Widget]) -> list[widgets.Widget]:
    """Return the controls in a box that is closed at first, or nothing if there are none."""
    box = widgets.Accordion([widgets.VBox([*controls.values()])], titles=["More"])
    return [box] if controls else []


def show_widget(widget: widgets.Widget, still: str) -> None:
    """Display a widget, with the words that stand for it in a saved notebook."""
    bundle = widget._repr_mimebundle_()
    bundle["text/plain"] = still
    display(bundle, raw=True)
