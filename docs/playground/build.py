"""Write the playground as one file, docs/_build/html/playground/index.html, that needs no other."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np

from mnist_edu.data import Split, load_mnist
from mnist_edu.stored_results import load_result

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "_build" / "html" / "playground" / "index.html"
TRAINING, VALIDATION = 2048, 512  # as in data.js
IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.[\w/]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?:const|class|(?:async )?function\*?) (\w+)", re.MULTILINE)


def main() -> None:
    """Build the page and say how large it is."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    print(f"{PAGE.relative_to(HERE.parent.parent)}: {PAGE.stat().st_size / 1000:.0f} kB")


def page() -> str:
    """Return the whole page: its template, filled."""
    parts = {
        "style.css": (HERE / "style.css").read_text("utf-8"),
        "worker.js": bundle("worker.js"),
        "page.js": bundle("page.js"),
        "digits": digits(),
        "map": json.dumps(stored_map(), separators=(",", ":")),
    }
    template = (HERE / "index.html").read_text("utf-8")
    return re.sub(r"/\* ([\w.]+) \*/", lambda match: parts[match[1]], template)


def bundle(name: str) -> str:
    """Return a module of this folder, and before it all that it imports, as one script."""
    done: list[str] = []
    scripts: list[str] = []

    def add(path: Path) -> None:
        if path.stem in done:
            return
        source = path.read_text("utf-8")
        for _, imported in IMPORT.findall(source):
            add((path.parent / imported).resolve())
        done.append(path.stem)
        body = IMPORT.sub(lambda match: f"const {match[1]} = {Path(match[2]).stem}_;", source)
        exports = ", ".join(EXPORT.findall(body))
        body = re.sub(r"^export ", "", body, flags=re.MULTILINE)
        scripts.append(f"const {path.stem}_ = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();")

    add(HERE / name)
    return "\n".join(scripts)


def digits() -> str:
    """Return pixels and labels, one byte each, deflated and in base64."""
    mnist = load_mnist()
    splits = [Split(*(part[:n] for part in split)) for split, n in (
        (mnist.train, TRAINING), (mnist.validation, VALIDATION)
    )]  # fmt: skip
    pixels = np.concatenate([smaller(split.images) for split in splits])
    labels = np.concatenate([split.labels.astype(np.uint8) for split in splits])
    packed = zlib.compress(pixels.tobytes() + labels.tobytes(), 9)
    return base64.b64encode(packed).decode()


def smaller(images: np.ndarray) -> np.ndarray:
    """Return images (N, 784) as (N, 196): each pixel the mean of two by two, rounded to a byte."""
    means = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    return np.rint(means).astype(np.uint8).reshape(-1, 196)


def stored_map() -> dict:
    """Return notebook 07's map of depth and gain: mean accuracy of its seeds, and the best rate."""
    result = load_result("initialization_map")
    activations = {
        name: {
            "accuracy": np.mean(result[name]["accuracy"], axis=2).round(1).tolist(),
            "rate": result[name]["rate"],
        }
        for name in ("relu", "tanh")
    }
    return {"depths": result["depths"], "gains": result["gains"], "activations": activations}


if __name__ == "__main__":
    main()
