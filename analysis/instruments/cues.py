"""Cues of stance, mind-reading, metaphor, loaded language and frames in a sentence.

Cues are counted, not understood: every list ships in ``data/lexicons`` with its source, and the
measured precision of each family belongs beside its rate.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, rules
from analysis.definitions import COLUMNS

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

# The lists of words and the family that each one fills; `frames` names its own two families.
LISTS = {"stance": "stance", "loaded": "loaded", "metaphors": "metaphor", "frames": ""}
_SELF = {"i", "we", "you", "one", "us", "who", "it", "that", "this", "which", "everyone",
         "anyone", "no", "nobody", "what", "there"}


@functools.cache
def _index(name: str) -> dict[str, list[tuple[tuple[str, ...], bool, str, str, str]]]:
    """Return a list's cues by their first word, longest first."""
    tokenizer = rules().tokenizer
    table = lexicon(name)
    found: dict[str, list] = {}
    for row in table.itertuples():
        words = tuple(token.text for token in tokenizer(row.cue))
        family = LISTS.get(name, name) or row.family
        entry = (words, row.match == "lemma", row.pos, family, row.category)
        found.setdefault(words[0], []).append(entry)
    return {first: sorted(cues, key=lambda cue: -len(cue[0])) for first, cues in found.items()}


def _inside_compound(span: Span, here: int, after: int) -> bool:
    """Whether the stretch cuts a hyphenated word: *right* in "far-right" is no cue."""
    before = here > 0 and span[here - 1].text == "-" and not span[here - 1].whitespace_
    behind = after < len(span) and span[after].text == "-" and not span[after - 1].whitespace_
    return before or behind


def match_cues(span: Span, name: str) -> list[tuple[int, int, str, str]]:
    """Return (first token, token after the last, family, category) of a list's cues in a sentence.

    The longest cue wins: none lies inside, or across the end of, another of the same family.
    A cue that stands in two categories counts in both.
    """
    index = _index(name)
    keys = [(token.lower_, token.lemma_.lower()) for token in span]
    found, taken = [], {}
    for here, key in enumerate(keys):
        cues = [cue for word in dict.fromkeys(key) for cue in index.get(word, [])]
        for words, by_lemma, pos, family, category in sorted(cues, key=lambda cue: -len(cue[0])):
            after = here + len(words)
            if after > len(keys) or (pos and span[here].pos_ != pos):
                continue
            if not all(word == form or (by_lemma and word == lemma)
                       for word, (form, lemma) in zip(words, keys[here:after], strict=True)):
                continue
            begun, ended = taken.get(family, (-1, 0))
            if (begun, ended) != (here, after) and here < ended:
                continue
            if not _inside_compound(span, here, after):
                taken[family] = (here, after)
                found.append((here, after, family, category))
    return found


@functools.cache
def _saying() -> frozenset[str]:
    stance = lexicon("stance")
    assertive = stance.loc[stance["category"] == "assertive", "cue"]
    return frozenset({"say", "call", "tell", *assertive})


@functools.cache
def _mental() -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Return verbs and adjectives of the mind with their part of speech, and hedges of them."""
    table = lexicon("mind")
    hedge = table["category"] == "hedge"
    states = table.loc[~hedge, ["cue", "pos"]].itertuples(index=False, name=None)
    return frozenset(states), frozenset(table.loc[hedge, "cue"])


def _scare_quotes(span: Span) -> Iterator[tuple[int, int]]:
    """Yield quoted stretches of one to three words that no verb of saying introduces."""
    marks = [token.i - span.start for token in span if token.text == '"']
    for left, right in zip(marks[::2], marks[1::2], strict=False):
        inside = [token for token in span[left + 1 : right] if not token.is_punct]
        before = span[max(0, left - 3) : left]
        if 1 <= len(inside) <= 3 and not any(token.lemma_ in _saying() for token in before):
            yield left, right + 1


def _subject(token: Token) -> Token | None:
    """Return the subject of a verb, also across coordination, control and raising."""
    for _ in range(4):
        own = [child for child in token.children if child.dep_ in ("nsubj", "nsubjpass")]
        if own:
            return own[0]
        if token.dep_ not in ("conj", "xcomp", "acomp", "advcl"):
            return None
        token = token.head
    return None


def _minds(span: Span) -> Iterator[tuple[int, int, str]]:
    """Yield states of mind that the sentence ascribes to a third person, hedged or not."""
    states, hedges = _mental()
    for token in span:
        if (token.lemma_.lower(), token.pos_) not in states:
            continue
        holder = _subject(token)
        if holder is None or holder.lower_ in _SELF or holder.dep_ == "nsubjpass":
            continue
        if holder.pos_ not in ("PROPN", "NOUN", "PRON") or token.tag_ == "VBG":
            continue
        first = token.i
        head = token
        hedged = False
        for _ in range(3):
            near = [head, *[child for child in head.children if child.i < token.i]]
            hits = [word for word in near if word.lower_ in hedges and word.i < token.i]
            if hits:
                hedged, first = True, min(word.i for word in hits)
                break
            if head.dep_ not in ("xcomp", "acomp", "ccomp"):
                break
            head = head.head
        if hedged and first < holder.i:
            first = token.i
        yield first - span.start, token.i + 1 - span.start, "hedged" if hedged else "unhedged"


def cues_in(span: Span) -> Iterator[tuple[int, int, str, str]]:
    """Yield (first token, token after the last, family, category) of every cue in a sentence."""
    for name in LISTS:
        yield from match_cues(span, name)
    for start, end in _scare_quotes(span):
        yield start, end, "stance", "scare_quote"
    for start, end, category in _minds(span):
        yield start, end, "mind_reading", category
    last = [token for token in span if not token.is_space]
    if last and last[-1].text == "?":
        yield last[-1].i - span.start, last[-1].i - span.start + 1, "stance", "rhetorical_question"


def find_cues(parsed: Parsed) -> pd.DataFrame:
    """Find the cues of stance, mind-reading, metaphor, loaded language and frames.

    Returns
    -------
    DataFrame
        One row a cue: article_id, sentence, start, end, family, category, cue. Families are
        ``stance`` (hedge, hearsay, booster, factive, assertive, implicative, intensifier,
        one_sided, totalizing, colloquial, scare_quote, rhetorical_question), ``mind_reading``
        (hedged, unhedged), ``metaphor``, ``loaded``, ``entman`` and ``generic``. Cues of
        different categories may overlap; whose voice a cue stands in, the voices tell.

    Notes
    -----
    A cue is a word or a construction, whatever it means where it stands: ``war`` counts where
    it is fought and where it is talk. Every question counts as rhetorical in an author's voice.
    """
    rows = []
    for sentence, _, span in parsed.iter_sentences():
        found = sorted(set(cues_in(span)), key=lambda cue: (cue[0], cue[2], cue[3], cue[1]))
        for first, after, family, category in found:
            piece = span[first:after]
            start, end = parsed.start(piece), parsed.end(piece)
            rows.append((parsed.article_id, sentence, start, end, family, category,
                         parsed.text[start:end]))
    return pd.DataFrame(rows, columns=COLUMNS["frame_cues"])
