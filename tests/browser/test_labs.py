"""All labs in one notebook: they fit their screen, work by keys alone, and say what they show."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.driving import button_in, image_of, lab_cell, line_of, readout_of, says
from tests.labs.registry import LABS
from tools.jupyterlab import summary

CONTROLS = ".noUi-handle, select, input, canvas, button"
FOCUSED = """(lab, controls) => {
    const element = document.activeElement;
    return lab.contains(element) ? [...lab.querySelectorAll(controls)].indexOf(element) : null;
}"""
LISTEN = """cell => {  // count the lines, what is read out of them, and what is too soon after one
    let changed = 0;
    Object.assign(cell, { began: performance.now(), lines: 0, announcements: 0, interruptions: 0 });
    const watch = (name, then) => new MutationObserver(then)
        .observe(cell.querySelector(name), { childList: true });
    watch(".mnist-seen", () => { cell.lines += 1; changed = performance.now(); });
    watch(".mnist-heard", () => {
        cell.announcements += 1;
        if (performance.now() - changed < 900) cell.interruptions += 1;  // it waits for a second
    });
}"""
SEEN_FOR_A_WHILE = "cell => cell.lines > 5 && performance.now() - cell.began > 2000"
TEN_STEPS = """slider => {  // at once: between keys pressed one by one a busy machine may rest
    for (let k = 0; k < 10; k++) {
        slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    }
}"""
FOR_AXE = """() => {
    document.querySelector(".jp-WindowedPanel-outer").scrollTop = 0;
    document.body.style.height = "100vh";  // with none, as here, all is hidden to axe
    const seen = document.querySelectorAll(".mnist-lab .mnist-seen");
    seen.forEach(line => line.removeAttribute("aria-hidden"));  // or its colour is left out
}"""
ALL_IN_SIGHT = """() => [...document.querySelectorAll(".jp-Cell")].every(cell =>
    cell.getBoundingClientRect().bottom < innerHeight
    && getComputedStyle(cell).contentVisibility === "visible"  // else it may be skipped
)"""
PAGE_COLOUR = "() => getComputedStyle(document.body).getPropertyValue('--jp-layout-color0')"
SCREENS = {  # width and height of the page, and whether JupyterLab shows one document at a time
    "laptop": (1366, 768, False),
    "projector": (1280, 720, True),
    "phone": (390, 844, True),
}
MEASURE = """lab => {
    const box = element => element.getBoundingClientRect();
    const parts = [...lab.querySelectorAll("input, button, select, canvas, img, p, .noUi-base," +
        " .widget-label, .widget-readout, .widget-progress")].filter(part => box(part).width > 1);
    const image = lab.querySelector(".mnist-screen img");
    return {
        height: box(lab).height,
        room: lab.closest(".jp-WindowedPanel-outer").clientHeight,
        sticking_out: parts.filter(part => box(part).right > box(lab.parentElement).right + 1)
            .map(part => part.className || part.tagName),
        parts: parts.length,
        stretched: box(image).width / box(image).height * image.naturalHeight / image.naturalWidth,
    };
}"""

pytestmark = [
    pytest.mark.parametrize("notebook", ["labs"], indirect=True),
    pytest.mark.usefixtures("notebook"),
]


@pytest.fixture
def cell(request, page):
    cell = lab_cell(page, request.param)
    cell.scroll_into_view_if_needed()
    return cell


def controls_by_tab(page, cell):
    """Go from the cell's prompt through its lab by Tab; yield each control as it has the focus."""
    page.evaluate("document.activeElement.blur()")
    cell.locator(".jp-InputPrompt").click()
    lab = cell.locator(".mnist-lab")
    everything = lab.locator(CONTROLS)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        place = lab.evaluate(FOCUSED, CONTROLS)
        if place is None and reached:
            break
        if place is not None and place >= 0:
            reached.add(place)
            yield everything.nth(place)
    enabled = {k for k, control in enumerate(everything.all()) if control.is_enabled()}
    assert reached >= enabled


def kind_of(control):
    role = "e => e.getAttribute('role') ?? e.type ?? e.tagName"
    return control.evaluate(role).removesuffix("-one")


KEYS = {
    "slider": ("ArrowRight", "PageUp"),
    "select": ("ArrowDown",),
    "checkbox": ("Space",),
    "number": ("ArrowUp", "Enter"),
    "application": ("Space", "ArrowLeft"),
}


@pytest.mark.parametrize("cell", LABS, indirect=True)
def test_a_lab_is_worked_through_by_keys(page, cell):
    trains = button_in(cell, "Start").count()
    moved = set()
    for control in controls_by_tab(page, cell):
        kind = kind_of(control)
        if kind == "button" and trains:
            name = control.inner_text()
            moved.add(name)
            page.keyboard.press("Enter" if name != "Pause" else "Space")
            if name == "Start":
                says(cell, re.compile(r"\((running|finished)\)"))
            elif name == "Pause":
                says(cell, "(paused)")
            elif name == "Reset":
                says(cell, "(idle)")
            continue
        if kind not in KEYS:
            continue
        moved.add(kind)
        before = line_of(cell).inner_text(), image_of(cell).get_attribute("src")
        value = control.get_attribute("aria-valuetext")
        for key in KEYS[kind]:
            page.keyboard.press(key)
        if kind == "slider":
            expect(control).not_to_have_attribute("aria-valuetext", value)
            expect(control).to_have_attribute("aria-valuetext", readout_of(control).inner_text())
        if not trains:
            expect(image_of(cell)).not_to_have_attribute("src", before[1])
    assert moved


@pytest.mark.parametrize("cell", ["nb07_gain"], indirect=True)
def test_what_a_lab_shows_is_read_out_once_it_rests(page, cell):
    heard = cell.get_by_role("status")
    expect(heard).not_to_be_empty()
    expect(heard).to_have_text(line_of(cell).text_content())
    cell.evaluate(LISTEN)
    cell.get_by_role("slider", name="gain g").evaluate(TEN_STEPS)
    value = cell.locator(".widget-readout").first.inner_text()
    expect(heard).to_contain_text(f"g = {value}, ")
    expect(heard).to_have_text(line_of(cell).text_content())
    assert cell.evaluate("cell => cell.announcements") == 1


@pytest.mark.parametrize("cell", ["nb08_training"], indirect=True)
def test_a_run_is_not_read_out_frame_by_frame(page, cell):
    button_in(cell, "Reset").press("Enter")
    cell.get_by_role("slider", name="batch size").press("Home")  # a run that takes a while
    expect(cell.get_by_role("status")).to_have_text(line_of(cell).text_content())
    cell.evaluate(LISTEN)
    button_in(cell, "Start").press("Enter")
    says(cell, "(running)")
    page.wait_for_function(SEEN_FOR_A_WHILE, arg=cell.element_handle())
    assert cell.evaluate("cell => cell.interruptions") == 0
    button_in(cell, "Pause").press("Space")
    expect(cell.get_by_role("status")).to_contain_text("(paused)")
    button_in(cell, "Reset").press("Enter")


def test_axe_finds_nothing_serious(page):
    checked = checked_by_axe(page)
    assert checked["image-alt"] == len(LABS)
    assert checked["aria-input-field-name"] >= len(LABS) - 1  # the canvas needs no slider
    assert checked["color-contrast"] >= len(LABS)
    assert checked["button-name"]


@pytest.fixture
def dark(page):
    choose_theme(page, "JupyterLab Dark")
    yield
    choose_theme(page, "JupyterLab Light")


def test_the_dark_theme_has_contrast(page, dark):
    checked = checked_by_axe(page, {"runOnly": ["color-contrast"]})
    assert checked["color-contrast"] >= len(LABS)


def checked_by_axe(page, options=None):
    """Return on how many nodes of the labs each rule holds; it fails if a serious one does not."""
    # axe passes over what is out of sight
    page.set_viewport_size({"width": 1366, "height": 25_000})
    page.evaluate(FOR_AXE)
    page.wait_for_function(ALL_IN_SIGHT)
    found = Axe().run(page, context=".mnist-lab", options=options).response
    page.set_viewport_size({"width": 1366, "height": 768})
    serious = [
        (violation["id"], node["html"])
        for violation in found["violations"]
        for node in violation["nodes"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert not serious
    return {rule["id"]: len(rule["nodes"]) for rule in found["passes"]}


def choose_theme(page, theme):
    before = page.evaluate(PAGE_COLOUR)
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text=theme).first.click()
    page.wait_for_function(f"before => ({PAGE_COLOUR})() !== before", arg=before, timeout=60_000)


def test_controls_moved_while_a_network_trains_start_it_anew(page):
    cell = lab_cell(page, "nb08_training")
    start = button_in(cell, "Start")
    rate, batch_size = (
        cell.get_by_role("slider", name=name) for name in ("learning rate", "batch size")
    )
    batch_size.press("Home")  # one image at a time, so that the run takes a while
    start.click()
    says(cell, "(running)")
    rate.press("ArrowLeft")
    batch_size.press("End")
    says(cell, "(finished)")
    assert "Epoch 3.0 of 3" in summary(cell)


@pytest.fixture(params=SCREENS)
def labs(request, notebook, page):
    """Return what is measured of each lab on a screen."""
    width, height, one_document = SCREENS[request.param]
    page.set_viewport_size({"width": width, "height": height})
    shell = page.locator("#main")
    if (shell.get_attribute("data-shell-mode") == "single-document") != one_document:
        page.keyboard.press("Control+Shift+d")
    page.wait_for_timeout(500)
    elements = page.locator(".mnist-lab").all()
    yield dict(zip(LABS, (lab.evaluate(MEASURE) for lab in elements), strict=True))
    page.set_viewport_size({"width": 1366, "height": 768})


def test_every_lab_fits_its_screen(labs):
    too_tall = {n: (l["height"], l["room"]) for n, l in labs.items() if l["height"] > l["room"]}
    sticking_out = {n: l["sticking_out"] for n, l in labs.items() if l["sticking_out"]}
    assert not too_tall
    assert not sticking_out
    assert all(lab["parts"] > 4 for lab in labs.values())
    assert all(lab["stretched"] == pytest.approx(1, abs=0.02) for lab in labs.values())
