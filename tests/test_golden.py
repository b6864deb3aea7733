"""Snapshots of what the pipeline writes: the bundled tables, those of small corpora, problems.

Each wanted difference stands in CHANGELOG.md and in the copy that its commit changes.
"""

import json

import pytest

from analysis.__main__ import main
from analysis.corpus import load_corpus
from analysis.definitions import COLUMNS, ROOT
from analysis.pipeline import tables_of

GOLDEN = ROOT / "tests" / "golden"
CORPORA = {"data": "data", "four-outlets": "tests/corpora/four-outlets",
           "one-outlet": "tests/corpora/one-outlet.csv", "hostile": "tests/corpora/hostile"}


@pytest.mark.parametrize("name", CORPORA)
def test_the_tables_are_the_golden_ones(name, tmp_path):
    assert main(["tables", str(ROOT / CORPORA[name]), "--out", str(tmp_path)]) == 0
    kept = ROOT / "data" / "tables" if name == "data" else GOLDEN / name
    differing = [table for table in COLUMNS if (tmp_path / f"{table}.csv").read_bytes()
                 != (kept / f"{table}.csv").read_bytes()]
    assert differing == []


def test_the_committed_tables_are_those_of_the_instruments_as_they_stand():
    """What `load` reads beside the corpus was made by this code from these texts."""
    corpus = load_corpus(ROOT / "data")
    manifest = json.loads((ROOT / "data" / "tables" / "manifest.json").read_text("utf-8"))
    home, found = tables_of(corpus)
    assert home == ROOT / "data" / "tables" and found == manifest


@pytest.mark.parametrize("name", CORPORA)
def test_check_says_what_it_said(name, capsys):
    main(["check", str(ROOT / CORPORA[name])])
    assert capsys.readouterr().out == (GOLDEN / f"{name}.check.txt").read_text("utf-8")
