"""Who is credited with which words, by which cue.

`attribution_model` finds cue, content and speaker inside a paragraph, `speakers` says who a
speaker is; here paragraphs come together: floating and block quotations, scare quotes, kinds, and
the table.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable

import pandas as pd

from analysis.corpus.language import Parsed
from analysis.corpus.tokens import Token
from analysis.definitions import AUTHOR, COLUMNS, ROOT
from analysis.instruments.attribution_model import CUE_KINDS, Hit, find_hits, introduction
from analysis.instruments.quotations import Quotation, Stretches, find_quotations
from analysis.instruments.speakers import DOCUMENTS, NOBODY, SHOWS, Speakers
from analysis.instruments.turns import Turn, find_turns

FURTHER = ["stance", "parent", "named", "number"]
FLOATING_WORDS = 5  # an uncredited quotation with fewer words quotes nobody in particular
TOPIC_BELOW = 0.8  # a phrase without a verb is somebody's words only where that is nearly certain
DOUBTFUL = 0.25  # match below which a word that is no known cue credits nobody
SURE_ENOUGH = 0.5  # probability below which a speaker stays empty
LAID_OUT = ("block_quotation", "self_quotation")
_WORD = re.compile(r"\b\w")
_SIGNATURE = re.compile(
    r"\s*(?P<dash>[-–—―]{1,2})\s*(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,5})[^\n\w\"“]*(?:\n|$)")


# ---- contents ----------------------------------------------------------------------------------

def _form(text: str, parts: list[tuple[int, int]], quoted: Callable[[int], bool]) -> str:
    """Return direct, mixed or indirect: all, some or none of the words are in marks."""
    inside = [quoted(word.start()) for part in parts for word in _WORD.finditer(text, *part)]
    return "indirect" if not any(inside) else "direct" if all(inside) else "mixed"


def cue_kind(lemma: str, pos: str, phrases: list[str], speaker: str) -> tuple[str, str]:
    """Return kind and stance of a cue; a phrase's entry wins over its head's.

    What a report or a poll *says* is a document's content.
    """
    kind, stance = "attitude", "neutral"
    for key in [(phrase, pos) for phrase in phrases] + [(lemma, pos), (lemma, "VERB")]:
        if key in CUE_KINDS:
            kind, stance = CUE_KINDS[key]
            break
    if kind == "speech" and DOCUMENTS.get(re.split(r"\W", speaker.lower())[-1]) == "document":
        kind = "document"
    return kind, stance


def _floating(parsed: Parsed, quotations: list[Quotation], hits: list[Hit]) -> list[Hit]:
    """Return the quotations that no cue of their paragraph claims.

    One that continues a quotation, or goes on after its cue ("A," she said. "B."), joins it. Who is
    named beside it, with a verb, a colon or a dash, says it. A longer one is else carried from the
    last speaker; a short one, a title, a nickname or a heading quotes nobody.
    """
    covered = Stretches(part for hit in hits for part in hit.parts)
    starts, roles = parsed.begins, parsed.roles
    ends_with = {end: hit for hit in hits for _, end in hit.parts}
    found: list[Hit] = []
    title = False  # whether the quotation before was one
    for before, quotation in zip([None, *quotations], quotations, strict=False):
        place = bisect.bisect_right(starts, quotation.start) - 1
        span = (quotation.start, quotation.end)
        if roles[place] in ("furniture", *LAID_OUT) or covered.touch(*span):
            continue
        words = len(re.findall(r"\w+", parsed.text[slice(*span)]))
        joined = before is not None and parsed.text[before.end:quotation.start].strip() \
            in ("and", ",", ", and")
        # So is the second of two: "such films as “the old bridge” and “how we learned to swim”".
        title = (title and joined) or _is_title(parsed.text[slice(*span)]) \
            or _is_work(parsed.text, span)
        owner = ends_with.get(before.end) if before is not None else None
        if owner and not title \
                and (quotation.continues or _goes_on(parsed, owner, place, quotation)):
            owner.parts.append(span)
            ends_with[quotation.end] = owner
            continue
        opens = quotation.start == starts[place]
        floats = words >= FLOATING_WORDS or opens
        hit = None
        if words and not title and roles[place] not in ("heading", "headline", "deck"):
            hit = (_introduced(parsed, place, span) if opens else None) or \
                _signed(parsed, place, span)
            if hit is None and floats:
                hit = _named_beside(parsed, place, span) or Hit(place, [span], carried=True)
        elif words and floats and not title:
            hit = _before_colon(parsed, place, span) or Hit(place, [span])
        if hit is not None:
            ends_with[quotation.end] = hit
            found.append(hit)
        elif words:
            found.append(Hit(place, [span], scare=True))
    return found


# goes by the name “Shorty” ; such films as “the old bridge” ; opened with “Over the River”
_NAMES_BEFORE = re.compile(
    r"\b(?:(?:by|under) the names?(?: of)?|named|nicknamed|dubbed|known as|goes by|a\.?k\.?a\.?|"
    r"(?:en)?titled|called his (?:book|song)|(?:song|film|movie|book|album|single|novel|play|hit|"
    r"track|series|show|episode|musical|poem|essay|documentary)s?(?: as| like)?|"
    r"(?:sang|sings|singing|performed|performing|recorded) |"
    r"(?:opened|closed|began|ended) with)[,:]?\s*$", re.I)
# “I want to go home again tonight”, her new single
_NAMES_AFTER = re.compile(
    r",? (?:her|his|their|its|the|a|an)(?: \w+){0,3} "
    r"(?:song|single|album|film|movie|book|novel|play|hit|track|series|musical|poem|"
    r"documentary)\b(?=[,.;:)]|$)", re.I)


def _is_work(text: str, span: tuple[int, int]) -> bool:
    """Whether what stands beside a quotation makes it a title or a nickname."""
    return bool(_NAMES_BEFORE.search(text, max(0, span[0] - 60), span[0])
                or _NAMES_AFTER.match(text, span[1]))


_POSTED = re.compile(r"\b(?:tweet(?:ed|s|ing)?|twitter|facebook|instagram|telegram|mastodon|"
                     r"bluesky|post(?:ed|s|ing)?)\b[^.\n]*:\s*$", re.I)


def _lengthen_posts(parsed: Parsed, hits: list[Hit]) -> None:
    """Let a post without marks run to its paragraph's end: "On Twitter, Reed wrote: It is.
    Stop"."""
    for hit in hits:
        start, end = hit.parts[0]
        base = parsed.docs[hit.paragraph].user_data["start"]
        last = base + len(parsed.docs[hit.paragraph].text.rstrip())
        if len(hit.parts) == 1 and end < last and parsed.text[start] not in "\"'“‘«" \
                and _POSTED.search(parsed.text[base:start]):
            hit.parts = [(start, last)]


def _without_works(parsed: Parsed, quotations: list[Quotation], hits: list[Hit]) -> list[Hit]:
    """Take titles and nicknames out of contents: "said a man who goes by “Shorty.”"."""
    works = {quotation[:2] for quotation in quotations if _is_work(parsed.text, quotation[:2])}
    kept = []
    for hit in hits:
        hit.parts = [part for part in hit.parts if part not in works]
        if hit.parts:
            kept.append(hit)
    return kept


def _hit_of(parsed: Parsed, place: int, part: tuple[int, int], token: Token, cue: tuple[int, int],
            lemma: str = ":", pos: str = "PUNCT") -> Hit:
    """Return the hit of a quotation whose speaker's head is a token."""
    left = token.left_edge
    start = parsed.start(left) if token.i - left.i < 12 else parsed.start(token)
    return Hit(place, [part], cue, lemma, pos, (start, parsed.end(token)), token)


def _named_beside(parsed: Parsed, place: int, part: tuple[int, int]) -> Hit | None:
    """Return the hit of a quotation with somebody named beside it.

    ""Nobody asked us," thundered the Daily Ledger": a verb right after it, then a name.
    ""Reason?" Mr Pike asked him": a name, then a verb. And what stands before it: "Mags Pell on the
    bridge: ", "In the words of Anna Berg, ". A quotation after a colon is never carried.
    """
    doc = parsed.docs[place]
    base = doc.user_data["start"]
    after = [token for token in doc if base + token.idx >= part[1] and not token.is_space][:14]
    inner = parsed.text[:part[1]].rstrip("\"'”’»")[-1:]
    for at, verb in enumerate(after):
        if verb.is_punct and verb.text not in "-.":
            break
        if verb.lemma_ in ("be", "have") \
                or verb.tag_ not in ("VBD", "VBZ", "VBP", "NN", "NNS", "VBN"):
            continue
        said = (parsed.start(verb), parsed.end(verb)), verb.lemma_.lower(), "VERB"
        names = [token for token in (after[1:10] if at == 0 else after[:at])
                 if token.pos_ in ("PROPN", "NOUN", "PRON") and token.dep_ != "compound"
                 and (at == 0 or token.i < verb.i)]
        if at == 0 and verb.text[:1].islower() and inner in ",?!" and names \
                and not any(token.is_punct or token.pos_ in ("ADP", "VERB") for token
                            in doc[verb.i + 1:names[0].i]) and verb.tag_.startswith("V"):
            return _hit_of(parsed, place, part, names[0], *said)
        if at and verb.tag_ in ("VBD", "VBZ", "VBP") and names and \
                (inner == "," or (said[1:] in CUE_KINDS and inner in "?!")):
            return _hit_of(parsed, place, part, names[-1], *said)
        if verb.tag_ in ("VBD", "VBZ", "VBP"):
            break
    return _before_colon(parsed, place, part)


_FROM = re.compile(r"(?:^|[.!?] |\band |\bhere(?:['’]s| is) )(?:this |more |the view )?from "
                   r"(?:the (?:desk|office|pen) of )?(?=\w)", re.I)
_ON = re.compile(r"(?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}) on [^.:;\"“”]{2,60}:?\s*$")


def _before_colon(parsed: Parsed, place: int, part: tuple[int, int]) -> Hit | None:
    """Return the hit of a quotation by what introduces it in its sentence; none without a sign."""
    doc = parsed.docs[place]
    base = doc.user_data["start"]
    lead = parsed.text[base:part[0]].rstrip()
    words = re.search(r"\b[Ii]n the words of ([^,]{3,60}),", lead)
    if words:
        at = base + words.start(1)
        heads = [token for token in doc if at <= base + token.idx < base + words.end(1)
                 and token.pos_ == "PROPN"]
        if heads:
            return _hit_of(parsed, place, part, heads[-1], (base + words.start(), at - 1), "word",
                           "NOUN")
    if not lead.endswith(":"):
        return None
    token = _introducer(doc, lead)
    colon = (base + len(lead) - 1, base + len(lead))
    if token is None:
        return Hit(place, [part])
    return _hit_of(parsed, place, part, token, colon)


def _introducer(doc, lead: str):
    """Return who is named by a lead before a colon or at a paragraph's end.

    "And this from Mags Pell", "Mags Pell on the bridge", "Musk again took to Twitter with this".
    """
    low = max(lead.rfind(mark) for mark in (". ", "! ", "? ", "\n")) + 1
    if lead[low - 1:low + 1].strip() == "." and re.search(r"\b(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov)\.$",
                                                          lead[:low]):
        low = 0
    tokens = [token for token in doc if low <= token.idx < len(lead)]
    source = _FROM.search(lead, low)
    if source:
        names = [token for token in tokens if token.idx >= source.end() and token.pos_ == "PROPN"]
        comma = lead.find(",", source.end())
        names = [token for token in names if comma < 0 or token.idx < comma]
        return names[-1] if names else None
    on = _ON.match(lead[low:].lstrip())
    if on and tokens:
        heads = [token for token in tokens if token.dep_ == "prep" and token.lower_ == "on"]
        names = [token for token in tokens if token.pos_ in ("PROPN", "NOUN")
                 and (not heads or token.i < heads[0].i) and token.lower_ != "on"]
        return names[-1] if names else None
    subjects = [token for token in tokens if token.dep_ == "nsubj"
                and (token.ent_type_ in ("PERSON", "ORG") or token.lower_ in ("he", "she"))]
    return subjects[-1] if subjects else None


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
    return own == cue or quotation.start <= parsed.starts[own - 1] + 1


def _introduced(parsed: Parsed, place: int, part: tuple[int, int]) -> Hit | None:
    """Return the hit of a paragraph whose cue stands before a colon in the one above."""
    above = place - 1
    while above >= 0 and not any(map(str.isalnum, parsed.docs[above].text)):
        above -= 1
    if above < 0:
        return None
    lead = parsed.docs[above].text.rstrip("\"' ")
    if not lead.endswith(":") and not re.match(r"From the (?:desk|office|pen) of ", lead):
        return None
    if parsed.roles[above] == "furniture":
        return None
    doc = parsed.docs[above]
    found = introduction(doc)
    if found is None or _FROM.search(doc.text):
        token = _introducer(doc, doc.text)
        end = parsed.end(doc[-1])
        return None if token is None else _hit_of(parsed, place, part, token, (end - 1, end))
    cue, token = found
    verb = (parsed.start(cue), parsed.end(cue)), cue.lemma_.lower(), cue.pos_
    return Hit(place, [part], *verb) if token is None else \
        _hit_of(parsed, place, part, token, *verb)


def _signed(parsed: Parsed, place: int, part: tuple[int, int]) -> Hit | None:
    """Return the hit of a quotation that a dash and a name follow, and nothing else."""
    match = _SIGNATURE.match(parsed.text, part[1])
    if match is None:
        return None
    start, end = match.span("name")
    row = bisect.bisect_right(parsed.begins, start) - 1
    token = next((token for token in reversed(parsed.docs[row])
                  if start <= parsed.start(token) < end and token.pos_ == "PROPN"), None)
    if token is None:
        return None
    return Hit(place, [part], match.span("dash"), match["dash"], "PUNCT", (start, end), token)


def _known_names(actors: pd.DataFrame) -> set[str]:
    names = {name for forms in (*actors["actor"], *actors["aliases"]) for name in forms.split("|")}
    return names | {name.split()[-1] for name in names if name}


def _spoken(turns: dict[int, Turn]) -> list[Hit]:
    """Return one attribution a turn: its paragraphs after the label's colon."""
    found: list[Hit] = []
    for place, turn in turns.items():
        if turn.label is None:
            found[-1].parts.append((turn.start, turn.end))
        else:
            found.append(Hit(place, [(turn.start, turn.end)], turn.colon, ":", "PUNCT", turn.label,
                             name=turn.name, turn=True))
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
            hit = _introduced(parsed, place, part) or Hit(place, [part])
            hit.name = name
            hit.carried = not name and hit.head is None
            found.append(hit)
        last = (place, row.role, name)
    return found


# Fitted on news of seven outlets (``data/models/calibrate_speakers.py``).
_SCORES = pd.read_csv(ROOT / "data" / "models" / "attributions_score.csv", index_col=0)["score"]


def speaker_score(how: str) -> float:
    """Return the probability that a speaker is right, by how it is known."""
    return _SCORES[how]


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
    _lengthen_posts(parsed, hits)
    hits = _without_works(parsed, quotations, hits)
    hits += _floating(parsed, quotations, hits)
    hits.sort(key=lambda hit: (min(hit.parts)[0], -max(hit.parts)[1], hit.cue or (0, 0)))
    speakers = Speakers(parsed, mentions, actors, quotations, hits)
    hits = [hit for hit in hits if not speakers.is_idle(hit)]
    rows: list[dict[str, object]] = []
    described: list[dict[str, object]] = []
    open_parts: list[tuple[int, int]] = []  # end of a part, place of its hit
    for place, hit in enumerate(hits):
        above = _holder(hits, place, open_parts)
        who = NOBODY if hit.scare else speakers.of(hit, described[above] if above >= 0 else None)
        described.append(who)
        parent = f"a{above + 1}" if above >= 0 else ""
        rows += _rows(parsed, f"a{place + 1}", hit, who, speakers.quoted, parent)
    roles = {row["speaker"]: row["role"] for row in reversed(rows) if row["role"] and row["named"]}
    for row in rows:  # whoever has a role anywhere in the article has it everywhere
        row["role"] = row["role"] or roles.get(row["speaker"], "")
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


def _rows(parsed: Parsed, name: str, hit: Hit, who: dict[str, object],
          quoted: Callable[[int], bool], parent: str) -> list[dict[str, object]]:
    text, kind, stance = parsed.text, "", ""
    cue, span = hit.cue or (None, None), hit.speaker or (None, None)
    mention = text[span[0]:span[1]] if hit.speaker else ""
    if hit.cue and hit.score < DOUBTFUL and (hit.lemma, "VERB") not in CUE_KINDS:
        who = NOBODY  # “The boat has sunk.” Bob nodded.
    score = speaker_score(str(who["how"]))
    if score < SURE_ENOUGH and not hit.scare:
        who = NOBODY  # wrong is worse than empty; the words that stand for somebody are kept
    if hit.scare:
        form = "scare"
    else:
        laid_out = parsed.roles[hit.paragraph] in LAID_OUT and not parent
        laid_out |= hit.turn
        form = "direct" if laid_out else _form(text, hit.parts, quoted)
        kind, stance = cue_kind(hit.lemma, hit.pos, hit.phrases, mention) if hit.cue \
            else ("speech", "neutral")
        if form == "direct" and kind == "attitude":
            kind = "speech"  # whatever the cue, these words were said or written
        if form == "indirect" and (hit.shows or (kind == "document" and hit.lemma in SHOWS
                                                 and who["number"] == "person")):
            kind = "attitude"  # he showed her the bridge; footage showed how it fell
        if form == "indirect" and not hit.clause and hit.score < TOPIC_BELOW \
                and kind in ("speech", "document"):
            kind = "attitude"  # "talked about the bridge", "wrote cookbooks": a topic, no words
        if hit.kind:
            form, kind = "indirect", hit.kind
    shared = {
        "article_id": parsed.article_id, "attribution_id": name,
        "cue": text[cue[0]:cue[1]] if hit.cue else "", "cue_start": cue[0], "cue_end": cue[1],
        "speaker_mention": mention, "speaker_start": span[0], "speaker_end": span[1],
        "quote_type": form, "kind": kind, "score": score, "stance": stance,
        "parent": parent, **{key: who[key] for key in NOBODY if key != "how"},
    }
    return [{**shared, "part": part, "start": start, "end": end}
            for part, (start, end) in enumerate(sorted(hit.parts), start=1)]
