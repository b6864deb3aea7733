"""Who is credited with which words, by which cue.

`attribution_model` finds cue, content and speaker inside a paragraph; here paragraphs come
together: floating and block quotations, scare quotes, names, roles, kinds, and the table.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections import defaultdict
from collections.abc import Iterator

import pandas as pd
from spacy.tokens import Doc, Token

from analysis.attribution_model import Hit, find_hits
from analysis.language import Parsed, lexicon, straighten
from analysis.quotations import Quotation, find_quotations
from analysis.tables import COLUMNS

AUTHOR = "AUTHOR"
FURTHER = ["stance", "parent", "named", "number"]
FLOATING_WORDS = 5  # an uncredited quotation with fewer words quotes nobody in particular
CARRIED_SCORE, LAYOUT_SCORE, SCARE_SCORE = 0.6, 0.9, 0.5
_SINGULAR = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she"}
_FIRST = {"i", "we", "me", "us", "my", "our", "myself"}
_PLURAL = {"they", "them", "their", "theirs"}
_EMPTY = {"it", "this", "that", "these", "those", "who", "which", "what", "whoever", "you", "one",
          "its", "there", "whom"}
_HONORIFIC = re.compile(
    r"^(?:(?:the|a|an|mr|mrs|ms|dr|sen|rep|gov|gen|lt|col|rev|prof|sir|president|secretary|senator)"
    r"\b\.?\s+)+", re.I)


# ---- names -------------------------------------------------------------------------------------

class Names:
    """The names in one article: canonical actors, and the fullest form of every other name."""

    def __init__(self, parsed: Parsed, mentions: pd.DataFrame) -> None:
        self.text = parsed.text
        rows = mentions.sort_values(["start", "end"])
        self._starts = rows["start"].tolist()
        self._mentions = list(zip(rows["start"], rows["end"], rows["actor"], strict=True))
        self.people: list[tuple[int, str, bool]] = []  # start, name, is subject
        self._fullest: dict[str, str] = {}
        persons = [entity for doc in parsed.docs for entity in doc.ents
                   if entity.label_ == "PERSON" and re.match(r"[^\W\d]", entity.text)]
        for entity in persons:
            name = self._clean(entity.text)
            last = name.split()[-1] if name else ""
            if len(name) > len(self._fullest.get(last, "")) and len(name.split()) <= 4:
                self._fullest[last] = name
        for entity in persons:
            root = entity.root
            subject = root.dep_ in ("nsubj", "nsubjpass")
            self.people.append((parsed.start(entity), self.of_entity(entity, parsed), subject))
        self._people_starts = [start for start, _, _ in self.people]

    @staticmethod
    def _clean(name: str) -> str:
        name = re.sub(r"['’]s?$", "", name.strip(" ,.;:-—–\"'“”‘’\n"))
        return _HONORIFIC.sub("", name)

    def actor_at(self, offset: int) -> str:
        """Return the actor whose mention holds the offset, or an empty string."""
        row = bisect.bisect_right(self._starts, offset) - 1
        while row >= 0 and row > bisect.bisect_right(self._starts, offset) - 4:
            start, end, actor = self._mentions[row]
            if start <= offset < end:
                return actor
            row -= 1
        return ""

    def of_entity(self, entity, parsed: Parsed) -> str:
        """Return the canonical name of an entity."""
        root = entity[-1] if entity[-1].tag_ != "POS" or len(entity) == 1 else entity[-2]
        actor = self.actor_at(parsed.start(root))
        if actor:
            return actor
        name = self._clean(self.text[parsed.start(entity):parsed.end(entity)])
        if entity.label_ == "PERSON" and name:
            return self._fullest.get(name.split()[-1], name)
        return name

    def people_before(self, offset: int, count: int = 12) -> Iterator[tuple[int, str, bool]]:
        """Yield the persons named before the offset, nearest first."""
        row = bisect.bisect_left(self._people_starts, offset)
        yield from reversed(self.people[max(0, row - count):row])


@functools.cache
def _given_names() -> dict[str, str]:
    table = lexicon("first_names")
    return dict(zip(table["name"], table["gender"], strict=True))


def _gender(name: str, text: str) -> str:
    """Return he or she where a given name or an honorific tells, else an empty string."""
    words = name.split()
    if not words:
        return ""
    if len(words) > 1 and words[0].lower() in _given_names():
        return _given_names()[words[0].lower()]
    titled = re.search(rf"\b(Mr|Ms|Mrs|Miss|Sir|Lady)\b\.? {re.escape(words[-1])}\b", text)
    if titled:
        return "he" if titled.group(1) in ("Mr", "Sir") else "she"
    return ""


# ---- roles -------------------------------------------------------------------------------------

@functools.cache
def _role_terms() -> dict[str, str]:
    table = lexicon("roles")
    return dict(zip(table["term"], table["kind"], strict=True))


@functools.cache
def _countries() -> dict[str, str]:
    table = lexicon("roles_countries")
    return dict(zip(table["term"], table["country"], strict=True))


def _terms(words: list[str], table: dict[str, str]) -> list[str]:
    """Return the kinds of the terms, of one to three words, that occur in a phrase."""
    found = []
    for place in range(len(words)):
        for length in (3, 2, 1):
            term = " ".join(words[place:place + length])
            kind = table.get(term) or (table.get(term[:-1]) if term.endswith("s") else None)
            if kind:
                found.append(kind)
                break
    return found


def find_role(phrase: str, label: str, named: bool) -> str:
    """Return the role that a speaker's description gives, or an empty string.

    Parameters
    ----------
    phrase : str
        The mention with its titles and appositions.
    label : str
        The entity type of its head, or an empty string.
    """
    words = re.findall(r"[\w.&-]+", straighten(phrase).lower().replace("'s", ""))
    words = [word.rstrip(".") if len(word) > 5 else word for word in words]
    kinds = _terms(words, _role_terms())
    countries = _terms(words, _countries())
    if "body" in kinds:
        return "international_body"
    if "russian" in kinds or "russia" in kinds:
        return "russian_government"
    for kind in kinds:
        if kind == "us":
            return "us_government"
        if kind == "official" or (kind == "collective" and countries and not named):
            country = countries[0] if countries else "us" if named else ""
            return {"us": "us_government", "russia": "russian_government",
                    "other": "other_government"}.get(country, "anonymous_or_collective")
        if kind in ("expert", "company", "citizen"):
            return kind
        if kind == "media":
            return "journalist_or_media"
        if kind == "collective" and not named:
            return "anonymous_or_collective"
    if label == "GPE" and countries:
        return {"us": "us_government", "russia": "russian_government"}.get(
            countries[0], "other_government")
    return "" if named else "anonymous_or_collective"


# ---- speakers ----------------------------------------------------------------------------------

class Speakers:
    """Gives each hit, in reading order, its canonical speaker, basis, role and number."""

    def __init__(self, parsed: Parsed, names: Names, actors: pd.DataFrame) -> None:
        self.parsed, self.names = parsed, names
        self.roles = dict(zip(actors["actor"], actors["role"].fillna(""), strict=True)) \
            if {"actor", "role"} <= set(actors.columns) else {}
        self.last: dict[str, object] | None = None
        self._genders: dict[str, str] = {}
        self._role_of: dict[str, str] = {}

    def gender(self, name: str) -> str:
        if name not in self._genders:
            self._genders[name] = _gender(name, self.parsed.text)
        return self._genders[name]

    def describe(self, hit: Hit) -> dict[str, object]:
        """Return speaker, basis, role, named and number of a hit."""
        if hit.name:
            return self._row(hit.name, "carried" if hit.carried else "named", "", hit.name, True)
        if hit.head is None:
            return {"speaker": "", "basis": "none", "role": "", "named": False, "number": ""}
        doc, token = self.parsed.docs[hit.head[0]], None
        token = doc[hit.head[1]]
        word = token.text.lower()
        if word in _SINGULAR:
            return self._pronoun(_SINGULAR[word], hit)
        if word in _FIRST:
            return self._first_person(hit)
        if word in _PLURAL:
            last = self.last
            if last is not None and (last["number"] == "group") and last["speaker"]:
                return {**last, "basis": "pronoun"}
            return self._row("", "none", "", "", False, "group")
        if word in _EMPTY:
            return self._row("", "none", "", "", False, "person")
        return self._nominal(token, hit)

    def _row(self, speaker, basis, label, phrase, named, number="person"):
        role = self.roles.get(speaker) or self._role_of.get(speaker, "")
        if speaker == AUTHOR:
            role = "author_self"
        if not role and (phrase or speaker):
            role = find_role(phrase, label, named)
            if named and role:
                self._role_of[speaker] = role
        return {"speaker": speaker, "basis": basis, "role": role, "named": named, "number": number}

    def _pronoun(self, gender: str, hit: Hit) -> dict[str, object]:
        """Resolve he or she: the last speaker, unless a nearer person is the subject."""
        start = hit.speaker[0]
        fits = [(where, name, subject)
                for where, name, subject in self.names.people_before(start)
                if self.gender(name) in ("", gender) and start - where < 1500]
        last = self.last
        if last is not None and last["number"] == "person" and last["named"] \
                and self.gender(last["speaker"]) in ("", gender):
            between = [name for where, name, subject in fits
                       if where > last["position"] and subject and name != last["speaker"]
                       and not self._quoted(where)]
            if not between:
                return self._row(last["speaker"], "pronoun", "", "", True)
        for wanted in (True, False):
            for where, name, subject in fits:
                if subject >= wanted and not self._quoted(where):
                    return self._row(name, "pronoun", "PERSON", name, True)
        return self._row("", "none", "", "", False)

    def _quoted(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self.quoted)

    def _first_person(self, hit: Hit) -> dict[str, object]:
        if self._quoted(hit.speaker[0]):
            return self._row("", "none", "", "", False)
        return self._row(AUTHOR, "pronoun", "", "", True)

    def _nominal(self, token: Token, hit: Hit) -> dict[str, object]:
        parsed, doc = self.parsed, token.doc
        actor = self.names.actor_at(parsed.start(token))
        phrase = doc[token.left_edge.i:min(token.right_edge.i, token.i + 14) + 1].text
        entity = next((e for e in doc[max(0, token.i - 5):token.i + 1].ents if e[-1].i >= token.i
                       or e.root.i == token.i), None)
        apposed = next((child for child in token.children
                        if child.dep_ == "appos" and child.ent_type_ == "PERSON"), None)
        if actor == "" and (entity is None or entity.label_ != "PERSON") and apposed is not None:
            entity = next((e for e in doc.ents if e.start <= apposed.i < e.end), entity)
        plural = token.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in token.children)
        if actor:
            group = token.ent_type_ in ("ORG", "GPE", "NORP")
            return self._row(actor, "named", token.ent_type_, phrase, True,
                             "group" if group or plural else "person")
        if entity is not None and entity.label_ in ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC",
                                                    "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"):
            name = self.names.of_entity(entity, parsed)
            number = "person" if entity.label_ == "PERSON" and not plural else "group"
            return self._row(name, "named", entity.label_, phrase, entity.label_ != "NORP", number)
        if token.pos_ == "PROPN":
            return self._row(Names._clean(token.text), "named", "", phrase, True)
        start, end = hit.speaker
        unnamed = re.sub(r"^(?:The|the|A|a|An|an) ", "", parsed.text[start:end])
        return self._row(unnamed, "named", "", phrase, False, "group" if plural else "person")


# ---- contents ----------------------------------------------------------------------------------

def quote_type(text: str, parts: list[tuple[int, int]], quotations: list[Quotation]) -> str:
    """Return direct, mixed or indirect: whether all, some or none of the words are in marks."""
    words = quoted = 0
    starts = [quotation.start for quotation in quotations]
    for start, end in parts:
        for match in re.finditer(r"\w+", text[start:end]):
            where = start + match.start()
            words += 1
            row = bisect.bisect_right(starts, where) - 1
            quoted += row >= 0 and where < quotations[row].end
    if not quoted:
        return "indirect"
    return "direct" if quoted == words else "mixed"


@functools.cache
def _cues() -> dict[tuple[str, str], tuple[str, str]]:
    table = lexicon("cues")
    return {(row.cue, row.pos): (row.kind, row.stance) for row in table.itertuples()}


def cue_kind(lemma: str, pos: str, phrase: str, quoted: bool) -> tuple[str, str]:
    """Return kind and stance of a cue; the phrase's entry wins over its head's."""
    table = _cues()
    for key in ((phrase, pos), (lemma, pos), (lemma, "VERB"), (lemma, "NOUN")):
        if key in table:
            kind, stance = table[key]
            return ("speech" if quoted and kind in ("mental", "attitude") else kind), stance
    return ("speech" if quoted else "attitude"), "neutral"


def _floating(parsed: Parsed, quotations: list[Quotation], hits: list[Hit]) -> list[Hit]:
    """Return the quotations that no cue claims: carried where they go on, else uncredited."""
    covered = sorted(part for hit in hits for part in hit.parts)
    starts = parsed.paragraphs["start"].tolist()
    roles = parsed.paragraphs["role"].tolist()
    found, row = [], 0
    for quotation in quotations:
        if quotation.level > 1:
            continue
        while row < len(covered) and covered[row][1] <= quotation.start:
            row += 1
        if row < len(covered) and covered[row][0] < quotation.end:
            continue
        place = bisect.bisect_right(starts, quotation.start) - 1
        if roles[place] in ("furniture", "block_quotation", "self_quotation"):
            continue
        words = re.findall(r"\w+", parsed.text[quotation.start:quotation.end])
        if not words:
            continue
        span = (quotation.start, quotation.end)
        if len(words) < FLOATING_WORDS:
            found.append(Hit(place, None, "", "", [span], score=SCARE_SCORE, scare=True))
        else:
            found.append(Hit(place, None, "", "", [span], score=CARRIED_SCORE, carried=True))
    return found


def _laid_out(parsed: Parsed) -> list[Hit]:
    """Return one hit for each paragraph that layout calls a quotation."""
    rows = parsed.paragraphs
    return [Hit(place, None, "", "", [(row.start, row.end)], score=LAYOUT_SCORE,
                name=AUTHOR if row.role == "self_quotation" else row.speaker or "", carried=True)
            for place, row in enumerate(rows.itertuples())
            if row.role in ("block_quotation", "self_quotation")]


def _order(hit: Hit) -> tuple[int, int]:
    return min(hit.parts)


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
    quotations = find_quotations(parsed.text, parsed.paragraphs)
    outer = [quotation for quotation in quotations if quotation.level == 1]
    hits = find_hits(parsed, quotations)
    hits += _laid_out(parsed)
    hits += _floating(parsed, quotations, hits)
    hits.sort(key=_order)
    speakers = Speakers(parsed, Names(parsed, mentions), actors)
    speakers.quoted = [(quotation.start, quotation.end) for quotation in outer]
    rows = []
    for number, hit in enumerate(hits, start=1):
        rows += _rows(parsed, f"a{number}", hit, speakers, outer)
    table = pd.DataFrame(rows, columns=COLUMNS["attributions"] + FURTHER)
    for name in ("cue_start", "cue_end", "speaker_start", "speaker_end"):
        table[name] = table[name].astype("Int64")
    return table


def _rows(parsed: Parsed, name: str, hit: Hit, speakers: Speakers,
          outer: list[Quotation]) -> list[dict[str, object]]:
    text = parsed.text
    if hit.scare:
        who = {"speaker": "", "basis": "none", "role": "", "named": False, "number": ""}
        kind, stance, form = "", "", "scare"
    else:
        who = _speaker_of(hit, speakers)
        laid_out = hit.cue is None and parsed.paragraphs["role"].iat[hit.paragraph] in (
            "block_quotation", "self_quotation")
        form = "direct" if laid_out else quote_type(text, hit.parts, outer)
        kind, stance = cue_kind(hit.lemma, hit.pos, hit.lemma, form == "direct")
    cue = hit.cue or (None, None)
    span = hit.speaker or (None, None)
    shared = {
        "article_id": parsed.article_id, "attribution_id": name,
        "cue": text[cue[0]:cue[1]] if hit.cue else "", "cue_start": cue[0], "cue_end": cue[1],
        "speaker_mention": text[span[0]:span[1]] if hit.speaker else "",
        "speaker_start": span[0], "speaker_end": span[1],
        "speaker": who["speaker"], "basis": who["basis"], "role": who["role"],
        "quote_type": form, "kind": kind, "score": round(hit.score, 4), "stance": stance,
        "parent": "", "named": who["named"], "number": who["number"],
    }
    return [{**shared, "part": part, "start": start, "end": end}
            for part, (start, end) in enumerate(sorted(hit.parts), start=1)]


def _speaker_of(hit: Hit, speakers: Speakers) -> dict[str, object]:
    """Return the description of a hit's speaker, and remember it for the words that follow."""
    if hit.carried and not hit.name:
        last = speakers.last
        if last is not None and last["speaker"] and hit.parts[0][0] - last["position"] < 1500:
            return {**last, "basis": "carried"}
        return {"speaker": "", "basis": "none", "role": "", "named": False, "number": ""}
    who = speakers.describe(hit)
    if who["speaker"]:
        position = hit.speaker[0] if hit.speaker else hit.parts[0][0]
        speakers.last = {**who, "position": position}
    return who
