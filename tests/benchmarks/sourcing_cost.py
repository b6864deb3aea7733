"""What attributions and voices cost beside the bare spaCy pipeline.

    python tests/benchmarks/sourcing_cost.py FILE.jsonl [TOKENS]

FILE.jsonl has one article a line with a ``text``. Reads articles until TOKENS (80,000 by default)
are reached, parses them, then finds attributions and assigns voices; prints processor seconds of
each, their ratio, and the peak memory of the process.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.corpus import language, layout
from analysis.corpus.tokens import Doc
from analysis.definitions import COLUMNS
from analysis.instruments import attributions as sourcing
from analysis.instruments import voices as voice

NOBODY = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)
NO_ROWS = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})


def main(path: str, least: int) -> None:
    nlp = language._model()
    list(nlp.pipe(["Warm up the model."]))
    mentions = pd.DataFrame(columns=COLUMNS["mentions"])
    tokens = 0
    bare = ours = 0.0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            places = layout.paragraphs("a", text, NO_ROWS)
            pieces = [language.straighten(text[start:end]) for start, end
                      in zip(places["start"], places["end"], strict=True)]
            began = time.process_time()
            docs = list(nlp.pipe(pieces, batch_size=64))
            parsed_at = time.process_time()
            docs = list(map(Doc, docs))  # counted here, though all that follows rests on it
            plain = time.process_time()
            parsed = language._assemble("a", text, "", places, docs)
            ready = time.process_time()
            found = sourcing.find_attributions(parsed, mentions, NOBODY)
            voice.assign_voices(parsed, found)
            ours += time.process_time() - ready + plain - parsed_at
            bare += parsed_at - began
            tokens += sum(map(len, docs))
            if tokens >= least:
                break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{tokens} tokens; bare spaCy {bare:.1f} s; attributions and voices {ours:.1f} s; "
          f"on top {ours / bare:.1%}; peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 80_000)
