"""Mentions of actors in a parsed article, and the actors of a corpus that names none.

A mention is found by the names in ``actors.csv``: whole words, case as written, the longest name
first. Beyond names only what a rule gets right nine times in ten is resolved; the rest is left.
"""

from __future__ import annotations

import functools
import re
from collections import Counter

import pandas as pd

from analysis.language import Parsed, straighten
from analysis.tables import COLUMNS

AUTHOR = "AUTHOR"  # the article's own author: a speaker, never looked for in a text


def _names(actors: pd.DataFrame) -> dict[str, str]:
    """Each name and alias, straightened, with its actor."""
    found: dict[str, str] = {}
    for row in actors.itertuples():
        if row.actor != AUTHOR:
            for name in [row.actor, *row.aliases.split("|")]:
                if name:
                    found.setdefault(straighten(name), row.actor)
    return found


@functools.lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names as whole words, the longest first; not as part of a hyphened word."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?<!\w-)(?:{'|'.join(map(re.escape, longest))})(?!\w|-\w)")


def find_mentions(parsed: Parsed, actors: pd.DataFrame) -> pd.DataFrame:
    """Mentions of actors, in the order of the text.

    Parameters
    ----------
    parsed : Parsed
    actors : DataFrame
        ``actor`` and ``aliases`` (separated by "|").

    Returns
    -------
    DataFrame
        The columns of the table *mentions*. A possessive's 's is no part of the mention.
    """
    names = _names(actors)
    text = straighten(parsed.text)
    rows = []
    for found in _pattern(tuple(names)).finditer(text) if names else ():
        sentence = parsed.sentence_at(found.start())
        if sentence is not None:
            start, end = found.span()
            rows.append((sentence, start, end, names[found.group()], "alias"))
    rows.sort(key=lambda row: row[1])
    table = [
        (parsed.article_id, sentence, start, end, parsed.text[start:end], actor, basis)
        for sentence, start, end, actor, basis in rows
    ]
    return pd.DataFrame(table, columns=COLUMNS["mentions"])


def infer_actors(articles: list[Parsed]) -> pd.DataFrame:
    """The recurring named persons, states and organisations, as an actor table.

    A name recurs when it stands in the corpus three times or more. A surname joins the fullest
    name that ends with it; role and side stay empty.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for parsed in articles:
        for doc in parsed.docs:
            for entity in doc.ents:
                if entity.label_ in ("PERSON", "GPE", "ORG", "NORP") and entity.text[:1].isupper():
                    name = re.sub(r"^[Tt]he |'s$|'$", "", entity.text.strip())
                    counts[name, entity.label_] += 1
    kinds = {"PERSON": "person", "GPE": "state", "ORG": "body"}
    total: Counter[str] = Counter()
    label: dict[str, str] = {}
    for (name, kind), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if kind in kinds and len(name) > 1:
            total[name] += count
            label.setdefault(name, kinds[kind])
    rows, joined = [], set()
    for name in sorted(total, key=lambda name: (-len(name.split()), -total[name], name)):
        if name in joined:
            continue
        short = [
            other
            for other in sorted(total)
            if label[name] == "person" and " " in name and other == name.split()[-1]
        ]
        short = [other for other in short if other not in joined]
        joined.update(short)
        if total[name] + sum(total[other] for other in short) >= 3:
            rows.append((name, "|".join(short), "", "", label[name], ""))
    columns = ["actor", "aliases", "role", "side", "type", "note"]
    return pd.DataFrame(sorted(rows), columns=columns, dtype=str)
