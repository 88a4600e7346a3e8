"""What follows an unexpected act: impulse responses and variance decomposition, with bootstrap intervals.

A response says how far the series depart from their usual course 0, 1, 2, ... periods after a shock. Shocks of the
same period move together, so a rule must say whose shock came first. No ordering is the right one; every ordering
asked for is reported, beside the generalised response that needs none (Pesaran and Shin 1998).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.var import Numbers, VarFit, cut_matrices, fit_var, measure_root

LEVEL = 0.9
BATCH = 100
Order = tuple[int, ...] | None


@dataclass(frozen=True)
class Band:
    """An estimate with the ends of its 90 % interval, arrays of one shape."""

    estimate: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Responses:
    """Responses under one rule for shocks of the same period.

    Parameters
    ----------
    order : tuple of int, or None
        Whose shock comes first; None for generalised responses.
    responses : Band
        Arrays (horizon + 1, shock, response) [response's unit, for a shock of one standard deviation].
    shares : Band
        Arrays of the same shape: share of the shock in the variance of the forecast error of the response, up to
        that period [0 to 1]. Over shocks they sum to 1.
    """

    order: Order
    responses: Band
    shares: Band


def spread_shocks(matrices: Numbers, horizon: int) -> Numbers:
    """Return the moving-average form of a vector autoregression.

    Parameters
    ----------
    matrices : array (..., lags, series, series)
        [lag, cause, equation].
    horizon : int

    Returns
    -------
    array (..., horizon + 1, series, series)
        What a residual of one unit in the row's series adds to the column's series so many periods later.
    """
    lags, series = matrices.shape[-3], matrices.shape[-1]
    spread = np.zeros((*matrices.shape[:-3], horizon + 1, series, series))
    spread[..., 0, :, :] = np.eye(series)
    for step in range(1, horizon + 1):
        for back in range(1, min(step, lags) + 1):
            spread[..., step, :, :] += spread[..., step - back, :, :] @ matrices[..., back - 1, :, :]
    return spread


def impact_shocks(covariance: Numbers, order: Order) -> Numbers:
    """Return what a shock of one standard deviation does to each series within the same period.

    Parameters
    ----------
    covariance : array (..., series, series)
        Of the residuals.
    order : tuple of int, or None
        For an ordering, the Cholesky factor in that order: a shock moves the series after its own within the period,
        and none before. None: all series move as they usually do together (generalised).

    Returns
    -------
    array (..., series, series)
        [shock, response].
    """
    if order is None:
        deviation = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
        return np.asarray(covariance / deviation[..., :, None])
    if sorted(order) != list(range(covariance.shape[-1])):
        raise ReciprocityError(f"{order} is no ordering of {covariance.shape[-1]} series")
    places = np.array(order)
    ordered = covariance[..., places[:, None], places]
    factor = np.swapaxes(np.linalg.cholesky(ordered), -1, -2)
    back = np.argsort(places)
    return np.asarray(factor[..., back[:, None], back])


def respond_to_shocks(matrices: Numbers, covariance: Numbers, horizon: int, order: Order) -> Numbers:
    """Return impulse responses.

    Parameters
    ----------
    matrices : array (..., lags, series, series)
    covariance : array (..., series, series)
    horizon : int
    order : tuple of int, or None
        See `impact_shocks`.

    Returns
    -------
    array (..., horizon + 1, shock, response)
        Period 0 is the shock's own.

    References
    ----------
    `sims-1980`, `pesaran-shin-1998` in docs/bibliography.md
    """
    return np.asarray(impact_shocks(covariance, order)[..., None, :, :] @ spread_shocks(matrices, horizon))


def share_variance(responses: Numbers) -> Numbers:
    """Return the share of each shock in the variance of the forecast error of each series.

    Parameters
    ----------
    responses : array (..., horizon + 1, shock, response)

    Returns
    -------
    array of the same shape
        Over shocks the shares sum to 1, also for generalised responses (Lanne and Nyberg 2016).

    References
    ----------
    `lutkepohl-2005`, `lanne-nyberg-2016` in docs/bibliography.md
    """
    total = np.cumsum(responses**2, axis=-3)
    return np.asarray(total / total.sum(-2, keepdims=True))


def _simulate(fit: VarFit, first: Numbers, coefficients: Numbers, rng: np.random.Generator, draws: int) -> Numbers:
    """Return series made from the coefficients and from residuals drawn with replacement, (draws, periods, series)."""
    rows, series = fit.residuals.shape
    width = fit.regressors.shape[1]
    centred = (fit.residuals - fit.residuals.mean(0)) * np.sqrt(rows / (rows - width))
    shocks = centred[rng.integers(0, rows, size=(draws, rows))]
    made = np.empty((draws, rows + fit.lags, series))
    made[:, : fit.lags] = first
    for t in range(rows):
        past = made[:, t : t + fit.lags][:, ::-1].reshape(draws, -1)
        made[:, t + fit.lags] = past @ coefficients[:-1] + coefficients[-1] + shocks[:, t]
    return made


def _refit(made: Numbers, lags: int) -> tuple[Numbers, Numbers]:
    """Return coefficients and covariance for each made series."""
    draws, periods, _ = made.shape
    back = [made[:, lags - n : periods - n] for n in range(1, lags + 1)]
    regressors = np.concatenate([*back, np.ones((draws, periods - lags, 1))], axis=2)
    targets = made[:, lags:]
    turned = np.swapaxes(regressors, 1, 2)
    coefficients = np.linalg.solve(turned @ regressors, turned @ targets)
    residuals = targets - regressors @ coefficients
    return coefficients, np.swapaxes(residuals, 1, 2) @ residuals / (periods - lags)


def draw_refits(
    fit: VarFit, first: Numbers, coefficients: Numbers, draws: int, rng: np.random.Generator
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield batches of coefficients (draws, width, series) and covariances (draws, series, series)."""
    for start in range(0, draws, BATCH):
        made = _simulate(fit, first, coefficients, rng, min(BATCH, draws - start))
        yield _refit(made, fit.lags)


def shrink_bias(coefficients: Numbers, bias: Numbers) -> Numbers:
    """Take a bias off coefficients, as much of it as leaves them stable (Kilian 1998)."""
    series = coefficients.shape[-1]
    if measure_root(cut_matrices(coefficients, series)) >= 1.0:
        return coefficients
    for share in np.linspace(1.0, 0.0, 101):
        tried: Numbers = coefficients - share * bias
        if measure_root(cut_matrices(tried, series)) < 1.0:
            return tried
    return coefficients


def _bootstrap(fit: VarFit, first: Numbers, draws: int, rng: np.random.Generator, correct: bool) -> tuple[Any, Any]:
    """Return bootstrap lag matrices (draws, lags, series, series) and covariances."""
    source, bias = fit.coefficients, np.zeros_like(fit.coefficients)
    if correct:
        pilot = np.concatenate([got for got, _ in draw_refits(fit, first, source, draws, rng)])
        bias = pilot.mean(0) - source
        source = shrink_bias(source, bias)
    batches = list(draw_refits(fit, first, source, draws, rng))
    refits = np.concatenate([got for got, _ in batches])
    if correct:
        refits = np.stack([shrink_bias(one, bias) for one in refits])
    matrices = np.stack([cut_matrices(one, fit.series) for one in refits])
    return matrices, np.concatenate([cover for _, cover in batches])


def bound_draws(estimate: Numbers, draws: Numbers) -> Band:
    """Return the estimate with the 5th and 95th percentile of the draws along their first axis."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Band(estimate, low, high)


def list_orders(series: int) -> list[Order]:
    """Return the orderings that are reported: as given, reversed, and the generalised one."""
    forward = tuple(range(series))
    return [forward, forward[::-1], None]


def identify_responses(
    values: Any, lags: int, horizon: int = 12, *, draws: int = 500, seed: int = 0, correct: bool = True
) -> list[Responses]:
    """Estimate what follows an unexpected act of each side, under both orderings and none.

    The intervals come from a residual bootstrap of the autoregression: percentiles over `draws` made series. Least
    squares draws the roots toward zero in short series; with `correct`, the bias found by a first bootstrap is taken
    off before and within the second (Kilian 1998). The estimate itself stays the least-squares one.

    Parameters
    ----------
    values : array-like (periods, series)
        Directed series without gaps [any unit].
    lags : int
    horizon : int
        Periods after the shock.
    draws : int
        Bootstrap series; at least 20.
    seed : int
        The same seed gives the same intervals.
    correct : bool
        Take the bias off within the bootstrap.

    Returns
    -------
    list of Responses
        The given order, the reverse, and generalised (order None), with 90 % intervals.

    Raises
    ------
    ReciprocityError, TooLittle
        A negative horizon, too few draws, or see `comity.reciprocity.var.check_series`.

    References
    ----------
    `kilian-1998`, `pesaran-shin-1998`, `sims-1980` in docs/bibliography.md
    """
    if horizon < 0 or draws < 20:
        raise ReciprocityError(f"horizon {horizon}, {draws} draws", todo="give a horizon from 0 and at least 20 draws")
    fit = fit_var(values, lags)
    first = np.asarray(values, dtype=float)[:lags]
    try:
        matrices, covariances = _bootstrap(fit, first, draws, np.random.default_rng(seed), correct)
        return [_bound_order(fit, matrices, covariances, horizon, order) for order in list_orders(fit.series)]
    except np.linalg.LinAlgError as error:
        raise TooLittle(
            "made series do not tell the sides apart", why=str(error), todo="fewer lags, or a longer period"
        ) from error


def _bound_order(fit: VarFit, matrices: Numbers, covariances: Numbers, horizon: int, order: Order) -> Responses:
    """Return responses and shares under one ordering."""
    point = respond_to_shocks(cut_matrices(fit.coefficients, fit.series), fit.covariance, horizon, order)
    drawn = respond_to_shocks(matrices, covariances, horizon, order)
    return Responses(order, bound_draws(point, drawn), bound_draws(share_variance(point), share_variance(drawn)))


def sum_responses(responses: Numbers | Sequence[Numbers]) -> Numbers:
    """Return cumulative responses: the sum over all periods up to each one, along the third axis from the end."""
    return np.cumsum(np.asarray(responses), axis=-3)
