"""The pages in a browser: nothing fails, nothing is fetched, everybody can use them.

Skipped where no browser is found: install chromium, or name one in CHROMIUM.
"""

import html
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from analysis import compare, load
from analysis.corpus.read import load_corpus
from analysis.definitions import ROOT
from analysis.pipeline import tables_of
from analysis.site import excerpts, report

BROWSER = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on the path")
WIDTHS = (360, 768, 1440)
HOSTILE = ("<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">\r\n"
           "“{{ 7 * 7 }} ]]> &lt;i&gt; </p></main></script>,” said Ann \u202eLee.\n\n"
           "Ann Lee denied that the bridge was shut <svg onload=document.title='run'>. It was.")


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Three reports: the bundled articles from the committed notebooks, thirteen, hostile ones."""
    folder = tmp_path_factory.mktemp("sites")
    notebooks = {path.stem: nbformat.read(path, as_version=4)
                 for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    (folder / "many.csv").write_text("article_id,outlet,text\n" + "".join(
        f'n.{i},Outlet {i % 5},"“It is open,” Ann Lee said. It was not."\n' for i in range(13)),
        encoding="utf-8")
    evil = folder / "evil"
    (evil / "articles").mkdir(parents=True)
    for key in ("a", "b"):
        (evil / "articles" / f"{key}.txt").write_bytes(HOSTILE.encode())
    (evil / "articles.csv").write_text(
        "article_id,outlet,headline,author,url,genre,event\n"
        "a,<script>document.title='run'</script>,</title><img src=x onerror=alert(1)>,"
        "\u202eevil,javascript:alert(1),<b>,]]>\n"
        "b,South {{ 7*7 }},&lt;i&gt;,</bdi>,data:text/html;x,\"\"\"><svg onload=alert(1)>\",\n",
        encoding="utf-8")
    bundled = load(ROOT / "data")
    claims = compare.claims(bundled)
    return {"bundled": _site(bundled, folder / "bundled", notebooks, claims),
            "without": _site(bundled, folder / "without", notebooks, claims, True),
            "many": _site(load(folder / "many.csv"), folder / "many", {}),
            "evil": _site(load(evil), folder / "evil-site", {"00-evil": _evil_notebook()})}


def _site(t, folder: Path, notebooks: dict, claims=None, without_texts: bool = False) -> Path:
    """Render executed notebooks, with the figures of the repository."""
    claims = compare.claims(t) if claims is None else claims
    folder.mkdir()
    (folder / "figures").mkdir()
    if t.bundled:
        shutil.copytree(ROOT / "figures", folder / "figures", dirs_exist_ok=True)
    home, _ = tables_of(load_corpus(t.path), False)
    tables = report._write_tables(home, claims, folder / "tables")
    site = report.Site(t, claims, folder, [Path(name) for name in notebooks], without_texts)
    for name, notebook in notebooks.items():
        site.add(Path(name), notebook)
    site.write(tables)
    return folder


def _evil_notebook():
    evil = "<script>document.title='run'</script><a href='javascript:alert(1)'>x</a>"
    output = nbformat.v4.new_output("display_data", {"text/markdown": f"## {evil}"})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# T"),
                                           nbformat.v4.new_code_cell("x", outputs=[output])])


@pytest.fixture(scope="module")  # while it lives, its event loop runs in this thread
def chromium():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """A function that opens a page and fails on any console error or request beyond the file."""
    contexts, problems = [], []

    def go(path: Path, anchor: str = "", **options):
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text)
                if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url)
                if not request.url.startswith(("data:", path.as_uri())) else None)
        page.goto(path.as_uri() + anchor)
        return page

    yield go
    for context in contexts:
        context.close()
    assert problems == []


def _pages(site: Path) -> list[Path]:
    return sorted(site.glob("*.html"))


def test_pages_load_nothing_weigh_little_and_never_scroll_sideways(sites, visit):
    for site in sites.values():
        for path in _pages(site):
            assert path.stat().st_size <= 1_500_000, path.name
    changed = [sites["without"] / name for name in ("reader.html", "index.html")]
    for path in [*_pages(sites["bundled"]), *changed, sites["many"] / "reader.html",
                 *_pages(sites["evil"])]:
        page = visit(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert beyond <= 0, f"{path.name} at {width}"
        page.context.close()


def test_all_links_and_anchors_resolve(sites):
    for site in sites.values():
        pages = {path.name: path.read_text("utf-8") for path in _pages(site)}
        ids = {name: {html.unescape(found) for found in re.findall(r'\sid="([^"]*)"', page)}
               for name, page in pages.items()}
        for where, page in pages.items():
            for href in map(html.unescape, re.findall(r'<a [^>]*?href="([^"]*)"', page)):
                name, _, anchor = href.partition("#")
                if href.startswith(("https://", "http://")):
                    continue
                assert (site / (name or where)).exists(), f"{where}: {href}"
                assert not anchor or anchor in ids[name or where], f"{where}: {href}"


def test_axe_finds_no_violation_on_any_page_in_light_and_dark(sites, visit):
    def unjudged(found, path):
        """Cells of tables whose contrast axe could not judge: none may be left."""
        return [(path.name, node["html"][:120]) for one in found.response["incomplete"]
                if one["id"] == "color-contrast" for node in one["nodes"]
                if node["html"].startswith(("<td", "<th"))]

    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # A scheme changes colours alone: what else axe looks at is the same document. What passes
    # need not be described.
    colours = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    # Other sites are made by the same templates: their pages differ in words, not in colours.
    others = [sites[site] / name for site in ("without", "evil")
              for name in ("reader.html", "index.html")]
    for path in [*_pages(sites["bundled"]), *others, sites["many"] / "reader.html"]:
        page = visit(path, color_scheme="light", bypass_csp=True)
        if path.name == "reader.html":  # with every layer on, and the panel open
            page.evaluate("for (const box of document.querySelectorAll('.layers input'))"
                          " if (!box.checked) box.click()")
            if page.locator(".text .s").count():
                page.locator(".text .s").nth(2).focus()
        dark = [("dark", colours)] * (path not in others)
        for scheme, rules in [("light", {}), *dark]:
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options=rules | {
                "resultTypes": ["violations", "incomplete"]})
            assert unjudged(found, path) == []
            found = found.response["violations"]
            assert [(path.name, scheme, one["id"], one["nodes"][0]["html"][:200])
                    for one in found] == []
        page.context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_each_layer_is_switched_by_the_keyboard_alone(sites, visit, javascript):
    page = visit(sites["bundled"] / "reader.html", java_script_enabled=javascript)
    marks = {"voice": (".v-quoted", "background-color"), "attributions": (".said", "border-bottom"),
             "targets": (".m", "border-bottom"), "cues": (".framing", "text-decoration-line"),
             "agency": (".as-agent", "font-weight"), "tone": (".s[data-t]", "::before"),
             "frames": (".s[data-f]", "::after"), "furniture": (".text .furniture", "border-left"),
             "notes": (".notes-note", "display"), "record": (".record-note", "display"),
             "compare": (".x-said", "text-decoration-line")}
    for layer, (selector, style) in marks.items():
        def look(selector=f".tellings {selector}", style=style):
            script = ("(e, s) => s.startsWith('::') ? getComputedStyle(e, s).content"
                      " : getComputedStyle(e).getPropertyValue(s)")
            return page.locator(selector).first.evaluate(script, style)

        before = look()
        page.locator(f"#layer-{layer}").focus()
        page.keyboard.press("Space")
        assert look() != before, layer


def test_without_javascript_the_page_holds_the_same_text(sites, visit):
    texts = load(ROOT / "data").texts
    held = "[...document.querySelectorAll('.text')].map(e => e.textContent)"
    for javascript in (True, False):
        page = visit(sites["bundled"] / "reader.html", java_script_enabled=javascript)
        assert page.evaluate(held) == list(texts.values())


def test_the_panel_tells_by_keyboard_and_pointer_what_is_said_of_a_sentence(sites, visit):
    page = visit(sites["bundled"] / "reader.html", "#vox-10")
    panel = page.locator("#panel")
    assert "Vox, sentence 10" in panel.inner_text()
    page.keyboard.press("ArrowDown")
    assert "Vox, sentence 11" in panel.inner_text()
    assert page.evaluate("document.activeElement.id") == "vox-11"
    page.keyboard.press("3")
    assert page.locator("#layer-tone").is_checked()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    handle = page.locator("#text\\:vox .cue[tabindex]").first
    handle.focus()
    assert "cue “" in panel.inner_text() and page.locator(".lit").count() >= 2
    page.keyboard.press("Escape")
    page.locator("#text\\:duran .said").first.hover()
    assert panel.is_hidden() and page.locator(".lit").count()  # it opens on a click alone
    page.locator("#text\\:duran .said").first.click()
    assert "The Duran, sentence" in panel.inner_text()


def test_the_link_of_a_claim_opens_its_layer_coder_actor_and_mention(sites, visit):
    page = visit(sites["bundled"] / "reader.html", "#vox-3.targets.coder-b.51")
    assert page.locator("#layer-targets").is_checked()
    assert not page.locator("#layer-attributions").is_checked()
    assert page.locator("#actor option:checked").inner_text() == "Donald Trump"
    assert page.locator(".asked").inner_text() == "Trump"
    assert page.locator("#panel .sought").inner_text() == (
        "Trump (Donald Trump): negative, held by author, coder b")
    assert page.locator("#panel dt").first.inner_text() == "polarity"


def test_what_is_chosen_stands_in_the_address_and_comes_back_from_it(sites, visit):
    page = visit(sites["bundled"] / "reader.html")
    page.get_by_role("button", name="Frames").click()
    page.get_by_role("button", name="The Duran").click()
    page.fill("#find", "trolling")
    asked = page.evaluate("location.search")
    assert "layers=frames+furniture" in asked and "show=duran" in asked and "find=trolling" in asked
    page = visit(sites["bundled"] / "reader.html", asked.replace("show=duran", "show=examiner"))
    assert page.locator("#layer-frames").is_checked()
    assert not page.locator("#layer-voice").is_checked()
    assert page.locator(".telling").filter(visible=True).count() == 1
    assert page.locator("#found").inner_text().endswith("sentences")
    page.evaluate("location.hash = '#vox-3'")  # a link into an article that is away shows it
    page.wait_for_function("document.querySelector('.s.now')?.id === 'vox-3'")
    assert page.locator("#text\\:vox").is_visible()


@pytest.mark.parametrize("typed", ["There's just one problem", "There’s just one problem",
                                   '"mass psychosis', "aggressive, delusional, and dangerous"])
def test_search_folds_quotation_marks_and_dashes(sites, visit, typed):
    page = visit(sites["bundled"] / "reader.html")
    page.fill("#find", typed)
    assert page.locator("#found").inner_text() == "1 sentence"


def test_the_answers_stand_within_the_first_screen(sites, visit):
    page = visit(sites["bundled"] / "index.html")
    assert page.locator(".questions").bounding_box()["y"] < 220
    box = page.locator(".questions").bounding_box()
    assert box["y"] + box["height"] <= 900
    page.set_viewport_size({"width": 390, "height": 844})
    shown = page.locator(".questions thead th").filter(visible=True)
    assert shown.count() == 1
    page.get_by_label("The Duran").check()
    assert "The Duran" in shown.inner_text()


@pytest.mark.parametrize("width, height", [(1440, 900), (768, 1024), (390, 844)])
def test_the_first_sentence_stands_within_the_first_screen(sites, visit, width, height):
    page = visit(sites["bundled"] / "reader.html", viewport={"width": width, "height": height})
    assert page.locator(".text .s").first.bounding_box()["y"] < height - 20


def test_a_printed_table_is_not_cut(sites, visit):
    page = visit(sites["bundled"] / "record.html", viewport={"width": 660, "height": 900})
    page.emulate_media(media="print")
    beyond = page.evaluate("[...document.querySelectorAll('td, th')].filter("
                           "e => e.getBoundingClientRect().right > innerWidth + 1).length")
    assert beyond == 0


def test_search_actor_instrument_and_map_lead_to_sentences(sites, visit):
    page = visit(sites["bundled"] / "reader.html")
    page.fill("#find", "arsonist")
    assert page.locator("#found").inner_text() == "1 sentence"
    page.locator("#find").press("Enter")
    assert "arsonist" in page.locator(".s.now").inner_text()
    page.fill("#find", "")
    page.select_option("#actor", label="Vladimir Putin")
    dim, total = page.locator(".s.dim").count(), page.locator(".text .s").count()
    assert 0 < dim < total
    first = page.locator(".s[data-t]").first.get_attribute("data-t")
    page.select_option("#instrument", label="coder d")
    assert {"+1.00", "−1.00", "0.00"} >= set(page.evaluate(
        "[...document.querySelectorAll('.tellings .s[data-t]')].map(e => e.dataset.t)"))
    assert first is not None
    stripe = page.locator("#text\\:vox .map a").first
    stripe.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("location.hash") == "#vox-3"
    assert page.locator(".s.now").get_attribute("id") == "vox-3"


def test_nothing_in_a_hostile_corpus_runs_even_without_the_policy(sites, visit):
    for path in _pages(sites["evil"]):
        page = visit(path, bypass_csp=True)
        for element in page.locator("a").all()[:60]:
            assert not (element.get_attribute("href") or "").startswith(("javascript:", "data:"))
        assert page.title() != "run" and page.locator("main script, main img[src=x]").count() == 0
        page.context.close()
    page = visit(sites["evil"] / "reader.html")
    texts = page.evaluate("[...document.querySelectorAll('.text')].map(e => e.textContent)")
    assert texts == [HOSTILE, HOSTILE]


def test_a_report_without_texts_holds_no_long_stretch_of_an_article(sites):
    from bs4 import BeautifulSoup

    for key, text in load(ROOT / "data").texts.items():
        words = text.split()
        for path in sorted(sites["without"].rglob("*")):
            if path.suffix not in (".html", ".csv", ".svg"):
                continue
            held = path.read_text("utf-8")
            held = BeautifulSoup(held, "html.parser").get_text(" ") if path.suffix == ".html" else (
                held)
            held = " ".join(held.split())
            for i in range(0, len(words) - 60, 10):
                assert " ".join(words[i : i + 60]) not in held, (path.name, key, i)
    assert "leaves the articles’ texts out" in (sites["without"] / "index.html").read_text("utf-8")
    assert excerpts.EXCERPT <= 240


def test_a_page_prints_its_text_and_not_its_controls(sites, visit):
    page = visit(sites["bundled"] / "reader.html")
    page.emulate_media(media="print")
    assert page.locator(".switches, .help, #panel").filter(visible=True).count() == 0
    assert page.locator(".text").first.is_visible()
