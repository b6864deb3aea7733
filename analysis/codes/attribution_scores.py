"""How the found attributions compare with those that coders marked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analysis.definitions import KINDS
from analysis.proportions import wilson

MATCH = 0.5  # Jaccard index of content characters at which two attributions are the same
SCORES = ["outlet", "kind", "measure", "hits", "of", "share", "low", "high"]

_Content = dict[tuple[str, str], set[int]]


def contents(rows: pd.DataFrame) -> _Content:
    """Return the content characters of each attribution, by article and attribution id."""
    found: _Content = {}
    for row in rows.itertuples():
        key = (row.article_id, row.attribution_id)
        found.setdefault(key, set()).update(range(int(row.start), int(row.end)))
    return found


def match(one: _Content, other: _Content) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Pair attributions of two tables, one to one, so that the sum of Jaccard indices is largest.

    Only pairs that share at least half of their joint characters count.
    """
    pairs = []
    for article in sorted({key[0] for key in one} & {key[0] for key in other}):
        left = sorted(key for key in one if key[0] == article)
        right = sorted(key for key in other if key[0] == article)
        jaccard = np.array([[len(one[a] & other[b]) / len(one[a] | other[b]) for b in right]
                            for a in left])
        jaccard[jaccard < MATCH] = 0
        for row, column in zip(*linear_sum_assignment(-jaccard), strict=True):
            if jaccard[row, column]:
                pairs.append((left[row], right[column]))
    return pairs


def _prepared(codes: pd.DataFrame, coder: str) -> pd.DataFrame:
    rows = codes[(codes["coder"] == coder) & (codes["kind"] != "scare")].copy()
    rows["kind"] = rows["kind"].replace(KINDS)
    return rows


def shared_codes(codes: pd.DataFrame) -> pd.DataFrame:
    """Return the first coder's rows of those attributions that the second marked too."""
    coders = sorted(codes["coder"].unique())
    first = _prepared(codes, coders[0])
    if len(coders) < 2:
        return first
    both = {a for a, _ in match(contents(first), contents(_prepared(codes, coders[1])))}
    keys = list(zip(first["article_id"], first["attribution_id"], strict=True))
    return first[np.array([key in both for key in keys], dtype=bool)]


def matched(attributions: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Set found and coded attributions side by side, one row a pair, a miss or a surplus.

    Returns
    -------
    DataFrame
        article_id, outcome (both, missed, surplus; *disputed* where only one coder marked what
        was found), coded and found ids, kind, coded and found speaker, start, end.
    """
    found = attributions[attributions["quote_type"] != "scare"]
    shared = shared_codes(codes)
    gold, predicted = contents(shared), contents(found)
    pairs = dict(match(gold, predicted))
    coded = shared.drop_duplicates(["article_id", "attribution_id"]) \
        .set_index(["article_id", "attribution_id"])
    stated = found.drop_duplicates(["article_id", "attribution_id"]) \
        .set_index(["article_id", "attribution_id"])
    any_coder = set()
    for coder in sorted(codes["coder"].unique()):
        any_coder |= {b for _, b in match(contents(_prepared(codes, coder)), predicted)}
    rows = []
    for key in sorted(gold):
        other = pairs.get(key)
        rows.append({
            "article_id": key[0], "outcome": "both" if other else "missed", "coded": key[1],
            "found": other[1] if other else "", "kind": coded.loc[key, "kind"],
            "coded_speaker": coded.loc[key, "speaker"],
            "found_speaker": stated.loc[other, "speaker"] if other else "",
            "start": min(gold[key]), "end": max(gold[key]) + 1})
    for key in sorted(set(predicted) - set(pairs.values())):
        rows.append({
            "article_id": key[0], "outcome": "disputed" if key in any_coder else "surplus",
            "coded": "", "found": key[1], "kind": stated.loc[key, "kind"], "coded_speaker": "",
            "found_speaker": stated.loc[key, "speaker"],
            "start": min(predicted[key]), "end": max(predicted[key]) + 1})
    return pd.DataFrame(rows, columns=["article_id", "outcome", "coded", "found", "kind",
                                       "coded_speaker", "found_speaker", "start", "end"])


def sourcing_scores(attributions: pd.DataFrame, codes: pd.DataFrame,
                    outlet_of: pd.Series) -> pd.DataFrame:
    """Return precision and recall of found attributions against those that two coders share.

    Parameters
    ----------
    outlet_of : Series
        Outlet by article_id, in the order in which outlets are to be listed.

    Returns
    -------
    DataFrame
        outlet and kind (``all`` together, then each outlet, then each kind), measure, hits, of,
        share, low, high: Wilson's 95 % interval. What only one coder marked counts neither for
        nor against precision.

    Notes
    -----
    Attributions of one article are not independent: the intervals are somewhat too narrow.
    """
    stated = attributions[attributions["article_id"].isin(codes["article_id"])]
    table = matched(stated, codes)
    outlets, rows = table["article_id"].map(outlet_of), []
    groups = [("all", "all", table)]
    groups += [(name, "all", table[outlets == name]) for name in outlet_of.unique()]
    groups += [("all", kind, table[table["kind"] == kind])
               for kind in sorted(set(table["kind"]) - {""})]
    for outlet, kind, part in groups:
        hits = int((part["outcome"] == "both").sum())
        for measure, against in (("recall", "missed"), ("precision", "surplus")):
            trials = hits + int((part["outcome"] == against).sum())
            low, high = wilson(hits, trials)
            rows.append((outlet, kind, measure, hits, trials, hits / trials if trials else np.nan,
                         low, high))
    return pd.DataFrame(rows, columns=SCORES)
