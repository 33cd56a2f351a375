"""Feedback on a student's own functions: `check("2.6", softmax_rows)`."""

from mnist_edu.exercises import (
    _00_meet_the_digits,  # noqa: F401
    _01_network_structure,  # noqa: F401
    _02_activation_functions,  # noqa: F401
    _03_softmax_cross_entropy,  # noqa: F401
    _04_backpropagation,  # noqa: F401
    _05_gradient_checking,  # noqa: F401
    _06_he_initialization,  # noqa: F401
    _07_initialization_lab,  # noqa: F401
    _08_training,  # noqa: F401
    _09_analysing_results,  # noqa: F401
    _10_how_far_can_it_go,  # noqa: F401
)
from mnist_edu.exercises._check import EXERCISES, check, verdict

__all__ = ["EXERCISES", "check", "verdict"]
