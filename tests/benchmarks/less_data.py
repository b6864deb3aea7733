"""What partial codes and clustered events do to estimates, by simulation.

    python tests/benchmarks/less_data.py clusters --runs 1000
    python tests/benchmarks/less_data.py correction --runs 1000

`clusters`: corpora of two outlets without a difference, articles of one event alike (half of the
variance lies between events); printed is the share of tested corpora with p <= .05 and p <= .01.
`correction`: two outlets alike in truth, 20 articles each; the prediction is .3 too high in one of
them; a share of sentences is coded by people, drawn at random. Printed: bias and coverage of the
corrected difference, the bias without correction, and the spread with people's codes alone.
"""

import argparse

import numpy as np
import pandas as pd

from analysis import compare
from analysis.claims.deciding import corrected
from analysis.claims.inference import bootstrap_t, difference, moments

DESIGNS = [(5, 6, False), (5, 6, True), (15, 2, False), (15, 2, True)]
SHARES = (0.1, 0.2, 0.4)


def corpus(events: int, articles: int, shared: bool, rng) -> pd.DataFrame:
    """Articles of two outlets; events are the same for both, or each outlet's own."""
    level, rows = {}, []
    for outlet in "AB":
        for event in range(events):
            name = f"e{event}" if shared else f"{outlet}{event}"
            level.setdefault(name, rng.normal())
            rows += [(outlet, f"{outlet}{event}-{number}", 1, name, level[name] + rng.normal())
                     for number in range(articles)]
    return pd.DataFrame(rows, columns=["outlet", "article_id", "paragraph", "event", "tone"])


def clusters(runs: int, rng) -> None:
    for events, articles, shared in DESIGNS:
        rows = [compare.difference(corpus(events, articles, shared, rng), "tone").iloc[0]
                for _ in range(runs)]
        p = np.array([row["p"] for row in rows])
        told = f"{events} events x {articles} articles, {'shared' if shared else 'disjoint'}"
        if np.isnan(p).all():
            print(f"{told}: {rows[0]['unit']}, not tested")
            continue
        print(f"{told}: {rows[0]['unit']}, p <= .05 in {(p <= .05).mean():.3f}, "
              f"p <= .01 in {(p <= .01).mean():.3f}", flush=True)


def correction(runs: int, rng) -> None:
    for share in SHARES:
        effects, naive, alone, hits = [], [], [], 0
        for run in range(runs):
            sums, people, raw = [], [], []
            for extra in (0.3, 0.0):
                truth = (rng.random((20, 8)) < rng.beta(2, 3, (20, 1))).astype(float)
                seen = np.clip(truth + (rng.random((20, 8)) < extra), 0, 1)
                code = np.where(rng.random((20, 8)) < share, truth, np.nan)
                sums.append(moments(corrected(seen, code, share).sum(1), np.full(20, 8)))
                raw.append(seen.mean())
                people.append(np.nanmean(code))
            interval = bootstrap_t(*sums, runs=999, seed=run)
            effects.append(difference(*(side.sum(0) for side in sums))[0][0])
            naive.append(raw[0] - raw[1])
            alone.append(people[0] - people[1])
            hits += bool(interval.low[0] <= 0 <= interval.high[0])
        print(f"share {share}: bias {np.mean(effects):+.3f} (uncorrected {np.mean(naive):+.3f}), "
              f"coverage {hits / runs:.3f}, SD {np.std(effects):.3f} (people's codes alone "
              f"{np.std(alone):.3f})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["clusters", "correction"])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    {"clusters": clusters, "correction": correction}[args.what](
        args.runs, np.random.default_rng(args.seed))


if __name__ == "__main__":
    main()
