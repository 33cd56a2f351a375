"""The claims of notebook 3."""

import math
import re
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy.special import rel_entr
from scipy.stats import entropy

from mnist_edu.activations import log_softmax, softmax
from mnist_edu.gradient_check import numerical_gradient, numerical_jacobian
from mnist_edu.losses import cross_entropy, cross_entropy_grad
from mnist_edu.metrics import accuracy
from mnist_edu.network import Layer, forward, init_params, predict
from mnist_edu.training import train
from tests.notebooks.quoting import claim
from tests.notebooks.reading import outputs, paths, printed, read

FREE = [
    "A gives the truth 0.99 six times and 0.49 four times; B gives it 0.51 all ten times",
    "(c) is sure, 99.99 %, and wrong",
    "such as −0.5 and 2.0",  # the labels of the cell below
    "Each step takes 50 images",
    "Try 50 % and 10 %.",
]


@pytest.fixture(scope="module")
def runs(mnist):
    """Return the reports of three epochs of a single layer, for each seed, by step."""
    zeros = [Layer(np.zeros((784, 10), np.float32), np.zeros(10, np.float32))]
    settings = {"lr": 0.2, "batch_size": 50, "epochs": 3, "report_every": 10}
    return [
        {
            one.step: one
            for one in train(zeros, *mnist.train, rng=np.random.default_rng(s), **settings)
        }
        for s in (1, 2)
    ]


@pytest.fixture(scope="module")
def validation(mnist):
    return mnist.validation.first(10_000)


@claim("Leave a path out, and the slope is wrong.")
def test_no_path_can_be_left_out():
    for a, b in np.random.default_rng(4).normal(size=(10, 2)):
        slope = numerical_gradient(
            lambda v: np.sin(v[0] * v[1]) + (v[0] + v[1]) ** 2, np.array([a, b])
        )[0]
        through_one, through_the_other = np.cos(a * b) * b, 2 * (a + b)
        assert slope == pytest.approx(through_one + through_the_other, rel=1e-7)
        assert slope != pytest.approx(through_one, rel=1e-3)
        assert slope != pytest.approx(through_the_other, rel=1e-3)


@claim(
    "ends near $10^{-308}$ (and, with fewer digits, near $10^{-324}$)", "so does that of a worse"
)
def test_products_of_many_probabilities_underflow():
    limits = np.finfo(float)
    assert [round(math.log10(limits.tiny)), 5e-324] == [-308, limits.smallest_subnormal]
    assert 10_000 * math.log10(0.9) < -457 < round(math.log10(limits.smallest_subnormal))
    assert 0.9**10_000 == 0.8**10_000 == 0


@claim("the ordinary mean is 0.65")
def test_the_geometric_mean_lies_below_the_ordinary_one():
    assert np.mean([0.9, 0.4]) == pytest.approx(0.65)
    assert math.sqrt(0.9 * 0.4) == pytest.approx(0.6)


@claim("between the jumps its slope is 0", "The loss has a slope to follow.")
def test_accuracy_has_no_slope_where_the_loss_has_one():
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(50, 4)), draw.integers(0, 3, size=50)
    W = draw.normal(size=(4, 3))
    assert not numerical_gradient(lambda W: accuracy(y, (X @ W).argmax(axis=1)), W).any()
    assert numerical_gradient(lambda W: cross_entropy(X @ W, y), W).all()


@claim("Here, and only here, it matters that $y$ is one-hot (or any row of probabilities)")
def test_it_is_the_sum_of_the_labels_that_matters():
    draw = np.random.default_rng(0)
    z, y = draw.normal(size=5), np.array([0.3, 1.2, -0.5, 2.0, 0.4])
    for labels, is_right in ((y, False), (draw.dirichlet(np.ones(5)), True), (y / y.sum(), True)):
        slopes = numerical_gradient(lambda z, y=labels: -(y * log_softmax(z)).sum(), z)
        assert np.allclose(slopes, softmax(z) - labels, atol=1e-8) == is_right
        assert slopes == pytest.approx(softmax(z) * labels.sum() - labels, abs=1e-8)


@claim("If it gives the true class 0.7, the slope at that logit is −0.3")
def test_the_slope_at_the_logit_of_the_truth():
    z = np.log([0.2, 0.7, 0.1])
    assert numerical_gradient(lambda z: -log_softmax(z)[1], z)[1] == pytest.approx(-0.3)


@claim(
    "The loss, a mean, stays the same. Each row of the gradient is halved",
    "together they do to the weights what one did before",
    "has a gradient that grows with the batch",
)
def test_a_batch_twice_over_has_the_same_loss_and_gradient():
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(6, 4)), draw.integers(0, 3, size=6)
    W = draw.normal(size=(4, 3))
    once, twice = (X, y), (np.tile(X, (2, 1)), np.tile(y, 2))
    losses = [cross_entropy(X @ W, y) for X, y in (once, twice)]
    rows = [cross_entropy_grad(X @ W, y) for X, y in (once, twice)]
    dW, dW_twice = (X.T @ dz for (X, _), dz in zip((once, twice), rows, strict=True))
    assert losses[1] == pytest.approx(losses[0])
    assert rows[1][:6] == pytest.approx(rows[0] / 2)
    assert dW_twice == pytest.approx(dW)
    assert 12 * dW_twice == pytest.approx(2 * (6 * dW))


@claim(
    "The arrow of the true class. Its length is $1 - o_0$",
    "which point the other way, share that same length among them",
)
def test_the_arrow_of_the_truth_is_the_longest():
    for z in np.random.default_rng(0).uniform(-4, 4, size=(200, 3)):
        arrows = -numerical_gradient(lambda z: -log_softmax(z)[0], z)
        assert arrows[0] == abs(arrows).max() == pytest.approx(1 - softmax(z)[0], abs=1e-8)
        assert (arrows[1:] < 0).all()
        assert arrows[0] == pytest.approx(-arrows[1:].sum(), abs=1e-8)


@claim(
    "The Jacobian fades whenever softmax is sure, right or wrong. The arrows fade when it is sure "
    "*and right*. When it is sure and wrong, they have full length"
)
def test_jacobian_and_arrows_fade_at_different_times():
    for sure in range(3):
        z = 12.0 * (np.arange(3) == sure)
        arrows = numerical_gradient(lambda z: -log_softmax(z)[0], z)
        assert abs(numerical_jacobian(softmax, z)).max() < 1e-4
        assert abs(arrows).max() == pytest.approx(float(sure != 0), abs=1e-4)


@claim("which is 800 to all digits")
def test_the_loss_is_800():
    with localcontext(prec=400):
        assert 0 < (1 + Decimal(800).exp()).ln() - 800 < Decimal("1e-300")


@claim("form the probability of the truth first, and that underflows to 0")
def test_the_probability_of_the_truth_underflows():
    assert softmax(np.array([0.0, 800.0]))[0] == 0


def descent(lr, steps=8):
    """Return the path of w down (w - 3)² from 0, its slope measured."""
    path = [np.zeros(1)]
    for _ in range(steps):
        path.append(path[-1] - lr * numerical_gradient(lambda w: ((w - 3) ** 2).sum(), path[-1]))
    return np.ravel(path)


@claim(
    "0.5: then 1 − 2η = 0.",
    "Between 0.5 and 1: the factor is negative, but smaller than 1 in size.",
    "it goes from 0 to 6 and back. (At 0, too: it stays.)",
    "Above 1.",
)
def test_at_which_rates_one_variable_arrives():
    assert descent(0.5)[1] == pytest.approx(3)
    for lr in (0.05, 0.3, 0.45):
        assert (np.diff(abs(descent(lr) - 3)) < 0).all()
        assert (descent(lr) < 3).all()
    for lr in (0.55, 0.7, 0.95):
        assert (np.diff(abs(descent(lr) - 3)) < 0).all()
        assert (np.diff(np.sign(descent(lr) - 3)) != 0).all()
    assert descent(1.0, 4) == pytest.approx([0, 6, 0, 6, 0], abs=1e-6)
    assert not descent(0.0).any()
    for lr in (1.05, 1.1):
        assert (np.diff(abs(descent(lr) - 3)) > 0).all()


@claim("The guess that is the truth, 70 %.", r"$-0.7 \log 0.7 - 0.3 \log 0.3 = 0.611$")
def test_the_cross_entropy_is_least_at_the_truth():
    guesses = np.linspace(0.02, 0.98, 97)
    losses = [entropy([0.7, 0.3]) + entropy([0.7, 0.3], [o, 1 - o]) for o in guesses]
    assert guesses[np.argmin(losses)] == pytest.approx(0.7)
    assert f"{min(losses):.3f}" == "0.611"


@claim("It is largest at 50 %", "it is 0 at 0 % and at 100 %")
def test_the_entropy_is_largest_in_the_middle():
    shares = np.linspace(0, 1, 21)
    entropies = [entropy([share, 1 - share]) for share in shares]
    assert shares[np.argmax(entropies)] == 0.5
    assert shares[np.array(entropies) == 0] == pytest.approx([0, 1])


@claim(
    r"Truth 50 % and guess 10 % give $0.5 \log (0.5/0.1) + 0.5 \log (0.5/0.9) = 0.511$",
    r"$0.1 \log (0.1/0.5) + 0.9 \log (0.9/0.5) = 0.368$",
)
def test_the_divergence_is_not_symmetric():
    pair = [0.5, 0.5], [0.1, 0.9]
    assert [f"{entropy(*both):.3f}" for both in (pair, pair[::-1])] == ["0.511", "0.368"]


@claim("The divergence is never negative.", "For 0 in the end, $o_i = y_i$ must hold")
def test_gibbs_inequality_with_classes_that_never_occur():
    draw = np.random.default_rng(0)
    for _ in range(200):
        y, o = draw.dirichlet(np.ones(5), size=2)
        y[draw.integers(0, 5, size=2)] = 0
        y /= y.sum()
        assert rel_entr(y, o).sum() > 0
        assert rel_entr(y, y).sum() == 0
        near = softmax(np.log(np.maximum(y, 1e-12)))
        assert rel_entr(y, near).sum() == pytest.approx(0, abs=1e-9)


@claim(
    "as large as it gets",
    "so from its worst mistakes the network learns next to nothing",
    "where $o_k$ is small that factor is, and where $o_k$ is nearly 1, the bracket is",
)
def test_the_squared_error_has_no_slope_at_the_worst_mistakes():
    def squared(z):
        return 0.5 * ((softmax(z) - np.array([1, 0, 0])) ** 2).sum()

    largest = []
    for wrong in (2.0, 5.0, 10.0, 15.0):
        z = np.array([0.0, wrong, 0.0])
        o, errors = softmax(z), softmax(z) - np.array([1, 0, 0])
        brackets = errors - (o * errors).sum()
        assert np.minimum(o, abs(brackets)).max() < 3 * math.exp(-wrong)
        largest.append(abs(numerical_gradient(squared, z)).max())
        slopes = numerical_gradient(lambda z: -log_softmax(z)[0], z)
        assert 1 - 2 * math.exp(-wrong) < abs(slopes).max() < 1 + 1e-8
    assert (np.diff(largest) < 0).all()
    assert largest[-1] < 1e-5


@claim("(add 1 to all ten weights of a pixel: no probability changes)", "so no start is a trap")
def test_from_far_starts_a_single_layer_comes_to_the_same_loss():
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(60, 3)), draw.integers(0, 3, size=60)
    ends = []
    for W in 10 * draw.normal(size=(4, 3, 3)):
        for _ in range(1500):
            W -= 0.5 * X.T @ cross_entropy_grad(X @ W, y)
        ends.append(cross_entropy(X @ W, y))
        assert softmax(X @ (W + np.eye(3)[:, [1]])) == pytest.approx(softmax(X @ W))
    assert ends == pytest.approx(ends[:1] * 4, abs=1e-9)


@claim(
    "In others it falls for ever, more and more gently (lower a digit's weight at a pixel where "
    "that digit never has ink, but others have)"
)
def test_some_directions_fall_for_ever(mnist):
    X, y = mnist.train.first(1000, dtype=np.float64)
    inked = np.array([(X[y == digit] > 0).any(axis=0) for digit in range(10)]).T
    lower = ~inked & inked.any(axis=1)[:, np.newaxis]
    losses = [cross_entropy(X @ (-t * lower), y) for t in (0, 1, 2, 4, 8, 16, 32)]
    falls = -np.diff(losses) / [1, 1, 2, 4, 8, 16]
    assert (falls > 0).all()
    assert (np.diff(falls) < 0).all()


@claim("With hidden units this is no longer so, and a start at zero is fatal")
def test_a_network_that_starts_at_zero_never_uses_its_weights(mnist):
    X, y = mnist.train.first(1000)
    params = init_params([784, 16, 10], np.random.default_rng(0), "zeros", dtype=np.float32)
    *_, last = train(params, X, y, rng=np.random.default_rng(0), epochs=5)
    assert not any(W.any() for W, _ in last.params)
    assert accuracy(y, forward(last.params, X)[0].argmax(axis=1)) < 0.2


@claim(
    "With the means, 83 % of the validation images were read correctly.",
    "after a tenth of the first epoch the learned weights read more than the means",
    "The rest of that epoch adds a few points more; the second and the third together add less",
)
def test_a_hundred_steps_are_enough_to_read_more_than_the_means(runs, validation):
    (meeting,) = (path for path in paths if path.stem.startswith("00"))
    text = "".join(map(printed, outputs(read(meeting))))
    means = float(re.search(r"nearest mean: (\S+)% of the validation set", text)[1]) / 100
    assert round(means, 2) == 0.83
    X, y = validation
    for reports in runs:
        at = {n: accuracy(y, predict(reports[n].params, X)) for n in (10, 100, 1000, 3000)}
        assert at[10] < means < at[100]
        assert 0.02 < at[1000] - at[100] < 0.06
        assert 0 < at[3000] - at[1000] < 0.01


@claim("Most images are read with more confidence", "the few that are misread make up most of")
def test_few_images_make_up_most_of_the_loss(runs, validation):
    X, y = validation
    for reports in runs:
        logits, _ = forward(reports[3000].params, X)
        losses = -log_softmax(logits)[np.arange(len(y)), y]
        misread = logits.argmax(axis=1) != y
        assert (losses < losses.mean()).mean() > 0.8
        assert misread.mean() < 0.1
        assert losses[misread].sum() > 0.6 * losses.sum()


@claim(
    "the mean image of the 0 in notebook 0 is almost empty in the middle",
    "ink in the middle is strong evidence against a 0. (Against a 7 as well: there, too, the "
    "middle is mostly paper.)",
    "Strongly negative.",
)
def test_ink_in_the_middle_speaks_against_a_0_and_a_7(runs, mnist):
    images, labels = mnist.train
    ink = images.reshape(-1, 28, 28)[:, 12:16, 12:16].mean(axis=(1, 2)) / 255
    means = [ink[labels == digit].mean() for digit in range(10)]
    assert means[0] < 0.1
    assert set(np.argsort(means)[:2]) == {0, 7}
    assert means[7] < 0.2
    inky = labels[ink > 0.5]
    assert (inky == 0).mean() < 0.1 * (labels == 0).mean()
    for reports in runs:
        pictures = reports[3000].params[0].W.reshape(28, 28, 10)
        for window in (slice(12, 16), slice(13, 15)):
            middle = pictures[window, window].mean(axis=(0, 1))
            assert set(np.argsort(middle)[:2]) == {0, 7}
            assert middle[[0, 7]].max() < 2 * np.delete(middle, [0, 7]).min() < 0
