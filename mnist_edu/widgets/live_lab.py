"""A LiveLab: controls above a picture of a run that trains behind it."""

import enum
import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import ipywidgets as widgets
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from mnist_edu.training import Report
from mnist_edu.widgets.controls import button
from mnist_edu.widgets.lab import Actions, Controls, Lab
from mnist_edu.widgets.screen import show_widget

SLICE = 0.012  # seconds of training between two looks at the controls
FRAME = 0.03  # seconds from one picture to the next, at least: the rest is for training
JUST_NOW = 1.0  # seconds; whoever moves a control so soon after the end saw it train

F = TypeVar("F")


class State(enum.StrEnum):
    """What a live lab is doing."""

    IDLE = enum.auto()
    RUNNING = enum.auto()
    PAUSED = enum.auto()
    FINISHED = enum.auto()
    FAILED = enum.auto()


class LiveLab(Lab, Generic[F]):
    """Controls, Start, Pause and Reset, and a picture of a run that trains behind it.

    A control moved while a run trains starts it anew with the new values; moved while it pauses or
    when it has finished, it makes room for a new run.

    Parameters
    ----------
    fig, moving : as for Lab
    start : function of the controls' values, by name, returning a generator of frames
        Begins a run, such as `train`.
    draw : function of a list of frames, returning str
        Moves the artists to show the run so far (none yet, if the list is empty) and says
        in a line what they show.
    controls : dict of str to ipywidgets control
    done : function of a frame, returning float
        The fraction of the run that is done, for the progress bar.
    actions : as for Lab

    Notes
    -----
    It is shown idle. It trains on the kernel's event loop, in slices of SLICE seconds (or of one
    frame, if that takes longer); other cells, and other labs, run between its slices. A run whose
    lab has left the page (its cell ran again, its tab was closed) is paused.
    """

    def __init__(
        self,
        fig: Figure,
        moving: Sequence[Artist],
        start: Callable[..., Generator[F]],
        draw: Callable[[list[F]], str],
        controls: Controls,
        done: Callable[[F], float],
        actions: Actions | None = None,
    ):
        self.start, self.draw, self.done = start, draw, done
        self.state = State.IDLE
        self.frames: list[F] = []
        self._run: Generator[F] | None = None
        self._ended = self._drawn = -math.inf
        self._buttons = {
            "Start": button("Start", "Train, or go on after a pause"),
            "Pause": button("Pause", "Hold the run where it is"),
            "Reset": button("Reset", "Drop the run; keep the settings"),
        }
        handlers = (self._on_start, self._on_pause, self._on_reset)
        for each, handler in zip(self._buttons.values(), handlers, strict=True):
            each.on_click(lambda _, handler=handler: self._post(handler))
        self._progress = widgets.FloatProgress(
            max=1, description="progress", tooltip="How much of the run is done"
        )
        row = [*self._buttons.values(), *(actions or []), self._progress]
        super().__init__(fig, moving, controls, actions, row)
        self._enable()

    def _on_start(self) -> None:
        if self.state is State.RUNNING:  # a double click
            return
        if self.state is State.PAUSED:
            self._enter(State.RUNNING)
        else:
            self._begin()

    def _on_pause(self) -> None:
        if self.state is State.RUNNING:
            self._enter(State.PAUSED)

    def _on_reset(self) -> None:
        self._drop()
        self._enter(State.IDLE)

    def _on_change(self) -> None:
        just_ended = time.monotonic() - self._ended < JUST_NOW
        if self.state is State.RUNNING or (self.state is State.FINISHED and just_ended):
            self._begin()
        elif self.state is not State.IDLE:
            self._on_reset()

    def _hear(self, message: dict) -> None:
        super()._hear(message)
        if "views" in message and self._views == 0:
            self._on_pause()

    def _fail(self) -> None:
        super()._fail()
        self.state = State.FAILED
        self._enable()

    def _begin(self) -> None:
        self._drop()
        self._run = self.start(**self._values())
        self._enter(State.RUNNING)

    def _drop(self) -> None:
        """Close the run, so that nothing of it goes on."""
        if self._run is not None:
            self._run.close()
        self.frames = []

    def _enter(self, state: State) -> None:
        self.state = state
        self._enable()
        self._wake()

    def _enable(self) -> None:
        self._buttons["Start"].disabled = self.state is State.RUNNING
        self._buttons["Pause"].disabled = self.state is not State.RUNNING

    def _work(self) -> bool:
        """Train for a slice, and let the picture follow if it is time."""
        if self.state is not State.RUNNING or self._run is None:
            return False
        end = time.monotonic() + SLICE
        while time.monotonic() < end:
            try:
                self.frames.append(next(self._run))
            except StopIteration:
                self._ended = time.monotonic()
                self._enter(State.FINISHED)
                return False
        if time.monotonic() - self._drawn >= FRAME:
            self._wake()
        return True

    def _redraw(self) -> None:
        self._drawn = time.monotonic()
        self._progress.value = self.done(self.frames[-1]) if self.frames else 0
        self._screen.update(f"{self._draw()} ({self.state})")

    def _draw(self) -> str:
        return self.draw(self.frames)


def with_progress_bar(reports: Iterable[Report], epochs: int) -> Iterator[Report]:
    """Pass reports on as they come, with a progress bar that follows them."""
    bar = widgets.FloatProgress(max=epochs, description="epochs", tooltip="Epochs done")
    show_widget(bar, "(A progress bar appears here when the notebook runs.)")
    for report in reports:
        bar.value = report.epoch
        yield report
