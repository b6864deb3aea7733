"""Polarity toward a target, and of a whole sentence, by a small network.

The network reads a sentence once, as it stands, on the CPU and with one thread; the polarity toward
a target is the mean of what its word pieces say, and the whole sentence is a target like any other.
So a result depends on the sentence and the span alone, not on which other targets are asked for.
What the network was taught, and how far it can be trusted, stands in ``data/models/TARGETS.md``.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from analysis.corpus.read import CorpusError
from analysis.definitions import ROOT

LABELS = ("negative", "neutral", "positive")
PROBABILITIES = [f"p_{label}" for label in LABELS]
KEYS = ("id", "sentence", "start", "end")
MODELS = ROOT / "data" / "models"
DIGITS = 3  # all that is written; processors may differ in the digits after these

FIRST, LAST = 101, 102  # the pieces that open and close a text
PIECES = 128  # the longest input; a longer sentence is read around its target
REACH = 1200  # characters before the target, and twice as many from there, that could fill it
STRAIGHT = str.maketrans("‘’‚‛ʼ′“”„‟″«»–—\u00a0", "''''''\"\"\"\"\"\"\"-- ")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@functools.cache
def _tokenizer() -> Any:
    """Word pieces of lower-cased text, as the network was taught."""
    from tokenizers import BertWordPieceTokenizer

    return BertWordPieceTokenizer(str(MODELS / "targets-vocab.txt"), lowercase=True)


@functools.cache
def _network() -> Any:
    """The network; loaded when first asked for."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graph runs as it was written: what a version fuses would move the last digits.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    path = str(MODELS / "targets.onnx")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def find_pieces(text: str, start: int, end: int) -> tuple[tuple[int, ...], slice]:
    """The pieces that are read of a sentence, and which of them are the target's.

    A target without a piece of its own, as a mark that the network does not know, is the sentence.
    """
    shift = max(0, start - REACH)
    part = text[shift:start + 2 * REACH].translate(STRAIGHT)
    found = _tokenizer().encode(part, add_special_tokens=False)
    own = [at for at, (left, right) in enumerate(found.offsets)
           if left < end - shift and start - shift < right] or range(max(1, len(found)))
    room, first = PIECES - 2, own[0]
    last = min(own[-1], first + room - 1)
    skip = max(0, min((first + last + 1 - room) // 2, len(found) - room))
    pieces = FIRST, *found.ids[skip:skip + room], LAST
    return pieces, slice(1 + first - skip, 2 + last - skip)


@functools.lru_cache(maxsize=2**14)  # outlets that print one agency's report print its sentences
def _leanings(pieces: tuple[int, ...]) -> np.ndarray:
    """What each piece of a sentence says for each label: one pass serves all its targets."""
    # One sentence at a time: whole numbers are scaled by the input, so rows together would mix.
    return _network().run(None, {"pieces": np.array(pieces, dtype=np.int64)})[0].astype(float)


def _probabilities(text: str, start: int, end: int) -> tuple[float, float, float]:
    """Rounded probabilities of the three labels; they sum to one."""
    pieces, own = find_pieces(text, start, end)
    raw = np.exp(_leanings(pieces)[own].mean(axis=0))
    negative, _, positive = (round(float(share), DIGITS) for share in raw / raw.sum())
    return negative, round(max(0.0, 1.0 - negative - positive), DIGITS), positive


def score_mentions(sentences: Sequence[str], spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Polarity toward the marked mention of each sentence.

    Parameters
    ----------
    sentences : sequence of str
        As they stand; apostrophes and quotation marks are straightened here.
    spans : sequence of (int, int)
        Start and end of each mention in its sentence: code points, end exclusive.

    Returns
    -------
    DataFrame, shape (n_mentions, 4)
        In the order given: ``polarity``, the label with the highest probability (the first of
        equals), then ``p_negative``, ``p_neutral`` and ``p_positive`` to three decimals.

    Raises
    ------
    ValueError
        If a span is empty or leaves its sentence, or the two differ in length.

    Notes
    -----
    A row's result does not depend on the rows beside it. The network does not know who speaks:
    a quoted insult and the writer's own look alike to it.
    """
    rows = list(zip(sentences, spans, strict=True))
    for number, (text, (start, end)) in enumerate(rows):
        if not 0 <= start < end <= len(text):
            raise ValueError(f"row {number}: {start} to {end} marks nothing in {len(text)} "
                             "characters; count code points from 0, end exclusive")
    shown = tqdm(rows, "targets", unit=" targets", disable=len(rows) < 500 or None, leave=False)
    values = np.array([_probabilities(text, *map(int, at)) for text, at in shown]).reshape(-1, 3)
    table = pd.DataFrame(values, columns=PROBABILITIES)
    table.insert(0, "polarity", pd.Series([LABELS[i] for i in values.argmax(axis=1)], dtype="str"))
    return table


def score_sentence(text: str) -> float:
    """Polarity of a whole sentence, from -1 (negative) to +1: p_positive minus p_negative.

    The sentence is its own target. A text without a letter or digit scores 0.
    """
    negative, _, positive = _probabilities(text, 0, len(text)) if _WORD.search(text) else (0, 1, 0)
    return round(float(positive - negative), DIGITS)


def score_sentences(texts: Sequence[str]) -> list[float]:
    """Polarity of each sentence, as `score_sentence` gives it."""
    return [score_sentence(text) for text in texts]


def explain_sentence(text: str) -> list[tuple[str, int, int, float]]:
    """What each word adds to the polarity of a sentence.

    Returns
    -------
    list of (word, start, end, contribution)
        In the order of the text. The contribution is the polarity of the sentence minus its
        polarity without the word: below zero, the word makes the sentence more negative.
        Contributions do not sum to the polarity. Only the first 1,200 characters count.
    """
    text = text[:REACH]
    whole, words = score_sentence(text), list(_WORD.finditer(text))
    without = [text[:word.start()] + text[word.end():].lstrip(" ") for word in words]
    return [(word[0], *word.span(), round(whole - score_sentence(rest), DIGITS))
            for word, rest in zip(words, without, strict=True)]


def _checked(line: bytes) -> tuple[str, str, int, int]:
    """One line of the input as (id, sentence, start, end); ValueError says what is wrong."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise ValueError("not JSON; give one JSON object a line") from None
    for key in KEYS:
        if not isinstance(row, dict) or key not in row:
            raise ValueError(f"{key} is missing; each line is an object with {', '.join(KEYS)}")
    ident, sentence, start, end = (row[key] for key in KEYS)
    if type(ident) not in (str, int) or not str(ident).strip():
        raise ValueError("id is empty or not text; give each line its own id")
    if type(sentence) is not str or not sentence.strip():
        raise ValueError("sentence is empty or not text; give the sentence of the mention")
    if any("\ud800" <= mark <= "\udfff" for mark in f"{ident}{sentence}"):
        raise ValueError("half of a surrogate pair; write the character whole")
    if (type(start), type(end)) != (int, int):
        raise ValueError("start or end is not a whole number; count code points from 0")
    if not 0 <= start < end <= len(sentence):
        raise ValueError(f"start {start} and end {end} mark nothing in {len(sentence)} characters;"
                         " count code points from 0, end exclusive")
    return str(ident), sentence, start, end


def read_targets(path: str | Path) -> pd.DataFrame:
    """Marked mentions from a file of JSON Lines.

    Returns
    -------
    DataFrame
        ``id``, ``sentence``, ``start``, ``end``; further keys are ignored, blank lines skipped.

    Raises
    ------
    CorpusError
        If a line is malformed or an id comes twice.
    """
    path, rows = Path(path), {}
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise CorpusError(f"{path.name}: {error.strerror}; give a file of JSON Lines") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip(b" \t\r\xef\xbb\xbf"):
            continue
        try:
            ident, *row = _checked(line)
            if ident in rows:
                raise ValueError(f"id {ident!r} stands above already; give each line its own id")
        except ValueError as error:
            raise CorpusError(f"{path.name}, row {number}: {error}") from None
        rows[ident] = row
    if not rows:
        raise CorpusError(f"{path.name}: no rows; give one JSON object a line")
    return pd.DataFrame([(ident, *row) for ident, row in rows.items()], columns=list(KEYS))


def polarity_of_file(path: str | Path) -> pd.DataFrame:
    """The table of the command ``targets``: ``id``, then the columns of `score_mentions`.

    What is refused, and how, stands at `read_targets`.
    """
    rows = read_targets(path)
    spans = list(zip(rows["start"], rows["end"], strict=True))
    table = score_mentions(rows["sentence"].tolist(), spans)
    table.insert(0, "id", rows["id"])
    return table
