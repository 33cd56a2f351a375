"""How the weights of a layer are drawn before training: each scheme is a choice of their variance.

Each takes a Generator, fan-in n_in and fan-out n_out, and returns W of shape (n_in, n_out). Numbers
are drawn in float64 and then rounded to dtype, so that one seed gives one network in any dtype.
"""

import numpy as np
from numpy.random import Generator


def zeros(rng: Generator, n_in: int, n_out: int, dtype: type = np.float64) -> np.ndarray:
    """All weights 0: with hidden layers of ReLU no weight ever moves from there.

    (A single layer learns from there very well.)

    Examples
    --------
    >>> zeros(np.random.default_rng(0), 2, 3)
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    return np.zeros((n_in, n_out), dtype)


def normal(rng: Generator, n_in: int, n_out: int, dtype: type = np.float64) -> np.ndarray:
    """W ~ N(0, 0.01²) whatever the layer's size, as in AlexNet.

    Source: Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional
    neural networks, 2012.

    Examples
    --------
    >>> round(float(normal(np.random.default_rng(0), 1000, 1000).std()), 4)
    0.01
    """
    return _gaussian(rng, n_in, n_out, 0.01**2, dtype)


def lecun(rng: Generator, n_in: int, n_out: int, dtype: type = np.float64) -> np.ndarray:
    """W ~ N(0, 1/n_in): keeps the variance of z where the activation is close to the identity.

    Source: LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998.

    Examples
    --------
    >>> W = lecun(np.random.default_rng(0), 1000, 1000)
    >>> round(float(W.var() * 1000), 2)
    1.0
    """
    return _gaussian(rng, n_in, n_out, 1 / n_in, dtype)


def xavier(rng: Generator, n_in: int, n_out: int, dtype: type = np.float64) -> np.ndarray:
    """W ~ N(0, 2/(n_in + n_out)): between what the forward and the backward pass ask for.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks, 2010 (their W is uniform; the variance is the same).

    Examples
    --------
    >>> W = xavier(np.random.default_rng(0), 1000, 3000)
    >>> round(float(W.var() * 2000), 2)
    1.0
    """
    return _gaussian(rng, n_in, n_out, 2 / (n_in + n_out), dtype)


def he(rng: Generator, n_in: int, n_out: int, dtype: type = np.float64) -> np.ndarray:
    """W ~ N(0, 2/n_in): keeps the variance of z through layers of ReLU, which halve E[z²].

    Source: He, Zhang, Ren and Sun, Delving deep into rectifiers, arXiv 1502.01852.

    Examples
    --------
    >>> W = he(np.random.default_rng(0), 1000, 1000)
    >>> round(float(W.var() * 1000 / 2), 2)
    1.0
    """
    return _gaussian(rng, n_in, n_out, 2 / n_in, dtype)


def orthogonal(rng: Generator, n_in: int, n_out: int, dtype: type = np.float64) -> np.ndarray:
    """Columns (or rows, if there are fewer) of unit length at right angles, uniform among those.

    Source: Saxe, McClelland and Ganguli, arXiv 1312.6120.

    Examples
    --------
    >>> W = orthogonal(np.random.default_rng(0), 5, 3)
    >>> bool(np.allclose(W.T @ W, np.eye(3)))
    True
    """
    tall = rng.standard_normal((max(n_in, n_out), min(n_in, n_out)))
    Q, R = np.linalg.qr(tall)
    Q *= np.sign(np.diag(R))  # without this, Q would not be uniformly distributed
    return (Q if n_in >= n_out else Q.T).astype(dtype)


def _gaussian(rng: Generator, n_in: int, n_out: int, variance: float, dtype: type) -> np.ndarray:
    return (np.sqrt(variance) * rng.standard_normal((n_in, n_out))).astype(dtype)


INITIALIZERS = {draw.__name__: draw for draw in (zeros, normal, lecun, xavier, he, orthogonal)}
