"""A test run, and the kernels it starts, keep Matplotlib's and IPython's files to themselves."""

import os


def pytest_configure(config):
    os.environ.setdefault("MPLCONFIGDIR", str(config.cache.mkdir("matplotlib")))
    os.environ.setdefault("IPYTHONDIR", str(config.cache.mkdir("ipython")))
