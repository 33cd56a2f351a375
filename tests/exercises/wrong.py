"""Plausible wrong answers to the exercises, each with a part of the hint that it should get."""

from collections import defaultdict

WRONG = defaultdict(list)


def wrong(number, hint, value=None):
    """Enter a wrong answer: the function below, or, if one is given, a value."""
    if value is not None:
        WRONG[number].append((value, hint))
        return None

    def enter(function):
        WRONG[number].append((function, hint))
        return function

    return enter
