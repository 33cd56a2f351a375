"""The browser edition is set up completely: what runs there, the versions, the layout."""

import ast
import importlib.metadata
import json
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
STORED = json.loads((LITE / "seconds.json").read_text("utf-8"))
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


def kernel_settings(config):
    settings = json.loads(config.read_text("utf-8"))["jupyter-config-data"]
    return settings["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]


def kernel_options(config):
    return kernel_settings(config)["loadPyodideOptions"]


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


@pytest.fixture
def site(tmp_path):
    """Lay out what the settings of the kernel are made from."""
    folder = tmp_path / "site"
    for name in ("a-1-py3-none-any.whl", "micropip-1-py3-none-any.whl"):
        touch(folder / "pypi" / name)
    static = folder / "extensions" / "@jupyterlite" / "pyodide-kernel-extension" / "static"
    for name in ("piplite-1", "pyodide_kernel-1", "ipykernel-6.9", "widgetsnbextension-4.0"):
        touch(static / "pypi" / f"{name}-py3-none-any.whl")
    shutil.copy(LITE / "jupyter-lite.json", folder)
    return folder


@pytest.fixture
def pyodide(build, tmp_path):
    """Lay out a Pyodide that has what is needed, and more."""
    folder = tmp_path / "pyodide"
    depends = {"numpy": [], "pandas": ["numpy"], "ipython": ["prompt_toolkit"]}
    names = [*kernel_options(LITE / "jupyter-lite.json")["packages"], "pandas", "prompt-toolkit"]
    packages = {
        name: {"file_name": f"{name}.whl", "depends": depends.get(name, [])}
        for name in names
        if name != "piplite"  # the kernel's, not Pyodide's
    }
    for name in (*build["CORE"], *(package["file_name"] for package in packages.values())):
        touch(folder / name)
    lock = {"info": {"version": build["PYODIDE"]}, "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    return folder


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_the_kernel_finds_all_wheels_and_names_follow_their_addresses(build, loaded, site):
    """A name after an address that has it is not looked up in Pyodide."""
    build["set_up_kernel"](site, None)
    packages = kernel_options(site / "jupyter-lite.json")["packages"]
    addresses, names = packages[: -len(loaded)], packages[-len(loaded) :]
    assert set(names) == loaded
    static = site / "extensions" / "@jupyterlite" / "pyodide-kernel-extension" / "static"
    found = {(static / address).resolve() for address in addresses}
    assert found == {path.resolve() for path in site.rglob("*.whl")}


def test_by_default_pyodide_comes_from_where_its_makers_publish_it(build, site):
    build["set_up_kernel"](site, None)
    address = kernel_settings(site / "jupyter-lite.json")["pyodideUrl"]
    assert address.endswith(f"/pyodide/v{build['PYODIDE']}/full/pyodide.mjs")


def test_pyodide_can_come_from_another_address(build, site):
    build["set_up_kernel"](site, "https://example.org/pyodide.mjs")
    address = kernel_settings(site / "jupyter-lite.json")["pyodideUrl"]
    assert address == "https://example.org/pyodide.mjs"


def test_what_is_needed_of_a_pyodide_is_copied_and_nothing_else(build, loaded, site, pyodide):
    build["set_up_kernel"](site, str(pyodide))
    address = kernel_settings(site / "jupyter-lite.json")["pyodideUrl"]
    copied = {path.name for path in (site / address).parent.iterdir()}
    wheels = {f"{name}.whl" for name in (loaded | {"prompt-toolkit"}) - {"piplite"}}
    assert copied == wheels | set(build["CORE"]) | {"pyodide-lock.json"}


def test_a_pyodide_that_will_not_do_is_refused_in_words(build, site, pyodide):
    with pytest.raises(build["Wrong"], match=r"no pyodide-lock\.json"):
        build["set_up_kernel"](site, str(site))
    (pyodide / "numpy.whl").unlink()
    with pytest.raises(build["Wrong"], match=r"numpy\.whl"):
        build["set_up_kernel"](site, str(pyodide))
    lock = pyodide / "pyodide-lock.json"
    lock.write_text(lock.read_text().replace(build["PYODIDE"], "0.1.0"))
    with pytest.raises(build["Wrong"], match=r"0\.1\.0"):
        build["set_up_kernel"](site, str(pyodide))


def test_nothing_but_an_edition_is_overwritten(build, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(build["Wrong"], match="left as it was"):
        build["build"](tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_each_notebook_says_first_how_long_it_takes(build):
    for stem, seconds in STORED["notebooks"].items():
        said = build["note"](stem)["source"]
        (minutes,) = re.findall(r"about \*\*(\d+) minutes?\*\*", said)
        assert 0 <= 60 * int(minutes) - seconds["browser"] < 60


def test_the_readme_has_the_table_that_was_stored():
    text = (LITE / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d\d) \| (\d+) \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    assert rows == [
        (stem[:2], *(f"{seconds[name]:.0f}" for name in ("browser_cpu", "browser", "native_cpu")))
        for stem, seconds in sorted(STORED["notebooks"].items())
    ]
