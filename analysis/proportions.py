"""The interval of a share, for claims, codes and benchmarks alike."""

from math import nan

from scipy.stats import binomtest


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share; (nan, nan) without trials."""
    if not trials:
        return nan, nan
    interval = binomtest(hits, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)
