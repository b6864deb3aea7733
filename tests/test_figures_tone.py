"""Figures and measures of the sentiment notebook: titles in every form, numbers by hand."""

import types

import numpy as np
import pandas as pd
import pytest

from analysis.old import instruments, tone, toward
from analysis.old.figures import tone as drawn


def ladder(*rows):
    return pd.DataFrame(rows, columns=["outlet", "other_outlet", "scope", "p"])


def test_the_ladder_names_the_pair_that_only_raw_text_tells_apart():
    table = ladder(("A", "B", "raw", 0.01), ("A", "B", "author", 0.3))
    assert drawn.ladder_title(table) == (
        "TextBlob parts A and B on raw text, not in the author’s voice")


def test_the_ladder_says_when_a_difference_stays():
    table = ladder(("A", "B", "raw", 0.01), ("A", "B", "author", 0.02))
    assert drawn.ladder_title(table) == (
        "TextBlob’s difference between A and B stays in the author’s voice")


def test_the_ladder_has_a_form_for_no_difference():
    table = ladder(("A", "B", "raw", 0.2), ("A", "B", "author", 0.01))
    assert drawn.ladder_title(table) == "TextBlob tells no two outlets apart, even on the raw files"


@pytest.mark.parametrize("change, title", [
    ({"A": -0.2, "B": -0.3}, "Every outlet closes more negatively than it opens, by the codes"),
    ({"A": 0.2}, "A closes more positively than it opens, by the codes"),
    ({"A": 0.2, "B": -0.3}, "No common direction from opening to close, by the codes"),
    ({"A": -0.2, "B": -0.05}, "No common direction from opening to close, by the codes"),
    ({}, "No common direction from opening to close, by the codes"),
])
def test_titles_of_arcs(change, title):
    assert drawn.arcs_title(pd.Series(change, dtype=float), "the codes") == title


@pytest.mark.parametrize("quoted, title", [
    ((-0.9, -0.5), "In A, the quoted voice is apart from the author’s, by VADER"),
    ((-0.3, 0.5), "No outlet’s quoted voice is clearly apart from its author’s, by VADER"),
    ((np.nan, np.nan), "No outlet’s quoted voice is clearly apart from its author’s, by VADER"),
])
def test_titles_of_tone_by_voice(quoted, title):
    table = pd.DataFrame([("A", "author", 0.0, -0.1, 0.1), ("A", "quoted", -0.7, *quoted)],
                         columns=["outlet", "voice", "mean", "low", "high"])
    assert drawn.voice_title(table, "VADER") == title


def test_tone_by_voice_has_a_title_without_quotations():
    table = pd.DataFrame([("A", "author", 0.0, -0.1, 0.1)],
                         columns=["outlet", "voice", "mean", "low", "high"])
    assert drawn.voice_title(table, "VADER").endswith("its author’s voice and quotations")


@pytest.mark.parametrize("alpha, title", [
    (0.21, "No two instruments agree: the closest, VADER and network, reach alpha .21"),
    (0.80, "VADER and network agree (alpha .80)"),
    (np.nan, "The instruments cannot be held against one another here"),
])
def test_titles_of_agreement(alpha, title):
    table = pd.DataFrame([("vader", "network", alpha), ("vader", "coder d", 0.9)],
                         columns=["one", "other", "alpha"])
    assert drawn.agreement_title(table) == title


@pytest.mark.parametrize("rows, title", [
    ([("textblob", -0.3, -0.5, -0.1), ("vader", 0.2, 0.0, 0.4)],
     "No instrument is reliable here, and TextBlob does worse than chance"),
    ([("textblob", 0.1, -0.5, 0.3), ("vader", 0.2, 0.0, 0.4)],
     "No instrument is reliable here; the best, VADER, reaches alpha .20"),
    ([("textblob", 0.1, -0.5, 0.3), ("vader", 0.8, 0.7, 0.9)], "VADER can be relied on here"),
])
def test_titles_of_reliability(rows, title):
    table = pd.DataFrame(rows, columns=["instrument", "alpha", "low", "high"]).assign(outlet="all")
    assert drawn.reliability_title(table) == title


def curve(*rows):
    return pd.DataFrame(rows, columns=["outlet", "other_outlet", "instrument", "effect", "joint_p"])


def test_the_curve_counts_pairs_by_sign_and_joint_p():
    table = curve(("A", "B", "vader", -0.2, 0.01), ("A", "B", "textblob", -0.1, 0.01),
                  ("A", "C", "vader", -0.2, 0.01), ("A", "C", "textblob", 0.1, 0.01))
    assert drawn.curve_title(table) == "The instruments tell 1 of 2 pairs of outlets apart"


def test_the_curve_corrects_for_the_number_of_pairs():
    table = curve(("A", "B", "vader", -0.2, 0.03), ("A", "C", "vader", -0.2, 0.5),
                  ("A", "B", "coder d", -0.2, 0.02), ("A", "C", "coder d", -0.2, 0.02))
    assert drawn.curve_title(table) == (
        "The instruments tell none of 2 pairs of outlets apart, the codes all")


def actors(*rows):
    return pd.DataFrame(rows, columns=["target", "outlet", "holder", "instrument", "mean",
                                       "mentions"])


def test_the_actor_with_the_widest_spread_is_named():
    table = actors(("X", "A", "author", "coder b", -0.7, 9),
                   ("X", "B", "author", "coder b", 0.5, 6),
                   ("Y", "A", "author", "coder b", 0.0, 9), ("X", "B", "others", "coder b", 1.0, 9))
    assert drawn.actors_title(table, ["A", "B"]) == "X: from −0.7 in A to +0.5 in B, by the codes"


@pytest.mark.parametrize("rows, outlets", [
    ([("X", "A", "author", "network", -0.7, 9)], ["A"]),
    ([("X", "A", "author", "network", -0.7, 9), ("X", "B", "author", "network", -0.6, 9)],
     ["A", "B"]),
    ([("X", "A", "author", "network", -0.7, 2), ("X", "B", "author", "network", 0.6, 2)],
     ["A", "B"]),
])
def test_no_clear_difference_toward_actors(rows, outlets):
    assert drawn.actors_title(actors(*rows), outlets) == (
        "No actor is treated clearly differently by the authors, by the network")


def test_smoothing_keeps_a_constant_and_skips_what_is_missing():
    assert drawn.smooth(np.array([0.5, np.nan, 0.5])) == pytest.approx([0.5, 0.5, 0.5])
    assert np.isnan(drawn.smooth(np.array([np.nan]))).all()


# Measures


@pytest.mark.parametrize("instrument, polarity, sign", [
    ("textblob", 0.0, 1), ("textblob", 0.01, 2), ("vader", 0.04, 1), ("vader", -0.06, 0),
    ("network", 0.3, 1), ("network", 0.4, 2), ("coder d", -0.5, 1), ("coder d", -1.0, 0),
])
def test_signs_leave_a_neutral_band(instrument, polarity, sign):
    assert instruments.signs(pd.Series([polarity]), instrument)[0] == sign


def test_a_missing_polarity_has_no_sign():
    assert np.isnan(instruments.signs(pd.Series([np.nan]), "vader")[0])


def sentences(*rows):
    return pd.DataFrame(rows, columns=["role", "voice"])


def test_each_scope_holds_less_than_the_one_before():
    table = sentences(("body", "author"), ("body", "quoted"), ("heading", "author"),
                      ("furniture", "furniture"), ("headline", "author"))
    held = {scope: tone.in_scope(table, scope).tolist() for scope in tone.SCOPES}
    assert held["raw"] == [True] * 5
    assert held["article"] == [True, True, False, False, True]
    assert held["author"] == [True, False, False, False, True]


def test_macro_f1_is_the_mean_over_three_labels():
    gold = pd.Series(["negative", "negative", "neutral", "positive"])
    said = pd.Series(["negative", "neutral", "neutral", "negative"])
    # negative 2·1/(2+2) = .5, neutral 2·1/(1+2) = .667, positive 0
    assert toward.macro_f1(gold, said) == pytest.approx((0.5 + 2 / 3 + 0) / 3)


def test_always_neutral_scores_a_third_at_best():
    gold = pd.Series(["neutral", "neutral"])
    assert toward.macro_f1(gold, gold) == pytest.approx(1 / 3)


def test_names_are_joined_through_the_aliases_of_the_actors():
    study = types.SimpleNamespace(actors=pd.DataFrame({
        "actor": ["Sergey Lavrov", "United States"], "aliases": ["Lavrov", "US|America"]}))
    assert toward.canonical(study, ["lavrov", "the US", "Nobody"]) == [
        "Sergey Lavrov", "United States", "Nobody"]


def test_an_interval_of_few_blocks_is_not_given():
    from analysis.claims.inference import moments
    mean, low, high = tone.mean_interval(moments(np.array([1.0, 0.0]), np.array([2.0, 2.0])))
    assert mean == 0.25
    assert np.isnan(low)
    assert np.isnan(high)


def test_an_interval_holds_its_mean_and_stays_on_the_scale():
    from analysis.claims.inference import moments
    mean, low, high = tone.mean_interval(moments(np.array([-1.0, -1, -1, 1, -1]), np.ones(5)))
    assert mean == pytest.approx(-0.6)
    assert -1 <= low < mean < high <= 1


# Words


def test_the_xray_marks_each_word_once_and_escapes_the_text():
    marked = instruments._marked("More <b>war</b> & more", "more +0.50; more +0.50")
    assert marked == ("<b>More</b><sub>+0.50</sub> &lt;b&gt;war&lt;/b&gt; &amp; "
                      "<b>more</b><sub>+0.50</sub>")


def confusion(*counts):
    return pd.DataFrame([("A", "negative", *counts[0]), ("A", "neutral", *counts[1]),
                         ("A", "positive", *counts[2])],
                        columns=["outlet", "code", *tone.LABELS, "reversed"])


@pytest.mark.parametrize("counts, title", [
    (((6, 8, 8, 8), (0, 2, 1, 0), (1, 0, 1, 1)),
     "TextBlob turns the sign round in 9 of the 24 sentences that are not neutral"),
    (((6, 8, 0, 0), (0, 2, 1, 0), (0, 0, 1, 0)),
     "TextBlob turns no sign round, of 15 sentences that are not neutral"),
    (((0, 0, 0, 0), (0, 2, 1, 0), (0, 0, 0, 0)), "Nothing here says whether TextBlob is right"),
])
def test_titles_of_the_failing_measure(counts, title):
    assert instruments.reversal_title(confusion(*counts)) == title


def test_reversals_are_told_outlet_by_outlet():
    table = confusion((6, 8, 8, 8), (0, 2, 1, 0), (1, 0, 1, 1))
    assert instruments.reversals(table) == "9 of 24 (A)"


@pytest.mark.parametrize("before, after, should, right", [
    (0.5, 0.5, "same", True), (0.5, 0.4, "same", False), (0.5, -0.2, "lower", True),
    (0.5, 0.5, "lower", False), (0.0, 0.5, "no higher", False), (0.0, -0.5, "no higher", True),
])
def test_what_a_probe_asks_for(before, after, should, right):
    assert instruments.passes(before, after, should) == right


def test_what_the_notebook_says_of_the_probes():
    """A name moves the network alone, an apostrophe nobody; a quoted insult fools who knows it."""
    table = instruments.probes()
    swapped = table[table["probe"] == "name swapped"]
    for name in ("TextBlob", "VADER"):
        assert swapped[name].str.endswith("right").all()
    assert swapped["network"].str.endswith("wrong").any()
    for name in ("TextBlob", "VADER", "network"):
        assert table[table["probe"] == "curly apostrophe"][name].str.endswith("right").all()
    insult = table[table["probe"] == "quoted insult"].iloc[0]
    assert insult["VADER"].endswith("wrong")
    assert insult["network"].endswith("wrong")
    negated = table[table["probe"] == "negation"]
    assert negated["TextBlob"].str.endswith("wrong").all()
    assert negated["VADER"].str.endswith("right").all()
    assert negated["network"].str.endswith("right").all()


# What the notebook says of the three articles in cells of its own


def test_what_the_notebook_says_of_textblobs_lexicon():
    from analysis.instruments import tone as sentiment
    for word in ("more", "most", "latest", "first", "new"):
        assert sentiment.polarities([f"The {word} talks"], "textblob")[0] > 0
    for word in ("war", "missile", "attack", "nuclear"):
        assert not sentiment.knows("textblob", word)
    assert sentiment.polarities(["bizarre"], "textblob") == [0.4]


def test_two_fifths_of_the_coded_mentions_are_states(bundled):
    kinds = {}
    for row in bundled.actors.itertuples():
        for name in [row.actor, *row.aliases.split("|")]:
            kinds[name.lower()] = row.type
    codes = bundled.codes["targets"]
    first = codes[codes["coder"] == "b"]["target"].str.lower().map(kinds)
    assert (first == "state").mean() == pytest.approx(0.4, abs=0.05)
