"""Have each mention of an equation, such as (3.4), lead to it, in whichever notebook it stands."""

import functools
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

TAG = re.compile(r"\\\\tag\{([\d.]+)\}")  # as a notebook's file has it
MENTION = re.compile(r"\((\d+\.\d+)\)")
APART = (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.math_block, nodes.raw)
APART += (nodes.reference, nodes.title)


@functools.cache
def equations(source: Path) -> dict[str, str]:
    """Return the document of each equation, by its number.

    Raises
    ------
    ValueError
        If two equations have the same number.
    """
    found: dict[str, str] = {}
    for path in sorted((source / "notebooks").glob("*.ipynb")):
        for number in TAG.findall(path.read_text("utf-8")):
            if number in found:
                raise ValueError(f"there are two equations ({number})")
            found[number] = f"notebooks/{path.stem}"
    return found


class EquationLinks(SphinxPostTransform):
    """Turn mentions of equations into links."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs) -> None:
        """Go through the text of a page."""
        for text in list(self.document.findall(nodes.Text)):
            if not is_within(text, APART) and MENTION.search(text):
                text.parent.replace(text, self.linked(str(text)))

    def linked(self, text: str) -> list[nodes.Node]:
        """Return a text in pieces, with links for the equations that it mentions."""
        where, builder = equations(Path(self.env.srcdir)), self.env.app.builder
        pieces: list[nodes.Node] = []
        end = 0
        for mention in MENTION.finditer(text):
            number = mention[1]
            if number not in where:
                continue
            page = builder.get_relative_uri(self.env.docname, where[number])
            link = nodes.reference("", number, refuri=f"{page}#equation-{number}", internal=True)
            pieces += [nodes.Text(text[end : mention.start() + 1]), link]
            end = mention.end() - 1
        return [*pieces, nodes.Text(text[end:])]


def is_within(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    """Return whether any of the nodes around a node is of these kinds."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            return True
    return False


def setup(app: Sphinx) -> dict:
    """Register the links."""
    app.add_post_transform(EquationLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
