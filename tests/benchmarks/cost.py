"""What all tables cost beside the bare parse of the same texts, by stage, and how much memory.

    python tests/benchmarks/cost.py N [--workers W] [--scheduler ADDRESS] [--without-tone]
        [--longest P] [--texts FILE.jsonl]

Takes N articles, none with actors given, so that they are inferred: the ``text`` of each line of
FILE, or made from templates, 2 to P paragraphs long (60). Makes all tables but the claims, with
nothing in the cache, and before and after that parses the articles bare with the same spaCy model,
paragraphs in batches of 64. Prints processor seconds (of this process and of those that it started)
over the mean of the two bare parses, and the peak memory. Other work on the machine raises
processor seconds, too; their ratio less.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

FIRST = ["Ada", "Ben", "Cora", "Dan", "Eve", "Finn", "Gwen", "Hugo", "Iris", "Jack", "Kate",
         "Leo", "Mona", "Ned", "Olga", "Paul"]
LAST = ["Moss", "Farr", "Pell", "Voss", "Hall", "Roth", "Tate", "Lamb", "Kemp", "Dorn", "Wynn",
        "Marsh", "Abbot", "Birch", "Crane"]
PLACES = ["Arnholt", "Belmere", "Corvin", "Dunsby", "Elstow", "Farrow", "Glenmore", "Harwick",
          "Iverton", "Jessop"]
THINGS = ["bridge", "school", "mill", "harbour", "library", "railway", "market", "hospital",
          "tunnel", "quarry"]
SENTENCES = [
    "The {thing} in {place} will close in May, the council said on Tuesday.",
    "“We were never asked,” said {person}, who has worked there for {years} years.",
    "{person}, a teacher, called the decision “a disgrace.”",
    "According to {person}, the council had promised to keep the {thing} open.",
    "“The money is gone,” {person} told reporters in {place}. “Somebody took it.”",
    "The council blames the state, which cut its grant by {years} percent.",
    "Two reports have warned that the roof of the {thing} is not safe, and that the town, which "
    "had known of it for {years} years, did nothing about it until a worker was hurt.",
    "Last year the {thing} was praised as the best in the region.",
    "Critics say that the mayor of {place} has wasted the money on a terrible plan.",
    "She was arrested by police in {place} and later released.",
    "Nobody knows why {person} attacked the government of {place} so bitterly.",
    "The minister declined to comment, but he told {person} that talks would go on.",
]
STAGES = {"mentions": ["find_mentions"], "attributions": ["find_attributions"],
          "voices": ["assign_voices", "sentence_voices"], "acts": ["find_acts"],
          "cues": ["find_cues"], "words": ["count_terms", "compare_terms"],
          "tone": ["score_sentences", "score_targets"]}


def text(chance: random.Random, longest: int) -> str:
    """Return an article; lengths are spread as those of news are, most short and some long."""
    paragraphs = []
    for _ in range(min(longest, 2 + int(chance.lognormvariate(2.2, 0.7)))):
        sentences = [chance.choice(SENTENCES).format(
            thing=chance.choice(THINGS), place=chance.choice(PLACES), years=chance.randint(3, 40),
            person=f"{chance.choice(FIRST)} {chance.choice(LAST)}")
            for _ in range(chance.randint(1, 4))]
        paragraphs.append(" ".join(sentences))
    return "\n\n".join(paragraphs) + "\n"


def corpus(path: Path, size: int, longest: int = 60, given: Path | None = None) -> Path:
    """Write a corpus of so many articles: four outlets, an event for each four articles."""
    chance = random.Random(1)
    texts = [json.loads(line)["text"] for line in given.open(encoding="utf-8")][:size] if given \
        else [text(chance, longest) for _ in range(size)]
    rows = [(f"a{at:06}", f"Outlet {at % 4 + 1}", f"event {at // 4}", words)
            for at, words in enumerate(texts)]
    pd.DataFrame(rows, columns=["article_id", "outlet", "event", "text"]).to_csv(path, index=False)
    return path


def seconds() -> float:
    """Return processor seconds of this process and of those that it has started."""
    return sum(used.ru_utime + used.ru_stime for used in map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def watch(stages: Counter) -> None:
    """Let every stage add its processor seconds; seen in one process only."""
    from analysis.instruments import annotate

    def watched(function, name):
        def run(*args, **more):
            began = time.process_time()
            try:
                return function(*args, **more)
            finally:
                stages[name] += time.process_time() - began
        return run

    for name, functions in STAGES.items():
        module = __import__(f"analysis.instruments.{name}", fromlist=["x"])
        for function in functions:
            setattr(module, function, watched(getattr(module, function), function))
    annotate.Job.parse = watched(annotate.Job.parse, "parse")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", type=int)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--scheduler", default="")
    parser.add_argument("--without-tone", action="store_true")
    parser.add_argument("--longest", type=int, default=60)
    parser.add_argument("--texts", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANALYSIS_CACHE"] = str(Path(folder) / "cache")
        measure(corpus(Path(folder) / "made.csv", args.size, args.longest, args.texts), args)


def bare(made) -> tuple[float, int]:
    """Return processor seconds of the bare parse, and the number of tokens."""
    from analysis.corpus import language, layout
    from analysis.instruments import annotate

    began, tokens = seconds(), 0
    for row in annotate.jobs(made):
        places = layout.paragraphs("a", row.text, row.layout)
        pieces = [language.straighten(row.text[start:end])
                  for start, end in zip(places["start"], places["end"], strict=True)]
        tokens += sum(map(len, language._model().pipe(pieces, batch_size=64)))
    return seconds() - began, tokens


def measure(path: Path, args: argparse.Namespace) -> None:
    from analysis.corpus import language
    from analysis.corpus.read import load_corpus
    from analysis.corpus.spread import Where
    from analysis.pipeline import tables_of

    made = load_corpus(path)
    list(language._model().pipe(["Warm up the model."]))
    before, tokens = bare(made)
    stages: Counter = Counter()
    if args.workers == 1 and not args.scheduler:
        watch(stages)
    began, clock = seconds(), time.perf_counter()
    tables_of(made, where=Where(args.workers, args.scheduler), tone=not args.without_tone)
    cost, wall = seconds() - began, time.perf_counter() - clock
    peak = [resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    after, _ = bare(made)
    parse = (before + after) / 2
    print(f"{len(made.articles)} articles, {tokens} tokens, {args.workers} workers, load "
          f"{os.getloadavg()[0]:.1f} {args.scheduler}")
    print(f"bare parse {before:.1f} and {after:.1f} s; all tables {cost:.1f} s, "
          f"{cost / parse:.2f} times; {1000 * cost / len(made.articles):.0f} ms an article; "
          f"{wall:.0f} s by the clock")
    for name, spent in stages.most_common():
        print(f"  {name:18s} {spent:8.1f} s  {spent / parse:5.2f}")
    print(f"peak memory: this process {peak[0]:.0f} MiB, the largest of others {peak[1]:.0f} MiB")


if __name__ == "__main__":
    main()
