"""What is kept between two runs, and the table of marks."""

import csv
import hashlib
import io
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from collecting.cells import Notebook
from collecting.task import RIGHT, UNANSWERED, Findings
from mnist_edu.exercises import EXERCISES

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """A student's marks."""

    name: str
    verdicts: dict[str, str]  # by exercise; none for an exercise that was not answered
    words: list[str]  # what went wrong


def row(name: str, notebook: Notebook | None, trouble: str, findings: Findings | None) -> Row:
    """Put together what is known of a submission; there are no findings until it is marked."""
    if findings is None:
        return Row(name, {}, ["Not marked yet."])
    verdicts = {number: said for number, said in findings.verdicts.items() if said != UNANSWERED}
    words = [f"{number}: {said}" for number, said in verdicts.items() if said != RIGHT]
    words = ([trouble] if trouble else []) + findings.remarks + words
    if notebook:
        seen = {question.number for cell in notebook.cells for question in cell.asked}
        lessons = {number.split(".")[0] for number in seen}
        lost = [n for n in EXERCISES if n.split(".")[0] in lessons and n not in seen]
        if not seen & EXERCISES.keys():
            words.append("No exercise of the course is checked in it.")
        if lost:
            words.append(f"Without a check of its own: {', '.join(lost)}.")
        untrue = [n for n in EXERCISES if n in notebook.says_right and verdicts.get(n) != RIGHT]
        if untrue:
            words.append(f"LOOK: the file says right, and this is not found: {', '.join(untrue)}.")
        if notebook.own_check:
            words.append("LOOK: it has its own check.")
    if findings.replaced:
        words.append(f"LOOK: it replaces {', '.join(findings.replaced)}.")
    return Row(name, verdicts, [_one_line(text) for text in words])


def columns(notebooks: list[Notebook | None]) -> list[str]:
    """Return all exercises of the lessons that occur."""
    seen = {
        question.number
        for notebook in notebooks
        if notebook
        for cell in notebook.cells
        for question in cell.asked
    }
    lessons = {number.split(".")[0] for number in seen & EXERCISES.keys()}
    return [number for number in EXERCISES if number.split(".")[0] in lessons]


def mark(row: Row, number: str) -> str:
    """Return 1 for right, 0 for answered, nothing for not answered."""
    said = row.verdicts.get(number)
    return "" if said is None else "1" if said == RIGHT else "0"


def table(rows: list[Row], numbers: list[str]) -> str:
    """Return the CSV; a cell that a spreadsheet would take for a formula gets a ' in front."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["student", *numbers, "words"])
    for each in rows:
        marks = [mark(each, number) for number in numbers]
        writer.writerow([_harmless(each.name), *marks, _harmless(" | ".join(each.words))])
    return "\ufeff" + text.getvalue()  # by which Excel knows UTF-8


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\s]+", " ", text).strip()


def write(path: Path, text: str) -> None:
    """Write a file so that there is the old one, or the whole new one, whatever happens."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o600)  # marks are nobody else's business
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


class Kept:
    """What has been found so far, in a file of its own: a run that was killed loses none of it.

    Parameters
    ----------
    path : of the file
    checks : str
        Says by which checks: what was found by others is not used.
    """

    def __init__(self, path: Path, checks: str):
        self._path = path
        self._kept: dict[str, Any] = {"checks": checks, "findings": {}, "begun": {}, "written": []}
        if path.exists():
            try:
                kept = json.loads(path.read_text(encoding="utf-8"))
                written = list(kept["written"])
            except (ValueError, KeyError, TypeError, OSError) as error:
                raise ValueError(f"{path} is there already, and not from an earlier run") from error
            self._kept["written"] = written
            if kept["checks"] == checks:
                self._kept = kept

    def findings(self, key: str) -> Findings | None:
        """Return what was found in a submission, if it was marked."""
        found = self._kept["findings"].get(key)
        return Findings(**found) if found else None

    def begun(self, key: str) -> int:
        """Return how often its marking was begun, and came to no end."""
        return self._kept["begun"].get(key, 0)

    def begin(self, key: str) -> None:
        """Remember that it is being marked."""
        self._kept["begun"][key] = self.begun(key) + 1
        self._save()

    def end(self, key: str, findings: Findings | None) -> None:
        """Remember what was found; None if its marking was given up by the teacher."""
        self._kept["begun"].pop(key, None)
        if findings:
            self._kept["findings"][key] = vars(findings)
        self._save()

    def refuse_foreign(self, path: Path) -> None:
        """Raise a FileExistsError if a file is there that no run has written as it is now."""
        if path.exists() and _hash(path.read_bytes()) not in self._kept["written"]:
            raise FileExistsError(
                f"{path} is there already, and not as an earlier run has written it; "
                "move it away, or choose another name"
            )

    def write(self, path: Path, text: str) -> None:
        """Write one of the results."""
        self.refuse_foreign(path)
        self._kept["written"] = [*self._kept["written"][-9:], _hash(text.encode())]
        self._save()
        write(path, text)

    def _save(self) -> None:
        write(self._path, json.dumps(self._kept))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
