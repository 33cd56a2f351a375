"""The pictures: draw_* functions take the Axes first, then the data, and return nothing."""

import base64
import io
import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mnist_edu.training import Report

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
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", metadata={"Software": None})
    plt.close(fig)
    display(
        {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt}},
    )
    display({"text/markdown": f"*{alt}*", "text/plain": alt}, raw=True)


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
    )


def draw_accuracy(ax: Axes, reports: Sequence[Report], label: str = "") -> None:
    """Draw the validation accuracy of a run against the epoch, in percent.

    Parameters
    ----------
    reports : sequence of Report, made with validation data
    label : str
        For a legend.
    """
    ax.plot([r.epoch for r in reports], [100 * r.accuracy for r in reports], label=label)
    ax.set(xlabel="epoch", ylabel="validation accuracy (%)")
