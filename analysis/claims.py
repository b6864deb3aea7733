"""Each comparison of two outlets: its size, its uncertainty, its verdict.

The rules were written down before the verdicts were looked at; they stand in `verdict`, which
reads nothing but the row that it judges. This room sees sums per block and never a text.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import inference, measures, reliability
from analysis.measures import FAMILIES, PLAIN, PRIMARY, SOURCING
from analysis.tables import COLUMNS
from analysis.wording import statement

LEVEL = 0.05 / len(FAMILIES)  # of each family; Holm within
JOINT = 0.05  # of a specification curve
BLOCKS = 8  # a side, that carry the measure
RELIABLE = 0.667  # lower bound of alpha
MINIMUM = {"share": 0.15, "polarity": 0.30, "per 1,000 words": 0.0}
RATIO = 2.0  # minimum of a rate, as a ratio
POWER = 0.80
DEALS, JOINT_DEALS, RESAMPLES, SEED = 9999, 1999, 4999, 20
FURTHER = ["value", "other_value", "member", "level", "blocks", "smallest_p", "omnibus_p",
           "coders_agree", "reaches_minimum", "alpha", "alpha_low", "trusted", "counts",
           "sturdy", "joint_p", "smallest_detectable", "articles_needed", "lag1", "design",
           "publisher_rate"]
_SPEC = ["family", "measure", "instrument", "coder", "voice", "scope", "unit"]


class Sums(NamedTuple):
    """Every block (rows) in every specification of every measure (columns)."""

    moments: np.ndarray  # (blocks, specifications, 6)
    blocks: pd.DataFrame  # article_id, outlet, event
    specs: pd.DataFrame  # _SPEC and weight: units, or blocks counted alike


class Row(NamedTuple):
    """One measure by one instrument: columns of each coder's main specification, and of all."""

    family: str
    measure: str
    instrument: str
    unit: str
    member: bool
    main: np.ndarray
    specs: np.ndarray
    counting: np.ndarray  # main columns of every coder and instrument that counts
    alpha: float
    alpha_low: float
    trusted: bool
    counts: bool


def gather(blocks: pd.DataFrame) -> Sums:
    """Spread the sums per block; where an outlet has several articles, articles are the blocks."""
    outlets = blocks.drop_duplicates("article_id")["outlet"]
    keys = ["article_id"] if outlets.duplicated().any() else ["article_id", "block"]
    row, rows = pd.factorize(pd.MultiIndex.from_frame(blocks[keys]), sort=False)
    column, columns = pd.factorize(pd.MultiIndex.from_frame(blocks[_SPEC]), sort=False)
    y, x = np.zeros((2, len(rows), len(columns)))
    np.add.at(y, (row, column), blocks["numerator"])
    np.add.at(x, (row, column), blocks["denominator"])
    specs = pd.DataFrame(list(columns), columns=_SPEC)
    places = blocks.iloc[np.unique(row, return_index=True)[1]]
    order = np.lexsort((places["block"], pd.factorize(places["article_id"])[0]))
    places = places[["article_id", "outlet", "event"]]
    alike = np.divide(y, x, out=np.zeros_like(y), where=x != 0)
    moments = np.concatenate([inference.moments(y, x), inference.moments(alike, x != 0)], axis=1)
    return Sums(moments[order], places.iloc[order].reset_index(drop=True), pd.concat(
        [specs.assign(weight="units"), specs.assign(weight="blocks")], ignore_index=True))


def plan(sums: Sums, agreement: pd.DataFrame) -> list[Row]:
    """What is compared: members of the families first, other instruments' rows after them."""
    specs, found = sums.specs, []
    main = ((specs["scope"] == "article") & (specs["weight"] == "units")
            & (specs["voice"] == np.where(specs["family"] == SOURCING, "all", "author")))
    coded = set(specs.loc[specs["instrument"].isin(["codes", "corrected"]), "family"])
    occurs = np.abs(sums.moments[..., 1]).sum(0) > 0
    known = agreement.set_index(["family", "measure", "instrument"])
    for (family, measure), rows in specs.groupby(["family", "measure"], sort=False):
        names = list(dict.fromkeys(rows["instrument"]))
        trust = {name: _reliability(known, (family, measure, name)) for name in names}
        passing = {name for name in names if name == PLAIN or (
            family in coded and trust[name][1] >= RELIABLE)}
        counting = [name for name in names if name in passing or name in ("codes", "corrected")]
        for name in names:
            own = rows["instrument"] == name
            columns = rows.index[own & main[rows.index]].to_numpy()
            if not len(columns) or not occurs[columns].any():
                continue
            member = name in ("codes", "corrected", PLAIN) or (
                family not in coded and name == PRIMARY[family])
            among = rows["instrument"].isin(counting) if name in counting else own
            found.append(Row(
                family, measure, name, rows["unit"].iloc[0], member, columns,
                rows.index[among].to_numpy(), rows.index[among & main[rows.index]].to_numpy(),
                *trust[name], name in passing, name in counting))
    rank = {family: place for place, family in enumerate(FAMILIES)}
    return sorted(found, key=lambda row: (not row.member, rank[row.family]))


def _reliability(known: pd.DataFrame, key: tuple[str, str, str]) -> tuple[float, float]:
    if key[2] == "corrected":  # as reliable as the codes that correct
        key = (*key[:2], "codes")
    if key not in known.index:
        return np.nan, np.nan
    return float(known.loc[key, "alpha"]), float(known.loc[key, "low"])


class Pair(NamedTuple):
    """Two outlets' blocks, or their matched events against zero."""

    outlet: str
    other: str
    design: str  # texts, articles or events
    first: np.ndarray
    second: np.ndarray

    def permute(self, columns: np.ndarray, runs: int) -> inference.Deals:
        first = self.first[:, columns]
        if self.design == "events":
            with np.errstate(invalid="ignore"):
                matched = np.where(first[..., 0] > 0, first[..., 1], np.nan)
            return inference.flip_signs(matched, runs, SEED)
        return inference.permute(first, self.second[:, columns], runs, SEED)

    def blocks(self, columns: np.ndarray) -> int:
        return int(min(side[:, columns, 0].sum(0).min() for side in (self.first, self.second)))

    def smallest_p(self, columns: np.ndarray) -> float:
        if self.design == "events":
            return inference.smallest_flip_p(self.blocks(columns), DEALS)
        return max(inference.smallest_p(*(int(side[:, c, 0].sum())
                                          for side in (self.first, self.second)), DEALS)
                   for c in columns)


def _pairs(sums: Sums, outlet_of: np.ndarray) -> list[Pair]:
    outlets, events = list(dict.fromkeys(sums.blocks["outlet"])), sums.blocks["event"].to_numpy()
    several = not sums.blocks["article_id"].duplicated().any()
    made = []
    for one, other in combinations(outlets, 2):
        a, b = outlet_of == one, outlet_of == other
        shared = sorted({*events[a]} & {*events[b]} - {""}) if several else []
        if len(shared) < BLOCKS or inference.smallest_flip_p(len(shared)) > LEVEL:
            made.append(Pair(one, other, "articles" if several else "texts",
                             sums.moments[a], sums.moments[b]))
            continue
        ratios = []
        for side in (a, b):
            summed = np.stack([sums.moments[side & (events == event)].sum(0) for event in shared])
            ratios.append(np.divide(summed[..., 1], summed[..., 2], where=summed[..., 2] != 0,
                                    out=np.full(summed.shape[:2], np.nan)))
        d = ratios[0] - ratios[1]
        made.append(Pair(one, other, "events",
                         inference.moments(np.nan_to_num(d), np.isfinite(d)),
                         inference.moments(np.zeros_like(d), np.isfinite(d))))
    return made


def _screen(sums: Sums, rows: list[Row], outlet_of: np.ndarray) -> tuple[list[Pair], pd.DataFrame]:
    """First pass: size, p and its adjustment, for every pair and row."""
    pairs, facts = _pairs(sums, outlet_of), []
    columns = np.concatenate([row.main for row in rows])
    starts = np.cumsum([0, *(len(row.main) for row in rows)])
    for place, pair in enumerate(pairs):
        p = inference.p_value(pair.permute(columns, DEALS))
        effect, _ = inference.difference(pair.first[:, columns].sum(0),
                                         pair.second[:, columns].sum(0))
        for number, row in enumerate(rows):
            own = slice(starts[number], starts[number + 1])
            few = pair.blocks(row.main) < BLOCKS or pair.smallest_p(row.main) > LEVEL
            facts.append((place, number, row.family, row.member, few, effect[own].mean(),
                          np.nan if few else p[own].max()))
    table = pd.DataFrame(facts, columns=["pair", "row", "family", "member", "few", "effect", "p"])
    table["p_adjusted"] = np.nan
    for _, own in table[table["member"]].groupby("family"):
        table.loc[own.index, "p_adjusted"] = inference.holm(own["p"])
        table.loc[own.index, "tests"] = own["p"].notna().sum()
    table["omnibus_p"] = np.nan
    if sums.blocks["outlet"].nunique() > 3:
        inside = inference.omnibus(sums.moments[:, columns], outlet_of, JOINT_DEALS, SEED)
        worst = np.array([inside[a:b].max() for a, b in zip(starts, starts[1:], strict=False)])
        table["omnibus_p"] = worst[table["row"]]
    return pairs, table


def _reaches(row: Row, first: np.ndarray, second: np.ndarray, sign: float) -> bool:
    """Whether the effect reaches its minimum under each coder."""
    with np.errstate(invalid="ignore", divide="ignore"):
        one, other = first[:, 1] / first[:, 2], second[:, 1] / second[:, 2]
    if row.unit in ("share", "polarity"):
        return bool((sign * (one - other) >= MINIMUM[row.unit]).all())
    large, small = (one, other) if sign > 0 else (other, one)
    return bool((large >= RATIO * small).all() and (large > 0).all())


def _examine(pair: Pair, row: Row, tests: float, quick: bool = False) -> dict:
    """Second pass: interval, specification curve, single blocks, and what would have been seen."""
    first, second = pair.first[:, row.main], pair.second[:, row.main]
    sides = first.sum(0), second.sum(0)
    effects, _ = inference.difference(*sides)
    effect = effects.mean()
    sign = np.sign(effect)
    facts = {"effect": effect, "blocks": pair.blocks(row.main),
             "reaches_minimum": _reaches(row, *sides, sign)}
    if quick and not facts["reaches_minimum"]:
        return facts
    interval = inference.bootstrap_t(first, second, RESAMPLES, seed=SEED)
    without = inference.leave_one_out(first, second) * sign
    facts |= {"low": interval.low.min(), "high": interval.high.max(),
              "sturdy": bool((without >= np.abs(effects) / 2).all())}
    curve = _curve(pair, row.specs)
    all_effects, _ = inference.difference(pair.first[:, curve].sum(0), pair.second[:, curve].sum(0))
    main_effects, _ = inference.difference(pair.first[:, row.counting].sum(0),
                                           pair.second[:, row.counting].sum(0))
    deals = pair.permute(curve, JOINT_DEALS)
    facts |= {"specifications": len(curve), "same_direction": int((all_effects * sign > 0).sum()),
              "coders_agree": bool((main_effects * sign > 0).all()),
              "joint_p": inference.joint_p(deals)}
    if not quick:
        facts |= _power(pair, row, curve, deals, tests)
    return facts


def _curve(pair: Pair, specs: np.ndarray) -> np.ndarray:
    """Specifications that exist on both sides, each once however many ways lead to it."""
    sums = [side[:, specs].sum(0) for side in (pair.first, pair.second)]
    there = np.all([side[:, 0] > 0 for side in sums], axis=0)
    specs = specs[there]
    blocks = np.concatenate([pair.first[:, specs, 1:3], pair.second[:, specs, 1:3]])
    return specs[np.sort(np.unique(blocks, axis=1, return_index=True)[1])]


def _power(pair: Pair, row: Row, curve: np.ndarray, joint: inference.Deals, tests: float) -> dict:
    """Smallest difference that would be called supported with power .80, and articles needed.

    In each deal of the blocks there is no difference. The shift of one outlet that makes it pass
    every condition of `verdict` is the largest of the shifts that each condition asks for.
    """
    level = LEVEL / max(tests, 1) if tests == tests else LEVEL
    deals = pair.permute(row.main, JOINT_DEALS)
    critical = np.quantile(np.abs(deals.dealt), 1 - level, axis=0, method="higher")
    if level * len(deals.dealt) < 5:  # too few deals for that tail
        critical = np.maximum(critical, np.quantile(
            np.abs(pair.permute(row.main, DEALS).dealt), 1 - level, axis=0, method="higher"))
    needed = [inference.needed_shift(deals, critical).max(1)]
    if row.unit in ("share", "polarity"):
        needed.append((MINIMUM[row.unit] - deals.effect).max(1))
    else:
        total = pair.first[:, row.main].sum(0) + pair.second[:, row.main].sum(0)
        needed.append(((RATIO - 1) * total[:, 1] / total[:, 2] - deals.effect).max(1))
    needed.append((-joint.effect).max(1))
    middle = np.quantile(np.abs(np.median(joint.dealt, axis=1)), 1 - JOINT)
    needed.append(np.median(inference.needed_shift(joint, middle), axis=1))
    shift = np.nan_to_num(np.max(needed, axis=0), nan=np.inf)
    effects, errors = inference.difference(pair.first[:, row.main].sum(0),
                                           pair.second[:, row.main].sum(0))
    spread = reliability.spread_of_articles(row.family) if pair.design == "texts" else 1.0
    size = 1 if pair.design == "texts" else min(len(pair.first), len(pair.second))
    needs = inference.articles_needed(effects.mean(), spread * size * errors.max() ** 2, level)
    return {"smallest_detectable": float(np.quantile(shift, POWER)), "articles_needed": needs,
            "lag1": _lag1(pair, row.main[0]) if pair.design == "texts" else np.nan}


def _lag1(pair: Pair, column: int) -> float:
    """Mean of the two texts' correlations of neighbouring blocks."""
    found = [inference.lag1(side[:, column, 1], side[:, column, 2])
             for side in (pair.first, pair.second)]
    return float(np.nanmean(found)) if np.isfinite(found).any() else np.nan


def verdict(row) -> str:
    """The verdict that a row of claims earns.

    Parameters
    ----------
    row : mapping or Series
        ``blocks`` (fewest a side), ``smallest_p``, ``level``, ``member`` (of a family, inside
        Holm), ``p_adjusted``, ``omnibus_p`` (missing for up to three outlets), ``low``,
        ``high``, ``reaches_minimum``, ``trusted`` (codes whose alpha's lower bound is high
        enough, or a plain count), ``specifications``, ``same_direction``, ``joint_p``,
        ``sturdy`` (no single block halves the effect or turns it), ``counts`` (codes, or
        trusted), ``coders_agree``.

    Returns
    -------
    {"supported", "direction_only", "not_supported", "not_testable"}
    """
    if row["blocks"] < BLOCKS or row["smallest_p"] > row["level"]:
        return "not_testable"
    significant = row["p_adjusted"] <= row["level"] and not row["omnibus_p"] > row["level"]
    clear = (row["low"] > 0 or row["high"] < 0) and row["reaches_minimum"]
    steady = row["same_direction"] == row["specifications"] and row["joint_p"] <= JOINT
    if all((row["member"], significant, clear, row["trusted"], steady, row["sturdy"])):
        return "supported"
    if row["counts"] and row["coders_agree"] and row["joint_p"] <= JOINT:
        return "direction_only"
    return "not_supported"


def compare(blocks: pd.DataFrame, agreement: pd.DataFrame) -> pd.DataFrame:
    """Every pair of outlets in every measure, with verdict and statement, without evidence.

    Parameters
    ----------
    blocks : DataFrame
        As made by ``measures.block_sums``.
    agreement : DataFrame
        family, measure, instrument, alpha, low, high; instruments that are missing are unchecked.

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
    pairs, screened = _screen(sums, rows, sums.blocks["outlet"].to_numpy())
    made = []
    for fact in screened.sort_values(["row", "pair"], kind="stable").itertuples():
        pair, row = pairs[fact.pair], rows[fact.row]
        values = [side[:, row.main].sum(0) for side in (pair.first, pair.second)]
        with np.errstate(invalid="ignore", divide="ignore"):
            values = [float((side[:, 1] / side[:, 2]).mean()) for side in values]
        claim = {"family": row.family, "measure": row.measure, "instrument": row.instrument,
                 "voice": "all" if row.family == SOURCING else "author",
                 "outlet": pair.outlet, "other_outlet": pair.other, "unit": row.unit,
                 "value": values[0], "other_value": values[1], "p": fact.p,
                 "p_adjusted": fact.p_adjusted, "omnibus_p": fact.omnibus_p, "level": LEVEL,
                 "member": row.member, "alpha": row.alpha, "alpha_low": row.alpha_low,
                 "trusted": row.trusted, "counts": row.counts, "design": pair.design,
                 "smallest_p": pair.smallest_p(row.main), "low": np.nan, "high": np.nan,
                 "specifications": 0, "same_direction": 0, "joint_p": np.nan, "sturdy": False,
                 "coders_agree": False, "smallest_detectable": np.nan, "lag1": np.nan,
                 "articles_needed": np.nan, "reaches_minimum": False, "effect": fact.effect,
                 "publisher_rate": reliability.publisher_rate(row.family)
                 if pair.design == "texts" else np.nan}
        claim |= ({"blocks": pair.blocks(row.main)} if fact.few
                  else _examine(pair, row, getattr(fact, "tests", np.nan)))
        claim["verdict"] = verdict(claim)
        claim["statement"] = statement(claim)
        made.append(claim)
    table = pd.DataFrame(made)
    table.insert(0, "claim_id", [f"C{number:03d}" for number in range(1, len(table) + 1)])
    return table.reindex(columns=names)


def make_claims(study) -> pd.DataFrame:
    """The claims of a study, each with the sentence that shows it best."""
    claims = compare(study.blocks, study.reliability)
    return measures.add_evidence(claims, study) if len(claims) else claims


def placebo(study, runs: int = 200, seed: int = 1) -> pd.DataFrame:
    """How often chance alone is called supported: blocks dealt at random, every verdict re-run.

    Paragraphs are dealt among the articles, or articles among the outlets (within their event
    where it is known), so that each keeps its number of blocks.

    Returns
    -------
    DataFrame
        family, runs, supported (runs with any supported claim), rate, low, high (Wilson).
    """
    sums = gather(study.blocks)
    rows = [row for row in plan(sums, study.reliability) if row.member]
    hits = dict.fromkeys(FAMILIES, 0)
    rng = np.random.default_rng(seed)
    for _ in range(runs if sums.blocks["outlet"].nunique() > 1 else 0):
        for family in supported_families(sums, rows, _dealt(sums.blocks, rng)):
            hits[family] += 1
    table = pd.DataFrame({"family": list(hits), "runs": runs, "supported": list(hits.values())})
    bounds = [inference.wilson(count, runs) for count in table["supported"]]
    return table.assign(rate=table["supported"] / max(runs, 1), low=[low for low, _ in bounds],
                        high=[high for _, high in bounds])


def _dealt(blocks: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    outlets = blocks["outlet"].to_numpy().copy()
    one_each = blocks["article_id"].duplicated().any()
    strata = np.zeros(len(blocks)) if one_each else pd.factorize(blocks["event"])[0]
    for stratum in np.unique(strata):
        at = np.flatnonzero(strata == stratum)
        outlets[at] = outlets[rng.permutation(at)]
    return outlets


def supported_families(sums: Sums, rows: list[Row], outlet_of: np.ndarray) -> list[str]:
    """Families with any supported claim; what fails an early condition is not examined further."""
    pairs, screened = _screen(sums, rows, outlet_of)
    found = set()
    for fact in screened[screened["p_adjusted"] <= LEVEL].itertuples():
        pair, row = pairs[fact.pair], rows[fact.row]
        if fact.family in found or not row.trusted:
            continue
        facts = _examine(pair, row, np.nan, quick=True)
        if "joint_p" in facts and verdict({
                "smallest_p": 0, "level": LEVEL, "member": True, "p_adjusted": fact.p_adjusted,
                "omnibus_p": fact.omnibus_p, "trusted": True, "counts": True, **facts},
        ) == "supported":
            found.add(fact.family)
    return [family for family in FAMILIES if family in found]
