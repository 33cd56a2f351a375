"""The playground as a reader meets it: one file, opened in Chromium, without a network."""

import math
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from docs.playground import build
from tools.jupyterlab import new_page

GREEN = "0,158,115"  # of theory's curve
COUNT = """([id, colour]) => {
    const canvas = document.getElementById(id);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const wanted = colour.split(",").map(Number);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
        found += data[i + 3] > 250 && wanted.every((c, k) => data[i + k] === c);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("playground") / "index.html"
    path.write_text(build.page(), "utf-8")
    assert path.stat().st_size < 500_000
    return path.as_uri()


@pytest.fixture(scope="module")
def page(browser):
    with new_page(browser, viewport={"width": 1366, "height": 768}, locale="en-US") as page:
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        page.context.set_offline(True)
        yield page


@pytest.fixture
def opened(page, address):
    """Return a function that opens the page at an address and waits for its first words."""

    def opened(search=""):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.emulate_media(color_scheme="light")
        page.goto("about:blank")
        page.asked.clear()
        page.goto(address + search)
        expect(page.locator("#found")).not_to_be_empty()
        return page

    yield opened
    assert page.errors == []
    others = [url for url in page.asked if not url.startswith(("blob:", "data:"))]
    assert [url.partition("?")[0] for url in others] == [address] * len(others)


def pixels(page, canvas, colour):
    return page.evaluate(COUNT, [canvas, colour])


def predict(page, number):
    page.get_by_label("my critical gain").fill(number)
    page.get_by_role("button", name="Compare").click()


def steps(page):
    return int(page.locator("#at-step").inner_text())


def test_a_hand_on_the_slider_finds_the_gain(opened):
    page = opened("?g=1.00&seed=3")
    gain = page.get_by_role("slider", name="gain")
    seen = {}
    for wanted in ("1.20", "1.45", "1.80"):
        gain.fill(wanted)
        expect(page.locator("#found")).to_contain_text(wanted)
        seen[wanted] = page.locator("#factor").inner_text(), page.locator("#verdict").inner_text()
    assert seen["1.20"][1] == "the signal fades"
    assert seen["1.80"][1] == "the signal explodes"
    # With ReLU one seed's factors lie on a line through 0.
    factors = {float(g): float(text.removeprefix("× ")) for g, (text, _) in seen.items()}
    slopes = [factor / g for g, factor in factors.items()]
    assert max(slopes) - min(slopes) < 0.01
    gain.fill(f"{1 / slopes[2]:.2f}")
    expect(page.locator("#verdict")).to_have_text("the signal keeps its size")
    assert page.locator("#factor").inner_text() == "× 1.00"
    critical = 1 / slopes[2]
    for ratio, words in ((0.7, "shrinks a little"), (1.4, "grows a little")):  # of 20 layers
        gain.fill(f"{critical * ratio ** (1 / 19):.2f}")
        expect(page.locator("#verdict")).to_have_text(f"the signal {words}")
    gain.fill(f"{critical:.2f}")
    assert float(gain.input_value()) == pytest.approx(math.sqrt(2), rel=0.08)


def test_theory_shows_only_after_a_prediction(opened):
    page = opened("?g=1.41")
    text = page.locator("body").inner_text()
    assert "√2" not in text
    assert "1.414" not in text
    assert "theory says" not in text.lower()
    assert pixels(page, "factors", GREEN) == pixels(page, "sizes", GREEN) == 0
    assert page.get_by_role("button", name="Thirty seeds").is_disabled()
    predict(page, "nonsense")
    assert "between 0.5 and 3" in page.locator("#answer").inner_text()
    assert pixels(page, "factors", GREEN) == 0
    predict(page, "1.5")
    assert page.locator("#answer").inner_text() == (
        "Theory says √2 = 1.414. You said 1.50: 6\u00a0% above."
    )
    page.wait_for_timeout(100)
    assert pixels(page, "factors", GREEN) > 100
    assert pixels(page, "sizes", GREEN) > 20
    # Each activation asks anew.
    page.get_by_role("radio", name="leaky ReLU").check()
    page.wait_for_timeout(100)
    assert pixels(page, "factors", GREEN) == 0
    assert "√" not in page.locator("#find").inner_text()


def test_the_map_waits_for_a_prediction_and_its_cells_set_depth_and_gain(opened):
    page = opened()
    page.get_by_role("tab", name="Train it").click()
    cells = page.get_by_role("group", name="map of depth and gain").get_by_role("button")
    assert cells.count() == 0
    page.get_by_role("tab", name="Find it").click()
    predict(page, "1.4")
    page.get_by_role("tab", name="Train it").click()
    expect(cells).to_have_count(12 * 16)
    page.get_by_role("button", name=re.compile("^10 hidden layers, gain 0.97: 66 % at")).click()
    assert page.get_by_role("slider", name="hidden layers").input_value() == "10"
    assert page.get_by_role("slider", name="gain").input_value() == "0.97"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#depth").input_value() == "14"
    assert page.locator("#gain").input_value() == "1.06"
    page.get_by_role("button", name=re.compile("^50 hidden layers, gain 1.41")).click()
    assert "At most 20 layers train" in page.locator("#training").inner_text()


def test_thirty_seeds_are_thirty_dots_and_a_median(opened):
    page = opened("?depth=6")
    predict(page, "1.41")
    purple = "204,121,167"
    page.wait_for_timeout(50)
    before = pixels(page, "factors", purple)
    page.get_by_role("button", name="Thirty seeds").click()
    expect(page.locator("#spread-answer")).to_contain_text("median")
    median = re.search(r"median (\d\.\d+)", page.locator("#spread-answer").inner_text())
    assert float(median[1]) == pytest.approx(math.sqrt(2), rel=0.05)
    page.wait_for_timeout(50)
    assert before == 0
    assert pixels(page, "factors", purple) > 300


def test_the_address_sets_the_controls_and_follows_them(opened):
    page = opened("?seed=17&depth=12&g=1.41&activation=tanh&lr=0.1&projector=1")
    values = {name: page.locator(f"#{name}").input_value() for name in ("seed", "depth", "gain")}
    assert values == {"seed": "17", "depth": "12", "gain": "1.41"}
    assert page.get_by_role("radio", name="tanh").is_checked()
    assert page.get_by_role("button", name="Projector").get_attribute("aria-pressed") == "true"
    page.locator("#seed").fill("18")
    page.wait_for_url("**/index.html?seed=18&depth=12&g=1.41&activation=tanh&lr=0.1&projector=1")
    page = opened("?seed=-5&depth=1000&g=high&activation=step&lr=7&stage=none&lang=xx")
    assert page.locator("#seed").input_value() == "1"
    assert page.locator("#depth").input_value() == "50"
    assert page.locator("#gain").input_value() == "1"
    page.wait_for_url("**/index.html?seed=1&depth=50&g=1.00")


def test_all_of_it_works_from_the_keyboard(opened):
    page = opened("?g=1.00")
    page.get_by_role("tab", name="Find it").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Train it").get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowLeft")
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    wanted = ["less", "gain", "more", "depth", "seed", "activation", "said"]
    assert [name for name in reached if name in wanted][: len(wanted)] == wanted
    gain = page.get_by_role("slider", name="gain")
    gain.focus()
    page.keyboard.press("ArrowRight")
    assert gain.get_attribute("aria-valuetext") == "1.01"
    expect(page.locator("#found")).to_contain_text("1.01")
    assert page.get_by_role("status").inner_text().startswith("At gain 1.01 the signal fades")
    assert "1.01" in page.get_by_role("img", name="The signal, layer by layer").get_attribute(
        "aria-label"
    )


def test_a_network_trains_steps_pauses_is_kept_and_reset(opened):
    page = opened("?stage=train&depth=3&g=1.41&lr=0.1")
    page.get_by_role("button", name="Step").click()
    expect(page.locator("#at-step")).to_have_text("1")
    expect(page.locator("#training")).to_have_text("Paused at step 1.")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#at-step")).to_have_text(re.compile(r"[2-9]\d\d"))
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(100)
    stopped = steps(page)
    page.wait_for_timeout(100)
    assert steps(page) == stopped
    assert float(page.locator("#at-loss").inner_text()) < 1.5
    assert int(page.locator("#at-accuracy").inner_text().removesuffix(" %")) > 50
    page.get_by_role("button", name="Keep").click()
    assert (
        page.get_by_role("listitem")
        .inner_text()
        .startswith("gain 1.41, 3 × ReLU, rate 0.1, seed 7")
    )
    page.locator("#gain").fill("0.5")
    expect(page.locator("#at-step")).to_have_text("0")
    assert pixels(page, "loss", "213,94,0") > 50
    page.get_by_role("button", name="forget").click()
    page.wait_for_timeout(50)
    assert page.get_by_role("listitem").count() == 0
    assert pixels(page, "loss", "213,94,0") == 0


def test_a_run_that_diverges_says_so_and_ends(opened):
    page = opened("?stage=train&depth=20&g=2.80&lr=1")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#training")).to_contain_text("Diverged")
    page.wait_for_timeout(100)
    stopped = steps(page)
    page.wait_for_timeout(100)
    assert steps(page) == stopped
    assert page.get_by_role("button", name="Start").is_visible()


def test_german_has_its_words_and_numbers(opened):
    page = opened("?g=1.41&lang=de")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.get_by_role("status").inner_text().startswith("Bei Gain 1,41 behält das Signal")
    page.get_by_label("mein kritischer Gain").fill("1,4")
    page.get_by_role("button", name="Vergleichen").click()
    assert page.locator("#answer").inner_text() == (
        "Die Theorie sagt √2 = 1,414. Du sagst 1,40: 1\u00a0% darunter."
    )
    page.get_by_role("button", name="English").click()
    assert page.locator("#answer").inner_text().startswith("Theory says")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, scheme):
    page = opened()
    page.emulate_media(color_scheme=scheme)
    predict(page, "1.4")
    page.locator("summary").click()
    for stage in ("Find it", "Train it"):
        page.get_by_role("tab", name=stage).click()
        page.wait_for_timeout(200)  # until no colour is between two others
        found = Axe().run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_nothing_is_cut_off_at_any_width(opened):
    page = opened("?depth=50")
    for width in (360, 390, 768, 1024, 1366, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        for stage in ("Find it", "Train it"):
            page.get_by_role("tab", name=stage).click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("#gain").bounding_box()["y"] < 800
