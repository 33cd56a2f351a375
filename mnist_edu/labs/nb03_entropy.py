"""Notebook 03: entropy, cross-entropy and the divergence between them, for two classes."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.widgets.controls import STYLED, float_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREEN, VERMILLION


@STYLED
def entropy_explorer() -> Explorer:
    """Guess how often an ambiguous image is a 4, and see the mean loss as a sum of two lengths."""
    fig = Figure(figsize=(9, 3))
    shares, lengths = fig.subplots(1, 2, width_ratios=[1, 1.8])
    places = np.arange(2)
    true_bars = shares.bar(places - 0.2, [0, 0], 0.38, color=GREEN, label="the truth y")
    guess_bars = shares.bar(places + 0.2, [0, 0], 0.38, color=BLUE, label="the guess o")
    shares.set(ylim=(0, 1.3), xlabel="digit")
    shares.set_xticks(places, ["4", "9"])
    shares.legend(loc="upper center", ncols=2, fontsize=8)

    (entropy,) = lengths.barh(1, 0, 0.6, color=GREEN, label="entropy H(y)")
    (divergence,) = lengths.barh(1, 0, 0.6, color=VERMILLION, label="divergence KL(y‖o)")
    (whole,) = lengths.barh(0, 0, 0.6, color=BLUE, label="cross-entropy H(y, o)")
    lengths.set(xlim=(0, 4), ylim=(-0.5, 2.6), yticks=[], xlabel="nats")
    lengths.legend(loc="upper right", fontsize=8)

    def update(share: float, guess: float) -> str:
        y, o = np.array([share, 1 - share]), np.array([guess, 1 - guess])
        for bars, heights in ((true_bars, y), (guess_bars, o)):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height)
        least, loss = _mean_loss(y, y), _mean_loss(y, o)
        excess = round(loss - least, 9) + 0.0  # rounding could put a minus before a 0
        entropy.set_width(least)
        divergence.set(x=least, width=excess)
        whole.set_width(loss)
        return (
            f"{share:.0%} are a 4, the guess is {guess:.0%}: entropy {least:.3f} + divergence "
            f"{excess:.3f} = cross-entropy {loss:.3f}."
        )

    controls = {
        "share": float_slider("truth: a 4", 0.7, 0, 1, 0.05, "How many of such images are a 4"),
        "guess": float_slider("guess: a 4", 0.2, 0.02, 0.98, 0.01, "The probability given to 4"),
    }
    moving = [*true_bars, *guess_bars, entropy, divergence, whole]
    return Explorer(fig, moving, update, controls)


def _mean_loss(y: np.ndarray, o: np.ndarray) -> float:
    """Return Σ y log 1/o, over the classes that occur: the others add nothing."""
    return float((y[y > 0] * np.log(1 / o[y > 0])).sum())
