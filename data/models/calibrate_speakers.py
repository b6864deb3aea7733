"""Fit the probability that a speaker is right, and print how true it is.

    python data/models/calibrate_speakers.py GOLD.jsonl

GOLD.jsonl has one article a line: ``doc``, ``outlet``, ``text``, and ``attributions``, each with
``content`` (spans) and ``speaker`` (the full name). A quotation is judged by the row that covers
most of it, where at least half of it is covered; a speaker is right where the names share the last
word, or one holds all words of the other. Writes ``attributions_score.csv`` beside this file: the
share that is right in each of four classes of ways in which a speaker is known, one quotation of
the overall share added to each. Prints rates in ten bins of equal size as fitted, and with each
outlet left out of the fit in turn; quotations of one score stand in random order.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.corpus.language import parse
from analysis.instruments import attributions as room
from analysis.instruments.mentions import find_mentions, infer_actors

HERE = Path(__file__).resolve().parent
# Twelve classes, each with a rate of its own, were off by .14 on an outlet left out; these, by .07.
CLASSES = {"named": "sure", "document of": "sure", "pronoun sure": "sure",
           "carried": "likely", "pronoun likely": "likely", "description joined": "likely",
           "described group": "likely", "pronoun doubtful": "doubtful", "described": "doubtful",
           "pronoun group": "doubtful", "carried within": "doubtful", "none": "none"}
NO_ROWS = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})
NOBODY = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)


def words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("the", "mr", "ms")]


def same(one: str, other: str) -> bool:
    a, b = words(one), words(other)
    return bool(a and b) and (a[-1] == b[-1] or set(a) <= set(b) or set(b) <= set(a)
                              or "".join(w[0] for w in a) in b or "".join(w[0] for w in b) in a)


def observe(path: str) -> list[tuple[str, str, bool]]:
    """Return outlet, way in which the speaker is known, and truth of each quotation found."""
    articles = [json.loads(line)
                for line in Path(path).read_text(encoding="utf-8").splitlines()]
    actors = infer_actors([parse(a["doc"], a["text"], NO_ROWS, NOBODY) for a in articles])
    found = []
    for article in articles:
        seen: list[str] = []
        real = room.speaker_score
        room.speaker_score = lambda how, seen=seen: seen.append(how) or 0.99
        parsed = parse(article["doc"], article["text"], NO_ROWS, actors)
        table = room.find_attributions(parsed, find_mentions(parsed, actors), actors)
        room.speaker_score = real
        order = {name: place for place, name in enumerate(table["attribution_id"].unique())}
        rows = table[table["kind"].isin(["speech", "document", "performative"])
                     & table["quote_type"].ne("scare")]
        spans = [(range(row.start, row.end), row) for row in rows.itertuples()]
        for gold in article["attributions"]:
            chars = {i for start, end in gold["content"] for i in range(start, end)}
            shared = [(len(chars.intersection(span)), row) for span, row in spans]
            covered = set().union(*(chars.intersection(span) for span, _ in spans))
            if 2 * len(covered) >= len(chars):
                best = max(shared, key=lambda pair: pair[0])[1]
                found.append((article["outlet"], seen[order[best.attribution_id]],
                              same(best.speaker, gold["speaker"])))
    return found


def fit(rows: list[tuple[str, str, bool]]) -> dict[str, float]:
    """Return the share that is right, by way in which the speaker is known."""
    right = np.array([truth for *_, truth in rows], dtype=float)
    classes = np.array([CLASSES[how] for _, how, _ in rows])
    rates = {name: (right[classes == name].sum() + right.mean()) / ((classes == name).sum() + 1)
             for name in set(CLASSES.values()) - {"none"}} | {"none": 0.0}
    return {how: rates[name] for how, name in CLASSES.items()}


def bins(scores: np.ndarray, right: np.ndarray) -> str:
    mixed = np.random.default_rng(0).permutation(len(scores))
    order = mixed[np.argsort(scores[mixed].round(2), kind="stable")]
    return "; ".join(f"{scores[part].mean():.3f} said, {right[part].mean():.3f} right"
                     for part in np.array_split(order, 10))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    observed = observe(sys.argv[1])
    right = np.array([row[2] for row in observed], dtype=float)
    rates = fit(observed)
    print("as fitted:", bins(np.array([rates[how] for _, how, _ in observed]), right))
    apart = {outlet: fit([row for row in observed if row[0] != outlet])
             for outlet in {row[0] for row in observed}}
    print("outlet left out:",
          bins(np.array([apart[outlet][how] for outlet, how, _ in observed]), right))
    table = pd.DataFrame([(how, CLASSES[how], f"{rate:.4f}") for how, rate in rates.items()],
                         columns=["how", "class", "score"])
    table.to_csv(HERE / "attributions_score.csv", index=False, lineterminator="\n")
