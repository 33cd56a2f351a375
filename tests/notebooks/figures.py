"""The figures of a text: its numbers, in whatever way they are written."""

import re
from typing import NamedTuple

SPACES = " \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
NUMBER = r"(?<![\w.])[-−]?(?:{whole})(?:\.(\d+))?(?:e([-+]?\d+))?(?!\w|\.\d)(\s?%)?"
WRITTEN = re.compile(NUMBER.format(whole=rf"\d{{1,3}}(?:[{SPACES},]\d{{3}})+(?!\d)|\d+"))
PRINTED = re.compile(NUMBER.format(whole=r"\d{1,3}(?:,\d{3})+(?!\d)|\d+"))  # 10 100: two columns


class Figure(NamedTuple):
    """A number as a text shows it: 98.7 % has the value 0.987 and the unit 0.001."""

    text: str
    value: float
    unit: float  # of its last digit

    @property
    def tells(self):
        """Tell whether it has two digits or more, or a per cent sign."""
        return len(re.findall(r"[\d%]", self.text)) > 1

    def rounds(self, other):
        """Tell whether it is another figure, or that figure with fewer digits."""
        rounding = 0.5 * self.unit * (1 + 1e-9) if self.unit > other.unit else 1e-9 * self.unit
        return abs(self.value - other.value) <= rounding


def figures(text, pattern=WRITTEN):
    """Return the figures of a text that tell something."""
    return [figure for figure in figures_of_any_size(text, pattern) if figure.tells]


def figures_of_any_size(text, pattern=WRITTEN):
    """Return all numbers of a text, those of one digit too."""
    return [_figure(match) for match in pattern.finditer(text)]


def printed_figures(text):
    """Return the figures of an output, where a space may be one of a number or between two."""
    return figures(text) + figures(text, PRINTED)


def _figure(match):
    decimals, exponent, percent = match.groups()
    digits = re.sub(rf"[{SPACES},%]", "", match[0]).replace("−", "-")
    scale = 0.01 if percent else 1.0
    unit = 10.0 ** (int(exponent or 0) - len(decimals or ""))
    return Figure(match[0], float(digits) * scale, unit * scale)
