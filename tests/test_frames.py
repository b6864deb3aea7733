"""Frames, readings and portraits: titles in every form, and what the bundled prose says."""

import pandas as pd
import pytest

from analysis import open_study
from analysis.definitions import ROOT
from analysis.instruments import words as framing
from analysis.old import figures, frames, portraits, readings
from analysis.old.figures import actors as actor_titles
from analysis.old.figures import framing as titles


@pytest.fixture(scope="module")
def study():
    return open_study(ROOT / "data")


@pytest.fixture(scope="module")
def four():
    return open_study(ROOT / "tests" / "corpora" / "four-outlets")


def counts(**outlets):
    """Counts of Entman's functions: problem, cause, judgement, remedy for each outlet."""
    rows = [(function, outlet, value) for outlet, values in outlets.items()
            for function, value in zip(frames.FUNCTIONS, values, strict=True)]
    return pd.DataFrame(rows, columns=["function", "outlet", "agreed"])


@pytest.mark.parametrize("table, title", [
    (counts(A=[9, 5, 4, 1], B=[7, 6, 3, 2]),
     "In every article, problem comes first and remedy comes last"),
    (counts(A=[9, 5, 4, 1], B=[3, 6, 7, 2]), "In every article, remedy comes last"),
    (counts(A=[9, 5, 4, 1], B=[1, 6, 7, 9]),
     "No function of framing comes first or last in every article"),
    (counts(A=[9, 9, 4, 1]), "In this article, remedy comes last"),
    (counts(A=[2, 2, 2, 2]), "No function of framing comes first or last in this article"),
])
def test_the_title_of_the_grid_is_earned(table, title):
    assert titles.grid_title(table) == title


def shares(**outlets):
    rows = [("generic", frame, outlet, value) for outlet, values in outlets.items()
            for frame, value in zip(["conflict", "morality"], values, strict=True)]
    return pd.DataFrame(rows, columns=["family", "frame", "outlet", "share"])


@pytest.mark.parametrize("table, title", [
    (shares(A=[0.5, 0.1], B=[0.4, 0.2]), "Conflict leads in A and B"),
    (shares(A=[0.5, 0.1], B=[0.1, 0.2]), "Conflict leads in A; morality in B"),
    (shares(A=[0.5, 0.1], B=[0.2, 0.2]), "Conflict leads in A"),
    (shares(A=[0.0, 0.0], B=[0.2, 0.2]), "No generic frame leads in any outlet"),
])
def test_the_title_of_the_frames_is_earned(table, title):
    assert titles.frames_title(table) == title


def terms(p, kinds, voice="author"):
    return pd.DataFrame({"term": [f"t{i}" for i in range(len(p))], "p_adjusted": p, "kind": kinds,
                         "voice": voice, "log_odds": 1.0, "outlet": "A", "count": 2,
                         "count_elsewhere": 0})


@pytest.mark.parametrize("table, title", [
    (terms([0.5, 0.9], ["how", "what"]), "No term of 2 in the authors’ voices survives correction"),
    (terms([0.01] + [1.0] * 99, ["what"] * 100),
     "Hardly a term survives correction: 1 of 100 of the authors’, none of telling"),
    (terms([0.01, 0.02, 0.9], ["what", "how", "how"]),
     "Some terms survive correction: 2 of 3 of the authors’, 1 of them a word of telling"),
    (terms([0.01, 0.02, 0.9], ["how", "how", "how"]),
     "Some terms survive correction: 2 of 3 of the authors’, 2 of telling"),
    (pd.concat([terms([0.9], ["how"]), terms([0.01], ["how"], "all")]),
     "No term of 1 in the authors’ voices survives correction"),
    (terms([0.01, 0.9], ["how", "how"]).assign(log_odds=-1.0),
     "No term of 2 in the authors’ voices survives correction"),
])
def test_the_title_of_word_choice_is_earned(table, title):
    assert titles.word_title(table) == title


def test_what_survives_in_all_voices_is_told_apart():
    own, every = terms([0.01], ["how"]), terms([0.01, 0.9], ["how", "how"], "all")
    assert titles.other_voices(terms([0.9, 0.8], ["how", "how"], "all")) == (
        "With the words of all voices none of 2 terms survives either.")
    assert titles.other_voices(pd.concat([own, every])) == (
        "With the words of all voices 1 of 2 terms survives: “t0” in A (2 here, 0 elsewhere).")


def test_the_figure_rings_the_words_of_telling_that_its_title_counts(study):
    drawn = figures.FIGURES["word-choice"](study)
    ringed = int((drawn.data["p_adjusted"] <= 0.05).sum())
    assert f"{ringed} of them a word of telling" in titles.word_title(study.terms)


def rates(*rows):
    return pd.DataFrame(rows, columns=["category", "outlet", "low", "high"])


@pytest.mark.parametrize("table, title", [
    (rates(("hedge", "A", 1, 5), ("hedge", "B", 4, 9)),
     "Cues: every interval overlaps every other"),
    (rates(("hedge", "A", 1, 2), ("hedge", "B", 4, 9)), "Hedge: more often in B than in A"),
    (rates(("hedge", "A", 1, 2), ("hedge", "B", 4, 9), ("booster", "A", 3, 4),
           ("booster", "B", 1, 2)),
     "Hedge: more often in B than in A; 1 more category parts outlets"),
    (rates(("hedge", "A", 1, 2)), "Cues in the author’s words of A"),
    (rates(("hedge", "A", float("nan"), float("nan")), ("hedge", "B", 4, 9)),
     "Cues: every interval overlaps every other"),
])
def test_the_title_of_rates_is_earned(table, title):
    assert titles.rates_title(table, "Cues") == title


@pytest.mark.parametrize("shown, title", [
    ([], "No codes: what cues are worth cannot be told here"),
    (["as coded only"] * 2, "None of 2 cue families can stand in for a coder"),
    (["as coded only", "as cue rate"], "1 of 2 cue families can stand in for a coder"),
])
def test_the_title_of_what_cues_are_worth_is_earned(shown, title):
    assert titles.standing_title(pd.DataFrame({"shown": shown})) == title


def acting(*rows):
    return pd.DataFrame(rows, columns=["actor", "outlet", "agent"])


@pytest.mark.parametrize("table, title", [
    (acting(("X", "A", 3), ("Y", "A", 1), ("X", "B", 2), ("Y", "B", 0)),
     "X acts most in every outlet"),
    (acting(("X", "A", 3), ("Y", "A", 1), ("X", "B", 1), ("Y", "B", 2)),
     "Who acts most: X in A; Y in B"),
    (acting(("X", "A", 3), ("Y", "A", 1)), "X acts most in A"),
    (acting(("X", "A", 2), ("Y", "A", 2)), "No actor acts more than the others"),
])
def test_the_title_of_acts_is_earned(table, title):
    assert actor_titles.roles_title(table) == title


# The bundled corpus: what the prose of the notebooks says -----------------------------------------


def test_no_cue_family_is_shown_as_a_frame(study):
    standing = frames.standing(study)
    assert (standing["shown"] == "as coded only").all()
    assert len(standing) == 9


def test_only_cause_clears_the_bound_among_the_functions(study):
    table = frames.coder_agreement(study).set_index("frame")
    assert table.loc["causal_attribution", "low"] >= frames.RELIABLE
    others = table.loc[[name for name in frames.FUNCTIONS if name != "causal_attribution"], "low"]
    assert (others < frames.RELIABLE).all()


def test_at_most_a_term_in_fifty_survives_correction(study):
    assert titles.word_title(study.terms).startswith(("Hardly", "No term"))


def test_the_verbs_of_voxs_body_are_those_that_the_reading_names(study):
    topics = {"North Korea": "Korea|Pyongyang", "Syria": "Syria|Assad|Ghouta|Aleppo",
              "Ukraine": "Ukrain|Wagner|Crimea", "arms race": "[Aa]rms [Rr]ace|Nuclear Posture"}
    acts = readings.causes_by_topic(study, "vox", topics).groupby("topic")["acts"].agg("; ".join)
    assert "Russia: invade, seize" in acts["Ukraine"]
    assert "Russia: fuel" in acts["Syria"]
    assert "North Korea: avoid" in acts["North Korea"]
    assert "Donald Trump: (may) fuel" in acts["arms race"]


def test_uptake_is_as_the_reading_says(study):
    table = readings.uptake_counts(study)
    assert table.loc["Washington Examiner"].idxmax() == "impugn"
    assert set(table.loc["Vox"].nlargest(2).index) == {"dispute", "use"}
    assert table.loc["The Duran"].idxmax() == "endorse"
    assert "coders differ" not in table


def test_the_three_answers_are_in_the_voices_that_the_reading_names(study):
    table = readings.answers(study, "in common|no reason to think|still open|hold Russia")
    voices = dict(zip(table["outlet"] + ": " + table["functions"], table["voice"], strict=True))
    assert voices.pop("Vox: cause, remedy") == "quoted"
    assert set(voices.values()) == {"author"}
    assert set(table["outlet"]) == set(study.outlets)


# Any corpus ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["entman-grid", "frames", "word-choice", "stance", "loaded",
                                  "agency"])
def test_figures_draw_or_say_that_they_cannot(four, study, name):
    for corpus in (four, study):
        drawing = figures.FIGURES[name](corpus)
        if drawing is None:
            assert corpus is four and name in ("entman-grid", "frames")
        else:
            assert len(drawing.data) and drawing.alt and drawing.note


def test_a_corpus_without_codes_has_empty_readings(four):
    assert frames.cue_agreement(four).empty
    assert readings.uptake_counts(four).empty
    assert readings.answers(four, "a").empty
    assert frames.reliability_sentence(four).startswith("Nobody coded")
    assert readings.answer(four, titles)
    assert portraits.answer(four, portraits.main_actors(four))


def test_cues_of_the_author_alone_enter_the_rates(study):
    table = frames.cue_rates(study, "stance", ["hedge"])
    cues = frames.voiced_cues(study)
    hedges = cues[(cues["category"] == "hedge") & (cues["family"] == "stance")]
    assert table["cues"].sum() == (hedges["voice"] == "author").sum() < len(hedges)


def test_words_of_the_bundled_corpus_hold_no_furniture(study):
    assert "newsletter" not in set(study.words["term"])
    assert framing.compare_terms(study.words, study.corpus.articles.head(1)).empty
