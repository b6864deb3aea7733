"""A parsed paragraph as plain objects, with the names that spaCy gives its own.

spaCy makes a token anew at each access and looks its words up in a store each time; rules that
walk trees ask so often that this costs more than the rules. Here every token is made once.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import spacy.tokens

_WORDS: list[int | str] = ["ORTH", "LOWER", "LEMMA", "POS", "TAG", "DEP", "ENT_TYPE", "MORPH"]
_NUMBERS: list[int | str] = ["HEAD", "ENT_IOB", "LENGTH", "SPACY", "SENT_START", "IS_ALPHA",
                              "IS_PUNCT", "IS_SPACE", "IS_TITLE", "IS_STOP", "LIKE_NUM"]
_known: dict[int, str] = {0: ""}  # words by spaCy's number, the same in every store


@dataclass(slots=True, eq=False, repr=False)
class Token:
    """A token: attributes as spaCy's; ``children`` is a list, ``finite`` tells a finite verb."""

    doc: Doc
    i: int
    idx: int
    text: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    ent_type_: str
    finite: bool
    ent_iob_: str
    whitespace_: str
    is_alpha: int
    is_punct: int
    is_space: int
    is_title: int
    is_stop: int
    like_num: int
    head: Token = field(init=False)
    children: list[Token] = field(init=False)
    entity: Span | None = None  # the name that the token belongs to

    def __len__(self) -> int:
        return len(self.text)

    def nbor(self, step: int = 1) -> Token:
        return self.doc.tokens[self.i + step]

    @property
    def left_edge(self) -> Token:
        return self.doc.tokens[self.doc.left[self.i]]

    @property
    def right_edge(self) -> Token:
        return self.doc.tokens[self.doc.right[self.i]]

    @property
    def sent(self) -> Span:
        row = bisect.bisect_right(self.doc.opens, self.i)
        return Span(self.doc, self.doc.opens[row - 1], [*self.doc.opens, len(self.doc)][row])

    @property
    def subtree(self) -> Iterator[Token]:
        for child in self.children:
            if child.i < self.i:
                yield from child.subtree
        yield self
        for child in self.children:
            if child.i > self.i:
                yield from child.subtree

    @property
    def ancestors(self) -> Iterator[Token]:
        token = self
        while token.head is not token:
            token = token.head
            yield token


def children(token: Token, *relations: str) -> list[Token]:
    """Return what hangs on a token in one of some relations."""
    return [child for child in token.children if child.dep_ in relations]


def subject_of(verb: Token, *across: str) -> tuple[Token | None, Token]:
    """Return the subject of a verb and the verb that has it, also across others in some relations.

    "Lee rose and seemed to know": of *know* it is Lee, across *xcomp* and *conj*.
    """
    for _ in range(4):
        own = children(verb, "nsubj", "nsubjpass")
        if own or verb.dep_ not in across:
            break
        verb = verb.head
    return own[0] if own else None, verb


class Span:
    """A stretch of tokens; a name's has its label and its actor."""

    __slots__ = ("doc", "start", "end", "label_", "ent_id_")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "", actor: str = "") -> None:
        self.doc, self.start, self.end = doc, start, max(start, end)
        self.label_, self.ent_id_ = label, actor

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start:self.end])

    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self))
            return Span(self.doc, self.start + start, self.start + end)
        return self.doc.tokens[self.start + at if at >= 0 else self.end + at]

    @property
    def start_char(self) -> int:
        return self.doc.start[self.start]

    @property
    def end_char(self) -> int:
        return self.doc.end[self.end - 1]

    @property
    def text(self) -> str:
        return self.doc.text[self.start_char:self.end_char] if self.end > self.start else ""

    @property
    def lemma_(self) -> str:
        return "".join(token.lemma_ + token.whitespace_ for token in self).strip()

    @property
    def sent(self) -> Span:
        return self[0].sent

    @property
    def ents(self) -> list[Span]:
        return [name for name in self.doc.ents if self.start <= name.start and name.end <= self.end]

    @property
    def root(self) -> Token:
        """The token nearest to the root of its sentence, the first of several."""
        def depth(token: Token) -> int:
            return sum(1 for _ in token.ancestors)
        return min(self, key=depth) if len(self) > 1 else self[0]

    def char_span(self, start: int, end: int, alignment_mode: str = "strict") -> Span | None:
        """Return the span between two characters of this one; ``expand`` takes whole tokens."""
        return self.doc.char_span(self.start_char + start, self.start_char + end, alignment_mode)


class Doc:
    """A parsed paragraph: tokens, names, sentences, and each attribute as one list."""

    def __init__(self, parsed: spacy.tokens.Doc) -> None:
        self.text, self.user_data = parsed.text, dict[str, Any]()
        table = parsed.to_array(_WORDS + _NUMBERS)
        strings = parsed.vocab.strings
        columns = table.T.tolist()
        words = columns[:len(_WORDS)]
        for key in itertools.chain.from_iterable(words):
            if key not in _known:
                _known[key] = strings[key]
        texts, self.lower, self.lemma, self.pos, self.tag, self.dep, self.ent, forms = (
            [_known[key] for key in column] for column in words)
        steps, names, lengths, spaces, opens, *flags = columns[len(_WORDS):]
        count = len(texts)
        # Heads are signed, though the table is not.
        self.head = [i + (step if step < 2**63 else step - 2**64) for i, step in enumerate(steps)]
        self.start, self.end, at = list[int](), list[int](), 0
        for length, space in zip(lengths, spaces, strict=True):
            self.start.append(at)
            self.end.append(at + length)
            at += length + space
        self.opens = [i for i, flag in enumerate(opens) if flag == 1 or i == 0]  # sentences
        self.kids: list[list[int]] = [[] for _ in range(count)]
        self.left, self.right = list(range(count)), list(range(count))
        self._join()
        rows = zip(self.start, texts, self.lower, self.lemma, self.pos, self.tag, self.dep,
                   self.ent, ["VerbForm=Fin" in form for form in forms],
                   [("", "I", "O", "B")[name] for name in names],
                   [" " * space for space in spaces], *flags, strict=True)
        self.tokens = [Token(self, i, *row) for i, row in enumerate(rows)]
        for token, head, kids in zip(self.tokens, self.head, self.kids, strict=True):
            token.head = self.tokens[head]
            token.children = [self.tokens[kid] for kid in kids]
        self.ents = [Span(self, name.start, name.end, name.label_, name.ent_id_)
                     for name in parsed.ents]
        for name in self.ents:
            for token in name:
                token.entity = name

    def _join(self) -> None:
        """Find what hangs on each token, and the first and last token below it."""
        head, left, right = self.head, self.left, self.right
        for i, above in enumerate(head):
            if above != i:
                self.kids[above].append(i)
            j = i
            while head[j] != j and left[head[j]] > i:
                j = head[j]
                left[j] = i
        for i in range(len(head) - 1, -1, -1):
            j = i
            while head[j] != j and right[head[j]] < i:
                j = head[j]
                right[j] = i

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self.tokens))
            return Span(self, start, end)
        return self.tokens[at]

    @property
    def sents(self) -> Iterator[Span]:
        for first, after in zip(self.opens, [*self.opens[1:], len(self)], strict=True):
            yield Span(self, first, after)

    def char_span(self, start: int, end: int, alignment_mode: str = "strict") -> Span | None:
        """Return the span between two characters; ``expand`` takes whole tokens, else None."""
        if not 0 <= start < end <= len(self.text):
            return None
        first = bisect.bisect_right(self.start, start) - 1
        last = bisect.bisect_right(self.start, end - 1) - 1
        if alignment_mode == "strict":
            if start != self.start[first] or end != self.end[last]:
                return None
        elif start == self.end[first]:  # the space after a token is no part of it
            first += 1
        return Span(self, first, last + 1)
