"""Agreement: against the library, and against a pencil."""

import krippendorff
import numpy as np
import pytest

from analysis.codes import agreement


def _library(codes, values, level):
    return krippendorff.alpha(reliability_data=codes.T, level_of_measurement=level,
                              value_domain=list(range(values)))


@pytest.mark.parametrize("ordinal", [False, True])
def test_alpha_equals_the_library(ordinal):
    rng = np.random.default_rng(0)
    for _ in range(40):
        values = int(rng.integers(2, 6))
        truth = rng.integers(0, values, 30)
        codes = np.stack([np.where(rng.random(30) < 0.7, truth, rng.integers(0, values, 30))
                          for _ in range(rng.integers(2, 5))], 1).astype(float)
        codes[rng.random(codes.shape) < 0.2] = np.nan
        expected = _library(codes, values, "ordinal" if ordinal else "nominal")
        assert agreement.alpha(codes, values, ordinal) == pytest.approx(expected, abs=1e-9)


def test_alpha_of_a_small_table_by_hand():
    # two coders, four units: 00 00 11 01; coincidences 4 of 00, 2 of 11, 1 each of 01 and 10
    # observed disagreement 2/8; expected 2 · 5 · 3 / (8 · 7)
    codes = np.array([[0, 0], [0, 0], [1, 1], [0, 1.0]])
    assert agreement.alpha(codes, 2) == pytest.approx(1 - (2 / 8) / (30 / 56))


def test_perfect_agreement_is_one_and_a_single_value_has_no_alpha():
    assert agreement.alpha(np.array([[0, 0], [1, 1], [2, 2.0]]), 3, ordinal=True) == 1
    assert np.isnan(agreement.alpha(np.zeros((5, 2)), 2))


def test_alpha_interval_holds_alpha_and_does_not_depend_on_the_order_of_units():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 60)
    codes = np.stack([truth, np.where(rng.random(60) < 0.9, truth, 1 - truth)], 1).astype(float)
    blocks, order = np.arange(60) // 4, rng.permutation(60)
    one = agreement.alpha_interval(codes, 2, blocks)
    assert one[1] < one[0] < one[2]
    assert one == pytest.approx(agreement.alpha_interval(codes[order], 2, blocks[order]))


def test_precision_and_recall_by_hand():
    found = agreement.precision_recall([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])
    assert found["precision"] == 1 / 2 and found["recall"] == 1 / 3
    assert np.isnan(agreement.precision_recall([0, 0], [0, 0])["recall"])


@pytest.mark.parametrize("first, second, share", [
    ([(0, 4)], [(2, 6)], 2 / 6), ([(0, 2), (4, 6)], [(0, 6)], 4 / 6),
    ([], [], 1), ([(0, 1)], [], 0)])
def test_jaccard_counts_characters(first, second, share):
    assert agreement.jaccard(first, second) == pytest.approx(share)
