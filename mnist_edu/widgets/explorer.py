"""An Explorer: controls above a picture that follows them."""

from collections.abc import Callable, Sequence

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from mnist_edu.widgets.lab import Actions, Controls, Lab


class Explorer(Lab):
    """Controls and a picture that follows them.

    Parameters
    ----------
    fig, moving : as for Lab
    update : function of the controls' values, by name, returning str
        Moves the artists and says in a line what they show; nothing else decides that.
    controls, actions : as for Lab
    """

    def __init__(
        self,
        fig: Figure,
        moving: Sequence[Artist],
        update: Callable[..., str],
        controls: Controls,
        actions: Actions | None = None,
    ):
        self.update = update
        super().__init__(fig, moving, controls, actions, row=[*(actions or [])])

    def _draw(self) -> str:
        return self.update(**self._values())
