"""The drawing lab over its controls and buttons, and the canvas's side in the kernel."""

import asyncio
import itertools
import math
import re

import numpy as np
import pytest
import traitlets
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgba

from mnist_edu.labs.nb09_drawing import draw_a_digit_lab
from mnist_edu.network import Layer, backward, forward, init_params, predict
from mnist_edu.topics.preprocessing import preprocess, rasterize
from mnist_edu.training import one_cycle, train
from mnist_edu.widgets.canvas import BLANK, Canvas, to_bytes, to_ink
from mnist_edu.widgets.plots import BLUE, GREEN
from tests.pens import DIGITS, placed

TEXT = re.compile(
    r"Read as (\d) \((\d+) %\)(?:, then (\d) \((\d+) %\))?; (centred|not centred)\. "
    r"My label, (\d): (\d+) %\.(?: Before it was taught: \d: (\d+) %; "
    r"([\d.]+) % of 1000 validation images right, now ([\d.]+) %\.)?"
)


@pytest.fixture(scope="module")
def params(mnist):
    rng = np.random.default_rng(0)
    start = init_params([784, 64, 10], rng)
    recipe = {"optimizer": "momentum", "lr": one_cycle(0.3), "batch_size": 128, "epochs": 1}
    *_, last = train(start, *mnist.train, rng=rng, **recipe)
    return last.params


@pytest.fixture
def lab(params, mnist):
    return draw_a_digit_lab(params, mnist.train, mnist.validation)


def drawn(digit, *place):
    return to_bytes(rasterize(placed(DIGITS[digit], *place)))


def values(lab, **changed):
    return {name: control.value for name, control in lab.controls.items()} | changed


def action(lab, name):
    (found,) = (act for button, act in lab.actions.items() if button.description == name)
    return found


def shown(lab):
    """Return the image, the bars' heights and colours, and the outlines' heights (if visible)."""
    left, right = lab.picture.figure.axes
    bars, outlines = right.containers
    colors = [bar.get_facecolor() for bar in bars]
    heights = [outline.get_height() for outline in outlines if outline.get_visible()]
    image = left.images[0].get_array()
    return image, np.array([bar.get_height() for bar in bars]), colors, np.array(heights)


def softmax_of(params, image):
    z = np.maximum(image @ params[0].W + params[0].b, 0) @ params[1].W + params[1].b
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


def test_the_lab_shows_and_says_what_the_network_reads(lab, params):
    inks = [drawn(1, 3, 3, 9), drawn(3, 12, 10, 14), drawn(8, 3, 2, 23), to_bytes(np.eye(28))]
    for ink, centre, label in itertools.product(inks, (True, False), range(10)):
        said = TEXT.fullmatch(lab.update(ink, centre, label)).groups()
        image, bars, colors, outlines = shown(lab)
        expected = preprocess(np.frombuffer(ink, np.uint8).reshape(140, 140), centre)
        assert np.array_equal(image.ravel(), expected)
        probs = softmax_of(params, expected)
        assert np.allclose(bars, probs)
        assert len(outlines) == 0
        green = [k for k, color in enumerate(colors) if color == colors[label]]
        assert green == [label]
        best, second = np.argsort(-probs)[:2]
        assert int(said[0]) == best
        assert int(said[1]) == pytest.approx(100 * probs[best], abs=0.5001)
        if said[2] is None:
            assert probs[second] < 0.005
        else:
            assert int(said[2]) == second
            assert int(said[3]) == pytest.approx(100 * probs[second], abs=0.5001)
        assert said[4] == ("centred" if centre else "not centred")
        assert int(said[5]) == label
        assert int(said[6]) == pytest.approx(100 * probs[label], abs=0.5001)


def test_the_colours_are_those_of_the_series(lab):
    lab.update(**values(lab, label=3))
    assert shown(lab)[2] == [to_rgba(GREEN if k == 3 else BLUE) for k in range(10)]


def test_it_starts_with_a_7_in_a_corner_that_is_read_only_when_centred(lab):
    assert lab.update(**values(lab)).startswith("Read as 7 ")
    assert not lab.update(**values(lab, centre=False)).startswith("Read as 7 ")
    rows, columns = to_ink(lab.controls["ink"].value).nonzero()
    assert rows.min() > 70
    assert columns.min() > 70


@pytest.mark.parametrize("centre", [True, False])
def test_blank_paper_is_not_read_nor_taught(lab, centre):
    text = "The paper is blank: draw a digit."
    assert lab.update(BLANK, centre, 4) == text
    image, bars, _, _ = shown(lab)
    assert not image.any()
    assert not bars.any()
    for name in ("Teach", "Teach alone"):
        action(lab, name)(ink=BLANK, centre=centre, label=4)
    assert lab.update(BLANK, centre, 4) == text


@pytest.mark.parametrize(("name", "known"), [("Teach", 100), ("Teach alone", 0)])
def test_teaching_takes_ten_steps_of_gradient_descent(lab, params, mnist, name, known):
    kept = [Layer(W.copy(), b.copy()) for W, b in params]
    ink, label = drawn(7, 3, 3, 10), 4
    first = lab.update(ink, True, label)
    X, y = mnist.train.first(1000, dtype=np.float64)
    image = preprocess(to_ink(ink))
    expected = [(W.copy(), b.copy()) for W, b in params]
    for times in (1, 2):
        action(lab, name)(ink=ink, centre=True, label=label)
        for step in range(10):
            others = np.arange(step * known, (step + 1) * known)
            network = [Layer(*layer) for layer in expected]
            _, cache = forward(network, np.vstack([X[others], image]))
            grads = backward(network, cache, np.append(y[others], label))
            expected = [
                (W - 0.1 * dW, b - 0.1 * db)
                for (W, b), (dW, db) in zip(expected, grads, strict=True)
            ]
        network = [Layer(*layer) for layer in expected]
        said = TEXT.fullmatch(lab.update(ink, True, label)).groups()
        _, bars, _, outlines = shown(lab)
        before, after = softmax_of(params, image), softmax_of(network, image)
        assert np.allclose(bars, after), times
        assert np.allclose(outlines, before)
        assert after[label] > before[label]
        assert int(said[7]) == pytest.approx(100 * before[label], abs=0.5001)
        for score, which in zip(said[8:], (params, network), strict=True):
            right = predict(which, mnist.validation.images[:1000]) == mnist.validation.labels[:1000]
            assert float(score) == pytest.approx(100 * right.mean(), abs=0.0501)
    for (W, b), (W_kept, b_kept) in zip(params, kept, strict=True):
        assert np.array_equal(W, W_kept)
        assert np.array_equal(b, b_kept)
    action(lab, "Forget")(ink=ink, centre=True, label=label)
    assert lab.update(ink, True, label) == first
    assert len(shown(lab)[3]) == 0


def test_known_images_keep_it_from_forgetting(lab):
    ink, scores = drawn(7, 3, 3, 10), {}
    for name in ("Teach", "Teach alone"):
        for _ in range(3):
            action(lab, name)(ink=ink, centre=True, label=4)
        *_, before, scores[name] = TEXT.fullmatch(lab.update(ink, True, 4)).groups()
        action(lab, "Forget")()
    assert float(scores["Teach"]) > float(before) - 2
    assert float(scores["Teach alone"]) < float(before) - 10


def test_blank_paper_after_teaching_still_tells_the_scores(lab):
    action(lab, "Teach")(ink=drawn(7, 3, 3, 10), centre=True, label=4)
    text = lab.update(BLANK, True, 4)
    assert re.fullmatch(r"The paper is blank: .* validation images right, now [\d.]+ %\.", text)


def test_examples_are_the_validation_images_in_order(lab, mnist):
    for k in range(3):
        action(lab, "Example")(**values(lab))
        image = mnist.validation.images[k].reshape(28, 28)
        ink = to_ink(lab.controls["ink"].value)
        assert np.array_equal(ink, np.kron(image, np.ones((5, 5))))
        assert lab.controls["label"].value == mnist.validation.labels[k]


def test_every_control_changes_the_picture_and_the_text(lab):
    for changed in ({"ink": drawn(3, 5, 5, 15)}, {"centre": False}, {"label": 2}):
        text, picture = lab.update(**values(lab)), lab.picture.png()
        assert lab.update(**values(lab, **changed)) != text, changed
        assert lab.picture.png() != picture, changed


def test_all_artists_that_move_are_drawn_each_time(lab):
    left, right = lab.picture.figure.axes
    assert all(artist.get_animated() for artist in (*left.images, *right.patches))


def test_a_network_of_float32_will_do(params, mnist):
    small = [Layer(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
    lab = draw_a_digit_lab(small, mnist.train, mnist.validation)
    action(lab, "Teach")(**values(lab, label=4))
    assert TEXT.fullmatch(lab.update(**values(lab)))


def test_a_stroke_that_arrives_is_shown_and_a_click_teaches(lab, monkeypatch):
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(InteractiveShell.instance(), "display_pub", publisher)

    def said():
        return publisher.outputs[-1]["data"]["text/plain"]

    async def story():
        lab._ipython_display_()
        state = {"value": memoryview(drawn(3, 4, 4, 15))}  # as a message brings it
        lab.controls["ink"].set_state(state)
        await asyncio.sleep(0.3)
        assert said().startswith("Read as 3 ")
        (teach,) = (button for button in lab.actions if button.description == "Teach")
        teach.click()
        await asyncio.sleep(0.5)
        assert "Before it was taught" in said()

    asyncio.run(story())
    InteractiveShell.clear_instance()


def test_the_canvas_takes_bytes_of_its_size_only():
    canvas = Canvas()
    assert canvas.value == BLANK
    canvas.value = memoryview(bytes(range(196)) * 100)
    assert canvas.value == bytes(range(196)) * 100
    with pytest.raises(traitlets.TraitError, match="3 bytes; expected 19600"):
        canvas.value = b"abc"
    assert len(canvas.value) == 19600


@pytest.mark.parametrize(
    ("name", "forged"),
    [("pen", math.nan), ("pen", -3), ("pen", 0), ("pen", 29), ("side", 10), ("value", b"abc")],
)
def test_the_canvas_refuses_what_its_page_would_not_send(name, forged):
    canvas = Canvas()
    before = getattr(canvas, name)
    with pytest.raises(traitlets.TraitError, match="expected"):
        canvas.set_state({name: forged})  # as a message brings it
    assert getattr(canvas, name) == before
    assert canvas.set_state({"pen": 28, "side": 140}) is None


def test_the_front_end_needs_nothing_from_elsewhere():
    code = str(Canvas._esm)
    assert "http" not in code
    assert "import" not in code


def test_ink_goes_to_bytes_and_back():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    assert np.array_equal(to_ink(to_bytes(image))[2::5, 2::5], image)
    ink = np.random.default_rng(0).random((140, 140))
    assert np.abs(to_ink(to_bytes(ink)) / 255 - ink).max() <= 0.5 / 255 + 1e-12
    with pytest.raises(ValueError, match="divides 140"):
        to_bytes(np.zeros((27, 27)))
