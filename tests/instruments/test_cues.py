"""Cues: what the lists find, what their guards leave out, and where they mislead."""

import pytest

from analysis.corpus.language import lexicon
from analysis.instruments.cues import find_cues

LISTS = ["stance", "loaded", "metaphors", "frames", "mind", "verbs", "nominals", "name_forms",
         "literal"]


def cues(parsed, *families):
    table = find_cues(parsed)
    if families:
        table = table[table["family"].isin(families)]
    return list(table[["family", "category", "cue"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_names_a_source_and_repeats_no_cue(name):
    table = lexicon(name)
    assert (table["source"] != "").all()
    assert not table.duplicated([c for c in table.columns if c not in ("source", "verb")]).any()


@pytest.mark.parametrize("sentence, expected", [
    ("Perhaps they left.", ("stance", "hedge", "Perhaps")),
    ("They may leave.", ("stance", "hedge", "may")),
    ("Sources say the deal was allegedly signed.", ("stance", "hearsay", "allegedly")),
    ("The vote was, of course, free.", ("stance", "booster", "of course")),
    ("She admitted that it rained.", ("stance", "factive", "admitted")),
    ("He boasts of a win.", ("stance", "assertive", "boasts")),
    ("He failed to appear.", ("stance", "implicative", "failed to")),
    ("It was extremely cold.", ("stance", "intensifier", "extremely")),
    ("The regime fell.", ("stance", "one_sided", "regime")),
    ("Their “experts” agreed.", ("stance", "scare_quote", "“experts”")),
    ("Why bother?", ("stance", "rhetorical_question", "?")),
    ("It is a war of words.", ("metaphor", "war", "war of words")),
    ("The plan is a Trojan horse.", ("metaphor", "trickery", "Trojan horse")),
    ("The row fuels mistrust.", ("metaphor", "fire", "fuels")),
    ("What a disgraceful vote.", ("loaded", "moral_blame", "disgraceful")),
    ("It fell because of the rain.", ("entman", "causal_attribution", "because of")),
    ("The mayor should resign.", ("entman", "treatment_recommendation", "should")),
    ("The two sides clashed.", ("generic", "conflict", "clashed")),
])
def test_what_the_lists_find(parse_text, sentence, expected):
    assert expected in cues(parse_text(sentence))


@pytest.mark.parametrize("sentence, category, cue", [
    ("Putin knows that it is over.", "unhedged", "knows"),
    ("Merkel really wants a deal.", "unhedged", "wants"),
    ("Putin appears to think that it is over.", "hedged", "appears to think"),
    ("The mayor may fear a defeat.", "hedged", "may fear"),
    ("Perhaps she wants it.", "hedged", "wants"),
])
def test_states_of_mind_ascribed_to_others(parse_text, sentence, category, cue):
    assert cues(parse_text(sentence), "mind_reading") == [("mind_reading", category, cue)]


@pytest.mark.parametrize("sentence", [
    "I know that it is over.", "We want a deal.", "You want it.", "It is believed to be over.",
])
def test_ones_own_mind_and_nobodys_are_no_mind_reading(parse_text, sentence):
    assert cues(parse_text(sentence), "mind_reading") == []


def test_the_longest_cue_wins_and_compounds_are_not_cut(parse_text):
    found = cues(parse_text("The far-right senator is at war with the so-called elite."))
    assert ("stance", "one_sided", "far-right") in found
    assert ("metaphor", "war", "at war with") in found
    cut = {cue for _, _, cue in found} & {"right", "far", "so", "called"}
    assert not cut


def test_quotation_marks_of_speech_are_no_scare_quotes(parse_text):
    found = cues(parse_text('She said "never again" and left.'), "stance")
    assert "scare_quote" not in {category for _, category, _ in found}


@pytest.mark.parametrize("sentence, wrong, why", [
    ("The war began in 1914.", "problem_definition", "a war that was fought counts as a problem"),
    ("In May the trial begins, and may end.", "hedge", "only the second *may* hedges"),
    ("Police said the radical left won no seats.", "group_label",
     "the label counts whoever uses it"),
])
def test_where_the_lists_mislead(parse_text, sentence, wrong, why):
    found = [category for _, category, _ in cues(parse_text(sentence))]
    assert found.count(wrong) == 1, why


NOTHING = ("loaded", "metaphor", "stance", "entman", "generic", "mind_reading")


@pytest.mark.parametrize("sentence, families", [
    ("Great Britain voted.", NOTHING),
    ("The White House issued a note.", NOTHING),
    ("Aides left the White House on Monday.", NOTHING),
    ("The Justice Department sued.", NOTHING),
    ("The Affordable Care Act passed.", NOTHING),
    ("The acting chief of staff resigned.", ("metaphor",)),
    ("The government should act.", ("metaphor",)),
    ("May resigned.", NOTHING),
    ("May said no.", NOTHING),
    ("Theresa May spoke in May.", NOTHING),
    ("Home Secretary Crisp won.", NOTHING),
    ("The Freedom Caucus met.", NOTHING),
    ("The storm flooded the valley.", NOTHING),
    ("The rain triggered a landslide.", ("loaded", "metaphor")),
    ("Flood victims wept.", ("loaded", "metaphor")),
    ("The soup was lukewarm at best.", ("loaded",)),
    ("There is hope.", ("loaded",)),
    ("They quickly left.", ("stance",)),
    ("The band played “Yesterday” at the gala.", ("metaphor", "stance")),
    ("The far-right–led coalition met.", ("metaphor",)),
])
def test_names_months_offices_and_literal_uses_are_no_cues(parse_text, sentence, families):
    assert cues(parse_text(sentence), *families) == []


@pytest.mark.parametrize("sentence, cue", [
    ("Shameful, said Lee.", "Shameful"),
    ("He gave a Nazi salute.", "Nazi"),
    ("Ruthless bankers left the White House.", "Ruthless"),
    ("Refugees flooded the inboxes of lawmakers, a flood of mail.", "flood of"),
])
def test_a_capital_alone_makes_no_name(parse_text, sentence, cue):
    assert cue in {found for _, _, found in cues(parse_text(sentence), "loaded", "metaphor")}


def test_a_cue_of_stance_has_one_category():
    assert not lexicon("stance")["cue"].duplicated().any()


@pytest.mark.parametrize("sentence", [
    "Lee said he wanted to go.", "He should know.", "She came to understand it.",
    "They said they were happy.",
])
def test_what_people_say_of_themselves_and_what_they_ought_is_no_mind_reading(
        parse_text, sentence):
    assert cues(parse_text(sentence), "mind_reading") == []


def test_cues_span_their_words_in_the_text_as_received(parse_text):
    parsed = parse_text("\ufeff“Of course,” he’d say.\r\n\r\nIt’s a “sham” vote, perhaps.")
    table = find_cues(parsed)
    assert len(table) > 2
    for row in table.itertuples():
        assert parsed.text[row.start : row.end] == row.cue
        assert parsed.sentence_at(row.start) == row.sentence


def test_an_empty_page_has_no_cues(parse_text):
    assert find_cues(parse_text("* * *")).empty
