"""Notebook 09: draw a digit, see it read, and teach the network yours."""

import itertools

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
from mnist_edu.widgets.controls import STYLED, button
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.lab import Actions
from mnist_edu.widgets.plots import BLUE, GREEN, draw_image

SEVEN = [[(17.5, 17), (20, 16.6), (23.5, 16.4)], [(23.5, 16.4), (22, 19), (21, 22), (20, 25)]]
NARROW = widgets.Layout(width="18em")
STEPS, RATE, KNOWN, UNSEEN = 10, 0.1, 100, 1000


class Drawing:
    """The picture of draw_a_digit_lab; the network as it came, and as it was taught."""

    def __init__(self, params: list[Layer], known: Split, validation: Split):
        self.networks = [params]
        self.dtype = params[0].W.dtype
        self.X, self.y = known.first(STEPS * KNOWN, self.dtype.type)
        self.unseen = validation.images[:UNSEEN], validation.labels[:UNSEEN]
        self.scores: list[str] = []
        self.examples = itertools.cycle(range(UNSEEN))
        fig = Figure(figsize=(6, 3.2))
        left, right = fig.subplots(1, 2, width_ratios=[1, 1.5])
        draw_image(left, np.zeros(784), "what the network sees")
        left.spines[:].set(visible=True, color="0.8")
        (self.seen,) = left.images
        self.bars = right.bar(range(10), np.zeros(10))
        self.outlines = right.bar(
            range(10), np.zeros(10), fill=False, edgecolor="0.2", linestyle=":"
        )
        right.set(xticks=range(10), ylim=(0, 1), xlabel="digit")
        right.set_title("probabilities (green: my label)")
        moving = [self.seen, *left.spines.values(), *self.bars, *self.outlines]
        self.figure, self.moving = fig, moving
        self.controls = _controls()

    def read(self, network: list[Layer], image: np.ndarray) -> np.ndarray:
        """Return the probabilities that a network gives to an image."""
        return softmax(forward(network, image[np.newaxis].astype(self.dtype))[0])[0]

    def score(self, network: list[Layer]) -> str:
        """Say how many of the unseen images a network reads correctly."""
        images, labels = self.unseen
        return f"{100 * accuracy(labels, predict(network, images)):.1f} %"

    def update(self, ink: bytes, centre: bool, label: int) -> str:
        """Draw what the network sees and what it makes of it."""
        image = preprocess(to_ink(ink), centre)
        blank, taught = not image.any(), len(self.networks) > 1
        first, now = (
            np.zeros(10) if blank else self.read(self.networks[k], image) for k in (0, -1)
        )
        self.seen.set_data(image.reshape(28, 28))
        for digit, (bar, outline) in enumerate(zip(self.bars, self.outlines, strict=True)):
            bar.set(height=now[digit], color=GREEN if digit == label else BLUE)
            outline.set(height=first[digit], visible=taught)
        if blank:
            text = "The paper is blank: draw a digit."
        else:
            best, second = np.argsort(-now, kind="stable")[:2]
            then = f", then {second} ({_percent(now[second])})" if now[second] >= 0.005 else ""
            way = "centred" if centre else "not centred"
            text = f"Read as {best} ({_percent(now[best])}){then}; {way}. "
            text += f"My label, {label}: {_percent(now[label])}."
        if taught:
            was = "" if blank else f"{label}: {_percent(first[label])}; "
            text += f" Before it was taught: {was}"
            text += f"{self.scores[0]} of {UNSEEN} validation images right, now {self.scores[1]}."
        return text

    def teach(self, ink: bytes, centre: bool, label: int, mixed: int = KNOWN) -> None:
        """Take ten steps, each on the drawing and some known images."""
        image = preprocess(to_ink(ink), centre)
        if not image.any():
            return
        network = [Layer(W.copy(), b.copy()) for W, b in self.networks[-1]]
        for step in range(STEPS):
            others = slice(step * mixed, (step + 1) * mixed)
            batch = np.vstack([image.astype(self.dtype), self.X[others]])
            _, cache = forward(network, batch)
            sgd(network, backward(network, cache, np.append(label, self.y[others])), RATE)
        self.networks[1:] = [network]
        self.scores = [self.score(network) for network in self.networks]

    def teach_alone(self, ink: bytes, centre: bool, label: int) -> None:
        """Take ten steps on the drawing alone."""
        self.teach(ink, centre, label, mixed=0)

    def forget(self, **values: object) -> None:
        """Go back to the network as it came."""
        del self.networks[1:]

    def show_example(self, **values: object) -> None:
        """Put the next unseen image on the paper."""
        images, labels = self.unseen
        image = next(self.examples)
        self.controls["ink"].value = to_bytes(images[image].reshape(28, 28))
        self.controls["label"].value = int(labels[image])


@STYLED
def draw_a_digit_lab(params: list[Layer], known: Split, validation: Split) -> Explorer:
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
    lab = Drawing(params, known, validation)
    actions: Actions = {
        button("Example", "Put the next validation image on the paper"): lab.show_example,
        button("Teach", "Ten steps, each on your digit and 100 known images"): lab.teach,
        button("Teach alone", "Ten steps on your digit alone"): lab.teach_alone,
        button("Forget", "The network as it was before you taught it"): lab.forget,
    }
    return Explorer(lab.figure, lab.moving, lab.update, lab.controls, actions=actions)


def _controls() -> dict[str, widgets.Widget]:
    return {
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


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f} %"
