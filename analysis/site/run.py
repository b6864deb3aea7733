"""Runs the notebooks: in place, or on a corpus for its figures; no second way draws a figure."""

import ast
from pathlib import Path

import nbformat

from analysis.corpus.disk import write_file, write_whole
from analysis.corpus.read import load_corpus
from analysis.definitions import ROOT
from analysis.pipeline import tables_of
from analysis.site import report
from analysis.site.notebooks import FOLDER, listed, nearest


def names_in(source: str) -> list[str]:
    """Return the names of the figures that a cell draws: ``plot.bars(table, "name", …)``."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
             and node.func.value.id == "plot"]
    given = [value for call in calls for value in [
        *call.args[1:2], *(word.value for word in call.keywords if word.arg == "name")]]
    return [value.value for value in given if isinstance(value, ast.Constant)]


def drawn_by(path: Path) -> list[str]:
    """Return the names of the figures that a notebook draws."""
    cells = nbformat.read(path, as_version=4).cells
    return [name for cell in cells if cell.cell_type == "code" for name in names_in(cell.source)]


def in_place(paths: list[Path]) -> None:
    """Execute notebooks on the bundled articles, write them back, and their figures with them.

    Figures of the project's notebooks lie in ``figures/``, those of any other in a folder of this
    name beside it.
    """
    tables_of(load_corpus(ROOT / "data"))  # made once, before kernels read them
    for home in dict.fromkeys(path.resolve().parent for path in paths):
        written: list[tuple[Path, bytes]] = []
        with write_whole((ROOT if home == FOLDER else home) / "figures") as folder:
            report._run(report._execute_all(
                [path for path in paths if path.resolve().parent == home], False,
                report._environment(None, ANALYSIS_FIGURES=str(folder)),
                lambda path, notebook, written=written: written.append(
                    (path, (nbformat.writes(notebook) + "\n").encode()))))
            for path, content in written:
                write_file(path, content)


def draw(corpus: Path, out: Path, only: list[str], skip_refused: bool = False) -> None:
    """Draw the figures of a corpus into a folder, each with its CSV, by running the notebooks.

    Raises
    ------
    CorpusError
        If no figure has one of the names ``only``; the message lists those that there are.
    """
    drawn = {name: path for path in listed() for name in drawn_by(path)}
    only = [nearest(name, drawn, "figure") for name in only]
    read = load_corpus(corpus, skip_refused=skip_refused)
    tables_of(read)
    paths = sorted({drawn[name] for name in only}) if only else listed()
    more = {"ANALYSIS_ONLY": " ".join(only)} if only else {}
    more |= {"ANALYSIS_SKIP_REFUSED": "1"} if skip_refused else {}
    with write_whole(out, keep=read.files) as folder:
        report._run(report._execute_all(
            paths, not report._is_bundled(corpus),
            report._environment(corpus, ANALYSIS_FIGURES=str(folder), **more),
            lambda *_: None))
