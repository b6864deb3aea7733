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

if TYPE_CHECKING:
    from spacy.tokens import Doc

Span = tuple[int, int]  # first token, last token + 1
REACH = 250  # tokens on either side of a cue that its sentence is followed
MOST_QUOTES = 12  # quotations that one content may be made of
_NOMINAL = {"NOUN", "PROPN", "PRON", "DET", "NUM", "ADJ"}
_ARGS = {"dobj", "xcomp", "ccomp", "oprd", "prep", "dative", "acomp", "attr", "advcl", "advmod",
         "pobj", "acl", "relcl", "pcomp", "obj"}
_CLAUSAL = {"ccomp", "xcomp", "dobj", "pcomp", "acl", "relcl", "advcl", "oprd", "attr", "acomp",
            "dative", "nsubjpass", "csubj", "parataxis", "obl"}
_SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"}
_LONG = {"ccomp", "dobj", "xcomp", "hull", "prep>pobj", "hull2", "nsubjpass"}
_NAMES = ("PERSON", "ORG", "GPE", "NORP")
NEAR = 8  # tokens after a cue in which its speaker's name may stand
_RAISING = {"seem", "appear", "look", "sound", "prove", "remain"}
PUNCT_CUES = {":"}
# RENO, Nev. (AP) — The vote
_DATELINE = re.compile(r"[A-Z][A-Z.'’-]{2,}(?:[ ,]+[A-Z][\w.'’]*)*(?:,? \([^()\n]{2,30}\))?"
                       r"\s?(?:--?|–|—)\s+(?=[\"'A-Z\d])")
# New Delhi: The vote ; Lucknow, May 3: The vote ; New Delhi [India], May 3 (ANI): The vote
_PLACE = re.compile(r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}(?P<sure>(?: \[[^\]\n]{2,20}\])?"
                    r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \([A-Z][\w/ ]{1,12}\))?): "
                    r"(?=[A-Z“\"‘'])")
_OBJECTS = {"me", "him", "us", "them", "you", "her"}
_OTHERS_SAY = {"say", "tell", "claim", "argue", "insist", "warn", "add", "deny", "maintain",
               "counter", "respond", "reply", "note", "believe", "contend"}
_TOLD = {"tell", "ask", "remind", "inform", "assure", "warn"}


class View:
    """A paragraph's tokens as plain lists: many times faster to walk than spaCy's objects."""

    def __init__(self, doc: Doc, quotations: Iterable[Span]) -> None:
        table = doc.to_array(["HEAD", "DEP", "POS", "TAG", "LEMMA", "LOWER", "ENT_TYPE",
                              "SENT_START", "LENGTH", "SPACY"]).astype("int64")
        count = len(doc)
        self.count = count
        strings = doc.vocab.strings
        known: dict[int, str] = {}

        def words(column: int) -> list[str]:
            found = []
            for key in table[:, column].astype("uint64").tolist():
                if key not in known:
                    known[key] = strings[key] if key else ""
                found.append(known[key])
            return found

        self.head = [i + offset for i, offset in enumerate(table[:, 0].tolist())]
        self.dep, self.pos, self.tag = words(1), words(2), words(3)
        self.lemma, self.lower, self.ent = words(4), words(5), words(6)
        self.lemma = [lemma.lower() for lemma in self.lemma]
        lengths, spaces = table[:, 8].tolist(), table[:, 9].tolist()
        self.start, self.end, at = [], [], 0
        for length, space in zip(lengths, spaces, strict=True):
            self.start.append(at)
            self.end.append(at + length)
            at += length + space
        dateline = _DATELINE.match(doc.text) or _PLACE.match(doc.text)
        if dateline and dateline.re is _PLACE and not dateline["sure"] \
                and not (count and self.ent[0] == "GPE"):
            dateline = None
        self.body = bisect.bisect_left(self.start, dateline.end()) if dateline else 0
        self.kids: list[list[int]] = [[] for _ in range(count)]
        self.left, self.right = list(range(count)), list(range(count))
        for i, head in enumerate(self.head):
            if head != i:
                self.kids[head].append(i)
            j = i
            while self.head[j] != j and self.left[self.head[j]] > i:
                j = self.head[j]
                self.left[j] = i
        for i in range(count - 1, -1, -1):
            j = i
            while self.head[j] != j and self.right[self.head[j]] < i:
                j = self.head[j]
                self.right[j] = i
        self.low, self.high = [0] * count, [count] * count
        starts = [i for i, flag in enumerate(table[:, 7].tolist()) if flag == 1 or i == 0]
        for low, high in zip(starts, [*starts[1:], count], strict=True):
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
                and not self._opens(low):
            low += 1
        while high > low and self.is_punct(high - 1) and not self._closes(high - 1, low):
            if self.lower[high - 1] == ")" and "(" in self.lower[low:high]:
                break
            high -= 1
        return low, high

    def _opens(self, i: int) -> bool:
        """Whether a mark opens a quotation."""
        row = self.quote[i]
        return row >= 0 and self.quotes[row][0] == i

    def _closes(self, i: int, low: int) -> bool:
        """Whether a final mark belongs to the span: it closes a quotation begun inside."""
        row = self.quote[i]
        return row >= 0 and self.quotes[row][1] == i + 1

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

    def chars(self, parts: Iterable[Span]) -> list[tuple[int, int]]:
        return [(self.start[low], self.end[high - 1]) for low, high in parts]


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


def contents(view: View, i: int) -> dict[tuple[Span, ...], list[str]]:
    """Return candidate contents of a cue, each with the names of the rules that propose it.

    Long, and kept whole: each line is one proposal, named as its weights in ``data/models`` are.
    """
    found: dict[tuple[Span, ...], list[str]] = {}
    low, high = max(view.low[i], i - REACH), min(view.high[i], i + REACH)

    def add(name: str, *spans: Span) -> None:
        parts = []
        for first, last in spans:
            last = _before_other(view, first, last)
            first, last = view.whole(*view.trim(max(first, view.body), last), i)
            if last - first > 1 and view.tag[first] == "PRP" and view.lower[first] in _OBJECTS \
                    and view.lemma[i] in _TOLD and view.head[first] == i:
                first += 1  # told me I “shouldn’t walk there”
            if last - first == 1 and view.lower[first] in _OBJECTS and len(spans) == 1 \
                    and view.pos[i] == "VERB" and view.lemma[i] in _TOLD:
                return  # asked him
            while last > first + 1 and view.lower[last - 1] in ("but", "and", "while", "whereas"):
                last -= 1  # Moscow says the talks succeeded but
            if len(spans) == 1 and all(view.ent[j] in ("DATE", "TIME") or view.pos[j] == "ADP"
                                       for j in range(first, last)):
                return  # said on Monday
            if first >= last or first <= i < last or last - first > 4 * REACH:
                return
            parts.append((first, last))
        if parts:
            names = found.setdefault(tuple(sorted(parts)), [])
            if name not in names:
                names.append(name)
        if name in _LONG and len(parts) == 1 and parts[0][1] - parts[0][0] > 3:
            for cut, place in _cuts(view, *parts[0]):
                add(f"{name}<{cut}", (parts[0][0], place))

    def subtree(kid: int) -> Span:
        return view.left[kid], view.right[kid] + 1

    _from_parse(view, i, add, subtree)
    clause_low, clause_high = _clause(view, i)
    row = view.quote[i]
    if row >= 0 and view.quotes[row][1] - view.quotes[row][0] > 3:  # stay inside the quotation
        low, high = max(low, view.quotes[row][0] + 1), min(high, view.quotes[row][1] - 1)
    stop = _stop(view, clause_high, high)
    add("right", (clause_high, high))
    following = i + 1
    while following < high and view.head[following] == i and view.dep[following] == "prt":
        following += 1
    add("after", (following, high))
    for j in range(clause_high, high):
        if view.lower[j] == "that" and view.tag[j] == "IN" and view.quote[j] == row:
            add("that", (j, high))
            break
    if stop < high:
        add("rest", (stop, high))
        add("middle", (clause_high, stop))
    if clause_low > low:
        before = clause_low
        add("left", (low, before))
        if stop < high:
            add("around", (low, before), (stop, high))
        comma = before - 1
        while comma > low and not (view.lower[comma] in ",;" and comma < before - 1):
            comma -= 1
        if comma > low:
            add("leftcomma", (comma, before))
    if view.lower[i] in PUNCT_CUES:
        add("to_end", (i + 1, view.count))
    if row < 0:
        _from_quotes(view, i, add, low, high, clause_low, clause_high)
    return found


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
        found["core"] = top + 1
    for j in range(low + 1, min(high - 1, low + REACH)):
        if view.quote[j] >= 0 and view.quote[j] == view.quote[low]:
            continue
        if view.lower[j] == ",":
            found.setdefault("comma", j)
            found["last comma"] = j
        elif view.dep[j] == "cc" and view.pos[view.head[j]] in ("VERB", "AUX"):
            found.setdefault("and", j)
        elif view.dep[j] in ("advcl", "relcl", "acl") and view.left[j] > low:
            found.setdefault(view.dep[j], view.left[j])
    return found.items()


def _from_parse(view: View, i: int, add, subtree) -> None:
    """Propose the arguments of the cue, alone and together.

    Long, and kept whole: one case a relation of the parse, as in the table of weights.
    """
    right_args = [kid for kid in view.kids[i] if kid > i and view.dep[kid] in _ARGS]
    for kid in view.kids[i]:
        dep = view.dep[kid]
        if dep in _CLAUSAL:
            add(dep, subtree(kid))
            if dep in ("dobj", "xcomp", "attr", "acomp", "oprd"):  # "declined to comment on X"
                for grand in view.kids[kid]:
                    if view.dep[grand] in ("dobj", "prep", "acl", "ccomp", "xcomp", "relcl"):
                        add(f"{dep}>{view.dep[grand]}", subtree(grand))
                        inner = view.child(grand, "pobj", "pcomp")
                        if view.dep[grand] == "prep" and inner >= 0:
                            add(f"{dep}>prep>pobj", subtree(inner))
        elif dep in ("prep", "agent", "dative") and view.lower[kid] != "by":
            add("prep", subtree(kid))
            inner = view.child(kid, "pobj", "pcomp")
            if inner >= 0:
                add("prep>pobj", subtree(inner))
        elif dep == "conj" and view.pos[kid] == "VERB":
            for grand in view.kids[kid]:
                if view.dep[grand] in ("dobj", "ccomp", "xcomp"):
                    add("conj>" + view.dep[grand], subtree(grand))
    if len(right_args) > 1:
        last = view.right[right_args[-1]] + 1
        add("hull", (view.left[right_args[0]], last))
        add("hull2", (view.left[right_args[1]], last))
        add("hullfirst", (view.left[right_args[0]], view.right[right_args[1]] + 1))
    subject = view.child(i, "nsubjpass", "nsubj")
    raised = subject >= 0 and (view.dep[subject] == "nsubjpass" or view.lemma[i] in _RAISING)
    if raised and view.right[subject] < i:
        add("subject", subtree(subject))
        if right_args:
            add("raised", subtree(subject),
                (view.left[right_args[0]], view.right[right_args[-1]] + 1))
            add("raised1", subtree(subject), subtree(right_args[0]))
    head = view.head[i]
    dep = view.dep[i]
    if dep in ("acl", "relcl", "amod") and head != i:
        add("modified", (view.left[head], i) if head < i else (i + 1, head + 1))
        if head < i:
            add("modified1", (view.left[head], head + 1))
    elif dep in ("advmod", "prep", "advcl", "parataxis", "ccomp", "npadvmod") and head != i:
        first, last = subtree(head)
        own_first, own_last = subtree(i)
        if dep == "advmod":
            own_first, own_last = i, i + 1
        if own_last < last and first < own_first:
            add("split", (first, own_first), (own_last, last))
        elif own_last >= last:
            add("headleft", (first, own_first))
        else:
            add("headright", (own_last, last))
        if own_last < view.right[head] + 1:
            add("own_right", (own_last, view.right[head] + 1))
    elif dep == "compound" and head > i:
        add("compound", (i + 1, head + 1))
    if view.pos[i] == "NOUN" and dep in ("dobj", "nsubj", "attr", "pobj", "nsubjpass"):
        verb = head
        for kid in view.kids[verb]:
            if kid > i and view.dep[kid] in ("ccomp", "prep", "xcomp", "acl"):
                add("uncle_" + view.dep[kid], subtree(kid))
                inner = view.child(kid, "pobj", "pcomp")
                if inner >= 0:
                    add("uncle_pobj", subtree(inner))


def _from_quotes(view: View, i: int, add, low: int, high: int, clause_low: int,
                 clause_high: int) -> None:
    """Propose quotations beside the cue, alone, together, and with those that go on."""
    if not view.quotes:
        return
    near = view.quotes_in(low, high)
    before = [span for span in near if span[1] <= clause_low][-1:]
    if not before and low and view.quote[low - 1] >= 0:  # the mark closes a sentence before
        span = view.quotes[view.quote[low - 1]]
        before = [span] if span[1] == low and clause_low - low < 4 else []
    inside = [span for span in near if clause_high <= span[0]]
    after = inside[:1]
    last = max([high] + [span[1] for span in inside])
    chain = _followers(view, last)
    for name, spans in (("q_before", before), ("q_after", after), ("q_both", before + after),
                        ("q_all", near[:MOST_QUOTES])):
        if spans and not any(first <= i < end for first, end in spans):
            add(name, *spans)
            if chain:
                add(name + "+", *spans, *chain)
    if chain:
        add("chain", *chain)
        if clause_low > low:
            add("left+", (low, clause_low), *chain)
            stop = _stop(view, clause_high, high)
            if stop < high:
                add("around+", (low, clause_low), (stop, high), *chain)
        add("right+", (clause_high, high), *chain)
    if after and after[0][1] >= high:  # a quotation over several sentences begins here
        add("q_run", (clause_high, after[0][1]), *_followers(view, after[0][1]))
    if before and before[0][0] < low:
        add("run_before", (before[0][0], clause_low))


# ---- speakers ----------------------------------------------------------------------------------

def speakers(view: View, i: int) -> dict[int, str]:
    """Return candidate speakers of a cue, by head token, each with its path from the cue.

    Long, and kept whole: the order of the offers decides which path a token is known by.
    """
    found: dict[int, str] = {}

    def offer(token: int, path: str) -> None:
        if token != i and view.pos[token] in _NOMINAL and token not in found \
                and not token < view.body:
            found[token] = path

    def below(token: int, path: str, skip: int) -> None:
        for kid in view.kids[token]:
            if kid == skip:
                continue
            dep = view.dep[kid]
            if dep in ("agent", "prep"):
                inner = view.child(kid, "pobj")
                if inner >= 0:
                    offer(inner, f"{path}{view.lower[kid]}>pobj")
            elif dep not in ("advcl", "punct", "det", "nummod", "compound", "relcl", "acl"):
                offer(kid, path + dep)
                if dep in ("dobj", "attr", "nsubj", "pobj", "npadvmod"):
                    owner = view.child(kid, "poss")
                    if owner >= 0:
                        offer(owner, f"{path}{dep}>poss")
                    if view.pos[i] == "NOUN" or dep == "nsubj":
                        for preposition in view.kids[kid]:
                            inner = view.child(preposition, "pobj") \
                                if view.dep[preposition] == "prep" else -1
                            if inner >= 0:
                                offer(inner, f"{path}{dep}>{view.lower[preposition]}>pobj")

    below(i, "", -1)
    token, path = i, ""
    for _ in range(6):
        head = view.head[token]
        if head == token:
            break
        path += "^" + view.dep[token]
        offer(head, path)
        below(head, path + ">", token)
        token = head
    for path, token in _names_near(view, i):
        offer(token, path)
    if view.pos[i] == "PUNCT":
        low = view.low[i]
        for j in range(i - 1, max(low, i - 12) - 1, -1):
            if view.head[j] >= i or view.head[j] < low or view.head[j] == j:
                offer(j, "leftroot")
        for j in range(i + 1, min(view.count, i + 8)):
            if view.head[j] <= i or view.head[j] == j:
                offer(j, "rightroot")
    return found


def _names_near(view: View, i: int) -> Iterable[tuple[str, int]]:
    """Yield names close to a cue, which the parser may have hung elsewhere, by where they stand.

    The first of the sentence, the last before the cue, and the next one; each by its last word.
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
