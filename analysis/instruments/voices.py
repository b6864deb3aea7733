"""Whose words each character of an article is, and the voice of each sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus.language import Parsed
from analysis.definitions import AUTHOR, VOICES, WORDED, word_starts
from analysis.instruments.quotations import Stretches, find_quotations

MIXED_BELOW = 0.8  # a sentence is mixed where no voice has this share of its words
_ROLE_VOICE = {"block_quotation": "quoted", "self_quotation": "self_quoted",
               "furniture": "furniture"}
_MARKS = "\"“”„‟«»‘’‚‛'`&"


Piece = tuple[int, int, str, str]  # start, end, voice, speaker


def _reported(rows: list[Piece]) -> list[Piece]:
    """Return the words reported without marks."""
    return [(start, end, "paraphrased", speaker) for start, end, form, speaker in rows
            if form in ("indirect", "mixed") and speaker != AUTHOR]


def _quoted(parsed: Parsed, rows: list[Piece]) -> list[Piece]:
    """Return the stretches in quotation marks that an attribution credits, marks included."""
    rows = [row for row in rows if row[2] in ("direct", "mixed")]
    found = [(max(start, quotation.start), min(end, quotation.end), _voice(speaker), speaker)
             for quotation in find_quotations(parsed.text, parsed.paragraphs)
             for start, end, _, speaker in rows
             if start < quotation.end and end > quotation.start]
    # A turn of an interview stands without marks.
    return found + [(start, end, _voice(speaker), speaker) for start, end, form, speaker in rows
                    if form == "direct" and parsed.text[start] not in _MARKS]


def _voice(speaker: str) -> str:
    return "self_quoted" if speaker == AUTHOR else "quoted"


def _laid_out(parsed: Parsed) -> list[Piece]:
    columns = parsed.paragraphs["end"], parsed.roles, parsed.paragraphs["speaker"].fillna("")
    return [(start, end, _ROLE_VOICE[role], "" if role == "furniture" else str(speaker))
            for start, end, role, speaker in zip(parsed.begins, *columns, strict=True)
            if role in _ROLE_VOICE]


def assign_voices(parsed: Parsed, attributions: pd.DataFrame) -> pd.DataFrame:
    """Cut an article into pieces, each in one voice of one speaker.

    Parameters
    ----------
    attributions : DataFrame
        As returned by ``find_attributions``.

    Returns
    -------
    DataFrame
        article_id, start, end, voice, speaker. The pieces neither overlap nor leave a gap, and
        no two neighbours are alike. White space belongs to the piece before it.

    Notes
    -----
    A quotation within a quotation keeps the voice and speaker of the outer one.
    """
    text = parsed.text
    level = np.zeros(len(text), dtype=np.int8)
    owner = np.zeros(len(text), dtype=np.int32)
    names: dict[str, int] = {"": 0}
    columns = (attributions[name].tolist() for name in ("start", "end", "quote_type", "speaker"))
    rows = list(zip(*columns, strict=True))
    worded = [row for row, kind in zip(rows, attributions["kind"], strict=True) if kind in WORDED]
    for pieces in (_reported(worded), _quoted(parsed, rows), _laid_out(parsed)):
        # Longest last: the outer speaker's words hold the inner one's.
        for start, end, voice, speaker in sorted(pieces, key=lambda p: (p[1] - p[0], p)):
            rank = VOICES.index(voice)
            free = level[start:end] <= rank
            level[start:end][free] = rank
            owner[start:end][free] = names.setdefault(speaker, len(names))
    solid = ~np.fromiter(map(str.isspace, text), dtype=bool, count=len(text))
    if not solid.any():
        solid[:1] = True
    anchor = np.maximum.accumulate(np.where(solid, np.arange(len(text)), -1))
    anchor[anchor < 0] = int(np.argmax(solid))
    level, owner = level[anchor], owner[anchor]
    starts = np.flatnonzero(np.r_[True, (np.diff(level) != 0) | (np.diff(owner) != 0)])
    who = list(names)
    return pd.DataFrame({
        "article_id": parsed.article_id,
        "start": starts,
        "end": np.r_[starts[1:], len(text)],
        "voice": [VOICES[rank] for rank in level[starts].tolist()],
        "speaker": [who[row] for row in owner[starts].tolist()],
    })


def sentence_voices(parsed: Parsed, voices: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences of an article, each with its voice.

    Returns
    -------
    DataFrame
        article_id, paragraph, sentence, start, end, voice (that of at least four fifths of the
        sentence's words, else ``mixed``), marked (how many of its words stand in quotation marks
        or in a block quotation, whoever is credited). A word counts where it begins.
    """
    words = np.array(word_starts(parsed.text), dtype=np.int64)
    rank = np.array([VOICES.index(voice) for voice in voices["voice"]], dtype=np.int64)
    pieces = voices["start"].to_numpy()
    starts = np.array(parsed.starts, dtype=np.int64)
    holder = np.searchsorted(starts, words, side="right") - 1
    inside = (holder >= 0) & (words < parsed.sentences["end"].to_numpy()[holder]) \
        if len(starts) else np.zeros(len(words), dtype=bool)
    counts = np.zeros((len(starts), len(VOICES)), dtype=np.int64)
    spoken = rank[np.searchsorted(pieces, words[inside], side="right") - 1]
    np.add.at(counts, (holder[inside], spoken), 1)
    marked = np.bincount(holder[inside & _in_marks(parsed, words)], minlength=len(starts))
    first = rank[np.searchsorted(pieces, starts, side="right") - 1]
    top = np.where(counts.any(axis=1), counts.argmax(axis=1), first)
    enough = counts.max(axis=1, initial=0) >= MIXED_BELOW * counts.sum(axis=1)
    voice = [VOICES[voice] if sure else "mixed" for voice, sure in zip(top, enough, strict=True)]
    return parsed.sentences.assign(
        voice=pd.Series(voice, index=parsed.sentences.index, dtype="str"), marked=marked)


def _in_marks(parsed: Parsed, words: np.ndarray) -> np.ndarray:
    """Whether each word begins in quotation marks or in a block quotation."""
    spans = [(start, end) for start, end, role in zip(
        parsed.begins, parsed.paragraphs["end"], parsed.roles, strict=True)
        if role == "block_quotation"]
    spans += [quotation[:2] for quotation in find_quotations(parsed.text, parsed.paragraphs)]
    return np.fromiter(map(Stretches(spans).hold, words.tolist()), dtype=bool, count=len(words))
