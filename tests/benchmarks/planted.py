"""Does the verdict say yes as often as its power calculation promises?

    python tests/benchmarks/planted.py [CORPUS] --family FAMILY --measure MEASURE --runs 400

In each run the blocks are dealt at random among the articles, so that no difference is left;
then codes are flipped in a set share of one article's sentences (negative to positive, absent to
present), in all coders' codes alike, until the difference that the power calculation names is
there. Printed: that difference, the share of sentences flipped, and how often the whole verdict
came out as supported. The calculation predicts .80.
"""

import argparse

import numpy as np
import pandas as pd

from analysis import compare, load
from analysis.claims import measures, pairs, power
from analysis.claims import verdicts as claims
from analysis.definitions import SOURCING, TONE


def deal(table: pd.DataFrame, articles: pd.DataFrame, rng) -> pd.DataFrame:
    """Give every block (every article, where outlets have several) to a random outlet."""
    one_each = not articles["outlet"].duplicated().any()
    if not one_each:
        to = dict(zip(articles["article_id"], rng.permutation(articles["article_id"]), strict=True))
        return table.assign(article_id=table["article_id"].map(to))
    keys = pd.MultiIndex.from_frame(table[["article_id", "block"]])
    blocks = keys.drop_duplicates()
    to = dict(zip(blocks, rng.permutation(blocks.get_level_values(0)), strict=True))
    number = dict(zip(blocks, range(len(blocks)), strict=True))
    return table.assign(source=table["article_id"], article_id=[to[key] for key in keys],
                        block=[number[key] for key in keys])


def flip(table: pd.DataFrame, outlet_of: pd.Series, outlet: str, measure: str, share: float,
         rng) -> pd.DataFrame:
    """Raise the measure to its top in a share of the outlet's sentences."""
    source = table.get("source", table["article_id"])
    keys = pd.MultiIndex.from_arrays([source, table["block"], table["sentence"]])
    own = (table["measure"] == measure) & (table["article_id"].map(outlet_of) == outlet)
    sentences = keys[own].drop_duplicates()
    chosen = sentences[rng.random(len(sentences)) < share]
    hit = own & keys.isin(chosen)
    top = {"polarity": 1.0, "share": table["weight"], "per 1,000 words": table["value"] + 1000.0}
    unit = measures.SCALES[table.loc[own, "family"].iloc[0]]
    value = table["value"].where(~hit, top[unit])
    return table.assign(value=np.maximum(value, table["value"]))


def gain(table: pd.DataFrame, measure: str) -> float:
    """What flipping every sentence would add to the measure, over the whole corpus."""
    main = table[(table["measure"] == measure) & table["role"].isin(measures.SCOPES["article"])]
    main = main[(main["voice"] == "author") | (main["family"] == SOURCING)]
    unit = measures.SCALES[main["family"].iloc[0]]
    now = main["value"].sum() / main["weight"].sum()
    if unit == "per 1,000 words":
        return 1000.0 * len(main) / main["weight"].sum()
    return 1.0 - now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--family", default=TONE)
    parser.add_argument("--measure", default="toward Russia and its officials")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--pair", type=int, nargs=2, default=(0, 1))
    parser.add_argument("--deals", type=int, default=10, help="behind the power calculation")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    t = load(args.corpus)
    counted = measures.count(t)
    agreement = compare.agreement(t, counted)
    articles = t.articles[["article_id", "outlet", "event"]]
    outlet_of = articles.set_index("article_id")["outlet"]
    first, second = (t.outlets[place] for place in args.pair)
    table = counted.units
    table = table[table["family"] == args.family]
    members = {row.instrument for row in pairs.plan(
        pairs.gather(counted.blocks), agreement) if row.member and row.family == args.family}
    table = table[table["instrument"].isin(members)]
    rng = np.random.default_rng(args.seed)

    def arranged(dealt: pd.DataFrame):
        sums = pairs.gather(measures.sum_units(dealt, articles))
        return sums, pairs.plan(sums, agreement), sums.blocks["outlet"].to_numpy()

    planted, tests = [], []
    for _ in range(args.deals):
        sums, rows, outlets = arranged(deal(table, articles, rng))
        row = next(row for row in rows if row.measure == args.measure)
        pair = next(pair for pair in pairs.make_pairs(sums, outlets)
                    if (pair.outlet, pair.other) == (first, second))
        screened = claims.screen(sums, rows, outlets)[1]
        tests.append(screened.loc[screened["member"], "p"].notna().sum())
        planted.append(power.Planted(pair, row, claims.curve_of(pair, row.specs), tests[-1]))
    size = power.solve(planted)
    share = size / gain(table, args.measure)
    print(f"{args.family}, {args.measure}, {first} against {second}, {np.median(tests):.0f} tests: "
          f"the calculation asks for {size:.3f}, share of sentences flipped {share:.2f}",
          flush=True)
    if not share <= 1:
        print("no share of flipped sentences reaches that size")
        return
    hits = 0
    for _ in range(args.runs):
        dealt = flip(deal(table, articles, rng), outlet_of, first, args.measure, share, rng)
        hits += (first, second, args.measure) in claims.supported(*arranged(dealt))
    print(f"supported in {hits} of {args.runs} runs ({hits / args.runs:.3f}); predicted .80")


if __name__ == "__main__":
    main()
