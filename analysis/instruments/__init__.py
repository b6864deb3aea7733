"""One article in, tables out; every function here takes plain texts and runs without the rest.

Each returns the columns of the table on disk without ``article_id``; offsets are code points of
the text that went in. Libraries are imported when a function is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.definitions import COLUMNS

if TYPE_CHECKING:
    from analysis.corpus.language import Parsed

__all__ = ["find_acts", "find_attributions", "find_cues", "polarity_toward", "score_tone"]


def _parsed(text: str, actors: pd.DataFrame | None
            ) -> tuple[Parsed, pd.DataFrame, pd.DataFrame]:
    """Parse one text, and find the names in it: those given, else every name that it holds."""
    from analysis.corpus.language import parse
    from analysis.instruments.mentions import find_mentions, infer_actors

    rows = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})
    if actors is None:
        nobody = pd.DataFrame(columns=["actor", "aliases", "role", "side"], dtype="str")
        actors = infer_actors([parse("text", text, rows, nobody)], least=1)
    parsed = parse("text", text, rows, actors)
    return parsed, find_mentions(parsed, actors), actors


def find_attributions(text: str, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find who is credited with which words.

    Parameters
    ----------
    actors : DataFrame, optional
        As ``actors.csv``; by default every name that the text holds.

    Returns
    -------
    DataFrame
        A row a contiguous stretch of attributed words, as in the table *attributions*; ``score``
        from 0 to 1 is higher where the speaker is surer.

    Examples
    --------
    >>> found = find_attributions("The bridge is safe, the mayor claimed. He denied the rest.")
    >>> found[["cue", "speaker_mention", "quote_type"]].values.tolist()[0]
    ['claimed', 'the mayor', 'indirect']
    """
    from analysis.instruments import attributions

    parsed, mentions, actors = _parsed(text, actors)
    return attributions.find_attributions(parsed, mentions, actors).drop(columns="article_id")


def find_cues(text: str) -> pd.DataFrame:
    """Find the words that the lists of framing and stance count.

    Examples
    --------
    >>> find_cues("Perhaps the plan failed.")[["category", "cue"]].values.tolist()[0]
    ['hedge', 'Perhaps']
    """
    from analysis.instruments import cues

    return cues.find_cues(_parsed(text, None)[0]).drop(columns="article_id")


def find_acts(text: str, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find who does what, to whom; a passive without a doer has a row *agentless*.

    Examples
    --------
    >>> find_acts("Russia invaded Ukraine.")[["actor", "role", "verb"]].values.tolist()
    [['Russia', 'agent', 'invade'], ['Ukraine', 'patient', 'invade']]
    """
    from analysis.instruments import acts

    parsed, mentions, _ = _parsed(text, actors)
    return acts.find_acts(parsed, mentions).drop(columns="article_id")


def score_tone(texts: Sequence[str], instrument: str | None = None) -> pd.DataFrame:
    """Score the tone of sentences by TextBlob, VADER and the network, or by one of them.

    Returns
    -------
    DataFrame
        sentence (the number of the text, from 1), instrument, polarity (−1 negative to +1
        positive), subjectivity (0 to 1, TextBlob alone), evidence: the words that made a score.

    Examples
    --------
    >>> score_tone(["This is good."], "textblob")["polarity"].tolist()
    [0.7]
    """
    from analysis.instruments import tone

    rows = []
    for name in [instrument] if instrument else ["textblob", "vader", "network"]:
        for number, found in enumerate(tone.score(list(texts), name), start=1):
            rows.append((number, name, found.polarity, found.subjectivity,
                         tone.write_evidence(found.evidence)))
    return pd.DataFrame(rows, columns=COLUMNS["sentiment"][1:])


def polarity_toward(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Score the polarity of each sentence toward the one mention that its span marks.

    Returns
    -------
    DataFrame
        sentence (the number of the text, from 1), start, end, mention, target, holder (not
        known here), polarity (negative, neutral, positive) and three probabilities.

    Examples
    --------
    >>> polarity_toward(["The minister lied again."], [(4, 12)])["polarity"].tolist()
    ['negative']
    """
    from analysis.instruments import targets

    found = targets.score_mentions(texts, spans)
    words = [text[start:end] for text, (start, end) in zip(texts, spans, strict=True)]
    return found.assign(
        sentence=range(1, len(texts) + 1), start=[start for start, _ in spans],
        end=[end for _, end in spans], mention=words, target=words, holder="",
    )[COLUMNS["targets"][1:]]
