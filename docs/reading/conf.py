"""How Sphinx builds the pages of the site; build.py runs it."""

import sys
import tomllib
from pathlib import Path

import mnist_edu

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

project = "Understand a neural network by building one"
version = release = mnist_edu.__version__
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
    "reading.katex",
    "reading.equations",
    "reading.folds",
]
needs_sphinx = "8.2"
default_role = "py:obj"  # a link, where a name in a docstring has a place to lead to
suppress_warnings = ["ref.python"]  # `.train` is a part of Mnist and a function
exclude_patterns = ["**.ipynb_checkpoints"]
smartquotes_action = "qe"

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False

settings = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
html_baseurl = settings["tool"]["mnist-edu"]["site"]  # for each page's canonical link
html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_favicon = "static/icon.svg"
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_math_renderer = "katex"
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_show_copyright = False
html_permalinks_icon = "#"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app):
    """Mend two things that the extensions write."""
    app.connect("autodoc-skip-member", skip_field)
    app.connect("html-page-context", give_headings_a_level, priority=900)  # after Furo


def skip_field(app, kind, name, member, skip, options):
    """Leave out what a NamedTuple says of its fields: its own docstring says more."""
    return (getattr(member, "__doc__", None) or "").startswith("Alias for field number") or None


def give_headings_a_level(app, page, template, context, doctree):
    """Say of the headings in the side bar which level they have, as ARIA requires."""
    name, heading = "furo_navigation_tree", 'role="heading"'
    context[name] = context[name].replace(heading, f'{heading} aria-level="2"')
