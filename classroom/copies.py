"""Write the students' copy of the course: no outputs under a Predict, and nothing of the teacher's.

    uv run python classroom/copies.py ../course

makes the folder ../course, which must not be there yet. It installs, runs and tests as the README
says, and has the settings of the hub. Left out are the guide, the lessons, the solutions, and tests
that tell answers. Only files of the course are copied: of those that Git knows, or of all where
there is no Git, those with a name listed here.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
# Names that fit belong to the students' copy; not the bugs that they are to find, nor what needs
# the experiments.
STUDENTS = re.compile(
    r"""
    README.md | CHANGELOG.md | LICENSE | CITATION.cff | conftest.py
    | environment.yml | pyproject.toml | requirements.txt
    | .gitattributes | .gitignore | .github/\w+.png | .devcontainer/devcontainer.json
    | notebooks/\d\d_\w+.ipynb
    | mnist_edu/.+\.(py|css|js|mplstyle)
    | mnist_edu/mnist/.+\.(gz|md)
    | mnist_edu/stored_results/\w+.json
    | classroom/jupyterlab/.+\.(js|json)
    | classroom/jupyterhub/(\w+\.(md|py|txt)|kubernetes_values.yaml)
    | docs/playground/.+\.(css|html|js|json|py)
    | tests/(conftest|pens).py
    | tests/(browser|core|labs|topics|widgets)/(?!\w+_torch)\w+\.(py|json)
    | tools/(?!planted_bugs)\w+.py
    """,
    re.VERBOSE,
)
SITE = re.compile(r"<!-- links:.*?end of links -->\n\n", re.DOTALL)
NOTE = """\
> **Note** This is the students' copy: the outputs that answer a *Predict* are not in it. They
> appear when you run the cell.

"""


def write_copy(destination: Path) -> None:
    """Write the students' copy as a folder, all of it or nothing.

    Raises
    ------
    FileExistsError
        If there is something of that name.
    ValueError
        If the folder would lie in the course itself.
    """
    if destination.resolve().is_relative_to(ROOT):
        raise ValueError(f"{destination} lies in the course itself; expected a place outside")
    if os.path.lexists(destination):
        raise FileExistsError(f"{destination} exists; expected a new folder's name")
    names = [name for name in course() if STUDENTS.fullmatch(name)]
    part = destination.with_name(f".{destination.name}.{os.getpid()}.part")
    part.mkdir()
    try:
        for name in names:
            copy(name, part / name, names)
        part.rename(destination)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def course() -> Iterator[str]:
    """Yield the files of the course by name, from its root: what Git knows, or what is there."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        yield from filter(None, listed.decode().split("\0"))
        return
    for folder, inner, files in os.walk(ROOT):  # follows no links
        inner[:] = {*inner} - {".git", ".venv", "__pycache__", "_build", "node_modules"}
        for path in (Path(folder, file) for file in files):
            if not path.is_symlink():
                yield path.relative_to(ROOT).as_posix()


def copy(name: str, target: Path, names: list[str]) -> None:
    """Copy a file of the course without what tells answers or leads nowhere."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".ipynb"):
        notebook = json.loads((ROOT / name).read_text(encoding="utf-8"))
        drop_answers(notebook)
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        target.write_text(text, encoding="utf-8", newline="\n")
    elif name.endswith(".md"):
        text = without_dead_links((ROOT / name).read_text(encoding="utf-8"), name, names)
        if name == "README.md":
            text = re.sub(r"\n\n", "\n\n" + NOTE, text, count=1)
            # How to build the site goes with it; links to one that is published stay.
            text = SITE.sub(lambda part: "" if "docs/build.py" in part[0] else part[0], text)
        target.write_text(text, encoding="utf-8", newline="\n")
    else:
        shutil.copy(ROOT / name, target)


def drop_answers(notebook: dict) -> None:
    """Leave out, in place, the outputs of cells that answer a Predict.

    Examples
    --------
    >>> asks = {"cell_type": "markdown", "source": ["**Predict:** 6 times 7?"]}
    >>> tells = {"cell_type": "code", "source": ["6 * 7"], "metadata": {}, "outputs": [42]}
    >>> drop_answers({"cells": [asks, tells]})
    >>> tells["outputs"]
    []
    """
    asked = False
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            asked = "**Predict" in "".join(cell["source"])
        elif asked:
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].pop("jupyter", None)  # a folded output would stay folded


def without_dead_links(text: str, name: str, names: list[str]) -> str:
    """Return Markdown without the paragraphs for teachers, and links to missing files as text."""
    folder = PurePosixPath(name).parent

    def replace(link: re.Match) -> str:
        target, _, _ = link[2].partition("#")
        path = os.path.normpath(folder / target).replace(os.sep, "/")
        there = "://" in target or not target or path in names
        return link[0] if there else link[1]

    paragraphs = text.split("\n\n")
    kept = [paragraph for paragraph in paragraphs if "](classroom/" not in paragraph]
    return re.sub(r"\[([^\]]*)\]\(([^)\s]*)\)", replace, "\n\n".join(kept))


def folder_name(text: str) -> Path:
    """Return the path that an argument gives, which is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the folder has no name")
    return Path(text)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("destination", type=folder_name, help="a new folder outside the course")
    destination = parser.parse_args().destination
    try:
        write_copy(destination)
    except subprocess.CalledProcessError as error:
        parser.error(f"git ls-files: {error.stderr.decode().strip()}")
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(destination)


if __name__ == "__main__":
    main()
