"""How quickly the initialization lab answers: JupyterLab in Chromium, notebook 07.

    uv run python benchmarks/interaction.py

Drags the gain's slider of stage 1 (10 layers of 100 units, 500 digits) and counts the frames while
stage 3 trains (10 layers). The time from slider to pixels goes from the moment at which a value
stands beside the slider to the frame of the browser that shows its picture. Of it, what the kernel
does is measured by itself: compute, draw, encode; the rest is transport, which includes the wait
for the next of at most 15 pictures a second.
"""

import json
import statistics
import time
from collections.abc import Callable

import numpy as np
from _browser import notebook_page
from _common import warn_if_busy
from browser import cell_of

from mnist_edu.data import load_mnist
from mnist_edu.labs.initialization import discovery_lab

DRAG_SECONDS = 10
WATCH = """(cell) => {
    const since = {}, lags = [], frames = [];
    const readout = cell.querySelector(".widget-readout");
    const picture = () => [...cell.querySelectorAll(".jp-RenderedImage img")].at(-1);
    const words = () => [...cell.querySelectorAll(".jp-RenderedText")].at(-1)?.innerText ?? "";
    let source = picture().src, said = words();
    new MutationObserver(() => { since[readout.innerText] = performance.now(); })
        .observe(readout, { childList: true, characterData: true, subtree: true });
    new MutationObserver(async () => {
        if (picture() && picture().src !== source) {
            source = picture().src;
            frames.push(performance.now());
        }
        if (words() === said) return;
        said = words();
        const value = /g = ([0-9.]+)/.exec(said)?.[1];
        if (!(value in since)) return;
        await picture().decode();
        requestAnimationFrame(() => lags.push(performance.now() - since[value]));
    }).observe(cell, { childList: true, characterData: true, subtree: true, attributes: true });
    window.bench = { lags, frames };
}"""


def drag(page, slider) -> list[float]:
    """Drag a slider to the right; return the time (ms) from each value to its picture."""
    slider.scroll_into_view_if_needed()
    page.evaluate(WATCH, cell_of(slider).element_handle())
    track = slider.locator("xpath=ancestor::*[contains(@class,'noUi-target')]").bounding_box()
    handle = slider.bounding_box()
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    began = time.monotonic()
    while (share := (time.monotonic() - began) / DRAG_SECONDS) < 1:
        page.mouse.move(track["x"] + track["width"] * (0.35 + 0.6 * share), y)
        page.wait_for_timeout(15)
    page.mouse.up()
    page.wait_for_timeout(1000)
    return page.evaluate("window.bench.lags")


def frames_per_second(page) -> float:
    """Start the live lab and return how many pictures a second it shows while it trains."""
    start = page.get_by_role("button", name="Start", exact=True).first
    start.scroll_into_view_if_needed()
    cell = cell_of(start)
    page.evaluate(WATCH, cell.element_handle())
    start.click()
    page.wait_for_function(
        "cell => cell.innerText.includes('(finished)')", arg=cell.element_handle(), timeout=300_000
    )
    frames = page.evaluate("window.bench.frames")
    return 1000 * (len(frames) - 1) / (frames[-1] - frames[0])


def kernel_times() -> dict[str, float]:
    """Return the median time (ms) of the kernel's part of a frame, piece by piece."""
    explorer = discovery_lab(load_mnist().train.first(500, dtype=np.float64)[0], [])
    picture = explorer.picture
    values = {"depth": 10, "seed": 0, "locked": True, "prediction": 0}
    gains = iter(np.linspace(0.5, 2, 300))

    def median(piece: Callable[[], object]) -> float:
        times = []
        for _ in range(30):
            began = time.perf_counter()
            piece()
            times.append(1000 * (time.perf_counter() - began))
        return statistics.median(times)

    compute = median(lambda: explorer.update(gain=float(next(gains)), **values))
    both, draw = median(picture.png), median(picture.draw)
    return {"compute": compute, "draw": draw, "encode": both - draw}


def main() -> None:
    warn_if_busy()
    with notebook_page("07_initialization_lab.ipynb") as page:
        lags = drag(page, page.get_by_role("slider", name="gain g").first)
        rate = frames_per_second(page)
    median, p95 = statistics.median(lags), statistics.quantiles(lags, n=20)[-1]
    pieces = kernel_times()
    pieces["transport"] = median - sum(pieces.values())
    print(f"slider to pixels: median {median:.0f} ms, 95th percentile {p95:.0f} ms", end="")
    print(f", {len(lags)} pictures in {DRAG_SECONDS} s of dragging")
    print("  ".join(f"{name} {value:.0f} ms" for name, value in pieces.items()))
    print(f"training: {rate:.1f} frames a second")
    lag = {"median": round(median, 1), "p95": round(p95, 1)}
    print(json.dumps({"slider_to_pixels_ms": lag, "frames_per_second": round(rate, 1)}))


if __name__ == "__main__":
    main()
