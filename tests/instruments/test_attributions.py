"""Attributions in short sentences: expected speaker, cue, content and kind."""

import pandas as pd
import pytest

from analysis.definitions import COLUMNS
from analysis.instruments import attributions as sourcing
from analysis.instruments import mentions as actors_room
from analysis.instruments import speakers

ACTORS = pd.DataFrame({
    "actor": ["Anna Berg", "Tom Reed", "NATO", "Russia"],
    "aliases": ["Berg|Ms. Berg", "Reed|Mr. Reed", "the alliance", "Moscow|Kremlin"],
    "role": ["expert", "other_government", "international_body", "russian_government"],
    "side": ["", "", "", ""],
})


@pytest.fixture
def find(parse_text):
    def run(text, actors=ACTORS, **options):
        parsed = parse_text(text, actors, **options)
        return sourcing.find_attributions(parsed, actors_room.find_mentions(parsed, actors), actors)
    return run


def joined(table, text):
    """Each attribution's content, its parts joined by a bar."""
    return {key: " | ".join(text[a:b] for a, b in zip(rows["start"], rows["end"], strict=True))
            for key, rows in table.groupby("attribution_id", sort=False)}


# text, speaker, cue, content, quote type, kind
SENTENCES = [
    ("“The bridge is shut,” Tom Reed said.",
     "Tom Reed", "said", "“The bridge is shut,”", "direct", "speech"),
    ("“The bridge is shut,” said Tom Reed.",
     "Tom Reed", "said", "“The bridge is shut,”", "direct", "speech"),
    ("“The bridge is shut,” said Tom Reed, the mayor. “It will open on Monday.”",
     "Tom Reed", "said", "“The bridge is shut,” | “It will open on Monday.”", "direct", "speech"),
    ("Tom Reed said that the bridge would open on Monday.",
     "Tom Reed", "said", "that the bridge would open on Monday", "indirect", "speech"),
    ("The bridge, Tom Reed said, would open on Monday.",
     "Tom Reed", "said", "The bridge | would open on Monday", "indirect", "speech"),
    ("Tom Reed said the bridge was “a mess.”",
     "Tom Reed", "said", "the bridge was “a mess.”", "mixed", "speech"),
    ("According to Anna Berg, the bridge was old.",
     "Anna Berg", "According to", "the bridge was old", "indirect", "speech"),
    ("The bridge was old, according to NATO.",
     "NATO", "according to", "The bridge was old", "indirect", "speech"),
    ("Tom Reed believes that the bridge is safe.",
     "Tom Reed", "believes", "that the bridge is safe", "indirect", "mental"),
    ("NATO warned that the talks would fail.",
     "NATO", "warned", "that the talks would fail", "indirect", "speech"),
    ("Moscow denied that its troops had crossed the border.",
     "Russia", "denied", "that its troops had crossed the border", "indirect", "speech"),
    ("Anna Berg pointed out that the bridge had never been tested.",
     "Anna Berg", "pointed out", "that the bridge had never been tested", "indirect", "speech"),
    ("Tom Reed promised to open the bridge.",
     "Tom Reed", "promised", "to open the bridge", "indirect", "performative"),
    ("''The bridge is shut,'' Tom Reed said.",
     "Tom Reed", "said", "''The bridge is shut,''", "direct", "speech"),
    ("‘The bridge is shut,’ Tom Reed said.",
     "Tom Reed", "said", "‘The bridge is shut,’", "direct", "speech"),
    ("Tom Reed said: 'We won't wait for the workers' friends.'",
     "Tom Reed", "said", "'We won't wait for the workers' friends.'", "direct", "speech"),
    ("Tom Reed said it should be ‘shut at once’.",
     "Tom Reed", "said", "it should be ‘shut at once’", "mixed", "speech"),
    ("As Tom Reed put it: “The bridge is shut.”",
     "Tom Reed", "put", "“The bridge is shut.”", "direct", "speech"),
    ("”The bridge is shut,“ Tom Reed said.",
     "Tom Reed", "said", "”The bridge is shut,“", "direct", "speech"),
    ("“Forty million? My bridge alone needs that,” Tom Reed joked.",
     "Tom Reed", "joked", "“Forty million? My bridge alone needs that,”", "direct", "speech"),
    ("“We have heard them,” Tom Reed told reporters outside the hall. “Nobody is left alone.”",
     "Tom Reed", "told", "“We have heard them,” | “Nobody is left alone.”", "direct", "speech"),
    ("OTTAWA (Reuters) — The bridge will open on Monday, Tom Reed said.",
     "Tom Reed", "said", "The bridge will open on Monday", "indirect", "speech"),
    ("NATO — the old alliance — is finished, Tom Reed said.",
     "Tom Reed", "said", "NATO — the old alliance — is finished", "indirect", "speech"),
    ("According to Statistics Russia, the bridge was old.",
     "Statistics Russia", "According to", "the bridge was old", "indirect", "speech"),
]


@pytest.mark.parametrize("text, speaker, cue, content, quote_type, kind", SENTENCES)
def test_who_is_credited_with_what_by_which_cue(find, text, speaker, cue, content, quote_type,
                                                kind):
    table = find(text)
    contents = joined(table, text)
    rows = table[table["cue"] == cue]
    assert not rows.empty, table[["cue", "speaker"]]
    row = rows.iloc[0]
    assert contents[row["attribution_id"]] == content
    assert (row["speaker"], row["quote_type"], row["kind"]) == (speaker, quote_type, kind)
    assert text[row["speaker_start"]:row["speaker_end"]] == row["speaker_mention"]


@pytest.mark.parametrize("text, speaker, basis", [
    ("Tom Reed spoke on Monday. “We are done,” he said.", "Tom Reed", "pronoun"),
    ("Anna Berg said the bridge was old. Tom Reed said it was new. She said he was wrong.",
     "Anna Berg", "pronoun"),
    ("“We are done,” someone behind the door said to Anna Berg.", None, "described"),
    ("I said that the bridge was shut.", "AUTHOR", "pronoun"),
])
def test_how_the_last_speaker_is_known(find, text, speaker, basis):
    row = find(text).iloc[-1]
    assert row["basis"] == basis
    if speaker is not None:
        assert row["speaker"] == speaker


def test_a_spokeswoman_for_someone_is_not_that_one(find):
    row = find("“We are done,” said a spokeswoman for Tom Reed.").iloc[0]
    assert row["speaker"] != "Tom Reed" and "spokeswoman" in row["speaker"]
    assert not row["named"]


def test_a_passive_without_agent_has_no_speaker(find):
    table = find("It was reported on Monday that the bridge had been closed for good.")
    assert (table["speaker"] == "").all() and (table["basis"] == "none").all()


def test_a_quotation_over_paragraphs_is_one_attribution(find):
    text = "“The bridge is shut,” said Tom Reed. “It is old.\n\n“It will not open again.”"
    table = find(text)
    assert table["speaker"].unique().tolist() == ["Tom Reed"]
    assert joined(table, text)["a1"].endswith("“It will not open again.”")


def test_a_floating_quotation_is_carried_from_the_last_speaker(find):
    text = "“The bridge is shut,” said Tom Reed.\n\n“The whole town is waiting for it.”"
    row = find(text).iloc[-1]
    assert (row["speaker"], row["basis"], row["cue"]) == ("Tom Reed", "carried", "")


def test_a_block_after_a_colon_has_the_cue_before_it(find):
    text = "Anna Berg said this:\n\nThe bridge is old.\n\nIt must go."
    blocks = {2: "The bridge is old.", 3: "It must go."}
    rows = pd.DataFrame([
        {"article_id": "test", "paragraph": number, "start": text.index(words),
         "end": text.index(words) + len(words), "role": "block_quotation", "speaker": "",
         "note": ""} for number, words in blocks.items()])
    table = find(text, rows=rows)
    blocks = table[table["quote_type"] == "direct"]
    assert blocks["attribution_id"].nunique() == 1 and blocks["part"].tolist() == [1, 2]
    assert set(blocks["speaker"]) == {"Anna Berg"} and set(blocks["cue"]) == {"said"}


def test_short_words_in_marks_that_nobody_said_are_scare_quotes(find):
    row = find("The so-called “peace” lasted a week.").iloc[0]
    assert (row["quote_type"], row["kind"], row["speaker"]) == ("scare", "", "")


def test_a_title_in_marks_is_nobodys_words(find):
    text = ("“The bridge is shut,” said Tom Reed.\n\n"
            "He acted in “How the Bridge Stole Christmas,” too.")
    row = find(text).iloc[-1]
    assert (row["quote_type"], row["speaker"]) == ("scare", "")


def test_a_pronoun_keeps_the_gender_that_the_text_has_given(find):
    text = ("Quill Ouellet, 67, shrugged. “My bridge needs that,” he said.\n\n"
            "His wife, Lucie, was sad. “We lost everything,” she said.")
    table = find(text)
    assert table["speaker"].tolist() == ["Quill Ouellet", "Lucie"]


def test_an_attribution_within_another_names_its_parent(find):
    text = "“My neighbor told me that he believed the bridge was safe,” said Tom Reed."
    table = find(text)
    inner = table[table["parent"] != ""]
    assert (inner["parent"].isin(table["attribution_id"])).all()


def test_furniture_speaks_for_nobody(find):
    text = "“Join us,” said Tom Reed."
    rows = pd.DataFrame([{"article_id": "test", "paragraph": 1, "start": 0, "end": len(text),
                          "role": "furniture", "speaker": "", "note": ""}])
    assert find(text, rows=rows).empty


@pytest.mark.parametrize("phrase, label, named, role", [
    ("Russian Foreign Minister Sergey Lavrov", "PERSON", True, "russian_government"),
    ("U.S. officials", "", False, "us_government"),
    ("the German chancellor", "", False, "other_government"),
    ("an analyst at the university", "", False, "expert"),
    ("a reporter for Reuters", "", False, "journalist_or_media"),
    ("many people", "", False, "anonymous_or_collective"),
    ("the United Nations", "ORG", True, "international_body"),
    ("the mother of three", "", False, "citizen"),
])
def test_a_role_follows_titles_and_names_of_states(phrase, label, named, role):
    assert speakers.find_role(phrase, label, named) == role


@pytest.mark.parametrize("text, speaker, role", [
    ("Rep. Ann Lowe (D-Va.) spoke first.\n\nLowe said the bridge was old.",
     "Ann Lowe", "us_government"),
    ("He met Ann Lowe, an adviser to the mayor, in Washington.\n\nLowe said it was old.",
     "Ann Lowe", "us_government"),
    ("He met Ann Lowe, an adviser to the mayor, in Oslo.\n\nLowe said it was old.",
     "Ann Lowe", "other_government"),
    ("Canadian Prime Minister Ann Lowe came.\n\nLowe said the bridge was old.",
     "Ann Lowe", "other_government"),
    ("Ann Lowe, a developer in Virginia, came.\n\nMs. Lowe said the bridge was old.",
     "Ann Lowe", "company"),
    ("Presidential nominee Ann Lowe came to the U.S.\n\nLowe said the bridge was old.",
     "Ann Lowe", "us_government"),
    ("Ann Lowe came with the mayor.\n\nLowe said the bridge was old.", "Ann Lowe", ""),
    ("Angela Merkel said the bridge was old.", "Angela Merkel", "other_government"),
    ("Mexicans said the bridge was old.", "Mexicans", "anonymous_or_collective"),
    ("China said the bridge was old.", "China", "other_government"),
    ("Critics said the bridge was old.", "Critics", "anonymous_or_collective"),
])
def test_a_role_known_anywhere_in_the_article_holds_wherever_its_bearer_speaks(find, text, speaker,
                                                                              role):
    nobody = ACTORS.iloc[:0]
    row = find(text, nobody).iloc[-1]
    assert (row["speaker"], row["role"]) == (speaker, role)


@pytest.mark.parametrize("cue, pos, kind, stance", [
    ("say", "VERB", "speech", "neutral"), ("claim", "VERB", "speech", "doubting"),
    ("reveal", "VERB", "speech", "endorsing"), ("brag", "VERB", "speech", "colouring"),
    ("believe", "VERB", "mental", "neutral"), ("promise", "VERB", "performative", "neutral"),
    ("oppose", "VERB", "attitude", "neutral"), ("find", "VERB", "document", "endorsing"),
])
def test_kind_and_stance_of_a_cue_come_from_the_lexicon(cue, pos, kind, stance):
    assert sourcing.cue_kind(cue, pos, [cue], "the mayor") == (kind, stance)


def test_what_a_report_says_is_a_documents_content():
    assert sourcing.cue_kind("say", "VERB", ["say"], "The report")[0] == "document"


@pytest.mark.parametrize("text", [
    "", "   \n ", "“", "said", "“”“”“", "“Unclosed, he said.\n\nThen she", "😀 said: “🙂”",
    "אמר: “שלום” said Lee", "He said " * 300, "“a” " * 2000 + "he said.", ":\n\n:\n\n—",
], ids=range(11))
def test_hostile_texts_keep_the_invariants(find, text):
    table = find(text)
    assert list(table.columns)[:len(COLUMNS["attributions"])] == COLUMNS["attributions"]
    assert (table["start"] < table["end"]).all()
    for _, rows in table.groupby("attribution_id"):
        rows = rows.sort_values("start")
        assert (rows["start"].to_numpy()[1:] >= rows["end"].to_numpy()[:-1]).all()
    assert table["basis"].isin(["named", "pronoun", "carried", "described", "none"]).all()
    assert ((table["speaker"] == "") == (table["basis"] == "none")).all()


def test_a_quotation_signed_with_a_dash_is_the_signers(find):
    row = find("Readers wrote.\n\n“The bridge is old and it must go.” ― Anna Berg").iloc[-1]
    assert (row["speaker"], row["cue"], row["basis"]) == ("Anna Berg", "―", "named")


def test_a_transcripts_turn_belongs_to_the_name_in_capitals(find):
    text = "REED: The bridge is old. It must go.\n\nBERG: It will stay."
    row = find(text).iloc[0]
    assert text[row["start"]:row["end"]] == "The bridge is old. It must go."
    assert (row["speaker_mention"], row["cue"], row["kind"]) == ("REED", ":", "speech")
