"""The pictures: draw_* functions take the Axes first, then the data, and return nothing."""

import io
import math
from collections.abc import Callable, Sequence
from itertools import pairwise, product

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from mnist_edu.training import Report
from mnist_edu.widgets.picture import DPI, FINE, blank_canvas, dots_per_inch, still

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
GREY = "0.55"


def show(fig: Figure, alt: str) -> None:
    """Display a figure with its alt text, and the same words below it; then close it.

    Parameters
    ----------
    fig : matplotlib Figure
    alt : str
        What the figure shows, for someone who does not see it.
    """
    plt.close(fig)  # before it is drawn: what was drawn by then would be kept
    buffer = io.BytesIO()
    fig.savefig(
        buffer,
        format="png",
        dpi=FINE * dots_per_inch(fig),
        metadata={"Software": None},
        pil_kwargs={"compress_level": 1},
    )
    blank_canvas(fig)
    picture, metadata = still(buffer.getvalue(), alt)
    display(picture, raw=True, metadata=metadata)
    display({"text/markdown": f"*{alt}*", "text/plain": alt}, raw=True)


def projector(zoom: float = 1.3) -> None:
    """Make type and lines larger, in pictures of the same size, for a room's back row.

    It is for all figures and labs that are drawn after it; `projector(1)` ends it.

    Parameters
    ----------
    zoom : float

    Examples
    --------
    >>> projector()
    >>> plt.figure().dpi
    130.0
    >>> projector(1)
    """
    plt.rcParams["figure.dpi"] = zoom * DPI


def draw_image(ax: Axes, image: np.ndarray, title: str = "") -> None:
    """Draw one image of 784 pixels, black ink on white paper.

    Parameters
    ----------
    image : array of shape (784,)
        uint8 pixels, or floats in [0, 1].
    """
    largest = 255 if image.dtype == np.uint8 else 1
    ax.imshow(image.reshape(28, 28), vmin=0, vmax=largest)
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)


def draw_wall(ax: Axes, images: np.ndarray, columns: int) -> None:
    """Draw many images side by side, row by row.

    Parameters
    ----------
    images : array of shape (N, 784), N a multiple of columns
    columns : int
    """
    tiles = images.reshape(-1, columns, 28, 28)
    mosaic = tiles.transpose(0, 2, 1, 3).reshape(-1, columns * 28)
    ax.imshow(mosaic)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def draw_pixels(ax: Axes, image: np.ndarray) -> None:
    """Draw one image with the value of each of its pixels written on it.

    Parameters
    ----------
    image : uint8 array of shape (784,)
    """
    draw_image(ax, image)
    for (row, column), value in np.ndenumerate(image.reshape(28, 28)):
        color = "white" if value > 127 else "black"
        ax.text(column, row, value, color=color, fontsize=5.5, ha="center", va="center")


def draw_counts(ax: Axes, labels: np.ndarray) -> None:
    """Draw how often each digit occurs.

    Parameters
    ----------
    labels : integer array of shape (N,), 0 to 9
    """
    bars = ax.bar(range(10), np.bincount(labels, minlength=10), color=BLUE)
    ax.bar_label(bars, fontsize=8)
    ax.set(xticks=range(10), xlabel="digit", ylabel="images")


def draw_loss(ax: Axes, reports: Sequence[Report], label: str = "") -> None:
    """Draw the loss of a run against the epoch, with the loss of guessing marked.

    Parameters
    ----------
    reports : sequence of Report
    label : str
        For a legend.
    """
    classes = len(reports[-1].params[-1].b)
    ax.plot([r.epoch for r in reports], [r.loss for r in reports], label=label)
    draw_guessing(ax, classes)
    ax.set(xlabel="epoch", ylabel="mean loss (nats)")


def draw_guessing(ax: Axes, classes: int = 10) -> None:
    """Mark the loss of one who gives every class the same probability."""
    ax.axhline(math.log(classes), color=GREY, linestyle=":", linewidth=1)
    ax.text(
        0.99,
        math.log(classes),
        f"guessing: log {classes} = {math.log(classes):.3f} ",
        color="0.35",
        fontsize=8,
        ha="right",
        va="bottom",
        transform=ax.get_yaxis_transform(),
        clip_on=True,
        in_layout=False,
    )


def draw_accuracy(ax: Axes, reports: Sequence[Report], label: str = "") -> None:
    """Draw the validation accuracy of a run against the epoch, in percent.

    Parameters
    ----------
    reports : sequence of Report, made with validation data
    label : str
        For a legend.
    """
    ax.plot(
        [r.epoch for r in reports],
        100 * np.array([r.accuracy for r in reports], float),
        label=label,
    )
    ax.set(xlabel="epoch", ylabel="validation accuracy (%)")


def draw_polygon(ax: Axes, x: np.ndarray, g: np.ndarray, p: np.ndarray, t: np.ndarray) -> None:
    """Draw a curve on [0, 1] and the polygon that follows it.

    Parameters
    ----------
    x : array of shape (n,), increasing
    g, p : arrays of shape (n,)
        The curve and the polygon at x.
    t : array
        Where the polygon's corners are marked.
    """
    ax.plot(x, g, color=GREY, linestyle="-", linewidth=4)
    ax.plot(x, p, color=BLUE, linestyle="-")
    ax.plot(t, np.interp(t, x, p), "o", color=BLUE, markersize=4)
    ax.set(xlim=(-0.02, 1.02), ylim=(-1.3, 1.7), xlabel="x")


def draw_function(ax: Axes, f: Callable[[np.ndarray], np.ndarray], largest: float = 5) -> None:
    """Draw a function of z from -largest to largest; its line is broken at 0, where it may jump.

    Parameters
    ----------
    f : function of an array, elementwise
    largest : float
    """
    right = np.linspace(1e-9, largest, 500)
    z = np.concatenate([-right[::-1], right])
    ax.axhline(0, color=GREY, linestyle="-", linewidth=0.8)
    ax.plot(np.insert(z, 500, 0), np.insert(f(z), 500, np.nan), color=BLUE, linestyle="-")
    ax.set(xlim=(-largest, largest), xlabel="z")


def draw_template(ax: Axes, values: np.ndarray, title: str = "") -> None:
    """Draw 784 signed numbers as an image: blue above 0, red below, white at 0.

    Parameters
    ----------
    values : float array of shape (784,)
    """
    limit = np.abs(values).max() or 1
    ax.imshow(values.reshape(28, 28), cmap="RdBu", vmin=-limit, vmax=limit)
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)


def draw_network(ax: Axes, sizes: Sequence[int], batch: int | str = "N") -> None:
    """Draw a network: units as dots, weights as lines, the shapes of all arrays beside them.

    Of a column of more than 12 units, the first and the last six are drawn. The weights of the
    first unit of layer 1 are blue.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, units of each hidden layer, classes.
    batch : int or str
        The number of examples, for the shapes.
    """
    x = np.linspace(0, 1, len(sizes))
    columns = [[(place, y) for y in _heights(size)] for place, size in zip(x, sizes, strict=True)]
    lines = [line for gap in pairwise(columns) for line in product(*gap)]
    blue = [line for line in lines if line[1] == columns[1][0]]
    ax.add_collection(LineCollection(lines, colors="0.8", linewidths=0.5))
    ax.add_collection(LineCollection(blue, colors=BLUE, linewidths=1))
    for l, (column, size) in enumerate(zip(columns, sizes, strict=True)):
        ax.plot(*zip(*column, strict=True), "o", color="0.3", markersize=6)
        if size > len(column):
            ax.text(x[l], 0, "⋮", ha="center", va="center")
        name = "X = a^{[0]}" if l == 0 else f"a^{{[{l}]}}" if l < len(sizes) - 1 else f"z^{{[{l}]}}"
        ax.text(x[l], -7, f"${name}$\n({batch}, {size})", fontsize=8.5, ha="center", va="top")
    ax.plot(*columns[1][0], "o", color=BLUE, markersize=6)
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        shapes = f"$W^{{[{l}]}}$ ({n_in}, {n_out})\n$b^{{[{l}]}}$ ({n_out},)"
        ax.text(x[l - 1 : l + 1].mean(), 7, shapes, fontsize=8.5, ha="center", va="bottom")
    ax.set(xlim=(-0.1, 1.1), ylim=(-10, 10))
    ax.axis("off")


def draw_paths(
    ax: Axes, start: str, between: Sequence[str], end: str, slopes: tuple[str, str]
) -> None:
    """Draw all paths from one number to another, through others; the first path is highlighted.

    Parameters
    ----------
    start, end : str
        What stands at the left and at the right, in TeX.
    between : sequence of str
        What stands in the middle, from the top, in TeX.
    slopes : two of str
        What the two arrows of the first path are called, in TeX.
    """
    heights = np.linspace(1, 0, len(between))
    ends = [((0, 0.5), (1, y)) for y in heights], [((1, y), (2, 0.5)) for y in heights]
    for arrows, slope in zip(ends, slopes, strict=True):
        for k, (tail, head) in enumerate(arrows):
            style = {"arrowstyle": "->", "shrinkA": 18, "shrinkB": 18}
            style |= {"color": GREY} if k else {"color": VERMILLION, "linewidth": 2}
            ax.annotate("", head, tail, arrowprops=style)
        (x0, y0), (x1, y1) = arrows[0]
        ax.text((x0 + x1) / 2, (y0 + y1) / 2 + 0.14, f"${slope}$", color=VERMILLION, ha="center")
    places = [(0, 0.5), *((1, y) for y in heights), (2, 0.5)]
    for (x, y), name in zip(places, (start, *between, end), strict=True):
        ax.text(x, y, f"${name}$", fontsize=12, ha="center", va="center")
    ax.set(xlim=(-0.2, 2.2), ylim=(-0.15, 1.25))
    ax.axis("off")


def _heights(size: int) -> list[float]:
    """Return where the dots of a column stand, from the top: all, or six above and six below 0."""
    if size > 12:
        return [6, 5, 4, 3, 2, 1, -1, -2, -3, -4, -5, -6]
    return [(size - 1) / 2 - unit for unit in range(size)]
