"""What the three benchmarks share."""

import json
import statistics
import sys
from importlib.util import find_spec


def require(*modules: str) -> None:
    """Leave with one sentence if a module that is only in a dependency group is missing."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        sys.exit(
            f"{', '.join(missing)} cannot be imported; install the group with "
            "`uv sync --group benchmarks`, or run with `uv run --group benchmarks python ...`"
        )


def median_ratio(left: list[float], right: list[float]) -> float:
    """Divide round by round, then take the median: what slows a whole round cancels out."""
    return statistics.median(a / b for a, b in zip(left, right, strict=True))


def print_json(name: str, figures: dict) -> None:
    """Print the last line of a benchmark: one JSON object, for programs to read."""
    print(json.dumps({name: figures}))
