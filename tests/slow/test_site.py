"""The built site, as a stranger meets it: every page, in Chromium, with no other host to ask.

It wants the group `docs` and the site: uv run --group docs python docs/build.py
"""

import contextlib
import functools
import json
import re
import runpy
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from tools.jupyterlab import ROOT, chromium, new_page

HTML = ROOT / "docs" / "_build" / "html"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
APART = ("lite",)  # the browser edition has tests of its own
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
DOORS = {"Play": "playground/", "Read": "notebooks/00", "Run": "run", "Teach": "classroom/"}
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.rglob("*.html")
    if path.relative_to(HTML).parts[0] not in APART
)
LOOK = """() => ({
    links: [...document.querySelectorAll("a[href], link[href], area[href]")].map(a => a.href),
    ids: [...document.querySelectorAll("[id], a[name]")].map(e => e.id || e.name),
    alts: [...document.querySelectorAll("article img")].map(image => image.alt),
    answers: [...document.querySelectorAll("details.answer")].map(fold => fold.open),
    text: (() => {
        const walker = document.createTreeWalker(document.querySelector("main, article"), 4);
        const found = [];
        while (walker.nextNode()) {
            const around = walker.currentNode.parentElement;
            if (!around.closest("a, pre, code, summary, h1, h2, h3, .katex, script, style"))
                found.push(walker.currentNode.data);
        }
        return found.join("");
    })(),
})"""

WIDTH = """() => Math.max(  // Furo lets what the article stands in scroll, not the page
    ...[...document.querySelectorAll("html, .content")].map(element => element.scrollWidth))"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def base():
    """Serve the site from a folder of a host, as GitHub Pages does."""
    assert PAGES, "there is no site: uv run --group docs python docs/build.py"
    handler = functools.partial(Quiet, directory=HTML.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/html/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@contextlib.contextmanager
def watched(browser, base, **options):
    """Open a page that may ask nobody but this site; page.errors has all that goes wrong."""
    with new_page(browser, reduced_motion="reduce", **options) as page:

        def answer(route):
            if route.request.url.startswith(base):
                route.continue_()
            else:
                page.errors.append(f"asked for {route.request.url}")
                route.abort()

        def failed(request):
            if request.failure != "net::ERR_ABORTED":  # by leaving the page, or above
                page.errors.append(f"{request.failure}: {request.url}")

        page.route("**/*", answer)
        page.on("requestfailed", failed)
        page.on("response", lambda got: got.ok or page.errors.append(f"{got.status}: {got.url}"))
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        yield page


@pytest.fixture(scope="module")
def seen(browser, base):
    """Return what is on each page, and what went wrong there."""
    found = {}
    with watched(browser, base, viewport=LAPTOP) as page:
        for name in PAGES:
            page.goto(base + name, wait_until="load")
            page.mouse.wheel(0, 30_000)  # pictures load as they come into sight
            found[name] = page.evaluate(LOOK)
            page.set_viewport_size(PHONE)
            found[name]["width"] = page.evaluate(WIDTH)
            page.set_viewport_size(LAPTOP)
            found[name]["errors"], page.errors = page.errors, []
    return found


def tags(notebook):
    return re.findall(r"\\\\tag\{([\d.]+)\}", notebook.read_text("utf-8"))


def cells(notebook):
    return json.loads(notebook.read_text("utf-8"))["cells"]


def page_of(notebook):
    return f"notebooks/{notebook.stem}.html"


def test_nothing_goes_wrong_and_no_other_host_is_asked(seen):
    assert {name: page["errors"] for name, page in seen.items() if page["errors"]} == {}


def test_every_link_leads_somewhere(seen, base):
    dead = []
    for name, page in seen.items():
        for link in {link for link in page["links"] if link.startswith(base)}:
            address, anchor = urldefrag(link)
            target = unquote(urlsplit(address).path.removeprefix("/html/"))
            target += "index.html" if target.endswith("/") or not target else ""
            there = (HTML / target).is_file()
            if anchor and target in seen:
                there = unquote(anchor) in seen[target]["ids"]
            if not there:
                dead.append((name, link.removeprefix(base)))
    assert dead == []


def test_every_page_can_be_reached(seen, base):
    reached, new = set(), {"index.html"}
    while new:
        reached |= new
        links = {link.removeprefix(base) for name in new for link in seen[name]["links"]}
        new = {urlsplit(link).path or "index.html" for link in links} & set(seen) - reached
    assert set(seen) - reached == set()


def test_no_id_is_there_twice(seen):
    for name, page in seen.items():
        assert len(page["ids"]) == len(set(page["ids"])), name


def test_every_notebook_has_its_pictures_with_their_alt_texts(seen):
    for notebook in NOTEBOOKS:
        outputs = [output for cell in cells(notebook) for output in cell.get("outputs", [])]
        pictures = [output for output in outputs if "image/png" in output.get("data", {})]
        alts = [output["metadata"]["image/png"]["alt"] for output in pictures]
        assert seen[page_of(notebook)]["alts"] == alts


def test_every_answer_to_a_prediction_is_folded(seen):
    for notebook in NOTEBOOKS:
        settings = [cell["metadata"].get("jupyter", {}) for cell in cells(notebook)]
        folded = [True for setting in settings if setting.get("outputs_hidden")]
        assert seen[page_of(notebook)]["answers"] == [False] * len(folded)


def test_equations_are_where_their_mentions_lead(seen, base):
    where = {tag: page_of(notebook) for notebook in NOTEBOOKS for tag in tags(notebook)}
    assert len(where) > 200
    for tag, name in where.items():
        assert f"equation-{tag}" in seen[name]["ids"]
    for name, page in seen.items():
        left = {tag for tag in re.findall(r"\((\d+\.\d+)\)", page["text"]) if tag in where}
        assert left == set(), name
    to_3_4 = f"{base}notebooks/03_softmax_cross_entropy.html#equation-3.4"
    assert to_3_4 in seen["notebooks/04_backpropagation.html"]["links"]


def test_an_equation_that_is_led_to_is_in_sight(browser, base):
    with watched(browser, base, viewport=PHONE) as page:
        page.goto(base + "notebooks/04_backpropagation.html")
        page.locator("article a[href*='#equation-3.28']").first.click()
        page.wait_for_url("**/03_softmax_cross_entropy.html#equation-3.28")
        box = page.locator("[id='equation-3.28']").bounding_box()
        header = page.locator(".mobile-header").bounding_box()
        assert header["y"] + header["height"] < box["y"] < PHONE["height"] / 2
        assert not page.errors


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_start_page_says_on_one_screen_what_can_be_done(browser, base, size):
    with watched(browser, base, viewport=size) as page:
        page.goto(base)
        for name, address in DOORS.items():
            door = page.locator(".doors").get_by_role("link", name=name)
            box = door.bounding_box()
            assert box["y"] + box["height"] < size["height"]
            assert door.get_attribute("href").startswith(address)


def test_a_phone_scrolls_no_page_sideways(seen):
    assert {name for name, page in seen.items() if page["width"] > PHONE["width"]} == set()


def test_a_wide_equation_scrolls_by_itself_and_by_keys(browser, base):
    with watched(browser, base, viewport=PHONE) as page:
        page.goto(base + page_of(NOTEBOOKS[3]))
        wide = page.locator(".math-wrapper[tabindex='0']").first
        wide.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("element => element.scrollLeft > 0", arg=wide.element_handle())
        assert not page.errors


@pytest.mark.parametrize(
    ("size", "scheme", "names"),
    [
        (PHONE, "dark", ["index", "run", "search", "notebooks/07_initialization_lab"]),
        (LAPTOP, "light", ["index", "core", "classroom/index", "notebooks/07_initialization_lab"]),
    ],
    ids=["phone", "laptop"],
)
def test_axe_finds_nothing_serious(browser, base, size, scheme, names):
    # All folds open. Of a formula only its MathML stays: the other half is hidden from readers.
    prepare = """() => {
        for (const fold of document.querySelectorAll("details")) fold.open = true;
        for (const half of document.querySelectorAll(".katex-html")) half.remove();
    }"""
    with watched(browser, base, viewport=size, color_scheme=scheme) as page:
        for name in names:
            page.goto(f"{base}{name}.html")
            page.evaluate(prepare)
            found = Axe().run(page).response["violations"]
            serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
            assert not serious, (name, [(rule["id"], rule["nodes"][0]["html"]) for rule in serious])


def test_a_notebook_can_be_downloaded_and_opened_in_the_browser_edition(seen, base):
    for notebook in NOTEBOOKS:
        assert f"{base}notebooks/{notebook.name}" in seen[page_of(notebook)]["links"]
        assert (HTML / "notebooks" / notebook.name).read_bytes() == notebook.read_bytes()
        opened = f"{base}lite/lab/index.html?path={notebook.name}"
        edition = HTML / "lite" / "files" / notebook.name
        assert (opened in seen[page_of(notebook)]["links"]) == edition.is_file()


def test_search_finds_a_word(browser, base):
    with watched(browser, base, viewport=LAPTOP) as page:
        page.goto(base)
        page.locator(".sidebar-search").fill("cross-entropy")
        page.keyboard.press("Enter")
        page.wait_for_selector("ul.search li")
        assert page.locator("ul.search a[href*='03_softmax']").count()
        assert not page.errors


def test_light_and_dark_can_be_chosen(browser, base):
    def paper(page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    with watched(browser, base, viewport=LAPTOP, color_scheme="light") as page:
        page.goto(base)
        light = paper(page)
        page.emulate_media(color_scheme="dark")
        dark = paper(page)
        assert light != dark
        page.get_by_role("button", name=re.compile("theme")).locator("visible=true").click()
        assert paper(page) == light
        page.goto(base + page_of(NOTEBOOKS[0]))
        assert paper(page) == light


def test_on_paper_folds_are_open_and_links_stay_within(browser, tmp_path):
    script = runpy.run_path(str(ROOT / "docs" / "pdf.py"))
    some = [NOTEBOOKS[3], NOTEBOOKS[5]]
    paths = [HTML / page_of(notebook) for notebook in some]
    with new_page(browser) as page:
        script["print_pages"](page, paths, tmp_path / "some.pdf")
        assert not page.errors
    pdf = PdfReader(tmp_path / "some.pdf")

    words = "".join(page.extract_text() for page in pdf.pages).split()
    for notebook in some:
        for cell in cells(notebook):
            if cell["metadata"].get("jupyter", {}).get("outputs_hidden"):
                printed = [output for output in cell["outputs"] if "text" in output]
                last_line = "".join(printed[0]["text"]).splitlines()[-1].split() if printed else []
                assert set(last_line) <= set(words)

    assert pdf.metadata.title == "Understand a neural network by building one"
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert [title.partition(" ")[0] for title in titles] == ["3", "5"]
    links = [link.get_object() for page in pdf.pages for link in page.get("/Annots", [])]
    addresses = [link["/A"]["/URI"] for link in links if "/URI" in link.get("/A", {})]
    assert all(address.startswith("https://") for address in addresses)
    assert len(links) - len(addresses) > 20  # to equations
