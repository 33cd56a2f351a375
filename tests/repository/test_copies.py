"""The students' copy: it tells no answer, leads nowhere, and is written whole or not at all."""

import os
import re
import shutil
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "classroom"))
import copies  # noqa: E402


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies") / "course"
    copies.write_copy(folder)
    return folder


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Return a small course without Git that takes the place of this one."""
    root = tmp_path / "small"
    for name in ("README.md", "mnist_edu/data.py", "classroom/solutions/00_bytes.md", ".env"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("# Text\n\nOf a small course.\n")
    monkeypatch.setattr(copies, "ROOT", root)
    return root


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that calls the command: its status, and what it prints and complains."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["copies.py", *map(str, arguments)])
        try:
            copies.main()
        except SystemExit as end:
            return end.code, *capsys.readouterr()
        return 0, *capsys.readouterr()

    return call


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_a_student_reads_runs_and_tests_is_there_and_what_tells_is_not(course):
    known, copied = set(copies.course()), names(course)
    assert copied <= known
    folders = {"mnist_edu", "notebooks", "tests/core", "tests/labs", "tests/browser"}
    for name in known:
        if name.startswith(tuple(f"{folder}/" for folder in folders)):
            assert name in copied or "_torch" in name
    telling = r"solution|lessons|exercises/(right|wrong|test)|claims|planted|copies"
    assert not [name for name in copied if re.search(telling, name)]
    for_all = ("classroom/jupyterlab/", "classroom/jupyterhub/")
    assert {name for name in copied if name.startswith("classroom/")} == {
        name for name in known if name.startswith(for_all)
    }


def test_the_package_its_tests_and_its_settings_are_the_same(course):
    for name in names(course):
        if not name.endswith((".ipynb", ".md")):
            assert (course / name).read_bytes() == (ROOT / name).read_bytes()


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_no_output_stands_under_a_predict_and_all_else_is_as_it_was(course, path):
    before = nbformat.read(path, as_version=4).cells
    after = nbformat.read(course / "notebooks" / path.name, as_version=4).cells
    assert [cell.source for cell in after] == [cell.source for cell in before]
    answers = set()
    for n, cell in enumerate(after):
        if "**Predict" in cell.source:
            below = takewhile(lambda k: after[k].cell_type == "code", range(n + 1, len(after)))
            answers |= {*below}
    assert len(answers) > 5
    for n, cell in enumerate(after):
        if n in answers:
            assert not cell.outputs
            assert not cell.metadata
        else:
            assert cell == before[n]


def test_its_programs_import_nothing_that_is_left_out(course):
    imported = set()
    for path in course.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        imported |= {*re.findall(r"^ *(?:from|import) ((?:tests|tools)[.\w]*)", text, re.MULTILINE)}
        assert not re.search(r"(from|import|import_module\(.) ?(experiments|benchmarks)", text)
    assert len(imported) > 5
    for name in imported:
        assert course.joinpath(*name.split(".")).with_suffix(".py").exists()


def test_no_link_is_dead(course):
    checked = 0
    for name in names(course):
        if name.endswith((".md", ".ipynb")):
            text = (course / name).read_text(encoding="utf-8")
            if name.endswith(".ipynb"):
                cells = nbformat.reads(text, as_version=4).cells
                text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if not re.match(r"\w+:|#", target) and re.search(r"[./]", target):
                    assert (course / name).parent.joinpath(target.partition("#")[0]).exists()
                    checked += 1
    assert checked > 11


def test_the_readme_says_whose_copy_it_is_and_nothing_to_teachers(course):
    readme = (course / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Understand")
    assert "> **Note** This is the students' copy" in readme
    assert "To teach" not in readme
    for program in re.findall(r"uv run (?:--group \w+ )?python (\S+)", readme):
        assert (course / program).exists()
    assert "[Meet the digits](notebooks/00_meet_the_digits.ipynb)" in readme
    assert "experiments computed" in readme


def test_what_lies_about_is_left_where_it_is(small, tmp_path):
    (small / "password.yaml").write_text("secret")
    (small / "mnist_edu" / "password.yaml").write_text("secret")
    (small / "classroom" / "jupyterhub").mkdir()
    (small / "classroom" / "jupyterhub" / "password.yaml").write_text("secret")
    (small / "mnist_edu" / "loop").symlink_to(small)
    (small / "mnist_edu" / "aim.py").symlink_to("/etc/hostname")
    copies.write_copy(tmp_path / "course")
    assert names(tmp_path / "course") == {"README.md", "mnist_edu/data.py"}


def test_where_there_is_a_git_what_it_does_not_know_is_left(small, tmp_path):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (["init", "-q"], ["add", "README.md", "classroom"]):
        subprocess.run(["git", *command], cwd=small, check=True, env=environment)
    copies.write_copy(tmp_path / "course")
    assert names(tmp_path / "course") == {"README.md"}


def test_nothing_is_overwritten(small, tmp_path, run):
    destination = tmp_path / "course"
    destination.mkdir()
    status, _, said = run(destination)
    assert status == 2
    assert "course exists" in said
    assert not list(destination.iterdir())
    destination.rmdir()
    destination.symlink_to(tmp_path / "aim")
    assert run(destination)[0] == 2
    assert not (tmp_path / "aim").exists()


def test_nothing_half_written_stays(small, tmp_path, run, monkeypatch):
    def stop(source, target):
        shutil.copyfile(source, target)
        raise OSError("the disk is full")

    monkeypatch.setattr(copies.shutil, "copy", stop)
    status, _, said = run(tmp_path / "course")
    assert status == 2
    assert "the disk is full" in said
    assert {path.name for path in tmp_path.iterdir()} == {"small"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: destination"),
        ([""], "no name"),
        ([ROOT / "classroom" / "copy"], "in the course itself"),
        (["missing/course"], "missing"),
        (["a", "b"], "b"),
    ],
)
def test_a_wrong_argument_is_answered_in_a_sentence(run, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, wrong = run(*arguments)
    assert status == 2
    assert said in wrong.splitlines()[-1]
    assert not list(tmp_path.iterdir())


def test_the_script_tells_its_usage_and_writes(small, tmp_path, run):
    assert run("--help")[1].startswith("usage: copies.py")
    assert run(tmp_path / "course") == (0, f"{tmp_path / 'course'}\n", "")
