"""Verdicts case by case, statements by design, and controls on made-up corpora."""

import numpy as np
import pandas as pd
import pytest

from analysis.claims import pairs, power
from analysis.claims import verdicts as claims
from analysis.claims.wording import statement
from analysis.definitions import BLOCKS, COLUMNS, ENTMAN, FAMILIES, PLAIN_COUNTS, SENTENCES, TONE

NO_CODES = pd.DataFrame(columns=["family", "measure", "instrument", "alpha", "low", "high"])
PASSES = {
    "blocks": 13, "smallest_p": 1e-5, "level": 0.01, "member": True, "p_adjusted": 0.004,
    "omnibus_p": np.nan, "low": 0.2, "high": 0.9, "reaches_minimum": True, "trusted": True,
    "specifications": 24, "same_direction": 24, "joint_p": 0.01, "sturdy": True, "counts": True,
    "coders_agree": True,
}


def test_a_row_that_meets_every_condition_is_supported():
    assert claims.verdict(PASSES) == "supported"


@pytest.mark.parametrize("change, expected, why", [
    ({"blocks": 7}, "not_testable", "fewer than eight blocks on a side"),
    ({"blocks": 8}, "supported", "eight are enough"),
    ({"smallest_p": 0.02}, "not_testable", "no deal could reach the level"),
    ({"p_adjusted": 0.011}, "direction_only", "(a) above the family's level"),
    ({"p_adjusted": np.nan}, "direction_only", "outside Holm"),
    ({"member": False}, "direction_only", "an instrument's row beside the codes"),
    ({"omnibus_p": 0.2}, "direction_only", "many outlets, none stands apart"),
    ({"omnibus_p": 0.01}, "supported", "many outlets, one stands apart"),
    ({"low": -0.01}, "direction_only", "(b) the interval holds zero"),
    ({"low": -0.9, "high": -0.2}, "supported", "a negative effect as well as a positive"),
    ({"reaches_minimum": False}, "direction_only", "(b) too small to matter"),
    ({"trusted": False}, "direction_only", "(c) coders agree too little"),
    ({"trusted": False, "counts": False}, "not_supported", "an instrument that nobody checked"),
    ({"same_direction": 23}, "direction_only", "(d) one specification points the other way"),
    ({"joint_p": 0.06}, "not_supported", "(d) the curve is within chance"),
    ({"sturdy": False}, "direction_only", "(e) rests on a single block"),
    ({"same_direction": 12, "coders_agree": False}, "not_supported", "coders differ in sign"),
])
def test_each_condition_decides_the_verdict(change, expected, why):
    assert claims.verdict(PASSES | change) == expected, why


def test_the_verdict_can_be_recomputed_from_the_table():
    table = claims.compare(_counts(lambda place: place < 9, texts=True), NO_CODES)
    assert [claims.verdict(row) for _, row in table.iterrows()] == list(table["verdict"])


def _counts(shows, texts: bool, outlets=("A", "B"), size=18, seed=1, event=None) -> pd.DataFrame:
    """Sums of a plain count: 40 words a block; hedges stand where `shows(place)` is true in A."""
    rng, rows = np.random.default_rng(seed), []
    for outlet in outlets:
        for place in range(size):
            hedges = int(rng.integers(0, 2)) + (3 if outlet == "A" and shows(place) else 0)
            rows.append({
                "article_id": outlet if texts else f"{outlet}{place}", "outlet": outlet,
                "event": event(place) if event else "", "block": place if texts else 1,
                "numerator": 1000.0 * hedges, "denominator": 40.0})
    table = pd.DataFrame(rows).assign(family=PLAIN_COUNTS, measure="hedges", instrument="count",
                                      coder="", voice="author", unit="per 1,000 words")
    return pd.concat([table.assign(scope=scope) for scope in ("article", "body")])


def test_a_plain_count_without_codes_can_be_supported():
    (_, row), = claims.compare(_counts(lambda place: True, texts=True), NO_CODES).iterrows()
    assert row["verdict"] == "supported" and row["design"] == "texts"
    assert row["effect"] > 50 and row["p_adjusted"] <= row["level"]


def test_an_instrument_without_codes_cannot_be_supported():
    table = _counts(lambda place: True, texts=True).assign(
        family=SENTENCES, measure="sentences", instrument="vader", unit="polarity")
    table["numerator"] /= 100
    (_, row), = claims.compare(table, NO_CODES).iterrows()
    assert row["member"] and row["p_adjusted"] < 0.01
    assert row["verdict"] == "not_supported"


@pytest.mark.parametrize("sentences, instrument, verdict", [
    (9, "network", "not_testable"), (10, "network", "not_supported"),
    (9, "codes", "direction_only")])
def test_the_network_is_asked_about_ten_sentences_a_side(sentences, instrument, verdict):
    """Nine paragraphs a side, one mention each, and one paragraph of A with the tenth."""
    table = _counts(lambda place: True, texts=True, size=9).assign(
        family=TONE, measure="toward Ann", instrument=instrument, unit="polarity", denominator=1.0)
    table["numerator"] = np.where(table["outlet"] == "A", 1.0, -1.0)
    table.loc[table["block"] == 0, ["numerator", "denominator"]] *= sentences - 8
    (_, row), = claims.compare(table, NO_CODES).iterrows()
    assert (row["verdict"], row["too_few"]) == (verdict, verdict == "not_testable")


def test_one_outlet_gives_a_header_and_nothing_else():
    table = claims.compare(_counts(bool, texts=True, outlets=("A",)), NO_CODES)
    assert table.empty and list(table.columns)[: len(COLUMNS["claims"])] == COLUMNS["claims"]


def test_with_several_articles_an_outlet_articles_are_the_blocks():
    (_, row), = claims.compare(_counts(lambda place: True, texts=False), NO_CODES).iterrows()
    assert (row["design"], row["blocks"], row["verdict"]) == ("articles", 18, "supported")
    assert np.isnan(row["publisher_rate"])


def test_five_articles_an_outlet_are_too_few_to_test():
    (_, row), = claims.compare(_counts(bool, texts=False, size=5), NO_CODES).iterrows()
    assert row["verdict"] == "not_testable" and np.isnan(row["p"])


def test_events_that_both_outlets_covered_are_matched():
    table = _counts(lambda place: True, texts=False, size=10, event=lambda place: f"e{place}")
    (_, row), = claims.compare(table, NO_CODES).iterrows()
    assert (row["design"], row["blocks"]) == ("events", 10)
    assert row["p"] == 2 / 2**10  # every event points the same way


def test_an_empty_event_is_unknown_and_not_the_same():
    (_, row), = claims.compare(_counts(bool, texts=False, size=10), NO_CODES).iterrows()
    assert row["design"] == "articles"


def test_three_outlets_of_which_one_stands_apart():
    table = claims.compare(
        _counts(lambda place: True, texts=True, outlets=("A", "B", "C")), NO_CODES)
    assert list(zip(table["outlet"], table["other_outlet"], strict=True)) == [
        ("A", "B"), ("A", "C"), ("B", "C")]
    assert list(table["verdict"] == "supported") == [True, True, False]
    assert table["omnibus_p"].isna().all()


def test_with_four_outlets_an_omnibus_test_comes_first():
    table = claims.compare(
        _counts(lambda place: True, texts=True, outlets=("A", "B", "C", "D")), NO_CODES)
    assert (table["omnibus_p"] < 0.01).all() and len(table) == 6


def test_swapping_the_outlets_flips_the_effect_and_keeps_the_verdict():
    table = _counts(lambda place: True, texts=True)
    other = table.assign(outlet=table["outlet"].map({"A": "Z", "B": "Y"}))
    other = other.sort_values("outlet", kind="stable", ascending=True)
    (_, one), = claims.compare(table, NO_CODES).iterrows()
    (_, two), = claims.compare(other, NO_CODES).iterrows()
    assert two["effect"] == pytest.approx(-one["effect"])
    assert two["verdict"] == one["verdict"]


def test_the_order_of_the_outlets_in_the_corpus_changes_nothing_but_signs():
    table = _counts(lambda place: place % 4 == 0, texts=True, outlets=("A", "B", "C"), size=16)
    turned = pd.concat([table[table["outlet"] == outlet] for outlet in "CAB"])
    one, two = (claims.compare(blocks, NO_CODES) for blocks in (table, turned))
    same = ["p", "p_adjusted", "joint_p", "verdict", "sturdy", "smallest_detectable", "blocks"]
    turned = {("A", "B"): 1, ("A", "C"): -1, ("B", "C"): -1}
    for row in one.itertuples():
        sign = turned[row.outlet, row.other_outlet]
        names = (row.outlet, row.other_outlet)[::sign]
        (_, other), = two[(two["outlet"] == names[0])
                          & (two["other_outlet"] == names[1])].iterrows()
        assert other["effect"] == sign * row.effect
        assert (other["low"], other["high"])[::sign] == (sign * row.low, sign * row.high)
        assert other[same].tolist() == [getattr(row, name) for name in same]


def test_matched_events_compare_the_outlets_values_and_ask_a_rate_to_double():
    """Ten events, A with 3 hedges in 40 words and B with 2: always more, and not twice as many."""
    table = _counts(bool, texts=False, size=10, event=lambda place: f"e{place}")
    hedges = np.where(table["outlet"] == "A", 3.0, 2.0) + 0.01 * table["article_id"].str[1:].map(
        int) * (table["outlet"] == "A")
    table["numerator"] = 1000.0 * hedges
    (_, row), = claims.compare(table, NO_CODES).iterrows()
    assert (row["value"], row["other_value"]) == pytest.approx((76.125, 50.0))
    assert row["value"] - row["other_value"] == pytest.approx(row["effect"])
    assert row["p"] == 2 / 2**10 and not row["reaches_minimum"]
    assert row["verdict"] == "direction_only"


def test_what_matched_events_could_have_shown_is_bounded_and_at_least_the_minimum():
    rng = np.random.default_rng(2)
    table = _counts(bool, texts=False, size=12, event=lambda place: f"e{place}")
    table["numerator"] = 1000.0 * rng.integers(0, 4, len(table))
    (_, row), = claims.compare(table, NO_CODES).iterrows()
    assert min(row["value"], row["other_value"]) <= row["smallest_detectable"] < np.inf


def test_fewer_articles_than_can_be_tested_are_never_said_to_be_enough():
    (_, row), = claims.compare(_counts(lambda place: True, texts=False), NO_CODES).iterrows()
    assert row["articles_needed"] == BLOCKS


def test_a_difference_that_rests_on_one_paragraph_is_not_supported():
    table = _counts(bool, texts=True, size=14)
    table.loc[(table["outlet"] == "A") & (table["block"] == 0), "numerator"] = 90_000.0
    (_, row), = claims.compare(table, NO_CODES).iterrows()
    assert not row["sturdy"] and row["verdict"] != "supported"


@pytest.mark.parametrize("texts", [True, False])
def test_placebo_stays_within_its_bound_and_is_reproducible(texts):
    blocks = _counts(lambda place: place % 3 == 0, texts, outlets=("A", "B", "C"))
    table = claims.placebo(blocks, NO_CODES, runs=40, seed=3)
    assert list(table.columns) == ["family", "runs", "supported", "rate", "low", "high"]
    assert list(table["family"]) == list(FAMILIES)
    assert (table["supported"] <= 3).all()  # .075 of 40
    pd.testing.assert_frame_equal(table, claims.placebo(blocks, NO_CODES, runs=40, seed=3))


def test_placebo_of_one_outlet_supports_nothing():
    table = claims.placebo(_counts(bool, texts=True, outlets=("A",)), NO_CODES, runs=5)
    assert table["supported"].sum() == 0


def test_dealing_keeps_the_number_of_blocks_and_stays_within_events():
    table = _counts(bool, texts=False, size=10, event=lambda place: f"e{place}")
    blocks = pairs.gather(table).blocks
    dealt = claims.deal_outlets(blocks, np.random.default_rng(0))
    assert sorted(dealt) == sorted(blocks["outlet"])
    for event in blocks["event"].unique():
        assert sorted(dealt[blocks["event"] == event]) == ["A", "B"]


def test_events_of_one_article_each_are_dealt_together():
    """An event that a single outlet covered holds its article to nothing."""
    table = _counts(bool, texts=False, size=10, event=lambda place: f"e{place}")
    table["event"] += table["outlet"]
    blocks = pairs.gather(table).blocks
    assert len(set(claims.units_of(blocks)[2])) == 1
    dealt = claims.deal_outlets(blocks, np.random.default_rng(0))
    assert (dealt != blocks["outlet"]).any()


def test_the_quick_way_and_the_table_agree_on_what_is_supported():
    table = _counts(lambda place: True, texts=True, outlets=("A", "B", "C"))
    sums = pairs.gather(table)
    quick = claims.supported(sums, pairs.plan(sums, NO_CODES), sums.blocks["outlet"].to_numpy())
    made = claims.compare(table, NO_CODES)
    made = made[made["verdict"] == "supported"]
    assert set(quick) == set(zip(made["outlet"], made["other_outlet"], made["measure"],
                                 strict=True))


def test_the_smallest_difference_falls_with_the_number_of_blocks():
    found = []
    for size in (12, 48):
        table = claims.compare(_counts(bool, texts=False, size=size), NO_CODES)
        found.append(table["smallest_detectable"].iloc[0])
    assert found[1] < found[0]


def test_no_share_of_turned_sentences_can_show_what_cannot_be_shown():
    table = _counts(bool, texts=False, size=8).assign(
        family=ENTMAN, measure="cause", instrument="codes", unit="share", coder="b",
        denominator=1.0)
    table["numerator"] = (np.arange(len(table)) % 2).astype(float)
    sums = pairs.gather(table)
    row = pairs.plan(sums, NO_CODES)[0]
    pair = pairs.make_pairs(sums, sums.blocks["outlet"].to_numpy())[0]
    assert power.smallest_difference(pair, row, row.specs, tests=60) == np.inf


STATED = {"family": TONE, "measure": "toward Russia", "unit": "polarity",
          "instrument": "codes", "outlet": "A", "other_outlet": "B", "effect": -0.9, "low": -1.2,
          "high": -0.5, "blocks": 9, "smallest_detectable": 0.6, "verdict": "supported",
          "design": "texts"}


@pytest.mark.parametrize("change, sentence", [
    ({}, "In these texts, the tone toward Russia is more negative in A than in B "
         "(−0.90, 95 % interval −1.20 to −0.50): supported."),
    ({"design": "articles", "verdict": "direction_only"},
     "In this corpus's articles, the tone toward Russia is more negative in A than in B "
     "(−0.90, 95 % interval −1.20 to −0.50): leaning (one sign in every "
     "reading that counts and a joint p of at most .05, no more)."),
    ({"design": "events"}, "On the events that both covered, the tone toward Russia is more "
     "negative in A than in B (−0.90, 95 % interval −1.20 to −0.50): supported."),
    ({"verdict": "not_supported", "high": 0.2},
     "In these texts, no difference in tone toward Russia is shown between A and B (−0.90, 95 % "
     "interval −1.20 to +0.20; a difference of about 0.60 would be found four times in five)."),
    ({"verdict": "not_supported", "smallest_detectable": np.inf},
     "In these texts, the tone toward Russia is more negative in A than in B (−0.90, 95 % interval "
     "−1.20 to −0.50; no difference would be found four times in five): not supported."),
    ({"verdict": "not_testable", "blocks": 4}, "In these texts, A and B cannot be compared in "
     "tone toward Russia: too few paragraphs carry the measure (4; 8 are needed)."),
    ({"verdict": "not_testable", "blocks": 4, "design": "articles", "family": PLAIN_COUNTS,
      "measure": "hedges", "unit": "per 1,000 words", "instrument": "count"},
     "In this corpus's articles, A and B cannot be compared in hedges: too few articles an outlet "
     "carry the measure (4; 8 are needed)."),
    ({"verdict": "not_testable", "blocks": 0, "not_coded": "B"}, "In these texts, A and B cannot "
     "be compared in tone toward Russia: B is not coded in full."),
    ({"verdict": "not_testable", "blocks": 8, "too_few": True, "instrument": "network"},
     "In these texts, A and B cannot be compared in tone toward Russia, by network: the network "
     "judges it in fewer than 10 sentences of one outlet."),
    ({"instrument": "vader", "verdict": "not_supported", "smallest_detectable": np.nan,
      "high": 0.2},
     "In these texts, no difference in tone toward Russia is shown between A and B, by vader "
     "(−0.90, 95 % interval −1.20 to +0.20)."),
    ({"instrument": "corrected", "sampled": "40 units drawn at random and read by coder anna "
      "(person)"}, "In these texts, the tone toward Russia is more negative in A than in B, "
     "corrected by 40 units drawn at random and read by coder anna (person) (−0.90, 95 % interval "
     "−1.20 to −0.50): supported."),
    ({"family": ENTMAN, "measure": "cause", "unit": "share", "effect": 0.3, "low": 0.2,
      "high": 0.4},
     "In these texts, the share of sentences with a cause is larger in A than in B "
     "(+30 points, 95 % interval +20 to +40): supported."),
    ({"family": PLAIN_COUNTS, "measure": "hedges", "unit": "per 1,000 words", "effect": 9.0,
      "low": 4.0, "high": 14.0},
     "In these texts, hedges are more frequent in A than in B "
     "(+9.0 per 1,000 words, 95 % interval +4.0 to +14.0): supported."),
    ({"measure": "toward United States"},
     "In these texts, the tone toward the United States is more negative in A than in B "
     "(−0.90, 95 % interval −1.20 to −0.50): supported."),
])
def test_statements_follow_verdict_and_design(change, sentence):
    assert statement(STATED | change) == sentence
