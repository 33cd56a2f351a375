"""Every lab and how to make it, on little data: for the tests of what all labs have in common."""

import numpy as np

from mnist_edu.labs.nb00_nearest_mean import nearest_mean_explorer
from mnist_edu.labs.nb00_self_test import self_test
from mnist_edu.labs.nb01_boundary import boundary_explorer
from mnist_edu.labs.nb01_network import network_explorer
from mnist_edu.labs.nb02_dead_relu import dead_relu_explorer
from mnist_edu.labs.nb02_deltas import delta_explorer
from mnist_edu.labs.nb02_polygon import polygon_explorer
from mnist_edu.labs.nb02_slopes import slope_explorer
from mnist_edu.labs.nb02_temperature import temperature_explorer
from mnist_edu.labs.nb03_descent import descent_explorer
from mnist_edu.labs.nb03_entropy import entropy_explorer
from mnist_edu.labs.nb03_softmax import softmax_explorer
from mnist_edu.labs.nb04_backprop import backprop_explorer
from mnist_edu.labs.nb05_step_size import step_size_explorer
from mnist_edu.labs.nb06_variance import variance_explorer
from mnist_edu.labs.nb07_gain import discovery_lab
from mnist_edu.labs.nb07_look_back import look_back_explorer
from mnist_edu.labs.nb07_map import map_explorer
from mnist_edu.labs.nb07_optimizers import optimizer_explorer
from mnist_edu.labs.nb07_row import map_row_lab
from mnist_edu.labs.nb07_training import initialization_lab
from mnist_edu.labs.nb08_noise import noise_explorer
from mnist_edu.labs.nb08_training import training_lab
from mnist_edu.labs.nb08_valley import valley_explorer
from mnist_edu.labs.nb09_adversarial import adversarial_explorer
from mnist_edu.labs.nb09_attribution import attribution_explorer
from mnist_edu.labs.nb09_calibration import calibration_explorer
from mnist_edu.labs.nb09_drawing import draw_a_digit_lab
from mnist_edu.labs.nb10_distortions import distortion_explorer
from mnist_edu.network import forward, init_params


def network(seed=0):
    return init_params([784, 30, 10], np.random.default_rng(seed))


def digits(mnist, n):
    return mnist.train.first(n, dtype=np.float64)


def means(mnist):
    X, y = digits(mnist, 1000)
    return np.array([X[y == digit].mean(axis=0) for digit in range(10)])


def logits(mnist):
    X, y = digits(mnist, 1000)
    return 3 * forward(network(), X)[0], y


LABS = {  # by module: a function of what load_mnist returns
    "nb00_nearest_mean": lambda mnist: nearest_mean_explorer(means(mnist), mnist.validation),
    "nb00_self_test": lambda mnist: self_test(),
    "nb01_boundary": lambda mnist: boundary_explorer(),
    "nb01_network": lambda mnist: network_explorer(),
    "nb02_dead_relu": lambda mnist: dead_relu_explorer(network(), digits(mnist, 500)[0]),
    "nb02_deltas": lambda mnist: delta_explorer(network(), *digits(mnist, 50)),
    "nb02_polygon": lambda mnist: polygon_explorer(),
    "nb02_slopes": lambda mnist: slope_explorer(),
    "nb02_temperature": lambda mnist: temperature_explorer(logits(mnist)[0][0]),
    "nb03_descent": lambda mnist: descent_explorer(),
    "nb03_entropy": lambda mnist: entropy_explorer(),
    "nb03_softmax": lambda mnist: softmax_explorer(),
    "nb04_backprop": lambda mnist: backprop_explorer(),
    "nb05_step_size": lambda mnist: step_size_explorer(),
    "nb06_variance": lambda mnist: variance_explorer(digits(mnist, 10)[0]),
    "nb07_gain": lambda mnist: discovery_lab(digits(mnist, 100)[0], []),
    "nb07_look_back": lambda mnist: look_back_explorer(*digits(mnist, 100), seeds=2),
    "nb07_map": lambda mnist: map_explorer(),
    "nb07_optimizers": lambda mnist: optimizer_explorer(),
    "nb07_row": map_row_lab,
    "nb07_training": initialization_lab,
    "nb08_noise": lambda mnist: noise_explorer([network(0), network(1)], *digits(mnist, 100)),
    "nb08_training": lambda mnist: training_lab(mnist.train, mnist.validation),
    "nb08_valley": lambda mnist: valley_explorer(),
    "nb09_adversarial": lambda mnist: adversarial_explorer(network(), mnist.validation),
    "nb09_attribution": lambda mnist: attribution_explorer(network(), mnist.validation),
    "nb09_calibration": lambda mnist: calibration_explorer(*logits(mnist)),
    "nb09_drawing": lambda mnist: draw_a_digit_lab(network(), mnist.train, mnist.validation),
    "nb10_distortions": lambda mnist: distortion_explorer(mnist.validation),
}
