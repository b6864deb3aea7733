"""The one pass: sentences are where a reader sees them, offsets are those of the text."""

import pandas as pd
import pytest

from analysis.corpus import language

NO_ACTORS = pd.DataFrame(columns=["actor", "aliases", "role", "side"])
NO_LAYOUT = pd.DataFrame(columns=["article_id", "paragraph", "start", "end", "role", "speaker"])


def parse(text):
    return language.parse("a", text, NO_LAYOUT, NO_ACTORS)


def sentences(text):
    parsed = parse(text)
    return [text[start:end] for start, end in
            zip(parsed.sentences["start"], parsed.sentences["end"], strict=True)]


@pytest.mark.parametrize("pieces", [
    ["The council met the U.S. Ambassador to the U.N. Nikki Haley on Monday."],
    ["They wanted to leave the U.S.", "When it rained, they stayed."],
    ["Mr. Holm met Gen. Dahl at noon.", "Nobody else came."],
    ["“It will rain,” she said.", "“It always does.”"],
    ["The ferry left.", "It was late.", "Nobody minded!"],
])
def test_sentences_end_where_a_reader_ends_them(pieces):
    assert sentences(" ".join(pieces)) == pieces


def test_a_sentence_never_crosses_a_line_break():
    assert sentences("A line without a stop\nand another one") == [
        "A line without a stop", "and another one"]


def test_offsets_survive_marks_breaks_and_emoji():
    text = "\ufeffFirst “one”.\r\n\r\n  Second \U0001f600 one’s here. \n"
    parsed = parse(text)
    for doc, row in zip(parsed.docs, parsed.paragraphs.itertuples(), strict=True):
        assert doc.text == language.straighten(text[row.start : row.end])
    for number, _, span in parsed.iter_sentences():
        row = parsed.sentences.iloc[number - 1]
        assert (parsed.start(span), parsed.end(span)) == (row["start"], row["end"])
        token = span[0]
        words = text[parsed.start(token) : parsed.end(token)]
        assert language.straighten(words) == token.text


def test_sentence_at_finds_the_sentence_of_an_offset():
    parsed = parse("One here. Two there.\n\nThree.")
    assert [parsed.sentence_at(offset) for offset in (0, 8, 9, 10, 19, 21, 22, 27)] == [
        1, 1, None, 2, 2, None, 3, 3]


def test_straightened_text_keeps_its_length():
    text = "‘’‚‛′“”„‟″ – — … é"
    assert len(language.straighten(text)) == len(text)
    assert language.straighten(text).startswith("'" * 5 + '"' * 5)


def test_a_typed_actor_guides_the_names_that_are_seen():
    actors = pd.DataFrame({"actor": ["Bol"], "aliases": [""], "role": [""], "side": [""],
                           "type": ["person"]})
    parsed = language.parse("a", "Then Bol spoke.", NO_LAYOUT, actors)
    assert [(name.text, name.label_) for name in parsed.docs[0].ents] == [("Bol", "PERSON")]
