"""From articles to tables: every annotating room in its order, one article at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from tqdm import tqdm

from analysis.corpus.language import Parsed, parse
from analysis.corpus.read import Corpus

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

    def key(self) -> tuple[str, ...]:
        """Return everything of the article and its resources that enters the annotation."""
        return (self.article_id, self.text, self.author, self.layout.to_csv(index=False),
                self.actors.to_csv(index=False), self.wrapped)

    def parse(self) -> Parsed:
        """Return the parsed article, from the cache where it has been parsed before."""
        return parse(self.article_id, self.text, self.layout, self.actors, self.author,
                     self.wrapped)


def jobs(corpus: Corpus) -> list[Job]:
    """Return one job an article, in the order of the corpus."""
    layout = {key: rows.reset_index(drop=True) for key, rows in corpus.layout.groupby("article_id")}
    none = corpus.layout.iloc[:0]
    return [
        Job(row.article_id, corpus.texts[row.article_id], row.author,
            layout.get(row.article_id, none), corpus.actors, row.wrapped)
        for row in corpus.articles.itertuples()
    ]


def read(parsed: Parsed, actors: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Annotate one parsed article; the result holds a DataFrame for each name in ``READ``."""
    # The rooms load spaCy and models: who finds every table in the cache need not wait for them.
    from analysis.instruments import acts as agency
    from analysis.instruments import attributions as sourcing
    from analysis.instruments import mentions as actors_room
    from analysis.instruments import voices as voice
    from analysis.instruments import words as framing

    mentions = actors_room.find_mentions(parsed, actors)
    attributions = sourcing.find_attributions(parsed, mentions, actors)
    voices = voice.assign_voices(parsed, attributions)
    return {
        "paragraphs": parsed.paragraphs,
        "sentences": voice.sentence_voices(parsed, voices),
        "voices": voices,
        "mentions": mentions,
        "attributions": attributions,
        "frame_cues": framing.find_cues(parsed),
        "agency": agency.find_acts(parsed, mentions),
        "words": framing.count_terms(parsed, voices),
    }


def score(parsed: Parsed, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Score the tone of one article that has been read; a DataFrame for each name in ``SCORED``."""
    from analysis.instruments import tone as sentiment

    return {
        "sentiment": sentiment.score_sentences(parsed, tables["sentences"]),
        "targets": sentiment.score_targets(parsed, tables["mentions"], tables["voices"]),
    }


def with_actors(work: list[Job]) -> list[Job]:
    """Give jobs without actors those that the recurring names of all their articles suggest."""
    if not work or not work[0].actors.empty:
        return work
    from analysis.instruments import mentions as actors_room

    actors = actors_room.infer_actors(
        _progress((job.parse() for job in work), work, "finding actors"))
    return [replace(job, actors=actors) for job in work]


def annotate(job: Job) -> dict[str, pd.DataFrame]:
    """Read one article and score its tone: a DataFrame for each name in ``READ`` and ``SCORED``."""
    parsed = job.parse()
    tables = read(parsed, job.actors)
    return tables | score(parsed, tables)


def annotate_corpus(work: list[Job]) -> dict[str, pd.DataFrame]:
    """Annotate every article of a corpus.

    Returns
    -------
    dict of DataFrame
        The tables of ``READ`` and ``SCORED``, articles in the order of ``work``.
    """
    parts = list(_progress(map(annotate, work), work, "reading"))
    return {name: _joined([part[name] for part in parts]) for name in (*READ, *SCORED)}


def _progress(results: Iterable[Any], work: list[Job], verb: str) -> Iterable[Any]:
    return tqdm(results, total=len(work), desc=verb, unit="article", disable=None, leave=False)


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the articles' tables; a column without a value keeps the type of its name."""
    filled = [part for part in parts if len(part)]
    joined = pd.concat(filled, ignore_index=True) if filled else parts[0]
    empty = [column for column in joined if joined[column].isna().all()]
    return joined.astype({name: "Int64" if name.endswith(("start", "end")) else
                          "float" if name in _MEASURES else "str" for name in map(str, empty)})
