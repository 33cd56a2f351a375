"""A test run, and the kernels it starts, keep Matplotlib's and IPython's files to themselves."""

import os
import sys

# JupyterHub does not run on Windows.
collect_ignore = ["tests/repository/test_classroom_hub.py"] if sys.platform == "win32" else []


def pytest_configure(config):
    if config.getoption("dist", "no") != "no":
        return  # the workers do the work, each in folders and on a core of its own
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    for variable, name in (("MPLCONFIGDIR", "matplotlib"), ("IPYTHONDIR", "ipython")):
        folder = config.rootpath / ".pytest_cache" / worker / name
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault(variable, str(folder))
    if worker:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
