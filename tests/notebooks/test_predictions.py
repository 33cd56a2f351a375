"""The answer to a Predict is out of sight until the student asks for it."""

import ast
import re
from itertools import takewhile

import nbformat
import pytest

from tests.notebooks.figures import figures, printed_figures
from tests.notebooks.reading import LAB, calls, code_cells, each_notebook, printed, read

GIVEN = {"01": ("83.07 %",)}  # what a question takes from an earlier notebook
MOST = 12  # in a notebook: whoever asks more asks for less thought
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
EQUATION = re.compile(r"\(\d+\.\d+\)|\\tag\{[^}]*\}")
HOLDS = re.compile(r"(\(\d+\.\d+\) holds\n)*")


def is_folded(cell):
    return cell.metadata.get("jupyter", {}).get("outputs_hidden", False)


def tells(cell):
    """Tell whether a code cell's outputs can answer: those of labs and checks do not."""
    is_lab = any(LAB.fullmatch(name) for name, _ in calls(cell.source))
    return not is_lab and not HOLDS.fullmatch("".join(map(printed, cell.outputs)))


def literals(source):
    """Return the strings, but for the tags of equations, and the numbers of a piece of code."""
    values = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    tags = {call.args[0].value for name, call in calls(source) if name == "holds"}
    strings = [value for value in values if isinstance(value, str) and value not in tags]
    return strings, [value for value in values if isinstance(value, int | float)]


def in_sight(markdown):
    return EQUATION.sub(" ", DETAILS.sub(" ", markdown))


def known(cells):
    """Return the values, without signs, of the figures in cells that stand above a Predict."""
    texts = [cell.source for cell in cells]
    texts += [printed(output) for cell in cells for output in cell.get("outputs", [])]
    return {abs(figure.value) for text in texts for figure in printed_figures(text)}


def giveaways(text, shown, settings):
    """Return the figures of a text that are shown as an answer and were not known before."""
    return [
        one.text
        for one in figures(text)
        if abs(one.value) not in settings
        and any(one.value == other.value or is_rounded(one, other) for other in shown)
    ]


def is_rounded(one, other):
    """Tell whether a decimal fraction, or percentage, is another with two digits or more."""
    digits = re.sub(r"e.*|\D", "", one.text).lstrip("0")
    return one.unit < 1 and len(digits) > 1 and one.rounds(other)


def first_line(cell):
    """Return what JupyterLab leaves in sight of folded outputs."""
    return "".join(map(printed, cell.outputs[:1])).split("\n")[0]


def early_figures(above, question, answers, below, given):
    """Return where a figure of the answers is in sight that stands in no cell above."""
    shown = [
        figure
        for cell in answers
        if tells(cell)
        for output in cell.outputs
        for figure in printed_figures(printed(output))
    ]
    numbers = {number for cell in answers for number in literals(cell.source)[1]}
    asked = figures(in_sight(question.source))
    settings = known(above) | numbers | {figure.value for figure in asked if figure.unit == 1}
    settings |= {figure.value for text in given for figure in figures(text)}
    found = [f"asks with {one}" for one in giveaways(in_sight(question.source), shown, settings)]
    settings |= {abs(figure.value) for figure in asked}
    places = [("a string has", text) for cell in answers for text in literals(cell.source)[0]]
    places += [("its line in sight has", first_line(cell)) for cell in answers if is_folded(cell)]
    places += [("in sight below:", cell.source) for cell in below]
    for place, text in places:
        found += [f"{place} {one}" for one in giveaways(in_sight(text), shown, settings)]
    return found


def prediction_problems(notebook, given=()):
    """Return what tells the answer to a Predict too early."""
    cells, problems, answering = notebook.cells, [], []
    asking = [n for n, cell in enumerate(cells) if "**Predict" in cell.source]
    if len(asking) > MOST:
        problems.append(f"{len(asking)} Predicts")
    for n in asking:
        question, after = cells[n], cells[n + 1 :]
        answers = list(takewhile(lambda cell: cell.cell_type == "code", after))
        answering += answers
        found = [
            f"its answer is not folded: {cell.source[:60]!r}"
            for cell in answers
            if tells(cell) and not is_folded(cell)
        ]
        if question.source.count("**Predict") > 1:
            found.append("more than one in a cell")
        if not answers and "<details>" not in question.source:
            found.append("no cell and no <details> answers it")
        below = after[len(answers) : len(answers) + 1]
        found += early_figures(cells[:n], question, answers, below, given)
        start = question.source.index("**Predict")
        problems += [f"{question.source[start : start + 60]!r}: {problem}" for problem in found]
    for cell in code_cells(notebook):
        if is_folded(cell) and not any(cell is answer for answer in answering):
            problems.append(f"folded, but it answers no Predict: {cell.source[:60]!r}")
    return problems


@each_notebook
def test_no_answer_is_in_sight_before_it_is_asked_for(path):
    assert prediction_problems(read(path), GIVEN.get(path.stem[:2], ())) == []


QUESTION = "**Predict:** which part of the 64 images is read correctly?"
CODE = 'X, lr = images[:300], 0.1\nprint("rate  right")\nprint(f"{lr} {right:.1%}")'
OUTPUT = "rate  right\n0.1 88.0%\n300 images"
ANSWER = "So it is.\n\n<details><summary>What happened</summary>\n\n88 % of 300.\n</details>"


def notebook_of(question=QUESTION, code=CODE, output=OUTPUT, below=ANSWER, folded=True):
    output = nbformat.v4.new_output("stream", text=output)
    metadata = {"jupyter": {"outputs_hidden": True}} if folded else {}
    answer = nbformat.v4.new_code_cell(code, outputs=[output], metadata=metadata)
    cells = [nbformat.v4.new_markdown_cell(question), answer, nbformat.v4.new_markdown_cell(below)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    "notebook",
    [
        notebook_of(),
        notebook_of(below="It takes 300 of them, or 64."),
        notebook_of(output="(1.10) holds\n(1.11) holds\n", folded=False),
        notebook_of(code="some_lab(x)", folded=False),
        notebook_of(below="By (88.0) it does."),
        notebook_of(output="(3.10) holds\n88.0%\n"),
        notebook_of(output="of 300 images\n88.0%\n"),
    ],
)
def test_an_answer_out_of_sight_is_accepted(notebook):
    assert prediction_problems(notebook) == []


@pytest.mark.parametrize(
    ("notebook", "said"),
    [
        (notebook_of(folded=False), "not folded"),
        (notebook_of(output="88.0% right\n"), "its line in sight has 88.0%"),
        (notebook_of(question=f"{QUESTION} Or 88 %?"), "asks with 88 %"),
        (notebook_of(question=f"{QUESTION} **Predict,** too"), "more than one"),
        (notebook_of(code='print(f"{rate} 88.0% of 64")'), "a string has 88.0%"),
        (notebook_of(below="Some 88 % it is."), "in sight below: 88 %"),
        (notebook_of(below="That is 0.88."), "in sight below: 0.88"),
        (notebook_of(question="How many?"), "answers no Predict"),
    ],
)
def test_an_answer_in_sight_is_noticed(notebook, said):
    (problem,) = prediction_problems(notebook)
    assert said in problem


def test_a_predict_without_an_answer_is_noticed():
    cells = [nbformat.v4.new_markdown_cell(text) for text in (QUESTION, ANSWER)]
    (problem,) = prediction_problems(nbformat.v4.new_notebook(cells=cells))
    assert "no cell" in problem


def test_too_many_predicts_are_noticed():
    answered = f"{QUESTION}\n\n<details>All.</details>"
    cells = [nbformat.v4.new_markdown_cell(answered) for _ in range(MOST + 1)]
    assert prediction_problems(nbformat.v4.new_notebook(cells=cells)) == ["13 Predicts"]
