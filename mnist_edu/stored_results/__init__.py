"""Results of runs too long for a notebook, made by scripts in experiments/."""

import json
from pathlib import Path

from mnist_edu._checks import REINSTALL


def load_result(name: str) -> dict:
    """Read a stored result.

    Parameters
    ----------
    name : str
        As in "depth_experiment".

    Raises
    ------
    FileNotFoundError
        If there is no such result.
    OSError, ValueError
        If its file may not be read, or is broken. A note says which file, and what to do.

    Examples
    --------
    >>> load_result("depth_experiment")["width"]
    100
    """
    path = Path(__file__).parent / f"{name}.json"
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        error.add_note(f"{path} {REINSTALL}")
        raise
