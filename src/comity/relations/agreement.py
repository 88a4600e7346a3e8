"""How far measures of relations agree: rank correlations over pairs and over time, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale
from comity.relations.alternatives import ALTERNATIVES, Acts, measure_acts, place_days, read_acts
from comity.relations.gestures import time_periods
from comity.relations.published import read_gesture_model
from comity.relations.series import Calendar, Pair, RelationsError, lay_calendar, read_series
from comity.relations.standing import estimate_standing

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

INDEX = "index"
LEAST_PERIODS = 5
"""Fewest periods with both values for which an order over time means something."""
LEAST_PAIRS = 10


def rank_values(values: Numbers) -> Numbers:
    """Return ranks from 1 along the last axis, equal values sharing their mean rank.

    Examples
    --------
    >>> import numpy as np
    >>> rank_values(np.array([2.0, 5.0, 2.0])).tolist()
    [1.5, 3.0, 1.5]
    """
    import numpy as np

    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    result: Numbers = (last - (count - 1) / 2.0)[place]
    return result


def correlate_ranks(x: Numbers, y: Numbers) -> float:
    """Return Spearman's rank correlation, NaN where one side is constant [-1 to 1]."""
    import numpy as np

    a, b = rank_values(x), rank_values(y)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else float("nan")


def _correlate_over_time(x: Numbers, y: Numbers) -> Numbers:
    """Return the rank correlation of each pair over its periods with both values; NaN where these are too few."""
    import numpy as np

    found = np.full(len(x), np.nan)
    for row in range(len(x)):
        both = ~np.isnan(x[row]) & ~np.isnan(y[row])
        if both.sum() >= LEAST_PERIODS:
            found[row] = correlate_ranks(x[row, both], y[row, both])
    return found


def _bound_over_pairs(x: Numbers, y: Numbers, draws: int, seed: int) -> tuple[float, float]:
    """Return the 90 % interval of a rank correlation from pairs drawn again, whatever their names and order."""
    import numpy as np

    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    rows = np.random.default_rng(seed).integers(0, len(x), (draws, len(x)))
    drawn = [correlate_ranks(x[pick], y[pick]) for pick in rows]
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return float(low), float(high)


def _bound_mean(values: Numbers, draws: int, seed: int) -> tuple[float, float]:
    """Return the 90 % interval of a mean from values drawn again, whatever their order."""
    import numpy as np

    values = np.sort(values)
    rows = np.random.default_rng(seed).integers(0, len(values), (draws, len(values)))
    low, high = np.quantile(values[rows].mean(1), [0.05, 0.95])
    return float(low), float(high)


def _measure_all(
    con: duckdb.DuckDBPyConnection, acts: Acts, calendar: Calendar, scale: Scale
) -> dict[str, tuple[Numbers, Numbers]]:
    """Return of each measure the value of the whole span by pair, and the values by pair and period."""
    import numpy as np

    period, whole = place_days(acts.days, calendar), np.zeros(len(acts.days), dtype=np.int64)
    uncovered = ~np.array(calendar.covered)
    series = read_series(con, calendar, acts.pairs)
    model = read_gesture_model(scale, con)
    level = estimate_standing(series.tally, time_periods(calendar), model, smoothed=True).mean
    found = {INDEX: (level.mean(1), level.copy())}
    for name in ALTERNATIVES:
        found[name] = (
            measure_acts(acts, name, whole, 1)[:, 0],
            measure_acts(acts, name, period, len(calendar.starts)),
        )
    for _, path in found.values():
        path[:, uncovered] = np.nan
    return found


def compare_alternatives(
    con: duckdb.DuckDBPyConnection,
    pairs: Sequence[Pair],
    by: str,
    scale: Scale,
    *,
    draws: int = 500,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Say how far the index and the measures of the literature order pairs, and periods, alike.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on the scale.
    pairs : sequence of (sender, receiver)
        At least ten; those with few events agree by their ties, so leave these out.
    by : str
        `day`, `week` or `month`: the periods of the order over time.
    scale : Scale
        Of the index and of `net`.
    draws, seed : int
        Of the intervals, for which pairs are drawn again.

    Returns
    -------
    list of dict
        One for each two measures: `a`, `b`, `over` (`pairs`: values of the whole span, of `tsinghua` the last level, of
        the index the mean smoothed one; `time`: the mean over pairs of the correlation over periods), `correlation`
        (Spearman), `low`, `high` (90 % interval) and `count` (pairs that it rests on). Over fewer than ten pairs the
        first three of these are None: too little to say.

    Raises
    ------
    RelationsError
        Fewer than ten pairs.
    """
    found = _measure_pairs(con, pairs, by, scale)
    return [row for a, b in combinations(found, 2) for row in _compare_two(found, (a, b), draws, seed)]


def compare_with_index(
    con: duckdb.DuckDBPyConnection,
    pairs: Sequence[Pair],
    by: str,
    scale: Scale,
    *,
    draws: int = 200,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Say how far each measure of the literature and the index order pairs, and periods, alike.

    Parameters
    ----------
    con, pairs, by, scale, draws, seed
        As in `compare_alternatives`.

    Returns
    -------
    list of dict
        The rows of `compare_alternatives` of which `a` is the index.

    Raises
    ------
    RelationsError
        Fewer than ten pairs.
    """
    found = _measure_pairs(con, pairs, by, scale)
    return [row for name in ALTERNATIVES for row in _compare_two(found, (INDEX, name), draws, seed)]


def _measure_pairs(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str, scale: Scale
) -> dict[str, tuple[Numbers, Numbers]]:
    """Return the values of every measure, or say that the pairs are too few."""
    if len(pairs) < LEAST_PAIRS:
        raise RelationsError(
            f"{len(pairs)} pairs are too few to compare measures",
            why="a rank correlation of so few says nothing",
            todo=f"give at least {LEAST_PAIRS}",
        )
    calendar = lay_calendar(list_days(con), by)
    return _measure_all(con, read_acts(con, calendar, pairs), calendar, scale)


def _compare_two(
    found: dict[str, tuple[Numbers, Numbers]], names: tuple[str, str], draws: int, seed: int
) -> list[dict[str, Any]]:
    """Compare two measures over pairs and over time."""
    (one, path), (other, other_path) = found[names[0]], found[names[1]]
    said = {"a": names[0], "b": names[1]}
    return [
        said | {"over": "pairs"} | _compare_pairs(one, other, draws, seed),
        said | {"over": "time"} | _compare_times(path, other_path, draws, seed),
    ]


def list_busy_pairs(con: duckdb.DuckDBPyConnection, least: int, most: int | None = None) -> list[Pair]:
    """Return the directed pairs with at least so many events, in the order of their names.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    least : int
        Events.
    most : int, optional
        Only pairs with as many events as the one in this place has; all where left out.

    Returns
    -------
    list of (sender, receiver)
    """
    query = "select sender, receiver, sum(weight) from events group by 1, 2 having sum(weight) >= ? order by 1, 2"
    rows = con.execute(query, [least]).fetchall()
    floor = sorted((row[2] for row in rows), reverse=True)[most - 1] if most and len(rows) > most else least
    return [(sender, receiver) for sender, receiver, events in rows if events >= floor]


def _compare_pairs(x: Numbers, y: Numbers, draws: int, seed: int) -> dict[str, Any]:
    """Compare the values of the whole span."""
    import numpy as np

    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    if len(x) < LEAST_PAIRS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return _say(None, None, len(x))
    return _say(correlate_ranks(x, y), _bound_over_pairs(x, y, draws, seed), len(x))


def _compare_times(x: Numbers, y: Numbers, draws: int, seed: int) -> dict[str, Any]:
    """Compare the values by period within pairs."""
    import numpy as np

    each = _correlate_over_time(x, y)
    each = each[~np.isnan(each)]
    if len(each) < LEAST_PAIRS:
        return _say(None, None, len(each))
    return _say(float(each.mean()), _bound_mean(each, draws, seed), len(each))


def _say(value: float | None, ends: tuple[float, float] | None, count: int) -> dict[str, Any]:
    """Return the columns of a correlation."""
    low, high = ends or (None, None)
    rounded = [None if v is None else round(v, 4) for v in (value, low, high)]
    return dict(zip(("correlation", "low", "high"), rounded, strict=True)) | {"count": count}
