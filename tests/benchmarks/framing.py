"""Print what is measured of framing and agency, one line of JSON a figure.

python tests/benchmarks/framing.py [--babe SENTENCES.jsonl] [--relabelings N]

``--babe`` measures loaded language on annotated sentences (``text``, ``label_bias``, ``topic``,
``outlet``), held out by tenths, by topic and by outlet. ``--relabelings`` deals the paragraphs of
the bundled articles at random, N times, and counts the runs with any distinctive term.
"""

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import load as load_tables
from analysis.claims.inference import wilson
from analysis.corpus import load_corpus
from analysis.definitions import FUNCTIONS, ROOT
from analysis.instruments import annotate
from analysis.instruments import words as framing

HERE = Path(__file__)


def load(path: Path):
    """Import a script by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def say(figure: str, **values) -> None:
    """Print one figure."""
    rounded = {name: round(value, 4) if isinstance(value, float) else value
               for name, value in values.items() if value == value}
    print(json.dumps({"figure": figure, **rounded}), flush=True)


def babe(path: Path) -> None:
    """Area under the curve: all features, each family alone and left out, plain rivals."""
    train = load(ROOT / "data" / "models" / "train_loaded.py")
    sentences = train.read(path)
    table, biased = train.features(sentences["text"].tolist()), sentences["biased"].to_numpy()
    for row in train.measure(sentences, table, biased).itertuples():
        say("BABE SG1 AUC", features=row.features, auc=row.auc, without=row.without,
            by_topic=row.by_topic, by_outlet=row.by_outlet)


def relabelings(runs: int, deals: int = 199) -> None:
    """Share of random dealings of the paragraphs with any term at or under .05."""
    corpus = load_corpus(ROOT / "data")
    counted = []
    for job in annotate.jobs(corpus):
        parsed = job.parse()
        counted.append(annotate.read(parsed, job.actors)["words"])
    words = pd.concat(counted, ignore_index=True)
    place = words["article_id"] + "/" + words["paragraph"].astype(str)
    keys = np.array(sorted(set(place)))
    owners = np.array([key.rsplit("/", 1)[0] for key in keys])
    rng, hits = np.random.default_rng(0), 0
    for run in range(runs):
        dealt = dict(zip(keys, rng.permutation(owners), strict=True))
        mixed = words.assign(
            article_id=place.map(dealt),
            paragraph=place.map({key: i for i, key in enumerate(keys)}))
        terms = framing.compare_terms(mixed, corpus.articles, deals, redraws=2, seed=run)
        hits += bool((terms["p_adjusted"] <= 0.05).any())
    low, high = wilson(hits, runs)
    say("relabelings with a distinctive term", runs=runs, runs_with_any=hits, share=hits / runs,
        low=low, high=high, stated=0.05)


def codes() -> None:
    """Entman's cue lists against the reference codes, per coder and outlet."""
    t = load_tables(ROOT / "data")
    cued = t.frame_cues[t.frame_cues["family"] == "entman"]
    seen = set(zip(cued["article_id"], cued["sentence"], cued["category"], strict=True))
    places = t.sentences[["article_id", "start", "sentence"]]
    at = t.frames.merge(places, on=["article_id", "start"])
    for (by, outlet), rows in at.groupby(["by", "outlet"], observed=True):
        for code in FUNCTIONS:
            coded = rows["entman"].fillna("").str.split().map(lambda c, code=code: code in c)
            found = [(a, s, code) in seen
                     for a, s in zip(rows["article_id"], rows["sentence"], strict=True)]
            both = int((coded & found).sum())
            say("cues against codes", by=by, outlet=str(outlet), category=code,
                precision=both / max(1, sum(found)), recall=both / max(1, int(coded.sum())))


def agency_table() -> None:
    """Agent and patient pairs of the hand-written table."""
    tests = load(HERE.parents[1] / "instruments" / "test_acts.py")
    gold, found = set(), set()
    for (number, text), rows in tests.TABLE.groupby(["sentence_id", "sentence"], sort=False):
        gold |= {(number, *pair) for pair in tests.pairs(rows)}
        found |= {(number, *pair) for pair in tests.pairs(tests.acts(text))}
    right = len(gold & found)
    say("agency", sentences=int(tests.TABLE["sentence_id"].nunique()), pairs=len(gold),
        recall=right / len(gold), precision=right / len(found))


def main() -> None:
    """Print every figure that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--babe", type=Path)
    parser.add_argument("--relabelings", type=int, default=0)
    chosen = parser.parse_args()
    agency_table()
    codes()
    if chosen.babe:
        babe(chosen.babe)
    if chosen.relabelings:
        relabelings(chosen.relabelings)


if __name__ == "__main__":
    main()
