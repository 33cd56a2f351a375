"""Reading the stored notebooks, for the tests of this folder."""

import ast
import re

import nbformat
import pytest

from tools.store_outputs import NOTEBOOKS

DISPLAYED = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{([^}]*)\}")
LAB = re.compile(r"\w+_(explorer|lab)")  # what a call of one is named

paths = sorted(NOTEBOOKS.glob("*.ipynb"))


each_notebook = pytest.mark.parametrize("path", paths, ids=[path.stem[:2] for path in paths])


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
