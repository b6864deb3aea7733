"""Less data never earns: each loss leaves other pairs alone and makes nothing supported.

Every rule has a planted twin that has to stay supported.
"""

import copy

import numpy as np
import pandas as pd
import pytest
from made import ROWS, TABLES, add_coder, make_tables

from analysis import compare

NUMBERS = ["effect", "low", "high", "p"]
PAIRS = ["family", "measure", "instrument", "outlet", "other_outlet"]


def _supported(claims):
    held = claims[claims["verdict"] == "supported"]
    return set(zip(held["measure"], held["outlet"], held["other_outlet"], strict=True))


def _same(one, other, names=NUMBERS, without=()):
    """Whether the claims of both tables that name none of some outlets have the same numbers."""
    both = one.merge(other, on=PAIRS, suffixes=("", "_other"))
    both = both[~both["outlet"].isin(without) & ~both["other_outlet"].isin(without)]
    assert len(both)
    for name in names:
        pd.testing.assert_series_equal(both[name], both[f"{name}_other"], check_names=False)


@pytest.fixture(scope="module", params=["tone", "targets", "sourcing"])
def planted(request):
    return request.param


@pytest.fixture(scope="module")
def whole(planted):
    t = make_tables(planted=planted)
    return t, compare.claims(t)


def test_what_was_planted_is_found_and_nothing_else(whole, planted):
    assert {names[1:] for names in _supported(whole[1])} == {("North", "South"), ("North", "West")}
    assert ROWS[planted] in {names[0] for names in _supported(whole[1])}


def test_codes_of_one_article_deleted_leave_the_other_pair(whole, planted):
    t, before = whole
    own = copy.copy(t)
    for table in TABLES.values():
        held = getattr(t, table)
        coded = (held["article_id"] == "west0") & (held["by_kind"] != "instrument")
        setattr(own, table, held[~coded])
    after = compare.claims(own)
    _same(before, after, without=["West"])
    assert _supported(after) == {names for names in _supported(before) if "West" not in names}
    lost = after[(after["other_outlet"] == "West") & (after["instrument"] == "codes")]
    assert set(lost["verdict"]) == {"not_testable"}
    assert lost["statement"].str.contains("West is not coded in full").all()
    used = [after, before]
    assert (used[0].groupby("family")["tests"].max() == used[1].groupby("family")["tests"].max()
            ).all()


def test_an_article_without_attribution_codes_is_not_one_in_which_nobody_speaks():
    """The gravest fault: a third article like the others, uncoded, was *supported* as different."""
    t = make_tables(planted="sourcing")
    t.attributions = t.attributions[~((t.attributions["article_id"] == "north0")
                                      & (t.attributions["by"] != "extractor"))]
    found = compare.claims(t)
    codes = found[(found["measure"] == "words of others") & (found["instrument"] == "codes")]
    lost = codes[codes["outlet"] == "North"]
    assert set(lost["verdict"]) == {"not_testable"} and not (lost["value"] == 0).any()
    extractor = found[(found["measure"] == "words of others")
                      & (found["instrument"] == "extractor") & (found["outlet"] == "North")]
    assert (extractor["value"] > 0.8).all()  # what the instrument finds there is shown


@pytest.mark.parametrize("which", ["tone", "targets"])
def test_random_sentences_without_codes_support_nothing(which):
    """Who coded a part and did not say that it was drawn has coded no article in full."""
    t = make_tables(planted=which)
    before, rng = compare.claims(t), np.random.default_rng(2)
    table = getattr(t, TABLES[which])
    keys = t.sentences[["article_id", "sentence"]]
    gone = pd.MultiIndex.from_frame(keys[rng.random(len(keys)) < 0.4])
    lost = (table["by_kind"] != "instrument") & pd.MultiIndex.from_frame(
        table[["article_id", "sentence"]]).isin(gone)
    setattr(t, TABLES[which], table[~lost])
    assert ROWS[which] in {names[0] for names in _supported(before)}
    assert ROWS[which] not in {names[0] for names in _supported(compare.claims(t))}


def test_a_subsample_coder_who_agrees_changes_no_claim(whole, planted):
    t, before = whole
    after = compare.claims(add_coder(copy.copy(t), "anna", 0.33))
    assert len(after) == len(before)
    _same(before, after, [*NUMBERS, "p_adjusted", "blocks", "tests", "member", "verdict"])


@pytest.mark.parametrize("which", ["tone", "targets"])
def test_a_subsample_coder_who_disagrees_weakens_and_removes_nothing(which):
    """Passes of one model agree perfectly; against a person who codes at random that is nothing."""
    t = make_tables(planted=which)
    before = compare.claims(t)
    own = add_coder(copy.copy(t), "anna", 0.5, agrees=False)
    after = compare.claims(own)
    assert len(after) == len(before)
    _same(before, after, [*NUMBERS, "p_adjusted"])
    assert ROWS[which] not in {names[0] for names in _supported(after)}
    kinds = compare.agreement(own).query("instrument == 'codes' and measure == @ROWS[@which]")
    assert list(kinds["kinds"]) == ["model", "model against person", "model against person"]
    assert kinds["alpha"].iloc[0] == 1 > 0.667 > kinds["alpha"].iloc[1]


def test_renamed_coders_change_nothing(whole, planted):
    t, before = whole
    own, names = copy.copy(t), {"b": "zoe", "c": "abel"}
    for table in TABLES.values():
        held = getattr(t, table)
        by = {f"coder {old}": f"coder {new}" for old, new in names.items()}
        setattr(own, table, held.assign(by=held["by"].replace(by)))
    own.coders = t.coders.assign(coder=t.coders["coder"].replace(names))
    after = compare.claims(own)
    _same(before, after, [*NUMBERS, "p_adjusted", "verdict", "joint_p"])


def test_an_uncoded_outlet_leaves_the_other_pairs_and_is_never_zero(whole, planted):
    t, before = whole
    more = make_tables(("North", "South", "West", "East"), planted=planted)
    own = copy.copy(t)
    for name, table in vars(more).items():
        if isinstance(table, pd.DataFrame) and "article_id" in table:
            new = table[table["article_id"] == "east0"]
            new = new[new["by_kind"] == "instrument"] if "by_kind" in new else new
            setattr(own, name, pd.concat([getattr(t, name), new], ignore_index=True))
    after = compare.claims(own)
    _same(before, after, without=["East"])
    codes = after[(after["other_outlet"] == "East") & (after["instrument"] == "codes")]
    assert set(codes["verdict"]) == {"not_testable"}
    assert _supported(after) <= _supported(before)


def test_rows_in_another_order_change_nothing(whole, planted):
    t, before = whole
    own = copy.copy(t)
    for name, table in vars(t).items():
        if isinstance(table, pd.DataFrame) and name not in ("articles", "coders", "actors"):
            setattr(own, name, table.sample(frac=1, random_state=4))
    after = compare.claims(own)
    both = before.merge(after, on=PAIRS, suffixes=("", "_other"))
    for name in NUMBERS:
        np.testing.assert_allclose(both[name], both[f"{name}_other"], rtol=1e-9)
    assert both["verdict"].eq(both["verdict_other"]).all()


def test_renamed_outlets_change_only_names(whole, planted):
    """Names in another order of the alphabet too: no name picks the shuffles."""
    t, before = whole
    own = copy.copy(t)
    names = {"North": "Zeta", "South": "Gamma", "West": "Beta"}
    own.articles = t.articles.assign(outlet=t.articles["outlet"].replace(names))
    after = compare.claims(own)
    back = {new: old for old, new in names.items()}
    after = after.assign(outlet=after["outlet"].replace(back),
                         other_outlet=after["other_outlet"].replace(back))
    _same(before, after, [*NUMBERS, "p_adjusted", "verdict"])


def test_an_event_filled_in_with_one_article_each_changes_nothing(whole, planted):
    t, before = whole
    own = copy.copy(t)
    own.articles = t.articles.assign(event="summit")
    pd.testing.assert_frame_equal(compare.claims(own), before)


@pytest.mark.parametrize("which", ["tone", "targets"])
def test_a_declared_random_sample_corrects_and_adds_no_member(which):
    t = make_tables(planted=which, paragraphs=30)
    before = compare.claims(t)
    after = compare.claims(add_coder(copy.copy(t), "anna", 0.4, declared=True))
    row = {"measure": ROWS[which], "outlet": "North", "other_outlet": "South"}

    def of(claims, instrument):
        held = claims[(claims[list(row)] == pd.Series(row)).all(axis=1)]
        return held[held["instrument"] == instrument].iloc[0]

    assert of(after, "corrected")["member"] and not of(after, "codes")["member"]
    assert of(before, "codes")["tests"] == of(after, "corrected")["tests"]
    # the person agrees with the codes, so that nothing has to be corrected
    assert of(after, "corrected")["effect"] == pytest.approx(of(before, "codes")["effect"])
    assert of(after, "corrected")["verdict"] == "supported"
