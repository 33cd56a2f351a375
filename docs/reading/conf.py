"""How Sphinx builds the pages of the site; build.py runs it."""

import sys
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
]
needs_sphinx = "8.2"
nitpicky = True
exclude_patterns = ["**.ipynb_checkpoints"]
smartquotes_action = "qe"

nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show what it gives"
nb_code_prompt_hide = "Hide"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_math_renderer = "katex"
html_copy_source = False
html_show_copyright = False
html_permalinks_icon = "#"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
