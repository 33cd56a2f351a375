"""The command `mnist-edu` lays notebooks out in a student's folder, and never over his work."""

import importlib.util
import sys

import pytest
from jupyterlab.labapp import LabApp

from mnist_edu.course import command

NAMES = sorted(path.name for path in command.PLACES[1].glob("*.ipynb"))


@pytest.fixture
def start(monkeypatch):
    """Return a function that gives the command line, and what JupyterLab is then started with."""
    started = []
    monkeypatch.setattr(LabApp, "launch_instance", started.append)

    def start(*arguments):
        monkeypatch.setattr(sys, "argv", ["mnist-edu", *map(str, arguments)])
        command.main()
        return started.pop()

    return start


def test_it_lays_out_every_notebook_and_opens_the_first(start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mnist-edu"
    assert start() == [
        f"--ServerApp.root_dir={folder}",
        "--LabApp.default_url=/doc/tree/00_meet_the_digits.ipynb",
    ]
    assert len(NAMES) == 11
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    for path in folder.iterdir():
        assert path.read_bytes() == (command.PLACES[1] / path.name).read_bytes()


def test_what_a_student_has_written_stays_and_is_named(start, tmp_path, capsys):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("not a notebook")
    folder = tmp_path / "my work"
    start(folder)
    assert "left as they are" not in capsys.readouterr().out
    (folder / NAMES[3]).write_text("my answers")
    (folder / NAMES[4]).unlink()
    (folder / NAMES[5]).unlink()
    (folder / NAMES[5]).symlink_to(elsewhere)
    (folder / NAMES[6]).unlink()
    (folder / NAMES[6]).symlink_to(tmp_path / "nothing")
    start(folder)
    assert (folder / NAMES[3]).read_text() == "my answers"
    assert (folder / NAMES[4]).stat().st_size > 10_000
    assert elsewhere.read_text() == "not a notebook"
    assert not (tmp_path / "nothing").exists()
    kept = capsys.readouterr().out.splitlines()[-1]
    assert kept.endswith(f": {NAMES[3]} {NAMES[5]} {NAMES[6]}")


def test_a_copy_that_breaks_off_leaves_no_notebook(tmp_path, monkeypatch):
    def break_off(source, target):
        target.write_text("half")
        raise OSError("No space left on device")

    monkeypatch.setattr(command.shutil, "copyfile", break_off)
    with pytest.raises(OSError, match="No space"):
        command.lay_out(tmp_path)
    assert not [*tmp_path.iterdir()]
    monkeypatch.undo()
    command.lay_out(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_answered_in_a_sentence(start, tmp_path, capsys, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="2"):
        start(tmp_path / place)
    assert str(tmp_path / place) in capsys.readouterr().err


def test_without_jupyterlab_it_says_how_to_get_it_and_writes_nothing(
    start, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="2"):
        start(tmp_path / "work")
    assert "pip install 'mnist-edu[lab]'" in capsys.readouterr().err
    assert not (tmp_path / "work").exists()


def test_without_notebooks_it_says_so(start, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "PLACES", [tmp_path])
    with pytest.raises(SystemExit, match="2"):
        start(tmp_path / "work")
    assert "no notebooks" in capsys.readouterr().err
