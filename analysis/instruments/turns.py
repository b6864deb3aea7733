"""The turns of transcripts and interviews: who speaks in which paragraphs.

A label and a colon open a turn ("ANNA BERG: ", "TR: ", "Q. "). Reports on markets, teasers and
lists of checked facts have labels too, so labels alone make no transcript: somebody's name must be
among them, and they must come back or open most paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from analysis.corpus.language import Parsed
from analysis.instruments.persons import GIVEN_NAMES, clean

_CAPS = r"[A-Z][A-Z.'’-]*(?: [A-Z][A-Z.'’-]*){0,4}"
_MIXED = r"(?:The )?[A-Z][\w.'’-]*(?: (?:de|van|von|of|the|[A-Z][\w.'’-]*)){0,4}"
_ASIDE = r"(?:, [^.:\n]{2,60}| ?\([^():\n]{2,40}\))?"  # , CNN ANCHOR ; (voice-over)
_LABEL = re.compile(rf"(?P<label>(?:Q|A|Question|Answer)(?=[.:]|\d)|{_CAPS}(?={_ASIDE}:)|"
                    rf"{_MIXED}(?={_ASIDE}:))\d*(?P<colon>{_ASIDE}:|\.)\s+(?=\S)")
_HEADS = re.compile(r"\b(?:THE|FACTS?|CHECK|WATCH|MORE|REPORT|NEWS|ANALYSIS|VERDICT|CLAIM)\b", re.I)
_ASKS = {"Q": "A", "Question": "Answer"}
_FIRST_PERSON = re.compile(r"\b(I|[Ww]e|[Mm]y|[Oo]ur|us|me)\b")


class Turn(NamedTuple):
    """A paragraph of a turn: its label with the colon (none where a turn goes on) and content."""

    label: tuple[int, int] | None
    colon: tuple[int, int] | None
    start: int
    end: int
    name: str  # the label as printed


def find_turns(parsed: Parsed, names: set[str]) -> dict[int, Turn]:
    """Return the turns of an article by the places of their paragraphs; none if it has none.

    Parameters
    ----------
    names : set of str
        Names that the corpus knows, of one or more words.
    """
    opened = dict(_labels(parsed))
    labels = [turn.name for turn in opened.values()]
    if len(set(labels)) < 2:
        return {}
    named = {label for label in set(labels) if _is_name(label, parsed, names, set(labels))}
    counts = Counter(labels)
    texts = defaultdict(list)
    for turn in opened.values():
        texts[turn.name].append(parsed.text[turn.start:turn.end])
    kept = {label for label in counts if label in named
            or 2 * sum("?" in text for text in texts[label]) >= counts[label]
            or re.search(rf"\b{re.escape(label)}\b(?!:)", parsed.text)
            or (named and counts[label] > 1 and " " in label and not _HEADS.search(label))}
    opened = {place: turn for place, turn in opened.items() if turn.name in kept}
    body = [place for place, role in enumerate(parsed.roles) if role != "furniture"]
    back = sum(count > 1 for label, count in counts.items() if label in kept)
    if not named or len(kept) < 2 or not (back and len(opened) > 2 or 2 * len(opened) >= len(body)):
        return {}
    return _with_followers(parsed, opened, body)


def _labels(parsed: Parsed):
    """Yield the paragraphs that open with a label, by place."""
    spans = zip(parsed.begins, parsed.paragraphs["end"].tolist(), parsed.roles, strict=True)
    for place, (start, end, role) in enumerate(spans):
        match = _LABEL.match(parsed.text, start, end)
        if match is None or role == "furniture":
            continue
        if match["colon"] == "." and match["label"] not in ("Q", "A"):
            continue
        yield place, Turn(match.span("label"), match.span("colon"), match.end(), end,
                          match["label"])


def _is_name(label: str, parsed: Parsed, names: set[str], labels: set[str]) -> bool:
    """Whether a label is somebody's: of the corpus, of the article, or with a known given name."""
    if label in _ASKS or label in _ASKS.values():
        return any(asks in labels and answers in labels for asks, answers in _ASKS.items())
    words = clean(label).split()
    if not words or len(words) > 1 and words[0].lower() in GIVEN_NAMES:
        return bool(words)
    folded = label.title() if label.isupper() else label
    if folded in names or folded.split()[-1] in names:
        return True
    for doc in parsed.docs:
        text = doc.text
        for entity in doc.ents:
            if entity.label_ == "PERSON" and text[entity.end_char:][:1] != ":":
                own = clean(entity.text).split()
                if own and (own[-1] == folded.split()[-1]
                            or label == "".join(word[0] for word in own) and len(own) > 1):
                    return True
    return False


def _with_followers(parsed: Parsed, opened: dict[int, Turn], body: list[int]) -> dict[int, Turn]:
    """Add the paragraphs in which a turn goes on.

    Between two turns they do unless they speak of a speaker in the third person; after the last
    one only where they say *I* or *we*.
    """
    found, last = {}, None
    surnames = {clean(turn.name).split()[-1].title() for turn in opened.values()
                if len(turn.name) > 2 and clean(turn.name)}
    final = max(opened)
    for place in body:
        if place in opened:
            last = found[place] = opened[place]
            continue
        row = parsed.paragraphs.iloc[place]
        text = parsed.text[row["start"]:row["end"]]
        own = bool(_FIRST_PERSON.search(text))
        other = any(re.search(rf"\b{re.escape(name)}\b", text) for name in surnames)
        if last and row["role"] in ("body", "heading") and (own or place < final and not other) \
                and not text.startswith(("(", "[")):
            found[place] = Turn(None, None, int(row["start"]), int(row["end"]), last.name)
    return found
