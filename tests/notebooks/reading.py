"""Reading the stored notebooks, for the tests of this folder."""

import ast
import re

import nbformat
import pytest

from tools.store_outputs import NOTEBOOKS

DISPLAYED = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{([^}]*)\}")
LAB = re.compile(r"\w+_(explorer|lab)")  # what a call of one is named
COVERED = ("00", "01", "02", "03", "04", "05", "07")  # mutations, times, predictions, claims

paths = sorted(NOTEBOOKS.glob("*.ipynb"))


def each_of(numbers):
    """Return a mark that gives a test the path of each of these notebooks."""
    chosen = [path for path in paths if path.stem[:2] in numbers]
    return pytest.mark.parametrize("path", chosen, ids=[path.stem[:2] for path in chosen])


each_notebook = each_of([path.stem[:2] for path in paths])
each_covered_notebook = each_of(COVERED)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def printed(output):
    """Return what an output is as text: what was printed, or the words below a picture."""
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def calls(source):
    """Return the calls in a piece of code, as (name, call)."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func), node) for node in nodes]
