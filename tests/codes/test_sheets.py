"""The coder's road: a sample is drawn, coded blind, and taken into the codes."""

import csv
import io
import json
import re
import shutil

import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.__main__ import main
from analysis.codes import sheets, units
from analysis.codes.agreement import to_discuss
from analysis.codes.filled import take
from analysis.codes.sheets import draw, sample
from analysis.corpus.read import CorpusError, load_corpus
from analysis.definitions import ROOT

TABLES = list(units.ASKED)
FORMS = {"csv": ".csv", "xlsx": ".xlsx", "label-studio": ".json"}
# An answer to everything that a table asks; content is copied from the unit.
ANSWERS = {
    "tone": {"polarity": "negative"}, "targets": {"polarity": "positive"},
    "sentences": {"voice": "author", "entman": "causal_attribution moral_evaluation",
                  "generic_frames": "none", "policy_frames": "political"},
    "attributions": {"content": "", "cue": "", "speaker": "Ann Lee", "quote_type": "indirect",
                     "kind": "speech"},
    "uptake": {"uptake": "dispute", "response": ""}}


def nothing_found(name):
    raise AssertionError(f"the instruments were asked for {name}")


@pytest.fixture
def copy(tmp_path):
    """The bundled articles with their codes, without the ready sheet."""
    for name in ("articles", "codes"):
        shutil.copytree(ROOT / "data" / name, tmp_path / "data" / name,
                        ignore=shutil.ignore_patterns("sheets"))
    for name in ("articles.csv", "layout.csv", "actors.csv"):
        shutil.copy(ROOT / "data" / name, tmp_path / "data" / name)
    return tmp_path / "data"


def sentences_of(path):
    """A stand-in for the parser: every coded sentence of the bundled articles."""
    rows = pd.read_csv(path / "codes/tone.csv").drop_duplicates(["article_id", "start"])
    return rows[["article_id", "start", "end"]].assign(sentence=1)


def drawn(path, table, form="csv", coder="anna", **size):
    corpus = load_corpus(path)
    written, _ = sample(corpus, table, coder, lambda name: sentences_of(path), form=form,
                        **(size or {"number": 12}))
    return written[0]


def rows_of(path, delimiter=","):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=delimiter))


def fill(sheet, table, answers, form="csv", delimiter=","):
    """Fill a sheet in its own format as a person would; `answers` gives a unit's row or None."""
    if form == "csv":
        rows = rows_of(sheet)
        for i, row in enumerate(rows):
            row.update(answers(i, row["unit"]) or {})
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        sheet.write_bytes(out.getvalue().encode("utf-8-sig" if delimiter == ";" else "utf-8"))
    elif form == "xlsx":
        book = load_workbook(sheet)
        page = book["codes"]
        head = {cell.value: cell.column for cell in page[1]}
        for i in range(2, page.max_row + 1):
            given = answers(i - 2, page.cell(i, head["unit"]).value) or {}
            for name, value in given.items():
                page.cell(i, head[name]).value = value or None
        book.save(sheet)
    else:
        tasks = json.loads(sheet.read_text("utf-8"))
        for i, task in enumerate(tasks):
            given = answers(i, task["data"]["unit"])
            task["annotations"] = [{"was_cancelled": False, "result": results(table, given or {})}]
        sheet.with_name(sheet.stem + "-export.json").write_text(json.dumps(tasks))


def results(table, given):
    """What Label Studio exports for one annotation: a region has one id in all of its results."""
    found = []
    for name, value in given.items():
        region = "r1" if table == "attributions" and given["content"] != "none" else name
        words = units.ASKED[table][name]
        if not value:
            continue
        kind = ({"labels": ["content"], "text": value, "start": 0, "end": len(value)}
                if name == "content" and value != "none" else
                {"choices": value.split()} if words or name == "content" else {"text": [value]})
        found.append({"id": region, "from_name": "nothing" if value == "none" and
                      name == "content" else name, "to_name": "unit", "value": kind})
    return found


def coded_half(table):
    """Answers to every other unit; the content of an attribution is the unit's first words."""
    def answers(i, unit):
        if i % 2:
            return None
        given = dict(ANSWERS[table])
        if table == "attributions":
            given["content"] = " ".join(unit.split()[:3])
        return given

    return answers


# Drawing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table, count", [
    ("tone", 112), ("sentences", 112), ("targets", 152), ("uptake", 44), ("attributions", 58)])
def test_the_units_of_the_bundled_articles_are_those_of_the_codebook(copy, table, count):
    """113 sentences without the editorial note; 45 attributions without the syndication line."""
    found = units.units(load_corpus(copy), table, lambda name: sentences_of(copy))
    assert len(found) == count
    assert set(found["units_of"]) == {{"targets": "b", "uptake": "a"}.get(table, "")}


def of_sizes(*sizes):
    rows = [{"article_id": f"a{k}", "start": i, "end": i + 1, "target": "", "attribution_id": ""}
            for k, size in enumerate(sizes) for i in range(size)]
    return pd.DataFrame(rows), pd.Series({f"a{k}": f"outlet {k}" for k in range(len(sizes))})


@pytest.mark.parametrize("sizes, size, counts", [
    ((44, 75, 33), {"number": 40}, [13, 14, 13]),  # as equal as can be
    ((4, 75, 33), {"number": 40}, [4, 18, 18]),  # an outlet gives no more than it has
    ((40, 20, 10), {"share": 0.25}, [10, 5, 3]),  # halves are rounded up
    ((40, 1), {"share": 0.01}, [1, 1]),  # no outlet is left out
    ((3, 2), {"share": 1.0}, [3, 2]),
])
def test_units_are_drawn_within_outlets_with_known_probabilities(sizes, size, counts):
    found, outlets = of_sizes(*sizes)
    key = draw(found, outlets, **size)
    assert key["article_id"].value_counts().sort_index().tolist() == counts
    expected = {f"a{k}": count / sizes[k] for k, count in enumerate(counts)}
    assert key["probability"].tolist() == key["article_id"].map(expected).tolist()


def test_each_unit_is_drawn_as_often_as_its_probability_says():
    found, outlets = of_sizes(10, 30)
    hits = pd.concat([draw(found, outlets, number=10, seed=seed) for seed in range(300)])
    shares = hits.groupby(["article_id", "start"]).size() / 300
    assert shares["a0"].between(0.5 - 0.13, 0.5 + 0.13).all() and len(shares) == 40
    assert shares["a1"].between(1 / 6 - 0.1, 1 / 6 + 0.1).all()


def test_neither_order_of_rows_nor_names_of_outlets_nor_a_smaller_sample_changes_what_is_drawn():
    found, outlets = of_sizes(20, 30)
    ids = draw(found, outlets, number=10, seed=5)["id"].tolist()
    assert draw(found[::-1], outlets, number=10, seed=5)["id"].tolist() == ids
    assert draw(found, outlets.map({"outlet 0": "z", "outlet 1": "y"}), number=10,
                seed=5)["id"].tolist() == ids
    assert set(ids) < set(draw(found, outlets, number=20, seed=5)["id"])
    assert set(ids) != set(draw(found, outlets, number=10, seed=6)["id"])


def test_where_nobody_has_coded_the_instruments_give_the_units(small):
    text = "The bridge stayed shut, said the mayor."
    tables = {
        "sentences": pd.DataFrame({"article_id": ["b"], "sentence": [1], "start": [0],
                                   "end": [len(text)]}),
        "targets": pd.DataFrame({"article_id": ["b", "b"], "sentence": [1, 1], "start": [4, 29],
                                 "end": [10, 38], "target": ["Bridge", "Mayor"],
                                 "holder": ["author", "Ann Lee"]}),
        "attributions": pd.DataFrame({
            "article_id": ["b"], "attribution_id": ["1"], "start": [0], "end": [22],
            "speaker": ["mayor"], "kind": ["speech"], "quote_type": ["indirect"]})}
    corpus = load_corpus(small())
    shown = {table: units.units(corpus, table, tables.get)[
        ["start", "end", "shown_start", "shown_end"]].to_numpy().tolist()
        for table in ("tone", "targets", "uptake")}
    assert shown == {"tone": [[0, 39, 0, 39]], "targets": [[4, 10, 0, 39]],
                     "uptake": [[0, 22, 0, 39]]}


def test_a_sample_is_no_frame_and_what_a_coder_did_not_reach_is_added(small):
    head = "article_id,coder,start,end,polarity\n"
    path = small({"codes/tone.csv": head + "a,ann,0,14,neutral\nb,bo,0,39,neutral\n",
                  "codes/coded.csv": "coder,table,article_id,start,end,probability\n"
                  "bo,tone,b,0,39,0.5\n"})
    corpus = load_corpus(path)
    found = pd.DataFrame({"article_id": ["a", "a", "b"], "start": [0, 16, 0], "end": [13, 44, 38]})
    assert units.frame_coder(corpus, "tone") == "ann"
    rows = units.units(corpus, "tone", lambda name: found)
    assert rows[["article_id", "start", "end"]].to_numpy().tolist() == [
        ["a", 0, 14], ["a", 16, 44], ["b", 0, 38]]


# The sheet ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_hides_the_outlet_and_says_what_may_be_written(copy, table, form):
    path = drawn(copy, table, form)
    written = {file.name: file for file in path.parent.iterdir()}
    assert f"key-{table}-anna.csv" in written and path.suffix == FORMS[form]
    if form == "xlsx":
        book = load_workbook(path)
        lines = [[cell.value or "" for cell in row] for row in book["codes"]]
        told = " ".join(row[0].value for row in book["rule"])
    else:
        lines = rows_of(path) if form == "csv" else [
            task["data"] for task in json.loads(path.read_text("utf-8"))]
        told = (lines[0]["allowed"] + lines[0]["rule"] if form == "csv"
                else written[f"{table}-anna.xml"].read_text("utf-8"))
    for column, words in units.ASKED[table].items():
        assert column in told and all(word in told for word in words)
    rule = sheets.rule(load_corpus(copy), table)
    assert len(rule) > 100 and (form == "label-studio" or rule in told)
    shown = str(lines)
    for row in load_corpus(copy).articles.itertuples():
        assert row.author not in shown and row.url not in shown and row.event not in shown
        assert not re.search(rf"\b{row.article_id}\b", shown, re.I)


def test_the_workbook_offers_the_words_to_choose_from(copy):
    page = load_workbook(drawn(copy, "targets", "xlsx"))["codes"]
    offered = [(str(choice.sqref), choice.formula1)
               for choice in page.data_validations.dataValidation]
    assert offered == [("F2:F13", '"negative,neutral,positive,none"')]


def test_the_unit_stands_whole_and_marked_between_its_neighbours(small):
    codes = "article_id,coder,start,end,target,mention_start,mention_end,polarity,holder\n"
    path = small({"codes/targets.csv": codes + "a,m,16,44,Bridge,20,26,neutral,author\n"
                  "b,m,0,39,Bridge,4,10,neutral,author\nc,m,28,39,It,28,30,neutral,Author\n"
                  "c,m,0,26,It,1,3,neutral,Ann Lee\n"})
    sample(load_corpus(path), "targets", "anna", nothing_found, share=1.0)
    rows = rows_of(path / "codes/sheets/targets-anna.csv")
    assert {row["unit"]: (row["before"], row["after"], row["target"]) for row in rows} == {
        "The ⟦bridge⟧ opened on Monday.": ("", "", "Bridge"),  # a headline is no context
        "The ⟦bridge⟧ stayed shut, said the mayor.": ("", "", "Bridge"),
        "⟦It⟧ was not.": ("“It is open,” Ann Lee said.", "", "It")}


def test_words_of_an_article_are_never_a_formula(small):
    path = small({"articles/a.txt": "=HYPERLINK(1) it is.\n",
                  "codes/tone.csv": "article_id,coder,start,end,polarity\na,m,0,20,neutral\n"})
    for form in ("csv", "xlsx"):
        corpus = load_corpus(path)
        key = units.units(corpus, "tone", lambda name: pd.DataFrame(
            columns=["article_id", "start", "end"]))
        rows = sheets.sheet(corpus, "tone", key.assign(id="u1"))
        content = sheets._WRITE[form]("tone", rows, "")[FORMS[form]]
        if form == "csv":
            assert b"u1,,'=HYPERLINK" in content
        else:
            cell = load_workbook(io.BytesIO(content))["codes"]["C2"]
            assert (cell.data_type, cell.value) == ("s", "'=HYPERLINK(1) it is.")


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_is_the_same_bytes_each_time(copy, form, monkeypatch):
    first = drawn(copy, "tone", form).read_bytes()
    for path in (copy / "codes/sheets").iterdir():
        path.unlink()
    assert drawn(copy, "tone", form).read_bytes() == first


def test_the_ready_sheet_is_what_the_command_makes(copy, capsys):
    command = ["--table", "targets", "--coder", "reader", "--units", "40", "--seed", "1"]
    assert main(["sample", str(copy), *command]) == 0
    made = {path.name: path.read_bytes() for path in (copy / "codes/sheets").iterdir()}
    ready = {path.name: path.read_bytes() for path in (ROOT / "data/codes/sheets").iterdir()
             if path.suffix == ".csv"}
    assert made == ready and len(rows_of(copy / "codes/sheets/targets-reader.csv")) == 40
    text = (ROOT / "data/README.md").read_text("utf-8")
    assert f"python -m analysis sample {' '.join(command)}" in text
    said = capsys.readouterr().err
    assert "Washington Examiner: 13 of 44 units" in said and "The Duran: 13 of 33 units" in said


# And back -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_comes_back_in_every_format(copy, table, form):
    sheet = drawn(copy, table, form)
    fill(sheet, table, coded_half(table), form)
    said = take(load_corpus(copy))
    assert said[0] == f"{table}-anna: 6 of 12 units are coded"
    corpus = load_corpus(copy)
    rows = corpus.codes[table][lambda t: t["coder"] == "anna"]
    assert len(rows) == 6
    for column, value in ANSWERS[table].items():
        if column in rows and value:
            assert set(rows[column]) == {value}
    if table == "attributions":
        assert all(len(words.split()) == 3 for words in rows["content"])
    read = corpus.coded
    assert set(read["coder"]) == {"anna"} and set(read["table"]) == {table} and len(read) == 6
    coder = corpus.coders.set_index("coder").loc["anna"]
    assert coder.tolist() == ["person", "yes", {"targets": "b", "uptake": "a"}.get(table, "")]


def test_taking_a_sheet_twice_changes_nothing(copy):
    for table in ("sentences", "attributions", "uptake"):
        (copy / f"codes/{table}.csv").unlink()
    for table in ("targets", "tone"):
        fill(drawn(copy, table), table, coded_half(table))

    def agreed():
        assert main(["agree", str(copy)]) == 0
        return {path: path.read_bytes() for path in copy.rglob("*.csv")}

    assert agreed() == agreed()


def test_the_answers_of_all_formats_are_the_same_codes(copy):
    found = []
    for form, coder in zip(FORMS, ("ann", "bo", "cy"), strict=True):
        fill(drawn(copy, "targets", form, coder), "targets", coded_half("targets"), form)
    take(load_corpus(copy))
    for coder in ("ann", "bo", "cy"):
        rows = load_corpus(copy).codes["targets"][lambda t, coder=coder: t["coder"] == coder]
        found.append(rows.drop(columns="coder").to_numpy().tolist())
    assert found[0] == found[1] == found[2] and len(found[0]) == 6


def test_a_blank_row_is_not_coded_and_none_is(copy):
    """13, 14, 13 of 44, 75, 33 mentions; of the Examiner's 13 one is left blank."""
    sheet = drawn(copy, "targets", number=40)
    key = {row["id"]: row for row in rows_of(sheet.with_name("key-" + sheet.name))}
    ids = [row["id"] for row in rows_of(sheet)]
    of = {name: [i for i in ids if key[i]["article_id"] == name] for name in ("examiner", "vox")}
    blank, none = of["examiner"][0], of["vox"][0]
    fill(sheet, "targets", lambda i, unit: {"polarity": "None" if ids[i] == none else
                                            "" if ids[i] == blank else " Neutral "})
    assert take(load_corpus(copy)) == [
        "targets-anna: 39 of 40 units are coded",
        "targets-anna: the probabilities are those of the coded units, as if the blank ones had "
        "been left at random", "targets-anna: 1 of them hold nothing (none)"]
    corpus = load_corpus(copy)
    rows = corpus.codes["targets"][lambda t: t["coder"] == "anna"]
    assert len(rows) == 38 and len(corpus.coded) == 39
    share = corpus.coded.groupby("article_id")["probability"].unique()
    assert share["examiner"].tolist() == [0.272727]  # 12 of 44
    assert share["vox"].tolist() == [0.186667] and share["duran"].tolist() == [0.393939]
    spans = set(zip(corpus.coded["article_id"], corpus.coded["start"], strict=True))
    assert (key[none]["article_id"], int(key[none]["start"])) in spans
    assert (key[blank]["article_id"], int(key[blank]["start"])) not in spans


def test_a_code_taken_out_of_the_sheet_leaves_the_codes(copy):
    sheet = drawn(copy, "tone")
    fill(sheet, "tone", lambda i, unit: {"polarity": "neutral"})
    take(load_corpus(copy))
    fill(sheet, "tone", lambda i, unit: {"polarity": "" if i else "neutral"})
    take(load_corpus(copy))
    corpus = load_corpus(copy)
    assert (corpus.codes["tone"]["coder"] == "anna").sum() == len(corpus.coded) == 1


def test_a_sheet_from_a_spreadsheet_in_another_country_is_read(copy):
    sheet = drawn(copy, "sentences")
    fill(sheet, "sentences", coded_half("sentences"), delimiter=";")
    text = sheet.read_text("utf-8-sig").replace("causal_attribution moral_evaluation",
                                                "Moral_Evaluation, causal_attribution")
    sheet.write_bytes(("sep=;\r\n" + text).encode("cp1252", errors="replace"))
    key = sheet.with_name("key-" + sheet.name)
    key.write_text(re.sub(r",(\d+),(\d+),", r",\1.0,\2.00,", key.read_text("utf-8"), count=0))
    take(load_corpus(copy))
    rows = load_corpus(copy).codes["sentences"][lambda t: t["coder"] == "anna"]
    assert set(rows["entman"]) == {"causal_attribution moral_evaluation"} and len(rows) == 6


def test_attributions_are_found_again_where_they_stand(small):
    path = small({"articles/c.txt": "“It is  open,” Ann Lee said; “it is,” she said. He nodded.\n"})
    sample(load_corpus(path), "attributions", "anna", nothing_found, share=1.0)
    sheet = path / "codes/sheets/attributions-anna.csv"
    rows = rows_of(sheet)
    unit = next(row for row in rows if "nodded" in row["unit"])
    said = {"speaker": "Ann Lee", "quote_type": "direct", "kind": "speech"}
    unit |= {"content": '"It is open,"|"it is,"', "cue": "said", **said}
    more = dict(unit, content="He nodded", cue="", quote_type="indirect", kind="attitude")
    none = dict(next(row for row in rows if "stayed shut" in row["unit"]), content="none")
    pd.DataFrame([unit, more, none]).to_csv(sheet, index=False)
    assert take(load_corpus(path))[0] == "attributions-anna: 2 of 4 units are coded"
    corpus = load_corpus(path)
    rows = corpus.codes["attributions"]
    assert rows["content"].tolist() == ["“It is  open,”", "“it is,”", "He nodded"]
    assert rows["part"].tolist() == [1, 2, 1] and rows["attribution_id"].nunique() == 2
    assert set(corpus.coded["article_id"]) == {"b", "c"}  # read, whether or not it holds any


WRONG = [
    ("tone", {"polarity": "bad"}, "polarity 'bad' is unknown; write one of negative, neutral, "
     "positive"),
    ("tone", {"polarity": "none"}, "polarity 'none' is unknown; write one of negative, neutral, "
     "positive"),
    ("tone", {"polarity": "neutral", "id": "u0"}, "id 'u0' is not of this sheet; leave the column "
     "as it was written"),
    ("sentences", {"voice": "author"}, "entman is blank and the rest of the row is not; fill it "
     "(none where there is none), or leave the row blank"),
    ("sentences", ANSWERS["sentences"] | {"entman": "none, moral_evaluation"},
     "entman holds none and something; keep one of them"),
    ("attributions", ANSWERS["attributions"] | {"content": "zyx"},
     "content 'zyx' does not stand there; copy it from the unit"),
]


@pytest.mark.parametrize("table, answer, message", WRONG, ids=[line for *_, line in WRONG])
def test_a_wrong_answer_is_named_with_its_row_and_nothing_is_taken(copy, table, answer, message):
    fill(drawn(copy, table), table, lambda i, unit: answer if i == 2 else None)
    before = {path: path.read_bytes() for path in copy.rglob("*.csv")}
    with pytest.raises(CorpusError) as error:
        take(load_corpus(copy))
    assert str(error.value) == f"codes/sheets/{table}-anna.csv, row 4: {message}"
    assert {path: path.read_bytes() for path in copy.rglob("*.csv")} == before


def test_two_files_of_a_sheet_have_to_agree(copy):
    sheet = drawn(copy, "tone")
    fill(sheet, "tone", lambda i, unit: {"polarity": "neutral"})
    other = sheet.with_name("tone-anna (1).csv")
    other.write_text(sheet.read_text("utf-8").replace("neutral,,", "negative,,", 1), "utf-8")
    with pytest.raises(CorpusError, match=r"tone-anna\.csv, row 2: says something else than "
                       r"codes/sheets/tone-anna \(1\)\.csv, row 2; keep one of them"):
        take(load_corpus(copy))


def test_two_annotators_of_one_task_have_to_agree_and_a_skipped_task_is_blank(copy):
    sheet = drawn(copy, "tone", "label-studio")
    tasks = json.loads(sheet.read_text("utf-8"))
    for task in tasks:
        task["annotations"] = [{"was_cancelled": True, "result": results(
            "tone", {"polarity": "neutral"})}]
    sheet.write_text(json.dumps(tasks))
    assert take(load_corpus(copy)) == ["tone-anna: nothing is filled in yet"]
    tasks[1]["annotations"] = [{"result": results("tone", {"polarity": word})}
                               for word in ("neutral", "negative")]
    sheet.write_text(json.dumps(tasks))
    with pytest.raises(CorpusError, match=r"tone-anna\.json, task 2: says something else"):
        take(load_corpus(copy))


@pytest.mark.parametrize("name, content, remedy", [
    ("tone-anna.xlsx", b"PK", "save it again in its format"),
    ("tone-anna.json", b"{", "export it from Label Studio as JSON"),
    ("tone-anna.json", b'[{"id": 1, "polarity": "x"}]', "export it from Label Studio as JSON"),
    ("tone-anna (2).csv", b"id,polarity\n\"u1,neutral\n", "save it again in its format")])
def test_a_broken_file_is_named(copy, name, content, remedy, capsys):
    drawn(copy, "tone").with_name(name).write_bytes(content)
    assert main(["agree", str(copy)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"codes/sheets/{name}: cannot be read (") and said.count("\n") == 1
    assert said.endswith(f"; {remedy}\n")


def test_a_file_that_is_of_no_sheet_is_said_not_to_be_read(copy):
    sheet = drawn(copy, "tone")
    for name in ("tone-anna.ods", "anna.csv", "tone-annabel.csv", "~$tone-anna.xlsx"):
        sheet.with_name(name).write_bytes(sheet.read_bytes())
    assert [line.partition(" is not")[0] for line in take(load_corpus(copy))[1:]] == [
        f"codes/sheets/{name}" for name in ("anna.csv", "tone-anna.ods", "tone-annabel.csv")]


def test_a_sheet_without_a_column_is_named(copy):
    sheet = drawn(copy, "tone")
    sheet.write_text(sheet.read_text("utf-8").replace("polarity", "code", 1), "utf-8")
    with pytest.raises(CorpusError, match="row 1: column polarity is missing; keep the columns"):
        take(load_corpus(copy))


def test_units_of_uptake_to_discuss_are_shown_by_their_words(copy):
    fill(drawn(copy, "uptake"), "uptake", lambda i, unit: {"uptake": "leave"})
    take(load_corpus(copy))
    table = to_discuss(load_corpus(copy))["uptake"]
    assert (table["words"].str.len() > 0).all() and set(table["other_code"]) == {"leave"}


def test_an_article_that_has_changed_since_is_named(copy):
    fill(drawn(copy, "targets"), "targets", coded_half("targets"))
    for table in ("targets", "tone", "sentences", "attributions", "uptake"):
        (copy / f"codes/{table}.csv").unlink()
    for path in (copy / "articles").iterdir():
        path.write_text("New. " + path.read_text("utf-8"), "utf-8")
    (copy / "layout.csv").unlink()
    with pytest.raises(CorpusError, match="key-targets-anna.csv, row 2: article .* does not hold "
                       "these words there; draw a new sheet"):
        take(load_corpus(copy))


@pytest.mark.parametrize("arguments, message", [
    (["--coder", "b", "--units", "4"], "codes/ holds codes of 'b' for targets already"),
    (["--coder", "a/b", "--units", "4"], "--coder 'a/b': use letters, digits"),
    (["--coder", "anna", "--units", "200"], "152 units of targets are there to be drawn"),
])
def test_a_sample_that_cannot_be_drawn_is_refused_and_nothing_written(copy, arguments, message,
                                                                       capsys):
    assert main(["sample", str(copy), "--table", "targets", *arguments]) == 1
    said = capsys.readouterr().err
    assert said.startswith(message) and said.count("\n") == 1
    assert not (copy / "codes/sheets").exists()


def test_targets_of_tables_without_tone_are_refused_with_the_remedy(small, capsys):
    path = small()
    assert main(["tables", str(path), "--out", str(path / "tables"), "--without-tone"]) == 0
    capsys.readouterr()
    assert main(["sample", str(path), "--table", "targets", "--coder", "b", "--units", "2"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("the tables were made without tone") and said.count("\n") == 1
    assert f"tables {path} --out {path}/tables" in said


def test_a_sheet_is_never_overwritten(copy, capsys):
    fill(drawn(copy, "tone", "xlsx"), "tone", coded_half("tone"), "xlsx")
    before = {path: path.read_bytes() for path in copy.rglob("*")  if path.is_file()}
    assert main(["sample", str(copy), "--table", "tone", "--coder", "anna", "--share", ".2"]) == 1
    assert capsys.readouterr().err.startswith("codes/sheets/key-tone-anna.csv is there already")
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("size", [["--share", "0"], ["--share", "1.1"], ["--share", "x"],
                                  ["--units", "0"], [], ["--share", ".1", "--units", "3"]])
def test_a_size_that_is_none_is_refused(copy, size, capsys):
    with pytest.raises(SystemExit) as error:
        main(["sample", str(copy), "--table", "tone", "--coder", "anna", *size])
    assert error.value.code == 2 and capsys.readouterr().err.count("\n") == 1


def test_the_commands_draw_take_and_compare(small, capsys):
    """From no codes at all: the parser gives the sentences."""
    path = small()
    for coder, word in (("anna", "neutral"), ("bela", "positive")):
        assert main(["sample", str(path), "--table", "tone", "--coder", coder, "--share", "1"]) == 0
        sheet = path / f"codes/sheets/tone-{coder}.csv"
        assert capsys.readouterr().out == f"{sheet}\n"
        fill(sheet, "tone", lambda i, unit, word=word: {"polarity": word if i else "negative"})
    assert main(["agree", str(path)]) == 0
    said = capsys.readouterr()
    table = pd.read_csv(io.StringIO(said.out))
    assert table.columns.tolist() == ["table", "coder", "other", "kinds", "units", "alpha", "low",
                                      "high", "measure"]
    units_read = len(rows_of(path / "codes/sheets/tone-anna.csv"))
    row = table.iloc[0]
    assert row[["table", "coder", "other", "kinds", "units"]].tolist() == [
        "tone", "anna", "bela", "person-person", units_read]
    discuss = rows_of(path / "codes/sheets/discuss-tone.csv")
    assert len(discuss) == units_read - 1
    assert {(row["code"], row["other_code"]) for row in discuss} == {("neutral", "positive")}
    assert f"discuss-tone.csv: {units_read - 1} units to discuss" in said.err
    fill(sheet, "tone", lambda i, unit: {"polarity": "neutral" if i else "negative"})
    assert main(["agree", str(path)]) == 0 and "discuss" not in capsys.readouterr().err
    assert not (path / "codes/sheets/discuss-tone.csv").exists()
