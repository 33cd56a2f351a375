"""Controls, picture and text of each lab are seen together, on a laptop, a projector, a phone."""

import pytest

from tests.labs.registry import LABS

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


@pytest.mark.parametrize("notebook", ["labs"], indirect=True)
def test_every_lab_fits_its_screen(labs):
    too_tall = {n: (l["height"], l["room"]) for n, l in labs.items() if l["height"] > l["room"]}
    sticking_out = {n: l["sticking_out"] for n, l in labs.items() if l["sticking_out"]}
    assert not too_tall
    assert not sticking_out
    assert all(lab["parts"] > 4 for lab in labs.values())
    assert all(lab["stretched"] == pytest.approx(1, abs=0.02) for lab in labs.values())
