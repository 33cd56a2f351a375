"""Make a lesson: notebook, worksheet, answer key, slides, script and seeds, ready to teach.

    uv run python classroom/make_lesson.py depth ../lesson

writes them into ../lesson, which may not be there yet. classroom/lessons/depth.yaml says which
cells of the numbered notebooks the lesson is made of, what is asked, and what the teacher says; its
numbers are read from the notebooks' stored outputs, or computed.
"""

import argparse
import ast
import contextlib
import functools
import importlib.util
import io
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jinja2
import matplotlib
import mistune
import nbformat
import ruff
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).parent
LESSONS = HERE / "lessons"
NOTEBOOKS = HERE.parent / "notebooks"
PAPERS = [  # a page each, by the file's name, its template, and what it is
    ("worksheet", "worksheet.html", "worksheet"),
    ("teacher/answer_key", "worksheet.html", "answer key"),
    ("teacher/cards", "cards.html", "cards for the quick"),
]
SEEDS = range(40)  # thirty students, and ten to spare
AGAIN = "MAKE_LESSON_AGAIN"  # in the environment of the second start
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"

sys.path.insert(0, str(HERE))
from slides import to_slides  # noqa: E402


class LessonError(Exception):
    """What is wrong with a lesson's file."""


def lessons() -> dict[str, str]:
    """Return the title of each lesson, by its name."""
    return {path.stem: _read(path)["title"] for path in sorted(LESSONS.glob("*.yaml"))}


def _read(path: Path) -> dict:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LessonError(f"{path} is not YAML: {error}") from None


# -- What a lesson is made of ------------------------------------------------------------------


@functools.cache
def notebook(number: str) -> NotebookNode:
    """Return the numbered notebook, as it is stored."""
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    return nbformat.read(path, as_version=4)


def find_cell(place: str) -> NotebookNode:
    """Return the cell at a place such as "07 cell-03": the notebook's number, the cell's id."""
    number, _, name = place.partition(" ")
    for cell in notebook(number).cells:
        if cell.id == name:
            return cell
    raise LessonError(f"notebook {number} has no cell {name!r}")


def output_text(cell: NotebookNode) -> str:
    """Return what a cell prints, or the text of a Markdown cell."""
    if cell.cell_type == "markdown":
        return cell.source
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs]
    return "\n".join(texts)


def result_cell(title: str, place: str) -> NotebookNode:
    """Return a slide with a cell's stored picture, or with what the cell has printed."""
    cell = find_cell(place)
    words = output_text(cell).strip()
    pictures = [o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {})]
    if not pictures:
        return new_markdown_cell(f"## {title}\n\n```\n{words}\n```")
    alt = words.splitlines()[-1].replace("[", "(").replace("]", ")")
    files = {"picture.png": {"image/png": pictures[0]}}
    return new_markdown_cell(f"## {title}\n\n![{alt}](attachment:picture.png)", attachments=files)


def _run(cells: list[dict]) -> dict[str, object]:
    """Run code cells of notebooks, one after the other, and return the names that they define."""
    names: dict[str, object] = {"math": math, "SEEDS": SEEDS}
    with matplotlib.rc_context(), contextlib.redirect_stdout(io.StringIO()):
        for item in cells:
            exec(item["code"] if "code" in item else used_cell(item).source, names)
    return names


def read_lesson(name: str) -> dict:
    """Return a lesson with its facts looked up and filled in."""
    raw = _read(LESSONS / f"{name}.yaml")
    facts = _run(raw.pop("run"))
    for key, fact in raw.pop("facts").items():
        if "compute" in fact:
            facts[key] = eval(fact["compute"], facts)
            continue
        text = output_text(find_cell(fact["cell"]))
        if "all" in fact:
            facts[key] = " ".join(re.findall(fact["all"], text))
            continue
        found = re.findall(fact["find"], text)
        if len(found) != 1:
            raise LessonError(f"{key}: {fact['find']!r} fits {len(found)} times, expected once")
        facts[key] = float(found[0]) if re.fullmatch(r"[\d.]+", found[0]) else found[0]
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)

    def fill(value: object) -> object:
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        return environment.from_string(value).render(facts) if isinstance(value, str) else value

    lesson = fill(raw)
    minutes = 0
    for step in lesson["steps"]:
        step["begins"], step["ends"] = minutes, minutes + step["minutes"]
        minutes = step["ends"]
    asked = [item["predict"] for item in items(lesson) if "predict" in item]
    for number, predict in enumerate(asked, start=1):
        predict["number"] = number
    values = [raw["seeds"]["shown"] % value for value in eval(raw["seeds"]["value"], facts)]
    lesson |= {"name": name, "minutes": minutes, "predicts": asked, "facts": facts}
    lesson["values"] = list(zip(SEEDS, values, strict=True))
    return lesson


def items(lesson: dict) -> Iterator[dict]:
    """Yield all that the notebook's steps consist of, in order."""
    for step in lesson["steps"]:
        yield from step.get("page", [])


# -- The notebook ------------------------------------------------------------------------------


def _paragraphs(source: str) -> list[str]:
    """Return the paragraphs of a Markdown cell; a folded answer is one, and is left out."""
    shown = re.sub(r"<details>.*?</details>\n*", "", source, flags=re.DOTALL)
    return [part for part in re.split(r"\n{2,}", shown.strip()) if part]


def used_cell(item: dict) -> NotebookNode:
    """Return a copy of the cell that an item names: no outputs, no answers, what it drops."""
    cell = find_cell(item["use"])
    source = cell.source
    for old, new in item.get("replace", {}).items():
        if source.count(old) != 1:
            raise LessonError(f"{item['use']} has {old!r} {source.count(old)} times, not once")
        source = source.replace(old, new)
    if cell.cell_type == "code":
        hidden = ["outputs_hidden"] if "outputs_hidden" in cell.metadata.get("jupyter", {}) else []
        hidden += ["source_hidden"] if item.get("hide") else []
        look = {"jupyter": dict.fromkeys(hidden, True)} if hidden else {}
        return new_code_cell(source, metadata=look)
    parts = _paragraphs(source)
    for start in item.get("drop", []):
        found = [part for part in parts if part.startswith(start)]
        if len(found) != 1:
            raise LessonError(
                f"{item['use']} has {len(found)} paragraphs that begin with {start!r}, not one"
            )
        parts.remove(found[0])
    text = "\n\n".join(parts)
    return new_markdown_cell(re.sub(r"^## ", "### ", text, flags=re.MULTILINE))


def first_cell(numbers: list[str], drop: list[str]) -> str:
    """Return the first code cells of notebooks as one: all imports, then the rest, each once."""
    imports, rest = [], []
    for number in numbers:
        source = find_cell(f"{number} cell-01").source
        for node in ast.parse(source).body:
            kind = imports if isinstance(node, ast.Import | ast.ImportFrom) else rest
            kind.append(ast.get_source_segment(source, node))
    kept = [line for line in dict.fromkeys(rest) if not line.startswith(tuple(drop))]
    return "\n".join([*dict.fromkeys(imports), "", *kept])


def _ask(predict: dict, step: str = "###") -> str:
    options = "".join(f"\n- **{letter}** {text}" for letter, text in predict["options"].items())
    return f"{step} Predict {predict['number']}\n\n{predict['ask']}\n{options}"


def lesson_notebook(lesson: dict) -> NotebookNode:
    """Return the students' notebook: nothing computed, and all but the first step folded."""
    cells = [new_markdown_cell(f"# {lesson['title']}\n\n{lesson['first_screen']}")]
    for number, step in enumerate(lesson["steps"]):
        if "page" not in step:
            continue
        folded = {"jp-MarkdownHeadingCollapsed": True} if number else {}
        cells.append(new_markdown_cell(f"## {step['title']}", metadata=folded))
        for item in step["page"]:
            if "imports" in item:
                hidden = {"jupyter": {"source_hidden": True}}
                cells.append(
                    new_code_cell(
                        first_cell(lesson["notebooks"], item.get("drop", [])), metadata=hidden
                    )
                )
            elif "use" in item:
                cell = used_cell(item)
                cell.source = cell.source.removeprefix(f"### {step['title']}\n\n")
                cells.append(cell)
            elif "code" in item:
                cells.append(new_code_cell(item["code"].rstrip()))
            elif "predict" in item:
                text = f"{_ask(item['predict'])}\n\nWrite A, B or C on your worksheet, and why."
                cells.append(new_markdown_cell(text))
            else:
                cells.append(new_markdown_cell(item["text"].rstrip()))
    for number, cell in enumerate(cells):
        cell.id = f"{lesson['name']}-{number:02}"
    return new_notebook(cells=cells, metadata=notebook("00").metadata)


def write_notebook(lesson: dict, path: Path) -> None:
    """Write the notebook, with those imports alone that it uses."""
    nbformat.write(lesson_notebook(lesson), path)
    rules = ["--select=F401,F811,I001", "--line-length=100", "--isolated", "--no-cache", "--quiet"]
    subprocess.run([ruff.find_ruff_bin(), "check", "--fix", *rules, path], check=True)
    written = nbformat.read(path, as_version=4)
    for cell in written.cells:
        cell.source = cell.source.strip()
    nbformat.write(written, path)


# -- The slides --------------------------------------------------------------------------------


def slide_notebook(lesson: dict) -> NotebookNode:
    """Return the slides as a notebook: a title, each Predict and its picture, the exit question."""
    plan = "".join(
        f"\n| {step['begins']}–{step['ends']} | {step['title']} |" for step in lesson["steps"]
    )
    look = "<style>:root { --jp-content-font-size1: 30px; }"
    look += " .reveal .jp-RenderedHTMLCommon td:last-child { width: auto; }"
    look += " .reveal img { max-height: 580px; } .reveal pre { font-size: 28px; }</style>"
    title = f"# {lesson['title']}\n\n{lesson['question']}\n\n| minutes | |\n|---|---|{plan}"
    slides = [new_markdown_cell(f"{title}\n\n{look}")]
    for predict in lesson["predicts"]:
        slides.append(new_markdown_cell(_ask(predict, "##")))
        slides.append(result_cell(predict["see"], predict["picture"]))
    slides.append(new_markdown_cell(f"## Before you go\n\n{_exit(lesson)}"))
    for cell in slides:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    return new_notebook(cells=slides)


def _exit(lesson: dict) -> str:
    leave = lesson["exit"]
    return leave["ask"] + "\n" + "".join(f"\n- **{k}** {v}" for k, v in leave["options"].items())


# -- Paper -------------------------------------------------------------------------------------

markdown = mistune.create_markdown(escape=False, plugins=["table"])


def _inline(text: str) -> str:
    """Return the HTML of a text without paragraphs, its numbers kept in one piece."""
    html = re.sub(r"^<p>|</p>\s*$", "", markdown(text.strip())).replace("</p>\n<p>", " ")
    return re.sub(r"(?<=\d) (?=\d{3}\b|%)", "\N{NO-BREAK SPACE}", html)


templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(LESSONS / "templates"), trim_blocks=True, lstrip_blocks=True
)
templates.filters["inline"] = _inline
templates.filters["question"] = lambda text: re.sub(r"\s*\([^()]*(\([^()]*\)[^()]*)*\)$", "", text)


def page(title: str, body: str) -> str:
    """Return a complete page of HTML."""
    return templates.get_template("page.html").render(title=title, body=body)


def to_pdf(title: str, body: str) -> bytes:
    """Return a PDF, on A4, of simple HTML."""
    import fpdf  # of the group `classroom`

    pdf = fpdf.FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_lang("en")
    pdf.set_margins(18, 14)
    pdf.set_auto_page_break(True, 10)
    for style, file in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold"), ("I", "DejaVuSans-Oblique")):
        pdf.add_font("DejaVu", style, FONTS / f"{file}.ttf")
    pdf.add_page()
    pdf.set_font("DejaVu", size=9.5)
    black = {"color": "#000000"}
    styles = {
        "h1": fpdf.TextStyle(font_size_pt=15, font_style="B", b_margin=1.5, **black),
        "h2": fpdf.TextStyle(font_size_pt=10.5, font_style="B", t_margin=3, b_margin=0.4, **black),
        "p": fpdf.TextStyle(t_margin=1.2, b_margin=0.2),
        "ul": fpdf.TextStyle(b_margin=1),
    }
    pdf.write_html(body, font_family="DejaVu", tag_styles=styles, li_prefix_color="#000000")
    return bytes(pdf.output())


# -- The folder --------------------------------------------------------------------------------


def start_with_packages() -> None:
    """Start this script again, with the group `classroom`, where a package of it is missing."""
    if all(importlib.util.find_spec(name) for name in ("fpdf", "mathjax", "sphinx_revealjs")):
        return
    uv = shutil.which("uv")
    command = ["run", "--isolated", "--group", "classroom", "python", __file__, *sys.argv[1:]]
    if uv is None or AGAIN in os.environ:
        raise LessonError(f"packages are missing; start this with: uv {' '.join(command)}")
    print("getting the packages of the group `classroom`", file=sys.stderr)
    done = subprocess.run([uv, *command], env=os.environ | {AGAIN: "1"})
    sys.exit(done.returncode)


def make(name: str, folder: Path) -> None:
    """Write a lesson into a folder that is not there yet."""
    if folder.exists():
        raise FileExistsError(f"{folder} is there already; expected the name of a new folder")
    lesson = read_lesson(name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as half:
        whole = Path(half) / name
        (whole / "teacher").mkdir(parents=True)
        write_notebook(lesson, whole / f"{name}.ipynb")
        for file, template, what in PAPERS:
            title = f"{lesson['title']}: {what}"
            key = what == "answer key"
            body = templates.get_template(template).render(lesson, key=key)
            (whole / f"{file}.html").write_text(page(title, body), encoding="utf-8")
            (whole / f"{file}.pdf").write_bytes(to_pdf(title, body))
        html = to_slides(slide_notebook(lesson))
        (whole / "teacher/slides.html").write_text(html, encoding="utf-8")
        script = templates.get_template("script.md").render(lesson)
        (whole / "teacher/script.md").write_text(script, encoding="utf-8")
        body = page(f"{lesson['title']}: script", markdown(script))
        (whole / "teacher/script.html").write_text(body, encoding="utf-8")
        readme = templates.get_template("README.md").render(lesson)
        (whole / "README.md").write_text(readme, encoding="utf-8")
        shutil.move(whole, folder)


def main() -> None:
    """Read the command line."""
    known = lessons()
    listing = "\n".join(f"  {name:15} {title}" for name, title in known.items())
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\nLessons:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lesson", nargs="?", help="one of those below")
    parser.add_argument("folder", nargs="?", type=Path, help="a folder that is not there yet")
    parser.add_argument("--list", action="store_true", help="name the lessons")
    given = parser.parse_args()
    if given.list:
        print(listing)
        return
    if given.lesson is None or given.folder is None:
        parser.error(f"expected a lesson and a folder; the lessons are {', '.join(known)}")
    if given.lesson not in known:
        parser.error(f"no lesson {given.lesson!r}; there are {', '.join(known)}")
    try:
        start_with_packages()
        make(given.lesson, given.folder)
    except OSError as error:
        parser.error(str(error))
    print(f"{given.folder}: open README.md there first")


if __name__ == "__main__":
    try:
        main()
    except LessonError as error:
        sys.exit(f"make_lesson.py: {error}")
