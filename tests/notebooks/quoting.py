"""Claims: sentences of a notebook, quoted, each with a test that fails if it is false.

`claims_06.py` holds those of notebook 6. A claim is for a sentence that says more than its cell
shows: over other seeds, rates, epochs. What takes more than a second or two is asserted on the
stored result of a script of experiments/. FREE lists what needs no test: definitions, settings
and instructions; worked arithmetic is evaluated without being listed.
"""


def claim(*fragments):
    """Say which fragments of its notebook, word for word, a test would refute."""

    def quote(test):
        test.quotes = fragments
        return test

    return quote


def quotes(module):
    """Return the fragments that the tests of a module quote."""
    return [text for test in vars(module).values() for text in getattr(test, "quotes", ())]
