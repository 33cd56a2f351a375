"""Notebook 01: a network of any shape, drawn and counted."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.widgets.controls import STYLED, int_slider, selection_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, draw_network

DEEPEST = 4


@STYLED
def network_explorer() -> Explorer:
    """Choose a network's depth and width, and see its shapes, parameters, memory and work."""
    fig = Figure(figsize=(8, 4.8))
    network, shares = fig.subplots(2, 1, height_ratios=[3, 1])
    bars = shares.bar(np.zeros(DEEPEST + 1), 0, width=0.08, color=BLUE)
    counts = [shares.text(0, 0, "", fontsize=9, ha="center", va="bottom") for _ in bars]
    shares.set(xlim=(-0.1, 1.1), ylim=(0, 130), xticks=[], yticks=[0, 50, 100])
    shares.set(ylabel="% of all\nparameters")

    def update(width: int, depth: int, batch: int) -> str:
        sizes = [784, *[width] * depth, 10]
        network.clear()
        draw_network(network, sizes, batch)

        parameters = [(n_in + 1) * n_out for n_in, n_out in pairwise(sizes)]
        total = sum(parameters)
        for l, (bar, count) in enumerate(zip(bars, counts, strict=True)):
            there = l <= depth
            bar.set_visible(there)
            count.set_visible(there)
            if there:
                middle, share = (l + 0.5) / (depth + 1), 100 * parameters[l] / total
                bar.set(x=middle - bar.get_width() / 2, height=share)
                count.set(x=middle, y=share, text=spaced(parameters[l]))

        multiply_adds = total - sum(sizes[1:])
        kept = batch * (784 + 2 * width * depth + 10)  # X, then z and a of each layer
        return (
            f"{'-'.join(map(str, sizes))}: {spaced(total)} parameters, {in_bytes(4 * total)}; "
            f"{spaced(multiply_adds)} multiply-adds per image; "
            f"a batch of {spaced(batch)} keeps {in_bytes(4 * kept)}."
        )

    controls = {
        "width": selection_slider(
            "width", 100, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], "Units in each hidden layer"
        ),
        "depth": int_slider("hidden layers", 1, 0, DEEPEST, "How many hidden layers"),
        "batch": selection_slider(
            "batch size", 10, [1, 10, 100, 1000, 10_000], "Images in a batch: the rows of X"
        ),
    }
    return Explorer(fig, [network, *bars, *counts], update, controls)


def spaced(number: int) -> str:
    """Write a whole number with spaces between thousands.

    Examples
    --------
    >>> spaced(79510)
    '79 510'
    """
    return f"{number:,}".replace(",", " ")


def in_bytes(size: int) -> str:
    """Write a number of bytes with three digits, in kB (1 000) or MB.

    Examples
    --------
    >>> in_bytes(318_040), in_bytes(41_000_000)
    ('318 kB', '41 MB')
    """
    return f"{size / 1e6:.3g} MB" if size >= 999_500 else f"{size / 1e3:.3g} kB"
