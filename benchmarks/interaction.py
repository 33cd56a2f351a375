"""How quickly the initialization lab answers: JupyterLab in Chromium, notebook 07.

    uv run python -m benchmarks.interaction

Moves the gain's slider of stage 1 (10 layers of 100 units, 500 digits), by keys a quarter of a
second apart and by a mouse that does not stop, and counts the frames while stage 3 trains (10
layers). The time from slider to pixels goes from the moment at which a value stands beside the
slider to the frame of the browser that shows its picture. What the kernel does for it is measured
by itself: compute, draw, encode; the rest of a key's time is transport. Then the slider is dragged
in a page that computes six times slower, and the time is taken from the last value to its picture.
"""

import json
import statistics
import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page

from mnist_edu.data import load_mnist
from mnist_edu.labs.nb07_gain import discovery_lab
from tools.jupyterlab import cell_of, notebook_page
from tools.measuring import warn_if_busy

DRAG_SECONDS = 10
SLOWER = 6
WATCH = """(cell) => {
    const since = {}, lags = [], frames = [];
    const readout = cell.querySelector(".widget-readout");
    const picture = () => cell.querySelector(".mnist-screen img");
    const words = () => cell.querySelector(".mnist-screen .mnist-seen").textContent;
    let source = picture().src, said = words(), painted;
    new MutationObserver(() => { since[readout.innerText] = performance.now(); })
        .observe(readout, { childList: true, characterData: true, subtree: true });
    new MutationObserver(async () => {
        if (picture() && picture().src !== source) {
            source = picture().src;
            frames.push(performance.now());
            painted = picture().decode().then(() => new Promise(requestAnimationFrame));
        }
        if (words() === said) return;
        said = words();
        const value = /g = ([0-9.]+)/.exec(said)?.[1];
        if (value in since) lags.push(await painted - since[value]);
    }).observe(cell, { childList: true, characterData: true, subtree: true, attributes: true });
    window.bench = { lags, frames, since };
}"""


def watch(page: Page, inside: Locator) -> None:
    """Begin to note, in the browser, when values and pictures change in the cell of a control."""
    inside.scroll_into_view_if_needed()
    page.evaluate(WATCH, cell_of(inside).element_handle())


def press(page: Page, slider: Locator) -> list[float]:
    """Move a slider by the keyboard; return the time (ms) from each value to its picture."""
    for key in ("Home", *["PageUp"] * 5):
        slider.press(key)
    page.wait_for_timeout(1000)
    watch(page, slider)
    for _ in range(40):
        slider.press("ArrowRight")
        page.wait_for_timeout(250)
    return page.evaluate("window.bench.lags")


def drag(page: Page, slider: Locator) -> list[float]:
    """Drag a slider by the mouse; return the time (ms) from each value drawn to its picture."""
    watch(page, slider)
    track = slider.locator("xpath=ancestor::*[contains(@class,'noUi-target')]").bounding_box()
    handle = slider.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    room = track["x"] + track["width"] - x
    page.mouse.move(x, y)
    page.mouse.down()
    began = time.monotonic()
    while (share := (time.monotonic() - began) / DRAG_SECONDS) < 1:
        page.mouse.move(x + share * room, y)
        page.wait_for_timeout(15)
    page.mouse.up()
    page.wait_for_timeout(3000)
    return page.evaluate("window.bench.lags")


def seconds_behind(page: Page, slider: Locator) -> float:
    """Drag in a slow page; return the seconds from the last value to its picture."""
    session = page.context.new_cdp_session(page)
    slider.press("Home")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    lags = drag(page, slider)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return lags[-1] / 1000


def frames_per_second(page: Page) -> float:
    """Start the live lab and return how many pictures a second it shows while it trains."""
    start = page.get_by_role("button", name="Start", exact=True).first
    watch(page, start)
    cell = cell_of(start)
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
        gain = page.get_by_role("slider", name="gain g").first
        pressed, dragged = press(page, gain), drag(page, gain)
        behind = seconds_behind(page, gain)
        rate = frames_per_second(page)
    by_key, by_mouse = figures(pressed), figures(dragged)
    pieces = kernel_times()
    pieces["transport"] = by_key["median"] - sum(pieces.values())
    print("slider to pixels, ms    median   95th percentile")
    print(f"a key at a time        {by_key['median']:7.0f}   {by_key['p95']:7.0f}")
    print(f"dragged by the mouse   {by_mouse['median']:7.0f}   {by_mouse['p95']:7.0f}", end="")
    print(f"   {len(dragged) / DRAG_SECONDS:.1f} pictures a second")
    print("a key:", "  ".join(f"{name} {value:.0f} ms" for name, value in pieces.items()))
    print(f"a page {SLOWER} times slower: the last value's picture after {behind:.2f} s")
    print(f"training: {rate:.1f} frames a second")
    result = {"slider_to_pixels_ms": by_key, "dragged_ms": by_mouse}
    result["last_picture_on_a_slow_page_s"] = round(behind, 2)
    print(json.dumps(result | {"frames_per_second": round(rate, 1)}))


def figures(lags: list[float]) -> dict[str, float]:
    p95 = statistics.quantiles(lags, n=20)[-1]
    return {"median": round(statistics.median(lags), 1), "p95": round(p95, 1)}


if __name__ == "__main__":
    main()
