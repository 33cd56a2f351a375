"""Fold the answers to the predictions, as JupyterLab does."""

from typing import Any

from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx


def open_fold(translator: Any, node: HideCodeCellNode) -> None:
    """Begin what is out of sight until a reader asks for it."""
    translator.body.append('<details class="answer"><summary>Show the answer</summary>\n')


def close_fold(translator: Any, node: HideCodeCellNode) -> None:
    """End it."""
    translator.body.append("</details>\n")


def setup(app: Sphinx) -> dict:
    """Write folded outputs in a form of our own."""
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, close_fold))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
