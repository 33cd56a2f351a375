"""Build the edition that runs in a browser, without a server; README.md beside it says how."""

import argparse
import hashlib
import html
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUTPUT = ROOT / "docs" / "_build" / "html" / "lite"  # ignored by Git
CONFIGS = ("jupyter_lite_config.json", "jupyter-lite.json")
PURE = ("anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions")  # Pyodide has the others
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
STATIC = "extensions/@jupyterlite/pyodide-kernel-extension/static"  # where that worker is
OF_THE_KERNEL = ("ipykernel-6*", "piplite-*", "pyodide_kernel-*", "widgetsnbextension-4*")
# The kernel's piplite imports this newer micropip than Pyodide 0.27 brings, and what is loaded at
# the start it need not install.
MICROPIP = "micropip==0.10.0"
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
PYODIDE = "0.27.7"


class Wrong(Exception):
    """What was asked for cannot be done; the message says why."""


def main() -> None:
    """Read the command line, and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--output", type=Path, default=OUTPUT, help="the folder to write (%(default)s)"
    )
    parser.add_argument(
        "--pyodide",
        help=f"where Pyodide {PYODIDE} is: a folder with its files, of which the needed ones are "
        "copied into the edition, or the address of its pyodide.mjs (default: jsDelivr's)",
    )
    arguments = parser.parse_args()
    try:
        build(arguments.output, arguments.pyodide)
    except (Wrong, subprocess.CalledProcessError) as error:
        sys.exit(f"build.py: {error}")
    print("built:", arguments.output)


def build(output: Path, pyodide: str | None = None) -> None:
    """Build and check the edition in a folder of its own, then put it in the place of output."""
    if output.exists() and not (output.is_dir() and (is_edition(output) or is_empty(output))):
        raise Wrong(f"{output} is there and is not a browser edition, so it was left as it was")
    with tempfile.TemporaryDirectory() as scratch:
        source, site = Path(scratch), Path(scratch, "site")
        lay_out(source)
        run("jupyterlite_core", "build", cwd=source)
        set_up_kernel(site, pyodide)
        run("jupyterlite_core", "check", cwd=source)
        add_pages(site)
        if output.exists():
            shutil.rmtree(output)
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(site, output)


def is_edition(folder: Path) -> bool:
    """Return whether a folder holds an edition that was built before."""
    return (folder / "jupyter-lite.json").is_file()


def is_empty(folder: Path) -> bool:
    """Return whether there is nothing in a folder."""
    return not any(folder.iterdir())


def lay_out(source: Path) -> None:
    """Put into a folder what JupyterLite builds from: settings, wheels, the notebooks."""
    for name in CONFIGS:
        shutil.copy(HERE / name, source)
    make_wheels(source / "wheels")
    (source / "content").mkdir()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # joins the lines that JupyterLite would not
        notebook["cells"].insert(0, note(path.stem))
        (source / "content" / path.name).write_text(json.dumps(notebook), "utf-8")


def note(stem: str) -> dict:
    """Return a cell that says, before the first line of a notebook, what is different here."""
    text = (HERE / "note.md").read_text("utf-8").replace("{takes}", minutes(stem))
    return {"cell_type": "markdown", "id": "browser-edition", "metadata": {}, "source": text}


def minutes(stem: str) -> str:
    """Return how long all cells of a notebook take in a browser, as measured, in words."""
    measured = json.loads((HERE / "seconds.json").read_text("utf-8"))["notebooks"]
    if stem not in measured:
        return "several minutes"
    whole = math.ceil(measured[stem]["browser"] / 60)
    return "1 minute" if whole == 1 else f"{whole} minutes"


def make_wheels(folder: Path) -> None:
    """Put into a folder the wheels that Pyodide does not bring: ours, and a few in pure Python."""
    with tempfile.TemporaryDirectory() as scratch:
        run("hatchling", "build", "-t", "wheel", "-d", scratch, cwd=ROOT)
        (wheel,) = Path(scratch).iterdir()
        leave_out_notebooks(wheel, folder)
    pins = (HERE / "requirements.txt").read_text("utf-8").split()
    wanted = [pin for pin in pins if pin.split("==")[0] in PURE]
    pure = ("--no-deps", "--only-binary=:all:", "--platform=any", "--ignore-requires-python")
    run("pip", "download", "--quiet", *pure, "-d", str(folder), *wanted, MICROPIP, cwd=ROOT)


def leave_out_notebooks(wheel: Path, folder: Path) -> None:
    """Write a wheel into a folder without the notebooks in it: here they lie beside it."""
    folder.mkdir()
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(folder / wheel.name, "w") as smaller:
        for item in whole.infolist():
            if "/course/notebooks/" not in item.filename:
                smaller.writestr(item, whole.read(item))


def set_up_kernel(site: Path, pyodide: str | None) -> None:
    """Have the kernel load everything when it starts, so that no notebook has to install any."""
    config = site / "jupyter-lite.json"
    settings = json.loads(config.read_text("utf-8"))
    kernel = settings["jupyter-config-data"]["litePluginSettings"][KERNEL]
    names = kernel["loadPyodideOptions"]["packages"]
    if pyodide and "://" in pyodide:
        kernel["pyodideUrl"] = pyodide
    elif pyodide:
        copy_pyodide(Path(pyodide), names, site / "static" / "pyodide")
        kernel["pyodideUrl"] = "./static/pyodide/pyodide.mjs"
    kernel["loadPyodideOptions"]["packages"] = wheels_to_load(site) + names
    config.write_text(json.dumps(settings, indent=2), "utf-8")


def wheels_to_load(site: Path) -> list[str]:
    """Return the addresses of the wheels beside Pyodide's own, as the kernel's worker sees them."""
    ours = sorted((site / "pypi").glob("*.whl"))
    of_the_kernel = [
        wheel for name in OF_THE_KERNEL for wheel in (site / STATIC / "pypi").glob(name)
    ]
    return [
        os.path.relpath(path, site / STATIC).replace(os.sep, "/") for path in ours + of_the_kernel
    ]


def copy_pyodide(source: Path, names: list[str], target: Path) -> None:
    """Copy what is needed of a Pyodide into the edition."""
    lock = source / "pyodide-lock.json"
    if not lock.is_file():
        raise Wrong(f"no pyodide-lock.json in {source}")
    packages = json.loads(lock.read_text("utf-8"))
    if packages["info"]["version"] != PYODIDE:
        raise Wrong(f"{source} has Pyodide {packages['info']['version']}, not {PYODIDE}")
    files = [
        packages["packages"][name]["file_name"] for name in needed(names, packages["packages"])
    ]
    missing = [name for name in (*CORE, *files) if not (source / name).is_file()]
    if missing:
        raise Wrong(f"not in {source}: {', '.join(missing)}")
    target.mkdir(parents=True)
    for name in (*CORE, lock.name, *files):
        shutil.copy(source / name, target)


def needed(names: list[str], packages: dict) -> list[str]:
    """Return the names, those of them that Pyodide has, and all that they depend on."""
    found: list[str] = []
    left = [name for name in names if name in packages]
    while left:
        name = left.pop().replace("_", "-")
        if name not in found:
            found.append(name)
            left += packages[name]["depends"]
    return sorted(found)


def add_pages(site: Path) -> None:
    """Add what JupyterLite has not: a first page, word of what a browser lacks, life offline."""
    shutil.copy(HERE / "traps.js", site)
    fill(site / "index.html", {"{{notebooks}}": links(site / "files")})
    lab = site / "lab" / "index.html"
    page, end = lab.read_text("utf-8"), "</head>"
    if page.count(end) != 1:
        raise Wrong("JupyterLite's page has changed: its head has no end to put a script before")
    lab.write_text(page.replace(end, f'<script src="../traps.js" defer></script>{end}'), "utf-8")
    worker = site / "service-worker.js"
    worker.rename(site / "jupyterlite-service-worker.js")
    files = sorted(path for path in site.rglob("*") if path.is_file())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    names = json.dumps([path.relative_to(site).as_posix() for path in files])
    fill(worker, {"{{edition}}": digest.hexdigest()[:16], '["{{files}}"]': names})


def fill(path: Path, parts: dict[str, str]) -> None:
    """Write the file of this folder with that name, each placeholder replaced by its part."""
    text = (HERE / path.name).read_text("utf-8")
    for placeholder, part in parts.items():
        text = text.replace(placeholder, part)
    path.write_text(text, "utf-8")


def links(notebooks: Path) -> str:
    """Return an item of a list for each notebook: its title, a link to it, and the minutes."""
    items = []
    for path in sorted(notebooks.glob("*.ipynb")):
        _, title, *_ = json.loads(path.read_text("utf-8"))["cells"]
        heading = "".join(title["source"]).partition("\n")[0].removeprefix("# ")
        link = f'<a href="lab/index.html?path={path.name}">{html.escape(heading)}</a>'
        items.append(f"<li>{link}<span>{minutes(path.stem)}</span></li>")
    return "\n        ".join(items)


def run(module: str, *arguments: str, cwd: Path) -> None:
    """Run a module of this Python, and stop here if it fails."""
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=cwd, check=True)


if __name__ == "__main__":
    main()
