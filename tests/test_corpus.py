"""Reading a corpus: what is sound is kept whole, in every form that it may come in."""

import hashlib
import shutil

import pandas as pd
import pytest
from corpora.make_sixty import make as make_sixty
from invariants import annotate_text, assert_invariants

from analysis.corpus import read as corpora
from analysis.corpus.read import COLUMNS, check_corpus, load_corpus
from analysis.definitions import ROOT

CORPORA = ROOT / "tests" / "corpora"

SHA256 = {
    "examiner": "62c97247b29b87daf591d1b8d87bee0ac1f35dbf6ab05f990e0cdf8b060440e4",
    "vox": "44bd97dabf58a8ee2fd64a26853eda16797f9bfcd382e66400b76a1bf1ca0c40",
    "duran": "05742e84cdd31ef0b94c8fdc344b4a9aea42c3553e7f1bfda94bf93bea7c1af5",
}


@pytest.mark.parametrize("key", SHA256)
def test_the_three_articles_are_as_received(bundled, key):
    stored = (ROOT / "data" / "articles" / f"{key}.txt").read_bytes()
    assert hashlib.sha256(stored).hexdigest() == SHA256[key]
    assert bundled.texts[key].encode("utf-8") == stored


def test_the_bundled_corpus_has_no_problem_and_a_basis_for_every_fact(bundled):
    assert check_corpus(ROOT / "data") == []
    assert bundled.bundled
    assert bundled.articles["article_id"].tolist() == list(SHA256)
    for fact in corpora.FACTS[1:]:
        known = bundled.articles[fact] != ""
        assert (bundled.articles.loc[known, f"{fact}_basis"].isin(corpora.BASES)).all(), fact


def test_every_paragraph_of_the_three_articles_has_a_layout_row(bundled):
    assert bundled.layout.groupby("article_id").size().to_dict() == {
        "duran": 15, "examiner": 18, "vox": 38}  # fmt: skip


def test_the_record_quotes_what_stands_in_the_articles(bundled):
    assert len(bundled.record) == 24
    assert set(bundled.record["basis"]) <= set(corpora.BASES)
    for row in bundled.record.itertuples():
        assert bundled.texts[row.article_id][row.start : row.end] == row.quoted


def test_the_codes_count_as_the_codebook_says(bundled):
    counts = {name: len(table) for name, table in bundled.codes.items()}
    assert counts == {"attributions": 161, "sentences": 226, "targets": 386, "tone": 226,
                      "uptake": 90}  # fmt: skip
    assert bundled.codes["tone"]["start"].dtype == "int64"


def test_a_second_file_of_codes_drops_in_beside_the_first(small):
    head = "article_id,start,end,polarity\n"
    path = small(
        {
            "codes/tone.csv": "article_id,coder,start,end,polarity\na,d,0,14,neutral\n",
            "codes/tone-maria.csv": head + "a,0,14,positive\n",
        }
    )
    tone = load_corpus(path).codes["tone"]
    assert tone[["coder", "polarity"]].to_numpy().tolist() == [
        ["maria", "positive"], ["d", "neutral"]]  # fmt: skip


def test_ids_and_outlets_stay_text(small):
    path = small(
        {"articles.csv": "article_id,outlet\n007,NA\n1e5,null\n", "articles/007.txt": "Rain fell.",
         "articles/1e5.txt": "Snow fell."}  # fmt: skip
    )
    articles = load_corpus(path).articles
    assert articles["article_id"].tolist() == ["007", "1e5"]
    assert articles["outlet"].tolist() == ["NA", "null"]
    assert articles.columns.tolist() == COLUMNS
    assert (articles["headline"] == "").all()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_tables_are_read_with_and_without_a_mark_and_with_any_line_ends(small, mark, ending):
    rows = [b"article_id,outlet", b'a,"North, ""old"""', b"", b"b,South", b",", b""]
    corpus = load_corpus(small({"articles.csv": mark + ending.join(rows)}))
    assert corpus.articles["outlet"].tolist() == ['North, "old"', "South"]


TEXT = "Rain fell.\r\n\r\n“Again,” said Lee."


def test_one_csv_file_holds_a_corpus(tmp_path):
    path = tmp_path / "mine.csv"
    pd.DataFrame({"article_id": ["x"], "outlet": ["North"], "text": [TEXT]}).to_csv(
        path, index=False, lineterminator="\n"
    )
    assert load_corpus(path).texts == {"x": TEXT}


def test_one_file_of_json_lines_holds_a_corpus(lines):
    row = {"article_id": "x", "outlet": "North", "text": TEXT, "headline": None}
    corpus = load_corpus(lines(row))
    assert corpus.texts == {"x": TEXT}
    assert corpus.articles["headline"].tolist() == [""]


def test_a_folder_may_hold_its_texts_in_the_table(small):
    path = small({"articles.csv": "article_id,outlet,text\nq,North,Rain fell.\n"})
    assert load_corpus(path).texts == {"q": "Rain fell."}


def test_a_text_may_lie_elsewhere_in_the_folder(small):
    path = small({"articles.csv": "article_id,outlet,file\nq,North,old/x.txt\n",
                  "old/x.txt": "Rain fell."})  # fmt: skip
    assert load_corpus(path).texts == {"q": "Rain fell."}


def test_layout_rows_without_offsets_take_those_of_their_paragraph(small):
    path = small({"layout.csv": "article_id,paragraph,role\na,1,headline\n"})
    row = load_corpus(path).layout.iloc[0]
    assert (row["start"], row["end"]) == (0, 14)


ODD = {
    "byte-order mark": "\ufeffRain fell on the town. “Enough,” said Ann Lee.",
    "CRLF": "Rain fell.\r\n\r\n“Enough,” said Ann Lee.\r\nShe left.\r\n",
    "carriage returns alone": "Rain fell.\rAnn Lee left.\r",
    "zero width": "Rain\u200bfell on An\u200cn Lee.\u200d\n\u2060She left.",
    "right to left": "The word \u202ederorrim\u202c stood there. שלום, said Ann Lee.\nمرحبا\n",
    "emoji": "Rain 🌧️ fell. “👩‍👩‍👧 go,” said Lee 🇺🇸.\n\n👍🏽\n",
    "combining marks": "Zoe\u0308 said the cafe\u0301 was shut.",
    "no final newline": "Rain fell.\nLee left.",
    "one word": "Rain",
    "one mark": "“",
    "html": "<script>alert('x')</script> said Lee. <b>“Yes &amp; no”</b> ]]> {{ 7*7 }} {% x %}",
    "other white space": "\u3000Rain\u2003fell.\u2028Lee\u2029left.\x0b\x0c\x85Now.",
    "control characters": "Rain \x07 fell \x1b[31m here \x7f.",
    "unclosed quotation marks": "“Rain fell, said Lee. ‘It “was „cold.\n\n”Yes“ no''",
    "list of lines": "\n".join(f"{i}. Rain fell." for i in range(1, 40)),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_what_is_odd_but_sound_is_kept_whole_with_true_offsets(small, text):
    path = small({"articles/a.txt": text})
    corpus = load_corpus(path)
    assert corpus.texts["a"] == text
    assert_invariants(text, annotate_text(corpus.texts["a"]))


def test_a_paragraph_of_100_000_characters_is_kept_whole():
    text = "The mayor said it rained. " * 4000
    tables = annotate_text(text[:100_000])
    assert_invariants(text[:100_000], tables)
    assert len(tables["paragraphs"]) == 1


def test_any_field_may_hold_markup(small):
    marked = "<b onclick='x()'>{{ 7*7 }} ]]> & \u202e"
    head = "article_id,outlet,headline,author,event\n"
    path = small({"articles.csv": head + "a" + f',"{marked}"' * 4 + "\n"})
    row = load_corpus(path).articles.iloc[0]
    assert row["outlet"] == row["headline"] == row["author"] == row["event"] == marked


ALONE = {"articles/c.txt": None}
WARNINGS = [
    ({"articles.csv": "article_id,outlet\na,North\nb,North\n"},
     "articles.csv: warning: only one outlet, 'North'; everything but comparison works"),
    ({"articles.csv": "article_id,outlet\na,North\nb,north \n"},
     "articles.csv: warning: outlet 'north' and 'North' look alike"),
    ({"articles.csv": "article_id,outlet\na,North\nA,South\n", "articles/A.txt": "Sun.",
      "articles/b.txt": None},
     "articles.csv: warning: article_id 'A' and 'a' look alike"),
    ({"articles.csv": "article_id,outlet,event\na,North,storm\nb,South,Storm\n"},
     "articles.csv: warning: event 'Storm' and 'storm' look alike"),
    ({"articles.csv": "article_id,outlet\na,North\nb,South\n",
      "articles/b.txt": "Bridge reopens\n\nThe bridge opened on Monday.\n"},
     "articles.csv: warning: 2 articles across outlets are near-duplicates in 1 cluster "
     "('a' ~ 'b'); each cluster counts as one event"),
    ({"articles.csv": "article_id,outlet,author,author_basis\na,North,Lee,guessed\nb,South,,\n"},
     "articles.csv, row 2: warning: author_basis 'guessed' is none of text, stored, inferred, "
     "general"),
    ({"articles.csv": "article_id,outlet\na,North\nb,South\n",
      "articles/b.txt": "Der Zug nach Berlin ist heute früh ausgefallen, weil ein Baum auf die "
      "Gleise gestürzt war und niemand ihn räumen konnte."},
     "articles.csv, row 3: warning: 'b': words in another language (21 ×; 'de: 0 of 21 words are "
     "common English ones'); leave the article out; the instruments read English alone"),
]  # fmt: skip


@pytest.mark.parametrize("changes, line", WARNINGS, ids=[line[:60] for _, line in WARNINGS])
def test_what_looks_like_a_slip_is_a_warning_and_no_refusal(small, changes, line):
    problems = check_corpus(path := small(ALONE | changes))
    assert [str(problem) for problem in problems] == [line]
    assert load_corpus(path).warnings == problems


def test_a_refused_row_still_counts_as_a_second_outlet(small):
    path = small({"articles.csv": "article_id,outlet\na,North\nz,South\n", "articles/b.txt": None,
                  "articles/c.txt": None})
    assert str(check_corpus(path)[-1]) == (
        "articles.csv: warning: without the refused rows only one outlet, 'North'; everything but "
        "comparison works")


def test_events_may_be_missing_empty_or_shared_in_part(small):
    path = small({"articles.csv": "article_id,outlet,event\na,North,storm\nb,South,storm\nc,E,\n"})
    assert load_corpus(path).articles["event"].tolist() == ["storm", "storm", ""]
    assert check_corpus(path) == []


def test_four_outlets_share_three_events():
    corpus = load_corpus(CORPORA / "four-outlets")
    assert corpus.warnings == [] and not corpus.bundled
    assert corpus.articles.groupby("event")["outlet"].nunique().tolist() == [4, 4, 4]
    assert corpus.texts["post-stadium"][0] == "\ufeff"
    assert "\r\n" in corpus.texts["ledger-dam"]


def test_sixty_articles_made_by_program(tmp_path):
    corpus = load_corpus(make_sixty(tmp_path / "sixty"))
    assert len(corpus.articles) == 60
    assert corpus.articles["outlet"].nunique() == 5
    assert corpus.warnings == []


def test_a_copy_of_the_bundled_corpus_is_another_corpus(tmp_path):
    for name in ("articles.csv", "articles", "actors.csv", "layout.csv", "codes", "record.csv"):
        source = ROOT / "data" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    assert not load_corpus(tmp_path).bundled
