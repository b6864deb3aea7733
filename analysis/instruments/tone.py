"""Tone of sentences by three instruments, tone toward each actor, and the words that made them.

The instruments are of three kinds: TextBlob averages the adjectives and adverbs that it knows,
VADER adds up rated words and reads negation and emphasis, and the network is a small transformer
that was taught on news. None is trusted unseen: `evidence` holds the words that made a score and
`flags` what is known to mislead there.

``evidence`` is pairs of words and a signed number with two digits, joined by "; ":
"particularly bizarre +0.40; more +0.50". `parse_evidence` reads it. The numbers are TextBlob's
polarities, which it averages; VADER's valences after negation and emphasis, whose sum s becomes
s / sqrt(s*s + 15). For the network it is empty: its words cost a pass of the network each, so
`evidence_of` finds them when asked, as the change in polarity when the word is left out.

``flags`` is names of flags joined by "; ", some with their words after a colon:
"degree_word: more, most; quoted_voice". `parse_flags` reads it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.corpus.language import Parsed, lexicon, straighten
from analysis.definitions import COLUMNS, INSTRUMENTS
from analysis.instruments.cues import NAMES, listed_names

if TYPE_CHECKING:
    from analysis.corpus.tokens import Doc, Span, Token

_NEGATORS = {"not", "n't", "no", "never", "nobody", "nothing", "none", "neither", "nor", "nowhere",
             "without", "hardly", "barely", "scarcely"}
_PAIR = re.compile(r"(.+?) ([+-]\d+\.\d\d)(?:; |$)")
# A word that moves the network's score by less than this explains nothing to a reader.
_TELLING = 0.05


class Evidence(NamedTuple):
    """One word or phrase that entered a score, and where it stands in the scored text."""

    words: str
    value: float
    start: int
    end: int
    negated: bool


class Score(NamedTuple):
    """A polarity from -1 to +1, a subjectivity from 0 to 1 or None, and their evidence."""

    polarity: float
    subjectivity: float | None
    evidence: list[Evidence]


def _find(word: str, text: str, cursor: int) -> tuple[int, int] | None:
    pattern = rf"(?<!\w){re.escape(word)}(?!\w)" if word[0].isalnum() else re.escape(word)
    match = re.compile(pattern, re.IGNORECASE).search(text, cursor)
    return match.span() if match else None


def score_textblob(text: str) -> Score:
    """Score a text with TextBlob, whose polarity is the mean over the words that it assesses."""
    from textblob.en import sentiment

    # What TextBlob(text).sentiment_assessments gives, which asks for it twice.
    result = sentiment(text)
    (whole, subjectivity), evidence, cursor = result, [], 0
    for words, polarity, _, _ in result.assessments:
        found = [span for word in words if word not in ("!", *_NEGATORS)
                 for span in [_find(word, text, cursor)] if span]
        start, end = found[-1] if found else (cursor, cursor)
        cursor = max(cursor, end)
        negated = any(word in _NEGATORS for word in words)
        evidence.append(Evidence(" ".join(words), polarity, start, end, negated))
    return Score(round(whole, 4), round(subjectivity, 4), evidence)


@functools.cache
def _vader():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    class Recording(SentimentIntensityAnalyzer):
        """VADER, keeping what each word contributed; the scores are untouched."""

        def _but_check(self, words, sentiments):
            self.contributions = list(zip(words, super()._but_check(words, sentiments),
                                          strict=True))
            return [value for _, value in self.contributions]

    return Recording()


def score_vader(text: str) -> Score:
    """Score a text with VADER; the polarity is its compound score."""
    vader = _vader()
    polarity = vader.polarity_scores(text)["compound"]
    evidence, cursor = [], 0
    for word, value in vader.contributions:
        start, end = _find(word, text, cursor) or (cursor, cursor)
        cursor = max(cursor, end)
        if value:
            negated = value * vader.lexicon.get(word.lower(), value) < 0
            evidence.append(Evidence(word, value, start, end, negated))
    return Score(polarity, None, evidence)


def _targets():
    # Imported late: the network takes a moment to load, and not every table asks for it.
    from analysis.instruments import targets

    return targets


def evidence_of(text: str, instrument: str) -> list[Evidence]:
    """The words that made an instrument's score of one sentence, with what each put in.

    The instrument reads straight quotation marks; `start` and `end` hold for the text as given.
    For the network they are the words without which its polarity moves by .05 or more.

    >>> evidence_of("A good day.", "textblob")
    [Evidence(words='good', value=0.7, start=2, end=6, negated=False)]
    """
    if instrument != "network":
        return score([text], instrument)[0].evidence
    return [Evidence(word, value, start, end, False)
            for word, start, end, value in _targets().explain_sentence(straighten(text))
            if abs(value) >= _TELLING]


def score(texts: Iterable[str], instrument: str) -> list[Score]:
    """Score texts with one instrument, typographic quotation marks made straight.

    Parameters
    ----------
    instrument : {"textblob", "vader", "network"}

    Raises
    ------
    ValueError
        If the instrument is unknown.
    """
    straight = [straighten(text) for text in texts]
    if instrument == "network":
        return [Score(polarity, None, []) for polarity in _targets().score_sentences(straight)]
    if instrument not in INSTRUMENTS:
        raise ValueError(f"no instrument {instrument!r}; choose one of {', '.join(INSTRUMENTS)}")
    one = score_textblob if instrument == "textblob" else score_vader
    return [one(text) for text in straight]


def polarities(texts: Iterable[str], instrument: str) -> list[float]:
    """Return the polarities of texts alone, which for the network is far faster."""
    if instrument == "network":
        return [float(value) for value in
                _targets().score_sentences([straighten(text) for text in texts])]
    return [scored.polarity for scored in score(texts, instrument)]


def write_evidence(evidence: list[Evidence]) -> str:
    """Return the evidence as the table holds it; words that scored nothing are left out."""
    return "; ".join(f"{item.words} {item.value:+.2f}" for item in evidence
                     if round(item.value, 2))


def parse_evidence(written: str) -> list[tuple[str, float]]:
    """Return the (words, value) pairs of a cell of ``evidence``."""
    return [(words, float(value)) for words, value in _PAIR.findall(written)]


def parse_flags(written: str) -> dict[str, list[str]]:
    """Return each flag of a cell of ``flags`` with its words, which may be none."""
    pairs = [flag.partition(": ") for flag in written.split("; ") if flag]
    return {name: words.split(", ") if words else [] for name, _, words in pairs}


def knows(instrument: str, word: str) -> bool:
    """Whether the instrument's lexicon rates the word; the network reads every word."""
    if instrument == "vader":
        return word.lower() in _vader().lexicon
    if instrument == "textblob":
        from textblob.en import sentiment as rated

        rated.load() if not dict.__len__(rated) else None
        return word.lower() in rated
    return True


@functools.cache
def _listed(name: str, column: str) -> frozenset[str]:
    return frozenset(lexicon(name)[column])


def is_negated(token: Token) -> bool:
    """Whether a negator bears on the word: its own, its verb's, or that of its noun phrase.

    "not good", "isn't a good thing", "no serious effort"; not the negation of another clause.
    """
    heads = [token]
    while len(heads) < 3 and heads[-1].dep_ in ("amod", "advmod", "acomp", "attr", "dobj", "oprd",
                                                "xcomp"):
        heads.append(heads[-1].head)
    return any(child.lower_ in _NEGATORS and child.i < token.i
               for head in heads for child in head.children)


def _flag_words(span: Span, scored: Score, instrument: str) -> dict[str, list[str]]:
    """Return the lexical flags of one scored sentence, each with its words."""
    doc: Doc = span.doc
    names = [match.span() for match in listed_names().finditer(span.text)]
    found: dict[str, list[str]] = {"name_as_word": [], "degree_word": [], "missed_negation": [],
                                   "unknown_key_word": []}
    for item in scored.evidence:
        if not round(item.value, 2) or item.start == item.end:
            continue
        at = doc.char_span(span.start_char + item.start, span.start_char + item.end,
                           alignment_mode="expand")
        listed = any(start <= item.start < end for start, end in names)
        if listed or any(token.ent_type_ in NAMES and token.is_title for token in at):
            found["name_as_word"].append(item.words)
        if instrument != "network" and item.words.lower() not in _NEGATORS:
            if set(item.words.lower().split()) - _NEGATORS <= _listed("degree_words", "word"):
                found["degree_word"].append(item.words)
            if not item.negated and any(is_negated(token) for token in at):
                found["missed_negation"].append(item.words)
    found["unknown_key_word"] = [
        token.lower_ for token in span
        if token.lemma_.lower() in _listed("key_words", "word") and token.ent_type_ != "PERSON"
        and not knows(instrument, token.text)
    ]
    return found


def _write_flags(words: dict[str, list[str]], voice: str) -> str:
    flags = [f"{name}: {', '.join(dict.fromkeys(listed))}"
             for name, listed in words.items() if listed]
    if voice in ("quoted", "paraphrased", "mixed"):
        flags.append("quoted_voice")
    if voice == "furniture":
        flags.append("furniture")
    return "; ".join(flags)


def score_sentences(parsed: Parsed, sentences: pd.DataFrame) -> pd.DataFrame:
    """Score every sentence of an article with every instrument.

    Parameters
    ----------
    sentences : DataFrame
        The article's sentences with their ``voice``, one row for each of ``parsed``.

    Returns
    -------
    DataFrame
        article_id, sentence, instrument, polarity (-1 to +1, higher is more positive),
        subjectivity (0 to 1, TextBlob only), evidence, flags. Furniture is scored and flagged.

    Notes
    -----
    The instruments read straightened quotation marks, because VADER does not know "isn’t" with
    a curly apostrophe. The article's text and all offsets stay as they are.
    """
    voices = dict(zip(sentences["sentence"], sentences["voice"], strict=True))
    spans = [(number, span) for number, _, span in parsed.iter_sentences()]
    rows = []
    for instrument in INSTRUMENTS:
        scores = score([span.text for _, span in spans], instrument)
        for (number, span), scored in zip(spans, scores, strict=True):
            flags = _write_flags(_flag_words(span, scored, instrument), voices[number])
            rows.append((parsed.article_id, number, instrument, scored.polarity,
                         scored.subjectivity, write_evidence(scored.evidence), flags))
    columns = [*COLUMNS["sentiment"], "flags"]
    table = pd.DataFrame(rows, columns=columns).astype({"polarity": float, "subjectivity": float})
    return table.sort_values(["sentence", "instrument"], kind="stable", ignore_index=True)


@functools.cache
def _misleading(kind: str) -> dict[str, re.Pattern]:
    """Return what stands in ``target_flags.csv`` of one kind: a pattern for each flag."""
    table = lexicon("target_flags")
    rows = table[table["kind"] == kind].groupby("flag")["value"].agg("|".join)
    return {flag: re.compile(rf"\b(?:{values})\b", re.IGNORECASE) for flag, values in rows.items()}


def flag_target(span: Span, mention: Span) -> str:
    """Return what is known to mislead the network about this mention, joined by "; ".

    exoneration ("found not guilty"), agent_of_passive ("was mocked by Lund"), critics ("Lund's
    critics are liars"), announcement ("Lund pledged to open the bridge").
    """
    flags = [flag for flag, told in _misleading("pattern").items() if told.search(span.text)]
    word = mention.root
    above = word.head
    if word.dep_ == "pobj" and above.lower_ == "by" and above.head.pos_ == "VERB":
        flags.append("agent_of_passive")
    owner = above if word.dep_ == "poss" else above.head if above.lower_ == "of" else None
    if owner is not None and _misleading("noun")["critics"].fullmatch(owner.lemma_):
        flags.append("critics")
    if word.dep_ == "nsubj" and _misleading("verb")["announcement"].fullmatch(above.lemma_):
        flags.append("announcement")
    return "; ".join(flags)


def score_targets(parsed: Parsed, mentions: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """Score the tone toward the actor of each mention, and say whose view it is.

    Returns
    -------
    DataFrame
        article_id, sentence, start, end (of the mention), mention, target, holder, polarity
        (negative, neutral, positive), p_negative, p_neutral, p_positive (they sum to 1), flags
        (known reasons to distrust the polarity: `flag_target`).
        ``holder`` is "author", or the speaker of the voice in which the mention stands; it is
        "unknown" where that speaker is not found, and empty in furniture, which is nobody's view.

    Notes
    -----
    The network reads the whole sentence and cannot tell a quoted insult from the author's own;
    only ``holder`` does.
    """
    rows = mentions[mentions["actor"].ne("") & mentions["actor"].notna()]
    at = dict(zip(parsed.sentences["sentence"], zip(parsed.sentences["start"], parsed.spans,
                                                    strict=True), strict=True))
    texts, spans, flags = [], [], []
    for row in rows.itertuples():
        start, span = at[row.sentence]
        texts.append(span.text)
        spans.append((row.start - start, min(row.end - start, len(span.text))))
        flags.append(flag_target(span, span.char_span(*spans[-1], alignment_mode="expand")))
    probabilities = _targets().score_mentions(texts, spans)
    order = voices["start"].searchsorted(rows["start"], side="right") - 1
    held = voices.iloc[order]
    table = pd.DataFrame({
        "article_id": parsed.article_id, "sentence": rows["sentence"].to_numpy(),
        "start": rows["start"].to_numpy(), "end": rows["end"].to_numpy(),
        "mention": rows["mention"].to_numpy(), "target": rows["actor"].to_numpy(),
        "holder": [_holder(voice, speaker, parsed.author)
                   for voice, speaker in zip(held["voice"], held["speaker"], strict=True)],
        "polarity": probabilities["polarity"].to_numpy(),
    })
    probabilities = probabilities.set_axis(table.index)
    return table.join(probabilities[["p_negative", "p_neutral", "p_positive"]])[
        COLUMNS["targets"]].assign(flags=flags)


def _holder(voice: str, speaker: str, author: str) -> str:
    if voice == "furniture":
        return ""
    if voice in ("author", "self_quoted") or speaker in ("AUTHOR", author or "AUTHOR"):
        return "author"
    return speaker or "unknown"
