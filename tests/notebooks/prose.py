"""The prose of a notebook: its markdown without mathematics and code."""

import re

FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(`+)(?:(?!`).)+?\1", re.DOTALL)
MATH = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
TABLE = re.compile(r"^\|.*$", re.MULTILINE)
HTML = re.compile(r"</?[a-z][^>]*>")
EXERCISE = re.compile(r"^\*\*\d+\.\d+\*\*", re.MULTILINE)


def prose(markdown):
    """Return a cell's text with a space for each formula and each piece of code."""
    for left_out in (FENCE, CODE, MATH, HTML):
        markdown = left_out.sub(" ", markdown)
    return markdown


def markdown_cells(notebook):
    """Return the sources of the markdown cells, those of the exercises apart."""
    reading, exercises, chosen = [], [], None
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        if chosen is None or cell.source.startswith("## "):
            chosen = exercises if cell.source.startswith("## Exercises") else reading
        chosen.append(cell.source)
    return reading, exercises
