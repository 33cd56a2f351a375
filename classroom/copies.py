"""Write a copy of the course for students, without the solutions, and one for teachers.

    uv run python classroom/copies.py ../course

makes ../course/students and ../course/teachers. Both install and test as the README says; the
students' tests leave out those of the solutions.
"""

import argparse
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEVER = [".git", ".venv", "uv.lock", "dist", "_build", "*.slides.html", "__pycache__"]
NEVER += [".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"]
TELLING = ["solutions", "wrong.py", "wrong_*.py", "test_exercises.py", "test_copies.py"]
TELLING += ["test_collect.py", "test_collecting_a_class.py", "a_class.py"]


def write_copies(destination: Path) -> None:
    """Write destination/students and destination/teachers; neither may be there yet."""
    destination = destination.resolve()
    if destination.is_relative_to(ROOT):
        raise ValueError(f"{destination} lies in the course itself; expected a place outside")
    for name, left_out in (("students", NEVER + TELLING), ("teachers", NEVER)):
        shutil.copytree(ROOT, destination / name, ignore=shutil.ignore_patterns(*left_out))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("destination", type=Path, help="a folder outside the course")
    try:
        write_copies(parser.parse_args().destination)
    except (FileExistsError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
