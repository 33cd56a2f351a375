"""Runs kept in a picture beside the one that trains, named by what was changed between them."""

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredOffsetbox, DrawingArea, HPacker, TextArea, VPacker

from mnist_edu.widgets.plots import BLUE, GREEN, GREY, PURPLE, VERMILLION

MOST = 4  # runs kept
NOW = {"color": BLUE, "linestyle": "-"}
STORED = {"color": GREY, "linestyle": "-"}
STYLES = [  # told apart by dashes and markers as well
    {"color": VERMILLION, "linestyle": "--", "marker": "s", "markersize": 4},
    {"color": GREEN, "linestyle": "-.", "marker": "o", "markersize": 4},
    {"color": PURPLE, "linestyle": ":", "marker": "D", "markersize": 4},
    {"color": "0.2", "linestyle": (0, (7, 2)), "marker": "X", "markersize": 5},
]

Curve = tuple[Sequence[float], Sequence[float]]


class Run(NamedTuple):
    """A run that is kept: its settings in words, how it ended, and its curves as they look."""

    words: list[str]
    end: str
    lines: list[Line2D]
    style: dict


class Comparison:
    """Up to four runs beside the one that trains, and a key to them; the oldest makes room.

    Parameters
    ----------
    plots : sequence of Axes
        The key stands in the first.
    now : sequence of Line2D
        The curves of the run that trains, one for each of the Axes.
    """

    def __init__(self, plots: Sequence[Axes], now: Sequence[Line2D]):
        self.runs: list[Run] = []
        self._plots, self._now = plots, now
        self._free = [*STYLES]
        self._named: list[str] = []
        self._key: AnchoredOffsetbox | None = None

    def keep(self, words: list[str], end: str) -> None:
        """Keep the run that is drawn, unless there is none or the one before is the same."""
        curves: list[Curve] = [tuple(np.asarray(line.get_data())) for line in self._now]
        if len(curves[0][0]) and not (self.runs and self.runs[-1].words == words):
            if len(self.runs) == MOST:
                self.drop(0)
            self._add(words, end, curves, self._free.pop(0))

    def keep_stored(self, words: list[str], end: str, curves: list[Curve]) -> None:
        """Keep a run that was stored, in grey."""
        self._add(words, end, curves, STORED)

    def _add(self, words: list[str], end: str, curves: list[Curve], style: dict) -> None:
        marks: dict[str, Any] = {"markevery": (3 * len(self.runs), max(1, len(curves[0][0]) // 6))}
        lines = [
            ax.plot(*curve, **style, **marks)[0]
            for ax, curve in zip(self._plots, curves, strict=True)
        ]
        self.runs.append(Run(words, end, lines, style))

    def drop(self, place: int) -> None:
        """Let go of a kept run; its look is free for another."""
        run = self.runs.pop(place)
        for line in run.lines:
            line.remove()
        if run.style is not STORED:
            self._free.append(run.style)

    def draw(self, words: list[str] | None) -> str:
        """Draw the key, if any runs are kept, and say what is compared.

        Parameters
        ----------
        words : list of str
            The settings of the run that trains; None if there is none.
        """
        if not self.runs:
            self._show_key([], [])
            return ""
        kept = names([run.words for run in self.runs])
        ends = [f"{name} ({run.end})" for name, run in zip(kept, self.runs, strict=True)]
        said = ""
        if self.runs[0].style is STORED:
            kept[0] = f"stored run: {kept[0]}"
            said = f" Stored run: {ends.pop(0)}."
        if ends:
            said += f" Kept: {'; '.join(ends)}."
        styles = [run.style for run in self.runs]
        if words is None:
            self._show_key(kept, styles)
            return said
        now = difference(self.runs[-1].words, words)
        self._show_key([*kept, f"now: {now}"], [*styles, NOW])
        return f" This run: {now}.{said}"

    def _show_key(self, labels: list[str], styles: list[dict]) -> None:
        if labels == self._named:
            return
        self._named = labels
        if self._key is not None:
            self._key.remove()
            self._key = None
        if not labels:
            return
        rows: list[Artist] = []
        for label, style in zip(labels, styles, strict=True):
            sample = DrawingArea(26, 8)
            sample.add_artist(Line2D([0, 13, 26], [4, 4, 4], markevery=[1], **style))
            text = TextArea(_wrapped(label), textprops={"fontsize": "small"})
            rows.append(HPacker(children=[sample, text], align="center", pad=0, sep=4))
        column = VPacker(children=rows, align="left", pad=0, sep=2)
        self._key = AnchoredOffsetbox("upper right", child=column, pad=0)
        self._key.set_in_layout(False)
        self._key.patch.set(edgecolor="none", alpha=0.75)
        self._plots[0].add_artist(self._key)


def _wrapped(label: str) -> str:
    """Break a label into lines, between two settings only."""
    whole = label.replace(" ", "\N{NO-BREAK SPACE}").replace(",\N{NO-BREAK SPACE}", ", ")
    return textwrap.fill(whole, 32, break_long_words=False, break_on_hyphens=False)


def names(runs: list[list[str]]) -> list[str]:
    """Name runs: the first by all its settings, each other by what differs from the one before.

    Parameters
    ----------
    runs : list of lists of str
        The settings of each run in words, in the same order, such as "learning rate 0.1".

    Examples
    --------
    >>> names([["relu", "g 1.00"], ["relu", "g 1.41"], ["tanh", "g 1.00"]])
    ['relu, g 1.00', 'g 1.00 → 1.41', 'relu → tanh, g 1.41 → 1.00']
    """
    later = [difference(*pair) for pair in pairwise(runs)]
    return [", ".join(runs[0]), *later]


def difference(before: list[str], after: list[str]) -> str:
    """Say in which settings two runs differ.

    Examples
    --------
    >>> difference(["learning rate 0.1", "seed 0"], ["learning rate 0.3", "seed 0"])
    'learning rate 0.1 → 0.3'
    >>> difference(["seed 0"], ["seed 0"])
    'the same again'
    """
    moved = [
        f"{old} → {new.removeprefix(old[: old.rfind(' ') + 1])}"
        for old, new in zip(before, after, strict=True)
        if old != new
    ]
    return ", ".join(moved) or "the same again"
