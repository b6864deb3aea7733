"""The persons and bodies of one article: whom its names, descriptions and pronouns mean.

A person is known by the full name, and answers to the family name, to a given name that nobody
else bears, and to the title that stands beside the name; a body answers to its acronym and to what
it is called beside its name. Where two could be meant, nobody is.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, listed, lookup, told
from analysis.instruments.quotations import Stretches

if TYPE_CHECKING:
    from analysis.corpus.tokens import Doc, Span, Token

_SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW")
_HONORIFIC = re.compile(
    r"^(?:(?:the|a|an|mr|mrs|ms|miss|dr|sen|rep|gov|gen|lt|col|sgt|const|insp|supt|rev|prof|sir|"
    r"dame|lord|lady|president|secretary|senator|minister|mayor|premier|governor|professor|"
    r"commissioner|judge|justice|coach|captain|chief|detective|officer|police|prime|king|queen|"
    r"prince|princess|pope)\b\.?\s+)+", re.I)
_PARTICLE = r"(?:de|da|del|der|di|du|la|le|van|von|bin|ben|al|el|dos|ter)"
_CAPITAL = r"[^\W\d_a-z][\w.'’-]*"
_FULL = re.compile(rf"{_CAPITAL}(?: (?:{_PARTICLE} )*{_CAPITAL}){{1,3}}")
_SUFFIX = re.compile(r",? (?:Jr|Sr|II|III|IV)\.?$")
# the National University of Mexico (UNAM)
_ACRONYM = re.compile(rf"(?P<name>{_CAPITAL}"
                      rf"(?:,? (?:of|and|for|the|on|in|de|du|des|et|&|{_CAPITAL}))*)"
                      r" \((?P<short>[A-Z][A-Za-z&.]{1,9})\)")
# OTTAWA — ; NAIROBI (AP) — ; RENO, Nev. (AP) — ; KARSUND, June 2 (Norwire) -
DATELINE = re.compile(
    r"(?P<city>[A-Z][A-Z.'’-]{2,}(?: [A-Z.'’-]{2,})*)(?:[ ,]+(?P<state>[A-Z][\w.'’]*"
    r"(?: [A-Z][\w.'’]*)*))?(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?(?:,? ?\([^()\n]{2,30}\))?"
    r"\s?(?:--?|–|—)\s+(?=[\"'“‘«A-Z\d])")
_RUN = re.compile(rf"{_CAPITAL}(?:,? (?:(?:of|and|for|the) )*{_CAPITAL})+")
_SAID = re.compile(r"\b(?:sa(?:id|ys?)|t(?:old|ells?))\b")
_HONOURED = re.compile(r"\b(Mr|Ms|Mrs|Miss|Sir|Lady|Dame)\b\.? (?=([\w'’-]*\w)(?: ([\w'’-]*\w))?)")
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|hers?|herself)\b", re.I)
_SMALL = listed("small word of a name")
_FADES = 0.5  # salience halves with each sentence (Lappin & Leass 1994)
_AGAIN = 0.2  # what naming somebody again adds
_FORGOTTEN = 0.04  # what is left after some five sentences
_WEIGHTS = {"nsubj": 1.8, "nsubjpass": 1.7, "appos": 1.3, "dobj": 1.1, "poss": 0.7, "compound": 0.2}
_OTHER_WEIGHT, _SPEAKS, _REPORTED, _KNOWN = 0.9, 1.2, 0.25, 1.3
HE = told("he or she")
GIVEN_NAMES = lookup("first_names", "name", "gender")  # he, she, or nothing where both bear it
STATES = {form: row.state for row in lexicon("states").itertuples()
          for form in filter(None, [row.state, *row.names.split("|"), row.capital])}
ROLE_KINDS = lookup("roles", "term", "kind")  # the kind of speaker that a term points to
_TIMED, _UNDER = listed("time of an office"), listed("rank under an office")
CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|"
    r"September|October|November|December|Christmas|Easter")
_KIN = listed("kin")
_TOLD = told("gender of a noun")  # beside a name: "her father Khaled"
_BODIES = told("body")  # what a body may be called after its name, any of them or one of its sort


class Mention(NamedTuple):
    """One place where a person or body is named."""

    start: int
    end: int
    name: str
    token: Token  # the name's last word


class Title(NamedTuple):
    """What somebody is called beside the name: head noun, words that tell it apart, where."""

    name: str
    words: frozenset[str]
    start: int


def clean(name: str) -> str:
    """Return a name without titles before it, marks around it and a possessive after it."""
    name = re.sub(r"['’]s?$", "", name.strip(" ,.;:-—–\"'“”‘’()\n"))
    return _HONORIFIC.sub("", name)


def _folded(name: str) -> str:
    return name.title() if name.isupper() else name


def initials(name: str) -> set[str]:
    """Return the acronyms that a name may have, with and without its small words."""
    words = re.findall(r"[\w&]+", name)
    return {"".join(word[0] for word in words).upper(),
            "".join(word[0] for word in words if word.lower() not in _SMALL).upper()}


def entity_of(token: Token) -> Span | None:
    """Return the name that a token belongs to, if it is a name that can speak."""
    return token.entity if token.ent_type_ in _SPEAKING else None


class Cast:
    """Who appears in an article."""

    def __init__(self, parsed: Parsed, mentions: pd.DataFrame, quoted) -> None:
        self.parsed, self.text, self.quoted = parsed, parsed.text, quoted
        rows = mentions.sort_values(["start", "end"])
        self._starts = rows["start"].tolist()
        self._actors = list(zip(rows["start"], rows["end"], rows["actor"], strict=True))
        self.docs = [(place, doc) for place, (doc, role)
                     in enumerate(zip(parsed.docs, parsed.roles, strict=True))
                     if role != "furniture"]
        self._ents = [entity for _, doc in self.docs for entity in doc.ents]
        self._full: dict[str, list[str]] = defaultdict(list)  # by family name, in order
        self._given: dict[str, set[str]] = defaultdict(set)
        self._body: dict[str, str] = {}  # the full name of an acronym or a short form
        self._actor_of: dict[str, str] = {}
        self._genders: dict[str, str] = {}
        self.titles: dict[str, list[Title]] = defaultdict(list)
        self.beside: dict[str, list[str]] = defaultdict(list)  # phrases beside a name
        self.called: dict[str, set[str]] = defaultdict(set)  # the nouns in them
        self._learn_persons()
        self._learn_bodies()
        self.mentions = list(self._find_mentions())
        self._mention_starts = [mention.start for mention in self.mentions]
        self._learn_titles()
        self._learn_genders()

    # ---- names ---------------------------------------------------------------------------------

    def _learn_persons(self) -> None:
        alone: dict[str, None] = {}
        for entity in self._ents:
            if entity.label_ != "PERSON":
                continue
            text = entity.doc.text
            joined = re.match(r"-[^\W\d_a-z][\w’']+", text[entity.end_char:entity.end_char + 20])
            name = _SUFFIX.sub("", clean(entity.text + (joined.group() if joined else "")))
            while name.count(" ") > 1 and name.split()[0].lower() in ROLE_KINDS:
                name = name.partition(" ")[2]  # Golfer Ann Lowe
            if _FULL.fullmatch(name):
                self._learn_name(name)
            elif re.fullmatch(r"[^\W\d_a-z][\w'’-]+", name) and not CALENDAR.fullmatch(name):
                alone[name.title() if name.isupper() and len(name) > 3 else name] = None
        for _, doc in self.docs:  # "Jo Dean" is a person whatever the parser says
            for match in _FULL.finditer(doc.text):
                words = _folded(clean(match.group())).split()
                if len(words) == 2 and words[0].lower() in GIVEN_NAMES \
                        and words[1] not in self._full and words[1] not in alone:
                    self._learn_name(" ".join(words))
            for token in doc if _SAID.search(doc.text) else ():
                if token.lower_ in GIVEN_NAMES and token.dep_ == "nsubj" \
                        and token.head.lemma_ in ("say", "tell") and token.pos_ == "PROPN":
                    alone[token.text] = None
        for last, names in self._full.items():  # Hannah Ann Lee and Hannah Lee are one
            parts = {name: set(name.lower().split()) for name in names}
            fullest = [name for name in names
                       if not any(parts[name] < parts[other] for other in names)]
            given = [name for name in fullest if name.split()[0].lower() in GIVEN_NAMES]
            self._full[last] = fullest if len(fullest) - len(given) != 1 else given or fullest
        for name in alone:
            if name not in self._full and name not in self._given:
                self._full[name].append(name)

    def _learn_name(self, name: str) -> None:
        name = _folded(name)
        given, *_, last = name.split()
        if name not in self._full[last]:
            self._full[last].append(name)
        self._given[given].add(last)

    def _learn_bodies(self) -> None:
        for match in _ACRONYM.finditer(self.text):
            words = match["name"].split()
            for first in range(len(words)):
                name = " ".join(words[first:])
                if match["short"].replace(".", "").upper() in initials(name) and " " in name:
                    self._body[match["short"]] = re.sub(r"^[Tt]he ", "", name)
                    break
        labels = {re.sub(r"^[Tt]he ", "", clean(entity.text)): entity.label_
                  for entity in self._ents if entity.label_ in ("ORG", "GPE", "FAC")}
        long = [name for name in labels if " " in name]
        for name, label in labels.items():
            if re.fullmatch(r"[A-Z]{3,6}", name) and name not in self._body:
                fits = [other for other in long if name in initials(other)] or \
                    [run for run in self._runs if name in initials(run)][:1]
            else:  # Acme for Acme Bridges, but no town for its police
                fits = [other for other in long if other.startswith(name + " ")
                        and re.match(r"[A-Z]", other[len(name) + 1:])
                        and labels[other] == label == "ORG"]
            if " " not in name and len(fits) == 1 and len(name) > 2:
                self._body.setdefault(name, fits[0])

    @functools.cached_property
    def _runs(self) -> list[str]:
        """Return runs of capitalised words, with each shorter one that ends where they end."""
        found = []
        for match in _RUN.finditer(self.text):
            words = match.group().split()
            found += [" ".join(words[first:]) for first in range(len(words) - 1)]
        return found

    def actor_at(self, offset: int) -> str:
        """Return the actor whose mention holds the offset, or an empty string."""
        row = bisect.bisect_right(self._starts, offset) - 1
        for start, end, actor in self._actors[max(0, row - 2):row + 1][::-1]:
            if start <= offset < end:
                return actor
        return ""

    def _find_mentions(self) -> Iterator[Mention]:
        """Yield where persons are named, however the parser reads the name there."""
        known = {form for last, names in self._full.items() for form in (last, *names)}
        known |= {given for given, lasts in self._given.items()
                  if given.lower() in GIVEN_NAMES or len(lasts) == 1}
        known |= {form.upper() for form in known if len(form) > 3}
        longest = sorted(known, key=lambda form: (-len(form), form))
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")
        recent: dict[str, tuple[str, int]] = {}  # who last bore a family name, in which paragraph
        for place, doc in self.docs if known else ():
            base = doc.user_data["start"]
            for match in pattern.finditer(doc.text):
                token = doc[bisect.bisect_right(doc.start, match.end() - 1) - 1]
                if not _is_person(doc, token, match):
                    continue
                name = self._bearer(match.group(), doc, match.start(), recent, place)
                start = base + match.start()
                actor = self.actor_at(base + token.idx) or self._actor_of.get(name, "")
                if actor and name:
                    self._actor_of[name] = actor
                yield Mention(start, base + match.end(), actor or name, token)

    def _bearer(self, form: str, doc: Doc, at: int, recent: dict, place: int) -> str:
        """Return whose name it is: of several of one family name, whom the text last named."""
        if form.isupper() and len(form) > 3:
            form = form.title()
        words = form.split()
        last = words[-1]
        if len(words) > 1:
            found = [name for name in self._full.get(last, ())
                     if set(words) <= set(name.split())]
            name = found[0] if found else form
            recent[last] = (name, place)
            return name
        if last not in self._full:  # a given name
            lasts = self._given[last]
            names = [name for family in lasts for name in self._full[family]
                     if name.split()[0] == last]
            return names[0] if len(names) == 1 else ""
        names = self._full[last]
        if len(names) > 1:
            titled = re.search(r"\b(Mr|Ms|Mrs|Miss|Sir|Lady)\.? $",
                               doc.text[max(0, at - 6):at])
            if titled:
                gender = "he" if titled[1] in ("Mr", "Sir") else "she"
                known = {n: GIVEN_NAMES.get(n.split()[0].lower(), "") for n in names}
                names = [n for n in names if known[n] == gender] or \
                    [n for n in names if not known[n]]
        if len(names) < 2:  # of Ann and Sarah Mack neither is "Mr. Mack"
            return names[0] if names else ""
        name, where = recent.get(last, ("", -9))
        if place - where <= 3:
            return name
        often = Counter({name: self.text.count(name) for name in names}).most_common(2)
        return often[0][0] if often[0][1] > 2 * often[1][1] else ""

    def mention_at(self, offset: int) -> Mention | None:
        """Return the person whose name holds the offset."""
        row = bisect.bisect_right(self._mention_starts, offset) - 1
        if row >= 0 and offset < self.mentions[row].end:
            return self.mentions[row]
        return None

    def next_mention(self, offset: int, step: int = 0) -> Mention | None:
        """Return the first person named from an offset on, or the last before it (step -1)."""
        row = bisect.bisect_left(self._mention_starts, offset) + step
        return self.mentions[row] if 0 <= row < len(self.mentions) else None

    def labelled(self, label: str) -> str:
        """Return whom a transcript's label means: ANNA BERG and AB are Anna Berg, Q is Q."""
        words = clean(label).split()
        last = words[-1].title() if words and label.isupper() else words[-1] if words else ""
        names = [name for name in self._full.get(last, ())
                 if all(word.title() in name.title().split() for word in words)]
        if not names and label.isupper() and 1 < len(label) < 4:
            names = [name for found in self._full.values() for name in found
                     if " " in name and "".join(word[0] for word in name.split()) == label]
        if len(names) == 1:
            return self._actor_of.get(names[0], names[0])
        person = label.isupper() and words and words[0].lower() in GIVEN_NAMES
        return label.title() if person else label

    def body(self, name: str) -> str:
        """Return the full name of a body by one of its forms."""
        name = re.sub(r"^[Tt]he ", "", clean(name))
        return self._body.get(name, name)

    # ---- titles and gender ---------------------------------------------------------------------

    def _learn_titles(self) -> None:
        """Learn what persons and bodies are called: "the mayor, Tom Reed", "Acme, a bank"."""
        for mention in self.mentions:
            if mention.name:
                for head, phrase in _beside(mention):
                    self._learn(head, phrase, mention.name, mention.start)
        for entity in self._ents:
            if entity.label_ in ("ORG", "GPE") and entity.root.dep_ in (
                    "appos", "nsubj", "pobj", "dobj", "compound"):
                self._learn_body(entity)

    def _learn(self, head: Token, phrase: str, name: str, start: int) -> None:
        words = frozenset(_qualifiers(head))
        title = Title(name, words, start)
        if title not in self.titles[head.lemma_.lower()]:
            self.titles[head.lemma_.lower()].append(title)
        self.called[name].add(head.lemma_.lower())
        if phrase not in self.beside[name]:
            self.beside[name].append(phrase)

    def _learn_body(self, entity: Span) -> None:
        """Learn "the security firm Cisco Talos" and "Acme, a maker of bridges"."""
        name = self.body(entity.text)
        before = entity.doc[entity.start - 1] if entity.start else None
        if before is not None and before.pos_ == "NOUN" and before.lemma_.lower() in _BODIES:
            self._learn(before, before.text, name, self.parsed.start(entity))
        for child in entity.root.children:
            if child.dep_ == "appos" and child.pos_ == "NOUN":
                self._learn(child, child.text, name, self.parsed.start(entity))
        last = entity[-1].lower_
        if last in _BODIES or entity[0].lower_ in _BODIES:
            noun = entity[-1] if last in _BODIES else entity[0]
            self.titles[noun.lower_].append(Title(name, frozenset(), self.parsed.start(entity)))

    def _learn_genders(self) -> None:
        """Learn from the pronouns of sentences that name one alone: "Pat Reed took her coat"."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        named: dict[int, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            row = bisect.bisect_right(self.parsed.starts, mention.start) - 1
            named[row].append(mention)
        for row, mentions in named.items():
            names = {mention.name for mention in mentions}
            if len(names) == 1 and row >= 0:
                first = mentions[0]
                sentence = self.parsed.spans[row]
                found = [token for token in sentence if token.lower_ in HE] \
                    if _PRONOUN.search(sentence.text) else []
                genders = {HE[token.lower_] for token in found}
                if len(genders) == 1 and self.parsed.start(found[0]) > first.start \
                        and first.token.dep_ in ("nsubj", "nsubjpass"):
                    votes[names.pop()][genders.pop()] += 1
        for name, counts in votes.items():
            (gender, most), *rest = counts.most_common()
            if most > 1 + 2 * sum(count for _, count in rest) and not self.gender(name):
                self._genders[name] = gender

    def gender(self, name: str) -> str:
        """Return he, she, or an empty string where nothing tells."""
        if name not in self._genders:
            told = {_TOLD[word] for word in self.called.get(name, ()) if word in _TOLD}
            self._genders[name] = told.pop() if len(told) == 1 else self._named_gender(name)
        return self._genders[name]

    def _named_gender(self, name: str) -> str:
        """Return he or she where a given name or an honorific tells: *Anna Berg*, *Mr Berg*."""
        first, _, last = name.partition(" ")
        known = GIVEN_NAMES.get(first.lower(), "")
        if known and (last or not re.search(rf"[A-Z]\w+ {re.escape(name)}\b", self.text)):
            return known
        last = name.split()[-1] if name else ""
        for title, *words in self._honoured:
            if last in words:
                return "he" if title in ("Mr", "Sir") else "she"
        return ""

    @functools.cached_property
    def _honoured(self) -> list[tuple[str, str, str]]:
        """Return each honorific with the two words after it: Mr, Tom, Reed."""
        return _HONOURED.findall(self.text)

    # ---- descriptions --------------------------------------------------------------------------

    def described(self, token: Token, offset: int) -> str:
        """Return whom a definite description means, or an empty string.

        "Doug Mack was elected mayor. The mayor said": the one who bears the title. "Acme shut the
        bridge. The company said": the last body that is not called something else.
        """
        if token.tag_ == "NNS" or token.lemma_ in _KIN or not _is_definite(token):
            return ""
        lemma, words = token.lemma_.lower(), _qualifiers(token)
        fits = [title for title in self.titles.get(lemma, ())
                if not (title.words & _UNDER) - words
                and (not (words - _TIMED) or not title.words or (words - _TIMED) <= title.words
                     or not (title.words - _TIMED - words))]
        exact = [title for title in fits if words - _TIMED and (words - _TIMED) <= title.words]
        before = [title for title in exact or fits if title.start < offset]
        names = {title.name for title in before or fits}
        if len(names) > 1:
            names = {title.name for title in fits if 0 < offset - title.start < 400}
        if len(names) == 1:
            return names.pop()
        if lemma in _BODIES and not names and not (words - _TIMED):
            return self._last_body(lemma, offset)
        return ""

    def _last_body(self, noun: str, offset: int) -> str:
        """Return the body named last, where it is no other sort of body and near enough."""
        near = [name for start, name in self._body_places if offset - 700 <= start < offset]
        for name in reversed(near[-6:]):
            other = {word.lower() for word in name.split()} & _BODIES.keys()
            any_body = _BODIES[noun] == "any" or name in self._body.values()
            if noun in other or (not other and any_body):
                return name
        return ""

    @functools.cached_property
    def _body_places(self) -> list[tuple[int, str]]:
        return sorted((self.parsed.start(entity), self.body(entity.text)) for entity in self._ents
                      if entity.label_ == "ORG"
                      and entity.root.dep_ in ("nsubj", "nsubjpass", "poss")
                      and not self.quoted(self.parsed.start(entity))
                      and self.mention_at(self.parsed.start(entity[-1])) is None)

    # ---- pronouns ------------------------------------------------------------------------------

    def resolve(self, speaking: Iterable[tuple[int, str]],
                reported: list[tuple[int, int]]) -> dict[int, tuple[str, float]]:
        """Return whom each *he* and *she* outside quotation marks means, and how surely.

        Every mention of a person gives salience, a subject more than an object, a speaker more
        than who is spoken of, and reported words little; it halves with each sentence of the
        author's. The most salient of that gender is meant (after Lappin & Leass 1994): "Anna Berg
        met Eve Hall in May. She was late." means Anna Berg.

        Parameters
        ----------
        speaking : iterable of (int, str)
            Where speakers stand, and the description of those without a name.
        reported : list of (int, int)
            Stretches of reported words.
        """
        speakers = dict(speaking)
        events = [(mention.start, mention.name, mention.token) for mention in self.mentions
                  if mention.name]
        events += [(start, name, None) for start, name in speakers.items() if name]
        pronouns = [(self.parsed.start(token), "", token) for _, doc in self.docs
                    if _PRONOUN.search(doc.text) for token in doc if token.lower_ in HE]
        inside = Stretches(reported)
        weights: dict[str, float] = {}
        found: dict[int, tuple[str, float]] = {}
        starts = self.parsed.starts
        sentence = -1
        for start, name, token in sorted(events + pronouns, key=lambda event: event[:2]):
            if self.quoted(start):
                continue
            row = bisect.bisect_right(starts, start) - 1
            if row != sentence:
                steps = sum(not self.quoted(starts[j] + 1) for j in range(sentence + 1, row + 1))
                weights = {who: weight * _FADES ** steps for who, weight in weights.items()
                           if weight * _FADES ** steps > _FORGOTTEN}
                sentence = row
            if not name:
                name, sure = self._most_salient(weights, HE[token.lower_])
                found[start] = name, sure
                if not name:
                    continue
                if token.lower_ in ("he", "she") and start in speakers:
                    self._genders[name] = self._genders.get(name) or HE[token.lower_]
            place = _place_of(token).dep_ if token is not None else "nsubj"
            weight = _WEIGHTS.get(place, _OTHER_WEIGHT)
            weight += _SPEAKS * (start in speakers)
            weight *= _REPORTED if inside.hold(start) and start not in speakers else 1
            weights[name] = max(weights.get(name, 0.0) + weight * _AGAIN, weight)
        return found

    def _most_salient(self, weights: dict[str, float], gender: str) -> tuple[str, float]:
        fits = sorted(((weight * (_KNOWN if self.gender(name) else 1), name)
                       for name, weight in weights.items()
                       if self.gender(name) in ("", gender)), reverse=True)
        if not fits:
            return "", 0.0
        return fits[0][1], fits[0][0] / sum(weight for weight, _ in fits[:2])


def _place_of(token: Token) -> Token:
    """Return the word whose place in the sentence a name has: of "his wife, Lucie," the wife."""
    return token.head if token.dep_ in ("appos", "compound") and token.head.i != token.i else token


def _is_person(doc: Doc, token: Token, match: re.Match) -> bool:
    """Whether a known name is the person here, not a month, a street, or part of a body's name."""
    if token.pos_ not in ("PROPN", "NOUN", "ADJ", "X") and token.ent_type_ != "PERSON":
        return False
    if token.ent_type_ in ("DATE", "TIME", "CARDINAL"):
        return False
    entity = entity_of(token)
    if entity is not None and entity.label_ != "PERSON":
        whole = entity.text.removeprefix("the ").removesuffix("'s")
        if len(whole) > len(match.group()) and not match.group().endswith(whole):
            return False
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    joined = after is not None and token.whitespace_ and after.pos_ == "PROPN" \
        and after.text[:1].isupper() and after.ent_type_ == token.ent_type_ != ""
    return not joined or after.lower_.rstrip(".") in ("jr", "sr", "ii", "iii")


def _qualifiers(head: Token) -> set[str]:
    """Return what tells an office from others: "the Ottawa transport minister" is no other's."""
    words = {child.lower_ for child in head.children
             if child.dep_ in ("compound", "amod", "nmod", "poss") and child.i < head.i}
    words |= {token.lower_ for token in head.subtree
              if token.pos_ == "PROPN" and abs(token.i - head.i) <= 8 and token.i < head.i}
    return words - {"the", "his", "her", "their", "its", "'s"}


def _is_definite(token: Token) -> bool:
    """Whether it points back: *the mayor*, *this group*, *WHL commissioner*, *Canada's envoy*."""
    for child in token.children:
        if child.i > token.i:
            if child.dep_ in ("relcl", "acl"):
                return False
        elif child.dep_ == "det":
            return child.lower_ in ("the", "this", "that")
        elif child.dep_ == "poss":
            return child.pos_ == "PROPN"
        elif child.dep_ == "nummod":
            return False
    return any(child.pos_ == "PROPN" and child.dep_ == "compound" for child in token.children)


def _beside(mention: Mention) -> Iterator[tuple[Token, str]]:
    """Yield the nouns that describe a person beside the name, each with its phrase.

    Before it ("WHL commissioner Ron Robison"), in apposition either way ("the mayor, Tom Reed",
    "Lonechild, president of a council"), and after *be*, *become*, *elect* ("was elected mayor").
    """
    first = last = mention.token
    doc, base = last.doc, last.doc.user_data["start"]
    while first.i and base + first.idx > mention.start:
        first = doc[first.i - 1]
    words: list[Token] = []
    for token in reversed(doc[max(0, first.i - 8):first.i]):
        name = token.pos_ in ("NOUN", "PROPN", "ADJ") or token.lower_ in ("'s", "of", "and", "-")
        if not name or "\n" in token.text:
            break
        words.insert(0, token)
    nouns = [token for token in words if token.pos_ in ("NOUN", "PROPN")
             and (token.i == first.i - 1 or token.lower_ in ROLE_KINDS)]
    if nouns and nouns[-1].i >= first.i - 2:
        yield nouns[-1], " ".join(token.text for token in words)
    root = last
    while root.dep_ in ("compound", "flat") and root.head.i != root.i and root.head.i > root.i \
            and base + root.head.idx < mention.end:
        root = root.head
    if root.dep_ == "appos" and root.head.pos_ == "NOUN":
        yield root.head, _phrase(root.head)
    for child in root.children:
        if child.dep_ == "appos" and child.pos_ == "NOUN":
            yield child, _phrase(child)
        elif child.dep_ == "relcl":
            yield from _copular(child)
    if root.dep_ in ("nsubj", "nsubjpass"):
        yield from _copular(root.head)


def _copular(verb: Token) -> Iterator[tuple[Token, str]]:
    """Yield what somebody is said to be: "Mack was elected mayor", "served as mayor"."""
    if verb.lemma_ in ("be", "become", "elect", "appoint", "name", "remain", "serve"):
        for child in verb.children:
            noun = next(iter(child.children), None) if child.lower_ == "as" else child
            if noun is not None and noun.pos_ == "NOUN" and \
                    noun.dep_ in ("attr", "oprd", "pobj", "dobj"):
                yield noun, _phrase(noun)


def _phrase(head: Token) -> str:
    low, high = max(head.left_edge.i, head.i - 8), min(head.right_edge.i, head.i + 14)
    return head.doc[low:high + 1].text
