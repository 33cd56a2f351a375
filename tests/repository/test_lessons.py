"""Lessons: made of cells that exist, without an answer in sight, and of eighty minutes at most."""

import functools
import json
import re
import subprocess
import sys

import numpy as np
import pytest
import yaml

from tools.store_outputs import NOTEBOOKS

CLASSROOM = NOTEBOOKS.parent / "classroom"
sys.path.insert(0, str(CLASSROOM))
import make_lesson  # noqa: E402

NAMES = sorted(path.stem for path in (CLASSROOM / "lessons").glob("*.yaml"))
WORDS_A_MINUTE = 130
MINUTES = {"equation": 1, "predict": 2, "lab": 3, "code": 0.5, "they say": 1}
SIGNIFICANT = re.compile(r"\d+\.\d{2,}|\d\d,\d{3}")


read_lesson = functools.cache(make_lesson.read_lesson)


@pytest.fixture(scope="module", params=NAMES)
def lesson(request):
    return read_lesson(request.param)


@pytest.fixture(scope="module")
def page(lesson):
    return make_lesson.lesson_notebook(lesson)


def texts(page):
    return [cell.source for cell in page.cells if cell.cell_type == "markdown"]


def test_there_are_three():
    assert NAMES == ["depth", "o-y", "read-my-digit"]


def test_nothing_is_computed_and_no_answer_is_in_sight(lesson, page):
    code = [cell for cell in page.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    shown = "\n".join(texts(page)).replace(lesson["first_screen"], "")
    for predict in lesson["predicts"]:
        shown = shown.replace(predict["ask"], "")
    assert "<details>" not in shown
    asked = [predict["because"] for predict in lesson["predicts"]] + [lesson["exit"]["because"]]
    written = [line["answer"] for step in lesson["steps"] for line in step.get("write", [])]
    for answer in asked + written:
        for number in SIGNIFICANT.findall(answer):
            assert number not in shown, number


def test_each_part_but_the_first_is_folded_until_it_is_opened(lesson, page):
    parts = [cell for cell in page.cells if cell.source.startswith("## ")]
    titles = [step["title"] for step in lesson["steps"] if "page" in step]
    assert [cell.source for cell in parts] == [f"## {title}" for title in titles]
    folded = [cell.metadata.get("jp-MarkdownHeadingCollapsed", False) for cell in parts]
    assert folded == [False] + [True] * (len(parts) - 1)


def test_the_first_screen_says_how_the_page_works_and_what_it_presumes(lesson, page):
    first = page.cells[0].source
    assert first.startswith(f"# {lesson['title']}\n")
    for word in ("Shift + Enter", "seed", "epoch", "learning rate", "accuracy"):
        assert word in first
    seeds = [cell.source for cell in page.cells if cell.source.startswith("SEED = ")]
    assert len(seeds) == 1
    assert sum("SEED" in cell.source for cell in page.cells if cell.cell_type == "code") > 1


def test_every_word_that_a_cell_uses_is_defined_above_it(page):
    """What ruff calls an undefined name would be an error in a student's kernel."""
    code = [cell.source for cell in page.cells if cell.cell_type == "code"]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=F821,F822", "-"]
    done = subprocess.run(command, input="\n\n".join(code), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_three_predictions_of_which_each_has_one_right_answer(lesson):
    assert len(lesson["predicts"]) == 3
    for asked in [*lesson["predicts"], lesson["exit"]]:
        assert list(asked["options"]) == ["A", "B", "C"]
        assert len(set(asked["options"].values())) == 3
        assert asked["right"] in "ABC"
    right = {asked["right"] for asked in [*lesson["predicts"], lesson["exit"]]}
    assert len(right) > 1


def minutes_needed(step):
    """Estimate, from what a step has on the page, how long a class needs for it."""
    needed, words = MINUTES["they say"] * len(step.get("they", [])), 0
    for item in step.get("page", []):
        text = item.get("text", "")
        if "use" in item:
            cell = make_lesson.used_cell(item)
            if cell.cell_type == "markdown":
                text = cell.source
            else:
                needed += MINUTES["code"]
        source = item.get("code", "") + (cell.source if "use" in item else "")
        if re.search(r"_(lab|explorer)\(", source):
            needed += MINUTES["lab"]
        if "predict" in item:
            needed += MINUTES["predict"]
            text = item["predict"]["ask"] + " ".join(item["predict"]["options"].values())
        needed += MINUTES["equation"] * len(re.findall(r"\\tag\{", text))
        words += len(re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).split())
    return needed + (words + len(step["say"].split())) / WORDS_A_MINUTE


def test_the_plan_fits_into_eighty_minutes_with_an_arrival_and_a_break(lesson):
    steps = lesson["steps"]
    assert lesson["minutes"] == sum(step["minutes"] for step in steps) <= 80
    assert steps[0]["title"] == "Arrive"
    assert steps[0]["minutes"] >= 8
    assert [step["minutes"] for step in steps if step["title"] == "Break"] == [5]
    for step in steps:
        leave = MINUTES["predict"] if step is steps[-1] else 0  # the exit question
        assert minutes_needed(step) + leave <= step["minutes"], step["title"]


def test_each_step_says_what_the_teacher_needs(lesson):
    for step in lesson["steps"]:
        assert step["say"]
        if step["title"] != "Break":
            assert step["behind"]
            assert step["quick"]
    assert sum(bool(step.get("they")) for step in lesson["steps"]) >= 5


def test_eight_slides_of_which_none_says_the_answer_before_it_is_asked(lesson):
    slides = make_lesson.slide_notebook(lesson).cells
    assert len(slides) == 8
    assert {cell.metadata["slideshow"]["slide_type"] for cell in slides} == {"slide"}
    for number, predict in enumerate(lesson["predicts"]):
        ask, see = slides[1 + 2 * number], slides[2 + 2 * number]
        assert predict["ask"].split()[0] in ask.source
        assert predict["because"] not in ask.source
        assert "attachment:picture.png" in see.source or "```" in see.source
    assert all(len(cell.source.split("<style>")[0].split()) < 100 for cell in slides)


def test_no_number_of_the_answers_is_typed_by_hand(lesson, page):
    """A decimal in what only the teacher sees is filled in, or is a setting and no result."""
    path = CLASSROOM / "lessons" / f"{lesson['name']}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    seen = json.dumps([cell.source for cell in page.cells], ensure_ascii=False)
    seen += " ".join([*re.findall(r"\{\{.*?\}\}", str(raw)), str(raw["facts"])])
    seen += json.dumps([raw["exit"]["ask"], *lesson["exit"]["options"].values()])
    asked = [
        item["predict"]
        for step in raw["steps"]
        for item in step.get("page", [])
        if "predict" in item
    ]
    told = [asked_for["because"] for asked_for in [*asked, raw["exit"]]]
    for step in raw["steps"]:
        told += [step["say"], step.get("behind", ""), step.get("quick", "")]
        told += [line["page"] for line in step.get("they", [])]
        told += [line["answer"] for line in step.get("write", [])]
    for text in told:
        for number in re.findall(r"\d+\.\d+", re.sub(r"\{\{.*?\}\}", "", text, flags=re.DOTALL)):
            assert number in seen, (number, text)


def test_the_seeds_slopes_are_those_of_the_notebook():
    lesson = read_lesson("depth")
    slopes = np.array([float(value) for _, value in lesson["values"]])
    assert [seed for seed, _ in lesson["values"]] == list(range(40))
    (path,) = NOTEBOOKS.glob("07_*.ipynb")
    (cell,) = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["id"] == "gain-21"]
    row = "".join(cell["outputs"][0]["text"]).splitlines()[1].split()
    first = slopes[:30]
    found = [first.min(), first.max(), first.mean(), first.std(ddof=1)]
    assert [f"{value:.3f}" for value in found] == row[1:]


def test_the_seeds_slopes_of_o_minus_y_add_up_to_nothing():
    for seed, value in read_lesson("o-y")["values"]:
        slopes = [float(slope) for slope in value.split()]
        assert abs(sum(slopes)) < 0.03
        assert slopes.index(min(slopes)) == seed % 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"use": "07 no-such-cell"}, "no cell 'no-such-cell'"),
        ({"use": "07 cell-06", "drop": ["No such beginning"]}, "0 paragraphs"),
        ({"use": "07 cell-03", "replace": {"no such text": ""}}, "0 times"),
    ],
)
def test_a_lesson_says_what_it_does_not_find(change, message):
    with pytest.raises(make_lesson.LessonError, match=message):
        make_lesson.used_cell(change)


def run(*arguments):
    command = [sys.executable, str(CLASSROOM / "make_lesson.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_wrong_argument_is_answered_in_a_sentence(tmp_path):
    unknown = run("no-such-lesson", str(tmp_path / "lesson"))
    assert unknown.returncode == 2
    assert "there are depth, o-y, read-my-digit" in unknown.stderr
    assert "Traceback" not in unknown.stderr
    assert not (tmp_path / "lesson").exists()


def test_what_is_there_is_not_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="there already"):
        make_lesson.make("depth", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
