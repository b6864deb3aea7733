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


def test_correction_recovers_the_codes_when_all_are_coded():
    code = np.array([1.0, 0, 1, 1])
    assert agreement.corrected([0, 0, 0, 1], code, np.ones(4)) == pytest.approx(code)


def test_correction_is_unbiased_and_its_interval_covers_when_the_instrument_errs_differently():
    """Two outlets alike in truth; the instrument sees .3 too much in one; a third is coded."""
    from analysis.claims.inference import bootstrap_t, moments

    rng, hits, effects, naive = np.random.default_rng(4), 0, [], []
    for run in range(300):
        sums = []
        for extra in (0.3, 0.0):
            truth = (rng.random((20, 5)) < 0.4).astype(float)
            seen = np.clip(truth + (rng.random((20, 5)) < extra), 0, 1)
            code = np.where(rng.random((20, 5)) < 1 / 3, truth, np.nan)
            part = np.isfinite(code).mean()
            sums.append(moments(agreement.corrected(seen, code, part).sum(1), np.full(20, 5)))
            naive.append(seen.mean())
        interval = bootstrap_t(*sums, runs=399, seed=run)
        effects.append(interval.effect[0])
        hits += interval.low[0] <= 0 <= interval.high[0]
    assert abs(np.mean(naive[::2]) - np.mean(naive[1::2])) > 0.15  # what goes wrong without
    assert abs(np.mean(effects)) < 0.015
    assert 0.92 <= hits / 300 <= 0.985


@pytest.mark.parametrize("hits, trials, low, high", [
    (0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1)])
def test_wilson_intervals_are_those_of_the_tables(hits, trials, low, high):
    assert agreement.wilson(hits, trials) == pytest.approx((low, high), abs=1e-4)
