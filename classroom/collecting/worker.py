"""Run the cells of one notebook, call its functions when the judge asks. Nothing here is trusted.

    python -m collecting.worker FOLDER SOCKET MEMORY SECONDS

is started by the judge, in the folder `classroom`.
"""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any

from collecting import isolation


def main() -> None:
    """Shut this process in, then do what the judge says."""
    folder, handle, memory, seconds = sys.argv[1:]
    course = find_spec("mnist_edu").submodule_search_locations
    readable = [Path(__file__).parent, *map(Path, course)]
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's & would ignore
    isolation.end_with_parent()
    isolation.lock_in(Path(folder), readable)
    isolation.limit(int(memory), float(seconds))
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import mnist_edu.exercises  # noqa: F401  so that it is known which names a notebook replaces
    from collecting.wire import Channel

    class Shell(InteractiveShell):
        def enable_gui(self, gui: str | None = None) -> None:
            """Have no windows, as a notebook has none."""

        system = InteractiveShell.system_raw  # for !ls; the usual one wants a terminal

    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    sys.path[0] = ""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    connection = socket.socket(fileno=int(handle))
    channel = Channel(connection)
    before = dict(callables())
    channel.send("ready")
    while True:
        kind, *rest = channel.receive()
        if kind == "run":
            channel.send(run(shell, loop, *rest))
        elif kind == "ask":
            ask(shell, channel, connection, *rest)
        else:
            now = callables()
            channel.send([name for name, value in now if before.get(name, value) is not value])


def run(shell: Any, loop: asyncio.AbstractEventLoop, number: int, source: str) -> str:
    """Run a cell; return which error it stops with, or nothing."""
    shell.execution_count = number  # it gets into the name of the code's file
    try:
        result = loop.run_until_complete(shell.run_cell_async(source, transformed_cell=source))
        error = result.error_before_exec or result.error_in_exec
    except BaseException as escaped:
        error = escaped
    if not error:
        return ""
    said = re.sub(r"<ipython-input[^>]*>, ", "", str(error))
    return f"{type(error).__name__}: {said}"[:200]


def ask(shell: Any, channel: Any, connection: socket.socket, code: str) -> None:
    """Have a copy of this process serve the calls of an answer, until the judge says it is enough.

    So an answer that never ends, or ends its process, takes nothing else with it.
    """
    _, handles, *_ = socket.recv_fds(connection, 1, 1)
    copy = os.fork()
    if not copy:
        try:
            connection.close()
            serve(socket.socket(fileno=handles[0]), code, shell.user_ns)
        finally:
            os._exit(0)
    os.close(handles[0])
    channel.receive()
    os.kill(copy, signal.SIGKILL)
    os.waitpid(copy, 0)
    channel.send("done")


def serve(connection: socket.socket, code: str, names: dict[str, Any]) -> None:
    """Say what the answer is, and call it as often as the judge wants."""
    from collecting.wire import Channel

    channel = Channel(connection)
    try:
        answer = eval(code, names)
    except BaseException as error:
        return channel.send("missing", f"{type(error).__name__}: {error}"[:200])
    if not callable(answer):
        return channel.send("value", answer)
    where = ()
    if isinstance(answer, FunctionType):
        of = answer.__code__
        cell = re.search(r"-(\d+)-", of.co_filename)
        where = (int(cell[1]) if cell else 0, of.co_name, of.co_firstlineno, answer.__doc__)
    channel.send("function", where)
    while True:
        channel.answer([answer], *channel.receive()[1:])


def callables() -> Iterator[tuple[str, Any]]:
    """Yield name and value of each function and class of the course, of NumPy, and built in."""
    for module in list(sys.modules):
        if module.split(".")[0] in ("mnist_edu", "numpy", "builtins"):
            for name, value in list(vars(sys.modules[module]).items()):
                if callable(value):
                    yield f"{module}.{name}", value


if __name__ == "__main__":
    main()
