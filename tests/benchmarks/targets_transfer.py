"""Polarity toward targets beside the reference codes of the bundled articles.

    python tests/benchmarks/targets_transfer.py [--coders b c] [--draws 2000]

Only rows that both coders code alike are scored. Prints a line for each instrument: macro-F1
with the 95 % interval of a bootstrap of paragraphs within articles, accuracy, F1 per class, and
macro-F1 and accuracy per article; then how the network's labels meet the codes. The codes
measure; nothing was chosen by them.
"""

import argparse
import json

import numpy as np
import pandas as pd
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.definitions import ROOT
from analysis.instruments.targets import LABELS, score_mentions


def agreed(coders):
    """The rows that the coders code alike, with sentence, mention's span and paragraph."""
    codes = pd.read_csv(ROOT / "data" / "codes" / "targets.csv", keep_default_na=False)
    one, two = (codes[codes["coder"] == coder] for coder in coders)
    keys = ["article_id", "start", "end", "target"]
    rows = one.merge(two[[*keys, "polarity"]], on=keys, suffixes=("", "_other"))
    rows = rows[rows["polarity"] == rows["polarity_other"]].reset_index(drop=True)
    texts = {name: (ROOT / "data" / "articles" / f"{name}.txt").read_bytes().decode("utf-8")
             for name in rows["article_id"].unique()}
    rows["sentence"] = [texts[row.article_id][row.start:row.end] for row in rows.itertuples()]
    rows["block"] = [f"{row.article_id} {texts[row.article_id].count(chr(10), 0, row.start)}"
                     for row in rows.itertuples()]
    rows["at"] = [(row.mention_start - row.start, row.mention_end - row.start)
                  for row in rows.itertuples()]
    return rows


def sign(values, edge=0.0):
    """Scores as labels; up to the edge they are neutral."""
    return [LABELS[1 + (value > edge) - (value < -edge)] for value in values]


def macro_f1(gold, said):
    """F1 of each class; a class that neither holds counts zero."""
    f1 = []
    for label in LABELS:
        total = (gold == label).sum() + (said == label).sum()
        f1.append(2 * ((gold == label) & (said == label)).sum() / total if total else 0.0)
    return np.mean(f1), f1


def interval(rows, said, draws):
    """Percentile interval of macro-F1, paragraphs drawn anew within each article."""
    rng, gold = np.random.default_rng(20180301), rows["polarity"].to_numpy()
    blocks = {name: list(part.groupby("block", sort=True).indices.values())
              for name, part in rows.reset_index(drop=True).groupby("article_id", sort=True)}
    places = {name: rows.index[rows["article_id"] == name].to_numpy() for name in blocks}
    seen = []
    for _ in range(draws):
        drawn = np.concatenate([
            places[name][parts[i]] for name, parts in blocks.items()
            for i in rng.integers(0, len(parts), len(parts))])
        seen.append(macro_f1(gold[drawn], said[drawn])[0])
    return [round(float(value), 3) for value in np.quantile(seen, [.025, .975])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--coders", nargs=2, default=["b", "c"])
    parser.add_argument("--draws", type=int, default=2000)
    options = parser.parse_args()
    rows, vader = agreed(options.coders), SentimentIntensityAnalyzer()
    sentences = [text.replace("’", "'") for text in rows["sentence"]]
    network = score_mentions(rows["sentence"].tolist(), rows["at"].tolist())
    said = {
        "always neutral": ["neutral"] * len(rows),
        "TextBlob": sign([TextBlob(text).sentiment.polarity for text in sentences]),
        "VADER": sign([vader.polarity_scores(text)["compound"] for text in sentences], .05),
        "network": network["polarity"].tolist(),
    }
    gold = rows["polarity"].to_numpy()
    for name, labels in said.items():
        labels = np.array(labels, dtype=object)
        whole, classes = macro_f1(gold, labels)
        print(json.dumps({
            "instrument": name, "rows": len(rows), "macro_f1": round(whole, 3),
            "interval": interval(rows, labels, options.draws),
            "accuracy": round(float((gold == labels).mean()), 3),
            "f1": dict(zip(LABELS, [round(float(value), 3) for value in classes], strict=True)),
            "articles": {
                article: [round(macro_f1(gold[part], labels[part])[0], 3),
                          round(float((gold[part] == labels[part]).mean()), 3)]
                for article, part in rows.groupby("article_id", sort=False).indices.items()},
        }))
    print(pd.crosstab(pd.Series(gold, name="code"), network["polarity"].rename("network")))


if __name__ == "__main__":
    main()
