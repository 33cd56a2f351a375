"""Feedback: right answers are right, each wrong one gets its own hint, nonsense does no harm."""

import ast
import importlib
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from mnist_edu.exercises import EXERCISES, check, verdict
from mnist_edu.exercises._check import _unchanged
from tests.exercises.right import RIGHT
from tests.exercises.wrong import WRONG
from tools.store_outputs import NOTEBOOKS

for file in Path(__file__).parent.glob("wrong_*.py"):
    importlib.import_module(f"tests.exercises.{file.stem}")

SOLUTIONS = NOTEBOOKS.parent / "classroom" / "solutions"
each_exercise = pytest.mark.parametrize("number", EXERCISES)


def words(data):
    """Return the texts of what a cell shows; its picture is not compared."""
    return {kind: text for kind, text in data.items() if kind.startswith("text/")}


def texts(outputs):
    """Return what stored outputs say: all that was printed, and the texts of what is shown."""
    printed = "".join(output.get("text", "") for output in outputs)
    return printed, [words(output.data) for output in outputs if "data" in output]


def checks_in(folder):
    """Return, by number, what the stored cells that check an exercise have printed."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "code" or "check(" not in cell.source:
                continue
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "check":
                    printed = "".join(output.get("text", "") for output in cell.outputs)
                    found[ast.literal_eval(node.args[0])] = printed
    return found


def test_every_code_exercise_is_checked_in_its_notebook_and_unanswered_there():
    stubs = [
        cell.source
        for path in NOTEBOOKS.glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if "# your code here" in cell.source
    ]
    assert all(re.search(r'^check\("\d+\.\d+", ', source, re.MULTILINE) for source in stubs)
    assert checks_in(NOTEBOOKS) == {
        number: f"{number}: not answered yet.\n" for number in EXERCISES
    }
    assert len(stubs) == len(EXERCISES) >= 30


def test_every_exercise_has_a_solution_that_is_right():
    assert checks_in(SOLUTIONS) == {number: f"{number}: right.\n" for number in EXERCISES}


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("path", sorted(SOLUTIONS.glob("*.ipynb")), ids=lambda path: path.stem[:2])
def test_a_notebook_of_solutions_still_says_what_is_stored(path, shell):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        with capture_output() as captured:
            shell.run_cell(cell.source).raise_error()
        printed, shown = texts(cell.outputs)
        assert captured.stdout == printed, cell.source
        assert [words(output.data) for output in captured.outputs] == shown, cell.source


@each_exercise
def test_each_wrong_answer_gets_its_own_hint(number):
    answers = WRONG[number]
    assert len(answers) >= 3
    for answer, hint in answers:
        said = verdict(number, answer)
        assert hint in said, (answer, said)
    said = [verdict(number, answer) for answer, _ in answers]
    assert len(set(said)) == len(said), said


@pytest.mark.parametrize(("number", "answer"), RIGHT, ids=lambda of: getattr(of, "__name__", of))
def test_an_unusual_right_answer_is_not_refused(number, answer):
    assert verdict(number, answer) == "right."


def returns(value):
    def answer(*args):
        return value

    return answer


def raises(*args):
    raise KeyError("nonsense")


class Unreadable:
    """An answer that can be called, and no attribute of which can be read."""

    def __getattr__(self, name):
        raise ValueError(name)

    def __call__(self, *args):
        return "nonsense"


NONSENSE = {
    "nothing": returns(None),
    "a list": returns([1, 2, 3]),
    "words": returns("relu"),
    "an array of another shape": returns(np.ones((3, 1, 4, 1, 5))),
    "an array of words": returns(np.array(["a", "b"])),
    "NaN": returns(np.float64("nan")),
    "NaNs": returns(np.full((3, 3), np.nan)),
    "a pair": returns((None, None)),
    "an error": raises,
    "no attributes": Unreadable(),
    "too few arguments": lambda: 1,
    "a number": 7,
    "a word": "relu",
    "another list": [1, 2],
    "itself": returns(returns(1)),
}


@each_exercise
@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_neither_right_nor_an_error(number, kind):
    said = verdict(number, NONSENSE[kind])
    assert said not in ("right.", "not answered yet.")
    assert len(said) > 15


def test_an_error_is_shown_with_its_line():
    def softmax_rows(Z):
        total = Z.sum(axis=1)
        return Z / total[7]

    assert verdict("2.6", softmax_rows).startswith(
        "It stops in its line 3 with IndexError: index 7"
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "not answered yet."),
        (3, "The answer is a int; expected a function."),
        (lambda Z: print(), "It returns None: is there a `return`?"),
        (lambda Z: [[1.0]], "It returns a list; expected an array of shape (3, 3)."),
    ],
)
def test_what_is_said_of_an_answer_of_the_wrong_kind(answer, said, capsys):
    check("2.6", answer)
    assert capsys.readouterr().out.endswith(f"2.6: {said}\n")


def test_a_stub_is_not_answered_and_a_function_that_does_something_is():
    def stub(Z):
        """Return the softmax of each row."""
        # your code here

    def bare(Z):
        pass

    def constant(Z):
        return 3

    assert verdict("2.6", stub) == verdict("2.6", bare) == "not answered yet."
    assert verdict("2.6", constant) != "not answered yet."


@pytest.mark.parametrize(
    "error", [SystemExit(), KeyboardInterrupt(), GeneratorExit(), RecursionError("too deep")]
)
def test_nothing_escapes_from_an_answer(error):
    def softmax_rows(Z):
        raise error

    expected = f"It stops in its line 2 with {type(error).__name__}"
    assert verdict("2.6", softmax_rows).removesuffix(": too deep") == expected


def test_a_long_error_is_cut():
    def softmax_rows(Z):
        raise ValueError(1_000_000 * "long")

    assert 100 < len(verdict("2.6", softmax_rows)) < 400


def test_what_an_answer_prints_is_shown_once(capsys):
    def softmax_rows(Z):
        print("look")
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    check("2.6", softmax_rows)
    assert capsys.readouterr().out == "look\n2.6: right.\n"


def test_a_return_missing_in_one_branch_is_named():
    def softmax_rows(Z):
        if Z.max() < 100:
            return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)

    assert "which branch has no `return`" in verdict("2.6", softmax_rows)


@pytest.mark.parametrize(
    ("before", "after", "unchanged"),
    [
        ([7, 5, 3], [7, 5, 3], True),
        ([7, 5, 3], [7, 6, 3], False),
        ([(0, 0.5), (1, 0.1)], [(1, 0.1), (0, 0.5)], False),
        ([1, 2], [1], False),
        ([(1, 2)], [3], False),
        ((np.nan, "a"), (np.nan, "a"), True),
        ((np.array([np.nan, 1]),), (np.array([np.nan, 1]),), True),
        ((np.random.default_rng(0), np.sin), (np.random.default_rng(1), np.sin), True),
    ],
)
def test_what_counts_as_changed(before, after, unchanged):
    assert _unchanged(before, after) is unchanged


def test_a_slow_answer_may_be_right():
    def softmax_rows(Z):
        result = np.empty(Z.shape)
        for n in range(len(Z)):
            largest = max(Z[n])
            total = sum(np.exp(value - largest) for value in Z[n])
            for k in range(len(Z[n])):
                result[n, k] = np.exp(Z[n, k] - largest) / total
        return result

    assert verdict("2.6", softmax_rows) == "right."


@pytest.mark.parametrize("number", ["12.1", ["2.6"]])
def test_an_unknown_number_is_said_and_not_raised(number, capsys):
    check(number, np.exp)
    said = capsys.readouterr().out
    assert said.startswith(f"{number}: There is no such exercise. There are 0.3")


def test_numpy_warns_of_nothing_while_an_answer_is_checked():
    assert "before exp" in verdict("2.6", lambda Z: np.exp(Z) / np.exp(Z).sum(1)[:, None])
