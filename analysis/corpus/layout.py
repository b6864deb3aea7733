"""What each paragraph of a page is: from ``layout.csv`` where it says so, else by rule.

The rules come from how news pages are commonly built. They see the text of one page and know no
outlet; tests/corpus/test_layout.py counts how often they are right.
"""

import functools
import re
from collections import Counter

import pandas as pd

from analysis.corpus.files import ENGLISH
from analysis.corpus.patterns import lexicon, patterns
from analysis.definitions import COLUMNS

ROLES = ("headline", "deck", "heading", "body", "block_quotation", "self_quotation", "furniture")
GIVEN = "layout.csv"  # the rule's name where the corpus itself says what a paragraph is

_SIGNS = patterns("layout")
_OPENERS = ENGLISH | {"why", "how", "where"}  # no part of a name, so a capital begins a sentence
_FEWEST_BROKEN = 3  # fewer lines may be a poem, a menu, an address
_NARROWEST = 25
_RAGGED = 0.75  # of the width: lines set in print type, as a PDF has them, are no longer all full


def _is_full(line: str, following: str, width: float) -> bool:
    """Whether the next line's first word had no room: the line ended because it had to."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def wrap_width(text: str) -> tuple[int, bool]:
    """Return the width at which lines were wrapped, and whether every line was filled.

    Lines are wrapped where at least three, and a third of all that touch the next one, break off
    within a sentence and were full: the next word had no room. One-line paragraphs, verses and
    lists break off so seldom, or at any length. (0, False): not wrapped.
    """
    lines = [line.strip() for line in text.split("\n")]
    touching = [(one, two) for one, two in zip(lines, lines[1:], strict=False) if one and two]
    broken = [(one, two) for one, two in touching
              if _SIGNS.broken_off.search(one) and _SIGNS.goes_on.match(two) and " " in one]
    if len(broken) < max(_FEWEST_BROKEN, len(touching) / 3):
        return 0, False
    lengths = sorted(len(one) for one, _ in broken)
    width = lengths[-1]
    if width < _NARROWEST:
        return 0, False
    if all(_is_full(one, two, width) for one, two in broken):
        return width, True
    width = lengths[int(0.95 * (len(lengths) - 1))]
    full = sum(_RAGGED * width < len(one) < width / _RAGGED for one, _ in broken)
    enough = len(broken) >= 3 * _FEWEST_BROKEN and full >= 0.9 * len(broken)
    return (width, False) if enough else (0, False)


def _stands_alone(one: str, two: str) -> bool:
    """Whether a line begins anew by its words, though the one above was full."""
    if not _SIGNS.broken_off.search(one):  # after a sentence's end
        return bool(_SIGNS.list_item.match(two)) or any(
            pattern.fullmatch(two) for _, _, pattern in _furniture() if len(two) <= 200)
    # "… was arguably this one" / "Why is this happening?", but "appeared first on" / "The Duran"
    last, first = one.rsplit(maxsplit=1)[-1], two.split(maxsplit=1)[0]
    return (first.istitle() and first != "I" and first.lower() in _OPENERS
            and last not in ENGLISH - {"one", "it", "him", "her", "them", "us", "so"})


def _is_joined(line: str, following: str, width: int, filled: bool) -> bool:
    """Whether a line of a wrapped text goes on in the one below."""
    one, two = line.strip(), following.strip()
    indented = (len(following) - len(following.lstrip())) - (len(line) - len(line.lstrip())) > 1
    anew = indented and not _SIGNS.list_item.match(one)
    if not one or not two or anew or _stands_alone(one, two):
        return False
    if " " in one and len(one) > 1.3 * width:  # a line that nobody wrapped
        return False
    if filled:
        return _is_full(one, two, width)
    goes_on = bool(_SIGNS.broken_off.search(one) and _SIGNS.goes_on.match(two))
    return goes_on or _is_full(one, two, 0.85 * width)


def find_paragraphs(text: str, wrapped: str = "") -> list[tuple[int, int]]:
    """Return the spans of the paragraphs.

    A paragraph is a stretch between newlines (U+000A only) that is not blank, without the white
    space at its ends. Where lines are wrapped it runs over several lines: to a blank line, a list
    item, an indented line, or a line in which the next word would have had room.

    Parameters
    ----------
    wrapped : str
        "yes" or "no" where it is known whether lines are wrapped; otherwise `wrap_width` finds out.
    """
    width, filled = (0, False) if wrapped == "no" else wrap_width(text)
    if wrapped == "yes" and not width:  # too few lines to tell how; the longest shows the width
        lines = [line.strip() for line in text.split("\n")]
        broken = [(one, two) for one, two in zip(lines, lines[1:], strict=False)
                  if _SIGNS.broken_off.search(one) and _SIGNS.goes_on.match(two)]
        width = max(map(len, lines)) if broken else 0
        filled = all(_is_full(one, two, width) for one, two in broken)
    spans: list[tuple[int, int]] = []
    start, above = 0, ""
    for line in text.split("\n"):
        words = line.strip()
        if words:
            left = start + len(line) - len(line.lstrip())
            if spans and width and _is_joined(above, line, width, filled):
                left = spans.pop()[0]
            spans.append((left, start + len(line.rstrip())))
        start, above = start + len(line) + 1, line
    return spans


def unwrap(text: str, spans: list[tuple[int, int]]) -> str:
    """Return ``text`` with the newlines inside its paragraphs as spaces, one for one."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], text[start:end].replace("\n", " ")]
        at = end
    return "".join([*pieces, text[at:]])


@functools.cache
def _furniture() -> list[tuple[str, int, re.Pattern[str]]]:
    rules = lexicon("furniture")[["rule", "most_words", "pattern"]].to_numpy()
    return [(rule, int(most), re.compile(pattern, re.I | re.S)) for rule, most, pattern in rules]


def is_furniture(line: str) -> bool:
    """Whether a line alone is what news pages carry beside an article, by its words."""
    return len(line) <= 600 and any(
        len(line.split()) <= most and pattern.fullmatch(line) for _, most, pattern in _furniture())


class _Page:
    """The paragraphs of one page with what the rules have found so far."""

    def __init__(self, text: str, spans: list[tuple[int, int]]):
        self.spans = spans
        self.words = [text[start:end].lstrip("\ufeff") for start, end in self.spans]
        self.lengths = [len(words.split()) for words in self.words]
        self.found: list[tuple[str, str, str]] = [("", "", "")] * len(self.spans)
        # touches[i]: only one newline lies between paragraph i and the one after it
        self.touches = [text.count("\n", end, start) == 1 for (_, end), (start, _)
                        in zip(self.spans, self.spans[1:], strict=False)]

    def free(self, i: int) -> bool:
        """Whether there is a paragraph ``i`` and no rule has claimed it."""
        return 0 <= i < len(self.words) and not self.found[i][0]

    def free_after(self, i: int) -> bool:
        return any(self.free(j) for j in range(i + 1, len(self.words)))

    def claim(self, i: int, role: str, rule: str, speaker: str = "") -> None:
        self.found[i] = (role, rule, speaker)


def _find_furniture(page: _Page) -> None:
    for i, words in enumerate(page.words):
        for rule, most, pattern in _furniture() if len(words) <= 600 else ():
            if page.lengths[i] <= most and pattern.fullmatch(words):
                page.claim(i, "furniture", rule)
                break
    lines = Counter(words for words in page.words if len(words) <= 120)
    for i, words in enumerate(page.words):  # a line that comes back is the page's: a banner
        told = _SIGNS.opens_marked.match(words) or _SIGNS.labelled.match(words)
        repeated = lines[words] > 1 and page.lengths[i] > 2 and not told
        if repeated and page.free(i) and not _SIGNS.ends.search(words):
            page.claim(i, "furniture", "line that comes back")
    for i in reversed(range(len(page.touches))):  # title and caption stand right above a credit
        above_credit = page.found[i + 1][1] in ("picture credit", "picture block")
        short = page.lengths[i] <= 60 and not all(page.touches)
        if above_credit and short and page.touches[i] and page.free(i):
            page.claim(i, "furniture", "picture block")
    for i, words in enumerate(page.words[:-1]):  # icon names and menu words above the headline
        if page.free(i):
            if words != words.lower() or page.lengths[i] > 12 or _SIGNS.ends.search(words):
                break
            page.claim(i, "furniture", "page menu")


def _find_headline(page: _Page) -> None:
    first = next((i for i in range(len(page.words)) if page.free(i)), len(page.words))
    if not page.free_after(first) or page.lengths[first] > 25:
        return
    if _SIGNS.no_title.search(page.words[first]):
        return
    labelled = sum(_SIGNS.labelled.match(words) is not None for words in page.words)
    if labelled > 1 and _SIGNS.labelled.match(page.words[first]):  # an interview's first question
        return
    page.claim(first, "headline", "first line without a full stop")
    deck = first + 1
    if not page.free(deck) or not page.free_after(deck) or page.lengths[deck] > 45:
        return
    if not page.free(deck + 1):
        page.claim(deck, "deck", "between headline and byline or picture")
    elif page.lengths[deck] > 10 and not _SIGNS.ends.search(page.words[deck]):
        page.claim(deck, "deck", "line without a full stop below the headline")


def _find_posts(page: _Page) -> None:
    for i, words in enumerate(page.words):
        if "(@" not in words:  # both patterns ask for it, and are slow to fail
            continue
        line = _SIGNS.post_line.fullmatch(words) if len(words) <= 600 else None
        if line and page.free(i) and page.lengths[i] > 6:  # “… — Ann Lee (@annlee) May 3, 2019”
            page.claim(i, "block_quotation", "embedded post", line["name"].strip())
        signed = _SIGNS.post.fullmatch(words)
        if signed and page.lengths[i] <= 20 and page.found[i][0] != "block_quotation":
            page.claim(i, "furniture", "signature of an embedded post")
            if page.free(i - 1):
                page.claim(i - 1, "block_quotation", "embedded post", signed["name"].strip())


def _speaker(introduction: str) -> str:
    """Return the name nearest before the last cue of speech, else the first name, else ""."""
    cue = max((found.start() for found in _SIGNS.says.finditer(introduction)), default=0)
    before: list[str] = []
    after: list[str] = []
    for found in _SIGNS.name.finditer(introduction):
        name = found.group()
        while _SIGNS.no_name.match(name):
            name = _SIGNS.no_name.sub("", name, count=1)
        if name:
            (before if found.start() < cue else after).append(re.sub(r"[’']s$", "", name))
    return (before[-1:] + after[:1] + [""])[0]


def _goes_on(words: str, speaker: str) -> bool:
    """Whether a paragraph after a block quotation still belongs to it."""
    if words[:1] in "….[" or words[:1].islower():
        return True
    opening = " ".join(words.split()[:12])
    third_person = _SIGNS.says.search(opening) or (speaker and speaker.split()[-1] in words)
    return bool(_SIGNS.first_person.search(words)) and not third_person


def _find_quotations(page: _Page) -> None:
    """Blocks after a line that ends in a colon and speaks of saying or writing."""
    for i, words in enumerate(page.words[:-1]):
        if not words.endswith(":") or not page.free(i) or not page.free(i + 1):
            continue
        introduction = re.split(r"(?<=[.!?])['\"’”)]*\s+(?=[A-Z“\"‘])", words)[-1]
        after = page.words[i + 1]
        if _SIGNS.opens_marked.match(after) or _SIGNS.list_item.match(after) or after[0].isdigit():
            continue
        if _SIGNS.points_away.match(introduction):
            continue
        own = bool(_SIGNS.self.search(introduction))
        if not own and not _SIGNS.says.search(introduction):
            continue
        role = "self_quotation" if own else "block_quotation"
        speaker = "AUTHOR" if own else _speaker(introduction)
        page.claim(i + 1, role, "block after a colon", speaker)
        j = i + 2
        while page.free(j) and not own and not _SIGNS.opens_marked.match(page.words[j]):
            if not _goes_on(page.words[j], speaker):
                break
            page.claim(j, role, "block goes on", speaker)
            j += 1


def _find_headings(page: _Page) -> None:
    labelled = sum(_SIGNS.labelled.match(words) is not None for words in page.words)
    for i, words in enumerate(page.words):
        begins = words.lstrip("\"“‘'(")[:1]
        short = page.lengths[i] <= 10 and not _SIGNS.ends.search(words)
        interview = labelled > 1 and _SIGNS.labelled.match(words)
        if short and not interview and not _SIGNS.list_item.match(words) and page.free(i) and (
                begins.isupper() or begins.isdigit()) and page.free_after(i):
            page.claim(i, "heading", "short line without a full stop")


def infer_roles(text: str, wrapped: str = "") -> pd.DataFrame:
    """Return the role of each paragraph by rule; ``wrapped`` as for `find_paragraphs`.

    Returns
    -------
    DataFrame
        ``paragraph`` (from 1), ``start``, ``end``, ``role`` (one of `ROLES`), ``role_rule`` (the
        rule's name) and ``speaker`` of a quotation in a block ("AUTHOR": the article's author;
        "" if unknown).

    Notes
    -----
    Most likely to bite: a quotation in a block whose introduction ends without a colon is not
    seen, and goes to the author.
    """
    spans = find_paragraphs(text, wrapped)
    page = _Page(unwrap(text, spans), spans)
    for find in (_find_furniture, _find_headline, _find_posts, _find_quotations, _find_headings):
        find(page)
    rows = [(i, *span, *(found if found[0] else ("body", "no rule", "")))
            for i, (span, found) in enumerate(zip(page.spans, page.found, strict=True), start=1)]
    return pd.DataFrame(rows, columns=COLUMNS["paragraphs"][1:])


def paragraphs(article_id: str, text: str, rows: pd.DataFrame | None = None,
               wrapped: str = "") -> pd.DataFrame:
    """Return the paragraphs of an article with their roles.

    Parameters
    ----------
    rows : DataFrame, optional
        What ``layout.csv`` says of this article (``paragraph``, ``role``, ``speaker``);
        paragraphs without a row are inferred.
    wrapped : str
        As for `find_paragraphs`.

    Returns
    -------
    DataFrame
        The columns of the table *paragraphs*; ``role_rule`` is "layout.csv" for given rows.
    """
    table = infer_roles(text, wrapped)
    table.insert(0, "article_id", article_id)
    if rows is not None and len(rows):
        at = rows["paragraph"].to_numpy() - 1
        table.loc[at, "role"] = rows["role"].to_numpy()
        table.loc[at, "speaker"] = rows["speaker"].to_numpy()
        table.loc[at, "role_rule"] = GIVEN
    return table.astype(dict.fromkeys(("article_id", "role", "role_rule", "speaker"), str))
