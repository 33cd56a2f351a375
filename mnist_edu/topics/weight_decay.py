"""Weight decay: every step also shrinks the weights a little."""

from collections.abc import Callable

from mnist_edu._checks import look_up
from mnist_edu.training import OPTIMIZERS


def with_decay(optimizer: str, decay: float) -> Callable[..., None]:
    """Return an optimizer that multiplies every W by 1 - lr * decay before its own step.

    Biases are left alone. With plain `sgd` this is gradient descent on the loss plus half of decay
    times the sum of all squared weights. With momentum the velocity does not hold the decay, so it
    weighs less: a run comes to rest where the gradient of the loss is -(1 - beta) * decay * W, as
    if that sum had (1 - beta) * decay in place of decay.

    Parameters
    ----------
    optimizer : str
        A name in `OPTIMIZERS`.
    decay : float
        Its strength, 0 or more.

    Returns
    -------
    function of (params, grads, lr, state), as `train` takes it for optimizer

    Raises
    ------
    ValueError
        If the name is unknown, or decay is negative.

    Notes
    -----
    Source: Loshchilov and Hutter, arXiv 1711.05101, where it is called decoupled.

    Examples
    --------
    >>> import numpy as np
    >>> from mnist_edu.network import Layer
    >>> params = [Layer(np.array([[1.0]]), np.array([1.0]))]
    >>> grads = [Layer(np.array([[2.0]]), np.array([0.0]))]
    >>> with_decay("sgd", 0.5)(params, grads, 0.1, {})  # 1 * 0.95 - 0.1 * 2
    >>> params
    [Layer(W=array([[0.75]]), b=array([1.]))]
    """
    step = look_up(OPTIMIZERS, optimizer, "optimizer")
    if not decay >= 0:
        raise ValueError(f"decay is {decay}; expected 0 or more")

    def shrink_and_step(params, grads, lr, state):
        for W, _ in params:
            W *= 1 - lr * decay
        step(params, grads, lr, state)

    return shrink_and_step
