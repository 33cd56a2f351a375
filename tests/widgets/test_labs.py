"""Explorers over the whole range of their controls, and live labs on a real event loop."""

import asyncio
import io
import itertools
import threading
import time

import ipywidgets as widgets
import numpy as np
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from PIL import Image

from mnist_edu.data import load_mnist
from mnist_edu.labs.nb00_nearest_mean import nearest_mean_explorer
from mnist_edu.labs.nb00_self_test import self_test
from mnist_edu.labs.nb08_training import training_lab
from mnist_edu.training import Report
from mnist_edu.widgets import live_lab
from mnist_edu.widgets import screen as screen_module
from mnist_edu.widgets.explorer import Explorer
from mnist_edu.widgets.live_lab import LiveLab, with_progress_bar
from mnist_edu.widgets.picture import Picture
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
def mnist():
    return load_mnist()


@pytest.fixture(scope="module")
def means(mnist):
    X, y = mnist.train.first(5000, dtype=np.float64)
    return np.array([X[y == digit].mean(axis=0) for digit in range(10)])


@pytest.fixture(scope="module")
def training(mnist):
    return training_lab(mnist.train, mnist.validation)


def texts(screen):
    return [output["data"].get("text/plain") for output in screen]


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture.png())))


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


def test_a_picture_is_what_matplotlib_draws_in_full():
    explorer = self_test()
    explorer.update(10)
    whole = io.BytesIO()
    explorer.picture.figure.savefig(whole, dpi=100)
    assert (pixels(explorer.picture) == np.asarray(Image.open(whole))).all()


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
    line = training.picture.figure.axes[0].lines[-1]
    assert np.array_equal(line.get_ydata(), [report.loss for report in reports], equal_nan=True)
    assert pixels(training.picture).shape == (320, 700, 4)


def test_the_training_lab_keeps_the_run_before_for_comparison(training):
    first = list(itertools.islice(training.start(lr=0.1, batch_size=256, width=16), 3))
    training.draw(first)
    training.draw(list(itertools.islice(training.start(lr=0.1, batch_size=256, width=32), 2)))
    before = training.picture.figure.axes[0].lines[-2]
    assert list(before.get_ydata()) == [report.loss for report in first]


def test_the_run_before_stays_when_a_control_is_moved_after_it(mnist, screen, monkeypatch):
    monkeypatch.setattr(live_lab, "JUST_NOW", 0)
    lab = training_lab(mnist.train, mnist.validation, epochs=1)
    before = lab.picture.figure.axes[0].lines[-2]

    async def story():
        lab._ipython_display_()
        stored = list(before.get_ydata())
        assert len(stored) > 5
        lab.controls["lr"].value = 0.01
        lab._buttons["Start"].click()
        await until(lab, "finished")
        finished = [report.loss for report in lab.frames]
        lab.controls["lr"].value = 1
        await until(lab, "idle")
        lab._buttons["Start"].click()
        await until(lab, "finished")
        assert list(before.get_ydata()) == finished != stored

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
        await asyncio.sleep(0.4)  # at rest
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
    slider, folded = widgets.IntSlider(value=3), widgets.IntSlider(value=4)
    button, seen = widgets.Button(description="Record"), []
    explorer = Explorer(
        fig,
        [dot],
        lambda x, y: f"{x} {y}: {len(seen)} recorded",
        {"x": slider},
        more={"y": folded},
        actions={button: lambda x, y: seen.append(x / y)},
    )

    async def story():
        explorer._ipython_display_()
        button.click()
        await asyncio.sleep(0.2)
        assert texts(screen)[-1] == "3 4: 1 recorded"
        folded.value = 0
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
        {"x": toy.slider},
        tenth,
        more={"y": widgets.IntSlider(value=2)},
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


@pytest.mark.parametrize("kind", ["explorer", "live lab"])
def test_more_controls_are_in_a_box_that_is_closed_at_first(kind):
    fig = Figure()
    (dot,) = fig.subplots().plot([0], [0])
    slider, folded = widgets.IntSlider(), widgets.IntSlider()
    if kind == "explorer":
        lab = Explorer(fig, [dot], lambda x, y: "", {"x": slider}, more={"y": folded})
    else:
        lab = LiveLab(
            fig, [dot], lambda x, y: iter([]), str, {"x": slider}, tenth, more={"y": folded}
        )
    shown = lab._screen._box.children[0].children
    (box,) = [widget for widget in shown if isinstance(widget, widgets.Accordion)]
    assert slider in shown
    assert folded in box.children[0].children
    assert box.selected_index is None


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


def test_a_control_is_named_and_explained_in_every_lab(mnist, means, training):
    for lab in (self_test(), nearest_mean_explorer(means, mnist.validation), training):
        for control in lab.controls.values():
            assert control.description
            assert control.tooltip


def test_a_progress_bar_passes_the_reports_on(screen):
    reports = [Report(step, step / 2, 1.0, None, [], "") for step in (1, 2, 3)]
    assert list(with_progress_bar(iter(reports), epochs=2)) == reports
    assert len(screen) == 1
