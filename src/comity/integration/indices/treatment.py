"""Outliers: skewness and kurtosis tell a heavy tail; winsorising or a logarithm takes it in.

Every function works on all columns at once, so that a hundred imputed tables cost little more than one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 4
LOG_MARGIN = 0.01
LOWER_DECILE = 0.1


def measure_tails(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return adjusted sample skewness and excess kurtosis of each column.

    Parameters
    ----------
    values : array of float, shape (units, columns)
        NaN is left out.

    Returns
    -------
    skewness, kurtosis : arrays of float, shape (columns,)
        NaN where a column is constant or has fewer than four values.

    References
    ----------
    joanes-gill-1998
    """
    import numpy as np

    known = ~np.isnan(values)
    n = known.sum(axis=0).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = np.where(known, values - np.nansum(values, axis=0) / n, 0.0)
        squares = centred * centred
        second = squares.sum(axis=0) / n
        ratio = (squares * centred).sum(axis=0) / n / second**1.5
        skewness = ratio * np.sqrt(n * (n - 1)) / (n - 2)
        excess = (squares * squares).sum(axis=0) / n / second**2 - 3
        kurtosis = ((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3))
    void = (n < FEWEST) | (second <= 0)
    return np.where(void, np.nan, skewness), np.where(void, np.nan, kurtosis)


def find_heavy(values: NDArray[np.float64], skewness: float, kurtosis: float) -> NDArray[np.bool_]:
    """Return which columns exceed both limits, shape (columns,)."""
    import numpy as np

    skew, kurt = measure_tails(values)
    return np.asarray((np.abs(skew) > skewness) & (kurt > kurtosis))


def winsorise(
    values: NDArray[np.float64], most: int, skewness: float = 2.0, kurtosis: float = 3.5
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Pull the furthest values in, one after another, until skewness or kurtosis lies within its limit.

    The furthest value takes the place of the next one, on the side to which the column is skewed; equal values
    move together. A column that still fails after `most` points is given back as it was, for the logarithm.

    Parameters
    ----------
    values : array of float, shape (units, columns)
        NaN stays NaN.
    most : int
        Points moved at most [units].
    skewness, kurtosis : float
        A column passes where it is within either.

    Returns
    -------
    treated : array of float, shape (units, columns)
    failed : array of bool, shape (columns,)
        Columns that winsorising did not bring within the limits.

    References
    ----------
    oecd-jrc-2008, becker-2022
    """
    import numpy as np

    treated = values.copy()
    open_ = find_heavy(treated, skewness, kurtosis)
    while open_.any() and most > 0:
        places = np.flatnonzero(open_)
        part, moved = _pull_furthest(treated[:, places])
        treated[:, places] = part
        still = find_heavy(part, skewness, kurtosis)
        open_[places] = still & (moved < most)
    failed = find_heavy(treated, skewness, kurtosis)
    treated[:, failed] = values[:, failed]
    return treated, failed


def _pull_furthest(part: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Move each column's furthest value to the next one; return the columns and how many lie at the new end."""
    import numpy as np

    sign = np.where(measure_tails(part)[0] >= 0, 1.0, -1.0)
    turned = part * sign
    top = np.nanmax(turned, axis=0)
    at_top = turned == top
    following = np.nanmax(np.where(at_top, -np.inf, turned), axis=0)
    turned = np.where(at_top & np.isfinite(following), following, turned)
    return turned * sign, at_top.sum(axis=0)


def set_logarithm(values: NDArray[np.float64], method: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return sign and shift of each column's logarithm, so that neither its unit nor its sign matters.

    With `log`, the distance from the end opposite to the tail, plus a hundredth of the range. With `ratio`, for
    quantities over many orders of magnitude, the quantity plus its lower decile among those above zero.

    Parameters
    ----------
    values : array of float, shape (units, columns)
    method : {"log", "ratio"}

    Returns
    -------
    sign : array of float, shape (columns,)
        1: log(value + shift); -1: -log(shift - value).
    shift : array of float, shape (columns,)

    References
    ----------
    becker-2022
    """
    import numpy as np

    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    if method == "ratio":
        positive = np.where(values > 0, values, np.nan)
        return np.ones(len(low)), np.where(high > 0, np.nanquantile(positive, LOWER_DECILE, axis=0), 1.0)
    margin = LOG_MARGIN * np.where(high > low, high - low, 1.0)
    sign = np.where(measure_tails(values)[0] < 0, -1.0, 1.0)
    return sign, np.where(sign > 0, margin - low, high + margin)


def take_logarithm(
    values: NDArray[np.float64], sign: NDArray[np.float64], shift: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the logarithm that `set_logarithm` set; the order is kept.

    Parameters
    ----------
    values : array of float, shape (..., columns)
    sign, shift : array of float, shape (columns,)

    Returns
    -------
    array of float, shape (..., columns)
    """
    import numpy as np

    return np.asarray(sign * np.log(shift + sign * values))
