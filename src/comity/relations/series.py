"""Events of directed pairs as series by day, week or month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from comity.events.coverage import DayCoverage, is_covered
from comity.lexicon.errors import ComityError

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

PERIODS = ("day", "week", "month")
LENGTHS = {"day": 1.0, "week": 7.0, "month": 30.4375}
STEPS = {"day": 7, "week": 4, "month": 3}  # periods over which a change or a trend is taken
Pair = tuple[str, str]


class RelationsError(ComityError):
    """A question about relations cannot be answered as it was put."""


@dataclass(frozen=True)
class Calendar:
    """The periods of a span, and how much of each is covered.

    Parameters
    ----------
    by : str
        `day`, `week` (from Monday) or `month`.
    starts : tuple of date
        First day of each period.
    middles : tuple of float
        Middle of each period [days, proleptic ordinal].
    covered : tuple of bool
        Whether any day of the period was loaded.
    """

    by: str
    starts: tuple[date, ...]
    middles: tuple[float, ...]
    covered: tuple[bool, ...]


def start_period(day: date, by: str) -> date:
    """Return the first day of the period that a day lies in."""
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by == "week" else day


def follow_period(start: date, by: str) -> date:
    """Return the first day of the next period."""
    if by == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if by == "week" else 1)


def lay_calendar(days: Sequence[DayCoverage], by: str) -> Calendar:
    """Lay periods over the covered span.

    Parameters
    ----------
    days : sequence of DayCoverage
        From `comity.events.coverage.list_days`.
    by : str
        `day`, `week` or `month`.

    Returns
    -------
    Calendar
        Without periods where nothing is loaded.

    Raises
    ------
    RelationsError
        There is no such period.
    """
    if by not in PERIODS:
        raise RelationsError(f"there is no period {by!r}", todo=f"choose one of {', '.join(PERIODS)}")
    groups: dict[date, list[DayCoverage]] = {}
    for day in days:
        groups.setdefault(start_period(day.date, by), []).append(day)
    starts = tuple(groups)
    middles = tuple(start.toordinal() + (follow_period(start, by) - start).days / 2 for start in starts)
    covered = tuple(any(is_covered(day) for day in groups[start]) for start in starts)
    return Calendar(by, starts, middles, covered)


@dataclass(frozen=True)
class Tally:
    """What the index needs of the events of directed pairs by period; arrays of shape (pairs, periods).

    Parameters
    ----------
    count, total, square : array
        Number of scored events [count], sum of their scores [points], sum of the squares of these [points squared].

    Raises
    ------
    RelationsError
        The arrays differ in shape, or hold what no events can give.
    """

    count: Numbers
    total: Numbers
    square: Numbers

    def __post_init__(self) -> None:
        """Check the sums."""
        import numpy as np

        shapes = [array.shape for array in (self.count, self.total, self.square)]
        if len(set(shapes)) > 1 or len(shapes[0]) != 2:
            raise RelationsError(
                f"counts and sums have the shapes {shapes}", todo="give one row a pair, one column a period"
            )
        known = np.isfinite(self.count) & np.isfinite(self.total) & np.isfinite(self.square)
        least = self.total**2 <= self.count * self.square * (1 + 1e-9) + 1e-6  # Cauchy and Schwarz
        for sound, what in ((known, "not a number"), (self.count >= 0, "below zero"), (least, "at odds")):
            if not sound.all():
                pair, period = (int(x) for x in np.argwhere(~sound)[0])
                said = ", ".join(f"{array[pair, period]:g}" for array in (self.count, self.total, self.square))
                raise RelationsError(
                    f"count, sum and sum of squares are {what}: {said}",
                    where=f"pair {pair}, period {period}",
                    why="no events have such sums",
                    todo="give 0, 0, 0 where there is no event",
                )

    def take(self, rows: slice | NDArray[np.int64]) -> Tally:
        """Return some of the pairs."""
        return Tally(self.count[rows], self.total[rows], self.square[rows])


@dataclass(frozen=True)
class Series:
    """Directed pairs by period; arrays of shape (pairs, periods).

    Parameters
    ----------
    pairs : tuple of (sender, receiver)
    calendar : Calendar
    events : array
        Events, also those without a score [count].
    count : array
        Events with a score [count].
    total, square : array
        Sum of their scores [points], and of the squares of these [points squared].
    loaded : array (periods,)
        All events loaded, of whatever pair [count].
    """

    pairs: tuple[Pair, ...]
    calendar: Calendar
    events: Numbers
    count: Numbers
    total: Numbers
    square: Numbers
    loaded: Numbers

    @property
    def tally(self) -> Tally:
        """What the index needs."""
        return Tally(self.count, self.total, self.square)


def read_series(con: duckdb.DuckDBPyConnection, calendar: Calendar, pairs: Sequence[Pair] | None = None) -> Series:
    """Sum the events of directed pairs by period.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events`.
    calendar : Calendar
        Periods; events outside them are not counted.
    pairs : sequence of (sender, receiver), optional
        Which pairs, in this order; all that have events, sorted, where left out.

    Returns
    -------
    Series
    """
    import numpy as np

    rows = con.execute(
        f"select sender, receiver, date_trunc('{calendar.by}', date)::date, sum(weight), "
        "coalesce(sum(weight) filter (score is not null), 0), coalesce(sum(score * weight), 0), "
        "coalesce(sum(score * score * weight), 0) from events "
        f"{_restrict(con, pairs)} group by all order by all"
    ).fetchall()
    order = tuple(sorted({(row[0], row[1]) for row in rows}) if pairs is None else pairs)
    place = {pair: n for n, pair in enumerate(order)}
    period = {start: n for n, start in enumerate(calendar.starts)}
    sums = np.zeros((4, len(order), len(calendar.starts)))
    for sender, receiver, start, *values in rows:
        if start in period and calendar.covered[period[start]]:
            sums[:, place[sender, receiver], period[start]] = values
    everything = con.execute(
        f"select date_trunc('{calendar.by}', date)::date, sum(weight) from events group by 1"
    ).fetchall()
    counts = dict(everything)
    loaded = np.array([float(counts.get(start, 0)) for start in calendar.starts])
    total, square = np.round(sums[2], 9), np.round(sums[3], 9)
    return Series(order, calendar, sums[0], sums[1], total, square, loaded)


def count_types(
    con: duckdb.DuckDBPyConnection, calendar: Calendar, pairs: Sequence[Pair]
) -> dict[tuple[str, str, date], dict[str, int]]:
    """Count the events of directed pairs by period and PLOVER type.

    Returns
    -------
    dict
        (sender, receiver, first day of the period) to type to count; periods without events are absent.
    """
    rows = con.execute(
        f"select sender, receiver, date_trunc('{calendar.by}', date)::date, type, sum(weight) from events "
        f"{_restrict(con, pairs)} group by all order by all"
    ).fetchall()
    counts: dict[tuple[str, str, date], dict[str, int]] = {}
    for sender, receiver, start, kind, number in rows:
        counts.setdefault((sender, receiver, start), {})[kind] = int(number)
    return counts


def _restrict(con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair] | None) -> str:
    """Bind the pairs asked for as a table, and return the clause that uses it."""
    if pairs is None:
        return ""
    con.execute(
        "create or replace temp table asked_pairs as "
        "select unnest(?::varchar[]) as sender, unnest(?::varchar[]) as receiver",
        [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
    )
    return "semi join asked_pairs using (sender, receiver)"
