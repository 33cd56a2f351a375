"""In a browser's kernel, which computes slowly, the labs that train start smaller, and work."""

import itertools

import pytest

from mnist_edu.labs.nb07_row import map_row_lab
from mnist_edu.labs.nb07_training import initialization_lab
from mnist_edu.labs.nb08_training import training_lab
from mnist_edu.widgets import controls as _controls

LABS = {
    "training": lambda mnist: training_lab(mnist.train, mnist.validation, epochs=1),
    "initialization": initialization_lab,
    "row": map_row_lab,
}
SIZE = {"training": "width", "initialization": "depth", "row": "depth"}


def starts_with(lab):
    return {name: control.value for name, control in lab.controls.items()}


@pytest.mark.parametrize("name", LABS)
def test_a_lab_starts_smaller_in_a_browser_and_trains(name, mnist, monkeypatch):
    usual = starts_with(LABS[name](mnist))
    monkeypatch.setattr(_controls, "BROWSER", True)
    lab = LABS[name](mnist)
    smaller = starts_with(lab)
    assert 0 < smaller.pop(SIZE[name]) < usual.pop(SIZE[name])
    assert smaller == usual
    reports = list(itertools.islice(lab.start(**starts_with(lab)), 3))
    assert len(reports) == 3
    assert lab.draw(reports)
    assert lab.picture.png()


def test_validation_is_on_fewer_images_in_a_browser(mnist, monkeypatch):
    monkeypatch.setattr(_controls, "BROWSER", True)
    for name, images in (("training", 200), ("initialization", 100)):
        lab = LABS[name](mnist)
        *_, last = itertools.islice(lab.start(**starts_with(lab)), 4)
        right = last.accuracy * images
        assert right == pytest.approx(round(right), abs=1e-9)
