"""Notebook 01: the line where a neuron changes its answer, and what two hidden units see."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mnist_edu.activations import relu
from mnist_edu.widgets.controls import STYLED, choice, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, VERMILLION

GROUPS = {  # where they lie: two blue ones, then two orange ones
    "two groups": [(0.5, 1.2), (1.2, 0.7), (-0.6, 0.4), (0.5, -0.6)],
    "XOR": [(1, -1), (-1, 1), (1, 1), (-1, -1)],
}
ONE, TWO = "one neuron", "two hidden units"
SEEN = {  # the labels of the right panel's axes, and its title
    ONE: ("$z$", "", "what the neuron makes of them"),
    TWO: ("$a_1$", "$a_2$", "what the two units make of them"),
}
REACH = 1.7  # of the picture of the inputs, from its middle
CELLS = 171


@STYLED
def boundary_explorer() -> Explorer:
    """Turn and shift the line of a neuron, or of two hidden units, between points of two classes.

    The two units have opposite weights and the same bias. The output neuron behind them gets the
    line that `best_line` finds in the plane of their activations.
    """
    fig = Figure(figsize=(8, 3.9))
    inputs, seen = fig.subplots(1, 2)
    ends = (-REACH, REACH)
    ticks = np.linspace(*ends, CELLS)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    answer = inputs.imshow(
        np.zeros((CELLS, CELLS)), cmap="RdBu", vmin=-5, vmax=5, interpolation="bilinear",
        origin="lower", extent=(*ends, *ends),
    )  # fmt: skip
    edges = [inputs.plot([], [], style, linewidth=1.2)[0] for style in ("k-", "k--")]
    arrows = inputs.quiver(*np.zeros((4, 2)), angles="xy", scale_units="xy", scale=2, width=0.012)
    inputs.set(xlim=ends, ylim=ends, xlabel="$x_1$", ylabel="$x_2$")
    inputs.set_title("the inputs; arrows along w")
    (cut,) = seen.plot([], [], "k:", linewidth=1.2)
    labels = [seen.xaxis.label, seen.yaxis.label, seen.title]
    shown = [_dots(inputs), _dots(seen)]
    fig.legend(handles=shown[0], loc="outside lower center", ncols=3)

    def update(data: str, network: str, angle: int, bias: float) -> str:
        X, blue = make_points(data)
        w = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        two = network == TWO
        if two:
            place = hidden(X, w, bias)
            v, c = best_line(place, blue)
            score = hidden(grid, w, bias) @ v - c
            seen.set(xlim=(-0.3, 4), ylim=(-0.3, 4), yticks=range(5))
        else:
            place = np.column_stack([X @ w + bias, np.where(blue, 0.3, -0.3)])
            v, c, score = np.array([1, 0]), 0, grid @ w + bias
            seen.set(xlim=(-4, 4), ylim=(-1, 1), yticks=[])
        wrong = (place @ v > c) != blue

        answer.set_data(np.clip(30 * score, -1, 1).reshape(CELLS, CELLS))
        feet = np.array([-bias * w, bias * w if two else -bias * w])
        for foot, edge in zip(feet, edges, strict=True):
            edge.set_data(*_line(foot, w))
        arrows.set_offsets(feet)
        arrows.set_UVC(*np.transpose([w, -w if two else w]))
        cut.set_data(*_line(c * v, v))
        for text, words in zip(labels, SEEN[network], strict=True):
            text.set_text(words)
        for points, markers in zip((X, place), shown, strict=True):
            for chosen, marker in zip((blue, ~blue, wrong), markers, strict=True):
                marker.set_data(*points[chosen].T)
        return (
            f"{data}, {network}: w at {angle}°, bias {bias:.1f}; "
            f"{wrong.sum()} of {len(X)} points on the wrong side."
        )

    controls = {
        "data": choice("data", [*GROUPS], "Which points are to be told apart"),
        "network": choice("network", [ONE, TWO], "What tells them apart"),
        "angle": int_slider("angle of w", 0, -180, 180, "The direction of the weights, in degrees"),
        "bias": float_slider("bias b", 1, -1.5, 1.5, 0.1, "The bias; the weights have length 1"),
    }
    flat = [marker for markers in shown for marker in markers]
    return Explorer(fig, [answer, *edges, arrows, cut, *flat], update, controls)


def make_points(data: str) -> tuple[np.ndarray, np.ndarray]:
    """Return 40 points, an array of shape (40, 2), and which are blue: the first 20."""
    rng = np.random.default_rng(0)
    noise = rng.uniform(-0.35, 0.35, size=(40, 2))
    return np.array(GROUPS[data]).repeat(10, axis=0) + noise, np.arange(40) < 20


def hidden(X: np.ndarray, w: np.ndarray, bias: float) -> np.ndarray:
    """Return the activations (N, 2) of two units with weights w and -w and the same bias."""
    return relu(np.outer(X @ w, [1, -1]) + bias)


def best_line(points: np.ndarray, blue: np.ndarray) -> tuple[np.ndarray, float]:
    """Find the line with the fewest blue points where v @ point <= c, and others where it is > c.

    Of lines with equally few, the one with the widest gap. All directions v are tried in steps
    of 5 degrees, each with every c in the middle between two neighbours.

    Parameters
    ----------
    points : array of shape (N, 2)
    blue : bool array of shape (N,)

    Returns
    -------
    v : array of shape (2,), of length 1
    c : float

    Examples
    --------
    >>> v, c = best_line(np.array([[0, 0], [0, 2], [1, 1]]), np.array([False, False, True]))
    >>> v.round(6), c.round(6)
    (array([1., 0.]), np.float64(0.5))
    """
    angles = np.radians(np.arange(0, 360, 5))
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    heights = directions @ points.T
    order = heights.argsort(axis=1)
    heights = np.take_along_axis(heights, order, axis=1)
    wrong = np.where(blue, 1, -1)[order].cumsum(axis=1)[:, :-1] + (~blue).sum()
    gaps = np.diff(heights)
    cost = np.where(gaps > 1e-9, wrong - gaps / 100, np.inf).round(9)
    row, k = np.unravel_index(cost.argmin(), cost.shape)
    return directions[row], heights[row, k : k + 2].mean()


def _line(foot: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return two ends, as rows x and y, of the line through foot across normal."""
    return foot[:, np.newaxis] + np.outer([-normal[1], normal[0]], [-10, 10])


def _dots(ax: Axes) -> list[Line2D]:
    """Return empty markers for the blue points, the orange ones, and those on the wrong side."""
    return [
        ax.plot([], [], "o", color=BLUE, label="blue")[0],
        ax.plot([], [], "s", color=VERMILLION, label="orange")[0],
        ax.plot([], [], "x", color="black", markersize=9, label="on the wrong side")[0],
    ]
