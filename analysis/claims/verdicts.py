"""Each comparison of two outlets: its size, its uncertainty, its verdict.

The rules were written down before the verdicts were looked at; they stand in `verdict`, which
reads nothing but the row that it judges. This room sees sums per block and never a text.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.blocks import together
from analysis.claims import inference, publishers
from analysis.claims import pairs as pairing
from analysis.claims.measures import IN_TEXTS, of_everyone
from analysis.claims.pairs import FINE, LEVEL, SEED, Pair, Row, Sums, gather, plan
from analysis.claims.power import JOINT, MINIMUM, RATIO, smallest_difference
from analysis.claims.wording import statement
from analysis.definitions import BLOCKS, COLUMNS, FAMILIES

DEALS, RESAMPLES = 1999, 4999
RUNS = (2, 3)  # neighbouring paragraphs that are joined to one block, as specifications
NEAR = 0.05  # a p that the first deals put below is measured again with more
FURTHER = ["value", "other_value", "member", "tests", "level", "blocks", "smallest_p", "omnibus_p",
           "coders_agree", "reaches_minimum", "alpha", "alpha_low", "trusted", "counts",
           "sturdy", "joint_p", "smallest_detectable", "articles_needed", "lag1", "design",
           "publisher_rate", "size", "outlet_low", "outlet_high", "not_coded", "too_few"]


def screen(sums: Sums, rows: list[Row], outlet_of: np.ndarray) -> tuple[list[Pair], pd.DataFrame]:
    """First pass: size, p and its adjustment, for every pair and row.

    A p that the first deals put near or below the level is measured again with many more, on the
    blocks that carry this measure. The number of tests behind the adjustment is that of the
    comparisons that the texts allow, or that were made: codes that are missing never lower it.
    """
    pairs, facts = pairing.make_pairs(sums, outlet_of), []
    columns = np.concatenate([row.main for row in rows])
    starts = np.cumsum([0, *(len(row.main) for row in rows)])
    fine = max(FINE, int(2 * len(rows) * len(pairs) / LEVEL))
    for place, pair in enumerate(pairs):
        p = inference.p_value(pair.permute(columns, DEALS))
        effect = pair.effect(columns)
        for number, row in enumerate(rows):
            own = slice(starts[number], starts[number + 1])
            few = (pair.blocks(row.main) < BLOCKS or pair.smallest_p(row.main) > LEVEL
                   or pair.too_few(row))
            found = np.nan if few else p[own].max()
            if found <= NEAR:
                found = inference.p_value(pair.permute(row.main, fine)).max()
            facts.append((place, number, row.family, row.member, few, effect[own].mean(), found))
    table = pd.DataFrame(facts, columns=["pair", "row", "family", "member", "few", "effect", "p"])
    table["p_adjusted"], table["tests"] = np.nan, np.nan
    allowed = _allowed(sums, pairs)
    for family, own in table[table["member"]].groupby("family"):
        made = {(rows[row].measure, pair) for row, pair in
                own.loc[own["p"].notna(), ["row", "pair"]].itertuples(index=False)}
        tests = len(made | allowed.get(family, set()))
        table.loc[own.index, "p_adjusted"] = inference.holm(own["p"], tests)
        table.loc[own.index, "tests"] = tests
    table["omnibus_p"] = np.nan
    if sums.blocks["outlet"].nunique() > 3:
        number, _, strata = units_of(sums.blocks)
        first = np.unique(number, return_index=True)[1]
        least = sums.blocks.groupby("outlet")["article_id"].min().rank()  # no names, as in pairs
        inside = inference.omnibus(pairing.summed(sums.moments[:, columns], number),
                                   least[outlet_of[first]].to_numpy(), DEALS, SEED, strata)
        worst = np.array([inside[a:b].max() for a, b in zip(starts, starts[1:], strict=False)])
        table["omnibus_p"] = worst[table["row"]]
    return pairs, table


def _allowed(sums: Sums, pairs: list[Pair]) -> dict[str, set[tuple[str, int]]]:
    """Measure and pair of every comparison that the texts would allow, whoever codes, by family."""
    specs = sums.specs
    own = specs[(specs["instrument"] == IN_TEXTS) & (specs["scope"] == "article")
                & (specs["weight"] == "units")
                & (specs["voice"] == np.where(of_everyone(specs), "all", "author"))]
    found: dict[str, set[tuple[str, int]]] = {}
    for column, (family, measure) in zip(own.index, own[["family", "measure"]].to_numpy(),
                                         strict=True):
        for place, pair in enumerate(pairs):
            at = np.array([column])
            if pair.blocks(at) >= BLOCKS and pair.smallest_p(at) <= LEVEL:
                found.setdefault(family, set()).add((measure, place))
    return found


def _reaches(row: Row, one: np.ndarray, other: np.ndarray, sign: float) -> bool:
    """Whether the two outlets' values lie far enough apart under each coder."""
    if row.unit in MINIMUM:
        return bool((sign * (one - other) >= MINIMUM[row.unit]).all())
    large, small = (one, other) if sign > 0 else (other, one)
    return bool((large >= RATIO * small).all() and (large > 0).all())


def _examine(pair: Pair, row: Row, tests: float, power: bool = False,
             quick: bool = False) -> dict[str, Any]:
    """Second pass: interval, specification curve, single blocks, and what would have been seen."""
    first, second = pair.first[:, row.main], pair.second[:, row.main]
    effects = pair.effect(row.main)
    effect = effects.mean()
    sign = np.sign(effect)
    facts = {"effect": effect, "blocks": pair.blocks(row.main),
             "reaches_minimum": _reaches(row, *pair.values[:, row.main], sign)}
    if quick and not facts["reaches_minimum"]:
        return facts
    interval = pair.interval(row.main, RESAMPLES)
    without = inference.leave_one_out(first, second) * sign
    low, high = interval.low.min(), interval.high.max()
    facts |= {"low": low, "high": high, "size": _size(row, pair, low, high),
              "sturdy": bool((without >= np.abs(effects) / 2).all())}
    curve = curve_of(pair, row.specs)
    runs = [pair, *_runs(pair, row)]
    curves = [curve, *(curve_of(run, row.specs) for run in runs[1:])]
    # Where units are counted alike the size of blocks moves no effect: these stand once.
    half = pair.first.shape[1] // 2
    found = np.concatenate([run.effect(own[own >= half] if place else own)
                            for place, (run, own) in enumerate(zip(runs, curves, strict=True))])
    facts |= {"specifications": len(found), "same_direction": int((found * sign > 0).sum()),
              "coders_agree": bool((pair.effect(row.counting) * sign > 0).all()),
              "joint_p": max(inference.joint_p(run.permute(own, DEALS))
                             for run, own in zip(runs, curves, strict=True))}
    return facts if quick else facts | _outlook(pair, row, curve, tests, power, interval)


def _runs(pair: Pair, row: Row) -> list[Pair]:
    """The same texts with two and three neighbouring paragraphs as one block.

    Neighbours may be alike, which blocks of one paragraph take for as much evidence. Four runs
    a side are needed: with fewer no shuffle could reach `JOINT`.
    """
    joined = [pair.joined(length) for length in RUNS] if pair.design == "texts" else []
    return [run for run in joined if run.blocks(row.main) >= BLOCKS // 2]


def _size(row: Row, pair: Pair, low: float, high: float) -> str:
    """How an interval lies to zero and to the least difference that was declared to matter."""
    least = MINIMUM.get(row.unit, (RATIO - 1) * float(pair.values[:, row.main].min()))
    if low >= least or high <= -least:
        return "larger than the minimum"
    if -least < low and high < least:
        return "small or zero" if low <= 0 <= high else "not zero but small"
    return "undecided"


def curve_of(pair: Pair, specs: np.ndarray) -> np.ndarray:
    """Specifications that exist on both sides, each once however many ways lead to it."""
    sums = [side[:, specs].sum(0) for side in (pair.first, pair.second)]
    there = np.all([side[:, 0] > 0 for side in sums], axis=0)
    specs = specs[there]
    blocks = np.concatenate([pair.first[:, specs, 1:3], pair.second[:, specs, 1:3]])
    return specs[np.sort(np.unique(blocks, axis=1, return_index=True)[1])]


def _outlook(pair: Pair, row: Row, curve: np.ndarray, tests: float, power: bool,
             interval: inference.Interval) -> dict[str, Any]:
    """What this comparison could have shown, and what showing its effect would take."""
    level = LEVEL / tests if tests > 0 else LEVEL
    spread = publishers.alike(row.family, row.measure)["spread"] if pair.design == "texts" else 1.0
    size = 1 if pair.design == "texts" else min(len(pair.first), len(pair.second))
    variance = spread * size * pair.error(row.main).max() ** 2
    needs = max(BLOCKS, inference.articles_needed(pair.effect(row.main).mean(), variance, level))
    seen = smallest_difference(pair, row, curve, tests) if power and row.member else np.nan
    # An outlet's next article: as far again as one publisher's articles lie apart.
    reach = float(np.sqrt(spread) * (interval.high - interval.low).max() / 2) \
        if pair.design == "texts" else np.nan
    effect = pair.effect(row.main).mean()
    return {"smallest_detectable": seen, "articles_needed": needs,
            "outlet_low": effect - reach, "outlet_high": effect + reach,
            "lag1": _lag1(pair, row.main[0]) if pair.design == "texts" else np.nan}


def _lag1(pair: Pair, column: int) -> float:
    """Mean of the two texts' correlations of neighbouring blocks."""
    found = [inference.lag1(side[:, column, 1], side[:, column, 2])
             for side in (pair.first, pair.second)]
    return float(np.nanmean(found)) if np.isfinite(found).any() else np.nan


def verdict(row: Any) -> str:
    """The verdict that a row of claims earns.

    Parameters
    ----------
    row : mapping or Series
        ``blocks`` (fewest a side), ``too_few`` (sentences for an instrument, where that is
        known), ``smallest_p``, ``level``, ``member`` (of a family, inside
        Holm), ``p_adjusted``, ``omnibus_p`` (missing for up to three outlets), ``low``,
        ``high``, ``reaches_minimum``, ``trusted`` (codes whose alpha's lower bound is high
        enough, or a plain count), ``specifications``, ``same_direction``, ``joint_p``,
        ``sturdy`` (no single block halves the effect or turns it), ``counts`` (codes, or
        trusted), ``coders_agree``.

    Returns
    -------
    {"supported", "direction_only", "not_supported", "not_testable"}
    """
    if row["blocks"] < BLOCKS or row.get("too_few") or row["smallest_p"] > row["level"]:
        return "not_testable"
    significant = row["p_adjusted"] <= row["level"] and not row["omnibus_p"] > row["level"]
    clear = (row["low"] > 0 or row["high"] < 0) and row["reaches_minimum"]
    steady = row["same_direction"] == row["specifications"] and row["joint_p"] <= JOINT
    if all((row["member"], significant, clear, row["trusted"], steady, row["sturdy"])):
        return "supported"
    if row["counts"] and row["coders_agree"] and row["joint_p"] <= JOINT:
        return "direction_only"
    return "not_supported"


def compare(blocks: pd.DataFrame, agreement: pd.DataFrame, power: bool = True,
            coded: pd.DataFrame | None = None,
            sampled: dict[str, str] | None = None) -> pd.DataFrame:
    """Every pair of outlets in every measure, with verdict and statement, without evidence.

    Parameters
    ----------
    blocks : DataFrame
        As made by ``measures.block_sums``.
    agreement : DataFrame
        family, measure, instrument, alpha, low, high; instruments that are missing are unchecked.
    power : bool
        Whether to find the smallest difference that each comparison could have shown, which takes
        most of the time; else that column is empty, and statements leave it out.

    coded : DataFrame, optional
        family, outlet, coders: how many coders read something of an outlet, for each family, where
        there are codes. An outlet that fewer than two read bears no agreement, so that codes of it
        support nothing.
    sampled : dict, optional
        By family in words the random sample that corrects it.

    Notes
    -----
    With several coders ``effect`` is their mean, ``p`` the largest and the interval the widest
    of theirs, so that what holds for the row holds under each coder.
    """
    names = [*COLUMNS["claims"], *FURTHER]
    if blocks["outlet"].nunique() < 2:
        return pd.DataFrame(columns=names)
    sums = gather(blocks)
    rows = plan(sums, agreement)
    if not rows:
        return pd.DataFrame(columns=names)
    pairs, screened = screen(sums, rows, sums.blocks["outlet"].to_numpy())
    made = []
    for fact in screened.sort_values(["row", "pair"], kind="stable").itertuples():
        pair, row = pairs[fact.pair], rows[fact.row]
        values = pair.values[:, row.main].mean(axis=1)
        claim = {"family": row.family, "measure": row.measure, "instrument": row.instrument,
                 "voice": "all" if row.everyone else "author",
                 "outlet": pair.outlet, "other_outlet": pair.other, "unit": row.unit,
                 "value": values[0], "other_value": values[1], "p": fact.p,
                 "p_adjusted": fact.p_adjusted, "tests": fact.tests,
                 "omnibus_p": fact.omnibus_p, "level": LEVEL,
                 "member": row.member, "alpha": row.alpha, "alpha_low": row.alpha_low,
                 "trusted": row.trusted, "counts": row.counts, "design": pair.design,
                 "smallest_p": pair.smallest_p(row.main), "too_few": pair.too_few(row),
                 "low": np.nan, "high": np.nan,
                 "specifications": 0, "same_direction": 0, "joint_p": np.nan, "sturdy": False,
                 "coders_agree": False, "smallest_detectable": np.nan, "lag1": np.nan,
                 "articles_needed": np.nan, "reaches_minimum": False, "effect": fact.effect,
                 "publisher_rate": publishers.alike(row.family, row.measure)["same_publisher_01"]
                 if pair.design == "texts" else np.nan}
        claim |= ({"blocks": pair.blocks(row.main)} if fact.few
                  else _examine(pair, row, getattr(fact, "tests", np.nan), power))
        if coded is not None and row.instrument in ("codes", "corrected"):
            claim |= _held_by(coded, claim)
        if sampled and row.instrument == "corrected":
            claim["sampled"] = sampled[row.family]
        claim["verdict"] = verdict(claim)
        claim["statement"] = statement(claim)
        made.append(claim)
    table = pd.DataFrame(made)
    table.insert(0, "claim_id", [f"C{number:03d}" for number in range(1, len(table) + 1)])
    return table.reindex(columns=names)


def _held_by(coded: pd.DataFrame, claim: dict[str, Any]) -> dict[str, Any]:
    """Whether the codes of both outlets were checked, and which outlet nobody coded in full."""
    own = coded[coded["family"] == claim["family"]].set_index("outlet")
    names = [claim["outlet"], claim["other_outlet"]]
    checked = all(own["coders"].get(name, 0) > 1 for name in names)
    missing = [name for name in names if not own["whole"].get(name, False)]
    return {"trusted": claim["trusted"] and checked, "not_coded": "|".join(missing)}


def placebo(blocks: pd.DataFrame, agreement: pd.DataFrame, runs: int = 200, seed: int = 1,
            each: Callable[..., Iterable[set[str]]] = map) -> pd.DataFrame:
    """How often chance alone is called supported: blocks dealt at random, every verdict re-run.

    Paragraphs are dealt among the articles, or articles among the outlets (within the event that
    several outlets covered; an event that repeats within one outlet alone, as a whole), so that
    each keeps its number of blocks. ``each`` applies a function to every deal, as `map` does, or
    an executor's.

    Returns
    -------
    DataFrame
        family, runs, supported (runs with any supported claim), rate, low, high (Wilson).
    """
    sums = gather(blocks)
    rows = [row for row in plan(sums, agreement) if row.member]
    hits = dict.fromkeys(FAMILIES, 0)
    rng, several = np.random.default_rng(seed), sums.blocks["outlet"].nunique() > 1
    dealt = [deal_outlets(sums.blocks, rng) for _ in range(runs if rows and several else 0)]
    for found in each(functools.partial(_families, sums, rows), dealt):
        for family in found:
            hits[family] += 1
    table = pd.DataFrame({"family": list(hits), "runs": runs, "supported": list(hits.values())})
    bounds = [inference.wilson(count, runs) for count in table["supported"]]
    return table.assign(rate=table["supported"] / max(runs, 1), low=[low for low, _ in bounds],
                        high=[high for _, high in bounds])


def _families(sums: Sums, rows: list[Row], outlet_of: np.ndarray) -> set[str]:
    return set(supported(sums, rows, outlet_of).values())


def units_of(blocks: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What changes outlets when all are shuffled at once.

    Returns
    -------
    tuple
        The number of each row's unit (a paragraph of outlets with one article each, else an
        article, or an event that repeats within its outlet); by unit its outlet; by unit the
        stratum within which it is shuffled.
    """
    found = together(blocks[~blocks["alone"]])
    unit = blocks["article_id"].map(found["unit"]).where(
        ~blocks["alone"], pd.Series(np.arange(len(blocks)).astype(str), blocks.index))
    number, _ = pd.factorize(pd.MultiIndex.from_arrays([blocks["outlet"], unit]))
    first = blocks.iloc[np.unique(number, return_index=True)[1]]
    stratum = found["stratum"].reindex(first["article_id"], fill_value="\0")  # alone: by themselves
    return number, first["outlet"].to_numpy(), pd.factorize(stratum)[0]


def deal_outlets(blocks: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Outlets of the blocks after a random deal; each outlet keeps its number of units."""
    number, outlets, strata = units_of(blocks)
    return outlets[inference.shuffled(strata, rng)][number]


def supported(sums: Sums, rows: list[Row], outlet_of: np.ndarray) -> dict[tuple[Any, ...], str]:
    """Family of each supported claim, by outlets and measure.

    The verdict of `compare`, but what fails an early condition is not examined further.
    """
    pairs, screened = screen(sums, rows, outlet_of)
    found = {}
    for fact in screened[screened["p_adjusted"] <= LEVEL].itertuples():
        pair, row = pairs[fact.pair], rows[fact.row]
        facts = _examine(pair, row, np.nan, quick=True) if row.trusted else {}
        if "joint_p" in facts and verdict({
                "smallest_p": 0, "level": LEVEL, "member": True, "p_adjusted": fact.p_adjusted,
                "omnibus_p": fact.omnibus_p, "trusted": True, "counts": True, **facts},
        ) == "supported":
            found[pair.outlet, pair.other, row.measure] = row.family
    return found
