"""Indicators of different units on one scale, higher always meaning a higher index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from comity.integration.indices.errors import IndicatorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def place_minmax(
    values: NDArray[np.float64], low: float, high: float, ends: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Place values between two ends on a line from `low` to `high`; beyond the ends the line is flat.

    Parameters
    ----------
    values : array of float, shape (..., columns)
    low, high : float
        [points of the index]
    ends : pair of arrays, shape (columns,)
        Values that stand at `low` and at `high`.

    Returns
    -------
    array of float, shape (..., columns)
        [points of the index]
    """
    import numpy as np

    share = (values - ends[0]) / (ends[1] - ends[0])
    return low + (high - low) * np.clip(share, 0.0, 1.0)


def find_ends(
    turned: NDArray[np.float64], directions: NDArray[np.float64], choice: Mapping[str, Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of a minmax scale for values that are turned by their directions.

    They are those that `choice["fixed"]` gives (NaN: none), else the least and greatest value, or the quantiles at
    `tail` and 1 - `tail`. Where quantiles make the span empty, as for a column of mostly equal values, the least and
    greatest stand.
    """
    import numpy as np

    bottom, top = np.nanmin(turned, axis=0), np.nanmax(turned, axis=0)
    if choice["tail"]:
        low, high = np.nanquantile(turned, [choice["tail"], 1 - choice["tail"]], axis=0)
        bottom, top = np.where(high > low, low, bottom), np.where(high > low, high, top)
    if "fixed" in choice:
        times = len(directions) // choice["fixed"].shape[1]
        low, high = np.sort(np.tile(choice["fixed"], times) * directions, axis=0)
        bottom, top = np.where(np.isnan(low), bottom, low), np.where(np.isnan(high), top, high)
    return bottom, top


def rank_values(values: NDArray[np.float64], reference: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the other reference values that lie below; equal values share the lowest place.

    Parameters
    ----------
    values : array of float, shape (rows, columns)
    reference : array of float, shape (units, columns)
        NaN is left out.

    Returns
    -------
    array of float, shape (rows, columns)
        [1], NaN where the value is.
    """
    import numpy as np

    shares = np.empty(values.shape)
    for place in range(values.shape[1]):
        order = np.sort(reference[:, place][~np.isnan(reference[:, place])])
        below = np.searchsorted(order, values[:, place], side="left")
        share = below / max(1, len(order) - 1)
        shares[:, place] = np.where(np.isnan(values[:, place]), np.nan, np.minimum(share, 1.0))
    return shares


def normalise_values(
    values: NDArray[np.float64],
    directions: NDArray[np.float64],
    choice: Mapping[str, Any],
    reference: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the indicators on one scale.

    Parameters
    ----------
    values : array of float, shape (rows, columns)
        NaN stays NaN.
    directions : array of float, shape (columns,)
        1 or -1.
    choice : mapping
        `method` (minmax, zscore, rank) and its options.
    reference : array of float, shape (units, columns), optional
        The units that set the scale; the values themselves where left out.

    Returns
    -------
    array of float, shape (rows, columns)
        [points of the index]

    References
    ----------
    oecd-jrc-2008
    """
    import numpy as np

    turned = values * directions
    base = turned if reference is None else reference * directions
    if choice["method"] == "zscore":
        mean, deviation = np.nanmean(base, axis=0), np.nanstd(base, axis=0, ddof=1)
        return np.asarray(choice["mean"] + choice["deviation"] * (turned - mean) / deviation)
    if choice["method"] == "rank":
        return np.asarray(choice["low"] + (choice["high"] - choice["low"]) * rank_values(turned, base))
    return place_minmax(turned, choice["low"], choice["high"], find_ends(base, directions, choice))


def check_spread(values: NDArray[np.float64], columns: tuple[str, ...]) -> None:
    """Stop at columns without two different values.

    Parameters
    ----------
    values : array of float, shape (units, columns)
    columns : tuple of str

    Raises
    ------
    IndicatorError
        An indicator is all unknown, or the same for every unit.
    """
    import numpy as np

    known = (~np.isnan(values)).sum(axis=0)
    for place, name in enumerate(columns):
        if not known[place]:
            raise IndicatorError(
                "an indicator is unknown for every unit", where=f"column {name!r}", todo="leave it out"
            )
        if np.nanmin(values[:, place]) == np.nanmax(values[:, place]):
            raise IndicatorError(
                f"an indicator is {np.nanmin(values[:, place]):g} for every unit that has it",
                where=f"column {name!r}",
                why="it says nothing about differences, and cannot be put on a scale",
                todo="leave it out of the specification",
            )
