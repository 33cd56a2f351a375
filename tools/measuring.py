"""What the benchmarks share."""

import json
import os
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


def warn_if_busy() -> None:
    """Say so if other programs are at work: threads that wait for each other then measure those."""
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > 0.5:
        print(
            f"The machine is busy (load {os.getloadavg()[0]:.1f}): figures at the default number "
            "of threads, above all, will not mean much.",
            file=sys.stderr,
        )


def median_ratio(left: list[float], right: list[float]) -> float:
    """Divide round by round, then take the median: what slows a whole round cancels out."""
    return statistics.median(a / b for a, b in zip(left, right, strict=True))


def print_json(name: str, figures: dict) -> None:
    """Print the last line of a benchmark: one JSON object, for programs to read."""
    print(json.dumps({name: figures}))
