"""Who is credited with which words, by which cue.

`attribution_model` finds cue, content and speaker inside a paragraph, `speakers` says who a
speaker is; here paragraphs come together: floating and block quotations, scare quotes, kinds, and
the table.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re

import pandas as pd

from analysis.corpus.language import Parsed, lexicon
from analysis.definitions import COLUMNS
from analysis.instruments.attribution_model import Hit, find_hits, introduction
from analysis.instruments.quotations import Quotation, find_quotations
from analysis.instruments.speakers import AUTHOR, NOBODY, Speakers
from analysis.instruments.turns import Turn, find_turns

FURTHER = ["stance", "parent", "named", "number"]
FLOATING_WORDS = 5  # an uncredited quotation with fewer words quotes nobody in particular
CARRIED_SCORE, INTRODUCED_SCORE, LAYOUT_SCORE, SCARE_SCORE, TURN_SCORE = 0.6, 0.7, 0.9, 0.5, 0.9
TOPIC_BELOW = 0.8  # a phrase without a verb is somebody's words only where that is nearly certain
LAID_OUT = ("block_quotation", "self_quotation")
_DOCUMENT = re.compile(r"\b(?:report|study|poll|survey|statement|letter|memo|email|document|filing"
                       r"|transcript|article|book|ruling|indictment|complaint|analysis|data)s?$",
                       re.I)
_SIGNATURE = re.compile(
    r"\s*(?P<dash>[-–—―]{1,2})\s*(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,5})[^\n\w\"“]*(?:\n|$)")


# ---- contents ----------------------------------------------------------------------------------

class Marks:
    """Where a text stands in quotation marks."""

    def __init__(self, text: str, quotations: list[Quotation]) -> None:
        self._words = [match.start() for match in re.finditer(r"\w+", text)]
        inside = [False] * len(self._words)
        for quotation in quotations:
            low = bisect.bisect_left(self._words, quotation.start)
            high = bisect.bisect_left(self._words, quotation.end)
            inside[low:high] = [True] * (high - low)
        self._quoted = [0, *itertools.accumulate(inside)]

    def quote_type(self, parts: list[tuple[int, int]]) -> str:
        """Return direct, mixed or indirect: all, some or none of the words are in marks."""
        words = quoted = 0
        for start, end in parts:
            low = bisect.bisect_left(self._words, start)
            high = bisect.bisect_left(self._words, end)
            words += high - low
            quoted += self._quoted[high] - self._quoted[low]
        return "indirect" if not quoted else "direct" if quoted == words else "mixed"


@functools.cache
def _cues() -> dict[tuple[str, str], tuple[str, str]]:
    table = lexicon("cues")
    return {(row.cue, row.pos): (row.kind, row.stance) for row in table.itertuples()}


def cue_kind(lemma: str, pos: str, phrases: list[str], speaker: str) -> tuple[str, str]:
    """Return kind and stance of a cue; a phrase's entry wins over its head's.

    What a report or a poll *says* is a document's content.
    """
    table = _cues()
    kind, stance = "attitude", "neutral"
    for key in [(phrase, pos) for phrase in phrases] + [(lemma, pos), (lemma, "VERB")]:
        if key in table:
            kind, stance = table[key]
            break
    if kind == "speech" and _DOCUMENT.search(speaker):
        kind = "document"
    return kind, stance


def _claimed(quotation: Quotation, covered: list[int]) -> bool:
    """Whether a content, given by the rising list of starts and ends, holds part of it."""
    row = bisect.bisect_right(covered, quotation.start)
    return row % 2 == 1 or (row < len(covered) and covered[row] < quotation.end)


def _flat(hits: list[Hit]) -> list[int]:
    """Return starts and ends of all contents, overlaps joined, as one rising list."""
    joined: list[int] = []
    for start, end in sorted(part for hit in hits for part in hit.parts):
        if joined and start <= joined[-1]:
            joined[-1] = max(joined[-1], end)
        else:
            joined += [start, end]
    return joined


def _floating(parsed: Parsed, quotations: list[Quotation], hits: list[Hit]) -> list[Hit]:
    """Return the quotations that no cue of their paragraph claims.

    One that continues a quotation, or goes on after its cue ("A," she said. "B."), joins it. One
    that follows a colon has the cue before the colon. A longer one is carried from the last
    speaker; a short one, or a title, quotes nobody.
    """
    covered = _flat(hits)
    starts = parsed.paragraphs["start"].tolist()
    roles = parsed.paragraphs["role"].tolist()
    ends_with: dict[int, Hit] = {}
    for hit in hits:
        for _, end in hit.parts:
            ends_with[end] = hit
    found: list[Hit] = []
    previous: Quotation | None = None
    for quotation in quotations:
        before, previous = previous, quotation
        place = bisect.bisect_right(starts, quotation.start) - 1
        if roles[place] in ("furniture", *LAID_OUT) or _claimed(quotation, covered):
            continue
        words = len(re.findall(r"\w+", parsed.text[quotation.start:quotation.end]))
        span = (quotation.start, quotation.end)
        owner = ends_with.get(before.end) if before is not None else None
        if owner and (quotation.continues or _goes_on(parsed, owner, place, quotation)):
            owner.parts.append(span)
            ends_with[quotation.end] = owner
            continue
        opens = quotation.start == starts[place]
        floats = words >= FLOATING_WORDS or (opens and words > 0)
        if floats and not _is_title(parsed.text[quotation.start:quotation.end]):
            hit = _introduced(parsed, place, [span]) if opens else None
            hit = hit or _signed(parsed, place, span)
            hit = hit or Hit(place, None, "", "", [span], score=CARRIED_SCORE, carried=True)
            ends_with[quotation.end] = hit
            found.append(hit)
        elif words:
            found.append(Hit(place, None, "", "", [span], score=SCARE_SCORE, scare=True))
    return found


def _is_title(quotation: str) -> bool:
    """Whether it is written as a title: “How the Grinch Stole Christmas,”."""
    words = re.findall(r"[^\W\d_][\w'’-]*", quotation)
    long = [word for word in words if len(word) > 3]
    return len(long) > 1 and words[0][0].isupper() and all(word[0].isupper() for word in long) \
        and not re.search(r"[.?!]\s+\w", quotation)


def _goes_on(parsed: Parsed, hit: Hit, place: int, quotation: Quotation) -> bool:
    """Whether a quotation follows the sentence of a hit's cue at once, or stands in it."""
    if hit.cue is None or hit.paragraph != place \
            or parsed.text[:quotation.start].rstrip().endswith(":"):
        return False
    cue, own = parsed.sentence_at(hit.cue[0]), parsed.sentence_at(quotation.start + 1)
    if cue is None or own is None or own - cue not in (0, 1):
        return False
    return own == cue or quotation.start <= parsed.sentences["start"].iat[own - 1] + 1


def _introduced(parsed: Parsed, place: int, parts: list[tuple[int, int]]) -> Hit | None:
    """Return the hit of a paragraph whose cue stands before a colon in the one above."""
    above = place - 1
    while above >= 0 and not any(map(str.isalnum, parsed.docs[above].text)):
        above -= 1
    if above < 0 or not parsed.docs[above].text.rstrip("\"' ").endswith(":"):
        return None
    if parsed.paragraphs["role"].iat[above] == "furniture":
        return None
    doc = parsed.docs[above]
    found = introduction(doc)
    if found is None:
        return None
    cue, token = doc[found[0]], found[1]
    hit = Hit(place, (parsed.start(cue), parsed.end(cue)), cue.lemma_.lower(), cue.pos_, parts,
              score=INTRODUCED_SCORE)
    if token >= 0:
        head = doc[token]
        hit.head = (above, token)
        hit.speaker = (parsed.start(doc[head.left_edge.i]), parsed.end(head))
    return hit


def _signed(parsed: Parsed, place: int, part: tuple[int, int]) -> Hit | None:
    """Return the hit of a quotation that a dash and a name follow, and nothing else."""
    match = _SIGNATURE.match(parsed.text, part[1])
    if match is None:
        return None
    start, end = match.span("name")
    starts = parsed.paragraphs["start"].tolist()
    row = bisect.bisect_right(starts, start) - 1
    token = next((token for token in reversed(parsed.docs[row])
                  if start <= parsed.start(token) < end and token.pos_ == "PROPN"), None)
    if token is None:
        return None
    return Hit(place, match.span("dash"), match["dash"], "PUNCT", [part], (start, end),
               (row, token.i), INTRODUCED_SCORE)


def _known_names(actors: pd.DataFrame) -> set[str]:
    names = {name for row in actors.itertuples() for name in [row.actor, *row.aliases.split("|")]}
    return names | {name.split()[-1] for name in names if name}


def _spoken(turns: dict[int, Turn]) -> list[Hit]:
    """Return one attribution a turn: its paragraphs after the label's colon."""
    found: list[Hit] = []
    for place, turn in turns.items():
        if turn.label is None:
            found[-1].parts.append((turn.start, turn.end))
        else:
            found.append(Hit(place, turn.colon, ":", "PUNCT", [(turn.start, turn.end)], turn.label,
                             score=TURN_SCORE, name=turn.name, turn=True))
    return found


def _laid_out(parsed: Parsed, turns: dict[int, Turn]) -> list[Hit]:
    """Return the paragraphs that layout calls quotations; neighbours of one speaker are one."""
    found: list[Hit] = []
    last: tuple[int, str, str] | None = None
    for place, row in enumerate(parsed.paragraphs.itertuples()):
        if row.role not in LAID_OUT or place in turns:
            continue
        name = AUTHOR if row.role == "self_quotation" else row.speaker or ""
        if last == (place - 1, row.role, name):
            found[-1].parts.append((row.start, row.end))
        else:
            part = (row.start, row.end)
            hit = _introduced(parsed, place, [part]) or Hit(place, None, "", "", [part])
            hit.score, hit.name = LAYOUT_SCORE, name
            hit.carried = not name and hit.head is None
            found.append(hit)
        last = (place, row.role, name)
    return found


# ---- the table ---------------------------------------------------------------------------------

def find_attributions(parsed: Parsed, mentions: pd.DataFrame,
                      actors: pd.DataFrame) -> pd.DataFrame:
    """Find who is credited with which words of an article, and by which cue.

    Parameters
    ----------
    mentions, actors : DataFrame
        Mentions of actors in the article, and the actors with their roles.

    Returns
    -------
    DataFrame
        One row a part. ``score`` is the probability that the attribution stands in the text as
        given; ``basis`` says how the speaker is known, and where it is ``none`` the speaker is
        empty: nothing is guessed. ``parent`` is the attribution that holds this one.
    """
    quotations = [q for q in find_quotations(parsed.text, parsed.paragraphs) if q.level == 1]
    turns = find_turns(parsed, _known_names(actors))
    hits = find_hits(parsed, quotations, turns) + _laid_out(parsed, turns) + _spoken(turns)
    hits += _floating(parsed, quotations, hits)
    hits.sort(key=lambda hit: (min(hit.parts)[0], -max(hit.parts)[1], hit.cue or (0, 0)))
    speakers = Speakers(parsed, mentions, actors, quotations, hits)
    marks = Marks(parsed.text, quotations)
    rows: list[dict[str, object]] = []
    described: list[dict[str, object]] = []
    open_parts: list[tuple[int, int]] = []  # end of a part, place of its hit
    for place, hit in enumerate(hits):
        above = _holder(hits, place, open_parts)
        who = NOBODY if hit.scare else speakers.of(hit, described[above] if above >= 0 else None)
        described.append(who)
        parent = f"a{above + 1}" if above >= 0 else ""
        rows += _rows(parsed, f"a{place + 1}", hit, who, marks, parent)
    table = pd.DataFrame(rows, columns=COLUMNS["attributions"] + FURTHER)
    for name in ("cue_start", "cue_end", "speaker_start", "speaker_end"):
        table[name] = table[name].astype("Int64")
    return table


def _holder(hits: list[Hit], place: int, open_parts: list[tuple[int, int]]) -> int:
    """Return the place of the hit whose part holds this one's content, or -1."""
    start, end = min(hits[place].parts)[0], max(hits[place].parts)[1]
    while open_parts and open_parts[-1][0] <= start:
        open_parts.pop()
    above = -1
    for last, owner in reversed(open_parts):
        if last >= end and any(a <= start and end <= b for a, b in hits[owner].parts):
            above = owner
            break
    open_parts.append((end, place))
    return above


def _rows(parsed: Parsed, name: str, hit: Hit, who: dict[str, object], marks: Marks,
          parent: str) -> list[dict[str, object]]:
    text, kind, stance = parsed.text, "", ""
    cue, span = hit.cue or (None, None), hit.speaker or (None, None)
    mention = text[span[0]:span[1]] if hit.speaker else ""
    if hit.scare:
        form = "scare"
    else:
        laid_out = parsed.paragraphs["role"].iat[hit.paragraph] in LAID_OUT and not parent
        laid_out |= hit.turn
        form = "direct" if laid_out else marks.quote_type(hit.parts)
        kind, stance = cue_kind(hit.lemma, hit.pos, hit.phrases, mention) if hit.cue \
            else ("speech", "neutral")
        if form == "direct" and kind == "attitude":
            kind = "speech"  # whatever the cue, these words were said or written
        if form == "indirect" and not hit.clause and hit.score < TOPIC_BELOW \
                and kind in ("speech", "document"):
            kind = "attitude"  # "talked about the bridge", "wrote cookbooks": a topic, no words
        if hit.kind:
            form, kind = "indirect", hit.kind
    shared = {
        "article_id": parsed.article_id, "attribution_id": name,
        "cue": text[cue[0]:cue[1]] if hit.cue else "", "cue_start": cue[0], "cue_end": cue[1],
        "speaker_mention": mention, "speaker_start": span[0], "speaker_end": span[1],
        "quote_type": form, "kind": kind, "score": round(hit.score, 4), "stance": stance,
        "parent": parent, **{key: who[key] for key in NOBODY},
    }
    return [{**shared, "part": part, "start": start, "end": end}
            for part, (start, end) in enumerate(sorted(hit.parts), start=1)]
