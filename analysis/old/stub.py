"""Agreement of a study's coders and instruments, until the notebooks compute it from tables."""

import pandas as pd

from analysis import compare


def reliability_of(study, articles=None) -> pd.DataFrame:
    """Agreement, measure by measure, in all articles or in those named."""
    held = study.counted
    if articles is not None:
        of = held.words["article_id"].isin(articles).to_numpy()
        read = held.coverage.read
        held = held._replace(
            coded=held.coded[held.coded["article_id"].isin(articles)], words=held.words[of],
            given=[(*key, mask[of]) for *key, mask in held.given],
            coverage=held.coverage._replace(read=read[read["article_id"].isin(articles)]))
    return compare.agreement(None, held)


def by_outlet(study) -> pd.DataFrame:
    """Agreement over all outlets (`outlet` is "all") and in each."""
    found = [reliability_of(study).assign(outlet="all")]
    articles = study.articles.groupby("outlet")["article_id"]
    found += [reliability_of(study, set(articles.get_group(outlet))).assign(outlet=outlet)
              for outlet in study.outlets]
    return pd.concat(found, ignore_index=True)
