"""Drawing as a student does: by mouse, pen, finger and keys, on the canvas in JupyterLab."""

import re

import nbformat
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import notebook_of
from tests.browser.driving import button_in, line_of, says
from tests.pens import DIGITS, placed
from tools.jupyterlab import cell_of, open_notebook, picture, run_all, summary

PLACES = {1: (15, 14, 10), 7: (2, 2, 9), 3: (16, 2, 10), 8: (2, 1.5, 23)}  # left, top, height

CELLS = [
    """import numpy as np
from mnist_edu.data import load_mnist
from mnist_edu.labs.nb09_drawing import draw_a_digit_lab
from mnist_edu.network import init_params
from mnist_edu.training import one_cycle, train
mnist = load_mnist()
start = init_params([784, 128, 10], np.random.default_rng(0))
recipe = {"optimizer": "momentum", "lr": one_cycle(0.2), "batch_size": 128, "epochs": 2}
*_, report = train(start, *mnist.train, rng=np.random.default_rng(0), **recipe)""",
    "draw_a_digit_lab(report.params, mnist.train, mnist.validation)",
]

pytestmark = pytest.mark.usefixtures("notebook")


@pytest.fixture(scope="module")
def notebook(page, url, course):
    """Run the lab on a network that reads like that of notebook 9, which takes longer to make."""
    name = "drawing.ipynb"
    nbformat.write(notebook_of(*CELLS), course / "notebooks" / name)
    open_notebook(page, url, name)
    run_all(page)


@pytest.fixture
def paper(page):
    """The canvas, blank and in view; what it says is centred."""
    paper = page.get_by_role("application", name="paper to draw a digit on")
    paper.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    cell = cell_of(paper)
    button(paper, "Clear").click()
    begins(paper, "The paper is blank")
    if button(paper, "Move").get_attribute("aria-pressed") == "true":
        button(paper, "Move").click()
    cell.get_by_label("centre", exact=True).set_checked(True)
    return paper


def button(paper, name):
    return button_in(cell_of(paper), name)


def begins(paper, text):
    """Wait until the line below the picture begins with a text, and return the line."""
    expect(line_of(cell_of(paper))).to_have_text(re.compile(rf"^\s*{re.escape(text)}"))
    return summary(cell_of(paper))


def on_page(paper, strokes):
    """Return strokes on a paper that is 28 across as points of the page."""
    box = paper.bounding_box()
    scale = box["width"] / 28
    return [np.add(scale * stroke, (box["x"], box["y"])) for stroke in strokes]


def by_mouse(page, paper, strokes):
    for stroke in on_page(paper, strokes):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def by_pen(page, paper, strokes):
    session = page.context.new_cdp_session(page)
    for stroke in on_page(paper, strokes):
        kinds = ["mousePressed", *["mouseMoved"] * (len(stroke) - 1), "mouseReleased"]
        for kind, (x, y) in zip(kinds, [*stroke, stroke[-1]], strict=True):
            how = {"button": "left", "buttons": 1, "clickCount": 1, "pointerType": "pen"}
            session.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **how})


def by_finger(page, paper, strokes):
    session = page.context.new_cdp_session(page)
    for stroke in on_page(paper, strokes):
        kinds = ["touchStart", *["touchMove"] * (len(stroke) - 1)]
        for kind, (x, y) in zip(kinds, stroke, strict=True):
            touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            session.send("Input.dispatchTouchEvent", touch)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def pointers(paper):
    """Note, in the page, which kinds of pointers the paper meets."""
    paper.evaluate(
        """paper => { window.pointers = new Set();
        paper.addEventListener("pointermove", event => window.pointers.add(event.pointerType)) }"""
    )
    return lambda: paper.page.evaluate("[...window.pointers]")


def test_digits_drawn_off_the_centre_are_read_when_centred_and_not_otherwise(page, paper):
    misread = 0
    for digit in (1, 7, 3, 8):
        by_mouse(page, paper, placed(DIGITS[digit], *PLACES[digit]))
        line = begins(paper, f"Read as {digit} ")
        assert "; centred. " in line
        centre = cell_of(paper).get_by_label("centre", exact=True)
        seen = picture(cell_of(paper))
        centre.uncheck()
        says(cell_of(paper), "not centred")
        assert picture(cell_of(paper)) != seen
        misread += not summary(cell_of(paper)).startswith(f"Read as {digit} ")
        centre.check()
        begins(paper, f"Read as {digit} ")
        button(paper, "Clear").click()
        begins(paper, "The paper is blank")
    assert misread >= 2


@pytest.mark.parametrize(
    ("draw", "pointer", "digit"), [(by_pen, "pen", 3), (by_finger, "touch", 7)]
)
def test_a_pen_and_a_finger_draw(page, paper, draw, pointer, digit):
    scrolled, met = page.evaluate("window.scrollY"), pointers(paper)
    top = paper.bounding_box()["y"]
    draw(page, paper, placed(DIGITS[digit], 5, 4, 18))
    begins(paper, f"Read as {digit} ")
    assert met() == [pointer]
    assert (page.evaluate("window.scrollY"), paper.bounding_box()["y"]) == (scrolled, top)


def test_a_second_finger_does_not_draw(page, paper):
    session = page.context.new_cdp_session(page)
    (first, second) = on_page(paper, [np.array([[14, 4], [14, 24]]), np.array([[3, 3], [25, 25]])])
    for kind, k in (("touchStart", 0), ("touchMove", 1)):
        points = [{"x": a[k][0], "y": a[k][1], "id": n} for n, a in enumerate((first, second))]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    begins(paper, "Read as 1 ")


def test_a_digit_is_drawn_by_keys_alone(page, paper):
    cells = page.locator(".jp-Cell").count()
    button(paper, "Clear").focus()
    page.keyboard.press("Shift+Tab")
    assert paper.evaluate("paper => paper === document.activeElement")
    ring = paper.evaluate("paper => getComputedStyle(paper).outline")
    assert "solid" in ring
    assert "3px" in ring
    press(page, "Home", 6)
    pen = page.locator(".mnist-pen")
    assert pen.is_visible()
    assert paper_status(paper) == "Pen up, row 8, column 8"
    assert summary(cell_of(paper)).startswith("The paper is blank")
    press(page, "Space")
    press(page, "ArrowRight", 10)
    press(page, "End", 1)
    for _ in range(6):
        press(page, "ArrowDown")
        press(page, "End")
    assert paper_status(paper).startswith("Pen down")
    begins(paper, "Read as 7 ")

    press(page, "Delete")
    begins(paper, "The paper is blank")
    assert paper_status(paper) == "Blank"
    page.keyboard.down("Shift")
    press(page, "ArrowUp", 10)
    page.keyboard.up("Shift")
    begins(paper, "Read as 1 ")
    assert page.locator(".jp-Cell").count() == cells
    press(page, "Tab")
    assert not pen.is_visible()


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def paper_status(paper):
    around = paper.locator("xpath=ancestor::*[contains(@class,'mnist-drawing')]")
    return around.get_by_role("status").inner_text()


def test_the_paper_says_what_it_is_and_which_keys_it_takes(page, paper):
    keys = page.locator(f"#{paper.get_attribute('aria-describedby')}")
    for key in ("arrows", "Space", "Delete"):
        assert key in keys.inner_text()
    assert paper.get_attribute("tabindex") == "0"
    for name in ("Clear", "Move", "Example", "Teach", "Teach alone", "Forget"):
        assert button(paper, name).get_attribute("title")


def settled(paper):
    """Wait until the kernel has answered twice; return what it says, then, of all before that."""
    cell = cell_of(paper)
    centre = cell.get_by_label("centre", exact=True)
    centre.check()
    says(cell, "; centred.")
    centre.uncheck()
    says(cell, "; not centred.")
    return summary(cell)


def test_an_example_is_moved_by_mouse_and_keys_and_never_off_the_paper(page, paper):
    button(paper, "Example").click()
    line = begins(paper, "Read as ")
    label = line.split("My label, ")[1][0]
    assert line.startswith(f"Read as {label} ")
    before = settled(paper)
    button(paper, "Move").click()
    assert button(paper, "Move").get_attribute("aria-pressed") == "true"
    by_mouse(page, paper, [np.array([[14, 14], [15, 14], [90, 14]])])
    right = settled(paper)
    assert right != before
    paper.focus()
    press(page, "ArrowRight")
    assert settled(paper) == right
    paper.focus()
    press(page, "ArrowLeft", 40)
    assert settled(paper) != right
    cell_of(paper).get_by_label("centre", exact=True).check()
    begins(paper, f"Read as {label} ")


def test_a_network_is_taught_and_forgets(page, paper):
    by_mouse(page, paper, placed(DIGITS[7], *PLACES[7]))
    begins(paper, "Read as 7 ")
    cell_of(paper).get_by_label("my label").select_option("4")
    says(cell_of(paper), "My label, 4: 0 %")
    untaught = summary(cell_of(paper))
    button(paper, "Teach alone").click()
    line = begins(paper, "Read as 4 ")
    assert "Before it was taught: 4: 0 %; " in line
    button(paper, "Forget").click()
    begins(paper, "Read as 7 ")
    assert summary(cell_of(paper)) == untaught
