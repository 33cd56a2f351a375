"""Lay out what Sphinx reads: a copy of the repository's pages, each where it stands there.

The links in these pages are such as GitHub wants. On the site they lead to the page that has been
made of a file or, where there is none, to the file itself.
"""

import json
import os
import re
import shutil
from html import escape
from pathlib import Path
from urllib.parse import unquote

from reading.picture import picture

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGES = (
    "notebooks/*.ipynb",
    "classroom/**/*.md",
    "docs/lite/README.md",
    "benchmarks/*.md",
    "experiments/*.md",
    "mnist_edu/mnist/*.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
START, RUN, GUIDE = Path("index.md"), Path("run.md"), Path("classroom/index.md")
CODE = re.compile(r"(^```.*?^```|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
NO_CONTROLS = "(The controls appear here when the notebook runs.)"


class Layout:
    """Where the pages of the repository stand on the site.

    Parameters
    ----------
    source : Path
        A folder that is made: what Sphinx reads.
    files : Path
        A folder that is made: what readers download, to be copied to the site as it is.
    edition : bool
        Whether the browser edition is part of the site. Only then do the notebooks lead to it.
    """

    def __init__(self, source: Path, files: Path, edition: bool):
        self.source, self.files, self.edition = source, files, edition
        self.lists: list[Path] = []  # pages that offer a folder's files
        found = (path.relative_to(ROOT) for pattern in PAGES for path in ROOT.glob(pattern))
        self.pages = {
            ROOT / path: path.with_stem("index" if path.stem == "README" else path.stem)
            for path in sorted(found)
            if not {"templates", ".ipynb_checkpoints"} & set(path.parts)
        }

    def write(self) -> None:
        """Write everything that the site is made of."""
        shutil.copytree(HERE / "pages", self.source)
        readme = ROOT / "README.md"
        table = re.search(r"(^\|.*\n)+", section("The notebooks"), re.MULTILINE)
        self.fill(START, "notebooks", self.linked(table[0], readme, START))
        self.fill(START, "picture", picture())
        name = "browser edition"
        link = f'<a href="lite/lab/index.html">{name}</a>' if self.edition else name
        self.fill(RUN, "edition", link)
        self.fill(RUN, "other ways", self.linked(section("Other ways to install"), readme, RUN))
        for path, page in self.pages.items():
            place = self.source / page
            place.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".ipynb":
                text = json.dumps(self.notebook(path))
                self.copy(path)
            else:
                text = self.linked(path.read_text("utf-8"), path, page)
            place.write_text(text, "utf-8")
        others = {*self.pages.values(), *self.lists} - {GUIDE}
        names = sorted(page for page in others if page.parts[0] == "classroom")
        self.fill(START, "classroom", "\n".join(page.as_posix() for page in names))

    def fill(self, page: Path, mark: str, text: str) -> None:
        """Put a text into a page of the site, in the place of a comment."""
        place, comment = self.source / page, f"<!-- {mark} -->"
        before, found, after = place.read_text("utf-8").partition(comment)
        if not found:
            raise ValueError(f"{page} lacks {comment}")
        place.write_text(before + text + after, "utf-8")

    def linked(self, text: str, path: Path, page: Path) -> str:
        """Return Markdown, its links to files as they have to be on a page of the site.

        Raises
        ------
        FileNotFoundError
            If a link leads nowhere.
        """
        parts = CODE.split(text)
        parts[::2] = [
            LINK.sub(lambda match: self._link(match[1], path, page), part) for part in parts[::2]
        ]
        return "".join(parts)

    def _link(self, link: str, path: Path, page: Path) -> str:
        address, mark, anchor = link.partition("#")
        if not address or re.match(r"[a-z]+:", address):
            return link
        target = (path.parent / unquote(address)).resolve()
        if not (target.exists() and target.is_relative_to(ROOT)):
            raise FileNotFoundError(f"{path.relative_to(ROOT)} has a link to {link}: not there")
        return relative(self._place(target), page) + mark + anchor

    def _place(self, target: Path) -> Path:
        """Return where a file or folder stands in the source, and put it there."""
        if target == ROOT / "README.md":
            return START
        if target.is_dir():
            readme = target / "README.md"
            return self._place(readme) if readme.exists() else self._contents(target)
        if target in self.pages:
            return self.pages[target]
        place = target.relative_to(ROOT)
        if target.suffix in (".md", ".ipynb"):
            raise ValueError(f"{place} has a link that leads to it, and belongs to PAGES")
        (self.source / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(target, self.source / place)
        return place

    def _contents(self, folder: Path) -> Path:
        """Write a page that offers the files of a folder, and return its place."""
        place = folder.relative_to(ROOT) / "index.md"
        self.lists.append(place)
        lines = ["---", "orphan: true", "---", f"# {folder.name.replace('_', ' ').capitalize()}"]
        lines += ["", "To download:", "", "<ul>"]
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            self.copy(path)
            lines.append(f'<li><a href="{path.name}" download>{escape(title(path))}</a></li>')
        (self.source / place).parent.mkdir(parents=True, exist_ok=True)
        (self.source / place).write_text("\n".join([*lines, "</ul>", ""]), "utf-8")
        return place

    def copy(self, path: Path) -> None:
        """Have the site offer a file, where the repository has it."""
        place = self.files / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)

    def notebook(self, path: Path) -> dict:
        """Return a notebook as myst-nb wants it, with a line below its title that leads on."""
        page = self.pages[path]
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                cell["source"] = self.linked(text, path, page)
                continue
            if cell["metadata"].get("jupyter", {}).get("outputs_hidden"):
                cell["metadata"]["tags"] = ["hide-output"]
            for output in cell["outputs"]:
                alt = output.get("metadata", {}).get("image/png", {}).get("alt")
                if alt:
                    cell["metadata"]["mystnb"] = {"image": {"alt": alt}}
                shows_text_alone = set(output.get("data", ())) == {"text/plain"}
                if shows_text_alone and output["output_type"] == "display_data":
                    text = "".join(output["data"]["text/plain"])
                    output["data"] = {"text/html": self._said(text, path)}
        head, end, rest = notebook["cells"][0]["source"].partition("\n")
        notebook["cells"][0]["source"] = f"{head}\n\n{self._ways_on(path)}\n{end}{rest}"
        return notebook

    def _ways_on(self, path: Path) -> str:
        """Return links to what can be done with a notebook, beside reading it."""
        links = [f'<a href="{path.name}" download>Download</a>', '<a href="../run.html">Run it</a>']
        if self.edition:
            links.insert(0, f'<a href="{edition_address(path)}">Open in the browser</a>')
        return f'<p class="ways-on">{" ".join(links)}</p>'

    def _said(self, text: str, path: Path) -> str:
        """Return what a lab says as a paragraph; in place of its controls, a way to them."""
        said = escape(text)
        if text == NO_CONTROLS:
            here = edition_address(path) if self.edition else "../run.html"
            said = f'A still. The <a href="{here}">running notebook</a> has sliders here.'
        return f'<p class="said">{said}</p>'


def edition_address(path: Path) -> str:
    """Return the address of a notebook in the browser edition, from its page."""
    return f"../lite/lab/index.html?path={path.name}"


def relative(target: Path, page: Path) -> str:
    """Return the way from a page to a target, with slashes."""
    return Path(os.path.relpath(target, page.parent)).as_posix()


def section(heading: str) -> str:
    """Return what the README says below one of its headings."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise ValueError(f"the README has no heading {heading!r}, which the page run.md shows")
    return found[1].strip()


def title(path: Path) -> str:
    """Return the title of a notebook, or else the name of the file."""
    if path.suffix != ".ipynb":
        return path.name
    cells = json.loads(path.read_text("utf-8"))["cells"]
    first = "".join(cells[0]["source"]).partition("\n")[0]
    return first.lstrip("# ")
