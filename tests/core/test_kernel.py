"""Training in a real Jupyter kernel, interrupted as a student does it with the stop button."""

import pytest
from jupyter_client.manager import start_new_kernel

PREPARE = """
import numpy as np
from mnist_edu.data import load_mnist
from mnist_edu.network import init_params
from mnist_edu.training import train
from threadpoolctl import threadpool_info

mnist = load_mnist()
rng = np.random.default_rng(0)
params = init_params([784, 128, 10], rng)
threads = [library["num_threads"] for library in threadpool_info()]
"""
TRAIN = """
reports = []
for report in train(params, *mnist.train, rng=rng, epochs={epochs}, report_every=10):
    reports.append(report)
    print("step", report.step, flush=True)
"""
LOOK = """
assert [library["num_threads"] for library in threadpool_info()] == threads
assert [report.step for report in reports] == list(range(10, 10 * len(reports) + 1, 10))
print(len(reports) >= 3 and np.isfinite(reports[-1].params[0].W).all() and reports[-1].loss < 2.3)
"""


@pytest.fixture
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    """Run a cell and return what it printed; fail if it raised."""
    printed = []

    def keep(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    reply = client.execute_interactive(code, timeout=60, output_hook=keep)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(printed)


def test_an_interrupted_run_leaves_its_reports_and_a_kernel_that_trains_again(kernel):
    manager, client = kernel
    run(client, PREPARE)

    def interrupt_at_step_30(message):
        if "step 30\n" in message["content"].get("text", ""):
            manager.interrupt_kernel()

    reply = client.execute_interactive(
        TRAIN.format(epochs=1000), timeout=60, output_hook=interrupt_at_step_30
    )
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert run(client, LOOK) == "True\n"
    assert "step 782" in run(client, TRAIN.format(epochs=1))
