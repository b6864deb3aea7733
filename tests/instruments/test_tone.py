"""Tone: what each instrument says, the words that made it, and where it misleads."""

import math
import types

import pandas as pd
import pytest

from analysis.corpus import language
from analysis.instruments import tone as sentiment

NO_ACTORS = pd.DataFrame(columns=["actor", "aliases", "role", "side"])
NO_LAYOUT = pd.DataFrame(columns=["article_id", "paragraph", "start", "end", "role", "speaker"])


@pytest.fixture()
def network(monkeypatch):
    """A network that finds sentences with "over" negative and every mention half negative."""
    stand_in = types.SimpleNamespace(
        score_sentences=lambda texts: [-0.5 if "over" in text else 0.0 for text in texts],
        explain_sentence=lambda text: [(text[:3], 0, 3, -0.2), (text[-3:], 0, 3, 0.01)],
        score_mentions=lambda texts, spans: pd.DataFrame({
            "polarity": [text[start:end].lower() for text, (start, end) in
                         zip(texts, spans, strict=True)],
            "p_negative": 0.5, "p_neutral": 0.3, "p_positive": 0.2}, index=range(len(texts))),
    )
    monkeypatch.setattr(sentiment, "_targets", lambda: stand_in)
    return stand_in


def parse(text):
    return language.parse("a", text, NO_LAYOUT, NO_ACTORS)


def scored(text, instrument, network_=None, voice="author"):
    parsed = parse(text)
    table = sentiment.score_sentences(parsed, parsed.sentences.assign(voice=voice))
    return table[table["instrument"] == instrument].iloc[0]


def polarity(text, instrument):
    return sentiment.score([text], instrument)[0].polarity


# What a score is made of


@pytest.mark.parametrize("text", [
    "It was more confusing than clarifying, and the best of a bad lot.",
    "Troops entered the city.",
    "This is not a very good idea!",
])
def test_textblobs_polarity_is_the_mean_of_its_evidence(text):
    result = sentiment.score([text], "textblob")[0]
    values = [item.value for item in result.evidence] or [0.0]
    assert result.polarity == pytest.approx(sum(values) / len(values), abs=1e-4)


@pytest.mark.parametrize("text", [
    "The brutal attack was a disaster for peace.",
    "They are not happy, but the rescue was great.",
])
def test_vaders_polarity_is_the_squashed_sum_of_its_evidence(text):
    result = sentiment.score([text], "vader")[0]
    total = sum(item.value for item in result.evidence)
    assert result.polarity == pytest.approx(total / math.sqrt(total * total + 15), abs=1e-4)


def test_evidence_can_be_read_back():
    written = sentiment.write_evidence([
        sentiment.Evidence("particularly bizarre", 0.4, 0, 20, False),
        sentiment.Evidence(";-)", 0.25, 21, 24, False),
        sentiment.Evidence("western", 0.0, 25, 32, False),
    ])
    assert written == "particularly bizarre +0.40; ;-) +0.25"
    assert sentiment.parse_evidence(written) == [("particularly bizarre", 0.4), (";-)", 0.25)]


def test_a_sentence_without_evidence_has_empty_evidence():
    assert sentiment.write_evidence([]) == ""
    assert sentiment.parse_evidence("") == []


def test_evidence_says_where_its_words_stand():
    text = "Good words come first, and good deeds later."
    found = sentiment.score([text], "textblob")[0].evidence
    assert [text[item.start:item.end] for item in found] == ["Good", "first", "good", "later"]


def test_flags_can_be_read_back():
    assert sentiment.parse_flags("degree_word: more, most; furniture") == {
        "degree_word": ["more", "most"], "furniture": []}
    assert sentiment.parse_flags("") == {}


# Where the lexicon misleads: known limits, shown in the notebook


@pytest.mark.parametrize("sentence, value, why", [
    ("The first responders found the bodies.", 0.25, "'first' scores as praise"),
    ("More civilians have died.", 0.50, "'more' scores as praise, 'died' is unknown"),
    ("Most of the villages were burnt.", 0.50, "'most' scores as praise"),
    ("The latest massacre shook the town.", 0.50, "'latest' scores as praise"),
    ("The story is particularly bizarre.", 0.40, "'bizarre' scores as praise"),
    ("Troops entered the city.", 0.00, "no lexicon word"),
    ("The war goes on after the missile attack.", 0.00, "'war', 'missile', 'attack' are unknown"),
    ("This isn't good.", 0.70, "the contracted negation is not seen"),
    ("This is not good.", -0.35, "the full negation is seen, and halves"),
    ("He called him a brilliant liar.", 0.90, "'liar' is unknown, the irony unseen"),
])
def test_where_the_lexicon_misleads(sentence, value, why):
    assert polarity(sentence, "textblob") == pytest.approx(value), why


@pytest.mark.parametrize("sentence, sign, why", [
    ("The United Nations met.", 1, "'United' of a name scores as praise"),
    ("The Security Council met.", 1, "'Security' of a name scores as praise"),
    ("The treasury clerk went home.", 1, "'treasury' scores as praise"),
    ("Officials reject the charge of murder, she said, and welcomed the truce.", -1,
     "a denial of murder is as negative as murder"),
    ("Rebels bombed the ceasefire line.", -1, "'bombed' is unknown, 'rebels' is not"),
])
def test_where_vader_misleads(sentence, sign, why):
    assert math.copysign(1, polarity(sentence, "vader")) == sign, why


@pytest.mark.parametrize("instrument", ["textblob", "vader"])
@pytest.mark.parametrize("one, other", [("Putin", "Merkel"), ("Russia", "France"),
                                        ("Trump", "Obama"), ("Vox", "Reuters")])
def test_swapping_names_changes_no_lexicon_score(instrument, one, other):
    text = "{} made a terrible mistake, said the very happy minister."
    assert polarity(text.format(one), instrument) == polarity(text.format(other), instrument)


def test_a_curly_apostrophe_scores_as_a_straight_one(network):
    for instrument in sentiment.INSTRUMENTS:
        assert polarity("It isn’t good.", instrument) == polarity("It isn't good.", instrument)


def test_vader_alone_misses_a_negation_with_a_curly_apostrophe():
    vader = sentiment._vader()
    assert vader.polarity_scores("It isn’t good.")["compound"] > 0
    assert vader.polarity_scores("It isn't good.")["compound"] < 0
    assert polarity("It isn’t good.", "vader") < 0


@pytest.mark.parametrize("plain, negated, instrument, seen", [
    ("It is good.", "It is not good.", "textblob", True),
    ("It is good.", "It isn't good.", "textblob", False),
    ("It is a good plan.", "Nobody called it a good plan.", "textblob", False),
    ("It is good.", "It isn't good.", "vader", True),
    ("It is a good plan.", "It is not by any stretch a good plan.", "vader", False),
])
def test_which_negations_are_seen(plain, negated, instrument, seen):
    changed = polarity(negated, instrument) != polarity(plain, instrument)
    assert changed == seen


def test_a_quoted_insult_scores_like_the_authors_own():
    own = polarity("He is a horrible liar.", "textblob")
    quoted = polarity('"He is a horrible liar," the rival said.', "textblob")
    assert own == quoted < 0


# Flags


@pytest.mark.parametrize("text, instrument, flag, words", [
    ("The Security Council met.", "vader", "name_as_word", ["Security"]),
    ("The United Nations met in May.", "vader", "name_as_word", ["United"]),
    ("More people came.", "textblob", "degree_word", ["more"]),
    ("The plan isn't good.", "textblob", "missed_negation", ["good"]),
    ("The city saw war.", "textblob", "unknown_key_word", ["war"]),
])
def test_each_lexical_flag_names_its_words(network, text, instrument, flag, words):
    assert sentiment.parse_flags(scored(text, instrument)["flags"])[flag] == words


@pytest.mark.parametrize("text, instrument, flag", [
    ("The plan isn't good.", "vader", "missed_negation"),
    ("The plan is not good.", "textblob", "missed_negation"),
    ("He did not wait because the good plan failed.", "textblob", "missed_negation"),
    ("Security was good.", "vader", "name_as_word"),
    ("The city saw war.", "vader", "unknown_key_word"),
    ("The city saw war.", "network", "unknown_key_word"),
    ("The good people came.", "textblob", "degree_word"),
])
def test_a_flag_stays_away_where_it_does_not_belong(network, text, instrument, flag):
    assert flag not in sentiment.parse_flags(scored(text, instrument)["flags"])


@pytest.mark.parametrize("voice, flag", [("quoted", "quoted_voice"), ("mixed", "quoted_voice"),
                                         ("paraphrased", "quoted_voice"),
                                         ("furniture", "furniture")])
def test_voice_and_furniture_are_flagged_and_scored_all_the_same(network, voice, flag):
    row = scored("Sign up for the best newsletter.", "textblob", voice=voice)
    assert row["polarity"] == 1.0
    assert flag in sentiment.parse_flags(row["flags"])


# The tables


def test_every_sentence_is_scored_once_by_every_instrument(network):
    parsed = parse("One good day came.\n\nIt isn’t over. Nobody knows why.")
    table = sentiment.score_sentences(parsed, parsed.sentences.assign(voice="author"))
    counted = table.groupby(["sentence", "instrument"]).size()
    assert len(counted) == 3 * len(parsed.sentences)
    assert (counted == 1).all()
    assert table["polarity"].between(-1, 1).all()
    network_rows = table[table["instrument"] == "network"]
    assert network_rows["polarity"].tolist() == [0.0, -0.5, 0.0]
    assert network_rows["evidence"].tolist() == ["", "", ""]


def test_the_words_that_made_the_networks_score_are_found_when_asked(network):
    assert sentiment.evidence_of("It isn’t over.", "network") == [
        sentiment.Evidence("It ", -0.2, 0, 3, False)]
    assert sentiment.evidence_of("It isn’t good.", "vader")[0].words == "good"


def test_an_unknown_instrument_is_refused_by_name():
    with pytest.raises(ValueError, match="no instrument 'afinn'; choose one of textblob"):
        sentiment.score(["x"], "afinn")


def test_the_holder_is_the_speaker_of_the_voice_in_which_the_mention_stands(network):
    text = '"Kim is mad," Lee said of Kim.'
    parsed = parse(text)
    mentions = pd.DataFrame({"article_id": "a", "sentence": 1, "start": [1, 14, 26],
                             "end": [4, 17, 29], "mention": ["Kim", "Lee", "Kim"],
                             "actor": ["Kim", "", "Kim"], "basis": "named"})
    voices = pd.DataFrame({"article_id": "a", "start": [0, 14], "end": [14, 30],
                           "voice": ["quoted", "author"], "speaker": ["Lee", ""]})
    table = sentiment.score_targets(parsed, mentions, voices)
    assert table["holder"].tolist() == ["Lee", "author"]
    assert table["polarity"].tolist() == ["kim", "kim"]
    assert (table["p_negative"] == 0.5).all()


@pytest.mark.parametrize("voice, speaker, holder", [
    ("author", "", "author"), ("self_quoted", "AUTHOR", "author"), ("quoted", "", "unknown"),
    ("quoted", "A. Writer", "author"), ("paraphrased", "Lee", "Lee"), ("furniture", "", ""),
])
def test_holders(voice, speaker, holder):
    assert sentiment._holder(voice, speaker, "A. Writer") == holder


def test_an_article_without_mentions_has_an_empty_table_of_targets(network):
    mentions = pd.DataFrame(columns=["article_id", "sentence", "start", "end", "mention", "actor"])
    voices = pd.DataFrame({"start": [0], "end": [3], "voice": ["author"], "speaker": [""]})
    table = sentiment.score_targets(parse("Yes."), mentions, voices)
    assert table.empty
    assert list(table.columns)[-2:] == ["p_positive", "flags"]
