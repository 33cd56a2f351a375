"""The browser edition is set up completely: what runs there, the versions, the layout."""

import ast
import importlib.metadata
import json
import os
import re
import runpy
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
LITE = ROOT / "docs" / "lite"
DISTRIBUTIONS = {"PIL": "pillow", "IPython": "ipython"}  # of modules with another name
OF_THE_KERNEL = {"ipython", "traitlets"}  # it installs them before the first cell
OF_A_SERVER = {"jupyter_server", "jupyterlab"}  # which a page has none of


@pytest.fixture(scope="module")
def build():
    return runpy.run_path(str(LITE / "build.py"))


@pytest.fixture(scope="module")
def pins():
    lines = (LITE / "requirements.txt").read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in lines)
    return dict(line.split("==") for line in lines)


@pytest.fixture(scope="module")
def loaded():
    """Return what the kernel loads from Pyodide when it starts."""
    return set(kernel_options(LITE / "jupyter-lite.json")["packages"])


def kernel_options(config):
    settings = json.loads(config.read_text("utf-8"))["jupyter-config-data"]
    return settings["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"][
        "loadPyodideOptions"
    ]


def imported_modules():
    for path in (ROOT / "mnist_edu").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield node.module.split(".")[0]


def test_everything_the_package_imports_is_there(build, loaded):
    third_party = set(imported_modules()) - set(sys.stdlib_module_names) - {"mnist_edu"}
    wanted = {DISTRIBUTIONS.get(name, name) for name in third_party} - OF_A_SERVER
    assert {"numpy", "matplotlib", "pillow", "anywidget"} <= wanted
    assert wanted <= loaded | set(build["PURE"]) | OF_THE_KERNEL


def test_every_dependency_is_there(build, loaded):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {Requirement(line).name for line in project["project"]["dependencies"]}
    assert wanted <= loaded | set(build["PURE"]) | OF_THE_KERNEL


def test_what_our_wheels_need_is_there_too(build, loaded):
    """A wheel that the kernel loads by its address brings no dependencies along."""
    in_the_page = {"widgetsnbextension", "jupyterlab-widgets"}  # the site's part of ipywidgets
    for name in build["PURE"]:
        lines = importlib.metadata.requires(name) or []
        needed = {
            requirement.name.replace("_", "-")
            for requirement in map(Requirement, lines)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""})
        }
        assert needed <= loaded | set(build["PURE"]) | OF_THE_KERNEL | in_the_page


def test_it_runs_the_versions_that_the_stored_outputs_were_made_with(build, pins):
    text = (ROOT / "requirements.txt").read_text("utf-8")
    exact = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))
    for name in (*build["PURE"], "jupyterlab"):
        assert pins[name] == exact[name]


def test_the_kernel_loads_our_wheels_after_those_of_pyodide(build, loaded, tmp_path):
    config = tmp_path / "jupyter-lite.json"
    shutil.copy(LITE / "jupyter-lite.json", config)
    build["load_at_start"]([Path("wheels/a-1-py3-none-any.whl"), Path("b.whl")], config)
    *before, a, b = kernel_options(config)["packages"]
    assert set(before) == loaded
    # the kernel's worker is a script in this folder
    worker = Path("/site/extensions/@jupyterlite/pyodide-kernel-extension/static")
    found = [Path(os.path.normpath(worker / address)) for address in (a, b)]
    assert found == [Path("/site/pypi/a-1-py3-none-any.whl"), Path("/site/pypi/b.whl")]
