"""Slides: made of any notebook, each cell once, in columns that begin with the sections."""

import re
import runpy
import subprocess
import sys

import nbformat
import pytest

from tools.store_outputs import NOTEBOOKS

SCRIPT = NOTEBOOKS.parent / "classroom" / "slides.py"
slides = runpy.run_path(str(SCRIPT))


def test_a_section_begins_a_column_and_a_text_or_a_picture_a_slide():
    markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    picture = nbformat.v4.new_output("display_data", {"image/png": ""})
    printed = nbformat.v4.new_output("stream", text="1")
    cells = {
        "slide": [markdown("# 6 · He"), markdown("## Why?")],
        "subslide": [
            markdown("So\n\n## Exercises"),
            markdown("### Patient 1"),
            code("show(fig)", outputs=[printed, picture]),
        ],
        "-": [code("print(1)", outputs=[printed]), code("x = 1")],
        "skip": [code("import numpy as np"), code("from math import pi\n\nx = pi")],
    }
    for kind, alike in cells.items():
        notebook = nbformat.v4.new_notebook(cells=alike)
        assert slides["slide_types"](notebook) == [kind] * len(alike)


@pytest.mark.parametrize("number", ["06", "07"])
def test_every_cell_but_the_imports_is_on_a_slide_once_and_in_order(number):
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    before = path.read_bytes()
    html = slides["to_slides"](path)
    assert path.read_bytes() == before
    notebook = nbformat.read(path, as_version=4)
    kinds = slides["slide_types"](notebook)
    assert kinds.count("skip") == 1
    shown = [cell.id for cell, kind in zip(notebook.cells, kinds, strict=True) if kind != "skip"]
    assert re.findall(r'id="cell-id=([^"]*)"', html) == shown
    columns, under = kinds.count("slide"), kinds.count("subslide")
    assert html.count("<section>") == columns + (columns + under)
    assert "<details><summary>" in html
    assert html.count(slides["STYLE"]) == 1


def test_the_command_writes_a_page_to_the_current_folder(tmp_path):
    (path,) = NOTEBOOKS.glob("07_*.ipynb")
    command = [sys.executable, str(SCRIPT), str(path)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert [file.name for file in tmp_path.iterdir()] == [f"{path.stem}.slides.html"]
