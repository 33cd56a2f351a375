"""Slide types, and what the command says and writes; tests/slow looks at the slides themselves."""

import runpy
import subprocess
import sys

import nbformat
import pytest

from tools.store_outputs import NOTEBOOKS

SCRIPT = NOTEBOOKS.parent / "classroom" / "slides.py"
slides = runpy.run_path(str(SCRIPT))
markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell


def test_a_section_begins_a_column_and_a_text_or_a_picture_a_slide():
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


def test_a_notebook_with_slide_types_of_its_own_keeps_them_all():
    cells = [markdown("# One"), markdown("Two"), markdown("Three"), code("import numpy")]
    cells[1].metadata["slideshow"] = {"slide_type": "fragment"}
    cells[2].metadata["slideshow"] = {"slide_type": "notes"}
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert slides["slide_types"](notebook) == ["-", "fragment", "notes", "-"]


def test_the_notebook_for_live_slides_is_the_same_but_for_its_types():
    (path,) = NOTEBOOKS.glob("07_*.ipynb")
    notebook = slides["read_notebook"](path)
    before = nbformat.writes(notebook)
    live = nbformat.reads(slides["to_live"](notebook), as_version=4)
    assert nbformat.writes(notebook) == before
    types = [cell.metadata.pop("slideshow")["slide_type"] for cell in live.cells]
    assert types == slides["slide_types"](notebook)
    assert live.cells == notebook.cells
    assert live.metadata.pop("rise")["scroll"]
    assert live.metadata == notebook.metadata


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Return a function that calls the command: its status, and what it prints and complains."""

    def call(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["slides.py", *map(str, arguments)])
        try:
            slides["main"]()
        except SystemExit as end:
            return end.code, *capsys.readouterr()
        return 0, *capsys.readouterr()

    return call


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[markdown("# A")]), path)
    return path


def test_the_command_writes_to_the_current_folder_and_overwrites_only_if_told(run, notebook):
    assert run(notebook, "--live") == (0, "a.live.ipynb\n", "")
    written = notebook.with_name("a.live.ipynb")
    before = written.read_bytes()
    written.write_text("mine")
    status, _, said = run(notebook, "--live")
    assert status == 2
    assert "a.live.ipynb exists" in said
    assert written.read_text() == "mine"
    assert run(notebook, "--live", "--force")[0] == 0
    assert written.read_bytes() == before
    assert {path.name for path in notebook.parent.iterdir()} == {"a.ipynb", "a.live.ipynb"}


def test_nothing_is_written_through_a_link(run, notebook):
    link, aim = notebook.with_name("link"), notebook.with_name("aim")
    link.symlink_to(aim)  # of nothing
    assert run(notebook, "--live", "-o", link)[0] == 2
    assert not aim.exists()
    aim.write_text("mine")
    assert run(notebook, "--live", "-o", link, "--force")[0] == 0
    assert aim.read_text() == "mine"
    assert not link.is_symlink()


def test_nothing_half_written_stays(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        slides["write_whole"](tmp_path / "page.html", "whole until \udcff")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: notebook"),
        (["missing.ipynb"], "missing.ipynb"),
        (["text.ipynb"], "text.ipynb is not a notebook"),
        (["number.ipynb"], "number.ipynb is not a notebook"),
        (["bytes.ipynb"], "bytes.ipynb is not a notebook"),
        (["."], "directory"),
        (["a.ipynb", "--live", "-o", "missing/b.ipynb"], "missing"),
        (["a.ipynb", "--live", "-o", ""], "folder"),
        (["a.ipynb", "--live", "-o", "a.ipynb", "--force"], "a.ipynb is the notebook itself"),
    ],
)
def test_a_wrong_argument_is_answered_in_a_sentence(run, notebook, arguments, said):
    before = notebook.read_bytes()
    notebook.with_name("text.ipynb").write_text("hello")
    notebook.with_name("number.ipynb").write_text("1")
    notebook.with_name("bytes.ipynb").write_bytes(b"\xff\xfe\x00")
    status, _, wrong = run(*arguments)
    assert status == 2
    assert said in wrong.splitlines()[-1]
    assert notebook.read_bytes() == before


def test_the_script_tells_its_usage():
    command = [sys.executable, str(SCRIPT), "--help"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "usage: slides.py" in told
