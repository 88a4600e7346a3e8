"""Bayesian vector autoregression with the prior of Sims and Zha (1998).

Each series is expected to go on as it was (a random walk), the more firmly the smaller the lambdas; dummy
observations say that levels persist together. Written in the terms of `szbvar` of the R package MSBVAR 0.9-3, so that
published models can be repeated; docs/methods/reciprocity.md states the correspondence term by term.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.response import Order, respond_to_shocks
from comity.reciprocity.var import Numbers, check_series, cut_matrices, lay_lags, solve_least

KINDS = ("normal-wishart", "normal-flat", "flat")
SCALES = ("stacked", "series")
DECAYS = ("harmonic", "monthly")


@dataclass(frozen=True)
class Prior:
    """Hyper-parameters of the Sims-Zha prior; the defaults are those of the example in the documentation of `szbvar`.

    Parameters
    ----------
    lambda0 : float
        Overall tightness, above 0 up to 1; discounts the prior's scale.
    lambda1 : float
        Tightness around the random walk, above 0.
    lambda3 : float
        Decay of the variance with the lag, from 0; 1 is harmonic.
    lambda4 : float
        Standard deviation of the constant; 0 leaves it free.
    lambda5 : float
        Standard deviation of the coefficients of exogenous columns; 0 leaves them free.
    mu5 : float
        Weight of the dummies on sums of coefficients, from 0; larger values favour differences.
    mu6 : float
        Weight of the dummy initial observation, from 0; larger values favour common trends.
    nu : int, optional
        Prior degrees of freedom; number of series + 1 where left out.
    kind : str
        `normal-wishart`, `normal-flat` (no prior on the covariance) or `flat` (none at all).
    scale : str
        Where the residual variances that scale the prior come from: `stacked`, the rows with the dummies before
        them, as MSBVAR 0.9-3; or `series`, the series alone, as its earlier releases and the article.
    decay : str
        `harmonic`, lag to the power -lambda3, or `monthly`, which matches quarterly decay with monthly data.
    """

    lambda0: float = 0.6
    lambda1: float = 0.1
    lambda3: float = 2.0
    lambda4: float = 0.25
    lambda5: float = 0.0
    mu5: float = 0.0
    mu6: float = 0.0
    nu: int | None = None
    kind: str = "normal-wishart"
    scale: str = "stacked"
    decay: str = "harmonic"

    def __post_init__(self) -> None:
        """Refuse values that no prior can have."""
        for name, known in (("kind", KINDS), ("scale", SCALES), ("decay", DECAYS)):
            if getattr(self, name) not in known:
                raise ReciprocityError(f"{name} is {getattr(self, name)!r}", todo=f"choose one of {', '.join(known)}")
        for name in ("lambda0", "lambda1"):
            if not getattr(self, name) > 0:
                raise ReciprocityError(f"{name} is {getattr(self, name)}", why="it divides", todo="above 0")
        for name in ("lambda3", "lambda4", "lambda5", "mu5", "mu6"):
            if not getattr(self, name) >= 0:
                raise ReciprocityError(f"{name} is {getattr(self, name)}", todo="give 0 or more")


@dataclass(frozen=True)
class BayesFit:
    """Posterior of a Bayesian vector autoregression.

    Parameters
    ----------
    lags : int
    coefficients : array (series * lags + 1 + exogenous, series)
        Posterior mean; rows: lags, constant, exogenous. Columns: equations. (`Bhat`)
    covariance : array (series, series)
        Posterior mean of the residuals' covariance. (`mean.S`)
    scatter : array (series, series)
        `covariance` times its degrees of freedom. (`St`)
    precision : array (width, width)
        Of the coefficients, for a residual variance of one. (`hstar`)
    prior_precision, prior_scatter : array
        `H0` and `S0`.
    fitted_covariance : array (series, series)
        Of the residuals at the posterior mean, over all rows with the dummies. (`vcv`)
    rows : int
        Rows of data, without the dummies.
    degrees : int
        Posterior degrees of freedom of the covariance, rows + nu.
    prior : Prior
    """

    lags: int
    coefficients: Numbers
    covariance: Numbers
    scatter: Numbers
    precision: Numbers
    prior_precision: Numbers
    prior_scatter: Numbers
    fitted_covariance: Numbers
    rows: int
    degrees: int
    prior: Prior

    @property
    def series(self) -> int:
        """Number of series."""
        return int(self.coefficients.shape[1])

    @property
    def errors(self) -> Numbers:
        """Posterior standard deviations of the coefficients, at the mean covariance."""
        return np.asarray(np.sqrt(np.outer(np.diag(np.linalg.inv(self.precision)), np.diag(self.covariance))))


def lay_dummies(array: Numbers, lags: int, prior: Prior) -> tuple[Numbers, Numbers]:
    """Return the dummy observations: one for each sum of coefficients, one for the initial level.

    Returns
    -------
    regressors : array (series + 1, series * lags + 1)
    targets : array (series + 1, series)
    """
    series = array.shape[1]
    start = array[:lags].mean(0)
    targets = np.vstack([prior.mu5 * np.diag(start), prior.mu6 * start])
    constant = np.append(np.zeros(series), prior.mu6)[:, None]
    return np.hstack([np.tile(targets, (1, lags)), constant]), targets


def decay_lags(lags: int, prior: Prior) -> Numbers:
    """Return the factor of the prior's standard deviation at each lag, 1 at the first."""
    steps = np.arange(1.0, lags + 1)
    if prior.decay == "harmonic":
        return steps**-prior.lambda3
    last = np.ceil(lags / 3) ** -prior.lambda3
    rate = np.log(last) / (lags - 1) if lags > 1 else 0.0
    return np.asarray(np.exp(rate * (steps - 1)))


def scale_series(array: Numbers, lags: int) -> Numbers:
    """Return each series' residual variance in an autoregression of its own, divided by its rows."""
    variance = np.empty(array.shape[1])
    for n in range(array.shape[1]):
        one = array[:, [n]]
        regressors, target = lay_lags(one, lags), one[lags:]
        residuals = target - regressors @ solve_least(regressors, target)
        variance[n] = (residuals**2).mean()
    return variance


def _weigh_prior(variance: Numbers, lags: int, exogenous: int, prior: Prior) -> tuple[Numbers, Numbers]:
    """Return the prior's precision of the coefficients and scatter of the residuals."""
    near = np.kron((1.0 / (decay_lags(lags, prior) * prior.lambda0 * prior.lambda1)) ** 2, variance)
    constant, others = (
        1.0 / (prior.lambda0 * loose) ** 2 if loose > 0 else 0.0 for loose in (prior.lambda4, prior.lambda5)
    )
    precision = np.diag(np.concatenate([near, [constant], np.full(exogenous, others)]))
    scatter = np.diag(variance / prior.lambda0**2)
    if prior.kind == "flat":
        return precision * 0.0, scatter * 0.0
    return precision, scatter * (0.0 if prior.kind == "normal-flat" else 1.0)


def _check_exogenous(exogenous: Any, periods: int) -> Numbers:
    """Return exogenous columns, none where left out."""
    if exogenous is None:
        return np.empty((periods, 0))
    array = np.asarray(exogenous, dtype=float)
    if array.ndim != 2 or len(array) != periods or not np.isfinite(array).all():
        raise ReciprocityError(f"exogenous columns of shape {array.shape}", todo=f"give {periods} rows without a gap")
    return array


def _solve_posterior(
    whole: Numbers, cross: Numbers, targets: Numbers, precision: Numbers, scatter: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the posterior mean and scatter, or say that the series do not tell the coefficients apart."""
    series = targets.shape[1]
    try:
        np.linalg.cholesky(whole)
        mean = np.asarray(np.linalg.solve(whole, cross), dtype=np.float64)
        total: Numbers = scatter + targets.T @ targets + precision[:series, :series] - mean.T @ whole @ mean
        np.linalg.cholesky(total)
    except np.linalg.LinAlgError as error:
        raise TooLittle(
            "the series do not tell the coefficients apart",
            why=str(error),
            todo="fewer lags, a longer period or a prior",
        ) from error
    return mean, total


def fit_bayes(values: Any, lags: int, prior: Prior | None = None, exogenous: Any = None) -> BayesFit:
    """Estimate a Bayesian vector autoregression under the prior of Sims and Zha.

    Parameters
    ----------
    values : array-like (periods, series)
        Directed series without gaps [any unit].
    lags : int
    prior : Prior, optional
        Hyper-parameters; those of the example in the documentation of `szbvar` where left out.
    exogenous : array-like (periods, columns), optional
        Columns that act in the same period and are not explained.

    Returns
    -------
    BayesFit

    Raises
    ------
    ReciprocityError, TooLittle
        See `comity.reciprocity.var.check_series`.

    References
    ----------
    `sims-zha-1998`, `brandt-freeman-2006`, `kadiyala-karlsson-1997` in docs/bibliography.md

    Examples
    --------
    >>> import numpy as np
    >>> steps = np.random.default_rng(0).standard_normal((300, 2)).cumsum(0)
    >>> bool(fit_bayes(steps, 2).coefficients[0, 0] > 0.8)
    True
    """
    prior = prior or Prior()
    array = check_series(values, lags)
    others = _check_exogenous(exogenous, len(array))
    dummies, dummy_targets = lay_dummies(array, lags, prior)
    padded = np.hstack([dummies, np.zeros((len(dummies), others.shape[1]))])
    regressors = np.vstack([padded, np.hstack([lay_lags(array, lags), others[lags:]])])
    targets = np.vstack([dummy_targets, array[lags:]])
    variance = scale_series(targets if prior.scale == "stacked" else array, lags)
    precision, scatter = _weigh_prior(variance, lags, others.shape[1], prior)
    series, rows = array.shape[1], len(array) - lags
    nu = 0 if prior.kind == "flat" else series + 1 if prior.nu is None else prior.nu
    whole = precision + regressors.T @ regressors
    mean, total = _solve_posterior(whole, regressors.T @ targets + precision[:, :series], targets, precision, scatter)
    residuals = targets - regressors @ mean
    return BayesFit(
        lags=lags,
        coefficients=mean,
        covariance=total / (rows + nu - series - 1),
        scatter=total,
        precision=whole,
        prior_precision=precision,
        prior_scatter=scatter,
        fitted_covariance=residuals.T @ residuals / len(residuals),
        rows=rows,
        degrees=rows + nu,
        prior=prior,
    )


def draw_posterior(fit: BayesFit, draws: int, seed: int = 0) -> tuple[Numbers, Numbers]:
    """Draw coefficients and covariances from the posterior.

    The covariance is inverse Wishart with `degrees` and `scatter`; given it, the coefficients are matrix normal.

    Parameters
    ----------
    fit : BayesFit
    draws : int
    seed : int

    Returns
    -------
    coefficients : array (draws, width, series)
    covariances : array (draws, series, series)
    """
    rng = np.random.default_rng(seed)
    width, series = fit.coefficients.shape
    # Bartlett: the Cholesky factor of a standard Wishart matrix.
    lower = np.tril(rng.standard_normal((draws, series, series)), -1)
    places = np.arange(series)
    lower[:, places, places] = np.sqrt(rng.chisquare(fit.degrees - places, size=(draws, series)))
    half = np.linalg.cholesky(fit.scatter)
    turned = half @ np.linalg.inv(np.swapaxes(lower, 1, 2))
    covariances = turned @ np.swapaxes(turned, 1, 2)
    spread = np.linalg.inv(np.linalg.cholesky(fit.precision)).T
    noise = rng.standard_normal((draws, width, series))
    return fit.coefficients + spread @ noise @ np.swapaxes(turned, 1, 2), covariances


def draw_responses(fit: BayesFit, horizon: int, order: Order, draws: int = 1000, seed: int = 0) -> Numbers:
    """Draw impulse responses from the posterior.

    Parameters
    ----------
    fit : BayesFit
    horizon : int
    order : tuple of int, or None
        Whose shock comes first; None for generalised responses.
    draws, seed : int

    Returns
    -------
    array (draws, horizon + 1, shock, response)
        [response's unit, for a shock of one standard deviation].
    """
    coefficients, covariances = draw_posterior(fit, draws, seed)
    matrices = np.stack([cut_matrices(one[: fit.series * fit.lags], fit.series) for one in coefficients])
    return respond_to_shocks(matrices, covariances, horizon, order)


def respond_at_mean(fit: BayesFit, horizon: int, order: Order) -> Numbers:
    """Return the impulse responses at the posterior means, (horizon + 1, shock, response)."""
    matrices = cut_matrices(fit.coefficients[: fit.series * fit.lags], fit.series)
    return respond_to_shocks(matrices, fit.covariance, horizon, order)
