"""The slides in a Chromium without a network: all is there, and moves."""

import functools
import re
import runpy

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.store_outputs import NOTEBOOKS

slides = runpy.run_path(str(NOTEBOOKS.parent / "classroom" / "slides.py"))
markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
READY = "window.Reveal?.isReady()"
HERE = "Reveal.getCurrentSlide().innerText"


@pytest.fixture(scope="module")
def slides_of(tmp_path_factory):
    """Return a function of a notebook's number: the file with its slides."""
    folder = tmp_path_factory.mktemp("slides")

    @functools.cache
    def make(number):
        page = folder / f"{number}.html"
        notebook = slides["read_notebook"](path_of(number))
        page.write_text(slides["to_slides"](notebook), encoding="utf-8")
        return page

    return make


def path_of(number):
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    return path


@pytest.mark.parametrize("number", [f"{number:02}" for number in range(11)])
def test_every_cell_but_the_imports_is_on_a_slide_once_and_in_order(slides_of, number):
    html = slides_of(number).read_text(encoding="utf-8")
    notebook = nbformat.read(path_of(number), as_version=4)
    kinds = slides["slide_types"](notebook)
    shown = [cell.id for cell, kind in zip(notebook.cells, kinds, strict=True) if kind != "skip"]
    assert kinds.count("skip") == 1
    assert re.findall(r'id="cell-id=([^"]*)"', html) == shown
    columns, under = kinds.count("slide"), kinds.count("subslide")
    assert html.count("<section") == columns + (columns + under)


@pytest.mark.parametrize("number", [f"{number:02}" for number in range(11)])
def test_formulas_are_typeset_and_pictures_are_there(slides_of, offline_page, number):
    page = offline_page(1280, 720)
    page.context.set_offline(True)
    page.goto(slides_of(number).as_uri())
    page.wait_for_function(READY)
    notebook = nbformat.read(path_of(number), as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    sizes = page.eval_on_selector_all("img", "all => all.map(image => image.naturalWidth)")
    assert all(sizes)
    assert len(sizes) == sum("image/png" in output.get("data", {}) for output in outputs)
    assert page.locator("[data-mjx-error]").count() == 0
    assert page.locator("mjx-container svg").count() >= written_formulas(notebook)
    text = page.locator(".slides").evaluate("""all => {
        all.querySelectorAll("pre, code, mjx-container").forEach(part => part.remove());
        return all.textContent;
    }""")
    assert "$" not in text
    assert not re.search(r"\\[a-z]", text)


def written_formulas(notebook):
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    return len(re.findall(r"(\$\$?)[^$]+\1", prose))


def test_keys_go_on_down_and_show_all_at_once(slides_of, offline_page):
    page = offline_page(1920, 1080)
    page.goto(slides_of("07").as_uri())
    page.wait_for_function(READY)
    assert "7 · The initialization lab" in page.evaluate(HERE)
    assert page.title() == "7 · The initialization lab"
    page.keyboard.press("Space")
    assert "One number for the weights" in page.evaluate(HERE)
    page.keyboard.press("ArrowDown")
    assert "factor per layer" in page.evaluate(HERE)
    page.keyboard.press("ArrowRight")
    assert "Thirty seeds" in page.evaluate(HERE)
    page.keyboard.press("Escape")
    assert page.evaluate("Reveal.isOverview()")
    page.keyboard.press("Escape")
    assert not page.evaluate("Reveal.isOverview()")


def test_a_folded_answer_opens_by_a_click(slides_of, offline_page):
    page = offline_page(1280, 720)
    page.goto(slides_of("07").as_uri())
    page.wait_for_function(READY)
    slide = page.locator("section section", has=page.locator("details")).first
    slide.evaluate("slide => { const at = Reveal.getIndices(slide); Reveal.slide(at.h, at.v); }")
    slide.locator("summary").first.click()
    assert slide.locator("details p").first.is_visible()


def test_what_is_too_long_for_the_screen_scrolls(slides_of, offline_page):
    page = offline_page(1280, 720)
    page.goto(slides_of("06").as_uri())
    page.wait_for_function(READY)
    long, cut = page.evaluate("""Reveal.getSlides().reduce(([long, cut], slide) => {
        const at = Reveal.getIndices(slide);
        Reveal.slide(at.h, at.v);
        const inner = slide.scrollHeight > slide.clientHeight;
        const scrolls = inner && getComputedStyle(slide).overflowY === "auto";
        return [long + scrolls, cut + (slide.clientHeight > 800 || (inner && !scrolls))];
    }, [0, 0])""")
    assert long > 0
    assert cut == 0


def test_axe_finds_nothing_serious(slides_of, offline_page):
    page = offline_page(1280, 720)
    page.goto(slides_of("07").as_uri())
    page.wait_for_function(READY)
    found = Axe().run(page).response["violations"]
    assert not [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    assert page.locator("mjx-assistive-mml").count() == page.locator("mjx-container").count()


def test_slides_of_ones_own_keep_their_notes_and_what_appears_step_by_step(tmp_path, offline_page):
    cells = [markdown("# Mine"), markdown("first"), markdown("say it"), markdown("then $x^2$")]
    for cell, kind in zip(cells, ["slide", "slide", "notes", "fragment"], strict=True):
        cell.metadata["slideshow"] = {"slide_type": kind}
    page = offline_page(1280, 720)
    path = tmp_path / "mine.html"
    html = slides["to_slides"](nbformat.v4.new_notebook(cells=cells))
    path.write_text(html, encoding="utf-8")
    page.goto(path.as_uri())
    page.wait_for_function(READY)
    assert page.evaluate("Reveal.getTotalSlides()") == 2
    page.keyboard.press("Space")
    then = page.locator("mjx-container").locator("xpath=ancestor::*[contains(@class,'fragment')]")
    assert "visible" not in then.get_attribute("class")
    page.keyboard.press("Space")
    assert "visible" in then.get_attribute("class")
    assert not page.get_by_text("say it").is_visible()
    with page.expect_popup() as opening:
        page.keyboard.press("s")
    opening.value.get_by_text("say it").wait_for()
