"""The command line is a contract: what each command takes, writes, prints and returns."""

import csv
import io
import json
import subprocess
import sys

import pandas as pd
import pytest

from analysis import __main__ as commands
from analysis.__main__ import main
from analysis.definitions import COLUMNS, ROOT

FOUR = ROOT / "tests" / "corpora" / "four-outlets"
COMMANDS = ["report", "figures", "tables", "check", "targets", "placebo", "notebooks"]
# Tables whose rows point into an article by start and end.
SPANNED = [name for name, columns in COLUMNS.items()
           if {"article_id", "start", "end"} <= set(columns)]


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The tables of the four-outlet corpus, as the command writes them."""
    out = tmp_path_factory.mktemp("tables") / "out"
    assert main(["tables", str(FOUR), "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"python -m analysis {command}" in capsys.readouterr().out


@pytest.mark.parametrize("name", list(COLUMNS))
def test_each_table_has_its_columns_first_and_in_order(tables, name):
    header = next(csv.reader(io.StringIO((tables / f"{name}.csv").read_text())))
    assert header[: len(COLUMNS[name])] == COLUMNS[name]


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "terms"])
def test_no_table_of_the_four_outlets_is_an_empty_stub(tables, name):
    assert len(read(tables / f"{name}.csv")) > 0


@pytest.mark.parametrize("name", SPANNED)
def test_offsets_are_whole_numbers_inside_the_text(tables, name):
    texts = {path.stem: path.read_bytes().decode() for path in (FOUR / "articles").iterdir()}
    for row in read(tables / f"{name}.csv").to_dict("records"):
        start, end = int(row["start"]), int(row["end"])
        assert 0 <= start < end <= len(texts[row["article_id"]])


@pytest.mark.parametrize("table, column, start, end", [
    ("mentions", "mention", "start", "end"), ("targets", "mention", "start", "end"),
    ("frame_cues", "cue", "start", "end"), ("attributions", "cue", "cue_start", "cue_end"),
    ("attributions", "speaker_mention", "speaker_start", "speaker_end"),
    ("agency", "name_used", "start", "end"),
])
def test_words_equal_their_spans(tables, table, column, start, end):
    texts = {path.stem: path.read_bytes().decode() for path in (FOUR / "articles").iterdir()}
    rows = [row for row in read(tables / f"{table}.csv").to_dict("records") if row[column]]
    assert rows
    for row in rows:
        assert texts[row["article_id"]][int(row[start]) : int(row[end])] == row[column]


def test_the_same_corpus_gives_the_same_bytes_under_another_hash_seed(tables, tmp_path):
    command = [sys.executable, "-m", "analysis", "tables", str(FOUR), "--out", str(tmp_path / "o")]
    environment = {"PYTHONHASHSEED": "7", "PATH": "", "ANALYSIS_CACHE": str(tmp_path / "cache")}
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
    for path in sorted(tables.iterdir()):
        assert (tmp_path / "o" / path.name).read_bytes() == path.read_bytes(), path.name


def test_tables_leave_other_files_of_the_folder_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "articles.csv").write_text("old")
    assert main(["tables", str(FOUR), "--out", str(tmp_path), "--only", "articles"]) == 0
    assert (tmp_path / "mine.txt").read_text() == "keep"
    assert (tmp_path / "articles.csv").read_text().startswith("article_id,")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles.csv", "mine.txt"]


@pytest.mark.parametrize("command", ["tables", "figures", "report"])
def test_a_refused_corpus_writes_nothing(command, small, tmp_path, capsys):
    corpus = small({"articles/b.txt": b"\xff\xfe"})
    assert main([command, str(corpus), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert "b.txt" in error and "Traceback" not in error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small"]


def test_skip_refused_goes_on_and_names_what_it_left_out(small, tmp_path):
    corpus = small({"articles/b.txt": b"\xff\xfe"})
    assert main(["tables", str(corpus), "--out", str(tmp_path / "out"), "--skip-refused"]) == 0
    assert set(read(tmp_path / "out" / "articles.csv")["article_id"]) == {"a", "c"}
    assert "b" in set(read(tmp_path / "out" / "refused.csv")["article_id"])


def test_check_prints_every_problem_and_fails(small, capsys):
    corpus = small({"articles/b.txt": b"", "articles/c.txt": None})
    assert main(["check", str(corpus)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert any("b.txt" in line for line in printed) and any("c.txt" in line for line in printed)


@pytest.mark.parametrize(("changes", "said"), [
    ({}, "actors.csv: is missing; no name recurs; write one to say who is who\n"),
    ({"articles/a.txt": "Doug Mack left. Doug Mack came. Then Mack slept.\n"},
     "actors.csv: is missing; inferred from recurring names: Doug Mack (person, Mack); write one "
     "to say who is who\n"),
    ({"actors.csv": "actor,aliases,role,side\nAnn Lee,,,\n"}, ""),
])
def test_check_says_whom_it_would_take_for_actors(small, capsys, changes, said):
    main(["check", str(small(changes))])
    out = capsys.readouterr().out
    assert out.endswith(said) and ("actors.csv" in out) == bool(said)


def test_check_passes_with_warnings_alone(small, capsys):
    corpus = small({"articles.csv": "article_id,outlet\na,North\n"})
    assert main(["check", str(corpus)]) == 0
    assert "outlet" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [
    [], ["draw"], ["tables"], ["tables", "--out", "x", "--only", "pie"], ["placebo", "--runs", "0"],
    ["placebo", "--runs", "-1"], ["placebo", "--seed", "-1"], ["placebo", "--seed", "x"],
], ids=" ".join)
def test_a_wrong_command_is_one_line_on_stderr(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    printed = capsys.readouterr()
    assert not printed.out and len(printed.err.splitlines()) == 1


@pytest.mark.parametrize("out", ["", "codes"], ids=["the corpus", "its codes"])
def test_no_table_replaces_a_file_of_the_corpus(small, out, capsys):
    codes = b"article_id,coder,start,end,voice\na,ann,0,14,author\n"
    corpus = small({"codes/sentences.csv": codes})
    before = contents(corpus)
    only = ["--only", "articles" if not out else "sentences"]
    assert main(["tables", str(corpus), "--out", str(corpus / out), *only]) == 1
    assert "is of the corpus; write to another folder" in capsys.readouterr().err
    assert contents(corpus.parent) == before
    assert main(["tables", str(corpus), "--out", str(corpus), "--only", "voices"]) == 0


def test_what_only_a_defect_can_cause_is_one_line_too(monkeypatch, capsys):
    monkeypatch.setattr("analysis.__main__.check_corpus", lambda path, strict=False: {}["a"])
    assert main(["check", str(FOUR)]) == 1
    assert capsys.readouterr().err.startswith("a defect of the analysis, KeyError: 'a'; report it")


def test_a_name_that_the_terminal_cannot_show_is_escaped(small):
    corpus = small({"articles.csv": "article_id,outlet\né,North\n"})
    done = subprocess.run([sys.executable, "-m", "analysis", "check", str(corpus)], cwd=ROOT,
                          capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=False)
    assert done.returncode == 1 and b"\\xe9" in done.stdout and not done.stderr


def test_an_unknown_figure_is_refused_by_name(tmp_path, capsys):
    assert main(["figures", str(FOUR), "--out", str(tmp_path / "out"), "--only", "pie"]) == 1
    assert "'pie'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_targets_writes_a_row_a_mention(tmp_path):
    rows = [{"id": "x", "sentence": "The mayor was praised.", "start": 4, "end": 9},
            {"id": "007", "sentence": "Nobody trusts Bol.", "start": 14, "end": 17}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "out.csv"
    assert main(["targets", str(tmp_path / "in.jsonl"), "--out", str(out)]) == 0
    table = read(out)
    assert list(table.columns) == ["id", "polarity", "p_negative", "p_neutral", "p_positive"]
    assert list(table["id"]) == ["x", "007"]
    sums = table[["p_negative", "p_neutral", "p_positive"]].astype(float).sum(axis=1)
    assert sums.tolist() == pytest.approx([1, 1], abs=2e-4)


def test_placebo_prints_the_same_csv_in_any_number_of_processes(capsys):
    printed = []
    for workers in ("1", "2"):
        assert main(["placebo", str(FOUR), "--runs", "5", "--seed", "3", "--workers", workers]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    table = pd.read_csv(io.StringIO(printed[0]))
    assert list(table.columns) == ["family", "runs", "supported", "rate", "low", "high"]
    assert (table["runs"] == 5).all()
    assert ((table["supported"] >= 0) & (table["supported"] <= 5)).all()


def test_a_missing_corpus_is_one_line_and_no_traceback(tmp_path):
    done = subprocess.run([sys.executable, "-m", "analysis", "check", str(tmp_path / "none")],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len((done.stdout + done.stderr).strip().splitlines()) == 1


def test_claims_of_many_articles_are_counted_in_parts_with_copies_across_them(
        tmp_path, monkeypatch):
    text = ("“The {} bridge is a terrible waste,” said Ann Lee. The mayor of {} may close it, and "
            "perhaps the school too. Nobody in the town was asked, and nobody knows who will pay "
            "for the road that leads there.\n")
    rows = [f'a{n},Outlet {n % 2},"{text.format(place, place)}"' for n, place in enumerate(
        ("old", "new", "long", "stone", "old", "green"))]  # a0 and a4 are one text
    (tmp_path / "made.csv").write_text("\n".join(["article_id,outlet,text", *rows]), "utf-8")
    found = []
    for part in (500, 2):
        monkeypatch.setattr(commands, "_PART", part)
        assert main(["tables", str(tmp_path / "made.csv"), "--out", str(tmp_path / f"by{part}"),
                     "--only", "claims", "--without-tone", "--format", "parquet"]) == 0
        found.append(pd.read_parquet(tmp_path / f"by{part}" / "claims.parquet"))
    pd.testing.assert_frame_equal(*found)
    assert len(found[0]) and found[0]["blocks"].max() == 2  # a0 and a4 count once
