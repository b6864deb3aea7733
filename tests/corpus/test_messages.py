"""One message a kind, with its count, and what was perhaps meant."""

import json

import pytest

from analysis.corpus import check_corpus, load_corpus


def _said(path) -> list[str]:
    return [str(each) for each in check_corpus(path)]


def test_a_fault_of_many_rows_is_one_message_with_its_count(tmp_path):
    rows = [{"article_id": n, "outlet": "North", "text": "Rain."} for n in range(1, 10_001)]
    path = tmp_path / "c.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert _said(path) == ["c.jsonl: article_id is not text; write its value in quotation marks "
                           "(so in 10,000 rows: 1, 2, 3, 4, 5 …)"]


@pytest.mark.parametrize("header, meant", [
    ("ID,outlet,text", "did you mean 'ID'?"),
    ("article_id,publication,text", "did you mean 'publication'?"),
    ("article_id,outlet,content", "did you mean 'content'?"),
    ("article_idd,outlet,text", "did you mean 'article_idd'?"),
])
def test_a_missing_column_names_the_one_that_was_meant(tmp_path, header, meant):
    path = tmp_path / "c.csv"
    path.write_text(header + "\na,North,Rain.\n")
    assert len(_said(path)) == 1 and meant in _said(path)[0]


@pytest.mark.parametrize("given, lies, meant", [
    ("a.TXT", "articles/a.txt", "articles/a.txt"),
    ("articles\\a.txt", "articles/a.txt", "articles/a.txt"),
    ("", "a.txt", "a.txt"),
])
def test_a_file_that_lies_nearby_is_named(tmp_path, given, lies, meant):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles.csv").write_text(f"article_id,outlet,file\na,North,{given}\n")
    (tmp_path / lies).write_text("Rain.")
    assert f"did you mean '{meant}'?" in _said(tmp_path)[0]


@pytest.mark.parametrize("head, what", [
    (b"PK\x03\x04\xff\xfe", "a Word, Excel or zip file"), (b"%PDF-1.4 \xff", "a PDF"),
    (b"\x1f\x8b\x08\xff", "a gzip file")])
def test_a_file_of_another_kind_is_named_by_its_first_bytes(tmp_path, head, what):
    path = tmp_path / "c.csv"
    path.write_bytes(head)
    assert f"this is {what}; python -m analysis import makes a corpus of it" in _said(path)[0]


def test_a_bad_date_costs_the_date_and_not_the_article(small):
    path = small({"articles.csv": "article_id,outlet,published\na,North,21/03/2018\nb,South,\n"
                                  "c,East,\n"})
    corpus = load_corpus(path)
    assert corpus.articles["published"].tolist() == ["", "", ""]
    assert [str(each) for each in corpus.warnings] == [
        "articles.csv, row 2: warning: published '21/03/2018' is no date and is not used; write "
        "it as 2018-03-21 or leave it empty"]
