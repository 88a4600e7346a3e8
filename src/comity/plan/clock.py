"""From days to periods and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LAST_SAFE_DAY = 28
"""A month that begins later than on this day of it would have no such day in every month."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The periods of a plan.

    Parameters
    ----------
    first_day : datetime.date
        Where period 0 begins.
    period : {"day", "week", "month"}
    horizon : int
        Number of periods.

    Examples
    --------
    >>> clock = Clock(date(2027, 1, 1), "month", 24)
    >>> clock.name_day(3).isoformat(), clock.count_from(date(2027, 3, 15)), clock.count_until(date(2027, 3, 31))
    ('2027-04-01', 3, 3)
    """

    first_day: date
    period: str
    horizon: int

    def name_day(self, at: int) -> date:
        """Return the first day of a period."""
        if self.period == "month":
            months = self.first_day.year * 12 + self.first_day.month - 1 + at
            return date(months // 12, months % 12 + 1, self.first_day.day)
        return self.first_day + timedelta(days=at * (7 if self.period == "week" else 1))

    def name_last_day(self, at: int) -> date:
        """Return the last day before a period begins: the day by whose end something is finished."""
        return self.name_day(at) - timedelta(days=1)

    def count_whole(self, day: date) -> int:
        """Return the period in which a day lies; negative before the plan."""
        if self.period == "month":
            months = (day.year - self.first_day.year) * 12 + day.month - self.first_day.month
            return months - (day.day < self.first_day.day)
        return (day - self.first_day).days // (7 if self.period == "week" else 1)

    def count_from(self, day: date) -> int:
        """Return the first period that begins on a day or later; not before 0."""
        at = self.count_whole(day)
        return max(0, at if self.name_day(at) == day else at + 1)

    def count_until(self, day: date) -> int:
        """Return the period by whose beginning all days up to this one are over."""
        return self.count_whole(day + timedelta(days=1))

    def list_years(self) -> list[int]:
        """Return the years that the plan touches."""
        return list(range(self.first_day.year, self.name_last_day(self.horizon).year + 1))

    def start_year(self, year: int) -> int:
        """Return the first period of a year: 0 for the year in which the plan begins."""
        return self.count_from(date(year, 1, 1))

    def close_periods(self, spans: Iterable[tuple[date, date]], weekdays: Iterable[int]) -> tuple[tuple[int, int], ...]:
        """Return the periods that a calendar closes: those of which more than half of the days are closed.

        Parameters
        ----------
        spans : iterable of (date, date)
            First and last day, both counted.
        weekdays : iterable of int
            Monday is 0.

        Returns
        -------
        tuple of (int, int)
            Half-open, sorted, disjoint; within the horizon.
        """
        closed_weekdays = frozenset(weekdays)
        ordered = sorted(spans)
        closed = [at for at in range(self.horizon) if self._is_closed(at, ordered, closed_weekdays)]
        runs: list[tuple[int, int]] = []
        for at in closed:
            if runs and runs[-1][1] == at:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
        return tuple(runs)

    def _is_closed(self, at: int, spans: list[tuple[date, date]], weekdays: frozenset[int]) -> bool:
        """Say whether more than half of the days of a period are closed."""
        start, end = self.name_day(at), self.name_day(at + 1)
        near = [span for span in spans if span[0] < end and span[1] >= start]
        days = [start + timedelta(days=number) for number in range((end - start).days)]
        shut = sum(day.weekday() in weekdays or any(low <= day <= high for low, high in near) for day in days)
        return 2 * shut > len(days)
