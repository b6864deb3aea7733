"""How often the network is right about names in running news, where few are praised or blamed.

    python tests/benchmarks/targets_read.py polnear/train.jsonl canadian/dev.jsonl

Each file holds articles, a line each, with `doc` and `text`. `targets_read.csv` holds, for 113
names in their sentences, the label that a language model gave on reading the sentence, before it
saw what the network says; a sentence is known by its article and its characters, none is kept
here. 156 names were drawn, as many of each label of an earlier network in each corpus; 43 were no
names. So each stands for several. Prints the share right and the confidence, so weighted, how many
of each label are right with Wilson's interval, and what the logits would have to be divided by for
the least log-loss. The network was not taught on these labels.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.claims.inference import wilson
from analysis.instruments.targets import LABELS, PROBABILITIES, score_mentions


def main():
    articles = [json.loads(line) for path in sys.argv[1:]
                for line in Path(path).read_text("utf-8").splitlines() if line]
    known = {article["doc"]: article["text"] for article in articles}
    read = pd.read_csv(Path(__file__).with_suffix(".csv"))
    missing = int((~read["article"].isin(known)).sum())
    read = read[read["article"].isin(known)].reset_index(drop=True)
    texts = [known[row.article][row.sentence_start:row.sentence_end] for row in read.itertuples()]
    spans = read[["start", "end"]].sub(read["sentence_start"], axis=0)
    said = score_mentions(texts, list(spans.itertuples(index=False, name=None)))
    shares = said[PROBABILITIES].to_numpy().clip(1e-3)
    gold, weight = read["label"].map(LABELS.index).to_numpy(), read["stands_for"]
    right = said["polarity"] == read["label"]
    labels = {label: [int(right[said["polarity"] == label].sum()), int((said["polarity"] == label)
                      .sum())] for label in LABELS}

    def loss(divisor):
        logs = np.log(shares) / divisor
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        return -np.average(logs[range(len(gold)), gold], weights=weight)

    print(json.dumps({
        "read": len(read), "not_found": missing,
        "right": round(float(np.average(right, weights=weight)), 3),
        "always_neutral": round(float(np.average(gold == 1, weights=weight)), 3),
        "confidence": round(float(np.average(shares.max(axis=1), weights=weight)), 3),
        "right_of_label": {label: [*counts, *(round(end, 2) for end in wilson(*counts))]
                           for label, counts in labels.items() if counts[1]},
        "divisor": min(np.arange(0.5, 3, 0.05).round(2).tolist(), key=loss)}))


if __name__ == "__main__":
    main()
