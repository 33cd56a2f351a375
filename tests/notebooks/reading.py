"""Reading the stored notebooks, for the tests of this folder."""

import ast
import re

import nbformat
import pytest

from tools.store_outputs import NOTEBOOKS

DISPLAYED = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{([^}]*)\}")
LAB = re.compile(r"\w+_(explorer|lab)")  # what a call of one is named
COVERED = ("00", "01", "02", "03", "04", "05")  # held to mutations, times, predictions and claims

paths = sorted(NOTEBOOKS.glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", paths, ids=lambda path: path.stem[:2])
each_covered_notebook = pytest.mark.parametrize(
    "path", [path for path in paths if path.stem[:2] in COVERED], ids=lambda path: path.stem[:2]
)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def calls(source):
    """Return the calls in a piece of code, as (name, call)."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func), node) for node in nodes]
