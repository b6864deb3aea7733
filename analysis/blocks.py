"""What counts as one independent piece: one rule for claims, notebooks and word choice.

Articles of one event are alike, and copies of one text are one text: whoever counts them one by
one takes the same evidence several times.
"""

from itertools import combinations

import pandas as pd

from analysis.definitions import BLOCKS


def independent(articles: pd.DataFrame) -> pd.DataFrame:
    """Article, outlet and event; of an outlet's near-duplicates (`cluster`) only the earliest.

    Across outlets a cluster is an event that they share: articles without an event take that of
    their cluster, or the cluster itself.
    """
    facts = articles.astype({"outlet": "str"}).fillna({"event": ""})
    if "cluster" not in facts:
        return facts[["article_id", "outlet", "event"]]
    cluster = facts["cluster"].fillna("").astype("str")
    cluster = cluster.where(cluster.duplicated(keep=False), "")
    dated = facts.assign(cluster=cluster, date=facts.get("published", pd.Series("", facts.index)))
    dated["date"] = dated["date"].fillna("").replace("", "9999")
    first = dated.sort_values(["date", "article_id"])
    again = first[first["cluster"].ne("") & first.duplicated(["outlet", "cluster"])]
    known = dated[dated["event"] != ""].drop_duplicates("cluster").set_index("cluster")["event"]
    names = known.to_dict()
    own = [names.get(name, f"near-duplicates {name}") for name in cluster]
    dated["event"] = dated["event"].where(dated["event"].ne("") | cluster.eq(""), own)
    return dated.drop(index=again.index)[["article_id", "outlet", "event"]]


def arrange(articles: pd.DataFrame) -> tuple[str, pd.Series]:
    """Say what is compared where two outlets are, from their articles alone.

    Parameters
    ----------
    articles : DataFrame
        article_id, outlet, event ("" for none).

    Returns
    -------
    design : str
        *texts*: one article each, whatever its event; paragraphs are the blocks. *events*: eight
        or more that both covered, each against itself. *within*: fewer such events with eight
        articles a side; articles are shuffled within events. *clusters*: events that repeat
        within an outlet, each one block. *articles* otherwise.
    block : Series
        By article_id the block that it belongs to; missing where a design leaves it out.
    """
    own = articles.set_index("article_id")
    outlet, event = own["outlet"], own["event"]
    single = pd.Series(own.index, own.index, dtype=object)
    if not outlet.duplicated().any():
        return "texts", single
    named = "event " + event.astype(object)
    shared = event.ne("") & event.map(outlet.groupby(event).nunique()).eq(2)
    if event[shared].nunique() >= BLOCKS:
        return "events", named.where(shared)
    if shared.any() and outlet[shared].value_counts().min() >= BLOCKS:
        return "within", single.where(shared)
    if (event.ne("") & own.duplicated(["outlet", "event"])).any():
        return "clusters", named.where(event.ne(""), single)
    return "articles", single


def blocks(articles: pd.DataFrame) -> pd.Series:
    """Return the block of each article, as `arrange` has it for two outlets.

    With more outlets the coarsest that a comparison of two of them needs: an event, if one pair
    is compared by events. Where each outlet has one article its paragraphs are the blocks, and
    the article is named. `articles` are those of `independent`.
    """
    parts = dict(iter(articles.groupby("outlet", sort=False)))
    found = pd.Series(articles["article_id"].to_numpy(object), articles["article_id"])
    for names in combinations(parts, 2) if len(parts) > 1 else [tuple(parts)]:
        design, block = arrange(pd.concat([parts[name] for name in names]))
        if design in ("events", "clusters"):
            found.update(block.dropna())
    return found


def together(articles: pd.DataFrame) -> pd.DataFrame:
    """Say which articles change outlets together when all outlets are shuffled, and among which.

    Returns
    -------
    DataFrame
        By article_id: ``unit`` (its event where that repeats within its outlet and no other
        covered it, else itself) and ``stratum`` (the event that several outlets covered, within
        which alone its articles are shuffled; else "").
    """
    own = articles.set_index("article_id")
    event = own["event"].astype(object)
    shared = event.ne("") & event.map(own["outlet"].groupby(event).nunique()).gt(1)
    single = pd.Series(own.index, own.index, dtype=object)
    return pd.DataFrame({"unit": ("event " + event).where(event.ne("") & ~shared, single),
                         "stratum": event.where(shared, "")})
