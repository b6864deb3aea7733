"""How far codes and instruments can be trusted here, and how alike one outlet's texts are.

Coders are compared with each other on the units that they coded, and each instrument with each
coder on the sentences that both judged.
"""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from analysis.claims import measures
from analysis.claims.measures import ENTMAN, SENTENCES, SOURCING, TONE
from analysis.claims.pairs import BLOCKS
from analysis.codes.agreement import alpha_interval
from analysis.definitions import ROOT

NEUTRAL = 0.05  # an instrument's polarity within this of zero is neutral (VADER's own rule)
_COLUMNS = ["family", "measure", "instrument", "alpha", "low", "high", "units", "coders"]
# The measure of data/models/publisher_pairs.csv that comes nearest to each family.
NEAREST = {TONE: "vader", SENTENCES: "vader", SOURCING: "attributed", ENTMAN: "vader",
           measures.STANCE: "hedges"}


def _alpha_row(table: pd.DataFrame, ordinal: bool) -> tuple[float, float, float, int, int]:
    """Alpha of codes (units by coders, indexed by article, block, …) with its interval."""
    blocks = pd.factorize(pd.MultiIndex.from_arrays(
        [table.index.get_level_values(0), table.index.get_level_values(1)]))[0]
    values = np.unique(table.to_numpy()[~np.isnan(table.to_numpy())])
    codes = np.where(table.isna(), np.nan, np.searchsorted(values, table.to_numpy()))
    pairs = int((table.notna().sum(axis=1) > 1).sum())
    if not pairs or len(values) < 2:
        return np.nan, np.nan, np.nan, pairs, table.shape[1]
    alpha, low, high = alpha_interval(codes, len(values), blocks, ordinal)
    rare = codes != np.bincount(codes[~np.isnan(codes)].astype(int)).argmax()
    if len(np.unique(blocks[(rare & ~np.isnan(codes)).any(axis=1)])) < BLOCKS:
        low = high = np.nan  # too few blocks show anything but the common code
    return alpha, low, high, pairs, table.shape[1]


def _signs(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    """One value a unit: the sign of mean polarity, or whether the function occurs."""
    mean = rows.groupby(keys, sort=True)["value"].mean()
    if rows["family"].iloc[0] == ENTMAN:
        return (mean > 0).astype(float)
    return np.sign(mean.where(mean.abs() > NEUTRAL, 0.0))


def _of_sentences(units: pd.DataFrame):
    """Agreement of codes on their own units, and of instruments with each coder on sentences."""
    for (family, measure), rows in units.groupby(["family", "measure"], sort=False):
        codes = rows[rows["instrument"] == "codes"]
        if codes.empty:
            continue
        ordinal = family != ENTMAN
        place, own = ["article_id", "block"], ["start", "end", "item"]
        coded = pd.DataFrame({coder: _signs(part, place + own)
                              for coder, part in codes.groupby("coder")})
        yield family, measure, "codes", *_alpha_row(coded, ordinal)
        judged = codes.groupby("coder")
        for name, scores in rows[rows["instrument"] != "codes"].groupby("instrument"):
            guess = _signs(scores, [*place, "sentence"])
            found = []
            for _, part in judged:
                both = pd.concat([guess, _signs(part, [*place, "sentence"])], axis=1, join="inner")
                found.append(_alpha_row(both, ordinal))
            yield family, measure, name, *min(found, key=lambda row: np.nan_to_num(row[0], nan=-9))


def _of_words(study, words: pd.DataFrame):
    """Agreement on whose each word is, coder by coder and instrument by coder."""
    given: dict[str, dict[tuple[str, str], np.ndarray]] = {}
    for instrument, coder, measure, inside in measures.attributed(study, words):
        given.setdefault(measure, {})[instrument, coder] = inside
    index = pd.MultiIndex.from_frame(words[["article_id", "block", "offset"]])
    for measure, columns in given.items():
        table = pd.DataFrame(columns, index=index).astype(float)
        coded = [key for key in columns if key[0] == "codes"]
        if not coded or not table[coded].to_numpy().any():
            continue
        inside = index.get_level_values(0).isin(study.codes["attributions"]["article_id"])
        table = table[inside]
        yield SOURCING, measure, "codes", *_alpha_row(table[coded], False)
        pairs = [_alpha_row(table[[("attributions", ""), key]], False) for key in coded]
        yield SOURCING, measure, "attributions", *min(
            pairs, key=lambda row: np.nan_to_num(row[0], nan=-9))


def measure_reliability(study) -> pd.DataFrame:
    """Krippendorff's alpha of every measure's codes, and of every instrument with the codes.

    Returns
    -------
    DataFrame
        family, measure, instrument, alpha, low, high, units, coders. Of an instrument it is the
        agreement with the coder with whom it agrees least. Empty for a corpus without codes.
    """
    return by_outlet(study, outlets=()).drop(columns="outlet")


@functools.lru_cache(maxsize=2)
def by_outlet(study, outlets: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Agreement over all outlets (`outlet` is "all") and in each; columns as above, then outlet."""
    if not study.codes:
        return pd.DataFrame(columns=[*_COLUMNS, "outlet"])
    units, words = measures.units(study), measures.words_with_places(study)
    units = units[units["role"].isin(measures.SCOPES["article"])
                  & ~units["family"].isin([SOURCING, measures.STANCE])]
    of = study.corpus.articles.set_index("article_id")["outlet"]
    found = []
    for outlet in ["all", *(study.outlets if outlets is None else outlets)]:
        own = [table if outlet == "all" else table[table["article_id"].map(of) == outlet]
               for table in (units, words)]
        rows = [*_of_sentences(own[0])]
        if "attributions" in study.codes and len(own[1]):
            rows += _of_words(study, own[1].reset_index(drop=True))
        found.append(pd.DataFrame(rows, columns=_COLUMNS).assign(outlet=outlet))
    return pd.concat(found, ignore_index=True)


@functools.cache
def publisher_pairs() -> pd.DataFrame:
    """How often two articles of one publisher differ, by measure (data/models)."""
    return pd.read_csv(ROOT / "data" / "models" / "publisher_pairs.csv").set_index("measure")


def publisher_rate(family: str) -> float:
    """Share of pairs of one publisher's articles that a test at .05 tells apart."""
    return float(publisher_pairs().loc[NEAREST[family], "same_publisher_05"])


def spread_of_articles(family: str) -> float:
    """Variance of one publisher's articles about their mean, over that expected from paragraphs."""
    return float(publisher_pairs().loc[NEAREST[family], "spread"])
