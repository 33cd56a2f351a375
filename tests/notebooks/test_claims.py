"""Sentences are held to what equations are held to: a figure in prose is printed, or tested."""

import importlib
import re

import nbformat
import pytest

from tests.notebooks.arithmetic import worked
from tests.notebooks.figures import figures, printed_figures
from tests.notebooks.prose import markdown_cells, prose
from tests.notebooks.quoting import claim, quotes
from tests.notebooks.reading import each_notebook, outputs, printed, read

NO_FIGURES = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^#+ .*$",  # a heading
        r"^\d+\. ",  # of a list
        r"\]\([^)]*\)",  # an address
        r"\(\d+\.\d+\)",  # an equation
        r"\b(?:[Nn]otebook|[Ee]xercise|[Rr]ung|[Cc]hapter|issue)s? \d[\d.]*"
        r"(?:(?:,| to| and) \d[\d.]*)*",
        r"\b\d+(?:-\d+)+\b",  # the sizes of a network
        r"\(\d[\d ]*,[\d ,]*\)",  # a shape
        r"\b(?:19|20)\d\d\b",  # a year
    )
]
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\n+|\n(?=[|\-\d])")


def sentences(source):
    """Return a cell's sentences, items and rows, without those that name a source by a link."""
    return [sentence for sentence in SENTENCE.split(source) if "](http" not in sentence]


def unbacked(notebook, fragments):
    """Return the figures in prose that no cell prints and that stand in no fragment."""
    shown = [figure for output in outputs(notebook) for figure in printed_figures(printed(output))]
    found = []
    for source in markdown_cells(notebook)[0][1:]:  # the first is the title and the time
        for fragment in fragments:
            source = source.replace(fragment, " ")
        for sentence in sentences(source):
            text = prose(sentence)
            for chain, is_true in worked(text):
                text = text.replace(chain, " ") if is_true else text
            for left_out in NO_FIGURES:
                text = left_out.sub(" ", text)
            found += [
                f"{figure.text} in {' '.join(text.split())!r}"
                for figure in figures(text)
                if not any(figure.rounds(other) for other in shown)
            ]
    return found


def claims_of(path):
    return importlib.import_module(f"tests.notebooks.claims_{path.stem[:2]}")


@each_notebook
def test_each_figure_in_prose_is_printed_or_tested(path):
    claims = claims_of(path)
    assert unbacked(read(path), [*quotes(claims), *claims.FREE]) == []


@each_notebook
def test_each_quote_stands_in_its_notebook(path):
    claims = claims_of(path)
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert [quote for quote in [*quotes(claims), *claims.FREE] if quote not in text] == []


@each_notebook
def test_worked_arithmetic_is_right(path):
    texts = [prose(cell.source) for cell in read(path).cells if cell.cell_type == "markdown"]
    assert [chain for text in texts for chain, is_true in worked(text) if not is_true] == []


@pytest.mark.parametrize(
    "chain",
    [
        "785 · 512 + 257 · 10 = 401 920 + 2 570 = 404 490",
        "−log 0.8 = 0.22",
        "−log 0.1 − 9 log 0.9 = 3.25",
        "300 − 256 = 44",
        "50 000 / 64 = 781.25",
        "−1/9 = −0.11",
        "39,200,000 / 5 000 = 7,840",
    ],
)
def test_right_arithmetic_is_found_and_wrong_is_noticed(chain):
    assert worked(f"And so {chain}, as (3.4) says.") == [(chain, True)]
    wrong = f"{chain[:-1]}{(int(chain[-1]) + 1) % 10}"
    assert worked(f"And so {wrong}.") == [(wrong, False)]


@pytest.mark.parametrize("text", ["x = 3", "1 − 2η = 0", "h = 10", "log x = 2", "1/2 x = 3"])
def test_what_is_not_arithmetic_of_numbers_is_left_alone(text):
    assert worked(text) == []


PRINTED = "loss 0.2345, right 98.76%, 1,234,567 of 60000\n784  100\n"


def notebook_of(text):
    markdown = ["# 1\n\n**Time:** 75 minutes", text, "## Exercises\n\n**1.1** 99.9 %", "## Summary"]
    cells = [nbformat.v4.new_markdown_cell(source) for source in markdown]
    output = nbformat.v4.new_output("stream", text=PRINTED)
    cells.append(nbformat.v4.new_code_cell("x", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    "text",
    [
        "It is 0.2345, or 0.23, and 98.8 % of 60 000.",
        "A fraction of 0.988, and 1 234 567 of 1\N{THIN SPACE}234\N{NO-BREAK SPACE}567.",
        "## The 27 ways\n\n1. `print(33)` and $x = 44$ by (5.10) and (10, 28), in 2016.",
        "See notebooks 10 and 11, exercise 3.10, chapter 11; take 256-128-64-10.",
        "One found [99.5 %](https://example.org/123), of 70 000.",
        "So 12 + 13 = 25.",
        "The fragment with 33.3 % is tested.",
    ],
)
def test_a_figure_that_is_printed_or_free_is_accepted(text):
    assert unbacked(notebook_of(text), ["with 33.3 %"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "It is 0.2346.",
        "It is 0.24.",
        "It reads 98.9 %.",
        "It is 1 234 568.",
        "| a table | 77 % |",
        "So 12 + 13 = 26.",
        "One found [99.5 %](https://example.org/123). Another 98.5 %.",
        "<details>It is 0.111</details>",
        "Another fragment, 33.4 %.",
    ],
)
def test_a_figure_that_nothing_backs_is_noticed(text):
    assert unbacked(notebook_of(text), ["with 33.3 %"])


def test_the_fragments_of_the_claims_of_a_module_are_found():
    class Module:
        @claim("one", "two")
        def test_a():
            pass

        @claim("three")
        def test_b():
            pass

    assert quotes(Module) == ["one", "two", "three"]
