"""Sums per block: against a pencil, and against what is known of the three articles."""

import numpy as np
import pandas as pd
import pytest

from analysis import compare
from analysis.claims import deciding, measures
from analysis.claims.inference import bootstrap_t, moments
from analysis.definitions import ENTMAN, SENTENCES, TONE


@pytest.fixture(scope="module")
def counted(three):
    return measures.count(three)


def _unit(**change):
    row = {"article_id": "a", "block": 1, "sentence": 1, "start": 0, "end": 9, "voice": "author",
           "role": "body", "family": ENTMAN, "measure": "cause", "instrument": "codes",
           "coder": "b", "item": 0, "value": 1.0, "weight": 1.0}
    return row | change


def _sums(*units, voice="author", scope="article"):
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["North"], "event": [""]})
    blocks = measures.sum_units(pd.DataFrame(list(units)), articles)
    rows = blocks[(blocks["voice"] == voice) & (blocks["scope"] == scope)]
    return list(zip(rows["block"], rows["numerator"], rows["denominator"], strict=True))


def test_units_of_a_paragraph_are_summed():
    assert _sums(_unit(), _unit(value=0.0), _unit(block=2)) == [(1, 1, 2), (2, 1, 1)]


@pytest.mark.parametrize("voice, counted", [
    ("author", 1), ("author, mixed sentences too", 2), ("all", 3)])
def test_the_authors_voice_leaves_out_what_others_say(voice, counted):
    units = [_unit(), _unit(voice="mixed"), _unit(voice="quoted")]
    assert _sums(*units, voice=voice) == [(1, counted, counted)]


@pytest.mark.parametrize("role, scope, counted", [
    ("headline", "article", True), ("headline", "body", False), ("heading", "article", False),
    ("furniture", "article", False), ("deck", "article", True)])
def test_headings_stay_out_and_headline_and_deck_stay_in(role, scope, counted):
    assert bool(_sums(_unit(role=role), scope=scope)) == counted


def test_furniture_counts_only_where_an_instrument_reads_the_whole_page():
    units = [_unit(instrument="cues", coder=""), _unit(instrument="cues", coder="",
                                                      role="furniture", voice="furniture")]
    assert _sums(*units, scope="page") == [(1, 2, 2)]
    assert _sums(*units) == [(1, 1, 1)]


def test_mentions_in_one_sentence_share_a_vote_of_an_instrument_and_codes_count_each():
    """Two mentions at +1 and one at −1 in a sentence: a third; codes: 1 of 3."""
    for instrument, vote in (("network", (1 / 3, 1)), ("codes", (1, 3))):
        units = pd.DataFrame([_unit(family=TONE, measure="toward Ann", instrument=instrument,
                                    item=item, value=value)
                              for item, value in ((1, 1.0), (2, 1.0), (3, -1.0))])
        [(_, total, weight)] = _sums(*measures.one_vote(units).to_dict("records"))
        assert (total, weight) == pytest.approx(vote)


def test_a_part_coded_at_random_corrects_its_instrument():
    """Four sentences, two coded: prediction 1 everywhere, codes 1 and 0, probability a half."""
    guess = [_unit(family=SENTENCES, measure="sentences", instrument="vader", coder="",
                   sentence=number) for number in (1, 2, 3, 4)]
    codes = [_unit(family=SENTENCES, measure="sentences", sentence=number, value=value)
             for number, value in ((1, 1.0), (2, 0.0))]
    rows = deciding._corrected(pd.DataFrame(guess), pd.DataFrame(codes), _read("b", 0.5, 1, 2))
    assert rows["value"].sum() == pytest.approx(4 + (0 - 1) / 0.5)
    assert rows["weight"].sum() == 4 and set(rows["instrument"]) == {"corrected"}


def _read(coder, probability, *sentences):
    return pd.DataFrame({"coder": coder, "article_id": "a", "sentence": sentences, "whole": True,
                         "start": 0, "end": 9, "probability": probability})


def test_several_passes_predict_by_their_mean():
    """Two passes say 1 and 0 of the one sentence, the person says 1 with probability 1."""
    guess = [_unit(coder=coder, value=value) for coder, value in (("b", 1.0), ("c", 0.0))]
    read = _read("anna", 1.0, 1)
    rows = deciding._corrected(pd.DataFrame(guess), pd.DataFrame([_unit()]), read)
    assert (rows["value"].tolist(), rows["weight"].tolist()) == ([1.0], [1.0])
    elsewhere = read.assign(sentence=9)
    rows = deciding._corrected(pd.DataFrame(guess), pd.DataFrame([_unit()]).iloc[:0], elsewhere)
    assert (rows["value"].tolist(), rows["weight"].tolist()) == ([0.5], [1.0])


def test_near_duplicates_count_once_an_outlet_and_are_an_event_across_outlets():
    facts = pd.DataFrame({
        "article_id": ["a", "b", "c", "d", "e"], "outlet": ["N", "N", "S", "N", "S"],
        "event": ["", "", "", "vote", ""], "cluster": [1, 1, 1, 2, 3],
        "published": ["2020-02-02", "2020-01-01", "", "2020-01-01", ""]})
    kept = measures.independent(facts).set_index("article_id")["event"]
    assert kept.to_dict() == {"b": "near-duplicates 1", "c": "near-duplicates 1", "d": "vote",
                              "e": ""}


@pytest.mark.parametrize("article, polarity", [
    ("examiner", -0.6), ("vox", -0.7), ("duran", 0.3)])
def test_author_held_tone_toward_russia_is_what_a_close_reading_found(counted, article, polarity):
    rows = counted.blocks.query("measure == 'toward Russia and its officials' and "
                                "instrument == 'codes' "
                                "and voice == 'author' and scope == 'article' "
                                f"and article_id == '{article}'")
    assert rows["numerator"].sum() / rows["denominator"].sum() == pytest.approx(polarity, abs=0.06)


def test_every_word_has_one_place_and_all_words_of_a_paragraph_weigh_once(counted):
    rows = counted.blocks.query(f"measure == '{measures.OTHERS}' and instrument == 'extractor' "
                                "and scope == 'page'")
    for article, own in rows.groupby("article_id"):
        assert own["denominator"].sum() == (counted.words["article_id"] == article).sum()


def test_two_comparisons_are_supported_and_each_shows_its_sentence(three, claims_of_three):
    held = claims_of_three[claims_of_three["verdict"] == "supported"]
    assert set(zip(held["measure"], held["outlet"], held["other_outlet"], strict=True)) == {
        ("toward Russia and its officials", "Washington Examiner", "The Duran"),
        ("toward Russia and its officials", "Vox", "The Duran")}
    spans = held[["evidence_article", "evidence_start", "evidence_end"]]
    spans = spans.set_axis(["article_id", "start", "end"], axis=1).astype({"start": "int64",
                                                                           "end": "int64"})
    shown = spans.merge(three.sentences, on=["article_id", "start", "end"])
    assert len(shown) == 2 and (held["evidence_actor"] != "").all()
    assert (held["evidence_coder"] == "b|c").all()


def test_codes_are_more_reliable_than_instruments(three, counted):
    table = compare.agreement(three, counted).set_index(["measure", "instrument"])["alpha"]
    assert table["sentences", "textblob"] < 0 < table["sentences", "codes"]
    assert table["cause", "codes"] == pytest.approx(0.91, abs=0.01)
    assert table["moral judgement", "codes"] == pytest.approx(0.67, abs=0.01)


def test_correction_recovers_the_codes_when_all_are_coded():
    code = np.array([1.0, 0, 1, 1])
    assert deciding.corrected([0, 0, 0, 1], code, np.ones(4)) == pytest.approx(code)


def test_correction_is_unbiased_and_its_interval_covers_when_the_instrument_errs_differently():
    """Two outlets alike in truth; the instrument sees .3 too much in one; a third is coded."""
    rng, hits, effects, naive = np.random.default_rng(4), 0, [], []
    for run in range(300):
        sums = []
        for extra in (0.3, 0.0):
            truth = (rng.random((20, 5)) < 0.4).astype(float)
            seen = np.clip(truth + (rng.random((20, 5)) < extra), 0, 1)
            code = np.where(rng.random((20, 5)) < 1 / 3, truth, np.nan)
            part = np.isfinite(code).mean()
            sums.append(moments(deciding.corrected(seen, code, part).sum(1), np.full(20, 5)))
            naive.append(seen.mean())
        interval = bootstrap_t(*sums, runs=399, seed=run)
        effects.append(interval.effect[0])
        hits += interval.low[0] <= 0 <= interval.high[0]
    assert abs(np.mean(naive[::2]) - np.mean(naive[1::2])) > 0.15  # what goes wrong without
    assert abs(np.mean(effects)) < 0.015
    assert 0.92 <= hits / 300 <= 0.985


def test_a_word_counts_where_it_begins_also_where_sentences_touch():
    """“Done.Next” is one word of the first sentence: the second has two left."""
    places = pd.DataFrame({"article_id": "a", "block": 1, "sentence": [1, 2], "start": [0, 8],
                           "end": [8, 21], "text": ["It’s so.", "Next was rain"]})
    words = measures.words_with_places(places, pd.DataFrame(
        {"article_id": "a", "start": [0, 13], "end": [13, 21], "voice": ["author", "quoted"]}))
    assert words["offset"].tolist() == [0, 5, 13, 17]
    assert words["voice"].tolist() == ["author", "author", "quoted", "quoted"]
