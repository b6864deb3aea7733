"""The coding cell: a unit a screen, by keyboard, saved after each."""

import csv

import pandas as pd
import pytest

from analysis.codes import code
from analysis.codes.sheets import sample
from analysis.corpus.read import CorpusError, load_corpus

SENTENCES = ("article_id,coder,start,end,voice,entman\na,m,16,44,author,\nb,m,0,39,author,\n"
             "c,m,0,26,quoted,\n")
TARGETS = ("article_id,coder,start,end,target,mention_start,mention_end,polarity,holder\n"
           "a,m,16,44,Bridge,20,26,neutral,author\nb,m,0,39,Bridge,4,10,neutral,author\n")


def make(small, table, codes):
    path = small({f"codes/{table}.csv": codes,
                  "articles/a.txt": "Bridge reopens\n\nThe <u>gate</u> is now open.\n"})
    corpus = load_corpus(path)
    none = pd.DataFrame(columns=["article_id", "sentence", "start", "end", "target", "holder"])
    sample(corpus, table, "anna", lambda name: none, share=1.0)
    return path / f"codes/sheets/{table}-anna.csv"


def rows_of(path):
    return list(csv.DictReader(path.open(encoding="utf-8")))


def type_in(cell, *answers):
    for answer in answers:
        cell.children[1].value = answer
    return cell.children[0].value, cell.children[2].value


def test_each_unit_is_saved_and_coding_goes_on_where_it_stopped(small):
    sheet = make(small, "targets", TARGETS)
    type_in(code(sheet), "1")
    assert [row["polarity"] for row in rows_of(sheet)] == ["negative", ""]
    shown, _ = type_in(code(sheet))
    assert "1 of 2 units" in shown
    shown, _ = type_in(code(sheet), "pos")
    assert [row["polarity"] for row in rows_of(sheet)] == ["negative", "positive"]
    assert "2 of 2 units" in shown and "agree" in shown
    assert list(rows_of(sheet)[0]) == ["id", "before", "unit", "after", "target", "polarity",
                                       "note", "allowed", "rule"]


def test_a_unit_may_be_left_blank_and_one_can_go_back(small):
    sheet = make(small, "targets", TARGETS)
    cell = code(sheet)
    type_in(cell, "s", "2")
    assert [row["polarity"] for row in rows_of(sheet)] == ["", "neutral"]
    type_in(cell, "b", "b", "none")
    assert [row["polarity"] for row in rows_of(sheet)] == ["none", "neutral"]


@pytest.mark.parametrize("typed", ["ne", "9", "0", "bad", "1 2"])
def test_what_is_no_answer_is_said_and_nothing_saved(small, typed):
    """*ne* may be negative or neutral."""
    sheet = make(small, "targets", TARGETS)
    before = sheet.read_bytes()
    shown, wrong = type_in(code(sheet), typed)
    assert "alert" in wrong and "0 of 2 units" in shown and sheet.read_bytes() == before


def test_a_sentence_is_saved_when_all_its_questions_are_answered(small):
    sheet = make(small, "sentences", SENTENCES)
    cell = code(sheet)
    shown, _ = type_in(cell, "1", "1 moral")
    assert "generic" in shown and not rows_of(sheet)[0]["voice"]
    type_in(cell, "none", "political")
    row = rows_of(sheet)[0]
    assert [row[name] for name in ("voice", "entman", "generic_frames", "policy_frames")] == [
        "author", "problem_definition moral_evaluation", "none", "political"]


def test_the_words_of_an_article_are_escaped(small):
    """The mention is marked; the article's own marks are shown, not obeyed."""
    cell = code(make(small, "targets", TARGETS))
    shown = type_in(cell)[0] + type_in(cell, "s")[0]
    assert "&lt;u&gt;" in shown and "<u>" not in shown and shown.count("<mark>") == 2


def test_what_is_no_sheet_is_refused(small):
    with pytest.raises(CorpusError, match="is no coding sheet in CSV; make one by"):
        code(small() / "articles.csv")
