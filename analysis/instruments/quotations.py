"""Which stretches of a text stand in quotation marks.

A mark's neighbours decide whether it opens or closes, its shape only where they do not: typed
news turns curly marks the wrong way round, uses ``''`` for ``"``, leaves quotations open, and
writes apostrophes and inches with the same characters.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

# Longest first: two straight or curly single marks are one double mark.
_MARK = re.compile(r"&quot;|''|``|’’|‘‘|[\"“”„‟«»‘’‚‛'`]")
_DOUBLE = set('"“”„‟«»') | {"&quot;", "''", "``", "’’", "‘‘"}
_OPENING = set("“„‟«‘‚‛`") | {"``", "‘‘"}
_CLOSING = set("”»’") | {"’’"}
_BEFORE_OPENING = set("([{<—–-/:=…*|\"“„«‘'")
# Words that begin with an apostrophe.
_ELISION = re.compile(
    r"(?:\d0s|em|til|tis|twas|cause|bout|round|n|nuff|neath|ere|cuz|sup|fraid|kay|hood|s|t|re|ve"
    r"|ll|d|m)\b", re.I)
_SENTENCE_END = re.compile(r"[.!?…]['\")\]”’]*(?=\s|$)")


class Quotation(NamedTuple):
    """A quoted stretch, its marks included; ``level`` 1 is outermost, 2 within another."""

    start: int
    end: int
    closed: bool
    level: int
    continues: bool = False  # goes on from an unclosed one in the paragraph before


class Stretches:
    """Some stretches of a text, overlaps joined."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._edges: list[int] = []  # starts and ends in turn
        for start, end in sorted(spans):
            if self._edges and start <= self._edges[-1]:
                self._edges[-1] = max(self._edges[-1], end)
            else:
                self._edges += [start, end]

    def hold(self, offset: int) -> bool:
        """Whether an offset lies in one of them."""
        return bisect.bisect_right(self._edges, offset) % 2 == 1

    def touch(self, start: int, end: int) -> bool:
        """Whether part of a stretch lies in one of them."""
        row = bisect.bisect_right(self._edges, start)
        return row % 2 == 1 or (row < len(self._edges) and self._edges[row] < end)


class _Mark(NamedTuple):
    start: int
    end: int
    can_open: bool
    can_close: bool
    glyph: str


def _marks(text: str, start: int, end: int) -> tuple[list[_Mark], list[_Mark]]:
    """Return the double and the single marks of a paragraph, apostrophes left out."""
    double, single = [], []
    for match in _MARK.finditer(text, start, end):
        first, last, glyph = match.start(), match.end(), match.group()
        before = text[first - 1] if first > start else " "
        after = text[last] if last < end else " "
        space_before, space_after = before.isspace(), after.isspace()
        can_open = (space_before or before in _BEFORE_OPENING) and not space_after
        can_close = not space_before and (not after.isalnum() or glyph in _CLOSING
                                          or glyph in _DOUBLE)
        if glyph in _DOUBLE:
            if space_before and space_after:  # adrift: only its shape can tell
                can_open, can_close = glyph not in _CLOSING, glyph not in _OPENING
            elif can_open and can_close:
                can_open = glyph not in _CLOSING or before in "\"“„«‘'(["
                can_close = glyph not in _OPENING
            elif not can_open and not can_close:
                can_open = glyph in _OPENING
            double.append(_Mark(first, last, can_open, can_close, glyph))
        elif not (before.isalnum() and after.isalnum()):
            can_open = can_open and (after.isalnum() or after in "…[.$£€#@\"“")
            if can_open and _ELISION.match(text, last):
                can_open = False
            can_close = can_close and not after.isalnum() and glyph not in "‘‚‛`"
            if can_open or can_close:
                single.append(_Mark(first, last, can_open, can_close, glyph))
    return double, single


def _pair_double(text: str, marks: list[_Mark], start: int, end: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    guillemets = False
    for mark in marks:
        if guillemets and mark.glyph not in "«»":
            continue  # «The bridge is “finished”,» is one quotation
        if opened is None:
            inches = (mark.glyph in ('"', "''", "”") and mark.start > start
                      and text[mark.start - 1].isdigit() and not mark.can_open)
            if mark.can_open or (not inches and not mark.can_close):
                opened = mark.start
                guillemets = mark.glyph == "«" and any(
                    other.glyph == "»" and other.start > mark.start for other in marks)
        elif mark.can_close or (guillemets and mark.glyph == "»"):
            found.append(Quotation(opened, mark.end, True, 1))
            opened, guillemets = None, False
        elif mark.can_open:
            found.append(Quotation(opened, _open_end(text, opened, mark.start), False, 1))
            opened = mark.start
    if opened is not None:
        found.append(Quotation(opened, end, False, 1))
    return found


def _open_end(text: str, start: int, limit: int) -> int:
    """Where a quotation that is never closed ends: with its first sentence."""
    match = _SENTENCE_END.search(text, start + 1, limit)
    end = match.end() if match else limit
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end


def _pair_single(text: str, marks: list[_Mark], outer: list[Quotation]) -> list[Quotation]:
    """Pair single marks; an opening one needs a closing one in the same quotation or outside."""
    found: list[Quotation] = []
    place = 0
    while place < len(marks):
        mark = marks[place]
        place += 1
        if not mark.can_open:
            continue
        beyond = next((span for span in outer if span.end > mark.start), None)
        inside = beyond is not None and beyond.start <= mark.start
        limit = len(text) if beyond is None else beyond.end if inside else beyond.start
        weak = None
        for later in range(place, min(place + 40, len(marks))):
            close = marks[later]
            if close.start >= limit:
                break
            if close.can_open and not close.can_close and weak is not None:
                break
            if not close.can_close or close.start == mark.end:
                continue
            goes_on = re.match(r"\s\w", text[close.end:close.end + 2])
            if goes_on and text[close.start - 1] in "sS":  # may be a plural possessive
                weak = later if weak is None else weak
                continue
            weak = later
            break
        if weak is not None:
            found.append(Quotation(mark.start, marks[weak].end, True, 2 if inside else 1))
            place = weak + 1
    return found


def find_quotations(text: str, paragraphs: pd.DataFrame) -> list[Quotation]:
    """Return the quoted stretches of a text in reading order, marks included.

    Parameters
    ----------
    paragraphs : DataFrame
        With ``start`` and ``end``, code points of ``text``; no quotation leaves its paragraph.

    Returns
    -------
    list of Quotation
        An unclosed quotation runs to the end of its paragraph where the next one opens with a
        mark and so continues it, otherwise to the end of its first sentence.
    """
    return list(_find(text, tuple(zip(paragraphs["start"].tolist(), paragraphs["end"].tolist(),
                                      strict=True))))


@functools.lru_cache(maxsize=2)  # attributions and voices ask for those of one article
def _find(text: str, paragraphs: tuple[tuple[int, int], ...]) -> list[Quotation]:
    found: list[Quotation] = []
    waiting: list[int] = []  # place in `found` of an unclosed quotation at a paragraph's end
    spans = [(start, end) for start, end in paragraphs if any(map(str.isalnum, text[start:end]))]
    for place, (start, end) in enumerate(spans):  # a line without a word breaks no continuation
        double, single = _marks(text, start, end)
        pairs = _pair_double(text, double, start, end)
        after = text[spans[place + 1][0]] if place + 1 < len(spans) else ""
        first = [mark for mark in (double, single) if mark and mark[0].start == start]
        continues = bool(waiting and first and (first[0][0].glyph in _DOUBLE)
                         == (text[found[waiting[-1]].start] in _DOUBLE))
        if waiting and not continues:
            last = found[waiting[-1]]
            found[waiting[-1]] = last._replace(end=_open_end(text, last.start, last.end))
        waiting = []
        pairs_single = _pair_single(text, single, pairs)
        if after in "‘'‚‛" and after and not double:
            pairs_single = _left_open(text, single, pairs_single, end)
        merged = sorted(pairs + pairs_single, key=lambda quotation: quotation[:2])
        if merged and continues and merged[0].start == start:
            merged[0] = merged[0]._replace(continues=True)
        open_at_end = [row for row, pair in enumerate(merged)
                       if not pair.closed and pair.end == end]
        if open_at_end:
            waiting = [len(found) + open_at_end[-1]]
        found.extend(merged)
    if waiting:
        last = found[waiting[-1]]
        found[waiting[-1]] = last._replace(end=_open_end(text, last.start, last.end))
    return found


def _left_open(text: str, marks: list[_Mark], pairs: list[Quotation], end: int) -> list[Quotation]:
    """Return the quotations in single marks where the next paragraph goes on with one.

    "Reed said: ‘The residents’ views were heard. We’ll open it." and "‘It won’t close again.’":
    the first mark is closed only in the next paragraph, and a plural possessive closes nothing.
    """
    for mark in marks:
        if not mark.can_open:
            continue
        closed = [pair for pair in pairs if pair.start == mark.start]
        sure = closed and not (text[closed[0].end - 2] in "sS"
                               and re.match(r" [^\W\d_]", text[closed[0].end:closed[0].end + 2]))
        if not sure and not any(pair.start < mark.start < pair.end for pair in pairs):
            return [pair for pair in pairs if pair.end <= mark.start] + \
                [Quotation(mark.start, end, False, 1)]
    return pairs
