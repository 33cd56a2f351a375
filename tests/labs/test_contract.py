"""What every lab keeps to, whatever it shows: its controls, their ends, its picture, its words."""

import asyncio
import itertools
import re
from pathlib import Path

import ipywidgets as widgets
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from mnist_edu import labs
from mnist_edu.widgets.canvas import BLANK, Canvas
from mnist_edu.widgets.live_lab import LiveLab
from tests.labs.registry import LABS

SENTENCE = re.compile(r"\S.*[.:]", re.DOTALL)
UNDEFINED = re.compile(r"\b(nan|inf|None)\b")


def values(lab):
    return {name: control.value for name, control in lab.controls.items()}


@pytest.fixture(scope="module", params=LABS)
def made(request, mnist):
    lab = LABS[request.param](mnist)
    return lab, values(lab)


@pytest.fixture
def lab(made):
    """A lab with its controls where they are at first, whatever a test has moved before."""
    lab, opening = made
    for name, control in lab.controls.items():
        control.value = opening[name]
    return lab


def ends(control):
    """Return the first and the last value that a control can be moved to."""
    if isinstance(control, Canvas):
        return BLANK, control.value
    if isinstance(control, widgets.Checkbox):
        return False, True
    if hasattr(control, "options"):  # values, or pairs of a label and a value
        first, last = (control.options[k] for k in (0, -1))
        return (first[1], last[1]) if isinstance(first, tuple) else (first, last)
    if isinstance(control, widgets.FloatLogSlider):
        return control.base**control.min, control.base**control.max
    return control.min, control.max


def draw(lab, setting):
    """Draw a lab at a setting: an explorer as it is there, a live lab a few reports into a run."""
    if not isinstance(lab, LiveLab):
        return lab.update(**setting)
    for name, value in setting.items():
        lab.controls[name].value = value
    run = lab.start(**setting)
    reports = list(itertools.islice(run, 3))
    run.close()
    return lab.draw(reports)


def test_every_module_has_its_lab_in_the_registry():
    assert list(LABS) == sorted(path.stem for path in Path(labs.__path__[0]).glob("nb*.py"))


def test_every_control_and_button_is_named_and_explained(lab):
    for control in (*lab.controls.values(), *lab.actions):
        assert control.description
        assert all(control.tooltips if hasattr(control, "tooltips") else [control.tooltip])


def test_every_control_starts_within_its_range_and_can_be_moved_up(lab):
    for name, control in lab.controls.items():
        first, last = ends(control)
        if hasattr(control, "min"):
            assert first <= control.value < last, name
        else:
            assert first != last, name


def test_nothing_breaks_at_the_ends(lab):
    ranges = [ends(control) for control in lab.controls.values()]
    # each choice is a run of a live lab: two here, and one end at a time below
    choices = zip(*ranges, strict=True) if isinstance(lab, LiveLab) else itertools.product(*ranges)
    for choice in choices:
        setting = dict(zip(lab.controls, choice, strict=True))
        text = draw(lab, setting)
        assert len(text.split()) > 3, text
        assert "diverged" in text or not UNDEFINED.search(text), text
        assert lab.picture.png().startswith(b"\x89PNG")


def test_every_control_changes_the_picture_and_the_text(lab):
    start = values(lab)
    at_first = draw(lab, start), lab.picture.png()
    for name, control in lab.controls.items():
        moved = [value for value in ends(control) if value != start[name]]
        seen = [(draw(lab, start | {name: value}), lab.picture.png()) for value in moved]
        # a live lab tells at first only how far it is
        assert isinstance(lab, LiveLab) or any(text != at_first[0] for text, _ in seen), name
        assert any(picture != at_first[1] for _, picture in seen), name


def test_it_is_shown_with_a_picture_whose_alt_text_is_the_line_below(lab, monkeypatch):
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(InteractiveShell.instance(), "display_pub", publisher)

    async def show():
        lab._ipython_display_()

    asyncio.run(show())
    InteractiveShell.clear_instance()
    _, picture, below = publisher.outputs
    alt = picture["metadata"]["image/png"]["alt"]
    assert picture["data"]["image/png"]
    assert alt == below["data"]["text/plain"]
    assert SENTENCE.fullmatch(alt)
