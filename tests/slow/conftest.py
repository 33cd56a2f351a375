"""A Chromium without a network: a page that asks for what is not on this machine fails its test."""

import contextlib

import pytest

from tools.jupyterlab import chromium

OF_THIS_MACHINE = ("file:", "data:", "blob:", "http://127.0.0.1:", "ws://127.0.0.1:")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def offline_page(browser):
    """Return a function of a width and a height: a page of that size."""
    with contextlib.ExitStack() as stack:
        errors = []

        def answer(route):
            if route.request.url.startswith(OF_THIS_MACHINE):
                route.continue_()
            else:
                errors.append(f"asked for {route.request.url}")
                route.abort()

        def missing(request):
            if request.url.startswith("file:"):
                errors.append(f"{request.url} is missing")

        def open_page(width, height):
            size = {"width": width, "height": height}
            context = stack.enter_context(browser.new_context(viewport=size))
            context.route("**", answer)
            page = context.new_page()
            page.on("requestfailed", missing)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.errors = errors
            return page

        yield open_page
        assert not errors
