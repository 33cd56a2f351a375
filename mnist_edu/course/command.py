"""The command `mnist-edu`: lay out the notebooks in a folder, and open JupyterLab on the first."""

import argparse
import filecmp
import importlib.util
import os
import shutil
from pathlib import Path

HERE = Path(__file__).parent
PLACES = [HERE / "notebooks", HERE.parent.parent / "notebooks"]  # in the wheel; in a clone


def lay_out(folder: Path) -> list[str]:
    """Copy the notebooks into a folder, but never over a file that is already there.

    Parameters
    ----------
    folder : Path
        Made if it is missing.

    Returns
    -------
    list of str
        The names of those that were there, and differ from ours.

    Raises
    ------
    FileNotFoundError
        If this installation holds no notebooks.
    OSError
        If the folder cannot be made or written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> lay_out(folder)
    []
    >>> _ = (folder / "02_activation_functions.ipynb").write_text("my own work")
    >>> lay_out(folder)
    ['02_activation_functions.ipynb']
    """
    notebooks = [path for place in PLACES for path in sorted(place.glob("[0-9]*.ipynb"))]
    if not notebooks:
        raise FileNotFoundError("This installation of mnist_edu holds no notebooks.")
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for notebook in notebooks:
        target = folder / notebook.name
        if not os.path.lexists(target):
            unfinished = target.with_suffix(".unfinished")
            try:
                shutil.copyfile(notebook, unfinished)
                unfinished.rename(target)
            finally:
                unfinished.unlink(missing_ok=True)
        elif not (target.is_file() and filecmp.cmp(notebook, target, shallow=False)):
            kept.append(target.name)
    return kept


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="mnist-edu", description=__doc__.split(": ")[1].capitalize()
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("mnist-edu"),
        help="made if it is missing; what you have written there stays (default: mnist-edu)",
    )
    folder = parser.parse_args().folder.resolve()
    if importlib.util.find_spec("jupyterlab") is None:
        parser.error("JupyterLab is missing: pip install 'mnist-edu[lab]'")
    try:
        kept = lay_out(folder)
    except OSError as error:
        parser.error(str(error))
    print("The notebooks are in", folder)
    if kept:
        print("Yours, left as they are (rename one, and start again, to get ours):", *kept)
    from jupyterlab.labapp import LabApp

    first = min(path.name for path in folder.glob("00_*.ipynb"))
    LabApp.launch_instance(
        [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/doc/tree/{first}"]
    )
