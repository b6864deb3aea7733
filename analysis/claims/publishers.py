"""How alike one publisher's articles are, as measured once on annotated news (data/models)."""

import functools

import pandas as pd

from analysis.definitions import ENTMAN, ROOT, SENTENCES, SOURCING, TONE

# The measure of data/models/publisher_pairs.csv that comes nearest to each family, or plain count.
NEAREST = {TONE: "vader", SENTENCES: "vader", SOURCING: "attributed", ENTMAN: "vader",
           "hedges": "hedges", "boosters": "boosters", "words in quotation marks": "attributed"}


@functools.cache
def _pairs() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "models" / "publisher_pairs.csv").set_index("measure")


def alike(family: str, measure: str) -> pd.Series:
    """How alike one publisher's articles are, by the measure nearest to a claim's.

    Returns
    -------
    Series
        ``same_publisher_01``: share of their pairs that a test at .01, the verdict's, tells apart;
        ``spread``: their variance about their mean, over that expected from paragraphs; and more.
    """
    return _pairs().loc[NEAREST.get(measure) or NEAREST[family]]
