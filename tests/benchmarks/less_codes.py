"""Does less data, or the same data said otherwise, ever earn a verdict?

    python tests/benchmarks/less_codes.py [--runs 20] [--only bundled four-outlets made events]

Corpora with a planted difference that is *supported*: the three articles; one article of each
outlet of the four-outlets corpus, every sentence coded by two made-up passes of a model; two made
ones (an article an outlet; ten shared events). Each is changed in many ways. Printed, a row a
change: in how many runs it broke its rule, and in how many what was planted, in pairs that the
change did not touch, stayed *supported* (with a person who disagrees it must not).
The rules: a changed name, order or event changes no number; lost codes, lost articles and uncoded
outlets support nothing new and leave other pairs alone; a subsample adds and removes no row, and
its disagreement weakens.
"""

import argparse
import copy
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "claims"))

from made import SCORES, TABLES, make_tables  # noqa: E402

from analysis import compare, load  # noqa: E402

NUMBERS = ["effect", "low", "high", "p"]
PAIRS = ["family", "measure", "instrument", "outlet", "other_outlet"]
CODED = [*TABLES.values(), "frames"]


def coded_four():
    """One article of each of four outlets, tone coded everywhere: negative in the first."""
    articles = ["post-ferry", "north-ferry", "ledger-ferry", "verdant-ferry"]
    t = load(ROOT / "tests" / "corpora" / "four-outlets", articles=articles)
    rng = np.random.default_rng(3)
    outlet = t.articles.set_index("article_id")["outlet"].astype(str)
    places = t.sentences[["article_id", "sentence", "start", "end"]].assign(voice="author")
    odds = {True: [0.9, 0.05, 0.05], False: [0.05, 0.05, 0.9]}
    value = [float(rng.choice([-1.0, 0.0, 1.0], p=odds[outlet[key] == t.outlets[0]]))
             for key in places["article_id"]]
    codes = [places.assign(by=f"coder {coder}", by_kind="model", coder=coder, polarity=value)
             for coder in "bc"]
    t.sentiment = pd.concat([t.sentiment, *codes], ignore_index=True)
    t.sentences = t.sentences.assign(voice="author")
    t.coders = pd.DataFrame({"coder": ["b", "c"], "kind": "model"})
    return t


def made_events():
    return make_tables(articles=10, paragraphs=3, planted="tone",
                       event=lambda outlet, number: f"event {number}")


CORPORA = {"bundled": lambda: load(ROOT / "data"), "four-outlets": coded_four,
           "made": lambda: make_tables(planted="targets"), "events": made_events}


def clone(t):
    own = copy.copy(t)
    for name, table in vars(t).items():
        if isinstance(table, pd.DataFrame):
            setattr(own, name, table.copy())
    return own


def supported(claims):
    held = claims[claims["verdict"] == "supported"]
    return set(held[PAIRS].itertuples(index=False, name=None))


def without_codes(t, gone):
    """The tables without the codes of some units; `gone` says which, row by row."""
    own = clone(t)
    for name in CODED:
        table = getattr(own, name)
        by_person = table["by_kind"] != "instrument" if "by_kind" in table else True
        setattr(own, name, table[~(by_person & gone(table))])
    return own


# Each change: (changed tables, outlets whose pairs may change, "same", "less" or "weaker").


def one_article(t, rng):
    key = rng.choice(t.articles["article_id"])
    outlet = t.articles.set_index("article_id")["outlet"][key]
    return without_codes(t, lambda rows: rows["article_id"] == key), {outlet}, "less"


def random_articles(t, rng):
    keys = t.articles["article_id"][rng.random(len(t.articles)) < 0.5]
    outlets = t.articles.loc[t.articles["article_id"].isin(keys), "outlet"]
    return without_codes(t, lambda rows: rows["article_id"].isin(keys)), {*outlets}, "less"


def random_sentences(t, rng):
    return sentences_lost(t, rng, rng.uniform(0.15, 0.6))


def few_sentences(t, rng):
    """Three in a hundred: less than what makes an article uncoded, so that the planted stays."""
    return sentences_lost(t, rng, 0.03)


def sentences_lost(t, rng, share):
    keys = t.sentences[["article_id", "sentence", "start"]]
    lost = keys[rng.random(len(keys)) < share].sort_values(["article_id", "start"])

    def gone(rows):
        starts = {key: at["start"].to_numpy() for key, at in keys.groupby("article_id")}
        first = [starts[key][np.searchsorted(np.sort(starts[key]), start, "right") - 1]
                 for key, start in zip(rows["article_id"], rows["start"], strict=True)]
        at = pd.MultiIndex.from_arrays([rows["article_id"], first])
        return at.isin(pd.MultiIndex.from_frame(lost[["article_id", "start"]]))

    return without_codes(t, gone), {*t.outlets}, "less"


def subsample(t, rng, agrees):
    """Anna, a person, codes a random half of the sentences: as the first coder does, or anyhow."""
    own = clone(t)
    keys = t.sentences[["article_id", "sentence", "start", "end"]]
    drawn = keys[rng.random(len(keys)) < 0.5]
    spans = dict(iter(drawn.groupby("article_id")))
    for name in TABLES.values():
        held = getattr(own, name)
        coders = held.loc[held["by_kind"] != "instrument", "by"]
        if coders.empty:
            continue
        rows = held[held["by"] == coders.iloc[0]]
        inside = [bool(((spans[key]["start"] <= start) & (start < spans[key]["end"])).any())
                  if key in spans else False
                  for key, start in zip(rows["article_id"], rows["start"], strict=True)]
        rows = rows[inside].assign(by="coder anna", by_kind="person", coder="anna")
        if not agrees and name != "attributions":
            code = rng.choice([-1.0, 0.0, 1.0], len(rows))
            rows["polarity"] = code if name == "sentiment" else [SCORES[x] for x in code]
        setattr(own, name, pd.concat([held, rows], ignore_index=True))
    own.coders = pd.concat([t.coders, pd.DataFrame({"coder": ["anna"], "kind": ["person"]})],
                           ignore_index=True)
    own.coded = pd.concat([t.coded, drawn[["article_id", "start", "end"]].assign(
        coder="anna", table="attributions", probability=np.nan)], ignore_index=True)
    return own, set(), "same" if agrees else "weaker"


def agreeing(t, rng):
    return subsample(t, rng, True)


def disagreeing(t, rng):
    return subsample(t, rng, False)


def coders_renamed(t, rng):
    own = clone(t)
    old = [*dict.fromkeys([*t.coders["coder"], *t.coded["coder"]])]
    new = dict(zip(old, (f"{letter}{name}" for letter, name in
                         zip(rng.permutation(list("zyxwvutsrq"))[:len(old)], old, strict=True)),
                   strict=True))
    for name in CODED:
        table = getattr(own, name)
        for column in ("by", "coder"):
            if column in table:
                table[column] = table[column].replace(
                    {f"coder {a}": f"coder {b}" for a, b in new.items()} | new)
    for table in (own.coders, own.coded):
        table["coder"] = table["coder"].replace(new)
    return own, set(), "same"


def uncoded_outlet(t, rng):
    """The text of an article comes out once more in another outlet, and nobody codes it."""
    own = clone(t)
    outlet = rng.choice(t.outlets)
    rows = own.articles[own.articles["outlet"].astype(str) == outlet]
    new = {key: f"zz-{key}" for key in rows["article_id"]}
    for name, table in vars(own).items():
        if isinstance(table, pd.DataFrame) and "article_id" in table and len(table):
            copied = table[table["article_id"].isin(new)]
            if "by_kind" in copied:
                copied = copied[copied["by_kind"] == "instrument"]
            elif name in ("frames", "coded"):
                continue
            copied = copied.assign(article_id=copied["article_id"].map(new))
            if "outlet" in copied:
                copied = copied.assign(outlet="Elsewhere")
                table = table.assign(outlet=table["outlet"].astype(object))
            setattr(own, name, pd.concat([table, copied], ignore_index=True))
    own.outlets = [*t.outlets, "Elsewhere"]
    return own, {"Elsewhere"}, "less"


def events_filled_in(t, rng):
    if t.articles["outlet"].duplicated().any():
        return None
    own = clone(t)
    own.articles["event"] = "summit"
    return own, set(), "same"


def rows_permuted(t, rng):
    own = clone(t)
    for name, table in vars(own).items():
        if isinstance(table, pd.DataFrame) and name not in ("articles", "coders", "actors"):
            setattr(own, name, table.sample(frac=1, random_state=int(rng.integers(1e9))))
    return own, set(), "same"


def outlets_renamed(t, rng):
    own = clone(t)
    names = dict(zip(t.outlets, rng.permutation(
        ["Zeta", "Alpha", "Mu", "Beta", "Omega"])[:len(t.outlets)], strict=True))
    own.articles["outlet"] = own.articles["outlet"].astype(str).replace(names)
    own.back = {new: old for old, new in names.items()}
    return own, set(), "same"


CHANGES = [one_article, random_articles, random_sentences, few_sentences, agreeing, disagreeing,
           coders_renamed, uncoded_outlet, events_filled_in, rows_permuted, outlets_renamed]


def broken(before, after, free, rule) -> str:
    """What is wrong with the claims after a change; "" if nothing is."""
    both = before.merge(after, on=PAIRS, suffixes=("", "_after"))
    both = both[~both["outlet"].isin(free) & ~both["other_outlet"].isin(free)]
    same = free != {*before["outlet"], *before["other_outlet"]} and len(both)
    for name in NUMBERS if same else ():
        if not np.allclose(both[name], both[f"{name}_after"], 1e-9, 1e-12, equal_nan=True):
            return f"{name} of another pair moved"
    if extra := supported(after) - supported(before):
        return f"newly supported: {sorted(extra)[0]}"
    if rule in ("same", "weaker") and len(after) != len(before):
        return "rows came or went"
    if rule == "same" and not both["verdict"].eq(both["verdict_after"]).all():
        return "a verdict moved"
    lost = after[(after["instrument"] == "codes") & (
        after["outlet"].eq("Elsewhere") | after["other_outlet"].eq("Elsewhere"))]
    return "an uncoded outlet was compared by codes" if lost["p"].notna().any() else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[*CORPORA])
    args = parser.parse_args()
    warnings.simplefilter("ignore")  # side and target of a changed table
    for name in args.only:
        t = CORPORA[name]()
        before = compare.claims(t)
        held = supported(before)
        print(f"{name}: {len(before)} comparisons, {len(held)} supported", flush=True)
        for change in CHANGES:
            rng, wrong, kept, runs = np.random.default_rng(args.seed), [], 0, 0
            once = change in (events_filled_in,)
            for _ in range(1 if once else args.runs):
                made = change(t, rng)
                if made is None:
                    break
                own, free, rule = made
                after = compare.claims(own)
                for column in ("outlet", "other_outlet"):
                    after[column] = after[column].replace(getattr(own, "back", {}))
                runs += 1
                if found := broken(before, after, free, rule):
                    wrong.append(found)
                untouched = {key for key in held
                             if not free & {*key[3:]} or change is few_sentences}
                kept += untouched <= supported(after)
            if runs:
                print(f"  {change.__name__.replace('_', ' ')}: broken in {len(wrong)} of {runs}; "
                      f"what was planted and not touched stays supported in {kept}"
                      + (f" ({wrong[0]})" if wrong else ""), flush=True)


if __name__ == "__main__":
    main()
