"""How alike one publisher's articles are, as measured once on annotated news (data/models)."""

from __future__ import annotations

import functools

import pandas as pd

from analysis.definitions import ENTMAN, ROOT, SENTENCES, SOURCING, STANCE, TONE

# The measure of data/models/publisher_pairs.csv that comes nearest to each family.
NEAREST = {TONE: "vader", SENTENCES: "vader", SOURCING: "attributed", ENTMAN: "vader",
           STANCE: "hedges"}


@functools.cache
def publisher_pairs() -> pd.DataFrame:
    """How often two articles of one publisher differ, by measure (data/models)."""
    return pd.read_csv(ROOT / "data" / "models" / "publisher_pairs.csv").set_index("measure")


def publisher_rate(family: str) -> float:
    """Share of pairs of one publisher's articles that a test at .05 tells apart."""
    return float(publisher_pairs().loc[NEAREST[family], "same_publisher_05"])


def spread_of_articles(family: str) -> float:
    """Variance of one publisher's articles about their mean, over that expected from paragraphs."""
    return float(publisher_pairs().loc[NEAREST[family], "spread"])
