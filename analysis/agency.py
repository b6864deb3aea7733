"""Who acts and who is acted on: agents, patients, agentless passives.

Grammar is kept apart from meaning: in "the square was cleared by police" the subject is the
square, the patient; the agent is police. Rules over the dependency parse find the arguments of
each verb and of each noun that names an act; mentions say which of them are actors.
"""

import functools
import re
from dataclasses import dataclass, field

import pandas as pd
from spacy.tokens import Doc, Token

from analysis.language import Parsed, lexicon
from analysis.naming import Name, names_by_head, resolve
from analysis.tables import COLUMNS

FURTHER = ["modal", "negated", "passive", "nominalised", "name_form"]
_SUBJECTS = ("nsubj", "nsubjpass")
_RELATIVE = {"who", "which", "that", "whom"}
_TARGETS = {"on", "against", "at", "upon", "to", "toward", "towards", "into"}


@functools.cache
def _verbs(category: str) -> frozenset[str]:
    table = lexicon("verbs")
    return frozenset(table.loc[table["category"] == category, "cue"])


@functools.cache
def _nominals() -> dict[str, tuple[str, str, str]]:
    table = lexicon("nominals")
    return {row.noun: (row.verb, row.possessor, row.of) for row in table.itertuples()}


@dataclass
class _Act:
    """A verb, or a noun that names an act, with the tokens that fill its roles."""

    word: Token
    verb: str
    agents: list[Token] = field(default_factory=list)
    patients: list[Token] = field(default_factory=list)
    passive: bool = False
    nominalised: bool = False
    agentless: bool = False


def _lemma(verb: Token) -> str:
    """Return the lemma, with the silent e that the parser's rules lose: *hopes*, *fined*."""
    form, lemma = verb.lower_, verb.lemma_.lower()
    short = re.fullmatch(r"[^aeiou]+[aeiou][^aeiouwxy]", lemma)
    if form == lemma + "es" and not re.search(r"(s|x|z|ch|sh|o)$", lemma):
        return lemma + "e"
    # A short stem would double its consonant: *hop* gives *hopped*, so *hoped* is of *hope*.
    return lemma + "e" if short and form in (lemma + "ed", lemma + "ing") else lemma


def _children(token: Token, *labels: str) -> list[Token]:
    return [child for child in token.children if child.dep_ in labels]


def _with_conjuncts(token: Token) -> list[Token]:
    """Return a noun with those coordinated to its right and its appositions."""
    found = [token, *_children(token, "appos")]
    for other in _children(token, "conj"):
        if other.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X"):
            found += _with_conjuncts(other)
    return found


def _objects_of(prepositions: list[Token]) -> list[Token]:
    """Return the complements of prepositions, those of coordinated ones included."""
    found = []
    for preposition in prepositions:
        found += _children(preposition, "pobj")
        found += _objects_of(_children(preposition, "conj", "prep"))
    return [noun for noun in found if noun.ent_type_ not in ("DATE", "TIME")]


def _antecedent(argument: Token, verb: Token) -> Token:
    """Return what a relative pronoun stands for; anything else is returned as it is."""
    clause = verb
    for _ in range(3):
        if clause.dep_ == "relcl":
            break
        clause = clause.head
    if argument.lower_ in _RELATIVE and argument.tag_ in ("WDT", "WP", "IN", "DT"):
        return clause.head if clause.dep_ == "relcl" else argument
    return argument


def _is_passive(verb: Token) -> bool:
    if _children(verb, "auxpass", "nsubjpass"):
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ == "conj" and not _children(verb, "aux", "nsubj"):
        return verb.head.pos_ == "VERB" and _is_passive(verb.head)
    return verb.dep_ in ("acl", "advcl") and not _children(verb, "aux", "dobj")


def _subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Return the understood surface subjects of a verb."""
    own = [_antecedent(noun, verb) for noun in _children(verb, *_SUBJECTS)]
    if own or depth > 5:
        return own
    head = verb.head
    if verb.dep_ == "acl":
        if "to" not in [part.lower_ for part in _children(verb, "aux")]:
            return [head]
        return _children(head, "poss")
    if verb.dep_ == "pcomp":
        head = head.head
    elif verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "acomp", "dep", "oprd"):
        return []
    if verb.dep_ == "ccomp" and "Fin" in verb.morph.get("VerbForm"):
        return []
    if verb.dep_ == "advcl" and "Fin" in verb.morph.get("VerbForm"):
        return []
    if verb.dep_ in ("xcomp", "ccomp") and _lemma(head) in _verbs("object_control"):
        objects = _children(head, "dobj", "dative")
        if objects and not _is_passive(head):
            return objects
    return _subjects(head, depth + 1) if head.pos_ in ("VERB", "AUX", "ADJ") else []


def _objects(verb: Token) -> list[Token]:
    """Return the direct and indirect objects, relative and controlled ones included."""
    found = [_antecedent(noun, verb) for noun in _children(verb, "dobj", "dative")
             if noun.pos_ != "ADP"]
    if _lemma(verb) in _verbs("object_control"):
        for clause in _children(verb, "ccomp", "xcomp"):
            if "Fin" not in clause.morph.get("VerbForm") and clause.tag_ in ("VB", "VBG"):
                found += _children(clause, "nsubj")
    gap = verb.dep_ == "relcl" and not found and not _children(verb, "prep", "ccomp", "xcomp")
    if gap and not any(noun.lower_ in _RELATIVE for noun in _children(verb, *_SUBJECTS)):
        found.append(verb.head)
    return found


def _agents_by(verb: Token) -> list[Token]:
    """Return the nouns of a passive's by-phrase, also one shared with a later coordinate."""
    found = _objects_of(_children(verb, "agent"))
    found += _objects_of([word for word in _children(verb, "prep") if word.lower_ == "by"])
    if not found:
        for other in _children(verb, "conj"):
            if other.tag_ == "VBN" and not _children(other, *_SUBJECTS):
                return _agents_by(other)
    return found


def _targets_of(*words: Token) -> list[Token]:
    prepositions = [child for word in words for child in _children(word, "prep", "dative")
                    if child.lower_ in _TARGETS]
    return _objects_of(prepositions)


def _governs_embedded(verb: Token) -> bool:
    """Whether a verb only shades the act that it governs: *try to block* is a blocking."""
    clauses = [clause for clause in _children(verb, "xcomp") if clause.pos_ in ("VERB", "AUX")]
    return bool(clauses) and _lemma(verb) in _verbs("control") | _verbs("negative_control")


def _verb_act(verb: Token) -> _Act | None:
    """Return the act that a verb names, or None where it names none."""
    lemma = _lemma(verb)
    if _governs_embedded(verb):
        return None
    name = " ".join([lemma, *[part.lower_ for part in _children(verb, "prt")]])
    act = _Act(verb, name, passive=_is_passive(verb))
    if act.passive:
        act.patients, act.agents = _subjects(verb), _agents_by(verb)
        act.agentless = not act.agents
    else:
        act.agents, act.patients = _subjects(verb), _objects(verb)
    theme = act.patients[0] if act.patients else None
    if name in _verbs("light") and theme is not None and theme.lemma_ in _nominals():
        act.verb, act.nominalised = _nominals()[theme.lemma_][0], True
        act.patients = [*_targets_of(theme, verb),
                        *_objects_of([of for of in _children(theme, "prep") if of.lower_ == "of"])]
        return act
    if lemma in _verbs("stative"):
        return None
    for preposition in _children(verb, "prep"):
        phrase = f"{name} {preposition.lower_}"
        if phrase in _verbs("prepositional") and not act.patients:
            act.verb, act.patients = phrase, _objects_of([preposition])
    if not act.passive and (lemma in _verbs("sufferer")
                            or (lemma in _verbs("undergoer") and not act.patients)):
        act.agents, act.patients = [], act.agents
    return act


def _noun_act(noun: Token) -> _Act | None:
    """Return the act that a noun names with its possessor, of- and by-phrases, or None."""
    verb, possessor, of_phrase = _nominals()[noun.lemma_.lower()]
    owners = [child for child in noun.children
              if child.dep_ in ("poss", "amod", "nmod") and child.pos_ in ("PROPN", "NOUN", "ADJ",
                                                                            "PRON")]
    agents = _objects_of([word for word in _children(noun, "prep", "agent")
                          if word.lower_ == "by"])
    of_nouns = _objects_of([word for word in _children(noun, "prep") if word.lower_ == "of"])
    patients = _targets_of(noun)
    if of_nouns and not (of_phrase == "agent" and not owners and not agents):
        patients, agents = patients + of_nouns, agents + owners
    elif of_nouns:
        agents = agents + of_nouns
    elif possessor == "patient" or agents:
        patients = patients + owners
    else:
        agents = agents + owners
    return _Act(noun, verb, agents, patients, nominalised=True) if agents or patients else None


def _acts(doc: Doc) -> list[_Act]:
    found, light = [], set()
    for token in doc:
        if token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ not in ("aux", "auxpass")):
            act = _verb_act(token)
            if act is not None:
                found.append(act)
                if act.nominalised:
                    light.update(word.i for word in _children(token, "dobj", "nsubjpass"))
    for token in doc:
        if token.pos_ == "NOUN" and token.lemma_.lower() in _nominals() and token.i not in light:
            act = _noun_act(token)
            if act is not None:
                found.append(act)
    return found


def _modality(word: Token) -> tuple[str, bool]:
    """Return the word that makes an act unreal ("" where none does), and whether it is negated."""
    modal, negated = "", bool(_children(word, "neg"))
    verb = word
    for _ in range(4):
        own = [part.lemma_.lower() for part in _children(verb, "aux") if part.tag_ == "MD"]
        own += [mark.lower_ for mark in _children(verb, "mark") if mark.lower_ in ("if", "unless")]
        modal = modal or (own[0] if own else "")
        if verb.dep_ == "conj" and not _children(verb, "aux", *_SUBJECTS):
            verb = verb.head
        elif verb.dep_ in ("xcomp", "acl", "ccomp") and "Fin" not in verb.morph.get("VerbForm"):
            verb = verb.head
            lemma = _lemma(verb)
            if lemma in _verbs("modal"):
                modal = modal or lemma
            negated ^= lemma in _verbs("negative_control")
            negated ^= bool(_children(verb, "neg"))
        else:
            break
    return modal, negated


def _fillers(parsed: Parsed, place: int, nouns: list[Token], act: _Act,
             names: dict[tuple[int, int], Name]) -> list[Name]:
    found = []
    beside = {token.i for noun in act.agents + act.patients for token in _with_conjuncts(noun)}
    above = [noun for clause in act.word.ancestors if clause.pos_ in ("VERB", "AUX")
             for noun in _subjects(clause)]
    for token in [token for noun in nouns for token in _with_conjuncts(noun)]:
        if token.dep_ == "appos" and (place, token.head.i) in names:
            continue
        name = names.get((place, token.i))
        if name is None and token.pos_ == "PRON":
            name = resolve(parsed, place, token, beside, above, names)
        if name is not None:
            found.append(name)
    return found


def find_acts(parsed: Parsed, mentions: pd.DataFrame) -> pd.DataFrame:
    """Find what the actors do and what is done to them.

    Parameters
    ----------
    mentions : DataFrame
        Rows of the table *mentions* of this article.

    Returns
    -------
    DataFrame
        article_id, sentence, start, end, actor, name_used, role, verb; then modal (the word that
        makes the act unreal: *may*, *want*, *if*), negated, passive, nominalised, name_form
        (name, pronoun, or government, forces, camp: "Assad regime"). ``agent`` and ``patient``
        rows span the name used. An ``agentless`` row spans a passive verb whose doer is not
        said; its actor is the one acted on, where known.

    Notes
    -----
    Only what an actor's name (or a pronoun with one possible referent) fills is counted: acts
    of "the ministry" are nobody's unless an alias says whose. Being, having and seeming are no
    acts. The verb of a nominal is that of the act: "invasion" is *invade*.
    """
    names = names_by_head(parsed, mentions)
    rows = []
    for place, doc in enumerate(parsed.docs):
        for act in _acts(doc):
            flags = (*_modality(act.word), act.passive, act.nominalised)
            patients = _fillers(parsed, place, act.patients, act, names)
            filled = [("agent", name) for name in
                      _fillers(parsed, place, act.agents, act, names)]
            filled += [("patient", name) for name in patients]
            for role, name in filled:
                rows.append((name.start, name.end, name.actor, parsed.text[name.start:name.end],
                             role, act.verb, *flags, name.form))
            if act.agentless:
                actor = patients[0].actor if patients else ""
                rows.append((parsed.start(act.word), parsed.end(act.word), actor, "",
                             "agentless", act.verb, *flags, ""))
    rows = sorted(set(rows), key=lambda row: (row[0], row[4], row[5], row[1:4], row[6:]))
    table = [(parsed.article_id, parsed.sentence_at(row[0]), *row) for row in rows]
    return pd.DataFrame(table, columns=[*COLUMNS["agency"], *FURTHER])
