"""Names in an agent's or a patient's place: which actor a noun or a pronoun stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.corpus.language import Parsed, lookup

if TYPE_CHECKING:
    from analysis.corpus.tokens import Token

_PERSONAL = {"he", "she", "him", "her"}
_NAME_FORMS = lookup("name_forms", "noun", "form")


@dataclass(frozen=True)
class Name:
    """A name used for an actor: its stretch of the article and what kind of name it is."""

    actor: str
    start: int
    end: int
    form: str
    person: bool


def names_by_head(parsed: Parsed, mentions: pd.DataFrame) -> dict[tuple[int, int], Name]:
    """Return the actors' names by (paragraph index, head token).

    The head is the body where one follows: "the Assad regime" acts, not Assad.
    """
    begins = parsed.paragraphs["start"].to_numpy()
    found: dict[tuple[int, int], Name] = {}
    for row in mentions.itertuples():
        place = int(begins.searchsorted(row.start, side="right")) - 1
        doc = parsed.docs[place]
        base = int(begins[place])
        span = doc.char_span(row.start - base, row.end - base, alignment_mode="expand")
        if span is None:
            continue
        head, end, form = span.root, row.end, "name"
        person = head.ent_type_ == "PERSON"
        if head.pos_ == "PRON":
            form = "pronoun"
        holder = head.head
        if (head.dep_ in ("compound", "poss", "amod", "nmod") and holder.i >= span.end
                and holder.i - span.end < 3 and holder.lemma_.lower() in _NAME_FORMS):
            form, end = _NAME_FORMS[holder.lemma_.lower()], parsed.end(holder)
            head, person = holder, False
        key = (place, head.i)
        if key not in found or found[key].end - found[key].start < end - row.start:
            found[key] = Name(row.actor, row.start, end, form, person)
    return found


def resolve(parsed: Parsed, place: int, pronoun: Token, beside: set[int], above: list[Token],
            names: dict[tuple[int, int], Name]) -> Name | None:
    """Return the actor behind a pronoun where only one can be meant, else None.

    Parameters
    ----------
    beside : set of int
        Tokens in the pronoun's own clause, which it cannot stand for.
    above : list of Token
        Subjects of the clauses that govern its own or open its sentence; the only ones that *it*
        and *its* may stand for.

    Notes
    -----
    *He* and *she* look back to the start of the sentence before, and give up where two persons,
    or one who is no actor, are named; gender is not known.
    """
    before = {i: name for (where, i), name in names.items()
              if where == place and i < pronoun.i and i not in beside}
    if pronoun.lower_ in _PERSONAL and pronoun.dep_ != "poss":
        start = pronoun.sent.start
        window = pronoun.doc[start - 1].sent.start if start else 0
        meant = {name.actor for i, name in before.items() if i >= window and name.person}
        if any(entity.label_ == "PERSON" and (place, entity.root.i) not in names
               for entity in pronoun.doc[window : pronoun.i].ents):
            return None
    elif pronoun.lower_ in ("it", "its") and pronoun.dep_ != "expl":
        meant = {before[noun.i].actor for noun in above
                 if noun.i in before and not before[noun.i].person}
    else:
        return None
    if len(meant) != 1:
        return None
    return Name(meant.pop(), parsed.start(pronoun), parsed.end(pronoun), "pronoun",
                pronoun.lower_ in _PERSONAL)
