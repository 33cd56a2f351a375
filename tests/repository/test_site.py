"""The pages of the site are made of the repository's files, and their links lead on."""

import importlib
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
NOTEBOOK = ROOT / "notebooks" / "03_softmax_cross_entropy.ipynb"
GUIDE = ROOT / "classroom" / "README.md"


@pytest.fixture(scope="module")
def module():
    """Return docs/reading/layout.py, found as docs/build.py finds it."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("reading.layout")
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture
def layout(module, tmp_path):
    return module.Layout(tmp_path / "source", tmp_path / "files", edition=True)


def linked(layout, markdown):
    return layout.linked(markdown, GUIDE, Path("classroom/index.md"))


def test_every_notebook_and_every_readme_below_the_root_is_a_page(layout):
    wanted = {*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("classroom/*/README.md"), GUIDE}
    wanted |= {ROOT / name / "README.md" for name in ("benchmarks", "experiments", "docs/lite")}
    assert len(wanted) > 15
    assert wanted <= set(layout.pages)


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("../notebooks/08_training.ipynb#summary", "../notebooks/08_training.ipynb#summary"),
        ("../docs/lite/README.md#build-it", "../docs/lite/index.md#build-it"),
        ("jupyterhub", "jupyterhub/index.md"),
        ("../README.md", "../index.md"),
        ("#plans", "#plans"),
        ("https://numpy.org/doc", "https://numpy.org/doc"),
    ],
)
def test_a_link_leads_to_the_page_made_of_a_file(layout, link, place):
    assert linked(layout, f"see [`that`]({link}), and on") == f"see [`that`]({place}), and on"


def test_a_link_to_another_file_brings_the_file(layout):
    text = linked(layout, "[it](../mnist_edu/network.py)")
    assert text == "[it](../mnist_edu/network.py)"
    brought = layout.source / "mnist_edu" / "network.py"
    assert brought.read_bytes() == (ROOT / "mnist_edu" / "network.py").read_bytes()


def test_a_folder_without_a_readme_becomes_a_list_of_its_files(layout):
    folder = ROOT / "benchmarks" / ".." / "mnist_edu" / "stored_results"
    assert linked(layout, "[r](../mnist_edu/stored_results)").endswith("stored_results/index.md)")
    page = (layout.source / "mnist_edu" / "stored_results" / "index.md").read_text("utf-8")
    for path in folder.glob("*.json"):
        assert f'<a href="{path.name}" download>' in page
        assert (layout.files / "mnist_edu" / "stored_results" / path.name).is_file()


def test_a_dead_link_is_refused_by_name(layout):
    with pytest.raises(FileNotFoundError, match=r"classroom.README\.md has a link to gone\.md"):
        linked(layout, "[x](gone.md)")


def test_what_looks_like_a_link_in_code_stays(layout):
    code = "`a[0](gone)` and\n```\nb[1](gone)\n```\n"
    assert linked(layout, code) == code


@pytest.mark.parametrize("edition", [True, False])
def test_a_notebook_says_below_its_title_what_else_to_do_with_it(module, tmp_path, edition):
    layout = module.Layout(tmp_path / "source", tmp_path / "files", edition)
    first = layout.notebook(NOTEBOOK)["cells"][0]["source"]
    title, _, line, *_ = first.split("\n")
    assert title == "# 3 · Softmax, cross-entropy, and the first learning"
    assert '<a href="03_softmax_cross_entropy.ipynb" download>' in line
    assert '<a href="../run.html">' in line
    opened = 'href="../lite/lab/index.html?path=03_softmax_cross_entropy.ipynb"'
    assert (opened in line) == edition


def test_folds_and_alt_texts_of_a_notebook_are_handed_on(layout):
    stored = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    told = layout.notebook(NOTEBOOK)["cells"]
    pictures = 0
    for cell, page in zip(stored, told, strict=True):
        folded = cell["metadata"].get("jupyter", {}).get("outputs_hidden", False)
        assert (page["metadata"].get("tags") == ["hide-output"]) == folded
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                alt = output["metadata"]["image/png"]["alt"]
                assert page["metadata"]["mystnb"] == {"image": {"alt": alt}}
                pictures += 1
    assert pictures > 5


def test_the_readme_has_the_sections_that_the_site_shows(module):
    assert "](notebooks/10_" in module.section("The notebooks")
    assert "conda" in module.section("Other ways to install")
    with pytest.raises(ValueError, match="no heading 'Nothing'"):
        module.section("Nothing")


def test_the_picture_shows_what_was_computed(module):
    """Ends of curves, read off the picture, against (g / √2)^49 and the size in the first layer."""
    svg = module.picture()
    for gain, name in ((2.0, "explodes"), (1.41, "survives"), (1.0, "fades")):
        points = re.search(rf'class="{name}" pathLength="1" points="(.*?)"', svg)[1].split()
        ends = [float(points[i].split(",")[1]) for i in (0, -1)]
        first, last = (8 - 16 * (y - 18) / (202 - 18) for y in ends)  # powers of ten
        assert len(points) == 50
        assert abs(last - first - 49 * math.log10(gain / 2**0.5)) < 0.8


@pytest.mark.parametrize("script", ["build.py", "pdf.py"])
def test_a_wrong_argument_is_answered_in_words(script):
    done = subprocess.run(
        [sys.executable, DOCS / script, "--lit3"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
