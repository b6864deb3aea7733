"""Tables on disk: columns, rounding, and results that appear whole or not at all."""

import csv
import io
import re
import signal
import subprocess
import sys

import pandas as pd
import pytest

from analysis.corpus.disk import csv_bytes, write_file, write_whole
from analysis.definitions import COLUMNS, ROOT


def test_the_data_dictionary_names_every_column_of_every_table():
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for table, columns in COLUMNS.items():
        section = text.split(f"\n### {table}\n")[1].split("\n### ")[0].split("\n## ")[0]
        for column in columns:
            assert re.search(rf"^\| `{column}` \|", section, re.M), (table, column)


@pytest.mark.parametrize("table", list(COLUMNS))
def test_the_data_dictionary_names_the_further_columns_too(table):
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    section = text.split(f"\n### {table}\n")[1].split("\n### ")[0].split("\n## ")[0]
    columns = pd.read_csv(ROOT / "data" / "tables" / f"{table}.csv", nrows=1).columns
    assert [name for name in columns
            if f"`{name}`" not in section and not name.endswith("_basis")] == []  # fmt: skip


def test_the_data_dictionary_names_the_columns_of_every_file():
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for path in [*(ROOT / "data").glob("*.csv"), *(ROOT / "data").glob("[cl]*/*.csv")]:
        place = path.name if path.parent.name == "data" else path.parent.name
        section = text.split(f"\n### {place}\n")[1].split("\n### ")[0].split("\n## ")[0]
        assert f"`{path.name}`" in text
        for column in pd.read_csv(path, dtype=str).columns:
            assert f"`{column}`" in section or column.endswith("_basis"), (path.name, column)


def test_floats_are_rounded_and_missing_is_empty():
    table = pd.DataFrame({"a": [0.1 + 0.2, -0.0000001, None], "b": [1, 2, 3], "c": ["x", None, ""]})
    assert csv_bytes(table) == b"a,b,c\n0.3,1,x\n0.0,2,\n,3,\n"


def test_whole_numbers_that_may_be_missing_stay_whole():
    table = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [True, False]})
    assert csv_bytes(table) == b"a,b\n1,True\n,False\n"


CELLS = ['say "no", now', "a\r\nb", "a\rb", "\ufeffx", "=1+1", "\u2028", " "]


@pytest.mark.parametrize("cell", CELLS)
def test_any_cell_comes_back_as_it_went_in(cell):
    written = csv_bytes(pd.DataFrame({"a": [cell], "b": [1]})).decode("utf-8")
    assert list(csv.reader(io.StringIO(written, newline=""), strict=True))[1] == [cell, "1"]


def test_results_appear_in_a_new_folder(tmp_path):
    out = tmp_path / "deep" / "out"
    with write_whole(out) as folder:
        (folder / "a.csv").write_text("new")
        assert not out.exists()
    assert (out / "a.csv").read_text() == "new"
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_only_what_is_written_is_replaced(tmp_path):
    out = tmp_path / "out"
    (out / "sub").mkdir(parents=True)
    (out / "a.csv").write_text("old")
    (out / "mine.txt").write_text("mine")
    (out / "sub" / "mine.txt").write_text("mine too")
    with write_whole(out) as folder:
        (folder / "a.csv").write_text("new")
        (folder / "sub").mkdir()
        (folder / "sub" / "b.csv").write_text("b")
    files = {str(path.relative_to(out)): path.read_text() for path in out.rglob("*.*")}
    assert files == {"a.csv": "new", "mine.txt": "mine", "sub/mine.txt": "mine too",
                     "sub/b.csv": "b"}  # fmt: skip
    assert list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_no_trace(tmp_path):
    with pytest.raises(RuntimeError), write_whole(tmp_path / "new" / "out") as folder:
        (folder / "a.csv").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_output_whole(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").write_text("old")
    with pytest.raises(KeyboardInterrupt), write_whole(tmp_path / "out") as folder:
        (folder / "a.csv").write_text("half")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "a.csv"]
    assert (tmp_path / "out" / "a.csv").read_text() == "old"


def test_a_file_cannot_be_the_output_folder(tmp_path):
    (tmp_path / "out").write_text("a file")
    refused = pytest.raises(NotADirectoryError, match="is a file; name a folder")
    with refused, write_whole(tmp_path / "out"):
        pass
    assert (tmp_path / "out").read_text() == "a file"


def test_a_folder_in_the_way_leaves_the_old_output_whole(tmp_path):
    (tmp_path / "out" / "b.csv").mkdir(parents=True)
    (tmp_path / "out" / "a.csv").write_text("old")
    refused = pytest.raises(IsADirectoryError, match="is a folder")
    with refused, write_whole(tmp_path / "out") as new:
        (new / "a.csv").write_text("new")
        (new / "b.csv").write_text("new")
    assert (tmp_path / "out" / "a.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_one_file_is_written_whole(tmp_path):
    write_file(tmp_path / "new" / "a.csv", b"one")
    write_file(tmp_path / "new" / "a.csv", b"two")
    assert (tmp_path / "new" / "a.csv").read_bytes() == b"two"
    assert len(list((tmp_path / "new").iterdir())) == 1


SLOW = """
import sys, time
from analysis.corpus.disk import write_whole
with write_whole(sys.argv[1]) as folder:
    (folder / "a.csv").write_text("half")
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_killed_run_leaves_the_old_output_whole_and_the_next_run_cleans_up(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old")
    run = subprocess.Popen([sys.executable, "-c", SLOW, str(out)], cwd=ROOT, text=True,
                           stdout=subprocess.PIPE)  # fmt: skip
    assert run.stdout.readline() == "half\n"
    with write_whole(tmp_path / "other") as folder:
        (folder / "b.csv").write_text("other")
    assert [path for path in tmp_path.iterdir() if ".part-" in path.name]  # the run still works
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert {path.name for path in out.iterdir()} == {"a.csv"}
    assert (out / "a.csv").read_text() == "old"
    with write_whole(out) as folder:
        (folder / "a.csv").write_text("new")
    assert {path.name for path in tmp_path.iterdir()} == {"out", "other"}
    assert (out / "a.csv").read_text() == "new"
