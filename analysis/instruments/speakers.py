"""Who a speaker is: the canonical name, how it is known, the role, and one or many.

A name is an actor's where a mention says so, else its fullest form in the article. Pronouns are
resolved only to a speaker or a subject nearby; otherwise the speaker stays empty.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, straighten
from analysis.instruments.attribution_model import Hit
from analysis.instruments.quotations import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

AUTHOR = "AUTHOR"
CARRIES_OVER = 1500  # characters after which a speaker is forgotten
_SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW")
_RELATIVE = {"who", "which", "that", "whom"}
_SINGULAR = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she"}
_FIRST = {"i", "we", "me", "us", "my", "our", "myself"}
_PLURAL = {"they", "them", "their", "theirs"}
_EMPTY = {"this", "these", "those", "what", "whoever", "you", "one", "its", "there"}
_HONORIFIC = re.compile(
    r"^(?:(?:the|a|an|mr|mrs|ms|dr|sen|rep|gov|gen|lt|col|rev|prof|sir|president|secretary|senator)"
    r"\b\.?\s+)+", re.I)
_PARTY = re.compile(r"\((?:D|R|I)(?:[-–][^()]{2,12})?\)")  # Adam Schiff (D-Calif.)
_AFTER = re.compile(r" \([^()\n]{1,40}\)"
                    r"|, (?!(?:and|but|or|as|while|when|said|he|she|it)\b)[^.,;:()\n\"“”]{2,60}")
_PEOPLE = re.compile(r"^[A-Z][\w-]+(?:ans|eans|ese|ish)$")  # Mexicans, the British
_BESIDE = 6  # words before a name that may be its title, and mentions that are looked at
_TITLE_WORDS = {"presidential", "vice-presidential", "vice", "former", "retired", "national",
                "chief", "deputy", "state", "senior", "executive", "county", "city", "federal",
                "press", "foreign", "political"}


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
        self.descriptions: dict[str, list[Token]] = {}  # heads of a person's mentions
        persons = [entity for doc in parsed.docs for entity in doc.ents
                   if entity.label_ == "PERSON" and re.match(r"[^\W\d]", entity.text)]
        for entity in persons:
            name = self.clean(entity.text)
            last = name.split()[-1] if name else ""
            if len(name) > len(self._fullest.get(last, "")) and len(name.split()) <= 4:
                self._fullest[last] = name
        for entity in persons:
            root = entity.root
            place = root.head if root.dep_ == "appos" else root  # His wife, Lucie, was
            subject = place.dep_ in ("nsubj", "nsubjpass")
            name = self.of_entity(entity, parsed)
            self.people.append((parsed.start(entity), name, subject))
            self.descriptions.setdefault(name, []).append(root)
        self._people_starts = [start for start, _, _ in self.people]

    @staticmethod
    def clean(name: str) -> str:
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
        name = self.clean(self.text[parsed.start(entity):parsed.end(entity)])
        if entity.label_ == "PERSON" and name:
            last = name.split()[-1]  # a transcript's PENCE is Mike Pence
            return self._fullest.get(last.title() if name.isupper() else last, name)
        # A family name alone is often taken for a firm.
        return self._fullest.get(name, name) if entity.label_ == "ORG" else name

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
    if words[0].lower() in _given_names() and not re.search(rf"[A-Z]\w+ {re.escape(name)}\b", text):
        return _given_names()[words[0].lower()]  # called by a given name that is nobody's last
    titled = re.search(rf"\b(Mr|Ms|Mrs|Miss|Sir|Lady)\b\.? {re.escape(words[-1])}\b", text)
    if titled:
        return "he" if titled.group(1) in ("Mr", "Sir") else "she"
    return ""


# ---- roles -------------------------------------------------------------------------------------

_GOVERNMENTS = {"us": "us_government", "russia": "russian_government", "other": "other_government"}

@functools.cache
def _role_terms() -> dict[str, str]:
    table = lexicon("roles")
    return dict(zip(table["term"], table["kind"], strict=True))


@functools.cache
def _countries() -> dict[str, str]:
    table = lexicon("roles_countries")
    return dict(zip(table["term"], table["country"], strict=True))


@functools.cache
def _leaders() -> dict[str, str]:
    """Return the role of well-known holders of office by their full names, and by family names.

    A family name alone stands for its bearers where they share a role.
    """
    found: dict[str, str] = {}
    for row in lexicon("leaders").itertuples():
        last = row.name.split()[-1]
        found[row.name] = row.role
        found[last] = row.role if found.get(last, row.role) == row.role else ""
    return found


def _known_role(name: str) -> str:
    """Return the role of a leader, a state or a people, by its name alone."""
    if name.lower() in _countries():
        return _GOVERNMENTS[_countries()[name.lower()]]
    if _PEOPLE.search(name):
        return "anonymous_or_collective"
    return _leaders().get(re.sub(r" [A-Z]\.", "", name), "")


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


def _words(phrase: str) -> list[str]:
    words = re.findall(r"[\w.&-]+", straighten(phrase).lower().replace("'s", ""))
    return [word.rstrip(".") if len(word) > 5 else word for word in words]


def is_at_home_in_us(text: str) -> bool:
    """Whether an official of no stated country is one of the United States in this article.

    It must name the country, its government or its parties, and at least a third as often as
    other states.
    """
    words = _words(text)
    named = Counter(_terms(words, _countries()))
    named["us"] += _terms(words, _role_terms()).count("us") + len(re.findall(r"\bUSA?\b", text))
    return named["us"] > 0 and 3 * named["us"] >= named["other"] + named["russia"]


def find_role(phrase: str, label: str, named: bool, home: str = "") -> str:
    """Return the role that a speaker's description gives, or an empty string.

    Parameters
    ----------
    phrase : str
        The mention with its titles and appositions.
    label : str
        The entity type of its head, or an empty string.
    home : str
        Country (us, russia, other) of named officials whose country is not stated; without it
        they have no role.
    """
    if _PARTY.search(phrase):
        return "us_government"
    words = _words(phrase)
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
            country = countries[0] if countries else home if named else ""
            return _GOVERNMENTS.get(country, "" if named else "anonymous_or_collective")
        if kind in ("expert", "company", "citizen"):
            return kind
        if kind == "media":
            return "journalist_or_media"
        if kind == "collective" and not named:
            return "anonymous_or_collective"
    if countries and (label == "GPE" or _countries().get(" ".join(words).removeprefix("the "))):
        return _GOVERNMENTS[countries[0]]
    return "" if named else "anonymous_or_collective"


# ---- speakers ----------------------------------------------------------------------------------

NOBODY = {"speaker": "", "basis": "none", "role": "", "named": False, "number": ""}


class Speakers:
    """Gives each hit, in reading order, its canonical speaker, basis, role and number."""

    def __init__(self, parsed: Parsed, names: Names, actors: pd.DataFrame,
                 quotations: list[Quotation]) -> None:
        self.parsed, self.names = parsed, names
        known = {"actor", "role"} <= set(actors.columns)
        self.roles = dict(zip(actors["actor"], actors["role"], strict=True)) if known else {}
        self.last: dict[str, object] | None = None
        self._starts = [quotation.start for quotation in quotations]
        self._ends = [quotation.end for quotation in quotations]
        self.home = "us" if is_at_home_in_us(parsed.text) else ""
        self._genders: dict[str, str] = {}
        self._role_of: dict[str, str] = {}
        self._described: dict[str, str] = {}

    def gender(self, name: str) -> str:
        """Return he, she, or an empty string where nothing tells."""
        if name not in self._genders:
            self._genders[name] = _gender(name, self.parsed.text)
        return self._genders[name]

    def quoted(self, offset: int) -> bool:
        """Whether a code point stands in quotation marks."""
        row = bisect.bisect_right(self._starts, offset) - 1
        return row >= 0 and offset < self._ends[row]

    def of(self, hit: Hit, parent: dict[str, object] | None) -> dict[str, object]:
        """Return the description of a hit's speaker; remember it for the words that follow."""
        if hit.carried and not hit.name:
            last = self.last
            near = last is not None and hit.parts[0][0] - last["end"] < CARRIES_OVER
            if near:
                hit.speaker = last["mention"]
                return {**last, "basis": "carried"}
            return NOBODY
        who = self._describe(hit, parent)
        if not who["speaker"]:
            return NOBODY
        if parent is None:
            start = hit.speaker[0] if hit.speaker else hit.parts[0][0]
            self.last = {**who, "start": start, "end": max(hit.parts)[1], "mention": hit.speaker}
        return who

    def _describe(self, hit: Hit, parent: dict[str, object] | None) -> dict[str, object]:
        if hit.name:
            return self._row(hit.name, "carried", "", hit.name, True)
        if hit.head is None:
            return NOBODY
        token = self.parsed.docs[hit.head[0]][hit.head[1]]
        word = token.lower_
        if word in _RELATIVE:
            antecedent = _antecedent(token)
            if antecedent is None:
                return NOBODY
            return {**self._nominal(antecedent, hit), "basis": "pronoun"}
        if word in _SINGULAR:
            return self._pronoun(_SINGULAR[word], hit.speaker[0])
        if word in _FIRST:
            if parent is not None or self.quoted(hit.speaker[0]):
                return {**(parent or NOBODY), "basis": "pronoun"} if parent else NOBODY
            return self._row(AUTHOR, "pronoun", "", "", True)
        if word in _PLURAL or word == "it":
            last = self.last
            group = last is not None and last["number"] == "group" and last["speaker"]
            near = group and hit.speaker[0] - last["end"] < CARRIES_OVER
            return {**last, "basis": "pronoun"} if near else NOBODY
        if word in _EMPTY:
            return NOBODY
        return self._nominal(token, hit)

    def _row(self, speaker: str, basis: str, label: str, phrase: str, named: bool,
             number: str = "person") -> dict[str, object]:
        role = "author_self" if speaker == AUTHOR else self.roles.get(speaker) or ""
        role = role or (self._role_of.get(speaker, "") if named else "")
        if not role:
            role = find_role(phrase, label, named, self.home)
            if named and not role:
                role = self._described_role(speaker, label)
            if named and role:
                self._role_of[speaker] = role
        return {"speaker": speaker, "basis": basis, "role": role, "named": named, "number": number}

    def _described_role(self, speaker: str, label: str) -> str:
        """Return the role that titles and appositions elsewhere give, else a known leader's."""
        if speaker not in self._described:
            roots = self.names.descriptions.get(speaker, ())[:3]
            phrases = itertools.chain(map(_description, roots),
                                      _beside(speaker, self.parsed.text))
            roles = (find_role(phrase, label, True, self.home) for phrase in phrases)
            self._described[speaker] = next(filter(None, roles), "") or _known_role(speaker)
        return self._described[speaker]

    def _pronoun(self, gender: str, start: int) -> dict[str, object]:
        """Resolve he or she: the last speaker, unless another person is a subject since."""
        fits = [(where, name, subject)
                for where, name, subject in self.names.people_before(start)
                if self.gender(name) in ("", gender) and start - where < CARRIES_OVER
                and not self.quoted(where)]
        last = self.last
        if last is not None and last["number"] == "person" and last["named"] \
                and self.gender(last["speaker"]) in ("", gender):
            since = [name for where, name, subject in fits
                     if where > last["start"] and subject and name != last["speaker"]]
            if not since and start - last["end"] < CARRIES_OVER:
                self._genders[last["speaker"]] = gender  # who said "he" of one will not say "she"
                return self._row(last["speaker"], "pronoun", "", "", True)
        sure = [fit for fit in fits if self.gender(fit[1]) == gender] or fits
        nearest = next(iter([fit for fit in sure if fit[2]] + sure), None)
        return self._row(nearest[1], "pronoun", "PERSON", nearest[1], True) if nearest else NOBODY

    def _nominal(self, token: Token, hit: Hit) -> dict[str, object]:
        parsed, doc = self.parsed, token.doc
        phrase = doc[token.left_edge.i:min(token.right_edge.i, token.i + 14) + 1].text
        plural = token.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in token.children)
        entity = _entity(token)
        if token.pos_ != "PROPN" or (entity is not None and entity.label_ != "PERSON"):
            apposed = next((_entity(child) for child in token.children
                            if child.dep_ == "appos" and child.ent_type_ == "PERSON"), None)
            entity = apposed or entity
        head = token if entity is None or entity.start <= token.i < entity.end else entity[-1]
        actor = self.names.actor_at(parsed.start(head))
        if actor:
            label = token.ent_type_ if head is token else "PERSON"
            group = plural or label in ("ORG", "GPE", "NORP")
            return self._row(actor, "named", label, phrase, True, "group" if group else "person")
        if entity is not None:
            name = self.names.of_entity(entity, parsed)
            number = "person" if entity.label_ == "PERSON" and not plural else "group"
            if name:
                return self._row(name, "named", entity.label_, phrase,
                                 entity.label_ != "NORP", number)
        if token.pos_ == "PROPN":
            return self._row(Names.clean(token.text), "named", "", phrase, True)
        start, end = hit.speaker
        if not start <= parsed.start(token) < end:
            start, end = parsed.start(token), parsed.end(token)
        unnamed = re.sub(r"^(?:the|a|an)\s+", "", parsed.text[start:end], flags=re.I)
        return self._row(unnamed, "named", "", phrase, False, "group" if plural else "person")


def _description(root: Token) -> str:
    """Return a name with the titles and appositions beside it."""
    head = root.head if root.dep_ == "appos" else root
    return head.doc[max(head.left_edge.i, head.i - 8):min(head.right_edge.i, head.i + 14) + 1].text


def _beside(name: str, text: str) -> Iterator[str]:
    """Yield what stands beside a name, whatever the parser makes of it.

    Titles before it ("Massachusetts Sen. Elizabeth Warren"), and after it what a comma or a
    bracket opens ("Burman, head of a think tank", "Schiff (D-Calif.)").
    """
    last = re.escape(name.split()[-1]) if name else "$^"
    for match in itertools.islice(re.finditer(rf"\b{last}\b", text), _BESIDE):
        before = text[max(0, match.start() - 80):match.start()]
        titles: list[str] = []
        for word in reversed(re.split(r"\s+", before.rpartition("\n")[2])[1:-1]):
            lower = word.lower()
            if len(titles) == _BESIDE or not (
                    word[:1].isupper() or lower in _role_terms() or lower in _TITLE_WORDS):
                break
            titles.insert(0, word)
        after = _AFTER.match(text, match.end())
        yield " ".join(titles) + (after.group() if after else "")


def _entity(token: Token) -> Span | None:
    """Return the name that a token belongs to, if it is a name that can speak."""
    if token.ent_type_ not in _SPEAKING:
        return None
    return next((entity for entity in token.doc.ents
                 if entity.start <= token.i < entity.end), None)


def _antecedent(token: Token) -> Token | None:
    """Return the noun that who, which or that stands for."""
    for clause in token.ancestors:
        if clause.dep_ == "relcl":
            return clause.head
    return None
