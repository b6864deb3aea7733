"""What is compared with what: blocks, specifications, rows of claims, pairs of outlets.

Sums per block become one array of moments, in which a column is one specification of one
measure. A pair is two outlets' blocks of that array, under the design that its articles allow.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.claims import inference
from analysis.claims.measures import PLAIN, PRIMARY
from analysis.definitions import BLOCKS, FAMILIES, RELIABLE, SOURCING

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
    # Outlets keep the corpus's order, for display; articles within go by name, so that the order
    # of rows does not pick the deals.
    order = np.lexsort((places["block"], places["article_id"],
                        pd.factorize(places["outlet"])[0]))
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
    values: np.ndarray  # each outlet's measure in each column, shape (2, columns)

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

        Outlets go by name there, so that the order of a corpus's rows does not pick the deals.
        """
        if self.design == "events" or self.outlet <= self.other:
            return self, 1.0
        return self._replace(outlet=self.other, other=self.outlet, first=self.second,
                             second=self.first, values=self.values[::-1]), -1.0

    def interval(self, columns: np.ndarray, runs: int) -> inference.Interval:
        """Bootstrap-t interval of the difference in each column."""
        pair, sign = self.drawn
        found = inference.bootstrap_t(*(side[:, columns] for side in pair.sides), runs, seed=SEED)
        if sign > 0:
            return found
        return found._replace(effect=-found.effect, low=-found.high, high=-found.low)

    def permute(self, columns: np.ndarray, runs: int) -> inference.Deals:
        """Deal the blocks that carry any of the columns."""
        first, second = (side[:, columns] for side in self.drawn[0].sides)
        first, second = (side[side[..., 0].any(1)] for side in (first, second))
        if self.design == "events":
            with np.errstate(invalid="ignore"):
                matched = np.where(first[..., 0] > 0, first[..., 1], np.nan)
            return inference.flip_signs(matched, runs, SEED)
        return inference.permute(first, second, runs, SEED)

    def blocks(self, columns: np.ndarray) -> int:
        """Blocks that carry the measure on the side that has fewer, under each coder.

        Where it occurs in fewer blocks of both sides together, that smaller number.
        """
        sides = [side[:, columns] for side in self.sides]
        shown = sum((side[..., 1] != 0).sum(0) for side in sides)
        return int(min(*(side[..., 0].sum(0).min() for side in sides), shown.min()))

    def smallest_p(self, columns: np.ndarray) -> float:
        if self.design == "events":
            return inference.smallest_flip_p(self.blocks(columns), FINE)
        return max(inference.smallest_p(*(int(side[:, c, 0].sum()) for side in self.sides), FINE)
                   for c in columns)


def make_pairs(sums: Sums, outlet_of: np.ndarray) -> list[Pair]:
    """Every two outlets: their blocks, or their matched events where enough are shared."""
    outlets, events = list(dict.fromkeys(sums.blocks["outlet"])), sums.blocks["event"].to_numpy()
    several = not sums.blocks["article_id"].duplicated().any()
    made = []
    for one, other in combinations(outlets, 2):
        a, b = outlet_of == one, outlet_of == other
        shared = sorted({*events[a]} & {*events[b]} - {""}) if several else []
        if len(shared) < BLOCKS or inference.smallest_flip_p(len(shared)) > LEVEL:
            sides = sums.moments[a], sums.moments[b]
            made.append(Pair(one, other, "articles" if several else "texts", *sides,
                             np.stack([_ratios(side.sum(0)) for side in sides])))
            continue
        ratios = np.stack([[_ratios(sums.moments[side & (events == event)].sum(0))
                            for event in shared] for side in (a, b)])
        d = ratios[0] - ratios[1]
        matched = np.isfinite(d)
        means = np.where(matched, ratios, 0).sum(1) / np.maximum(matched.sum(0), 1)
        made.append(Pair(one, other, "events", inference.moments(np.nan_to_num(d), matched),
                         inference.moments(np.zeros_like(d), matched),
                         np.where(matched.any(0), means, np.nan)))
    return made


def _ratios(sums: np.ndarray) -> np.ndarray:
    """Numerators over denominators; nan where nothing carries the measure."""
    return np.divide(sums[..., 1], sums[..., 2], where=sums[..., 2] != 0,
                     out=np.full(sums.shape[:-1], np.nan))
