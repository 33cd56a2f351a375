"""Each bug of the list can still be planted: its old text stands in one place of the project."""

import pytest

from tools.planted_bugs import PLANTS, ROOT, find


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.name for plant in PLANTS])
def test_a_bug_has_one_place(plant):
    assert find(plant, ROOT).is_file()


def test_each_has_a_name_of_its_own():
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 40
