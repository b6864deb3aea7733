"""Runs the notebooks and puts the report together: one folder of pages that load nothing.

A content security policy lets no script run but the reader's own, so that a text which brings
its own stays a text.
"""

import asyncio
import base64
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import DEVNULL

import nbformat
import pandas as pd
from bs4 import BeautifulSoup
from markupsafe import Markup
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from tqdm import tqdm
from traitlets.config import Config

from analysis.corpus.disk import csv_bytes, write_file, write_whole
from analysis.definitions import COLUMNS, ROOT
from analysis.old import findings, overview, show
from analysis.old.study import Study, open_study
from analysis.site import reader
from analysis.site.excerpts import Excerpts, excerpt
from analysis.site.layers import LAYERS
from analysis.site.pages import Page, markdown

SITE = "Three Tellings"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = "ANALYSIS_FIGURES"  # where a notebook's figures are saved while they are shown
_KERNELS = 2  # notebooks that run side by side
_LISTED = 24  # articles that the index names
_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
             "language_info": {"name": "python"}}


def drop_bundled(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy without the cells that speak of the bundled articles alone."""
    kept = nbformat.from_dict(notebook)
    kept.cells = [cell for cell in kept.cells if "bundled" not in cell.metadata.get("tags", [])]
    return kept


def _tidied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs between two runs of the same cells."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
    return notebook


def _is_bundled(corpus: Path | None) -> bool:
    return corpus is None or Path(corpus).resolve() == ROOT / "data"


def _environment(corpus: Path | None, **more: str) -> dict[str, str]:
    """Return the surroundings of a kernel: the same whoever runs it, and the corpus."""
    own = ("ANALYSIS_CORPUS", "MPLBACKEND", "FORCE_COLOR", "NO_COLOR", reader.WITHOUT_TEXTS,
           FIGURES)
    kept = {name: value for name, value in os.environ.items() if name not in own}
    if corpus:
        kept["ANALYSIS_CORPUS"] = str(Path(corpus).resolve())
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return kept | {"PYTHONHASHSEED": "0", "PYTHONPATH": path, "OMP_NUM_THREADS": "1",
                   "PYDEVD_DISABLE_FILE_VALIDATION": "1"} | more


async def _executed(notebook: nbformat.NotebookNode, name: str, environment: dict[str, str]):
    with tempfile.TemporaryDirectory() as home:  # no settings, no start-up files, no history
        client = NotebookClient(
            notebook, kernel_name="python3", timeout=1800, record_timing=False,
            coalesce_streams=True, store_widget_state=False, config=_connection(home),
            shutdown_kernel="immediate",  # its cells are done; waiting takes seconds
            extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(NOTEBOOKS)}})
        try:
            await client.async_execute(env=environment | {"IPYTHONDIR": home}, stderr=DEVNULL)
        except CellExecutionError as error:
            raise ChildProcessError(
                f"{name}: a cell failed ({error.ename}: {error.evalue}); run the notebook in "
                "JupyterLab to see where") from None
        except (RuntimeError, DeadKernelError) as error:
            raise ChildProcessError(f"{name}: its kernel died ({error}); try again") from None
    return _tidied(notebook)


def _connection(home: str) -> Config:
    """Let a kernel talk through files of its own: ports can be taken while two kernels start."""
    if os.name != "posix":
        return Config()
    return Config(KernelManager={"transport": "ipc", "ip": f"{home}/kernel",
                                 "connection_file": f"{home}/kernel.json"})


async def _execute_all(paths: list[Path], drop: bool, environment: dict[str, str],
                       done: Callable[[Path, nbformat.NotebookNode], None]) -> None:
    free = asyncio.Semaphore(_KERNELS)
    bar = tqdm(total=len(paths), desc="running notebooks", disable=None, leave=False)

    async def one(path: Path) -> None:
        async with free:
            notebook = nbformat.read(path, as_version=4)
            notebook = await _executed(drop_bundled(notebook) if drop else notebook, path.name,
                                       environment)
        done(path, notebook)
        bar.update()

    tasks = [asyncio.create_task(one(path)) for path in paths]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # no kernel outlives the run
        bar.close()


def _run(work: Coroutine) -> None:
    """Run to the end, in a notebook's cell too, where a loop runs in this thread already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as other_thread:
        return other_thread.submit(asyncio.run, work).result()


def execute_notebook(path: Path, corpus: Path | None = None) -> nbformat.NotebookNode:
    """Return a notebook as executed on a corpus, its bytes the same in every run.

    Parameters
    ----------
    corpus : path, optional
        By default the bundled articles; for any other, ``bundled`` cells are dropped.

    Raises
    ------
    ChildProcessError
        If a cell fails; the message names the notebook and the error.
    """
    made = []
    _run(_execute_all([Path(path)], not _is_bundled(corpus), _environment(corpus),
                      lambda _, notebook: made.append(notebook)))
    return made[0]


def execute_in_place(paths: Iterable[Path]) -> None:
    """Execute notebooks on the bundled articles and write them back, each whole."""
    def write(path: Path, notebook: nbformat.NotebookNode) -> None:
        write_file(path, (nbformat.writes(notebook) + "\n").encode())

    _run(_execute_all([Path(path) for path in paths], False, _environment(None), write))


def build_site(corpus: Path | None, out: Path, without_texts: bool = False,
               skip_refused: bool = False, notebooks: Iterable[Path] | None = None) -> None:
    """Execute the notebooks on a corpus and write the report, whole or not at all.

    Parameters
    ----------
    without_texts : bool
        Leave the full texts out and keep short excerpts as evidence.
    notebooks : iterable of path, optional
        By default those of the project, in the order of their names.

    Raises
    ------
    CorpusError
        If the corpus is refused.
    ChildProcessError
        If a notebook fails on it.
    """
    paths = sorted(NOTEBOOKS.glob("*.ipynb")) if notebooks is None else list(notebooks)
    study = open_study(corpus, skip_refused=skip_refused)
    with write_whole(Path(out)) as folder:
        tables = _write_tables(study, folder / "tables")  # fills the cache before kernels read it
        site = Site(study, folder, paths, without_texts)
        (folder / "figures").mkdir()
        more = {FIGURES: str(folder / "figures")}
        more |= {reader.WITHOUT_TEXTS: "1"} if without_texts else {}
        more |= {"ANALYSIS_SKIP_REFUSED": "1"} if skip_refused else {}
        _run(_execute_all(paths, not _is_bundled(corpus), _environment(corpus, **more),
                          site.add))
        site.write(tables)
        if len(study.corpus.refused):
            (folder / "refused.csv").write_bytes(csv_bytes(study.corpus.refused))


def _write_tables(study: Study, folder: Path) -> list[dict]:
    folder.mkdir()
    listed = []
    for name in COLUMNS:
        table = study.table(name)
        (folder / f"{name}.csv").write_bytes(csv_bytes(table))
        listed.append({"name": name, "rows": len(table)})
    return listed


class Site:
    """The pages of one report, as they are put together."""

    def __init__(self, study: Study, folder: Path, paths: list[Path], without_texts: bool):
        self.study, self.folder, self.without_texts = study, folder, without_texts
        self.order = [path.stem for path in paths]
        self.ids = list(study.articles["article_id"])
        self.names = {"index.html", "reader.html", "trust.html", *map(self.article_page, self.ids),
                      *(f"{name}.html" for name in self.order)}
        self.pages: dict[str, Page] = {}
        self.titles: dict[str, str] = {}  # of figures, by name
        self.templates = reader.templates()
        self.title = SITE if study.corpus.bundled else (
            f"{len(self.ids)} tellings" if len(self.ids) > 1 else "One telling")

    def article_page(self, article_id: str) -> str:
        """Return the page that holds an article; KeyError where the corpus has no such article."""
        if article_id not in self.study.corpus.texts:
            raise KeyError(article_id)
        return reader.page_of(self.study, article_id)

    def add(self, path: Path, notebook: nbformat.NotebookNode) -> None:
        """Take in an executed notebook, in whatever order they come."""
        page = Page(path.stem, notebook, self.article_page, self.names)
        self.pages[path.stem] = page
        self.titles |= page.figures

    def write(self, tables: list[dict]) -> None:
        """Write every page, the index first."""
        pages = [self.pages[name] for name in self.order]
        excerpts = Excerpts(self.study, self.article_page)
        if self.without_texts:  # the evidence of what is said comes before anything else
            for claim in findings.ranked(self.study).itertuples():
                for row in self._sentence_at(claim.evidence_article, claim.evidence_start):
                    excerpts.afford(excerpt(self._words(row)))
        for page in pages:
            page.link_sentences(excerpts)
            if self.without_texts:
                page.leave_out(excerpts)
        self._finish_figures()
        self._write_index(pages, tables)
        for i, page in enumerate(pages):
            self._write(page.page, "page.html", title=page.title, kind="notebook",
                        body=Markup(page.body), contents=page.contents, annotated=page.annotated,
                        before=pages[i - 1] if i else None,
                        after=pages[i + 1] if i + 1 < len(pages) else None)
        self._write_trust(pages)
        self._write_reader(excerpts if self.without_texts else None)
        (self.folder / "CITATION.cff").write_bytes((ROOT / "CITATION.cff").read_bytes())

    def _write(self, name: str, template: str, script: str = "", annotated: bool = False, **more):
        style = reader.asset("site.css") + (reader.asset("reader.css") if annotated else "")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        page = self.templates.get_template(template).render(
            site=self.title, style=style, hues=reader.outlet_styles(self.study.outlets),
            scope=overview.scope_sentence(self.study), without_texts=self.without_texts,
            unscripted=reader.unscripted(style), script=Markup(script),
            script_hash=f"'sha256-{digest}'" if script else "", **more)
        (self.folder / name).write_text(page, "utf-8", newline="\n")

    def _finish_figures(self) -> None:
        """Draw the figures that no notebook has shown; shorten quoted text where it must be."""
        from analysis.old import figures

        folder = self.folder / "figures"
        for name in sorted(figures.FIGURES):
            if not (folder / f"{name}.svg").exists():
                drawing = figures.FIGURES[name](self.study)
                if drawing is not None:
                    figures.save(drawing, folder)
                    self.titles[name] = drawing.title
        if self.without_texts:
            for path in sorted(folder.glob("*.csv")):
                table = pd.read_csv(path, dtype=str, keep_default_na=False)
                table.map(excerpt).to_csv(path, index=False, lineterminator="\n")

    def _write_index(self, pages: list[Page], tables: list[dict]) -> None:
        articles = self.study.articles.head(_LISTED).to_dict("records")
        for article in articles:
            key = article["article_id"]
            article["hue"] = self.study.outlets.index(article["outlet"]) + 1
            article["link"] = f"{self.article_page(key)}#text:{key}"
        outlets = len(self.study.outlets)
        about = (f"Framing, tone and sourcing in {len(self.ids)} "
                 f"article{'s' * (len(self.ids) > 1)} from {outlets} "
                 f"outlet{'s' * (outlets > 1)}: whose voice it is, and how sure one can be")
        self._write("index.html", "index.html", title=self.title, kind="index", about=about,
                    answer=Markup(markdown(*findings.answer(self.study))), articles=articles,
                    bases="author_basis" in self.study.articles,
                    more_articles=len(self.study.articles) - len(articles),
                    verdicts=findings.verdicts_title(self.study), families=self._families(),
                    said=list(map(self._claim, findings.ranked(self.study).to_dict("records"))),
                    pages=[self._card(page) for page in pages], figures=self._gallery(),
                    tables=tables)

    def _families(self) -> list[dict]:
        rank = {verdict: i for i, verdict in enumerate(findings.VERDICTS)}
        families = []
        for name, rows in findings.primary(self.study.claims).groupby("family", sort=False):
            rows = rows.iloc[rows["verdict"].map(rank).argsort(kind="stable")]
            counts = rows["verdict"].value_counts()
            tally = [f"{counts[verdict]} {verdict.replace('_', ' ')}"
                     for verdict in findings.VERDICTS if counts.get(verdict)]
            families.append({"name": name.replace("_", " "), "tally": ", ".join(tally),
                             "claims": [self._claim(row) for row in rows.to_dict("records")]})
        return families

    def _claim(self, claim: dict) -> dict:
        per = f" {claim['unit']}" if str(claim["unit"]).startswith("per ") else ""
        digits = 0 if abs(claim["effect"]) >= 100 else 2
        low, high = (show.signed(claim[side], digits) for side in ("low", "high"))
        p = claim["p_adjusted"]
        return claim | {
            "size": "–" if pd.isna(claim["effect"]) else show.signed(claim["effect"], digits) + per,
            "interval": "–" if pd.isna(claim["low"]) else f"{low} to {high}",
            "adjusted": "" if pd.isna(p) else show.p_value(p),
            "p": "–" if pd.isna(p) else show.p_value(p).removeprefix("p ").removeprefix("= "),
            "link": self._sentence_link(claim["evidence_article"], claim["evidence_start"])}

    def _sentence_at(self, article_id: str, start: float) -> list:
        """Return the sentence that holds a place, as a list of one row, or of none."""
        rows = self.study.sentences
        at = rows[(rows["article_id"] == article_id) & (rows["start"] <= start)
                  & (rows["end"] > start)]
        return list(at.head(1).itertuples())

    def _words(self, row) -> str:
        return self.study.corpus.texts[row.article_id][row.start:row.end]

    def _sentence_link(self, article_id: str, start: float) -> str:
        return "".join(f"{self.article_page(article_id)}#{article_id}-{row.sentence}"
                       for row in self._sentence_at(article_id, start))

    def _card(self, page: Page) -> dict:
        path = self.folder / "figures" / f"{next(iter(page.figures), '')}.png"
        return {"page": page.page, "title": page.title, "question": page.question,
                "picture": _thumbnail(path, 640) if path.exists() else ""}

    def _gallery(self) -> list[dict]:
        return [{"name": path.stem, "picture": _thumbnail(path, 400),
                 "title": self.titles.get(path.stem, path.stem)}
                for path in sorted((self.folder / "figures").glob("*.png"))]

    def _write_trust(self, pages: list[Page]) -> None:
        cautions = markdown(*(f"- {line}" for line in findings.cautions(self.study)))
        sections, said = [], {_words_of(cautions)}
        for page in pages:
            anchor, body = page.misleading()
            if body and _words_of(body) not in said:
                sections.append({"id": page.page.removesuffix(".html"), "title": page.title,
                                 "page": page.page, "anchor": anchor, "body": Markup(body)})
        self._write("trust.html", "trust.html", title="How far to trust this", kind="trust",
                    cautions=Markup(cautions), sections=sections,
                    verdicts=findings.verdicts_title(self.study))

    def _linked(self, excerpts: Excerpts) -> dict[str, dict[int, str]]:
        """Return the sentences that the pages lead to, with as much of them as may be shown."""
        linked = {match for path in self.folder.glob("*.html")
                  for match in re.findall(r'href="reader[^"#]*#([^"]+)-(\d+)"',
                                          path.read_text("utf-8"))}
        shown: dict[str, dict[int, str]] = {key: {} for key in self.ids}
        for row in self.study.sentences.itertuples():
            if (row.article_id, str(row.sentence)) in linked:
                words = excerpt(self._words(row))
                shown[row.article_id][int(row.sentence)] = words * excerpts.afford(words)
        return shown

    def _write_reader(self, excerpts: Excerpts | None) -> None:
        excerpts = excerpts and self._linked(excerpts)
        for name, made in reader.reader_pages(self.study, excerpts).items():
            outlet = made["tellings"][0]["facts"]["outlet"]
            title = outlet if name != "reader.html" else (
                "The articles, side by side" if not made.get("listing") else "The articles")
            self._write(name, "reader.html", title=title, kind="reader", layers=LAYERS,
                        script=reader.asset("reader.js") if made.get("data") else "",
                        annotated=True, **made)


def _words_of(markup: str) -> str:
    return " ".join(BeautifulSoup(markup, "html.parser").get_text().split())


def _thumbnail(path: Path, width: int) -> str:
    from PIL import Image

    picture = Image.open(path).convert("RGB")
    small = picture.resize((width, round(picture.height * width / picture.width)), Image.LANCZOS)
    small = small.crop((0, 0, width, min(small.height, round(width * 5 / 8))))
    buffer = io.BytesIO()
    small.quantize(48).save(buffer, format="PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()
