"""Make slides: uv run python classroom/slides.py notebooks/07_initialization_lab.ipynb.

`jupyter nbconvert --to slides` alone puts a notebook without slide metadata on a single slide. Here
a column of slides begins with each section, and a slide with each text and each picture. The page
is written to the current folder.
"""

import sys
from copy import deepcopy
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode
from traitlets.config import Config

# Wide enough for a line of code; what is too long for the screen scrolls.
LOOK = {
    "reveal_width": "1280",
    "reveal_height": "800",
    "reveal_scroll": True,
    "reveal_transition": "none",
}
STYLE = """<style>
.reveal { font-size: 26px; }
.reveal h1 { font-size: 1.6em; }
.reveal h2, .reveal h3 { font-size: 1.3em; }
.reveal .jp-RenderedHTMLCommon table { font-size: 0.8em; table-layout: auto; }
.reveal .jp-RenderedHTMLCommon td:last-child { width: 50%; }
</style>
</head>"""


def slide_types(notebook: NotebookNode) -> list[str]:
    """Say for each cell what it begins: a column, a slide below it, or nothing; or leave it out."""
    types = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            types.append("slide" if cell.source.startswith(("# ", "## ")) else "subslide")
        elif cell.source.startswith(("import ", "from ")):
            types.append("skip")
        else:
            pictures = any("image/png" in output.get("data", {}) for output in cell.outputs)
            types.append("subslide" if pictures else "-")
    return types


def to_slides(notebook: NotebookNode) -> str:
    """Return the HTML of a notebook's slides; the notebook stays as it is."""
    notebook = deepcopy(notebook)
    for cell, kind in zip(notebook.cells, slide_types(notebook), strict=True):
        cell.metadata.setdefault("slideshow", {"slide_type": kind})
    html, _ = SlidesExporter(config=Config({"SlidesExporter": LOOK})).from_notebook_node(notebook)
    return html.replace("</head>", STYLE, 1)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        target = Path(f"{path.stem}.slides.html")
        target.write_text(to_slides(nbformat.read(path, as_version=4)), encoding="utf-8")
        print(target)
