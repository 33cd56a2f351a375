"""The browser edition in Chromium, on a real wasm NumPy: notebook 07, and 00 without a network.

The steps are one visit, in the order in which they are written here.
"""

import contextlib
import time

import pytest

from tests.browser.driving import button_in, move, says
from tools.edition import (
    NOTEBOOKS,
    Server,
    build_edition,
    close_notebook,
    open_in_edition,
    run_all_in_edition,
)
from tools.jupyterlab import cell_of, chromium, new_page

MOST = 180  # seconds from the address to the last cell
LEAST = 5  # pictures a second
COUNT_PICTURES = """cell => {
    const cameAt = new Map();
    const note = () => {
        const source = cell.querySelector(".mnist-screen img")?.src;
        if (!cameAt.has(source)) cameAt.set(source, performance.now());
    };
    new MutationObserver(note).observe(cell, { childList: true, subtree: true, attributes: true });
    window.cameAt = cameAt;
}"""
TWO_LIVELY_SECONDS = """least => {
    const recent = [...window.cameAt.values()].filter(time => time > performance.now() - 2000);
    return recent.length >= 2 * least;
}"""
ALL_IS_KEPT = """async number => {
    const names = (await caches.keys()).filter(name => !name.endsWith(" pyodide"));
    const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
    return kept.flat().length >= number;
}"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return build_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="module")
def server(edition):
    with contextlib.closing(Server(edition)) as server:
        yield server


@pytest.fixture(scope="module")
def page():
    with chromium() as browser, new_page(browser, viewport={"width": 1366, "height": 900}) as page:
        page.hosts = set()
        page.context.on("request", lambda request: page.hosts.add(request.url.split("/")[2]))
        yield page


def name_of(number):
    (name,) = (name for stem, name in NOTEBOOKS.items() if stem.startswith(number))
    return name


def run(page, server, number):
    """Open a notebook and run it; return the seconds that took."""
    begin = time.monotonic()
    open_in_edition(page, server.address, name_of(number))
    run_all_in_edition(page, MOST)
    return time.monotonic() - begin


def test_headings_are_listed(page, server):
    open_in_edition(page, server.address, name_of("07"))
    contents = page.get_by_role("tab", name="Table of Contents")
    contents.click()
    page.locator(".jp-tocItem", has_text="Stage 1: discover the gain").first.wait_for()
    contents.click()


def test_notebook_07_runs(page, server):
    assert run(page, server, "07") < MOST


def test_no_other_host_was_asked(page, server):
    assert page.hosts == {server.address.split("/")[2]}


def test_its_lab_trains_at_several_pictures_a_second(page):
    (start,) = page.get_by_role("button", name="Start", exact=True).all()[:1]
    cell = cell_of(start)
    start.scroll_into_view_if_needed()
    start.click()
    says(cell, "(running)")
    page.evaluate(COUNT_PICTURES, cell.element_handle())
    page.wait_for_function(TWO_LIVELY_SECONDS, arg=LEAST)  # others may be busy at first
    button_in(cell, "Pause").click()
    says(cell, "(paused)")


def test_a_picture_follows_its_slider(page):
    move(page.get_by_role("slider").first)


def test_notebook_00_runs_without_a_network(page, server, edition):
    files = [path for path in edition.rglob("*") if path.is_file()]
    page.wait_for_function(ALL_IS_KEPT, arg=len(files) - 1, timeout=60_000)  # not the worker itself
    close_notebook(page)
    server.close()
    assert run(page, server, "00") < MOST
