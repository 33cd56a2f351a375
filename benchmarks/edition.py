"""Run All of each notebook in the browser edition, in Chromium, beside a native kernel: seconds.

Each notebook is opened in a browser that knows nothing yet and run at once, so that the start of
its Python counts: wall-clock seconds from the address to the last cell, and the CPU seconds that
the browser used for it (on quiet cores more, for it compiles while Python runs). Native: the same
notebook in a fresh Jupyter kernel, started right after. With --store the table is written to
docs/lite/seconds.json, from which the edition's notebooks say how long they take.
"""

import argparse
import datetime
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tools.measuring import print_json, require, warn_if_busy

require("nbclient", "playwright", "psutil")

import nbformat  # noqa: E402
import psutil  # noqa: E402
from nbclient import NotebookClient  # noqa: E402

from tools.edition import LITE, NOTEBOOKS, build_edition, open_in_edition, run_all_in_edition, serve  # noqa: E402
from tools.jupyterlab import ROOT, chromium, new_page  # noqa: E402

STORE = LITE / "seconds.json"
MOST = 1800  # seconds for a notebook
SCREEN = {"width": 1366, "height": 900}


def main() -> None:
    """Run the notebooks that were asked for, print the table, and store it if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("numbers", nargs="*", help="such as 00 07; without any, all are run")
    parser.add_argument("--store", action="store_true", help=f"write {STORE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    unknown = {number for number in arguments.numbers if number not in {n[:2] for n in NOTEBOOKS}}
    if unknown:
        sys.exit(f"No notebook begins with {', '.join(sorted(unknown))}.")
    warn_if_busy()
    table = {}
    with tempfile.TemporaryDirectory() as folder, serve(build_edition(Path(folder))) as address:
        for stem, name in NOTEBOOKS.items():
            if not arguments.numbers or stem[:2] in arguments.numbers:
                table[stem] = in_browser(address, name) | natively(name)
                print(f"{stem:28s} {line(table[stem])}", flush=True)
                if arguments.store:
                    store({stem: table[stem]})
    print_json("edition", table)


def in_browser(address: str, name: str) -> dict[str, float]:
    """Return the seconds that a notebook takes in a fresh page, and those of CPU."""
    load = os.getloadavg()[0]
    with chromium() as browser, new_page(browser, viewport=SCREEN) as page:
        begin, cpu = time.perf_counter(), cpu_of_children()
        open_in_edition(page, address, name)
        run_all_in_edition(page, MOST)
        seconds, cpu = time.perf_counter() - begin, cpu_of_children() - cpu
    return {"browser": round(seconds, 1), "browser_cpu": round(cpu, 1), "load": round(load, 1)}


def natively(name: str) -> dict[str, float]:
    """Return the seconds that the notebook takes in a kernel of this machine, and those of CPU."""
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    client = NotebookClient(notebook, timeout=MOST)
    with client.setup_kernel():
        begin, kernel = time.perf_counter(), psutil.Process(client.km.provisioner.pid)
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
        seconds = time.perf_counter() - begin
        cpu = kernel.cpu_times()
    return {"native": round(seconds, 1), "native_cpu": round(cpu.user + cpu.system, 1)}


def cpu_of_children() -> float:
    """Return the CPU seconds that the processes this one has started have used."""
    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return sum(taken.user + taken.system for taken in times)


def line(seconds: dict[str, float]) -> str:
    """Return one notebook's figures as text."""
    return "  ".join(f"{name} {value:6.1f}" for name, value in seconds.items())


def store(table: dict[str, dict[str, float]]) -> None:
    """Put figures in the place of those stored for the same notebooks."""
    stored = json.loads(STORE.read_text("utf-8"))
    stored["measured"] = datetime.date.today().isoformat()
    stored["notebooks"].update(table)
    STORE.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
