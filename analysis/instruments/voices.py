"""Whose words each character of an article is, and the voice of each sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus.language import Parsed
from analysis.definitions import AUTHOR, VOICES, WORDED, word_starts
from analysis.instruments.quotations import find_quotations

MIXED_BELOW = 0.8  # a sentence is mixed where no voice has this share of its words
_ROLE_VOICE = {"block_quotation": "quoted", "self_quotation": "self_quoted",
               "furniture": "furniture"}
_MARKS = "\"“”„‟«»‘’‚‛'`&"


def _reported(attributions: pd.DataFrame) -> list[tuple[int, int, str, str]]:
    """Return (start, end, voice, speaker) of words reported without marks."""
    rows = attributions[attributions["quote_type"].isin(["indirect", "mixed"])
                        & attributions["kind"].isin(WORDED)
                        & (attributions["speaker"] != AUTHOR)]
    return [(row.start, row.end, "paraphrased", row.speaker) for row in rows.itertuples()]


def _quoted(parsed: Parsed, attributions: pd.DataFrame) -> list[tuple[int, int, str, str]]:
    """Return the stretches in quotation marks that an attribution credits, marks included."""
    rows = attributions[attributions["quote_type"].isin(["direct", "mixed"])].sort_values("start")
    parts = list(zip(rows["start"], rows["end"], rows["speaker"], strict=True))
    found, first = [], 0
    for quotation in find_quotations(parsed.text, parsed.paragraphs):
        while first < len(parts) and parts[first][1] <= quotation.start:
            first += 1
        for place in range(first, len(parts)):
            start, end, speaker = parts[place]
            if start >= quotation.end:
                break
            if end > quotation.start:
                voice = "self_quoted" if speaker == AUTHOR else "quoted"
                found.append((max(start, quotation.start), min(end, quotation.end), voice, speaker))
    for row in rows[rows["quote_type"] == "direct"].itertuples():
        if parsed.text[row.start] not in _MARKS:  # a turn of an interview stands without marks
            voice = "self_quoted" if row.speaker == AUTHOR else "quoted"
            found.append((row.start, row.end, voice, row.speaker))
    return found


def _laid_out(parsed: Parsed) -> list[tuple[int, int, str, str]]:
    rows = parsed.paragraphs[parsed.paragraphs["role"].isin(_ROLE_VOICE)]
    speakers = rows["speaker"].fillna("").astype(str)
    return [(row.start, row.end, _ROLE_VOICE[row.role], "" if row.role == "furniture" else speaker)
            for row, speaker in zip(rows.itertuples(), speakers, strict=True)]


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
    for pieces in (_reported(attributions), _quoted(parsed, attributions), _laid_out(parsed)):
        # Longest last: the outer speaker's words hold the inner one's.
        for start, end, voice, speaker in sorted(pieces, key=lambda p: (p[1] - p[0], p)):
            rank = VOICES.index(voice)
            free = level[start:end] <= rank
            level[start:end][free] = rank
            owner[start:end][free] = names.setdefault(speaker, len(names))
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    spaces = [point for point in np.unique(points).tolist() if chr(point).isspace()]
    solid = ~np.isin(points, spaces)
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
        "voice": [VOICES[level[start]] for start in starts],
        "speaker": [who[owner[start]] for start in starts],
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
    sentences = parsed.sentences.copy()
    words = np.array(word_starts(parsed.text), dtype=np.int64)
    rank = voices["voice"].map(VOICES.index).to_numpy(dtype=np.int64)
    pieces = voices["start"].to_numpy()
    starts = sentences["start"].to_numpy()
    holder = np.searchsorted(starts, words, side="right") - 1
    inside = (holder >= 0) & (words < sentences["end"].to_numpy()[holder]) \
        if len(starts) else np.zeros(len(words), dtype=bool)
    counts = np.zeros((len(starts), len(VOICES)), dtype=np.int64)
    spoken = rank[np.searchsorted(pieces, words[inside], side="right") - 1]
    np.add.at(counts, (holder[inside], spoken), 1)
    marked = np.bincount(holder[inside & _in_marks(parsed, words)], minlength=len(starts))
    first = rank[np.searchsorted(pieces, starts, side="right") - 1]
    top = np.where(counts.any(axis=1), counts.argmax(axis=1), first)
    enough = counts.max(axis=1, initial=0) >= MIXED_BELOW * counts.sum(axis=1)
    sentences["voice"] = pd.Series(
        [VOICES[voice] if sure else "mixed" for voice, sure in zip(top, enough, strict=True)],
        index=sentences.index, dtype="str")
    return sentences.assign(marked=marked)


def _in_marks(parsed: Parsed, words: np.ndarray) -> np.ndarray:
    """Whether each word begins in quotation marks or in a block quotation."""
    covered = np.zeros(len(parsed.text) + 1, dtype=bool)
    blocks = parsed.paragraphs[parsed.paragraphs["role"] == "block_quotation"]
    spans = [(row.start, row.end) for row in blocks.itertuples()]
    for start, end in [*spans, *((quotation.start, quotation.end) for quotation in
                                 find_quotations(parsed.text, parsed.paragraphs))]:
        covered[start:end] = True
    return covered[words]
