"""What the verdicts are measured against: chance, halves of one article, one publisher's articles.

The publisher's pairs were measured once, on annotated news that does not belong to the project;
`data/models/publisher_pairs.csv` keeps the rates.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.claims import inference, pairs
from analysis.claims import verdicts as claims
from analysis.claims.power import JOINT
from analysis.corpus.cache import cached, code_of
from analysis.proportions import wilson

RUNS, SEED = 200, 1
WORK, FEW_DEALS = 4_000, 199  # comparisons at random, and deals behind each of their joint p
HALF = 4  # blocks that each half needs to carry a measure
MOST = 12  # articles whose halves are compared


def placebo_of(study) -> pd.DataFrame:
    """The placebo of `claims.placebo` with the default runs, kept in the cache."""
    code = code_of(Path(__file__), *sorted((Path(__file__).parents[1] / "claims").glob("*.py")))
    key = ("placebo", f"{RUNS} runs, seed {SEED}", code,
           study.blocks.to_csv(index=False), study.reliability.to_csv(index=False))
    return cached(key, lambda: claims.placebo(study.blocks, study.reliability, RUNS, SEED))


def directions_of(study) -> pd.DataFrame:
    """How often chance alone earns *direction only* or better, kept in the cache.

    Blocks are dealt as in `claims.placebo`; of the verdict only what *direction only* asks is
    re-run, with fewer deals behind each joint p (which keeps its level).

    Returns
    -------
    DataFrame
        family, runs, hits (runs in which any comparison of the family earns it), rate, low, high
        (Wilson), each (share of all testable comparisons that earn it). Families in which nothing
        can be tested are left out.
    """
    code = code_of(Path(__file__), *sorted((Path(__file__).parents[1] / "claims").glob("*.py")))
    key = ("directions", code, study.blocks.to_csv(index=False),
           study.reliability.to_csv(index=False))
    return cached(key, lambda: _directions(study))


def _directions(study) -> pd.DataFrame:
    sums = pairs.gather(study.blocks)
    rows = [row for row in pairs.plan(sums, study.reliability) if row.member and row.counts]
    outlets = sums.blocks["outlet"].nunique()
    work = max(1, len(rows) * outlets * (outlets - 1) // 2)
    runs, rng, found = max(20, min(RUNS, WORK // work)), np.random.default_rng(SEED), []
    for run in range(runs if outlets > 1 else 0):
        for pair in pairs.make_pairs(sums, claims.deal_outlets(sums.blocks, rng)):
            found += [(run, *earned) for earned in _pointing(pair, rows)]
    table = pd.DataFrame(found, columns=["run", "family", "earned"])
    made = []
    for family, own in table.groupby("family", sort=False):
        hits = int(own.groupby("run")["earned"].any().sum())
        made.append((family, runs, hits, hits / runs, *wilson(hits, runs),
                     own["earned"].mean()))
    return pd.DataFrame(made, columns=["family", "runs", "hits", "rate", "low", "high", "each"])


def _pointing(pair: pairs.Pair, rows: list[pairs.Row]) -> list[tuple[str, bool]]:
    """Family of each testable row, and whether the pair's sign holds as *direction only* asks."""
    rows = [row for row in rows if pair.blocks(row.main) >= pairs.BLOCKS
            and pair.smallest_p(row.main) <= pairs.LEVEL]
    if not rows:
        return []
    curves = [claims.curve_of(pair, row.specs) for row in rows]
    deals = pair.permute(np.concatenate(curves), FEW_DEALS)
    stops = np.cumsum([len(curve) for curve in curves])
    found = []
    for row, curve, stop in zip(rows, curves, stops, strict=True):
        own = slice(stop - len(curve), stop)
        part = deals._replace(observed=deals.observed[own], dealt=deals.dealt[:, own])
        signs = np.sign(pair.effect(row.counting))
        steady = signs[0] != 0 and (signs == signs[0]).all()
        found.append((row.family, bool(steady and inference.joint_p(part) <= JOINT)))
    return found


def halves(study) -> pd.DataFrame:
    """The first half of each article against its second half, measure by measure.

    Returns
    -------
    DataFrame
        article_id, family, measure, effect, p: the studentized permutation p over paragraphs.
        Between halves of one text there is no outlet to find; what differs is where it stands.
    """
    found = []
    rows = study.blocks[study.blocks["scope"] == "article"]
    for article, blocks in list(rows.groupby("article_id", sort=False))[:MOST]:
        places = sorted(blocks["block"].unique())
        first = blocks["block"].isin(places[: len(places) // 2])
        sums = pairs.gather(blocks.assign(
            outlet=first.map({True: "first half", False: "second half"}),
            article_id=first.map({True: "first half", False: "second half"})))
        if sums.blocks["outlet"].nunique() < 2:
            continue
        pair, = pairs.make_pairs(sums, sums.blocks["outlet"].to_numpy())
        for row in pairs.plan(sums, study.reliability):
            carry = min(side[:, row.main, 0].sum(0).min() for side in (pair.first, pair.second))
            if row.member and carry >= HALF:
                p = inference.p_value(pair.permute(row.main, claims.DEALS)).max()
                effect = pair.effect(row.main).mean()
                found.append((article, row.family, row.measure, effect, p))
    return pd.DataFrame(found, columns=["article_id", "family", "measure", "effect", "p"])


def specification_curve(study, family: str, measure: str) -> pd.DataFrame:
    """The effect of every specification that counts for a measure, pair by pair.

    Returns
    -------
    DataFrame
        outlet, other_outlet, instrument, coder, voice, scope, weight, effect, main (whether the
        claim rests on it); sorted by effect within a pair.
    """
    sums = pairs.gather(study.blocks)
    rows = [row for row in pairs.plan(sums, study.reliability)
            if row.member and (row.family, row.measure) == (family, measure)]
    names = ["instrument", "coder", "voice", "scope", "weight"]
    parts = []
    for row in rows:
        for pair in pairs.make_pairs(sums, sums.blocks["outlet"].to_numpy()):
            curve = claims.curve_of(pair, row.specs)
            table = sums.specs.loc[curve, names].assign(
                outlet=pair.outlet, other_outlet=pair.other, effect=pair.effect(curve),
                main=[column in row.main for column in curve])
            parts.append(table.sort_values("effect", kind="stable"))
    columns = ["outlet", "other_outlet", *names, "effect", "main"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
