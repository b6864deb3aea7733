"""What the tone of a whole sentence says of one target in it: the benchmark beside TextBlob's card.

    python data/models/measure_sentence_tone.py DEV.jsonl …

Each file has one marked mention a line: `sentence`, `start`, `end`, `label` (NewsMTSC's form).
Printed for TextBlob, VADER and the network: macro-F1 over negative, neutral and positive, and
accuracy. The first two read the sentence, the network the mention; neutral is as in
`analysis.definitions`. Kept in benchmarks.csv. No sentence of a benchmark is kept.
"""

import json
import sys
from pathlib import Path

import pandas as pd

from analysis.definitions import NEUTRAL, SCORES
from analysis.instruments import targets
from analysis.instruments import tone as sentiment


def label_of(polarity: float) -> str:
    """Return the word for a polarity; within the neutral band it is neutral."""
    return "neutral" if abs(polarity) <= NEUTRAL else "positive" if polarity > 0 else "negative"


def macro_f1(truth: pd.Series, said: pd.Series) -> float:
    """Return the mean F1 over negative, neutral and positive."""
    scores = []
    for label in SCORES:
        both = int(((truth == label) & (said == label)).sum())
        scores.append(2 * both / max(1, int((truth == label).sum() + (said == label).sum())))
    return sum(scores) / len(scores)


def main(paths: list[str]) -> None:
    for path in paths:
        lines = Path(path).read_text("utf-8").splitlines()
        rows = pd.DataFrame([json.loads(line) for line in lines])
        texts = rows["sentence"].tolist()
        said = {name: pd.Series(map(label_of, sentiment.polarities(texts, name)))
                for name in ("textblob", "vader")}
        spans = list(zip(rows["start"], rows["end"], strict=True))
        said["network"] = targets.score_mentions(texts, spans)["polarity"].reset_index(drop=True)
        for name, labels in said.items():
            right = (labels == rows["label"]).mean()
            print(f"{Path(path).name}, {name}: {len(rows)} targets, "
                  f"macro-F1 {macro_f1(rows['label'], labels):.3f}, accuracy {right:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
