"""Activation functions, applied to each pre-activation z by itself; softmax, to a row of them."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SQRT_2_OVER_PI = math.sqrt(2 / math.pi)


def relu(z: np.ndarray) -> np.ndarray:
    """Rectified linear unit, max(z, 0), elementwise.

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.maximum(z, 0)


def relu_grad(z: np.ndarray) -> np.ndarray:
    """Derivative of ReLU at the pre-activation z: 1 where z > 0, else 0.

    At z = 0 there is none; 0 is the convention used here, as in PyTorch and TensorFlow.

    Examples
    --------
    >>> relu_grad(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    return (z > 0).astype(z.dtype)


def leaky_relu(z: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Return z where z > 0, else alpha * z (Maas, Hannun and Ng, 2013).

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 3.0]))
    array([-0.02,  3.  ])
    """
    return np.where(z > 0, z, alpha * z)


def leaky_relu_grad(z: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Derivative of leaky ReLU at the pre-activation z: 1 where z > 0, else alpha.

    Examples
    --------
    >>> leaky_relu_grad(np.array([-2.0, 3.0]))
    array([0.01, 1.  ])
    """
    return np.where(z > 0, 1, alpha).astype(z.dtype)


def tanh(z: np.ndarray) -> np.ndarray:
    """Hyperbolic tangent, elementwise: between -1 and 1.

    Examples
    --------
    >>> tanh(np.array([0.0, 100.0]))
    array([0., 1.])
    """
    return np.tanh(z)


def tanh_grad(z: np.ndarray) -> np.ndarray:
    """Derivative of tanh at the pre-activation z: 1 - tanh(z)^2.

    Examples
    --------
    >>> tanh_grad(np.array([0.0, 100.0]))
    array([1., 0.])
    """
    return 1 - np.tanh(z) ** 2


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Logistic function, 1 / (1 + exp(-z)), elementwise, without overflow for any finite z.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_grad(z: np.ndarray) -> np.ndarray:
    """Derivative of the logistic function at the pre-activation z: sigmoid(z) * sigmoid(-z).

    Examples
    --------
    >>> sigmoid_grad(np.array([0.0, 1000.0]))
    array([0.25, 0.  ])
    """
    return sigmoid(z) * sigmoid(-z)


def gelu(z: np.ndarray) -> np.ndarray:
    """Gaussian error linear unit in its tanh form: z (1 + tanh(u)) / 2, see `gelu_grad` for u.

    Source: Hendrycks and Gimpel, arXiv 1606.08415.

    Examples
    --------
    >>> gelu(np.array([-10.0, 0.0, 10.0])) + 0.0
    array([ 0.,  0., 10.])
    """
    return 0.5 * z * (1 + np.tanh(_gelu_u(z)))


def gelu_grad(z: np.ndarray) -> np.ndarray:
    """Derivative of GELU in its tanh form, with u(z) = sqrt(2/π) (z + 0.044715 z^3).

    (1 + tanh(u)) / 2 + z (1 - tanh(u)^2) u' / 2

    Examples
    --------
    >>> gelu_grad(np.array([-10.0, 0.0, 10.0])) + 0.0
    array([0. , 0.5, 1. ])
    """
    t = np.tanh(_gelu_u(z))
    du = SQRT_2_OVER_PI * (1 + 3 * 0.044715 * z**2)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t**2) * du


def _gelu_u(z: np.ndarray) -> np.ndarray:
    return SQRT_2_OVER_PI * (z + 0.044715 * z**3)


def identity(z: np.ndarray) -> np.ndarray:
    """Return z itself: a layer without an activation function.

    Examples
    --------
    >>> identity(np.array([-2.0, 3.0]))
    array([-2.,  3.])
    """
    return z


def identity_grad(z: np.ndarray) -> np.ndarray:
    """Derivative of the identity: 1 everywhere.

    Examples
    --------
    >>> identity_grad(np.array([-2.0, 3.0]))
    array([1., 1.])
    """
    return np.ones_like(z)


class Activation(NamedTuple):
    """An activation function f and its derivative, both of the pre-activation z, elementwise."""

    name: str
    f: Callable[[np.ndarray], np.ndarray]
    grad: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "relu": Activation("relu", relu, relu_grad),
    "leaky_relu": Activation("leaky_relu", leaky_relu, leaky_relu_grad),
    "tanh": Activation("tanh", tanh, tanh_grad),
    "sigmoid": Activation("sigmoid", sigmoid, sigmoid_grad),
    "gelu": Activation("gelu", gelu, gelu_grad),
    "identity": Activation("identity", identity, identity_grad),
}


def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    """Turn logits into probabilities: exp(z_i) / Σ_k exp(z_k).

    Parameters
    ----------
    z : array of shape (..., K)
        Logits. Any finite values: the maximum is subtracted first, which changes nothing but keeps
        exp from overflowing. -inf gives probability 0, as long as one logit is finite.
    axis : int
        The axis along which the results sum to 1.

    Returns
    -------
    array of the shape of z, between 0 and 1

    Examples
    --------
    >>> softmax(np.array([1000.0, 1001.0, 1002.0])).round(3)
    array([0.09 , 0.245, 0.665])
    """
    exp = np.exp(_below_the_largest(z, axis))
    return exp / exp.sum(axis=axis, keepdims=True)


def log_softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    """Logarithm of softmax, z_i - log Σ_k exp(z_k), exact where softmax itself underflows to 0.

    Parameters
    ----------
    z : array of shape (..., K)
        Logits, as for `softmax`.
    axis : int
        The axis along which the exponentials of the results sum to 1.

    Returns
    -------
    array of the shape of z, at most 0 (nats)

    Examples
    --------
    >>> log_softmax(np.array([0.0, 800.0]))
    array([-800.,    0.])
    """
    shifted = _below_the_largest(z, axis)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _below_the_largest(z: np.ndarray, axis: int) -> np.ndarray:
    """Return z minus its maximum; a difference too large for its dtype becomes -inf."""
    with np.errstate(over="ignore"):
        return z - np.max(z, axis=axis, keepdims=True)
