"""What mnist_edu costs: milliseconds to import, seconds to load, memory, notebook by notebook.

Import: fresh processes, a bare `import numpy` and one that then imports the core of mnist_edu as
well, take turns; the figure is the median of the differences. Loading: `load_mnist()`, in fresh
processes too. Memory: what belongs to a Jupyter kernel alone (its unique set size, the pages that
no other process shares), once it is idle; once it has loaded MNIST and trained 784-128-10 in
float64 for an epoch on the uint8 pixels of the 50 000 training images, the reports kept; and, for
each notebook, once a fresh kernel has run all of its cells. A notebook with more than 250 MB makes
the script fail, with status 1.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tools.measuring import require, warn_if_busy

require("ipykernel", "nbclient", "psutil")

import nbformat  # noqa: E402
import psutil  # noqa: E402
from nbclient import NotebookClient  # noqa: E402

from tools.store_outputs import NOTEBOOKS  # noqa: E402

IMPORT_NUMPY = "import numpy"
IMPORT_CORE = """
import numpy
from mnist_edu import data, activations, losses, initializers, network
from mnist_edu import gradient_check, equations, training, metrics
"""
LOAD = """
import time
from mnist_edu.data import load_mnist
start = time.perf_counter()
load_mnist()
print(time.perf_counter() - start)
"""
TRAIN = """
import numpy as np
from mnist_edu.data import load_mnist
from mnist_edu.network import init_params
from mnist_edu.training import train
mnist = load_mnist()
rng = np.random.default_rng(0)
params = init_params([784, 128, 10], rng)
reports = list(train(params, *mnist.train, rng=rng, epochs=1))
"""
ROUNDS = 20
MOST_MB = 250  # of a kernel that has run a whole notebook


def run(code: str) -> tuple[float, bytes]:
    """Run code in a fresh process; return the seconds it took and what it printed."""
    start = time.perf_counter()
    process = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - start, process.stdout


def kernel_mb(cells: list[str], folder: Path) -> float:
    """Return the unique set size of a fresh kernel that has run some cells, in MB."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        kernel = psutil.Process(client.km.provisioner.pid)
        return kernel.memory_full_info().uss / 1e6


def notebook_mb(path: Path) -> float:
    """Return the unique set size of a fresh kernel that has run a whole notebook, in MB."""
    cells = nbformat.read(path, as_version=4).cells
    return kernel_mb([cell.source for cell in cells if cell.cell_type == "code"], path.parent)


def main() -> None:
    warn_if_busy()
    imports, loads = [], []
    for number in range(ROUNDS + 1):  # the first round, which reads the files, is not counted
        bare, _ = run(IMPORT_NUMPY)
        core, _ = run(IMPORT_CORE)
        _, load = run(LOAD)
        if number > 0:
            imports.append(core - bare)
            loads.append(float(load))
    figures = {
        "import_ms": round(statistics.median(imports) * 1000, 1),
        "load_seconds": round(statistics.median(loads), 3),
        "idle_kernel_mb": round(kernel_mb(["pass"], NOTEBOOKS), 1),
        "trained_kernel_mb": round(kernel_mb([TRAIN], NOTEBOOKS), 1),
    }
    print(f"import of the core, beyond NumPy  {figures['import_ms']:8.1f} ms")
    print(f"load_mnist()                      {figures['load_seconds']:8.3f} s")
    print(f"kernel, idle                      {figures['idle_kernel_mb']:8.1f} MB")
    print(f"kernel, after loading, training   {figures['trained_kernel_mb']:8.1f} MB")
    notebooks = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        number = path.name[:2]
        notebooks[number] = round(notebook_mb(path), 1)
        print(f"kernel, after notebook {number}         {notebooks[number]:8.1f} MB", flush=True)
    print(json.dumps({"notebook_kernel_mb": notebooks} | figures))
    heavy = [number for number, size in notebooks.items() if size > MOST_MB]
    if heavy:
        sys.exit(f"more than {MOST_MB} MB after notebook {', '.join(heavy)}")


if __name__ == "__main__":
    main()
