"""Vector autoregression of directed series: reduced form, and the choice of lags.

The acts of each side in a period are regressed on a constant and on the acts of all sides in the `lags` periods
before it::

    y_t = c + B_1' y_{t-1} + ... + B_p' y_{t-p} + u_t,    u_t ~ (0, covariance)

Rows of a coefficient matrix are causes (lag 1 of each series, lag 2 of each series, ..., the constant last), columns
are equations, as in the R package MSBVAR (Brandt and Freeman 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError, TooLittle

Numbers = NDArray[np.float64]

MOST_LAGS = 12
SPARE_ROWS = 2
FEW_ACTS = 5


@dataclass(frozen=True)
class VarFit:
    """A vector autoregression estimated by least squares.

    Parameters
    ----------
    lags : int
    coefficients : array (series * lags + 1, series)
        Rows: lag 1 of each series, lag 2 of each series, ..., constant. Columns: equations.
    residuals : array (rows, series)
        [the series' unit].
    covariance : array (series, series)
        Of the residuals, divided by the number of rows (maximum likelihood).
    regressors : array (rows, series * lags + 1)
    """

    lags: int
    coefficients: Numbers
    residuals: Numbers
    covariance: Numbers
    regressors: Numbers

    @property
    def series(self) -> int:
        """Number of series."""
        return int(self.coefficients.shape[1])

    @property
    def errors(self) -> Numbers:
        """Standard errors of the coefficients, with the degrees of freedom taken off."""
        rows, width = self.regressors.shape
        inverse = np.linalg.inv(self.regressors.T @ self.regressors)
        variance = np.diag(self.covariance) * rows / (rows - width)
        return np.asarray(np.sqrt(np.outer(np.diag(inverse), variance)))

    @property
    def stable(self) -> bool:
        """Whether a shock dies out: every root of the companion matrix lies within the unit circle."""
        return measure_root(cut_matrices(self.coefficients, self.series)) < 1.0


def read_numbers(values: Any, where: str = "") -> Numbers:
    """Return values as an array of numbers, or say which kind they are instead."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ReciprocityError(f"series are no table of numbers: {error}", where=where) from error


def check_series(values: Any, lags: int, where: str = "") -> Numbers:
    """Return series as an array of numbers, or say why they cannot be used.

    Parameters
    ----------
    values : array-like (periods, series)
        One column for each directed series [any unit].
    lags : int
        Number of lags that they must serve.
    where : str
        What the series are, for the message.

    Returns
    -------
    array (periods, series)

    Raises
    ------
    ReciprocityError
        Not a table of numbers, a value missing or infinite, or no such number of lags.
    TooLittle
        Too few periods, or a series that has its usual value in all but a few.
    """
    array = read_numbers(values, where)
    if array.ndim != 2 or array.shape[1] < 1:
        raise ReciprocityError(f"series have shape {array.shape}", where=where, todo="give one column for each series")
    if lags < 1 or int(lags) != lags:
        raise ReciprocityError(f"{lags!r} lags", where=where, todo="give a whole number from 1")
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise ReciprocityError(
            f"the value of period {row} in series {column} is {array[row, column]}",
            where=where,
            why="a missing period is not a period without acts",
            todo="give the longest run of periods without a gap",
        )
    periods, series = array.shape
    need = lags + lags * series + 1 + SPARE_ROWS
    if periods < need:
        raise TooLittle(
            f"{periods} periods; {lags} lags of {series} series need {need}",
            where=where,
            todo="fewer lags, shorter periods (by day) or a longer record",
        )
    for column in range(series):
        _, counts = np.unique(array[lags:, column], return_counts=True)
        others = int(counts.sum() - counts.max())
        if others == 0:
            raise TooLittle(f"series {column} never varies", where=where, why="what never varies has no cause")
        if others < FEW_ACTS:
            raise TooLittle(
                f"series {column} departs from its usual value in {others} periods only",
                where=where,
                why=f"fewer than {FEW_ACTS} say too little",
                todo="a longer period",
            )
    return array


def lay_lags(values: Numbers, lags: int) -> Numbers:
    """Return the regressors: lag 1 of each series, ..., the last lag of each series, and a constant.

    Parameters
    ----------
    values : array (periods, series)
    lags : int

    Returns
    -------
    array (periods - lags, series * lags + 1)
    """
    periods = len(values)
    columns = [values[lags - back : periods - back] for back in range(1, lags + 1)]
    return np.hstack([*columns, np.ones((periods - lags, 1))])


def solve_least(regressors: Numbers, targets: Numbers, where: str = "") -> Numbers:
    """Return least-squares coefficients, or say that the regressors do not tell them apart."""
    scale = np.sqrt((regressors**2).sum(0))
    if (scale == 0.0).any():
        raise TooLittle("a regressor is zero throughout", where=where, todo="fewer lags, or a longer period")
    solution, _, rank, _ = np.linalg.lstsq(regressors / scale, targets, rcond=None)
    if rank < regressors.shape[1]:
        raise TooLittle(
            f"the regressors have rank {rank}, not {regressors.shape[1]}",
            where=where,
            why="the acts of the sides in different periods cannot be told apart",
            todo="fewer lags, or a longer period",
        )
    return np.asarray(solution / scale[:, None])


def fit_var(values: Any, lags: int) -> VarFit:
    """Estimate a vector autoregression by least squares.

    Parameters
    ----------
    values : array-like (periods, series)
        Directed series without gaps [any unit], such as weekly net Goldstein.
    lags : int
        At least 1.

    Returns
    -------
    VarFit

    Raises
    ------
    ReciprocityError, TooLittle
        See `check_series`.

    References
    ----------
    `sims-1980`, `lutkepohl-2005`, `brandt-freeman-2006` in docs/bibliography.md

    Examples
    --------
    >>> import numpy as np
    >>> steps = np.random.default_rng(0).standard_normal((400, 2))
    >>> fit_var(steps, 1).coefficients.shape
    (3, 2)
    """
    array = check_series(values, lags)
    regressors, targets = lay_lags(array, lags), array[lags:]
    coefficients = solve_least(regressors, targets)
    residuals = targets - regressors @ coefficients
    return VarFit(lags, coefficients, residuals, residuals.T @ residuals / len(residuals), regressors)


def cut_matrices(coefficients: Numbers, series: int) -> Numbers:
    """Return the lag matrices.

    Parameters
    ----------
    coefficients : array (series * lags [+ more rows], series)
    series : int

    Returns
    -------
    array (lags, series, series)
        [lag, cause, equation]; rows beyond the lags, such as the constant, are left out.
    """
    lags = coefficients.shape[0] // series
    return coefficients[: lags * series].reshape(lags, series, series)


def measure_root(matrices: Numbers) -> float:
    """Return the largest modulus of the companion matrix's roots; below 1 a shock dies out."""
    lags, series, _ = matrices.shape
    companion = np.zeros((lags * series, lags * series))
    companion[:, :series] = matrices.reshape(lags * series, series)
    companion[: (lags - 1) * series, series:] = np.eye((lags - 1) * series)
    return float(np.abs(np.linalg.eigvals(companion)).max())


@dataclass(frozen=True)
class LagChoice:
    """Information criteria by number of lags, on one common sample.

    Parameters
    ----------
    lags : array (most,)
        1 to the most.
    aic, bic, hq : array (most,)
        Akaike, Schwarz, Hannan and Quinn [per row]; smaller is better.
    rows : int
        Rows of the common sample.
    """

    lags: NDArray[np.int64]
    aic: Numbers
    bic: Numbers
    hq: Numbers
    rows: int

    def choose(self, criterion: str = "bic") -> int:
        """Return the number of lags with the smallest value of a criterion: `aic`, `bic` or `hq`."""
        if criterion not in ("aic", "bic", "hq"):
            raise ReciprocityError(f"there is no criterion {criterion!r}", todo="choose one of aic, bic, hq")
        return int(self.lags[int(np.argmin(getattr(self, criterion)))])


def identify_lags(values: Any, most: int = MOST_LAGS) -> LagChoice:
    """Compare numbers of lags by three information criteria.

    Every number is fitted to the same rows, those after the first `most` periods::

        aic = log det(covariance) + 2 k / rows
        bic = log det(covariance) + k log(rows) / rows
        hq  = log det(covariance) + 2 k log(log(rows)) / rows

    with k = lags * series squared + series, as `var.lag.specification` of MSBVAR 0.9-3.

    Parameters
    ----------
    values : array-like (periods, series)
    most : int
        The most lags to try.

    Returns
    -------
    LagChoice

    Raises
    ------
    ReciprocityError, TooLittle
        See `check_series`.

    References
    ----------
    `akaike-1974`, `schwarz-1978`, `hannan-quinn-1979` in docs/bibliography.md
    """
    array = check_series(values, most)
    rows, series = len(array) - most, array.shape[1]
    table = np.empty((3, most))
    for lags in range(1, most + 1):
        fit = fit_var(array[most - lags :], lags)
        _, size = np.linalg.slogdet(fit.covariance)
        free = lags * series**2 + series
        table[:, lags - 1] = size + free * np.array([2.0, np.log(rows), 2.0 * np.log(np.log(rows))]) / rows
    return LagChoice(np.arange(1, most + 1), table[0], table[1], table[2], rows)
