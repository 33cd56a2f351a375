"""What a lab shows: controls, one picture, and a line of text that says what the picture shows.

A page of JupyterLab shows all three in one widget, and says when a picture has been shown: another
is sent then, as fast as this page can take them and no faster. The same picture and line stand
below it as a still, under display ids: that is what a saved notebook keeps, and what a front end
that does not answer is shown, `FRAMES_PER_SECOND` times a second at most.
"""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import anywidget
import ipywidgets as widgets
import traitlets
from IPython.display import DisplayHandle, display

from mnist_edu.widgets.picture import FINE, Picture, still

FRAMES_PER_SECOND = 15  # where no page answers
QUICK = 40  # milliseconds; a page that shows a picture sooner is sent the next one meanwhile
PATIENCE = 3.0  # seconds; a page that takes longer for a picture is not waited for


class Page(anywidget.AnyWidget):
    """The picture and the text in the page, with names for the controls above them.

    Attributes
    ----------
    number : int
        Counts the pictures. The page sends {"shown": number, "took": milliseconds} back when it
        has shown one, and {"views": 1} or {"views": -1} when the lab comes into it or goes.
    image : bytes
        A PNG or JPEG file.
    width : float
        Of the picture, in the page's pixels.
    text : str
    ratio : float
        Of the device's pixels to the page's; the page tells it.
    """

    number = traitlets.Int().tag(sync=True)
    image = traitlets.Bytes().tag(sync=True)
    width = traitlets.Float().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    ratio = traitlets.Float(FINE).tag(sync=True)
    _esm = Path(__file__).parent / "page.js"
    _css = Path(__file__).parent / "page.css"

    @traitlets.validate("ratio")
    def _keep_affordable(self, proposal: dict) -> float:
        return min(3.0, max(1.0, proposal["value"]))


class Screen:
    """Controls, a picture and a line of text, shown once and then updated in place.

    Parameters
    ----------
    picture : Picture
    controls : sequence of widgets
    hear : function of a message, a dict
        Called with what the page says, on any thread.
    """

    def __init__(
        self, picture: Picture, controls: Sequence[widgets.Widget], hear: Callable[[dict], None]
    ):
        self._picture = picture
        self._page = Page(width=picture.width)
        self._page.on_msg(lambda page, message, buffers: hear(message))
        self._box = widgets.VBox([widgets.VBox([*controls]), self._page])
        self._box.add_class("mnist-lab")
        self._text = ""
        self._handles: list[DisplayHandle] = []
        self._number = self._shown = 0
        self._sent_at = -math.inf
        self._answers = False  # whether there is a page, and not another front end
        self._at_once = 1  # pictures on their way to it

    def show(self, text: str) -> None:
        """Show everything, in the cell that runs now."""
        self._text, png = text, self._picture.png(FINE)
        self._tell_page(png)
        show_widget(self._box, "(The controls appear here when the notebook runs.)")
        picture, metadata = still(png, self._text)
        self._handles = [
            display(picture, raw=True, metadata=metadata, display_id=True),
            display({"text/plain": text}, raw=True, display_id=True),
        ]

    def update(self, text: str) -> None:
        """Replace the text, and the picture by one that moves on soon."""
        self._text = text
        self._count()
        if self._answers:
            self._tell_page(self._picture.jpeg())
        else:
            self._replace_still(self._picture.png(), scale=1)

    def settle(self) -> None:
        """Replace the picture by one that stays, as a still as well."""
        png = self._picture.png(FINE)
        self._count()
        ratio = self._page.ratio
        self._tell_page(png if ratio == FINE else self._picture.png(ratio))
        self._replace_still(png, FINE)

    def say(self, text: str) -> None:
        """Replace the text alone."""
        self._text = self._page.text = text
        self._handles[1].update({"text/plain": text}, raw=True)

    def answered(self, shown: int, took: float) -> bool:
        """Note which picture the page has shown, and what time (ms) that took.

        Returns
        -------
        bool
            Whether the newest picture has not been sent there.
        """
        self._answers = True
        self._at_once = 2 if took < QUICK else 1
        out_of_date = self._page.number != self._number
        self._shown = self._number if out_of_date else shown
        return out_of_date

    def is_free(self) -> bool:
        """Return whether it is time for the next picture."""
        waited = time.monotonic() - self._sent_at
        if not self._answers:
            return waited >= 1 / FRAMES_PER_SECOND
        return self._number - self._shown < self._at_once or waited >= PATIENCE

    def _count(self) -> None:
        self._number += 1
        self._sent_at = time.monotonic()

    def _tell_page(self, image: bytes) -> None:
        with self._page.hold_sync():
            self._page.number, self._page.image = self._number, image
            self._page.text = self._text

    def _replace_still(self, png: bytes, scale: float) -> None:
        picture, metadata = still(png, self._text, scale)
        self._handles[0].update(picture, raw=True, metadata=metadata)
        self._handles[1].update({"text/plain": self._text}, raw=True)


def show_widget(widget: widgets.Widget, still: str) -> None:
    """Display a widget, with the words that stand for it in a saved notebook."""
    bundle = widget._repr_mimebundle_()
    bundle["text/plain"] = still
    display(bundle, raw=True)
