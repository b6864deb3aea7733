"""What people have in hand becomes a corpus: texts, outlets, dates, headlines come out as given."""

import contextlib
import csv
import gzip
import io
import json
import random
import re
import tracemalloc

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapes import ARTICLES, SHAPES, write
from test_wrapped_lines import _rewrapped

from analysis.__main__ import main
from analysis.corpus import CorpusError, bring, check_corpus, dates, formats, load_corpus
from analysis.definitions import ROOT


def _words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_comes_out_as_it_went_in(name, tmp_path):
    content, otherwise = SHAPES[name]
    bring(write(name, content, tmp_path / "in"), tmp_path / "out")
    assert [each for each in check_corpus(tmp_path / "out") if each.level == "refused"] == []
    corpus = load_corpus(tmp_path / "out")
    rows = sorted(corpus.articles.itertuples(), key=lambda row: corpus.texts[row.article_id][-30:])
    expected = sorted(ARTICLES, key=lambda row: row["text"][-30:])
    assert len(rows) == len(expected)
    for got, row in zip(rows, expected, strict=True):
        headline = otherwise.get("headline", row["headline"])
        assert got.headline == headline
        text = corpus.texts[got.article_id]
        assert _words(text) == _words(f"{headline} {row['text']}")
        paragraphs = [line for line in text.split("\n") if line.strip()]
        assert paragraphs == [*filter(None, [headline]), *row["text"].split("\n\n")]
        domain = row["url"].split("/")[2]
        outlets = {"domain": domain, "joined": row["outlet"].replace(" ", "")}
        assert got.outlet == outlets.get(otherwise.get("outlet"), row["outlet"])
        assert got.published[:10] == otherwise.get("date", row["date"])


# What else comes in ------------------------------------------------------------------------------


def _said(source, tmp_path, **more) -> str:
    with pytest.raises(CorpusError) as refusal:
        bring(source, tmp_path / "out", **more)
    assert not (tmp_path / "out").exists()
    return str(refusal.value)


def _csv(path, *rows) -> object:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_columns_of_any_name_are_named_by_the_user(tmp_path):
    path = _csv(tmp_path / "a.csv", ["who", "what"], ["North", "Rain fell."], ["South", "Sun."])
    assert "--columns text=" in _said(path, tmp_path)
    assert "did you mean 'what'?" in _said(path, tmp_path, columns={"text": "whta"})
    bring(path, tmp_path / "out", {"text": "what", "outlet": "who"})
    corpus = load_corpus(tmp_path / "out")
    assert corpus.articles["outlet"].tolist() == ["North", "South"]
    assert list(corpus.texts.values()) == ["Rain fell.", "Sun."]


def test_a_source_without_outlets_says_so_and_takes_one_for_all(tmp_path):
    path = _csv(tmp_path / "ag.csv", ["text", "label"], ["Rain fell.", "1"], ["Sun.", "2"])
    assert "nothing says which outlet" in _said(path, tmp_path)
    bring(path, tmp_path / "out", {"outlet": "=The Post"})
    assert load_corpus(tmp_path / "out").articles["outlet"].tolist() == ["The Post"] * 2


@pytest.mark.parametrize("header, row, said", [
    (["id", "title", "url", "media_name"], ["1", "Ferry", "https://x.example/1", "Post"],
     "a list of links, it holds no text: fetch the pages, then import the folder"),
    (["Key", "Item Type", "Title", "Url", "File Attachments"],
     ["AB", "newspaperArticle", "Ferry", "https://x.example/1", "/home/a.html"],
     "a list of Zotero without texts"),
    (["url", "title", "seendate", "domain"], ["https://x.example/1", "Ferry", "20260301T1000Z",
                                              "x.example"], "a list of links"),
])
def test_lists_of_links_say_what_to_do(tmp_path, header, row, said):
    assert said in _said(_csv(tmp_path / "a.csv", header, row), tmp_path)


@pytest.mark.parametrize("head, said", [
    (b"\xd0\xcf\x11\xe0", "save it as .docx or .xlsx"), (b"WARC/1.0\r\n", "warcio"),
    (b"PAR1", "read_parquet"), (gzip.compress(b"X\n\0\0"), "write.csv(readRDS"),
    (b"7z\xbc\xaf", "unpack it"), (b"\x89PNG", "tesseract"), (b"a\0\0\1\2\xff", "is no text"),
    (b'{"a": [1, ', "broken JSON"), (b'text,outlet\n"Rain', "a quotation mark opens"),
    (b"PK\x03\x04 no archive", "damaged"), (b"", "is empty")])
def test_what_cannot_be_read_is_named_with_what_reads_it(tmp_path, head, said):
    (tmp_path / "odd.csv").write_bytes(head)
    assert said in _said(tmp_path / "odd.csv", tmp_path)


def test_an_existing_corpus_is_refused_and_a_dry_run_writes_nothing(tmp_path, capsys):
    source = write("own.csv", SHAPES["own.csv"][0], tmp_path)
    before = source.read_bytes()
    out = ["import", str(source), "--out", str(tmp_path / "out")]
    assert main([*out, "--dry-run"]) == 0
    assert not (tmp_path / "out").exists() and "articles made (3 ×)" in capsys.readouterr().out
    assert main(out) == 0
    assert main(out) == 1
    assert "exists; name a folder that is yet to be made" in capsys.readouterr().err
    assert source.read_bytes() == before


def test_outlets_that_look_alike_are_listed_and_joined_by_a_map(tmp_path):
    path = _csv(tmp_path / "a.csv", ["text", "outlet"], ["Rain.", "nytimes.com"],
                ["Sun.", "The New York Times"], ["Hail.", "Vale News"])
    log = bring(path, tmp_path / "one")
    assert log.loc[log["change"].str.contains("look alike"), "example"].tolist() == [
        "nytimes.com | The New York Times"]
    table = _csv(tmp_path / "map.csv", ["from", "to"], ["nytimes.com", "The New York Times"])
    bring(path, tmp_path / "two", outlets=table)
    assert load_corpus(tmp_path / "two").articles["outlet"].nunique() == 2


def test_every_change_to_a_text_stands_in_the_log_with_its_count(tmp_path):
    garbled = "“No,” he said.".encode().decode("cp1252", "replace").replace("\ufffd", "\x9d")
    path = _csv(tmp_path / "a.csv", ["id", "outlet", "title", "text"],
                ["one", "North", "Rain", "&ldquo;No,&rdquo; Ada\u00a0Holm said &amp; left."],
                ["two", "North", "", garbled], ["three", "South", "Sun", "<p>Sun</p><p>Hot.</p>"],
                ["four", "South", "", ""], ["five", "South", "", "A\u030ada left.\r\nRain."])
    log = bring(path, tmp_path / "out")
    assert log.equals(pd.read_csv(tmp_path / "out" / "import.csv", dtype={"row": str},
                                  keep_default_na=False).astype(log.dtypes))
    texts = load_corpus(tmp_path / "out").texts
    assert texts == {"one": "Rain\n\n“No,” Ada Holm said & left.", "two": "“No,” he said.",
                     "three": "Sun\n\nHot.", "five": "Åda left.\nRain."}
    garbled = log.loc[log["change"] == "garbled characters", "article_id"]
    assert garbled.tolist() == ["two"]
    assert log.loc[log["change"] == "entities", "count"].tolist() == [3]
    assert log.loc[log["change"] == "spaces of other kinds", "count"].tolist() == [1]
    assert log.loc[log["change"] == "markup", "count"].tolist() == [4]
    assert log.loc[log["change"] == "letters composed", "count"].tolist() == [1]
    assert log.loc[log["change"] == "left out: no text", "row"].tolist() == ["5"]


def test_a_delimiter_in_a_cell_without_marks_loses_the_row_and_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("ID;Zeitung;Volltext\n1;Post;Rain fell; or not\n2;Post;Sun.\n")
    log = bring(path, tmp_path / "out")
    assert load_corpus(tmp_path / "out").texts == {"2": "Sun."}
    assert "left out: 4 cells, 3 in the header" in log["change"].tolist()


def test_one_article_of_nexis_is_cut_without_its_marks(tmp_path):
    text = ("Harbour Post\nMarch 1, 2026 Sunday\n\nFerry runs aground\n\nBYLINE: A. Lund\n\n"
            "LENGTH: 14 words\n\nRain fell.\n\nLOAD-DATE: March 2, 2026\n\nLANGUAGE: ENGLISH\n")
    path = tmp_path / "a.txt"
    path.write_text(text)
    bring(path, tmp_path / "out")
    assert list(load_corpus(tmp_path / "out").texts.values()) == [
        "Ferry runs aground\n\nRain fell."]


def test_articles_with_layout_rows_stay_byte_for_byte(tmp_path):
    bring(ROOT / "data", tmp_path / "out")
    for key in ("examiner", "vox", "duran"):
        one, two = (folder / "articles" / f"{key}.txt" for folder in (ROOT / "data",
                                                                      tmp_path / "out"))
        assert one.read_bytes() == two.read_bytes()
    assert check_corpus(tmp_path / "out") == []
    assert len(load_corpus(tmp_path / "out").layout) == 71


def _spoilt(kind: str, text: str) -> str:
    return {"wrapped": lambda: _rewrapped(text, 76),
            "non-breaking": lambda: re.sub(r"(?<=[A-Z][a-z]{3}) (?=[A-Z])", "\u00a0", text),
            "entities": lambda: text.replace("“", "&ldquo;").replace("”", "&rdquo;").replace(
                "’", "&#8217;").replace("—", "&mdash;"),
            "mojibake": lambda: text.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d"),
            }[kind]()


@pytest.mark.parametrize("kind", ["wrapped", "non-breaking", "entities", "mojibake"])
def test_spoilt_copies_of_the_bundled_texts_come_out_as_the_originals(kind, bundled, tmp_path):
    rows = [["id", "outlet", "text"]]
    originals = {}
    for key, text in bundled.texts.items():
        originals[key] = "\n\n".join(filter(str.strip, text.split("\n")))
        spoilt = _spoilt(kind, originals[key])
        assert spoilt != originals[key]
        rows.append([key, key.title(), spoilt])
    bring(_csv(tmp_path / "a.csv", *rows), tmp_path / "out")
    assert load_corpus(tmp_path / "out").texts == originals


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
WORDS = ["the", "boat", '"so"', "“no”", "it’s", "a, b", "c; d", "e|f", "tab\tbed", "café", "€5",
         "\n\n", "'q'"]


@settings(max_examples=500, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))
@given(delimiter=st.sampled_from(",;\t|"), quoting=st.sampled_from(
    [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]), quote=st.sampled_from("\"'"),
    doubled=st.booleans(), ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(ENCODINGS), seed=st.integers(0, 10**6))
def test_any_dialect_and_encoding_of_one_table_reads_back_equal(
        delimiter, quoting, quote, doubled, ending, encoding, seed):
    draw = random.Random(seed)
    # With rows ended by a carriage return Python's writer leaves cells with newlines unmarked.
    words = [word for word in WORDS if "\n" not in word or ending != "\r"]
    rows = [[f"k{n}", draw.choice(["North", "Sou, th", "E;ast"]),
             "It rained. " + " ".join(draw.choices(words, k=draw.randrange(1, 30)))]
            for n in range(draw.randrange(1, 6))]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, quotechar=quote,
                        doublequote=doubled, escapechar=None if doubled else "\\",
                        lineterminator=ending)
    writer.writerows([["article_id", "outlet", "text"], *rows])
    content = out.getvalue().encode(encoding)
    item = formats.Item("table.csv", lambda: io.BytesIO(content))
    assert [list(found.cells.values()) for found in formats.found(item, {})] == rows


def test_two_hundred_odd_files_bring_no_traceback(tmp_path):
    draw = random.Random(3)
    contents = [content if isinstance(content, bytes) else content.encode()
                for content, _ in SHAPES.values() if not isinstance(content, dict)]
    for n in range(200):
        content = bytearray(draw.choice(contents))
        for _ in range(draw.randrange(1, 30)):
            at = draw.randrange(len(content))
            content[at : at + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
        cut = content[: draw.randrange(len(content))] if n % 3 else content
        path = tmp_path / f"odd{n}.{draw.choice(['csv', 'json', 'txt', 'docx', 'html', ''])}"
        path.write_bytes(cut)
        with contextlib.suppress(CorpusError):
            bring(path, tmp_path / f"out{n}")
        if (tmp_path / f"out{n}").exists():
            assert [p for p in check_corpus(tmp_path / f"out{n}") if p.level == "refused"] == []


@pytest.mark.parametrize("written, read", [
    ("2026-03-01", "2026-03-01"), ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
    ("20260301", "2026-03-01"), ("2026/3/1", "2026-03-01"), ("1.3.2026", "2026-03-01"),
    ("Sun, 01 Mar 2026 10:00:00 GMT", "2026-03-01"), ("March 1, 2026 Sunday", "2026-03-01"),
    ("1 March 2026", "2026-03-01"), ("46082", "2026-03-01"), ("1772359200", "2026-03-01"),
    ("1772359200000", "2026-03-01"), ("20260301T101500Z", "2026-03-01"), ("2026", ""),
    ("2026-03", ""), ("March 2026", ""), ("soon", ""), ("nan", ""), ("31/12/26", "2026-12-31")])
def test_dates_are_read_as_sources_write_them(written, read):
    assert dates.read_date(written) == read


def test_a_day_above_twelve_tells_day_from_month_for_the_whole_source(tmp_path):
    rows = [["outlet", "text", "date"], ["North", "Rain.", "03/01/2026"],
            ["North", "Sun.", "03/14/2026"]]
    bring(_csv(tmp_path / "us.csv", *rows), tmp_path / "us")
    assert load_corpus(tmp_path / "us").articles["published"].tolist() == ["2026-03-01",
                                                                           "2026-03-14"]
    log = bring(_csv(tmp_path / "any.csv", *rows[:2]), tmp_path / "any")
    assert load_corpus(tmp_path / "any").articles["published"].tolist() == ["2026-01-03"]
    assert log["change"].str.contains("read day first").any()


def test_a_date_that_a_files_name_gave_is_said_in_log_remarks_and_table(tmp_path, capsys):
    for name, text in (("2024-03-04 ferry.txt", "The ferry sailed."), ("bridge.txt", "It shut."),
                       ("20261399 port.txt", "It froze.")):
        (tmp_path / "Harbour Post").mkdir(exist_ok=True)
        (tmp_path / "Harbour Post" / name).write_text(text)
    (tmp_path / "a.csv").write_text("outlet,date,text\nHill Courier,2024-03-06,It rained.\n")
    assert main(["import", str(tmp_path / "Harbour Post"), str(tmp_path / "a.csv"), "--out",
                 str(tmp_path / "out")]) == 0
    assert "date taken from the file's or folder's name (1 ×): 2024-03-04-ferry; 2024-03-04" in (
        capsys.readouterr().out.splitlines())
    articles = pd.read_csv(tmp_path / "out" / "articles.csv", keep_default_na=False).set_index(
        "article_id")
    assert articles["published"].to_dict() == {"2024-03-04-ferry": "2024-03-04", "bridge": "",
                                               "20261399-port": "", "a-2": "2024-03-06"}
    assert articles["published_basis"].to_dict() == {"2024-03-04-ferry": "inferred", "bridge": "",
                                                     "20261399-port": "", "a-2": ""}
    log = pd.read_csv(tmp_path / "out" / "import.csv", keep_default_na=False)
    said = log[log["change"].str.contains("date taken")]
    assert said[["article_id", "example"]].values.tolist() == [["2024-03-04-ferry", "2024-03-04"]]
    assert check_corpus(tmp_path / "out") == []


def test_ids_are_kept_where_they_can_be_and_made_where_not(tmp_path):
    path = _csv(tmp_path / "a.csv", ["id", "outlet", "text"], ["7", "North", "Rain."],
                ["7", "North", "Sun."], ["x/y z", "North", "Hail."], ["", "North", "Fog."])
    bring(path, tmp_path / "out")
    assert list(load_corpus(tmp_path / "out").texts) == ["7", "7-2", "x-y-z", "a-5"]


def test_memory_keeps_no_text_and_all_rows_arrive(tmp_path):
    text = "It rained in the town on Monday, and the mayor said so.\n\n" * 10

    def peak(n: int) -> int:
        path = tmp_path / f"{n}.jsonl"
        with path.open("w") as file:
            for i in range(n):
                file.write(json.dumps({"id": i, "outlet": f"O{i % 3}", "text": f"{i}. {text}"})
                           + "\n")
        tracemalloc.start()
        log = bring(path, tmp_path / f"out{n}")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert log.loc[log["change"] == "articles made", "count"].tolist() == [n]
        assert len(list((tmp_path / f"out{n}" / "articles").iterdir())) == n
        return most

    bring(_csv(tmp_path / "warm.csv", ["outlet", "text"], ["North", text]), tmp_path / "warm")
    small, large = peak(300), peak(3_000)
    # A row of the table is kept for each article, its text never.
    assert large - small < 2_700 * 6_000
