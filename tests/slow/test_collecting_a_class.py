"""Marks of a class of which every second student means harm: each gets what is due."""

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.slow.a_class import CLASS, HOSTILE, NAMES, write_class

ROOT = Path(__file__).parent.parent.parent
LIMITS = ("--seconds", "60", "--memory", "3", "--jobs", "2")
SOLUTIONS = ROOT / "classroom" / "solutions" / "02_activation_functions.ipynb"


def collect(folder, marks, *more):
    command = [sys.executable, ROOT / "classroom" / "collect.py", folder, "-o", marks, *more]
    temporary = folder.parent / "temporary"  # its name tells the processes of this test
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {"TMPDIR": str(temporary)}
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=ignore_interrupts,
    )


def ignore_interrupts():
    """Start as a command with & behind it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Return files that some students try to write over."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "submissions").mkdir()
    places = [folder / "marks.csv", folder / "marks.state.json", Path.home() / "was_here"]
    first = folder / "submissions" / "Ada Lovelace.ipynb"
    return [first, *places, ROOT / "mnist_edu" / "was_here"]


@pytest.fixture(scope="module")
def marks(places):
    """Return the rows of the table, by name."""
    folder = places[0].parent
    write_class(folder, places, SOLUTIONS)
    handed_in = [path for path in folder.rglob("*") if path.is_file()]
    before = [path.read_bytes() for path in handed_in]
    collect(folder, places[1], *LIMITS)
    assert [path.read_bytes() for path in handed_in] == before
    with open(places[1], encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_the_class_is_large_and_many_mean_harm():
    assert len(CLASS) >= 25
    assert len(HOSTILE) >= 10


@pytest.mark.parametrize("student", CLASS, ids=lambda student: student.file)
def test_a_student_gets_what_is_due(marks, student):
    name = student.file.removesuffix(".ipynb")
    row = marks[f"'{name}" if name[0] in "=@" else name]
    assert "".join(row[number] or "-" for number in NAMES) == student.due, row["words"]
    for words in student.says:
        assert words in row["words"]
    assert student.says or "0" in student.due or not row["words"]


def test_nothing_was_written_elsewhere_and_nothing_is_left_running(marks, places):
    for place in places[3:]:
        assert not place.exists()
    left = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
    temporary = places[0].parent.parent / "temporary"
    assert not [line for line in left if str(temporary) in line or "sleep(7777)" in line]
    assert not list(temporary.iterdir())


def test_the_second_time_nothing_is_run_again(marks, places):
    again = collect(places[0].parent, places[1], *LIMITS)
    assert f"{len(CLASS)}/{len(CLASS)} [00:00" in again.stderr
