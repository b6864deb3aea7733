"""The tables, problems and help texts of the commit before the house was rebuilt.

They hold until the notebooks compare in sight; each wanted difference stands in CHANGELOG.md and
in the golden copy that its commit changes.
"""

import json

import pytest

from analysis.__main__ import main
from analysis.corpus import load_corpus
from analysis.definitions import ROOT
from analysis.pipeline import tables_of

GOLDEN = ROOT / "tests" / "golden"
CORPORA = {"data": "data", "four-outlets": "tests/corpora/four-outlets",
           "one-outlet": "tests/corpora/one-outlet.csv", "hostile": "tests/corpora/hostile"}


@pytest.mark.parametrize("name", CORPORA)
def test_the_tables_are_the_golden_ones(name, tmp_path):
    assert main(["tables", str(ROOT / CORPORA[name]), "--out", str(tmp_path)]) == 0
    differing = [path.name for path in sorted((GOLDEN / name).glob("*.csv"))
                 if (tmp_path / path.name).read_bytes() != path.read_bytes()]
    assert differing == []


def test_the_committed_tables_are_those_of_the_instruments_as_they_stand():
    """`make tables` re-makes data/tables without a difference, its manifest included."""
    for path in sorted((GOLDEN / "data").glob("*.csv")):
        assert (ROOT / "data" / "tables" / path.name).read_bytes() == path.read_bytes(), path.name
    corpus = load_corpus(ROOT / "data")
    manifest = json.loads((ROOT / "data" / "tables" / "manifest.json").read_text("utf-8"))
    home, found = tables_of(corpus)
    assert home == ROOT / "data" / "tables" and found == manifest


@pytest.mark.parametrize("name", CORPORA)
def test_check_says_what_it_said(name, capsys):
    main(["check", str(ROOT / CORPORA[name])])
    assert capsys.readouterr().out == (GOLDEN / f"{name}.check.txt").read_text("utf-8")
