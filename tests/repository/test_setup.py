"""The ways to install agree with each other, and what is installed is complete."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import editables
import pytest
import yaml
from packaging.requirements import Requirement

import mnist_edu

ROOT = Path(__file__).parent.parent.parent
ON_CONDA_FORGE = {"matplotlib": "matplotlib-base", "playwright": "playwright-python"}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def requirements(project):
    """Return what pyproject.toml asks for, to run and to develop."""
    lines = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines]


def test_environment_yml_asks_for_what_pyproject_asks_for(requirements):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert set(environment) == {"name", "channels", "dependencies"}
    assert environment["channels"] == ["conda-forge"]
    python, pip, *packages, from_pip = environment["dependencies"]
    assert re.fullmatch(r"python=3\.\d+", python)  # repo2docker does not understand >=
    assert pip == "pip"
    editable, *of_pypi = from_pip["pip"]
    assert editable == "-e ."
    wanted = {ON_CONDA_FORGE.get(r.name, r.name): r.specifier for r in requirements}
    found = {r.name: r.specifier for r in map(Requirement, [*packages, *of_pypi])}
    assert found == wanted


def test_the_exact_set_satisfies_pyproject_and_names_no_address(requirements):
    text = (ROOT / "requirements.txt").read_text("utf-8")
    assert "://" not in text
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))
    assert text.count("--hash=sha256:") >= len(pins) > len(requirements)
    for requirement in requirements:
        assert requirement.specifier.contains(pins[requirement.name])


def test_the_readme_gives_the_commands_that_ci_runs():
    readme = (ROOT / "README.md").read_text("utf-8")
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "pip install uv\nuv run jupyter lab\n" in readme
    assert "\nuv run pytest\n" in readme
    assert "pip install --quiet uv\n" in ci
    assert ci.endswith("\nuv run pytest\n")


def test_the_wheel_holds_the_data_the_style_the_settings_and_the_notebooks(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    wanted = [
        *(f"mnist_edu/mnist/{path.name}" for path in (ROOT / "mnist_edu" / "mnist").iterdir()),
        *(path.relative_to(ROOT).as_posix() for path in (ROOT / "mnist_edu").rglob("*.py")),
        *(f"mnist_edu/course/notebooks/{p.name}" for p in (ROOT / "notebooks").glob("*.ipynb")),
        "mnist_edu/widgets/style.mplstyle",
        *(
            f"mnist_edu/widgets/{name}.{kind}"
            for name in ("canvas", "page")
            for kind in ("js", "css")
        ),
    ]
    assert len([name for name in wanted if name.endswith(".gz")]) == 4
    assert set(wanted) <= set(names)
    for name in ("etc/jupyter/jupyter_lab_config.json", "lab/settings/overrides.json"):
        assert [path for path in names if path.endswith(name)]


def test_an_editable_install_takes_any_letters_in_its_path(tmp_path):
    folder, site = tmp_path / "Jürgen Müller 学生" / "my course (v1)", tmp_path / "site"
    shutil.copytree(ROOT / "mnist_edu", folder / "mnist_edu", ignore=shutil.ignore_patterns("*.gz"))
    shutil.copytree(ROOT / "classroom" / "jupyterlab", folder / "classroom" / "jupyterlab")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel:editable", "-d", str(site)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (wheel,) = site.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    paths = [str(site), str(Path(editables.__file__).parent.parent)]
    code = f"""
import site, sys
sys.path[:0] = {paths!a}
site.addsitedir({str(site)!a})
import mnist_edu
print(mnist_edu.__file__)
"""
    found = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": ""},
        check=True,
        capture_output=True,
    )
    assert found.stdout.decode().strip() == str(folder / "mnist_edu" / "__init__.py")


def test_the_version_and_its_date_are_the_same_everywhere():
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version, date = re.search(r"^## (\d\S*) - (\S+)$", changes, re.MULTILINE).groups()
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert mnist_edu.__version__ == citation["version"] == version
    assert str(citation["date-released"]) == date
