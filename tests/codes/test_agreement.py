"""Agreement: against the library, and against a pencil."""

import krippendorff
import numpy as np
import pandas as pd
import pytest

from analysis.codes import agreement
from analysis.codes.coders import describe_coders
from analysis.corpus.read import load_corpus
from analysis.definitions import ROOT


def _library(codes, values, level):
    return krippendorff.alpha(reliability_data=codes.T, level_of_measurement=level,
                              value_domain=list(range(values)))


def _alpha(codes, ordinal=False):
    return agreement.alpha_interval(pd.DataFrame(codes), np.arange(len(codes)), ordinal, runs=1)[0]


@pytest.mark.parametrize("ordinal", [False, True])
def test_alpha_equals_the_library(ordinal):
    rng = np.random.default_rng(0)
    for _ in range(40):
        values = int(rng.integers(2, 6))
        truth = rng.integers(0, values, 30)
        codes = np.stack([np.where(rng.random(30) < 0.7, truth, rng.integers(0, values, 30))
                          for _ in range(rng.integers(2, 5))], 1).astype(float)
        codes[rng.random(codes.shape) < 0.2] = np.nan
        expected = _library(codes, values, "ordinal" if ordinal else "nominal")
        assert _alpha(codes, ordinal) == pytest.approx(expected, abs=1e-9)


def test_alpha_of_a_small_table_by_hand():
    # two coders, four units: 00 00 11 01; coincidences 4 of 00, 2 of 11, 1 each of 01 and 10
    # observed disagreement 2/8; expected 2 · 5 · 3 / (8 · 7)
    codes = np.array([[0, 0], [0, 0], [1, 1], [0, 1.0]])
    assert _alpha(codes) == pytest.approx(1 - (2 / 8) / (30 / 56))


def test_perfect_agreement_is_one_and_a_single_value_has_no_alpha():
    assert _alpha(np.array([[0, 0], [1, 1], [2, 2.0]]), ordinal=True) == 1
    assert np.isnan(_alpha(np.zeros((5, 2))))


def test_alpha_interval_holds_alpha_and_does_not_depend_on_the_order_of_units():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 60)
    codes = pd.DataFrame([truth, np.where(rng.random(60) < 0.9, truth, 1 - truth)]).T
    blocks, order = np.arange(60) // 4, rng.permutation(60)
    one = agreement.alpha_interval(codes, blocks)
    assert one[1] < one[0] < one[2]
    assert one == pytest.approx(agreement.alpha_interval(codes.iloc[order], blocks[order]))


# Pairs of coders ----------------------------------------------------------------------------------

TONE = "article_id,coder,start,end,polarity\n"


def tone_of(**codes):
    """Tone codes: a letter for each of four units in three texts; - is not coded."""
    words = {"n": "negative", "0": "neutral", "p": "positive"}
    units = [("a", 0, 14), ("a", 16, 44), ("b", 0, 39), ("c", 0, 26)]
    return TONE + "".join(f"{unit[0]},{coder},{unit[1]},{unit[2]},{words[letter]}\n"
                          for coder, letters in codes.items()
                          for unit, letter in zip(units, letters, strict=True) if letter != "-")


def pairs(small, coders="", **codes):
    files = {"codes/tone.csv": tone_of(**codes)}
    if coders:
        files["codes/coders.csv"] = "coder,kind\n" + coders
    return load_corpus(small(files))


def test_coders_are_compared_pair_by_pair_and_never_over_kinds(small):
    """b and c are one mind; anna differs from them: one alpha over all three would hide it."""
    corpus = pairs(small, "c,model\nb,model\nanna,person\n", anna="pn0-", b="np00", c="np00",
                   dora="np00")
    table = agreement.coder_pairs(corpus).set_index(["coder", "other"])
    assert table["kinds"].to_dict() == {
        ("c", "b"): "model-model", ("c", "anna"): "model-person", ("c", "dora"): "model-unstated",
        ("b", "anna"): "model-person", ("b", "dora"): "model-unstated",
        ("anna", "dora"): "person-unstated"}
    assert table.loc[("c", "b"), ["units", "alpha"]].tolist() == [4, 1.0]
    assert table.loc[("b", "anna"), "units"] == 3
    assert table.loc[("b", "anna"), "alpha"] < 0 < table.loc[("b", "dora"), "alpha"]
    assert table.loc[("b", "anna"), "alpha"] == table.loc[("c", "anna"), "alpha"]


def test_alpha_of_a_pair_is_that_of_the_library(small):
    corpus = pairs(small, anna="np00", b="nn0p")
    expected = _library(np.array([[0, 0], [2, 0], [1, 1], [1, 2.0]]), 3, "ordinal")
    assert agreement.coder_pairs(corpus)["alpha"].iloc[0] == pytest.approx(expected)


def test_units_to_discuss_are_those_of_people(small):
    corpus = pairs(small, "b,model\nc,model\nanna,person\n", b="np00", c="n000", anna="npp-")
    table = agreement.to_discuss(corpus)["tone"]
    assert table[["coder", "code", "other", "other_code", "article_id", "start"]].to_numpy() \
        .tolist() == [["b", "neutral", "anna", "positive", "b", 0],
                      ["c", "neutral", "anna", "positive", "a", 16],
                      ["c", "neutral", "anna", "positive", "b", 0]]
    assert table["words"].iloc[1] == "The bridge opened on Monday."
    assert agreement.to_discuss(pairs(small, "b,model\nc,model\n", b="np00", c="pp00")) == {}


def test_renaming_coders_changes_no_number(small):
    coders = "b,model\nc,model\nanna,person\n"
    one = agreement.coder_pairs(pairs(small, coders, b="np00", c="nn00", anna="pp0n"))
    other = agreement.coder_pairs(pairs(
        small, "z,model\ny,model\nx,person\n", x="pp0n", y="nn00", z="np00"))
    numbers = ["kinds", "units", "alpha", "low", "high"]
    pd.testing.assert_frame_equal(one[numbers], other[numbers])


def test_the_agreement_of_the_bundled_coders_is_that_of_the_codebook(bundled):
    found = agreement.coder_pairs(bundled).set_index(["table", "measure"])["alpha"].round(2)
    codebook = (ROOT / "data/codes/CODEBOOK.md").read_text("utf-8")
    for key, name in [(("tone", "polarity"), "alpha (ordinal)"),
                      (("sentences", "voice"), "voice"),
                      (("sentences", "problem_definition"), "problem"),
                      (("sentences", "causal_attribution"), "cause"),
                      (("sentences", "moral_evaluation"), "moral judgement"),
                      (("sentences", "treatment_recommendation"), "remedy"),
                      (("sentences", "generic: conflict"), "conflict"),
                      (("sentences", "generic: attribution_of_responsibility"), "responsibility"),
                      (("targets", "polarity"), "alpha (ordinal)")]:
        assert f"{name} {found[key]:.2f}".replace("0.", ".") in codebook
    assert found["uptake", "uptake"] == 1


ATTRIBUTIONS = ("article_id,coder,attribution_id,part,start,end,speaker,quote_type,kind\n"
                "c,m,1,1,0,13,Ann Lee,direct,speech\nb,m,1,1,0,22,mayor,indirect,speech\n"
                "c,ann,1,1,0,13,Ann Lee,direct,speech\n")
CODED = "coder,table,article_id,start,end,probability\n"


def test_words_that_a_coder_has_not_read_are_not_compared(small):
    """ann read c (9 words) and nothing else: m's attribution in b is no disagreement."""
    corpus = load_corpus(small({"codes/attributions.csv": ATTRIBUTIONS}))
    row = agreement.coder_pairs(corpus).iloc[0]
    assert row[["units", "alpha"]].tolist() == [9, 1.0]


def test_words_that_a_coder_has_read_without_finding_anything_are(small):
    """b (7 words) was read too: ann finds nothing there, m gives 4 words to the mayor."""
    corpus = load_corpus(small({"codes/attributions.csv": ATTRIBUTIONS,
                                "codes/coded.csv": CODED + "ann,attributions,b,,,\n"
                                "ann,attributions,c,,,\n"}))
    row = agreement.coder_pairs(corpus).iloc[0]
    m, ann = [1] * 4 + [0] * 3 + [1] * 3 + [0] * 6, [0] * 7 + [1] * 3 + [0] * 6
    expected = _library(np.array([m, ann], float).T, 2, "nominal")
    assert row["units"] == 16 and row["alpha"] == pytest.approx(expected)


def test_a_mention_that_holds_nothing_is_to_be_discussed_and_enters_no_alpha(small):
    head = "article_id,coder,start,end,target,mention_start,mention_end,polarity,holder\n"
    corpus = load_corpus(small({
        "codes/targets.csv": head + "b,m,0,39,Bridge,4,10,negative,author\n"
        "a,m,16,44,Bridge,20,26,neutral,author\nb,ann,0,39,Bridge,4,10,negative,author\n",
        "codes/coded.csv": CODED + "ann,targets,b,4,10,1\nann,targets,a,20,26,1\n"}))
    assert agreement.coder_pairs(corpus)["units"].tolist() == [1]
    row = agreement.to_discuss(corpus)["targets"].iloc[0]
    assert row[["code", "other_code", "words"]].tolist() == ["neutral", "none", "bridge"]


# What is said of coders ---------------------------------------------------------------------------


def test_the_bundled_coders_are_described_as_the_codebook_describes_them(bundled):
    assert describe_coders(bundled.coders) == (
        "Coders a, b, c, d and e are passes of a language model; they could see the outlet. c was "
        "given the units of b. d and e were given the units of a. No person has coded here: "
        "agreement between passes of one model shows its consistency, and flatters.")


def test_no_person_is_called_a_model_and_what_is_unstated_is_said_to_be():
    rows = [("m", "model", "no", ""), ("anna", "person", "yes", "m"), ("bo", "person", "", "")]
    coders = pd.DataFrame(rows, columns=["coder", "kind", "blind", "based_on"])
    assert describe_coders(coders) == (
        "Coder m is a pass of a language model; this coder could see the outlet. Coders anna and "
        "bo are persons; anna did not see the outlet; bo saw the outlet or not, which is "
        "unstated. anna was given the units of m. Agreement of a person with the model shows how "
        "valid the model's codes are; the two kinds are never pooled.")
    people = describe_coders(coders, ["anna", "bo"])
    assert "model" not in people.replace("units of m", "")
    assert describe_coders(coders, ["zoe"]) == ("Coder zoe is not described by coders.csv: person "
                                                "or model is unstated.")
    assert describe_coders(coders.iloc[:0]) == "Nobody has coded these articles."
