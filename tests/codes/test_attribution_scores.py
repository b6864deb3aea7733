"""Found attributions against those of coders, on numbers that a pencil can check."""

import pandas as pd

from analysis.codes.attribution_scores import matched, shared_codes, sourcing_scores


def coded(coder, name, start, end, kind="speech"):
    return {"article_id": "x", "coder": coder, "attribution_id": name, "start": start, "end": end,
            "kind": kind, "speaker": "Lee"}


def found(name, start, end, quote_type="indirect", kind="speech"):
    return {"article_id": "x", "attribution_id": name, "start": start, "end": end, "kind": kind,
            "quote_type": quote_type, "speaker": "Lee"}


CODES = pd.DataFrame([
    coded("a", "A1", 0, 10), coded("b", "B1", 2, 12),  # 8 of 12 shared characters: the same
    coded("a", "A2", 20, 30, "decree"), coded("b", "B2", 20, 30, "speech"),
    coded("a", "A3", 40, 50), coded("b", "B3", 60, 70),  # only one coder each
    coded("a", "A4", 80, 90, "scare"), coded("b", "B4", 80, 90, "scare"),
])
FOUND = pd.DataFrame([
    found("a1", 0, 9), found("a2", 40, 50), found("a3", 100, 110), found("a4", 80, 90, "scare", ""),
])


def test_only_what_both_coders_mark_is_shared():
    assert shared_codes(CODES)["attribution_id"].tolist() == ["A1", "A2"]


def test_each_found_attribution_has_its_outcome():
    table = matched(FOUND, CODES)
    assert dict(zip(table["coded"] + table["found"], table["outcome"], strict=True)) == {
        "A1a1": "both", "A2": "missed", "a2": "disputed", "a3": "surplus"}


def scores(found_rows, codes=CODES):
    table = sourcing_scores(found_rows, codes, pd.Series({"x": "North", "y": "South"}))
    return table.set_index(["outlet", "kind", "measure"])[["hits", "of"]].apply(tuple, axis=1)


def test_precision_and_recall_leave_out_what_one_coder_marked():
    counts = scores(FOUND)
    assert counts[("all", "all", "recall")] == counts[("all", "all", "precision")] == (1, 2)
    assert counts[("all", "performative", "recall")] == (0, 1)
    assert counts[("North", "all", "recall")] == (1, 2)


def test_an_article_that_nobody_coded_is_not_held_against_the_extractor():
    elsewhere = FOUND.assign(article_id="y")
    counts = scores(pd.concat([FOUND, elsewhere]))
    assert counts[("all", "all", "precision")] == (1, 2)
    assert counts[("South", "all", "precision")] == (0, 0)


def test_parts_of_one_attribution_count_together():
    split = pd.DataFrame([found("a1", 0, 5), found("a1", 5, 10)])
    assert matched(split, CODES)["outcome"].tolist() == ["both", "missed"]


def test_where_nobody_marks_anything_all_counts_are_zero():
    scare = CODES[CODES["kind"] == "scare"]
    counts = scores(FOUND[FOUND["quote_type"] == "scare"], scare)
    assert set(counts) == {(0, 0)}
