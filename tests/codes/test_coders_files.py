"""coders.csv and coded.csv: who coded, and what was read."""

import re

import pandas as pd
import pytest

from analysis.corpus.read import check_corpus, load_corpus
from analysis.definitions import ROOT

TONE = "article_id,coder,start,end,polarity\na,ann,0,14,neutral\n"
CODERS, CODED = "codes/coders.csv", "codes/coded.csv"
UNITS = "coder,table,article_id,start,end,probability\n"


def lines(path, level="refused"):
    return [str(problem) for problem in check_corpus(path) if problem.level == level]


def test_the_bundled_coders_are_passes_of_a_model_as_the_codebook_says(bundled):
    assert bundled.coders.set_index("coder")["kind"].to_dict() == dict.fromkeys("abcde", "model")
    assert bundled.coders["based_on"].tolist() == ["", "", "b", "a", "a"]
    codebook = (ROOT / "data/codes/CODEBOOK.md").read_text("utf-8")
    assert "no human coder" in codebook and "`c` with b's units" in codebook
    assert "attributions of coder a" in codebook  # which d and e coded the uptake of
    named = {name for table in bundled.codes.values() for name in table["coder"]}
    assert named == {*bundled.coders["coder"]}


def test_the_examples_of_the_data_dictionary_stand_in_coders_csv(bundled):
    text = (ROOT / "data/README.md").read_text("utf-8")
    section = text.split("| column of `coders.csv` |")[1].split("\n\n")[0]
    examples = dict(re.findall(r"^\| `(\w+)` .*\| `([^`|]+)` \|$", section, re.M))
    assert examples in bundled.coders.to_dict("records")


def test_two_of_the_bundled_files_name_their_outlet(bundled):
    told = [row.article_id for row in bundled.articles.itertuples()
            if row.outlet in bundled.texts[row.article_id]]
    assert told == ["vox", "duran"]


def test_without_the_two_files_there_are_columns_and_no_rows(small):
    corpus = load_corpus(small({"codes/tone.csv": TONE}))
    assert corpus.coders.columns.tolist() == ["coder", "kind", "blind", "based_on"]
    assert corpus.coded.columns.tolist() == UNITS.strip().split(",")
    assert corpus.coders.empty and corpus.coded.empty


def test_neither_file_nor_a_sheet_is_a_table_of_codes(small):
    corpus = load_corpus(small({
        "codes/tone.csv": TONE, CODERS: "coder,kind\nann,person\n",
        CODED: UNITS + "ann,tone,a,0,14,0.5\n", "codes/sheets/tone-bo.csv": "id,polarity\nx,\n"}))
    assert list(corpus.codes) == ["tone"]
    assert {path.name for path in corpus.files} >= {"coders.csv", "coded.csv"}


def test_a_file_that_only_looks_like_one_of_them_is_warned_of(small):
    path = small({"codes/coded-ann.csv": UNITS})
    assert lines(path, "warning") == [
        "codes/coded-ann.csv: warning: is not read; units stand in codes/coded.csv"]
    assert load_corpus(path).codes == {}


def test_a_unit_without_offsets_is_the_whole_article_and_may_lack_a_probability(small):
    corpus = load_corpus(small({CODED: UNITS + "ann,attributions,b,,,\n"}))
    row = corpus.coded.iloc[0]
    assert (row["start"], row["end"]) == (0, len(corpus.texts["b"]))
    assert pd.isna(row["probability"])


@pytest.mark.parametrize("written", [
    "coder;table;article_id;start;end;probability\nann;tone;a;0,0;14,0;0,25\n",
    "\ufeffcoder,table,article_id,start,end,probability\r\nann,tone,a,0.0,14.0,.25\r\n",
    'coder,table,article_id,start,end,probability\nann,tone,a,0,14,"0,25"\n',
    "coder\ttable\tarticle_id\tstart\tend\tprobability\nann\ttone\ta\t0\t14.00\t0.250\n",
])
def test_what_a_spreadsheet_saves_is_read_as_what_it_means(small, written):
    assert load_corpus(small({CODED: written})).coded.to_numpy().tolist() == [
        ["ann", "tone", "a", 0, 14, 0.25]]


def test_codes_that_come_back_from_a_spreadsheet_are_read(small):
    corpus = load_corpus(small({
        "codes/targets-ann.csv": "\ufeffarticle_id;start;end;target;polarity;holder;mention_start;"
        "mention_end\r\nb;0,0;10,0;Bridge;negative;author;4,0;10,0\r\nb;0;10;Bridge;neutral;author;"
        ";\r\n"}))
    rows = corpus.codes["targets"]
    assert rows["end"].tolist() == [10, 10]
    assert rows["mention_end"].iloc[0] == 10 and pd.isna(rows["mention_end"].iloc[1])


def test_an_odd_kind_or_blindness_costs_that_value_alone(small):
    path = small({CODERS: "coder,kind,blind,based_on\nann,Person,YES,\nbo,robot,perhaps,cy|ann\n"})
    coders = load_corpus(path).coders
    assert coders[["kind", "blind"]].to_numpy().tolist() == [["person", "yes"], ["unstated", ""]]
    assert lines(path, "warning") == [
        "codes/coders.csv, row 3: warning: kind 'robot' is none of person, model, unstated; it is "
        "read as not stated",
        "codes/coders.csv, row 3: warning: blind 'perhaps' is none of yes, no; it is read as not "
        "stated",
        "codes/coders.csv, row 3: warning: based_on 'cy' is no coder of this file; add a row for "
        "it"]


REFUSALS = [
    (CODERS, "coder,kind\n,person\n", "row 2: coder is empty; give the row a name"),
    (CODERS, "coder,kind\nann,person\nann,model\n",
     "row 3: coder 'ann' stands in row 2 already; keep one row a coder"),
    (CODERS, "coder,blind\nann,yes\n", "row 1: column kind is missing; add it"),
    (CODED, UNITS + ",tone,a,0,14,\n", "row 2: coder is empty; say who has read it"),
    (CODED, UNITS + "ann,ton,a,0,14,\n", "row 2: table 'ton' is unknown; write one of "
     "attributions, sentences, targets, tone, uptake"),
    (CODED, UNITS + "ann,tone,x,0,14,\n",
     "row 2: article 'x' is not in articles.csv; name one that is or remove the row"),
    (CODED, UNITS + "ann,tone,a,0,99,\n",
     "row 2: 0 to 99 lies outside the text or is empty; 'a' has 45"),
    (CODED, UNITS + "ann,tone,a,0,,\n", "row 2: start and end must be whole numbers; write "
     "offsets in characters, from 0"),
    (CODED, UNITS + "ann,tone,a,0,14,1.5\n", "row 2: probability '1.5' is none; write a number "
     "above 0 and up to 1, or nothing where the unit was not drawn at random"),
    (CODED, UNITS + "ann,tone,a,0,14,0\n", "row 2: probability '0' is none; write a number above "
     "0 and up to 1, or nothing where the unit was not drawn at random"),
    (CODED, UNITS + "ann,tone,a,0,14,.5\nann,tone,a,0.0,14.0,.5\n",
     "row 3: says again what row 2 says; keep one row a unit"),
    ("codes/attributions-ann.csv", "article_id,attribution_id,part,start,end,speaker,quote_type,"
     "kind\na,A1,x,0,14,Lee,direct,speech\n", "row 2: part 'x' is no whole number; write one"),
    ("codes/tone-ann.csv", 'article_id,start,end,polarity\na,0,"1,000",neutral\n',
     "row 2: start and end must be whole numbers; write offsets in characters, from 0"),
]


@pytest.mark.parametrize("name, content, line", REFUSALS, ids=[line for *_, line in REFUSALS])
def test_what_is_wrong_is_refused_with_file_row_and_remedy(small, name, content, line):
    assert lines(small({name: content})) == [f"{name}, {line}"]


def test_a_code_that_stands_in_two_files_is_refused(small):
    path = small({"codes/tone.csv": TONE, "codes/tone-ann.csv":
                  "article_id,start,end,polarity\na,0.0,14.0,positive\n"})
    assert lines(path) == ["codes/tone.csv, row 2: says again what codes/tone-ann.csv, row 2 says; "
                           "keep one code of each coder"]
