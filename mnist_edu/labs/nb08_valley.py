"""Notebook 08: gradient descent and momentum in a valley."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from mnist_edu.network import Layer
from mnist_edu.training import momentum
from mnist_edu.widgets.controls import STYLED, float_slider, int_slider
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.plots import BLUE, GREY, VERMILLION

STEPS = 100
START = np.array([-9.0, 2.0])
ARRIVED = 1e-3  # of the loss at the start


@STYLED
def valley_explorer() -> Explorer:
    """Follow 100 steps with momentum down L = (u² + c w²) / 2, whose curvatures are 1 and c."""
    fig = Figure(figsize=(9, 3.4))
    map_axes, loss_axes = fig.subplots(1, 2)
    levels = np.array([1, 2, 4, 6, 8, 10])
    rings = [Ellipse((0, 0), 2 * r, 1, fill=False, color="0.8") for r in levels]
    for ring in rings:
        map_axes.add_patch(ring)
    map_axes.plot(0, 0, "+", color="black", markersize=9)
    (path,) = map_axes.plot([], [], "o-", color=VERMILLION, markersize=3, linewidth=0.8)
    map_axes.set(xlim=(-10.5, 10.5), ylim=(-3.5, 3.5), xlabel="u", ylabel="w")
    map_axes.set_title("the valley from above", fontsize=10)
    loss_axes.set(xlim=(0, STEPS), ylim=(1e-8, 1e6), yscale="log", xlabel="step")
    loss_axes.set_title("loss / loss at the start", fontsize=10)
    loss_axes.axhline(ARRIVED, color=GREY, linestyle=":", linewidth=1)
    (losses,) = loss_axes.plot([], [], "-", color=BLUE, linewidth=1.5)

    def update(lr: float, beta: float, curvature: int) -> str:
        points = heavy_ball_path(lr, beta, curvature)
        loss = points[:, 0] ** 2 + curvature * points[:, 1] ** 2
        loss = loss / loss[0]
        for ring, r in zip(rings, levels, strict=True):
            ring.height = 2 * r / np.sqrt(curvature)
        path.set_data(*np.clip(points, -1e3, 1e3).T)
        losses.set_data(np.arange(STEPS + 1), np.clip(loss, 1e-300, 1e300))
        text = f"Rate {lr:.3f}, β {beta:.2f}, curvatures 1 and {curvature}: "
        above = np.flatnonzero(loss > ARRIVED)
        if loss[-1] > 1e6:
            return text + "the loss grows without end, beyond a million times that of the start."
        if loss[-1] > 1:
            return text + f"after {STEPS} steps the loss is {loss[-1]:.2g} times that of the start."
        if above[-1] == STEPS:
            return text + f"after {STEPS} steps the loss is still {loss[-1]:.2g} of the start's."
        return text + f"after {above[-1] + 1} steps the loss stays below 1/1000 of the start's."

    controls = {
        "lr": float_slider("learning rate", 0.02, 0.005, 0.5, 0.005, "The factor of each step"),
        "beta": float_slider(
            "momentum β", 0, 0, 0.95, 0.05, "How much of the velocity is kept; 0: plain descent"
        ),
        "curvature": int_slider("curvature c", 20, 1, 50, "How steep the valley's sides are"),
    }
    controls["lr"].readout_format = ".3f"
    return Explorer(fig, [*rings, path, losses], update, controls)


def heavy_ball_path(lr: float, beta: float, curvature: float) -> np.ndarray:
    """Return the points (u, w) that momentum visits, an array of shape (STEPS + 1, 2)."""
    params, state = [Layer(START[:1, None].copy(), START[1:].copy())], dict[str, object]()
    points = [START]
    for _ in range(STEPS):
        ((u, w),) = params
        momentum(params, [Layer(u, curvature * w)], lr, state, beta)
        points.append(np.array([u.item(), w.item()]))
    return np.array(points)
