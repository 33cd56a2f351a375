"""The picture of the start page: what fifty layers do to a signal, at three gains."""

import numpy as np

from mnist_edu.activations import ACTIVATIONS
from mnist_edu.data import load_mnist
from mnist_edu.topics.signal_propagation import gain_params, signals

DEPTH, WIDTH = 50, 100
GAINS = {2.0: "explodes", 1.41: "survives", 1.0: "fades"}
X, Y = (66, 486), (18, 202)  # of the frame, in a view of 600 by 232
DECADES = 8  # of the axis, upwards and downwards


def picture() -> str:
    """Return the picture as an SVG that takes its colours from the page."""
    images, labels = load_mnist().train.first(100, dtype=np.float64)
    curves = {gain: stds(gain, images, labels) for gain in GAINS}
    said = ", ".join(f"{s[0]:.2g} to {s[-1]:.1g} at gain {gain:g}" for gain, s in curves.items())
    lines = [
        '<figure class="signal">',
        '<svg viewBox="0 0 600 232" role="img" aria-labelledby="signal">',
        f'<title id="signal">Size of the signal from layer 1 to {DEPTH}: {said}.</title>',
        *(axis_label(decade) for decade in (-DECADES, 0, DECADES)),
        *(curve(gain, values) for gain, values in curves.items()),
        f'<text class="soft" x="{X[0]}" y="226">layer 1</text>',
        f'<text class="soft" x="{X[1]}" y="226" text-anchor="end">layer {DEPTH}</text>',
        "</svg>",
        f"<figcaption>One network of {DEPTH} layers, the same random weights at three scales: how",
        "large the signal is in each layer. Notebook 6 says why, and notebook 7 lets you find the",
        "scale.</figcaption>",
        "</figure>",
    ]
    return "\n".join(lines)


def stds(gain: float, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the std of the pre-activations in each hidden layer."""
    params = gain_params([784, *[WIDTH] * DEPTH, 10], np.random.default_rng(0), gain)
    found = signals(params, images, labels, ACTIVATIONS["relu"])
    return np.array([z.std() for z in found.z])


def height(decade: float) -> float:
    """Return where a power of ten stands on the picture."""
    return round(np.interp(decade, (-DECADES, DECADES), Y[::-1]), 1)


def axis_label(decade: int) -> str:
    """Return a label and a faint line."""
    y = height(decade)
    power = f'10<tspan dy="-5" font-size="11">{str(decade).replace("-", "−")}</tspan>'
    return (
        f'<path class="axis" d="M{X[0]} {y}H{X[1]}"/>'
        f'<text class="soft" x="{X[0] - 8}" y="{y + 5}" text-anchor="end">'
        f"{power if decade else 1}</text>"
    )


def curve(gain: float, values: np.ndarray) -> str:
    """Return a curve with its gain and what happens written at its end."""
    across = np.linspace(*X, DEPTH).round(1)
    up = [height(decade) for decade in np.log10(values)]
    points = " ".join(f"{x},{y}" for x, y in zip(across, up, strict=True))
    kind = GAINS[gain]
    return (
        f'<polyline class="{kind}" pathLength="1" points="{points}"/>'
        f'<text class="{kind}" x="{X[1] + 8}" y="{up[-1] - 4}">{kind}'
        f'<tspan class="soft" x="{X[1] + 8}" dy="17">gain {gain:g}</tspan></text>'
    )
