"""A paragraph's tokens as plain lists, and what may be content or speaker of a cue in it.

The proposals come from the parse, from punctuation and from quotation marks; `attribution_model`
chooses among them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING

from analysis.corpus.language import listed
from analysis.instruments.persons import DATELINE

if TYPE_CHECKING:
    from analysis.corpus.tokens import Doc

Span = tuple[int, int]  # first token, last token + 1
REACH = 250  # tokens on either side of a cue that its sentence is followed
MOST_QUOTES = 12  # quotations that one content may be made of
_NOMINAL = {"NOUN", "PROPN", "PRON", "DET", "NUM", "ADJ"}
_ARGS = {"dobj", "xcomp", "ccomp", "oprd", "prep", "dative", "acomp", "attr", "advcl", "advmod",
         "pobj", "acl", "relcl", "pcomp", "obj"}
_CLAUSAL = {"ccomp", "xcomp", "dobj", "pcomp", "acl", "relcl", "advcl", "oprd", "attr", "acomp",
            "dative", "nsubjpass", "csubj", "parataxis", "obl"}
_DEEPER = ("dobj", "xcomp", "attr", "acomp", "oprd")
_SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"}
_LONG = {"ccomp", "dobj", "xcomp", "hull", "prep>pobj", "hull2", "nsubjpass"}
_NAMES = ("PERSON", "ORG", "GPE", "NORP")
NEAR = 8  # tokens after a cue in which its speaker's name may stand
_RAISING = {"seem", "appear", "look", "sound", "prove", "remain"}
PUNCT_CUES = {":"}
# New Delhi: The vote ; Lucknow, May 3: The vote ; New Delhi [India], May 3 (ANI): The vote
_PLACE = re.compile(r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}(?P<sure>(?: \[[^\]\n]{2,20}\])?"
                    r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \([A-Z][\w/ ]{1,12}\))?): "
                    r"(?=[A-Z“\"‘'])")
_OBJECTS = {"me", "him", "us", "them", "you", "her"}
_OTHERS_SAY = listed("others say")
_TOLD = {"tell", "ask", "remind", "inform", "assure", "warn"}


class View:
    """A paragraph's tokens as plain lists, with the quotations that they stand in."""

    def __init__(self, doc: Doc, quotations: Iterable[Span]) -> None:
        self.doc, self.count = doc, (count := len(doc))
        self.head, self.dep, self.pos, self.tag = doc.head, doc.dep, doc.pos, doc.tag
        self.lemma = [lemma.lower() for lemma in doc.lemma]
        self.lower, self.ent, self.start, self.end = doc.lower, doc.ent, doc.start, doc.end
        self.kids, self.left, self.right = doc.kids, doc.left, doc.right
        dateline = DATELINE.match(doc.text) or _PLACE.match(doc.text)
        if dateline and dateline.re is _PLACE and not dateline["sure"] \
                and not (count and self.ent[0] == "GPE"):
            dateline = None
        self.body = bisect.bisect_left(self.start, dateline.end()) if dateline else 0
        self.low, self.high = [0] * count, [count] * count
        for low, high in zip(doc.opens, [*doc.opens[1:], count], strict=True):
            self.low[low:high] = [low] * (high - low)
            self.high[low:high] = [high] * (high - low)
        self.quotes: list[Span] = []
        self.quote = [-1] * count
        for first, last in quotations:
            low = bisect.bisect_left(self.start, first)
            high = bisect.bisect_left(self.start, last)
            if low < high:
                self.quote[low:high] = [len(self.quotes)] * (high - low)
                self.quotes.append((low, high))
        finite = ("VBD", "VBZ", "VBP", "MD")
        self._quoted = [0, *accumulate(row >= 0 for row in self.quote)]
        self._finite = [0, *accumulate(tag in finite for tag in self.tag)]
        self._commas = [0, *accumulate(word == "," for word in self.lower)]

    def quoted(self, low: int, high: int) -> int:
        """Return how many tokens of a span stand in quotation marks."""
        return self._quoted[high] - self._quoted[low]

    def finite(self, low: int, high: int) -> bool:
        """Whether a span holds a finite verb."""
        return self._finite[high] > self._finite[low]

    def commas(self, low: int, high: int) -> int:
        """Return how many commas a span holds."""
        return self._commas[high] - self._commas[low]

    def quotes_in(self, low: int, high: int) -> list[Span]:
        """Return the quotations that share a token with a span."""
        first = bisect.bisect_right(self.quotes, low, key=lambda span: span[1])
        last = bisect.bisect_left(self.quotes, high, key=lambda span: span[0])
        return self.quotes[first:last]

    def is_punct(self, i: int) -> bool:
        return self.pos[i] in ("PUNCT", "SPACE", "SYM") and self.lower[i] not in "$%#"

    def trim(self, low: int, high: int) -> Span:
        """Return the span without outer punctuation, quotation marks kept."""
        while low < high and self.is_punct(low) and self.lower[low] not in ('"', "''", "``", "(") \
                and not self._at_edge(low, 0):
            low += 1
        while high > low and self.is_punct(high - 1) and not self._at_edge(high - 1, 1):
            if self.lower[high - 1] == ")" and "(" in self.lower[low:high]:
                break
            high -= 1
        return low, high

    def _at_edge(self, i: int, side: int) -> bool:
        """Whether a mark opens (side 0) or closes (1) the quotation in which it stands."""
        row = self.quote[i]
        return row >= 0 and self.quotes[row][side] == i + side

    def whole(self, low: int, high: int, cue: int) -> Span:
        """Return the span, or the whole quotation that it is a piece of, cue left outside."""
        row = self.quote[low] if low < high else -1
        if row < 0 or self.quote[high - 1] != row or self.quote[cue] == row:
            return low, high
        return self.quotes[row]

    def with_marks(self, low: int, high: int) -> Span:
        """Return the span with the marks, and the stop before them, of quotations that it holds."""
        row = self.quote[high - 1]
        if row >= 0 and low <= self.quotes[row][0] + 1:
            end = self.quotes[row][1]
            high = end if all(self.is_punct(j) for j in range(high, end)) else high
        row = self.quote[low]
        if row >= 0 and self.quotes[row][1] <= high:
            start = self.quotes[row][0]
            low = start if all(self.is_punct(j) for j in range(start, low)) else low
        return low, high

    def child(self, i: int, *deps: str) -> int:
        for kid in self.kids[i]:
            if self.dep[kid] in deps:
                return kid
        return -1

    def below(self, i: int) -> Span:
        """Return the stretch of all that hangs on a token."""
        return self.left[i], self.right[i] + 1

    def chars(self, low: int, high: int) -> tuple[int, int]:
        """Return a span in code points of the article."""
        base = self.doc.user_data["start"]
        return base + self.start[low], base + self.end[high - 1]


# ---- contents ----------------------------------------------------------------------------------

def _clause(view: View, i: int) -> Span:
    """Return the cue's own clause: the cue, its subject beside it, and what stands close."""
    low, high = i, i + 1
    for kid in view.kids[i]:
        if kid < view.body:
            continue  # New Delhi: The vote is off, Minister Das said
        own = view.dep[kid] in _SUBJECTS or view.dep[kid] in ("aux", "auxpass", "neg", "prt")
        if own and view.right[kid] - view.left[kid] < 40:
            low, high = min(low, view.left[kid]), max(high, view.right[kid] + 1)
    if view.lower[i] == "according":
        high = max(high, view.right[i] + 1)
    return low, high


def _stop(view: View, high: int, limit: int) -> int:
    """Return the first token from ``high`` on that ends a cue's clause: a comma, a mark."""
    while high < limit and not (view.is_punct(high) and view.lower[high] not in "-'()"):
        if view.quote[high] >= 0:
            break
        high += 1
    return high


def _followers(view: View, end: int) -> list[Span]:
    """Return the quotations that go on after a sentence's end with nothing else between."""
    found: list[Span] = []
    while end < view.count and len(found) < MOST_QUOTES:
        while end < view.count and (view.pos[end] == "SPACE" or view.lower[end] in ".,"):
            end += 1
        row = view.quote[end] if end < view.count else -1
        if row < 0 or view.quotes[row][0] != end:
            break
        low, high = view.quotes[row]
        inner = view.lower[high - 2] if high - low > 2 else ""
        if inner not in (".", "?", "!", "...", "…", "--") and high < view.count:
            break
        found.append((low, high))
        end = high
    return found


class _Proposals:
    """The candidate contents of one cue, each with the names of the rules that propose it."""

    def __init__(self, view: View, i: int) -> None:
        self.view, self.i = view, i
        self.found: dict[tuple[Span, ...], list[str]] = {}

    def add(self, name: str, *spans: Span) -> None:
        """Propose the spans as one content, trimmed; and, of long ones, what their cuts leave."""
        parts = []
        for first, last in spans:
            first, last = self._trimmed(first, last)
            if first >= last or first <= self.i < last or last - first > 4 * REACH \
                    or (len(spans) == 1 and self._says_nothing(first, last)):
                return
            parts.append((first, last))
        names = self.found.setdefault(tuple(sorted(parts)), [])
        if name not in names:
            names.append(name)
        if name in _LONG and len(parts) == 1 and parts[0][1] - parts[0][0] > 3:
            for cut, place in _cuts(self.view, *parts[0]):
                self.add(f"{name}<{cut}", (parts[0][0], place))

    def below(self, name: str, kid: int) -> None:
        """Propose all that hangs on a word."""
        self.add(name, self.view.below(kid))

    def object_of(self, name: str, preposition: int) -> None:
        """Propose what a preposition governs: "spoke about the bridge"."""
        inner = self.view.child(preposition, "pobj", "pcomp")
        if inner >= 0:
            self.below(name, inner)

    def _trimmed(self, first: int, last: int) -> Span:
        view, i = self.view, self.i
        last = _before_other(view, first, last)
        first, last = view.whole(*view.trim(max(first, view.body), last), i)
        if last - first > 1 and view.tag[first] == "PRP" and view.lower[first] in _OBJECTS \
                and view.lemma[i] in _TOLD and view.head[first] == i:
            first += 1  # told me I “shouldn’t walk there”
        while last > first + 1 and view.lower[last - 1] in ("but", "and", "while", "whereas"):
            last -= 1  # Moscow says the talks succeeded but
        return first, last

    def _says_nothing(self, first: int, last: int) -> bool:
        """Whether a stretch is no content: "asked him", "said on Monday"."""
        view, i = self.view, self.i
        asked = last - first == 1 and view.lower[first] in _OBJECTS and view.pos[i] == "VERB" \
            and view.lemma[i] in _TOLD
        return asked or all(view.ent[j] in ("DATE", "TIME") or view.pos[j] == "ADP"
                            for j in range(first, last))


def contents(view: View, i: int) -> dict[tuple[Span, ...], list[str]]:
    """Return candidate contents of a cue, each with the names of the rules that propose it.

    The names are those of the weights in ``data/models``.
    """
    out = _Proposals(view, i)
    _from_arguments(out)
    _from_subject(out)
    _from_head(out)
    low, high = max(view.low[i], i - REACH), min(view.high[i], i + REACH)
    row = view.quote[i]
    if row >= 0 and view.quotes[row][1] - view.quotes[row][0] > 3:  # stay inside the quotation
        low, high = max(low, view.quotes[row][0] + 1), min(high, view.quotes[row][1] - 1)
    clause = _clause(view, i)
    _from_order(out, low, high, clause)
    if row < 0 and view.quotes:
        _from_quotes(out, low, high, clause)
    return out.found


def _from_order(out: _Proposals, low: int, high: int, clause: Span) -> None:
    """Propose what stands before and after the cue's clause, whatever the parser makes of it."""
    view, i = out.view, out.i
    first, after = clause
    stop = _stop(view, after, high)
    out.add("right", (after, high))  # Reed said | the bridge was shut
    following = i + 1
    while following < high and view.head[following] == i and view.dep[following] == "prt":
        following += 1
    out.add("after", (following, high))  # pointed out | the bridge was shut
    for j in range(after, high):  # Reed said on Monday in Hillford | that the bridge was shut
        if view.lower[j] == "that" and view.tag[j] == "IN" and view.quote[j] == view.quote[i]:
            out.add("that", (j, high))
            break
    if stop < high:
        out.add("rest", (stop, high))  # Reed said in Hillford, | the bridge was shut
        out.add("middle", (after, stop))  # Reed said | the bridge was shut, | and left
    if first > low:
        out.add("left", (low, first))  # The bridge was shut, | Reed said
        if stop < high:
            out.add("around", (low, first), (stop, high))  # The bridge, | Reed said, | was shut
        comma = first - 1
        while comma > low and not (view.lower[comma] in ",;" and comma < first - 1):
            comma -= 1
        if comma > low:
            out.add("leftcomma", (comma, first))  # It rained, | the bridge was shut, | Reed said
    if view.lower[i] in PUNCT_CUES:
        out.add("to_end", (i + 1, view.count))  # Reed: | The bridge is shut. It is old.


def _before_other(view: View, low: int, high: int) -> int:
    """Return where a content ends because somebody else begins to speak.

    "Reed said the bridge was safe but Berg said it was a wreck."
    """
    for j in range(low + 2, min(high, low + REACH)):
        if view.lower[j] not in ("but", "whereas") or view.quote[j] >= 0:
            continue
        for k in range(j + 2, min(high, j + 9)):
            if view.is_punct(k):
                break
            if view.lemma[k] in _OTHERS_SAY and view.tag[k] in ("VBD", "VBZ", "VBP"):
                return j
    return high


def _cuts(view: View, low: int, high: int) -> Iterable[tuple[str, int]]:
    """Return places where a content may end before its phrase does, by what begins there."""
    found: dict[str, int] = {}
    top = low
    while low <= view.head[top] < high and view.head[top] != top:
        top = view.head[top]
    if view.pos[top] in ("NOUN", "PROPN", "PRON") and top + 1 < high:
        found["core"] = top + 1  # voiced | concern | over the bridge
    for j in range(low + 1, min(high - 1, low + REACH)):
        if view.quote[j] >= 0 and view.quote[j] == view.quote[low]:
            continue
        if view.lower[j] == ",":
            found.setdefault("comma", j)  # said it was old | , and sat down, smiling
            found["last comma"] = j  # said it was old, and unsafe | , smiling
        elif view.dep[j] == "cc" and view.pos[view.head[j]] in ("VERB", "AUX"):
            found.setdefault("and", j)  # said it was old | and left
        elif view.dep[j] in ("advcl", "relcl", "acl") and view.left[j] > low:
            found.setdefault(view.dep[j], view.left[j])  # said it was old | when asked
    return found.items()


def _from_arguments(out: _Proposals) -> None:
    """Propose what hangs on the cue, alone and together."""
    view, i = out.view, out.i
    for kid in view.kids[i]:
        dep = view.dep[kid]
        if dep in _CLAUSAL:
            out.below(dep, kid)  # said | the bridge was shut (ccomp); blamed | the rain (dobj)
            for grand in view.kids[kid] if dep in _DEEPER else ():
                if view.dep[grand] in ("dobj", "prep", "acl", "ccomp", "xcomp", "relcl"):
                    out.below(f"{dep}>{view.dep[grand]}", grand)  # voiced hope | that it opens
                    if view.dep[grand] == "prep":
                        out.object_of(f"{dep}>prep>pobj", grand)  # denied talk of | a closure
        elif dep in ("prep", "agent", "dative") and view.lower[kid] != "by":
            out.below("prep", kid)  # spoke | about the bridge
            out.object_of("prep>pobj", kid)  # spoke about | the bridge
        elif dep == "conj" and view.pos[kid] == "VERB":
            for grand in view.kids[kid]:  # turned and said | the bridge was shut
                if view.dep[grand] in ("dobj", "ccomp", "xcomp"):
                    out.below("conj>" + view.dep[grand], grand)
    args = _arguments(view, i)
    if len(args) > 1:
        last = view.right[args[-1]] + 1
        out.add("hull", (view.left[args[0]], last))  # called | the bridge a wreck
        out.add("hull2", (view.left[args[1]], last))  # told Berg | the bridge was shut
        out.add("hullfirst", (view.left[args[0]], view.right[args[1]] + 1))


def _arguments(view: View, i: int) -> list[int]:
    return [kid for kid in view.kids[i] if kid > i and view.dep[kid] in _ARGS]


def _from_subject(out: _Proposals) -> None:
    """Propose a subject of whom something is said: "The bridge | is believed | to be safe"."""
    view, i = out.view, out.i
    subject = view.child(i, "nsubjpass", "nsubj")
    raised = subject >= 0 and (view.dep[subject] == "nsubjpass" or view.lemma[i] in _RAISING)
    if raised and view.right[subject] < i:
        args = _arguments(view, i)
        out.below("subject", subject)
        if args:
            whole = view.left[args[0]], view.right[args[-1]] + 1
            out.add("raised", view.below(subject), whole)
            out.add("raised1", view.below(subject), view.below(args[0]))


def _from_head(out: _Proposals) -> None:
    """Propose what the cue hangs on: "the | alleged | thief", "The bridge, according to Reed,"."""
    view, i = out.view, out.i
    head, dep = view.head[i], view.dep[i]
    if dep in ("acl", "relcl", "amod") and head != i:
        out.add("modified", (view.left[head], i) if head < i else (i + 1, head + 1))
        if head < i:
            out.add("modified1", (view.left[head], head + 1))  # the plan | proposed by Reed
    elif dep in ("advmod", "prep", "advcl", "parataxis", "ccomp", "npadvmod") and head != i:
        first, last = view.below(head)
        own_first, own_last = (i, i + 1) if dep == "advmod" else view.below(i)
        if own_last < last and first < own_first:
            out.add("split", (first, own_first), (own_last, last))  # It is, he says, old
        elif own_last >= last:
            out.add("headleft", (first, own_first))  # It is old, | according to Reed
        else:
            out.add("headright", (own_last, last))  # According to Reed, | it is old
        if own_last < view.right[head] + 1:
            out.add("own_right", (own_last, view.right[head] + 1))
    elif dep == "compound" and head > i:
        out.add("compound", (i + 1, head + 1))  # protest | march
    if view.pos[i] == "NOUN" and dep in ("dobj", "nsubj", "attr", "pobj", "nsubjpass"):
        for kid in view.kids[head]:  # made the claim in May | that it was safe
            if kid > i and view.dep[kid] in ("ccomp", "prep", "xcomp", "acl"):
                out.below("uncle_" + view.dep[kid], kid)
                out.object_of("uncle_pobj", kid)


def _from_quotes(out: _Proposals, low: int, high: int, clause: Span) -> None:
    """Propose quotations beside the cue, alone, together, and with those that go on.

    “It is old,” Reed said. “It must go.”
    """
    view, i = out.view, out.i
    near = view.quotes_in(low, high)
    before = [span for span in near if span[1] <= clause[0]][-1:]
    if not before and low and view.quote[low - 1] >= 0:  # the mark closes a sentence before
        span = view.quotes[view.quote[low - 1]]
        before = [span] if span[1] == low and clause[0] - low < 4 else []
    inside = [span for span in near if clause[1] <= span[0]]
    after = inside[:1]
    chain = _followers(view, max([high] + [span[1] for span in inside]))
    for name, spans in (("q_before", before), ("q_after", after), ("q_both", before + after),
                        ("q_all", near[:MOST_QUOTES])):
        if spans and not any(first <= i < end for first, end in spans):
            out.add(name, *spans)
            if chain:
                out.add(name + "+", *spans, *chain)
    if chain:
        out.add("chain", *chain)
        if clause[0] > low:
            out.add("left+", (low, clause[0]), *chain)
            stop = _stop(view, clause[1], high)
            if stop < high:
                out.add("around+", (low, clause[0]), (stop, high), *chain)
        out.add("right+", (clause[1], high), *chain)
    if after and after[0][1] >= high:  # Reed said: “It is old. It must | go.”
        out.add("q_run", (clause[1], after[0][1]), *_followers(view, after[0][1]))
    if before and before[0][0] < low:  # “It is old. It must go,” Reed said
        out.add("run_before", (before[0][0], clause[0]))


# ---- speakers ----------------------------------------------------------------------------------

class _Offers:
    """The candidate speakers of one cue, by head token, each with its path from the cue."""

    def __init__(self, view: View, i: int) -> None:
        self.view, self.i = view, i
        self.found: dict[int, str] = {}

    def offer(self, token: int, path: str) -> None:
        view = self.view
        if token >= 0 and token != self.i and view.pos[token] in _NOMINAL \
                and token not in self.found and not token < view.body:
            self.found[token] = path

    def below(self, token: int, path: str, skip: int) -> None:
        """Offer what hangs on a word, with its owner: "Reed's spokesman said"."""
        view = self.view
        for kid in view.kids[token]:
            dep = view.dep[kid]
            if kid == skip:
                continue
            if dep in ("agent", "prep"):  # according to Reed; called off by Reed
                self.offer(view.child(kid, "pobj"), f"{path}{view.lower[kid]}>pobj")
            elif dep not in ("advcl", "punct", "det", "nummod", "compound", "relcl", "acl"):
                self.offer(kid, path + dep)
                if dep in ("dobj", "attr", "nsubj", "pobj", "npadvmod"):
                    self.offer(view.child(kid, "poss"), f"{path}{dep}>poss")
                    if view.pos[self.i] == "NOUN" or dep == "nsubj":  # a report by Reed says
                        for preposition in view.kids[kid]:
                            if view.dep[preposition] == "prep":
                                self.offer(view.child(preposition, "pobj"),
                                           f"{path}{dep}>{view.lower[preposition]}>pobj")


def speakers(view: View, i: int) -> dict[int, str]:
    """Return candidate speakers of a cue, by head token, each with its path from the cue.

    A token is known by the path on which it was offered first.
    """
    out = _Offers(view, i)
    out.below(i, "", -1)
    token, path = i, ""
    for _ in range(6):  # Reed turned to Berg, paused and said
        head = view.head[token]
        if head == token:
            break
        path += "^" + view.dep[token]
        out.offer(head, path)
        out.below(head, path + ">", token)
        token = head
    for path, token in _names_near(view, i):
        out.offer(token, path)
    if view.pos[i] == "PUNCT":  # “It is old.” — Tom Reed
        low = view.low[i]
        for j in range(i - 1, max(low, i - 12) - 1, -1):
            if view.head[j] >= i or view.head[j] < low or view.head[j] == j:
                out.offer(j, "leftroot")
        for j in range(i + 1, min(view.count, i + 8)):
            if view.head[j] <= i or view.head[j] == j:
                out.offer(j, "rightroot")
    return out.found


def _names_near(view: View, i: int) -> Iterable[tuple[str, int]]:
    """Yield names close to a cue, which the parser may have hung elsewhere, by where they stand.

    The first of the sentence, the last before the cue, and the next one; each by its last word:
    "Reed, whom Berg has never liked, said", "“It is old,” said an angry Tom Reed".
    """
    def last(j: int) -> int:
        while j + 1 < view.high[i] and view.ent[j + 1] == view.ent[j] and view.tag[j + 1] != "POS":
            j += 1
        return j

    def is_name(j: int) -> bool:
        return view.ent[j] in _NAMES and view.tag[j] != "POS" and view.quote[j] == view.quote[i]

    low, high = max(view.low[i], i - REACH), min(view.high[i], i + NEAR)
    before = [j for j in range(low, i) if is_name(j)]
    if before:
        yield "first name", last(before[0])
        yield "name before", before[-1]
    after = next((j for j in range(i + 1, high) if is_name(j)), None)
    if after is not None:
        yield "name after", last(after)
