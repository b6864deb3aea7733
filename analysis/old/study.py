"""A corpus with everything measured on it: what notebooks, figures and the command line read."""

import functools
import os
from pathlib import Path

import pandas as pd

from analysis import compare
from analysis.claims import measures
from analysis.corpus.read import Corpus, load_corpus
from analysis.definitions import ROOT, count_words
from analysis.old import stub
from analysis.tables import MADE, Tables, assembled, read_table, tables_of

__all__ = ["Study", "count_words", "open_study"]


class Study:
    """A corpus and its tables, each computed on first use and kept in the cache.

    The tables are attributes named as in the data dictionary: ``articles``, ``paragraphs``,
    ``sentences``, ``voices``, ``mentions``, ``attributions``, ``sentiment``, ``targets``,
    ``frame_cues``, ``terms``, ``agency``, ``claims``; beside them ``blocks`` (sums per block),
    ``words`` (counts of terms), ``actors`` and ``codes`` (reference codes, by table).

    Parameters
    ----------
    corpus : Corpus
    """

    def __init__(self, corpus: Corpus):
        self.corpus = corpus

    @functools.cached_property
    def outlets(self) -> list[str]:
        """Outlets in the order of their first article: the one order of figures and tables."""
        return list(dict.fromkeys(self.corpus.articles["outlet"]))

    @functools.cached_property
    def _made(self) -> dict[str, pd.DataFrame]:
        home, _ = tables_of(self.corpus)
        return {name: read_table(home / f"{name}.csv") for name in [*MADE, "actors"]}

    @property
    def codes(self) -> dict[str, pd.DataFrame]:
        """Reference codes by table (tone, targets, sentences, attributions, uptake), or empty."""
        return self.corpus.codes

    @functools.cached_property
    def tables(self) -> Tables:
        """The tables as `analysis.load` gives them."""
        ids = self.corpus.articles["article_id"].tolist()
        made = {name: table.copy() for name, table in self._made.items()}
        return assembled(self.corpus, made, ids, True)

    @functools.cached_property
    def counted(self) -> measures.Counted:
        """Units, sums per block and words, as claims count them."""
        return measures.count(self.tables)

    @functools.cached_property
    def blocks(self) -> pd.DataFrame:
        """Sums per block of every measure that a claim compares."""
        return self.counted.blocks

    @functools.cached_property
    def reliability(self) -> pd.DataFrame:
        """Agreement of the coders, and of each instrument with them, by measure."""
        return stub.reliability_of(self)

    @functools.cached_property
    def claims(self) -> pd.DataFrame:
        """Every comparison with its size, uncertainty and verdict."""
        return compare.claims(self.tables, power=True)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the data dictionary by its name."""
        return getattr(self, name)


def _made_table(name: str) -> property:
    return property(lambda study: study._made[name], doc=f"The table `{name}`.")


for _name in [*MADE, "actors"]:
    setattr(Study, _name, _made_table(_name))


def open_study(path: str | Path | None = None, skip_refused: bool = False) -> Study:
    """Open a corpus for study.

    Parameters
    ----------
    path : path, optional
        A corpus folder or file; by default the one that ``ANALYSIS_CORPUS`` names, else the
        bundled three articles.

    Raises
    ------
    CorpusError
        If the corpus is refused; the message names file, row and remedy.
    """
    chosen = path or os.environ.get("ANALYSIS_CORPUS") or ROOT / "data"
    skip = skip_refused or bool(os.environ.get("ANALYSIS_SKIP_REFUSED"))  # a report's notebooks
    return Study(load_corpus(Path(chosen), skip_refused=skip))
