"""A notebook as a page: its cells as HTML, made safe, with contents and links that work."""

import copy
import functools
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag
from markupsafe import escape
from nbconvert import HTMLExporter

from analysis.site.excerpts import EXCERPT, Excerpts, excerpt
from analysis.site.reader import safe_url

_FORBIDDEN = ("script", "style", "iframe", "object", "embed", "form", "link", "meta", "base")
_LONG = 24  # rows of a table that is folded
_MISLEADS = "mislead"  # in the heading under which a notebook says where it fails
_NUMBER = re.compile(r"[+−-]?[\d.,]+\s?%?|–|NaN")


@functools.cache
def _exporter() -> HTMLExporter:
    return HTMLExporter(template_name="notebook", exclude_anchor_links=True,
                        extra_template_basedirs=[str(Path(__file__).parent / "templates")])


class Page:
    """One notebook's page.

    Parameters
    ----------
    name : str
        The notebook's name without suffix.
    article_page : callable
        From an article_id to the page that holds the article; KeyError for an unknown one.
    pages : set of str
        The site's pages: links to others are taken out.
    """

    def __init__(self, name: str, notebook: nbformat.NotebookNode, article_page: Callable,
                 pages: set[str]):
        self.page, self._article_page, self._pages = f"{name}.html", article_page, pages
        self.soup = BeautifulSoup(_exporter().from_notebook_node(notebook)[0], "html.parser")
        self.annotated = bool(self.soup.select(".shown"))
        self.coded = bool(self.soup.select("details.code"))
        self._make_safe()
        self._link_references()
        self.contents = self._anchor_headings()
        for number, table in enumerate(self.soup.find_all("table"), start=1):
            _make_table_readable(self.soup, table, number)
        self.figures: dict[str, str] = {}  # title by name, in the order of the page
        for figure in self.soup.find_all("figure"):
            if (name := figure.get("data-figure")) and figure.b:
                self.figures.setdefault(name, figure.b.get_text().rstrip("."))
            self._caption(figure)
        title = self.soup.h1
        asked = title.find_next("p") if title else None
        self.title = _words(title.extract()) if title else name
        self.question = excerpt(_words(asked), 220) if asked else ""

    @property
    def body(self) -> str:
        """The page's cells as HTML."""
        return str(self.soup)

    def _make_safe(self) -> None:
        for tag in self.soup.find_all(_FORBIDDEN):
            tag.decompose()
        for tag in self.soup.find_all(True):
            for name in [name for name in tag.attrs if name.lower().startswith("on")]:
                del tag[name]
            if tag.name == "img" and not tag.get("src", "").startswith("data:image/"):
                tag.replace_with(tag.get("alt", ""))
            elif tag.name == "a" and tag.has_attr("href"):
                tag["href"] = self._target(tag["href"])
                if not tag["href"]:
                    tag.name, tag.attrs = "span", {}

    def _target(self, href: str) -> str:
        """Return where a notebook's link leads on the site, nothing where it leads nowhere."""
        if safe_url(href) or href.startswith(("#", "mailto:")):
            return href
        name, _, anchor = href.partition("#")
        name = re.sub(r"\.ipynb\Z", ".html", name.rsplit("/", 1)[-1])
        if name == "reader.html" and anchor:
            with suppress(KeyError):
                name = self._article_page(anchor.rpartition("-")[0])
        if name not in self._pages:
            return ""
        return f"{name}#{anchor}" if anchor else name

    def _link_references(self) -> None:
        """Link the places that a notebook names in words: ``<cite data-at="vox-31">``."""
        for cite in self.soup.select("cite[data-at]"):
            at = cite.attrs.pop("data-at")
            with suppress(KeyError):
                link = self.soup.new_tag(
                    "a", href=f"{self._article_page(at.rpartition('-')[0])}#{at}")
                link.extend(list(cite.contents))
                cite.append(link)

    def link_sentences(self, excerpts: Excerpts) -> None:
        """Link an article's words that stand alone in a cell."""
        for words in self.soup.select("td > bdi, .evidence bdi"):
            around = words.find_parent(["blockquote", "td"])
            if around.find("a") or words.find_parent(["a", "summary"]):
                continue
            bare = copy.copy(words)  # without the scores that may stand between its words
            for score in bare.find_all("sub"):
                score.decompose()
            if href := excerpts.link(bare.get_text()):
                words.wrap(self.soup.new_tag("a", href=href))

    def link_terms(self, terms: Iterable[dict]) -> None:
        """Link each term where it first stands in the page's sentences to what it means."""
        for term in terms:
            pattern = re.compile(rf"(?<![\w-])({term['pattern']})(?![\w-])", re.IGNORECASE)
            for words in self.soup.find_all(string=pattern):
                if words.find_parent(["p", "li"]) and not words.find_parent(
                        ["a", "code", "pre", "summary", "figure", "blockquote", "table", "bdi"]):
                    before, found, after = pattern.split(words, maxsplit=1)[:3]
                    link = self.soup.new_tag("a", href=f"terms.html#{term['id']}",
                                             attrs={"class": "term"})
                    link.string = found
                    words.replace_with(*filter(None, (before, link, after)))
                    break

    def leave_out(self, excerpts: Excerpts) -> None:
        """Cut words of articles to excerpts, and leave them out where too much has been shown."""
        for article in self.soup.select(".shown"):
            article.replace_with(_element("<p>This report leaves out the articles’ texts.</p>"))
        for words in self.soup.find_all(string=True):
            if not excerpts.afford(excerpt(words)):
                words.replace_with("[not quoted in this copy]")
            elif len(words) > EXCERPT and excerpts.known(words):
                words.replace_with(excerpt(words))

    def _anchor_headings(self) -> list[dict]:
        """Give every heading an anchor and a level that leaves none out; return the contents."""
        used, entries, level = set(), [], 0
        for tag in self.soup.find_all(re.compile(r"\Ah[1-6]\Z")):
            wanted = max(int(tag.name[1]), 2 if level else 1)
            level = min(wanted, level + 1)
            tag.name, text = f"h{level}", _words(tag)
            slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "section"
            anchor, number = slug, 1
            while anchor in used:
                number += 1
                anchor = f"{slug}.{number}"
            used.add(anchor)
            tag["id"] = anchor
            if level == 2 and not tag.find_parent(class_="shown"):
                entries.append({"id": anchor, "text": text})
        return entries

    def _caption(self, figure: Tag) -> None:
        """Link a figure's files."""
        if figure.figcaption is None:
            return
        if name := figure.get("data-figure"):
            if figure.img:  # the drawing without its raster: as large as a reader wants it
                figure.img.wrap(self.soup.new_tag("a", href=f"figures/{name}.svg"))
            files = (f'<a href="figures/{name}.{kind}">{kind.upper()}<span class="unseen"> of the '
                     f"figure {name}</span></a>" for kind in ("svg", "png", "csv"))
            figure.figcaption.append(_element(f'<p class="files">{" · ".join(files)}</p>'))

    @property
    def misleading(self) -> str:
        """The anchor of what the notebook says of where it can mislead, "" where it does not."""
        heads = self.soup.find_all("h2")
        return next((head["id"] for head in heads if _MISLEADS in head.get_text()), "")


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _element(markup: str) -> Tag:
    return BeautifulSoup(markup, "html.parser").find(True)


def _make_table_readable(soup: BeautifulSoup, table: Tag, number: int) -> None:
    """Give a table headers with a scope, digits to the right, and a frame that scrolls."""
    table.attrs.pop("border", None)
    for cell in table.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"
            cell.attrs.pop("scope", None)
        elif not cell.has_attr("scope"):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
    for cell in table.find_all("td", class_=False):
        text = cell.get_text(strip=True)
        if _NUMBER.fullmatch(text):
            cell["class"] = "number"
        elif len(text) > 60:
            cell["class"] = "wide"
    caption = table.caption.get_text(" ", strip=True) if table.caption else "Table"
    frame = table.parent
    if frame.get("role") != "region":
        frame = table.wrap(soup.new_tag("div", attrs={
            "class": "table", "role": "region", "tabindex": "0"}))
    frame["aria-label"] = f"{excerpt(caption, 100)} (table {number})"
    if (rows := len(table.select("tbody tr"))) > _LONG:
        folded = frame.wrap(soup.new_tag("details", attrs={"class": "long"}))
        folded.insert(0, _element(f"<summary>{escape(caption)} ({rows} rows)</summary>"))
