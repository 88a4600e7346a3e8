"""Does the past of one side's acts help to predict the other's? Granger's test, and its form for trending series."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from scipy.special import chdtrc, fdtrc

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.var import Numbers, check_series, lay_lags, solve_least


@dataclass(frozen=True)
class GrangerTest:
    """One direction of Granger's test.

    Parameters
    ----------
    cause, effect : int
        Places of the series.
    lags, extra : int
        Lags tested, and lags added without being tested (Toda and Yamamoto).
    statistic : float
        F.
    numerator, denominator : int
        Its degrees of freedom.
    p_value : float
        Probability of an F at least as large where the cause's past adds nothing.
    p_wald : float
        The same by the chi-squared distribution of `lags` times F, which is the one that holds asymptotically
        with `extra` lags.
    total : float
        Sum of the cause's tested coefficients [effect's unit per cause's unit]: above 0, acts are answered in kind.
    """

    cause: int
    effect: int
    lags: int
    extra: int
    statistic: float
    numerator: int
    denominator: int
    p_value: float
    p_wald: float
    total: float


def _sum_squares(regressors: Numbers, target: Numbers) -> tuple[float, Numbers]:
    """Return the sum of squared residuals and the coefficients."""
    coefficients = solve_least(regressors, target)
    residuals = target - regressors @ coefficients
    return float((residuals**2).sum()), coefficients[:, 0]


def compare_nested(full: Numbers, kept: Numbers, target: Numbers) -> tuple[float, int, int, float]:
    """Compare two regressions of which one is part of the other.

    Parameters
    ----------
    full, kept : array (rows, columns)
        Regressors with and without those under test.
    target : array (rows, 1)

    Returns
    -------
    statistic, numerator, denominator, p_value
        F, its degrees of freedom, and the upper tail.
    """
    wide, _ = _sum_squares(full, target)
    narrow, _ = _sum_squares(kept, target)
    tested, spare = full.shape[1] - kept.shape[1], len(full) - full.shape[1]
    if wide <= 1e-14 * narrow or wide == 0.0:
        return np.inf, tested, spare, 0.0
    statistic = max((narrow - wide) / tested / (wide / spare), 0.0)
    return statistic, tested, spare, float(fdtrc(tested, spare, statistic))


def _try_direction(array: Numbers, direction: tuple[int, int], lags: int, extra: int) -> GrangerTest:
    """Test one direction of one pair of series."""
    cause, effect = direction
    two = array[:, [cause, effect]]
    regressors = lay_lags(two, lags + extra)
    target = two[lags + extra :, [1]]
    tested = np.arange(0, 2 * lags, 2)
    kept = np.delete(regressors, tested, axis=1)
    statistic, numerator, denominator, p_value = compare_nested(regressors, kept, target)
    total = float(_sum_squares(regressors, target)[1][tested].sum())
    p_wald = float(chdtrc(lags, lags * statistic))
    return GrangerTest(cause, effect, lags, extra, statistic, numerator, denominator, p_value, p_wald, total)


def identify_granger(values: Any, lags: int, extra: int = 0) -> list[GrangerTest]:
    """Test for each ordered pair of series whether the one's past helps to predict the other.

    The effect is regressed on a constant, its own `lags` and the cause's; F compares with the same regression
    without the cause. With more than two series each pair is tested by itself, as `granger.test` of MSBVAR.
    With `extra` lags, as many as the series are integrated, the test holds also for trending or cointegrated series
    (Toda and Yamamoto 1995).

    Parameters
    ----------
    values : array-like (periods, series)
        At least two series without gaps [any unit].
    lags : int
        Lags under test.
    extra : int
        Lags added without being tested.

    Returns
    -------
    list of GrangerTest
        By cause, then effect.

    Raises
    ------
    ReciprocityError, TooLittle
        Fewer than two series, or see `comity.reciprocity.var.check_series`.

    References
    ----------
    `granger-1969`, `toda-yamamoto-1995`, `brandt-freeman-2006` in docs/bibliography.md

    Examples
    --------
    >>> import numpy as np
    >>> steps = np.random.default_rng(0).standard_normal((400, 2))
    >>> [test.p_value > 0.05 for test in identify_granger(steps, 2)]
    [True, True]
    """
    if extra < 0 or int(extra) != extra:
        raise ReciprocityError(f"{extra!r} extra lags", todo="give a whole number from 0")
    array = check_series(values, lags + extra)
    if array.shape[1] < 2:
        raise ReciprocityError("there is one series only", todo="give the acts of both sides")
    return [_try_direction(array, pair, lags, extra) for pair in permutations(range(array.shape[1]), 2)]
