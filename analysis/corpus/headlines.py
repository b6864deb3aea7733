"""Headlines as sentences: capitals that only the place gives are taken away before parsing.

The parser learnt on running text. In "Dahl Slams Ruiz Over Budget" and in "DAHL SUES OKAFOR" it
takes verbs for names; in "Dahl slams Ruiz over budget" it does not. The article's own words do
not change, nor do offsets: only what the parser reads.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.corpus.patterns import lexicon

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_OPEN = re.compile(r"\w['\")]*\s*$")
LONGEST = 25  # words; a longer line is no headline
# Words that headlines in title case leave small, and that are no sign of a sentence.
_SMALL = re.compile(
    "a|an|the|and|but|or|nor|for|as|at|by|from|in|into|of|off|on|onto|over|per|to|up|via|vs|with|"
    "than|its|his|her|their|is|are|be|was|were|it|that|this|if|so|yet|no|not|after|amid|about|"
    "against|before|between|during|through|under|within")


@functools.cache
def _common() -> frozenset[str]:
    """Words that English writes small, from TextBlob's lexicon of words and their classes."""
    import textblob

    lines = (Path(textblob.__file__).parent / "en" / "en-lexicon.txt").read_text("utf-8")
    return frozenset(line.split(" ")[0] for line in lines.splitlines() if line[:1].islower())


@functools.cache
def _given() -> frozenset[str]:
    return frozenset(lexicon("first_names")["name"]) - {"will", "may", "mark", "bill", "grace"}


def is_headline(words: str, role: str) -> bool:
    """Whether a paragraph is told as headlines are: a short line, in the body one without an end.

    "Renn wrote:" above a quotation is none.
    """
    told = role in ("headline", "heading") or role in ("deck", "body") and _OPEN.search(words)
    return bool(told) and len(words.split()) <= LONGEST


def _has_title_case(words: str) -> bool:
    """Whether every word that a sentence would write small stands with a capital."""
    told = [word for word in _WORD.findall(words)[1:] if not _SMALL.fullmatch(word.lower())]
    return len(told) > 0 and all(word[0].isupper() for word in told)


def _seen(body: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the words that the article writes small, and those with a capital within sentences."""
    small: set[str] = set()
    names: set[str] = set()
    for words in body:
        small.update(word for word in _WORD.findall(words) if word.islower())
        names.update(re.findall(r"(?<=[a-z,;] )([A-Z][^\W\d_]*)", words))
    return small, names


def _is_small(word: str, small: set[str], names: set[str]) -> bool:
    """Whether a word loses its capital: one that the article, or else English, writes small."""
    low = word.lower()
    if _SMALL.fullmatch(low):
        return True
    if word.title() in names:
        return False
    plain = (low, low.replace("our", "or"), re.sub("is(e|es|ed|ing)$", r"iz\1", low))
    return low in small or any(form in _common() for form in plain)


def _names(words: str, kept: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where names stand in a headline, and how they are written."""
    known = {name.lower(): name for name in reversed(kept)}
    longest = sorted(known, key=len, reverse=True)
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", words, re.I):
        if words.isupper() or match[0] == known[match[0].lower()]:
            yield *match.span(), known[match[0].lower()]
    for match in re.finditer(r"(?<!\w)([^\W\d_]+) ([^\W\d_]+)", words):
        if match[1].lower() in _given() and match[2][0].isupper():
            yield *match.span(), match[0].title()


def restore_case(pieces: list[str], roles: Iterable[str], actors: pd.DataFrame) -> list[str]:
    """Return paragraphs with their headlines in sentence case, each as long as it was.

    A word keeps its capital if it is (part of) an actor's name, stands with one within the
    article's sentences, or is no common English word.

    >>> from pandas import DataFrame
    >>> nobody = DataFrame({"actor": ["Ann Lund"], "aliases": ["Lund"]})
    >>> restore_case(["LUND SUES BANK OVER BROKEN CONTRACT"], ["headline"], nobody)
    ['Lund sues bank over broken contract']
    """
    kept = [alias for row in actors.itertuples() for alias in [row.actor, *row.aliases.split("|")]
            if alias[:1].isupper()] + lexicon("names_read_as_words")["name"].tolist()
    told = [is_headline(words, role) and (words.isupper() or _has_title_case(words))
            for words, role in zip(pieces, roles, strict=True)]
    small, names = _seen(words for words, line in zip(pieces, told, strict=True) if not line)

    def restored(words: str) -> str:
        shouts, spans = words.isupper(), list(_names(words, kept))

        def one(match: re.Match[str]) -> str:
            word = match[0]
            for start, end, name in spans:
                if start <= match.start() < end and len(name) == end - start:
                    kept_as = name[match.start() - start : match.end() - start]
                    rest = word[len(kept_as):]  # "the Novak’s": the ending is no part of the name
                    return kept_as + (rest.lower() if shouts else rest)
            if len(word.lower()) != len(word):  # "İ" has two code points when small
                return word
            if match.start() and (shouts or word[1:].islower()) and _is_small(word, small, names):
                return word.lower()
            return word.capitalize() if shouts and len(word) > 4 else word

        return _WORD.sub(one, words)

    return [restored(words) if line else words for words, line in zip(pieces, told, strict=True)]
