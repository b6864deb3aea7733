"""Mentions of actors in a parsed article, and the actors of a corpus that names none.

A mention is found by the names in ``actors.csv``: whole words, case as written, the longest name
first. Beyond names, only what a rule gets right nine times in ten is resolved; the rest is left.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, listed, straighten
from analysis.corpus.tokens import children
from analysis.definitions import AUTHOR, COLUMNS
from analysis.instruments.persons import CALENDAR, DATELINE, GIVEN_NAMES, HE, ROLE_KINDS, STATES

if TYPE_CHECKING:
    from analysis.corpus.tokens import Doc, Span, Token

_GOVERNMENTS = {"administration", "government", "cabinet", "presidency", "campaign", "team"}
_ONCE = {"former", "late", "outgoing", "incoming"}  # who bears a title with one is not its holder
_HONORIFICS = {"mr", "mrs", "ms", "dr", "sir", "lady", "lord", "prof", "gen", "sen", "rep", "gov"}
_CALENDAR = re.compile(CALENDAR.pattern + "|May")
_NAMELESS = listed("person without a name")
_PLACE = re.compile(r"(\w+)|[^\w\s]")
_JOINED, _GOES_ON = re.compile(r"\w-|.?\w", re.S), re.compile(r"-?\w")
Found = tuple[int, int, str, str]  # start and end in the paragraph, actor, basis


class _Known:
    """The actors of a corpus, ready to be looked for."""

    def __init__(self, names: tuple[str, ...], aliases: tuple[str, ...],
                 kinds: tuple[str, ...], notes: tuple[str, ...]) -> None:
        self.actor_of: dict[str, str] = {}
        self.kind = dict(zip(names, kinds, strict=True))
        inferred = {name for name, note in zip(names, notes, strict=True) if note == "inferred"}
        for actor, others in zip(names, aliases, strict=True):
            for name in [actor, *others.split("|")] if actor != AUTHOR else ():
                if name:
                    self.actor_of.setdefault(straighten(name), actor)
        # An inferred actor's family name that may be a given name: Kim, of Erin Kim.
        self.given = {name: actor for name, actor in self.actor_of.items() if actor in inferred
                      and name != actor and name.lower() in GIVEN_NAMES}
        # By their first word, so that of thousands of names only those that a text can hold are
        # looked for in it.
        self.by_word: dict[str, list[str]] = {}
        for name in sorted(self.actor_of, key=lambda name: (-len(name), name)):
            word = re.match(r"\w+", name)
            self.by_word.setdefault(word.group() if word else "", []).append(name)
        self.persons = [actor for actor in self.kind if self.is_person(actor)]
        peoples = {}
        for row in lexicon("states").itertuples():
            for name in filter(None, [row.state, *row.names.split("|")]):
                if name in self.actor_of:
                    peoples[row.people] = self.actor_of[name]
        self.people_of = {people: actor for people, actor in peoples.items() if people}
        words = "|".join(sorted(self.people_of))
        self.peoples = re.compile(rf"\b[Tt]he ({words})\b(?!-)") if words else None

    def names_in(self, text: str, barred: Container[str] = ()) -> Iterable[tuple[int, int, str]]:
        """Find names: whole words and no part of a hyphened one, the longest first."""
        after = 0
        for match in _PLACE.finditer(text):
            start, names = match.start(), self.by_word.get(match[1] or "", ())
            if not names or start < after or _JOINED.fullmatch(text, max(0, start - 2), start):
                continue
            for name in names:
                end = start + len(name)
                if text.startswith(name, start) and name not in barred \
                        and not _GOES_ON.match(text, end):
                    yield start, end, name
                    after = end
                    break

    def is_person(self, actor: str, span: Span | None = None) -> bool:
        """Whether the actor is a person; where the table is silent, what the parser says."""
        silent = span is None or span.root.ent_type_ == "PERSON"
        return self.kind.get(actor) == "person" or (self.kind.get(actor) == "" and silent)


_known = functools.lru_cache(maxsize=2)(_Known)


_TITLES = listed("title") | {term for term, kind in ROLE_KINDS.items()
                             if kind in ("official", "expert")}
_PEOPLES = {*lexicon("states")["people"]}


def _is_name(token: Token) -> bool:
    capital = token.is_alpha and token.text[0].isupper() and token.pos_ == "PROPN"
    return capital and not _CALENDAR.fullmatch(token.text)


def _is_headline(span: Span) -> bool:
    """Whether most long words have a capital, so that capitals tell nothing."""
    long = [token for token in span.sent if token.is_alpha and len(token) > 3]
    return len(long) > 4 and sum(token.text[0].isupper() for token in long) > 0.6 * len(long)


def _part_of_longer_name(span: Span, actor: str, person: bool) -> bool:
    """Whether the name belongs to something else: "Trump Tower", "Ann Trump" of Donald Trump."""
    if _is_headline(span):
        return False
    doc, own = span.doc, actor.split()
    after = doc[span.end] if span.end < len(doc) and span[-1].whitespace_ else None
    body = after is not None and (_is_name(after) or (person and after.lower_ in _GOVERNMENTS))
    if body and span.root.dep_ == "compound" and span.root.head.i > span.root.i:
        return True
    before = doc[span.start - 1] if span.start else None
    if len(span) > 1 or before is None or not before.whitespace_:
        return False
    if not person:
        return _part_of_a_body(span, before)
    named = before.ent_type_ == "PERSON" or before.lower_ in GIVEN_NAMES
    titled = before.lower_ in _TITLES or before.lower_ in _HONORIFICS
    return _is_name(before) and named and not titled and before.text not in own


def _part_of_a_body(span: Span, before: Token) -> bool:
    """Whether a place is part of another name: Latin America, Statistics Canada."""
    if before.lower_ == "of":  # inside the name of a body, the parser counts it in
        return before.ent_type_ in ("ORG", "FAC", "EVENT", "LAW", "WORK_OF_ART")
    joined = before.dep_ == "compound" and before.head == span.root
    named = before.ent_type_ != "" or before.lower_ in GIVEN_NAMES
    named |= span.root.dep_ != "compound"  # but "New Germany coach" names no New Germany
    return joined and named and _is_name(before) and before.lower_ not in _TITLES


def _find_names(doc: Doc, known: _Known, barred: Container[str]) -> list[Found]:
    found: list[Found] = []
    for start, end, name in known.names_in(doc.text, barred):
        actor = known.actor_of[name]
        span = doc.char_span(start, end, alignment_mode="expand")
        if not _part_of_longer_name(span, actor, known.is_person(actor, span)):
            found.append((start, end, actor, "alias"))
    for match in known.peoples.finditer(doc.text) if known.peoples else ():
        span = doc.char_span(*match.span(1), alignment_mode="expand")
        # "the Russians said", but not "the Russians who stayed" or "the Russian tankers"
        stands_alone = span.root.pos_ in ("NOUN", "PROPN", "ADJ") and span.root.dep_ not in (
            "compound", "amod", "nmod", "appos")
        qualified = any(child.dep_ in ("relcl", "acl", "amod", "nummod", "prep")
                        for child in span.root.children)
        of = span.root.head if span.root.head.lower_ == "of" else None
        qualified |= of is not None and of.head.pos_ in ("NUM", "DET", "PRON")  # "three of the"
        if stands_alone and not qualified:
            found.append((*match.span(1), known.people_of[match.group(1)], "demonym"))
    taken: set[int] = set()
    kept = []
    for row in found:  # names come first: a people inside a name is the name's
        if not taken.intersection(range(row[0], row[1])):
            taken.update(range(row[0], row[1]))
            kept.append(row)
    return sorted(kept)


def _title_of(span: Span) -> str:
    """The office beside a name: "foreign minister" for "the foreign minister, Ann Lee"."""
    near = [*span, span.doc[span.start - 1]] if span.start else list(span)
    for word in near:  # some aliases hold the office: "President Lee"
        if word.lower_ in _TITLES:
            return _office(word)
    root = span.root
    beside = [root.head] if root.dep_ == "appos" else []
    beside += [child for child in root.children if child.dep_ == "appos"]
    return next((_office(word) for word in beside if word.lower_ in _TITLES), "")


def _office(word: Token) -> str:
    """The office with the words that tell it from others: "former French foreign minister"."""
    first = word
    if word.i and word.nbor(-1).lower_ in ("prime", "foreign", "vice", "finance", "defense"):
        first = word.nbor(-1)
    if first.i and {first.nbor(-1).text, f"{first.nbor(-1).text}s"} & _PEOPLES:
        first = first.nbor(-1)
    if first.i and first.nbor(-1).lower_ in _ONCE:
        first = first.nbor(-1)
    return " ".join(token.lower_ for token in word.doc[first.i : word.i + 1])


def _one_person(names: set[str]) -> bool:
    """Whether names are forms of one: "Donald J. Trump", "Donald Trump", "Trump"."""
    words = [name.split() for name in names]
    first = {name[0] for name in words if len(name) > 1}
    return len({name[-1] for name in words}) == 1 and len(first) < 2


def _learn_office(holders: dict[str, set[str]], title: str, holder: str) -> None:
    """Remember an office, and the bare one: "the French president" may be "the president"."""
    words = title.split()
    once = words[:1] if words and words[0] in _ONCE else []  # no longer "the president"
    for office in {title, words[-1], " ".join(words[len(once):][-2:])} if title else ():
        office = " ".join([*once, office.removeprefix(f"{words[0]} ")]) if once else office
        holders[office].add(holder)


def _find_offices(doc: Doc, holders: dict[str, set[str]], persons: list[str]) -> list[Found]:
    """Definite offices that one actor alone holds: "the foreign minister"."""
    found = []
    for token in doc:
        if token.lower_ not in _TITLES or token.ent_type_ == "PERSON":
            continue
        office = _office(token)
        start = token.i - len(office.split())
        named = token.i + 1 < len(doc) and _is_name(doc[token.i + 1])
        if start < 0 or doc[start].lower_ != "the" or named or token.dep_ == "appos" \
                or not holders[office] or children(token, "prep", "relcl", "acl", "appos"):
            continue
        actors = [name for name in persons if _one_person(holders[office] | {name})]
        if len(actors) == 1:
            found.append((doc[start].idx, token.idx + len(token), *actors, "title"))
    return found


def _people(doc: Doc, found: list[Found], known: _Known) -> list[tuple[Span, str]]:
    """The persons that a paragraph names, in order: span and name, actors by their own."""
    actor_at = {start: actor for start, _, actor, basis in found if basis == "alias"}
    people = []
    for start, end, actor, basis in found:
        span = doc.char_span(start, end, alignment_mode="expand")
        if basis == "alias" and known.is_person(actor, span):
            people.append((span, actor))
    for entity in doc.ents:
        inside = any(entity.start_char <= start < entity.end_char for start in actor_at)
        if entity.label_ == "PERSON" and not inside:
            people.append((entity, entity.text))
    return sorted(people, key=lambda person: person[0].start)


def _find_pronouns(doc: Doc, people: list[tuple[Span, str]], known: _Known) -> list[Found]:
    """He and she where one person alone is spoken of: subject of this sentence or the last.

    Left alone: pronouns inside quotation marks, after a second person of that gender, and after
    a person without a name ("the driver").
    """
    found = []
    sentences = [sent.start for sent in doc.sents]
    marks = {token.i for token in doc if token.text == '"'}
    for token in doc:
        gender = HE.get(token.lower_)
        if not gender or sum(i < token.i for i in marks) % 2:
            continue
        at = sum(start <= token.i for start in sentences) - 1
        since = sentences[max(at - 1, 0)]
        near = [(span, name) for span, name in people if since <= span.start < token.i]
        fitting = [(span, name) for span, name in near if " " not in name or GIVEN_NAMES.get(
            name.split()[0].lower(), "") in (gender, "")]
        if len({name.split()[-1] for _, name in fitting}) != 1:
            continue
        span, name = fitting[-1]
        subject = any(row[0].root.dep_ in ("nsubj", "nsubjpass") for row in fitting)
        nameless = any(other.lower_ in _TITLES and other.dep_ in ("nsubj", "nsubjpass", "dobj")
                       or other.lower_ in _NAMELESS for other in doc[since:token.i])
        if subject and not nameless and name in known.kind:
            found.append((token.idx, token.idx + len(token), name, "pronoun"))
    return found


def find_mentions(parsed: Parsed, actors: pd.DataFrame) -> pd.DataFrame:
    """Find the mentions of actors in an article, in the order of the text.

    Parameters
    ----------
    parsed : Parsed
    actors : DataFrame
        ``actor`` and ``aliases`` (separated by "|"); with a ``type``, persons are told apart.

    Returns
    -------
    DataFrame
        The columns of the table *mentions*. A possessive's 's is no part of a mention. ``basis``:
        alias (a name of the table), demonym ("the Russians" for the state), title ("the foreign
        minister", where one actor alone holds the office) or pronoun.

    Notes
    -----
    Most likely to bite: other definite descriptions ("the arsonist") are not resolved, and most
    pronouns are left, because only rules that are right nine times in ten are applied.
    """
    none = [""] * len(actors)
    known = _known(*(tuple(actors.get(name, none))
                     for name in ("actor", "aliases", "type", "note")))
    barred = {name for name, actor in known.given.items() if actor not in parsed.text}
    holders, rows = defaultdict(set), []  # of offices, persons outside the actor table too
    for doc in parsed.docs:
        found = _find_names(doc, known, barred)
        people = _people(doc, found, known)
        for span, name in people:
            _learn_office(holders, _title_of(span), name)
        begun = {first for first, *_ in found}  # "the mayor" may be an alias already
        found += [row for row in _find_offices(doc, holders, known.persons)
                  if row[0] not in begun]
        found += _find_pronouns(doc, people, known)
        start = doc.user_data["start"]
        rows += [(start + first, start + last, actor, basis)
                 for first, last, actor, basis in sorted(found)]
    table = [
        (parsed.article_id, sentence, start, end, parsed.text[start:end], actor, basis)
        for start, end, actor, basis in rows
        if (sentence := parsed.sentence_at(start)) is not None
    ]
    return pd.DataFrame(table, columns=COLUMNS["mentions"])


# No actors: photo agencies, party tags, scores.
_NO_ACTOR = re.compile(r"Getty|Shutterstock|AFP|Images|Photo|^[DRI]-[A-Z]|\d|[|@#/]")


def count_names(articles: Iterable[Parsed]) -> Counter[tuple[str, str]]:
    """How often each name is a person, a state or place, or a body.

    A surname counts for the full name of its own article, so that two people of one surname stay
    two; furniture (captions, credits) and datelines name nobody.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for parsed in articles:
        own = Counter(_named(parsed))
        full: dict[str, set[str]] = {}
        for name, label in own:
            if label == "person" and " " in name:
                full.setdefault(name.split()[-1], set()).add(name)
        for (name, label), count in own.items():
            if name.isupper() and name.title() in full:  # KERRIN: , the label of a turn
                name, label = name.title(), "person"
            bearers = full.get(name, set())
            if len(bearers) == 1:
                counts[next(iter(bearers)), "person"] += count
                counts[name, "form"] += 0
            elif not bearers:
                counts[name, label] += count
    return counts


def _named(parsed: Parsed) -> Iterable[tuple[str, str]]:
    kinds = {"PERSON": "person", "GPE": "state", "ORG": "body"}
    for doc, role in zip(parsed.docs, parsed.paragraphs["role"], strict=True):
        dateline = DATELINE.match(doc.text)
        for entity in doc.ents if role != "furniture" else ():
            words = [token for token in entity if token.lower_ not in ("the", "'s", "'")]
            while words and (words[0].lower_ in _TITLES | _HONORIFICS):
                words.pop(0)
            name = doc[words[0].i : words[-1].i + 1].text if words else ""
            placed = dateline is not None and entity.start_char < dateline.end()
            if entity.label_ in kinds and name[:1].isupper() and name not in _PEOPLES \
                    and not placed and not _NO_ACTOR.search(name) \
                    and not _CALENDAR.fullmatch(name):
                shouted = entity.label_ == "PERSON" and name.isupper() and " " in name
                yield name.title() if shouted else name, kinds[entity.label_]


def infer_actors(articles: Iterable[Parsed], least: int = 3) -> pd.DataFrame:
    """Infer the actors of a corpus: its recurring named persons, states and organisations.

    Parameters
    ----------
    least : int
        How often a name must stand in the corpus, all its forms together.

    Returns
    -------
    DataFrame
        The columns of ``actors.csv``. A surname joins the full name of its own article, and
        is an alias where one person alone bears it; the first word of a body joins its name, a
        capital its state; role and side stay empty.
    """
    return actors_of(count_names(articles), least)


def actors_of(counts: Counter[tuple[str, str]], least: int = 3) -> pd.DataFrame:
    """Infer the actors of a corpus from counts of `count_names`, of all its articles together."""
    total: Counter[str] = Counter()
    kind: dict[str, str] = {}
    forms_seen = {name for name, label in counts if label == "form"}
    for (name, label), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if label != "form":
            total[name] += count
            kind.setdefault(name, label)
    full: dict[str, set[str]] = {}  # fullest names by surname, or by the first word of a body
    for name in total:
        if kind[name] in ("person", "body") and " " in name:
            short = name.split()[-1 if kind[name] == "person" else 0]
            full.setdefault(short, set()).add(name)
    joined: dict[str, Counter[str]] = {}
    for name, count in total.items():
        fullest = full.get(name, set())
        chief = STATES.get(name) or (next(iter(fullest)) if len(fullest) == 1 else name)
        joined.setdefault(chief, Counter())[name] += count
    shared = {short for short, names in full.items()
              if len([name for name in names if kind[name] == "person"]) > 1}
    for short in forms_seen - shared:  # a surname of one bearer alone is an alias
        for name in full.get(short, ()):
            if kind[name] == "person" and name in joined and short == name.split()[-1]:
                joined[name][short] += 0
    for short in shared & set(joined):  # nobody's name, for more than one bears it
        del joined[short]
    rows = [
        (chief, "|".join(sorted(set(forms) - {chief})), "", "",
         "state" if chief in STATES.values() else kind[chief], "inferred")
        for chief, forms in sorted(joined.items())
        if forms.total() >= least
    ]
    columns = ["actor", "aliases", "role", "side", "type", "note"]
    return pd.DataFrame(rows, columns=columns, dtype=str)
