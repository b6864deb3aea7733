"""How many codes would undo a supported claim: fewer turned round than read as neutral."""

import pandas as pd
from made import make_tables

from analysis import compare
from analysis.claims import measures
from analysis.claims.tipping import add_tipping


def _makes(t):
    """Sentences whose codes make the difference, in the order in which they are changed."""
    codes = t.targets[t.targets["by"] == "coder b"]
    parts = [codes[(codes["article_id"] == article) & (codes["polarity"] == polarity)]
             for article, polarity in (("north0", "negative"), ("south0", "positive"))]
    return [*pd.concat(parts)[["article_id", "sentence"]].itertuples(index=False, name=None)]


def test_a_supported_claim_has_a_tipping_point_and_others_have_none():
    t = make_tables(("North", "South"), planted="targets")
    claims, counted = compare.claims(t), measures.count(t)
    found = add_tipping(claims, counted.units, counted.articles)
    own = found["verdict"] == "supported"
    (_, row), = found[own].iterrows()
    assert row["measure"] == "toward Ann"
    assert 1 < row["tipping_turned"] < row["tipping_neutral"] <= len(_makes(t))
    assert found.loc[~own, ["tipping_neutral", "tipping_turned"]].isna().all(axis=None)


def test_codes_read_as_neutral_up_to_the_tipping_point_undo_the_claim():
    """One code fewer leaves it standing: the corpus is edited and judged anew."""
    t = make_tables(("North", "South"), planted="targets")
    counted = measures.count(t)
    found = add_tipping(compare.claims(t), counted.units, counted.articles)
    needed = int(found.loc[found["verdict"] == "supported", "tipping_neutral"].iloc[0])
    codes, order = t.targets["by_kind"] != "instrument", _makes(t)
    at = pd.MultiIndex.from_frame(t.targets[["article_id", "sentence"]])
    stands = []
    for count in (needed - 2, needed + 2):
        own = codes & at.isin(order[:count])
        t.targets = t.targets.assign(polarity=t.targets["polarity"].where(~own, "neutral"))
        row = compare.claims(t).set_index(["measure", "instrument"]).loc["toward Ann", "codes"]
        stands.append(bool(row["reaches_minimum"] and row["p_adjusted"] <= 0.01
                           and row["low"] * row["high"] > 0))
    assert stands == [True, False]
