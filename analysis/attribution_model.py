"""Cue, content and speaker inside a paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.language import Parsed
from analysis.quotations import Quotation


@dataclass
class Hit:
    """An attribution in code points of the article; ``speaker`` and ``cue`` may be missing."""

    paragraph: int  # place in parsed.docs
    cue: tuple[int, int] | None
    lemma: str
    pos: str
    parts: list[tuple[int, int]]
    speaker: tuple[int, int] | None = None
    head: tuple[int, int] | None = None  # paragraph's place and token of the speaker's head
    score: float = 0.5
    carried: bool = False
    scare: bool = False
    name: str = field(default="", compare=False)


_FIRST_CUES = {"say", "tell", "add", "write", "ask", "note", "claim", "argue", "explain", "tweet",
               "accuse", "blame", "insist", "warn", "report", "announce", "believe", "think"}


def find_hits(parsed: Parsed, quotations: list[Quotation]) -> list[Hit]:
    """Return attributions (first version: quotation or clause beside a common cue)."""
    hits = []
    for place, doc in enumerate(parsed.docs):
        base = doc.user_data["start"]
        if parsed.paragraphs["role"].iat[place] == "furniture":
            continue
        inside = [q for q in quotations if q.level == 1 and base <= q.start < base + len(doc.text)]
        used = set()
        for token in doc:
            if token.pos_ != "VERB" or token.lemma_ not in _FIRST_CUES:
                continue
            where = base + token.idx
            if any(q.start <= where < q.end for q in inside):
                continue
            sent = token.sent
            near = [q for q in inside if q.start not in used
                    and q.end > base + sent.start_char and q.start < base + sent.end_char]
            parts = [(q.start, q.end) for q in near]
            if not parts:
                clause = next((c for c in token.children if c.dep_ == "ccomp"), None)
                if clause is None:
                    continue
                tokens = [t.i for t in clause.subtree]
                if min(tokens) <= token.i <= max(tokens):
                    continue
                span = doc[min(tokens):max(tokens) + 1]
                parts = [(base + span.start_char, base + span.end_char)]
            used.update(q.start for q in near)
            subject = next((c for c in token.children if c.dep_ == "nsubj"), None)
            speaker = None
            if subject is not None:
                left = subject.left_edge.i
                speaker = (base + doc[left].idx, base + subject.idx + len(subject))
            hits.append(Hit(place, (where, where + len(token)), token.lemma_, "VERB", parts,
                            speaker, (place, subject.i) if subject is not None else None))
    return hits
