"""How fast the network for targets is, beside VADER on the same sentences.

    python tests/benchmarks/targets_speed.py [FILE.jsonl] [--rows 600]

FILE.jsonl holds marked mentions as the command ``targets`` reads them; without it, sentences of
24 words written here. Prints one line of JSON. Time is that of this process on the processor,
best of three with nothing remembered, so that a busy machine tells less; ``wall`` is by the clock.
Memory is what the process gained by loading and using the network.
"""

import argparse
import json
import time
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.instruments import targets

SENTENCE = (
    "The committee said on day {} that {} had failed to answer the questions of its members "
    "about the contract, and praised the witnesses for their patience."
)


def resident():
    """Megabytes that this process holds in memory."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


def best(work, times=3):
    """Seconds on the processor and by the clock of the quickest of some runs."""
    seen = []
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        seen.append((time.process_time() - processor, time.perf_counter() - clock))
    return min(seen)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=600)
    options = parser.parse_args()
    if options.file:
        rows = targets.read_targets(options.file).head(options.rows)
        sentences, spans = rows["sentence"].tolist(), list(zip(rows["start"], rows["end"],
                                                               strict=True))
    else:
        sentences = [SENTENCE.format(day, "Keller") for day in range(options.rows)]
        spans = [(s.index("Keller"), s.index("Keller") + 6) for s in sentences]
    vader = SentimentIntensityAnalyzer()
    before = resident()
    load = best(lambda: targets.score_mentions(["Keller left."], [(0, 6)]), times=1)[1]

    def read():
        targets._leanings.cache_clear()
        targets.score_mentions(sentences, spans)

    processor, wall = best(read)
    rival, _ = best(lambda: [vader.polarity_scores(sentence) for sentence in sentences])
    print(json.dumps({
        "targets": len(sentences),
        "pieces_mean": round(sum(len(targets.find_pieces(s, *span)[0]) for s, span
                                 in zip(sentences, spans, strict=True)) / len(sentences), 1),
        "targets_per_second": round(len(sentences) / processor),
        "targets_per_second_wall": round(len(sentences) / wall),
        "vader_sentences_per_second": round(len(sentences) / rival),
        "times_vader": round(processor / rival, 1),
        "load_seconds": round(load, 2),
        "memory_mb": round(resident() - before),
    }))


if __name__ == "__main__":
    main()
