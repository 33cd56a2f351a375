"""The wheel, installed in a fresh environment and started in a folder of a student's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.jupyterlab import chromium, new_page, run_all, wait_for_kernel, wait_for_url

ROOT = Path(__file__).parent.parent.parent


def uv(*arguments):
    subprocess.run(["uv", *map(str, arguments)], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Install the wheel, with its extra, in an environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", folder)
    (wheel,) = folder.glob("*.whl")
    uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    uv("pip", "install", "--quiet", "--python", folder / "venv", f"{wheel}[lab]")
    return folder / "venv"


@pytest.fixture
def address(environment, tmp_path):
    """Start the command in a folder with odd letters; return the address that it serves."""
    work, runtime = tmp_path / "Jürgens Kurs 学生", tmp_path / "runtime"
    work.mkdir()
    settings = tmp_path / "config" / "jupyter_server_config.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"ServerApp": {"allow_root": True, "open_browser": False}}))
    places = {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(settings.parent)}
    command = [environment / ("Scripts" if os.name == "nt" else "bin") / "mnist-edu"]
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=work, env=os.environ | places, stdout=output, stderr=output
        )
    yield wait_for_url(server, runtime, log)
    server.terminate()
    server.wait(timeout=30)


def test_the_command_opens_the_first_notebook_and_it_runs(address, tmp_path):
    with chromium() as browser, new_page(browser) as page:
        page.goto(address)
        wait_for_kernel(page)
        assert page.url.endswith("/doc/tree/00_meet_the_digits.ipynb")
        run_all(page)
    folder = tmp_path / "Jürgens Kurs 学生" / "mnist-edu"
    assert len([*folder.glob("*.ipynb")]) == 11
