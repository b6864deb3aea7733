"""The partition of an article by voice, and the voice of each sentence."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.definitions import COLUMNS
from analysis.instruments import attributions as sourcing
from analysis.instruments import voices as voice

NO_MENTIONS = pd.DataFrame(columns=COLUMNS["mentions"])
NO_ACTORS = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)
RANK = {"author": 0, "paraphrased": 1, "quoted": 2, "self_quoted": 3, "furniture": 4}


def attribution(text, words, quote_type="indirect", kind="speech", speaker="Lee"):
    start = text.index(words)
    return {"start": start, "end": start + len(words), "quote_type": quote_type, "kind": kind,
            "speaker": speaker, "attribution_id": "a1", "part": 1}


def pieces(parsed, *rows):
    columns = ["start", "end", "quote_type", "kind", "speaker", "attribution_id", "part"]
    found = voice.assign_voices(parsed, pd.DataFrame(list(rows), columns=columns))
    return [(parsed.text[row.start:row.end], row.voice, row.speaker) for row in found.itertuples()]


def test_without_attributions_all_is_the_authors(parse_text):
    assert pieces(parse_text("One two. Three.")) == [("One two. Three.", "author", "")]


def test_marks_belong_to_the_quoted_piece_and_space_to_the_piece_before(parse_text):
    text = "“We go,” said Lee."
    row = attribution(text, "“We go,”", "direct")
    assert pieces(parse_text(text), row) == [
        ("“We go,” ", "quoted", "Lee"), ("said Lee.", "author", "")]


def test_the_words_of_a_mixed_content_are_quoted_in_marks_and_paraphrased_outside(parse_text):
    text = "Lee said it was “too late” now."
    row = attribution(text, "it was “too late” now", "mixed")
    assert pieces(parse_text(text), row) == [
        ("Lee said ", "author", ""), ("it was ", "paraphrased", "Lee"),
        ("“too late” ", "quoted", "Lee"), ("now", "paraphrased", "Lee"), (".", "author", "")]


@pytest.mark.parametrize("kind, quote_type, speaker, expected", [
    ("speech", "indirect", "Lee", "paraphrased"),
    ("document", "indirect", "Lee", "paraphrased"),
    ("performative", "indirect", "", "paraphrased"),
    ("mental", "indirect", "Lee", "author"),
    ("attitude", "indirect", "Lee", "author"),
    ("", "scare", "", "author"),
    ("speech", "indirect", "AUTHOR", "author"),
])
def test_which_contents_leave_the_authors_voice(parse_text, kind, quote_type, speaker, expected):
    text = "Lee held it was late."
    row = attribution(text, "it was late", quote_type, kind, speaker)
    assert ("it was late", expected) in [p[:2] for p in pieces(parse_text(text), row)] or \
        expected == "author"
    voices = {p[1] for p in pieces(parse_text(text), row)}
    assert voices == ({"author", "paraphrased"} if expected == "paraphrased" else {"author"})


def test_layout_wins_over_quotation_marks(parse_text):
    text = "“A block of words.”\n\nMenu “x y”"
    rows = pd.DataFrame([
        {"article_id": "test", "paragraph": 1, "start": 0, "end": 19, "role": "self_quotation",
         "speaker": "AUTHOR", "note": ""},
        {"article_id": "test", "paragraph": 2, "start": 21, "end": len(text), "role": "furniture",
         "speaker": "", "note": ""}])
    found = pieces(parse_text(text, rows=rows), attribution(text, "“A block of words.”", "direct"))
    assert [p[1] for p in found] == ["self_quoted", "furniture"]


def test_space_before_the_first_word_goes_with_the_first_piece(parse_text):
    text = "\n “We go,” said Lee."
    row = attribution(text, "“We go,”", "direct")
    assert pieces(parse_text(text), row)[0] == ("\n “We go,” ", "quoted", "Lee")


def test_a_sentence_is_mixed_where_no_voice_has_four_fifths_of_its_words(parse_text):
    text = "“One two three four five six seven eight,” said Lee. “No,” said Lee today. It was so."
    parsed = parse_text(text)
    rows = [attribution(text, "“One two three four five six seven eight,”", "direct"),
            attribution(text, "“No,”", "direct")]
    voices = voice.assign_voices(parsed, pd.DataFrame(rows))
    found = voice.sentence_voices(parsed, voices)["voice"].tolist()
    assert found == ["quoted", "mixed", "author"]  # 8 of 10 words, 3 of 4, 3 of 3


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet="abc S.,?!'\"“”‘’ \n:5é😀א", min_size=1, max_size=150))
def test_the_voices_cut_any_text_without_gap_or_overlap(parse_text, text):
    if not text.strip():
        return
    parsed = parse_text(text)
    table = sourcing.find_attributions(parsed, NO_MENTIONS, NO_ACTORS)
    assert (table["start"] < table["end"]).all()
    voices = voice.assign_voices(parsed, table)
    assert voices["start"].iat[0] == 0 and voices["end"].iat[-1] == len(text)
    assert (voices["start"].to_numpy()[1:] == voices["end"].to_numpy()[:-1]).all()
    assert (voices["start"] < voices["end"]).all()
    alike = (voices[["voice", "speaker"]] == voices[["voice", "speaker"]].shift()).all(axis=1)
    assert not alike.any()
    sentences = voice.sentence_voices(parsed, voices)
    assert sentences["voice"].isin([*RANK, "mixed"]).all()


def test_an_empty_attribution_table_has_every_column(parse_text):
    table = sourcing.find_attributions(parse_text("A b."), NO_MENTIONS, NO_ACTORS)
    assert list(table.columns)[:len(COLUMNS["attributions"])] == COLUMNS["attributions"]
    assert table.empty
