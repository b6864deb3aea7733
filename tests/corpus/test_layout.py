"""Roles of paragraphs: rules on pages made for the purpose, and their count on given layouts."""

import pandas as pd
import pytest

from analysis.corpus import layout
from analysis.corpus.read import load_corpus
from analysis.definitions import COLUMNS, ROOT

BODY = "The bridge over the Ems opened on Monday after two years of work."


def roles(*lines: str, apart: str = "\n\n") -> list[str]:
    return layout.infer_roles(apart.join(lines))["role"].tolist()


def rule(line: str) -> tuple[str, str]:
    """Role and rule of one line between a headline and body text."""
    table = layout.infer_roles("\n\n".join(["Bridge opens", BODY, BODY, line, BODY]))
    return table["role"][3], table["role_rule"][3]


def test_paragraphs_are_stretches_between_newlines_without_white_space_at_the_ends():
    text = "\n  One. \r\n\n\tTwo\u2028still two.\x0c\n \n"
    spans = layout.find_paragraphs(text)
    assert [text[start:end] for start, end in spans] == ["One.", "Two\u2028still two."]
    assert spans[0] == (3, 7)


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t\n", "\u00a0\n\u3000"])
def test_a_blank_text_has_no_paragraphs(text):
    assert layout.find_paragraphs(text) == []
    assert layout.paragraphs("a", text).empty


def test_a_byte_order_mark_belongs_to_the_first_paragraph_and_hides_no_rule():
    table = layout.infer_roles("\ufeffBy Ann Lee\nBridge opens\n" + BODY)
    assert table["start"][0] == 0
    assert table["role"].tolist() == ["furniture", "headline", "body"]


def test_a_one_word_article_is_body():
    assert roles("Rain") == ["body"]


def test_a_first_line_with_a_full_stop_is_no_headline():
    assert roles(BODY, BODY) == ["body", "body"]


def test_a_headline_may_ask():
    assert roles("Will the bridge open?", BODY) == ["headline", "body"]


def test_the_line_between_headline_and_byline_is_the_deck():
    lines = ("Bridge opens", "It took two years. It was worth it.", "By Ann Lee", BODY)
    assert roles(*lines) == ["headline", "deck", "furniture", "body"]


def test_short_lines_without_a_full_stop_are_headings():
    assert roles("Bridge opens", BODY, "What it cost", BODY) == [
        "headline", "body", "heading", "body"]  # fmt: skip


def test_a_short_question_in_the_body_stays_body():
    assert roles("Bridge opens", BODY, "Why now?", BODY)[2] == "body"


FURNITURE = [
    ("By Ann Lee", "byline"),
    ("By Ann Lee and Bo Karim, Staff Writers", "byline"),
    ("Updated March 3, 2031 at 4:15 p.m.", "date line"),
    ("March 3, 2031", "date line"),
    ("Filed under: Bridges", "section label"),
    ("Tags: bridges, rivers", "section label"),
    ("Read more: How the bridge was built", "related links"),
    ("Related stories", "related links"),
    ("You may also like", "related links"),
    ("Sign up for our newsletter", "newsletter"),
    ("Get the best of the river in your inbox every morning.", "newsletter"),
    ("The post Bridge opens appeared first on River News.", "syndication"),
    ("This article was originally published by River News.", "syndication"),
    ("© 2031 River News. All rights reserved.", "copyright"),
    ("(emphasis added)", "editorial note"),
    ("Editor’s note: This story has been updated.", "editorial note"),
    ("Photo: Bo Karim", "picture credit"),
    ("Bo Karim/Getty Images", "picture credit"),
    ("The bridge at dawn. (AP Photo/Bo Karim)", "picture caption"),
    ("Advertisement", "page menu"),
    ("5 min read", "page menu"),
    ("(Reporting by Kari Holm; Editing by Per Dahl)", "credit of a report"),
    ("With files from The Canadian Press and Ann Lowe", "credit of a report"),
    ("Ann Lowe contributed to this report.", "credit of a report"),
]


@pytest.mark.parametrize("line, name", FURNITURE)
def test_lines_of_the_page_are_furniture(line, name):
    assert rule(line) == ("furniture", name)


SENTENCES = [
    "Sign up or leave, the foreman told the divers.",
    "First, the report published in May was wrong.",
    "By Monday evening, Ann Lee had seen the photographs.",
    "Recommended doses of cement were exceeded.",
    "Get out of my house, he shouted.",
    "This article of the law was published in May 2001 and never used.",
    "Reuters reported that the bridge was closed.",
    "More trouble came in April.",
    "The post was guarded by two soldiers.",
    "March was cold.",
    "Correction of the wall took a month.",
    "(The mayor had been warned.)",
    "Reporting by the Ledger showed that the bridge was unsafe.",
]


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_that_look_like_furniture_stay_in_the_body(line):
    assert rule(line) == ("body", "no rule")


def test_title_and_caption_that_touch_a_picture_credit_are_furniture():
    picture = "The bridge\nA crowd at dawn.\nBo Karim via Getty Images"
    table = layout.infer_roles("\n\n".join(["Bridge opens", picture, BODY, BODY]))
    assert table["role"].tolist()[1:4] == ["furniture"] * 3
    assert table["role_rule"].tolist()[1:4] == ["picture block", "picture block", "picture credit"]


def quotation(introduction: str, *blocks: str) -> list[tuple[str, str]]:
    table = layout.infer_roles("\n".join(["Bridge opens", BODY, introduction, *blocks]))
    return list(zip(table["role"], table["speaker"], strict=True))[3:]


@pytest.mark.parametrize(
    "introduction, speaker",
    [
        ("In a letter, Ann Lee wrote:", "Ann Lee"),
        ("The mayor, Elin Sorrel, put it this way. As Sorrel said on Monday:", "Sorrel"),
        ("The statement of Brightwater Power reads:", "Brightwater Power"),
        ("In a note of September 3 they wrote:", ""),
    ],
)
def test_a_block_after_a_colon_is_a_quotation(introduction, speaker):
    assert quotation(introduction, "The wall is sound.", BODY) == [
        ("block_quotation", speaker), ("body", "")]  # fmt: skip


def test_a_block_goes_on_while_somebody_speaks_in_the_first_person():
    found = quotation("Ann Lee told the crowd:", "We are cold.", "I will stay.", "Lee went home.")
    assert [role for role, _ in found] == ["block_quotation", "block_quotation", "body"]
    assert found[1] == ("block_quotation", "Ann Lee")


@pytest.mark.parametrize("introduction", ["As I wrote in May:", "From my last column, a warning:"])
def test_an_author_who_quotes_an_earlier_piece_is_the_speaker(introduction):
    assert quotation(introduction, "The wall will break.", BODY)[0] == ("self_quotation", "AUTHOR")


@pytest.mark.parametrize(
    "introduction, after",
    [
        ("Two things were missing:", "The wall had no door."),
        ("Ann Lee said:", "“The wall is sound.”"),
        ("The report says:", "1. The wall is sound."),
        ("The speech was given at dawn (all times local):", "6:01 a.m."),
        ("Watch the mayor’s speech below:", "The wall is sound."),
    ],
    ids=["no cue", "quotation marks", "a list", "a time", "a film"],
)
def test_other_paragraphs_after_a_colon_are_body(introduction, after):
    assert quotation(introduction, after, BODY)[0] == ("body", "")


def test_a_signed_post_is_a_quotation_of_its_sender():
    table = layout.infer_roles(
        "\n\n".join(["Bridge opens", BODY, "It is OPEN!", "— Ann Lee (@annlee) May 3, 2031", BODY])
    )
    assert table["role"].tolist()[2:4] == ["block_quotation", "furniture"]
    assert table["speaker"][2] == "Ann Lee"


def test_known_limit_a_block_without_a_colon_goes_to_the_author():
    assert quotation("Ann Lee then wrote this", "We are cold.", BODY)[0] == ("body", "")


def test_given_rows_win_and_the_rest_is_inferred():
    text = f"Bridge opens\n\n{BODY}\n\nRelated stories"
    rows = pd.DataFrame({"paragraph": [2], "role": ["block_quotation"], "speaker": ["Ann Lee"]})
    table = layout.paragraphs("a", text, rows)
    assert table.columns.tolist() == COLUMNS["paragraphs"]
    assert table["role"].tolist() == ["headline", "block_quotation", "furniture"]
    assert table["role_rule"].tolist()[1:] == ["layout.csv", "related links"]
    assert table["speaker"].tolist() == ["", "Ann Lee", ""]


def test_a_very_long_line_costs_no_time():
    assert roles("By " + "A" * 200_000 + " " + "b’" * 100_000, BODY) == ["headline", "body"]


def counted(path) -> pd.DataFrame:
    corpus = load_corpus(path)
    inferred = pd.concat([layout.paragraphs(key, text) for key, text in corpus.texts.items()])
    keys, roles = ["article_id", "paragraph"], list(layout.ROLES)
    both = corpus.layout[[*keys, "role"]].merge(inferred[[*keys, "role"]], on=keys,
                                                suffixes=("", "_rule"))
    counts = pd.crosstab(both["role"], both["role_rule"])
    return counts.reindex(index=roles, columns=roles, fill_value=0)


def test_the_rules_miss_the_four_unmarked_blocks_of_the_three_articles_and_nothing_else():
    counts = counted(ROOT / "data")
    assert counts.to_numpy().sum() == 71
    assert counts.loc["self_quotation", "body"] == 2
    assert counts.loc["block_quotation", "body"] == 2
    assert sum(counts.loc[role, role] for role in layout.ROLES) == 67


def test_the_rules_find_the_layout_of_the_invented_corpus():
    counts = counted(ROOT / "tests" / "corpora" / "four-outlets")
    assert sum(counts.loc[role, role] for role in layout.ROLES) == counts.to_numpy().sum() == 86
