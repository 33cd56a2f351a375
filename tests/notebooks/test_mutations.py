"""A check that a small change of either side does not break is no check: each change is noticed."""

import nbformat
import pytest

from tests.notebooks.checked_cells import mutated
from tests.notebooks.equal import EQUAL
from tests.notebooks.reading import each_notebook, paths, read


def unnoticed(notebook):
    return sorted((tag, what) for tag, what, noticed in mutated(notebook) if not noticed)


@each_notebook
def test_each_change_of_a_check_is_noticed_or_really_equal(path, mnist, monkeypatch):
    monkeypatch.setattr("mnist_edu.data.load_mnist", lambda: mnist)  # each reads the same files
    found, equal = unnoticed(read(path)), [what for what, _ in EQUAL.get(path.stem[:2], [])]
    assert sorted(what for _, what in found) == sorted(equal), found


def test_nothing_is_listed_for_other_notebooks():
    assert set(EQUAL) <= {path.stem[:2] for path in paths}


BEGIN = """\
import numpy as np
from mnist_edu.equations import holds
rng = np.random.default_rng(0)
x, W, b = rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=3)
"""
WEAK = {
    "a term that is 0": "b = np.zeros(3)\nholds('1.1', x @ W + b, x @ W + b)",
    "a factor that is 1": "c = 1.0\nholds('1.1', c * x, x * c)",
    "a symmetric matrix": "S = W + W.T\nholds('1.1', [S[i, j] for i, j in [(0, 1)]], S[0, 1])",
    "a symmetric product": "S = W @ W.T\nholds('1.1', S.T, S)",
    "a term within the tolerance": "holds('1.1', x + 1e-14 * b, x)",
    "a side that is 0": "holds('1.1', -(x - x), 0 * x)",
    "a formula above the check": "c = 0 * b\nright = x - c\nholds('1.1', x, right)",
    "a formula in a function": "def f(v):\n    return v + 0 * v\n\n\nholds('1.1', f(x), x)",
    "a formula in a loop": "v = []\nfor n in x:\n    v.append(n + 0)\nholds('1.1', x, v)",
}
STRONG = """\
def f(v):
    return [sum(v[i] * W[i, j] for i in range(3)) + 2 * b[j] for j in range(3)]


found = []
for j in range(3):
    found.append(x @ W[:, j] + 2 * b[j])
holds('1.1', f(x), found)
print(rng.normal())
"""


def notebook_of(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize("check", WEAK.values(), ids=WEAK)
def test_a_weak_check_is_seen(check):
    assert unnoticed(notebook_of(BEGIN, check))


def test_a_strong_check_is_accepted():
    found = list(mutated(notebook_of(BEGIN, STRONG)))
    assert len(found) > 20
    assert unnoticed(notebook_of(BEGIN, STRONG)) == [
        ("1.1", "x @ W[:, j] → W[:, j] @ x")  # two vectors
    ]
