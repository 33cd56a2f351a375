"""The time that a notebook states is what a student needs, as far as counting can tell."""

import re
from typing import NamedTuple

import nbformat
import pytest

from tests.notebooks.prose import EXERCISE, TABLE, markdown_cells, prose
from tests.notebooks.reading import LAB, TAG, calls, each_notebook, paths, read
from tools.store_outputs import NOTEBOOKS

WORDS_A_MINUTE = 130
STATED = re.compile(r"\*\*Time:\*\* (\d+) minutes; the exercises (\d+) more\.")
STOP = re.compile(r"^> \*\*A good place to stop", re.MULTILINE)


class Counts(NamedTuple):
    """What takes time in a notebook."""

    words: int
    equations: int
    predicts: int
    labs: int
    questions: int
    exercises: int

    @property
    def minutes(self):
        """The minutes without the exercises."""
        once = self.equations + self.predicts + self.questions
        return self.words / WORDS_A_MINUTE + once + 3 * self.labs

    @property
    def exercise_minutes(self):
        """The minutes that the exercises take."""
        return 4 * self.exercises


def counts(notebook):
    reading, exercises = markdown_cells(notebook)
    labs, asking, above = 0, [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            above = cell.source
        elif any(LAB.fullmatch(name) for name, _ in calls(cell.source)):
            labs += 1
            asking.append(above)
    return Counts(
        words=sum(words_in(source) for source in reading),
        equations=sum(len(TAG.findall(source)) for source in reading),
        predicts=sum(source.count("**Predict") for source in reading),
        labs=labs,
        questions=sum(map(questions_in, asking)),
        exercises=sum(len(EXERCISE.findall(source)) for source in exercises),
    )


def words_in(source):
    return len(re.findall(r"\b[^\W\d_][\w'’-]*", TABLE.sub("", prose(source))))


def questions_in(source):
    """Return the questions of the cell above a lab: a list, or its last paragraph."""
    listed = re.findall(r"^\d+\. ", source, re.MULTILINE)
    return len(listed) or source.split("\n\n")[-1].count("?")


def time_problems(notebook):
    """Return what is wrong with the time that a notebook states."""
    stated = STATED.search(notebook.cells[0].source)
    counted = counts(notebook)
    estimates = counted.minutes, counted.exercise_minutes
    said = f"{estimates[0]:.0f} minutes and {estimates[1]} for the exercises, from {counted}"
    if not stated:
        return [f"no '**Time:** 75 minutes; the exercises 40 more.' Estimated: {said}"]
    minutes = [int(number) for number in stated.groups()]
    problems = [
        f"stated: {number}, estimated: {said}"
        for number, estimate in zip(minutes, estimates, strict=True)
        if abs(number - estimate) > estimate / 4
    ]
    if minutes[0] > 90 and not any(STOP.search(cell.source) for cell in notebook.cells):
        problems.append(f"{minutes[0]} minutes, and no place to stop")
    return problems


def test_the_readme_gives_the_minutes_that_the_notebooks_state():
    readme = (NOTEBOOKS.parent / "README.md").read_text("utf-8")
    stated = [STATED.search(read(path).cells[0].source).groups() for path in paths]
    assert re.findall(r"^\| \d+ \|.*\| (\d+) \+ (\d+) \|$", readme, re.MULTILINE) == stated


@each_notebook
def test_the_time_stated_is_within_a_quarter_of_the_estimate(path):
    assert time_problems(read(path)) == []


def notebook_of(time, words, stop=""):
    markdown = [
        f"# 1\n\n**Time:** {time}",
        f"{words * 'word '} `code code` $x x$\n\n| a | table |\n\n**Predict:** what?\n{stop}",
        r"$$a = b \tag{1.1}$$",
        "**Explore.** Move it.\n\n1. Where?\n2. When?",
        "## Exercises\n\n" + 200 * "word " + "\n\n**1.1** Do.\n\n<details>\n\nword\n</details>",
        "**1.2** Do.",
        "## Summary",
    ]
    cells = [nbformat.v4.new_markdown_cell(source) for source in markdown]
    cells.insert(4, nbformat.v4.new_code_cell("some_lab(x)"))
    return nbformat.v4.new_notebook(cells=cells)


def test_what_is_counted():
    assert counts(notebook_of("", 1000)) == Counts(
        words=1000 + 9, equations=1, predicts=1, labs=1, questions=2, exercises=2
    )


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("**Explore.** Move it.\n\n1. Where? When?\n2. Who?", 2),
        ("And why?\n\n**Explore.** Where? When?", 2),
    ],
)
def test_what_counts_as_a_question(source, number):
    assert questions_in(source) == number


def test_a_time_that_fits_is_accepted():
    assert time_problems(notebook_of("15 minutes; the exercises 8 more.", 1000)) == []


@pytest.mark.parametrize(
    ("time", "words", "stop"),
    [
        ("15 minutes.", 1000, ""),
        ("11 minutes; the exercises 8 more.", 1000, ""),
        ("19 minutes; the exercises 8 more.", 1000, ""),
        ("15 minutes; the exercises 5 more.", 1000, ""),
        ("100 minutes; the exercises 8 more.", 12_000, ""),
    ],
)
def test_a_time_that_does_not_fit_is_noticed(time, words, stop):
    assert time_problems(notebook_of(time, words, stop))


def test_a_long_notebook_with_a_place_to_stop_is_accepted():
    stop = "\n> **A good place to stop** Have some tea."
    assert time_problems(notebook_of("100 minutes; the exercises 8 more.", 12_000, stop)) == []
