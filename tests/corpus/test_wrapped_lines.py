"""Lines that were wrapped are read as the paragraphs that they were; offsets stay the file's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import annotate_text

from analysis.corpus import layout
from analysis.corpus.read import load_corpus
from analysis.definitions import ROOT
from analysis.instruments import annotate

KEYS = ["examiner", "vox", "duran"]


def _bundled(key: str) -> str:
    return (ROOT / "data" / "articles" / f"{key}.txt").read_bytes().decode()


def _rewrapped(text: str, width: int) -> str:
    """The same words with a newline for a space where a line would grow too long."""
    out = []
    for line in text.split("\n"):
        marks = list(line)
        last = start = 0
        for place, mark in enumerate([*line, " "]):
            if mark == " ":
                if place - start > width and last > start:
                    marks[last] = "\n"
                    start = last + 1
                last = place
        out.append("".join(marks))
    return "\n".join(out)


def _apart(text: str) -> str:
    """Every paragraph after a blank line, as Nexis, e-mail and Gutenberg part them."""
    return "\n\n".join(line for line in text.split("\n") if line.strip())


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("width", range(60, 101, 4))
def test_a_wrapped_text_has_the_paragraphs_of_the_original(key, width):
    text = _apart(_bundled(key))
    wrapped = _rewrapped(text, width)
    assert len(wrapped) == len(text) and wrapped.count("\n") > text.count("\n") + 20
    assert layout.find_paragraphs(wrapped) == layout.find_paragraphs(text)


@pytest.mark.parametrize("key", ["examiner", "vox"])  # some paragraphs touch, some lie apart
@pytest.mark.parametrize("width", range(60, 101, 4))
def test_lines_that_had_room_end_a_paragraph_without_a_blank_line(key, width):
    text = _bundled(key)
    assert layout.find_paragraphs(_rewrapped(text, width)) == layout.find_paragraphs(text)


def test_where_no_blank_line_parts_paragraphs_a_full_last_line_is_joined():
    """The limit: nothing tells a paragraph that happens to fill its last line."""
    text = _bundled("duran")
    right = set(layout.find_paragraphs(text))
    found = set(layout.find_paragraphs(_rewrapped(text, 76)))
    assert len(right) == 15 and len(right - found) == 2 and len(found - right) == 1


@pytest.mark.parametrize("key", KEYS)
def test_no_bundled_text_and_no_made_one_is_taken_for_wrapped(key, bundled):
    four = load_corpus(ROOT / "tests" / "corpora" / "four-outlets").texts
    assert all(layout.wrap_width(text) == (0, False) for text in [*bundled.texts.values(),
                                                                   *four.values()])


NOT_WRAPPED = {
    "verses": "the sea was calm and\nnobody spoke\nof the boat that left at dawn\nwith three men\n"
              "who had not slept\nand the rain",
    "a list": "bread\nmilk and butter\nsix eggs\nsalt\na pound of flour\noil",
    "sentences": "It rained all day.\nThe town was still.\nNobody came.\nWe sat.",
    "two wrapped lines": "The mayor of the town closed the old harbour on Monday after the crane\n"
                         "had fallen into the water and the boats\nhad left",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_WRAPPED.values(), ids=NOT_WRAPPED)
def test_short_lines_of_other_kinds_stay_paragraphs(text):
    assert len(layout.find_paragraphs(text)) == text.count("\n") + 1


def test_lists_indented_lines_and_page_lines_begin_anew():
    body = ("The mayor of the town closed the old harbour on Monday after the crane\n"
            "had fallen into the water and the boats had left for the islands in\n"
            "the night, so that nobody was there to see what came down, she said,\n"
            "when the storm began.")  # fmt: skip
    text = f"{body}\n    The crane was old and had been mended in May.\n- boats\n- nets\n\n{body}"
    spans = layout.find_paragraphs(text)
    assert [text[start:end][:9] for start, end in spans] == [
        "The mayor", "The crane", "- boats", "- nets", "The mayor"]  # fmt: skip


def test_lines_of_uneven_length_are_joined_where_most_break_off():
    lines = ["The mayor of the town closed the old harbour on Monday, after the",
             "crane had fallen into the water and all the boats had",
             "left for the islands in the night, so that nobody was",
             "there to see what came down. The storm had begun in the west",
             "and reached the town at noon, when the men of the harbour were",
             "at table and the women in the church on the hill, which has",
             "stood since the year of the flood and holds three hundred"]  # fmt: skip
    text = "\n".join([*lines, "people.", *lines, "people."])
    assert layout.wrap_width(text)[1] is False and layout.wrap_width(text)[0] > 0
    spans = layout.find_paragraphs(text)
    assert len(spans) == 2 and spans[0][1] == text.index("people.") + 7


def test_the_column_wrapped_overrules_what_the_lines_look_like(small):
    text = _rewrapped(_apart(_bundled("vox")), 76)
    assert len(layout.find_paragraphs(text, "no")) == sum(map(bool, text.split("\n")))
    one = "The bridge over the river was\nshut on Monday, the mayor\nsaid."
    assert layout.find_paragraphs(one, "yes") == [(0, len(one))]
    path = small({"articles.csv": "article_id,outlet,wrapped\na,North,yes\nb,South,perhaps\n",
                  "articles/c.txt": None})
    corpus = load_corpus(path)
    assert corpus.articles["wrapped"].tolist() == ["yes", ""]
    assert [str(each) for each in corpus.warnings] == [
        "articles.csv, row 3: warning: wrapped 'perhaps' is neither yes nor no; not used"]


words = st.lists(st.sampled_from(["a", "the", "boat", "harbour", "mayor", "extraordinarily"]),
                 min_size=25, max_size=60).map(" ".join)  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(words, min_size=1, max_size=4), st.integers(30, 120))
def test_joining_undoes_wrapping_on_any_words_and_moves_no_offset(paragraphs, width):
    text = "\n\n".join(words.capitalize() + "." for words in paragraphs)
    wrapped = _rewrapped(text, width)
    spans = layout.find_paragraphs(wrapped)
    if layout.wrap_width(wrapped)[0]:
        assert spans == layout.find_paragraphs(text)
        assert layout.unwrap(wrapped, spans) == text
    assert [word for start, end in spans for word in wrapped[start:end].split()] == text.split()


@pytest.mark.parametrize("key", KEYS)
def test_rewrapped_articles_give_the_tables_of_the_originals(key):
    text = _apart(_bundled(key))
    one, other = annotate_text(text), annotate_text(_rewrapped(text, 76))
    assert set(annotate.READ) <= set(one)
    for name, table in one.items():
        assert table.equals(other[name]), name


def test_a_space_of_another_kind_parts_the_words_of_a_name():
    text = ("Harbour closed\nThe mayor, Ada Holm, closed the harbour on Monday. “It is not safe,” "
            "Ada Holm said.\nAda Holm said that the crane was old.")  # fmt: skip
    plain, other = annotate_text(text), annotate_text(text.replace("Ada Holm", "Ada\u00a0Holm"))
    assert len(plain["mentions"]) == len(other["mentions"])
    assert other["attributions"]["speaker"].tolist() == plain["attributions"]["speaker"].tolist()
