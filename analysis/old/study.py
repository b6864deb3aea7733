"""A corpus with everything measured on it: what notebooks, figures and the command line read."""

import functools
import hashlib
import os
from pathlib import Path

import pandas as pd

from analysis.claims import measures, reliability
from analysis.claims import verdicts as claims
from analysis.corpus.cache import cached, code_of
from analysis.corpus.read import Corpus, load_corpus
from analysis.definitions import COLUMNS, ROOT
from analysis.instruments import annotate


def count_words(text: str) -> int:
    """Return the number of words: stretches without white space."""
    return len(text.split())


class Study:
    """A corpus and its tables, each computed on first use and kept in the cache.

    The tables are attributes named as in the data dictionary: ``articles``, ``paragraphs``,
    ``sentences``, ``voices``, ``mentions``, ``attributions``, ``sentiment``, ``targets``,
    ``frame_cues``, ``terms``, ``agency``, ``claims``; beside them ``blocks`` (sums per block),
    ``words`` (counts of terms), ``actors`` and ``codes`` (reference codes, by table).

    Parameters
    ----------
    corpus : Corpus
    client : optional
        Anything with ``map``, such as a Dask client, to annotate many articles side by side.
    """

    def __init__(self, corpus: Corpus, client=None):
        self.corpus = corpus
        self._client = client

    @functools.cached_property
    def outlets(self) -> list[str]:
        """Outlets in the order of their first article: the one order of figures and tables."""
        return list(dict.fromkeys(self.corpus.articles["outlet"]))

    @functools.cached_property
    def _work(self) -> list[annotate.Job]:
        return annotate.with_actors(annotate.jobs(self.corpus))

    @functools.cached_property
    def _read(self) -> dict[str, pd.DataFrame]:
        return annotate.annotate_corpus(self._work, annotate.READ, self._client)

    @functools.cached_property
    def _scored(self) -> dict[str, pd.DataFrame]:
        return annotate.annotate_corpus(self._work, annotate.SCORED, self._client)

    @functools.cached_property
    def actors(self) -> pd.DataFrame:
        """The actors given with the corpus, else those inferred from its recurring names."""
        return self._work[0].actors

    @property
    def codes(self) -> dict[str, pd.DataFrame]:
        """Reference codes by table (tone, targets, sentences, attributions, uptake), or empty."""
        return self.corpus.codes

    @functools.cached_property
    def articles(self) -> pd.DataFrame:
        """One row an article: what is known of it, its words, and the author's share of them."""
        facts = self.corpus.articles.reset_index(drop=True)
        texts = [self.corpus.texts[key] for key in facts["article_id"]]
        author = self.voices[self.voices["voice"] == "author"]
        words = {
            key: sum(count_words(self.corpus.texts[key][start:end])
                     for start, end in zip(rows["start"], rows["end"], strict=True))
            for key, rows in author.groupby("article_id")
        }
        measured = facts.assign(
            words=[count_words(text) for text in texts],
            author_words=[words.get(key, 0) for key in facts["article_id"]],
            sha256=[hashlib.sha256(text.encode()).hexdigest() for text in texts],
        )
        first = COLUMNS["articles"]
        return measured[first + [name for name in measured.columns if name not in first]]

    @functools.cached_property
    def terms(self) -> pd.DataFrame:
        """Word choice: each outlet's terms against the other outlets'."""
        def compare() -> pd.DataFrame:
            from analysis.instruments import words as framing

            return framing.compare_terms(self.words, self.corpus.articles)

        return self._made("terms", compare)

    @functools.cached_property
    def blocks(self) -> pd.DataFrame:
        """Sums per block of every measure that a claim compares."""
        return self._made("blocks", lambda: measures.block_sums(self))

    @functools.cached_property
    def reliability(self) -> pd.DataFrame:
        """Agreement of the coders, and of each instrument with them, by measure."""
        return self._made("reliability", lambda: reliability.measure_reliability(self))

    @functools.cached_property
    def claims(self) -> pd.DataFrame:
        """Every comparison with its size, uncertainty and verdict."""
        return self._made("claims", lambda: claims.make_claims(self))

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the data dictionary by its name."""
        return getattr(self, name)

    def _made(self, name: str, make) -> pd.DataFrame:
        package = Path(__file__).parents[1]
        files = [*sorted((package / "claims").glob("*.py")),
                 *sorted((package / "codes").glob("*.py"))]
        key = (name, code_of(*files), annotate.shipped(), self.digest)
        return cached(key, make)

    @functools.cached_property
    def digest(self) -> str:
        """A digest of everything that came with the corpus."""
        parts = [self.corpus.articles, self.corpus.layout, self.corpus.actors,
                 *(self.corpus.codes[name] for name in sorted(self.corpus.codes))]
        digest = hashlib.sha256("\0".join(part.to_csv(index=False) for part in parts).encode())
        for key in self.corpus.articles["article_id"]:
            digest.update(self.corpus.texts[key].encode() + b"\0")
        return digest.hexdigest()


def _annotated(name: str, part: str) -> property:
    return property(lambda study: getattr(study, part)[name], doc=f"The table `{name}`.")


for _part, _names in (("_read", annotate.READ), ("_scored", annotate.SCORED)):
    for _name in _names:
        setattr(Study, _name, _annotated(_name, _part))


def open_study(path: str | Path | None = None, skip_refused: bool = False, client=None) -> Study:
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
    return Study(load_corpus(Path(chosen), skip_refused=skip), client)
