"""Articles that are nearly the same: reprints, wire copies, one text updated four times."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

RUN = 5  # words in a row; shorter runs are shared by unrelated articles
LEAST = 0.8  # of the runs of either text: one paragraph changed in ten still counts as a copy
_WORD = re.compile(r"\w+")
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed (2**64 over the golden ratio)


def near_duplicates(texts: Mapping[str, str] | pd.Series[str]) -> pd.DataFrame:
    """Return the articles that are nearly the same as another one, cluster by cluster.

    Two texts are near-duplicates if they share at least `LEAST` of their runs of five words
    (Jaccard: shared runs over all runs of either), capitals and punctuation apart. Texts under
    five words count as one run.

    Parameters
    ----------
    texts : mapping of str to str
        Each text by its article_id (a dict or a Series).

    Returns
    -------
    DataFrame, columns ``article_id`` and ``cluster``
        Only articles that have a near-duplicate, in the order of ``texts``; clusters count from 1
        and may lie within an outlet or across outlets. A chain makes one cluster: its ends may
        share less than `LEAST`.

    Notes
    -----
    Exact but for the hash of 64 bits. A pair at or above the bound shares one of the rarest
    (1 - `LEAST`) of its runs (prefix filtering), so no other pair is compared.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents", SEQUENCES '97.
    Bayardo, Ma & Srikant (2007), "Scaling up all pairs similarity search", WWW '07.
    """
    keys, runs = [str(key) for key, _ in texts.items()], _runs([text for _, text in texts.items()])
    parent = list(range(len(keys)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    holders: dict[int, list[int]] = {}
    for i in sorted(range(len(keys)), key=lambda j: len(runs[j])):
        mine = runs[i]
        rare = mine[: len(mine) - int(np.ceil(LEAST * len(mine) - 1e-9)) + 1].tolist()
        for j in sorted({other for run in rare for other in holders.get(run, ())}):
            if root(i) != root(j) and _alike(mine, runs[j]):
                parent[max(root(i), root(j))] = min(root(i), root(j))
        for run in rare:
            holders.setdefault(run, []).append(i)
    roots = [root(i) for i in range(len(keys))]
    sizes = pd.Series(roots, dtype="int64").value_counts()
    number = {first: n for n, first in enumerate(
        (i for i in range(len(keys)) if roots[i] == i and sizes[i] > 1), start=1)}
    found = [(key, number[first]) for key, first in zip(keys, roots, strict=True)
             if first in number]
    return pd.DataFrame(found, columns=["article_id", "cluster"]).astype({"cluster": "int64"})


def _runs(texts: list[str]) -> list[npt.NDArray[np.int64]]:
    """The distinct runs of each text as ranks, the rarest of all texts first."""
    numbers: dict[str, int] = {}
    hashes = []
    for text in texts:
        words = np.array([numbers.setdefault(word, len(numbers) + 1)
                          for word in _WORD.findall(text.casefold())], dtype=np.uint64)
        width = min(RUN, len(words))
        mixed = np.zeros(len(words) - width + 1 if width else 0, dtype=np.uint64)
        for place in range(width):
            mixed = (mixed ^ words[place : place + len(mixed)]) * _PRIME
            mixed ^= mixed >> np.uint64(29)
        hashes.append(np.unique(mixed))
    if not hashes:
        return []
    _, at, counts = np.unique(np.concatenate(hashes), return_inverse=True, return_counts=True)
    ranks = np.empty(len(counts), dtype=np.int64)
    ranks[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    cuts = np.cumsum([len(each) for each in hashes])[:-1]
    return [np.sort(each) for each in np.split(ranks[at], cuts)]


def _alike(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> bool:
    if not len(one) or min(len(one), len(other)) < LEAST * max(len(one), len(other)):
        return False
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return bool(shared >= LEAST * (len(one) + len(other) - shared) - 1e-9)
