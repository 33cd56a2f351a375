"""What students do to a page: reload it, close it, save it, restart its kernel."""

import json
import re
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import notebook_of
from tools.jupyterlab import cell_of, new_page, open_notebook, run_all, summary, wait_for_kernel

CELLS = [
    """import numpy as np
from mnist_edu.data import load_mnist
from mnist_edu.labs.nb07_gain import discovery_lab
from mnist_edu.labs.nb07_training import initialization_lab
mnist = load_mnist()""",
    "discovery_lab(mnist.train.first(100, dtype=np.float64)[0], [])",
    "initialization_lab(mnist)",
]
IMAGE = "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"


@pytest.fixture(scope="module")
def name(course):
    """Write a notebook that no other file opens, so that its kernel has done nothing else."""
    name = "survive.ipynb"
    nbformat.write(notebook_of(*CELLS), course / "notebooks" / name)
    return name


@pytest.fixture(scope="module")
def in_jupyterlab(page, url, name):
    open_notebook(page, url, name)


@pytest.fixture
def opened(page, in_jupyterlab):
    """Run the notebook: its labs are made anew."""
    run_all(page)
    return page


def reopen(page, url, name):
    base, token = url.split("?")
    page.goto(f"{base}doc/tree/notebooks/{name}?{token}", wait_until="domcontentloaded")
    wait_for_kernel(page)


def save(page):
    def saves(answer):  # the layout of the page is put elsewhere
        return answer.request.method == "PUT" and "/api/contents/" in answer.url

    with page.expect_response(saves) as answer:
        page.keyboard.press("Control+s")
    assert answer.value.ok


def gain(page, which=0):
    return page.get_by_role("slider", name="gain g").nth(which)


def wait_for(page, cell, pattern):
    for _ in range(400):
        if re.search(pattern, summary(cell)):
            return summary(cell)
        page.wait_for_timeout(25)
    pytest.fail(f"{pattern!r} expected, but it says {summary(cell)!r}")


def follows(page):
    """Move the first gain, and see text and picture follow."""
    slider = gain(page)
    slider.scroll_into_view_if_needed()
    cell = cell_of(slider)
    image = cell.locator(".mnist-screen img")
    before = image.get_attribute("src")
    slider.press("PageDown")
    value = cell.locator(".widget-readout").first.inner_text()
    wait_for(page, cell, f"^g = {value}, ")
    assert image.get_attribute("src") != before
    assert image.evaluate(IMAGE) == [900, 330]
    return value


def test_a_lab_follows_its_controls_after_a_reload_while_it_trains(opened):
    page = opened
    value = follows(page)
    start = page.get_by_role("button", name="Start", exact=True)
    start.click()
    wait_for(page, cell_of(start), r"\(running\)")
    save(page)
    page.reload(wait_until="domcontentloaded")
    wait_for_kernel(page)
    start = page.get_by_role("button", name="Start", exact=True)
    start.scroll_into_view_if_needed()
    wait_for(page, cell_of(start), r"Epoch 10.0 of 10: .* \(finished\)")
    assert f"g = {value}" in summary(cell_of(gain(page)))
    follows(page)


def test_a_lab_pauses_when_its_tab_is_closed_and_goes_on_when_it_is_opened_again(opened, url, name):
    page = opened
    start = page.get_by_role("button", name="Start", exact=True)
    start.click()
    wait_for(page, cell_of(start), r"\(running\)")
    save(page)
    page.goto("about:blank")
    page.wait_for_timeout(1000)
    reopen(page, url, name)
    start = page.get_by_role("button", name="Start", exact=True)
    start.scroll_into_view_if_needed()
    wait_for(page, cell_of(start), r"\((running|finished|paused)\)")
    follows(page)


def test_a_lab_says_that_its_kernel_has_restarted(opened):
    page = opened
    cell = cell_of(gain(page))
    assert not cell.get_by_role("alert").is_visible()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    cell.get_by_role("alert").wait_for(state="visible")
    assert "Run this cell again" in cell.get_by_role("alert").inner_text()
    run_all(page)
    assert not cell.get_by_role("alert").is_visible()
    follows(page)


def test_a_saved_notebook_opens_with_a_new_kernel_with_a_sentence_and_the_still(
    opened, browser, course, url, name
):
    value = follows(opened)
    still, text = save_at_rest(opened, course / "notebooks" / name, f"g = {value}")
    shutil.copy(course / "notebooks" / name, course / "notebooks" / "saved.ipynb")
    with new_page(browser, viewport={"width": 1366, "height": 768}) as page:
        open_notebook(page, url, "saved.ipynb")
        notebook = page.locator(".jp-Notebook")
        expect(notebook).to_contain_text("The controls appear here", timeout=30_000)
        assert "Error displaying widget" not in notebook.inner_text()
        assert text in notebook.inner_text()
        image = page.locator(".jp-RenderedImage img").first
        assert image.is_visible()
        assert image.get_attribute("src").endswith(still.strip())
        run_all(page)
        follows(page)


def save_at_rest(page, path, expected):
    """Save until the still, made once the hand rests, is in the file; return picture and text."""
    for _ in range(80):
        save(page)
        still, text = saved_lab(path)
        if expected in text:
            return still, text
        page.wait_for_timeout(250)
    pytest.fail(f"{expected!r} expected in the saved text, but it says {text!r}")


def saved_lab(path):
    """Return the picture and the text that a saved notebook holds of its first lab."""
    _, picture, text = json.loads(path.read_text("utf-8"))["cells"][1]["outputs"]
    return picture["data"]["image/png"], "".join(text["data"]["text/plain"])


def test_a_gain_dragged_through_runs_that_diverge_leaves_a_run(opened):
    page = opened
    start = page.get_by_role("button", name="Start", exact=True)
    start.scroll_into_view_if_needed()
    cell = cell_of(start)
    depth, slider = cell.get_by_role("slider", name="hidden layers"), gain(page, 1)
    depth.press("End")
    start.click()
    wait_for(page, cell, r"\(running\)")
    track = slider.locator("xpath=ancestor::*[contains(@class,'noUi-target')]").bounding_box()
    y = track["y"] + track["height"] / 2
    handle = slider.bounding_box()
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    seen = []
    for share in (*[0.4 + 0.02 * k for k in range(30)], *[1 - 0.02 * k for k in range(28)]):
        page.mouse.move(track["x"] + share * track["width"], y)
        page.wait_for_timeout(60)
        seen.append(summary(cell))
    page.mouse.up()
    assert any("diverged" in text for text in seen)
    assert "(idle)" not in "".join(seen)
    wait_for(page, cell, r"\(running\)")
