"""Build the edition that runs in a browser, without a server; README.md beside it says how."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = HERE / "_build"  # ignored by Git; made anew each time
CONFIGS = ("jupyter_lite_config.json", "jupyter-lite.json")
PURE = ("anywidget", "comm", "ipywidgets", "psygnal")  # Pyodide has the others
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
SITE = "../../../.."  # seen from the kernel's worker, in extensions/@jupyterlite/*/static


def main() -> None:
    """Lay out the sources in BUILD, build the site in BUILD/site, and check it."""
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "content").mkdir(parents=True)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copy(notebook, BUILD / "content")
    for name in CONFIGS:
        shutil.copy(HERE / name, BUILD)
    make_wheels(BUILD / "wheels")
    load_at_start(sorted((BUILD / "wheels").glob("*.whl")), BUILD / "jupyter-lite.json")
    for command in ("build", "check"):
        run("jupyterlite_core", command, "--lite-dir", ".", cwd=BUILD)
    print("built:", BUILD / "site")


def make_wheels(folder: Path) -> None:
    """Put into a folder the wheels that Pyodide does not bring: ours, and a few in pure Python."""
    run("hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    pins = (HERE / "requirements.txt").read_text("utf-8").split()
    wanted = [pin for pin in pins if pin.split("==")[0] in PURE]
    pure = ("--no-deps", "--only-binary=:all:", "--platform=any")
    run("pip", "download", "--quiet", *pure, "-d", str(folder), *wanted, cwd=ROOT)


def load_at_start(wheels: list[Path], config: Path) -> None:
    """Have the kernel load these wheels when it starts, so that no notebook has to install any."""
    settings = json.loads(config.read_text("utf-8"))
    kernel = settings["jupyter-config-data"]["litePluginSettings"][KERNEL]
    kernel["loadPyodideOptions"]["packages"] += [f"{SITE}/pypi/{wheel.name}" for wheel in wheels]
    config.write_text(json.dumps(settings, indent=2), "utf-8")


def run(module: str, *arguments: str, cwd: Path) -> None:
    """Run a module of this Python, and stop here if it fails."""
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=cwd, check=True)


if __name__ == "__main__":
    main()
