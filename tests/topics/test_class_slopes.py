"""Reading the file of a class's slopes."""

import re

import pytest

from mnist_edu.topics.class_slopes import read_slopes


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / "slopes.csv"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize(
    "data",
    [
        b"3,0.71\n0,0.65\n",
        b"seed,slope\n3,0.71\n0,0.65",
        b"\xef\xbb\xbfseed, slope\r\n3, 0.71\r\n\r\n0 ,6.5e-1\r\n\r\n",  # as a spreadsheet saves it
    ],
)
def test_a_line_is_a_seed_and_its_slope(file, data):
    assert read_slopes(file(data)) == {3: 0.71, 0: 0.65}


@pytest.mark.parametrize(
    "line",
    [
        "3",
        "3,",
        "3;0.71",
        "3,0,71",
        "3,0.71,Ada",
        "0.71,3",
        "Ada,0.71",
        "-1,0.71",
        "3,0",
        "3,-0.71",
        "3,nan",
        "3,inf",
        "seed,slope",
        "3,0.71\0",
    ],
)
def test_a_line_that_is_no_pair_is_quoted_with_its_place(file, line):
    path = file(f"1,0.7\n\n{line}\n2,0.72\n".encode())
    said = f"{path}, line 3: expected a seed, a comma and a slope above 0, such as 17,0.733, not "
    with pytest.raises(ValueError, match=f"^{re.escape(said + repr(line))}"):
        read_slopes(path)


@pytest.mark.parametrize(("gain", "slope"), [("1.36", "0.735"), ("1", "1.000")])
def test_a_gain_is_no_slope(file, gain, slope):
    said = f"line 2: {gain} looks like a gain. The slope of its dots is 1 / {gain} = {slope}."
    with pytest.raises(ValueError, match=re.escape(said)):
        read_slopes(file(f"1,0.7\n17,{gain}\n2,0.72\n".encode()))


def test_another_encoding_is_no_pair(file):
    with pytest.raises(ValueError, match="line 1: expected a seed"):
        read_slopes(file("3,0.71\n4,0.7\n".encode("utf-16")))


def test_a_seed_comes_once(file):
    with pytest.raises(ValueError, match="line 3: seed 4 comes a second time"):
        read_slopes(file(b"4,0.7\n5,0.7\n4,0.71\n"))


@pytest.mark.parametrize(("data", "found"), [(b"", 0), (b"seed,slope\n\n", 0), (b"4,0.7\n", 1)])
def test_one_slope_has_no_spread(file, data, found):
    with pytest.raises(ValueError, match=f"two slopes or more, and here is {found}"):
        read_slopes(file(data))


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_slopes(tmp_path / "slopes.csv")
