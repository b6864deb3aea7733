"""Other corpora through every command and notebook: four outlets, one, sixty articles."""

import html
import json
import os
import re
import shutil

import pandas as pd
import pytest
from corpora.make_sixty import make as make_sixty
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from analysis import compare, load
from analysis.__main__ import main
from analysis.definitions import ROOT

CORPORA = ROOT / "tests" / "corpora"

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
# The notebooks that sixty articles run through in the ordinary run, to keep it short.
SIXTY = ({path.stem[:2] for path in NOTEBOOKS} if "THREE_TELLINGS_SIXTY" in os.environ
         else {"00", "01", "02"})
BUNDLED = ("Washington Examiner", "Examiner", "Vox", "The Duran", "Duran")


def visible(page: str) -> str:
    """What a reader of a page sees."""
    page = re.sub(r"<(style|script|head)\b.*?</\1>", " ", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The whole report of four outlets, made by the command."""
    out = tmp_path_factory.mktemp("another") / "out"
    assert main(["report", str(CORPORA / "four-outlets"), "--out", str(out)]) == 0
    return out


def test_a_report_of_four_outlets_names_them_and_none_of_the_three(report):
    pages = {path.name: visible(path.read_text("utf-8")) for path in sorted(report.glob("*.html"))}
    assert {"index.html"} | {f"{path.stem}.html" for path in NOTEBOOKS} <= set(pages)
    for outlet in ("Harbor Post", "Northline", "The Civic Ledger", "Verdant Weekly"):
        assert outlet in pages["index.html"]
    for page, text in pages.items():
        for outlet in BUNDLED:
            assert not re.search(rf"\b{outlet}\b", text), (page, outlet)


def test_cells_on_the_bundled_articles_are_gone(report):
    for path in NOTEBOOKS:
        page = (report / f"{path.stem}.html").read_text("utf-8")
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if "bundled" in cell["metadata"].get("tags", []):
                first = "".join(cell["source"]).strip().splitlines()[0]
                assert html.escape(first, quote=False) not in page


def test_every_figure_of_the_report_has_its_table_and_text(report):
    drawn = {path.stem for path in (report / "figures").glob("*.svg")}
    assert drawn
    for name in drawn:
        assert (report / "figures" / f"{name}.csv").stat().st_size
        assert "<dc:description>" in (report / "figures" / f"{name}.svg").read_text("utf-8")


CORPUS_NAMES = ["one-outlet.csv", "no-quotation.csv", "one-event.csv", "hostile", "fourth",
                "sixty"]


@pytest.fixture(scope="module", params=CORPUS_NAMES)
def corpus(request, tmp_path_factory):
    """One outlet; nobody quoted; one event; hostile names; an uncoded fourth outlet; sixty."""
    if request.param == "sixty":
        return make_sixty(tmp_path_factory.mktemp("sixty"))
    if request.param != "fourth":
        return CORPORA / request.param
    folder = tmp_path_factory.mktemp("corpora") / "fourth"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns(
        "models", "lexicons", "tables", "sheets"))
    shutil.copyfile(CORPORA / "four-outlets" / "articles" / "north-dam.txt",
                    folder / "articles" / "north.txt")
    with (folder / "articles.csv").open("a", encoding="utf-8") as rows:
        rows.write("north,North Post" + "," * 13 + "\n")
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_every_notebook_runs_on_every_corpus(corpus, path, monkeypatch):
    """Here in one process, without the bundled cells, as the report runs them in kernels."""
    if corpus.name.startswith("sixty") and path.stem[:2] not in SIXTY:
        pytest.skip("sixty articles take minutes; run all by THREE_TELLINGS_SIXTY=1")
    if path.stem[:2] == "07" and corpus.name != "one-outlet.csv":
        pytest.skip("it makes its own corpora")
    monkeypatch.setenv("ANALYSIS_CORPUS", str(corpus))
    monkeypatch.chdir(ROOT / "notebooks")
    shell = InteractiveShell()
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code" and "bundled" not in cell["metadata"].get("tags", []):
            with capture_output():
                shell.run_cell("".join(cell["source"])).raise_error()


def test_with_one_outlet_claims_are_a_header():
    claims = compare.claims(load(CORPORA / "one-outlet.csv"))
    assert claims.empty and "verdict" in claims


def test_a_hostile_corpus_runs_through_the_tables(tmp_path):
    assert main(["tables", str(CORPORA / "hostile"), "--out", str(tmp_path / "out")]) == 0
    articles = pd.read_csv(tmp_path / "out" / "articles.csv", keep_default_na=False)
    assert articles["outlet"].tolist() == load(CORPORA / "hostile").articles["outlet"].tolist()
