"""Notebook 05: the error of a measured slope against its step."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from mnist_edu.widgets.controls import STYLED, WIDE, float_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION

W = 1.0
SLOPE = -1 / (1 + np.e)  # of `loss` at W, below the kink
STEPS = 10 ** np.linspace(-16, 0, 321)


def loss(w: np.ndarray, kink: float) -> np.ndarray:
    """Return log(1 + exp(-w + 3 relu(w - kink))), in the dtype of w.

    It is the cross-entropy of two logits, w and three times a ReLU that is on beyond the kink.
    """
    return np.log1p(np.exp(-w + 3 * np.maximum(w - w.dtype.type(kink), 0)))


def differences(h: np.ndarray, kink: float, dtype: type) -> tuple[np.ndarray, np.ndarray]:
    """Return the forward and the central differences of the loss at W, computed in dtype."""
    here, above, below = (loss((W + step).astype(dtype), kink) for step in (0 * h, h, -h))
    return (above - here) / h, (above - below) / (2 * h)


@STYLED
def step_size_explorer() -> Explorer:
    """See the slope that a step measures, and its error for every step."""
    fig = Figure(figsize=(9, 3.9))
    zoom, errors = fig.subplots(1, 2)

    t = np.linspace(-1.5, 1.5, 601)
    zoom.plot(t, SLOPE * t, color=GREY, linestyle="-", linewidth=5, alpha=0.5, label="true slope")
    (curve,) = zoom.plot(t, t, color="black", linestyle="-", linewidth=1.2, label="the loss")
    (ahead,) = zoom.plot([0, 1], [0, 0], "o--", color=VERMILLION, label="forward", markersize=4)
    (both,) = zoom.plot([-1, 1], [0, 0], "o-.", color=BLUE, label="central", markersize=4)
    zoom.set(xlim=(-1.5, 1.5), ylim=(-1.1, 1.1), xticks=[-1, 0, 1])
    zoom.set_xticklabels(["w − h", "w", "w + h"])
    zoom.set_ylabel("change of the loss, in units of h")
    zoom.legend(fontsize=8, loc="upper right")

    errors.set(xlim=(1e-16, 1), ylim=(1e-13, 10), xscale="log", yscale="log")
    errors.set(xlabel="step h", ylabel="relative error of the slope")
    edge = errors.axvline(1, color=GREY, linestyle=":", linewidth=1.2, label="reaches the kink")
    (ahead_errors,) = errors.plot(STEPS, STEPS, "--", color=VERMILLION, linewidth=1.2)
    (both_errors,) = errors.plot(STEPS, STEPS, "-", color=BLUE, linewidth=1.2)
    (ahead_dot,) = errors.plot([1], [1], "o", color=VERMILLION, label="forward")
    (both_dot,) = errors.plot([1], [1], "s", color=BLUE, label="central")
    errors.legend(fontsize=8, loc="lower left")

    def update(exponent: float, distance: float, precision: str) -> str:
        h, kink, dtype = 10**exponent, W + distance, np.dtype(precision).type
        here = loss(np.array([W], dtype), kink)
        seen = (loss((W + h * t).astype(dtype), kink) - here).astype(float) / h
        curve.set_ydata(np.clip(seen, -10, 10))
        slopes = [float(slope[0]) for slope in differences(np.array([h]), kink, dtype)]
        ahead.set_ydata([0, slopes[0]])
        middle = float((loss(np.array([W - h], dtype), kink) - here)[0]) / h
        both.set_ydata([middle, middle + 2 * slopes[1]])
        edge.set_xdata([distance, distance])
        lines = ((ahead_errors, ahead_dot), (both_errors, both_dot))
        for (line, dot), values, slope in zip(
            lines, differences(STEPS, kink, dtype), slopes, strict=True
        ):
            line.set_ydata(_visible(relative(values)))
            dot.set_data([h], [_visible(relative(slope))])
        reach = "reaches over" if h > distance else "stays short of"
        forward, central = (f"{slope:.4f} ({_size(relative(slope))})" for slope in slopes)
        return (
            f"h = {h:.1e} in {precision} {reach} the kink, {distance:.2f} away. The true slope is "
            f"{SLOPE:.4f}; forward {forward}, central {central}."
        )

    controls = {
        "exponent": float_slider("log10 of h", -2, -16, 0, 0.25, "The step h is 10 to this power"),
        "distance": float_slider(
            "kink at w +", 0.5, 0.05, 1, 0.05, "How far from w a ReLU switches on"
        ),
        "precision": widgets.ToggleButtons(
            options=["float64", "float32"],
            description="precision",
            tooltips=["16 digits", "7 digits"],
            style={"description_width": WIDE["style"]["description_width"]},
        ),
    }
    artists = [curve, ahead, both, edge, ahead_errors, both_errors, ahead_dot, both_dot]
    return Explorer(fig, artists, update, controls)


def relative(slope: float | np.ndarray) -> np.ndarray:
    """Return how far a slope is from the true one, beside the larger of the two."""
    return np.abs(slope - SLOPE) / np.maximum(np.abs(slope), abs(SLOPE))


def _visible(error: np.ndarray) -> np.ndarray:
    return np.clip(error, 1e-13, 10)


def _size(error: np.ndarray) -> str:
    return f"error {error:.0e}" if error >= 1e-9 else "error below 1e-9"
