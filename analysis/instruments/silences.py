"""Who was asked and gave no words: declined to comment, did not respond, could not be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.corpus.language import listed
from analysis.corpus.tokens import Doc, Token, children, subject_of

_MAY = re.compile(r"declin|refus|comment|respon|repl|reach|n[o’']t\b|never", re.I)
_REFUSE = {"decline", "refuse"}
_SAY, _ASKED, _WITHHOLD = map(listed, ("withheld saying", "asked for", "withhold"))
_GIVE = {"provide", "give", "offer", "make", "grant", "do"}
_LEAVES = {"conj", "cc", "advcl", "punct", "relcl", "parataxis", "appos", "mark", "nsubj",
           "npadvmod", "nsubjpass", "csubj", "dep", "meta"}
_BUT = {"aside", "apart", "except", "besides", "beyond"}
_WH = {"whether", "if", "what", "who", "when", "where", "why", "how", "which"}


def _asked(token: Token) -> bool:
    """Whether the words below a verb are a request: *to requests for comment*."""
    return any(word.lemma_.lower() in _ASKED for word in token.subtree if word.i > token.i)


def _is_silence(verb: Token) -> bool:
    """Whether a verb refuses words."""
    lemma = verb.lemma_.lower()
    negated = bool(children(verb, "neg")) or any(
        child.lower_ == "no" for word in children(verb, "dobj") for child in word.children)
    if lemma in _REFUSE:  # "declined to comment", "refused an interview"; not "refused to yield"
        below = children(verb, "xcomp")
        return any(word.lemma_ in _SAY or (word.lemma_ in _GIVE and _asked(word))
                   for word in below) or (not below and any(word.lemma_ in ("comment", "interview")
                                  for word in children(verb, "dobj", "ccomp", "oprd")))
    if not negated:
        return False
    helped = {word.lower_ for word in children(verb, "aux")}
    if lemma in ("respond", "reply", "answer", "return") and not helped & {"can", "ca", "could"}:
        # "did not return calls"
        objects = [word for word in verb.children if word.dep_ in ("prep", "dobj", "dative")
                   and word.lower_ not in ("by", "on", "for", "in", "at")]
        return _asked(verb) or (not objects and lemma != "return")
    if lemma == "say":  # "would not say whether"; "did not say that" reports nothing at all
        told = children(verb, "ccomp")
        opening = {word.lower_ for clause in told for word in clause.subtree if word.i <= clause.i}
        return bool(opening & _WH) or (not told and bool(helped & {"would", "will", "wo"})
                                       and not children(verb, "dobj", "prep"))
    if lemma in _WITHHOLD:
        return lemma == "comment" or bool(helped & {"did", "would", "will", "do", "does", "wo"})
    if lemma == "reach":  # "could not be reached"; "Norwire could not reach Reed for comment"
        return bool(helped & {"could", "can"}) and bool(children(verb, "auxpass") or _asked(verb))
    if lemma in ("have", "offer", "make", "give"):
        return any(word.lemma_ == "comment" for word in children(verb, "dobj"))
    return lemma == "be" and any(word.lower_ in ("available", "reachable") and _asked(word)
                                 for word in children(verb, "acomp"))


def _end(token: Token) -> int:
    """Return where a refusal ends: "declined to comment | , saying that the case was open".

    And "refused to discuss names | , aside from saying that he wanted a nurse".
    """
    end = token.i
    for child in token.children:
        if child.i > token.i and child.dep_ not in _LEAVES and child.left_edge.i <= end + 4 \
                and child.lower_ not in _BUT:
            end = max(end, _end(child))
    return end


def _subject(verb: Token) -> Token | None:
    """Return who refuses: Reed in "Reed was asked to speak but declined to comment".

    Of "Norwire could not reach Reed" it is who was not reached.
    """
    if verb.lemma_ == "reach" and not children(verb, "auxpass"):
        return next(iter(children(verb, "dobj")), None)
    subject, verb = subject_of(verb, "conj", "xcomp", "advcl")
    return verb.head if subject is None and verb.dep_ in ("acl", "relcl") else subject


def find_silences(doc: Doc) -> Iterator[tuple[Token, int, int, Token | None]]:
    """Yield each refusal of a paragraph: its verb, first and last token, and who refuses."""
    if not _MAY.search(doc.text):
        return
    for verb in doc:
        if verb.pos_ in ("VERB", "AUX") and _is_silence(verb):
            helpers = [word.i for word in children(verb, "aux", "auxpass", "neg")
                       if word.i < verb.i]
            yield verb, min([*helpers, verb.i]), _end(verb), _subject(verb)
