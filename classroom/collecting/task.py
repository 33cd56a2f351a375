"""What a judge is told, and what it says."""

import dataclasses
from typing import NamedTuple

RIGHT, UNANSWERED = "right.", "not answered yet."


class Asked(NamedTuple):
    """A call of `check`: the exercise's number, and the code of the answer."""

    number: str
    answer: str


class Cell(NamedTuple):
    """A code cell as Python, without its calls of `check`, which are made elsewhere."""

    number: int  # among all cells, from 1
    source: str
    asked: list[Asked]


@dataclasses.dataclass
class Task:
    """What a judge is to do."""

    cells: list[Cell]
    files: dict[str, str]  # of the notebook's own folder: name and path
    seconds: float  # for all cells; a cell, and an answer, may take a quarter
    memory: int  # bytes
    user: str | None  # who runs the cells


@dataclasses.dataclass
class Findings:
    """What has been found: by exercise, what `verdict` says; and what happened, in words."""

    verdicts: dict[str, str] = dataclasses.field(default_factory=dict)
    remarks: list[str] = dataclasses.field(default_factory=list)
    replaced: list[str] = dataclasses.field(default_factory=list)
