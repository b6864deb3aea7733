"""Who a speaker is: the person or body, how it is known, the role, and one or many.

`attribution_model` chooses the words that stand for the speaker of a cue; `persons` knows whom
they mean. Where that cannot be told the speaker stays empty, or is a description.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from analysis.corpus.language import Parsed, listed, told
from analysis.corpus.tokens import children, subject_of
from analysis.definitions import AUTHOR
from analysis.instruments.attribution_model import Hit
from analysis.instruments.persons import GIVEN_NAMES, HE, ROLE_KINDS, Cast, clean, entity_of
from analysis.instruments.quotations import Quotation, Stretches
from analysis.instruments.roles import PRIVATE, find_role, home_country, known_role

if TYPE_CHECKING:
    from analysis.corpus.tokens import Doc, Token

CARRIES_OVER = 1500  # characters after which a speaker is forgotten
_BODY_LABELS = ("ORG", "GPE", "FAC", "NORP", "LOC", "DATE", "TIME")
_PRONOUNS = told("pronoun")
_AFTER = re.compile(r" \([^()\n\"“”]{1,40}\)"
                    r"|, (?!(?:and|but|or|as|while|when|said|he|she|it)\b)[^.,;:()\n\"“”]{2,60}")
_BESIDE = 6  # words before a name that may be its title, and mentions that are looked at
_TITLE_WORDS = listed("title beside a name")
DOCUMENTS = told("document")
_WRITINGS = {word for word, sort in DOCUMENTS.items() if sort != "figure"}
SHOWS, _TEACHERS, _ISSUED = listed("show"), listed("teacher of all"), listed("issue")
_IMPOSSIBLE = re.compile(r"[:\n\"“”„«»]|(?:^|\s)['‘]\w")  # no name holds a mark, a colon, a newline

_PERSONS = ("official", "citizen", "expert")
_OFFICES = listed("office that is no person")
NOBODY = {"speaker": "", "basis": "none", "role": "", "named": False, "number": "", "how": "none"}


class Speakers:
    """Gives each hit, in reading order, its canonical speaker, basis, role and number."""

    def __init__(self, parsed: Parsed, mentions: pd.DataFrame, actors: pd.DataFrame,
                 quotations: list[Quotation], hits: list[Hit]) -> None:
        self.parsed = parsed
        known = {"actor", "role"} <= set(actors.columns)
        self.roles = dict(zip(actors["actor"], actors["role"], strict=True)) if known else {}
        self.last: dict[str, object] | None = None
        self.quoted = Stretches(quotation[:2] for quotation in quotations).hold
        self.home = home_country(parsed.text)
        self._role_of: dict[str, str] = {}
        self._described: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._authors: dict[str, dict[str, object]] = {}
        self.cast = Cast(parsed, mentions, self.quoted)
        speaking = [self._speaking(hit) for hit in hits if hit.head is not None]
        self.pronouns = self.cast.resolve(
            speaking, [part for hit in hits if hit.cue is not None for part in hit.parts])

    def _speaking(self, hit: Hit) -> tuple[int, str]:
        """Return where a speaker stands, and what one without a name is called.

        "A teacher said no. She left." speaks of one teacher.
        """
        token = hit.chief = self.chief(hit)
        start, who = self.parsed.start(token), ""
        if token.tag_ == "NN" and not self._name_of(token):
            who = self.cast.described(token, start)
            kind = ROLE_KINDS.get(token.lemma_.lower(), "")
            if not who and kind in _PERSONS and token.lemma_ not in _OFFICES:
                who = self._short(token)
        return start, who

    def chief(self, hit: Hit) -> Token:
        """Return the word that stands for the speaker, not for what the speaker belongs to.

        "Ann Lowe of the University of Lund said": Ann Lowe. "Sen. Ann Lowe, D-Mich., a member of
        the team, said": Ann Lowe. "The letter, signed by 50 Acme members, calls": the letter.
        """
        token = hit.head
        if token.dep_ == "pobj" and token.head.lower_ == "of" and self._is_person(token.head.head):
            return token.head.head  # Lord Reid of Cardowan
        if token.pos_ == "PRON" or self._is_person(token):
            return token
        nearer = self._across(hit, token)
        if nearer is not None:
            return nearer
        at, within = token, None
        for above in itertools.islice(token.ancestors, 8):
            if at.dep_ == "conj" or above.dep_ == "conj":
                break
            if above.pos_ in ("VERB", "AUX"):
                if above.dep_ not in ("acl", "relcl") or above.head.i > token.i or (
                        hit.cue is not None and self.parsed.start(above) == hit.cue[0]):
                    break
                within = above.head
            elif self._is_person(above) or (above.pos_ == "PROPN" and above.dep_ == "nsubj"
                                            and above.ent_type_ not in _BODY_LABELS):
                return above
            elif above.i > token.i and above.dep_ != "compound" and at.dep_ != "compound":
                break
            at = above
        return within if within is not None and within.pos_ in ("NOUN", "PROPN") else token

    def _across(self, hit: Hit, token: Token) -> Token | None:
        """Return the person beside a cue where the parser broke the name's phrase.

        "says Heart and Stroke manager Erin Kim": after the cue with nothing but titles between.
        "Sen. Ann Lowe, D-Mich., said": the cue's first subject. "Doug Purdy, who lost weight
        between May and October, says": no date speaks.
        """
        if hit.cue is None:
            return None
        doc, after = token.doc, self.cast.next_mention(hit.cue[1])
        if after is not None and after.token.doc is doc and after.start - hit.cue[1] < 80 \
                and token.i < after.token.i < token.i + 9 \
                and hit.cue[1] <= self.parsed.start(token) \
                and not any(word.is_punct or word.tag_ in ("IN", "VBD", "VBZ", "WP")
                            for word in doc[token.i:after.token.i]):
            return after.token
        verb = _root_at(doc, hit.cue)
        own = self._subject_of(verb, hit) if verb is not None and verb.pos_ == "VERB" else None
        if own is not None and token.i != own.i and (
                (token.dep_ in ("dobj", "dative") and token.head == verb and not hit.kind)
                or (verb.dep_ == "conj" and own.i < token.i < verb.i)):
            return own  # IRCC told CTV that; IRCC left Ayo's papers aside but said
        subjects = [word for word in token.head.children
                    if word.dep_ == "nsubj" and word.i < token.i]
        if token.dep_ == "nsubj" and subjects and self._is_person(subjects[0]):
            return subjects[0]
        if token.ent_type_ in ("DATE", "TIME", "CARDINAL", "QUANTITY", "MONEY", "PERCENT"):
            before = self.cast.next_mention(hit.cue[0], -1)
            if before is not None and before.token.doc is doc \
                    and hit.cue[0] - before.start < 160 and not self.quoted(before.start):
                return before.token
        return None

    def _subject_of(self, verb: Token, hit: Hit) -> Token | None:
        """Return the subject of an active verb, or of one joined to it: "Reed rose and said"."""
        subject, verb = subject_of(verb, "conj")
        if subject is None or subject.pos_ == "PRON" or children(verb, "auxpass", "nsubjpass"):
            return None
        at = self.parsed.start(subject)
        return None if any(start <= at < end for start, end in hit.parts) else subject

    def is_idle(self, hit: Hit) -> bool:
        """Whether nobody speaks: "experience shows that", a label as in "ENERGY: Oil rose".

        A label's colon credits persons and bodies alone. Documents and figures show what somebody
        wrote down; what footage or a visit shows is no words.
        """
        if hit.head is None or hit.kind or hit.turn:
            return False
        token = hit.chief
        if hit.lemma in SHOWS and token.pos_ == "NOUN" and not self._name_of(token):
            if not (token.lower_ in DOCUMENTS or self._is_role(token)
                    or token.ent_type_ in ("ORG", "GPE")):
                hit.shows = True
            return token.lemma_.lower() in _TEACHERS
        if hit.lemma == ":" and hit.pos == "PUNCT" and not self._may_open(token):
            if not any(self.quoted(start) for start, _ in hit.parts):
                return True
            hit.head = hit.speaker = None
        return False

    def _may_open(self, token: Token) -> bool:
        """Whether a word before a colon may be who speaks after it."""
        return bool(self._name_of(token) or self._is_role(token) or token.pos_ == "PRON"
                    or token.ent_type_ in ("PERSON", "NORP")
                    or (token.ent_type_ in ("ORG", "GPE") and not token.text.isupper()))

    def _is_role(self, token: Token) -> bool:
        return ROLE_KINDS.get(token.lemma_.lower(), "none") not in ("none", "company")

    def _is_person(self, token: Token) -> bool:
        mention = self.cast.mention_at(self.parsed.start(token))
        return mention is not None and bool(mention.name) and mention.token is token

    def _name_of(self, token: Token) -> str:
        mention = self.cast.mention_at(self.parsed.start(token))
        return mention.name if mention else self.cast.actor_at(self.parsed.start(token))

    def of(self, hit: Hit, parent: dict[str, object] | None) -> dict[str, object]:
        """Return the description of a hit's speaker; remember it for the words that follow."""
        if hit.carried and not hit.name:
            last, start = self.last, hit.parts[0][0]
            if last is None or start - last["end"] >= CARRIES_OVER:
                return NOBODY
            hit.speaker = last["mention"]
            opens = start == self.parsed.start(self.parsed.docs[hit.paragraph][0])
            return {**last, "basis": "carried", "how": "carried" if opens else "carried within"}
        who = self._describe(hit, parent)
        if not who["speaker"] or _IMPOSSIBLE.search(str(who["speaker"])):
            return NOBODY
        if who["speaker"] != AUTHOR:
            self._remember_documents(hit, who)
        if parent is None and not hit.kind:
            start = hit.speaker[0] if hit.speaker else hit.parts[0][0]
            self.last = {**who, "start": start, "end": max(hit.parts)[1], "mention": hit.speaker}
        return who

    def _describe(self, hit: Hit, parent: dict[str, object] | None) -> dict[str, object]:
        if hit.turn:
            name, label = self.cast.labelled(hit.name), "PERSON" if len(hit.name) > 1 else ""
            return self._row(name, "named", label, name, True)
        if hit.name:
            return self._row(hit.name, "carried", "", hit.name, True)
        if hit.head is None:
            return NOBODY
        token = hit.chief
        kind = _PRONOUNS.get(token.lower_, "")
        if kind == "relative":
            antecedent = _antecedent(token)
            if antecedent is None:
                return NOBODY
            return {**self._nominal(antecedent), "basis": "pronoun"}
        if token.lower_ in HE:
            return self._pronoun(token)
        if kind == "first":
            if parent is not None or self.quoted(hit.speaker[0]):
                return {**(parent or NOBODY), "basis": "pronoun"} if parent else NOBODY
            return self._row(AUTHOR, "pronoun", "", "", True, how="named")
        if kind == "plural":
            return self._group(token, hit)
        return NOBODY if kind else self._nominal(token)

    def _row(self, speaker: str, basis: str, label: str, phrase: str, named: bool,
             number: str = "person", definite: bool = False,
             how: str = "") -> dict[str, object]:
        role = "author_self" if speaker == AUTHOR else self.roles.get(speaker) or ""
        role = role or (self._role_of.get(speaker, "") if named else "")
        if not role:
            role = find_role(phrase, label, named or definite, self.home, speaker)
            if named and role in ("", "official"):  # of no country, unless the holder is known
                role = known_role(speaker) or role or self._described_role(speaker, label)
            role = "" if role == PRIVATE else role
            if named and role:
                self._role_of[speaker] = role
        return {"speaker": speaker, "basis": basis, "role": role, "named": named, "number": number,
                "how": how or basis}

    def _described_role(self, speaker: str, label: str) -> str:
        """Return the role that titles and appositions elsewhere give, else a known leader's."""
        if speaker not in self._described:
            phrases = itertools.chain(self.cast.beside.get(speaker, ())[:6],
                                      _beside(speaker, self.parsed.text))
            roles = (find_role(phrase, label, True, self.home, speaker) for phrase in phrases)
            self._described[speaker] = next(filter(None, roles), "")
        return self._described[speaker]

    def _pronoun(self, token: Token) -> dict[str, object]:
        """Resolve he or she by salience."""
        name, sure = self.pronouns.get(self.parsed.start(token), ("", 0.0))
        if not name:
            return NOBODY
        how = f"pronoun {'sure' if sure > 0.8 else 'likely' if sure > 0.65 else 'doubtful'}"
        if name in self._groups:  # a description, as "a security guard"
            return self._row(name, "pronoun", "", self._groups[name], False, how=how)
        return self._row(name, "pronoun", "PERSON", name, True, how=how)

    def _group(self, token: Token, hit: Hit) -> dict[str, object]:
        """Resolve they and it: a subject before it, else the last speaker, a group or unnamed.

        "Residents came early. They said no." "Acme is sorry. It said so." "A spokesperson for Acme
        said no. They added that work went on."
        """
        many = token.lower_ != "it"
        sentence = token.sent
        for sent in (sentence, sentence[0].nbor(-1).sent if sentence.start else None):
            nouns = [noun for noun in sent or () if noun.i < token.i
                     and noun.dep_ in ("nsubj", "nsubjpass") and noun.pos_ in ("NOUN", "PROPN")
                     and not self.quoted(at := self.parsed.start(noun))
                     and not any(start <= at < end for start, end in hit.parts)]
            fits = [noun for noun in nouns if _is_plural(noun) == many] or \
                [noun for noun in nouns if noun.ent_type_ == "ORG"]
            if fits and not self._is_person(fits[-1]):
                return {**self._nominal(fits[-1]), "basis": "pronoun", "how": "pronoun group"}
        last = self.last
        fits = last is not None and last["speaker"] and last["speaker"] != AUTHOR and (
            last["number"] == "group" or (many and not last["named"]))
        near = fits and self.parsed.start(token) - last["end"] < CARRIES_OVER
        return {**last, "basis": "pronoun", "how": "pronoun group"} if near else NOBODY

    def _document(self, token: Token) -> dict[str, object] | None:
        """Return who wrote a document that speaks: "her statement", "a report by Acme".

        "Acme said so in a statement. The statement went on": who was last said to speak in it.
        """
        if token.lower_ not in _WRITINGS:
            return None
        for child in token.children:
            if child.dep_ == "poss":
                if child.lower_ in HE:
                    return self._pronoun(child)
                return self._nominal(child) if child.pos_ == "PROPN" else None
        for child in token.subtree:
            if child.lower_ in ("by", "from") and child.dep_ in ("prep", "agent") \
                    and (child.head == token or child.head.dep_ == "acl"
                         and child.head.lemma_ in _ISSUED):
                writer = next(iter(child.children), None)
                if writer is not None and writer.pos_ in ("NOUN", "PROPN"):
                    return self._nominal(writer)
        if any(child.lower_ in ("a", "an") for child in token.children):
            near = self.last is not None and self.last["number"] == "group" and \
                self.parsed.start(token) - self.last["end"] < 200
            return self.last if near and token.lower_ == "statement" else None
        return self._authors.get(token.lemma_.lower())

    def _remember_documents(self, hit: Hit, who: dict[str, object]) -> None:
        """Remember in which letter or post somebody spoke: "Reed wrote in a letter"."""
        cue = _root_at(self.parsed.docs[hit.paragraph], hit.cue) if hit.cue else None
        for child in cue.children if cue is not None else ():
            noun = next(iter(child.children), None) if child.dep_ == "prep" else None
            if noun is not None and child.lower_ in ("in", "on", "via") \
                    and noun.lower_ in _WRITINGS:
                self._authors[noun.lemma_.lower()] = who

    def _nominal(self, token: Token) -> dict[str, object]:
        parsed, doc, offset = self.parsed, token.doc, self.parsed.start(token)
        phrase = doc[token.left_edge.i:min(token.right_edge.i, token.i + 14) + 1].text
        plural = _is_plural(token)
        mention = self.cast.mention_at(offset)
        if mention is None and token.pos_ == "NOUN":
            mention = self._apposed(token)
        if mention is not None:
            if not mention.name:
                return NOBODY  # one of two namesakes
            return self._row(mention.name, "named", "PERSON", phrase, True,
                             "group" if plural and token.pos_ == "NOUN" else "person")
        actor = self.cast.actor_at(offset)
        entity = entity_of(token)
        if actor:
            group = plural or token.ent_type_ in ("ORG", "GPE", "NORP")
            return self._row(actor, "named", token.ent_type_, phrase, True,
                             "group" if group else "person")
        if entity is not None:
            text = parsed.text[parsed.start(entity):parsed.end(entity)]
            if entity.start and doc[entity.start - 1].pos_ == "ADP" and ", " in text:
                text = text.rpartition(", ")[2]  # On Twitter, Reed wrote
            name = self.cast.body(text) if entity.label_ != "PERSON" else clean(text)
            number = "person" if entity.label_ == "PERSON" and not plural else "group"
            if name:
                return self._row(name, "named", entity.label_, phrase,
                                 entity.label_ != "NORP", number)
        if token.pos_ == "PROPN":
            return self._row(self.cast.body(token.text), "named", "", phrase, True)
        writer = self._document(token)
        if writer is not None and writer["speaker"]:
            return {**writer, "basis": "named", "how": "document of"}
        name = self.cast.described(token, offset)
        if name:
            label = "PERSON" if any(m.name == name for m in self.cast.mentions) else "ORG"
            return self._row(name, "named", label, phrase, True,
                             "person" if label == "PERSON" else "group", how="description joined")
        short = self._short(token)
        self._groups[short] = phrase
        definite = not plural and any(child.lower_ in ("the", "this") or child.dep_ == "poss"
                                      for child in token.children)
        how = "described group" if plural else "described"
        return self._row(short, "described", "", phrase, False, "group" if plural else "person",
                         definite, how)

    def _apposed(self, token: Token):
        """Return the name in apposition to a noun: "the mayor, Tom Reed", "a man named Jo"."""
        for child in token.children:
            inner = [child] if child.dep_ == "appos" else \
                [word for word in child.children if word.dep_ == "oprd"] \
                if child.lower_ in ("named", "called") else []
            for word in inner:
                mention = self.cast.mention_at(self.parsed.start(word))
                if mention is not None and mention.name:
                    return mention
        after = token.doc[token.i + 1:token.i + 3]
        if len(after) == 2 and after[0].text == ",":  # wherever the parser hung the name
            mention = self.cast.mention_at(self.parsed.start(after[1]))
            if mention is not None and mention.name \
                    and token.doc[mention.token.i + 1:][:1].text == ",":
                return mention
        return None

    def _short(self, token: Token) -> str:
        """Return a description without article, clauses and asides: *lawyer for Acme*."""
        low, high = token.left_edge.i, token.i + 1
        for child in token.children:
            if child.i > token.i and child.dep_ == "prep" and child.i == high \
                    and child.lower_ in ("of", "for", "at", "from", "in", "with"):
                inner = next(iter(child.children), None)
                if inner is not None and inner.pos_ in ("NOUN", "PROPN"):
                    high = inner.i + 1
        text = token.doc[low:high].text
        text = re.sub(r".*[\"“”:\n,(]\s*", "", text, flags=re.S)
        return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.I)


def _root_at(doc: Doc, span: tuple[int, int]) -> Token | None:
    """Return the chief word of a stretch of the article, where it is a stretch of words."""
    start, end = (edge - doc.user_data["start"] for edge in span)
    found = doc.char_span(start, end)
    return found.root if found is not None else None


def _is_plural(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in token.children)


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
            ends = len(word) > 5 and word.endswith(".")  # Exchange Commission. Reed said
            if len(titles) == _BESIDE or ends or not (
                    word[:1].isupper() or lower in ROLE_KINDS or lower in _TITLE_WORDS):
                break
            titles.insert(0, word)
        after = _AFTER.match(text, match.end())
        listed = after and after.group().split()[0 if after.group()[1] == "(" else 1]
        if listed and listed.lower() in GIVEN_NAMES:
            after = None  # with files from Tom Reed, Michael King and Ann Lowe
        yield " ".join(titles) + (after.group() if after else "")


def _antecedent(token: Token) -> Token | None:
    """Return the noun that who, which or that stands for."""
    for clause in token.ancestors:
        if clause.dep_ == "relcl":
            return clause.head
    return None
