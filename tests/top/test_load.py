"""`load`: every table the reader's own, each row with its words, nothing uncoded taken for none."""

import pydoc
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis import load
from analysis.corpus import CorpusError, load_corpus
from analysis.corpus.store import read_table
from analysis.definitions import COLUMNS, ROOT
from analysis.pipeline import tables_of

NORTH = ("Harbour closed for a week\nThe harbour closed on Monday after a crane fell. “Nobody was "
         "hurt,” said Ann Lund, the harbour master.\nThe union claimed that the crane was old. The "
         "owner denied it.")


@pytest.fixture(scope="module")
def t():
    return load(ROOT / "data")


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    """The three coded articles and a fourth, uncoded one."""
    folder = tmp_path_factory.mktemp("corpora") / "four"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns(
        "models", "lexicons", "tables"))
    (folder / "articles" / "north.txt").write_text(NORTH, encoding="utf-8")
    rows = (folder / "articles.csv").read_text("utf-8")
    (folder / "articles.csv").write_text(rows + "north,North Post" + "," * 13 + "\n", "utf-8")
    return load(folder)


def test_a_first_load_says_on_stderr_what_is_made_and_later_ones_say_nothing(small, capsys):
    folder = small()
    load(folder)
    said = capsys.readouterr()
    assert not said.out and len(said.err.splitlines()) == 1
    assert f"{folder}: making its tables (3 articles), once" in said.err and "minute" in said.err
    load(folder)
    assert capsys.readouterr() == ("", "")


def test_tone_toward_russia_from_five_lines_of_pandas(t):
    own = t.targets.query("by_kind == 'model' and holder == 'author' and side == 'Russia' and "
                          "paragraph_role not in ['self_quotation', 'heading', 'furniture']")
    mean = own.pivot_table(index="by", columns="outlet", values="score", observed=True).mean()
    assert mean["Washington Examiner"] - mean["The Duran"] == pytest.approx(-0.8599439775910365)


def test_without_block_quotations_the_share_of_the_russian_government_falls(t):
    a = t.attributions
    worded = a[a["kind"].isin(["speech", "document", "performative"]) & a["used"]
               & a["quote_type"].ne("scare") & a["paragraph_role"].ne("furniture")]

    def share(rows):
        words = rows[rows["outlet"] == "The Duran"].groupby("role")["words"].sum()
        return words["russian_government"] / words.sum()

    assert round(share(worded), 3) == 0.635
    assert round(share(worded[worded["paragraph_role"] != "block_quotation"]), 3) == 0.479


def test_disk_columns_come_first_and_every_row_holds_its_words(t):
    for name, columns in COLUMNS.items():
        if name != "claims":
            assert list(getattr(t, name).columns[:len(columns)]) == columns, name
    for name, table in t.frames_of().items():
        if {"start", "end"} <= set(table) and name != "coded":
            for row in table.head(60).itertuples():
                assert row.text == t.texts[row.article_id][row.start:row.end], name
                assert row.words == len(row.text.split()) or name == "voices"


def test_words_of_the_voices_add_up_to_those_of_the_article(t):
    assert t.voices.groupby("article_id", sort=False)["words"].sum().tolist() == [495, 1239, 693]


def test_one_reading_an_article_is_used(t):
    for table, by in ((t.attributions, "coder a"), (t.sentiment, "coder d"),
                      (t.targets, "coder b")):
        used = table[table["used"]]
        assert set(used["by"]) == {by} and set(used["by_kind"]) == {"model"}


def test_the_uptake_belongs_to_the_words_of_the_coder_whose_units_were_read(t):
    assert set(t.uptake["attribution_by"]) == {"coder a"}
    whole = t.attributions[t.attributions["by"] == "coder a"].groupby(
        ["article_id", "attribution_id"])["start"].min()
    keys = pd.MultiIndex.from_frame(t.uptake[["article_id", "attribution_id"]])
    assert (whole.reindex(keys).to_numpy() == t.uptake["start"].to_numpy()).all()


def test_an_uncoded_article_is_measured_by_the_instrument_and_says_so(four):
    used = four.attributions[four.attributions["used"]]
    north = used[used["article_id"] == "north"]
    assert len(north) >= 3 and set(north["by"]) == {"extractor"} and north["words"].sum() > 0
    assert set(used.loc[used["article_id"] != "north", "by"]) == {"coder a"}
    said = "\n".join(four.remarks)
    for table, instrument in (("attributions", "extractor"), ("sentiment", "vader"),
                              ("targets", "network")):
        assert f"{table}: " in said and f"north not coded, measured by {instrument}" in said


def test_tables_are_the_readers_own(t):
    one, other = load(ROOT / "data"), load(ROOT / "data")
    one.attributions.loc[:, "speaker"] = "Nobody"
    one.sentences["voice"] = "author"
    assert (other.attributions["speaker"] != "Nobody").any()
    assert not (load(ROOT / "data").sentences["voice"] == "author").all()


def test_locate_sets_the_added_columns_anew():
    t = load(ROOT / "data")
    t.paragraphs = t.paragraphs[t.paragraphs["paragraph"] > 1]
    t.attributions.loc[:, "speaker"] = "Donald Trump"
    t.locate()
    assert set(t.attributions["side"]) == {"United States"}


def test_an_unknown_name_is_an_error_that_names_the_nearest():
    with pytest.raises(CorpusError, match="nearest is 'The Duran'"):
        load(ROOT / "data", outlets=["the duran"])
    with pytest.raises(CorpusError, match="nearest is 'vox'"):
        load(ROOT / "data", articles=["vux"])


def test_a_choice_of_outlets_is_kept_in_every_table():
    t = load(ROOT / "data", outlets=["Vox", "The Duran"])
    assert t.outlets == ["Vox", "The Duran"]
    for name, table in t.frames_of().items():
        if "outlet" in table and len(table):
            assert set(table["outlet"]) <= {"Vox", "The Duran"}, name
    assert any("terms: left out" in remark for remark in t.remarks)


def test_an_instrument_of_ones_own_stands_beside_the_others():
    t = load(ROOT / "data")
    t.add_tone("long", lambda texts: [min(1, len(text) / 500) for text in texts])
    assert t.sentences["long"].between(0, 1).all()
    assert (t.sentiment["by"] == "long").sum() == len(t.sentences)
    with pytest.raises(ValueError, match="one a sentence"):
        t.add_tone("short", lambda texts: [0.0])
    with pytest.raises(ValueError, match="keep to"):
        t.add_tone("loud", lambda texts: [2.0] * len(texts))
    t.add_tone("none", lambda texts: [np.nan] * len(texts))
    assert t.sentences["none"].isna().all()


def test_a_warm_load_imports_neither_the_parser_nor_the_network():
    load(ROOT / "data")
    code = ("import sys; from analysis import load; load(); "
            "print([m for m in ('spacy', 'onnxruntime') if m in sys.modules])")
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr


def test_help_and_the_repr_tell_what_there_is(t):
    assert "3 articles of 3 outlets" in repr(t) and "sentences 126" in repr(t)
    assert "attributions : who is credited with which words" in pydoc.render_doc(t)


def test_completion_offers_what_a_notebook_imports():
    assert {"load", "plot", "compare", "show"} <= set(dir(analysis))


def test_a_list_edited_while_a_kernel_runs_counts_and_is_not_remembered(tmp_path, monkeypatch):
    """A word added to a list is found, and found no more when it is taken out again."""
    shutil.copytree(ROOT / "data" / "lexicons", tmp_path / "data" / "lexicons")
    monkeypatch.setattr("analysis.corpus.patterns.ROOT", tmp_path)
    (tmp_path / "one.csv").write_text(
        "article_id,outlet,text\na,North,The pier closed. The pier was old.\n", "utf-8")
    corpus = load_corpus(tmp_path / "one.csv")
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("analysis.pipeline.ROOT", tmp_path)  # whose lists are stamped
    (tmp_path / "data" / "models").mkdir()

    def cues():
        return read_table(tables_of(corpus)[0] / "frame_cues.csv")

    before = cues()
    lists = tmp_path / "data" / "lexicons" / "stance.csv"
    kept = lists.read_bytes()
    columns = kept.decode().splitlines()[0].split(",")
    row = {"category": "hedge", "cue": "pier", "match": "form", "source": "a test"}
    lists.write_bytes(kept + ",".join(row.get(name, "") for name in columns).encode() + b"\n")
    assert (cues()["cue"] == "pier").sum() == 2
    lists.write_bytes(kept)
    assert cues().equals(before)


def test_what_stood_in_a_dropped_paragraph_stands_in_none():
    t = load()
    blocks = t.paragraphs["role"] == "block_quotation"
    inside = t.attributions["paragraph_role"].eq("block_quotation").sum()
    assert blocks.any() and inside
    t.paragraphs = t.paragraphs[~blocks]
    t.locate()
    assert t.attributions["paragraph_role"].eq("").sum() == inside
    assert t.attributions["paragraph"].isna().sum() == inside


def test_an_own_instrument_cannot_take_the_name_of_a_column():
    t = load()
    with pytest.raises(ValueError, match="'voice' is a column of sentences already"):
        t.add_tone("voice", lambda texts: [0.0] * len(texts))
    with pytest.raises(ValueError, match="takes a list of texts"):
        t.add_tone("mine", lambda texts: 0.5)
    t.add_tone("mine", lambda texts: [0.5] * len(texts))
    t.add_tone("mine", lambda texts: [0.25] * len(texts))  # its own name may be scored anew
    assert t.sentences["mine"].eq(0.25).all()
