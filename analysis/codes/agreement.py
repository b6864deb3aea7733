"""How far coders agree with each other, and instruments with coders.

Alpha is Krippendorff's, from coincidences of values within units. Coders are compared pair by
pair: an alpha over persons and passes of a model together would hide that they disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.codes.coders import kinds_of, ordered
from analysis.codes.units import ASKED, SEVERAL, others_words
from analysis.corpus import layout
from analysis.corpus.read import Corpus

AGREEMENT = ["table", "coder", "other", "kinds", "units", "alpha", "low", "high", "measure"]
DISCUSS = ["measure", "coder", "code", "other", "other_code", "article_id", "start", "end", "words"]
_BLOCKS = 8  # articles from which on they are the blocks; paragraphs below


def coincidences(codes: np.ndarray, values: int) -> np.ndarray:
    """Per unit, the coincidences of values that its coders gave, shape (units, values, values).

    `codes` is (units, coders) with codes 0 … values−1 and −1 for none. Units with fewer than
    two codes hold no pair and contribute nothing.
    """
    counts = (codes[..., None] == np.arange(values)).sum(1).astype(float)
    coders = counts.sum(1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(values)
    return np.where(coders > 1, 1 / np.maximum(coders - 1, 1), 0)[:, None, None] * pairs


def _alpha(table: np.ndarray, ordinal: bool) -> np.ndarray:
    """Alpha of summed coincidences (…, values, values); nan where only one value occurs."""
    margin = table.sum(-1)
    n = margin.sum(-1)
    values = table.shape[-1]
    if ordinal:
        between = np.cumsum(margin, -1) - margin / 2
        distance = (between[..., :, None] - between[..., None, :]) ** 2
    else:
        distance = np.broadcast_to(1 - np.eye(values), table.shape)
    observed = (table * distance).sum((-1, -2))
    expected = (margin[..., :, None] * margin[..., None, :] * distance).sum((-1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def alpha_interval(codes: pd.DataFrame, blocks: np.ndarray, ordinal: bool = False,
                   runs: int = 2000, seed: int = 0) -> tuple[float, float, float]:
    """Krippendorff's alpha with its 95 % percentile interval over resampled blocks.

    1 is perfect agreement, 0 that of chance. Units of a block stay together; resamples in which
    only one value occurs have no alpha and are left out.

    Parameters
    ----------
    codes : DataFrame, units by coders
        Numbers or words, whose order is that of the scale; nan for none.

    References
    ----------
    Hayes & Krippendorff (2007), "Answering the call for a standard reliability measure for
    coding data", Communication Methods and Measures 1(1).
    """
    given, scale = pd.factorize(codes.to_numpy().ravel(), sort=True)
    values = len(scale)
    names, of = np.unique(np.asarray(blocks), return_inverse=True)
    table = np.zeros((len(names), values, values))
    np.add.at(table, of, coincidences(given.reshape(codes.shape), values))
    n = len(names)
    if n == 0:
        return np.nan, np.nan, np.nan
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=runs).astype(float)
    drawn = _alpha((counts @ table.reshape(n, -1)).reshape(runs, values, values), ordinal)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return float(_alpha(table.sum(0), ordinal)), float(low), float(high)


# Pairs of coders ----------------------------------------------------------------------------------


def _keyed(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Codes of one coder by their unit: article, start, end and what tells units of one span."""
    rows = rows[rows.get("unit", pd.Series("", rows.index)) != "editorial_note"]
    start, end = rows.get("start", 0), rows.get("end", 0)
    item: str | pd.Series = ""
    if table == "targets":
        mention = rows.reindex(columns=["mention_start", "mention_end"])
        item = rows["target"].where(mention["mention_start"].isna(), "")
        start, end = (mention[f"mention_{name}"].fillna(rows[name]) for name in ("start", "end"))
    if table == "uptake":
        start, end, item = 0, 0, rows["attribution_id"]
    rows = rows.assign(start=start, end=end, item=item)
    return rows.drop_duplicates(keys := ["article_id", "start", "end", "item"]).set_index(keys)


def _words(corpus: Corpus, coder: str) -> pd.Series:
    """For every word that a coder of attributions has read: is it given to somebody else?"""
    rows = corpus.codes["attributions"].loc[lambda t: t["coder"] == coder]
    read = corpus.coded[(corpus.coded["coder"] == coder)
                        & (corpus.coded["table"] == "attributions")]
    given = rows[others_words(corpus, rows)]
    found: dict[tuple[str, int, int, str], str] = {}
    for key, text in corpus.texts.items():
        spans = read.loc[read["article_id"] == key, ["start", "end"]].to_numpy().tolist()
        if read.empty and (rows["article_id"] == key).any():
            spans = [[0, len(text)]]
        inside = np.zeros(len(text) + 1, bool)
        for start, end in given.loc[given["article_id"] == key, ["start", "end"]].to_numpy():
            inside[start:end] = True
        found |= {(key, word.start(), word.end(), ""): "yes" if inside[word.start()] else "no"
                  for a, b in spans for word in re.compile(r"\S+").finditer(text, a, b)}
    return pd.Series(found, dtype=object)


def _none(corpus: Corpus, table: str, coder: str, rows: pd.DataFrame) -> pd.Series:
    """The units that a coder has read and left without a code; only targets may be none."""
    read = corpus.coded[(corpus.coded["coder"] == coder) & (corpus.coded["table"] == table)]
    units = pd.MultiIndex.from_frame(read[["article_id", "start", "end"]].assign(item=""))
    return pd.Series("none", units.difference(rows.index) if table == "targets" else units[:0],
                     dtype=object)


def _judgements(corpus: Corpus, table: str, coder: str) -> Iterator[tuple[str, pd.Series]]:
    """Each measure of a table with what a coder says, by unit; a unit not coded has no entry."""
    if table == "attributions":
        yield "words of others", _words(corpus, coder)
        return
    rows = _keyed(corpus.codes[table].loc[lambda t: t["coder"] == coder], table)
    for column, words in ASKED[table].items():
        if not words or column not in rows or not rows[column].ne("").any():
            continue
        if column not in SEVERAL:
            yield column, pd.concat([_none(corpus, table, coder, rows),
                                     rows.loc[rows[column] != "", column]])
            continue
        sets = rows[column].str.split()
        for word in words[:-1]:  # the last is none
            yield (word if column == "entman" else f"{column.split('_')[0]}: {word}",
                   sets.map(lambda cell, word=word: "yes" if word in cell else "no"))


def _compared(corpus: Corpus) -> Iterator[tuple[str, str, str, str, pd.DataFrame]]:
    """Table, measure, two coders, and what both say of the units that both coded."""
    for table in filter(corpus.codes.__contains__, ASKED):
        said = {coder: dict(_judgements(corpus, table, coder))
                for coder in ordered(corpus.coders, corpus.codes[table]["coder"])}
        for one, other in combinations(said, 2):
            for measure in filter(said[other].__contains__, said[one]):
                both = pd.concat([said[one][measure], said[other][measure]], axis=1, join="inner",
                                 keys=["code", "other_code"])
                if len(both) and not (both == "no").all(axis=None):
                    yield table, measure, one, other, both.sort_index()


def _blocks(corpus: Corpus, both: pd.DataFrame) -> np.ndarray:
    """What is resampled: articles where there are eight or more of them, else paragraphs."""
    keys, starts = both.index.get_level_values(0), both.index.get_level_values(1)
    if keys.nunique() >= _BLOCKS:
        return pd.factorize(keys)[0]
    found = {key: [start for start, _ in layout.find_paragraphs(corpus.texts[key])]
             for key in keys.unique()}
    return pd.factorize(pd.Series([
        (key, int(np.searchsorted(found[key], start, side="right")))
        for key, start in zip(keys, starts, strict=True)], dtype=object))[0]


def coder_pairs(corpus: Corpus) -> pd.DataFrame:
    """Return how far each two coders of a table agree, pair by pair, in all that they judge.

    On whole units; what the claims count of them, and instruments, are in `compare.agreement`.

    Returns
    -------
    DataFrame
        Pairs with a person first: table, coder, other, kinds ("model-person": the kind of the one,
        then of the other), units that both coded, alpha (1: they agree; 0: no more than by chance;
        nan: one value only), low and high (95 %, blocks resampled: articles where there are eight,
        else paragraphs), measure. Polarity is ordinal, all else nominal. Attributions are compared
        word by word: is it given to somebody else than the author?

    Notes
    -----
    *model-model* is consistency, where both are passes of one model; *person-person* is
    reliability; *model-person* is validity of the model's codes. A mention of which one says that
    it holds nothing (none) has no polarity, and is left to `to_discuss`. A coder whom coders.csv
    does not name is *unstated*. Where two agree in all of few units, the interval is a point: it
    says nothing of the units that were not drawn.
    """
    kinds, rows = kinds_of(corpus.coders), []
    for table, measure, one, other, both in _compared(corpus):
        both = both[(both != "none").all(axis=1)]
        if both.empty:
            continue
        values = alpha_interval(both, _blocks(corpus, both), measure == "polarity")
        rows.append((table, one, other, f"{kinds(one)}-{kinds(other)}", len(both), *values,
                     measure))
    rows.sort(key=lambda row: "person" not in row[3])  # what people say comes first
    return pd.DataFrame(rows, columns=AGREEMENT)


def to_discuss(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """Return, by table, the units on which two coders differ of whom one at least is no model.

    Returns
    -------
    dict of DataFrame
        measure, coder, code, other, other_code, article_id, start, end, words.
    """
    kinds, found = kinds_of(corpus.coders), {}
    for table, measure, one, other, both in _compared(corpus):
        if kinds(one) == kinds(other) == "model":
            continue
        apart = both[both["code"] != both["other_code"]].reset_index(names=[
            "article_id", "start", "end", "item"])
        if table == "uptake":
            keys = ["article_id", "attribution_id"]
            spans = corpus.codes.get("attributions", pd.DataFrame(columns=[*keys, "start", "end"]))
            spans = spans.groupby(keys).agg({"start": "min", "end": "max"})
            apart[["start", "end"]] = spans.reindex(
                pd.MultiIndex.from_frame(apart[["article_id", "item"]])).fillna(0).astype(
                int).to_numpy()
        apart = apart.assign(measure=measure, coder=one, other=other, words=[
            corpus.texts[row.article_id][row.start:row.end] for row in apart.itertuples()])
        found.setdefault(table, []).append(apart[DISCUSS])
    return {table: joined for table, parts in found.items()
            if len(joined := pd.concat(parts, ignore_index=True))}
