"""Build the web site: the notebooks to read, the guide, the core and the playground."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reading.layout import Layout

try:
    import djangocms_katex  # noqa: F401
    import myst_nb  # noqa: F401
    from sphinx.cmd.build import build_main
except ModuleNotFoundError as missing:
    sys.exit(f"{missing}. The group docs has it: uv run --group docs python docs/build.py")

DOCS = Path(__file__).resolve().parent
BUILD = DOCS / "_build"  # ignored by Git
HTML = BUILD / "html"
LITE = HTML / "lite"  # the browser edition
OTHERS = ("playground", "lite")  # folders of the site that Sphinx knows nothing of


def main() -> None:
    """Build the site anew, and the playground in it; the browser edition as well if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--lite", action="store_true", help="build the browser edition, docs/lite, as well"
    )
    arguments = parser.parse_args()
    run(sys.executable, DOCS / "playground" / "build.py")
    if arguments.lite:
        build_edition()
    try:
        build_pages()
    except (OSError, ValueError) as error:
        sys.exit(f"The site is as it was: {error}")
    print("built:", HTML / "index.html")


def build_edition() -> None:
    """Build the browser edition, with the packages that it pins, and make it part of the site."""
    uv = os.environ.get("UV", "uv")  # set by `uv run`
    pins = DOCS / "lite" / "requirements.txt"
    run(uv, "run", "--no-project", "--with-requirements", pins, DOCS / "lite" / "build.py")
    edition = DOCS / "lite" / "_build" / "site"
    shutil.rmtree(LITE, ignore_errors=True)
    edition.rename(LITE)


def build_pages() -> None:
    """Build the pages apart, and put them in the place of the old ones when all is well."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        source, files, pages, doctrees = (
            Path(folder, name) for name in ("source", "files", "html", "doctrees")
        )
        Layout(source, files, edition=LITE.is_dir()).write()
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


def run(*command: str | Path) -> None:
    """Run a command, and stop here if it fails."""
    status = subprocess.run([str(word) for word in command], check=False).returncode
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
