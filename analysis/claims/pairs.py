"""What is compared with what: blocks, specifications, rows of claims, pairs of outlets.

Sums per block become one array of moments, in which a column is one specification of one
measure. A pair is two outlets' blocks of that array, under the design that its articles allow.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.blocks import arrange
from analysis.claims import inference
from analysis.claims.deciding import PRIMARY
from analysis.claims.measures import IN_MARKS, IN_TEXTS, PLAIN, of_everyone
from analysis.definitions import FAMILIES, NETWORK, RELIABLE, SOURCING, TONE, VOTES

LEVEL = 0.05 / len(FAMILIES)  # of each family; Holm within
SEED = 20
FINE = 49_999  # deals behind a p that is near the level
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

    @property
    def by_votes(self) -> bool:
        """Whether an instrument judges mentions, of which a sentence has one vote."""
        return (self.family, self.instrument) == (TONE, NETWORK)

    @property
    def everyone(self) -> bool:
        """Whether words of all voices are counted, not the author's alone."""
        return self.family == SOURCING or self.measure == IN_MARKS


def gather(blocks: pd.DataFrame) -> Sums:
    """Spread the sums per block: paragraphs of an outlet with one article, else articles."""
    of = blocks.drop_duplicates("article_id").set_index("article_id")["outlet"]
    alone = blocks["article_id"].map(~of.duplicated(keep=False)).astype(bool)
    blocks = blocks.assign(block=blocks["block"].where(alone, 0), alone=alone)
    keys = ["article_id", "block"]
    row, rows = pd.factorize(pd.MultiIndex.from_frame(blocks[keys]), sort=False)
    column, columns = pd.factorize(pd.MultiIndex.from_frame(blocks[_SPEC]), sort=False)
    y, x = np.zeros((2, len(rows), len(columns)))
    np.add.at(y, (row, column), blocks["numerator"])
    np.add.at(x, (row, column), blocks["denominator"])
    specs = pd.DataFrame(list(columns), columns=_SPEC)
    places = blocks.iloc[np.unique(row, return_index=True)[1]]
    # Outlets keep the corpus's order, for display; articles within go by name, so that the order
    # of rows does not pick the deals.
    order = np.lexsort((places["block"], places["article_id"], pd.factorize(places["outlet"])[0]))
    places = places[["article_id", "outlet", "event", "alone"]]
    return Sums(_weighed(y, x)[order], places.iloc[order].reset_index(drop=True), pd.concat(
        [specs.assign(weight="units"), specs.assign(weight="blocks")], ignore_index=True))


def _weighed(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Moments of every specification with its units counted alike, then with its blocks alike."""
    alike = np.divide(y, x, out=np.zeros_like(y), where=x != 0)
    return np.concatenate([inference.moments(y, x), inference.moments(alike, x != 0)], axis=1)


def plan(sums: Sums, agreement: pd.DataFrame) -> list[Row]:
    """What is compared: members of the families first, other instruments' rows after them."""
    specs, found = sums.specs, []
    main = ((specs["scope"] == "article") & (specs["weight"] == "units")
            & (specs["voice"] == np.where(of_everyone(specs), "all", "author")))
    coded = {name: set(specs.loc[specs["instrument"] == name, "family"])
             for name in ("codes", "corrected")}
    occurs = np.abs(sums.moments[..., 1]).sum(0) > 0
    known = agreement.sort_values("low").groupby(["family", "measure", "instrument"]).first()
    for (family, measure), rows in specs[specs["instrument"] != IN_TEXTS].groupby(
            ["family", "measure"], sort=False):
        names = list(dict.fromkeys(rows["instrument"]))
        trust = {name: _reliability(known, (family, measure, name)) for name in names}
        passing = {name for name in names if name == PLAIN or (
            family in coded["codes"] | coded["corrected"] and trust[name][1] >= RELIABLE)}
        counting = [name for name in names if name in passing or name in ("codes", "corrected")]
        for name in names:
            own = rows["instrument"] == name
            columns = rows.index[own & main[rows.index]].to_numpy()
            if not len(columns) or not occurs[columns].any():
                continue
            member = name in ("corrected", PLAIN) or (
                family not in coded["corrected"] and (name == "codes" or (
                    family not in coded["codes"] and name == PRIMARY[family])))
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
    turned: bool  # whether the second outlet's first article comes before the first's
    design: str  # as `analysis.blocks.arrange` says
    first: np.ndarray
    second: np.ndarray
    values: np.ndarray  # each outlet's measure in each column, shape (2, columns)
    strata: np.ndarray | None  # event of each block, first outlet's before the second's
    votes: np.ndarray  # in each column the weights of the outlet that has less of them

    @property
    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """Both sides' moments per block."""
        return self.first, self.second

    def effect(self, columns: np.ndarray) -> np.ndarray:
        """Difference of the two ratios in each column."""
        return inference.difference(*(side[:, columns].sum(0) for side in self.sides))[0]

    def error(self, columns: np.ndarray) -> np.ndarray:
        """Standard error of each difference."""
        return inference.difference(*(side[:, columns].sum(0) for side in self.sides))[1]

    def level(self, columns: np.ndarray) -> np.ndarray:
        """Ratio of sums of both sides together."""
        both = sum(side[:, columns].sum(0) for side in self.sides)
        return both[:, 1] / both[:, 2]

    @property
    def drawn(self) -> tuple[Pair, float]:
        """The pair as it is resampled, and the sign that leads back.

        Outlets go by their articles' ids there, so that neither names nor the order of a corpus's
        rows pick the deals.
        """
        if self.design == "events" or not self.turned:
            return self, 1.0
        n = len(self.first)
        strata = None if self.strata is None else np.r_[self.strata[n:], self.strata[:n]]
        return self._replace(outlet=self.other, other=self.outlet, first=self.second, turned=False,
                             second=self.first, values=self.values[::-1], strata=strata), -1.0

    def interval(self, columns: np.ndarray, runs: int) -> inference.Interval:
        """Bootstrap-t interval of the difference in each column."""
        pair, sign = self.drawn
        found = inference.bootstrap_t(*(side[:, columns] for side in pair.sides), runs, seed=SEED)
        if sign > 0:
            return found
        return found._replace(effect=-found.effect, low=-found.high, high=-found.low)

    def permute(self, columns: np.ndarray, runs: int) -> inference.Deals:
        """Deal the blocks that carry any of the columns."""
        pair = self.drawn[0]
        first, second = (side[:, columns] for side in pair.sides)
        carry = [side[..., 0].any(1) for side in (first, second)]
        first, second = first[carry[0]], second[carry[1]]
        if self.design == "events":
            with np.errstate(invalid="ignore"):
                matched = np.where(first[..., 0] > 0, first[..., 1], np.nan)
            return inference.flip_signs(matched, runs, SEED)
        strata = None if pair.strata is None else pair.strata[np.concatenate(carry)]
        return inference.permute(first, second, runs, SEED, strata)

    def joined(self, length: int) -> Pair:
        """Two texts with so many neighbouring paragraphs as one block, from the first on."""
        half = self.first.shape[1] // 2
        sides = [summed(side[:, :half], np.arange(len(side)) // length) for side in self.sides]
        first, second = (_weighed(side[..., 1], side[..., 2]) for side in sides)
        return self._replace(first=first, second=second, values=_both(first, second))

    def carrying(self, columns: np.ndarray) -> tuple[int, int]:
        """Blocks that carry the measure on the side that has fewer, and in which it is not zero.

        The second number is that of both sides together; each is the least of all coders'.
        """
        sides = [side[:, columns] for side in self.sides]
        shown = sum((side[..., 1] != 0).sum(0) for side in sides)
        return int(min(side[..., 0].sum(0).min() for side in sides)), int(shown.min())

    def blocks(self, columns: np.ndarray) -> int:
        """Blocks that a test can rest on: the smaller number of `carrying`."""
        return min(self.carrying(columns))

    def too_few(self, row: Row) -> bool:
        """Whether an instrument judges tone toward a side by fewer sentences than it takes."""
        return row.by_votes and bool((self.votes[row.main] < VOTES).any())

    def smallest_p(self, columns: np.ndarray) -> float:
        if self.design == "events":
            return inference.smallest_flip_p(self.blocks(columns), FINE)
        if self.strata is not None:
            at = [side[:, columns, 0].all(1) for side in self.sides]
            n = len(self.first)
            return inference.smallest_within_p(self.strata[:n][at[0]], self.strata[n:][at[1]], FINE)
        return max(inference.smallest_p(*(int(side[:, c, 0].sum()) for side in self.sides), FINE)
                   for c in columns)


def make_pairs(sums: Sums, outlet_of: np.ndarray) -> list[Pair]:
    """Every two outlets, with the blocks that their articles allow; see `analysis.blocks.arrange`.

    For each pair from its two outlets alone. `outlet_of` is the outlet of each row of `sums`.
    """
    least = sums.blocks.groupby("outlet", sort=False)["article_id"].min()
    made = []
    for one, other in combinations(least.index, 2):
        sides = [np.flatnonzero(outlet_of == name) for name in (one, other)]
        votes = np.minimum(*(sums.moments[side, :, 2].sum(0) for side in sides))
        made.append(Pair(one, other, least[one] > least[other], *_arranged(sums, sides), votes))
    return made


def _arranged(sums: Sums, sides: list[np.ndarray]) -> tuple[Any, ...]:
    """Design, both sides' moments, values and strata of a pair."""
    moments = [sums.moments[side] for side in sides]
    rows = [sums.blocks.iloc[side] for side in sides]
    alone = [bool(own["alone"].all()) for own in rows]
    if all(alone):
        return "texts", *moments, _both(*moments), None
    for place in (0, 1):
        if alone[place]:  # one article beside several: its paragraphs are one block
            moments[place] = summed(moments[place], np.zeros(len(sides[place]), int))
            rows[place] = rows[place].iloc[:1]
    facts = pd.concat([own.assign(outlet=place) for place, own in enumerate(rows)])
    facts["article_id"] = np.arange(len(facts))
    design, block = arrange(facts)
    kept, which, event = (column.to_numpy() for column in (
        block.notna(), facts["outlet"], facts["event"]))
    moments = [own[kept[which == place]] for place, own in enumerate(moments)]
    events = [event[kept & (which == place)] for place in (0, 1)]
    if design == "events":
        return _matched(moments, events)
    if design == "within":
        return _within(moments, events)
    if design == "clusters":
        moments = [summed(own, pd.factorize(block[which == place].astype(str), sort=True)[0])
                   for place, own in enumerate(moments)]
    return design, *moments, _both(*moments), None


def summed(moments: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Moments of blocks after those of one label have been put together."""
    sums = np.zeros((labels.max() + 1, *moments.shape[1:2], 2))
    np.add.at(sums, labels, moments[..., 1:3])
    return inference.moments(sums[..., 0], sums[..., 1])


def _both(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([_ratios(first.sum(0)), _ratios(second.sum(0))])


def _matched(moments: list[np.ndarray], events: list[np.ndarray]) -> tuple[Any, ...]:
    """Differences of the events that both outlets covered, against zero."""
    ratios = np.stack([[_ratios(own[of == event].sum(0)) for event in np.unique(events[0])]
                       for own, of in zip(moments, events, strict=True)])
    d = ratios[0] - ratios[1]
    there = np.isfinite(d)
    means = np.where(there, ratios, 0).sum(1) / np.maximum(there.sum(0), 1)
    return ("events", inference.moments(np.nan_to_num(d), there),
            inference.moments(np.zeros_like(d), there), np.where(there.any(0), means, np.nan), None)


def _within(moments: list[np.ndarray], strata: list[np.ndarray]) -> tuple[Any, ...]:
    """Articles, each as it departs from the level of its event; dealt within events."""
    first, second = (own[..., 1:3].copy() for own in moments)
    for event in np.unique(strata[0]):
        a, b = strata[0] == event, strata[1] == event
        sums = [first[a].sum(0), second[b].sum(0)]
        there = (sums[0][:, 1] != 0) & (sums[1][:, 1] != 0)
        both = sums[0] + sums[1]
        level = np.divide(both[:, 0], both[:, 1], out=np.zeros(len(both)), where=both[:, 1] != 0)
        for own, at in ((first, a), (second, b)):
            own[at, :, 0] -= level * own[at, :, 1]
            own[at] *= there[:, None]
    level = _ratios(sum(own.sum(0) for own in moments))
    sides = [inference.moments(own[..., 0], own[..., 1]) for own in (first, second)]
    return "within", *sides, level + _both(*sides), np.concatenate(strata)


def _ratios(sums: np.ndarray) -> np.ndarray:
    """Numerators over denominators; nan where nothing carries the measure."""
    return np.divide(sums[..., 1], sums[..., 2], where=sums[..., 2] != 0,
                     out=np.full(sums.shape[:-1], np.nan))
