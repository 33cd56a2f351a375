"""Finding the submissions in a folder, as a learning platform hands them out."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from collecting import cells

LARGEST = 50_000_000  # bytes of a notebook
BESIDE = 20_000_000  # bytes of each file that lies beside it
NOT_HANDED_IN = (".ipynb_checkpoints", "__MACOSX")


class Submission(NamedTuple):
    """A notebook that was handed in."""

    name: str  # its path within the folder, without .ipynb
    key: str  # says whether two are the same
    notebook: cells.Notebook | None
    trouble: str  # why there is no notebook
    files: dict[str, str]  # what lies beside it: name and path


def submissions(folder: Path) -> list[Submission]:
    """Read every notebook of a folder and of the folders in it, by name."""
    paths = [
        path
        for path in folder.rglob("*.ipynb")
        if not set(path.relative_to(folder).parts[:-1]) & set(NOT_HANDED_IN)
        and not path.name.startswith("._")
    ]
    return [_read(path, folder) for path in sorted(paths, key=lambda path: path.as_posix().lower())]


def _read(path: Path, folder: Path) -> Submission:
    name = path.relative_to(folder).with_suffix("").as_posix()
    trouble, notebook, files, data = "", None, {}, b""
    if path.is_symlink() or not path.is_file():
        trouble = "It is not a file."
    elif path.stat().st_size > LARGEST:
        trouble = "It is larger than 50 MB."
    else:
        try:
            data = path.read_bytes()
            notebook = cells.read(data)
            files = _beside(path, folder)
        except (OSError, ValueError) as error:
            trouble = str(error)
    key = hashlib.sha256(data + trouble.encode())
    for beside in files.values():
        key.update(Path(beside).read_bytes())
    return Submission(name, key.hexdigest(), notebook, trouble, files)


def _beside(path: Path, folder: Path) -> dict[str, str]:
    """Return the files beside a notebook, if the student has a folder of his own."""
    if path.parent == folder or len(list(path.parent.glob("*.ipynb"))) > 1:
        return {}
    return {
        other.name: str(other.resolve())
        for other in sorted(path.parent.iterdir())
        if other != path
        and other.is_file()
        and not other.is_symlink()
        and other.stat().st_size <= BESIDE
    }
