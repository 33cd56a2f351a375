"""Mark one notebook: run its cells in a worker, ask `verdict` about stand-ins for its functions.

    python -m collecting.judge < task > findings

Both are JSON: the fields of `Task` and of `Findings`.
"""

import dataclasses
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, TracebackType
from typing import Any

import numpy as np

from collecting import isolation
from collecting.task import RIGHT, UNANSWERED, Asked, Cell, Findings, Task
from collecting.wire import GONE, LATE, Broken, Channel
from mnist_edu.exercises import EXERCISES, verdict

STARTS = 120  # seconds until a worker must be ready
GRACE = 10  # seconds for a cell to end after it is interrupted


class Worker:
    """The process that runs the cells, in a folder of its own."""

    def __init__(self, task: Task):
        self._folder = tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True)
        home = Path(self._folder.name)
        for name, path in task.files.items():
            shutil.copyfile(path, home / name)
        who: dict[str, Any] = {}
        if task.user:
            user = pwd.getpwnam(task.user)
            who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            for path in [home, *home.iterdir()]:
                os.chown(path, user.pw_uid, user.pw_gid)
        self.connection, theirs = socket.socketpair()
        command = [sys.executable, "-m", "collecting.worker", home, theirs.fileno()]
        command += [task.memory, 3 * task.seconds]
        self._process = subprocess.Popen(
            list(map(str, command)),
            env=_environment(home),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **who,
        )
        theirs.close()
        self.channel = Channel(self.connection)

    def interrupt(self) -> None:
        """Do what the stop button does."""
        self._process.send_signal(signal.SIGINT)

    def __enter__(self) -> "Worker":
        """Wait until it is ready."""
        self.channel.deadline = time.monotonic() + STARTS
        try:
            self.channel.receive()
        except Broken as error:
            self.__exit__(None, None, None)
            raise RuntimeError("Its process does not start.") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it, and all that it has started."""
        isolation.end_all_below()
        self._process.wait()
        self.connection.close()
        self._folder.cleanup()


class StandIn:
    """Is called as the student's function, which runs elsewhere; has its code, to be looked at."""

    def __init__(self, channel: Channel, code: CodeType | None, doc: str | None):
        self._channel = channel
        self.broken: Broken | None = None
        if code:
            self.__code__, self.__doc__ = code, doc

    @property
    def __class__(self) -> type:
        """What isinstance goes by."""
        return FunctionType if hasattr(self, "__code__") else StandIn

    def __call__(self, *args: Any) -> Any:
        """Have the function called."""
        try:
            result, after = self._channel.call(0, args)
        except Broken as error:
            self.broken = error
            raise
        _copy_changes(args, after)
        return result


def judge(task: Task) -> Findings:
    """Run all cells, mark all answers; a cell that ends the process is left out the next time."""
    findings, asked, left_out = Findings(), set(), set()
    left = task.seconds
    while True:
        with Worker(task) as worker:
            for cell in task.cells:
                if cell.number in left_out:
                    continue
                began = time.monotonic()
                try:
                    _run(worker, cell, min(left, task.seconds / 4), findings)
                    left -= time.monotonic() - began
                    for k, question in enumerate(cell.asked):
                        if (cell.number, k) not in asked and question.number in EXERCISES:
                            asked.add((cell.number, k))
                            said = _ask(worker, question, task)
                            _enter(findings.verdicts, question.number, said)
                except Broken as error:
                    left -= time.monotonic() - began
                    _remark(findings, f"Cell {cell.number} was left out: {error}.")
                    for question in cell.asked:
                        _enter(
                            findings.verdicts, question.number, f"Its cell was left out: {error}."
                        )
                    left_out.add(cell.number)
                    break
                if left <= 0:
                    _remark(findings, f"Stopped after cell {cell.number}: its time was over.")
                    return findings
            else:
                findings.replaced = _replaced(worker)
                return findings
        if left <= 0 or len(left_out) > 3:
            _remark(findings, f"Stopped after cell {cell.number}.")
            return findings


def _run(worker: Worker, cell: Cell, seconds: float, findings: Findings) -> None:
    channel = worker.channel
    channel.deadline = time.monotonic() + seconds
    channel.send("run", cell.number, cell.source)
    try:
        [error] = channel.receive()
    except Broken as broken:
        if str(broken) != LATE:
            raise
        worker.interrupt()
        channel.deadline = time.monotonic() + GRACE
        [error] = channel.receive()
        error = f"it was interrupted after {seconds:.0f} seconds"
    if error:
        _remark(findings, f"Cell {cell.number}: {error:.200}")


def _ask(worker: Worker, question: Asked, task: Task) -> str:
    """Ask verdict about an answer, which a process of its own holds ready."""
    ours, theirs = socket.socketpair()
    worker.channel.deadline = time.monotonic() + GRACE
    worker.channel.send("ask", question.answer)
    socket.send_fds(worker.connection, [b"-"], [theirs.fileno()])
    theirs.close()
    remote = Channel(ours, offers=True)
    remote.deadline = time.monotonic() + task.seconds / 4
    broken = None
    try:
        kind, described = remote.receive()
        if kind == "missing":
            said = f"There is no such answer ({described})."
        elif kind == "value":
            said = verdict(question.number, described)
        else:
            answer = StandIn(remote, *_code(task.cells, *described))
            said, broken = verdict(question.number, answer), answer.broken
    except Broken as error:
        said, broken = "", error
    ours.close()
    if broken:
        late = f"It does not end: stopped after {task.seconds / 4:.0f} seconds."
        said = {LATE: late, GONE: "It ends the kernel."}.get(str(broken), f"Called, {broken}.")
    worker.channel.deadline = time.monotonic() + GRACE
    worker.channel.send("enough")
    worker.channel.receive()
    return said


def _code(
    cells: list[Cell], number: int = 0, name: str = "", line: int = 0, doc: str | None = None
) -> tuple[CodeType | None, str | None]:
    """Find a function's code in the notebook's source; compiling does not run it."""
    for cell in cells:
        if cell.number == number:
            for code in _codes(compile(cell.source, "", "exec", 0x2000)):  # with top-level await
                if (code.co_name, code.co_firstlineno) == (name, line):
                    return code, doc
    return None, None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _copy_changes(given: Any, after: Any) -> None:
    """Do to the given arguments what was done to their copies."""
    if isinstance(given, np.ndarray) and isinstance(after, np.ndarray):
        if given.shape != after.shape:
            given.resize(after.shape, refcheck=False)
        given[...] = after
    elif isinstance(given, list) and isinstance(after, list) and len(given) != len(after):
        given[:] = after
    elif isinstance(given, list | tuple) and isinstance(after, list | tuple):
        for k, (mine, theirs) in enumerate(zip(given, after, strict=False)):
            _copy_changes(mine, theirs)
            if isinstance(given, list) and isinstance(theirs, int | float | str):
                given[k] = theirs


def _enter(verdicts: dict[str, str], number: str, said: str) -> None:
    """Keep what is said of an answer: one that is right stays so, a stub takes nothing back."""
    if verdicts.get(number) != RIGHT and (said != UNANSWERED or number not in verdicts):
        verdicts[number] = said


def _remark(findings: Findings, text: str) -> None:
    if text not in findings.remarks:
        findings.remarks.append(text)


def _replaced(worker: Worker) -> list[str]:
    """Ask which functions the notebook has replaced; it may lie, and gains nothing by it."""
    worker.channel.deadline = time.monotonic() + GRACE
    try:
        worker.channel.send("replaced")
        [names] = worker.channel.receive()
        names = sorted(map(str, names), key=lambda name: (not name.startswith("mnist_edu"), name))
        return [name[:100] for name in names[:5]]
    except (Broken, TypeError, ValueError):
        return []


def _environment(home: Path) -> dict[str, str]:
    """Return what a worker finds in its environment: nothing that is this user's own."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "OPENBLAS_CORETYPE", "SYSTEMROOT")
    kept_values = {name: os.environ[name] for name in kept if name in os.environ}
    folders = dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), str(home))
    return kept_values | folders | {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}


def main() -> None:
    """Read the task, write the findings."""
    isolation.adopt_orphans()
    isolation.end_with_parent()
    fields = json.load(sys.stdin)
    cells = [
        Cell(number, source, [Asked(*each) for each in asked])
        for number, source, asked in fields.pop("cells")
    ]
    try:
        findings = judge(Task(cells, **fields))
    finally:
        isolation.end_all_below()
    json.dump(dataclasses.asdict(findings), sys.stdout)


if __name__ == "__main__":
    main()
