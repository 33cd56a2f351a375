"""The slopes that a class finds in notebook 7, one per student, as a teacher writes them down."""

import math
from pathlib import Path


def read_slopes(path: str | Path) -> dict[int, float]:
    r"""Read a class's file: on each line a seed, a comma, and the slope that it gave.

    Empty lines are passed over, and a first line that says `seed,slope`.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    dict of int to float
        The slope of each seed.

    Raises
    ------
    FileNotFoundError
    ValueError
        If a line holds anything else, if a slope is 1 or more (then somebody wrote down the gain),
        if a seed comes twice, or if there are fewer than two.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "slopes.csv"
    ...     _ = path.write_text("seed,slope\n0,0.707\n17,0.733\n", "utf-8")
    ...     read_slopes(path)
    {0: 0.707, 17: 0.733}
    """
    slopes: dict[int, float] = {}
    text = Path(path).read_text("utf-8-sig", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        fields = [field.strip() for field in line.split(",")]
        if fields == [""] or (number == 1 and fields == ["seed", "slope"]):
            continue
        seed, slope = _pair(fields, f"{path}, line {number}", line)
        if seed in slopes:
            raise ValueError(f"{path}, line {number}: seed {seed} comes a second time.")
        if slope >= 1:
            raise ValueError(
                f"{path}, line {number}: {slope:g} looks like a gain. The slope of its dots is "
                f"1 / {slope:g} = {1 / slope:.3f}."
            )
        slopes[seed] = slope
    if len(slopes) < 2:
        raise ValueError(f"{path}: a spread needs two slopes or more, and here is {len(slopes)}.")
    return slopes


def _pair(fields: list[str], place: str, line: str) -> tuple[int, float]:
    try:
        seed, slope = int(fields[0]), float(fields[1])
        if len(fields) == 2 and seed >= 0 and 0 < slope < math.inf:
            return seed, slope
    except (ValueError, IndexError):
        pass
    raise ValueError(
        f"{place}: expected a seed, a comma and a slope above 0, such as 17,0.733, not {line!r}."
    )
