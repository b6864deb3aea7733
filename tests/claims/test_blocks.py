"""What the blocks are, pair by pair, and that events which repeat do not pass for articles."""

import numpy as np
import pandas as pd
import pytest

from analysis import compare
from analysis.blocks import arrange, blocks, independent, together
from analysis.claims import inference, pairs, verdicts


def _table(events, articles, shared, rng, spread=1.0):
    """Articles of two outlets on events whose level varies as much as the articles within."""
    level, rows = {}, []
    for outlet in "AB":
        for event in range(events):
            name = f"e{event}" if shared else f"{outlet}{event}"
            level.setdefault(name, rng.normal(0, spread))
            for number in range(articles):
                rows.append((outlet, f"{outlet}{event}-{number}", 1, name,
                             level[name] + rng.normal()))
    return pd.DataFrame(rows, columns=["outlet", "article_id", "paragraph", "event", "polarity"])


@pytest.mark.parametrize("events, articles, shared, unit, blocks", [
    (10, 1, True, "shared events", 10), (10, 3, True, "shared events", 10),
    (5, 6, True, "articles on shared events", 30), (15, 2, False, "events an outlet", 15),
    (5, 6, False, "events an outlet", 5), (12, 1, False, "articles", 12)])
def test_blocks_follow_from_the_articles_of_the_two_outlets(events, articles, shared, unit, blocks):
    table = _table(events, articles, shared, np.random.default_rng(1))
    (_, row), = compare.difference(table, "polarity").iterrows()
    assert (row["unit"], row["blocks"]) == (unit, blocks)
    assert pd.isna(row["p"]) == (blocks < 8)


def test_one_article_each_gives_paragraphs_whatever_the_event():
    table = pd.DataFrame({"outlet": ["A"] * 9 + ["B"] * 9, "article_id": ["a"] * 9 + ["b"] * 9,
                          "paragraph": [*range(9)] * 2, "event": "vote", "polarity": range(18)})
    (_, row), = compare.difference(table, "polarity").iterrows()
    assert (row["unit"], row["blocks"]) == ("paragraphs", 9) and row["p"] < 0.01


def test_a_third_outlet_with_events_does_not_change_the_blocks_of_two():
    rng = np.random.default_rng(3)
    two = _table(12, 1, False, rng).assign(event="")
    third = _table(6, 2, False, rng).query("outlet == 'A'").assign(outlet="C")
    third["article_id"] = "C" + third["article_id"]
    alone, beside = (compare.difference(t, "polarity").iloc[0] for t in
                     (two, pd.concat([two, third])))
    assert alone["unit"] == beside["unit"] == "articles" and alone["p"] == beside["p"]


def test_shuffling_within_events_keeps_each_events_share():
    strata = np.array(["x", "x", "y", "y", "y", "x"])
    first = np.array([True, False, True, False, False, False])
    deals = inference.deal_within(first, strata, 200, 0)
    for name in "xy":
        assert (deals[:, strata == name].sum(1) == 1).all()
    assert len(np.unique(deals, axis=0)) == 9  # three places in either event


def test_the_smallest_p_within_events_counts_the_ways():
    """Two events with one against two articles: 3 · 3 ways, of which one is the observed."""
    of = np.array(["x", "y"]), np.array(["x", "x", "y", "y"])
    assert inference.smallest_within_p(*of, 49_999) == pytest.approx(1 / 9)


def test_declared_tests_that_nobody_could_make_count_as_failed():
    assert inference.holm([0.01, np.nan, 0.02], tests=4)[[0, 2]] == pytest.approx([0.04, 0.06])
    assert inference.holm([0.01, np.nan, 0.02])[[0, 2]] == pytest.approx([0.02, 0.02])


@pytest.mark.parametrize("events, articles, shared", [(15, 2, False), (5, 6, True), (10, 3, True)])
def test_clustered_events_without_a_difference_are_rarely_told_apart(events, articles, shared):
    """40 corpora at .05: more than 7 would come out in less than one of a thousand runs."""
    rng, hits = np.random.default_rng(events), 0
    for _ in range(40):
        (_, row), = compare.difference(_table(events, articles, shared, rng), "polarity").iterrows()
        hits += row["p"] <= 0.05
    assert hits <= 7


def test_a_difference_within_shared_events_is_found():
    table = _table(5, 6, True, np.random.default_rng(4), spread=3.0)
    table.loc[table["outlet"] == "A", "polarity"] += 1.5
    (_, row), = compare.difference(table, "polarity").iterrows()
    assert row["p"] < 0.01 and row["low"] > 0
    assert row["value"] - row["other_value"] == pytest.approx(row["effect"])


def _articles(*rows):
    return pd.DataFrame(rows, columns=["article_id", "outlet", "event"])


def test_one_rule_decides_for_two_outlets_and_for_the_column_block():
    """A and B cover eight events, C one of its own twice: events for A and B, and for C."""
    rows = [(f"{outlet}{n}", outlet, f"e{n}") for outlet in "AB" for n in range(8)]
    table = _articles(*rows, ("C1", "C", "x"), ("C2", "C", "x"), ("C3", "C", ""))
    found = blocks(table)
    pair = table[table["outlet"] != "C"]
    assert arrange(pair)[0] == "events"
    assert found[pair["article_id"]].tolist() == arrange(pair)[1].tolist()
    assert found[["C1", "C2", "C3"]].tolist() == ["event x", "event x", "C3"]
    assert blocks(pair).tolist() == arrange(pair)[1].tolist()


def test_an_outlet_of_one_article_beside_several_is_one_block():
    table = _articles(("a", "A", "e"), *((f"b{n}", "B", "") for n in range(9)))
    assert arrange(table)[0] == "articles" and len(set(blocks(table))) == 10


def test_of_two_copies_the_earlier_counts_and_copies_across_outlets_are_an_event():
    table = _articles(("a2", "A", ""), ("a1", "A", ""), ("b1", "B", "")).assign(
        cluster="3", published=["2020-01-02", "2020-01-05", "2020-01-03"])
    kept = independent(table)
    assert kept["article_id"].tolist() == ["a2", "b1"]
    assert kept["event"].tolist() == ["near-duplicates 3"] * 2


def test_an_event_that_repeats_in_one_outlet_is_shuffled_as_a_whole():
    table = _articles(*((f"{outlet}{n}", outlet, f"{outlet}{n // 3}") for outlet in "ABCD"
                        for n in range(24)))
    assert together(table)["unit"].nunique() == 32 and set(together(table)["stratum"]) == {""}
    sums = table.assign(alone=False)
    dealt = verdicts.deal_outlets(sums, np.random.default_rng(1))
    assert sorted(dealt) == sorted(table["outlet"]) and (dealt != table["outlet"]).any()
    assert (pd.Series(dealt).groupby(table["event"]).nunique() == 1).all()


def test_an_event_of_several_outlets_is_shuffled_within():
    table = _articles(*((f"{outlet}{n}", outlet, f"e{n}") for outlet in "ABC" for n in range(6)))
    found = together(table)
    assert found["stratum"].tolist() == table["event"].tolist()
    assert found["unit"].tolist() == table["article_id"].tolist()


def test_four_outlets_whose_events_repeat_do_not_pass_for_apart():
    """Without a difference, eight events an outlet with six alike articles each.

    Single articles shuffled gave p <= .05 in 15 of 20 such corpora.
    """
    rng, hits = np.random.default_rng(2), 0
    for _ in range(20):
        table = pd.DataFrame([(f"{outlet}{e}-{n}", outlet, f"{outlet}{e}", level + rng.normal() / 3)
                              for outlet in "ABCD" for e in range(8) for level in [rng.normal()]
                              for n in range(6)],
                             columns=["article_id", "outlet", "event", "numerator"])
        sums = pairs.gather(table.assign(
            block=1, denominator=1.0, unit="polarity", family="sentence tone", measure="sentences",
            instrument="vader", coder="", voice="author", scope="article"))
        row = pairs.plan(sums, NO_CODES)
        screened = verdicts.screen(sums, row, sums.blocks["outlet"].to_numpy())[1]
        hits += screened["omnibus_p"].iloc[0] <= 0.05
    assert hits <= 4  # more in less than three of a thousand


NO_CODES = pd.DataFrame(columns=["family", "measure", "instrument", "alpha", "low", "high"])
