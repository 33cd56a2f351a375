"""What a network looks at: the gradient of the pixels, and what covering them costs."""

import numpy as np

from mnist_edu._checks import check_count, check_labels
from mnist_edu.network import Cache, Layer, deltas, forward


def input_gradient(params: list[Layer], cache: Cache, dz: np.ndarray) -> np.ndarray:
    """Send a gradient with respect to the logits back to the pixels.

    Parameters
    ----------
    params : list of Layer
    cache : Cache
        What `forward` returned for X.
    dz : array of shape (N, K)
        Gradient of a loss, any loss, with respect to the logits.

    Returns
    -------
    array of the shape of X

    Raises
    ------
    ValueError
        If dz has not the shape of the logits.

    Examples
    --------
    >>> params = [Layer(np.array([[1.0], [2.0]]), np.array([0.0]))]
    >>> logits, cache = forward(params, np.array([[3.0, 4.0]]))
    >>> input_gradient(params, cache, np.array([[1.0]]))  # of the logit itself
    array([[1., 2.]])
    """
    if dz.shape != cache.z[-1].shape:
        raise ValueError(f"dz has shape {dz.shape}; expected {cache.z[-1].shape}, as the logits")
    *_, (_, first_dz) = deltas(params, cache, dz)
    return first_dz @ params[0].W.T


def occlusion(
    params: list[Layer], x: np.ndarray, label: int, side: int = 5, activation: str = "relu"
) -> np.ndarray:
    """Cover each place of an image with paper in turn, and see what that costs its label's margin.

    The margin of a label is its logit less the largest other logit: above 0, the label is what the
    network reads. (A probability near 1 hardly moves until that margin is nearly gone.)

    Parameters
    ----------
    params : list of Layer
    x : float array of shape (784,)
    label : int
    side : int
        Of the square that covers, in pixels; odd, so that it has a middle.
    activation : str
        The one the network was trained with.

    Returns
    -------
    float array of shape (28, 28)
        By how much the margin falls when the square's middle is at that pixel.

    Raises
    ------
    TypeError, ValueError
        If x is not one image of 784 floats, label no class, or side even.

    Notes
    -----
    Source: Zeiler and Fergus, arXiv 1311.2901, who covered with grey.

    Examples
    --------
    >>> params = [Layer(np.full((784, 2), [1.0, 0.0]), np.zeros(2))]
    >>> fall = occlusion(params, np.full(784, 0.001), 0, side=3)
    >>> fall[0, 0] < fall[5, 5]  # at the corner, five of its nine pixels lie outside
    np.True_
    """
    check_count("side", side)
    if side % 2 == 0:
        raise ValueError(f"side is {side}; expected an odd number")
    if x.shape != (784,):
        raise ValueError(f"x has shape {x.shape}; expected (784,)")
    check_labels(np.array([label]), len(params[-1].b))
    place = np.arange(28)
    near = abs(place[:, np.newaxis] - place) <= side // 2
    covered = near[:, np.newaxis, :, np.newaxis] & near[np.newaxis, :, np.newaxis, :]
    images = np.where(covered.reshape(784, 784), 0, x)
    margins = margin(forward(params, np.vstack([x, images]), activation)[0], label)
    return (margins[0] - margins[1:]).reshape(28, 28)


def margin(logits: np.ndarray, label: int) -> np.ndarray:
    """Return, for each row, the logit of the label less the largest other logit.

    Parameters
    ----------
    logits : array of shape (N, K)
    label : int

    Returns
    -------
    array of shape (N,)

    Examples
    --------
    >>> margin(np.array([[3.0, 1.0, 2.0], [3.0, 1.0, 7.0]]), 0)
    array([ 1., -4.])
    """
    return logits[:, label] - np.delete(logits, label, axis=1).max(axis=1)
