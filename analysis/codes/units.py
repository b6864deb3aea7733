"""What can be coded: the units of each table, and the questions asked of each.

A unit is what one judgement is about: a sentence (tone, sentences), an author-held mention
(targets), a paragraph to be read for attributions, an attribution (uptake). Units are those that a
coder before has marked, so that judgements can be set side by side; where nobody has, those that
an instrument finds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.corpus import layout
from analysis.corpus.language import lexicon
from analysis.corpus.read import Corpus, CorpusError

# Columns that a coder fills, by table, with the words to choose from (none: words of the text).
_QUESTIONS = lexicon("questions")
ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    table: dict(zip(rows["column"], map(tuple, rows["words"].str.split()), strict=True))
    for table, rows in _QUESTIONS.groupby("table", sort=False)}
# Kinds of the codebook and of the project in which somebody's words are reported; *evidence*, a
# document that the author cites for himself, has no answer of his to be coded (uptake).
_WORDED = ("speech", "media", "document", "decree", "performative")
SEVERAL = {*_QUESTIONS.loc[_QUESTIONS["several"] == "yes", "column"]}
OPTIONAL = {*_QUESTIONS.loc[_QUESTIONS["optional"] == "yes", "column"]}
UNIT = ["article_id", "start", "end", "shown_start", "shown_end", "target", "attribution_id",
        "units_of"]


def paragraphs(corpus: Corpus, aside: tuple[str, ...] = ("furniture", "heading")) -> pd.DataFrame:
    """Return the paragraphs of every article with their roles, those of some roles left out."""
    rows = dict(iter(corpus.layout.groupby("article_id")))
    found = pd.concat([layout.paragraphs(key, text, rows.get(key))
                       for key, text in corpus.texts.items()], ignore_index=True)
    return found[~found["role"].isin(aside)].reset_index(drop=True)


def frame_coder(corpus: Corpus, table: str, without: str = "") -> str:
    """Return whose units are drawn from: the coder with most, no sample himself; "" if none.

    Ties go by the order of coders.csv, then of the codes.
    """
    rows = corpus.codes.get(table, pd.DataFrame({"coder": []}))
    sampled = corpus.coded.loc[corpus.coded["table"] == table, "coder"]
    rows = rows[~rows["coder"].isin([*sampled, without])]
    order = list(dict.fromkeys([*corpus.coders["coder"], *rows["coder"]]))
    counts = rows["coder"].value_counts()
    return max(counts.index, key=lambda name: (counts[name], -order.index(name)), default="")


def _authors(corpus: Corpus) -> set[str]:
    actors = corpus.actors
    own = actors.loc[actors["role"] == "author_self", ["actor", "aliases"]].to_numpy().ravel()
    names = {name.casefold() for cell in [*own, *corpus.articles["author"]]
             for name in cell.split("|")}
    return {"author", *names} - {""}


def others_words(corpus: Corpus, rows: pd.DataFrame) -> pd.Series:
    """Whether a row of attributions gives words to somebody else than the author."""
    return (rows["kind"].isin(_WORDED) & rows["quote_type"].ne("scare")
            & ~rows["speaker"].str.casefold().isin(_authors(corpus)))


def _marked(corpus: Corpus, table: str, coder: str) -> pd.DataFrame:
    """The units of one coder, with the columns of `UNIT` that differ from the default."""
    rows = corpus.codes[table].loc[lambda t: t["coder"] == coder]
    if table == "targets":
        rows = rows[rows["holder"].str.casefold().isin(_authors(corpus))]
        mention = rows.reindex(columns=["mention_start", "mention_end"])
        return rows.assign(shown_start=rows["start"], shown_end=rows["end"], units_of=coder,
                           start=mention["mention_start"].fillna(rows["start"]),
                           end=mention["mention_end"].fillna(rows["end"]))
    return _spans(corpus, rows).assign(units_of=coder) if table == "attributions" else rows


def _spans(corpus: Corpus, rows: pd.DataFrame) -> pd.DataFrame:
    """Attributions as units: the words that somebody else is given, from first to last."""
    rows = rows[others_words(corpus, rows)]
    return rows.groupby(["article_id", "attribution_id"], as_index=False, sort=False).agg(
        start=("start", "min"), end=("end", "max"))


def _found(corpus: Corpus, table: str, found: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The units that an instrument finds."""
    if table == "uptake":
        return _spans(corpus, found("attributions"))
    sentences = found("sentences")
    if table != "targets":
        return sentences
    spans = sentences[["article_id", "sentence", "start", "end"]].rename(
        columns={"start": "shown_start", "end": "shown_end"})
    rows = found("targets")
    if rows.empty and len(sentences) and found("sentiment").empty:
        raise CorpusError("the tables were made without tone, and so hold no targets; make them "
                          f"anew by python -m analysis tables {corpus.path} --out "
                          f"{corpus.path}/tables, or choose another table")
    rows = rows.merge(spans, on=["article_id", "sentence"])
    return rows[rows["holder"].str.casefold().isin(_authors(corpus))]


def _elsewhere(rows: pd.DataFrame, marked: pd.DataFrame) -> np.ndarray:
    """Whether each row overlaps none of the marked ones."""
    free, at = np.ones(len(rows), bool), dict(iter(marked.groupby("article_id")))
    for i, (key, start, end) in enumerate(rows[["article_id", "start", "end"]].itertuples(
            index=False, name=None)):
        if key in at:
            free[i] = not ((at[key]["start"] < end) & (at[key]["end"] > start)).any()
    return free


def units(corpus: Corpus, table: str, found: Callable[[str], pd.DataFrame],
          without: str = "") -> pd.DataFrame:
    """Return every unit of a table that a coder could be given.

    Parameters
    ----------
    table : str
        tone, targets, sentences, attributions or uptake.
    found : function
        Gives a table of the instruments by its name (sentences, targets, sentiment,
        attributions); called only where the marks of coders do not reach.
    without : str
        A coder whose own marks are not looked at.

    Returns
    -------
    DataFrame
        article_id, start, end; shown_start, shown_end: the sentence or paragraphs to be shown;
        target, attribution_id ("" where not asked for); units_of: whose marks they are ("" for
        an instrument, and for sentences and paragraphs, which nobody has to judge). Furniture
        holds no units; a heading holds none but what it quotes (uptake).
    """
    inside = paragraphs(corpus, ("furniture",)) if table == "uptake" else paragraphs(corpus)
    if table == "attributions":
        return _placed(inside, inside)
    source = "attributions" if table == "uptake" else table
    coder = frame_coder(corpus, source, without)
    rows = _marked(corpus, source, coder) if coder else pd.DataFrame(columns=UNIT[:3])
    if table in ("tone", "sentences"):
        more = _found(corpus, table, found)
        rows = pd.concat([rows, more[_elsewhere(more, rows)]])
    elif set(corpus.texts) - set(rows["article_id"]):
        more = _found(corpus, table, found)
        rows = pd.concat([rows, more[~more["article_id"].isin(rows["article_id"])]])
    return _placed(rows, inside)


def _placed(rows: pd.DataFrame, inside: pd.DataFrame) -> pd.DataFrame:
    """Units that begin in a paragraph of the article proper, in its order, all columns filled."""
    texts, places = UNIT[5:], dict.fromkeys(UNIT[1:5], "int64")
    rows = rows.reindex(columns=UNIT).astype(object)
    rows = rows.assign(**rows[texts].fillna("").astype(str),
                       shown_start=rows["shown_start"].fillna(rows["start"]),
                       shown_end=rows["shown_end"].fillna(rows["end"])).astype(places)
    parts = []
    for key, at in inside.groupby("article_id", sort=False):
        own = rows[rows["article_id"] == key].drop_duplicates().sort_values(UNIT[1:])
        starts, ends = at["start"].to_numpy(), at["end"].to_numpy()
        first = np.searchsorted(starts, own["start"], side="right") - 1
        last = np.searchsorted(starts, own["end"], side="left") - 1
        if (own["attribution_id"] != "").any():  # an attribution is shown in its paragraphs
            own = own.assign(shown_start=starts[np.maximum(first, 0)],
                             shown_end=np.maximum(ends[last], own["end"]))
        parts.append(own[(first >= 0) & (own["start"] < ends[first]) | (last > first)])
    return pd.concat([rows.iloc[:0], *parts], ignore_index=True)


def digest(*parts: object) -> str:
    """Ten letters and digits that stand for a unit and say nothing of it."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:10]
