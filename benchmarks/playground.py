"""How quickly the playground answers: the page in Chromium, alone on two quiet cores.

    uv run python -m benchmarks.playground

From the moment at which a mouse that drags the gain has moved to the moment after the frame that
shows its picture (10 layers of ReLU); frames a second while a network of 10 layers trains; from
opening the page to the first picture; and the longest task of the page's own thread on a processor
slowed four times, while everything that the page has is used. The last line is JSON.
"""

import contextlib
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page

from docs.playground import build
from tools.jupyterlab import chromium, new_page
from tools.measuring import warn_if_busy

ROUNDS = 3
DRAG_SECONDS = 3
SLOWDOWN = 4
REST = 700  # milliseconds, longer than the page waits for a hand to rest
WATCH = """
const bench = window.bench = { lags: [], frames: [], tasks: [0], first: null };
new PerformanceObserver(list => bench.tasks.push(...list.getEntries().map(e => e.duration)))
    .observe({ type: "longtask", buffered: true });
const afterPaint = then => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
};
let moved = null, waiting = null;
addEventListener("pointermove", event => { moved = event.timeStamp; }, true);
addEventListener("input", () => { waiting ??= moved; }, true);
document.addEventListener("DOMContentLoaded", () => {
    const watch = (id, then) => new MutationObserver(then)
        .observe(document.getElementById(id), { childList: true });
    watch("factor", () => {
        const since = waiting;
        waiting = null;
        afterPaint(() => {
            bench.first ??= performance.now();
            if (since !== null) bench.lags.push(performance.now() - since);
        });
    });
    watch("at-step", () => bench.frames.push(performance.now()));
});
"""


@contextlib.contextmanager
def opened(address: str, slowdown: float = 1) -> Iterator[Page]:
    """Open the page in a browser of its own, and let it come to rest."""
    with (
        chromium() as browser,
        new_page(browser, viewport={"width": 1366, "height": 768}, locale="en-US") as page,
    ):
        page.add_init_script(WATCH)
        with slowed(page, slowdown):
            page.goto(address)
            page.wait_for_timeout(2000)
        yield page


@contextlib.contextmanager
def slowed(page: Page, slowdown: float) -> Iterator[None]:
    """Slow the page's own thread down."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    yield
    session.detach()


def drag(page: Page, seconds: float, slowdown: float = 1) -> None:
    """Drag the gain to and fro, without stopping."""
    box = page.locator("#gain").bounding_box()
    y = box["y"] + box["height"] / 2
    places = [box["x"] + box["width"] * (0.1 + 0.01 * k) for k in range(80)]
    with slowed(page, slowdown):
        page.mouse.move(places[0], y)
        page.mouse.down()
        until = time.monotonic() + seconds
        for x in itertools.cycle([*places, *reversed(places)]):
            page.mouse.move(x, y)
            if time.monotonic() > until:
                break
        page.mouse.up()
        page.wait_for_timeout(REST)


def press(control: Locator, *keys: str) -> None:
    """Click on a control, then press some keys, on the slow processor.

    Playwright looks for the control by scripts in the page's own thread: before it is slowed.
    """
    page = control.page
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    with slowed(page, SLOWDOWN):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(REST)


def use_everything(page: Page) -> None:
    """Do what a reader may do, in both stages, on the slow processor."""
    number = page.get_by_label("my critical gain")
    drag(page, 2, SLOWDOWN)
    press(page.locator("#depth"), "End")
    press(page.locator("#seed"), "ArrowRight")
    press(number, "1", ".", "4", "Enter")
    press(page.get_by_role("button", name="Thirty seeds"))
    drag(page, 2, SLOWDOWN)
    press(page.get_by_text("tanh", exact=True))
    press(number, "1", ".", "1", "Enter")
    press(page.get_by_role("button", name="Thirty seeds"))
    drag(page, 2, SLOWDOWN)
    press(page.get_by_role("tab", name="Train it"))
    press(page.get_by_role("button", name="Start"))
    press(page.get_by_role("button", name="Keep"))
    drag(page, 2, SLOWDOWN)
    press(page.get_by_role("button", name="50 hidden layers, gain 1.41"))
    press(page.get_by_role("button", name="Projector"))
    press(page.get_by_role("button", name="Deutsch"))


def main() -> None:
    """Measure, round by round, and print a line of JSON."""
    warn_if_busy()
    lags, frames_per_second, first, longest = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "index.html")
        file.write_text(build.page(), "utf-8")
        address = file.as_uri()
        for _ in range(ROUNDS):
            with opened(f"{address}?depth=10") as page:
                first.append(page.evaluate("bench.first") / 1000)
                drag(page, DRAG_SECONDS)
                lags += page.evaluate("bench.lags")
            with opened(f"{address}?depth=10&g=1.41&stage=train") as page:
                page.get_by_role("button", name="Start").click()
                page.wait_for_timeout(2500)
                frames = page.evaluate("bench.frames.slice(-100)")
                frames_per_second.append(1000 * (len(frames) - 1) / (frames[-1] - frames[0]))
            with opened(address, SLOWDOWN) as page:
                use_everything(page)
                longest.append(page.evaluate("Math.max(...bench.tasks)"))
    print(f"{len(lags)} pictures while dragging, {ROUNDS} rounds")
    figures = {
        "drag_ms": {
            "median": round(statistics.median(lags), 1),
            "p95": round(statistics.quantiles(lags, n=20)[-1], 1),
        },
        "training_fps": round(statistics.median(frames_per_second), 1),
        "first_picture_s": round(statistics.median(first), 2),
        "longest_task_ms_throttled_4x": round(statistics.median(longest)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
