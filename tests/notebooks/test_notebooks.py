"""What every stored notebook has to keep to; that its outputs are right is what nbval checks."""

import ast
import base64
import copy
import io
import re
import statistics
import sys
from itertools import pairwise

import nbformat
import pytest
from PIL import Image

from tests.notebooks.reading import (
    DISPLAYED,
    TAG,
    calls,
    code_cells,
    each_notebook,
    outputs,
    paths,
    read,
)
from tools.store_outputs import NOTEBOOKS, tidy

EXPECTED = [
    "00_meet_the_digits.ipynb",
    "01_network_structure.ipynb",
    "02_activation_functions.ipynb",
    "03_softmax_cross_entropy.ipynb",
    "04_backpropagation.ipynb",
    "05_gradient_checking.ipynb",
    "06_he_initialization.ipynb",
    "07_initialization_lab.ipynb",
    "08_training.ipynb",
    "09_analysing_results.ipynb",
    "10_how_far_can_it_go.ipynb",
]
ALLOWED_IMPORTS = {"matplotlib", "mnist_edu", "numpy"} | sys.stdlib_module_names
SPEAKING = "holds|print|show|self_test|.*_explorer|.*_lab"  # what leaves an output in its cell


def checked_tags(source):
    """Return the first arguments of the calls of holds: they have to be literals."""
    return [ast.literal_eval(call.args[0]) for name, call in calls(source) if name == "holds"]


def equation_problems(notebook):
    """Return what is wrong with the displayed equations and their checks."""
    problems = []
    cells = [*notebook.cells, nbformat.v4.new_code_cell("")]
    for cell, following in pairwise(cells):
        if cell.cell_type != "markdown":
            continue
        tags = []
        for display in DISPLAYED.findall(cell.source):
            rows = re.split(r"\\\\(?!\w)", display) if r"\begin{align}" in display else [display]
            tags += TAG.findall(display)
            problems += [f"no tag: {row.strip()}" for row in rows if len(TAG.findall(row)) != 1]
            if r"\begin{aligned}" in display:
                problems.append(f"aligned in place of align: {display.strip()}")
        if r"\tag" in DISPLAYED.sub("", cell.source) or r"\[" in cell.source:
            problems.append(f"displayed without $$: {cell.source}")
        checked = checked_tags(following.source) if following.cell_type == "code" else []
        if tags != checked:
            problems.append(f"displayed {tags}, but the next code cell checks {checked}")
    return problems


def test_the_notebooks_are_the_expected_ones():
    assert [path.name for path in paths] == EXPECTED


def test_the_readme_leads_to_every_notebook():
    readme = (NOTEBOOKS.parent / "README.md").read_text("utf-8")
    assert re.findall(r"\(notebooks/([^)]*)\)", readme) == EXPECTED


@each_notebook
def test_it_is_stored_tidily(path):
    notebook = read(path)
    nbformat.validate(notebook)
    tidied = copy.deepcopy(notebook)
    tidy(tidied)
    assert notebook == tidied
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info


@each_notebook
def test_its_cells_were_run_in_order(path):
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_outputs_are_stored_wherever_a_cell_speaks(path):
    for cell in code_cells(read(path)):
        names = {name for name, _ in calls(cell.source)}
        *_, last = ast.parse(cell.source).body
        shown = isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call)
        if shown or any(re.fullmatch(SPEAKING, name) for name in names):
            assert cell.outputs, cell.source


@each_notebook
def test_no_output_is_an_error_or_a_warning(path):
    for output in outputs(read(path)):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"


@each_notebook
def test_no_path_of_a_machine_is_stored(path):
    assert not re.search(r"/(home|root|tmp|work|Users)/|[A-Z]:\\\\", path.read_text("utf-8"))


@each_notebook
def test_every_picture_has_an_alt_text_that_is_also_below_it(path):
    stored = outputs(read(path))
    for output, below in zip(stored, [*stored[1:], None], strict=True):
        if "image/png" in output.get("data", {}):
            alt = output.metadata["image/png"]["alt"]
            assert len(alt) > 10
            assert output.data["text/plain"] == "Figure."
            assert below.data["text/plain"] == alt


@each_notebook
def test_every_picture_is_twice_as_fine_as_it_is_shown(path):
    for output in outputs(read(path)):
        if "image/png" in output.get("data", {}):
            drawn = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
            shown = output.metadata["image/png"]
            assert drawn.size == (2 * shown["width"], 2 * shown["height"])


def test_the_notebooks_stay_small_enough_to_clone_and_to_open():
    assert sum(path.stat().st_size for path in paths) < 15e6


@each_notebook
def test_its_cells_are_short(path):
    notebook = read(path)
    lengths = [len(re.findall(r"^.", cell.source, re.MULTILINE)) for cell in code_cells(notebook)]
    assert max(lengths[1:]) <= 15  # the first imports
    assert statistics.median(lengths) <= 4
    assert 0.5 <= len(lengths) / (len(notebook.cells) - len(lengths)) <= 2


@each_notebook
def test_its_imports_come_first_and_are_of_few_packages(path):
    first, *rest = code_cells(read(path))
    for cell in rest:
        nodes = ast.walk(ast.parse(cell.source))
        assert not [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in ast.walk(ast.parse(first.source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
            assert node.names[0].name != "*"
        else:
            continue
        assert {name.split(".")[0] for name in names} <= ALLOWED_IMPORTS


@each_notebook
def test_it_has_the_parts_that_every_notebook_has(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    number = int(path.name[:2])
    assert text.startswith(f"# {number} · ")
    for part in ("**You will**", "**You need**", "**Time:**", "**Predict:**", "\n## Summary"):
        assert part in text, part
    assert len(re.findall(rf"^\*\*{number}\.\d+\*\*", text, re.MULTILINE)) >= 5, "exercises"
    assert text.count("<details>") == text.count("</details>") > 0


@each_notebook
def test_every_displayed_equation_is_checked_by_the_next_code_cell(path):
    assert equation_problems(read(path)) == []


def test_each_tag_is_used_once_in_the_whole_series():
    tags = [tag for path in paths for cell in read(path).cells for tag in TAG.findall(cell.source)]
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize(
    ("equation", "check"),
    [
        (r"$$a = b \tag{1.1}$$", "print(1)"),
        (r"$$a = b \tag{1.1}$$", 'holds("1.2", a, b)'),
        (r"$$a = b$$", "print(1)"),
        (r"\[a = b \tag{1.1}\]", 'holds("1.1", a, b)'),
        (r"$$\begin{align} a &= b \tag{1.1} \\ &= c \end{align}$$", 'holds("1.1", a, b)'),
        (r"$$\begin{aligned} a &= b \tag{1.1} \end{aligned}$$", 'holds("1.1", a, b)'),
        ("no equation", 'holds("1.1", a, b)'),
    ],
)
def test_an_unchecked_equation_is_noticed(equation, check):
    cells = [nbformat.v4.new_markdown_cell(equation), nbformat.v4.new_code_cell(check)]
    assert equation_problems(nbformat.v4.new_notebook(cells=cells))


def test_a_checked_equation_is_accepted():
    equations = r"$$\begin{align} a &= b \tag{1.1} \\ &= c \tag{1.2} \end{align}$$"
    cells = [
        nbformat.v4.new_markdown_cell(equations),
        nbformat.v4.new_code_cell('holds("1.1", a, b)\nholds("1.2", b, c)'),
    ]
    assert equation_problems(nbformat.v4.new_notebook(cells=cells)) == []
