"""Arithmetic that is written out in prose, evaluated: 785 · 512 + 10 = 401 930."""

import math
import re

from tests.notebooks.figures import SPACES, figures_of_any_size

NUMBER = rf"(?:\d{{1,3}}(?:[{SPACES},]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?(?![\w%]|\.\d| %)"
TERM = rf"[−-]?(?:{NUMBER} )?(?:log )?{NUMBER}"
SIDE = rf"{TERM}(?: ?[+−·×/-] ?{TERM})*"
CHAIN = re.compile(rf"(?<![\w.,^·×/+−)-])(?<![·×/+−-] )(?<!log ){SIDE}(?: = {SIDE})+")


def worked(text):
    """Return the chains of equalities in a text, as (chain, is it true)."""
    return [(found[0], _is_true(found[0].split(" = "))) for found in CHAIN.finditer(text)]


def _is_true(sides):
    return all(
        math.isclose(_value(sides[0]), _value(side), rel_tol=1e-9, abs_tol=_tolerance(side))
        for side in sides[1:]
    )


def _tolerance(side):
    """Return half a unit of a number that ends a chain: it may be rounded."""
    alone = re.fullmatch(rf"[−-]?{NUMBER}", side)
    return 0.5 * figures_of_any_size(side)[0].unit if alone and "." in side else 0.0


def _value(side):
    code = re.sub(rf"(?<=\d)[{SPACES},](?=\d{{3}})", "", side)
    code = re.sub(r"(?<=\d) (?=log)", "*", code.translate(str.maketrans("−·×", "-**")))
    code = re.sub(r"log ([\d.]+)", r"log(\1)", code)
    return eval(code, {"log": math.log})  # of numbers, operators and log alone
