"""Which notebooks are the project's, by what name one asks for them, and how they are saved."""

import ast
import json
import runpy
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from analysis.__main__ import main
from analysis.corpus.files import CorpusError
from analysis.definitions import ROOT
from analysis.site import notebooks, run

NAMES = ["00-findings", "03-sentiment", "04-sourcing", "07-your-corpus"]
# What JupyterLab 4.6 makes of the metadata of a notebook that it opens.
BY_LAB = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"codemirror_mode": {"name": "ipython", "version": 3},
                      "file_extension": ".py", "mimetype": "text/x-python", "name": "python",
                      "nbconvert_exporter": "python", "pygments_lexer": "ipython3",
                      "version": "3.11.2"}}


@pytest.mark.parametrize("asked", ["04-sourcing", "04", "sourcing", "SOURCING", "sourc",
                                   "04-sourcing.ipynb", "notebooks/04-sourcing.ipynb"])
def test_a_notebook_is_found_by_path_stem_number_and_word(asked):
    assert notebooks.nearest(asked, NAMES, "notebook") == "04-sourcing"


@pytest.mark.parametrize("asked, meant", [("04-sorcing", "04-sourcing"), ("sentimant",
                                          "03-sentiment"), ("corpsu", "07-your-corpus")])
def test_a_typo_is_refused_with_the_nearest_name(asked, meant):
    with pytest.raises(CorpusError, match=f"did you mean {meant}\\? The notebooks are: 00-find"):
        notebooks.nearest(asked, NAMES, "notebook")


def test_a_word_of_two_names_is_refused_with_both():
    with pytest.raises(CorpusError, match="did you mean tone-by-side or tone-of-sentences"):
        notebooks.nearest("tone", ["tone-by-side", "tone-of-sentences"], "figure")


def test_a_name_that_holds_another_is_found_by_itself():
    assert notebooks.nearest("voices", ["voices", "voices-by-quarter"], "figure") == "voices"


@pytest.mark.parametrize("asked", ["", "zzz", "..", "/"])
def test_what_resembles_nothing_is_refused_with_the_list(asked):
    with pytest.raises(CorpusError, match="The notebooks are: 00-findings, 03-sentiment"):
        notebooks.nearest(asked, NAMES, "notebook")


def test_the_command_names_the_nearest_notebook_and_figure(tmp_path, capsys):
    assert main(["notebooks", "04-sorcing"]) == 1
    assert "did you mean 04-sourcing?" in capsys.readouterr().err
    assert main(["figures", "--out", str(tmp_path / "out"), "--only", "spekers"]) == 1
    assert "did you mean speakers?" in capsys.readouterr().err


def test_the_figures_are_those_that_calls_of_plot_name():
    source = """picture = plot.bars(
    t.voices[t.voices["voice"] == "author"].pivot_table(index="outlet", values="words"),
    "voices", title="Words")
plot.lines(table, title="untitled")
plot.heat(table, name="grid")
show.table(table, "no figure")"""
    assert run.names_in(source) == ["voices", "grid"]


def test_a_scratch_notebook_is_none_of_the_projects(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    for name in ("04-sourcing", "Untitled", "4-mine", "x04-y"):
        (tmp_path / f"{name}.ipynb").write_text("{}")
    assert [path.name for path in notebooks.listed()] == ["04-sourcing.ipynb"]


def test_a_notebook_of_your_own_elsewhere_is_taken_as_it_is_named(tmp_path):
    mine = tmp_path / "mine.ipynb"
    mine.write_text("{}")
    assert notebooks.named([str(mine)]) == [mine]


def test_a_notebook_of_your_own_draws_beside_itself_and_leaves_the_projects_figures(tmp_path):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(
        "import pandas as pd\nfrom analysis import plot\n"
        "plot.bars(pd.DataFrame({'A': [1.0]}, index=['x']), 'voices', title='Mine')", id="c")])
    nbformat.write(made, tmp_path / "mine.ipynb")
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "figures").iterdir()}
    run.in_place([tmp_path / "mine.ipynb"])
    assert (tmp_path / "figures" / "voices.svg").exists()
    assert {path: path.stat().st_mtime_ns for path in (ROOT / "figures").iterdir()} == before


@pytest.fixture
def jupyter(monkeypatch):
    """The settings that JupyterLab reads in the project's folder."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("PYTHONPATH", "")
    settings = Config()
    runpy.run_path(str(ROOT / "jupyter_server_config.py"),
                   init_globals={"get_config": lambda: settings})
    return settings


@pytest.mark.parametrize("path", notebooks.listed(), ids=lambda path: path.stem)
def test_saving_in_jupyterlab_leaves_the_bytes_that_the_commands_write(jupyter, path):
    content = json.loads(path.read_text("utf-8"))
    content["metadata"] = json.loads(json.dumps(BY_LAB))
    for cell in content["cells"]:
        cell["metadata"] |= {"trusted": True, "scrolled": False}
    jupyter.FileContentsManager.pre_save_hook(
        model={"type": "notebook", "content": content}, path=f"notebooks/{path.name}",
        contents_manager=None)
    assert nbformat.writes(nbformat.from_dict(content)) == nbformat.writes(
        nbformat.read(path, as_version=4))


def test_a_notebook_of_your_own_keeps_what_jupyterlab_writes(jupyter):
    content = {"metadata": dict(BY_LAB), "cells": []}
    for path in ("scratch/mine.ipynb", "notebooks/Untitled.ipynb"):
        jupyter.FileContentsManager.pre_save_hook(
            model={"type": "notebook", "content": content}, path=path)
    assert content["metadata"] == BY_LAB


def test_jupyterlab_starts_in_the_projects_folder(jupyter):
    assert jupyter.ServerApp.root_dir == str(ROOT)


@pytest.mark.parametrize("path", notebooks.listed(), ids=lambda path: path.stem)
def test_no_title_of_a_figure_is_computed(path):
    """So none can name a difference, whatever outlets are shuffled: 0 of 100 shuffles, not 5."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            for call in ast.walk(ast.parse(cell.source)):
                for part in call.keywords if isinstance(call, ast.Call) else ():
                    if part.arg in ("title", "subtitle", "note"):
                        assert isinstance(part.value, ast.Constant), ast.unparse(part.value)


def test_a_cold_first_cell_shows_progress_and_keeps_none_of_it(tmp_path, monkeypatch):
    """In a kernel, as a reader meets it: the bar lasts as long as the work."""
    monkeypatch.delenv("TQDM_DISABLE")
    corpus = tmp_path / "two.csv"
    corpus.write_text('article_id,outlet,text\na,North,"Ann Lee said it was shut."\n'
                      'b,South,"It is open, Bo Karim said."\n', encoding="utf-8")
    seen = []

    class Client(NotebookClient):
        def process_message(self, msg, cell, cell_index):
            seen.append((msg["msg_type"], msg["content"].get("text", "")))
            return super().process_message(msg, cell, cell_index)

    code = f"from analysis import load\nlen(load({str(corpus)!r}).articles)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    Client(book, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    assert any(kind == "stream" and "0/2" in text for kind, text in seen)
    assert [output.output_type for output in book.cells[0].outputs] == ["execute_result"]
    assert book.cells[0].outputs[0]["data"]["text/plain"] == "2"
