"""The copies for students and teachers."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "classroom"))
from copies import main, write_copies  # noqa: E402


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies") / "course"
    write_copies(folder)
    return folder


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_students_copy_is_the_teachers_without_what_tells_solutions(course):
    students, teachers = names(course / "students"), names(course / "teachers")
    assert students < teachers
    missing = teachers - students
    solutions = {name for name in missing if name.startswith("classroom/solutions/")}
    assert len(solutions) == len(list((ROOT / "notebooks").glob("*.ipynb")))
    telling = (
        "tests/exercises/wrong",
        "tests/exercises/test_exercises.py",
        "tests/repository/test_copies.py",
        "tests/repository/test_collect.py",
        "tests/slow/a_class.py",
        "tests/slow/test_collecting_a_class.py",
    )
    assert missing - solutions == {name for name in teachers if name.startswith(telling)}
    for name in students:
        assert "solution" not in name


def test_both_hold_the_course_and_nothing_of_this_machine(course):
    for copy in ("students", "teachers"):
        for name in (
            "README.md",
            "pyproject.toml",
            "mnist_edu/data.py",
            "mnist_edu/widgets/style.mplstyle",
        ):
            assert (course / copy / name).read_bytes() == (ROOT / name).read_bytes()
        for notebook in (ROOT / "notebooks").glob("*.ipynb"):
            copied = course / copy / "notebooks" / notebook.name
            assert copied.read_bytes() == notebook.read_bytes()
        assert not [name for name in names(course / copy) if ".venv" in name or ".git/" in name]


def test_nothing_is_overwritten(course, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["copies.py", str(course)])
    with pytest.raises(SystemExit):
        main()
    assert "exists" in capsys.readouterr().err


def test_a_copy_within_the_course_is_refused():
    with pytest.raises(ValueError, match="outside"):
        write_copies(ROOT / "classroom" / "copy")
