"""The README's links to the site are those of its one address, or say how to build it."""

import re

import pytest

from tools import write_links
from tools.write_links import README, address, with_links


def test_the_readme_is_as_the_command_writes_it():
    readme = README.read_text("utf-8")
    assert with_links(readme, address()) == readme


def test_an_address_gives_links_into_the_site_and_takes_the_place_of_the_commands():
    readme = README.read_text("utf-8")
    published = with_links(readme, "https://example.org/mnist/")
    links = re.findall(r"\]\((https://example.org[^)]*)\)", published)
    assert [link.removeprefix("https://example.org/mnist/") for link in links] == [
        "playground/",
        "",
        "lite/",
    ]
    assert "docs/build.py" in readme
    assert "docs/build.py" not in published
    assert with_links(published, address()) == readme


@pytest.mark.parametrize("site", ["http://example.org/", "https://example.org", "example.org"])
def test_what_is_no_address_is_refused(tmp_path, monkeypatch, site):
    (tmp_path / "pyproject.toml").write_text(f'[tool.mnist-edu]\nsite = "{site}"\n', "utf-8")
    monkeypatch.setattr(write_links, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=re.escape(site)):
        address()


@pytest.mark.parametrize("marker", [write_links.BEGIN, write_links.END])
def test_a_readme_without_the_place_for_them_is_refused(marker):
    with pytest.raises(ValueError, match="no lines"):
        with_links(README.read_text("utf-8").replace(marker, ""), "")
