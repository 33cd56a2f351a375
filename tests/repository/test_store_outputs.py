"""The pictures that are stored: small, and as they were drawn."""

import base64
import io

import nbformat
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from tools.store_outputs import compact, tidy


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, format="png")
    return buffer.getvalue()


def rgb(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


@pytest.fixture
def greys():
    return np.repeat(np.random.default_rng(1).permutation(2**16).reshape(256, 256, 1) % 256, 3, 2)


@pytest.fixture
def many():
    return np.random.default_rng(0).integers(256, size=(50, 50, 3), dtype=np.uint8)


def test_few_colours_are_stored_as_they_are_in_half_the_room(greys):
    stored = compact(png(greys))
    assert (rgb(stored) == greys).all()
    assert len(stored) < len(png(greys)) / 2


def test_a_picture_of_lines_looks_the_same_in_half_the_room():
    with plt.style.context("mnist_edu.widgets.style"):
        fig, ax = plt.subplots()
        for k in range(4):
            ax.plot(np.sin(np.arange(9) * (k + 1)), label=f"sine {k}")
        ax.legend()
        buffer = io.BytesIO()
        fig.savefig(buffer, dpi=200)
        plt.close(fig)
    drawn = buffer.getvalue()
    stored = compact(drawn)
    assert len(stored) < len(drawn) / 2
    assert np.mean(abs(rgb(stored) - rgb(drawn)).max(axis=2) > 8) <= 0.002


def test_a_picture_that_would_look_different_is_left_alone(many):
    assert compact(png(many)) == png(many)


def test_a_palette_is_left_alone_however_it_was_compressed(greys):
    buffer = io.BytesIO()
    few = Image.open(io.BytesIO(compact(png(greys))))
    few.save(buffer, format="png", compress_level=0)
    assert compact(buffer.getvalue()) == buffer.getvalue()


def test_a_picture_tidied_once_is_tidy(greys, many):
    outputs = [
        nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(each).decode()})
        for each in (png(greys), png(many))
    ]
    cell = nbformat.v4.new_code_cell("", outputs=outputs)
    once = nbformat.v4.new_notebook(cells=[cell])
    tidy(once)
    twice = nbformat.from_dict(once)
    tidy(twice)
    assert twice == once
    stored = base64.b64decode(once.cells[0].outputs[0].data["image/png"])
    assert Image.open(io.BytesIO(stored)).mode == "P"
