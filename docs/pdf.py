"""Write all eleven notebooks as one PDF, with every answer open: Chromium prints the built site."""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "docs" / "_build"
NOTEBOOKS = BUILD / "html" / "notebooks"
PDF = BUILD / "mnist_edu.pdf"
FOOTER = """<div style="width: 100%; text-align: center; font: 8pt sans-serif; color: #555">
<span class="pageNumber"></span></div>"""
# The first notebook's page takes up the articles of the others. Links from one to another stay.
# Its own script opens the folds of whatever is printed.
JOIN = """pages => {
    const first = document.querySelector("article");
    for (const page of pages.slice(1)) {
        const other = new DOMParser().parseFromString(page.html, "text/html");
        first.parentElement.append(document.adoptNode(other.querySelector("article")));
    }
    document.querySelectorAll("article").forEach((article, i) => {
        article.querySelector("h1").id = pages[i].name;
    });
    document.title = document.querySelector(".sidebar-brand-text").textContent;
    const names = new Set(pages.map(page => page.name));
    for (const link of document.querySelectorAll("article a[href]")) {
        const href = link.getAttribute("href");
        const [address, anchor] = href.split("#");
        const name = address.replace(/[.]html$/, "");
        if (/^https?:/.test(href) || !address) continue;
        if (names.has(name)) link.setAttribute("href", "#" + (anchor ?? name));
        else link.removeAttribute("href");
    }
    const images = [...document.images];
    for (const image of images) image.loading = "eager";
    return Promise.all(images.map(image => image.decode()));
}"""


def main() -> None:
    """Print what `docs/build.py` has built."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    paths = sorted(NOTEBOOKS.glob("*.html"))
    if not paths:
        sys.exit("There is no site to print yet: uv run --group docs python docs/build.py")
    sys.path.insert(0, str(ROOT))
    from tools.jupyterlab import chromium, new_page

    with chromium() as browser, new_page(browser) as page:
        print_pages(page, paths, PDF)
    print(f"{PDF.relative_to(ROOT)}: {PDF.stat().st_size / 1e6:.1f} MB")


def print_pages(page: Page, paths: list[Path], pdf: Path) -> None:
    """Join pages into one, and print it."""
    page.goto(paths[0].as_uri())
    page.evaluate(JOIN, [{"name": path.stem, "html": path.read_text("utf-8")} for path in paths])
    page.pdf(
        path=pdf,
        prefer_css_page_size=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        print_background=True,
        tagged=True,
        outline=True,
    )


if __name__ == "__main__":
    main()
