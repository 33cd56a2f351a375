"""Mark the notebooks that students have handed in.

    uv run python classroom/collect.py submissions -o marks.csv

runs every notebook of the folder, and asks `verdict` about each answer. Beside marks.csv it writes
marks.html, an overview with the most common hints of the class, and marks.state.json, by which the
same command goes on where it was stopped. What it keeps notebooks from doing, and what not, is said
in classroom/grading.md.
"""

import argparse
import functools
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import matplotlib.font_manager
from tqdm import tqdm

if sys.platform == "win32":
    sys.exit("collect.py: it does not run on Windows; use WSL, the Windows Subsystem for Linux")
import pwd

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT / "classroom")
from collecting import isolation, page  # noqa: E402
from collecting.folder import Submission, submissions  # noqa: E402
from collecting.marks import Kept, columns, row, table  # noqa: E402
from collecting.task import Findings  # noqa: E402

GIVEN_UP = Findings(
    remarks=["Marking it has twice ended the whole program. It is not run again: look at it."]
)


def arguments() -> argparse.Namespace:
    """Read the command line; a wrong argument is answered in a sentence."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="with the notebooks, in folders or not")
    parser.add_argument("-o", "--output", type=Path, required=True, help="such as marks.csv")
    parser.add_argument(
        "--seconds", type=int, default=240, help="for the cells of a notebook (240)"
    )
    parser.add_argument("--memory", type=float, default=4, help="of a notebook, in GB (4)")
    parser.add_argument("--jobs", type=int, default=1, help="notebooks run at a time (1)")
    parser.add_argument("--as-user", metavar="NAME", help="who runs them; takes root")
    given = parser.parse_args()
    if not given.folder.is_dir():
        parser.error(f"{given.folder} is not a folder")
    if given.output.suffix != ".csv" or not given.output.parent.is_dir():
        parser.error(f"{given.output} should end with .csv, in a folder that is there")
    if given.output.resolve().is_relative_to(given.folder.resolve()):
        parser.error("the marks should not lie among the submissions")
    if given.seconds < 4 or given.memory < 1 or given.jobs < 1:
        parser.error("--seconds takes 4 or more, --memory and --jobs 1 or more")
    if given.as_user:
        if os.getuid() or given.jobs > 1:
            parser.error("--as-user takes root, and a single job, lest notebooks reach each other")
        try:
            pwd.getpwnam(given.as_user)
        except KeyError:
            parser.error(f"there is no user {given.as_user}")
    return given


def mark(submission: Submission, given: argparse.Namespace) -> Findings:
    """Have a process of its own mark a submission; whatever becomes of it, there are findings."""
    if submission.notebook is None:
        return Findings()
    cells = submission.notebook.cells
    task = {
        "cells": cells,
        "files": submission.files | font_list(),
        "seconds": given.seconds,
        "memory": int(given.memory * 2**30),
        "user": given.as_user,
    }
    questions = sum(len(cell.asked) for cell in cells)
    judge = subprocess.Popen(
        [sys.executable, "-m", "collecting.judge"],
        cwd=ROOT / "classroom",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        most = 2 * given.seconds + questions * (given.seconds / 4 + 30) + 600
        said, trouble = judge.communicate(json.dumps(task), timeout=most)
        return Findings(**json.loads(said))
    except subprocess.TimeoutExpired:
        isolation.end_all_below(judge.pid)
        return Findings(remarks=["It could not be marked: it did not come to an end."])
    except (ValueError, TypeError):
        last = (trouble.strip().splitlines() or ["its judge was ended"])[-1]
        return Findings(remarks=[f"It could not be marked: {last:.200}"])
    finally:
        judge.kill()
        judge.wait()


@functools.cache
def font_list() -> dict[str, str]:
    """Return Matplotlib's list of fonts, which takes each notebook seconds to make otherwise."""
    matplotlib.font_manager.findfont("sans")
    return {
        path.name: str(path) for path in Path(matplotlib.get_cachedir()).glob("fontlist-*.json")
    }


def checks() -> str:
    """Return what changes with the exercises' checks."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "mnist_edu" / "exercises").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def mark_all(found: list[Submission], kept: Kept, given: argparse.Namespace) -> None:
    """Mark what is not marked yet; a notebook at which a run has ended comes last."""
    lock = threading.Lock()
    todo = {each.key: each for each in found if kept.findings(each.key) is None}
    stopped = threading.Event()

    def mark_one(submission: Submission) -> None:
        if stopped.is_set():
            return
        with lock:
            if kept.begun(submission.key) >= 2:
                kept.end(submission.key, GIVEN_UP)
                return
            kept.begin(submission.key)
        findings = mark(submission, given)
        with lock:
            kept.end(submission.key, None if stopped.is_set() else findings)

    with (
        ThreadPoolExecutor(given.jobs) as pool,
        tqdm(total=len(found), initial=len(found) - len(todo), unit="notebook") as bar,
    ):
        order = sorted(todo.values(), key=lambda each: kept.begun(each.key))
        running = [pool.submit(mark_one, each) for each in order]
        try:
            for future in as_completed(running):
                future.result()
                bar.update()
        except BaseException:
            stopped.set()
            raise


def write_results(found: list[Submission], kept: Kept, given: argparse.Namespace) -> None:
    """Write table and overview."""
    notebooks = [each.notebook for each in found]
    rows = [row(each.name, each.notebook, each.trouble, kept.findings(each.key)) for each in found]
    numbers = columns(notebooks)
    kept.write(given.output, table(rows, numbers))
    title = f"{given.folder.resolve().name}: {len(rows)} notebooks"
    names = page.names_of_answers(notebooks)
    html = page.overview(title, rows, numbers, names, isolation.said(given.as_user))
    kept.write(given.output.with_suffix(".html"), html)


def main() -> None:
    """Read, mark, write."""
    given = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    isolation.adopt_orphans()
    print(isolation.said(given.as_user), file=sys.stderr)
    try:
        kept = Kept(given.output.with_suffix(".state.json"), checks())
        for suffix in (".csv", ".html"):
            kept.refuse_foreign(given.output.with_suffix(suffix))
        found = submissions(given.folder)
        if not found:
            raise ValueError(f"there is no notebook in {given.folder}")
        stopped = None
        try:
            mark_all(found, kept, given)
        except KeyboardInterrupt:
            stopped = "Stopped. The same command goes on from here."
        write_results(found, kept, given)
    except (ValueError, OSError) as error:
        sys.exit(f"collect.py: {error}")
    print(f"{given.output}, {given.output.with_suffix('.html')}")
    sys.exit(stopped)


if __name__ == "__main__":
    main()
