"""How far codes and instruments agree, measure by measure.

Coders are compared with each other on the units that they coded, and each instrument with each
coder on the sentences that both judged.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.codes.agreement import alpha_interval
from analysis.definitions import BLOCKS, ENTMAN, NEUTRAL, SOURCING, STANCE

COLUMNS = ["family", "measure", "instrument", "alpha", "low", "high", "units", "coders"]
_NOT_READ = ("heading", "furniture")  # nobody codes them
Row = tuple[float, float, float, int, int]


def _alpha_row(table: pd.DataFrame, ordinal: bool) -> Row:
    """Alpha of codes (units by coders, indexed by article, block, …) with its interval."""
    blocks = pd.factorize(pd.MultiIndex.from_arrays(
        [table.index.get_level_values(0), table.index.get_level_values(1)]))[0]
    given = table.to_numpy(float)
    values = np.unique(given[~np.isnan(given)])
    codes = np.where(np.isnan(given), np.nan, np.searchsorted(values, given))
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


def _least(found: list[Row]) -> Row:
    return min(found, key=lambda row: np.nan_to_num(row[0], nan=-9))


def _of_sentences(units: pd.DataFrame) -> Iterator[tuple]:
    """Agreement of codes on their own units, and of instruments with each coder on sentences."""
    for (family, measure), rows in units.groupby(["family", "measure"], sort=False):
        codes = rows[rows["instrument"] == "codes"]
        if codes.empty:
            continue
        ordinal = family != ENTMAN
        place, own = ["article_id", "block"], ["start", "end", "item"]
        judged = dict(iter(codes.groupby("coder")))
        coded = pd.DataFrame({coder: _signs(part, place + own) for coder, part in judged.items()})
        yield family, measure, "codes", *_alpha_row(coded, ordinal)
        theirs = {coder: _signs(part, [*place, "sentence"]) for coder, part in judged.items()}
        for name, scores in rows[rows["instrument"] != "codes"].groupby("instrument"):
            guess = _signs(scores, [*place, "sentence"])
            found = [_alpha_row(pd.concat([guess, codes], axis=1, join="inner"), ordinal)
                     for codes in theirs.values()]
            yield family, measure, name, *_least(found)


def _of_words(words: pd.DataFrame, given: list[tuple]) -> Iterator[tuple]:
    """Agreement on whose each word is, coder by coder and instrument by coder."""
    by_measure: dict[str, dict[tuple[str, str], np.ndarray]] = {}
    for instrument, coder, measure, inside in given:
        by_measure.setdefault(measure, {})[instrument, coder] = inside
    index = pd.MultiIndex.from_frame(words[["article_id", "block", "offset"]])
    for measure, columns in by_measure.items():
        table = pd.DataFrame(columns, index=index).astype(float)
        coded = [key for key in columns if key[0] == "codes"]
        if not coded or not table[coded].to_numpy().any():
            continue
        yield SOURCING, measure, "codes", *_alpha_row(table[coded], False)
        for own in (key for key in columns if key[0] != "codes"):
            pairs = [_alpha_row(table[[own, key]], False) for key in coded]
            yield SOURCING, measure, own[0], *_least(pairs)


def measure_reliability(units: pd.DataFrame, words: pd.DataFrame, given: list[tuple],
                        coded: set[str]) -> pd.DataFrame:
    """Krippendorff's alpha of every measure's codes, and of every instrument with the codes.

    Parameters
    ----------
    units, words, given
        As counted by ``claims.measures.count``.
    coded : set of str
        Articles whose attributions were coded.

    Returns
    -------
    DataFrame
        family, measure, instrument, alpha, low, high, units, coders. Of an instrument it is the
        agreement with the coder with whom it agrees least. Empty for a corpus without codes.
    """
    units = units[~units["role"].isin(_NOT_READ) & ~units["family"].isin([SOURCING, STANCE])]
    rows = [*_of_sentences(units)]
    inside = words["article_id"].isin(coded).to_numpy()
    if inside.any():
        rows += _of_words(words[inside], [(*key, mask[inside]) for *key, mask in given])
    return pd.DataFrame(rows, columns=COLUMNS)
