"""Build the web site: the notebooks to read, the guide, the core and the playground."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reading.layout import Layout

try:
    from sphinx.cmd.build import build_main
except ModuleNotFoundError:
    sys.exit("Sphinx is not there: uv run --group docs python docs/build.py")

DOCS = Path(__file__).resolve().parent
BUILD = DOCS / "_build"  # ignored by Git
HTML = BUILD / "html"
OTHERS = ("playground", "lite")  # folders of the site that are built elsewhere


def main() -> None:
    """Build the site anew, and the playground in it; the browser edition as well if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--lite", action="store_true", help="build the browser edition, docs/lite, as well"
    )
    arguments = parser.parse_args()
    run(DOCS / "playground" / "build.py")
    if arguments.lite:
        run(DOCS / "lite" / "build.py")
    build_pages()
    print("built:", HTML / "index.html")


def build_pages() -> None:
    """Build the pages apart, and put them in the place of the old ones when all is well."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        source, files, pages, doctrees = (
            Path(folder, name) for name in ("source", "files", "html", "doctrees")
        )
        Layout(source, files, edition=(HTML / "lite" / "lab" / "index.html").is_file()).write()
        options = ["--fail-on-warning", "--keep-going", "--quiet"]
        options += ["-c", str(DOCS / "reading"), "-d", str(doctrees)]
        options += ["-D", f"html_extra_path={files}"]
        status = build_main([*options, str(source), str(pages)])
        if status:
            sys.exit(status)
        for name in OTHERS:
            if (HTML / name).exists():
                (HTML / name).rename(pages / name)
        shutil.rmtree(HTML, ignore_errors=True)
        pages.rename(HTML)


def run(script: Path) -> None:
    """Run a script by this Python, and stop here if it fails."""
    status = subprocess.run([sys.executable, str(script)], check=False).returncode
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
