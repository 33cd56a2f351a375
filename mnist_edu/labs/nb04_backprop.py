"""Notebook 04: a small network with every number of both passes."""

from itertools import product
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from mnist_edu.activations import softmax
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREEN, GREY, VERMILLION

X = np.array([[1.0, 2.0]])
W1 = np.array([[1.0, 1.0], [0.5, -0.25]])
W2 = np.array([[0.5, -0.5], [-1.0, 1.0]])
FRAME: dict[str, Any] = {"edgecolor": "0.3", "linewidth": 1}


@STYLED
def backprop_explorer() -> Explorer:
    """Move one weight of a network 2-2-2; see values flow forward and gradients flow back.

    Its input, its other weights and its biases, which are 0, are fixed.
    """
    fig = Figure(figsize=(10, 4.9))
    graph, curve = fig.subplots(1, 2, width_ratios=[2.5, 1])
    graph.set(xlim=(-0.22, 3.25), ylim=(-0.55, 1.75))
    graph.axis("off")
    for layer, heading in enumerate(("input", "hidden, ReLU", "logits", "loss")):
        graph.text(layer, 1.75, heading, ha="center", va="top", color="0.35")
    for unit in (0, 1):
        graph.plot([2, 3], [unit, 0.5], color="0.8", linestyle="-", linewidth=1)
        _node(graph, 0, unit).set_text(f"x$_{unit}$ = {X[0, unit]:.0f}")

    ends = list(product((0, 1), (0, 1), (0, 1)))  # layer, from unit, to unit
    edges = [_edge(graph, *end) for end in ends]
    values, slopes = zip(*(_edge_numbers(graph, *end) for end in ends), strict=True)
    values[0].set_weight("bold")
    nodes = [_node(graph, layer, unit) for layer, unit in product((1, 2), (0, 1))]
    node_slopes = [_beyond_node(graph, layer, unit) for layer, unit in product((1, 2), (0, 1))]
    gated = [_beyond_node(graph, 1, unit, shift=0.13) for unit in (0, 1)]
    loss_node = _node(graph, 3, 0.5)

    w_axis = np.linspace(-3, 3, 241)
    loss_curves = [_losses(w_axis, true_class) for true_class in (0, 1)]
    (losses,) = curve.plot([], [], color="0.4", linestyle="-")
    (tangent,) = curve.plot([], [], color=VERMILLION, linestyle="--")
    (point,) = curve.plot([], [], "o", color=VERMILLION)
    curve.set(xlim=(-3.2, 3.2), ylim=(-0.3, 3.6), xlabel="W$^{[1]}$[0, 0]")
    curve.set_title("loss, and its tangent")

    def update(w: float, true_class: int) -> str:
        params, y = _network(w), np.array([true_class])
        logits, cache = forward(params, X)
        grads = backward(params, cache, y)
        loss = cross_entropy(logits, y)
        probs = softmax(logits)
        da = grads[1].b @ params[1].W.T

        for artists in zip(edges, values, slopes, ends, strict=True):
            edge, value, slope, (layer, i, j) = artists
            gradient = grads[layer].W[i, j]
            style = "--" if gradient < 0 else "-"
            edge.set(color=_color(gradient), linestyle=style, linewidth=1 + abs(gradient))
            value.set_text(f"{params[layer].W[i, j]:.2f}")
            slope.set(text=f"dW {_signed(gradient)}", color=_color(gradient))
        for unit in (0, 1):
            z, a = cache.z[0][0, unit], cache.a[1][0, unit]
            dz = grads[0].b[unit]
            nodes[unit].set_text(f"z = {z:.2f}\na = {a:.2f}")
            _box(nodes[unit]).set_facecolor("white" if z > 0 else "0.85")
            node_slopes[unit].set(text=f"da {_signed(da[unit])}", color=_color(da[unit]))
            gated[unit].set(text=f"dz {_signed(dz)}", color=_color(dz))
            nodes[2 + unit].set_text(f"z = {logits[0, unit]:.2f}\no = {probs[0, unit]:.2f}")
            frame = {"edgecolor": GREEN, "linewidth": 3} if unit == true_class else FRAME
            _box(nodes[2 + unit]).set(**frame)
            dz = grads[1].b[unit]
            node_slopes[2 + unit].set(text=f"dz {_signed(dz)}", color=_color(dz))
        loss_node.set_text(f"L = {loss:.2f}")

        losses.set_data(w_axis, loss_curves[true_class])
        slope = grads[0].W[0, 0]
        tangent.set_data([w - 1, w + 1], [loss - slope, loss + slope])
        point.set_data([w], [loss])
        gate = "open" if cache.z[0][0, 0] > 0 else "closed"
        return (
            f"Weight {w:.2f}, true class {true_class}: z of hidden unit 0 is "
            f"{cache.z[0][0, 0]:.2f}, its gate is {gate}; loss {loss:.3f}, gradient of the weight "
            f"{_signed(slope, 3)}."
        )

    controls = {
        "w": float_slider("W[0, 0], layer 1", 1.0, -3, 3, 0.25, "From input 0 to hidden unit 0"),
        "true_class": int_slider("true class", 0, 0, 1, "The class that is right"),
    }
    written = [*values, *slopes, *nodes, *node_slopes, *gated, loss_node]
    return Explorer(fig, [*edges, *written, losses, tangent, point], update, controls)


def _network(w: float) -> list[Layer]:
    W = W1.copy()
    W[0, 0] = w
    return [Layer(W, np.zeros(2)), Layer(W2, np.zeros(2))]


def _losses(w_axis: np.ndarray, true_class: int) -> list[float]:
    return [cross_entropy(forward(_network(w), X)[0], np.array([true_class])) for w in w_axis]


def _edge(ax: Axes, layer: int, i: int, j: int) -> Line2D:
    """Draw an edge, from where an input's box ends."""
    start = 0 if layer else 0.17 if i == j else 0.1
    x, y = np.array([layer + start, layer + 1]), np.array([1 - i + start * (i - j), 1 - j])
    (line,) = ax.plot(x, y)
    return line


def _edge_numbers(ax: Axes, layer: int, i: int, j: int) -> tuple[Text, Text]:
    """Put an edge's weight above its gradient: in the middle, or near its start if it slopes."""
    along = 0.5 if i == j else 0.34
    x, y = layer + along, 1 - i + along * (i - j)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    style: dict[str, Any] = {"ha": "center", "fontsize": 8.5, "bbox": box}
    weight = ax.text(x, y + 0.01, "", va="bottom", **style)
    return weight, ax.text(x, y - 0.01, "", va="top", **style)


def _node(ax: Axes, x: float, unit: float) -> Text:
    box = {"boxstyle": "round", "facecolor": "white", **FRAME}
    return ax.text(x, 1 - unit, "", ha="center", va="center", bbox=box)


def _box(node: Text) -> FancyBboxPatch:
    return cast(FancyBboxPatch, node.get_bbox_patch())


def _beyond_node(ax: Axes, x: float, unit: int, shift: float = 0) -> Text:
    """Put a node's gradient on its outer side: above unit 0, below unit 1."""
    y, va = ((1.2 + 0.13 - shift, "bottom"), (-0.2 - shift, "top"))[unit]
    return ax.text(x, y, "", ha="center", va=va, fontsize=8.5)


def _color(gradient: float) -> str:
    if gradient == 0:
        return GREY
    return BLUE if gradient > 0 else VERMILLION


def _signed(number: float, digits: int = 2) -> str:
    """Write a number with its sign, and an exact 0 as 0."""
    return "0" if number == 0 else f"{number:+.{digits}f}"
