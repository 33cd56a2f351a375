"""A class that hands in notebook 02: some are right, some are not, and some mean harm.

`write_class(folder)` writes the submissions; CLASS says what each of them is due.
"""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import NamedTuple

import nbformat

from classroom.collecting import isolation

IMPORTS = """
import os, signal, subprocess, sys, time
import numpy as np
from mnist_edu.activations import relu
from mnist_edu.exercises import check
"""
NAMES = {
    "2.5": "tanh_grad_from_activation",
    "2.6": "softmax_rows",
    "2.7": "dead_units",
    "2.8": "softplus",
    "2.9": "bump",
}
RIGHT = {
    "2.5": "def tanh_grad_from_activation(a):\n    return 1 - a**2",
    "2.6": """
        def softmax_rows(Z):
            E = np.exp(Z - Z.max(axis=1, keepdims=True))
            return E / E.sum(axis=1, keepdims=True)
    """,
    "2.7": "def dead_units(W, b, X):\n    return (X @ W + b <= 0).all(axis=0).sum()",
    "2.8": "def softplus(z):\n    return relu(z) + np.log1p(np.exp(-np.abs(z)))",
    "2.9": """
        def bump(x):
            return 10 * relu(x - 0.4) - 20 * relu(x - 0.5) + 10 * relu(x - 0.6)
    """,
}
STUB = {
    "2.5": 'def tanh_grad_from_activation(a):\n    """Return."""\n    # your code here',
    "2.6": 'def softmax_rows(Z):\n    """Return."""\n    # your code here',
    "2.7": 'def dead_units(W, b, X):\n    """Return."""\n    # your code here',
    "2.8": 'def softplus(z):\n    """Return."""\n    # your code here',
    "2.9": 'def bump(x):\n    """Return."""\n    # your code here',
}
WRONG = {
    "2.5": "def tanh_grad_from_activation(a):\n    return 1 - np.tanh(a) ** 2",
    "2.6": "def softmax_rows(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)",
    "2.7": "def dead_units(W, b, X):\n    return (X @ W + b < 0).all(axis=0).sum()",
    "2.8": "def softplus(z):\n    return np.log(1 + np.exp(z))",
    "2.9": "def bump(x):\n    return 0 * x",
}


class Student(NamedTuple):
    """What is handed in, and what is due."""

    file: str
    due: str  # a sign for each exercise: 1, 0, or - for not answered
    answers: Mapping[str, str] = MappingProxyType({})  # the others are right
    before: str = ""  # a cell before the answers
    amid: str = ""  # one after the first two of them
    after: str = ""  # one after them
    says: tuple[str, ...] = ()  # what the last column has to say
    data: bytes | None = None  # instead of a notebook
    prints_right: bool = False
    needs: int = 0  # the version of Landlock without which it cannot be kept from its harm


def only(*numbers, instead=STUB):
    """Return answers of which these alone are right."""
    return {number: code for number, code in instead.items() if number not in numbers}


HONEST = [
    Student("Ada Lovelace.ipynb", "11111"),
    Student("Jürgen Müller_4711_assignsubmission_file/02 meine Lösung.ipynb", "11111"),
    Student("学生.ipynb", "11---", only("2.5", "2.6")),
    Student("not begun.ipynb", "-----", STUB),
    Student("all wrong.ipynb", "00000", WRONG, says=("2.6:", "before exp", "tanh of a once more")),
    Student("=2+5.ipynb", "10111", {"2.6": WRONG["2.6"]}, says=("before exp",)),
    Student("@SUM(1).ipynb", "10110", {n: WRONG[n] for n in ("2.6", "2.9")}),
    Student(
        "its own helper.ipynb",
        "11111",
        {"2.5": "def tanh_grad_from_activation(a):\n    return square(a)"},
        before="def square(a):\n    return 1 - a**2",
    ),
    Student(
        "magic and await.ipynb",
        "11111",
        before="%matplotlib inline\nimport asyncio\nawait asyncio.sleep(0.01)\n!ls",
    ),
    Student(
        "a cell with a slip.ipynb",
        "1011-",
        {"2.6": "def softmax_rows(Z:\n    return Z", "2.9": STUB["2.9"]},
        says=("SyntaxError",),
    ),
    Student(
        "its own name.ipynb",
        "11111",
        {"2.5": "def mine(a):\n    return 1 - a**2\n\n\ntanh_grad_from_activation = mine"},
    ),
    Student(
        "no check left.ipynb",
        "11---",
        dict.fromkeys(("2.7", "2.8", "2.9"), "1 + 1"),
        says=("Without a check of its own: 2.7, 2.8, 2.9",),
    ),
]

HOSTILE = [
    Student(
        "prints right.ipynb",
        "0-111",
        {"2.5": WRONG["2.5"] + "\n\n\nprint('2.5: right.')", "2.6": STUB["2.6"]},
        after="print('2.6: right.')",
        says=("LOOK", "2.5, 2.6"),
        prints_right=True,
    ),
    Student(
        "redefines check.ipynb",
        "00011",
        {n: WRONG[n] for n in ("2.5", "2.6", "2.7")},
        before="def check(number, answer):\n    print(f'{number}: right.')",
        says=("LOOK", "its own check"),
    ),
    Student(
        "patches the course.ipynb",
        "0000-",
        {**WRONG, "2.9": STUB["2.9"]},
        before="""
            import mnist_edu.exercises, mnist_edu.exercises._check as inner
            mnist_edu.exercises.verdict = mnist_edu.exercises.check = lambda *given: "right."
            inner.verdict = inner.check = inner.same = lambda *given, **more: True
            for number, exercise in inner.EXERCISES.items():
                inner.EXERCISES[number] = exercise._replace(hints=lambda f: iter(()))
            np.allclose = np.array_equal = lambda *given, **more: True
            np.asarray = np.array
        """,
        says=("LOOK", "mnist_edu.exercises._check.verdict"),
    ),
    Student(
        "replaces what is built in.ipynb",
        "0011-",
        {"2.5": WRONG["2.5"], "2.6": WRONG["2.6"], "2.9": STUB["2.9"]},
        before="""
            import builtins
            builtins.isinstance = lambda *given: True
            builtins.sum = builtins.max = builtins.any = lambda *given: 1
        """,
    ),
    Student(
        "breaks its own process.ipynb",
        "11111",
        before="import json\njson.dumps = json.loads = None",
        says=("left out",),
    ),
    Student(
        "a cell never ends.ipynb", "11111", amid="while True:\n    pass", says=("interrupted",)
    ),
    Student(
        "a cell will not be stopped.ipynb",
        "11111",
        amid="""
            while True:
                try:
                    time.sleep(1)
                except BaseException:
                    pass
        """,
        says=("left out", "does not end"),
    ),
    Student(
        "an answer never ends.ipynb",
        "10111",
        {"2.6": "def softmax_rows(Z):\n    while True:\n        pass"},
        says=("2.6: It does not end",),
    ),
    Student(
        "fills the memory.ipynb",
        "10111",
        {"2.6": "def softmax_rows(Z):\n    return np.ones((1 << 40, len(Z)))"},
        amid="hoard = []\nwhile True:\n    hoard.append(np.zeros(100_000_000))",
        says=("MemoryError",),
    ),
    Student(
        "ends its kernel.ipynb",
        "10111",
        {"2.6": "def softmax_rows(Z):\n    os._exit(0)"},
        amid="os.kill(os.getpid(), signal.SIGKILL)",
        says=("left out", "ends its process", "2.6: It ends the kernel"),
    ),
    Student(
        "ends the judge.ipynb",
        "11111",
        before="os.kill(os.getppid(), signal.SIGKILL)",
        needs=6,
        says=("PermissionError",),
    ),
    Student(
        "speaks for the judge.ipynb",
        "0111-",
        {"2.5": WRONG["2.5"], "2.9": STUB["2.9"]},
        before="""
            said = '{"verdicts": {"2.5": "right.", "2.9": "right."}, "remarks": []}'
            with open(f"/proc/{os.getppid()}/fd/1", "w") as findings:
                findings.write(said)
        """,
        says=("PermissionError", "2.5: That takes tanh"),
        needs=1,
    ),
    Student(
        "writes elsewhere.ipynb",
        "11111",
        needs=1,
        before="""
            from pathlib import Path

            places = [PLACES]
            troubles = []
            for place in places:
                try:
                    Path(place).write_text("was here")
                except OSError as trouble:
                    troubles.append(trouble)
            assert len(troubles) == len(places), "a place was free"
            Path("mine").write_text("allowed")
        """,
    ),
    Student(
        "reads the solutions.ipynb",
        "01111",
        {
            "2.5": """
                import json
                told = json.load(open("SOLUTIONS"))
                exec("".join(told["cells"][3]["source"]))
            """
        },
        says=("PermissionError",),
        needs=1,
    ),
    Student(
        "starts others.ipynb",
        "11111",
        before="""
            for _ in range(20):
                subprocess.Popen([sys.executable, "-c", "import time; time.sleep(7777)"],
                                 start_new_session=True)
            for _ in range(20):
                if not os.fork():
                    os.setsid()
                    if os.fork():
                        os._exit(0)
                    time.sleep(7777)
        """,
    ),
    Student(
        "leaves by the door.ipynb",
        "10011",
        {
            "2.6": "def softmax_rows(Z):\n    raise SystemExit",
            "2.7": "def dead_units(W, b, X):\n    raise KeyboardInterrupt",
        },
        amid="sys.exit(0)",
        after="raise KeyboardInterrupt",
        says=("2.6: It stops with SystemExit", "2.7: It stops with KeyboardInterrupt"),
    ),
    Student(
        "says too much.ipynb",
        "11111",
        {"2.5": RIGHT["2.5"].replace("return", "print('x' * 10**8)\n    return")},
        amid="print('too much' * 15_000_000)\nsys.stderr.write('x' * 100_000_000)",
    ),
    Student(
        "forges messages.ipynb",
        "0----",
        {
            "2.5": """
                import socket, struct, json

                def tanh_grad_from_activation(a):
                    said = json.dumps(["right.", "right."]).encode()
                    for handle in map(int, os.listdir("/proc/self/fd")):
                        try:
                            os.write(handle, struct.pack(">QQ", len(said), 0) + said)
                        except OSError:
                            pass
                    return 0 * a
            """,
            **only("2.5"),
        },
        says=("2.5: ",),
    ),
    Student(
        "equals everything.ipynb",
        "00011",
        {
            "2.5": """
                class Always(np.ndarray):
                    def __eq__(self, other):
                        return True
                    def __array__(self, *given, **more):
                        raise SystemExit
                    def __reduce__(self):
                        return os.system, ("touch PLACE",)

                def tanh_grad_from_activation(a):
                    return (0 * a).view(Always)
            """,
            "2.6": """
                class Yes:
                    shape = (3, 3)
                    def __getattr__(self, name):
                        return self
                    def __call__(self, *given):
                        return self
                    __eq__ = __lt__ = __gt__ = lambda self, other: True

                def softmax_rows(Z):
                    return Yes()
            """,
            "2.7": "def dead_units(W, b, X):\n    return object()",
        },
    ),
    Student("no notebook.ipynb", "-----", data=b"%PDF-1.7 \xff\xfe", says=("not a notebook",)),
    Student("cut off.ipynb", "-----", data=b'{"cells": [{"cell_ty', says=("not a notebook",)),
    Student("deep.ipynb", "-----", data=b"[" * 100_000, says=("not a notebook",)),
]

CLASS = [each for each in HONEST + HOSTILE if each.needs <= isolation.landlock_version()]


def write_class(folder: Path, places: list[Path], solutions: Path) -> None:
    """Write all submissions; `places` are where some of them try to write."""
    for student in CLASS:
        path = folder / student.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if student.data is not None:
            path.write_bytes(student.data)
            continue
        sources = [IMPORTS, student.before]
        for number, name in NAMES.items():
            code = dedent(student.answers.get(number, RIGHT[number])).strip()
            unchecked = code == "1 + 1"
            sources.append(code if unchecked else f'{code}\n\n\ncheck("{number}", {name})')
            sources += [student.amid] * (number == "2.6")
        cells = [
            nbformat.v4.new_code_cell(
                dedent(source)
                .strip()
                .replace("PLACES", ", ".join(repr(str(place)) for place in places))
                .replace("PLACE", str(places[0]))
                .replace("SOLUTIONS", str(solutions))
            )
            for source in [*sources, student.after]
            if source
        ]
        if student.prints_right:
            said = "".join(f"{number}: right.\n" for number in NAMES)
            cells[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=said)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    (folder / "Jürgen Müller_4711_assignsubmission_file" / "slopes.csv").write_text("17,0.733\n")
