"""What a reader learns first is true of any corpus: scope, voices, furniture, verdicts."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.old import findings, overview
from analysis.old.figures.corpus import voices_title
from analysis.old.study import count_words


def study(outlets, events):
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(len(outlets))],
                             "outlet": outlets, "event": events})
    return SimpleNamespace(corpus=SimpleNamespace(articles=articles))


@pytest.mark.parametrize("outlets, events, expected", [
    (["A", "A"], ["e", "e"], "one outlet"),
    (["A", "B", "C"], ["x", "y", "z"], "one article an outlet"),
    (["A", "B"], ["", ""], "one article an outlet"),
    (["A", "B"], ["e", "e"], "matched events"),
    (["A", "A", "B", "B"], ["", "", "", ""], "several articles an outlet"),
    (["A", "A", "B"], ["x", "y", "z"], "mixed"),
    (["A", "A", "B"], ["x", "y", "y"], "matched events"),
])
def test_the_design_follows_outlets_and_shared_events(outlets, events, expected):
    assert overview.design(study(outlets, events)) == expected


@pytest.mark.parametrize("text, words", [
    ("Two words.", 2), ("“U.S.” o’clock", 2), ("", 0), (" \n ", 0), ("a\nb\u00a0c", 3),
])
def test_a_word_is_a_stretch_without_white_space(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize("shares, title", [
    ([0.71], "71 % of the words are the author’s own"),
    ([0.70, 0.72, 0.71], "About 71 % of the words are the authors’ own throughout"),
    ([0.50, 0.90], "From 50 % to 90 % of the words are the authors’ own"),
])
def test_the_voices_title_is_true_of_the_shares(shares, title):
    assert voices_title(pd.Series(shares)).replace("\u202f", " ") == title


def claims(*verdicts):
    return SimpleNamespace(claims=pd.DataFrame({
        "family": "tone", "verdict": verdicts, "member": [True] * len(verdicts)}))


@pytest.mark.parametrize("verdicts, title", [
    ((), "With one outlet there is nothing to compare"),
    (("not_testable", "not_testable"), "None of the 2 comparisons can be tested on texts this "
     "short"),
    (("not_supported", "direction_only"), "None of the 2 comparisons is supported"),
    (("supported", "not_supported"), "1 of the 2 comparisons is supported"),
    (("supported", "supported", "not_supported"), "2 of the 3 comparisons are supported"),
    (("supported", "supported"), "Every one is supported"),
])
def test_the_heading_of_the_verdicts_is_true_of_them(verdicts, title):
    assert findings.verdicts_title(claims(*verdicts)) == title
