"""Many articles: on several processes or a cluster, stopped, killed, failing; the same bytes."""

import os
import signal
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from analysis import pipeline, tables
from analysis.__main__ import main
from analysis.corpus import language, spread, store
from analysis.corpus.files import CorpusError
from analysis.corpus.read import load_corpus
from analysis.corpus.spread import Spread, Where
from analysis.instruments import annotate, tone, words

NO_ROWS = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})
SAID = "“It is open,” Ann Lee of Norland said. Ann Lee smiled. Norland was glad.\n\nIt was {}.\n"


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A cache of the test's own, and one article a chunk."""
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(annotate, "CHUNK", 1)


@pytest.fixture
def four(lines):
    """A corpus of four articles whose actors have to be inferred."""
    return lines(*({"article_id": key, "outlet": "NS"[key > "b"], "text": SAID.format(key)}
                   for key in "abcd"))


class Work:
    def __init__(self, article_id: str, folder: Path):
        self.article_id, self.folder = article_id, folder


def upper(work, dead):
    """Note each call in a file; die at "killer", at "once" the first time, stop at "stop"."""
    for one in work:
        if one.article_id not in dead:
            before = one.folder / one.article_id
            first = not before.exists()
            with open(before, "a") as file:
                file.write("x")
            if one.article_id == "killer" or (one.article_id == "once" and first):
                os.kill(os.getpid(), signal.SIGKILL)
            if one.article_id == "stop" and first:
                raise KeyboardInterrupt
    return [one.article_id.upper() for one in work if one.article_id not in dead], list(dead)


def spread_over(folder: Path, names: list[str], workers: int) -> Spread:
    chunks = [[Work(key, folder) for key in name.split()] for name in names]
    return Spread(upper, chunks, [("chunks", name) for name in names], Where(workers), "reading")


@pytest.mark.usefixtures("alone")
def test_a_process_that_dies_costs_nothing_and_an_article_that_kills_is_named(tmp_path):
    found = spread_over(tmp_path, ["a b", "once", "c killer d", "e"], 2)
    assert list(found) == [(["A", "B"], []), (["ONCE"], []), (["C", "D"], ["killer"]), (["E"], [])]


@pytest.mark.usefixtures("alone")
def test_a_run_that_was_stopped_goes_on_from_what_is_done(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        spread_over(tmp_path, ["a", "b", "stop", "c"], 1)
    found = spread_over(tmp_path, ["a", "b", "stop", "c"], 1)
    assert [result for (result,), _ in found] == ["A", "B", "STOP", "C"]
    calls = {name: len((tmp_path / name).read_text()) for name in ("a", "b", "stop", "c")}
    assert calls == {"a": 1, "b": 1, "stop": 2, "c": 1}
    found.forget()
    assert not list((tmp_path / "cache" / "chunks").iterdir())


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


@pytest.fixture
def run(four, tmp_path, monkeypatch, alone):
    """A function that makes the tables of the four articles with a cache of their own."""

    def made(name: str, *where: str) -> dict[str, bytes]:
        monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / f"cache of {name}"))
        command = ["tables", str(four), "--out", str(tmp_path / name), "--only", *pipeline.MADE]
        assert main([*command, *where]) == 0
        return written(tmp_path / name)

    return made


def test_two_processes_write_the_bytes_of_one(run):
    one = run("one", "--workers", "1")
    assert b",Ann Lee," in one["mentions.csv"]  # inferred from all four together
    assert run("two", "--workers", "2") == one


def test_without_tone_all_else_stays_and_the_reader_is_told(run, four, monkeypatch, tmp_path):
    whole, less = run("whole", "--workers", "1"), run("less", "--workers", "1", "--without-tone")
    scored = {"sentiment.csv", "targets.csv"}
    assert {name for name in whole if whole[name] != less[name]} == scored
    assert all(less[name] == whole[name].partition(b"\n")[0] + b"\n" for name in scored)
    monkeypatch.setattr(tone, "score_sentences", None)  # nobody asks for it
    t = tables.load(four, without_tone=True)
    assert any("sentiment: not coded; tone was not computed" in said for said in t.remarks)
    assert t.sentences[["textblob", "vader", "network"]].isna().all(axis=None)


def test_a_cluster_of_two_writes_the_bytes_of_one(run):
    distributed = pytest.importorskip("distributed", reason="the extra `large` is not installed")
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster:
        found = run("cluster", "--scheduler", cluster.scheduler_address)
    assert found == run("one", "--workers", "1")


def test_a_scheduler_that_does_not_answer_is_named(four, capsys, monkeypatch, tmp_path):
    pytest.importorskip("distributed", reason="the extra `large` is not installed")
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(spread, "PATIENCE", 1)
    status = main(["tables", str(four), "--out", str(tmp_path / "out"), "--scheduler",
                   "tcp://127.0.0.1:9"])
    assert status == 1 and not (tmp_path / "out").exists()
    assert capsys.readouterr().err.startswith("--scheduler tcp://127.0.0.1:9: no Dask scheduler")


@pytest.fixture
def fails_at_b(monkeypatch):
    rightly = annotate.annotate

    def annotated(job):
        if job.article_id == "b":
            raise ValueError("no such voice")
        return rightly(job)

    monkeypatch.setattr(annotate, "annotate", annotated)


@pytest.mark.usefixtures("alone", "fails_at_b")
def test_an_article_at_which_an_instrument_fails_is_named(four, tmp_path, capsys):
    assert main(["tables", str(four), "--out", str(tmp_path / "out"), "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert "article 'b' could not be read (ValueError: no such voice)" in said
    assert "--skip-refused" in said and not (tmp_path / "out").exists()
    # Names of four articles and tables of three are kept; the next run tries b anew.
    assert len(list((tmp_path / "cache" / "chunks").iterdir())) == 7


@pytest.mark.usefixtures("alone", "fails_at_b")
def test_the_others_go_on_without_it_if_told_to(four, tmp_path, capsys, monkeypatch):
    command = ["tables", str(four), "--out", str(tmp_path / "out"), "--skip-refused"]
    assert main([*command, "--workers", "1"]) == 0
    articles = pd.read_csv(tmp_path / "out" / "articles.csv")
    refused = pd.read_csv(tmp_path / "out" / "refused.csv")
    assert articles["article_id"].tolist() == ["a", "c", "d"]
    assert refused["article_id"].tolist() == ["b"] and "no such voice" in refused["message"][0]
    assert "1 articles could not be read" in capsys.readouterr().err
    monkeypatch.setenv("ANALYSIS_SKIP_REFUSED", "1")
    assert tables.load(four).articles["article_id"].tolist() == ["a", "c", "d"]


@pytest.mark.usefixtures("alone")
def test_parquet_holds_what_csv_holds(four, tmp_path):
    pytest.importorskip("pyarrow", reason="the extra `large` is not installed")
    corpus = load_corpus(four)
    home, _ = pipeline.tables_of(corpus, form="parquet")
    assert main(["tables", str(four), "--out", str(tmp_path / "csv")]) == 0
    for name in pipeline.MADE:
        assert (home / f"{name}.parquet").exists() and not (home / f"{name}.csv").exists()
        pd.testing.assert_frame_equal(store.read_table(home / f"{name}.csv"),
                                      store.read_table(tmp_path / "csv" / f"{name}.csv"))
    assert len(tables.load(four).sentences) == 16


def test_words_in_parts_are_compared_as_words_together():
    rows = [(f"a{at}", paragraph, "author", word, 1, "how", 1 + (at * paragraph) % 3)
            for at in range(6) for paragraph in (1, 2) for word in ("up", "down", "slow")]
    table = pd.DataFrame(rows, columns=["article_id", "paragraph", "voice", "term", "n", "kind",
                                        "count"])
    articles = pd.DataFrame({"article_id": [f"a{at}" for at in range(6)],
                             "outlet": ["North", "South"] * 3})
    parts = [part for _, part in table.groupby("article_id")]
    whole = words.compare_terms(table, articles, deals=19, redraws=5)
    pd.testing.assert_frame_equal(words.compare_terms(parts, articles, deals=19, redraws=5), whole)
    up = whole[(whole["term"] == "up") & (whole["voice"] == "all")].set_index("outlet")["count"]
    # North: 0, 2, 4 times one and two give counts 1 1, 3 2, 2 3; South: 2 3, 1 1, 3 2.
    assert up.to_dict() == {"North": 12, "South": 12}


@pytest.mark.usefixtures("alone")
def test_an_article_is_parsed_once_whoever_its_actors_are(monkeypatch):
    calls = Counter()
    grammar = language._grammar
    monkeypatch.setattr(language, "_grammar",
                        lambda texts: calls.update(["grammar"]) or grammar(texts))
    nobody = pd.DataFrame({"actor": [], "aliases": [], "type": []}, dtype=str)
    somebody = pd.DataFrame({"actor": ["Zorgland"], "aliases": ["zed|Zorg"], "type": ["body"]})
    language.parse("a", "The Zorg shut. Zorg can't say why.", NO_ROWS, nobody)
    parsed = language.parse("a", "The Zorg shut. Zorg can't say why.", NO_ROWS, somebody)
    names = [(name.text, name.label_, name.ent_id_) for doc in parsed.docs for name in doc.ents]
    assert names == [("Zorg", "ORG", "Zorgland")] * 2
    assert calls == {"grammar": 1}


@pytest.mark.usefixtures("alone")
def test_names_found_before_actors_were_inferred_are_what_a_new_search_finds(monkeypatch):
    nobody = pd.DataFrame(columns=["actor", "aliases", "type", "note"], dtype=str)
    given = pd.DataFrame({"actor": ["Ann Lund", "Price", "Zorgland"],
                          "aliases": ["Lund", "", "zed|Zorg"],
                          "type": ["person", "person", "body"], "note": "given"})
    text = ("Broken Bank Sues Price Over Contract\n\nPrice met Ann Lund in Oslo on Friday.\n\n"
            "It rained in Paris.\n\nThe Zorg shut. Then Lund left.\n")
    searched = []
    search = language._names
    monkeypatch.setattr(language, "_names", lambda docs, names, known: searched.append(known)
                        or search(docs, names, known))

    def names(actors):
        return [[(name.text, name.label_, name.ent_id_) for name in doc.ents] for doc in
                language.parse("a", text, NO_ROWS, actors).docs]

    new = names(given)
    monkeypatch.setenv("ANALYSIS_CACHE", os.environ["ANALYSIS_CACHE"] + "-other")
    names(nobody)
    assert names(given.assign(note="inferred")) == new
    assert new[0][-1] == ("Price", "PERSON", "Price")  # the headline is told anew, with its name
    assert [known is None for known in searched[-1]] == [True, False, False, False]


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(CorpusError, match="install the extra 'large'"), \
            spread._executor(Where(2, "tcp://127.0.0.1:9")):
        pass
