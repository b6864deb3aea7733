"""Whose units count: deciding coders, an instrument in their place, or both with a sample.

Units come from `measures`, who has read what from `coverage`.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.claims.coverage import Coverage
from analysis.definitions import (
    ENTMAN,
    EXTRACTOR,
    NETWORK,
    PLAIN_COUNTS,
    SENTENCES,
    SOURCING,
    TONE,
    VADER,
)

# What stands in for codes where there are none; the others are only shown beside it.
PRIMARY = {TONE: NETWORK, SOURCING: EXTRACTOR, ENTMAN: "cues", PLAIN_COUNTS: "count",
           SENTENCES: VADER}


def read_units(table: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    """Instruments' units, and of coders those in sentences that they have read."""
    keys = ["family", "coder", "article_id", "sentence"]
    codes = table["instrument"] == "codes"
    read = pd.MultiIndex.from_frame(coverage.read[keys])
    return table[~codes | pd.MultiIndex.from_frame(table[keys]).isin(read)]


def decided(table: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    """Instruments' units, and those of the deciding coders in articles that they read whole."""
    names = {(family, coder) for family, own in coverage.deciding.items() for coder in own}
    kept = [(family, article) in coverage.complete and (family, coder) in names
            for family, article, coder in zip(table["family"], table["article_id"],
                                              table["coder"], strict=True)]
    return table[(table["instrument"] != "codes") | np.array(kept, bool)]


def corrected_units(table: pd.DataFrame, coverage: Coverage,
                     outlets: pd.Series) -> Iterator[pd.DataFrame]:
    """Predictions for every unit, corrected by a sample that was drawn at random.

    The prediction is that of the deciding coders where they read everything, else of the
    instrument. A sample that misses an outlet corrects nothing.
    """
    for family, name in coverage.samples.items():
        rows = coverage.read[(coverage.read["family"] == family) & (coverage.read["coder"] == name)]
        own = table[(table["family"] == family) & table["measure"].isin(
            table.loc[table["family"] == family, "measure"])]
        guess = decided(own, coverage)
        guess = guess[guess["instrument"] == "codes"]
        if {*guess["article_id"]} < {*outlets.index} or guess.empty:
            guess = own[own["instrument"] == PRIMARY[family]]
        if set(outlets) <= set(outlets.reindex(rows["article_id"])) \
                and rows["probability"].notna().all():
            yield _corrected(guess, own[own["coder"] == name], rows)


def _chance(units: pd.DataFrame, read: pd.DataFrame) -> np.ndarray:
    """With what probability each unit was drawn; nan where it was not.

    A mention counts by itself where a stretch of its sentence was drawn, else with its sentence.
    """
    rows = units[["article_id", "sentence", "item"]].assign(row=np.arange(len(units))).merge(
        read[["article_id", "sentence", "whole", "start", "end", "probability"]],
        on=["article_id", "sentence"])
    inside = (rows["start"] <= rows["item"]) & (rows["item"] < rows["end"])
    drawn = rows[rows["whole"] | inside].drop_duplicates("row").set_index("row")["probability"]
    return drawn.reindex(np.arange(len(units))).to_numpy(float)


def _corrected(guess: pd.DataFrame, codes: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Predictions moved by the codes of the sample, value and weight each."""
    keys = ["article_id", "sentence", "item", "measure", "voice"]
    names = ["value", "weight"]
    sums = [rows.groupby(keys)[names].sum() for rows in (guess, codes)]
    sums[0] /= max(guess["coder"].nunique(), 1)  # several passes: their mean
    both = sums[0].join(sums[1].add_suffix("_code"), how="outer").fillna(0.0)
    probability = _chance(both.index.to_frame(index=False), read)
    for name in names:
        code = np.where(np.isnan(probability), np.nan, both[f"{name}_code"])
        both[name] = corrected(both[name], code, np.nan_to_num(probability, nan=1.0))
    first = pd.concat([guess, codes]).drop_duplicates(keys).set_index(keys).drop(columns=names)
    rows = both[names].join(first).reset_index()
    return rows.assign(instrument="corrected", coder=read["coder"].iloc[0])


def corrected(prediction: np.ndarray, code: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Predictions corrected by the codes of a random part (nan where not coded).

    Each coded unit adds its error, weighted by the inverse of the probability with which it was
    drawn; sums of the result over any blocks are unbiased whatever the instrument's error.

    References
    ----------
    Egami, Hinck, Stewart & Wei (2023), "Using imperfect surrogates for downstream inference",
    NeurIPS 36; Angelopoulos et al. (2023), "Prediction-powered inference", Science 382.
    """
    prediction = np.asarray(prediction, float)
    error = np.where(np.isnan(code), 0.0, np.asarray(code, float) - prediction)
    return prediction + error / np.asarray(probability, float)
