"""Who does what in headlines: 102 invented ones with answers by hand, written before the rules."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.corpus.headlines import restore_case
from analysis.corpus.language import parse
from analysis.instruments.acts import find_acts
from analysis.instruments.mentions import find_mentions

TABLE = pd.read_csv(Path(__file__).with_name("headlines.csv"), dtype=str, keep_default_na=False)
NAMES = {"Ana Dahl": "Dahl", "Marko Ruiz": "Ruiz", "Lena Okafor": "Okafor", "Peter Falk": "Falk",
         "Norvik Oil": "Norvik", "Ukraine": "Kyiv", "Senate": "", "Norland": "", "Police": "police"}
ACTORS = pd.DataFrame({"actor": list(NAMES), "aliases": list(NAMES.values()),
                       "type": ["person"] * 4 + ["body", "state", "body", "state", "body"]})
NO_LAYOUT = pd.DataFrame(columns=["article_id", "paragraph", "start", "end", "role", "speaker"])
BODY = "\n\nThe desk reports as follows today.\n"


def roles(headline):
    """(actor, role) pairs of a headline over a body, and whether a doer is missing."""
    parsed = parse("a", headline + BODY, NO_LAYOUT, ACTORS)
    table = find_acts(parsed, find_mentions(parsed, ACTORS))
    table = table[table["end"] <= len(headline)]
    filled = table[table["role"].ne("agentless")]
    return (set(filled[["actor", "role"]].itertuples(index=False, name=None)),
            bool(table["role"].eq("agentless").any()))


def gold(row):
    named = [(actor, role) for actors, role in ((row.agents, "agent"), (row.patients, "patient"))
             for actor in actors.split("|") if actor]
    return set(named)


def score(rows):
    """F1 of (actor, role), and the share of bare passives with an agentless row."""
    found = {row.headline: roles(row.headline) for row in rows}
    hits = sum(len(gold(row) & found[row.headline][0]) for row in rows)
    sizes = sum(len(gold(row)) + len(found[row.headline][0]) for row in rows)
    bare = [found[row.headline][1] for row in rows if row.agentless == "yes"]
    return 2 * hits / sizes, sum(bare) / len(bare)


def test_at_least_85_percent_of_the_roles_in_headlines_are_right():
    f1, agentless = score(list(TABLE.itertuples()))
    assert f1 >= 0.85
    assert agentless >= 0.85


@pytest.mark.parametrize("headline, patient", [
    ("Norvik Oil fined for spill", "Norvik Oil"), ("Kyiv shelled overnight", "Ukraine"),
    ("Falk booed by crowd", "Peter Falk"), ("FALK JAILED FOR NINE YEARS", "Peter Falk"),
    ("Dahl Wounded in Knife Attack", "Ana Dahl"),
])
def test_a_bare_participle_is_a_passive(headline, patient):
    found, agentless = roles(headline)
    assert found == {(patient, "patient")}
    assert agentless == ("by" not in headline)


@pytest.mark.parametrize("headline", ["Ruiz walked out after vote", "Falk lied to investigators",
                                      "Dahl won in the north", "Okafor resigned in protest"])
def test_a_past_tense_that_wants_no_object_is_none(headline):
    assert "agent" in {role for _, role in roles(headline)[0]}


@pytest.mark.parametrize("text", ["The problems Dahl created", "Ruiz wrote:"])
def test_a_clause_that_leaves_its_object_out_and_a_line_before_a_quotation_are_active(text):
    assert "patient" not in {role for _, role in roles(text)[0]}


def test_the_same_words_in_running_text_stay_active():
    parsed = parse("a", "It rained.\n\nThe court noted that Dahl sued for damages.", NO_LAYOUT,
                   ACTORS)
    table = find_acts(parsed, find_mentions(parsed, ACTORS))
    assert set(table["role"]) == {"agent"}


@pytest.mark.parametrize("headline, read", [
    ("Dahl Slams Ruiz Over Budget", "Dahl slams Ruiz over budget"),
    ("DAHL SUES OKAFOR", "Dahl sues Okafor"),
    ("White House Won't Back Iran Deal, Aides Say", "White House won't back Iran deal, aides say"),
    ("Why US Troops Left Kabul", "Why US troops left Kabul"),
    ("Dahl backs Tom Archer", "Dahl backs Tom Archer"),
    ("Ruiz quits", "Ruiz quits"),
])
def test_capitals_that_only_the_place_gives_are_taken_away(headline, read):
    assert restore_case([headline, "It rained."], ["headline", "body"], ACTORS) == [
        read, "It rained."]


def test_the_articles_own_words_stay_as_they_are():
    text = "DAHL SUES OKAFOR" + BODY
    parsed = parse("a", text, NO_LAYOUT, ACTORS)
    mentions = find_mentions(parsed, ACTORS)
    assert mentions["mention"].tolist() == ["DAHL", "OKAFOR"]
    assert parsed.text == text


@pytest.mark.parametrize("line", [
    "the Novak’s", "NOVAK’S HOUSE SOLD", "Reyes’ Party And Novak's Plan Voted Down"])
def test_a_headline_restored_is_as_long_as_it_was(line):
    actors = pd.DataFrame({"actor": ["Peter Novak", "Anna Reyes"], "aliases": ["Novak", "Reyes"]})
    assert len(restore_case([line], ["headline"], actors)[0]) == len(line)
