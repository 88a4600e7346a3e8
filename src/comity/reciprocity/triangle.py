"""Triangular influence: whether a third party's acts improve the prediction of one side's toward the other.

Two questions that may have different answers. In sample: is the third party's past a cause in Granger's sense, given
the past of both sides (block exogeneity)? Out of sample: are predictions made without knowing the future better with
it than without?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtr

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.granger import compare_nested
from comity.reciprocity.var import Numbers, check_series, lay_lags, solve_least

SHARE = 0.5
LEVEL = 0.9


@dataclass(frozen=True)
class Gain:
    """How much better one prediction is than another, out of sample.

    Parameters
    ----------
    gain, low, high : float
        1 - mean squared error with over without [share], with its 90 % interval; above 0, the predictions are better.
    probability : float
        That the gain is above 0, by the bootstrap.
    p_value : float
        Of Clark and West's test that the added regressors help, one-sided.
    predictions : int
        Number of predicted periods.
    """

    gain: float
    low: float
    high: float
    probability: float
    p_value: float
    predictions: int


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


def predict_ahead(regressors: Numbers, target: Numbers, start: int) -> Numbers:
    """Predict each row from `start` by the regression on all rows before it.

    The coefficients are brought up to date row by row, as if estimated anew each time (Plackett 1950).

    Parameters
    ----------
    regressors : array (rows, columns)
    target : array (rows,)
    start : int
        More than the number of columns.

    Returns
    -------
    array (rows - start,)
    """
    scale = np.sqrt((regressors[:start] ** 2).mean(0))
    level = regressors / np.where(scale > 0, scale, 1.0)
    known = level[:start]
    # A ridge of a millionth of a row keeps a regressor that has not varied yet from stopping the prediction.
    inverse = np.linalg.inv(known.T @ known + 1e-6 * np.eye(level.shape[1]))
    coefficients = inverse @ (known.T @ target[:start])
    ahead = np.empty(len(target) - start)
    for n, (row, value) in enumerate(zip(level[start:], target[start:], strict=True)):
        ahead[n] = row @ coefficients
        reach = inverse @ row
        gain = reach / (1.0 + row @ reach)
        coefficients = coefficients + gain * (value - ahead[n])
        inverse = inverse - np.outer(gain, reach)
    return ahead


def draw_blocks(rows: int, draws: int, seed: int) -> Numbers:
    """Return how often each row is drawn by a circular block bootstrap, (draws, rows).

    The length of a block is the cube root of the number of rows, times 1.5, at least 2.

    References
    ----------
    `politis-romano-1992` in docs/bibliography.md
    """
    length = min(max(round(1.5 * rows ** (1 / 3)), 2), rows)
    rng = np.random.default_rng(seed)
    blocks = -(-rows // length)
    starts = rng.integers(0, rows, size=(draws, blocks))
    places = (starts[:, :, None] + np.arange(length)) % rows
    counts = np.zeros((draws, rows))
    lines = np.arange(draws)[:, None]
    np.add.at(counts, (lines, places.reshape(draws, -1)[:, :rows]), 1.0)
    return counts


def measure_gain(target: Numbers, without: Numbers, with_it: Numbers, seed: int = 0, draws: int = 1000) -> Gain:
    """Compare two predictions of the same values, the first from a model that is part of the second.

    Parameters
    ----------
    target, without, with_it : array (predictions,)
    seed, draws : int
        Of the block bootstrap.

    Returns
    -------
    Gain

    References
    ----------
    `clark-west-2007` in docs/bibliography.md
    """
    old, new = (target - without) ** 2, (target - with_it) ** 2
    if old.sum() == 0.0:
        raise TooLittle("the routine predicts without any error", why="nothing is left to gain")
    counts = draw_blocks(len(target), draws, seed)
    base = counts @ old
    drawn = 1.0 - (counts @ new) / np.where(base > 0, base, np.nan)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    adjusted = old - new + (without - with_it) ** 2
    spread = float(adjusted.std(ddof=1)) / np.sqrt(len(target))
    p_value = float(1.0 - ndtr(adjusted.mean() / spread)) if spread > 0 else 1.0
    gain = float(1.0 - new.sum() / old.sum())
    return Gain(gain, float(low), float(high), float((drawn > 0).mean()), p_value, len(target))


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
    sides, others = np.asarray(pair, dtype=float), np.asarray(third, dtype=float)
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
