"""Agreement of a study's coders and instruments, until the notebooks compute it from tables."""

import pandas as pd

from analysis.codes.reliability import COLUMNS, measure_reliability


def reliability_of(study, articles=None) -> pd.DataFrame:
    """Agreement, measure by measure, in all articles or in those named."""
    if not study.codes:
        return pd.DataFrame(columns=COLUMNS)
    counted, codes = study.counted, study.codes.get("attributions")
    units, coded = counted.units, set() if codes is None else set(codes["article_id"])
    if articles is not None:
        units, coded = units[units["article_id"].isin(articles)], coded & set(articles)
    return measure_reliability(units, counted.words, counted.given, coded)


def by_outlet(study) -> pd.DataFrame:
    """Agreement over all outlets (`outlet` is "all") and in each."""
    found = [reliability_of(study).assign(outlet="all")]
    articles = study.articles.groupby("outlet")["article_id"]
    found += [reliability_of(study, set(articles.get_group(outlet))).assign(outlet=outlet)
              for outlet in study.outlets]
    return pd.concat(found, ignore_index=True)
