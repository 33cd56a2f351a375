"""Make slides of a notebook: one HTML page that needs no internet, or a notebook for live slides.

    uv run --group classroom python classroom/slides.py notebooks/07_initialization_lab.ipynb

writes 07_initialization_lab.slides.html to the current folder. A notebook whose cells carry slide
types is taken at its word. In any other a column of slides begins with each section, and a slide
with each text and each picture. With --live the notebook itself is written, with these types, as
07_initialization_lab.live.ipynb: opened in JupyterLab it has a button that shows it as slides, in
which sliders move.
"""

import argparse
import os
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode

HERE = Path(__file__).parent
REVEAL = "sphinx_revealjs/_static/revealjs"
MATHJAX = "mathjax/static/mathjax/es5/tex-svg-full.js"
MATHJAX_SETTINGS = r"""MathJax = {
  options: { enableMenu: false },
  svg: { fontCache: "local" },
  tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]], tags: "ams" },
};"""
# Of the live slides, which are a notebook in JupyterLab.
LIVE = {
    "scroll": True,
    "slideNumber": "c/t",
    "start_slideshow_at": "beginning",
    "theme": "white",
    "transition": "none",
}


def slide_types(notebook: NotebookNode) -> list[str]:
    """Say for each cell what it begins: a column, a slide below it, or nothing; or leave it out."""
    own = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
    if any(own):
        return [kind or "-" for kind in own]
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


def with_slide_types(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which each cell carries its slide type."""
    notebook = nbformat.from_dict(notebook)
    for cell, kind in zip(notebook.cells, slide_types(notebook), strict=True):
        cell.metadata.setdefault("slideshow", {})["slide_type"] = kind
    return notebook


def to_slides(notebook: NotebookNode) -> str:
    """Return a page of HTML with a notebook's slides; the notebook stays as it is.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If the packages of the group `classroom` are not installed.
    ValueError
        If no cell is to be shown.
    """
    notebook = with_slide_types(notebook)
    heading = re.search(r"^#+ (.*)", "\n".join(cell.source for cell in notebook.cells), re.M)
    notebook.metadata.setdefault("title", heading[1] if heading else "Slides")
    theme = _packaged("sphinx-revealjs", f"{REVEAL}/dist/theme/white.css")
    slides = {
        "css": [
            _packaged("sphinx-revealjs", f"{REVEAL}/dist/reveal.css"),
            re.sub("@import .*;", "", theme),  # of fonts
            (HERE / "slides.css").read_text(encoding="utf-8"),
        ],
        "scripts": [
            MATHJAX_SETTINGS,
            _packaged("django-static-mathjax", MATHJAX),
            _packaged("sphinx-revealjs", f"{REVEAL}/dist/reveal.js"),
            _packaged("sphinx-revealjs", f"{REVEAL}/plugin/notes/notes.js"),
            (HERE / "slides.js").read_text(encoding="utf-8"),
        ],
    }
    exporter = SlidesExporter(template_file=str(HERE / "slides.html.j2"))
    html, _ = exporter.from_notebook_node(notebook, {"slides": slides})
    return html


def _packaged(package: str, name: str) -> str:
    """Read a file that a package brings."""
    return Path(distribution(package).locate_file(name)).read_text(encoding="utf-8")


def to_live(notebook: NotebookNode) -> str:
    """Return a notebook, as text, with slide types and settings for jupyterlab-rise."""
    notebook = with_slide_types(notebook)
    notebook.metadata["rise"] = LIVE
    return nbformat.writes(notebook)


def write_whole(path: Path, text: str, overwrite: bool = False) -> None:
    """Write a text file: all of it or nothing, and never through a link."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; expected a file's name")
    if os.path.lexists(path) and not overwrite:
        raise FileExistsError(f"{path} exists; --force overwrites it")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook; ValueError if it is none."""
    content = path.read_bytes()
    try:
        return nbformat.reads(content.decode(), as_version=4)
    except Exception as error:  # of many kinds
        raise ValueError(f"{path} is not a notebook") from error


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--live", action="store_true", help="write a notebook for live slides")
    parser.add_argument("-o", "--output", type=Path, help="the file to write")
    parser.add_argument("--force", action="store_true", help="overwrite that file")
    arguments = parser.parse_args()
    ending, make = (".live.ipynb", to_live) if arguments.live else (".slides.html", to_slides)
    output = arguments.output or Path(arguments.notebook.stem + ending)
    try:
        if output.exists() and output.samefile(arguments.notebook):
            raise ValueError(f"{output} is the notebook itself")
        write_whole(output, make(read_notebook(arguments.notebook)), arguments.force)
    except PackageNotFoundError as error:
        parser.error(f"{error.name} is missing; start this with: uv run --group classroom python")
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(output)


if __name__ == "__main__":
    main()
