"""Notebook 09: draw a digit, see it read, and teach the network yours."""

import itertools
from collections.abc import Sequence
from functools import partial

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from mnist_edu.activations import softmax
from mnist_edu.data import Split
from mnist_edu.metrics import accuracy
from mnist_edu.network import Layer, backward, forward, predict
from mnist_edu.topics.preprocessing import preprocess, rasterize
from mnist_edu.training import sgd
from mnist_edu.widgets.canvas import Canvas, to_bytes, to_ink
from mnist_edu.widgets.controls import STYLED
from mnist_edu.widgets.explorer import Explorer, Picture
from mnist_edu.widgets.plots import BLUE, GREEN, draw_image

SEVEN = [[(17.5, 17), (20, 16.6), (23.5, 16.4)], [(23.5, 16.4), (22, 19), (21, 22), (20, 25)]]
NARROW = widgets.Layout(width="18em")
STEPS, RATE, KNOWN, UNSEEN = 10, 0.1, 100, 1000


@STYLED
def draw_a_digit_lab(params: Sequence[Layer], known: Split, validation: Split) -> Explorer:
    """Draw a digit, and see what the network makes of it; then teach it yours.

    Parameters
    ----------
    params : list of Layer
        A trained network of ReLUs, 784 inputs and 10 classes. It is not changed.
    known : Split
        What it was trained on. Its first 1 000 images are mixed in when it is taught.
    validation : Split
        Where examples come from; its first 1 000 images show what teaching does to others.
    """
    dtype = params[0].W.dtype
    X, y = known.first(STEPS * KNOWN, dtype=dtype)
    networks, scores = [params], []  # as it came, and as it was taught

    def read(network: Sequence[Layer], image: np.ndarray) -> np.ndarray:
        return softmax(forward(network, image[np.newaxis].astype(dtype))[0])[0]

    def score(network: Sequence[Layer]) -> str:
        right = accuracy(validation.labels[:UNSEEN], predict(network, validation.images[:UNSEEN]))
        return f"{100 * right:.1f} %"

    fig = Figure(figsize=(6, 3.2))
    left, right = fig.subplots(1, 2, width_ratios=[1, 1.5])
    draw_image(left, np.zeros(784), "what the network sees")
    left.spines[:].set(visible=True, color="0.8")
    (seen,) = left.images
    bars = right.bar(range(10), np.zeros(10))
    before = right.bar(range(10), np.zeros(10), fill=False, edgecolor="0.2", linestyle=":")
    right.set(xticks=range(10), ylim=(0, 1), xlabel="digit")
    right.set_title("probabilities (green: my label)")

    def update(ink: bytes, centre: bool, label: int) -> str:
        image = preprocess(to_ink(ink), centre)
        blank = not image.any()
        first, now = (np.zeros(10) if blank else read(networks[k], image) for k in (0, -1))
        seen.set_data(image.reshape(28, 28))
        for digit, (bar, outline) in enumerate(zip(bars, before, strict=True)):
            bar.set(height=now[digit], color=GREEN if digit == label else BLUE)
            outline.set(height=first[digit], visible=len(networks) > 1)
        if blank:
            text = "The paper is blank: draw a digit."
        else:
            best, second = np.argsort(-now, kind="stable")[:2]
            then = f", then {second} ({_percent(now[second])})" if now[second] >= 0.005 else ""
            way = "centred" if centre else "not centred"
            text = f"Read as {best} ({_percent(now[best])}){then}; {way}. "
            text += f"My label, {label}: {_percent(now[label])}."
        if len(networks) > 1:
            was = "" if blank else f"{label}: {_percent(first[label])}; "
            text += f" Before it was taught: {was}"
            text += f"{scores[0]} of {UNSEEN} validation images right, now {scores[1]}."
        return text

    def teach(ink: bytes, centre: bool, label: int, mixed: int = KNOWN) -> None:
        image = preprocess(to_ink(ink), centre)
        if not image.any():
            return
        network = [Layer(W.copy(), b.copy()) for W, b in networks[-1]]
        for step in range(STEPS):
            others = slice(step * mixed, (step + 1) * mixed)
            batch = np.vstack([image.astype(dtype), X[others]])
            _, cache = forward(network, batch)
            sgd(network, backward(network, cache, np.append(label, y[others])), RATE)
        networks[1:] = [network]
        scores[:] = [score(network) for network in networks]

    def forget(**values) -> None:
        del networks[1:]

    examples = itertools.cycle(range(UNSEEN))

    def show_example(**values) -> None:
        image = next(examples)
        controls["ink"].value = to_bytes(validation.images[image].reshape(28, 28))
        controls["label"].value = int(validation.labels[image])

    controls = {
        "ink": Canvas(
            value=to_bytes(rasterize(SEVEN)),
            description="paper to draw a digit on",
            tooltip="Draw by mouse, pen, finger or keys",
        ),
        "centre": widgets.Checkbox(
            value=True,
            description="centre",
            tooltip="Cut out, scaled and centred by its mass, as MNIST was made",
            indent=False,
            layout=NARROW,
        ),
        "label": widgets.Dropdown(
            value=7,
            options=range(10),
            description="my label",
            tooltip="Which digit you have drawn",
            layout=NARROW,
        ),
    }
    actions = {
        _button("Example", "Put the next validation image on the paper"): show_example,
        _button("Teach", "Ten steps, each on your digit and 100 known images"): teach,
        _button("Teach alone", "Ten steps on your digit alone"): partial(teach, mixed=0),
        _button("Forget", "The network as it was before you taught it"): forget,
    }
    picture = Picture(fig, [seen, *left.spines.values(), *bars, *before])
    return Explorer(picture, update, controls, actions=actions)


def _button(description: str, tooltip: str) -> widgets.Button:
    layout = widgets.Layout(width="auto")
    return widgets.Button(description=description, tooltip=tooltip, layout=layout)


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f} %"
