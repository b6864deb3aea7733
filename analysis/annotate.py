"""From articles to tables: every annotating room in its order, one article at a time."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from analysis.cache import cached, code_of
from analysis.corpus import Corpus
from analysis.language import Parsed, parse
from analysis.tables import ROOT

# Tables of one article; `words` holds counts of terms per paragraph and voice.
TABLES = ("paragraphs", "sentences", "voices", "mentions", "attributions", "sentiment", "targets",
          "frame_cues", "agency", "words")

# Columns of numbers that are not places.
_MEASURES = {"polarity", "subjectivity", "score", "p_negative", "p_neutral", "p_positive"}

# Rooms below this one: a change in them leaves every annotation as it is.
_COMPARING = {"__init__", "__main__", "agreement", "cache", "claims", "controls", "findings",
              "inference", "layers", "measures", "overview", "pairs", "power", "reader", "reliability",
              "report", "show", "study", "tone", "validity", "wording"}


@dataclass(frozen=True)
class Job:
    """All that the annotation of one article depends on, beside code and shipped data."""

    article_id: str
    text: str
    author: str
    layout: pd.DataFrame
    actors: pd.DataFrame

    def parse(self) -> Parsed:
        """Return the parsed article, from the cache where it has been parsed before."""
        return parse(self.article_id, self.text, self.layout, self.actors, self.author)


def jobs(corpus: Corpus) -> list[Job]:
    """Return one job an article, in the order of the corpus."""
    layout = {key: rows.reset_index(drop=True) for key, rows in corpus.layout.groupby("article_id")}
    none = corpus.layout.iloc[:0]
    return [
        Job(row.article_id, corpus.texts[row.article_id], row.author,
            layout.get(row.article_id, none), corpus.actors)
        for row in corpus.articles.itertuples()
    ]


def annotate(parsed: Parsed, actors: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Annotate one parsed article; the result holds a DataFrame for each name in ``TABLES``."""
    # The rooms load spaCy and models: who finds every table in the cache need not wait for them.
    from analysis import actors as actors_room
    from analysis import agency, framing, sentiment, sourcing, voice

    mentions = actors_room.find_mentions(parsed, actors)
    attributions = sourcing.find_attributions(parsed, mentions, actors)
    voices = voice.assign_voices(parsed, attributions)
    sentences = voice.sentence_voices(parsed, voices)
    return {
        "paragraphs": parsed.paragraphs,
        "sentences": sentences,
        "voices": voices,
        "mentions": mentions,
        "attributions": attributions,
        "sentiment": sentiment.score_sentences(parsed, sentences),
        "targets": sentiment.score_targets(parsed, mentions, voices),
        "frame_cues": framing.find_cues(parsed),
        "agency": agency.find_acts(parsed, mentions),
        "words": framing.count_terms(parsed, voices),
    }


@functools.cache
def shipped() -> str:
    """Return a digest of the annotating code and of the data that ships with it."""
    rooms = [path for path in sorted(Path(__file__).parent.glob("*.py"))
             if path.stem not in _COMPARING]
    data = sorted((ROOT / "data" / "lexicons").glob("*.csv"))
    models = sorted(path for path in (ROOT / "data" / "models").glob("*")
                    if path.suffix in (".csv", ".onnx", ".txt", ".json"))
    return code_of(*rooms, *data, *models)


def annotate_job(job: Job) -> dict[str, pd.DataFrame]:
    """Annotate one article, from the cache where nothing that enters has changed."""
    key = ("tables", shipped(), job.article_id, job.text, job.author,
           job.layout.to_csv(index=False), job.actors.to_csv(index=False))
    return cached(key, lambda: annotate(job.parse(), job.actors))


def annotate_corpus(corpus: Corpus, client=None) -> dict[str, pd.DataFrame]:
    """Annotate every article of a corpus.

    Parameters
    ----------
    client : optional
        Anything with ``map`` (a Dask ``Client``, an executor); without it, this process works.

    Returns
    -------
    dict of DataFrame
        Each table of ``TABLES`` for the whole corpus, articles in its order, and ``actors``:
        those given with the corpus, else those inferred from its recurring names.
    """
    work = jobs(corpus)
    actors = corpus.actors
    if actors.empty:
        from analysis import actors as actors_room

        actors = actors_room.infer_actors(_progress((job.parse() for job in work), work, "reading"))
        work = [Job(job.article_id, job.text, job.author, job.layout, actors) for job in work]
    parts = list(_progress(_mapped(work, client), work, "annotating"))
    tables = {name: _joined(name, [part[name] for part in parts]) for name in TABLES}
    return {**tables, "actors": actors}


def _mapped(work: list[Job], client) -> Iterable[dict[str, pd.DataFrame]]:
    if client is None:
        return map(annotate_job, work)
    results = client.map(annotate_job, work)
    return client.gather(results) if hasattr(client, "gather") else results


def _progress(results: Iterable, work: list[Job], verb: str) -> Iterable:
    return tqdm(results, total=len(work), desc=verb, unit="article", disable=None, leave=False)


def _joined(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the articles' tables; a column without a value keeps the type of its name."""
    filled = [part for part in parts if len(part)]
    joined = pd.concat(filled, ignore_index=True) if filled else parts[0]
    empty = [column for column in joined if joined[column].isna().all()]
    return joined.astype({column: "Int64" if column.endswith(("start", "end")) else
                          "float" if column in _MEASURES else "str" for column in empty})
