"""Reading a notebook: its code cells, and what each of them gives to `check`."""

import ast
import re
from typing import Any, NamedTuple

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from collecting.task import Asked, Cell

SAYS_RIGHT = re.compile(r"^(\d+\.\d+): right\.$", re.MULTILINE)
CALL = re.compile(r"""^check\(["'](\d+\.\d+)["'], *(\w+)\)""", re.MULTILINE)


class Notebook(NamedTuple):
    """What is kept of a file."""

    cells: list[Cell]
    says_right: set[str]  # exercises that are "right" by its stored outputs
    own_check: bool  # does a cell give that name a meaning of its own?


def read(data: bytes) -> Notebook:
    """Read a notebook; one that cannot be read raises a ValueError in words."""
    try:
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        code = [
            (number, str(cell.source), [output.get("text", "") for output in cell.outputs])
            for number, cell in enumerate(notebook.cells, start=1)
            if cell.cell_type == "code"
        ]
    except RecursionError as error:
        raise ValueError("It is not a notebook: it is nested too deeply.") from error
    except Exception as error:  # nbformat raises many kinds
        raise ValueError(f"It is not a notebook ({type(error).__name__}).") from error
    said = "\n".join(str(text) for _, _, texts in code for text in texts)
    cells, own_check = [], False
    for number, source, _ in code:
        cell, binds_check = parse(number, source)
        cells.append(cell)
        own_check |= binds_check
    return Notebook(cells, set(SAYS_RIGHT.findall(said)), own_check)


def parse(number: int, source: str) -> tuple[Cell, bool]:
    """Take a cell's calls of `check` out of it; also say whether it binds that name."""
    try:
        python = TransformerManager().transform_cell(source)
        tree = ast.parse(python)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # It says so itself when it is run; what it would have asked is asked all the same.
        return Cell(number, source, [Asked(*found) for found in CALL.findall(source)]), False
    asked = []
    lines: list[bytes] = [line.encode() for line in python.splitlines(keepends=True)]
    for statement in tree.body:
        calls = [_asked(node) for node in _here(statement)]
        asked += [call for call in calls if call]
        if isinstance(statement, ast.Expr) and _asked(statement.value):
            _blank(lines, statement)
    binds_check = any("check" in _binds(node) for node in ast.walk(tree))
    return Cell(number, b"".join(lines).decode(), asked), binds_check


def _here(node: ast.AST) -> list[ast.AST]:
    """Return a node and those below it, but not those within functions and classes."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return []
    return [node, *(found for child in ast.iter_child_nodes(node) for found in _here(child))]


def _asked(node: ast.AST) -> Asked | None:
    """Return what a node asks, if it is `check("2.6", answer)` or `verdict("2.6", answer)`."""
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", None))
    given: dict[str | None, Any] = {keyword.arg: keyword.value for keyword in node.keywords}
    given |= dict(zip(("number", "answer"), node.args, strict=False))
    number = given.get("number")
    if name not in ("check", "verdict") or given.keys() != {"number", "answer"}:
        return None
    if not isinstance(number, ast.Constant) or isinstance(given["answer"], ast.Starred):
        return None
    return Asked(str(number.value), ast.unparse(given["answer"]))


def _blank(lines: list[bytes], statement: ast.Expr) -> None:
    """Put `pass` in a statement's place; what follows keeps its line."""
    first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1
    rest = lines[last][statement.end_col_offset :]
    lines[first] = lines[first][: statement.col_offset] + b"pass"
    if first == last:
        lines[first] += rest
        return
    lines[first] += b"\n"
    for line in range(first + 1, last):
        lines[line] = b"\n"
    lines[last] = rest.lstrip(b" ;")


def _binds(node: ast.AST) -> set[str]:
    """Return names that a node gives a meaning of its own."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
        return {node.id if isinstance(node, ast.Name) else node.attr}
    if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("mnist_edu"):
        return {alias.asname or alias.name for alias in node.names}
    return set()
