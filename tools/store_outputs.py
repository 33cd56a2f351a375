"""Execute every notebook and store its outputs: uv run python tools/store_outputs.py.

Notebooks named on the command line are executed alone. What is stored holds no widget state, no
times and no versions, so two runs give the same bytes. Outputs that are stored folded stay so.
"""

import base64
import io
import sys
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
UNSEEN, RARE = 8, 0.002  # more than so few pixels off by more than that of 255 may be seen


def execute(path: Path) -> None:
    """Run a notebook from top to bottom and write it back, tidied."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute()
    tidy(notebook)
    nbformat.write(notebook, path)


def tidy(notebook: NotebookNode) -> None:
    """Drop, in place, all that differs from run to run or that only a running kernel can show."""
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        folded = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
        cell.metadata = {"jupyter": {"outputs_hidden": True}} if folded else {}
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET_VIEW, None)
            if "image/png" in data:
                png = compact(base64.b64decode(data["image/png"]))
                data["image/png"] = base64.b64encode(png).decode()


def compact(png: bytes) -> bytes:
    """Give a picture a palette of 256 colours, if nobody will see the difference."""
    drawn = Image.open(io.BytesIO(png))
    if drawn.mode == "P":
        return png
    colours = drawn.convert("RGB")
    few = colours.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    apart = np.abs(np.subtract(colours, few.convert("RGB"), dtype=int)).max(axis=2)
    if np.mean(apart > UNSEEN) > RARE:
        return png
    buffer = io.BytesIO()
    few.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    for path in [Path(name) for name in sys.argv[1:]] or sorted(NOTEBOOKS.glob("*.ipynb")):
        print(path.name)
        execute(path)
