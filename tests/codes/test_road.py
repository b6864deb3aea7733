"""From a sample to a corrected result: the whole road that a coder walks."""

import csv
import shutil

import pandas as pd
import pytest

from analysis import compare, load
from analysis.claims.deciding import _chance, _corrected, corrected
from analysis.codes.filled import take
from analysis.codes.sheets import sample
from analysis.corpus.read import load_corpus
from analysis.corpus.store import read_table
from analysis.definitions import ROOT

NONE = {"tone": {"polarity": "neutral"}, "targets": {"polarity": "neutral"},
        "sentences": {"voice": "author", "entman": "none", "generic_frames": "none",
                      "policy_frames": "none"}, "attributions": {"content": "none"}}


def fill(sheet, answers):
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = [row | answers for row in csv.DictReader(file)]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.slow
def test_a_sample_by_a_person_ends_in_a_corrected_result(tmp_path):
    """A person who reads nothing but neutral, and no words of others: all is corrected that way."""
    path = tmp_path / "corpus"
    shutil.copytree(ROOT / "data", path, ignore=shutil.ignore_patterns("models", "lexicons"))
    tables = ROOT / "data" / "tables"
    for table, answers in NONE.items():
        corpus = load_corpus(path)
        written, _ = sample(corpus, table, "anna",
                            lambda name: read_table(tables / f"{name}.csv"), share=0.4)
        fill(written[0], answers)
    assert len(take(load_corpus(path))) >= 4
    before, after = compare.claims(load(ROOT / "data")), compare.claims(load(path))
    keys = ["measure", "outlet", "other_outlet"]
    codes = before[before["instrument"] == "codes"].set_index(keys)
    found = after[after["instrument"] == "corrected"].set_index(keys)
    assert set(found["family"]) == {"tone toward sides", "sentence tone", "Entman's functions",
                                    "sourcing"}
    assert found["member"].all()
    assert found["statement"].str.contains(
        r"corrected by \d+ units drawn at random and read by coder anna \(person\)").all()
    assert not after.loc[after["instrument"] == "codes", "member"].any()
    for measure in ("toward Russia and its officials", "sentences", "words of others", "cause"):
        one, other = codes.loc[measure], found.loc[measure]
        assert (other[["value", "other_value"]].abs().to_numpy().mean()
                < one[["value", "other_value"]].abs().to_numpy().mean()), measure
    assert (found["tests"].dropna() == codes["tests"].reindex(found.index).dropna()).all()


def test_of_two_mentions_in_a_sentence_the_drawn_one_alone_is_corrected():
    """Drawn with probability .5, read as 1 where the model says −1: −1 + (1 − −1) / .5 = 3."""
    units = pd.DataFrame({"article_id": "a", "block": 1, "sentence": 1, "start": 0, "end": 50,
                          "voice": "author", "role": "body", "family": "tone toward sides",
                          "measure": "toward Ann", "instrument": "codes", "coder": "b",
                          "item": [5, 30], "value": [-1.0, -1.0], "weight": 1.0, "actor": "Ann"})
    read = pd.DataFrame({"coder": "anna", "article_id": "a", "sentence": 1, "whole": False,
                         "start": [5], "end": [8], "probability": 0.5})
    assert list(_chance(units, read))[0] == 0.5 and pd.isna(_chance(units, read)[1])
    own = units.iloc[:1].assign(coder="anna", value=1.0)
    found = _corrected(units, own, read).set_index("item")
    assert found["value"].tolist() == [3.0, -1.0] and found["weight"].tolist() == [1.0, 1.0]
    whole = read.assign(whole=True)  # the sentence was read: the second mention holds nothing
    found = _corrected(units, own, whole).set_index("item")
    assert found["value"].tolist() == [3.0, 1.0] and found["weight"].tolist() == [1.0, -1.0]
    assert corrected([-1.0], [1.0], [0.5])[0] == 3.0
