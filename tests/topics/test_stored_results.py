import json

import pytest

from mnist_edu import stored_results
from mnist_edu.stored_results import load_result


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """Return the path of the result "run", in a folder of its own."""
    monkeypatch.setattr(stored_results, "__file__", str(tmp_path / "__init__.py"))
    return tmp_path / "run.json"


def test_a_result_is_what_was_stored(stored):
    stored.write_text(json.dumps({"author": "Jürgen", "loss": [2.5, 0.1]}), "utf-8")
    assert load_result("run") == {"author": "Jürgen", "loss": [2.5, 0.1]}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, FileNotFoundError),
        (b'{"loss": [2.5, 0', json.JSONDecodeError),
        (b"", json.JSONDecodeError),
        (b'{"author": "J\xfcrgen"}', UnicodeDecodeError),
    ],
    ids=["missing", "cut short", "empty", "not UTF-8"],
)
def test_a_broken_result_says_which_file_it_is_and_what_to_do(stored, content, kind):
    if content is not None:
        stored.write_bytes(content)
    with pytest.raises(kind) as error:
        load_result("run")
    (note,) = error.value.__notes__
    assert str(stored) in note
    assert "reinstall" in note
