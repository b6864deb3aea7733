"""Compare outlets: a column of your own with `difference`, everything declared with `claims`.

Pure functions of the tables that they are given: they reach no file, and remember nothing.
"""

import functools
import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.blocks import independent
from analysis.claims import inference, measures, pairs, verdicts
from analysis.claims.evidence import add_evidence, add_mentions
from analysis.claims.tipping import add_tipping
from analysis.codes.reliability import COLUMNS as _AGREEMENT
from analysis.codes.reliability import measure_reliability
from analysis.definitions import BLOCKS, template

__all__ = ["agreement", "changed", "claims", "difference", "placebo"]


def __dir__() -> list[str]:
    return __all__


_KEYS = ["family", "measure", "instrument", "outlet", "other_outlet"]
_SHOWN = ["effect", "low", "high", "p_adjusted", "verdict"]
_UNITS = {"texts": "paragraphs", "articles": "articles", "events": "shared events",
          "within": "articles on shared events", "clusters": "events an outlet"}
_LEVEL, _RUNS = 0.05, 9999


def claims(t: Any, power: bool = False) -> pd.DataFrame:
    """Judge every declared comparison of two outlets, from the tables as they stand.

    Parameters
    ----------
    t : holder of tables
        As `analysis.load` returns it, with whatever was changed since. Base columns are read
        (speaker, voice, sentiment.polarity, targets.polarity, roles); side and score are derived
        from them. A row whose article or paragraph no longer stands in its table is not counted.
    power : bool
        Whether to find the smallest difference that each comparison could have shown, and how many
        codes would undo each supported claim, which takes most of the time; else
        `smallest_detectable` is empty, statements leave it out, and there is no `tipping_…`.

    Returns
    -------
    DataFrame
        The table `claims` of data/README.md, a row a measure, instrument and pair of outlets.
        A positive effect: more (or friendlier) in `outlet` than in `other_outlet`.

    Warns
    -----
    UserWarning
        Where a derived column (side) says something else than what it is derived from.
    """
    counted = measures.count(t)
    return _judged(counted, agreement(t, counted), t.frames, power)


def claims_of_parts(parts: Iterable[Any], articles: pd.DataFrame,
                    power: bool = False) -> pd.DataFrame:
    """`claims` of a corpus that nobody coded, from parts of it, each held while it is counted.

    Parameters
    ----------
    parts : iterable of holders of tables
        Of some articles each, as `load(path, articles=…)` returns them.
    articles : DataFrame
        The table `articles` of all of them together.
    """
    counted = measures.count_parts(parts, independent(articles))
    return _judged(counted, pd.DataFrame(columns=_AGREEMENT), pd.DataFrame(), power)


def _judged(counted: measures.Counted, agreed: pd.DataFrame, frames: pd.DataFrame,
            power: bool) -> pd.DataFrame:
    table = verdicts.compare(counted.blocks, agreed, power, _coded(counted), _sampled(counted))
    if table.empty:
        return table.assign(mentions=pd.Series(dtype="str"))
    outlet_of = counted.articles.set_index("article_id")["outlet"]
    table = add_evidence(table, counted.units, outlet_of, counted.sentences, frames)
    table = add_mentions(table, counted.units, outlet_of)
    return add_tipping(table, counted.units, counted.articles) if power else table


def agreement(t: Any, counted: measures.Counted | None = None) -> pd.DataFrame:
    """Agreement of the coders, and of each instrument with them, by measure.

    Returns
    -------
    DataFrame
        family, measure, instrument, kinds (person: reliability; model: consistency of its passes;
        model against person: validity), who, alpha (1 for perfect agreement, 0 for that of
        chance), low, high, units, coders. Never pooled over kinds. Of an instrument it is alpha
        with the coder with whom it agrees least. Empty without codes.
    """
    counted = counted or measures.count(t)
    coverage = counted.coverage
    if coverage.read.empty:
        return pd.DataFrame(columns=_AGREEMENT)
    return measure_reliability(counted.coded, counted.words, counted.given, coverage.read,
                               coverage.kinds, coverage.deciding)


def _coded(counted: measures.Counted) -> pd.DataFrame:
    """By family and outlet: how many coders read some of it, and whether it was read whole."""
    outlets = counted.articles.set_index("article_id")["outlet"]
    read, whole = counted.coverage.read, counted.coverage.complete
    table = read.assign(outlet=read["article_id"].map(outlets)).groupby(
        ["family", "outlet"])["coder"].nunique().rename("coders").reset_index()
    missing = {(family, outlets[article]) for family in table["family"].unique()
               for article in outlets.index if (family, article) not in whole}
    return table.assign(whole=[key not in missing for key in
                               zip(table["family"], table["outlet"], strict=True)])


def _sampled(counted: measures.Counted) -> dict[str, str]:
    """By family, the random sample that corrects it: how many units, read by whom."""
    read, found = counted.coverage.read, {}
    for family, name in counted.coverage.samples.items():
        rows = read[(read["family"] == family) & (read["coder"] == name)]
        units = len(rows[["article_id", "start", "end"]].drop_duplicates())
        found[family] = (f"{units} units drawn at random and read by coder {name} "
                         f"({counted.coverage.kinds.get(name, 'unstated')})")
    return found


def placebo(t: Any, runs: int = 200, seed: int = 1, workers: int = 1) -> pd.DataFrame:
    """How often chance alone is called supported, by family; see `claims.verdicts.placebo`.

    With ``workers`` above 1 the runs are shared out among so many processes; the result is the
    same.
    """
    counted = measures.count(t)
    if workers == 1:
        return verdicts.placebo(counted.blocks, agreement(t, counted), runs, seed)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        each = functools.partial(pool.map, chunksize=-(-runs // workers))
        return verdicts.placebo(counted.blocks, agreement(t, counted), runs, seed, each)


def changed(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Which claims differ between two tables of claims.

    Returns
    -------
    DataFrame
        A row a claim that differs or stands in one table only: family, measure, instrument,
        outlet, other_outlet, and effect, low, high, p_adjusted and verdict in each (`_one`,
        `_other`; missing where the claim does not stand).
    """
    both = one[_KEYS + _SHOWN].merge(other[_KEYS + _SHOWN], on=_KEYS, how="outer", sort=False,
                                     suffixes=("_one", "_other"))
    same = np.ones(len(both), bool)
    for name in _SHOWN:
        left, right = both[f"{name}_one"], both[f"{name}_other"]
        same &= ((left == right) | (left.isna() & right.isna())).to_numpy()
    names = [f"{name}_{which}" for name in _SHOWN for which in ("one", "other")]
    return both.loc[~same, _KEYS + names].reset_index(drop=True)


def difference(table: pd.DataFrame, value: str, weight: str | None = None) -> pd.DataFrame:
    """Difference between each two outlets in a column of your own, by the engine of `claims`.

    The measure is the mean of `value`, weighted by `weight`, over an outlet's rows. Blocks are
    paragraphs where each outlet has one article, else articles, or events that both covered.

    Parameters
    ----------
    table : DataFrame
        With outlet, article_id and paragraph (as `load` gives them), and event if there are any.
        Rows of several readings (column `by`) are computed apart, then averaged: the effect is
        their mean, p the largest, the interval the widest.
    value, weight : str
        Columns of numbers, or of true and false; without `weight` each row counts alike. Rows
        without a value are left out.

    Returns
    -------
    DataFrame
        A row a pair of outlets: outlet, other_outlet, value, other_value, effect (positive: more
        in `outlet`), low, high (95 %), p (of this one comparison, not corrected for others),
        blocks (fewest a side that hold a row, or those of both sides together whose value is not
        zero, if fewer), unit (paragraphs, articles, shared events), by, text: what was compared,
        or why nothing was tested.

    Raises
    ------
    KeyError
        If the table lacks a column that is asked for; the message names it.
    """
    wanted = ["outlet", "article_id", "paragraph", value, *([weight] if weight else [])]
    if missing := [name for name in wanted if name not in table]:
        raise KeyError(f"the table has no column {missing[0]!r}; it has {', '.join(table.columns)}")
    sums = pairs.gather(_sums(table, value, weight))
    columns = np.flatnonzero(sums.specs["weight"] == "units")
    readings = [name for name in sums.specs["instrument"].iloc[columns] if name]
    outlets = list(dict.fromkeys(sums.blocks["outlet"]))
    given = table["outlet"].dtype
    if isinstance(given, pd.CategoricalDtype):
        outlets = [name for name in given.categories if name in set(outlets)]
    made = pairs.make_pairs(sums, sums.blocks["outlet"].to_numpy())
    found = {frozenset((pair.outlet, pair.other)): pair for pair in made}
    rows = [_compared(found[frozenset(names)], names, columns, readings, value)
            for names in combinations(outlets, 2)]
    return pd.DataFrame(rows, columns=["outlet", "other_outlet", "value", "other_value", "effect",
                                       "low", "high", "p", "blocks", "unit", "by", "text"])


def _sums(table: pd.DataFrame, value: str, weight: str | None) -> pd.DataFrame:
    """Sums per block of one column, as the engine takes them."""
    rows = pd.DataFrame({
        "article_id": table["article_id"].astype("str"), "outlet": table["outlet"].astype("str"),
        "event": table["event"].fillna("").astype("str") if "event" in table else "",
        "block": table["paragraph"], "instrument": table.get("by", ""),
        "value": table[value].astype(float), "weight": table[weight].astype(float) if weight
        else 1.0}).astype({"instrument": "str"})
    counted = table["block"].notna() if "block" in table else True  # near-duplicates count once
    rows = rows[counted & rows["value"].notna() & rows["weight"].notna() & rows["block"].notna()]
    rows["value"] *= rows["weight"]
    keys = ["article_id", "outlet", "event", "block", "instrument"]
    sums = rows.groupby(keys, sort=False)[["value", "weight"]].sum().reset_index()
    return sums.rename(columns={"value": "numerator", "weight": "denominator"}).assign(
        family="", measure=value, coder="", voice="", scope="", unit="")


def _compared(pair: pairs.Pair, names: tuple[str, str], columns: np.ndarray, readings: list[str],
              value: str) -> dict[str, object]:
    """One pair of outlets as a row, in the order in which they were asked for."""
    one, other = names
    sign = 1.0 if pair.outlet == one else -1.0
    first, second = pair.values[:, columns].mean(axis=1)[::int(sign)]
    row: dict[str, object] = {
        "outlet": one, "other_outlet": other, "value": first, "other_value": second,
        "effect": sign * pair.effect(columns).mean(), "low": np.nan, "high": np.nan, "p": np.nan,
        "blocks": pair.blocks(columns), "unit": _UNITS[pair.design], "by": "|".join(readings)}
    held, shown = pair.carrying(columns)
    tested = min(held, shown) >= BLOCKS and pair.smallest_p(columns) <= _LEVEL
    if tested:
        interval = pair.interval(columns, _RUNS)
        low, high = interval.low.min(), interval.high.max()
        row |= {"low": min(sign * low, sign * high), "high": max(sign * low, sign * high),
                "p": inference.p_value(pair.permute(columns, _RUNS)).max()}
    return row | {"text": template(__file__, "difference.j2").render(
        row, column=value, held=held, shown=shown, least=BLOCKS, level=_LEVEL, tested=tested,
        readings=len(readings), matched=pair.design == "events").strip()}
