"""Plant bugs, one at a time, and see which test notices each: uv run python tools/planted_bugs.py.

Names on the command line choose among the bugs. Each is planted in a fresh copy of the tracked
files and runs against the tests of its folder, and against the whole suite only if those pass.
Before that, all of these have to pass without a bug. What no test notices is MISSED.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Plant(NamedTuple):
    """A bug.

    Attributes
    ----------
    name : str
    folder : str
        Of `tests`: where it should be noticed.
    files : str
        A pattern; the old text occurs once in all the files that it matches.
    old, new : str
    """

    name: str
    folder: str
    files: str
    old: str
    new: str


TOPICS, WIDGETS, LABS = "mnist_edu/topics/*.py", "mnist_edu/widgets/*.*", "mnist_edu/labs/*.py"
EXERCISES = "mnist_edu/exercises/*.py"
HUB = "classroom/jupyterhub/jupyterhub_config.py"
IN_A_CELL, LINE = '    "def cosine(g):\\n",\n', '    "sizes = []\\n",\n'
OUTPUT = r"""   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "std of z: measured 0.0950, sigma times norm 0.0956\n"
     ]
    }
   ],"""

# fmt: off
PLANTS = [
    Plant("sign of the backward pass", "core", "mnist_edu/network.py",
          "dz @ params[l].W.T", "-dz @ params[l].W.T"),
    Plant("slope of ReLU at 0", "core", "mnist_edu/activations.py",
          "return (z > 0).astype(z.dtype)", "return (z >= 0).astype(z.dtype)"),
    Plant("softmax overflows", "core", "mnist_edu/activations.py",
          "return z - np.max(z, axis=axis, keepdims=True)", "return z"),
    Plant("sign in the gradient of cross-entropy", "core", "mnist_edu/losses.py",
          "dz[rows, y] -= 1", "dz[rows, y] += 1"),
    Plant("sign of the loss", "core", "mnist_edu/losses.py",
          "return -float(log_probs", "return float(log_probs"),
    Plant("log to base 2", "core", "mnist_edu/activations.py",
          "np.log(np.exp(shifted)", "np.log2(np.exp(shifted)"),
    Plant("He's variance by fan-out", "core", "mnist_edu/initializers.py",
          "n_out, 2 / n_in, dtype)", "n_out, 2 / n_out, dtype)"),
    Plant("last minibatch dropped", "core", "mnist_edu/data.py",
          "in range(0, len(X), batch_size)", "in range(0, len(X) - batch_size + 1, batch_size)"),
    Plant("same order every epoch", "core", "mnist_edu/data.py",
          "rng.permutation(len(X))", "np.random.default_rng(0).permutation(len(X))"),
    Plant("SHA-256 not compared", "core", "mnist_edu/data.py",
          "hashlib.sha256(data).hexdigest() != SHA256[name]", "name not in SHA256"),
    Plant("momentum of the other books", "core", "mnist_edu/training.py",
          "v += g\n", "v += (1 - beta) * g\n"),
    Plant("Adam's v not corrected", "core", "mnist_edu/training.py",
          "np.sqrt(v / (1 - beta2**t))", "np.sqrt(v)"),
    Plant("reports share the weights", "core", "mnist_edu/training.py",
          "_copy(current)", "current"),
    Plant("a loss of NaN not called diverged", "core", "mnist_edu/training.py",
          'if not math.isfinite(loss):\n        return "div',
          'if loss == math.inf:\n        return "div'),
    Plant("confusion matrix transposed", "core", "mnist_edu/metrics.py",
          "np.add.at(counts, (y_true, y_pred), 1)", "np.add.at(counts, (y_pred, y_true), 1)"),
    Plant("NaN holds", "core", "mnist_edu/equations.py",
          "if not (excess <= 0).all():", "if (excess > 0).any():"),
    Plant("the core imports Matplotlib", "core", "mnist_edu/metrics.py",
          "import numpy as np", "import numpy as np, matplotlib.pyplot"),
    Plant("expected factor of dz", "topics", TOPICS,
          "gain**2 * weights @ activation.grad(z)", "gain * weights @ activation.grad(z)"),
    Plant("Wilson's interval too wide", "topics", TOPICS, "share / (4 * n)", "share / (2 * n)"),
    Plant("calibration errors cancel", "topics", TOPICS,
          "np.abs(confidence - accuracy)", "(confidence - accuracy)"),
    Plant("occlusion too small", "topics", TOPICS, "<= side // 2", "< side // 2"),
    Plant("clinic tests weights of other pixels", "topics", TOPICS,
          "np.repeat(X.any(axis=0)", "np.tile(X.any(axis=0)"),
    Plant("decay without the learning rate", "topics", TOPICS,
          "W *= 1 - lr * decay", "W *= 1 - decay"),
    Plant("turns about a point off the centre", "topics", TOPICS,
          "MIDDLE = (SIDE - 1) / 2", "MIDDLE = SIDE / 2"),
    Plant("drawing a pixel off", "topics", TOPICS,
          "int(np.ceil(CENTRE - 0.5 - mean))", "int(CENTRE - mean)"),
    Plant("latest value does not win", "widgets", WIDGETS,
          "while self._do(self._work) or self._stale:", "if self._do(self._work) or self._stale:"),
    Plant("error in a lab swallowed", "widgets", WIDGETS,
          "self._screen.say(traceback.format_exc())", "pass"),
    Plant("slider's handler not through the loop", "widgets", WIDGETS,
          "self._loop.call_soon_threadsafe(self._do, action, *args)", "self._do(action, *args)"),
    Plant("explorer's picture without alt text", "widgets", WIDGETS,
          '"height": height, "alt": alt}', '"height": height}'),
    Plant("run goes on without its page", "widgets", WIDGETS, "self._views == 0", "False"),
    Plant("stale picture when limits change", "widgets", WIDGETS,
          "if still != self._still:", "if not self._still:"),
    Plant("dropped run not closed", "widgets", WIDGETS, "self._run.close()", "pass"),
    Plant("control without tooltip", "labs", LABS, '"Units in the hidden layer"', '""'),
    Plant("control without description", "labs", LABS, '"curvature c", 20', '"", 20'),
    Plant("loss of NaN draws nothing", "labs", LABS, "~(loss <= TOP)", "loss > TOP"),
    Plant("bars taller than the axes", "labs", LABS, "ylim=(0, 14)", "ylim=(0, 10)"),
    Plant("path begins outside the axes", "labs", LABS,
          "xlim=(-10.5, 10.5), ylim=(-3.5, 3.5)", "xlim=(-5.5, 5.5), ylim=(-3.5, 3.5)"),
    Plant("lab's run not seeded", "labs", LABS,
          "default_rng(0)\n        params = init_params([784, width, 10]",
          "default_rng()\n        params = init_params([784, width, 10]"),
    Plant("noise of draws with replacement", "labs", "mnist_edu/**/*.py",
          "/ B * (N - B) / (N - 1)", "/ B"),
    Plant("memory of z forgotten", "labs", LABS, "784 + 2 * width * depth", "784 + width * depth"),
    Plant("attack lowers the loss", "labs", LABS, "+ epsilon * signs[image]",
          "- epsilon * signs[image]"),
    Plant("nearly right is right", "exercises", EXERCISES,
          "right: object, tolerance: float = 1e-6) -> bool",
          "right: object, tolerance: float = 1) -> bool"),
    Plant("right answer refused", "exercises", EXERCISES,
          "expect_same(got, da2 + g @ W.T, hint)", "expect_same(got, da2 - g @ W.T, hint)"),
    Plant("answer may change its arguments", "exercises", EXERCISES,
          "given = copy.deepcopy(args)", "given = args"),
    Plant("wrong tag", "notebooks", "notebooks/04*.ipynb", r"\\tag{4.16}", r"\\tag{4.61}"),
    Plant("stored number changed", "notebooks", "notebooks/01*.ipynb",
          "83.07% with b, 64.99% without", "83.17% with b, 64.99% without"),
    Plant("output stripped", "notebooks", "notebooks/06*.ipynb", OUTPUT, '   "outputs": [],'),
    Plant("equation not checked", "notebooks", "notebooks/04*.ipynb",
          r'holds(\"4.17\", ', r'print(\"4.17\", '),
    Plant("cell of 20 lines", "notebooks", "notebooks/08*.ipynb",
          IN_A_CELL, 16 * LINE + IN_A_CELL),
    Plant("no summary", "notebooks", "notebooks/07*.ipynb", '"## Summary', '"## In short'),
    Plant("alt text unlike the text below", "notebooks", "notebooks/01*.ipynb",
          '"alt": "An image of a 3; the', '"alt": "An image of an 8; the'),
    Plant("conda's NumPy older", "repository", "environment.yml", "- numpy>=2.0", "- numpy>=1.26"),
    Plant("README's command", "repository", "README.md",
          "pip install uv\nuv run jupyter lab", "pip install uv\nuv run jupyterlab"),
    Plant("wheel without the digits", "repository", "pyproject.toml",
          'only-include = ["mnist_edu", "notebooks"]',
          'only-include = ["mnist_edu", "notebooks"]\nexclude = ["*.gz"]'),
    Plant("students get the solutions", "repository", "classroom/copies.py",
          r"| classroom/jupyterlab/.+\.(js|json)", r"| classroom/(jupyterlab|solutions)/.+"),
    Plant("hub with a short password", "repository", "classroom/jupyterhub/passwords.py",
          "if len(password) < SHORTEST[who]:", "if False:"),
    Plant("hub open to the network", "repository", HUB, "127.0.0.1:8000", "0.0.0.0:8000"),
    Plant("slider without a name", "browser", WIDGETS,
          'handle?.setAttribute("aria-label", text);', ""),
    Plant("alt text does not follow", "browser", WIDGETS,
          "seen.textContent = image.alt = words;", "seen.textContent = words;"),
    Plant("stroke not sent to the kernel", "browser", "mnist_edu/widgets/canvas.js",
          "model.save_changes();", ""),
    Plant("Delete does not clear", "browser", WIDGETS,
          'event.key === "Delete" || event.key === "Backspace"', 'event.key === "Backspace"'),
    Plant("second finger draws", "browser", WIDGETS, " || pointer !== null", ""),
    Plant("shown picture not told to the kernel", "browser", WIDGETS,
          "model.send({ shown: number,", "({ shown: number,"),
    Plant("playground's gradient without the batch's size", "browser", "docs/playground/network.js",
          "(o - (k === y[i] ? 1 : 0)) / n", "(o - (k === y[i] ? 1 : 0))"),
    Plant("opens on another notebook", "browser", "classroom/jupyterlab/jupyter_lab_config.json",
          "00_meet_the_digits", "01_network_structure"),
]
# fmt: on


def find(plant: Plant, root: Path) -> Path:
    """Return the only file that holds the old text, relative to root."""
    found = {path: path.read_text("utf-8").count(plant.old) for path in root.glob(plant.files)}
    if sum(found.values()) != 1:
        raise ValueError(f"{plant.name}: the old text occurs {sum(found.values())} times, not once")
    return max(found, key=found.__getitem__).relative_to(root)


@contextmanager
def copied(plant: Plant | None) -> Iterator[Path]:
    """Copy the tracked files of the project to a temporary folder, with a bug or without."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in filter(None, names):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
        if plant:
            path = copy / find(plant, copy)
            path.write_text(path.read_text("utf-8").replace(plant.old, plant.new), "utf-8")
        yield copy


def first_failure(copy: Path, tests: Sequence[str]) -> str:
    """Run tests, all if none are named, until one fails; return its id, or "" if all pass."""
    places = {
        "PYTHONPATH": str(copy),  # before the package that is installed
        "JUPYTER_CONFIG_PATH": str(copy / "classroom" / "jupyterlab"),
        "MPLCONFIGDIR": str(Path(tempfile.gettempdir(), "planted_bugs_matplotlib")),
    }
    where = [sys.executable, "-c", "import mnist_edu; print(mnist_edu.__file__)"]
    environment = os.environ | places
    package = subprocess.check_output(where, cwd=copy.parent, env=environment, text=True)
    if not Path(package).is_relative_to(copy):
        raise RuntimeError(f"the tests would import {package.strip()}, not the copy in {copy}")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "-p", "no:cacheprovider"]
    command += ["--ignore", "tests/repository/test_planted_bugs.py"]  # it misses the old text
    run = subprocess.run([*command, *tests], cwd=copy, env=environment, capture_output=True)
    if run.returncode == 0:
        return ""
    output = run.stdout.decode(errors="replace")
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", output, re.MULTILINE)
    if run.returncode not in (1, 2) or not failed:
        raise RuntimeError(f"pytest ended with {run.returncode}:\n{output[-2000:]}")
    return failed[1]


def tests_of(plant: Plant) -> list[str]:
    """Return the tests of a bug's folder; with them those within its file, if it has any."""
    file, folder = find(plant, ROOT).as_posix(), f"tests/{plant.folder}"
    if file.startswith("mnist_edu/") and file.endswith(".py"):
        return [file, folder]
    return [folder, file] if file.startswith("notebooks/") else [folder]


def main() -> None:
    """Read the command line."""
    chosen = [plant for plant in PLANTS if plant.name in sys.argv[1:] or not sys.argv[1:]]
    if unknown := set(sys.argv[1:]) - {plant.name for plant in chosen}:
        sys.exit(f"no such bug: {', '.join(unknown)}")
    noticed = 0
    with copied(None) as copy:
        if failed := first_failure(copy, sorted({t for plant in chosen for t in tests_of(plant)})):
            sys.exit(f"fails without a bug: {failed}")
    for plant in chosen:
        began = time.monotonic()
        with copied(plant) as copy:
            found = first_failure(copy, tests_of(plant))
            if not found and (elsewhere := first_failure(copy, [])):
                found = f"{elsewhere} (elsewhere)"
        noticed += bool(found)
        seconds = time.monotonic() - began
        print(f"{plant.folder:11}{plant.name:40}{seconds:4.0f} s  {found or 'MISSED'}", flush=True)
    print(f"{noticed} of {len(chosen)} noticed")


if __name__ == "__main__":
    main()
