import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import mnist_edu

PACKAGE = Path(mnist_edu.__file__).parent
CORE_FILES = sorted(set(PACKAGE.glob("*.py")) - {PACKAGE / "__init__.py"})
CORE = [path.stem for path in CORE_FILES if path.stem != "_checks"]
LAYERS = ["core", "topics", "widgets", "labs"]  # each may import itself and those before it
ALL_FILES = sorted(PACKAGE.rglob("*.py"))

every_core_file = pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: path.stem)
every_file = pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)


def nodes(path, *kinds):
    return [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kinds)
    ]


def imported(path):
    """Return the dotted names of the modules that a file imports."""
    names = {alias.name for node in nodes(path, ast.Import) for alias in node.names}
    return names | {"." * node.level + (node.module or "") for node in nodes(path, ast.ImportFrom)}


def code_lines(source):
    """Count the lines that are neither blank, comment nor docstring."""
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (*layout, tokenize.ENDMARKER):
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_code_is_counted_without_docstrings_comments_and_blank_lines():
    source = '''"""Two

    lines."""

# no
x = [  # yes
    1,

]

def f():
    """No."""
    return """Yes
    """
'''
    assert code_lines(source) == 6


def test_the_core_is_about_500_lines_of_code():
    assert sum(code_lines(path.read_text("utf-8")) for path in CORE_FILES) <= 510


def test_importing_the_core_loads_neither_figures_nor_widgets_nor_what_only_training_needs():
    imports = ", ".join(f"mnist_edu.{name}" for name in CORE)
    result = subprocess.run(
        [sys.executable, "-P", "-c", f"import {imports}, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in result.stdout.split()}
    assert {"numpy", "mnist_edu"} <= loaded
    unwanted = {"matplotlib", "ipywidgets", "anywidget", "IPython", "scipy", "threadpoolctl"}
    assert not unwanted & loaded


@every_core_file
def test_the_core_imports_itself_numpy_and_threadpoolctl_alone(path):
    core = {f"mnist_edu.{name}" for name in [*CORE, "_checks"]}
    others = imported(path) - core
    allowed = {*sys.stdlib_module_names, "numpy", "threadpoolctl"}
    assert {name.partition(".")[0] for name in others} <= allowed


def layer_of(module):
    """Return the folder that a module of the package is in, "core" for the root."""
    name = [*module.split("."), "data"][1]
    return name if (PACKAGE / name).is_dir() else "core"


@every_file
def test_imports_point_from_labs_to_widgets_to_topics_to_the_core(path):
    here = path.relative_to(PACKAGE).parts
    layer = here[0] if len(here) > 1 else "core"
    if layer not in LAYERS:
        return
    used = {layer_of(name) for name in imported(path) if name.startswith("mnist_edu")}
    above = {*LAYERS[LAYERS.index(layer) + 1 :], "exercises"}
    assert not used & (above | ({"stored_results"} if layer == "core" else set()))


def test_the_map_of_the_package_names_every_module_of_the_core_and_every_folder():
    found = {*CORE, *(path.name for path in PACKAGE.iterdir() if path.is_dir())} - {"__pycache__"}
    assert {name for name in found if f"{name}" not in mnist_edu.__doc__} == set()


THREADS = {"_thread", "concurrent", "joblib", "multiprocessing", "subprocess", "threading"}
NETWORK = {"http", "requests", "socket", "socketserver", "ssl", "urllib"}
UNSAFE = {"ctypes", "pickle", "shelve"}


@every_file
def test_no_threads_processes_network_or_pickle(path):
    modules = {name.partition(".")[0] for name in imported(path)}
    assert not modules & (THREADS | NETWORK | UNSAFE)


@every_file
def test_no_star_imports(path):
    names = [alias.name for node in nodes(path, ast.ImportFrom) for alias in node.names]
    assert "*" not in names


@every_file
def test_random_numbers_come_from_a_generator_only(path):
    used = {
        node.attr
        for node in nodes(path, ast.Attribute)
        if isinstance(node.value, ast.Attribute) and node.value.attr == "random"
    }
    assert used <= {"Generator", "default_rng"}
    assert "random" not in imported(path)


def public(path, *kinds):
    """Return the functions or classes of a module whose names have no underscore in front."""
    body = ast.parse(path.read_text("utf-8")).body
    return [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]


@pytest.mark.parametrize("name", CORE)
def test_every_public_function_has_an_example_that_runs(name):
    for function in public(PACKAGE / f"{name}.py", ast.FunctionDef):
        docstring = ast.get_docstring(function) or ""
        examples = docstring.partition("Examples\n--------\n")[2]
        assert ">>> " in examples, function.name


@pytest.mark.parametrize("name", CORE)
def test_every_public_class_and_its_public_methods_say_what_they_are(name):
    for cls in public(PACKAGE / f"{name}.py", ast.ClassDef):
        methods = [node for node in cls.body if isinstance(node, ast.FunctionDef)]
        for node in [cls, *(method for method in methods if not method.name.startswith("_"))]:
            assert ast.get_docstring(node), node.name
