import inspect
import math

import numpy as np
import pytest
import sklearn.metrics
from threadpoolctl import threadpool_info, threadpool_limits

from mnist_edu.data import load_mnist, minibatches
from mnist_edu.losses import cross_entropy
from mnist_edu.network import Layer, backward, forward, init_params, predict
from mnist_edu.training import OPTIMIZERS, adam, descend, diagnose, momentum, one_cycle, sgd, train

RNG = np.random.default_rng(0)
X, Y = RNG.random((50, 6)), RNG.integers(0, 3, 50)


def network(dtype=np.float64):
    return init_params([6, 5, 3], np.random.default_rng(1), dtype=dtype)


def start(params=None, X=X, y=Y, seed=2, **kwargs):
    """Start a run of 7 steps an epoch, the last of them on 2 rows."""
    options = {"batch_size": 8, "epochs": 3, "report_every": 4, **kwargs}
    return train(params or network(), X, y, rng=np.random.default_rng(seed), **options)


def arrays(params):
    return [array for layer in params for array in layer]


def assert_same_params(left, right):
    for a, b in zip(arrays(left), arrays(right), strict=True):
        np.testing.assert_array_equal(a, b)


def assert_same_run(left, right):
    for a, b in zip(left, right, strict=True):
        assert a[:4] == b[:4]
        assert_same_params(a.params, b.params)


# Optimizers


def one(value, dtype=np.float64):
    """A network of one weight and one bias, or its gradient."""
    return [Layer(np.array([[value]], dtype), np.array([value], dtype))]


def trajectory(optimizer, w, gradients, lr, **kwargs):
    """The values of a weight as gradients arrive; they may be functions of it."""
    params, state, values = one(w), {}, []
    for gradient in gradients:
        w = params[0].W[0, 0]
        g = gradient(w) if callable(gradient) else gradient
        optimizer(params, one(g), lr, state, **kwargs)
        assert params[0].b[0] == params[0].W[0, 0]
        values.append(params[0].W[0, 0])
    return np.array(values)


def test_the_table_holds_the_three():
    assert {"sgd": sgd, "momentum": momentum, "adam": adam} == OPTIMIZERS


def test_sgd_in_a_quadratic_bowl_shrinks_by_a_constant_factor():
    values = trajectory(sgd, 5.0, 20 * [lambda w: 3 * w], lr=0.1)
    np.testing.assert_allclose(values, 5 * (1 - 0.1 * 3) ** np.arange(1, 21), rtol=1e-13)


def test_sgd_needs_no_state():
    params = one(1.0)
    sgd(params, one(2.0), 0.25)
    assert params == one(0.5)


def test_momentum_in_a_quadratic_bowl_is_the_heavy_ball():
    values = trajectory(momentum, 5.0, 20 * [lambda w: 3 * w], lr=0.1, beta=0.8)
    w = [5.0, 5.0]
    for _ in range(20):
        w.append(w[-1] - 0.1 * 3 * w[-1] + 0.8 * (w[-1] - w[-2]))
    np.testing.assert_allclose(values, w[2:], atol=1e-12)


def test_momentum_under_a_steady_gradient_is_a_geometric_series():
    values = trajectory(momentum, 0.0, 300 * [2.0], lr=0.1)
    steps = -np.diff(values, prepend=0)
    np.testing.assert_allclose(steps, 0.1 * 2 * (1 - 0.9 ** np.arange(1, 301)) / 0.1, rtol=1e-9)
    assert steps[-1] == pytest.approx(0.1 * 2 / (1 - 0.9))


def test_momentum_without_beta_is_sgd():
    bowl = 10 * [lambda w: 3 * w]
    np.testing.assert_array_equal(
        trajectory(momentum, 5.0, bowl, 0.1, beta=0), trajectory(sgd, 5.0, bowl, 0.1)
    )


@pytest.mark.parametrize("gradient", [1e-3, -1e-3, 7.0, -1e6])
def test_adam_moves_by_lr_against_the_sign_of_a_steady_gradient(gradient):
    values = trajectory(adam, 0.0, 50 * [gradient], lr=0.01)
    expected = -0.01 * np.sign(gradient) * np.arange(1, 51)
    np.testing.assert_allclose(values, expected, rtol=2e-5)  # eps / 1e-3 is 1e-5


def test_adam_divides_a_weighted_mean_by_the_root_of_a_weighted_mean_square():
    gradients = np.random.default_rng(0).normal(size=30)
    values = trajectory(adam, 1.0, gradients, lr=0.02, beta1=0.8, beta2=0.95, eps=0.1)
    expected, w = [], 1.0
    for t in range(1, 31):
        age = np.arange(t)[::-1]
        mean = np.average(gradients[:t], weights=0.8**age)
        mean_square = np.average(gradients[:t] ** 2, weights=0.95**age)
        w -= 0.02 * mean / (math.sqrt(mean_square) + 0.1)
        expected.append(w)
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_adam_forgets_at_the_rates_of_the_paper():
    gradients = [1.0, -1.0, 4.0]
    usual = trajectory(adam, 1.0, gradients, lr=0.1)
    told = trajectory(adam, 1.0, gradients, lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8)
    np.testing.assert_array_equal(usual, told)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_optimizers_change_params_in_place_and_grads_not_at_all(optimizer):
    params, state = network(), {}
    grads = backward(params, forward(params, X)[1], Y)
    kept, before = arrays(params), [g.copy() for g in arrays(grads)]
    for _ in range(3):
        optimizer(params, grads, 0.1, state)
    assert all(a is b for a, b in zip(arrays(params), kept, strict=True))
    for g, copy in zip(arrays(grads), before, strict=True):
        np.testing.assert_array_equal(g, copy)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_each_array_is_moved_by_its_own_gradients(optimizer):
    rng = np.random.default_rng(0)
    together, state, steps = network(), {}, []
    for _ in range(4):
        steps.append(
            [Layer(rng.normal(size=W.shape), rng.normal(size=b.shape)) for W, b in together]
        )
        optimizer(together, steps[-1], 0.1, state)
    for l, alone in enumerate(network()):
        state = {}
        for grads in steps:
            optimizer([alone], [grads[l]], 0.1, state)
        assert_same_params([alone], [together[l]])


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("lr", [0.25, np.float64(0.25), np.float32(0.25)], ids=repr)
def test_float32_params_stay_float32_whatever_lr_is(optimizer, lr):
    params, state = one(1.0, np.float32), {}
    for _ in range(3):
        optimizer(params, one(1.0, np.float32), lr, state)
    assert {p.dtype for p in arrays(params)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(
        params[0].b, trajectory(optimizer, 1.0, 3 * [1.0], 0.25)[-1], rtol=1e-5
    )


# The loop


def plain_loop(optimizer, rate, epochs=3, batch_size=8):
    params, state, losses = network(), {}, []
    rng, steps = np.random.default_rng(2), epochs * math.ceil(len(X) / batch_size)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, Y, batch_size, rng):
            logits, cache = forward(params, X_batch)
            lr = rate(len(losses) / steps)
            losses.append(cross_entropy(logits, y_batch))
            optimizer(params, backward(params, cache, y_batch), lr, state)
    return params, losses


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(
    ("lr", "rate"),
    [(0.2, lambda done: 0.2), (lambda done: 0.3 * (1 - done), lambda done: 0.3 * (1 - done))],
    ids=["constant", "schedule"],
)
def test_train_equals_a_plain_loop_bit_for_bit(name, lr, rate):
    params, losses = plain_loop(OPTIMIZERS[name], rate)
    reports = list(start(lr=lr, optimizer=name, report_every=1))
    assert [report.loss for report in reports] == losses
    assert_same_params(reports[-1].params, params)


def test_descending_stops_at_a_loss_that_is_not_finite_without_a_step():
    params, losses = one(1.0), iter([3.0, 2.0, math.nan, 1.0])
    batches = iter([(X, Y)] * 9)
    descent = descend(params, lambda *_: (next(losses), one(1.0)), [0.5, 0.25, 9, 9], batches)
    assert [(loss, params[0].b[0]) for loss in descent][:2] == [(3.0, 0.5), (2.0, 0.25)]
    assert params[0].b[0] == 0.25
    assert next(losses) == 1.0


def test_descending_draws_no_batch_for_which_there_is_no_rate():
    batches = iter([(X, Y)] * 5)
    assert len(list(descend(one(1.0), lambda *_: (1.0, one(1.0)), [0.1] * 3, batches))) == 3
    assert len(list(batches)) == 2


def test_train_uses_sgd_relu_and_a_rate_of_a_tenth_unless_told():
    assert_same_run(start(), start(optimizer="sgd", activation="relu", lr=0.1))


def test_activation_is_the_one_asked_for():
    X_batch, y_batch = next(minibatches(X, Y, 8, np.random.default_rng(2)))
    first = next(start(activation="tanh", report_every=1))
    assert first.loss == cross_entropy(forward(network(), X_batch, "tanh")[0], y_batch)


def test_train_is_a_generator_that_draws_nothing_before_it_is_asked():
    rng = np.random.default_rng(5)
    run = train(network(), X, Y, rng=rng)
    assert inspect.isgenerator(run)
    assert rng.bit_generator.state == np.random.default_rng(5).bit_generator.state


def test_reports_come_every_so_many_steps_and_at_the_end():
    reports = list(start())
    assert [report.step for report in reports] == [4, 8, 12, 16, 20, 21]
    assert [report.epoch * 7 for report in reports] == pytest.approx([4, 8, 12, 16, 20, 21])


@pytest.mark.parametrize("every", [1, 3, 7, 20, 21, 22, 1000])
def test_step_numbers_are_unique_and_the_last_report_is_never_missing(every):
    steps = [report.step for report in start(report_every=every)]
    assert steps == [*range(every, 21, every), 21]


def test_short_last_batch_is_used():
    *_, (X_rest, y_rest) = minibatches(X, Y, 8, np.random.default_rng(2))
    assert len(y_rest) == 2
    *_, before, last = start(epochs=1, report_every=1)
    assert last.step == 7
    assert last.loss == cross_entropy(forward(before.params, X_rest)[0], y_rest)


def test_a_batch_may_be_larger_than_the_data():
    assert [report.epoch for report in start(batch_size=1000, report_every=1)] == [1, 2, 3]


def test_loss_is_the_mean_since_the_last_report():
    losses = [report.loss for report in start(report_every=1)]
    expected = [np.mean(losses[i : i + 4]) for i in range(0, 21, 4)]
    assert [report.loss for report in start()] == pytest.approx(expected, rel=1e-14)


def test_given_params_are_not_changed():
    params = network()
    list(start(params))
    assert_same_params(params, network())


def test_kept_reports_stay_as_they_were():
    kept, copies = [], []
    for report in start(optimizer="momentum"):
        kept.append(report.params)
        copies.append([array.copy() for array in arrays(report.params)])
    for params, copy in zip(kept, copies, strict=True):
        for array, expected in zip(arrays(params), copy, strict=True):
            np.testing.assert_array_equal(array, expected)
    assert not np.array_equal(kept[0][0].W, kept[-1][0].W)


@pytest.mark.parametrize("lr", [0.1, 1e200], ids=["to the end", "diverging"])
def test_a_run_that_keeps_no_weights_has_them_in_its_last_report_alone(lr):
    kept, light = (list(start(lr=lr, report_every=1, keep_params=keep)) for keep in (True, False))
    assert len(light) > 1
    assert [report.params for report in light[:-1]] == [[]] * (len(kept) - 1)
    assert_same_params(light[-1].params, kept[-1].params)
    np.testing.assert_array_equal([r[:3] for r in light], [r[:3] for r in kept])


def test_a_run_does_not_mind_what_is_done_to_its_reports():
    run = []
    for report in start():
        run.append(report)
        report.params[0].W[:] = 0
    assert [report.loss for report in run] == [report.loss for report in start()]


def test_pixels_train_like_floats_from_0_to_1():
    pixels = np.random.default_rng(3).integers(0, 256, X.shape, np.uint8)
    assert_same_run(start(X=pixels), start(X=pixels / 255))
    params = network(np.float32)
    as_floats = pixels.astype(np.float32) / np.float32(255)
    assert_same_run(start(params, X=pixels), start(params, X=as_floats))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_run_computes_in_the_dtype_of_params(name, dtype):
    run = start(network(dtype), optimizer=name, lr=lambda done: np.float64(0.1), validation=(X, Y))
    for report in run:
        assert {array.dtype for array in arrays(report.params)} == {np.dtype(dtype)}


def test_schedule_is_asked_at_each_fraction_of_the_way():
    asked = []

    def rate(done):
        asked.append(done)
        return 0.1

    list(start(lr=rate))
    assert asked == [step / 21 for step in range(21)]


def test_augment_is_given_each_minibatch_as_floats_and_the_runs_own_generator():
    pixels = RNG.integers(0, 256, (50, 6)).astype(np.uint8)
    rng, seen = np.random.default_rng(2), []

    def halve(batch, given):
        assert given is rng
        seen.append(batch.copy())
        return batch / 2

    run = list(
        train(network(np.float32), pixels, Y, rng=rng, batch_size=8, epochs=2, augment=halve)
    )
    assert {batch.dtype for batch in seen} == {np.dtype(np.float32)}
    assert [len(batch) for batch in seen] == [8, 8, 8, 8, 8, 8, 2] * 2
    half = list(start(network(np.float32), (pixels / 510).astype(np.float32), epochs=2))
    for got, expected in zip(arrays(run[-1].params), arrays(half[-1].params), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-6)
    rows = np.concatenate(seen[:7]).tolist()
    assert sorted(rows) == sorted((pixels / np.float32(255)).tolist())


def test_what_augment_returns_is_looked_at():
    with pytest.raises(ValueError, match=r"expected \(5, n_out\)"):
        list(start(augment=lambda batch, rng: batch[:, :5]))
    with pytest.raises(ValueError, match="NaN"):
        list(start(augment=lambda batch, rng: batch * np.nan))


def test_the_optimizer_may_be_a_function():
    def twice(params, grads, lr, state):
        state["steps"] = state.get("steps", 0) + 1
        sgd(params, grads, 2 * lr, state)
        for layer in params:
            layer.b[:] = state["steps"]

    *_, last = start(lr=0.05, optimizer=twice)
    assert [set(layer.b) for layer in last.params] == [{21.0}] * 2
    *_, last = start(lr=0.05, optimizer=lambda p, g, lr, state: sgd(p, g, 2 * lr))
    *_, expected = start(lr=0.1)
    assert_same_params(last.params, expected.params)


@pytest.mark.parametrize("rise", [0.1, 0.3, 0.9])
def test_one_cycle_is_a_triangle_with_its_peak_where_it_was_asked_for(rise):
    lr = one_cycle(0.4, rise)
    for fraction in np.linspace(0, 1, 41):
        assert lr(fraction) == pytest.approx(np.interp(fraction, [0, rise, 1], [0, 0.4, 0]))


def test_rate_0_changes_nothing():
    assert_same_params(list(start(lr=0))[-1].params, network())


def test_same_seed_same_run_and_another_seed_another():
    assert_same_run(start(), start())
    assert list(start(seed=8))[-1].loss != list(start())[-1].loss


def test_accuracy_is_that_of_the_predictions_on_the_validation_data():
    X_val, y_val = np.random.default_rng(4).random((30, 6)), Y[:30]
    for report in start(validation=(X_val, y_val), activation="tanh", lr=1.0):
        classes = predict(report.params, X_val, "tanh")
        assert report.accuracy == sklearn.metrics.accuracy_score(y_val, classes)


def test_without_validation_data_there_is_no_accuracy():
    assert {report.accuracy for report in start()} == {None}


def test_leaving_the_loop_leaves_nothing_behind():
    run = start()
    for report in run:
        if report.step == 8:
            break
    run.close()
    assert list(run) == []


# What a run does to the process


def blas_threads():
    """Return the threads of each BLAS; nothing where it cannot be told, as on a Mac."""
    return {info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"}


@pytest.fixture
def surroundings():
    """Two BLAS threads and an unusual error state, which must be there again at the end."""
    with threadpool_limits(2, user_api="blas"), np.errstate(over="raise", under="warn"):
        before = np.geterr()

        def unchanged():
            return blas_threads() <= {2} and np.geterr() == before

        assert unchanged()
        yield unchanged


def test_blas_has_one_thread_during_a_step_and_the_old_number_between(surroundings):
    inside = []

    def rate(done):
        inside.append(blas_threads())
        return 0.1

    for _ in start(lr=rate):
        assert surroundings()
    assert surroundings()
    assert len(inside) == 21
    assert all(threads <= {1} for threads in inside)


def test_interrupt_leaves_the_reports_and_the_surroundings(surroundings):
    def rate(done):
        if done > 0.5:
            raise KeyboardInterrupt
        return 0.1

    reports = []
    with pytest.raises(KeyboardInterrupt):
        reports.extend(start(lr=rate))
    assert surroundings()
    assert_same_run(reports, list(start(lr=lambda done: 0.1))[:2])


# What a run says about itself


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


def digits_run(mnist, sizes, lr, activation="relu", dtype=np.float64):
    rng = np.random.default_rng(0)
    params, (images, labels) = init_params(sizes, rng, dtype=dtype), mnist.train.first(1000, dtype)
    options = {"lr": lr, "activation": activation, "epochs": 20, "report_every": 40}
    return list(train(params, images, labels, rng=rng, **options))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("sizes", "lr", "activation"),
    [
        ([784, 64, 64, 64, 10], 100, "leaky_relu"),
        ([784, 64, 10], 10, "identity"),
        ([784, 64, 10], 1e308, "tanh"),
    ],
    ids=["deep", "identity", "tanh"],
)
def test_diverging_ends_the_run_and_is_said(mnist, sizes, lr, activation, dtype):
    reports = digits_run(mnist, sizes, lr, activation, dtype=dtype)
    *healthy, last = reports
    assert last.note.startswith("diverged: ")
    assert last.step < 320
    assert [math.isfinite(report.loss) for report in reports] == [True] * len(healthy) + [False]


@pytest.mark.parametrize("lr", [3, 10, 100])
def test_one_hidden_layer_dies_of_a_rate_too_high_and_it_is_said(mnist, lr):
    last = digits_run(mnist, [784, 100, 10], lr)[-1]
    assert last.step == 320
    assert math.isfinite(last.loss)
    assert last.note.startswith(("dead: ", "stalled: "))


def test_a_healthy_run_has_nothing_to_say(mnist):
    assert {report.note for report in digits_run(mnist, [784, 30, 10], 0.1)} == {""}


def test_one_epoch_on_real_digits_reaches_93_percent(mnist):
    rng = np.random.default_rng(0)
    params = init_params([784, 30, 10], rng)
    options = {"lr": lambda done: 0.4 * (1 - done), "epochs": 1, "report_every": 300}
    reports = list(train(params, *mnist.train, rng=rng, validation=mnist.validation, **options))
    losses = [report.loss for report in reports]
    assert losses == sorted(losses, reverse=True)
    assert reports[-1].accuracy > 0.93  # six seeds: 0.945 to 0.948


def silent_network(silent, hidden=10):
    """A hidden layer of which so many units output 0 for any positive x."""
    W = np.ones((4, hidden))
    W[:, :silent] = -1
    return [Layer(W, np.zeros(hidden)), Layer(np.ones((hidden, 3)), np.zeros(3))]


@pytest.mark.parametrize(
    ("silent", "loss", "step", "note"),
    [
        (0, 0.9, 500, ""),
        (8, 0.9, 500, ""),
        (9, 0.9, 5, "dead: 9 of 10 units of hidden layer 1 are 0 on 7"),
        (10, 0.9, 500, "dead: 10 of 10 units"),
        (10, 0.5, 500, ""),  # it learns all the same
        (0, 1.2, 500, "stalled: the loss, 1.200, is hardly better than guessing, 1.099"),
        (0, 1.2, 100, ""),
        (0, 1.05, 500, ""),
        (10, math.nan, 1, "diverged: the loss is no longer a finite number"),
        (0, math.inf, 1, "diverged: the loss is no longer a finite number"),
    ],
)
def test_diagnosis_names_what_is_wrong(silent, loss, step, note):
    diagnosis = diagnose(silent_network(silent), np.ones((7, 4)), loss, step)
    assert diagnosis.startswith(note)
    assert bool(diagnosis) == bool(note)


def test_diagnosis_looks_at_every_hidden_layer():
    params = [Layer(np.ones((4, 4)), np.zeros(4)), *silent_network(10)]
    assert "hidden layer 2" in diagnose(params, np.ones((7, 4)), 0.9, 500)
    assert diagnose(params, np.ones((7, 4)), 0.9, 500, "tanh") == ""
