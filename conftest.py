"""A test run, and the kernels it starts, keep to themselves: files, and a core for each worker."""

import os
import sys
from pathlib import Path

# JupyterHub, and collecting, do not run on Windows.
ON_UNIX = ["tests/repository/test_classroom_hub.py", "tests/repository/test_collect.py"]
collect_ignore = ON_UNIX if sys.platform == "win32" else []

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if WORKER:  # before NumPy is imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_configure(config):
    if config.getoption("dist", "no") != "no":
        return  # the workers do the work
    for variable, name in (("MPLCONFIGDIR", "matplotlib"), ("IPYTHONDIR", "ipython")):
        folder = config.rootpath / ".pytest_cache" / WORKER / name
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault(variable, str(folder))


def pytest_xdist_auto_num_workers(config):
    """Start no workers for the tests of one file: they would all be in one."""
    one_file = len(config.args) == 1 and Path(config.args[0].partition("::")[0]).is_file()
    return 0 if one_file else None  # None: as many as there are cores
