"""Read the series and acts of a pair from the event view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from comity.events.coverage import is_covered, list_days
from comity.events.scale import Scale
from comity.events.view import read_events
from comity.reciprocity.acts import Acts, read_acts
from comity.reciprocity.coding import Coded, Coding, code_acts
from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.var import MOST_LAGS, Numbers, identify_lags
from comity.relations.series import PERIODS, Calendar, Pair, lay_calendar, read_series, start_period

if TYPE_CHECKING:
    import duckdb

ROWS_A_LAG = 10


@dataclass(frozen=True)
class PairSeries:
    """Net scores by period, over the longest covered run.

    Parameters
    ----------
    pairs : tuple of (sender, receiver)
        One for each column.
    by : str
        `day`, `week` or `month`.
    starts : tuple of date
        First day of each period.
    values : array (periods, columns)
        Sum of the scores of the period's events [points]; 0 where there was none.
    left_out : int
        Covered periods outside the longest run without a gap.
    """

    pairs: tuple[Pair, ...]
    by: str
    starts: tuple[date, ...]
    values: Numbers
    left_out: int


def find_run(covered: Sequence[bool]) -> tuple[int, int]:
    """Return first and end of the longest run of covered periods, the latest of equals.

    Examples
    --------
    >>> find_run([True, False, True, True])
    (2, 4)
    """
    best, place = (0, 0), 0
    for seen, group in groupby(covered):
        length = len(list(group))
        if seen and length >= best[1] - best[0]:
            best = (place, place + length)
        place += length
    return best


def read_pairs(con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str) -> PairSeries:
    """Read net scores of directed pairs by period.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    pairs : sequence of (sender, receiver)
        Actor ids; one column for each.
    by : str
        `day`, `week` or `month`.

    Returns
    -------
    PairSeries

    Raises
    ------
    TooLittle
        Nothing is loaded.
    comity.relations.series.RelationsError
        There is no such period.
    """
    calendar = lay_calendar(list_days(con), by)
    first, end = _find_span(calendar)
    series = read_series(con, calendar, pairs)
    return PairSeries(
        tuple(pairs),
        by,
        calendar.starts[first:end],
        series.total[:, first:end].T,
        sum(calendar.covered) - (end - first),
    )


def _find_span(calendar: Calendar) -> tuple[int, int]:
    """Return the longest covered run of a calendar, or say that there is none."""
    first, end = find_run(calendar.covered)
    if first == end:
        raise TooLittle("no period is covered", todo="load events first")
    return first, end


def read_busy_pairs(
    con: duckdb.DuckDBPyConnection, by: str, least: int, only: Sequence[str] | None = None
) -> dict[Pair, Numbers]:
    """Read the net scores of all pairs with enough events.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    by : str
        `day`, `week` or `month`.
    least : int
        Events of each direction within the longest covered run.
    only : sequence of str, optional
        Actor ids; pairs of which both are among them.

    Returns
    -------
    dict of (a, b) to array (periods, 2)
        Acts of a toward b and of b toward a [points], a before b in the alphabet.
    """
    calendar = lay_calendar(list_days(con), by)
    first, end = _find_span(calendar)
    series = read_series(con, calendar)
    place = {pair: n for n, pair in enumerate(series.pairs)}
    wanted = None if only is None else set(only)
    found: dict[Pair, Numbers] = {}
    for (a, b), n in place.items():
        back = place.get((b, a))
        if a >= b or back is None or (wanted is not None and not {a, b} <= wanted):
            continue
        if min(series.events[n, first:end].sum(), series.events[back, first:end].sum()) >= least:
            found[a, b] = series.total[[n, back], first:end].T
    return found


def read_pair_acts(con: duckdb.DuckDBPyConnection, parties: Pair, scale: Scale) -> Acts:
    """Read the events of a pair, day by day, from the first loaded day to the last.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    parties : (str, str)
        Actor ids.
    scale : Scale
        On which the events are scored; says which scores are neutral.

    Returns
    -------
    Acts
    """
    import pyarrow as pa

    tables = [read_events(con, sender=sender, receiver=receiver) for sender, receiver in (parties, parties[::-1])]
    days = [(day.date, is_covered(day)) for day in list_days(con)]
    return read_acts(pa.concat_tables(tables), parties, days, scale.neutral)


def read_coded_acts(
    con: duckdb.DuckDBPyConnection, parties: Pair, scale: Scale, by: str, coding: Coding | None = None
) -> tuple[Coded, int]:
    """Read the acts of a pair as friendly or unfriendly, one for each period of the longest covered run.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    parties : (str, str)
        Actor ids.
    scale : Scale
        On which the events are scored; says which scores are neutral.
    by : str
        `day`, `week` or `month`.
    coding : Coding, optional

    Returns
    -------
    Coded
        Periods without a known act of either side among them.
    int
        Covered periods outside the run.

    Raises
    ------
    ReciprocityError
        There is no such period.
    TooLittle
        Nothing is loaded.
    """
    if by not in PERIODS:
        raise ReciprocityError(f"there is no period {by!r}", todo=f"choose one of {', '.join(PERIODS)}")
    coded = code_acts(read_pair_acts(con, parties, scale), lambda day: start_period(day, by), coding)
    first, end = find_run(coded.covered.tolist())
    if first == end:
        raise TooLittle("no period is covered", todo="load events first")
    return coded.keep(first, end), int(coded.covered.sum()) - (end - first)


def choose_lags(values: Numbers, lags: int | None) -> int:
    """Return the number of lags asked for, or the one with the smallest BIC among as many as the periods bear.

    Parameters
    ----------
    values : array (periods, series)
    lags : int, optional

    Returns
    -------
    int
        From 1 to 12, with ten periods for each coefficient of an equation that is tried.
    """
    if lags is not None:
        return lags
    return identify_lags(values, bear_lags(values)).choose("bic")


def bear_lags(values: Numbers) -> int:
    """Return the most lags that the periods bear: ten periods for each coefficient, from 1 to 12."""
    periods, series = np.shape(values)
    return min(MOST_LAGS, max(1, int(periods) // (ROWS_A_LAG * int(series))))
