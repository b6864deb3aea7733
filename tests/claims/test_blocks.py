"""What the blocks are, pair by pair, and that events which repeat do not pass for articles."""

import numpy as np
import pandas as pd
import pytest

from analysis import compare
from analysis.claims import inference


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
