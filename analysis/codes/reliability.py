"""How far codes and instruments agree, measure by measure.

Coders are compared with each other on the units that they coded, and each instrument with each
coder on the sentences that both judged.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.codes.agreement import alpha_interval
from analysis.definitions import BLOCKS, ENTMAN, NEUTRAL, PLAIN_COUNTS, SOURCING

COLUMNS = ["family", "measure", "instrument", "kinds", "who", "alpha", "low", "high", "units",
           "coders"]
_NOT_READ = ("heading", "furniture")  # nobody codes them
Row = tuple[float, float, float, int, int]


def _alpha_row(table: pd.DataFrame, ordinal: bool) -> Row:
    """Alpha of codes (units by coders, indexed by article, block, …) with its interval."""
    blocks = table.groupby(level=[0, 1], sort=False).ngroup().to_numpy()
    pairs = int((table.notna().sum(axis=1) > 1).sum())
    alpha, low, high = alpha_interval(table, blocks, ordinal)
    common = pd.Series(table.to_numpy().ravel()).mode().get(0)
    rare = (table.notna() & table.ne(common)).any(axis=1).to_numpy()
    if len(np.unique(blocks[rare])) < BLOCKS:
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


def _groups(coders: list[str], kinds: dict[str, str]) -> list[tuple[str, list[str]]]:
    """Who is held against whom: coders of one kind together, the model against each person.

    Never pooled over kinds: a person's disagreement would drown in the agreement of passes.
    """
    of = {coder: kinds.get(coder, "unstated") for coder in coders}
    groups = [(kind, [coder for coder in coders if of[coder] == kind])
              for kind in ("person", "model", "unstated")]
    found = [(kind, own) for kind, own in groups if len(own) > 1]
    people, passes = groups[0][1], groups[1][1]
    return found + [("model against person", [model, person])
                    for person in people for model in passes]


def _of_sentences(units: pd.DataFrame, kinds: dict[str, str],
                  deciding: dict[str, list[str]]) -> Iterator[tuple]:
    """Agreement of codes on their own units, and of instruments with each coder on sentences."""
    for (family, measure), rows in units.groupby(["family", "measure"], sort=False):
        codes = rows[rows["instrument"] == "codes"]
        if codes.empty:
            continue
        ordinal = family != ENTMAN
        place, own = ["article_id", "block"], ["start", "end", "item"]
        judged = dict(iter(codes.groupby("coder")))
        coded = pd.DataFrame({coder: _signs(part, place + own) for coder, part in judged.items()})
        for kind, names in _groups(list(judged), kinds):
            found = _alpha_row(coded[names], ordinal)
            yield family, measure, "codes", kind, "|".join(names), *found
        by = [name for name in deciding.get(family, []) if name in judged] or list(judged)
        theirs = {coder: _signs(judged[coder], [*place, "sentence"]) for coder in by}
        for name, scores in rows[rows["instrument"] != "codes"].groupby("instrument"):
            guess = _signs(scores, [*place, "sentence"])
            found = [_alpha_row(pd.concat([guess, codes], axis=1, join="inner"), ordinal)
                     for codes in theirs.values()]
            yield family, measure, name, "instrument", "|".join(by), *_least(found)


def _of_words(words: pd.DataFrame, given: list[tuple], kinds: dict[str, str],
              read: pd.DataFrame) -> Iterator[tuple]:
    """Agreement on whose each word is, coder by coder and instrument by coder, where both read."""
    keys = pd.MultiIndex.from_frame(words[["article_id", "sentence"]])
    by_measure: dict[str, dict[str, np.ndarray]] = {}
    instruments = []
    for instrument, coder, measure, inside in given:
        name, values = coder or instrument, inside.astype(float)
        if coder:
            own = read.loc[read["coder"] == coder, ["article_id", "sentence"]]
            values[~keys.isin(pd.MultiIndex.from_frame(own))] = np.nan
        else:
            instruments.append(instrument)
        by_measure.setdefault(measure, {})[name] = values
    index = pd.MultiIndex.from_frame(words[["article_id", "block", "offset"]])
    for measure, columns in by_measure.items():
        table = pd.DataFrame(columns, index=index)
        coded = [name for name in columns if name not in instruments]
        table = table[table[coded].notna().any(axis=1)]
        if not coded or not (table[coded] == 1).to_numpy().any():
            continue
        for kind, names in _groups(coded, kinds):
            yield (SOURCING, measure, "codes", kind, "|".join(names),
                   *_alpha_row(table[names], False))
        for own in dict.fromkeys(instruments):
            pairs = [_alpha_row(table[[own, name]], False) for name in coded]
            yield SOURCING, measure, own, "instrument", "|".join(coded), *_least(pairs)


def measure_reliability(units: pd.DataFrame, words: pd.DataFrame, given: list[tuple],
                        read: pd.DataFrame, kinds: dict[str, str],
                        deciding: dict[str, list[str]]) -> pd.DataFrame:
    """Krippendorff's alpha of every measure's codes, and of every instrument with the codes.

    Parameters
    ----------
    units, words, given
        As counted by ``claims.measures.count``: units of all coders.
    read : DataFrame
        family, coder, article_id, sentence: what each coder has read.
    kinds : dict
        Kind of each coder (person, model, unstated).
    deciding : dict
        The coders who decide, by family: instruments are held against them.

    Returns
    -------
    DataFrame
        family, measure, instrument, kinds, who, alpha, low, high, units, coders. Among people it
        is reliability, between passes of a model consistency, of a model against a person
        validity; of an instrument it is the agreement with the coder with whom it agrees least.
        Empty for a corpus without codes.
    """
    units = units[~units["role"].isin(_NOT_READ) & ~units["family"].isin([SOURCING, PLAIN_COUNTS])]
    order = {name: place for place, name in enumerate(sorted({*words["article_id"]}))}
    units, words, read = (rows.assign(article_id=rows["article_id"].map(order))  # numbers: faster
                          for rows in (units, words, read))
    rows = [*_of_sentences(units, kinds, deciding)]
    read = read[read["family"] == SOURCING]
    inside = words["article_id"].isin(read["article_id"]).to_numpy()
    if inside.any():
        own = [(*key, mask[inside]) for *key, mask in given]
        rows += _of_words(words[inside], own, kinds, read)
    return pd.DataFrame(rows, columns=COLUMNS)
