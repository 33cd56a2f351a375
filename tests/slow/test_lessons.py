"""Each lesson as a teacher makes it: whole, one page of paper, eight slides, and it runs."""

import re
import subprocess
import sys

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from tools.store_outputs import NOTEBOOKS

CLASSROOM = NOTEBOOKS.parent / "classroom"
sys.path.insert(0, str(CLASSROOM))
import make_lesson  # noqa: E402

NAMES = sorted(path.stem for path in (CLASSROOM / "lessons").glob("*.yaml"))
FILES = ["README.md", "worksheet.html", "worksheet.pdf"]
FILES += [
    f"teacher/{name}" for name in ("answer_key.html", "answer_key.pdf", "cards.html", "cards.pdf")
]
FILES += [f"teacher/{name}" for name in ("script.html", "script.md", "slides.html")]


@pytest.fixture(scope="module", params=NAMES)
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lessons") / request.param
    command = [sys.executable, str(CLASSROOM / "make_lesson.py"), request.param, str(folder)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


def test_the_folder_is_complete_and_nothing_lies_beside_it(folder):
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*FILES, f"{folder.name}.ipynb"}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_worksheet_key_and_cards_have_one_page(folder):
    for name in ("worksheet.pdf", "teacher/answer_key.pdf", "teacher/cards.pdf"):
        assert len(re.findall(rb"/Type /Page\b", (folder / name).read_bytes())) == 1, name


def test_the_worksheet_does_not_tell_and_the_key_does(folder):
    lesson = make_lesson.read_lesson(folder.name)
    worksheet = (folder / "worksheet.html").read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
    key = (folder / "teacher/answer_key.html").read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert worksheet.count("☐") == key.count("☐") + key.count("☒") == 12
    assert key.count("☒") == 4
    for asked in [*lesson["predicts"], lesson["exit"]]:
        assert asked["because"][:40] in key
        assert asked["because"][:40] not in worksheet


def test_eight_slides_come_one_after_the_other_without_a_network(folder, offline_page):
    page = offline_page(1280, 720)
    page.goto((folder / "teacher/slides.html").as_uri())
    page.wait_for_function("window.Reveal?.isReady()")
    assert page.evaluate("Reveal.getTotalSlides()") == 8
    for _ in range(8):
        low = page.evaluate(
            "[...Reveal.getCurrentSlide().querySelectorAll('p, li, tr, img, pre')]"
            ".map(part => part.getBoundingClientRect().bottom)"
        )
        assert max(low) <= 720
        page.keyboard.press("Space")


def test_the_notebook_runs_and_gives_the_keys_numbers(folder):
    """In the folder where it lands, and with no imports but those that it uses."""
    lesson = make_lesson.read_lesson(folder.name)
    page = nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in page.cells)
    memory = "import psutil\nprint(psutil.Process().memory_info().rss)"
    page.cells.append(nbformat.v4.new_code_cell(memory))
    NotebookClient(page, timeout=300, resources={"metadata": {"path": folder}}).execute()
    assert int(page.cells[-1].outputs[0].text) < 250 * 2**20
    ran = {cell.source: make_lesson.output_text(cell) for cell in page.cells}
    printed = {
        item["use"]: ran[make_lesson.used_cell(item).source.strip()]
        for item in make_lesson.items(lesson)
        if "use" in item and make_lesson.find_cell(item["use"]).cell_type == "code"
    }
    raw = yaml.safe_load((CLASSROOM / f"lessons/{folder.name}.yaml").read_text("utf-8"))
    facts = {name: fact for name, fact in raw["facts"].items() if fact.get("cell") in printed}
    assert len(facts) > 3
    for name, fact in facts.items():
        (pattern,) = {"find", "all"} & set(fact)
        found = re.findall(fact[pattern], printed[fact["cell"]])
        expected = lesson["facts"][name]
        if isinstance(expected, float):
            assert float(found[0]) == pytest.approx(expected, abs=fact.get("within", 0)), name
        else:
            assert " ".join(found) == expected, name
    if folder.name == "o-y":
        (slopes,) = [text for text in ran.values() if text.startswith("(3.25) holds")]
        found = [float(slope) for slope in re.findall(r"-?0\.\d+", slopes)]
        expected = [float(slope) for slope in dict(lesson["values"])[0].split()]
        assert found == pytest.approx(expected, abs=0.0051)
