"""Which side of public life a speaker stands on, from evidence beside the name.

Titles, appositions, party tags and demonyms go first, then the country of the article. A word of
somebody's own name is never evidence, and an official of no stated country stays one.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable

from analysis.corpus.language import listed, lookup, straighten
from analysis.instruments.persons import DATELINE, ROLE_KINDS, STATES

_GOVERNMENTS = {"us": "us_government", "russia": "russian_government", "other": "other_government"}
_PARTY = re.compile(r"\((?:D|R|I)(?:[-–][^()]{2,12})?\)|\b[DR]-(?:[A-Z][a-z]+\.|[A-Z]{2}\b)")
_PEOPLE = re.compile(r"^[A-Z][\w-]+(?:ans|eans|ese|ish)$")  # Mexicans, the British
_DATELINE = re.compile(r"(?:^|\n)\s*" + DATELINE.pattern)
# Heads of governments and of clubs: what else the phrase names tells which.
_SHARED = listed("shared office")
_LEADERS = lookup("leaders", "name", "role")  # well-known holders of office by full names
PRIVATE = "private"  # an office of a body that is no government: no role, and none is looked for
_SURE = ("expert", "company", "citizen", "media", "none")
_CHAMBERS = {"sen.", "sens.", "rep.", "reps."}  # titles that other countries give too
_PRIVATE = re.compile(r"(?:\bnon-?|\bnot-for-|-)profit|\bcharit", re.I)  # a non-profit agency
_OFFICES = listed("office of a government")


def known_role(name: str) -> str:
    """Return the role of a leader, a state or a people, by its name alone."""
    if name.lower() in _COUNTRIES:
        return _GOVERNMENTS[_COUNTRIES[name.lower()]]
    if _PEOPLE.search(name):
        return "anonymous_or_collective"
    return _LEADERS.get(re.sub(r" [A-Z]\.", "", name), "")


class _Terms(dict[str, str]):
    """What each term tells; ``opens`` holds the words with which terms, or their plurals, begin."""

    def __init__(self, told: Iterable[tuple[str, str]]) -> None:
        super().__init__(told)
        self.opens = {word for term in self for word in (term.split()[0], term.split()[0] + "s")}

    def find(self, words: list[str]) -> list[tuple[str, str]]:
        """Return the terms, of one to three words, that occur in a phrase, each with its kind."""
        found, place = [], 0
        while place < len(words):
            step = 1
            for length in (3, 2, 1) if words[place] in self.opens else ():
                term = " ".join(words[place:place + length])
                kind = self.get(term) or (self.get(term[:-1]) if term.endswith("s") else None)
                if kind:
                    found.append((term, kind))
                    step = min(length, len(words) - place)
                    break
            place += step
        return found


_KINDS = _Terms(ROLE_KINDS.items())
_COUNTRIES = _Terms(lookup("roles_countries", "term", "country").items())
# The country of the places that datelines name.
_PLACES = {form.lower(): {"United States": "us", "Russia": "russia"}.get(state, "other")
           for form, state in STATES.items()} | _COUNTRIES


@functools.lru_cache(maxsize=256)
def _own(name: str) -> re.Pattern[str]:
    """Return a pattern of the words of a name."""
    words = sorted(re.findall(r"[^\W\d_][\w'’-]*", name), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '(?!)'})\b")


def _words(phrase: str) -> list[str]:
    words = re.findall(r"[\w.&-]+", straighten(phrase).lower().replace("'s", ""))
    return [word if "." in word[:-1] or word in ROLE_KINDS else word.rstrip(".")
            for word in words]  # u.s. and sen. keep their stop


def home_country(text: str) -> str:
    """Return the country (us, russia, other) that officials of an article serve, where it is clear.

    The dateline says it, else the country that the article names oftener than all others.
    """
    dateline = _DATELINE.search(text, 0, 600)
    if dateline:
        place = [_PLACES.get(part.lower().strip(" .")) for part
                 in (dateline["state"] or "", dateline["city"])]
        return next(filter(None, place), "")
    words = _words(text)
    named = Counter(country for _, country in _COUNTRIES.find(words))
    named["us"] += sum(kind == "us" for _, kind in _KINDS.find(words))
    named["us"] += len(re.findall(r"\bUSA?\b", text))
    country, most = named.most_common(1)[0] if named else ("", 0)
    return country if 2 * most > named.total() else ""


def find_role(phrase: str, label: str, named: bool, home: str = "", name: str = "") -> str:
    """Return the role that a speaker's description gives, `PRIVATE`, or an empty string.

    Parameters
    ----------
    phrase : str
        The mention with its titles and appositions.
    label : str
        The entity type of its head, or an empty string.
    home : str
        Country (us, russia, other) of officials whose country is not stated; without it they are
        ``official``, of no stated country.
    name : str
        The speaker's own name: a choreographer called House is no institution.
    """
    if _PARTY.search(phrase):
        return "us_government"
    if label == "PERSON":
        phrase = _own(name).sub(",", phrase)
    # The end of a credit: "( Jo Dean / Toronto Star ) teacher Ann Lowe"
    phrase = re.sub(r"^[^()/]*\(?[^()/]*/[^()]*\)\s*", "", phrase)
    if not re.search(r"\bRepresentatives?\b", phrase):  # "youth representatives" sit nowhere
        phrase = re.sub(r"\brepresentatives?\b", ",", phrase)
    words = _words(phrase)
    terms, countries = _KINDS.find(words), [c for _, c in _COUNTRIES.find(words)]
    kinds = [kind for _, kind in terms]
    body, person = label in ("ORG", "FAC"), label == "PERSON"
    if "body" in kinds and (not person or kinds[0] in ("body", "official")):
        return "international_body"
    if "russia" in kinds:
        return "russian_government"
    for place, (term, kind) in enumerate(terms):
        if kind == "us":  # "Sen. Ann Lowe" sits in Ottawa where the article does
            return "other_government" if home == "other" and term in _CHAMBERS else "us_government"
        if kind == "court":  # Judge Ann Lowe; but "Ann Lowe, no stranger to the court,"
            if person and not re.search("judge|justice|magistrate", term):
                continue
            return "official" if named or term != "court" else ""
        if kind == "official" and not _PRIVATE.search(phrase):
            role = _office(phrase, term, label, kinds[place + 1:])
            country = countries[0] if countries else home if named else ""
            return role if role is not None else _GOVERNMENTS.get(
                country, "official" if named else "anonymous_or_collective")
        if kind == "collective" and label not in ("PERSON", "ORG"):
            return _GOVERNMENTS[countries[0]] if countries else "anonymous_or_collective"
        if kind in _SURE:
            if person and kind == "expert" and _serves(words, term):
                continue  # "a senior analyst with the transport ministry" is an official
            return _plain(kind, body)
    if countries and (label == "GPE" or _COUNTRIES.get(" ".join(words).removeprefix("the "))):
        return _GOVERNMENTS[countries[0]]
    return "" if named else "anonymous_or_collective"


def _office(phrase: str, term: str, label: str, after: list[str]) -> str | None:
    """The role of an office that is no government's, "president of Peace With Norway", or None."""
    body = label in ("ORG", "FAC")
    others = [other for other in after if other in _SURE]
    if (term in _SHARED or body) and others:
        return _plain(others[0], body)
    return PRIVATE if term in _SHARED and label == "PERSON" and _of_a_body(phrase, term) else None


def _of_a_body(phrase: str, term: str) -> bool:
    """Whether a title is of a body that is no government: "president of Peace With Norway".

    Not "president of Norway", whose name alone is a country's, nor "president of the Senate".
    """
    found = re.search(rf"(?i:\b{re.escape(term)})s?\b[^.]{{0,30}}? (?:of|for|at|with) (?:the )?"
                      r"((?:[A-Z][\w'’-]*(?: (?:and |of |with |for |the )?(?=[A-Z]))?){2,6})",
                      phrase)
    if found is None:
        return False
    words = _words(found[1])
    return " ".join(words) not in _COUNTRIES and not any(
        kind in ("official", "us", "russia", "court", "body") for _, kind in _KINDS.find(words))


def _serves(words: list[str], term: str) -> bool:
    """Whether an expert's title is of a government's office: "an analyst with the ministry"."""
    rest = " ".join(words).partition(term)[2]
    found = re.match(r"s? (?:with|at|for|of) (?:the )?((?:\S+ ?){1,4})", rest)
    return found is not None and any(kind in ("official", "us", "russia") and term in _OFFICES
                                     for term, kind in _KINDS.find(found[1].split()))


def _plain(kind: str, body: bool) -> str:
    """Return the role of a kind outside government; a body is nobody's citizen."""
    if kind == "media":
        return "journalist_or_media"
    return "" if kind == "none" or (kind == "citizen" and body) else kind
