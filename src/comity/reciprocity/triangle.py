"""Triangular influence: whether a third party's acts improve the prediction of one side's toward the other.

Two questions that may have different answers. In sample: is the third party's past a cause in Granger's sense, given
the past of both sides (block exogeneity)? Out of sample: are predictions made without knowing the future better with
it than without?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.gain import Gain, measure_gain, predict_ahead
from comity.reciprocity.granger import compare_nested
from comity.reciprocity.var import Numbers, check_series, lay_lags, read_numbers, solve_least

SHARE = 0.5


@dataclass(frozen=True)
class Influence:
    """What a third party's acts add to the prediction of a pair.

    Parameters
    ----------
    statistic, numerator, denominator, p_value
        F that the third party's past is no part of the equation of the first series.
    block_statistic, block_freedom, block_p_value
        Likelihood ratio, with Sims's correction, that it is part of no equation of the pair.
    total : float
        Sum of the third party's coefficients in the equation of the first series.
    gain : Gain
        Out of sample, for the first series.
    """

    statistic: float
    numerator: int
    denominator: int
    p_value: float
    block_statistic: float
    block_freedom: int
    block_p_value: float
    total: float
    gain: Gain


def _test_block(full: Numbers, kept: Numbers, targets: Numbers) -> tuple[float, int, float]:
    """Return the likelihood ratio with Sims's correction, its degrees of freedom and p-value."""
    sizes = []
    for regressors in (full, kept):
        residuals = targets - regressors @ solve_least(regressors, targets)
        sizes.append(float(np.linalg.slogdet(residuals.T @ residuals / len(residuals))[1]))
    statistic = max((len(full) - full.shape[1]) * (sizes[1] - sizes[0]), 0.0)
    freedom = (full.shape[1] - kept.shape[1]) * targets.shape[1]
    return statistic, freedom, float(chdtrc(freedom, statistic))


def identify_influence(pair: Any, third: Any, lags: int, *, seed: int = 0) -> Influence:
    """Estimate what a third party's acts add to the prediction of one side's acts toward the other.

    Parameters
    ----------
    pair : array-like (periods, 2)
        The acts to be predicted, and the acts in the other direction.
    third : array-like (periods, columns)
        Acts of or toward the third party.
    lags : int
    seed : int
        Of the bootstrap of the gain.

    Returns
    -------
    Influence
        The gain is that over the second half of the periods.

    Raises
    ------
    ReciprocityError, TooLittle
        Different numbers of periods, or see `comity.reciprocity.var.check_series`.

    References
    ----------
    `sims-1980`, `clark-west-2007`, `goldstein-freeman-1990` in docs/bibliography.md
    """
    sides, others = read_numbers(pair), read_numbers(third)
    if sides.ndim != 2 or others.ndim != 2 or sides.shape[1] != 2 or len(sides) != len(others):
        raise ReciprocityError(f"series of shape {sides.shape} and {others.shape}", todo="the same periods for both")
    array = check_series(np.hstack([sides, others]), lags, "the pair, then the third party")
    full, targets = lay_lags(array, lags), array[lags:, :2]
    width = array.shape[1]
    added = [n for n in range(lags * width) if n % width >= 2]
    kept = np.delete(full, added, axis=1)
    statistic, numerator, denominator, p_value = compare_nested(full, kept, targets[:, [0]])
    total = float(solve_least(full, targets[:, [0]])[added].sum())
    start = max(int(len(full) * SHARE), full.shape[1] + 1)
    if len(full) - start < 10:
        raise TooLittle(f"{len(full) - start} periods to predict", todo="a longer period, or fewer lags")
    first = targets[:, 0]
    gain = measure_gain(first[start:], predict_ahead(kept, first, start), predict_ahead(full, first, start), seed)
    return Influence(statistic, numerator, denominator, p_value, *_test_block(full, kept, targets), total, gain)
