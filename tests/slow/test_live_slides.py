"""Live slides: a notebook as slides in JupyterLab, without a network, in which sliders move."""

import re
import runpy

import pytest

from tools.jupyterlab import cell_of, jupyter_lab, picture, run_all, summary, wait_for_kernel
from tools.store_outputs import NOTEBOOKS

slides = runpy.run_path(str(NOTEBOOKS.parent / "classroom" / "slides.py"))


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Serve the notebook for live slides of what comes up to the first lab of notebook 7."""
    folder, home = tmp_path_factory.mktemp("slides"), tmp_path_factory.mktemp("home")
    (path,) = NOTEBOOKS.glob("07_*.ipynb")
    notebook = slides["read_notebook"](path)
    lab = next(k for k, cell in enumerate(notebook.cells) if "discovery_lab(" in cell.source)
    notebook.cells = notebook.cells[: lab + 1]
    (folder / "gain.live.ipynb").write_text(slides["to_live"](notebook), encoding="utf-8")
    with jupyter_lab(folder, home) as url:
        yield url


def test_a_slider_moves_in_a_slide_and_a_cell_runs_again(url, offline_page):
    base, token = url.split("?")
    page = offline_page(1280, 720)
    page.goto(f"{base}doc/tree/gain.live.ipynb?{token}&reset")
    wait_for_kernel(page)
    run_all(page)
    page.keyboard.press("Control+s")
    page.wait_for_function("!document.title.startsWith('*')")
    page.wait_for_timeout(500)
    page.goto(f"{base}rise/gain.live.ipynb?{token}")
    first = page.locator("section.present section.present")
    first.get_by_role("heading", name="The initialization lab").wait_for()

    slider = page.get_by_role("slider", name="gain g")
    for _ in range(4):
        page.keyboard.press("Space")
    slider.wait_for()
    lab = cell_of(slider)
    before, seen = picture(lab), summary(lab)
    assert seen.startswith("g = 2.20, 10 layers")
    for _ in range(20):  # until the slides, which arrive one by one, have come to rest
        handle = slider.bounding_box()
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 50, y, steps=5)
        page.mouse.up()
        page.wait_for_timeout(1000)
        if summary(lab) != seen:
            break
    assert summary(lab) != seen
    assert picture(lab) != before
    below = lab.locator(".mnist-seen").bounding_box()
    assert below["y"] + below["height"] <= 720

    now = page.locator("section.present section.present")
    prompt = now.locator(".jp-InputPrompt").last
    ran = prompt.inner_text()
    now.locator(".jp-InputArea-editor").last.click()
    page.keyboard.press("Shift+Enter")
    counted = re.compile(r"\[\d+\]")
    now.locator(".jp-InputPrompt", has_text=counted, has_not_text=ran).last.wait_for()
