"""Typeset mathematics while the site is built, by KaTeX: pages then need no script for it.

KaTeX is JavaScript. It runs in QuickJS, and comes with a package for Django of which nothing else
is used: so packages for Python are all it takes. TeX that KaTeX does not know is an error.
"""

import functools
import re
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import quickjs
from docutils import nodes
from sphinx.application import Sphinx

FIRST_FONTS = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")
SOURCE = re.compile(r"<annotation .*?</annotation>", re.DOTALL)  # TeX, which a search would show
TAG = re.compile(r"\\tag\{([\d.]+)\}")
# QuickJS hands over a string that is in one piece, and one that was put together is so after join.
RENDER = """(tex, displayMode) => [katex.renderToString(tex, {
    displayMode,
    trust: context => context.command === "\\\\htmlId",
    strict: code => code === "htmlExtension" ? "ignore" : "error",
})].join("")"""


def folder() -> Path:
    """Return the folder of KaTeX's files."""
    found = find_spec("djangocms_katex")
    return Path(found.submodule_search_locations[0], "static/djangocms_katex/vendor/katex")


@functools.cache
def renderer() -> Callable[[str, bool], str]:
    """Return KaTeX's function from TeX to HTML."""
    context = quickjs.Context()
    context.eval((folder() / "katex.min.js").read_text("utf-8"))
    return context.eval(RENDER)


@functools.cache
def html(tex: str, display: bool) -> str:
    """Typeset a formula; the number of an equation becomes what `(3.4)` in a text leads to."""
    numbered = TAG.sub(r"\\tag{\\htmlId{equation-\1}{\1}}", tex)
    return SOURCE.sub("", renderer()(numbered, display))


def visit_math(translator: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(f'<span class="math">{html(node.astext(), False)}</span>')
    raise nodes.SkipNode


def visit_math_block(translator: Any, node: nodes.math_block) -> None:
    """Write an equation that stands by itself."""
    translator.body.append(f'<div class="math">{html(node.astext(), True)}</div>\n')
    raise nodes.SkipNode


def copy_style(app: Sphinx, exception: Exception | None) -> None:
    """Put KaTeX's style sheet and fonts into the site, in the one format that all browsers read."""
    if exception:
        return
    static = Path(app.outdir, "_static", "katex")
    (static / "fonts").mkdir(parents=True, exist_ok=True)
    for font in (folder() / "fonts").glob("*.woff2"):
        shutil.copy(font, static / "fonts")
    style = (folder() / "katex.min.css").read_text("utf-8")
    style = re.sub(r',url\([^)]*\.(woff|ttf)\) format\("\w+"\)', "", style)
    (static / "katex.min.css").write_text(style, "utf-8")


def ask_for_fonts(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Have a page ask for the fonts of its formulas at once, so that no line moves later."""
    if doctree is None or not any(doctree.findall(nodes.math)):
        return
    for name in FIRST_FONTS:
        address = context["pathto"](f"_static/katex/fonts/{name}.woff2", resource=True)
        context["metatags"] += (
            f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>'
        )


def setup(app: Sphinx) -> dict:
    """Register KaTeX as what writes mathematics."""
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.add_css_file("katex/katex.min.css")
    app.connect("html-page-context", ask_for_fonts)
    app.connect("build-finished", copy_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
