"""Near-duplicates: sets of five words, Jaccard of at least .8."""

import random

import pandas as pd
import pytest

from analysis.corpus import near_duplicates


def _clusters(**texts: str) -> dict[str, int]:
    found = near_duplicates(texts)
    assert found.columns.tolist() == ["article_id", "cluster"]
    return dict(found.to_numpy().tolist())


def _words(first: int, last: int) -> str:
    return " ".join(f"w{n}" for n in range(first, last))


@pytest.mark.parametrize("texts, clusters, why", [
    ({}, {}, "no text, no cluster"),
    ({"a": "Rain fell.", "b": "rain  fell"}, {"a": 1, "b": 1}, "case and marks do not part copies"),
    ({"a": "Rain fell.", "b": "Snow fell."}, {}, "short texts count as one run"),
    ({"a": "", "b": ""}, {}, "texts without a word are no copies"),
    # 20 words are 16 runs; 24 words hold these and 4 more: 16 of 20 runs are shared, .8
    ({"a": _words(0, 20), "b": _words(0, 24)}, {"a": 1, "b": 1}, "just at the bound"),
    ({"a": _words(0, 20), "b": _words(0, 25)}, {}, "16 of 21 runs are too few"),
    ({"x": "Sun.", "a": _words(0, 90), "z": "Hail.", "b": _words(2, 92), "z2": "Hail."},
     {"a": 1, "z": 2, "b": 1, "z2": 2}, "clusters count in the order of their first article"),
])  # fmt: skip
def test_texts_that_share_four_fifths_of_their_runs_are_a_cluster(texts, clusters, why):
    assert _clusters(**texts) == clusters, why


def test_a_chain_of_copies_is_one_cluster():
    assert set(_clusters(a=_words(0, 104), b=_words(8, 112), c=_words(16, 120)).values()) == {1}
    assert _clusters(a=_words(0, 104), c=_words(16, 120)) == {}  # 84 of 116 runs


def test_the_index_finds_what_comparing_all_pairs_finds():
    draw = random.Random(7)
    texts = {}
    for n in range(60):
        base = texts[draw.choice(list(texts))].split() if n % 2 else []
        words = base or [f"v{draw.randrange(40)}" for _ in range(draw.randrange(3, 80))]
        for _ in range(draw.randrange(4)):
            words[draw.randrange(len(words))] = f"v{draw.randrange(40)}"
        texts[f"t{n}"] = " ".join(words)
    sets = {}
    for key, text in texts.items():
        words = text.split()
        width = min(5, len(words))
        sets[key] = {tuple(words[i : i + width]) for i in range(len(words) - width + 1)}
    linked = {(a, b) for a in sets for b in sets
              if a < b and len(sets[a] & sets[b]) >= 0.8 * len(sets[a] | sets[b])}  # fmt: skip
    found = _clusters(**texts)
    assert linked and {key for pair in linked for key in pair} == set(found)
    assert all(found[a] == found[b] for a, b in linked)


def test_a_series_serves_as_well_as_a_dictionary():
    texts = pd.Series({"a": "Rain fell.", "b": "Rain fell."})
    assert near_duplicates(texts)["cluster"].tolist() == [1, 1]
