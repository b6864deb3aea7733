"""How alike one publisher's articles are, as measured once on annotated news (data/models)."""

from __future__ import annotations

import functools

import pandas as pd

from analysis.definitions import ENTMAN, ROOT, SENTENCES, SOURCING, TONE

# The measure of data/models/publisher_pairs.csv that comes nearest to each family, or plain count.
NEAREST = {TONE: "vader", SENTENCES: "vader", SOURCING: "attributed", ENTMAN: "vader",
           "hedges": "hedges", "boosters": "boosters", "words in quotation marks": "attributed"}


@functools.cache
def publisher_pairs() -> pd.DataFrame:
    """How often two articles of one publisher differ, by measure (data/models)."""
    return pd.read_csv(ROOT / "data" / "models" / "publisher_pairs.csv").set_index("measure")


def publisher_rate(family: str, measure: str) -> float:
    """Share of pairs of one publisher's articles that a test at .01, the verdict's, tells apart."""
    return float(_nearest(family, measure)["same_publisher_01"])


def spread_of_articles(family: str, measure: str) -> float:
    """Variance of one publisher's articles about their mean, over that expected from paragraphs."""
    return float(_nearest(family, measure)["spread"])


def _nearest(family: str, measure: str) -> pd.Series:
    return publisher_pairs().loc[NEAREST.get(measure) or NEAREST[family]]
