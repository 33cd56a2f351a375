"""What GitHub's workflow and the dev container name is there, and is what the README says."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tools.jupyterlab import HOW_TO_GET_CHROMIUM

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def commands():
    """Return every command of the workflows, as lines."""
    files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    workflows = [yaml.safe_load(path.read_text("utf-8")) for path in files]
    jobs = [job for workflow in workflows for job in workflow["jobs"].values()]
    runs = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    return "\n".join(runs).splitlines()


def test_the_workflow_gets_the_browser_as_a_test_without_one_advises(commands):
    browsers = {line for line in commands if "playwright" in line}
    assert browsers
    assert all(line in HOW_TO_GET_CHROMIUM for line in browsers)


def test_the_files_that_the_workflow_names_are_there(commands):
    files = [word for line in commands for word in line.split() if re.search(r"/.*\.\w+$", word)]
    assert {"docs/lite/build.py", "docs/build.py", "tests/slow/test_site.py"} <= set(files)
    assert all([*ROOT.glob(name)] for name in files)


def test_the_dev_container_has_the_python_of_environment_yml_where_uv_installs():
    config = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    python = config["image"].rsplit(":")[-1]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert f"python={python}" in environment["dependencies"]
