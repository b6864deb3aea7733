"""Tone of sentences by outlet and voice, and how far it depends on choices.

The unit of a measure is the sentence; the unit of inference is the block: the paragraph where
every outlet has one article, else the article. Reference codes, where a corpus has them, enter
as further instruments named "coder d".
"""

import functools
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.claims import inference
from analysis.instruments import tone as sentiment
from analysis.old import overview
from analysis.old.study import Study, count_words

LABELS = ("negative", "neutral", "positive")
SIGN = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
SPOKEN = {"textblob": "TextBlob", "vader": "VADER", "network": "network"}
# From everything in the file to the author's own words; each holds less than the one before.
SCOPES = {
    "raw": "everything in the file",
    "article": "without furniture and headings",
    "author": "the author’s voice only",
}
UNITS = ("sentence", "word", "paragraph")
MANY_PAIRS = 3


def spoken(instrument: str) -> str:
    """Return an instrument's or coder's name as a reader sees it."""
    return SPOKEN.get(instrument, instrument)


# Sentences, with every score and code ------------------------------------------------------------


@functools.lru_cache(maxsize=2)
def sentence_tone(study: Study) -> pd.DataFrame:
    """Return one row a sentence with the polarity that each instrument and coder gives it.

    Returns
    -------
    DataFrame
        The columns of ``sentences``, ``role`` of the paragraph, ``outlet``, ``words``, and a
        column for each instrument and, as "coder NAME", each coder of tone: polarity, −1 to +1.
        A code is given to the sentences that lie in the coded stretch by more than half.
    """
    scores = study.sentiment.pivot(index=["article_id", "sentence"], columns="instrument",
                                   values="polarity").reset_index()
    roles = study.paragraphs[["article_id", "paragraph", "role"]]
    table = study.sentences.merge(roles, on=["article_id", "paragraph"]).merge(
        scores.rename_axis(columns=None), on=["article_id", "sentence"])
    texts = study.corpus.texts
    table["outlet"] = table["article_id"].map(outlets_of(study))
    table["words"] = [count_words(texts[key][start:end]) for key, start, end in
                      zip(table["article_id"], table["start"], table["end"], strict=True)]
    for coder, codes in coded(study, "tone"):
        table[f"coder {coder}"] = _codes_of(table, codes)
    return table


def outlets_of(study: Study) -> pd.Series:
    """Return the outlet of each article."""
    return study.corpus.articles.set_index("article_id")["outlet"]


def coded(study: Study, name: str) -> list[tuple[str, pd.DataFrame]]:
    """Return the reference codes of one kind, coder by coder; empty without codes."""
    codes = study.codes.get(name)
    return [] if codes is None or codes.empty else list(codes.groupby("coder", sort=True))


def _codes_of(sentences: pd.DataFrame, codes: pd.DataFrame) -> np.ndarray:
    found = np.full(len(sentences), np.nan)
    places = dict(list(codes.groupby("article_id")))
    for i, row in enumerate(sentences.itertuples()):
        group = places.get(row.article_id)
        if group is None or row.voice == "furniture":
            continue
        shared = (np.minimum(group["end"], row.end) - np.maximum(group["start"], row.start))
        best = int(shared.to_numpy().argmax())
        if 2 * shared.iloc[best] > row.end - row.start:
            found[i] = SIGN.get(group["polarity"].iloc[best], np.nan)
    return found


def instruments_of(table: pd.DataFrame) -> list[str]:
    """Return the instruments and coders that a table of sentences has, in one order."""
    coders = sorted(name for name in table.columns if name.startswith("coder "))
    return [name for name in sentiment.INSTRUMENTS if name in table] + coders


def in_scope(table: pd.DataFrame, scope: str) -> pd.Series:
    """Return which sentences a scope of ``SCOPES`` holds."""
    if scope == "raw":
        return pd.Series(True, index=table.index)
    article = ~table["role"].isin(["furniture", "heading"]) & table["voice"].ne("furniture")
    return article & table["voice"].eq("author") if scope == "author" else article


# Comparisons over blocks -------------------------------------------------------------------------


def block_key(study: Study) -> list[str]:
    """Return the columns that name a block: the paragraph where each outlet has one article."""
    alone = overview.design(study) in ("one article an outlet", "one outlet")
    return ["article_id", "paragraph"] if alone else ["article_id"]


def _moments(table: pd.DataFrame, key: list[str], specs: list[tuple[str, str, str]]) -> np.ndarray:
    """Moments of the blocks of one outlet, shape (blocks, specifications, 6)."""
    block = table.groupby(key, sort=False).ngroup().to_numpy()
    columns = []
    for instrument, scope, unit in specs:
        held = (in_scope(table, scope) & table[instrument].notna()).to_numpy()
        weight = np.where(held, table["words"] if unit == "word" else 1.0, 0.0)
        y = np.bincount(block, np.where(held, table[instrument], 0.0) * weight)
        x = np.bincount(block, weight)
        if unit == "paragraph":
            y, x = np.divide(y, x, out=np.zeros_like(y), where=x > 0), (x > 0).astype(float)
        columns.append((y, x))
    return inference.moments(np.column_stack([y for y, _ in columns]),
                             np.column_stack([x for _, x in columns]))


def outlet_pairs(study: Study) -> list[tuple[str, str]]:
    """Return every pair of outlets in their one order."""
    return list(combinations(study.outlets, 2))


@functools.lru_cache(maxsize=4)
def ladder(study: Study, instrument: str = "textblob") -> pd.DataFrame:
    """Compare outlets by mean sentence polarity, in each scope from raw text to author's voice.

    Returns
    -------
    DataFrame
        outlet, other_outlet, scope, effect (first minus second), low, high (95 %, symmetric
        bootstrap-t over blocks), p (permutation of blocks, studentized), n, n_other (sentences).
    """
    table, key, rows = sentence_tone(study), block_key(study), []
    specs = [(instrument, scope, "sentence") for scope in SCOPES]
    held = {name: table[table["outlet"] == name] for name in study.outlets}
    blocks = {name: _moments(held[name], key, specs) for name in study.outlets}
    counts = {name: [int(in_scope(held[name], scope).sum()) for scope in SCOPES]
              for name in study.outlets}
    for one, other in outlet_pairs(study):
        sides = blocks[one], blocks[other]
        effect, low, high, p = np.full((4, len(SCOPES)), np.nan)
        if min(map(len, sides)) >= 2:
            effect, _, low, high = inference.bootstrap_t(*sides)
            p = inference.p_value(inference.permute(*sides))
        rows += [(one, other, *row) for row in zip(
            SCOPES, effect, low, high, p, counts[one], counts[other], strict=True)]
    return pd.DataFrame(rows, columns=["outlet", "other_outlet", "scope", "effect", "low", "high",
                                       "p", "n", "n_other"])


def specifications(study: Study) -> list[tuple[str, str, str]]:
    """Return every (instrument, scope, unit); coders code no furniture, so they have no raw."""
    table = sentence_tone(study)
    return [(instrument, scope, unit) for instrument in instruments_of(table)
            for scope in SCOPES for unit in UNITS
            if not (instrument.startswith("coder ") and scope == "raw")]


@functools.lru_cache(maxsize=4)
def curve(study: Study) -> pd.DataFrame:
    """Compare each pair of outlets under every specification.

    Returns
    -------
    DataFrame
        outlet, other_outlet, instrument, scope, unit, effect, t (studentized), joint_p: the
        share of random deals of the blocks whose median t is as far from zero, taken over the
        rows of the instruments and over those of the coders apart.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4.
    """
    table, key, specs = sentence_tone(study), block_key(study), specifications(study)
    by_coder = [instrument.startswith("coder ") for instrument, _, _ in specs]
    by_outlet = {name: _moments(table[table["outlet"] == name], key, specs)
                 for name in study.outlets}
    rows = []
    for one, other in outlet_pairs(study):
        first, second = by_outlet[one], by_outlet[other]
        if min(len(first), len(second)) < 2:
            continue
        deals = inference.permute(first, second)
        effects, _ = inference.difference(first.sum(0), second.sum(0))
        joint = {}
        for kind in sorted(set(by_coder)):
            held = [i for i, by in enumerate(by_coder) if by == kind]
            joint[kind] = inference.joint_p(deals._replace(
                observed=deals.observed[held], dealt=deals.dealt[:, held]))
        rows += [(one, other, *spec, float(effect), float(t), joint[kind])
                 for spec, effect, t, kind in zip(specs, effects, deals.observed, by_coder,
                                                  strict=True)]
    return pd.DataFrame(rows, columns=["outlet", "other_outlet", "instrument", "scope", "unit",
                                       "effect", "t", "joint_p"])


@functools.lru_cache(maxsize=4)
def mean_by_voice(study: Study) -> pd.DataFrame:
    """Return the mean polarity of sentences by outlet, voice and instrument.

    Returns
    -------
    DataFrame
        outlet, voice, instrument, mean, low, high (95 %, symmetric bootstrap-t over blocks,
        empty below four blocks), sentences, blocks.
    """
    table, key = sentence_tone(study), block_key(study)
    table, rows = table[table["role"] != "heading"], []
    for outlet in study.outlets:
        for voice in ("author", "mixed", "paraphrased", "quoted", "self_quoted", "furniture"):
            held = table[(table["outlet"] == outlet) & (table["voice"] == voice)]
            for instrument in instruments_of(table) if len(held) else []:
                blocks = _moments(held, key, [(instrument, "raw", "sentence")])
                mean, low, high = mean_interval(blocks)
                rows.append((outlet, voice, instrument, mean, low, high,
                             int(held[instrument].notna().sum()), len(blocks)))
    return pd.DataFrame(rows, columns=["outlet", "voice", "instrument", "mean", "low", "high",
                                       "sentences", "blocks"])


def mean_interval(blocks: np.ndarray) -> tuple[float, float, float]:
    """Return a ratio of sums and its 95 % interval; no interval below four blocks.

    The interval is that of the difference from a group that is zero throughout, cut at ±1.
    """
    carrying = blocks[blocks[:, 0, 0] > 0]
    if len(carrying) == 0:
        return np.nan, np.nan, np.nan
    mean = float(carrying[:, 0, 1].sum() / carrying[:, 0, 2].sum())
    if len(carrying) < 4:
        return mean, np.nan, np.nan
    nothing = inference.moments(np.zeros(20), np.ones(20))
    interval = inference.bootstrap_t(carrying, nothing)
    return mean, max(-1.0, float(interval.low[0])), min(1.0, float(interval.high[0]))
