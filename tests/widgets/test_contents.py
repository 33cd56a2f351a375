"""Saving a notebook: the old file stays until the new one is whole."""

import asyncio
import errno
import json
import os
from pathlib import Path

import pytest
from tornado.web import HTTPError

from mnist_edu.widgets.contents import LabContents

PATH = "notebooks/a.ipynb"


def names_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {".ipynb_checkpoints"}


def notebook(mark: str) -> dict:
    return {"cells": [], "metadata": {"mark": mark}, "nbformat": 4, "nbformat_minor": 5}


def mark_of(file: Path) -> str:
    return json.loads(file.read_text("utf-8"))["metadata"]["mark"]


@pytest.fixture
def save(tmp_path):
    """Return a function that saves a notebook as JupyterLab does."""
    contents = LabContents(root_dir=str(tmp_path))
    (tmp_path / "notebooks").mkdir()

    def save(mark):
        model = {"type": "notebook", "content": notebook(mark)}
        return asyncio.run(contents.save(model, PATH))

    return save


def test_what_is_saved_is_in_the_file_and_nothing_else_is_left(save, tmp_path):
    save("first")
    save("second")
    assert mark_of(tmp_path / PATH) == "second"
    assert names_in(tmp_path / "notebooks") == {"a.ipynb"}


def test_a_disk_that_is_full_says_so_and_leaves_the_old_file(save, tmp_path, monkeypatch):
    save("first")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    for _ in range(3):
        with pytest.raises(HTTPError, match=os.strerror(errno.ENOSPC)):
            save("second")
        assert mark_of(tmp_path / PATH) == "first"
        assert names_in(tmp_path / "notebooks") == {"a.ipynb"}
    monkeypatch.undo()
    save("third")
    assert mark_of(tmp_path / PATH) == "third"


def test_a_link_stays_a_link_and_permissions_stay(save, tmp_path):
    real = tmp_path / "real.ipynb"
    real.write_text(json.dumps(notebook("first")))
    real.chmod(0o640)
    mode = real.stat().st_mode
    (tmp_path / PATH).symlink_to(real)
    save("second")
    assert (tmp_path / PATH).is_symlink()
    assert mark_of(real) == "second"
    assert real.stat().st_mode == mode


def close(monkeypatch, name):
    monkeypatch.setattr("os.access", lambda path, *_: Path(path).name != name)


def test_a_file_that_may_not_be_written_is_not_replaced(save, tmp_path, monkeypatch):
    save("first")
    close(monkeypatch, "a.ipynb")
    with pytest.raises(HTTPError, match="Permission denied"):
        save("second")
    assert mark_of(tmp_path / PATH) == "first"


def test_a_file_in_a_folder_that_may_not_be_written_is_written_in_place(
    save, tmp_path, monkeypatch
):
    save("first")
    number = (tmp_path / PATH).stat().st_ino
    close(monkeypatch, "notebooks")
    save("second")
    assert (tmp_path / PATH).stat().st_ino == number
    assert mark_of(tmp_path / PATH) == "second"
