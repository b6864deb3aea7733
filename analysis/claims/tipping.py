"""How many codes, read otherwise, would undo a supported claim."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.claims import inference
from analysis.claims.measures import SCOPES, of_everyone, sum_units
from analysis.claims.pairs import LEVEL, gather, make_pairs
from analysis.claims.power import MINIMUM

DEALS, RESAMPLES = 4999, 1999
_UNIT = ["article_id", "sentence", "start", "end", "item"]


def add_tipping(claims: pd.DataFrame, units: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Say of each supported claim by codes how few of them would have to be read otherwise.

    Codes are changed in all coders alike: those that make the difference, first in the outlet where
    one weighs more, in reading order. `tipping_neutral` of them read as neutral (absent), or
    `tipping_turned` turned round, and the claim no longer passes level, interval and minimum.
    Higher is safer; missing where no claim is supported by codes.
    """
    found = []
    for claim in claims.itertuples():
        own = units[(units["family"] == claim.family) & (units["measure"] == claim.measure)
                    & (units["instrument"] == "codes") & units["role"].isin(SCOPES["article"])]
        own = own[(own["voice"] == "author") | of_everyone(own)]
        if claim.verdict != "supported" or own.empty or claim.unit not in MINIMUM:
            found.append((pd.NA, pd.NA))
            continue
        found.append(tuple(_fewest(claim, own, articles, turned) for turned in (0.0, -1.0)))
    return claims.assign(**{name: pd.array([row[place] for row in found], "Int64") for place, name
                            in enumerate(("tipping_neutral", "tipping_turned"))})


def _fewest(claim: Any, units: pd.DataFrame, articles: pd.DataFrame, turned: float) -> int:
    """The least number of changed codes after which the claim fails, by halving."""
    outlet = units["article_id"].map(articles.set_index("article_id")["outlet"])
    sign = np.where(outlet == claim.outlet, 1.0, -1.0) * np.sign(claim.effect)
    weight = units["weight"].groupby(outlet).transform("sum")
    makes = (sign * units["value"] > 0) & outlet.isin([claim.outlet, claim.other_outlet])
    order = units[makes].assign(weighs=1 / weight[makes]).sort_values(
        ["weighs", "article_id", "start", "item"], ascending=[False, True, True, True])
    order = order.drop_duplicates(_UNIT)[_UNIT].reset_index(drop=True)
    rank = units[_UNIT].merge(order.reset_index(), on=_UNIT, how="left")["index"].to_numpy()
    change = turned if claim.unit == "polarity" else 0.0
    holds, fails = 0, len(order)
    while fails - holds > 1:
        count = (holds + fails) // 2
        value = units["value"].where(~(makes.to_numpy() & (rank < count)), change * units["value"])
        if _passes(claim, units.assign(value=value), articles):
            holds = count
        else:
            fails = count
    return fails


def _passes(claim: Any, units: pd.DataFrame, articles: pd.DataFrame) -> bool:
    blocks = sum_units(units, articles)
    sums = gather(blocks[(blocks["scope"] == "article") & (blocks["voice"] == claim.voice)])
    outlets = sums.blocks["outlet"].to_numpy()
    pair = next(pair for pair in make_pairs(sums, outlets)
                if {pair.outlet, pair.other} == {claim.outlet, claim.other_outlet})
    columns = np.flatnonzero(sums.specs["weight"] == "units")
    sign = np.sign(claim.effect) * (1 if pair.outlet == claim.outlet else -1)
    if (sign * pair.effect(columns) < MINIMUM[claim.unit]).any():
        return False
    interval = pair.interval(columns, RESAMPLES)
    p = inference.p_value(pair.permute(columns, DEALS)).max()
    clear = (interval.low > 0) | (interval.high < 0)
    return bool(clear.all() and p * claim.p_adjusted / claim.p <= LEVEL)
