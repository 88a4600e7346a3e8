"""Local projections: a response estimated for each horizon by a regression of its own (Jorda 2005).

They ask less of the model than an autoregression, which has to be right at every horizon, and pay with wider
intervals. With one lag more than needed and standard errors robust to heteroskedasticity, the intervals hold also for
persistent series and long horizons (Montiel Olea and Plagborg-Moller 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.var import SPARE_ROWS, Numbers, check_series, lay_lags

Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Projection:
    """The response of one series to an act of one unit in another, with 90 % intervals.

    Parameters
    ----------
    impulse, response : int
        Places of the series.
    estimate, low, high, error : array (horizon + 1,)
        [response's unit per impulse's unit].
    rows : array (horizon + 1,)
        Rows of each regression.
    """

    impulse: int
    response: int
    estimate: Numbers
    low: Numbers
    high: Numbers
    error: Numbers
    rows: Numbers


@dataclass(frozen=True)
class Design:
    """How local projections are run.

    Parameters
    ----------
    lags : int
        Lags of every series that are held constant.
    horizon : int
        Periods after the act.
    impulse_first : bool
        Whether the impulse may move the response within its own period: if so nothing of that period is held
        constant; if not, the response of that period is.
    augmented : bool
        One lag more, and errors robust to heteroskedasticity only; otherwise Newey and West's, whose bandwidth is
        the horizon of each regression.
    cumulative : bool
        Sum the response over all periods up to each horizon.
    """

    lags: int
    horizon: int = 12
    impulse_first: bool = True
    augmented: bool = True
    cumulative: bool = False


def weigh_errors(regressors: Numbers, residuals: Numbers, bandwidth: int) -> Numbers:
    """Return the covariance of least-squares coefficients, robust to heteroskedasticity and autocorrelation.

    Parameters
    ----------
    regressors : array (rows, columns)
    residuals : array (rows,)
    bandwidth : int
        Lags with Bartlett weights 1 - lag / (bandwidth + 1); 0 is White's estimator.

    Returns
    -------
    array (columns, columns)
        Times rows / (rows - columns).

    References
    ----------
    `newey-west-1987`, `white-1980` in docs/bibliography.md
    """
    rows, columns = regressors.shape
    scores = regressors * residuals[:, None]
    middle = scores.T @ scores
    for back in range(1, min(bandwidth, rows - 1) + 1):
        cross = scores[back:].T @ scores[:-back]
        middle += (1.0 - back / (bandwidth + 1.0)) * (cross + cross.T)
    bread = np.linalg.inv(regressors.T @ regressors)
    return np.asarray(bread @ middle @ bread * rows / (rows - columns))


def _project_once(
    array: Numbers, pair: tuple[int, int], design: Design, controls: Numbers, step: int
) -> tuple[float, float, int]:
    """Return estimate, standard error and rows at one horizon."""
    impulse, response = pair
    start, rows = len(array) - len(controls), len(controls) - step
    acts = array[start : start + rows, [impulse]]
    held = [] if design.impulse_first else [array[start : start + rows, [response]]]
    regressors = np.hstack([acts, *held, controls[:rows]])
    ahead = [array[start + n : start + n + rows, response] for n in range(step + 1)]
    target = np.sum(ahead, axis=0) if design.cumulative else ahead[-1]
    scale = np.sqrt((regressors**2).sum(0))
    if (scale == 0.0).any() or np.linalg.matrix_rank(regressors / scale) < regressors.shape[1]:
        raise TooLittle("the acts of the sides cannot be told apart", todo="fewer lags, or a longer period")
    level = regressors / scale
    coefficients = np.linalg.lstsq(level, target, rcond=None)[0]
    bandwidth = 0 if design.augmented else step
    variance = weigh_errors(level, target - level @ coefficients, bandwidth)[0, 0]
    return float(coefficients[0] / scale[0]), float(np.sqrt(max(variance, 0.0)) / scale[0]), rows


def identify_projection(values: Any, impulse: int, response: int, design: Design) -> Projection:
    """Estimate how a series answers acts in another, by local projections.

    Parameters
    ----------
    values : array-like (periods, series)
        Directed series without gaps [any unit].
    impulse, response : int
        Places of two different series.
    design : Design

    Returns
    -------
    Projection
        With the response held within its own period (`impulse_first` False), the estimate at horizon 0 is 0.

    Raises
    ------
    ReciprocityError, TooLittle
        There is no such series, a negative horizon, or see `comity.reciprocity.var.check_series`.

    References
    ----------
    `jorda-2005`, `montiel-olea-plagborg-moller-2021` in docs/bibliography.md
    """
    lags = design.lags + (1 if design.augmented else 0)
    array = check_series(values, lags)
    series = array.shape[1]
    if impulse == response or not {impulse, response} <= set(range(series)) or design.horizon < 0:
        raise ReciprocityError(f"series {impulse} and {response} of {series}, horizon {design.horizon}")
    controls = lay_lags(array, lags)
    if len(controls) - design.horizon < controls.shape[1] + 2 + SPARE_ROWS:
        raise TooLittle(f"{len(array)} periods for a horizon of {design.horizon}", todo="a shorter horizon")
    found = [
        (0.0, 0.0, len(controls))
        if step == 0 and not design.impulse_first
        else _project_once(array, (impulse, response), design, controls, step)
        for step in range(design.horizon + 1)
    ]
    estimate, error, rows = (np.array(column, dtype=float) for column in zip(*found, strict=True))
    return Projection(impulse, response, estimate, estimate - Z90 * error, estimate + Z90 * error, error, rows)
