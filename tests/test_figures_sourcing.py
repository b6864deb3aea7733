"""Figures and measures of the sourcing notebook: titles in every form, numbers by hand."""

import types

import numpy as np
import pandas as pd
import pytest
from made_study import Made, make_study

from analysis.old import sources
from analysis.old.figures import sourcing as drawn


def shares(*rows):
    return pd.DataFrame(rows, columns=["role", "outlet", "share"])


@pytest.mark.parametrize("rows, title", [
    ([("experts", "A", 0.7), ("experts", "B", 0.2), ("citizens", "A", 0.3), ("citizens", "B", 0.4)],
     "Experts: 70 % of the words given in A, 20 % in B"),
    ([("experts", "A", 0.55), ("experts", "B", 0.5), ("citizens", "A", 0.45),
      ("citizens", "B", 0.5)],
     "Every role has about the same share of the words given in each outlet"),
    ([("experts", "A", 0.55), ("citizens", "A", 0.45)], "Experts: 55 % of the words given"),
    ([("experts", "A", 0.1), ("speaker not named", "A", 0.9)], "Experts: 10 % of the words given"),
    ([], "No words are given to sources"),
])
def test_titles_of_speakers(rows, title):
    assert drawn.speakers_title(shares(*rows)) == title


def stances(neutral, total):
    return pd.DataFrame({"neutral": [neutral], "all": [total]})


@pytest.mark.parametrize("neutral, total, title", [
    (9, 12, "Most cues are neutral; 3 of 12 take a stance toward the words"),
    (3, 12, "9 of 12 cues take a stance toward the words"),
    (4, 4, "All 4 cues are neutral"),
    (0, 0, "No attribution has a cue"),
])
def test_titles_of_stance(neutral, total, title):
    assert drawn.stance_title(stances(neutral, total)) == title


@pytest.mark.parametrize("places, title", [
    ([("a", "X", 0.1), ("a", "Y", 0.5), ("b", "X", 0.2), ("b", "Y", np.nan)],
     "X is heard first in every article"),
    ([("a", "X", 0.1), ("a", "Y", 0.5), ("b", "X", 0.2), ("b", "Y", 0.1)],
     "Which side is heard first differs: X in 1 of 2 articles, Y in 1 of 2 articles"),
    ([("a", "X", 0.1), ("a", "Y", 0.5)], "X is heard first in the article"),
    ([("a", "X", 0.1)], "Only X is heard"),
    ([], "No side is heard"),
])
def test_titles_of_first_voices(places, title):
    table = pd.DataFrame(places, columns=["article_id", "side", "place"])
    assert drawn.first_title(table) == title


def taken(*rows):
    return pd.DataFrame(rows, columns=["outlet", "uptake", "count"])


@pytest.mark.parametrize("rows, title", [
    ([("A", "impugn", 6), ("A", "leave", 1), ("B", "use", 3), ("B", "dispute", 3)],
     "Responses differ: A mostly impugn; B mostly use and dispute"),
    ([("A", "use", 6), ("B", "use", 3)],
     "The most frequent response to words is the same everywhere: use"),
    ([("A", "use", 6), ("B", "use", 0)], "A’s most frequent response to words: use"),
    ([("A", "use", 0)], "No attributed words are coded for uptake"),
])
def test_titles_of_uptake(rows, title):
    assert drawn.uptake_title(taken(*rows)) == title


def study(texts, attributions=(), sentences=()):
    """A study of one outlet with the given spans."""
    names = "article_id attribution_id start end speaker role kind quote_type cue stance named"
    columns = "article_id paragraph sentence start end voice"
    return Made(
        corpus=types.SimpleNamespace(
            texts=texts, articles=pd.DataFrame({"article_id": list(texts), "outlet": "A",
                                                "author": "Ann Lee"})),
        attributions=pd.DataFrame(attributions, columns=names.split()),
        sentences=pd.DataFrame(sentences, columns=columns.split()),
        paragraphs=pd.DataFrame([(key, 1, 0, len(text), "body") for key, text in texts.items()],
                                columns=["article_id", "paragraph", "start", "end", "role"]),
        actors=pd.DataFrame({"actor": ["Lee"], "aliases": ["Ann"], "side": ["North"]}),
        outlets=["A"], codes={})


def test_thoughts_and_scare_quotes_give_no_words():
    made = study({"a": "one two three four"}, [
        ("a", "1", 0, 7, "Lee", "expert", "speech", "direct", "said", "neutral", True),
        ("a", "2", 8, 13, "Lee", "expert", "mental", "indirect", "thinks", "neutral", True),
        ("a", "3", 14, 18, "", "", "speech", "scare", "", "", False)])
    table = sources.attributed(made)
    assert table["words"].tolist() == [2]
    assert table["side"].tolist() == ["North"]


def test_shares_by_role_sum_to_one_and_count_who_is_not_named():
    made = study({"a": "one two three four"}, [
        ("a", "1", 0, 13, "Lee", "expert", "speech", "direct", "said", "neutral", True),
        ("a", "2", 14, 18, "", "", "speech", "direct", "", "", False)])
    table = sources.role_shares(made).set_index("role")["share"]
    assert table["experts"] == 0.75
    assert table["credited to no one"] == 0.25
    assert table["speaker not named"] == 0.25


def test_words_in_two_attributions_are_given_once():
    made = study({"a": "one two three four"})
    parts = pd.DataFrame({"article_id": "a", "start": [0, 4], "end": [13, 18]})
    assert sources.words_given(made, parts) == 4


def test_a_fact_without_a_source_is_listed_and_an_opinion_is_not():
    text = "Three ships sank in May. It may rain in May. He said so in May. Ships are nice."
    spans = [(0, 24), (25, 44), (45, 63), (64, 79)]
    made = study({"a": text},
                 [("a", "1", 45, 63, "", "", "speech", "indirect", "said", "neutral", False)],
                 [("a", 1, i + 1, start, end, "author") for i, (start, end) in enumerate(spans)])
    assert sources.uncredited(made)["sentence"].tolist() == ["Three ships sank in May."]


def test_two_coders_parts_are_merged_where_they_share_half():
    names = ["article_id", "start", "end", "speaker"]
    first = pd.DataFrame([("a", 0, 10, "Lee"), ("a", 50, 60, "Lee")], columns=names)
    second = pd.DataFrame([("a", 2, 10, "Lee"), ("a", 80, 90, "Kim")], columns=names)
    merged = sources._merged({"coder a": first, "coder b": second})
    assert merged[["start", "coder"]].to_numpy().tolist() == [[0, "a, b"], [50, "a"], [80, "b"]]


@pytest.mark.parametrize("outlets, articles, codes", [
    (1, 1, True), (2, 7, False), (4, 1, True), (12, 1, False)])
def test_every_figure_is_drawn_or_declined_for_any_number_of_outlets(outlets, articles, codes):
    from analysis.old.figures import FIGURES
    made = make_study(outlets, articles, codes)
    for name, draw in FIGURES.items():
        if draw.__module__.rpartition(".")[2] in ("tone", "sourcing"):
            drawing = draw(made)
            if drawing is None:
                needs_pairs, needs_codes = name in ("ladder", "curve"), name == "reliability"
                assert (needs_pairs and outlets == 1 or needs_codes and not codes
                        or name == "uptake"), name
            else:
                assert drawing.title and drawing.alt and len(drawing.data), name
                assert drawing.figure.get_size_inches()[1] < 20, name


# What the notebook says of the three articles in cells of its own


def coded(bundled, name, coder):
    codes = bundled.codes[name]
    return codes[codes["coder"] == coder]


def test_what_the_notebook_says_of_uptake(bundled):
    table = coded(bundled, "uptake", "d")
    duran = table[table["article_id"] == "duran"]["uptake"].value_counts()
    assert duran["endorse"] == 4
    assert duran["dispute"] == 1
    examiner = table[table["article_id"] == "examiner"]["uptake"].value_counts()
    assert examiner.idxmax() == "impugn"
    vox = table[table["article_id"] == "vox"]["uptake"].value_counts()
    assert set(vox.index[:2]) == {"dispute", "use"}


def test_the_examiners_outside_voice_is_almost_wholly_lavrovs(bundled):
    table = coded(bundled, "attributions", "a")
    table = table[(table["article_id"] == "examiner") & table["kind"].isin(["speech", "document"])]
    length = (table["end"] - table["start"]).groupby(table["speaker"]).sum()
    assert length["Sergey Lavrov"] / length.sum() > 0.8
