"""From articles to tables: every annotating room in its order, one article at a time."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.corpus.language import Parsed, parse
from analysis.corpus.read import Corpus
from analysis.corpus.spread import CHUNK, Spread, Where
from analysis.definitions import COLUMNS

# Tables of one article, by the pass that makes them: what is read in it, and what a score is put
# on. `words` holds counts of terms per paragraph and voice.
READ = ("paragraphs", "sentences", "voices", "mentions", "attributions", "frame_cues", "agency",
        "words")
SCORED = ("sentiment", "targets")

# Columns of numbers that are not places.
_MEASURES = {"polarity", "subjectivity", "score", "p_negative", "p_neutral", "p_positive"}


@dataclass(frozen=True)
class Job:
    """All that the annotation of one article depends on, beside code and shipped data."""

    article_id: str
    text: str
    author: str
    layout: pd.DataFrame
    actors: pd.DataFrame
    wrapped: str = ""
    tone: bool = True  # whether it is scored

    def parse(self) -> Parsed:
        """Return the parsed article, from the cache where it has been parsed before."""
        return parse(self.article_id, self.text, self.layout, self.actors, self.author,
                     self.wrapped)


def jobs(corpus: Corpus, tone: bool = True) -> list[Job]:
    """Return one job an article, in the order of the corpus."""
    layout = {key: rows.reset_index(drop=True) for key, rows in corpus.layout.groupby("article_id")}
    none = corpus.layout.iloc[:0]
    return [
        Job(row.article_id, corpus.texts[row.article_id], row.author,
            layout.get(row.article_id, none), corpus.actors, row.wrapped, tone)
        for row in corpus.articles.itertuples()
    ]


def read(parsed: Parsed, actors: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Annotate one parsed article; the result holds a DataFrame for each name in ``READ``."""
    # The rooms load spaCy and models: who finds every table in the cache need not wait for them.
    from analysis.instruments import acts, cues, words
    from analysis.instruments import attributions as sourcing
    from analysis.instruments import mentions as naming
    from analysis.instruments import voices as voice

    mentions = naming.find_mentions(parsed, actors)
    attributions = sourcing.find_attributions(parsed, mentions, actors)
    voices = voice.assign_voices(parsed, attributions)
    return {
        "paragraphs": parsed.paragraphs,
        "sentences": voice.sentence_voices(parsed, voices),
        "voices": voices,
        "mentions": mentions,
        "attributions": attributions,
        "frame_cues": cues.find_cues(parsed),
        "agency": acts.find_acts(parsed, mentions),
        "words": words.count_terms(parsed, voices),
    }


def score(parsed: Parsed, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Score the tone of one article that has been read; a DataFrame for each name in ``SCORED``."""
    from analysis.instruments import tone as sentiment

    return {
        "sentiment": sentiment.score_sentences(parsed, tables["sentences"]),
        "targets": sentiment.score_targets(parsed, tables["mentions"], tables["voices"]),
    }


# One chunk at a time in a process, though a cluster's worker may have several threads.
_ONE = threading.Lock()


def annotate(job: Job) -> dict[str, pd.DataFrame]:
    """Read one article and score its tone: a DataFrame for each name in ``READ`` and ``SCORED``."""
    parsed = job.parse()
    tables = read(parsed, job.actors)
    return tables | (score(parsed, tables) if job.tone else {
        name: pd.DataFrame(columns=[*COLUMNS[name], "flags"]) for name in SCORED})


def _each(function: Callable[[Job], Any], work: Sequence[Job],
          dead: list[str]) -> tuple[list[Any], dict[str, str]]:
    """Return what a function makes of the jobs, and why it failed of others, by article."""
    done, failed = [], dict.fromkeys(dead, "the process that read it died, twice")
    for job in work:
        if job.article_id not in failed:
            try:
                done.append(function(job))
            except Exception as error:  # whatever is wrong with one article, the others go on
                failed[job.article_id] = " ".join(f"{type(error).__name__}: {error}".split())
    return done, failed


def read_chunk(work: Sequence[Job],
               dead: list[str]) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Annotate some articles.

    Returns
    -------
    dict of DataFrame
        The tables of ``READ`` and ``SCORED``, articles in the order of ``work``; empty where
        every article failed.
    dict of str
        Why, by the id of each article that failed.
    """
    with _ONE:
        parts, failed = _each(annotate, work, dead)
    return {name: _joined([part[name] for part in parts])
            for name in (*READ, *SCORED) if parts}, failed


def names_chunk(work: Sequence[Job], dead: list[str]) -> Counter[tuple[str, str]]:
    """Count the names of some articles, from which actors are inferred."""
    from analysis.instruments.mentions import count_names

    with _ONE:
        return sum(_each(lambda job: count_names([job.parse()]), work, dead)[0], Counter())


def whom(work: Sequence[Job]) -> pd.DataFrame:
    """Return the actors that the recurring names of some articles suggest."""
    from analysis.instruments.mentions import infer_actors

    return infer_actors(job.parse() for job in work)


def _spread(function: Callable[..., Any], work: list[Job], where: Where, stamp: str,
            verb: str) -> Spread:
    # Of a hundred articles five pieces of twenty would leave a second process idle at the end.
    size = CHUNK if len(work) <= CHUNK else min(CHUNK, max((CHUNK + 1) // 2, len(work) // 16))
    chunks = [work[first:first + size] for first in range(0, len(work), size)]
    actors = work[0].actors.to_csv(index=False) if work else ""
    keys = [("chunks", function.__name__, stamp, actors, str(work[0].tone),
             *(cell for job in chunk for cell in (job.article_id, job.text, job.author,
                                                  job.layout.to_csv(index=False), job.wrapped)))
            for chunk in chunks]
    return Spread(function, chunks, keys, where, verb)


def with_actors(work: list[Job], where: Where, stamp: str) -> tuple[list[Job], Spread | None]:
    """Give jobs without actors those that the recurring names of all their articles suggest.

    Returns
    -------
    list of Job
    Spread, optional
        The counts of names, where they were needed; to be forgotten when all is done.
    """
    if not work or not work[0].actors.empty:
        return work, None
    from analysis.instruments.mentions import actors_of

    counted = _spread(names_chunk, work, where, stamp, "finding actors")
    actors = actors_of(sum(counted, Counter()))
    return [replace(job, actors=actors) for job in work], counted


def annotate_corpus(work: list[Job], where: Where, stamp: str) -> Spread:
    """Annotate every article of a corpus, on all cores or a cluster if asked.

    Parameters
    ----------
    stamp : str
        A digest of the code and lists that make the tables.

    Returns
    -------
    Spread
        Gives the results of `read_chunk` in the order of ``work``, as often as it is asked; what
        a run that was stopped has done is not done again.
    """
    return _spread(read_chunk, work, where, stamp, "reading")


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the articles' tables; a column without a value keeps the type of its name."""
    filled = [part for part in parts if len(part)]
    joined = pd.concat(filled, ignore_index=True) if filled else parts[0]
    empty = [column for column in joined if joined[column].isna().all()]
    return joined.astype({name: "Int64" if name.endswith(("start", "end")) else
                          "float" if name in _MEASURES else "str" for name in map(str, empty)})
