"""A Chromium without a network: what it asks for is counted, and refused if not of this machine."""

import contextlib

import pytest

from tools.jupyterlab import chromium


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def offline_page(browser):
    """Return a page of a given size; at the end no request of it has failed or left the machine."""
    with contextlib.ExitStack() as stack:
        wrong = []

        def open_page(width, height):
            context = stack.enter_context(
                browser.new_context(viewport={"width": width, "height": height})
            )
            local = ("file:", "data:", "blob:", "http://127.0.0.1", "ws://127.0.0.1")

            def refuse(route):
                if route.request.url.startswith(local):
                    route.continue_()
                else:
                    route.abort()

            context.route("**", refuse)
            page = context.new_page()
            page.on("requestfailed", lambda request: wrong.append(request.url))
            page.on("pageerror", lambda error: wrong.append(str(error)))
            return page

        yield open_page
        assert not wrong
