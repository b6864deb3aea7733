"""Intervals, permutations and power: against enumeration, simulation and a pencil."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest

from analysis.claims import inference
from analysis.claims.inference import moments


def _pair(a, b):
    return moments(a, np.ones(len(a))), moments(b, np.ones(len(b)))


def test_a_difference_of_means_has_the_textbook_effect():
    first, second = _pair([1, 2, 3, 6], [0, 1, 1, 2])
    effect, error = inference.difference(first.sum(0), second.sum(0))
    assert effect[0] == pytest.approx(2)  # 3 − 1
    assert error[0] == pytest.approx(np.sqrt(14 / 3 / 4 + 2 / 3 / 4))  # squared residuals 14, 2


def test_a_ratio_is_of_sums_and_not_a_mean_of_ratios():
    first, second = moments([1, 0], [1, 9]), moments([0, 0], [5, 5])
    assert inference.difference(first.sum(0), second.sum(0))[0][0] == pytest.approx(0.1)


def test_a_block_with_denominator_zero_carries_nothing():
    with_empty = moments([1, 2, 5], [1, 1, 0]), moments([0, 0], [1, 1])
    without = moments([1, 2], [1, 1]), moments([0, 0], [1, 1])
    for one, other in zip(
        inference.difference(with_empty[0].sum(0), with_empty[1].sum(0)),
        inference.difference(without[0].sum(0), without[1].sum(0)),
        strict=True,
    ):
        assert one[0] == pytest.approx(other[0])


def test_columns_do_not_influence_each_other():
    rng = np.random.default_rng(0)
    y, x = rng.integers(0, 3, (12, 4)), rng.integers(1, 5, (12, 4))
    together = inference.permute(moments(y[:5], x[:5]), moments(y[5:], x[5:]), seed=3)
    alone = inference.permute(moments(y[:5, 2], x[:5, 2]), moments(y[5:, 2], x[5:, 2]), seed=3)
    assert inference.p_value(together)[2] == inference.p_value(alone)[0]


def test_swapping_outlets_flips_the_sign_and_keeps_p():
    first, second = _pair([3, 1, 4, 1, 5], [2, 7, 1, 8, 2, 8])
    one, other = inference.permute(first, second), inference.permute(second, first)
    assert one.observed[0] == pytest.approx(-other.observed[0])
    assert inference.p_value(one)[0] == pytest.approx(inference.p_value(other)[0])


def _t_by_hand(y, x, chosen):
    """Studentized difference written out block by block."""
    parts, spread = [], []
    for side in (True, False):
        rows = [i for i in range(len(y)) if (i in chosen) == side]
        n, total = len(rows), sum(x[i] for i in rows)
        theta = sum(y[i] for i in rows) / total
        squares = sum(((y[i] - theta * x[i]) * n / total) ** 2 for i in rows)
        parts.append(theta)
        spread.append((squares, n))
    return (parts[0] - parts[1]) / np.sqrt(sum(s / (n - 1) / n for s, n in spread))


def test_permutation_p_equals_exact_enumeration():
    y, x = [2, 0, 1, 3, 0, 1, 0, 2], [2, 1, 3, 3, 1, 2, 4, 2]
    observed = abs(_t_by_hand(y, x, {0, 1, 2}))
    every = [abs(_t_by_hand(y, x, set(c))) for c in combinations(range(8), 3)]
    by_hand = sum(t >= observed - 1e-9 for t in every) / comb(8, 3)
    deals = inference.permute(moments(y[:3], x[:3]), moments(y[3:], x[3:]))
    assert deals.exact and len(deals.dealt) == 56
    assert inference.p_value(deals)[0] == pytest.approx(by_hand, abs=1e-12)


def test_random_deals_approach_the_exact_p(monkeypatch):
    first, second = _pair([3, 5, 4, 6, 2, 5], [2, 4, 1, 3, 2, 3])
    exact = inference.p_value(inference.permute(first, second))[0]
    monkeypatch.setattr(inference, "EXACT", 1)
    drawn = inference.permute(first, second, runs=20_000)
    assert not drawn.exact
    assert inference.p_value(drawn)[0] == pytest.approx(exact, abs=0.01)


def test_sign_flips_equal_exact_enumeration():
    d = [0.5, 0.3, -0.1, 0.4, 0.2]
    every = [abs(sum(s * v for s, v in zip(signs, d, strict=True)))
             for signs in product([1, -1], repeat=5)]
    by_hand = sum(total >= sum(d) - 1e-9 for total in every) / 32
    assert inference.p_value(inference.flip_signs(np.array(d)))[0] == by_hand == 4 / 32


@pytest.mark.parametrize("n, m, least", [(3, 3, 2 / 20), (1, 1, 1), (4, 4, 2 / 70), (2, 6, 1 / 28)])
def test_smallest_reachable_p_of_a_deal(n, m, least):
    assert inference.smallest_p(n, m) == pytest.approx(least)


def test_smallest_reachable_p_is_that_of_the_deals_drawn_when_not_all_are():
    assert inference.smallest_p(13, 26, runs=999) == 1 / 1000
    assert inference.smallest_p(0, 26) == 1


def test_smallest_reachable_p_of_events_is_two_over_two_to_their_number():
    assert inference.smallest_flip_p(6) == 2 / 64


def _holm_by_definition(p):
    """Independent form: the least level at which Holm's step-down rejects each."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = {}
    for rank, i in enumerate(order):
        adjusted[i] = max(min(1, p[j] * (len(p) - r)) for r, j in enumerate(order[: rank + 1]))
    return [adjusted[i] for i in range(len(p))]


def test_holm_equals_an_independent_implementation():
    rng = np.random.default_rng(5)
    for _ in range(50):
        p = rng.random(rng.integers(1, 12)) ** 2
        assert inference.holm(p) == pytest.approx(_holm_by_definition(list(p)))


def test_holm_leaves_missing_p_out_of_the_count():
    assert inference.holm([0.01, np.nan, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


def test_joint_p_of_one_specification_is_its_own_p():
    first, second = _pair([3, 5, 4, 6], [2, 4, 1, 3])
    deals = inference.permute(first, second)
    assert inference.joint_p(deals) == inference.p_value(deals)[0]


def test_many_copies_of_one_specification_prove_no_more_than_one():
    y = np.array([3, 5, 4, 6, 2, 4, 1, 3])
    one = inference.permute(moments(y[:4], np.ones(4)), moments(y[4:], np.ones(4)))
    many = np.repeat(y[:, None], 9, axis=1)
    ones = np.ones((4, 9))
    nine = inference.permute(moments(many[:4], ones), moments(many[4:], ones))
    assert inference.joint_p(nine) == inference.joint_p(one)


def test_leaving_each_block_out_equals_recomputing():
    first, second = _pair([1, 2, 9], [0, 4])
    assert inference.leave_one_out(first, second)[:, 0] == pytest.approx(
        [5.5 - 2, 5 - 2, 1.5 - 2, 4 - 4, 4 - 0])


def test_identical_groups_differ_by_nothing_with_p_one():
    first, second = _pair([0] * 9, [0] * 9)
    interval = inference.bootstrap_t(first, second)
    assert interval.low[0] == interval.effect[0] == interval.high[0] == 0
    assert inference.p_value(inference.permute(first, second))[0] == 1


def test_a_feature_in_a_single_block_still_has_a_bounded_interval():
    first, second = _pair([0] * 10, [1] + [0] * 12)
    interval = inference.bootstrap_t(first, second)
    assert interval.low[0] < 0 < interval.high[0] and np.isfinite(interval.low[0])


@pytest.mark.parametrize("sizes, spread, words", [
    ((13, 26), (1, 1), False), ((13, 26), (2, 1), False), ((13, 26), (1, 2), False),
    ((13, 17), (2, 1), True), ((17, 26), (1, 2), True)])
def test_intervals_cover_with_blocks_of_these_sizes(sizes, spread, words):
    rng, hits, runs = np.random.default_rng(11), 0, 400
    for run in range(runs):
        x = [rng.integers(1, 6, n) if words else np.ones(n) for n in sizes]
        y = [s * rng.standard_normal(n) * w for n, s, w in zip(sizes, spread, x, strict=True)]
        interval = inference.bootstrap_t(
            moments(y[0], x[0]), moments(y[1], x[1]), runs=399, seed=run)
        hits += interval.low[0] <= 0 <= interval.high[0]
    assert 0.92 <= hits / runs <= 0.985  # .93 to .97, and two standard errors of 400 runs


def test_omnibus_is_small_when_one_outlet_stands_apart_and_not_otherwise():
    rng = np.random.default_rng(2)
    groups = np.repeat(["a", "b", "c", "d"], 10)
    noise = rng.standard_normal(40)
    apart = np.where(groups == "d", noise + 4, noise)
    p = inference.omnibus(moments(np.stack([noise, apart], 1), np.ones((40, 2))), groups, runs=499)
    assert p[0] > 0.05 and p[1] == 1 / 500


def test_omnibus_sees_an_outlet_that_never_shows_the_feature():
    """Three outlets show it in half of their blocks, the fourth in none: its spread is zero."""
    groups = np.repeat(["a", "b", "c", "d"], 12)
    shows = np.where(groups == "d", 0, np.arange(48) % 2)
    assert inference.omnibus(moments(shows, np.ones(48)), groups, runs=499)[0] < 0.02


def test_omnibus_does_not_hang_on_the_order_of_the_blocks():
    rng = np.random.default_rng(4)
    blocks, groups = moments(rng.standard_normal(24), np.ones(24)), np.repeat(list("abcd"), 6)
    order = np.concatenate([np.flatnonzero(groups == name) for name in "dbac"])
    one, other = (inference.omnibus(*side, runs=99) for side in (
        (blocks, groups), (blocks[order], groups[order])))
    assert one == other


def test_omnibus_within_events_takes_out_what_the_events_share():
    """Events differ by far more than outlets; within each, outlet d lies 1 above the others."""
    events, groups = np.repeat(np.arange(8), 4), np.tile(list("abcd"), 8)
    noise = np.random.default_rng(3).normal(0, 0.2, 32)
    y = 5.0 * events + (groups == "d") + noise
    blocks = moments(y, np.ones(32))
    assert inference.omnibus(blocks, groups, runs=499)[0] > 0.5
    assert inference.omnibus(blocks, groups, runs=499, strata=events)[0] < 0.01


@pytest.mark.filterwarnings("error")
def test_a_resample_without_spread_raises_no_warning_and_leaves_the_interval_bounded():
    first, second = moments([1, 0, 0, 0], [1, 1, 0, 0]), moments([0, 1, 0, 0], [2, 2, 0, 0])
    interval = inference.bootstrap_t(first, second, runs=199)
    assert interval.effect[0] == 0.25 and np.isfinite([interval.low[0], interval.high[0]]).all()
    assert np.isfinite(inference.bootstrap_t(*_pair([1, 1], [1, 1])).low).all()
    inference.flip_signs(np.array([[1.0, np.nan], [2.0, 3.0]]))  # one event cannot be studentized


def test_neighbouring_blocks_that_alternate_have_negative_correlation():
    assert inference.lag1([1, 0] * 6, np.ones(12)) < -0.8
    assert inference.lag1([0] * 6 + [1] * 6, np.ones(12)) == 0.75
    assert np.isnan(inference.lag1([1, 0, 1], np.ones(3)))


def test_more_articles_are_needed_for_half_the_effect():
    one, half = (inference.articles_needed(e, 2.0, 0.05) for e in (1.0, 0.5))
    assert one == 17  # the textbook's 17 a group for one standard deviation
    assert half == pytest.approx(4 * one, rel=0.08)
    assert inference.articles_needed(0.0, 2.0, 0.05) == np.inf


@pytest.mark.parametrize("hits, trials, low, high", [
    (0, 200, 0, 0.0188), (15, 200, 0.0460, 0.1200), (5, 10, 0.2366, 0.7634)])
def test_wilson_intervals_are_those_of_the_tables(hits, trials, low, high):
    assert inference.wilson(hits, trials) == pytest.approx((low, high), abs=1e-4)
