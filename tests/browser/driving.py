"""What a student does with a lab, and what then has to be seen."""

from playwright.sync_api import expect

from tests.labs.registry import LABS
from tools.jupyterlab import cell_of, picture, summary

STILL_FOLLOWS = """cell => {
    const text = [...cell.querySelectorAll(".jp-RenderedText")].at(-1).textContent.trim();
    return text === cell.querySelector(".mnist-screen img").alt;
}"""

expect.set_options(timeout=60_000)


def lab_cell(page, name):
    """Return the cell that shows a lab, in the notebook of all labs."""
    return page.locator(".jp-CodeCell").nth(1 + [*LABS].index(name))


def line_of(cell):
    """Return the line below a lab's picture."""
    return cell.locator(".mnist-screen .mnist-seen")


def image_of(cell):
    return cell.locator(".mnist-screen img")


def button_in(cell, name):
    return cell.get_by_role("button", name=name, exact=True)


def says(cell, text):
    """Wait until the line below a lab's picture contains a text."""
    expect(line_of(cell)).to_contain_text(text)


def says_anything_but(cell, text):
    expect(line_of(cell)).not_to_have_text(text)


def shows_anything_but(cell, source):
    """Wait until a lab shows another picture than the one with this source."""
    # the whole picture would be in the message
    expect(image_of(cell), "the picture stays").not_to_have_attribute("src", source)


def follow_their_controls(page):
    """Move every slider of the explorers."""
    sliders = page.get_by_role("slider").all()
    assert sliders
    for slider in sliders:
        assert slider.get_attribute("aria-label")
        move(slider)


def move(slider):
    """Move a slider by the keyboard, and see its picture, the alt text and the line follow."""
    cell = cell_of(slider)
    slider.scroll_into_view_if_needed()
    seen, said = picture(cell), summary(cell)
    for key in ("ArrowRight", "PageUp"):
        slider.press(key)
    says_anything_but(cell, said)
    shows_anything_but(cell, seen)
    assert slider.get_attribute("aria-valuetext") == readout_of(slider).inner_text()
    slider.page.wait_for_function(STILL_FOLLOWS, arg=cell.element_handle())


def readout_of(slider):
    around = slider.locator("xpath=ancestor::*[contains(@class,'widget-slider')]")
    return around.locator(".widget-readout")
