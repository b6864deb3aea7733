"""Each refusal of a broken corpus, with the line that names file, row and remedy."""

import pytest

from analysis.corpus.read import CorpusError, check_corpus, load_corpus

HEAD = "article_id,outlet\n"
LAYOUT = "article_id,paragraph,start,end,role\n"
TONE = "article_id,coder,start,end,polarity\n"

REFUSALS = [
    # articles.csv as a whole
    (
        {"articles.csv": None},
        "articles.csv: is missing; write one with the columns article_id, outlet",
    ),
    ({"articles.csv": b""}, "articles.csv: is empty; begin with the columns article_id, outlet"),
    (
        {"articles.csv": b"\xef\xbb\xbf\r\n"},
        "articles.csv: is empty; begin with the columns article_id, outlet",
    ),
    (
        {"articles.csv": b"article_id,outlet\na,Caf\xe9\n"},
        "articles.csv: byte 24 (0xe9) is not UTF-8 (it looks like Windows-1252); save the file as "
        "UTF-8",
    ),
    (
        {"articles.csv": "article_id,outlet\na,North\n".encode("utf-16")},
        "articles.csv: byte 1 (0xff) is not UTF-8 (it looks like UTF-16); save the file as UTF-8",
    ),
    (
        {"articles.csv": b"article_id,outlet\na,No\0rth\n"},
        "articles.csv: holds NUL at character 23; save it as CSV",
    ),
    ({"articles.csv": HEAD}, "articles.csv: has no rows; write one row an article"),
    ({"articles.csv": HEAD + "\n,\n"}, "articles.csv: has no rows; write one row an article"),
    (
        {"articles.csv": "article_id\na\n"},
        "articles.csv, row 1: column outlet is missing; add it",
    ),
    (
        {"articles.csv": "article_id;outlet\na;North\n"},
        "articles.csv, row 1: column article_id is missing; part the columns by commas\n"
        "articles.csv, row 1: column outlet is missing; part the columns by commas",
    ),
    (
        {"articles.csv": "article_id,outlet,outlet\na,North,South\n"},
        "articles.csv, row 1: column outlet stands twice; keep one",
    ),
    (
        {"articles.csv": HEAD + "a,North,2020\n"},
        "articles.csv, row 2: 3 cells here, 2 in the header; put cells that hold commas or line "
        "breaks in quotation marks",
    ),
    (
        {"articles.csv": HEAD + "a,North\nb\n"},
        "articles.csv, row 3: 1 cells here, 2 in the header; put cells that hold commas or line "
        "breaks in quotation marks",
    ),
    (
        {"articles.csv": HEAD + 'a,North\nb,"South\nc,East\n'},
        "articles.csv, row 3: a quotation mark opens here and is not closed; close it",
    ),
    (
        {"articles.csv": HEAD + 'a,"North"ern\n'},
        "articles.csv, row 2: text follows a closing quotation mark; double the marks inside a "
        "cell",
    ),
    # one article
    (
        {"articles.csv": HEAD + "a,North\na,South\n"},
        "articles.csv, row 3: article_id 'a' stands in row 2 already; give it another",
    ),
    (
        {"articles.csv": HEAD + " ,North\n"},
        "articles.csv, row 2: article_id is empty; give the article an id of its own",
    ),
    (
        {"articles.csv": HEAD + "a,\n"},
        "articles.csv, row 2: outlet is empty; give the article its outlet",
    ),
    (
        {"articles.csv": HEAD + "../a,North\n"},
        "articles.csv, row 2: article_id '../a' is no id; use letters a-z, digits, '.', '_', '-'",
    ),
    (
        {"articles.csv": HEAD + "..,North\n"},
        "articles.csv, row 2: article_id '..' is no id; use letters a-z, digits, '.', '_', '-'",
    ),
    (
        {"articles.csv": "article_id,outlet,file\na,North,../secret.txt\n"},
        "articles.csv, row 2: file ../secret.txt leaves the folder by '..'; name a file inside "
        "the folder",
    ),
    (
        {"articles.csv": "article_id,outlet,file\na,North,articles\\..\\..\\secret.txt\n"},
        "articles.csv, row 2: file articles\\..\\..\\secret.txt leaves the folder by '..'; name a "
        "file inside the folder",
    ),
    (
        {"articles.csv": "article_id,outlet,file\na,North,/etc/hostname\n"},
        "articles.csv, row 2: file /etc/hostname is an absolute path; name a file inside the "
        "folder",
    ),
    (
        {"articles.csv": "article_id,outlet,file\na,North,C:secret.txt\n"},
        "articles.csv, row 2: file C:secret.txt is an absolute path; name a file inside the "
        "folder",
    ),
    (
        {"articles/a.txt": None},
        "articles.csv, row 2: file articles/a.txt is missing; put the file there",
    ),
    (
        {"articles.csv": "article_id,outlet,file\na,North,articles\n"},
        "articles.csv, row 2: file articles is missing; put the file there",
    ),
    (
        {"articles.csv": f"article_id,outlet,file\na,North,{'x' * 300}\n"},
        f"articles.csv, row 2: file {'x' * 300} cannot be read (File name too long); see that it "
        "opens",
    ),
    (
        {"articles/a.txt": b""},
        "articles.csv, row 2: file articles/a.txt is empty; put the article's text there",
    ),
    (
        {"articles/a.txt": "\ufeff \r\n\u00a0\u200b\n"},
        "articles.csv, row 2: file articles/a.txt is blank; put the article's text there",
    ),
    (
        {"articles/a.txt": b"It was \x93open\x94"},
        "articles.csv, row 2: file articles/a.txt byte 8 (0x93) is not UTF-8 (it looks like "
        "Windows-1252); save the file as UTF-8",
    ),
    (
        {"articles/a.txt": b"Open\0 today"},
        "articles.csv, row 2: file articles/a.txt holds NUL at character 5; save it as plain text",
    ),
    # layout.csv
    (
        {"layout.csv": LAYOUT + "z,1,0,5,body\n"},
        "layout.csv, row 2: article 'z' is not in articles.csv; name one that is or remove the row",
    ),
    (
        {"layout.csv": LAYOUT + "a,3,0,5,body\n"},
        "layout.csv, row 2: paragraph '3' is unknown; 'a' has 1 to 2",
    ),
    (
        {"layout.csv": LAYOUT + "a,1,0,14,title\n"},
        "layout.csv, row 2: role 'title' is unknown; write one of headline, deck, heading, body, "
        "block_quotation, self_quotation, furniture",
    ),
    (
        {"layout.csv": LAYOUT + "a,1,0,14,headline\na,2,5,40,body\n"},
        "layout.csv, row 3: 5 to 40 overlaps row 2; keep one row a paragraph",
    ),
    (
        {"layout.csv": LAYOUT + "a,1,0,14,headline\na,1,0,14,headline\n"},
        "layout.csv, row 3: 0 to 14 overlaps row 2; keep one row a paragraph",
    ),
    (
        {"layout.csv": LAYOUT + "a,2,16,99,body\n"},
        "layout.csv, row 2: 16 to 99 lies outside the text or is empty; 'a' has 45",
    ),
    (
        {"layout.csv": LAYOUT + "a,2,16,44.5,body\n"},
        "layout.csv, row 2: start and end must be whole numbers; write offsets in characters, "
        "from 0",
    ),
    (
        {"layout.csv": LAYOUT + "a,2,15,44,body\n"},
        "layout.csv, row 2: 15 to 44 is not paragraph 2, 16 to 44; correct the offsets",
    ),
    (
        {"layout.csv": "article_id,role\na,body\n"},
        "layout.csv, row 1: column paragraph is missing; add it",
    ),
    # actors.csv
    (
        {"actors.csv": "actor,aliases\n,Lee\n"},
        "actors.csv, row 2: actor is empty; give the row a name",
    ),
    (
        {"actors.csv": "actor,aliases\nAnn Lee,Lee\nBo Lee,Lee\n"},
        "actors.csv, row 3: 'Lee' names row 2 too; leave it to one of them",
    ),
    # codes
    (
        {"codes/tone.csv": TONE + "a,ann,0,99,neutral\n"},
        "codes/tone.csv, row 2: 0 to 99 lies outside the text or is empty; 'a' has 45",
    ),
    (
        {"codes/tone-ann.csv": TONE + "a,ann,0,14,bad\n"},
        "codes/tone-ann.csv, row 2: polarity 'bad' is unknown; write one of negative, neutral, "
        "positive",
    ),
    (
        {"codes/tone.csv": TONE + "a,,0,14,neutral\n"},
        "codes/tone.csv, row 2: coder is empty; say whose code it is",
    ),
    (
        {"codes/tone.csv": TONE + "a,ann,0,14,neutral\na,ann,0,14,positive\n"},
        "codes/tone.csv, row 3: says again what row 2 says; keep one code of each coder",
    ),
    (
        {"codes/other.csv": "article_id,coder,start,end,content\na,ann,0,6,bridge\n"},
        "codes/other.csv, row 2: content is not what stands at 0 to 6; the text was changed",
    ),
    (
        {"record.csv": "article_id,start,end,quoted,record\na,0,6,bridge,no\n"},
        "record.csv, row 2: quoted is not what stands at 0 to 6; the text was changed",
    ),
]  # fmt: skip


@pytest.mark.parametrize("changes, line", REFUSALS, ids=[line[:70] for _, line in REFUSALS])
def test_a_broken_corpus_is_refused_with_file_row_and_remedy(small, changes, line):
    path = small(changes)
    found = [str(problem) for problem in check_corpus(path) if problem.level == "refused"]
    assert "\n".join(found) == line
    with pytest.raises(CorpusError) as error:
        load_corpus(path)
    assert str(error.value) == line


def test_every_problem_is_named_not_only_the_first(small):
    path = small(
        {
            "articles.csv": "article_id,outlet,published\na,,soon\nb,South,\na/b,East,\nb,West,\n",
            "articles/b.txt": b"",
            "articles/c.txt": None,
            "layout.csv": LAYOUT + "q,1,0,1,body\na,1,0,14,footer\n",
        }
    )
    assert [str(problem).split(";")[0] for problem in check_corpus(path)] == [
        "articles.csv, row 2: outlet is empty",
        "articles.csv, row 3: file articles/b.txt is empty",
        "articles.csv, row 4: article_id 'a/b' is no id",
        "articles.csv, row 5: article_id 'b' stands in row 3 already",
        "articles.csv, row 5: file articles/b.txt is empty",
        "layout.csv, row 2: article 'q' is not in articles.csv",
        "layout.csv, row 3: role 'footer' is unknown",
    ]


@pytest.mark.parametrize("link", ["articles/a.txt", "articles", "layout.csv", "articles.csv"])
def test_a_symbolic_link_inside_the_folder_is_refused(small, link):
    path = small({"layout.csv": LAYOUT + "a,1,0,14,headline\n"})
    (path / link).rename(path.parent / "moved")
    (path / link).symlink_to(path.parent / "moved")
    found = [str(problem) for problem in check_corpus(path) if problem.level == "refused"]
    name = link.rpartition("/")[2]
    assert found
    assert all(f"leads through the symbolic link '{name}'; put the file there" in line
               for line in found)  # fmt: skip


def test_a_corpus_may_itself_be_reached_by_a_link(small):
    link = small().parent / "link"
    link.symlink_to(small(), target_is_directory=True)
    assert len(load_corpus(link).articles) == 3


def test_the_table_named_instead_of_its_folder_gets_a_hint(small):
    (problem,) = check_corpus(small() / "articles.csv")
    assert str(problem) == (
        "articles.csv, row 1: column text is missing; add it, or name the folder instead of the "
        "file")  # fmt: skip


def test_a_layout_row_without_an_article_is_refused(small):
    path = small({"articles.csv": HEAD + ",North\nb,South\n",
                  "layout.csv": LAYOUT + ",1,0,1,body\n"})  # fmt: skip
    lines = [str(problem) for problem in check_corpus(path)]
    assert any(line.startswith("layout.csv, row 2: article '' is not in") for line in lines)


def test_skipping_leaves_out_a_ragged_row_and_its_layout(small):
    path = small({"articles.csv": HEAD + "a,North\nb,South,x\nc,East\n",
                  "layout.csv": LAYOUT + "b,1,0,39,body\n"})  # fmt: skip
    corpus = load_corpus(path, skip_refused=True)
    assert list(corpus.texts) == ["a", "c"]
    assert corpus.refused["article_id"].tolist() == ["b"]


def test_a_path_without_a_corpus_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="there is no such folder or file; name a corpus"):
        load_corpus(tmp_path / "nowhere")


OBJECT = "write one JSON object a line"
JSON_REFUSALS = [
    ("[1]", f"cannot be read (it is no object); {OBJECT}"),
    ('{"article_id": "a"', f"cannot be read (Expecting ',' delimiter); {OBJECT}"),
    ('{"text": "a", "text": "b"}', f"cannot be read ('text' stands twice); {OBJECT}"),
    ('{"article_id": "a", "outlet": "North"}', "text is missing; add it"),
    ('{"article_id": 7, "outlet": "N", "text": "x"}',
     "article_id is not text; write its value in quotation marks"),
    ('{"article_id": "a", "outlet": "N", "text": " "}',
     "text is blank; put the article's text there"),
    ('{"article_id": "a", "outlet": "N", "text": "x\\u0000"}',
     "text holds NUL at character 2; save it as plain text"),
    ('{"article_id": "a", "outlet": "N", "text": "x\\ud83d"}',
     "text holds half a surrogate pair at character 2; save it as UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize("line, message", JSON_REFUSALS)
def test_a_broken_line_of_json_is_refused(tmp_path, line, message):
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"article_id": "first", "outlet": "N", "text": "Sound."}\n' + line + "\n")
    found = [str(problem) for problem in check_corpus(path) if problem.level == "refused"]
    assert found == [f"corpus.jsonl, row 2: {message}"]


def test_json_lines_may_hold_more_than_the_format_knows(lines):
    row = {"article_id": "a", "outlet": "North", "text": "Sound.", "headline": None}
    path = lines(row, row | {"article_id": "b", "tags": ["x"], "pages": 5, "meta": {"a": [1]}})
    assert list(load_corpus(path).texts) == ["a", "b"]


def test_a_file_may_itself_be_reached_by_a_link(lines, tmp_path):
    (tmp_path / "link").symlink_to(lines({"article_id": "a", "outlet": "N", "text": "Sound."}))
    assert list(load_corpus(tmp_path / "link").texts) == ["a"]


def test_codes_without_a_row_are_no_codes(small):
    assert load_corpus(small({"codes/tone.csv": TONE})).codes == {}
    path = small({"codes/tone.csv": TONE + "a,ann,0,14,neutral\n", "articles/a.txt": b""})
    assert load_corpus(path, skip_refused=True).codes == {}


def test_skipping_goes_on_without_the_refused_and_names_them(small):
    path = small({"articles/b.txt": b"\xff", "layout.csv": LAYOUT + "b,1,0,1,body\nz,1,0,1,body\n"})
    corpus = load_corpus(path, skip_refused=True)
    assert list(corpus.articles["article_id"]) == ["a", "c"]
    assert list(corpus.texts) == ["a", "c"]
    assert corpus.refused.to_dict("list") == {
        "file": ["articles.csv", "layout.csv"],
        "row": [3, 3],
        "article_id": ["b", "z"],
        "message": [
            "file articles/b.txt byte 1 (0xff) is not UTF-8 (it looks like Windows-1252); save the "
            "file as UTF-8",
            "article 'z' is not in articles.csv; name one that is or remove the row",
        ],
    }


def test_an_article_with_a_wrong_layout_row_is_skipped_whole(small):
    path = small({"layout.csv": LAYOUT + "a,1,0,9,headline\n"})
    corpus = load_corpus(path, skip_refused=True)
    assert list(corpus.texts) == ["b", "c"]
    assert corpus.layout.empty


def test_skipping_a_duplicate_keeps_the_first(small):
    path = small({"articles.csv": HEAD + "a,North\nb,South\na,East\n"})
    corpus = load_corpus(path, skip_refused=True)
    assert list(corpus.articles["outlet"]) == ["North", "South"]


@pytest.mark.parametrize(
    "changes",
    [
        {"articles.csv": "article_id\na\n"},
        {"articles.csv": HEAD + 'a,North\nb,"South\n'},
        {"articles/a.txt": None, "articles/b.txt": None, "articles/c.txt": None},
        {"actors.csv": "actor,aliases\nAnn,Lee\nBo,Lee\n"},
    ],
    ids=["no outlet column", "unclosed quotation mark", "no article left", "ambiguous alias"],
)
def test_skipping_does_not_help_where_the_whole_corpus_is_unsure(small, changes):
    with pytest.raises(CorpusError):
        load_corpus(small(changes), skip_refused=True)


def test_a_message_cannot_break_its_line_or_turn_the_terminal_around(small):
    path = small({"articles.csv": HEAD + '"a\n\x1b[31m\u202eb",North\n'})
    (problem,) = (p for p in check_corpus(path) if p.level == "refused")
    assert str(problem).isprintable()
