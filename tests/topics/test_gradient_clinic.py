"""The bugs of notebook 05, taken from its cells: the check sees each, and each mending passes."""

import ast

import nbformat
import numpy as np
import pytest

from mnist_edu.data import Split, load_mnist
from mnist_edu.network import Layer, backward, forward, init_params
from mnist_edu.topics.gradient_clinic import (
    check_program,
    choose_entries,
    compare,
    sampled_gradient,
    take_entries,
    train_program,
)
from tools.store_outputs import NOTEBOOKS

NOTEBOOK = nbformat.read(NOTEBOOKS / "05_gradient_checking.ipynb", as_version=4)
MARKDOWN = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")

MENDINGS = {  # program: (a line, what the notebook's answer puts in its place)
    "bug_1": ("dz1 = dz2 @ W2.T * (a1 >= 0)", "dz1 = dz2 @ W2.T * (a1 > 0)"),
    "bug_2": ("dz1 = dz2 @ W2.T", "dz1 = dz2 @ W2.T * a1 * (1 - a1)"),
    "bug_3": ("loss = -(Y * np.log(o)).mean()", "loss = -(Y * np.log(o)).sum(axis=1).mean()"),
    "bug_4": ("dz2 = do * o * (1 - o)", "dz2 = o * (do - (do * o).sum(axis=1, keepdims=True))"),
    "bug_5": ("W2 = W2 - lr * dW2", ""),
}
MENDINGS["bug_4_with_a_better_loss"] = MENDINGS["bug_4"]
RIGHT = ("right", "right_sigmoid")


def pieces():
    """Return the source of the notebook's imports and functions, by name; imports under ""."""
    found = {"": ""}
    for cell in NOTEBOOK.cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    found[""] += ast.unparse(node) + "\n"
                elif isinstance(node, ast.FunctionDef):
                    found[node.name] = ast.get_source_segment(cell.source, node)
    return found


SOURCES = pieces()


def programs(**replaced):
    """Run the notebook's imports and function definitions alone."""
    space = {}
    exec("\n".join((SOURCES | replaced).values()), space)
    return space


PROGRAMS = programs()


def mended(name):
    line, new = MENDINGS[name]
    lines = SOURCES[name].split("\n")
    (place,) = [i for i, old in enumerate(lines) if old.strip() == line]
    lines[place] = "    " + new
    return programs(**{name: "\n".join(lines)})[name]


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


@pytest.fixture(scope="module")
def setting(mnist):
    """Return the network, images and labels that the notebook checks with."""
    params = init_params([784, 64, 10], np.random.default_rng(5))
    return params, *mnist.train.first(32, dtype=np.float64)


def checked(program, setting):
    return check_program(program, *setting, np.random.default_rng(0), count=30)


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_programs_pass(name, setting):
    assert max(c.error for c in checked(PROGRAMS[name], setting).values()) < 1e-8


@pytest.mark.parametrize("name", MENDINGS)
def test_the_check_sees_every_bug(name, setting):
    assert max(c.error for c in checked(PROGRAMS[name], setting).values()) > 1e-3


@pytest.mark.parametrize("name", MENDINGS)
def test_every_mending_passes_and_is_the_one_the_notebook_gives(name, setting):
    assert max(c.error for c in checked(mended(name), setting).values()) < 1e-8
    line, new = MENDINGS[name]
    assert f"`{new or line}`" in MARKDOWN


@pytest.mark.parametrize("name", ["bug_1", "bug_2", "bug_5"])
def test_these_bugs_spoil_the_first_layer_alone(name, setting):
    found = checked(PROGRAMS[name], setting)
    assert min(found["W1"].error, found["b1"].error) > 1e-3
    assert max(found["W2"].error, found["b2"].error) < 1e-8


def test_bug_1_lets_every_gradient_through(setting):
    params, X, y = setting
    _, cache = forward(params, X)
    dz2 = cache.z[1] - cache.z[1].max(axis=1, keepdims=True)
    dz2 = np.exp(dz2) / np.exp(dz2).sum(axis=1, keepdims=True) - np.eye(10)[y]
    _, (first, _) = PROGRAMS["bug_1"](params, X, y)
    assert first.b == pytest.approx((dz2 @ params[1].W.T).mean(axis=0), abs=1e-12)


def test_bug_2_starts_four_times_too_long_in_nearly_the_right_direction(setting):
    found = checked(PROGRAMS["bug_2"], setting)["W1"]
    assert 3.9 < found.ratio < 4.4
    assert 0.99 < found.cosine < 1


def test_bug_3_is_ten_times_too_long_in_the_right_direction(setting):
    for found in checked(PROGRAMS["bug_3"], setting).values():
        assert found.ratio == pytest.approx(10, rel=1e-6)
        assert found.cosine == pytest.approx(1, abs=1e-9)


def test_the_two_wrongs_of_bug_4_make_the_gradient_of_the_cross_entropy(setting):
    params, X, y = setting
    _, wrong_pair = PROGRAMS["bug_4"](params, X, y)
    for claimed, right in zip(wrong_pair, backward(params, forward(params, X)[1], y), strict=True):
        assert np.allclose(claimed.W, right.W, rtol=1e-12, atol=1e-14)
        assert np.allclose(claimed.b, right.b, rtol=1e-12, atol=1e-14)


def test_bug_4_diverges_once_only_its_loss_is_mended(mnist, setting):
    lengths = {}
    for name in ("bug_4", "bug_4_with_a_better_loss"):
        _, losses = train_program(
            PROGRAMS[name], setting[0], mnist.train, np.random.default_rng(0), lr=0.1, steps=60
        )
        lengths[name] = len(losses), np.isfinite(losses[-1])
    assert lengths["bug_4"] == (60, True)
    steps, finite = lengths["bug_4_with_a_better_loss"]
    assert steps < 60
    assert not finite


def test_the_error_of_bug_5_grows_with_the_rate(setting):
    params, X, y = setting
    right = backward(params, forward(params, X)[1], y)[0].W
    errors = [
        compare(PROGRAMS["bug_5"](params, X, y, lr)[1][0].W, right).error for lr in (0.001, 0.01)
    ]
    assert errors[1] == pytest.approx(10 * errors[0], rel=0.01)
    assert compare(PROGRAMS["bug_5"](params, X, y, 0.0)[1][0].W, right).error < 1e-12


def test_a_gradient_of_another_loss_is_caught(setting):
    found = checked(PROGRAMS["labels_shifted_on_the_way_back"], setting)
    assert min(c.error for c in found.values()) > 1e-3


@pytest.mark.parametrize("name", ["shifted_labels", "forgotten_activation", "gate_that_opens_late"])
def test_what_a_check_cannot_see_passes_it(name, setting):
    assert max(c.error for c in checked(PROGRAMS[name], setting).values()) < 1e-8


def test_entries_are_drawn_from_each_array_and_only_where_there_is_ink(setting):
    params, X, _ = setting
    entries = choose_entries(params, X, np.random.default_rng(0), 50)
    assert [len(set(chosen)) for chosen in entries] == [50, 50, 50, 10]
    pixels, _ = np.unravel_index(entries[0], params[0].W.shape)
    assert X[:, pixels].any(axis=0).all()


def test_slopes_are_those_of_a_quadratic_and_params_stay_as_they_are():
    rng = np.random.default_rng(0)
    params = [Layer(rng.normal(size=(3, 2)), rng.normal(size=2))]
    before = [array.copy() for array in params[0]]
    entries = [np.array([4, 1]), np.array([1])]

    def loss(moved):
        return float((moved[0].W ** 2).sum() + 3 * (moved[0].b ** 2).sum())

    exact = take_entries([Layer(2 * params[0].W, 6 * params[0].b)], entries)
    h = 1e-3
    central = sampled_gradient(loss, params, entries, h)
    ahead = sampled_gradient(loss, params, entries, h, forward=True)
    for slopes, error in ((central, (0, 0)), (ahead, (h, 3 * h))):  # h f'' / 2
        for slope, expected, off in zip(slopes, exact, error, strict=True):
            assert slope == pytest.approx(expected + off, abs=1e-9)
    assert all(np.array_equal(old, new) for old, new in zip(before, params[0], strict=True))


def test_comparing_tells_length_from_direction():
    vector, across = np.array([3.0, 4.0]), np.array([-4.0, 3.0])
    assert compare(2 * vector, vector) == pytest.approx((0.5, 2, 1))
    assert compare(across, vector) == pytest.approx((np.sqrt(2), 1, 0))


def test_descending_takes_the_steps_asked_for_over_several_epochs():
    rng = np.random.default_rng(0)
    data = Split(rng.integers(0, 256, size=(10, 4), dtype=np.uint8), rng.integers(0, 3, size=10))
    params = init_params([4, 5, 3], rng)
    before = [array.copy() for layer in params for array in layer]
    seen = []

    def program(params, X, y):
        seen.append(X)
        _, cache = forward(params, X)
        return 1.0, backward(params, cache, y)

    trained, losses = train_program(program, params, data, rng, lr=0.1, steps=7, batch_size=4)
    assert len(losses) == len(seen) == 7
    assert [len(X) for X in seen] == [4, 4, 2, 4, 4, 2, 4]
    assert max(X.max() for X in seen) == data.images.max() / 255
    assert all(
        np.array_equal(a, b)
        for a, b in zip(before, [array for layer in params for array in layer], strict=True)
    )
    assert not np.array_equal(trained[1].b, params[1].b)
