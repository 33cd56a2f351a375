"""Results of runs too long for a notebook, made by scripts in experiments/."""

import json
from pathlib import Path


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
    """
    return json.loads((Path(__file__).parent / f"{name}.json").read_text("utf-8"))
