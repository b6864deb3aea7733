"""How far coders agree with each other, and instruments with coders.

Plain arrays in, numbers out. Alpha is Krippendorff's, from coincidences of values within units.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import binomtest


def coincidences(codes: np.ndarray, values: int) -> np.ndarray:
    """Per unit, the coincidences of values that its coders gave, shape (units, values, values).

    `codes` is (units, coders) with codes 0 … values−1 and nan for none. Units with fewer than
    two codes hold no pair and contribute nothing.
    """
    codes = np.asarray(codes, float)
    counts = (codes[..., None] == np.arange(values)).sum(1).astype(float)
    coders = counts.sum(1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(values)
    return np.where(coders > 1, 1 / np.maximum(coders - 1, 1), 0)[:, None, None] * pairs


def _alpha(table: np.ndarray, ordinal: bool) -> np.ndarray:
    """Alpha of summed coincidences (…, values, values); nan where only one value occurs."""
    margin = table.sum(-1)
    n = margin.sum(-1)
    values = table.shape[-1]
    if ordinal:
        between = np.cumsum(margin, -1) - margin / 2
        distance = (between[..., :, None] - between[..., None, :]) ** 2
    else:
        distance = np.broadcast_to(1 - np.eye(values), table.shape)
    observed = (table * distance).sum((-1, -2))
    expected = (margin[..., :, None] * margin[..., None, :] * distance).sum((-1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def alpha(codes: np.ndarray, values: int, ordinal: bool = False) -> float:
    """Krippendorff's alpha: 1 for perfect agreement, 0 for that of chance.

    References
    ----------
    Hayes & Krippendorff (2007), "Answering the call for a standard reliability measure for
    coding data", Communication Methods and Measures 1(1).
    """
    return float(_alpha(coincidences(codes, values).sum(0), ordinal))


def alpha_interval(
    codes: np.ndarray,
    values: int,
    blocks: np.ndarray,
    ordinal: bool = False,
    runs: int = 2000,
    seed: int = 0,
) -> tuple[float, float, float]:
    """Alpha with its 95 % percentile interval over resampled blocks (units within stay together).

    Resamples in which only one value occurs have no alpha and are left out.
    """
    names, of = np.unique(np.asarray(blocks), return_inverse=True)
    table = np.zeros((len(names), values, values))
    np.add.at(table, of, coincidences(codes, values))
    n = len(names)
    if n == 0:
        return np.nan, np.nan, np.nan
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=runs).astype(float)
    drawn = _alpha((counts @ table.reshape(n, -1)).reshape(runs, values, values), ordinal)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return float(_alpha(table.sum(0), ordinal)), float(low), float(high)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share; (nan, nan) without trials."""
    if not trials:
        return np.nan, np.nan
    interval = binomtest(hits, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def precision_recall(truth: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """Precision and recall of a yes-or-no instrument, each with Wilson's interval."""
    truth, found = np.asarray(truth, bool), np.asarray(found, bool)
    both, result = int((truth & found).sum()), {}
    for name, trials in (("precision", int(found.sum())), ("recall", int(truth.sum()))):
        low, high = wilson(both, trials)
        share = both / trials if trials else np.nan
        result |= {name: share, f"{name}_low": low, f"{name}_high": high}
    return result


def jaccard(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> float:
    """Characters that two sets of spans share over those that either holds; 1 if both are empty."""
    a = {i for start, end in first for i in range(start, end)}
    b = {i for start, end in second for i in range(start, end)}
    return len(a & b) / len(a | b) if a | b else 1.0


def corrected(prediction: np.ndarray, code: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Predictions corrected by the codes of a random part (nan where not coded).

    Each coded unit adds its error, weighted by the inverse of the probability with which it was
    drawn; sums of the result over any blocks are unbiased whatever the instrument's error.

    References
    ----------
    Egami, Hinck, Stewart & Wei (2023), "Using imperfect surrogates for downstream inference",
    NeurIPS 36; Angelopoulos et al. (2023), "Prediction-powered inference", Science 382.
    """
    prediction = np.asarray(prediction, float)
    error = np.where(np.isnan(code), 0.0, np.asarray(code, float) - prediction)
    return prediction + error / np.asarray(probability, float)
