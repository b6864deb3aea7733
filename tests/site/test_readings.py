"""The close reading that comes with the three articles: its words stand there, its counts hold."""

import re

import pandas as pd
import pytest

from analysis import load
from analysis.corpus.read import check_corpus
from analysis.definitions import ROOT, WORDED
from analysis.site import front

KINDS = {"framing", "sentiment", "sourcing", "record", "language"}
NAMED = {"examiner": r"Examiner", "vox": r"\bVox\b", "duran": r"Duran\b"}
# Words that praise, blame or guess a motive; outside quotation marks none stands in a reading.
LOADED = (
    "bias|biased|propaganda|smear|spin|apologist|mouthpiece|parrot|dishonest|honest|lie|lies|"
    "lying|mislead|misleads|misleading|distort|distorts|twist|cherry-pick|excellent|brilliant|"
    "careless|lazy|sloppy|unfair|balanced|unbalanced|admit|admits|concede|concedes|refuse|"
    "refuses|hide|hides|conceal|deliberately|merely|mere|simply|naturally|clearly|obviously|"
    "rightly|wrongly|unfortunately|sadly|odd|absurd|ridiculous|wild|rant|cosy|hawkish|"
    "extremist|radical|regime|thug|dictator|strongman|terrorist|puppet|crony|slam|slams|blast|"
    "even|so-called|alleged|claims|cynical|naive|suspicious|dubious|shady|pro-Russian|anti-Russian|"
    "kinder|harsher|soft|tough")


@pytest.fixture(scope="module")
def t():
    return load(ROOT / "data")


def bare(text):
    return re.sub(r"“[^”]*”|\w+\.csv", " ", text)


def remarks(t):
    """Every sentence of the reading: table, article, words."""
    for row in t.readings.itertuples():
        yield "readings", row.article_id, row.reading
        yield "readings", row.article_id, row.brief
    for row in t.notes.itertuples():
        yield "notes", row.article_id, row.note


def test_every_quoted_word_of_a_reading_stands_in_its_article_or_in_the_record(t):
    for _, article, said in remarks(t):
        record = " ".join(t.record.loc[t.record["article_id"] == article, "record"])
        pool = (t.texts[article] + " " + record).lower()
        for quoted in re.findall(r"“([^”]*)”", said):
            assert re.search(rf"(?<!\w){re.escape(quoted.lower())}(?!\w)", pool), (article, quoted)


def test_a_reading_praises_and_blames_nobody_and_names_no_outlet(t):
    for table, article, said in remarks(t):
        assert not re.search(rf"(?<![\w-])(?:{LOADED})(?![\w-])", bare(said), re.I), said
        for name in NAMED.values():
            assert not re.search(name, said), (table, article, said)


def test_readings_and_notes_are_short_and_equal_in_number_for_each_article(t):
    assert t.readings["reading"].map(lambda said: len(said.split())).max() <= 25
    assert t.notes["note"].map(lambda said: len(said.split())).max() <= 40
    assert set(t.notes["kind"]) == KINDS
    assert t.notes["article_id"].value_counts().to_dict() == dict.fromkeys(t.texts, 14)
    cells = pd.crosstab(t.readings["question_id"], t.readings["article_id"])
    assert (cells.min(axis=1) >= 1).all() and ((cells.max(axis=1) - cells.min(axis=1)) <= 1).all()
    briefs = t.readings[t.readings["brief"] != ""]
    assert (pd.crosstab(briefs["question_id"], briefs["article_id"]) == 1).all(axis=None)


def test_a_place_that_is_shown_is_whole_words_of_readable_length(t):
    for row in [*t.readings.itertuples(), *t.notes.itertuples()]:
        assert row.text == row.text.strip() != "", row
    assert t.readings["text"].map(lambda words: len(words.split())).between(4, 40).all()


def test_the_reader_of_every_row_is_named(t):
    assert set(t.readings["reader"]) == set(t.notes["reader"]) == {"a language model"}


def counts(t, actors, by):
    rows = t.targets[(t.targets["holder"] == "author") & (t.targets["by"] == by)
                     & ~t.targets["paragraph_role"].isin(front.ASIDE)]
    rows = rows[rows["side"].eq(actors) | rows["actor"].isin(actors.split("|"))]
    table = pd.crosstab(rows["article_id"], rows["polarity"])
    return {key: tuple(table.loc[key].reindex(["negative", "neutral", "positive"], fill_value=0))
            for key in table.index}


def test_counts_of_mentions_that_readings_state_are_those_of_the_codes(t):
    b, c = counts(t, "Russia", "coder b"), counts(t, "Russia", "coder c")
    assert b == {"examiner": (12, 9, 0), "vox": (29, 10, 0), "duran": (1, 10, 6)}
    assert c == {"examiner": (13, 8, 0), "vox": (29, 10, 0), "duran": (1, 11, 5)}
    said = " ".join(t.readings.loc[t.readings["question_id"] == "judgement", "reading"])
    assert "21 mentions of Russia and its officials, 12 [13] are negative, none positive" in said
    assert "39 mentions of Russia and its officials, 29 [29] are negative, none positive" in said
    assert "17 mentions of Russia and its officials, 6 [5] are positive, 1 [1] is" in said
    haley = counts(t, "Nikki Haley", "coder b"), counts(t, "Nikki Haley", "coder c")
    assert haley == ({"examiner": (0, 1, 2)}, {"examiner": (0, 1, 2)})
    both = "John Kerry|Barack Obama"
    assert counts(t, both, "coder b")["examiner"] == (2, 1, 0)
    assert counts(t, both, "coder c")["examiner"] == (0, 3, 0)
    assert counts(t, "Donald Trump", "coder b")["vox"] == (11, 7, 0)
    assert "Of 3 mentions of Haley, 2 [2] are positive; of 3 of Kerry and Obama, 2 [0]" in said
    assert "18 mentions of Trump, 11 [11] are negative, none positive" in said
    assert counts(t, "Donald Trump", "coder b")["duran"] == (2, 1, 0) == counts(
        t, "Donald Trump", "coder c")["duran"]
    assert "3 mentions of Trump, 2 [2] are negative, none positive" in said


def test_speakers_that_readings_count_are_those_of_both_coders(t):
    rows = t.attributions[t.attributions["kind"].isin(WORDED) & t.attributions["by"].str.startswith(
        "coder") & t.attributions["role"].ne("author_self") & t.attributions["quote_type"].ne(
        "scare")]
    exact = rows[rows["quote_type"].isin(["direct", "mixed"])]
    for by in ("coder a", "coder b"):
        found = exact[exact["by"] == by].groupby("article_id")["speaker"].nunique()
        assert found.to_dict() == {"examiner": 1, "vox": 4, "duran": 1}
    every = rows[rows["by"] == "coder a"].groupby("article_id")["speaker"].nunique()
    assert every.to_dict() == {"examiner": 3, "vox": 14, "duran": 3}


def test_responses_that_readings_count_are_those_of_the_codes(t):
    found = pd.crosstab(front.responses(t)["article_id"], front.responses(t)["uptake"])
    assert found.sum(axis=1).to_dict() == {"examiner": 6, "vox": 26, "duran": 5}
    assert found.loc["examiner", "impugn"] == 4 and found.loc["duran", "endorse"] == 2
    assert (found.loc["vox", "dispute"], found.loc["vox", "use"]) == (13, 9)


def test_a_reading_of_a_function_shows_words_that_both_coders_read_so(t):
    shown = {"problem": "problem_definition", "blame": "causal_attribution",
             "remedy": "treatment_recommendation"}
    for row in t.readings[t.readings["question_id"].isin(shown)].itertuples():
        over = t.frames[(t.frames["article_id"] == row.article_id)
                        & (t.frames["start"] <= row.start) & (t.frames["end"] >= row.end)]
        assert len(over) == 2 and over["entman"].str.contains(shown[row.question_id]).all(), row


@pytest.mark.parametrize("rows, message", [
    ("a,q,Why?,It is.,0,99", "readings.csv, row 2: 0 to 99 lies outside the text"),
    ("z,q,Why?,It is.,0,6", "readings.csv, row 2: article 'z' is not in articles.csv"),
    ("a,q,Why?,It is.,,", "readings.csv, row 2: start or end is empty; say which words show it"),
    ("a,q,Why?,It is.,0,6\nb,q,How?,It was.,0,3",
     "readings.csv, row 3: question 'How?' is empty or not 'Why?'; give a question_id one"),
])
def test_a_wrong_reading_is_named_with_its_row_and_remedy(small, rows, message):
    corpus = small({"readings.csv": f"article_id,question_id,question,reading,start,end\n{rows}\n"})
    assert any(message in str(problem) for problem in check_corpus(corpus))


def test_a_wrong_note_is_named_with_its_row_and_remedy(small):
    corpus = small({"notes.csv": "article_id,start,end,kind,note\na,0,999,framing,Words.\n"})
    assert "notes.csv, row 2: 0 to 999 lies outside the text" in str(check_corpus(corpus)[0])
