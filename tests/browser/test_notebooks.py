"""The notebooks as a student meets them: JupyterLab in Chromium, Run All, sliders and buttons."""

import pytest
from playwright.sync_api import expect

from tests.browser.driving import (
    button_in,
    follow_their_controls,
    readout_of,
    says,
    shows_anything_but,
)
from tools.jupyterlab import cell_of, picture, run_all, summary, wait_for_kernel


def of_notebook(*names):
    return pytest.mark.parametrize("notebook", names, indirect=True)


@pytest.fixture(scope="module")
def at_the_start(page, url):
    """Open the address that JupyterLab opens by itself."""
    page.goto(url, wait_until="domcontentloaded")
    wait_for_kernel(page)


@pytest.mark.usefixtures("at_the_start")
def test_jupyter_lab_opens_on_the_first_notebook_which_has_the_room(page):
    assert page.url.endswith("/doc/tree/notebooks/00_meet_the_digits.ipynb")
    assert page.get_by_role("heading", name="Meet the digits").is_visible()
    assert page.locator(".jp-Notebook").bounding_box()["width"] > 0.9 * 1366  # no file browser


@pytest.mark.usefixtures("at_the_start")
def test_answers_stay_folded_until_their_cells_run_and_labs_follow_their_controls(page):
    answer = page.get_by_text("nearest image: 97.2%")
    folded = page.locator(".jp-OutputPlaceholder")
    expect(folded.last).to_contain_text("of every tenth validation image")
    expect(answer).to_be_hidden()
    run_all(page)
    expect(folded).to_have_count(0)
    expect(answer).to_be_visible()
    follow_their_controls(page)


@pytest.mark.usefixtures("at_the_start")
def test_the_file_browser_leads_to_the_other_notebooks(page):
    page.get_by_role("tab", name="File Browser").click()
    page.locator(".jp-DirListing-item", has_text="01_network_structure").dblclick()
    expect(page.get_by_role("heading", name="Network structure")).to_be_visible()


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
    value = readout_of(gain).inner_text()
    assert float(value) > 1.2
    says(cell, f"g = {value}, ")

    button_in(cell, "Record").click()
    says(cell, "Pairs recorded: 1.")
    unseen = picture(cell)
    assert "theory" not in summary(cell)
    cell.get_by_role("spinbutton").fill("1.3")
    page.keyboard.press("Enter")
    says(cell, "You predicted 1.30")
    shows_anything_but(cell, unseen)


@of_notebook("07")
def test_a_deep_network_trains_and_is_compared_with_the_next(notebook, page):
    start = page.get_by_role("button", name="Start", exact=True).first
    start.scroll_into_view_if_needed()
    cell = cell_of(start)
    losses = []
    for lower in (0, 9):
        for _ in range(lower):
            cell.get_by_role("slider", name="gain g").press("PageDown")
        blank = picture(cell)
        start.click()
        says(cell, "(running)")
        button_in(cell, "Pause").click()
        says(cell, "(paused)")
        start.click()
        says(cell, "(finished)")
        losses.append(float(summary(cell).split("loss ")[1].split(",")[0]))
        shows_anything_but(cell, blank)
        alone = picture(cell)
        button_in(cell, "Keep").click()
        shows_anything_but(cell, alone)
    assert losses[0] < 1 < 2.2 < losses[1]
