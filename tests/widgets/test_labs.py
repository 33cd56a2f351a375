"""Explorers over the whole range of their controls, and live labs on a real event loop."""

import asyncio
import base64
import gc
import io
import itertools
import threading
import time
import weakref

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from mnist_edu.labs.nb00_nearest_mean import nearest_mean_explorer
from mnist_edu.labs.nb00_self_test import self_test
from mnist_edu.labs.nb08_training import training_lab
from mnist_edu.stored_results import load_result
from mnist_edu.training import Report
from mnist_edu.widgets import live_lab
from mnist_edu.widgets import screen as screen_module
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.lab import REST
from mnist_edu.widgets.live_lab import LiveLab, with_progress_bar
from mnist_edu.widgets.picture import Picture
from mnist_edu.widgets.plots import projector, show
from mnist_edu.widgets.screen import FRAMES_PER_SECOND


@pytest.fixture
def screen(monkeypatch):
    """An IPython shell whose displays are kept in a list in place of being shown."""
    publisher = CapturingDisplayPublisher()
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "display_pub", publisher)
    yield publisher.outputs
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def means(mnist):
    X, y = mnist.train.first(5000, dtype=np.float64)
    return np.array([X[y == digit].mean(axis=0) for digit in range(10)])


@pytest.fixture(scope="module")
def training(mnist):
    return training_lab(mnist.train, mnist.validation)


def texts(screen):
    return [output["data"].get("text/plain") for output in screen]


def pixels(picture, scale=1):
    return np.asarray(Image.open(io.BytesIO(picture.png(scale))))


def values(control):
    """Return every value that a control can be moved to, or both ends and the middle."""
    if isinstance(control, widgets.IntSlider):
        return range(control.min, control.max + 1, control.step)
    if isinstance(control, widgets.FloatLogSlider):
        return [control.base**exponent for exponent in (control.min, -1, control.max)]
    return [control.options[0], control.options[len(control.options) // 2], control.options[-1]]


def every_setting(lab):
    for choice in itertools.product(*map(values, lab.controls.values())):
        yield dict(zip(lab.controls, choice, strict=True))


def test_the_self_test_follows_its_slider_and_says_so():
    explorer = self_test()
    seen = set()
    for setting in every_setting(explorer):
        assert str(setting["place"]) in explorer.update(**setting)
        seen.add(explorer.picture.png())
    assert len(seen) == 11


@pytest.mark.parametrize("scales", [(1,), (2,), (1, 2, 1), (2, 1.5, 2), (3,)])
def test_a_picture_is_what_matplotlib_draws_in_full_at_any_scale(scales):
    explorer = self_test()
    for scale in scales:
        explorer.update(10)
        whole = io.BytesIO()
        found = pixels(explorer.picture, scale)
        explorer.picture.figure.savefig(whole, dpi=100 * scale)
        assert found.shape == (100 * scale, 700 * scale, 3)
        assert (found == np.asarray(Image.open(whole))[..., :3]).all()
        explorer.update(3)


def test_the_nearest_mean_explorer_is_right_about_every_image(mnist, means):
    explorer = nearest_mean_explorer(means, mnist.validation)
    for setting in every_setting(explorer):
        text = explorer.update(**setting)
        image = mnist.validation.images[setting["image"]] / 255
        nearest = min(range(10), key=lambda digit: np.sum((image - means[digit]) ** 2))
        label = mnist.validation.labels[setting["image"]]
        assert f"is labelled {label}." in text
        assert f"is that of {nearest}," in text
        assert text.endswith("right." if nearest == label else "wrong.")


def test_the_nearest_mean_explorer_draws_the_image_and_its_ten_distances(mnist, means):
    explorer = nearest_mean_explorer(means, mnist.validation)
    before = pixels(explorer.picture)
    explorer.update(image=17)
    left, right = explorer.picture.figure.axes
    image = mnist.validation.images[17] / 255
    assert np.allclose(left.images[0].get_array(), image.reshape(28, 28))
    heights = [bar.get_height() for bar in right.patches]
    assert np.allclose(heights, np.sqrt(((image - means) ** 2).sum(axis=1)))
    assert (pixels(explorer.picture) != before).any()


def test_no_distance_is_taller_than_the_picture(mnist, means):
    explorer = nearest_mean_explorer(means, mnist.validation)
    top = explorer.picture.figure.axes[1].get_ylim()[1]
    for setting in every_setting(explorer):
        explorer.update(**setting)
        assert max(bar.get_height() for bar in explorer.picture.figure.axes[1].patches) < top


@pytest.mark.parametrize("place", range(81))
def test_the_training_lab_draws_every_corner_of_its_controls(training, place):
    setting = list(every_setting(training))[place]
    run = training.start(**setting)
    reports = list(itertools.islice(run, 2))
    run.close()
    text = training.draw(reports)
    assert text.startswith("Epoch ")
    line = training.picture.figure.axes[0].lines[1]
    assert np.array_equal(line.get_ydata(), [report.loss for report in reports], equal_nan=True)
    assert pixels(training.picture).shape == (320, 700, 3)


def test_the_training_lab_opens_on_the_stored_run_of_its_settings(mnist):
    lab, stored = training_lab(mnist.train, mnist.validation), load_result("lab_runs")["training"]
    settings = {name: control.value for name, control in lab.controls.items()}
    assert stored["settings"] == settings
    text = lab.draw([])
    assert "Stored run: learning rate 0.1, batch size 64, hidden width 128, momentum β 0" in text
    (grey,) = [line for line in lab.picture.figure.axes[0].lines if len(line.get_xdata()) > 2]
    assert list(grey.get_ydata()) == stored["loss"]
    assert grey.get_color() == "0.55"
    reports = list(itertools.islice(lab.start(**settings), 10))
    assert [report.loss for report in reports] == pytest.approx(stored["loss"][:10], rel=0.01)
    assert stored["epoch"][-1] == 3


def test_the_training_lab_keeps_the_runs_before_and_says_what_was_changed(mnist):
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    setting = {"lr": 0.1, "batch_size": 256, "width": 8, "beta": 0}
    changes = [{}, {"lr": 0.3}, {"beta": 0.5}, {"lr": 0.03}, {"width": 16}, {"batch_size": 1000}]
    losses = []
    for change in changes:
        reports = list(lab.start(**setting | change))
        losses.append([report.loss for report in reports])
        text = lab.draw(reports)
    drawn = [list(line.get_ydata()) for line in lab.picture.figure.axes[0].lines]
    assert [loss in drawn for loss in losses] == [False, True, True, True, True, True]
    assert "This run: batch size 256 → 1000, hidden width 16 → 8. Kept: learning rate 0.3," in text
    named = ["0.3 → 0.1, momentum β 0 → 0.5 (", "0.1 → 0.03, momentum β 0.5 → 0 ("]
    assert all(f"learning rate {name}" in text for name in named)


def test_a_run_that_was_left_early_is_not_kept(mnist):
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    setting = {"lr": 0.1, "batch_size": 256, "width": 8}
    for steps in (3, 10):
        lab.draw(list(itertools.islice(lab.start(**setting), steps)))
        text = lab.draw(list(itertools.islice(lab.start(**setting, beta=0.5), 1)))
        assert ("Kept" in text) == (steps == 10)


def test_kept_runs_are_told_apart_without_colour(mnist):
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    for width in (1, 2, 4, 8, 16, 32, 64):
        run = list(lab.start(lr=0.1, batch_size=1000, width=width))
        lab.draw(run)
    lines = [line for line in lab.picture.figure.axes[1].lines if len(line.get_xdata())]
    assert len(lines) == 5
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == 5
    assert len({line.get_marker() for line in lines}) == 5


def test_runs_with_the_settings_that_they_had_are_named_so_in_the_picture(mnist):
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    lab.draw(list(lab.start(lr=0.1, batch_size=64, width=128)))
    key = lab.picture.figure.axes[0].artists[0]
    said = [text.get_text() for text in key.findobj(Text)]
    stored = "stored run: learning rate 0.1, batch size 64, hidden width 128, momentum β 0"
    assert [" ".join(text.split()) for text in said] == [stored, "now: the same again"]


def test_the_run_before_stays_when_a_control_is_moved_after_it(mnist, screen, monkeypatch):
    monkeypatch.setattr(live_lab, "JUST_NOW", 0)
    lab = training_lab(mnist.train, mnist.validation, epochs=1)

    async def story():
        lab._ipython_display_()
        lab.controls["lr"].value = 0.01
        lab._buttons["Start"].click()
        await until(lab, "finished")
        finished = [report.loss for report in lab.frames]
        lab.controls["lr"].value = 1
        await until(lab, "idle")
        lab._buttons["Start"].click()
        await until(lab, "finished")
        drawn = [list(line.get_ydata()) for line in lab.picture.figure.axes[0].lines]
        assert finished in drawn
        assert finished != [report.loss for report in lab.frames]

    play(story())


def test_the_training_lab_starts_each_run_from_the_same_seed(training):
    setting = {"lr": 0.1, "batch_size": 256, "width": 16}
    runs = [list(itertools.islice(training.start(**setting), 3)) for _ in range(2)]
    assert [report.loss for report in runs[0]] == [report.loss for report in runs[1]]


def tenth(report):
    return report.epoch / 4


class Toy:
    """A live lab whose run counts to 40, and what happened in it."""

    def __init__(self):
        self.begun, self.closed, self.drawn = [], [], []
        fig = Figure()
        (dot,) = fig.subplots().plot([0], [0])
        self.slider = widgets.IntSlider(description="x", max=1000)
        self.lab = LiveLab(fig, [dot], self.start, self.draw, {"x": self.slider}, tenth)

    def start(self, x):
        self.begun.append(x)
        try:
            for step in range(1, 41):
                time.sleep(0.01)
                yield Report(step, step / 10, 1.0, None, [], "")
        finally:
            self.closed.append(x)

    def draw(self, reports):
        self.drawn.append(len(reports))
        return f"{len(reports)} reports"

    def press(self, name):
        button = self.lab._buttons[name]
        assert not button.disabled
        button.click()

    async def until(self, state):
        await until(self.lab, state)


async def until(lab, state):
    """Wait until a lab is in a state, and its picture shows it."""
    async with asyncio.timeout(20):
        while lab.state != state or lab._stale:
            await asyncio.sleep(0.01)


@pytest.fixture
def toy(screen):
    return Toy()


def play(story):
    """Run a story, a coroutine, on a real event loop."""
    asyncio.run(story)


def test_a_lab_starts_idle(toy, screen):
    async def story():
        toy.lab._ipython_display_()
        await asyncio.sleep(0.1)

    play(story())
    assert toy.lab.state == "idle"
    assert toy.begun == []
    assert "0 reports" in texts(screen)


def test_a_started_run_goes_to_its_end_and_is_drawn_whole(toy, screen):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        await toy.until("finished")

    play(story())
    assert toy.drawn[-1] == 40
    assert texts(screen)[-1] == "40 reports (finished)"
    assert toy.lab._progress.value == 1


def test_a_paused_run_stands_still_and_goes_on_where_it_was(toy):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        await asyncio.sleep(0.15)
        toy.press("Pause")
        await toy.until("paused")
        await asyncio.sleep(0.1)
        held = len(toy.lab.frames)
        await asyncio.sleep(0.2)
        assert 0 < len(toy.lab.frames) == held < 40
        toy.press("Start")
        await toy.until("finished")

    play(story())
    assert toy.begun == [0]
    assert [report.step for report in toy.lab.frames] == list(range(1, 41))


def test_reset_drops_the_run_and_keeps_the_settings(toy):
    async def story():
        toy.slider.value = 7
        toy.lab._ipython_display_()
        toy.press("Start")
        await asyncio.sleep(0.1)
        toy.press("Reset")
        await toy.until("idle")
        await asyncio.sleep(0.1)

    play(story())
    assert toy.closed == [7]
    assert toy.lab.frames == []
    assert toy.drawn[-1] == 0
    assert toy.slider.value == 7


def test_a_change_while_running_closes_the_run_and_begins_another(toy):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        await asyncio.sleep(0.1)
        toy.slider.value = 5
        await toy.until("finished")

    play(story())
    assert toy.begun == [0, 5]
    assert toy.closed == [0, 5]
    assert [report.step for report in toy.lab.frames] == list(range(1, 41))


def test_a_change_while_paused_makes_room_for_a_new_run(toy):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        await asyncio.sleep(0.1)
        toy.press("Pause")
        await toy.until("paused")
        toy.slider.value = 5
        await toy.until("idle")
        toy.press("Start")
        await toy.until("finished")

    play(story())
    assert toy.begun == [0, 5]


def test_dragging_while_running_leaves_one_run_with_the_newest_value(toy):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        for value in range(1, 201):
            toy.slider.value = value
            if value % 20 == 0:
                await asyncio.sleep(0.02)
        await toy.until("finished")

    play(story())
    assert toy.begun[-1] == 200
    assert toy.closed == toy.begun
    assert len(toy.lab.frames) == 40


def test_the_handlers_may_be_called_on_another_thread(toy):
    async def story():
        toy.lab._ipython_display_()
        home = threading.get_ident()
        threads = set()
        start = toy.lab.start
        toy.lab.start = lambda **setting: threads.add(threading.get_ident()) or start(**setting)
        for action in (lambda: toy.press("Start"), lambda: setattr(toy.slider, "value", 3)):
            thread = threading.Thread(target=action)
            thread.start()
            await asyncio.sleep(0.1)
            thread.join()
        await toy.until("finished")
        assert threads == {home}

    play(story())
    assert toy.begun == [0, 3]


def test_an_error_in_a_run_is_shown_and_the_lab_can_start_again(toy, screen):
    def broken(x):
        yield Report(1, 0.1, 1.0, None, [], "")
        raise RuntimeError("the run broke")

    whole = toy.start

    async def story():
        toy.lab.start = broken
        toy.lab._ipython_display_()
        toy.press("Start")
        await toy.until("failed")
        assert "RuntimeError: the run broke" in texts(screen)[-1]
        toy.lab.start = whole
        toy.press("Start")
        await toy.until("finished")

    play(story())
    assert toy.drawn[-1] == 40


def test_an_error_at_the_start_of_a_run_is_shown(toy, screen):
    def refusing(x):
        raise ValueError("width is 0")

    async def story():
        toy.lab.start = refusing
        toy.lab._ipython_display_()
        toy.press("Start")
        await toy.until("failed")

    play(story())
    assert "ValueError: width is 0" in texts(screen)[-1]


def test_two_labs_train_side_by_side(screen):
    first, second = Toy(), Toy()

    async def story():
        for toy in (first, second):
            toy.lab._ipython_display_()
            toy.press("Start")
        await second.until("running")
        assert first.lab.state == "running"
        await first.until("finished")
        await second.until("finished")

    play(story())
    assert first.drawn[-1] == second.drawn[-1] == 40


def test_a_double_click_after_a_pause_does_not_drop_the_run(toy):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        await asyncio.sleep(0.1)
        toy.press("Pause")
        await toy.until("paused")
        start = toy.lab._buttons["Start"]
        start.click()
        start.click()
        await toy.until("finished")

    play(story())
    assert toy.begun == [0]


def test_a_lab_shown_twice_acts_once(toy):
    async def story():
        toy.lab._ipython_display_()
        toy.lab._ipython_display_()
        toy.press("Start")
        await asyncio.sleep(0.1)
        toy.slider.value = 3
        await toy.until("finished")

    play(story())
    assert toy.begun == [0, 3]


def test_an_explorer_dragged_fast_draws_few_frames_and_ends_on_the_newest(screen):
    fig = Figure()
    (dot,) = fig.subplots().plot([0], [0])
    slider = widgets.IntSlider(description="x", max=1000)
    drawn = []
    explorer = Explorer(fig, [dot], lambda x: drawn.append(x) or f"x {x}", {"x": slider})

    async def story():
        explorer._ipython_display_()
        began = time.monotonic()
        for value in range(1, 501):
            slider.value = value
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.2)
        assert len(drawn) <= (time.monotonic() - began) * FRAMES_PER_SECOND + 2

    play(story())
    assert drawn[-1] == 500
    assert texts(screen)[-1] == "x 500"


class Shown:
    """An explorer of a slider from 0 to 1000, and a page that answers when it is told to."""

    def __init__(self):
        fig = Figure()
        (dot,) = fig.subplots().plot([0], [0])
        self.slider = widgets.IntSlider(description="x", max=1000)
        self.drawn = []
        update = lambda x: self.drawn.append(x) or f"x {x}"  # noqa: E731
        self.lab = Explorer(fig, [dot], update, {"x": self.slider})
        self.page = self.lab._screen._page

    def say(self, shown, took=10):
        self.page._handle_custom_msg({"shown": shown, "took": took}, [])

    async def drag(self, values):
        for value in values:
            self.slider.value = value
            await asyncio.sleep(0.002)


def test_the_next_picture_goes_out_when_the_page_has_shown_the_one_before(screen):
    shown = Shown()

    async def story():
        shown.lab._ipython_display_()
        shown.say(shown=0)
        await shown.drag([1, 1, 2, 2, *range(3, 100)])
        assert len(shown.drawn) == 3  # the page has not answered yet
        shown.say(shown=1)
        await asyncio.sleep(0.05)
        assert len(shown.drawn) == 4
        assert (shown.page.number, shown.page.text) == (3, "x 99")
        assert Image.open(io.BytesIO(shown.page.image)).format == "JPEG"
        assert texts(screen)[-1] == "x 0"
        await asyncio.sleep(REST + 0.15)
        assert Image.open(io.BytesIO(shown.page.image)).format == "PNG"
        assert texts(screen)[-1] == "x 99"

    play(story())
    assert shown.drawn[-1] == 99


def test_a_page_that_answers_at_once_is_sent_more_than_the_cap_for_those_that_do_not(screen):
    shown = Shown()

    async def story():
        shown.lab._ipython_display_()
        shown.page.observe(lambda change: shown.say(shown=change["new"]), "number")
        shown.say(shown=0)
        await shown.drag(range(1, 300))

    began = time.monotonic()
    play(story())
    assert len(shown.drawn) > 1.5 * FRAMES_PER_SECOND * (time.monotonic() - began)


def test_a_slow_page_is_sent_one_picture_at_a_time(screen):
    shown = Shown()

    async def story():
        shown.lab._ipython_display_()
        shown.say(0, took=200)
        await shown.drag(range(1, 100))
        assert shown.page.number == 1

    play(story())


def test_a_page_that_goes_silent_holds_a_picture_up_for_a_second_at_most(screen, monkeypatch):
    monkeypatch.setattr(screen_module, "PATIENCE", 0.2)
    shown = Shown()

    async def story():
        shown.lab._ipython_display_()
        shown.say(shown=0)
        for value in (1, 2, 3):
            shown.slider.value = value
            await asyncio.sleep(0.05)
        assert shown.drawn == [0, 1, 2]
        await asyncio.sleep(0.25)
        assert shown.drawn == [0, 1, 2, 3]

    play(story())


def test_a_page_that_comes_late_is_shown_what_it_missed(screen):
    shown = Shown()

    async def story():
        shown.lab._ipython_display_()
        shown.slider.value = 5
        await asyncio.sleep(0.1)
        assert shown.page.text == "x 0"
        shown.say(shown=0)
        await asyncio.sleep(0.1)
        assert shown.page.text == "x 5"

    play(story())


def stored_and_sent(screen, page):
    """Return how wide the newest still is, in its own dots and as shown, and what the page has."""
    *_, picture, _ = screen
    still = Image.open(io.BytesIO(base64.b64decode(picture["data"]["image/png"])))
    sent = Image.open(io.BytesIO(page.image))
    return still.width, picture["metadata"]["image/png"]["width"], sent.width, page.width


@pytest.mark.parametrize(
    ("told", "sent"), [(1, 700), (1.5, 1050), (2, 1400), (3, 2100), (9, 2100), (0.5, 700)]
)
def test_at_rest_a_picture_is_as_fine_as_the_page_and_its_still_twice(screen, told, sent):
    lab = self_test()
    page = lab._screen._page

    async def story():
        lab._ipython_display_()
        assert stored_and_sent(screen, page) == (1400, 700, 1400, 700)
        page._handle_custom_msg({"shown": 0, "took": 10}, [])
        page.set_state({"ratio": told})
        lab.controls["place"].value = 3
        await asyncio.sleep(0.1)
        assert Image.open(io.BytesIO(page.image)).width == 700  # while it moves
        await asyncio.sleep(0.6)
        assert stored_and_sent(screen, page) == (1400, 700, sent, 700)

    play(story())


def test_a_run_pauses_when_the_last_page_that_shows_it_has_gone(toy):
    page = toy.lab._screen._page

    async def story():
        toy.lab._ipython_display_()
        for views in (1, 1, -1):
            page._handle_custom_msg({"views": views}, [])
        toy.press("Start")
        await toy.until("running")
        page._handle_custom_msg({"views": -1}, [])
        await toy.until("paused")

    play(story())
    assert 0 < len(toy.lab.frames) < 40


def test_a_control_moved_just_after_a_run_ended_starts_it_anew(toy, monkeypatch):
    async def story():
        toy.lab._ipython_display_()
        toy.press("Start")
        await toy.until("finished")
        toy.slider.value = 5
        await toy.until("running")
        await toy.until("finished")
        monkeypatch.setattr(live_lab, "JUST_NOW", 0)
        toy.slider.value = 6
        await toy.until("idle")

    play(story())
    assert toy.begun == [0, 5]


def test_a_picture_that_moves_where_no_page_answers_keeps_its_size(screen):
    lab = self_test()
    page = lab._screen._page

    async def story():
        lab._ipython_display_()
        lab.controls["place"].value = 3
        await asyncio.sleep(0.15)
        assert stored_and_sent(screen, page)[:2] == (700, 700)
        await asyncio.sleep(0.6)
        assert stored_and_sent(screen, page) == (1400, 700, 1400, 700)

    play(story())


def test_a_figure_is_shown_at_half_the_size_of_its_dots(screen):
    fig, ax = plt.subplots(figsize=(4, 3))
    ax.plot([1, 3, 2])
    show(fig, "Up and down.")
    picture, below = screen
    drawn = Image.open(io.BytesIO(base64.b64decode(picture["data"]["image/png"])))
    assert drawn.size == (800, 600)
    assert picture["metadata"]["image/png"] == {"width": 400, "height": 300, "alt": "Up and down."}
    assert below["data"]["text/plain"] == "Up and down."


def test_a_figure_that_was_shown_keeps_no_dots(screen):
    fig, ax = plt.subplots()
    ax.set_title("named")
    drawn = []
    fig.canvas.mpl_connect("draw_event", lambda event: drawn.append(weakref.ref(event.renderer)))
    gc.disable()  # it is free at once, before any search for cycles
    try:
        show(fig, "A figure.")
        assert [renderer() for renderer in drawn] == [None] * len(drawn) != []
    finally:
        gc.enable()


def test_a_projector_gets_larger_type_and_lines_in_pictures_of_the_same_size(screen):
    def shown():
        fig, ax = plt.subplots(figsize=(4, 3))
        (line,) = ax.plot([1, 3, 2])
        label = ax.set_xlabel("steps", fontsize=8)
        show(fig, "Up and down.")
        size = screen[-2]["metadata"]["image/png"]
        dots = label.get_window_extent(), line.get_linewidth() * fig.dpi
        lab = self_test()
        return size, lab._screen._page.width, dots[0].height, dots[1], lab.picture.png()

    projector(1.5)
    *large, text, line, picture = shown()
    projector(1)
    *usual, usual_text, usual_line, usual_picture = shown()
    assert large == usual
    assert text == pytest.approx(1.5 * usual_text, rel=0.1)
    assert line == pytest.approx(1.5 * usual_line)
    sizes = {Image.open(io.BytesIO(png)).size for png in (picture, usual_picture)}
    assert sizes == {(700, 100)}
    assert picture != usual_picture


def test_an_error_in_an_explorer_is_shown_and_does_not_end_it(screen):
    fig = Figure()
    (dot,) = fig.subplots().plot([0], [0])
    slider = widgets.IntSlider(description="x", value=1)
    explorer = Explorer(fig, [dot], lambda x: f"1/x = {1 / x:.2f}", {"x": slider})

    async def story():
        explorer._ipython_display_()
        slider.value = 0
        await asyncio.sleep(0.2)
        assert "ZeroDivisionError" in texts(screen)[-1]
        slider.value = 4
        await asyncio.sleep(0.2)

    play(story())
    assert texts(screen)[-1] == "1/x = 0.25"


def test_a_click_acts_with_the_values_of_all_controls_and_draws_again(screen):
    fig = Figure()
    (dot,) = fig.subplots().plot([0], [0])
    x, y = widgets.IntSlider(value=3), widgets.IntSlider(value=4)
    button, seen = widgets.Button(description="Record"), []
    explorer = Explorer(
        fig,
        [dot],
        lambda x, y: f"{x} {y}: {len(seen)} recorded",
        {"x": x, "y": y},
        actions={button: lambda x, y: seen.append(x / y)},
    )

    async def story():
        explorer._ipython_display_()
        button.click()
        await asyncio.sleep(0.2)
        assert texts(screen)[-1] == "3 4: 1 recorded"
        y.value = 0
        button.click()
        await asyncio.sleep(0.2)
        assert "ZeroDivisionError" in "".join(texts(screen)[2:])

    play(story())
    assert seen == [0.75]


def test_a_live_lab_acts_on_a_click_in_every_state(screen):
    toy, button, seen = Toy(), widgets.Button(description="Keep"), []
    lab = LiveLab(
        Figure(),
        [],
        toy.start,
        toy.draw,
        {"x": toy.slider, "y": widgets.IntSlider(value=2)},
        tenth,
        actions={button: lambda x, y: seen.append((lab.state, x + y))},
    )
    lab.start = lambda x, y: toy.start(x)

    async def story():
        lab._ipython_display_()
        button.click()
        await asyncio.sleep(0.1)
        lab._buttons["Start"].click()
        await until(lab, "running")
        button.click()
        await until(lab, "finished")
        button.click()
        await asyncio.sleep(0.1)

    play(story())
    assert seen == [("idle", 2), ("running", 2), ("finished", 2)]
    assert toy.drawn[1] == 0
    assert toy.begun == [0]


def test_a_picture_whose_limits_change_is_drawn_anew():
    def drawn(*limits):
        fig = Figure()
        ax = fig.subplots()
        (line,) = ax.plot([0, 1, 5], [0, 2, 1])
        picture = Picture(fig, [line])
        for limit in limits:
            ax.set_xlim(0, limit)
            picture.png()
        return pixels(picture)

    assert (drawn(5) != drawn(3)).any()
    assert (drawn(5, 3) == drawn(3)).all()


def test_a_progress_bar_passes_the_reports_on(screen):
    reports = [Report(step, step / 2, 1.0, None, [], "") for step in (1, 2, 3)]
    assert list(with_progress_bar(iter(reports), epochs=2)) == reports
    assert len(screen) == 1
