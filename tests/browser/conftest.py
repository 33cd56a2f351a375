"""A Chromium and a JupyterLab for all these tests, one of each a worker; a page for each file.

Playwright's event loop runs from the first page to the end of the Chromium; other folders' tests
start loops of their own, so it ends with the last test of this one.
"""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.labs.registry import LABS
from tools.jupyterlab import ROOT, chromium, jupyter_lab, new_page, open_notebook, run_all
from tools.store_outputs import NOTEBOOKS

ALL_LABS = "labs.ipynb"


@pytest.fixture(scope="package")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def page(browser):
    with new_page(browser, viewport={"width": 1366, "height": 768}) as page:
        yield page


@pytest.fixture(autouse=True)
def no_errors(page):
    """Nothing goes wrong in the page, whatever a test looks at."""
    yield
    assert not page.errors


@pytest.fixture(scope="package")
def course(tmp_path_factory):
    """Copy the notebooks: JupyterLab saves what it runs."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    nbformat.write(labs_notebook(), folder / "notebooks" / ALL_LABS)
    return folder


@pytest.fixture(scope="package")
def url(course, tmp_path_factory):
    with jupyter_lab(course, tmp_path_factory.mktemp("home")) as url:
        yield url


def labs_notebook():
    """Return a notebook with a cell for each lab, in the order of the registry."""
    first = f"""import sys
sys.path.append({str(ROOT)!r})
from mnist_edu.data import load_mnist
from tests.labs.registry import LABS
mnist = load_mnist()"""
    shown = [f"LABS[{name!r}](mnist)" for name in LABS]
    return notebook_of(first, *shown)


def notebook_of(*cells):
    """Return a notebook of code cells."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=kernel)


@pytest.fixture(scope="module")
def notebook(request, page, url):
    """Open a notebook, by how its name begins, and run all of it; its tests share that run."""
    names = [path.name for path in NOTEBOOKS.glob("*.ipynb")] + [ALL_LABS]
    (name,) = (name for name in names if name.startswith(request.param))
    open_notebook(page, url, name)
    run_all(page)
