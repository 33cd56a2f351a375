"""The overview of a class: one page that needs no other file."""

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import jinja2

from collecting.cells import Notebook
from collecting.marks import Row, mark
from collecting.task import RIGHT

NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")


class Hint(NamedTuple):
    """What several students were told."""

    number: str
    text: str  # one of them, if they differ in numbers alone
    students: list[str]


def most_common_hints(rows: list[Row], most: int = 10) -> list[Hint]:
    """Return the hints that several students were told, those of most first."""
    told = defaultdict(list)
    for row in rows:
        for number, said in row.verdicts.items():
            if said != RIGHT:
                told[number, _kind(said)].append((said, row.name))
    hints = [
        Hint(number, Counter(said for said, _ in each).most_common(1)[0][0], [n for _, n in each])
        for (number, _), each in told.items()
    ]
    shared = [hint for hint in hints if len(hint.students) > 1]
    return sorted(shared, key=lambda hint: -len(hint.students))[:most]


def _kind(said: str) -> str:
    """Return what is alike in hints that differ in their numbers, or in an error's words."""
    if said.startswith("It stops with "):
        return said.partition(":")[0]
    return NUMBER.sub("#", said)


def names_of_answers(notebooks: list[Notebook | None]) -> dict[str, str]:
    """Return, by exercise, what most students call their answer."""
    called = defaultdict(Counter)
    for notebook in notebooks:
        for cell in notebook.cells if notebook else ():
            for question in cell.asked:
                called[question.number][question.answer] += 1
    names = {number: counts.most_common(1)[0][0] for number, counts in called.items()}
    return {number: name for number, name in names.items() if name.isidentifier()}


def overview(
    title: str, rows: list[Row], numbers: list[str], names: dict[str, str], isolation: str
) -> str:
    """Return the page."""
    marks = {row.name: [mark(row, number) for number in numbers] for row in rows}
    columns = list(zip(*marks.values(), strict=True)) if numbers else []
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    return environment.get_template("page.html").render(
        title=title,
        rows=rows,
        numbers=numbers,
        names=names,
        marks=marks,
        counts=[Counter(column) for column in columns],
        hints=most_common_hints(rows),
        isolation=isolation,
    )
