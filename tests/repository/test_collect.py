"""Collecting: what travels, what is asked, what is kept, what the table says."""

import csv
import importlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import FunctionType

import nbformat
import numpy as np
import pytest

from mnist_edu.activations import relu
from mnist_edu.exercises import EXERCISES, verdict
from mnist_edu.network import Layer
from mnist_edu.training import Report
from tests.exercises.wrong import WRONG

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "classroom"))
import collect  # noqa: E402
from collecting import cells, folder, isolation, judge, marks, page, wire, worker  # noqa: E402
from collecting.task import Asked, Cell, Findings  # noqa: E402

for path in (ROOT / "tests" / "exercises").glob("wrong_*.py"):
    importlib.import_module(f"tests.exercises.{path.stem}")


@pytest.fixture
def ends():
    """Yield two channels that are connected, and the second one's socket."""
    ours, theirs = socket.socketpair()
    here, there = wire.Channel(ours, offers=True), wire.Channel(theirs)
    here.deadline = there.deadline = time.monotonic() + 20
    yield here, there, theirs
    ours.close()
    theirs.close()


TRAVELS = [
    None,
    True,
    7,
    -(2**70),
    0.1,
    float("inf"),
    2 - 3j,
    "ü学\n",
    [1, [2.0, None]],
    (1, ("a", [])),
    {"a": (1, 2), 3: None},
    range(2, 9, 3),
    np.arange(6).reshape(2, 3)[:, ::-1],
    np.array(2.5),
    np.float32(0.1),
    np.array([True, False]),
    np.array(["a", "bc"]),
    np.zeros((0, 3), np.uint8),
    np.array([1j, np.nan]),
    [Layer(np.ones((2, 1)), np.zeros(1))],
    Report(1, 0.5, 2.3, 0.1, [], "stalled"),
]


def shown(value):
    """Return type, and value with its types, of nests with arrays."""
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype, value.shape, value.tobytes()
    if isinstance(value, list | tuple):
        return type(value), [shown(item) for item in value]
    return type(value), value


@pytest.mark.parametrize("value", TRAVELS, ids=str)
@pytest.mark.parametrize("way", [1, -1])
def test_plain_data_arrives_as_it_was(ends, value, way):
    sender, receiver = ends[:2][::way]
    sender.send("that", value)
    assert shown(receiver.receive()) == shown(["that", value])


def test_functions_and_generators_reach_the_worker(ends):
    here, there, _ = ends
    here.send(relu, np.sin, np.random.default_rng(3))
    f, sine, rng = there.receive()
    assert f is relu
    assert sine is np.sin
    assert rng.random() == np.random.default_rng(3).random()


class Sly:
    def __reduce__(self):
        return os.abort, ()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Sly(), "Sly"),
        (relu, "function"),
        (np.random.default_rng(0), "function"),
        ((n for n in "ab"), "generator"),
        ({1, 2}, "set"),
        (np.array([Sly()]), "ndarray"),
        (2**9999, "int"),
    ],
    ids=lambda of: of if isinstance(of, str) else "",
)
def test_anything_else_comes_to_the_judge_as_a_name(ends, value, name):
    here, there, _ = ends
    there.send(value)
    [got] = here.receive()
    assert isinstance(got, wire.Other)
    assert type(got).__name__ == name


def framed(text, buffers=b""):
    return struct.pack(">QQ", len(text), len(buffers)) + text + buffers


@pytest.mark.parametrize(
    "data",
    [
        framed(b"not JSON"),
        framed(b"[" * 100_000),
        framed(b'[{"array": "|O", "shape": [1], "scalar": false}]', bytes(8)),
        framed(b'[{"array": "<f8", "shape": [3], "scalar": false}]', bytes(8)),
        framed(b'[{"array": "<f8", "shape": [-1], "scalar": false}]', bytes(8)),
        framed(b'[{"tuple": "Layer", "of": [1]}]'),
        framed(b'[{"nothing": 1}]'),
        struct.pack(">QQ", 2**60, 0),
    ],
    ids=lambda data: str(data[16:50]),
)
def test_what_cannot_be_read_is_said_to_be_so(ends, data):
    here, _, theirs = ends
    theirs.sendall(data)
    with pytest.raises(wire.Broken, match=r"cannot be read|256 MB"):
        here.receive()


def test_no_answer_in_time_and_no_one_there(ends):
    here, _, theirs = ends
    for seconds in (0.05, -1):
        here.deadline = time.monotonic() + seconds
        with pytest.raises(wire.Broken, match="in time"):
            here.receive()
    here.deadline += 20
    theirs.close()
    with pytest.raises(wire.Broken, match="ends its process"):
        here.receive()


def asked_elsewhere(number, answer):
    """Return the verdict on a function that another process calls."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        try:
            ours.close()
            worker.serve(theirs, "answer", {"answer": answer})
        finally:
            os._exit(0)
    theirs.close()
    channel = wire.Channel(ours, offers=True)
    channel.deadline = time.monotonic() + 60
    kind, described = channel.receive()
    is_function = isinstance(answer, FunctionType)
    code, doc = (answer.__code__, answer.__doc__) if is_function else (None, None)
    given = judge.StandIn(channel, code, doc) if kind == "function" else described
    said = verdict(number, given)
    ours.close()
    os.waitpid(pid, 0)
    return said


def without_line(said):
    return cells.re.sub(r" in its line \d+", "", said)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of fork
@pytest.mark.parametrize("number", EXERCISES)
def test_a_stand_in_is_told_what_the_function_would_be(number):
    special = {"2.8": ["both_branches"], "3.5": ["by_the_table"], "1.6": ["shape_of_b"]}
    names = special.get(number, [])
    answers = [answer for answer, _ in WRONG[number] if answer.__name__ in names]
    assert len(answers) == len(names)
    for answer in [*answers, *[answer for answer, _ in WRONG[number][:1]], lambda *x: None, 3]:
        assert asked_elsewhere(number, answer) == without_line(verdict(number, answer))


def test_a_stub_is_known_by_its_code():
    def stub(Z):
        """Return."""

    stand_in = judge.StandIn(None, stub.__code__, stub.__doc__)
    assert verdict("2.6", stand_in) == "not answered yet."


@pytest.mark.parametrize(
    ("source", "left", "asked"),
    [
        ('f = 1\ncheck("2.6", f)\ng = 2\n', "f = 1\npass\ng = 2\n", [("2.6", "f")]),
        ("x=3; check(\n  '2.6',\n  f) ; y = 4\n", "x=3; pass\n\ny = 4\n", [("2.6", "f")]),
        ('ex.check("2.6", answer=g(1))\n', "pass\n", [("2.6", "g(1)")]),
        ('said = verdict("2.6", f)\n', None, [("2.6", "f")]),
        ('"ü"; check("2.6", f)\n', '"ü"; pass\n', [("2.6", "f")]),
        ('if True:\n    check("2.6", f)\n', None, [("2.6", "f")]),
        ('def later():\n    check("2.6", f)\n', None, []),
        ("check(number, f)\n", None, []),
        ('check("2.6")\n', None, []),
        ("# check\n", None, []),
        ('def f(:\n    1\ncheck("2.6", f)\n', None, [("2.6", "f")]),
        ("%time 1\n", "get_ipython().run_line_magic('time', '1')\n", []),
    ],
)
def test_what_a_cell_asks_is_taken_out_of_it(source, left, asked):
    cell, _ = cells.parse(3, source)
    assert cell == Cell(3, source if left is None else left, [Asked(*each) for each in asked])


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("def check(n, f):\n    pass\n", True),
        ("import mnist_edu.exercises as e\ne.check = print\n", True),
        ("from other import check\n", True),
        ("from mnist_edu.exercises import check\n", False),
    ],
)
def test_a_check_of_its_own_is_noticed(source, bound):
    assert cells.parse(1, source)[1] == bound


def test_the_course_itself_asks_for_every_exercise_and_looks_honest():
    asked = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        found = cells.read(path.read_bytes())
        asked += [question.number for cell in found.cells for question in cell.asked]
        assert not found.own_check
        assert not found.says_right
    assert asked == list(EXERCISES)


def notebook(*sources):
    found = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    return nbformat.writes(found).encode()


ASKS = 'def softmax_rows(Z):\n    return Z\n\n\ncheck("2.6", softmax_rows)'


@pytest.fixture
def class_folder(tmp_path):
    """Return a folder with submissions as platforms name them, and with what is none."""
    submissions = tmp_path / "submissions"
    for name in (
        "=1+1.ipynb",
        "Jürgen (2).ipynb",
        "学生_77/02.ipynb",
        "学生_77/.ipynb_checkpoints/02-checkpoint.ipynb",
        "__MACOSX/._x.ipynb",
        "._y.ipynb",
    ):
        path = submissions / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook(ASKS, f"# {name}"))
    (submissions / "学生_77" / "slopes.csv").write_text("17,0.7\n")
    (submissions / "broken.ipynb").write_bytes(b"{}")
    (submissions / "link.ipynb").symlink_to(submissions / "=1+1.ipynb")
    return submissions


def test_submissions_are_found_by_name(class_folder):
    found = {each.name: each for each in folder.submissions(class_folder)}
    assert list(found) == ["=1+1", "broken", "Jürgen (2)", "link", "学生_77/02"]
    assert found["link"].trouble == "It is not a file."
    assert found["broken"].trouble.startswith("It is not a notebook")
    assert list(found["学生_77/02"].files) == ["slopes.csv"]
    assert not found["Jürgen (2)"].files
    assert len({each.key for each in found.values()}) == 5
    (class_folder / "学生_77" / "slopes.csv").write_text("18,0.7\n")
    changed = [
        each for each in folder.submissions(class_folder) if each.key != found[each.name].key
    ]
    assert [each.name for each in changed] == ["学生_77/02"]


@pytest.fixture
def run(class_folder, monkeypatch, capsys):
    """Return a function that runs the command, with a judge that says what it is told to."""

    def run(*more, say=lambda submission: Findings({"2.6": "right."})):
        ran = []

        def mark(submission, given):
            ran.append(submission.name)
            return say(submission)

        monkeypatch.setattr(collect, "mark", mark)
        output = class_folder.parent / "marks.csv"
        monkeypatch.setattr(
            sys, "argv", ["collect.py", str(class_folder), "-o", str(output), *more]
        )
        with pytest.raises(SystemExit) as ended:
            collect.main()
        if ended.value.code and "Stopped" not in str(ended.value.code):
            raise ended.value
        with open(output, encoding="utf-8-sig", newline="") as file:
            return ran, {row["student"]: row for row in csv.DictReader(file)}

    return run


def test_the_table_has_a_row_for_each_and_no_formula(run):
    hint = "The rows do not sum to 1."
    _, rows = run(say=lambda each: Findings({"2.6": "right." if "77" in each.name else hint}))
    assert list(rows) == ["'=1+1", "broken", "Jürgen (2)", "link", "学生_77/02"]
    assert [row["2.6"] for row in rows.values()] == ["0", "0", "0", "0", "1"]
    assert list(rows["broken"]) == ["student", *["2.5", "2.6", "2.7", "2.8", "2.9"], "words"]
    assert f"2.6: {hint}" in rows["'=1+1"]["words"]
    assert "Without a check of its own: 2.5, 2.7, 2.8, 2.9." in rows["'=1+1"]["words"]


def test_the_second_run_marks_only_what_has_changed(run, class_folder):
    assert len(run()[0]) == 5
    assert run()[0] == []
    (class_folder / "Jürgen (2).ipynb").write_bytes(notebook(ASKS, "# better"))
    assert run()[0] == ["Jürgen (2)"]


def test_what_a_killed_run_has_found_is_kept_and_its_end_comes_last(run):
    def die(submission):
        if submission.name == "broken":
            raise MemoryError  # the run is over, and nothing is written any more
        return Findings({"2.6": "right."})

    for _ in range(2):
        with pytest.raises(MemoryError):
            run(say=die)
    ran, rows = run(say=die)
    assert ran == []
    assert "twice ended" in rows["broken"]["words"]
    assert rows["'=1+1"]["2.6"] == "1"


def test_a_run_that_is_interrupted_says_what_is_missing(run):
    def stop(submission):
        if submission.name == "link":
            raise KeyboardInterrupt
        return Findings({"2.6": "right."})

    _, rows = run(say=stop)
    assert rows["link"]["words"] == "Not marked yet."
    ran, rows = run()
    assert "link" in ran
    assert rows["link"]["2.6"] == "1"


@pytest.mark.parametrize("name", ["marks.csv", "marks.html", "marks.state.json"])
def test_what_no_run_has_written_is_not_written_over(run, class_folder, name):
    mine = class_folder.parent / name
    mine.write_text("mine")
    with pytest.raises(SystemExit, match="there already"):
        run()
    assert mine.read_text() == "mine"


def test_marks_that_were_edited_are_not_written_over(run, class_folder):
    run()
    table = class_folder.parent / "marks.csv"
    table.write_text(table.read_text() + "a remark")
    with pytest.raises(SystemExit, match="not as an earlier run has written it"):
        run()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--seconds", "x"], "invalid int"),
        (["--jobs", "0"], "1 or more"),
        (["--as-user", "nobody at all"], "no user|takes root"),
        (["-o", "marks.txt"], "should end with .csv"),
        (["-o", "nowhere/marks.csv"], "in a folder that is there"),
        (["-o", "submissions/marks.csv"], "not lie among"),
    ],
)
def test_a_wrong_argument_is_answered_in_a_sentence(
    run, class_folder, monkeypatch, capsys, more, said
):
    monkeypatch.chdir(class_folder.parent)
    with pytest.raises(SystemExit):
        run(*more)
    assert cells.re.search(said, capsys.readouterr().err.splitlines()[-1])


def row(**findings):
    asks = cells.Notebook([Cell(1, "", [Asked("2.6", "f")])], {"2.6"}, True)
    return marks.row("a", asks, "", Findings(**findings))


def test_the_words_point_out_what_looks_forged():
    words = " ".join(row(verdicts={"2.6": "no"}, replaced=["mnist_edu.x"]).words)
    assert "LOOK: the file says right, and this is not found: 2.6." in words
    assert "LOOK: it has its own check." in words
    assert "LOOK: it replaces mnist_edu.x." in words


def test_a_right_answer_stays_right_and_a_stub_takes_nothing_back():
    verdicts = {}
    for said in ("not answered yet.", "a hint", "not answered yet.", "right.", "another hint"):
        judge._enter(verdicts, "2.6", said)
        if said == "not answered yet." and verdicts["2.6"] != said:
            assert verdicts["2.6"] == "a hint"
    assert verdicts == {"2.6": "right."}


def test_the_most_common_hints_come_first_whatever_their_numbers():
    said = ["At 0.5 it is 0.", "At -2e-3 it is 7.", "It stops with NameError: a", "right."]
    said += ["It stops with NameError: b", "It stops with NameError: c", "Once."]
    rows = [marks.Row(f"s{k}", {"2.6": text}, []) for k, text in enumerate(said)]
    hints = page.most_common_hints(rows)
    assert [len(hint.students) for hint in hints] == [3, 2]
    assert hints[0].students == ["s2", "s4", "s5"]


def test_the_page_shows_names_as_text():
    rows = [marks.Row("<script>", {"2.6": "<b>"}, ["<i>"])]
    html = page.overview("t", rows, ["2.6"], {"2.6": "softmax_rows"}, "")
    assert "&lt;script&gt;" in html
    assert not {"<script", "<b>", "<i>"} & set(cells.re.findall(r"<\w+>?", html))
    assert "http" not in html


def test_a_process_that_is_shut_in_writes_in_its_folder_alone(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    code = (
        "import pathlib, sys\n"
        "from collecting import isolation\n"
        "inside, outside = map(pathlib.Path, sys.argv[1:])\n"
        "isolation.lock_in(inside, [])\n"
        "(inside / 'a').write_text('a')\n"
        "outside.write_text('b')\n"
    )
    command = [sys.executable, "-c", code, inside, outside]
    ended = subprocess.run(command, cwd=ROOT / "classroom", capture_output=True, text=True)
    assert (inside / "a").exists()
    if isolation.landlock_version():
        assert "PermissionError" in ended.stderr
        assert not outside.exists()
    else:
        assert "Landlock is not there" in isolation.said(None)


def test_two_notebooks_are_really_run(tmp_path):
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    start = "import numpy as np\nfrom mnist_edu.exercises import check"
    softmax = "E = np.exp(Z - Z.max(1)[:, None]); return E / E.sum(1)[:, None]"
    right = ASKS.replace("return Z", softmax)
    sly = "import mnist_edu.exercises._check as c\nc.verdict = lambda *given: 'right.'"
    (submissions / "Jürgen.ipynb").write_bytes(notebook(start, right))
    (submissions / "sly.ipynb").write_bytes(notebook(start, sly, ASKS, "import os; os._exit(0)"))
    output = tmp_path / "marks.csv"
    command = [sys.executable, ROOT / "classroom" / "collect.py", submissions, "-o", output]
    subprocess.run(command, check=True, capture_output=True)
    rows = [line.split(",")[2] for line in output.read_text("utf-8-sig").splitlines()]
    assert rows == ["2.6", "1", "0"]
    assert "replaces" not in output.read_text("utf-8-sig").splitlines()[1]
    assert json.loads((tmp_path / "marks.state.json").read_text())["begun"] == {}
