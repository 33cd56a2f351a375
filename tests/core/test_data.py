import errno
import gzip
import re
import shutil
import struct
from importlib.resources import files

import numpy as np
import pytest

from mnist_edu.data import SHA256, load_mnist, minibatches, one_hot, read_idx, to_floats

SIZES = {"train": 50_000, "validation": 10_000, "test": 10_000, "train_full": 60_000}

# The digits 0 to 9 in the published files.
COUNTS = {
    "train_full": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "test": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


@pytest.mark.parametrize("name", SIZES)
def test_splits_are_bytes_in_rows_of_784(mnist, name):
    split = getattr(mnist, name)
    assert split.images.shape == (SIZES[name], 784)
    assert split.labels.shape == (SIZES[name],)
    assert split.images.dtype == split.labels.dtype == np.uint8


@pytest.mark.parametrize("name", SIZES)
def test_splits_cannot_be_written(mnist, name):
    for array in getattr(mnist, name):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_train_and_validation_are_views_that_make_up_train_full(mnist):
    for train, validation, full in zip(
        mnist.train, mnist.validation, mnist.train_full, strict=True
    ):
        assert np.shares_memory(train, full)
        assert np.shares_memory(validation, full)
        # the same address, shape and type
        assert train.__array_interface__ == full[:50_000].__array_interface__
        assert validation.__array_interface__ == full[50_000:].__array_interface__


@pytest.mark.parametrize("name", COUNTS)
def test_each_digit_is_there_as_often_as_published(mnist, name):
    assert np.bincount(getattr(mnist, name).labels).tolist() == COUNTS[name]


@pytest.mark.parametrize(
    ("name", "prefix"), [("train_full", "train"), ("test", "t10k")], ids=["train_full", "test"]
)
def test_images_and_labels_are_what_follows_the_headers(mnist, name, prefix):
    split, folder = getattr(mnist, name), files("mnist_edu") / "mnist"
    for array, part, header in (
        (split.images, "images-idx3", 16),
        (split.labels, "labels-idx1", 8),
    ):
        with gzip.open(folder / f"{prefix}-{part}-ubyte.gz") as file:
            assert file.read()[header:] == array.tobytes()


def test_guessing_1_is_right_for_1135_of_the_test_images(mnist):
    assert (mnist.test.labels == 1).mean() == 0.1135


def test_ink_is_bright_and_paper_is_0(mnist):
    assert mnist.train_full.images.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert not mnist.train_full.images[:, [0, 27, 756, 783]].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_first_gives_pixels_from_0_to_1_and_int64_labels(mnist, dtype):
    X, y = mnist.validation.first(100, dtype=dtype)
    assert X.dtype == dtype
    assert y.dtype == np.int64
    np.testing.assert_array_equal(X, mnist.train_full.images[50_000:50_100].astype(dtype) / 255)
    np.testing.assert_array_equal(y, mnist.train_full.labels[50_000:50_100])


def test_first_gives_float32_unless_told_and_as_many_as_there_are(mnist):
    X, y = mnist.test.first(10_000)
    assert X.dtype == np.float32
    assert len(X) == len(y) == 10_000


def test_floats_stay_as_they_are_but_for_their_dtype():
    X = np.array([0.25, 3.0])
    assert to_floats(X, np.float64) is X
    np.testing.assert_array_equal(to_floats(X, np.float32), np.array([0.25, 3.0], np.float32))


@pytest.mark.parametrize("name", SHA256)
def test_each_file_is_compared_with_its_own_hash(monkeypatch, name):
    monkeypatch.setitem(SHA256, name, "0" * 64)
    with pytest.raises(ValueError, match=rf"^{name}\.gz: not the MNIST file it should be"):
        load_mnist()


@pytest.fixture
def own_file(monkeypatch, tmp_path):
    """Return the path of a file in a copy of the data that load_mnist reads, to be spoiled."""
    shutil.copytree(files("mnist_edu") / "mnist", tmp_path / "mnist")
    monkeypatch.setattr("mnist_edu.data.__file__", str(tmp_path / "data.py"))
    return tmp_path / "mnist" / "t10k-images-idx3-ubyte.gz"


def assert_says_what_to_do(error, path):
    (note,) = error.value.__notes__
    assert str(path) in note
    assert "reinstall" in note


def test_one_changed_pixel_is_noticed(own_file):
    data = bytearray(gzip.decompress(own_file.read_bytes()))
    data[-1] ^= 1
    own_file.write_bytes(gzip.compress(data, compresslevel=1))
    with pytest.raises(ValueError, match=own_file.name) as error:
        load_mnist()
    assert_says_what_to_do(error, own_file)


def test_a_missing_file_of_the_package_is_not_found_and_says_what_to_do(own_file):
    own_file.unlink()
    with pytest.raises(FileNotFoundError, match=own_file.name) as error:
        load_mnist()
    assert_says_what_to_do(error, own_file)


def test_a_file_of_the_package_that_may_not_be_read_says_what_to_do(own_file, monkeypatch):
    def refuse(path):  # for root may read all files
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(PermissionError, match="Permission denied") as error:
        load_mnist()
    assert_says_what_to_do(error, own_file.with_name("train-images-idx3-ubyte.gz"))


def test_an_uncompressed_file_of_the_package_is_said_to_be_that(own_file):
    own_file.write_bytes(gzip.decompress(own_file.read_bytes()))
    with pytest.raises(ValueError, match=f"{own_file.name}: not compressed with gzip") as error:
        load_mnist()
    assert_says_what_to_do(error, own_file)


def idx(code, letter, shape, values):
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
    return header + struct.pack(f">{len(values)}{letter}", *values)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("shape", [(6,), (2, 3), (3, 1, 2), (0, 4)])
@pytest.mark.parametrize(
    ("code", "letter", "dtype", "values"),
    [
        (0x08, "B", np.uint8, [0, 1, 2, 127, 128, 255]),
        (0x09, "b", np.int8, [0, 1, 2, 127, -1, -128]),
        (0x0B, "h", np.int16, [0, 1, 256, -2, 32767, -32768]),
        (0x0C, "i", np.int32, [0, 1, 65536, -2, 2**31 - 1, -(2**31)]),
        (0x0D, "f", np.float32, [0.0, 1.0, -2.5, 3e38, 1e-38, float("inf")]),
        (0x0E, "d", np.float64, [0.0, 1.0, -2.5, 1e300, 1e-300, float("-inf")]),
    ],
    ids=["uint8", "int8", "int16", "int32", "float32", "float64"],
)
def test_read_idx_reads_every_type_and_shape(tmp_path, code, letter, dtype, values, shape, suffix):
    values = values[: np.prod(shape)]
    data = idx(code, letter, shape, values)
    path = tmp_path / f"numbers{suffix}"
    path.write_bytes(gzip.compress(data) if suffix else data)
    array = read_idx(str(path))
    np.testing.assert_array_equal(array, np.array(values, dtype).reshape(shape))
    assert array.dtype.newbyteorder("=") == dtype
    assert not array.flags.writeable


GOOD = idx(0x08, "B", (2, 3), range(6))
ZIPPED = gzip.compress(GOOD, mtime=0)


def flipped(data, place):
    data = bytearray(data)
    data[place] ^= 0xFF
    return bytes(data)


BAD_FILES = {
    "not gzip": ("x.gz", GOOD, "not compressed with gzip, though its name ends in .gz"),
    "gzip cut in its header": ("x.gz", ZIPPED[:5], "not a whole and sound gzip file"),
    "gzip cut in its data": ("x.gz", ZIPPED[:15], "not a whole and sound gzip file"),
    "gzip cut in its checksum": ("x.gz", ZIPPED[:-6], "not a whole and sound gzip file"),
    "gzip with damaged data": ("x.gz", flipped(ZIPPED, 10), "not a whole and sound gzip file"),
    "gzip with a wrong CRC": ("x.gz", flipped(ZIPPED, -8), "not a whole and sound gzip file (CRC"),
    "gzip with a wrong length": (
        "x.gz",
        flipped(ZIPPED, -1),
        "not a whole and sound gzip file (Incorrect",
    ),
    "gzip with bytes after it": ("x.gz", ZIPPED + b"more", "not a whole and sound gzip file"),
    "empty gzip file": ("x.gz", b"", "not compressed with gzip"),
    "empty file": ("x", b"", "not an IDX file; it starts with bytes []"),
    "three bytes": ("x", GOOD[:3], "not an IDX file; it starts with bytes [0, 0, 8]"),
    "a picture": ("x", b"\x89PNG\r\n", "not an IDX file; it starts with bytes [137, 80, 78, 71]"),
    "wrong second byte": ("x", flipped(GOOD, 1), "not an IDX file; it starts with bytes [0, 255"),
    "unknown type": (
        "x",
        b"\0\0\x0a\x01\0\0\0\0",
        "not an IDX file; it starts with bytes [0, 0, 10",
    ),
    "header cut short": ("x", GOOD[:9], "its header is cut short: 9 bytes of 12"),
    "data cut short": ("x", GOOD[:-1], "its header says (2, 3), 6 bytes; 5"),
    "no data": ("x", GOOD[:12], "its header says (2, 3), 6 bytes; 0"),
    "bytes after the data": ("x", GOOD + b"\0", "its header says (2, 3), 6 bytes; 7"),
    "two files in one gzip": ("x.gz", 2 * ZIPPED, "its header says (2, 3), 6 bytes; 24"),
    "more dimensions than NumPy has": ("x", idx(0x08, "B", 65 * (1,), [0]), "65"),
}


@pytest.mark.parametrize(("name", "data", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_file_is_refused_by_name(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"^{name}: .*{re.escape(message)}"):
        read_idx(path)


@pytest.mark.parametrize(("name", "data"), [("x", GOOD), ("x.gz", ZIPPED)], ids=["plain", "gzip"])
def test_file_cut_anywhere_is_refused_by_name(tmp_path, name, data):
    path = tmp_path / name
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(ValueError, match=f"^{name}: "):
            read_idx(path)


def test_missing_file_stays_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_idx(tmp_path / "nowhere.gz")


def test_one_hot_has_its_1_where_the_label_says():
    y = np.random.default_rng(0).integers(0, 7, 50)
    Y = one_hot(y, num_classes=7)
    assert Y.dtype == np.float64
    np.testing.assert_array_equal(Y, y[:, np.newaxis] == np.arange(7))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_one_hot_of_all_digits_is_the_unit_matrix(dtype):
    np.testing.assert_array_equal(one_hot(np.arange(10, dtype=dtype)), np.eye(10))


def deal(n, batch_size, seed, dtype=np.float64):
    X = np.arange(n, dtype=dtype)[:, np.newaxis]
    return list(minibatches(X, np.arange(n), batch_size, np.random.default_rng(seed)))


def order(*args, **kwargs):
    return np.concatenate([y for X, y in deal(*args, **kwargs)]).tolist()


def test_minibatches_deal_each_row_once_with_its_label():
    for X, y in deal(23, 5, seed=0):
        np.testing.assert_array_equal(X, y[:, np.newaxis])
    assert sorted(order(23, 5, seed=0)) == list(range(23))


def test_last_minibatch_is_short():
    assert [len(y) for X, y in deal(23, 5, seed=0)] == [5, 5, 5, 5, 3]
    assert [len(y) for X, y in deal(21, 5, seed=0)] == [5, 5, 5, 5, 1]
    assert [len(y) for X, y in deal(20, 5, seed=0)] == [5, 5, 5, 5]
    assert [len(y) for X, y in deal(3, 5, seed=0)] == [3]


def test_minibatches_keep_the_dtype_of_pixels():
    assert all(X.dtype == np.uint8 for X, y in deal(7, 3, seed=0, dtype=np.uint8))


def test_order_depends_on_rng_only():
    assert order(50, 5, seed=1) == order(50, 5, seed=1)
    assert order(50, 5, seed=1) == order(50, 7, seed=1, dtype=np.uint8)
    assert order(50, 5, seed=1) != order(50, 5, seed=2)


def test_next_epoch_has_another_order():
    rng = np.random.default_rng(0)
    X, y = np.zeros((50, 1)), np.arange(50)
    first, second = ([*labels] for _ in range(2) for _, labels in minibatches(X, y, 50, rng))
    assert first != second


def test_every_row_comes_first_about_equally_often():
    firsts = np.bincount([order(4, 4, seed)[0] for seed in range(400)], minlength=4)
    assert np.abs(firsts - 100).max() < 5 * np.sqrt(400 * 0.25 * 0.75)
