"""Write the README's links to the published site, or how to build it as long as there is none.

    uv run python tools/write_links.py

The site's address stands in pyproject.toml, as `site` below [tool.mnist-edu]; nowhere else.
"""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- links: tools/write_links.py -->\n", "<!-- end of links -->\n"

PUBLISHED = """\
**[Play]({site}playground/)**: drag one slider until a signal survives fifty layers.
**[Read]({site})** all eleven notebooks, their answers folded.
**[Try]({site}lite/)** them with Python in the browser, which is slow.
"""
NOT_PUBLISHED = """\
**Play** (drag one slider until a signal survives fifty layers) and **read** (all eleven notebooks,
their answers folded) in a browser:

```
pip install uv
uv run --group docs python docs/build.py
```

and open `docs/_build/html/index.html`.
"""


def address() -> str:
    """Return the site's address, "" if it has none.

    Raises
    ------
    ValueError
        If it is no address of a site.
    """
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    site = settings["tool"]["mnist-edu"]["site"]
    if site and not (site.startswith("https://") and site.endswith("/")):
        raise ValueError(f"The site's address is {site!r}; expected https://.../, or nothing.")
    return site


def with_links(readme: str, site: str) -> str:
    """Return the README with the links to a site, "" for none."""
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"README.md has no lines {BEGIN.strip()} and {END.strip()}")
    return before + BEGIN + (PUBLISHED if site else NOT_PUBLISHED).format(site=site) + END + after


def main() -> None:
    """Write the README anew."""
    try:
        README.write_text(with_links(README.read_text("utf-8"), address()), "utf-8")
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
