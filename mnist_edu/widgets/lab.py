"""What Explorer and LiveLab share: controls that wake one task on the kernel's main event loop.

A front end may call the handler of a control on any thread, and shows no error of a handler or a
task. So a handler only leaves an action for the event loop; all the rest happens there, on one
thread, and an error is shown where the text stands.
"""

import abc
import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from threadpoolctl import ThreadpoolController

from mnist_edu.widgets.controls import BROWSER
from mnist_edu.widgets.picture import Picture
from mnist_edu.widgets.screen import Screen

# Seconds left to the controls; with 0, they would never be seen.
BREATH = 0.01 if BROWSER else 0.002
REST = 0.6  # seconds without a change after which the picture is at rest

Actions = Mapping[widgets.Button, Callable[..., None]]
Controls = Mapping[str, widgets.Widget]


class Lab(abc.ABC):
    """Controls, and a picture that one task redraws, each time from the newest values.

    Parameters
    ----------
    fig : matplotlib Figure
        Made by `matplotlib.figure.Figure`, not by pyplot.
    moving : sequence of matplotlib Artist
        What of it changes from picture to picture, besides the limits of Axes.
    controls : dict of str to ipywidgets control
    actions : dict of Button to function of the controls' values, by name
        What a click does before the picture is drawn again.
    row : sequence of widgets
        Buttons and the like, side by side below the controls.

    Notes
    -----
    As the last line of a cell, it shows itself. BLAS is held to one thread while it works: a second
    one makes frames of small arrays slower.
    """

    def __init__(
        self,
        fig: Figure,
        moving: Sequence[Artist],
        controls: Controls,
        actions: Actions | None,
        row: Sequence[widgets.Widget],
    ):
        self.picture = Picture(fig, moving)
        self.controls, self.actions = controls, actions or {}
        shown = [*controls.values(), widgets.HBox([*row])]
        self._screen = Screen(self.picture, shown, lambda message: self._post(self._hear, message))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._stale = False
        self._views = 0
        for control in self.controls.values():
            control.observe(lambda change: self._post(self._on_change), "value")
        for button, action in self.actions.items():
            button.on_click(lambda button, action=action: self._post(self._act, action))

    @abc.abstractmethod
    def _draw(self) -> str:
        """Move the picture's artists, and say what they show."""

    def _on_change(self) -> None:
        """Heed a control that has moved."""
        self._wake()

    def _work(self) -> bool:
        """Work for a moment, if there is anything to do but drawing; return whether there is."""
        return False

    def _ipython_display_(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._blas = ThreadpoolController()
        self._screen.show(self._draw())

    def _values(self) -> dict:
        return {name: control.value for name, control in self.controls.items()}

    def _post(self, action: Callable[..., None], *args: object) -> None:
        """Leave an action for the event loop's own thread."""
        if self._loop is not None:  # shown already
            self._loop.call_soon_threadsafe(self._do, action, *args)

    def _do(self, action: Callable[..., object], *args: object) -> object:
        """Act; an error, which the front end would not show, is shown."""
        try:
            with self._blas.limit(limits=1, user_api="blas"):
                return action(*args)
        except Exception:
            self._fail()
            return None

    def _fail(self) -> None:
        self._stale = False  # or the next picture's text would take the error's place
        self._screen.say(traceback.format_exc())

    def _act(self, action: Callable[..., None]) -> None:
        action(**self._values())
        self._wake()

    def _hear(self, message: dict) -> None:
        if "views" in message:
            self._views += message["views"]
        elif self._screen.answered(**message):
            self._wake()

    def _wake(self) -> None:
        """See to it that the picture is drawn again."""
        self._stale = True
        if self._rest is not None:
            self._rest.cancel()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while self._do(self._work) or self._stale:
            if self._stale and self._screen.is_free():
                self._stale = False
                self._do(self._redraw)
            await asyncio.sleep(BREATH)
        self._rest = asyncio.get_running_loop().call_later(REST, self._do, self._screen.settle)

    def _redraw(self) -> None:
        self._screen.update(self._draw())
