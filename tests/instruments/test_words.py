"""Word choice: formula, degenerate cases, and loaded language."""

import math
import runpy

import numpy as np
import pandas as pd
import pytest

from analysis.definitions import ROOT
from analysis.instruments import words as framing

WORDS = ["article_id", "paragraph", "voice", "term", "n", "kind", "count"]


def words_of(texts, voice="author"):
    """Word counts as `count_terms` gives them; a text is a list of paragraphs."""
    rows = [(article, number, voice, word, 1, "how", count)
            for article, paragraphs in texts.items()
            for number, paragraph in enumerate(paragraphs, 1)
            for word, count in pd.Series(paragraph.split()).value_counts().sort_index().items()]
    return pd.DataFrame(rows, columns=WORDS)


def articles_of(texts, outlets=None):
    return pd.DataFrame({"article_id": list(texts), "outlet": outlets or list(texts)})


# Word choice --------------------------------------------------------------------------------------


def by_hand(y, other, prior):
    """Monroe et al. 2008, equations 15, 16, 19 and 22, word by word."""
    size, other_size, strength = sum(y), sum(other), sum(prior)
    rows = []
    for i, a in enumerate(prior):
        here = (y[i] + a) / (size + strength - y[i] - a)
        there = (other[i] + a) / (other_size + strength - other[i] - a)
        delta = math.log(here) - math.log(there)
        se = math.sqrt(1 / (y[i] + a) + 1 / (other[i] + a))
        rows.append((delta, se, delta / se))
    return rows


def log_odds(one, other, prior):
    one, other, prior = (np.array(counts, float) for counts in (one, other, prior))
    return framing.log_odds(one, other, one.sum(), other.sum(), prior, prior.sum())


def test_log_odds_agree_with_an_independent_implementation():
    rng = np.random.default_rng(1)
    for _ in range(20):
        y, other = rng.poisson(3, 50), rng.poisson(5, 50)
        prior = rng.uniform(0.01, 4, 50)
        odds, se = log_odds(y, other, prior)
        expected = np.array(by_hand(y.tolist(), other.tolist(), prior.tolist()))
        assert np.abs(np.column_stack([odds, se, odds / se]) - expected).max() < 1e-9


def test_a_word_used_once_in_ten_against_once_in_a_hundred():
    # With a prior of one word each: (2/20) against (2/110), so ln(0.1) − ln(2/110) = ln 5.5.
    odds, se = log_odds([1, 9], [1, 99], [1, 1])
    assert odds[0] == pytest.approx(math.log((2 / 10) / (2 / 100)))
    assert se[0] == pytest.approx(1.0)


def test_swapping_outlets_flips_the_sign():
    there, back = log_odds([5, 1], [1, 9], [.5, .5]), log_odds([1, 9], [5, 1], [.5, .5])
    assert np.allclose(there[0], -back[0])


def test_one_outlet_has_nothing_to_compare():
    texts = {"a": ["red red blue"], "b": ["red"]}
    found = framing.compare_terms(words_of(texts), articles_of(texts, ["North", "North"]))
    assert found.empty
    assert {"outlet", "term", "p_adjusted", "kind", "se_block"} <= set(found.columns)


def test_equal_texts_differ_in_no_word():
    texts = {"a": ["red red blue", "blue red"], "b": ["red red blue", "blue red"]}
    found = framing.compare_terms(words_of(texts), articles_of(texts), deals=49)
    assert np.allclose(found["log_odds"], 0)
    assert (found["p_adjusted"] == 1).all()


def test_an_outlet_without_words_has_no_terms_of_its_own():
    texts = {"a": ["red red blue"], "b": ["red blue blue"]}
    articles = articles_of({**texts, "c": []})
    found = framing.compare_terms(words_of(texts), articles, deals=49)
    empty = found[found["outlet"] == "c"]
    assert (empty["count"] == 0).all()
    assert np.isfinite(found[["log_odds", "se", "z"]].to_numpy()).all()


def test_texts_that_share_and_repeat_no_word_have_no_terms():
    texts = {"a": ["bridge"], "b": ["river"]}
    assert framing.compare_terms(words_of(texts), articles_of(texts)).empty


def test_terms_agree_with_the_formula_and_its_prior():
    # 500 prior words dealt by share of the corpus: red 4 of 8, blue 4 of 8.
    texts = {"a": ["red red red blue"], "b": ["red blue blue blue"]}
    found = framing.compare_terms(words_of(texts), articles_of(texts), deals=9)
    row = found[(found["outlet"] == "a") & (found["term"] == "red")].iloc[0]
    expected = by_hand([3, 1], [1, 3], [250.0, 250.0])[0]
    assert (row["log_odds"], row["se"], row["z"]) == pytest.approx(expected)
    assert (row["count"], row["count_elsewhere"]) == (3, 1)


def test_a_word_that_fills_one_outlet_survives_correction():
    rng = np.random.default_rng(3)
    common = ["the", "of", "and", "to", "in"]
    texts = {side: [" ".join([*rng.choice(common, 20), *[side] * 3]) for _ in range(20)]
             for side in ("left", "right")}
    found = framing.compare_terms(words_of(texts), articles_of(texts), deals=199)
    strong = found[(found["outlet"] == "left") & (found["p_adjusted"] <= 0.05)]
    assert set(strong["term"]) == {"left", "right"}
    assert strong.set_index("term")["log_odds"]["left"].iloc[0] > 0


def test_with_labels_dealt_at_random_a_distinctive_term_is_rare():
    rng = np.random.default_rng(5)
    vocabulary = [f"w{i}" for i in range(60)]
    hits, runs = 0, 60
    for run in range(runs):
        # Paragraphs that repeat their own words: counts are clumped, as in real texts.
        texts = {side: [" ".join(rng.choice(rng.choice(vocabulary, 6), 25)) for _ in range(12)]
                 for side in ("a", "b", "c")}
        found = framing.compare_terms(words_of(texts), articles_of(texts), deals=79, redraws=2,
                                      seed=run)
        hits += bool((found["p_adjusted"] <= 0.05).any())
    # At a rate of .05 eight or more of sixty come once in a hundred such tests.
    assert hits < 8


def test_terms_are_words_and_phrases_in_their_voice(parse_text):
    parsed = parse_text("Critics slammed the sham vote.\n\n“A great day,” Ann Lee said.")
    text = parsed.text
    cut = text.index("“")
    voices = pd.DataFrame({"article_id": "test", "start": [0, cut, cut + 14],
                           "end": [cut, cut + 14, len(text)],
                           "voice": ["author", "quoted", "author"], "speaker": ""})
    found = framing.count_terms(parsed, voices)
    by_term = found.set_index("term")
    assert by_term.loc["sham vote", "n"] == 2
    assert by_term.loc["great", "voice"] == "quoted"
    assert "day ann" not in by_term.index  # no phrase runs over a voice or a mark
    assert by_term.loc["ann", "kind"] == "what"
    assert by_term.loc["slammed", "kind"] == "how"
    assert found["count"].min() >= 1


@pytest.mark.parametrize("sentence, terms", [
    ("They don't trust Berlin's new plan.",
     {"they", "do", "not", "trust", "berlin", "new", "plan", "berlin's new", "new plan",
      "not trust", "not trust berlin", "berlin's new plan", "trust berlin", "trust berlin's new"}),
    ("I can't and won't go.", {"i", "can", "not", "and", "will", "go", "not go"}),
    ("She'd gone; it's she who'll pay.",
     {"she", "had", "gone", "it", "is", "who", "will", "pay"}),
    ("They'd have paid, she'd pay.", {"they", "would", "have", "paid", "she", "pay"}),
    ("The allies' war ended.", {"the", "allies", "war", "ended", "allies' war", "war ended",
                                "allies' war ended"}),
    ("US troops told us.", {"US", "troops", "told", "us", "US troops", "US troops told",
                            "troops told"}),
    ("The U.S. and WHO staff, who came.", {"the", "US", "and", "WHO", "staff", "who", "came",
                                           "US and WHO", "WHO staff"}),
    ("The far-right party met.", {"the", "far-right", "party", "met", "far-right party",
                                  "party met", "far-right party met"}),
    ("Mr. Lund saw Dr. Ek.", {"lund", "saw", "ek", "lund saw", "saw ek", "lund saw ek"}),
])
def test_contractions_are_written_out_and_a_possessive_is_no_word(parse_text, sentence, terms):
    found = _terms(parse_text, sentence)
    assert set(found["term"]) == terms
    assert (found["n"] == found["term"].str.count(" ") + 1).all()


def _terms(parse_text, sentence):
    voices = pd.DataFrame({"article_id": "test", "start": [0], "end": [len(sentence)],
                           "voice": ["author"], "speaker": ""})
    return framing.count_terms(parse_text(sentence), voices)


@pytest.mark.parametrize("british, american", [
    ("Wages rose by 30 per cent in a year.", "Wages rose by 30% in a year."),
    ("Wages rose by 30 per cent in a year.", "Wages rose by 30 percent in a year."),
    ("They organised colourful rallies in the centre.",
     "They organized colorful rallies in the center."),
    ("Neighbours criticised the offence.", "Neighbors criticized the offense."),
    ("The prices were centred on the theatre.", "The prices were centered on the theater."),
])
def test_house_style_is_no_choice_of_words(parse_text, british, american):
    assert set(_terms(parse_text, british)["term"]) == set(_terms(parse_text, american)["term"])


@pytest.mark.parametrize("word", ["organism", "criticism", "realistic", "capitalist", "promise",
                                  "greyhound", "programmed", "analysis"])
def test_a_word_that_only_begins_like_a_british_one_stays(parse_text, word):
    assert word in set(_terms(parse_text, f"They saw the {word} again.")["term"])


def test_a_name_keeps_its_spelling(parse_text):
    assert "labour" in set(_terms(parse_text, "Labour won the seat in Leeds.")["term"])


# Loaded language ----------------------------------------------------------------------------------


def test_a_sentence_that_rails_is_more_loaded_than_one_that_reports():
    rails = "The crazed mob of radical thugs obviously slammed this outrageous sham."
    reports = "The committee said on Tuesday that 12 members voted for the amendment."
    path = ROOT / "data" / "models" / "train_loaded.py"
    scores = runpy.run_path(str(path))["loaded_score"]([rails, reports])
    assert scores.shape == (2,)
    assert scores[0] > 0.9 > 0.4 > scores[1]
