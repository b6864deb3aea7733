"""Claims follow the tables as they stand, and a column of one's own is compared alike."""

import copy

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import compare, load
from analysis.definitions import ROOT

KEYS = ["measure", "instrument", "outlet", "other_outlet"]


def _row(claims, measure, instrument, outlet="Washington Examiner", other="The Duran"):
    return claims.set_index(KEYS).loc[(measure, instrument, outlet, other)]


def test_the_tables_stay_as_they_were(t, three):
    compare.claims(t)
    for name, table in vars(three).items():
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(getattr(t, name), table)


def test_the_lines_of_the_design_give_the_effect_of_the_claim(three, claims_of_three):
    """Author-held mentions of the Russian side, by coder, headings and self-quotation out."""
    sides = {name.casefold(): row.side for row in three.actors.fillna("").itertuples()
             for name in [row.actor, *row.aliases.split("|")]}
    targets = three.targets[three.targets["by_kind"] == "model"]
    targets = targets.assign(side=targets["target"].str.casefold().map(sides), score=targets[
        "polarity"].map({"negative": -1, "neutral": 0, "positive": 1}))
    places = three.paragraphs.rename(columns={"start": "from", "end": "to"})
    own = targets[(targets["holder"] == "author") & (targets["side"] == "Russia")].merge(
        places[["article_id", "from", "to", "role"]], on="article_id")
    own = own[(own["unit_start"] >= own["from"]) & (own["unit_start"] < own["to"])]
    own = own[~own["role"].isin(["self_quotation", "heading", "furniture"])]
    means = own.groupby(["by", "article_id"])["score"].mean().groupby("article_id").mean()
    assert means["examiner"] - means["duran"] == pytest.approx(-0.859944, abs=1e-6)
    found = _row(claims_of_three, "toward Russia and its officials", "codes")
    assert found["effect"] == pytest.approx(-0.859944, abs=1e-6)


def test_an_edited_speaker_moves_the_words_given(t, claims_of_three):
    """All that the extractor gives to Lavrov in the Examiner goes to nobody with a side."""
    before = _row(claims_of_three, "words given to Russia and its officials", "extractor")
    mine = (t.attributions["by"] == "extractor") & (t.attributions["article_id"] == "examiner")
    t.attributions.loc[mine, "speaker"] = "a passer-by"
    after = _row(compare.claims(t), "words given to Russia and its officials", "extractor")
    assert before["value"] > 0.1 and after["value"] == 0
    assert after["other_value"] == before["other_value"]


def test_an_edited_voice_moves_the_tone_of_sentences(t, claims_of_three):
    t.sentences["voice"] = "author"
    every = t.sentiment[(t.sentiment["by"] == "vader")
                        & ~t.sentiment["paragraph_role"].isin(["heading", "furniture"])]
    means = every.groupby("article_id")["polarity"].mean()
    found = _row(compare.claims(t), "sentences", "vader")
    assert found["effect"] == pytest.approx(means["examiner"] - means["duran"])
    assert found["effect"] != pytest.approx(_row(claims_of_three, "sentences", "vader")["effect"])


def test_an_edited_polarity_moves_its_claim_and_no_other(t, claims_of_three):
    t.sentiment.loc[t.sentiment["by"] == "vader", "polarity"] = 0.5
    differing = compare.changed(claims_of_three, compare.claims(t))
    assert set(differing["measure"]) == {"sentences"}
    assert set(differing["instrument"]) == {"vader"}
    assert (differing["effect_other"] == 0).all()


def test_an_edited_code_of_a_target_moves_the_tone_toward_its_side(t):
    """With every positive of The Duran read as neutral, its mean is that of one negative in 17."""
    duran = (t.targets["article_id"] == "duran") & (t.targets["polarity"] == "positive")
    t.targets.loc[duran, "polarity"] = "neutral"
    found = _row(compare.claims(t), "toward Russia and its officials", "codes")
    assert found["other_value"] == pytest.approx(-1 / 17)


def test_a_dropped_paragraph_takes_all_that_stands_in_it_along(t, three):
    """Whatever is counted: as if sentences, codes and mentions had been dropped one by one."""
    gone = three.paragraphs[(three.paragraphs["article_id"] == "duran")
                            & (three.paragraphs["paragraph"] == 13)].iloc[0]
    t.paragraphs = t.paragraphs.drop(gone.name)
    follows = compare.claims(t)
    inside = (t.sentences["article_id"] == "duran") & t.sentences["start"].between(
        gone["start"], gone["end"])
    assert inside.any()
    t.paragraphs, t.sentences = three.paragraphs, t.sentences[~inside]
    by_hand = compare.claims(t)
    assert compare.changed(follows, by_hand).empty


def test_a_dropped_article_leaves_the_other_pair_as_it_was(t, claims_of_three):
    t.articles = t.articles[t.articles["article_id"] != "vox"]
    found = compare.claims(t)
    assert set(found["outlet"]) | set(found["other_outlet"]) == {"Washington Examiner", "The Duran"}
    both = found.merge(claims_of_three, on=KEYS, suffixes=("", "_before"))
    both = both[both["measure"].isin([f"toward {side} and its officials"
                                      for side in ("Russia", "United States")])]
    for name in ("effect", "low", "high", "p"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_before"], check_names=False)


def test_a_side_that_the_speaker_does_not_have_is_said(t):
    t.attributions["side"] = ""
    with pytest.warns(UserWarning, match=r"attributions.side differs in \d+ rows"):
        compare.claims(t)


def test_an_instrument_of_ones_own_gets_its_row(t):
    mine = t.sentiment[t.sentiment["by"] == "vader"].assign(by="mine")
    t.sentiment = pd.concat([t.sentiment, mine], ignore_index=True)
    found = compare.claims(t)
    mine, theirs = (_row(found, "sentences", name) for name in ("mine", "vader"))
    assert mine["effect"] == theirs["effect"] and not mine["member"]


def test_the_same_claims_do_not_differ(claims_of_three):
    assert compare.changed(claims_of_three, claims_of_three.copy()).empty


def test_a_claim_that_stands_in_one_table_only_is_listed(claims_of_three):
    (_, row), = compare.changed(claims_of_three, claims_of_three.iloc[1:]).iterrows()
    assert row["measure"] == claims_of_three["measure"].iloc[0]
    assert pd.isna(row["verdict_other"])


def _table(outlets=("A", "B"), paragraphs=12, seed=3, shift=1.0):
    rng, rows = np.random.default_rng(seed), []
    for outlet in outlets:
        for paragraph in range(1, paragraphs + 1):
            for _ in range(3):
                rows.append((outlet, outlet.lower(), paragraph, "", rng.normal() + shift
                             * (outlet == "A"), 2.0))
    names = ["outlet", "article_id", "paragraph", "event", "polarity", "words"]
    return pd.DataFrame(rows, columns=names)


def test_a_difference_agrees_with_welch_on_paragraph_means():
    table = _table()
    (_, row), = compare.difference(table, "polarity").iterrows()
    means = table.groupby(["outlet", "paragraph"])["polarity"].mean()
    known = stats.ttest_ind(means["A"], means["B"], equal_var=False)
    low, high = known.confidence_interval()
    assert row["effect"] == pytest.approx(means["A"].mean() - means["B"].mean())
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.15)
    assert row["p"] == pytest.approx(known.pvalue, abs=0.005)
    assert (row["blocks"], row["unit"]) == (12, "paragraphs")
    assert "compared over paragraphs, at least 12 a side" in row["text"]


def test_a_weight_makes_a_share():
    """3 of 12 words in A's rows, 1 of 4 in B's: by words alike, by rows not."""
    table = pd.DataFrame({"outlet": ["A", "A", "B", "B"], "article_id": ["a", "a", "b", "b"],
                          "paragraph": [1, 2, 1, 2], "quoted": [True, False, True, False],
                          "words": [3, 9, 1, 3]})
    (_, row), = compare.difference(table, "quoted", weight="words").iterrows()
    assert (row["value"], row["other_value"], row["effect"]) == (0.25, 0.25, 0)
    assert np.isnan(row["p"]) and "not tested, since fewer than 8 paragraphs" in row["text"]


def test_blocks_of_both_sides_together_are_called_so():
    """12 paragraphs a side hold a value, and only five of A's one that is not zero."""
    table = _table().assign(hedges=0)
    table.loc[(table["outlet"] == "A") & (table["paragraph"] <= 5), "hedges"] = 1
    (_, row), = compare.difference(table, "hedges").iterrows()
    assert row["blocks"] == 5 and np.isnan(row["p"])
    assert row["text"] == ("hedges, A minus B: not tested, since it is not zero in only 5 "
                           "paragraphs of both sides together, and 8 are needed.")
    table.loc[(table["outlet"] == "B") & (table["paragraph"] <= 4), "hedges"] = 1
    (_, row), = compare.difference(table, "hedges").iterrows()
    assert row["blocks"] == 9 and "at least 12 a side (not zero in 9 of both" in row["text"]


def test_several_readings_are_computed_apart_then_averaged():
    one, two = _table(shift=1.0), _table(shift=3.0)
    both = pd.concat([one.assign(by="coder x"), two.assign(by="coder y")])
    (_, row), = compare.difference(both, "polarity").iterrows()
    alone = [compare.difference(table, "polarity").iloc[0] for table in (one, two)]
    assert row["effect"] == pytest.approx(np.mean([a["effect"] for a in alone]))
    assert row["p"] == max(a["p"] for a in alone)
    assert row["by"] == "coder x|coder y" and "the mean of 2 readings" in row["text"]


def test_each_pair_of_outlets_in_their_order():
    table = _table(("A", "B", "C"))
    table["outlet"] = pd.Categorical(table["outlet"], ["C", "A", "B"])
    found = compare.difference(table, "polarity")
    assert list(zip(found["outlet"], found["other_outlet"], strict=True)) == [
        ("C", "A"), ("C", "B"), ("A", "B")]
    assert found["effect"].iloc[2] > 0 > found["effect"].iloc[0]


def test_one_outlet_gives_no_row_and_a_missing_column_is_named():
    assert compare.difference(_table(("A",)), "polarity").empty
    with pytest.raises(KeyError, match="no column 'tone'; it has outlet"):
        compare.difference(_table(), "tone")


def test_a_sentence_that_a_coder_gives_to_another_shows_no_author(t, claims_of_three):
    coded = t.frames[t.frames["voice"].ne("author")]
    others = set(zip(coded["article_id"], coded["start"], strict=True))
    shown = claims_of_three[claims_of_three["family"].eq("Entman's functions")]
    shown = shown[shown["evidence_article"].ne("")]
    assert len(shown)
    assert not others & set(zip(shown["evidence_article"], shown["evidence_start"], strict=True))


def test_parts_of_a_corpus_that_nobody_coded_give_the_claims_of_the_whole():
    """Parts of five articles, so that outlets and events lie in several."""
    path = ROOT / "tests" / "corpora" / "four-outlets"
    whole = load(path)
    for name in ("attributions", "sentiment", "targets"):
        table = getattr(whole, name)
        setattr(whole, name, table[table["by_kind"] == "instrument"].assign(used=True))
    whole.frames, whole.coded = whole.frames[:0], whole.coded[:0]
    keys = whole.articles["article_id"].tolist()

    def part(kept):
        own = copy.copy(whole)
        for name, table in vars(whole).items():
            if hasattr(table, "columns") and "article_id" in table:
                setattr(own, name, table[table["article_id"].isin(kept)].reset_index(drop=True))
        return own

    parts = (part(keys[first:first + 5]) for first in range(0, len(keys), 5))
    found = compare.claims_of_parts(parts, whole.articles)
    pd.testing.assert_frame_equal(found, compare.claims(whole))
    assert found["evidence_article"].ne("").any() and found["mentions"].ne("").any()
