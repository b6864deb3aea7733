"""Runs the notebooks and puts the report together: one folder of pages that load nothing.

A content security policy lets no script run but the reader's own, so that a text which brings
its own stays a text.
"""

import base64
import hashlib
import io
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import nbformat
import pandas as pd
from markupsafe import Markup

from analysis import compare
from analysis.corpus.disk import csv_bytes, write_whole
from analysis.corpus.read import load_corpus
from analysis.corpus.store import copy_table
from analysis.definitions import COLUMNS, ROOT, side_name
from analysis.pipeline import tables_of
from analysis.site import front, reader
from analysis.site.excerpts import Excerpts, excerpt
from analysis.site.layers import LAYERS, Place, Shelf, Telling
from analysis.site.notebooks import listed
from analysis.site.pages import Page
from analysis.site.run import execute
from analysis.tables import load

SITE = "Three Tellings"
# The layer on which the evidence of a family of claims is seen; sides have their mentions.
_LAYER_OF = {"Entman's functions": "frames", "sourcing": "attributions", "sentence tone": "tone",
             "stance": "cues"}
_VERDICTS = ["supported", "direction_only", "not_supported", "not_testable"]
_LISTED = 24  # articles that the index names


def build_site(corpus: Path | None, out: Path, without_texts: bool = False,
               skip_refused: bool = False, notebooks: Iterable[Path] | None = None,
               without_tone: bool = False) -> None:
    """Execute the notebooks on a corpus and write the report, whole or not at all.

    Parameters
    ----------
    without_texts : bool
        Leave the full texts out and keep short excerpts as evidence.
    notebooks : iterable of path, optional
        By default those of the project, in the order of their names.
    without_tone : bool
        Leave out the instruments' tone, which is most of what a large corpus costs.

    Raises
    ------
    CorpusError
        If the corpus is refused.
    ChildProcessError
        If a notebook fails on it.
    """
    paths = listed() if notebooks is None else list(notebooks)
    t = load(corpus, skip_refused=skip_refused, without_tone=without_tone)
    claims = compare.claims(t, power=True)
    with write_whole(Path(out)) as folder:
        home, _ = tables_of(load_corpus(t.path, skip_refused), False, skip=skip_refused,
                            tone=False if without_tone else None)
        tables = _write_tables(home, claims, folder / "tables")
        site = Site(t, claims, folder, paths, without_texts)
        (folder / "figures").mkdir()
        execute(paths, corpus, site.add, ANALYSIS_FIGURES=str(folder / "figures"),
                ANALYSIS_WITHOUT_TEXTS=without_texts, ANALYSIS_SKIP_REFUSED=skip_refused,
                ANALYSIS_WITHOUT_TONE=without_tone)
        site.write(tables)
        if len(t.refused):
            (folder / "refused.csv").write_bytes(csv_bytes(t.refused))


def _write_tables(home: Path, claims: pd.DataFrame, folder: Path) -> list[dict]:
    folder.mkdir()
    listed = []
    for name in COLUMNS:
        made = folder / f"{name}.csv"
        copy_table(claims if name == "claims" else home / made.name, made)
        listed.append({"name": name, "rows": len(pd.read_csv(made, usecols=[0]))})
    return listed


class Site:
    """The pages of one report, as they are put together."""

    def __init__(self, t, claims: pd.DataFrame, folder: Path, paths: list[Path],
                 without_texts: bool):
        self.t, self.claims, self.folder, self.without_texts = t, claims, folder, without_texts
        self.order = [path.stem for path in paths]
        self.ids = list(t.articles["article_id"])
        self.names = {"index.html", "reader.html", "trust.html", "terms.html", "record.html",
                      *map(self.article_page, self.ids), *(f"{name}.html" for name in self.order)}
        self.pages: dict[str, Page] = {}
        self.titles: dict[str, str] = {}  # of figures, by name
        self.places: set[Place] = set()  # mentions that something leads to
        self.templates = reader.templates()
        self.terms = listing("terms")
        self.title = "Three tellings of Russia" if t.bundled else (
            f"{len(self.ids)} tellings" if len(self.ids) > 1 else "One telling")
        self.facts = {  # that every page may state
            "site": SITE if t.bundled else self.title, "bundled": t.bundled, "remarks": t.remarks,
            "hues": reader.outlet_styles(t.outlets), "scope": front.scope(t), "t": t,
            "without_texts": without_texts, "has_record": bool(len(t.record)),
            "coders": front.coders(t), "made_by": front.made_by(t), "version": metadata.version,
            "counts": front.counts_sentence(t), "tested": front.tested(claims)}

    def article_page(self, article_id: str) -> str:
        """Return the page that holds an article; KeyError where the corpus has no such article."""
        if article_id not in self.t.texts:
            raise KeyError(article_id)
        return reader.page_of(self.t, article_id)

    def add(self, path: Path, notebook: nbformat.NotebookNode) -> None:
        """Take in an executed notebook, in whatever order they come."""
        self.pages[path.stem] = Page(path.stem, notebook, self.article_page, self.names)

    def link(self, article_id: str, start: int, place: Place | None = None) -> str:
        """Return the address of the sentence at a place, or of one mention with its reading."""
        rows = self.t.sentences
        at = rows[(rows["article_id"] == article_id) & (rows["start"] <= start)
                  & (rows["end"] > start)]
        if at.empty:
            return ""
        number = int(at["sentence"].iloc[0])
        page = f"{self.article_page(article_id)}#{article_id}-{number}"
        if place is None or self.without_texts:
            return page
        self.places.add(place._replace(sentence=number))
        return f"{self.article_page(article_id)}#{place._replace(sentence=number).id}"

    def write(self, tables: list[dict]) -> None:
        """Write every page, the index first."""
        pages = [self.pages[name] for name in self.order]
        self.titles = {name: title for page in pages for name, title in page.figures.items()}
        self.excerpts = excerpts = Excerpts(self.t, self.article_page)
        rows = front.rows(self.t, self.link)
        claims = self._families()
        if self.without_texts:  # the evidence of what is said comes before anything else
            for told in (entry for row in rows for own in row.told.values() for entry in own):
                told["words"] = self._afforded(told["words"])
        for page in pages:
            page.link_sentences(excerpts)
            if self.without_texts:
                page.leave_out(excerpts)
            page.link_terms(self.terms)
        self._shorten_figures()
        self._write_index(pages, tables, rows, claims)
        for i, page in enumerate(pages):
            self._write(page.page, "page.html", title=page.title, kind="notebook",
                        body=Markup(page.body), contents=page.contents, annotated=page.annotated,
                        coded=page.coded, before=pages[i - 1] if i else None,
                        after=pages[i + 1] if i + 1 < len(pages) else None)
        self._write_others(pages)
        self._write_reader(excerpts if self.without_texts else None)
        (self.folder / "CITATION.cff").write_bytes(_citation())

    def _write(self, name: str, template: str, script: str = "", annotated: bool = False, **more):
        style = reader.asset("site.css") + (reader.asset("reader.css") if annotated else "")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        page = self.templates.get_template(template).render(
            style=style, unscripted=reader.unscripted(style), script=Markup(script),
            script_hash=f"'sha256-{digest}'" if script else "", **self.facts | more)
        (self.folder / name).write_text(page, "utf-8", newline="\n")

    def _afforded(self, words: str) -> str:
        return excerpt(words) if self.excerpts.afford(excerpt(words)) else ""

    def _shorten_figures(self) -> None:
        """Cut the words of articles in the figures' tables where texts are left out."""
        for path in sorted((self.folder / "figures").glob("*.csv")) * self.without_texts:
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            table.map(excerpt).to_csv(path, index=False, lineterminator="\n")

    def _write_index(self, pages: list[Page], tables: list[dict], rows: list[front.Row],
                     claims: list[dict]) -> None:
        shelf, everything = Shelf(self.t), self.t.articles.to_dict("records")
        for article in everything:
            article["hue"] = self.t.outlets.index(article["outlet"]) + 1
            article["link"] = f"{self.article_page(article['article_id'])}" \
                              f"#text:{article['article_id']}"
        readers = sorted({name for table in (self.t.readings, self.t.notes)
                          for name in table.get("reader", []) if name})
        self._write("index.html", "index.html", title=self.title, kind="index",
                    outlets=self.t.outlets, first=[row for row in rows if row.cells],
                    told=[row for row in rows if row.told], readers=readers,
                    strip=lambda article: reader.voices_strip(Telling(shelf, article)),
                    articles=everything, listed=_LISTED,
                    particulars=front.particulars(self.t).reset_index().to_dict("records"),
                    families=claims, pages=[self._card(page) for page in pages],
                    figures=self._gallery(), tables=tables)

    def _families(self) -> list[dict]:
        if self.claims.empty:
            return []
        rank = {verdict: i for i, verdict in enumerate(_VERDICTS)}
        members, families = self.claims[self.claims["member"].astype(bool)], []
        members = members.assign(spoken=members["verdict"].str.replace(
            "direction_only", "leaning").str.replace("_", " "))
        for name, rows in members.groupby("family", sort=False):
            rows = rows.iloc[rows["verdict"].map(rank).argsort(kind="stable")]
            tally = rows["spoken"].value_counts(sort=False)
            families.append({
                "name": name, "tally": ", ".join(f"{n} {verdict}" for verdict, n in tally.items()),
                "claims": [row | {"link": self._evidence(row)} for row in rows.to_dict("records")]})
        return families

    def _evidence(self, claim: dict) -> str:
        """Return the address of a claim's evidence, with the layer and coder that it rests on.

        Where the claim is about mentions, that of the mention: its reading, actor, holder and
        polarity are the claim's.
        """
        key, start, end = (claim[f"evidence_{part}"] for part in ("article", "start", "end"))
        if not key or pd.isna(start):
            return ""
        coders = [f"coder {name}" for name in filter(None, claim["evidence_coder"].split("|"))]
        if claim["family"] != "tone toward sides":
            layer = _LAYER_OF.get(claim["family"], "voice")
            return self.link(key, int(start), Place(key, 0, layer, coders[0] if coders else "",
                                                    int(start)))
        rows = self.t.targets
        names = {side: side_name(side, self.t.actors) for side in rows["side"].unique()}
        outlet = self.t.articles.set_index("article_id")["outlet"][key]
        sign = (1 if outlet == claim["outlet"] else -1) * (1 if claim["effect"] > 0 else -1)
        found = rows[(rows["article_id"] == key) & (rows["start"] >= start) & (rows["end"] <= end)
                     & (rows["holder"] == "author") & (rows["score"] * sign > 0)
                     & (rows["side"].map(names) == claim["measure"].removeprefix("toward "))
                     & rows["by"].isin(coders or [claim["instrument"]])]
        if found.empty:
            return self.link(key, int(start))
        named = found["target"].isin(claim["evidence_actor"].split("|"))
        return front.place_link(found.assign(named=named).sort_values(
            ["named", "used"], ascending=False, kind="stable").iloc[0], self.link)

    def _card(self, page: Page) -> dict:
        path = self.folder / "figures" / f"{next(iter(page.figures), '')}.png"
        return {"page": page.page, "title": page.title, "question": page.question,
                "picture": _thumbnail(path, 640) if path.exists() else ""}

    def _gallery(self) -> list[dict]:
        """Return what lies in the folder of figures, in the order of the argument."""
        found = {path.stem: path for path in sorted((self.folder / "figures").glob("*.png"))}
        order = [name for name in self.titles if name in found]
        return [{"name": name, "picture": _thumbnail(found[name], 400),
                 "title": self.titles.get(name, name)} for name in dict.fromkeys([*order, *found])]

    def _write_others(self, pages: list[Page]) -> None:
        """Write how far to trust the report, its terms, and the record."""
        sections = [(page.page, page.title, anchor) for page in pages
                    if (anchor := page.misleading)]
        self._write("trust.html", "trust.html", title="How far to trust this", kind="trust",
                    sections=sections)
        self._write("terms.html", "terms.html", title="Terms and references", kind="terms",
                    terms=self.terms, references=listing("references"))
        rows = self.t.record.to_dict("records")
        for row in rows:
            row["link"] = self.link(row["article_id"], int(row["start"]))
            row["words"] = self._afforded(row["text"]) if self.without_texts else row["text"]
        told = [row for row in front.rows(self.t, self.link) if row.key == "record"]
        briefs = {outlet: cell[0][0] for row in told for outlet, cell in row.cells.items()}
        groups = [(outlet, briefs.get(outlet, ""), own) for outlet in self.t.outlets
                  if (own := [row for row in rows if row["outlet"] == outlet])]
        self._write("record.html", "record.html", kind="record", title=f"The record: {len(rows)} "
                    "passages looked up in transcripts and reports",
                    groups=groups, told=told)

    def _linked(self, excerpts: Excerpts) -> dict[str, dict[int, str]]:
        """Return the sentences that the pages lead to, with as much of them as may be shown."""
        linked = {match for path in self.folder.glob("*.html")
                  for match in re.findall(r'href="reader[^"#]*#([^"]+)-(\d+)"',
                                          path.read_text("utf-8"))}
        shown: dict[str, dict[int, str]] = {key: {} for key in self.ids}
        for row in self.t.sentences.itertuples():
            if (row.article_id, str(row.sentence)) in linked:
                words = excerpt(row.text)
                shown[row.article_id][int(row.sentence)] = words * excerpts.afford(words)
        return shown

    def _write_reader(self, excerpts: Excerpts | None) -> None:
        excerpts = excerpts and self._linked(excerpts)
        for name, made in reader.reader_pages(self.t, excerpts, self.places).items():
            outlet = made["tellings"][0]["facts"]["outlet"]
            script = "reader.js" if made.get("data") else "headlines.js" if "many" in made else ""
            title = outlet if name != "reader.html" else (
                "The articles, side by side" if not made.get("listing") else "The articles")
            made.setdefault("layers", LAYERS)
            self._write(name, "reader.html", title=title, kind="reader",
                        script=reader.asset(script) if script else "",
                        annotated=True, **made)


def listing(name: str) -> list[dict]:
    """Return ``terms`` (term, id, pattern, meaning) or ``references`` (reference, doi, checked)."""
    path = Path(__file__).parent / "templates" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


def _citation() -> bytes:
    """Return how to cite the analysis, from the checkout or from what pip installed."""
    if (ROOT / "CITATION.cff").exists():
        return (ROOT / "CITATION.cff").read_bytes()
    kept = metadata.files("three-tellings") or []
    return next(file.read_binary() for file in kept if file.name == "CITATION.cff")


def _thumbnail(path: Path, width: int) -> str:
    from PIL import Image

    picture = Image.open(path).convert("RGB")
    small = picture.resize((width, round(picture.height * width / picture.width)), Image.LANCZOS)
    small = small.crop((0, 0, width, min(small.height, round(width * 5 / 8))))
    buffer = io.BytesIO()
    small.quantize(48).save(buffer, format="PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
