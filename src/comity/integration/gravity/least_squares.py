"""Ordinary least squares of the logarithm of flows, with fixed effects taken out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.integration.gravity.poisson import Effects, Fit, solve_inner

Numbers = NDArray[np.float64]

TOLERANCE = 1e-12


def fit_least_squares(values: Numbers, regressors: Numbers, effects: Effects, weights: Numbers) -> Fit:
    """Fit a linear regression with fixed effects.

    Parameters
    ----------
    values : array (rows,)
        Logarithms.
    regressors : array (regressors, rows)
    effects : Effects
    weights : array (rows,)
        1 where a row counts, 0 where it does not.

    Returns
    -------
    Fit
    """
    effects.weigh(weights)
    left, _ = effects.residualise(values[None], TOLERANCE)
    inner, _ = effects.residualise(regressors, TOLERANCE)
    coefficients = solve_inner(inner, weights, left[0])
    residuals = left[0] - coefficients @ inner
    settled = np.ones(len(values), dtype=bool)
    return Fit(coefficients, values - residuals, residuals, inner, weights, 1, settled, ~settled)
