"""A notebook in JupyterLab in Chromium, for the scripts that need one."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import chromium, jupyter_lab, open_notebook, run_all  # noqa: E402


@contextlib.contextmanager
def notebook_page(name: str) -> Iterator[Page]:
    """Open a copy of a notebook, run all its cells, and yield the page."""
    with tempfile.TemporaryDirectory() as folder:
        course, home = Path(folder, "course"), Path(folder, "home")
        home.mkdir()
        shutil.copytree(ROOT / "notebooks", course / "notebooks")
        with (
            jupyter_lab(course, home) as url,
            chromium(viewport={"width": 1366, "height": 900}) as page,
        ):
            open_notebook(page, url, name)
            run_all(page)
            yield page
