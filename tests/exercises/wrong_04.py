"""Wrong answers to the exercises of notebook 04."""

import numpy as np

from mnist_edu.activations import leaky_relu, relu, softmax
from mnist_edu.data import one_hot
from mnist_edu.losses import cross_entropy_grad
from mnist_edu.network import Layer, backward, forward
from tests.exercises.wrong import wrong


def two_layers(params, X, y, slope, f=np.tanh, back=np.transpose, errors=cross_entropy_grad):
    """Return the gradients of two layers, with a slope of (z, a) on the way back."""
    (W1, b1), (W2, b2) = params
    z1 = X @ W1 + b1
    a1 = f(z1)
    dz2 = errors(a1 @ W2 + b2, y)
    dz1 = dz2 @ back(W2) * slope(z1, a1)
    return [Layer(X.T @ dz1, dz1.sum(axis=0)), Layer(a1.T @ dz2, dz2.sum(axis=0))]


def tanh_slope(z, a):
    return 1 - a**2


@wrong("4.5", "with ReLU in between")
def relu_all_the_way(params, X, y):
    return backward(params, forward(params, X)[1], y)


@wrong("4.5", "the slope of tanh is missing")
def no_slope(params, X, y):
    return two_layers(params, X, y, lambda z, a: 1)


@wrong("4.5", "the gate of ReLU")
def gate_for_slope(params, X, y):
    return two_layers(params, X, y, lambda z, a: z > 0)


@wrong("4.5", "tanh is taken twice")
def tanh_of_a(params, X, y):
    return two_layers(params, X, y, lambda z, a: 1 - np.tanh(a) ** 2)


@wrong("4.5", "as if z were tanh(z)")
def z_for_a(params, X, y):
    return two_layers(params, X, y, lambda z, a: 1 - z**2)


@wrong("4.5", "power of a")
def no_square(params, X, y):
    return two_layers(params, X, y, lambda z, a: 1 - a)


@wrong("4.5", "not by its slope")
def a_for_its_slope(params, X, y):
    return two_layers(params, X, y, lambda z, a: a)


@wrong("4.5", "which index of W2")
def w2_not_transposed(params, X, y):
    return two_layers(params, X, y, tanh_slope, back=np.asarray)


@wrong("4.5", "order of the way back")
def last_layer_first(params, X, y):
    return two_layers(params, X, y, tanh_slope)[::-1]


@wrong("4.5", "The whole gradient is N times too large")
def sum_for_mean(params, X, y):
    return [Layer(len(X) * W, len(X) * b) for W, b in two_layers(params, X, y, tanh_slope)]


@wrong("4.5", "dW2 is N times too small")
def divided_again(params, X, y):
    return [
        Layer(W / len(X), b / len(X)) if k else Layer(W, b)
        for k, (W, b) in enumerate(two_layers(params, X, y, tanh_slope))
    ]


@wrong("4.5", "dW2 is transposed")
def dw2_transposed(params, X, y):
    first, (W, b) = two_layers(params, X, y, tanh_slope)
    return [first, Layer(W.T, b)]


@wrong("4.5", "db2 is a single number")
def sums_of_everything(params, X, y):
    first, (W, b) = two_layers(params, X, y, tanh_slope)
    return [first, Layer(W, b.sum())]


@wrong("4.5", "expected a Layer, of dW and db")
def weights_alone(params, X, y):
    return [layer.W for layer in two_layers(params, X, y, tanh_slope)]


@wrong("4.5", "It returns 4 items")
def four_arrays(params, X, y):
    (dW1, db1), (dW2, db2) = two_layers(params, X, y, tanh_slope)
    return dW1, db1, dW2, db2


@wrong("4.5", "meet its own error")
def x_not_transposed(params, X, y):
    (W1, b1), (W2, b2) = params
    a1 = np.tanh(X @ W1 + b1)
    dz2 = cross_entropy_grad(a1 @ W2 + b2, y)
    dz1 = dz2 @ W2.T * (1 - a1**2)
    return [Layer(X @ dz1, dz1.sum(axis=0)), Layer(a1.T @ dz2, dz2.sum(axis=0))]


@wrong("4.5", "applied to the logits, too")
def tanh_of_the_logits(params, X, y):
    (W1, b1), (W2, b2) = params
    a1 = np.tanh(X @ W1 + b1)
    dz2 = cross_entropy_grad(np.tanh(a1 @ W2 + b2), y)
    dz1 = dz2 @ W2.T * (1 - a1**2)
    return [Layer(X.T @ dz1, dz1.sum(axis=0)), Layer(a1.T @ dz2, dz2.sum(axis=0))]


@wrong("4.5", "dW1 is the first that is not")
def half_the_slope(params, X, y):
    return two_layers(params, X, y, lambda z, a: (1 - a**2) / 2)


@wrong("4.5", "changes its argument")
def a_step_besides(params, X, y):
    grads = two_layers(params, X, y, tanh_slope)
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        W -= 0.1 * dW
        b -= 0.1 * db
    return grads


def three_layers(params, X, y, alpha, f=None, gate=None, order="321", errors=cross_entropy_grad):
    """Return the gradients of three layers, with slips of the caller's choice."""
    f = f or (lambda z: leaky_relu(z, alpha))
    gate = gate or (lambda z: np.where(z > 0, 1, alpha))
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = X @ W1 + b1
    a1 = f(z1)
    z2 = a1 @ W2 + b2
    a2 = f(z2)
    dz3 = errors(a2 @ W3 + b3, y)
    dz2 = dz3 @ W3.T * gate(z2)
    dz1 = {
        "321": lambda: dz2 @ W2.T * gate(z1),
        "gate of 2": lambda: dz2 @ W2.T * gate(z2),
        "W3 again": lambda: dz2 @ W3.T * gate(z1),
        "dz3 again": lambda: dz3 @ W3.T * gate(z1),
        "no gate": lambda: dz2 @ W2.T,
    }[order]()
    return [
        Layer(a.T @ dz, dz.sum(axis=0)) for a, dz in zip((X, a1, a2), (dz1, dz2, dz3), strict=True)
    ]


@wrong("4.6", "where is alpha")
def plain_relu(params, X, y, alpha=0.01):
    return three_layers(params, X, y, 0)


@wrong("4.6", "the gate is closed for z < 0")
def relu_gate(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: z > 0)


@wrong("4.6", "there are no gates")
def no_gates(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: 1)


@wrong("4.6", "The forward pass has ReLU")
def relu_forward(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, f=relu)


@wrong("4.6", "two cases are exchanged")
def cases_exchanged(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: np.where(z > 0, alpha, 1))


@wrong("4.6", "is the argument used")
def fixed_alpha(params, X, y, alpha=0.01):
    return three_layers(params, X, y, 0.01)


@wrong("4.6", "leaky ReLU's value")
def value_for_slope(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: leaky_relu(z, alpha))


@wrong("4.6", "gate of the second layer")
def second_gate_twice(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, order="gate of 2")


@wrong("4.6", "back through W3")
def w3_twice(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, order="W3 again")


@wrong("4.6", "a layer is left out")
def layer_left_out(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, order="dz3 again")


@wrong("4.6", "on its way to dz1 it passes no gate")
def first_gate_missing(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, order="no gate")


@wrong("4.6", "order of the way back")
def three_reversed(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha)[::-1]


@wrong("4.6", "It returns 2 items")
def two_of_three(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha)[:2]


@wrong("4.6", "db3 is N times too small")
def means_of_the_errors(params, X, y, alpha=0.01):
    return [Layer(W, b / len(X)) for W, b in three_layers(params, X, y, alpha)]


@wrong("4.6", "db2 is the first that is not")
def one_db_is_another(params, X, y, alpha=0.01):
    first, second, third = three_layers(params, X, y, alpha)
    return [first, Layer(second.W, first.b), third]


@wrong("4.6", "ValueError")
def two_are_unpacked(params, X, y, alpha=0.01):
    return two_layers(params, X, y, lambda z, a: np.where(z > 0, 1, alpha))


def errors(params, X, y):
    (W1, b1), (W2, b2) = params
    z1 = X @ W1 + b1
    dz2 = cross_entropy_grad(relu(z1) @ W2 + b2, y)
    return dz2, z1, W1, W2


@wrong("4.7", "That is dz1")
def stops_at_dz1(params, X, y):
    dz2, z1, _, W2 = errors(params, X, y)
    return dz2 @ W2.T * (z1 > 0)


@wrong("4.7", "which index of W1")
def w1_not_transposed(params, X, y):
    dz2, z1, W1, W2 = errors(params, X, y)
    return (dz2 @ W2.T * (z1 > 0)) @ W1


@wrong("4.7", "back through W2")
def w2_not_transposed_for_x(params, X, y):
    dz2, z1, W1, W2 = errors(params, X, y)
    return (dz2 @ W2 * (z1 > 0)) @ W1.T


@wrong("4.7", "gate between the layers is missing")
def no_gate(params, X, y):
    dz2, _, W1, W2 = errors(params, X, y)
    return dz2 @ W2.T @ W1.T


@wrong("4.7", "no ReLU on the pixels")
def gate_on_pixels(params, X, y):
    dz2, z1, W1, W2 = errors(params, X, y)
    return (dz2 @ W2.T * (z1 > 0)) @ W1.T * (X > 0)


@wrong("4.7", "That is dW1")
def of_the_weights(params, X, y):
    dz2, z1, _, W2 = errors(params, X, y)
    return X.T @ (dz2 @ W2.T * (z1 > 0))


def right_for_x(params, X, y):
    dz2, z1, W1, W2 = errors(params, X, y)
    return (dz2 @ W2.T * (z1 > 0)) @ W1.T


@wrong("4.7", "N times too large")
def each_image_by_itself(params, X, y):
    return len(X) * right_for_x(params, X, y)


@wrong("4.7", "*lower*")
def downhill(params, X, y):
    return -right_for_x(params, X, y)


@wrong("4.7", "signs alone")
def signs(params, X, y):
    return np.sign(right_for_x(params, X, y))


@wrong("4.7", "moved pixels")
def moved(params, X, y):
    return X + right_for_x(params, X, y)


@wrong("4.7", "several things")
def with_the_rest(params, X, y):
    return right_for_x(params, X, y), backward(params, forward(params, X)[1], y)


@wrong("4.7", "shape (10,); expected (10, 10)")
def summed_over_images(params, X, y):
    return right_for_x(params, X, y).sum(axis=0)


@wrong("4.8", "past the layer is missing")
def no_skip(a1, W, b, da2):
    return (da2 * (a1 @ W + b > 0)) @ W.T


@wrong("4.8", "none through it")
def skip_only(a1, W, b, da2):
    return da2


@wrong("4.8", "have to pass W")
def no_w(a1, W, b, da2):
    return da2 + da2 * (a1 @ W + b > 0)


@wrong("4.8", "which index of W")
def no_transpose(a1, W, b, da2):
    return da2 + (da2 * (a1 @ W + b > 0)) @ W


@wrong("4.8", "gate is missing")
def no_gate_at_all(a1, W, b, da2):
    return da2 + da2 @ W.T


@wrong("4.8", "which is met first")
def gate_after_w(a1, W, b, da2):
    return da2 + da2 @ W.T * (a1 @ W + b > 0)


@wrong("4.8", "at the very end")
def gate_at_the_end(a1, W, b, da2):
    return (da2 + da2 @ W.T) * (a1 @ W + b > 0)


@wrong("4.8", "goes through no gate")
def gate_on_both(a1, W, b, da2):
    dz = da2 * (a1 @ W + b > 0)
    return dz + dz @ W.T


@wrong("4.8", "exactly 0")
def open_at_zero(a1, W, b, da2):
    return da2 + (da2 * (a1 @ W + b >= 0)) @ W.T


@wrong("4.8", "z has a bias")
def no_bias_in_the_gate(a1, W, b, da2):
    return da2 + (da2 * (a1 @ W > 0)) @ W.T


@wrong("4.8", "asks for a2")
def gate_of_a2(a1, W, b, da2):
    a2 = relu(a1 @ W + b) + a1
    return da2 + (da2 * (a2 > 0)) @ W.T


@wrong("4.8", "Whose ReLU is it")
def gate_of_a1(a1, W, b, da2):
    return da2 + (da2 * (a1 > 0)) @ W.T


@wrong("4.8", "one gate too far back")
def back_to_z1(a1, W, b, da2):
    return (da2 + (da2 * (a1 @ W + b > 0)) @ W.T) * (a1 > 0)


@wrong("4.8", "changes its argument")
def closes_the_gate_in_place(a1, W, b, da2):
    dz = da2
    dz[a1 @ W + b <= 0] = 0
    return da2 + dz @ W.T


def unsafe_errors(logits, y):
    """Return the errors at the logits by a softmax that overflows."""
    E = np.exp(logits)
    return (E / E.sum(axis=1, keepdims=True) - one_hot(y, logits.shape[1])) / len(y)


def errors_of_the_labels_present(logits, y):
    """Return the errors at the logits, of as many classes as occur."""
    return (softmax(logits) - one_hot(y, y.max() + 1)) / len(y)


def tanh_of_exponentials(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@wrong("4.5", "softmax a safe one")
def unsafe_softmax(params, X, y):
    return two_layers(params, X, y, tanh_slope, errors=unsafe_errors)


@wrong("4.5", "made of exponentials")
def unsafe_tanh(params, X, y):
    return two_layers(params, X, y, tanh_slope, f=tanh_of_exponentials)


@wrong("4.5", "(10,10) (10,9)")
def labels_present(params, X, y):
    return two_layers(params, X, y, tanh_slope, errors=errors_of_the_labels_present)


@wrong("4.6", "exactly 0")
def slope_one_at_zero(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: np.where(z >= 0, 1, alpha))


@wrong("4.6", "softmax a safe one")
def unsafe_softmax_of_three(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, errors=unsafe_errors)


@wrong("4.6", "Without alpha")
def another_usual_alpha(params, X, y, alpha=0.1):
    return three_layers(params, X, y, alpha)


@wrong("4.7", "exactly 0")
def open_at_zero_for_x(params, X, y):
    dz2, z1, W1, W2 = errors(params, X, y)
    return (dz2 @ W2.T * (z1 >= 0)) @ W1.T


@wrong("4.7", "softmax a safe one")
def unsafe_softmax_for_x(params, X, y):
    (W1, b1), (W2, b2) = params
    z1 = X @ W1 + b1
    dz2 = unsafe_errors(relu(z1) @ W2 + b2, y)
    return (dz2 @ W2.T * (z1 > 0)) @ W1.T


@wrong("4.7", "(10,10) (10,9)")
def labels_present_for_x(params, X, y):
    (W1, b1), (W2, b2) = params
    z1 = X @ W1 + b1
    dz2 = errors_of_the_labels_present(relu(z1) @ W2 + b2, y)
    return (dz2 @ W2.T * (z1 > 0)) @ W1.T


def squeezed(grads):
    return [Layer(np.squeeze(dW), db) for dW, db in grads]


@wrong("4.5", "expected (1, 1)")
def squeezed_gradients(params, X, y):
    return squeezed(two_layers(params, X, y, tanh_slope))


@wrong("4.5", "larger layers")
def first_64_images(params, X, y):
    grads = two_layers(params, X, y, tanh_slope)
    return grads if len(X) <= 64 else two_layers(params, X[:64], y[:64], tanh_slope)


@wrong("4.6", "expected (1, 1)")
def squeezed_gradients_of_three(params, X, y, alpha=0.01):
    return squeezed(three_layers(params, X, y, alpha))


@wrong("4.6", "whatever alpha is")
def usual_slope_on_the_way_back(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: np.where(z > 0, 1, 0.01))


@wrong("4.6", "returns NaN")
def quotient_for_slope(params, X, y, alpha=0.01):
    return three_layers(params, X, y, alpha, gate=lambda z: leaky_relu(z, alpha) / z)


def pixel_slopes(params, X, y):
    dz2, z1, W1, W2 = errors(params, X, y)
    return (dz2 @ W2.T * (z1 > 0)) @ W1.T


@wrong("4.7", "expected (1, 1)")
def squeezed_for_x(params, X, y):
    return np.squeeze(pixel_slopes(params, X, y))


@wrong("4.7", "0.312 times")
def batch_of_32(params, X, y):
    return pixel_slopes(params, X, y) * len(X) / 32


@wrong("4.8", "expected (1, 1)")
def squeezed_paths(a1, W, b, da2):
    return np.squeeze(da2 + (da2 * (a1 @ W + b > 0)) @ W.T)


@wrong("4.8", "type of an argument")
def type_of_a1(a1, W, b, da2):
    return (da2 + (da2 * (a1 @ W + b > 0)) @ W.T).astype(a1.dtype)
