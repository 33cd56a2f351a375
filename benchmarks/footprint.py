"""What mnist_edu costs before anything is learned: milliseconds to import, seconds to load, memory.

Import: fresh processes, a bare `import numpy` and one that then imports the core of mnist_edu as
well, take turns; the figure is the median of the differences. Loading: `load_mnist()`, in fresh
processes too. Memory: what belongs to a Jupyter kernel alone (its unique set size, private clean
plus private dirty pages), once it is idle, and once it has loaded MNIST and trained 784-128-10 in
float64 for an epoch on the uint8 pixels of the 50 000 training images, the reports kept. Linux
says how much that is; elsewhere memory is left out.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from tools.measuring import print_json, require, warn_if_busy

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


def run(code):
    """Run code in a fresh process; return the seconds it took and what it printed."""
    start = time.perf_counter()
    process = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - start, process.stdout


def unique_set_size(pid):
    """Return the bytes of memory that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    private = [line for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))]
    return sum(int(line.split()[1]) for line in private) * 1024


def kernel_memory():
    """Return the unique set size of a Jupyter kernel, idle and after training, in MB."""
    from jupyter_client import KernelManager

    manager = KernelManager(transport="ipc")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready()
        sizes = []
        for code in ("", TRAIN):
            reply = client.execute_interactive(code)["content"]
            if reply["status"] != "ok":
                sys.exit(f"the kernel failed: {reply['evalue']}")
            sizes.append(unique_set_size(manager.provisioner.pid) / 1e6)
        return sizes
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def main():
    on_linux = sys.platform == "linux"
    if on_linux:
        require("jupyter_client", "ipykernel")
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
    }
    print(f"import of the core, beyond NumPy  {figures['import_ms']:8.1f} ms")
    print(f"load_mnist()                      {figures['load_seconds']:8.3f} s")
    if on_linux:
        idle, trained = kernel_memory()
        figures |= {"idle_kernel_mb": round(idle, 1), "trained_kernel_mb": round(trained, 1)}
        print(f"kernel, idle                      {idle:8.1f} MB")
        print(f"kernel, after loading, training   {trained:8.1f} MB")
    else:
        print("memory is not measured: it is read from /proc/<pid>/smaps_rollup, on Linux only")
    print_json("footprint", figures)


if __name__ == "__main__":
    main()
