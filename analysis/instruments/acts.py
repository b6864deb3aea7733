"""Who acts and who is acted on: agents, patients, agentless passives.

Grammar is kept apart from meaning: in "the square was cleared by police" the subject is the
square, the patient; the agent is police. Rules over the dependency parse find the arguments of
each verb and of each noun that names an act; mentions say which of them are actors.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.corpus.language import Parsed, lexicon
from analysis.corpus.tokens import Doc, Token, children
from analysis.definitions import COLUMNS
from analysis.instruments.referents import Name, names_by_head, resolve

FURTHER = ["modal", "negated", "passive", "nominalised", "name_form"]
_SUBJECTS = ("nsubj", "nsubjpass")
_RELATIVE = {"who", "which", "that", "whom"}
_TARGETS = {"on", "against", "at", "upon", "to", "toward", "towards", "into"}
# Nouns of attitude take their object with *for*: "support for Greece".
_FOR = {"support", "backing", "praise", "respect", "contempt", "admiration", "sympathy", "help"}
# "make an attempt to seize": the one who makes it would seize.
_ATTEMPTING = {"make", "take", "launch", "mount", "undertake", "pursue", "begin", "have"}


@functools.cache
def _verbs(category: str) -> frozenset[str]:
    table = lexicon("verbs")
    return frozenset(table.loc[table["category"] == category, "cue"])


_NOMINALS = {row.noun: (row.verb, row.possessor, row.of)
             for row in lexicon("nominals").itertuples()}
# Verbs whose noun takes its object with *of*: "the invasion of", so "invade" wants one.
_TRANSITIVE = {verb for verb, _, of_phrase in _NOMINALS.values() if of_phrase == "patient"}


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


def _with_conjuncts(token: Token) -> list[Token]:
    """Return a noun with those coordinated to its right and its appositions."""
    found = [token, *children(token, "appos")]
    for other in children(token, "conj"):
        if other.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X"):
            found += _with_conjuncts(other)
    return found


def _objects_of(prepositions: list[Token]) -> list[Token]:
    """Return the complements of prepositions, those of coordinated ones included."""
    found = []
    for preposition in prepositions:
        found += children(preposition, "pobj")
        found += _objects_of(children(preposition, "conj", "prep"))
    return [noun for noun in found if noun.ent_type_ not in ("DATE", "TIME")]


def _antecedent(argument: Token, verb: Token) -> Token:
    """Return what a relative pronoun stands for; anything else is returned as it is."""
    if argument.lower_ not in _RELATIVE or argument.tag_ not in ("WDT", "WP", "IN", "DT"):
        return argument
    clause = verb
    for _ in range(3):
        if clause.dep_ == "relcl":
            return clause.head
        if clause.dep_ == "ccomp" and clause.head.lemma_ == "be":  # "it was Lee whom they chose"
            return next(iter(children(clause.head, "attr")), argument)
        clause = clause.head
    return argument


def _is_headline_passive(verb: Token) -> bool:
    """Whether a headline's bare past form is a participle: "Norvik fined for spill".

    Headlines tell what was done in the present ("Dahl sues Ruiz"), so a bare past form without an
    object was suffered: "Dahl sued by Okafor", "Kyiv shelled overnight", "Falk ordered to pay",
    "Dahl elected mayor". Not where it wants none ("Ruiz walked out after vote", "Falk lied"),
    has one ("Norland bombed Kyiv"), or governs a clause ("Falk denied that he lied").
    """
    if not verb.doc.user_data.get("headline") or verb.tag_ not in ("VBD", "VBN"):
        return False
    if verb.dep_ != "ROOT" and not (verb.dep_ == "ccomp" and verb.head.i > verb.i):
        return False  # "the problems it created" leaves its object out; "Ruiz insulted, Falk says"
    lemma, controls = _lemma(verb), children(verb, "xcomp", "ccomp")
    if children(verb, "aux", "auxpass", "mark") or lemma in _verbs("intransitive"):
        return False
    if controls and not (lemma in _verbs("object_control") and controls[0].tag_ == "VB"):
        return False
    objects = [noun for noun in children(verb, "dobj", "dative", "attr", "oprd")
               if noun.i > verb.i]
    if objects and lemma in _verbs("naming"):  # "Dahl elected mayor", not "Dahl elected a mayor"
        return objects[0].pos_ == "NOUN" and not children(objects[0], "det", "poss")
    return bool(children(verb, *_SUBJECTS)) and not objects


def _is_passive(verb: Token) -> bool:
    if children(verb, "auxpass", "nsubjpass") or _is_headline_passive(verb):
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ == "ccomp" and _lemma(verb.head) in ("have", "get", "want", "see", "order"):
        return not children(verb, "aux", "dobj")  # "had the editor arrested"
    if verb.dep_ == "conj" and not children(verb, "aux", "nsubj"):
        return verb.head.pos_ == "VERB" and _is_passive(verb.head)
    return verb.dep_ in ("acl", "advcl") and not children(verb, "aux", "dobj")


def _subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Return the understood surface subjects of a verb."""
    own = [_antecedent(noun, verb) for noun in children(verb, *_SUBJECTS)]
    if own or depth > 5:
        return own
    head = verb.head
    bare = verb.doc.user_data.get("headline") and head.dep_ == "ROOT" and head.pos_ != "VERB"
    if bare and "to" in [part.lower_ for part in children(verb, "aux")]:
        return [head]  # a headline's future: "Falk to meet Ruiz on Friday"
    if verb.dep_ == "acl":
        return _subjects_beside_noun(verb, depth)
    if verb.dep_ == "pcomp":
        preposition, head = head, head.head
        controlled = f"{_lemma(head)} {preposition.lower_}" in _verbs("object_gerund")
    elif verb.dep_ in ("conj", "xcomp", "advcl", "ccomp", "acomp", "dep", "oprd"):
        controlled = verb.dep_ in ("xcomp", "ccomp") and _lemma(head) in _verbs("object_control")
    else:
        return []
    if verb.dep_ in ("ccomp", "advcl") and verb.finite:
        return []
    objects = children(head, "dobj", "dative") if controlled and not _is_passive(head) else []
    if objects:
        return objects
    return _subjects(head, depth + 1) if head.pos_ in ("VERB", "AUX", "ADJ") else []


def _subjects_beside_noun(verb: Token, depth: int) -> list[Token]:
    """Return the subjects of a participle or an infinitive that hangs on a noun."""
    noun = verb.head
    if "to" not in [part.lower_ for part in children(verb, "aux")]:
        return [noun]
    owners, above = children(noun, "poss"), noun.head
    if owners:
        return owners
    if noun.dep_ == "pobj" and above.lower_ == "in" and above.head.pos_ == "VERB":
        return _subjects(above.head, depth + 1)  # "in order to", "in a bid to"
    if above.dep_ == "agent" and _lemma(above.head) in _verbs("object_control"):
        return _subjects(above.head, depth + 1)  # "was asked by Lee to go"
    if noun.dep_ == "dobj" and _lemma(above) in _ATTEMPTING and not _is_passive(above):
        return _subjects(above, depth + 1)
    return []


def _receivers(verb: Token) -> list[Token]:
    """Return those to whom something is given, told or sent with *to*."""
    given = children(verb, "dative")
    if _lemma(verb) in _verbs("transfer"):
        given = given + children(verb, "prep")
    return _objects_of([word for word in given if word.pos_ == "ADP" and word.lower_ == "to"])


def _own_objects(verb: Token) -> list[Token]:
    """Return the objects that hang on the verb itself, the receiver of what is given too."""
    found = [noun for noun in children(verb, "dobj", "dative") if noun.pos_ != "ADP"]
    # No name but a day's is an adverb, though the parser takes some for one: "visited Greece".
    found += [noun for noun in children(verb, "advmod", "npadvmod") if noun.i > verb.i
              and noun.pos_ == "PROPN" and noun.ent_type_ not in ("DATE", "TIME")]
    return found + _receivers(verb)


def _is_gapped(verb: Token) -> bool:
    """Whether a relative clause leaves its object out: "the man Putin feared"."""
    clause = [word for word in verb.subtree if word.i < verb.i]
    return verb.dep_ == "relcl" and not any(
        word.tag_ in ("WP$", "WRB") or (word.lower_ in _RELATIVE and word.dep_ != "mark"
                                        and word.tag_ in ("WDT", "WP")) for word in clause)


def _objects(verb: Token) -> list[Token]:
    """Return the direct and indirect objects; relative, controlled and shared ones included."""
    found = [_antecedent(noun, verb) for noun in _own_objects(verb)]
    if _lemma(verb) in _verbs("object_control"):
        for clause in children(verb, "ccomp", "xcomp"):
            bare = not any(word.tag_ == "MD" or word.dep_ == "mark" for word in clause.children)
            if bare and clause.tag_ in ("VB", "VBG"):
                found += children(clause, "nsubj")
    gap = not found and not children(verb, "prep", "ccomp", "xcomp")
    if gap and _is_gapped(verb):
        found.append(verb.head)
    elif gap and _lemma(verb) in _TRANSITIVE:  # "threatened and then attacked Greece"
        for other in children(verb, "conj"):
            between = verb.doc[verb.i + 1 : other.i]
            if other.tag_ == verb.tag_ and all(word.dep_ in ("cc", "advmod") for word in between):
                found += _own_objects(other)
    return found


def _agents_by(verb: Token) -> list[Token]:
    """Return the nouns of a passive's by-phrase, also one shared with a later coordinate."""
    found = _objects_of(children(verb, "agent"))
    # "was offered a loan by Germany": the parser may hang the phrase on the loan.
    things = [noun for noun in children(verb, "dobj") if noun.lemma_ not in _NOMINALS]
    found += _objects_of([word for holder in [verb, *things] for word in children(holder, "prep")
                          if word.lower_ == "by"])
    if not found:
        for other in children(verb, "conj"):
            if other.tag_ == "VBN" and not children(other, *_SUBJECTS):
                return _agents_by(other)
    return found


def _targets_of(*words: Token) -> list[Token]:
    prepositions = [child for word in words for child in children(word, "prep", "dative")
                    if child.lower_ in _TARGETS
                    or (child.lower_ == "for" and word.lemma_.lower() in _FOR)]
    return _objects_of(prepositions)


def _verb_act(verb: Token) -> _Act | None:
    """Return the act that a verb names, or None where it names none."""
    lemma = _lemma(verb)
    name = " ".join([lemma, *[part.lower_ for part in children(verb, "prt")]])
    # A verb may only shade the act that it governs: *try to block* is a blocking.
    if name in _verbs("control") | _verbs("negative_control") and any(
            clause.pos_ in ("VERB", "AUX") for clause in children(verb, "xcomp")):
        return None
    act = _Act(verb, name, passive=_is_passive(verb))
    if act.passive:
        act.patients, act.agents = _subjects(verb) + _receivers(verb), _agents_by(verb)
        if lemma in _verbs("reported") and children(verb, "xcomp"):
            act.patients = []  # "is believed to have paid": the paying is the act
        act.agentless = not act.agents and (bool(act.patients) or not children(verb, "xcomp"))
    else:
        act.agents, act.patients = _subjects(verb), _objects(verb)
    theme = act.patients[0] if act.patients else None
    if name in _verbs("light") and theme is not None and theme.lemma_ in _NOMINALS:
        act.verb, act.nominalised = _NOMINALS[theme.lemma_][0], True
        act.patients = [*_targets_of(theme, verb),
                        *_objects_of([of for of in children(theme, "prep") if of.lower_ == "of"])]
        return act
    if lemma in _verbs("stative"):
        return None
    for preposition in children(verb, "prep"):
        phrase = f"{name} {preposition.lower_}"
        bare = act.passive and not children(preposition, "pobj", "pcomp")  # "was relied on"
        if phrase in _verbs("prepositional") and (bare or not act.patients):
            objects = [_antecedent(noun, verb) for noun in _objects_of([preposition])]
            act.verb, act.patients = phrase, act.patients or objects
    if not act.passive and (lemma in _verbs("sufferer")
                            or (lemma in _verbs("undergoer") and not act.patients)):
        act.agents, act.patients = [], act.agents
    return act


def _noun_act(noun: Token) -> _Act | None:
    """Return the act that a noun names with its possessor, of- and by-phrases, or None.

    "Norland's invasion of Greece", "the arrest of Falk by police", "the death of Falk".
    """
    verb, possessor, of_phrase = _NOMINALS[noun.lemma_.lower()]
    owners = [child for child in noun.children
              if child.dep_ in ("poss", "amod", "nmod") and child.pos_ in ("PROPN", "NOUN", "ADJ",
                                                                            "PRON")]
    agents = _objects_of([word for word in children(noun, "prep", "agent")
                          if word.lower_ == "by"])
    of_nouns = _objects_of([word for word in children(noun, "prep") if word.lower_ == "of"])
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
    """Return the acts of a paragraph; in "police made an arrest" there is one."""
    found, light = [], set()
    for token in doc:
        if token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ not in ("aux", "auxpass")):
            act = _verb_act(token)
            if act is not None:
                found.append(act)
                if act.nominalised:
                    light.update(word.i for word in children(token, "dobj", "nsubjpass"))
    for token in doc:
        if token.pos_ == "NOUN" and token.lemma_.lower() in _NOMINALS and token.i not in light:
            act = _noun_act(token)
            if act is not None:
                found.append(act)
    return found


def _names_nobody(noun: Token) -> bool:
    """“No pupils fell or were hurt”, “neither side fired”, “nobody was fined”: nothing happened."""
    return noun.lower_ in ("nobody", "none", "neither", "nothing") or any(
        mark.lower_ in ("no", "neither") for mark in children(noun, "det", "preconj"))


def _left_undone(word: Token) -> bool:
    """“Far from apologising, the firm …”, “without warning the town”, “instead of paying them”."""
    before = word.head
    near = [before.head.lower_, *(mark.lower_ for mark in children(before, "advmod"))]
    return word.dep_ == "pcomp" and (before.lower_ == "without" or (
        before.lower_ == "from" and "far" in near) or (before.lower_ == "of" and "instead" in near))


def _modality(word: Token) -> tuple[str, bool]:
    """Return the word that makes an act unreal ("" where none does), and whether it is negated."""
    modal, negated = "", bool(children(word, "neg")) or _left_undone(word)
    verb = word
    for _ in range(4):
        negated ^= any(_names_nobody(noun) for noun in children(verb, *_SUBJECTS))
        own = [part.lemma_.lower() for part in children(verb, "aux") if part.tag_ == "MD"]
        own += [mark.lower_ for mark in children(verb, "mark") if mark.lower_ in ("if", "unless")]
        modal = modal or (own[0] if own else "")
        if verb.dep_ == "conj" and not children(verb, "aux", *_SUBJECTS):
            either = any(mark.lower_ in ("or", "nor") for mark in children(verb.head, "cc"))
            verb = verb.head
            negated |= either and bool(children(verb, "neg"))  # “did not fall or crack”
        elif verb.dep_ in ("xcomp", "acl", "ccomp", "pcomp") and not verb.finite:
            # “is capable of delivering warheads”, “was accused of lying”, “kept from voting”
            verb = verb.head.head if verb.dep_ == "pcomp" else verb.head
            lemma = _lemma(verb)
            if lemma in _verbs("modal"):
                modal = modal or lemma
            negated ^= lemma in _verbs("negative_control")
            able = verb.dep_ == "acomp" and lemma in _verbs("modal")  # “is not able to”
            negated ^= bool(children(verb.head if able else verb, "neg"))
        else:
            break
    return modal, negated


def _beside(act: _Act) -> set[int]:
    return {token.i for noun in act.agents + act.patients for token in _with_conjuncts(noun)}


def _above(act: _Act) -> list[Token]:
    """Return the subjects of the clauses that govern an act's own, or open its sentence."""
    clauses = [word for word in act.word.ancestors if word.pos_ in ("VERB", "AUX")]
    clauses += [word for word in children(act.word, "advcl") if word.i < act.word.i]
    return [noun for clause in clauses for noun in _subjects(clause)]


def _fillers(parsed: Parsed, place: int, nouns: list[Token], act: _Act,
             names: dict[tuple[int, int], Name]) -> list[Name]:
    """Return the actors behind nouns: two in "Ruiz and Dahl met", one in "the mayor, Ruiz, left".
    """
    found = []
    for token in [token for noun in nouns for token in _with_conjuncts(noun)]:
        if token.dep_ == "appos" and (place, token.head.i) in names:
            continue
        name = names.get((place, token.i))
        doers = [names.get((place, noun.i)) for noun in act.agents]
        if name is None and token.lower_ == "itself" and len(doers) == 1 and doers[0]:
            name = replace(doers[0], start=parsed.start(token), end=parsed.end(token),
                           form="pronoun")
        elif name is None and token.pos_ == "PRON":
            name = resolve(parsed, place, token, _beside(act), _above(act), names)
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
