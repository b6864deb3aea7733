"""Fit the probability that a speaker is right, and print how true it is.

    python data/models/calibrate_speakers.py GOLD.jsonl

GOLD.jsonl has one article a line: ``doc``, ``outlet``, ``text``, and ``attributions``, each with
``content`` (spans) and ``speaker`` (the full name). A quotation is judged by the row that covers
most of it, where at least half of it is covered; a speaker is right where the names share the last
word, or one holds all words of the other. Writes ``attributions_score.csv`` beside this file:
weights in log-odds (ridge penalty 0.3). Prints rates in ten bins of equal size as fitted, and with
each outlet left out of the fit in turn.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.corpus.language import parse
from analysis.instruments import attributions as room
from analysis.instruments.mentions import find_mentions, infer_actors

HERE = Path(__file__).resolve().parent
NO_ROWS = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})
NOBODY = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)


def words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("the", "mr", "ms")]


def same(one: str, other: str) -> bool:
    a, b = words(one), words(other)
    return bool(a and b) and (a[-1] == b[-1] or set(a) <= set(b) or set(b) <= set(a)
                              or "".join(w[0] for w in a) in b or "".join(w[0] for w in b) in a)


def observe(path: str) -> list[tuple[str, list[str], bool]]:
    """Return outlet, features and truth of each quotation that was found."""
    articles = [json.loads(line)
                for line in Path(path).read_text(encoding="utf-8").splitlines()]
    actors = infer_actors([parse(a["doc"], a["text"], NO_ROWS, NOBODY) for a in articles])
    found = []
    for article in articles:
        seen: list[list[str]] = []
        real = room.speaker_score
        room.speaker_score = lambda how, seen=seen: seen.append(["b", "how=" + how]) or 0.99
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


def fit(rows: list[tuple[str, list[str], bool]]) -> dict[str, float]:
    names = sorted({feature for _, features, _ in rows for feature in features})
    x = np.array([[name in features for name in names] for _, features, _ in rows], dtype=float)
    y = np.array([right for *_, right in rows], dtype=float)
    penalty = np.array([0.01 if name == "b" else 0.3 for name in names])

    def loss(w):
        z = x @ w
        slope = x.T @ (1 / (1 + np.exp(-z)) - y) + penalty * w
        return np.logaddexp(0, z).sum() - y @ z + 0.5 * penalty @ w**2, slope

    return dict(zip(names, minimize(loss, np.zeros(len(names)), jac=True).x, strict=True))


def rate(weights: dict[str, float], features: list[str]) -> float:
    return float(1 / (1 + np.exp(-sum(weights.get(feature, 0.0) for feature in features))))


def bins(scores: np.ndarray, right: np.ndarray) -> str:
    order = np.argsort(scores, kind="stable")
    return "; ".join(f"{scores[part].mean():.3f} said, {right[part].mean():.3f} right"
                     for part in np.array_split(order, 10))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    observed = observe(sys.argv[1])
    right = np.array([row[2] for row in observed], dtype=float)
    weights = fit(observed)
    print("as fitted:", bins(np.array([rate(weights, row[1]) for row in observed]), right))
    outlets = {row[0] for row in observed}
    apart = {outlet: fit([row for row in observed if row[0] != outlet]) for outlet in outlets}
    print("outlet left out:",
          bins(np.array([rate(apart[row[0]], row[1]) for row in observed]), right))
    table = pd.DataFrame(sorted(weights.items()), columns=["feature", "weight"])
    table["weight"] = table["weight"].map("{:.4f}".format)
    table.to_csv(HERE / "attributions_score.csv", index=False, lineterminator="\n")
