"""The MNIST digits: read from the files in the package, split, and dealt in minibatches.

Pixels stay the bytes they are (uint8, 0 to 255, 47 MB) and are read-only. They become floats in
[0, 1] a few at a time: by `Split.first`, or inside `train`, minibatch by minibatch.
"""

import gzip
import hashlib
import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from mnist_edu._checks import REINSTALL, check_count, check_images, check_labels, check_rng

IDX_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


class Split(NamedTuple):
    """Images and their labels.

    Attributes
    ----------
    images : uint8 array of shape (N, 784)
        Pixels, 0 (paper) to 255 (ink), row by row from the top left; read-only.
    labels : uint8 array of shape (N,)
        The digit each image shows, 0 to 9; read-only.
    """

    images: np.ndarray
    labels: np.ndarray

    def first(self, n: int, dtype: DTypeLike = np.float32) -> tuple[np.ndarray, np.ndarray]:
        """Return the first n images as floats in [0, 1], and their labels as int64.

        Examples
        --------
        >>> X, y = load_mnist().train.first(3)
        >>> X.shape, X.dtype, float(X.max()), y
        ((3, 784), dtype('float32'), 1.0, array([5, 0, 4]))
        """
        check_count("n", n)
        if n > len(self.labels):
            raise ValueError(f"n is {n}, but there are only {len(self.labels)} images")
        return to_floats(self.images[:n], dtype), self.labels[:n].astype(np.int64)


class Mnist(NamedTuple):
    """The 70 000 digits: 60 000 to learn from, 10 000 to be tested on, once."""

    train_full: Split
    test: Split

    @property
    def train(self) -> Split:
        """The first 50 000 of `train_full` (a view): what the weights are fitted to."""
        return Split(*(array[:50_000] for array in self.train_full))

    @property
    def validation(self) -> Split:
        """The last 10 000 of `train_full` (a view): what choices are made on."""
        return Split(*(array[50_000:] for array in self.train_full))


def load_mnist() -> Mnist:
    """Load the MNIST digits from the package's own files; no network is used.

    Returns
    -------
    Mnist
        With `.train` (50 000), `.validation` (10 000), `.test` (10 000) and `.train_full` (60 000,
        of which the first two are views), each with `.images` (N, 784) and `.labels` (N,), uint8
        and read-only.

    Raises
    ------
    ValueError
        If a file does not hold, to the byte, what its SHA-256 says.
    OSError
        If a file is missing (FileNotFoundError) or may not be read (PermissionError). A note says
        what to do.

    Notes
    -----
    Source: Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits.

    Examples
    --------
    >>> mnist = load_mnist()
    >>> mnist.train.images.shape, mnist.validation.images.shape, mnist.test.images.shape
    ((50000, 784), (10000, 784), (10000, 784))
    """

    def split(prefix: str) -> Split:
        images = _read_own(f"{prefix}-images-idx3-ubyte")
        return Split(images.reshape(len(images), -1), _read_own(f"{prefix}-labels-idx1-ubyte"))

    return Mnist(split("train"), split("t10k"))


def read_idx(path: str | Path) -> np.ndarray:
    """Read one IDX file, the format MNIST is published in.

    Parameters
    ----------
    path : str or Path
        The file; a name that ends in ".gz" says that it is compressed with gzip.

    Returns
    -------
    array, read-only, of the shape and type that the file's header states.

    Raises
    ------
    ValueError
        If the file is not what its name and header say; the message names the file.
    FileNotFoundError
        If there is no such file.

    Notes
    -----
    The header is two zero bytes, one byte for the type, one for the number of dimensions, then each
    dimension as a big-endian 32-bit integer. Source: the description of the format on the MNIST
    database's page, Y. LeCun, C. Cortes and C. J. C. Burges.

    Examples
    --------
    >>> from importlib.resources import files
    >>> read_idx(files("mnist_edu") / "mnist" / "t10k-labels-idx1-ubyte.gz")[:4]
    array([7, 2, 1, 0], dtype=uint8)
    """
    return _parse_idx(_unpack(Path(path)), Path(path).name)


def to_floats(X: np.ndarray, dtype: DTypeLike) -> np.ndarray:
    """Return uint8 pixels as floats in [0, 1]; floats in the dtype asked for, as they are.

    Examples
    --------
    >>> to_floats(np.array([0, 51, 255], dtype=np.uint8), np.float64)
    array([0. , 0.2, 1. ])
    """
    if X.dtype == np.uint8:
        return np.divide(X, 255, dtype=dtype)
    return X.astype(dtype, copy=False)


def one_hot(y: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Write each label as a row of zeros with a single 1 at the label's place.

    Parameters
    ----------
    y : integer array of shape (N,)
        Labels, 0 to num_classes - 1.

    Returns
    -------
    float64 array of shape (N, num_classes)

    Raises
    ------
    TypeError, ValueError
        If y holds anything else; -1, which NumPy would take for the last class, is refused.

    Examples
    --------
    >>> one_hot(np.array([2, 0]), num_classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    check_count("num_classes", num_classes)
    check_labels(y, num_classes)
    return np.eye(num_classes)[y]


def minibatches(
    X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Deal the rows of X and y once, in random order, batch_size at a time: one epoch.

    Parameters
    ----------
    X : array of shape (N, D)
        uint8 pixels or floats; the minibatches have the same dtype.
    y : integer array of shape (N,)
    batch_size : int
        The last minibatch holds what is left, so it may be smaller.
    rng : numpy.random.Generator
        One permutation is drawn from it.

    Yields
    ------
    (X, y) of shapes (batch_size, D) and (batch_size,)

    Raises
    ------
    TypeError, ValueError
        At the call, if an argument cannot be right.

    Examples
    --------
    >>> X, y = np.zeros((10, 784)), np.arange(10)
    >>> [len(labels) for images, labels in minibatches(X, y, 4, np.random.default_rng(0))]
    [4, 4, 2]
    """
    check_images(X)
    y = np.asarray(y)
    if len(y) != len(X):
        raise ValueError(f"{len(X)} images but {len(y)} labels; expected one label for each image")
    check_count("batch_size", batch_size)
    check_rng(rng)

    order = rng.permutation(len(X))
    batches = (order[start : start + batch_size] for start in range(0, len(X), batch_size))
    return ((X[rows], y[rows]) for rows in batches)


def _read_own(name: str) -> np.ndarray:
    """Read one of the package's four files and compare it with its SHA-256."""
    path = Path(__file__).parent / "mnist" / f"{name}.gz"
    try:
        data = _unpack(path)
        if hashlib.sha256(data).hexdigest() != SHA256[name]:
            raise ValueError(f"{name}.gz: not the MNIST file it should be (its SHA-256 differs)")
        return _parse_idx(data, name)
    except (OSError, ValueError) as error:
        error.add_note(f"{path} {REINSTALL}")
        raise


def _unpack(path: Path) -> bytes:
    data = path.read_bytes()
    if not path.name.endswith(".gz"):
        return data
    if not data.startswith(b"\x1f\x8b"):
        raise ValueError(f"{path.name}: not compressed with gzip, though its name ends in .gz")
    try:
        return gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path.name}: not a whole and sound gzip file ({error})") from None


def _parse_idx(data: bytes, name: str) -> np.ndarray:
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in IDX_DTYPES or data[3] > 32:
        raise ValueError(f"{name}: not an IDX file; it starts with bytes {list(data[:4])}")
    dtype, ndim = np.dtype(IDX_DTYPES[data[2]]), data[3]
    offset = 4 + 4 * ndim
    if len(data) < offset:
        raise ValueError(f"{name}: its header is cut short: {len(data)} bytes of {offset}")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", ndim, offset=4))
    expected = math.prod(shape) * dtype.itemsize
    if len(data) - offset != expected:
        found = len(data) - offset
        raise ValueError(f"{name}: its header says {shape}, {expected} bytes; {found} follow it")
    return np.frombuffer(data, dtype, offset=offset).reshape(shape)
