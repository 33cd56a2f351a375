"""Drive a real JupyterLab in a real Chromium, as a student would."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).parent.parent
HOW_TO_GET_CHROMIUM = (
    "Chromium was not found. Debian, Ubuntu: apt-get install chromium. "
    "Elsewhere: uv run playwright install chromium"
)
# Without a sandbox Chromium runs as root, as it must in most containers; the rest keeps it quiet.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KERNEL_READY = """() => {
    const kernel = document.querySelector(".jp-Toolbar-kernelName");
    const light = document.querySelector(".jp-Notebook-ExecutionIndicator");
    const ready = kernel && kernel.textContent !== "No Kernel" && light?.dataset.status === "idle";
    window.readyPolls = ready ? (window.readyPolls ?? 0) + 1 : 0;
    return window.readyPolls >= 5;
}"""
ALL_CELLS_RAN = """() => {
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    const light = document.querySelector(".jp-Notebook-ExecutionIndicator");
    const done = prompts.length && light?.dataset.status === "idle"
        && prompts.every(prompt => /^\\[\\d+\\]:?$/.test(prompt.textContent.trim()));
    window.donePolls = done ? (window.donePolls ?? 0) + 1 : 0;
    return window.donePolls >= 3;
}"""


def find_chromium(playwright) -> str:
    """Return the path of a Chromium, or skip (fail where CI is set) saying how to get one."""
    candidates = [
        shutil.which("chromium"),
        shutil.which("chromium-browser"),
        shutil.which("google-chrome"),
        playwright.chromium.executable_path,
    ]
    for path in candidates:
        if path and Path(path).exists():
            return path
    if os.environ.get("CI"):
        pytest.fail(HOW_TO_GET_CHROMIUM)
    pytest.skip(HOW_TO_GET_CHROMIUM)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(playwright), args=CHROMIUM_ARGS
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def new_page(browser: Browser, **context_options) -> Iterator[Page]:
    """Open a page that shares nothing with others; page.errors collects what goes wrong in it."""
    page = browser.new_page(**context_options)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    page.close()


@contextlib.contextmanager
def jupyter_lab(folder: Path, home: Path) -> Iterator[str]:
    """Run `jupyter lab` in a folder, keeping its own files in home; yield its URL with token."""
    with socket.socket() as free:  # two that start at once would both choose Jupyter's own
        free.bind(("127.0.0.1", 0))
        address, port = free.getsockname()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
    command += [f"--ServerApp.ip={address}", f"--ServerApp.port={port}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    places = {
        name: str(home / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    log = home / "jupyter.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=folder, env=os.environ | places, stdout=output, stderr=output
        )
    try:
        yield wait_for_url(server, Path(places["JUPYTER_RUNTIME_DIR"]), log)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def wait_for_url(server: subprocess.Popen, runtime: Path, log: Path) -> str:
    """Wait until a server answers, and return its URL with token; show its log if it does not."""
    for _ in range(600):
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, OSError):
                info = json.loads(file.read_text())
                # it listens a moment after it has said where
                socket.create_connection(("127.0.0.1", info["port"])).close()
                return f"{info['url']}?token={info['token']}"
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def open_notebook(page: Page, url: str, name: str) -> None:
    """Open a notebook of the server and wait until its kernel is ready."""
    base, token = url.split("?")
    page.goto(f"{base}doc/tree/notebooks/{name}?{token}&reset", wait_until="domcontentloaded")
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Wait for a kernel that has a name and is idle: one that is not there yet is idle as well."""
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_function(KERNEL_READY, timeout=60_000, polling=50)


def run_all(page: Page) -> None:
    """Choose Run > Run All Cells, wait for the last cell, and fail if any shows an error."""
    start_all(page)
    page.wait_for_function(ALL_CELLS_RAN, timeout=240_000, polling=50)
    check_that_all_went_well(page)


def start_all(page: Page) -> None:
    """Choose Run > Run All Cells."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def check_that_all_went_well(page: Page) -> None:
    """Fail if a cell shows an error, a widget is missing or a script of the page failed."""
    errors = page.locator('[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()
    assert not errors, errors[0]
    assert "Error displaying widget" not in page.locator(".jp-Notebook").inner_text()
    assert not page.errors, page.errors


def cell_of(control: Locator) -> Locator:
    """Return the outputs of the cell that a control is in."""
    return control.locator("xpath=ancestor::*[contains(@class,'jp-Cell-outputArea')]")


def picture(cell: Locator) -> str:
    """Return the address of the picture that a cell's lab shows; each picture has its own."""
    return cell.locator(".mnist-screen img").get_attribute("src")


def summary(cell: Locator) -> str:
    """Return what a cell's lab says in words."""
    return cell.locator(".mnist-screen .mnist-seen").inner_text().strip()


@contextlib.contextmanager
def notebook_page(name: str) -> Iterator[Page]:
    """Open a copy of a notebook, run all its cells, and yield the page."""
    with tempfile.TemporaryDirectory() as folder:
        course, home = Path(folder, "course"), Path(folder, "home")
        home.mkdir()
        shutil.copytree(ROOT / "notebooks", course / "notebooks")
        with (
            jupyter_lab(course, home) as url,
            chromium() as browser,
            new_page(browser, viewport={"width": 1366, "height": 900}) as page,
        ):
            open_notebook(page, url, name)
            run_all(page)
            yield page
