"""What runs elsewhere, on GitHub and in a dev container, is what the README says."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tools.jupyterlab import HOW_TO_GET_CHROMIUM

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def readme():
    """Return the lines of the README's code blocks."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return "".join(blocks).splitlines()


@pytest.fixture(scope="module")
def workflow():
    text = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")
    return yaml.load(text, yaml.BaseLoader)  # strings only; else `on` is read as True


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_workflow_runs_the_readme_s_commands_and_gets_a_browser(readme, workflow):
    ran = [command.removesuffix(" --version") for command in commands(workflow["jobs"]["readme"])]
    wanted = ["pip install uv", "uv run jupyter lab", "uv run pytest"]
    assert [command for command in ran if command in readme] == wanted
    (browser,) = (command for command in ran if command not in readme)
    assert browser in HOW_TO_GET_CHROMIUM
    assert ran.index(browser) < ran.index("uv run pytest")


def test_every_python_from_the_oldest_supported_is_tried_on_every_system(workflow):
    job = workflow["jobs"]["readme"]
    matrix = job["strategy"]["matrix"]
    assert [system.split("-")[0] for system in matrix["os"]] == ["ubuntu", "macos", "windows"]
    assert job["runs-on"] == "${{ matrix.os }}"
    assert job["env"]["UV_PYTHON"] == "${{ matrix.python }}"
    assert job["strategy"]["fail-fast"] == "false"
    minors = [int(version.removeprefix("3.")) for version in matrix["python"]]
    assert minors == list(range(minors[0], minors[-1] + 1))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    supported = SpecifierSet(project["requires-python"])
    assert supported.contains(f"3.{minors[0]}")
    assert not supported.contains(f"3.{minors[0] - 1}")


def test_the_workflow_runs_every_week_on_pushes_and_pull_requests(workflow):
    assert set(workflow["on"]) == {"push", "pull_request", "schedule"}
    (schedule,) = workflow["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", schedule["cron"])


def test_jobs_may_only_read_have_an_end_and_use_major_versions_of_actions(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert int(job["timeout-minutes"]) < 360  # what it is when nothing is said
        for step in job["steps"]:
            assert "run" in step or re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])


def test_the_browser_edition_is_built_from_files_that_are_there(workflow):
    words = " ".join(commands(workflow["jobs"]["lite"])).split()
    files = [word for word in words if "/" in word]
    assert files == ["docs/lite/requirements.txt", "docs/lite/build.py"]
    assert all((ROOT / name).is_file() for name in files)


def test_the_dev_container_is_set_up_by_one_command_with_the_readme_s_tool(readme):
    config = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert [key for key in config if key.endswith("Command")] == ["postCreateCommand"]
    install, sync = config["postCreateCommand"].split(" && ")
    assert install in readme
    assert sync == "uv sync"
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python = config["image"].rsplit(":")[-1]
    assert f"python={python}" in environment["dependencies"]
    settings = config["customizations"]["vscode"]["settings"]
    assert "/.venv/" in settings["python.defaultInterpreterPath"]  # where uv sync installs
