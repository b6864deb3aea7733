"""Cues of stance, mind-reading, metaphor, loaded language and frames in a sentence.

Cues are counted, not understood: every list ships in ``data/lexicons`` with its source, and the
measured precision of each family belongs beside its rate.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, listed, rules
from analysis.corpus.tokens import subject_of
from analysis.definitions import COLUMNS

if TYPE_CHECKING:
    from analysis.corpus.tokens import Span, Token

# The lists of words and the family that each one fills; `frames` names its own two families.
LISTS = {"stance": "stance", "loaded": "loaded", "metaphors": "metaphor", "frames": ""}
# Entity types that are names; nationalities, dates and amounts are not.
NAMES = {"PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "LAW", "WORK_OF_ART"}
_PROSPECTS = {"should", "will", "would", "must", "can", "shall", "'ll", "'d", "be"}
HYPHENS = {"-", "–", "‑"}
_SELF = listed("not a third person")


class _Cue(NamedTuple):
    """A row of a list: its words, whether their lemmas count, what it is, and which list's."""

    words: tuple[str, ...]
    by_lemma: bool
    pos: str
    family: str
    category: str
    meant: bool  # whether it counts wherever it stands, as the frames do


@functools.cache
def _index() -> dict[str, list[_Cue]]:
    """Return the cues of all lists by their first word, longest first."""
    tokenizer = rules().tokenizer
    found: dict[str, list[_Cue]] = {}
    for name in LISTS:
        for row in lexicon(name).itertuples():
            words = tuple(token.lower_ for token in tokenizer(row.cue))
            found.setdefault(words[0], []).append(_Cue(
                words, row.match == "lemma", row.pos, LISTS[name] or row.family, row.category,
                name == "frames"))
    return {first: sorted(cues, key=lambda cue: -len(cue.words)) for first, cues in found.items()}


# Cues that everybody writes with a capital, so that it makes no name of them: *Nazi*.
_CAPITAL = {cue.lower() for name in LISTS for cue in lexicon(name)["cue"] if cue[0].isupper()}


@functools.cache
def _literal() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Return the domain of each cue that can be meant literally, and the words that say so."""
    figures, words = lexicon("metaphors"), lexicon("literal")
    cues, beside = (words[words["kind"] == kind] for kind in ("cue", "beside"))
    return (dict(zip([*figures["cue"], *cues["word"]], [*figures["category"], *cues["domain"]],
                     strict=True)),
            {domain: frozenset(rows["word"]) for domain, rows in beside.groupby("domain")})


@functools.cache
def listed_names() -> re.Pattern[str]:
    """Names whose parts are ordinary words, wherever the parser sees none: *White House*."""
    names = sorted(lexicon("names_read_as_words")["name"], key=lambda name: (-len(name), name))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")


def _is_name(span: Span, here: int, after: int) -> bool:
    """Whether a stretch belongs to a name, a month or an office.

    "The White House declined", "May resigned", "the Freedom Caucus", "Home Secretary Crisp"; not
    "Shameful, said Lee", whose capital is that of the sentence, nor "a Nazi salute".
    """
    piece = span[here:after]
    if not all(token.text[0].isupper() for token in piece if token.is_alpha and not token.is_stop
               ) or not any(token.text[0].isupper() for token in piece):
        return False
    if piece.text.lower() in _CAPITAL or piece.lemma_.lower() in _CAPITAL:
        return False
    first, last = piece[0], piece[-1]
    opens = first.i == span[0].i or first.nbor(-1).text in {'"', ":", "-", "("}
    beyond = last.i + 1 < len(span.doc) and last.nbor().text[0].isupper() and last.nbor()
    named = {token.ent_type_ for token in piece} <= NAMES
    if not opens:
        return named or all(token.pos_ == "PROPN" for token in piece) or first.ent_type_ in (
            "DATE", "NORP")
    if first.lower_ in ("may", "will") and last.i + 1 < len(span.doc):
        return last.nbor().tag_ in ("VBD", "VBZ", "POS", "MD")
    grows = beyond and beyond.ent_type_ in NAMES and beyond.ent_iob_ == "I"
    return bool(named and (grows or first.ent_type_ == "PERSON")
                or beyond and beyond.pos_ == first.pos_ == "PROPN" and beyond.is_title)


def _inside_compound(span: Span, here: int, after: int) -> bool:
    """Whether the stretch cuts a hyphenated word: *right* in "far-right" is no cue."""
    before = here > 0 and span[here - 1].text in HYPHENS and not span[here - 1].whitespace_
    behind = after < len(span) and span[after].text in HYPHENS and not span[after - 1].whitespace_
    return before or behind


def _is_meant(span: Span, here: int, after: int, cue: _Cue) -> bool:
    """Whether a stretch is a cue: no part of a name or of a longer word, and no literal use.

    "The storm flooded the valley" is about water: *storm* and *valley* say that *flooded* is
    meant literally. "The acting secretary resigned" is about an office.
    """
    if _inside_compound(span, here, after) or _is_name(span, here, after):
        return False
    piece = span[here:after]
    if any(match.start() + span.start_char <= piece.start_char
           and piece.end_char <= match.end() + span.start_char
           for match in listed_names().finditer(span.text)):
        return False
    domains, words = _literal()
    if cue.meant or after - here > 1 or cue.words[0] not in domains:
        return True
    others = {token.lemma_.lower() for token in (*span[:here], *span[after:])}
    return not others & words[domains[cue.words[0]]]


def match_cues(span: Span) -> list[tuple[int, int, str, str]]:
    """Return (first token, token after the last, family, category) of the lists' cues in a span.

    The longest cue wins: none lies inside, or across the end of, another of the same family.
    A cue that stands in two categories counts in both.
    """
    index = _index()
    forms, lemmas = (tuple(span.doc.lower[span.start:span.end]),
                     [lemma.lower() for lemma in span.doc.lemma[span.start:span.end]])
    found: list[tuple[int, int, str, str]] = []
    taken: dict[str, tuple[int, int]] = {}
    for here, key in enumerate(zip(forms, lemmas, strict=True)):
        if key[0] not in index and key[1] not in index:
            continue
        cues = [cue for word in dict.fromkeys(key) for cue in index.get(word, [])]
        for cue in sorted(cues, key=lambda cue: -len(cue.words)):
            after = here + len(cue.words)
            if after > len(forms) or (cue.pos and span[here].pos_ != cue.pos):
                continue
            if cue.words != forms[here:after] and not (cue.by_lemma and all(
                    word in (forms[at], lemmas[at]) for at, word in enumerate(cue.words, here))):
                continue
            begun, ended = taken.get(cue.family, (-1, 0))
            if (begun, ended) != (here, after) and here < ended:
                continue
            if _is_meant(span, here, after, cue):
                taken[cue.family] = (here, after)
                found.append((here, after, cue.family, cue.category))
    return found


_SAYING = {"say", "call", "tell", *lexicon("stance").query("category == 'assertive'")["cue"]}


_MIND = lexicon("mind")
_HEDGES = {*_MIND.loc[_MIND["category"] == "hedge", "cue"]}
_STATES = {(row.cue, row.pos) for row in _MIND.itertuples() if row.category != "hedge"}


def _scare_quotes(span: Span) -> Iterator[tuple[int, int]]:
    """Yield quoted stretches of one to three words that are no speech and no title.

    Not the words of a sentence that says who said them ("it was 'unfair', she said"), nor what
    closes with its own mark ("'Enough.'"), nor a title or a nickname ('the song "Yesterday"').
    """
    if any(token.lemma_ in _SAYING for token in span):
        return
    marks = [token.i - span.start for token in span if token.text == '"']
    for left, right in zip(marks[::2], marks[1::2], strict=False):
        inside = span[left + 1 : right]
        words = [token for token in inside if not token.is_punct and not token.is_space]
        named = words and words[-1].text[0].isupper() and words[0].text[0].isupper()
        if 1 <= len(words) <= 3 and not named and inside[-1] in words and inside[0] in words:
            yield left, right + 1


def _holder(verb: Token) -> Token | None:
    """Return the third person to whom a sentence ascribes a state of mind, or None.

    Not one's own ("I know"), nobody's ("it is believed"), a purpose ("came to understand"), a
    duty or a prospect ("he should know", "she will want"), nor what the person said of himself
    ("Lee said he wanted to go").
    """
    holder = subject_of(verb, "conj", "xcomp", "acomp", "advcl")[0]
    verb = verb.head if verb.pos_ == "ADJ" else verb
    above = verb.head
    if holder is None or holder.lower_ in _SELF or holder.dep_ == "nsubjpass":
        return None
    if holder.pos_ not in ("PROPN", "NOUN", "PRON") or verb.tag_ == "VBG":
        return None
    helped = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if helped & _PROSPECTS or ("to" in helped and above.lemma_ not in ("seem", "appear")):
        return None
    said = verb.dep_ == "ccomp" and above.lemma_ in _SAYING and above.i < verb.i
    return None if said and holder.lower_ in ("he", "she", "they") else holder


def _minds(span: Span) -> Iterator[tuple[int, int, str]]:
    """Yield states of mind that the sentence ascribes to a third person, hedged or not.

    "Lee knew that" is unhedged, "Lee apparently knew that" hedged.
    """
    for token in span:
        if (token.lemma_.lower(), token.pos_) not in _STATES:
            continue
        holder = _holder(token)
        if holder is None:
            continue
        first, hedged, head = token.i, False, token
        for _ in range(3):
            near = [head, *[child for child in head.children if child.i < token.i]]
            hits = [word for word in near if word.lower_ in _HEDGES and word.i < token.i]
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
    yield from match_cues(span)
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
