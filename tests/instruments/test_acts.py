"""Agents, patients and agentless passives, on a table of hand-written sentences.

Sentences 1 to 89 were written before the code. 90 to 141 were written to test it: .84 of their
pairs were found before rules were mended after them, and .92 of those of 142 to 197, written next.
What the whole table gives now is therefore what the rules can do, not what new sentences get.
"""

from pathlib import Path

import pandas as pd
import pytest

from analysis.corpus.language import parse
from analysis.instruments import acts as agency
from analysis.instruments import mentions as actors

TABLE = pd.read_csv(Path(__file__).parent / "agency_sentences.csv", dtype=str,
                    keep_default_na=False)
ALIASES = {
    "Turkey": "Turkish", "Greece": "", "Cyprus": "", "Germany": "", "France": "",
    "Merkel": "Angela Merkel", "Macron": "Emmanuel Macron", "Obama": "", "Erdogan": "",
    "Putin": "", "Navalny": "", "Senate": "", "Google": "", "Boeing": "", "NATO": "",
    "Police": "police",
}
PERSONS = {"Merkel", "Macron", "Obama", "Erdogan", "Putin", "Navalny"}
STATES = {"Turkey", "Greece", "Cyprus", "Germany", "France"}
ACTORS = pd.DataFrame({
    "actor": list(ALIASES),
    "aliases": list(ALIASES.values()),
    "type": ["person" if name in PERSONS else "state" if name in STATES else "body"
             for name in ALIASES],
})
NO_LAYOUT = pd.DataFrame(columns=["article_id", "paragraph", "start", "end", "role", "speaker"])


def acts(text):
    parsed = parse("a", text, NO_LAYOUT, ACTORS)
    return agency.find_acts(parsed, actors.find_mentions(parsed, ACTORS))


def pairs(rows, roles=("agent", "patient")):
    rows = rows[rows["role"].isin(roles)]
    columns = ["actor", "name_used", "role", "verb"]
    return set(rows[columns].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def found():
    """One row a sentence: expected pairs, found pairs, found agentless passives."""
    rows = []
    for (number, text), gold in TABLE.groupby(["sentence_id", "sentence"], sort=False):
        table = acts(text)
        rows.append((number, text, pairs(gold), pairs(table), pairs(gold, ["agentless"]),
                     pairs(table, ["agentless"])))
    columns = ["number", "sentence", "expected", "found", "agentless", "found_agentless"]
    return pd.DataFrame(rows, columns=columns)


# What goes wrong, by sentence of the table, and why.
KNOWN_FAILURES = {
    "70": "a government called by its head's name is a mention only where an alias says whose",
    "86": "*free* before a name is read as an adjective",
    "94": "a relative clause without a pronoun is read as part of a name: *Google fired*",
    "95": "*backs* before a name is read as a noun",
    "136": "*rescue* before a name is read as a noun",
    "141": "*pleased* is read as an adjective and its subject as part of the infinitive",
    "144": "*and* between two clauses is read as one between two names",
    "175": "*surprised* with an object is read as an adjective",
}


def test_at_least_85_percent_of_agents_and_patients_are_right(found):
    hits = sum(len(row.expected & row.found) for row in found.itertuples())
    assert len(found) >= 60
    assert hits / found["expected"].map(len).sum() >= 0.85
    assert hits / found["found"].map(len).sum() >= 0.85


def test_the_share_is_what_the_actors_notebook_says(found):
    hits = sum(len(row.expected & row.found) for row in found.itertuples())
    assert (len(found), found["expected"].map(len).sum()) == (197, 433)
    assert round(hits / 433, 2) == 0.97


def test_the_sentences_that_go_wrong_are_those_listed(found):
    wrong = (found["expected"] != found["found"]) | (found["agentless"] != found["found_agentless"])
    assert set(found.loc[wrong, "number"]) == set(KNOWN_FAILURES)


@pytest.mark.parametrize("sentence", [
    "No Boeing engineers died or were hurt when Boeing cut the staff.",
    "Neither Turkey nor Greece attacked Cyprus.", "Far from attacking Cyprus, Turkey left.",
    "Turkey left without attacking Cyprus.", "Turkey left instead of attacking Cyprus.",
    "Turkey did not attack or bomb Cyprus.", "Nobody in Turkey attacked Cyprus."])
def test_what_nobody_did_and_what_was_left_undone_is_denied(sentence):
    told = acts(sentence)
    done = told[told["verb"].isin(["attack", "bomb", "die", "hurt"]) & told["actor"].ne("")]
    assert len(done) or "No Boeing" in sentence
    assert done["negated"].all(), done


@pytest.mark.parametrize("sentence, modal, negated", [
    ("Turkey attacked Greece last night.", "", False),
    ("Turkey could attack Greece again.", "could", False),
    ("Turkey wants to attack Greece again.", "want", False),
    ("If Turkey attacks Greece, everyone loses.", "if", False),
    ("Turkey did not attack Greece last night.", "", True),
    ("Turkey refused to attack Greece last night.", "refuse", True),
    ("Turkey did not refuse to attack Greece.", "refuse", False),
    ("Turkey may not attack Greece again.", "may", True),
    # Read as done on twelve news texts: what one is able to do, accused of, or kept from.
    ("Turkey is not capable of attacking Greece.", "capable", True),
    ("Turkey was accused of attacking Greece.", "accuse", False),
    ("The treaty prevented Turkey from attacking Greece.", "", True),
    ("Turkey was condemned for attacking Greece.", "", False),
    ("Turkey was never embarrassed to attack Greece.", "", False),
])
def test_modality_and_negation_of_an_act(sentence, modal, negated):
    rows = acts(sentence)
    row = rows[(rows["actor"] == "Turkey") & (rows["verb"] == "attack")].iloc[0]
    assert (row["modal"], row["negated"]) == (modal, negated)


def test_every_row_spans_its_name_or_for_an_agentless_passive_the_verb():
    text = "Navalny was arrested.\nThe Turkish attack on “Greece” failed; Obama’s allies fell."
    rows = acts(text)
    for row in rows.itertuples():
        words = text[row.start : row.end]
        assert words == (row.name_used or "arrested")
    assert "agentless" in set(rows["role"])


def test_a_text_without_actors_has_only_agentless_rows():
    rows = acts("The square was cleared. It rained.")
    assert rows["role"].tolist() == ["agentless"]
    assert rows["actor"].tolist() == [""]


def test_an_empty_page_has_no_acts():
    assert acts("* * *").empty
