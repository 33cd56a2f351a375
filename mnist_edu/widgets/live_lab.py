"""Sliders above one picture: an Explorer redraws it, a LiveLab trains behind it.

The picture is a PNG under a display id: it moves while a kernel runs, and stays as a still in a
saved notebook. Two things shape this file. A front end may call a slider's handler on any thread,
so a handler only wakes a task on the kernel's main event loop; and nothing holds back pictures sent
too fast, so that task draws at most FRAMES_PER_SECOND, each time from the newest values.
"""

import asyncio
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator

import ipywidgets as widgets
from threadpoolctl import ThreadpoolController

from mnist_edu.training import Report
from mnist_edu.widgets.explorer import (
    BREATH,
    FRAMES_PER_SECOND,
    Picture,
    Screen,
    _folded,
    show_widget,
)

SLICE = 0.03  # seconds of training between two looks at the controls


class LiveLab:
    """Controls, Start, Pause and Reset, and a picture of a run that trains behind it.

    A control moved while a run trains starts it anew with the new values; moved while it pauses or
    when it has finished, it makes room for a new run.

    Parameters
    ----------
    picture : Picture
    start : function of the controls' values, by name, returning a generator of Reports
        Begins a run, such as `train`.
    draw : function of a list of Reports, returning str
        Moves the picture's artists to show the run so far (none yet, if the list is empty) and says
        in a line what they show.
    controls : dict of str to ipywidgets control
    epochs : float
        Where a run ends, for the progress bar.
    more, actions : as for Explorer

    Notes
    -----
    As the last line of a cell, it shows itself, idle. It trains on the kernel's event loop, in
    slices of SLICE seconds (or of one report, if that takes longer); other cells run between its
    slices. One lab trains at a time: starting or showing another pauses it.
    """

    _training = None

    def __init__(
        self,
        picture: Picture,
        start: Callable[..., Generator[Report]],
        draw: Callable[[list[Report]], str],
        controls: dict[str, widgets.Widget],
        epochs: float,
        more: dict[str, widgets.Widget] | None = None,
        actions: dict[widgets.Button, Callable[..., None]] | None = None,
    ):
        more, self.actions = more or {}, actions or {}
        self.picture, self.start, self.draw, self.controls = picture, start, draw, controls | more
        self.epochs = epochs
        self.state = "idle"
        self.reports = []
        self._run = None
        self._task = None
        self._loop = None
        self._drawn = 0.0
        self._buttons = {
            "Start": widgets.Button(description="Start", tooltip="Train, or go on after a pause"),
            "Pause": widgets.Button(description="Pause", tooltip="Hold the run where it is"),
            "Reset": widgets.Button(description="Reset", tooltip="Drop the run; keep the settings"),
        }
        self._progress = widgets.FloatProgress(
            max=1, description="progress", tooltip="How much of the run is done"
        )
        row = widgets.HBox([*self._buttons.values(), *self.actions, self._progress])
        self._screen = Screen(picture, [*controls.values(), row, *_folded(more)])
        self._enable()
        for control in self.controls.values():
            control.observe(lambda change: self._post(self._on_change), "value")
        actions = {"Start": self._on_start, "Pause": self._on_pause, "Reset": self._on_reset}
        for name, action in actions.items():
            self._buttons[name].on_click(lambda button, action=action: self._post(action))
        for button in self.actions:
            button.on_click(lambda button: self._post(lambda: self._act(self.actions[button])))

    def _ipython_display_(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._blas = ThreadpoolController()
        self._pause_the_other()
        self._screen.show(self.draw(self.reports))

    def _pause_the_other(self) -> None:
        other, LiveLab._training = LiveLab._training, self
        if other is not None and other is not self:
            other._do(other._on_pause)

    def _post(self, action: Callable[[], None]) -> None:
        """Leave an action for the event loop's own thread, where all that follows happens."""
        if self._loop is not None:  # shown already
            self._loop.call_soon_threadsafe(self._do, action)

    def _do(self, action: Callable[[], None]) -> None:
        """Act; an error, which the front end would not show, stops the lab and is shown."""
        try:
            action()
        except Exception:
            self._enter("failed")
            self._screen.say(traceback.format_exc())

    def _on_start(self) -> None:
        if self.state == "running":  # a double click
            return
        self._pause_the_other()
        if self.state != "paused":
            self._begin()
        self._enter("running")
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._work())

    def _on_pause(self) -> None:
        if self.state == "running":
            self._enter("paused")
            self._frame()

    def _on_reset(self) -> None:
        self._drop()
        self._enter("idle")
        self._frame()

    def _on_change(self) -> None:
        if self.state == "running":
            self._begin()
        elif self.state != "idle":
            self._on_reset()

    def _begin(self) -> None:
        self._drop()
        self._run = self.start(**self._values())

    def _values(self) -> dict:
        return {name: control.value for name, control in self.controls.items()}

    def _act(self, action: Callable[..., None]) -> None:
        action(**self._values())
        self._frame()

    def _drop(self) -> None:
        """Close the run, so that nothing of it goes on."""
        if self._run is not None:
            self._run.close()
        self.reports = []

    def _enter(self, state: str) -> None:
        self.state = state
        self._enable()

    def _enable(self) -> None:
        self._buttons["Start"].disabled = self.state == "running"
        self._buttons["Pause"].disabled = self.state != "running"

    async def _work(self) -> None:
        while self.state == "running":
            with self._blas.limit(limits=1, user_api="blas"):
                self._do(self._advance)
            await asyncio.sleep(BREATH)

    def _advance(self) -> None:
        """Train for a slice, and draw if a frame is due."""
        end = time.monotonic() + SLICE
        while time.monotonic() < end:
            report = next(self._run, None)
            if report is None:
                self._enter("finished")
                break
            self.reports.append(report)
        if self.state == "finished" or time.monotonic() - self._drawn >= 1 / FRAMES_PER_SECOND:
            self._frame()

    def _frame(self) -> None:
        self._drawn = time.monotonic()
        self._progress.value = self.reports[-1].epoch / self.epochs if self.reports else 0
        self._screen.update(f"{self.draw(self.reports)} ({self.state})")


def with_progress_bar(reports: Iterable[Report], epochs: int) -> Iterator[Report]:
    """Pass reports on as they come, with a progress bar that follows them."""
    bar = widgets.FloatProgress(max=epochs, description="epochs", tooltip="Epochs done")
    show_widget(bar, "(A progress bar appears here when the notebook runs.)")
    for report in reports:
        bar.value = report.epoch
        yield report
