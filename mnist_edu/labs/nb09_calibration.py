"""Notebook 09: what a probability is worth, under a temperature."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import softmax
from mnist_edu.losses import cross_entropy
from mnist_edu.topics.statistics import calibration_curve, calibration_error
from mnist_edu.widgets.controls import STYLED, float_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREY

BINS = 10


@STYLED
def calibration_explorer(logits: np.ndarray, y: np.ndarray) -> Explorer:
    """Divide all logits by a temperature, and see how confidence and accuracy then agree.

    Parameters
    ----------
    logits : array of shape (N, K)
    y : integer array of shape (N,)
    """
    fig = Figure()
    left, right = fig.subplots(1, 2)
    left.plot([0, 100], [0, 100], color=GREY, linestyle=":")
    (dots,) = left.plot([], [], "o-", color=BLUE)
    left.set(xlim=(0, 102), ylim=(0, 102), xlabel="confidence (%)", ylabel="accuracy (%)")
    bars = right.bar(np.arange(BINS) * 10 + 5, np.ones(BINS), width=9, color=BLUE)
    right.set(xlim=(0, 100), ylim=(0, 100), xlabel="confidence (%)", ylabel="images (%)")

    def update(temperature: float) -> str:
        probs = softmax(logits / temperature)
        confidence, accuracy, counts = calibration_curve(probs, y, BINS)
        dots.set_data(100 * confidence, 100 * accuracy)
        for bar, count in zip(bars, counts, strict=True):
            bar.set_height(100 * count / len(y))
        return (
            f"T = {temperature:.2f}: mean confidence {100 * probs.max(axis=1).mean():.1f} %, "
            f"accuracy {100 * np.mean(probs.argmax(axis=1) == y):.1f} %, calibration error "
            f"{100 * calibration_error(probs, y, BINS):.1f} points, cross-entropy "
            f"{cross_entropy(logits / temperature, y):.3f}."
        )

    slider = float_slider("temperature", 1, 0.2, 5, 0.1, "What all logits are divided by")
    return Explorer(fig, [dots, *bars], update, {"temperature": slider})
