"""What a difference between texts can bear: intervals, permutations, power.

Every measure is a ratio of sums over blocks (paragraphs, articles or events): polarities over
mentions, quoted words over words. Functions take arrays of shape (blocks, columns), where each
column is one measure or one specification of it, and treat all columns in one pass. Texts and
tables stay outside.
"""

from functools import lru_cache
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit  # Student's quantiles
from scipy.stats import binomtest

EXACT = 20_000  # so many deals or flips are enumerated instead of drawn
CHUNK = 8_000_000  # blocks dealt at once, for the memory's sake
CELLS = 200_000  # sums at once, for the processor's cache
ERROR_FLOOR = 0.25  # least standard error of a resample, as a share of the observed one
AT_ONCE = 200  # deals in one product
_TIE = 1e-9  # statistics this close are equal: sums in another order differ in the last digits


# Ratios of sums ----------------------------------------------------------------------------


def moments(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Per block, the six sums from which a ratio and its standard error follow.

    Returns
    -------
    ndarray, shape (blocks, columns, 6)
        Whether the block carries the measure (denominator not zero), numerator, denominator,
        and their products. They add up over blocks, so a deal of blocks is one matrix product.
    """
    y, x = _columns(numerator), _columns(denominator)
    y = np.where(x != 0, y, 0.0)
    return np.stack([(x != 0).astype(float), y, x, y * y, y * x, x * x], axis=-1)


def _columns(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, float)
    return values[:, None] if values.ndim == 1 else values


def _ratio(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ratio, and the squared residuals about it, from summed moments (…, 6)."""
    _, y, x, yy, yx, xx = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        theta = y / x
    squares = yy - 2 * theta * yx + theta**2 * xx
    return theta, np.where(squares > 1e-12 * (yy + 1e-300), np.maximum(squares, 0), 0)


def difference(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Difference of two ratios of sums and its standard error, from summed moments (…, 6).

    The error is the linearised one.
    """
    theta_1, squares_1 = _ratio(first)
    theta_2, squares_2 = _ratio(second)
    return theta_1 - theta_2, np.sqrt(_variance(first, squares_1) + _variance(second, squares_2))


def _variance(sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    n, x = sums[..., 0], sums[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return squares * n / (n - 1) / x**2


def _studentize(effect: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Effect over error; 0 where either is undefined, infinite where only the error is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(error == 0, np.where(effect == 0, 0, np.inf * effect), effect / error)
    return np.where(np.isnan(t), 0.0, t)


def leave_one_out(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Difference of ratios without each block in turn, shape (blocks, columns).

    `first` and `second` are moments per block, not summed.
    """
    a, b = first.sum(0), second.sum(0)
    theta_a, theta_b = _ratio(a)[0], _ratio(b)[0]
    return np.concatenate([_ratio(a - first)[0] - theta_b, theta_a - _ratio(b - second)[0]])


# Intervals -----------------------------------------------------------------------------------


class Interval(NamedTuple):
    """A difference, its standard error and its bounds, each of shape (columns,)."""

    effect: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray


def bootstrap_t(
    first: np.ndarray, second: np.ndarray, runs: int = 4999, level: float = 0.95, seed: int = 0
) -> Interval:
    """Symmetric bootstrap-t interval for the difference of two ratios of sums.

    Parameters
    ----------
    first, second : ndarray, shape (blocks, columns, 6)
        Moments of the two groups' blocks, each group resampled on its own.

    Notes
    -----
    Blocks are taken as independent. With serial correlation the interval is too short; see
    `lag1`. A resample with next to no variation has its error raised to `ERROR_FLOOR` of the
    observed one: otherwise rare features give unbounded intervals.

    References
    ----------
    Hall (1988), "On symmetric bootstrap confidence intervals", JRSS B 50(1).
    """
    effect, error = difference(first.sum(0), second.sum(0))
    drawn, drawn_error = difference(*(
        (counts @ side.reshape(len(side), -1)).reshape(runs, *side.shape[1:]) for side, counts in
        zip((first, second), _counts(len(first), len(second), runs, seed), strict=True)))
    drawn_error = np.fmax(drawn_error, ERROR_FLOOR * error)  # undefined with one block: the floor
    distance = np.abs(_studentize(drawn - effect, drawn_error))
    # The quantile is one of the distances: sorted, not interpolated, since some may be infinite.
    rank = int(np.ceil(level * (runs - 1)))
    with np.errstate(invalid="ignore"):  # endless times no error: no interval
        reach = np.partition(distance, rank, axis=0)[rank] * error
    reach = np.where(np.isfinite(effect), reach, np.nan)
    return Interval(effect, error, effect - reach, effect + reach)


@lru_cache(maxsize=16)
def _counts(n_first: int, n_second: int, runs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How often each block of either side is drawn, in each resample (runs, blocks)."""
    rng = np.random.default_rng(seed)
    first, second = (rng.multinomial(n, np.full(n, 1 / n), size=runs).astype(float)
                     for n in (n_first, n_second))
    return first, second


# Permutation ---------------------------------------------------------------------------------


class Deals(NamedTuple):
    """Studentized differences as observed (columns,) and under each deal (deals, columns)."""

    observed: np.ndarray
    dealt: np.ndarray
    effect: np.ndarray  # the differences themselves, deal by deal, for the power calculation
    error: np.ndarray
    exact: bool  # every deal was enumerated, the observed one included


@lru_cache(maxsize=64)
def deal(n_first: int, n_second: int, runs: int, seed: int) -> tuple[np.ndarray, bool]:
    """Ways to deal blocks to the first group (deals, blocks), and whether these are all."""
    n = n_first + n_second
    if comb(n, n_first) <= EXACT:
        chosen = np.array(list(combinations(range(n), n_first)), int).reshape(-1, n_first)
        exact = True
    else:
        rng = np.random.default_rng(seed)
        chosen = rng.random((runs, n)).argpartition(n_first - 1, axis=1)[:, :n_first]
        exact = False
    deals = np.zeros((len(chosen), n), bool)
    np.put_along_axis(deals, chosen, True, axis=1)
    deals.flags.writeable = False
    return deals, exact


def deal_within(first: np.ndarray, strata: np.ndarray, runs: int, seed: int) -> np.ndarray:
    """Random deals in which each stratum keeps its number of blocks of the first group."""
    at = np.argsort(strata, kind="stable")
    ranks = np.unique(strata[at], return_inverse=True)[1]
    order = (ranks + np.random.default_rng(seed).random((runs, len(at)))).argsort(axis=1)
    deals = np.zeros((runs, len(at)), bool)
    np.put_along_axis(deals, at[order], np.broadcast_to(first[at], deals.shape), axis=1)
    return deals


def permute(first: np.ndarray, second: np.ndarray, runs: int = 9999, seed: int = 0,
            strata: np.ndarray | None = None) -> Deals:
    """Deal the blocks of two groups at random and studentize the difference each time.

    Within `strata` (of the first group's blocks, then of the second's), if given.

    References
    ----------
    Chung & Romano (2013), "Exact and asymptotically robust permutation tests", Annals of
    Statistics 41(2).
    """
    blocks = np.concatenate([first, second])
    flat, total = blocks.reshape(len(blocks), -1), blocks.sum(0)
    observed = _studentize(*difference(first.sum(0), second.sum(0)))
    parts, chunk = [], max(1, CHUNK // max(len(blocks), 1))
    for start in range(0, runs, chunk):
        size = min(chunk, runs - start)
        if strata is None:
            deals, exact = deal(len(first), len(second), size, seed + start)
        else:
            mine = np.arange(len(blocks)) < len(first)
            deals, exact = deal_within(mine, strata, size, seed + start), False
        for part in np.array_split(deals, 1 + len(deals) * flat.shape[1] // CELLS):
            dealt = (part.astype(float) @ flat).reshape(len(part), *total.shape)
            effect, error = difference(dealt, total - dealt)
            parts.append((_studentize(effect, error), effect, error))
        if exact:
            break
    return Deals(observed, *(np.concatenate(part) for part in zip(*parts, strict=True)), exact)


def flip_signs(differences: np.ndarray, runs: int = 9999, seed: int = 0) -> Deals:
    """Flip the sign of each matched event's difference (events, columns) and studentize."""
    d = _columns(differences)
    n = len(d)
    if exact := 2**n <= EXACT:
        signs = 1 - 2.0 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    else:
        signs = np.random.default_rng(seed).choice([-1.0, 1.0], (runs, n))
    present = np.isfinite(d)
    count, filled = present.sum(0), np.where(present, d, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = np.concatenate([np.ones((1, n)), signs]) @ filled / count  # first as observed
        spread = np.maximum((filled**2).sum(0) - count * effect**2, 0)
        error = np.sqrt(spread / (count - 1) / count)
    t = _studentize(effect, error)
    return Deals(t[0], t[1:], effect[1:], error[1:], exact)


def p_value(deals: Deals) -> np.ndarray:
    """Two-sided permutation p of each column."""
    return _share(np.abs(deals.observed), np.abs(deals.dealt), deals.exact)


def joint_p(deals: Deals) -> float:
    """How seldom a random deal makes the median specification this strong, whatever its sign.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4.
    """
    observed = np.abs(np.median(deals.observed, keepdims=True))
    return float(_share(observed, np.abs(np.median(deals.dealt, axis=1))[:, None], deals.exact)[0])


def _share(observed: np.ndarray, dealt: np.ndarray, exact: bool) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        reached = (dealt >= observed - _TIE * (1 + np.abs(observed))).sum(0)
        reached = np.where(np.isinf(observed), np.isinf(dealt).sum(0), reached)
    return reached / len(dealt) if exact else (reached + 1) / (len(dealt) + 1)


def omnibus(blocks: np.ndarray, groups: np.ndarray, runs: int = 1999, seed: int = 0,
            strata: np.ndarray | None = None) -> np.ndarray:
    """Permutation p that more than two groups share one ratio, shape (columns,).

    The statistic is Welch's: squared distances of the groups' ratios from their mean, weighted
    by inverse variance. Blocks are dealt within `strata`, if given. A group whose blocks are all
    alike has its error raised to `ERROR_FLOOR` of that of as many blocks of the whole: else it
    would outweigh all others.
    """
    labels, of = np.unique(groups, return_inverse=True)
    order = np.argsort(of, kind="stable")  # not the order of a corpus's rows
    blocks, of = blocks[order], of[order]
    strata = np.zeros(len(of), int) if strata is None else np.asarray(strata)[order]
    rng = np.random.default_rng(seed)
    flat, total = blocks.reshape(len(blocks), -1), blocks.sum(0)
    spread = total[:, 0] * _variance(total, _ratio(total)[1])  # of one block

    def statistic(dealt: np.ndarray) -> np.ndarray:
        """Of each deal (a row of labels), in each column."""
        onehot = (dealt[:, None] == np.arange(len(labels))[:, None]).astype(float)
        sums = (onehot.reshape(-1, len(of)) @ flat).reshape(*onehot.shape[:2], *total.shape)
        theta, squares = _ratio(sums)
        with np.errstate(divide="ignore", invalid="ignore"):
            floor = ERROR_FLOOR**2 * spread / sums[..., 0]
            weight = 1 / np.maximum(_variance(sums, squares), floor)
            weight = np.where(np.isfinite(weight) & np.isfinite(theta), weight, 0)
            theta = np.where(np.isfinite(theta), theta, 0)
            mean = (weight * theta).sum(1, keepdims=True) / weight.sum(1, keepdims=True)
        return np.nan_to_num((weight * (theta - mean) ** 2).sum(1))

    places = _places(strata)
    dealt = np.array([of[_shuffled(places, rng)] for _ in range(runs)])
    dealt = np.concatenate([statistic(dealt[first:first + AT_ONCE])
                            for first in range(0, runs, AT_ONCE)])
    return _share(statistic(of[None])[0], dealt, exact=False)


def _places(strata: np.ndarray) -> list[np.ndarray]:
    return [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]


def _shuffled(places: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    order = np.empty(sum(map(len, places)), int)
    for at in places:
        order[at] = rng.permutation(at)
    return order


def shuffled(strata: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Indices in random order, each staying within its stratum."""
    return _shuffled(_places(strata), rng)


def smallest_p(n_first: int, n_second: int, runs: int | None = None) -> float:
    """Smallest two-sided p that dealing blocks can reach (by `runs` random deals, if given)."""
    if min(n_first, n_second) < 1:
        return 1.0
    ways = comb(n_first + n_second, n_first)
    least = min(1.0, (2 if n_first == n_second else 1) / ways)
    return least if runs is None or ways <= EXACT else max(least, 1 / (runs + 1))


def smallest_within_p(first: np.ndarray, second: np.ndarray, runs: int) -> float:
    """Smallest p that dealing within strata can reach, from the strata of both groups' blocks."""
    sizes = [(int((first == stratum).sum()), int((second == stratum).sum()))
             for stratum in np.unique(first)]
    ways = float(np.prod([comb(a + b, a) for a, b in sizes]))
    return max(1 / (runs + 1), (2 if all(a == b for a, b in sizes) else 1) / ways)


def smallest_flip_p(events: int, runs: int | None = None) -> float:
    """Smallest two-sided p that flipping the signs of matched events can reach."""
    least = min(1.0, 2 / 2**events)
    return least if runs is None or 2**events <= EXACT else max(least, 1 / (runs + 1))


def holm(p: np.ndarray, tests: int | None = None) -> np.ndarray:
    """Holm's adjusted p values; missing ones stay missing.

    `tests` is the number that was declared (at least that of the values): a test that could have
    been made and was not, for want of codes, counts as one that failed.
    """
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    present = np.flatnonzero(np.isfinite(p))
    order = present[np.argsort(p[present], kind="stable")]
    most = max(tests or 0, len(order))
    steps = p[order] * (most - np.arange(len(order)))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1) if len(order) else steps
    return adjusted


def lag1(numerator: np.ndarray, denominator: np.ndarray) -> float:
    """Correlation of neighbouring blocks' residuals in reading order; nan below four blocks."""
    carries = np.asarray(denominator) != 0
    y, x = np.asarray(numerator, float)[carries], np.asarray(denominator, float)[carries]
    if len(y) < 4:
        return np.nan
    residual = y - y.sum() / x.sum() * x
    total = (residual**2).sum()
    return float((residual[1:] * residual[:-1]).sum() / total) if total > 0 else np.nan


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share; (nan, nan) without trials."""
    if not trials:
        return np.nan, np.nan
    interval = binomtest(hits, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


# Power -----------------------------------------------------------------------------------------


def articles_needed(effect: float, variance: float, level: float, power: float = 0.8) -> float:
    """Articles per outlet at which a difference of this size would be seen.

    `variance` is the sum of the two outlets' variances of one article's measure. Two-sided,
    with Student's t; infinite for no effect and above 10,000.
    """
    if not np.isfinite(effect) or not np.isfinite(variance) or effect == 0:
        return np.inf
    n = 2.0
    for _ in range(50):
        free = 2 * n - 2
        update = (stdtrit(free, 1 - level / 2) + stdtrit(free, power)) ** 2 * variance / effect**2
        update = max(2.0, float(update))
        if abs(update - n) < 1e-6:
            break
        n = (n + update) / 2
    return float(np.ceil(n - 1e-6)) if n < 10_000 else np.inf
