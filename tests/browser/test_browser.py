"""The notebooks as a student meets them: JupyterLab in Chromium, Run All, sliders and buttons."""

import shutil

import pytest

from tools.jupyterlab import (
    cell_of,
    chromium,
    jupyter_lab,
    open_notebook,
    picture,
    run_all,
    summary,
    wait_for_kernel,
)
from tools.store_outputs import NOTEBOOKS

NAMES = [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))]


@pytest.fixture(scope="module")
def page():
    with chromium(viewport={"width": 1366, "height": 768}) as page:
        yield page


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Serve a copy of the notebooks: JupyterLab saves what it runs."""
    folder, home = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("home")
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    with jupyter_lab(folder, home) as url:
        yield url


@pytest.fixture(scope="module")
def notebook(request, page, url):
    """Open a notebook, by its number, and run all of it; the tests of one share that run."""
    (name,) = (name for name in NAMES if name.startswith(request.param))
    open_notebook(page, url, name)
    run_all(page)


def of_notebook(*numbers):
    return pytest.mark.parametrize("notebook", numbers, indirect=True)


def wait_until_changed(page, look, before):
    for _ in range(200):
        if look() != before:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"still {before!r:.100} after 10 seconds")


def test_jupyter_lab_opens_on_the_first_notebook(page, url):
    page.goto(url, wait_until="domcontentloaded")
    wait_for_kernel(page)
    assert page.url.endswith("/lab/tree/notebooks/00_meet_the_digits.ipynb")
    assert page.get_by_role("heading", name="Meet the digits").is_visible()


@of_notebook(*(name[:2] for name in NAMES))
def test_a_notebook_runs_and_its_explorers_follow_their_controls(notebook, page):
    sliders = page.get_by_role("slider").all()
    assert sliders
    for slider in sliders:
        assert slider.get_attribute("aria-label")
        if not cell_of(slider).get_by_role("button", name="Start", exact=True).count():
            move(page, slider)
    for start in page.get_by_role("button", name="Start", exact=True).all():
        drive(page, cell_of(start))
    assert not page.errors


@of_notebook("08")
def test_controls_moved_while_a_network_trains_start_it_anew(notebook, page):
    start, cell = start_button(page)
    rate, batch_size = (
        cell.get_by_role("slider", name=name) for name in ("learning rate", "batch size")
    )
    batch_size.press("Home")  # one image at a time, so that the run takes a while
    start.click()
    wait_for_text(page, cell, "(running)")
    rate.press("ArrowLeft")
    batch_size.press("End")
    wait_for_text(page, cell, "(finished)")
    assert "Epoch 3.0 of 3" in summary(cell)


@of_notebook("07")
def test_the_gain_is_dragged_recorded_and_predicted(notebook, page):
    gain = page.get_by_role("slider", name="gain g").first
    gain.scroll_into_view_if_needed()
    cell = cell_of(gain)
    handle = gain.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + step, y)
    page.mouse.up()
    value = cell_readout(gain).inner_text()
    assert float(value) > 1.2
    wait_for_text(page, cell, f"g = {value}, ")

    cell.get_by_role("button", name="Record", exact=True).click()
    wait_for_text(page, cell, "Pairs recorded: 1.")
    unseen = picture(cell)
    assert "theory" not in summary(cell)
    cell.get_by_role("spinbutton").fill("1.3")
    page.keyboard.press("Enter")
    wait_for_text(page, cell, "You predicted 1.30")
    wait_until_changed(page, lambda: picture(cell), unseen)


@of_notebook("07")
def test_a_deep_network_trains_and_is_compared_with_the_next(notebook, page):
    start, cell = start_button(page)
    losses = []
    for key in ("ArrowLeft", "ArrowRight"):
        gain = cell.get_by_role("slider", name="gain g")
        for _ in range(42):
            gain.press(key)
        start.click()
        wait_for_text(page, cell, "(finished)")
        losses.append(float(summary(cell).split("loss ")[1].split(",")[0]))
        alone = picture(cell)
        cell.get_by_role("button", name="Keep", exact=True).click()
        wait_until_changed(page, lambda before=alone: picture(cell), alone)
    assert losses[0] > 2.2 > 1 > losses[1]


def start_button(page):
    """Return the first Start button, in view, and the cell that it is in."""
    start = page.get_by_role("button", name="Start", exact=True).first
    start.scroll_into_view_if_needed()
    return start, cell_of(start)


def move(page, slider):
    """Move a slider by the keyboard, and see its picture, the alt text and the summary follow."""
    cell = cell_of(slider)
    slider.scroll_into_view_if_needed()
    seen, said = picture(cell), summary(cell)
    for key in ("ArrowRight", "PageUp"):
        slider.press(key)
    wait_until_changed(page, lambda: summary(cell), said)
    wait_until_changed(page, lambda: picture(cell), seen)
    readout = cell_readout(slider)
    assert slider.get_attribute("aria-valuetext") == readout.inner_text()
    image = cell.locator(".jp-RenderedImage img").last
    wait_until_changed(page, lambda: image.get_attribute("alt") == summary(cell), False)


def cell_readout(slider):
    return slider.locator("xpath=ancestor::*[contains(@class,'widget-slider')]").locator(
        ".widget-readout"
    )


def drive(page, cell):
    """Start a live lab, pause it, go on, reset it."""
    start, pause, reset = (
        cell.get_by_role("button", name=name, exact=True) for name in ("Start", "Pause", "Reset")
    )
    start.scroll_into_view_if_needed()
    for slider in cell.get_by_role("slider", name="batch size").all():
        slider.press("Home")  # one image at a time, so that the run takes a while
    idle, blank = summary(cell), picture(cell)

    start.click()
    wait_until_changed(page, lambda: summary(cell), idle)
    wait_until_changed(page, lambda: picture(cell), blank)
    wait_for_text(page, cell, "(running)")

    pause.click()
    wait_for_text(page, cell, "(paused)")
    held = summary(cell), picture(cell)
    page.wait_for_timeout(500)
    assert (summary(cell), picture(cell)) == held

    start.click()
    wait_until_changed(page, lambda: summary(cell), held[0])
    reset.click()
    wait_for_text(page, cell, "(idle)")


def wait_for_text(page, cell, text):
    page.wait_for_function(
        "([cell, text]) => cell.innerText.includes(text)",
        arg=[cell.element_handle(), text],
        timeout=60_000,
    )
