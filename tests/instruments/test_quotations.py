"""Pairing of quotation marks: all kinds of marks, apostrophes and inches left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.layout import paragraphs as find_paragraphs
from analysis.instruments.quotations import find_quotations
from tests.conftest import NO_ROWS


def quotations(text):
    return find_quotations(text, find_paragraphs("a", text, NO_ROWS))


def quoted(text, level=None):
    return [text[q.start:q.end] for q in quotations(text) if level in (None, q.level)]


@pytest.mark.parametrize("text, expected, why", [
    ('He said "no" and left.', ['"no"'], "straight marks"),
    ("He said “no” and left.", ["“no”"], "curly marks"),
    ("”Wrong way,“ he said.", ["”Wrong way,“"], "curly marks the wrong way round"),
    ("''We go,'' he said.", ["''We go,''"], "two single marks for a double one"),
    ("«Nein», he said.", ["«Nein»"], "angle marks"),
    ('"A," he said. "B."', ['"A,"', '"B."'], "split by its cue"),
    ("It's the voters' choice; 'tis rock 'n' roll of the '90s.", [], "apostrophes"),
    ("He is 5'10\" tall and ate a 6\" sub.", [], "feet and inches"),
    ("She said ‘no’ to voters’ plans.", ["‘no’"], "a plural possessive after single marks"),
    ("Trump ‘knows’ it, 'clearly' so.", ["‘knows’", "'clearly'"], "single marks that end in s"),
    ("“ spaced ” out", ["“ spaced ”"], "marks adrift"),
    ("“Never closed, he said. Then more.", ["“Never closed, he said."], "ends with its sentence"),
    ("Nothing here.", [], "none"),
    ('"', [], "a mark without words"),
])
def test_what_stands_in_quotation_marks(text, expected, why):
    assert quoted(text) == expected


def test_a_quotation_within_a_quotation_has_level_two():
    text = "“He said ‘it’s fine’ and left.”"
    assert quoted(text, level=1) == [text]
    assert quoted(text, level=2) == ["‘it’s fine’"]


def test_a_quotation_over_paragraphs_is_closed_only_in_the_last():
    text = "“One here.\n\n***\n\n“Two there.” He left."
    first, second = quotations(text)
    assert (text[first.start:first.end], first.closed) == ("“One here.", False)
    assert (text[second.start:second.end], second.closed) == ("“Two there.”", True)
    assert second.continues and not first.continues


def test_the_marks_of_one_paragraph_do_not_pair_with_those_of_the_next():
    assert quoted("An open \"mark here.\n\nThen \"closed\" marks.") == ['"mark here.', '"closed"']


@given(st.text(alphabet="ab s.,?!'\"“”‘’«»` \n5é😀א", max_size=120))
def test_quotations_are_ordered_nested_and_stay_in_their_paragraph(text):
    places = find_paragraphs("a", text, NO_ROWS)
    found = quotations(text)
    assert found == sorted(found, key=lambda q: (q.start, -q.end)) or any(
        q.level == 2 for q in found)
    outer = [q for q in found if q.level == 1]
    for one, two in zip(outer, outer[1:], strict=False):
        assert one.end <= two.start
    for q in found:
        assert q.start < q.end
        assert ((places["start"] <= q.start) & (q.end <= places["end"])).any()


def test_a_hundred_thousand_characters_of_marks_are_paired():
    text = "“a ‘b " * 16_000
    assert quotations(text)
