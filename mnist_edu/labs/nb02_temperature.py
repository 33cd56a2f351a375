"""Notebook 02: softmax under a temperature."""

import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import softmax
from mnist_edu.widgets.controls import STYLED, float_slider, log_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION


@STYLED
def temperature_explorer(logits: np.ndarray) -> Explorer:
    """Turn one row of logits into probabilities, at any temperature.

    Parameters
    ----------
    logits : array of shape (K,)
        The largest and the second largest are coloured; the second can be moved by itself.
    """
    second, first = (int(k) for k in np.argsort(logits)[-2:])
    colors = [{first: BLUE, second: VERMILLION}.get(k, GREY) for k in range(len(logits))]

    fig = Figure()
    left, right = fig.subplots(1, 2)
    logit_bars = left.bar(range(len(logits)), logits, color=colors)
    prob_bars = right.bar(range(len(logits)), 0 * logits, color=colors)
    left.axhline(0, color="black", linewidth=1, linestyle="-")
    for ax in (left, right):
        ax.set(xticks=range(len(logits)), xlabel="digit")
    left.set(ylim=(logits.min() - 6.5, logits.max() + 6.5), ylabel="logit z")
    right.set(ylim=(0, 1), ylabel="softmax(z / T)")

    def update(temperature: float, one: float, shift: float) -> str:
        z = logits + shift
        z[second] += one
        probs = softmax(z / temperature)
        for bars, heights in ((logit_bars, z), (prob_bars, probs)):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height)
        return (
            f"T = {temperature:.2g}: {first} has z {z[first]:.2f} and gets {probs[first]:.4f}, "
            f"{second} has z {z[second]:.2f} and gets {probs[second]:.4f}, the other "
            f"{len(logits) - 2} together {max(0, 1 - probs[first] - probs[second]):.4f}."
        )

    controls = {
        "temperature": log_slider("temperature T", 1, -2, 2, 0.05, "All logits are divided by it"),
        "one": float_slider(
            f"add to z of {second}", 0, -3, 3, 0.1, f"Added to the logit of {second} alone"
        ),
        "shift": float_slider("add to all z", 0, -3, 3, 0.1, "Added to every logit"),
    }
    return Explorer(fig, [*logit_bars, *prob_bars], update, controls)
