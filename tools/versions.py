"""Test with the oldest and with the newest supported Python and packages, the browser left out.

    uv run python tools/versions.py

Each in an environment of its own, thrown away afterwards. The oldest packages are the lower bounds
of pyproject.toml; the newest Python is the newest that uv finds here. The stored outputs of the
notebooks have to hold in both, to the letter.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHOWN = ("numpy", "matplotlib", "ipywidgets", "jupyterlab")
VERSIONS = f"""
from importlib.metadata import version
from platform import python_version
print("Python", python_version(), *(f"· {{name}} {{version(name)}}" for name in {SHOWN}))
"""


def oldest_python() -> str:
    """Return the lower bound of requires-python, such as "3.11"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return re.fullmatch(r">=(3\.\d+)", project["requires-python"])[1]


def newest_python(listing: str) -> str:
    """Return the newest CPython without a suffix (alpha, beta, candidate) of uv's JSON listing."""
    found = [python["version"] for python in json.loads(listing) if is_release(python)]
    return max(found, key=lambda version: [int(part) for part in version.split(".")])


def is_release(python: dict) -> bool:
    """Say whether an entry of uv's listing is a released, ordinary CPython."""
    ordinary = python["implementation"] == "cpython" and python["variant"] == "default"
    return ordinary and re.fullmatch(r"[\d.]+", python["version"]) is not None


def run(*command: str | Path) -> str:
    """Run a command here and return what it printed; its errors appear at once."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def test(python: str, resolution: str, *options: str) -> tuple[str, str, bool]:
    """Install and test; return the versions, pytest's last line, and whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder, "Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        run("uv", "venv", "--quiet", "--clear", "--python", python, folder)
        installing = ("uv", "pip", "install", "--quiet", "--python", there)
        run(*installing, "--resolution", resolution, "-e", ".", "--group", "dev")
        versions = run(there, "-c", VERSIONS).strip()
        print(versions, flush=True)
        command = [there, "-m", "pytest", "-q", "--ignore=tests/browser", *options]
        tests = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        last = ""
        for line in tests.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
        return versions, last, tests.wait() == 0


def main() -> None:
    """Test both, then print what was tested and how it ended; fail if one failed."""
    listing = run("uv", "python", "list", "--only-installed", "--output-format", "json")
    quiet = "-Wignore::DeprecationWarning"  # old packages use what newer ones have renamed
    both = ((oldest_python(), "lowest-direct", quiet), (newest_python(listing), "highest"))
    ends = [test(*one) for one in both]
    print()
    for versions, last, _ in ends:
        print(f"{versions}: {last}")
    sys.exit(not all(well for *_, well in ends))


if __name__ == "__main__":
    main()
