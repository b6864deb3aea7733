"""Other corpora through every command and notebook: four outlets, one, sixty articles."""

import html
import json
import re

import pandas as pd
import pytest
from corpora.make_sixty import OUTLETS
from corpora.make_sixty import make as make_sixty

from analysis import figures
from analysis.__main__ import main
from analysis.study import open_study
from analysis.tables import ROOT
from conftest import CORPORA

BUNDLED = ("Washington Examiner", "Examiner", "Vox", "The Duran", "Duran")


def visible(page: str) -> str:
    """What a reader of a page sees."""
    page = re.sub(r"<(style|script|head)\b.*?</\1>", " ", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="module", params=["four-outlets", "one-outlet.csv", "sixty"])
def report(request, tmp_path_factory):
    """The whole report of a corpus, made by the command."""
    folder = tmp_path_factory.mktemp("another")
    corpus = make_sixty(folder / "sixty") if request.param == "sixty" else CORPORA / request.param
    assert main(["report", str(corpus), "--out", str(folder / "out")]) == 0
    return request.param, folder / "out"


def test_a_report_of_another_corpus_is_whole_and_speaks_of_it_alone(report):
    name, out = report
    pages = {path.name: visible(path.read_text("utf-8")) for path in sorted(out.glob("*.html"))}
    notebooks = {f"{path.stem}.html" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {"index.html"} | notebooks <= set(pages)
    outlets = {"four-outlets": ["Harbor Post", "Northline", "The Civic Ledger", "Verdant Weekly"],
               "one-outlet.csv": ["Sulen Courier"], "sixty": OUTLETS}[name]  # fmt: skip
    for outlet in outlets:
        assert outlet in pages["index.html"]
    for page, text in pages.items():
        for outlet in BUNDLED:
            assert not re.search(rf"\b{outlet}\b", text), (page, outlet)


def test_cells_on_the_bundled_articles_are_gone(report):
    _, out = report
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        page = (out / f"{path.stem}.html").read_text("utf-8")
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if "bundled" in cell["metadata"].get("tags", []):
                first = "".join(cell["source"]).strip().splitlines()[0]
                assert html.escape(first, quote=False) not in page


def test_with_one_outlet_claims_are_a_header(report):
    name, out = report
    claims = pd.read_csv(out / "tables" / "claims.csv")
    assert claims.empty == (name == "one-outlet.csv")


def test_every_figure_that_is_drawn_has_its_table_and_text(report):
    _, out = report
    drawn = {path.stem for path in (out / "figures").glob("*.svg")}
    assert drawn
    for name in drawn:
        assert (out / "figures" / f"{name}.csv").stat().st_size
        assert "<dc:description>" in (out / "figures" / f"{name}.svg").read_text("utf-8")


def test_a_hostile_corpus_runs_through_tables_and_figures(tmp_path):
    study = open_study(CORPORA / "hostile")
    assert main(["tables", str(CORPORA / "hostile"), "--out", str(tmp_path / "out")]) == 0
    articles = pd.read_csv(tmp_path / "out" / "articles.csv", keep_default_na=False)
    assert articles["outlet"].tolist() == study.corpus.articles["outlet"].tolist()
    for name in sorted(figures.FIGURES):
        drawing = figures.FIGURES[name](study)
        assert drawing is None or drawing.svg()
