"""How often two articles of one publisher differ: the yardstick beside every one-article verdict.

    python data/models/measure_publisher_pairs.py TRAIN.jsonl

TRAIN.jsonl is PolNeAR's training part, one article a line: `publisher`, `text`, and
`attributions` with `content` as a list of [start, end) spans. Articles of 400 to 1,200 words with
at least 13 paragraphs enter, about as long as the bundled ones. Paragraphs are the blocks; each
pair of articles is compared by the studentized permutation test of `analysis.inference`. Printed,
and kept as publisher_pairs.csv: for each measure the share of pairs told apart at .05 and .01 (of
`any`: by at least one of the five), within one publisher and between two; and `spread`, the
variance of one publisher's articles about their mean over that which their paragraphs lead one
to expect (1: articles of a publisher differ no more than random dealings of paragraphs).

Coefficients only; no text of the benchmark is kept.
"""

import json
import re
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.claims import inference
from analysis.corpus.language import lexicon, straighten
from analysis.instruments.tone import score

PAIRS, DEALS, SEED = 1500, 999, 1
WORDS, PARAGRAPHS = (400, 1200), 13
MEASURES = ("vader", "textblob", "attributed", "hedges", "boosters")
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z])")


def listed(category: str) -> re.Pattern:
    table = lexicon("stance")
    cues = sorted(table.loc[table["category"] == category, "cue"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, cues))})\b", re.IGNORECASE)


def blocks_of(article: dict, cues: dict[str, re.Pattern]) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators of the five measures, a row a paragraph."""
    text = article["text"]
    attributed = np.zeros(len(text))
    for attribution in article["attributions"]:
        for start, end in attribution["content"]:
            attributed[start:end] = 1
    rows = []
    for match in re.finditer(r"[^\n]*\S[^\n]*", text):
        paragraph = straighten(match.group())
        sentences = _SENTENCE.split(paragraph)
        words = len(paragraph.split())
        tone = [sum(item.polarity for item in score(sentences, name)) for name in MEASURES[:2]]
        found = [1000 * len(pattern.findall(paragraph)) for pattern in cues.values()]
        rows.append(([*tone, attributed[match.start():match.end()].sum(), *found],
                     [len(sentences), len(sentences), len(match.group()), words, words]))
    y, x = zip(*rows, strict=True)
    return np.array(y, float), np.array(x, float)


def main() -> None:
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    cues = {name: listed(name) for name in ("hedge", "booster")}
    blocks, publishers = [], []
    for article in articles:
        paragraphs = sum(bool(line.strip()) for line in article["text"].split("\n"))
        words = len(article["text"].split())
        if WORDS[0] <= words <= WORDS[1] and paragraphs >= PARAGRAPHS:
            blocks.append(inference.moments(*blocks_of(article, cues)))
            publishers.append(article["publisher"])
    every = np.array(list(combinations(range(len(blocks)), 2)))
    same = np.array([publishers[i] == publishers[j] for i, j in every])
    rng, shares = np.random.default_rng(SEED), {}
    for name, pool in (("same", every[same]), ("other", every[~same])):
        chosen = pool[rng.choice(len(pool), min(PAIRS, len(pool)), replace=False)]
        p = np.array([inference.p_value(inference.permute(blocks[i], blocks[j], DEALS))
                      for i, j in chosen])
        p = np.column_stack([p, p.min(axis=1)])
        shares |= {f"{name}_publisher_05": (p <= 0.05).mean(0),
                   f"{name}_publisher_01": (p <= 0.01).mean(0), f"{name}_pairs": len(p)}
    table = pd.DataFrame({"measure": [*MEASURES, "any"], **shares})
    spread = [spread_of(blocks, np.array(publishers), column) for column in range(len(MEASURES))]
    table["spread"] = [*spread, max(spread)]
    table["articles"] = len(blocks)
    sys.stdout.write(table.round(3).to_csv(index=False, lineterminator="\n"))


def spread_of(blocks: list[np.ndarray], publishers: np.ndarray, column: int) -> float:
    """Mean over publishers of the articles' variance over their mean squared standard error."""
    sums = np.array([block[:, column].sum(0) for block in blocks])
    none = inference.moments(np.zeros(2), np.ones(2)).sum(0)[0]
    ratio, error = inference.difference(sums, np.broadcast_to(none, sums.shape))
    variances = [ratio[publishers == name].var(ddof=1) for name in sorted(set(publishers))]
    errors = [(error[publishers == name] ** 2).mean() for name in sorted(set(publishers))]
    return float(np.mean(variances) / np.mean(errors))


if __name__ == "__main__":
    main()
