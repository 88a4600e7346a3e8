"""Periods on a time axis: their names, their places and the marks worth labelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comity.brief.wording import MONTHS, clean_text, read_date, render_date

DAYS = {"day": 1, "week": 7, "month": 31}
STEPS_OF_DAYS = (1, 2, 7, 14)
STEPS_OF_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_WEEK = re.compile(r"(\d{4})-W(\d{2})\Z")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a period stands: first day and length, both in days (or in places, where no date is known)."""

    start: float
    days: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on the time axis at a day; `year` is set where the year begins to hold."""

    at: float
    label: str
    year: str


def read_period(text: object) -> date | None:
    """Return the first day of "2025-05-19", "2025-W21" or "2025-05"; None for any other text."""
    day = read_date(text) if len(str(text)) == len("2025-05-19") else None
    if day is not None:
        return day
    try:
        if week := _WEEK.match(str(text)):
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
        if month := _MONTH.match(str(text)):
            return date(int(month[1]), int(month[2]), 1)
    except ValueError:
        return None
    return None


def render_period(text: object, by: str) -> str:
    """Return the name of a period: "19 May 2025", "week of 19 May 2025" or "May 2025".

    Parameters
    ----------
    text : str
        The period as the tables name it; text that is no date is returned as it is.
    by : {"day", "week", "month"}
        Length of the period.

    Examples
    --------
    >>> render_period("2025-W21", "week")
    'week of 19 May 2025'
    """
    day = read_period(text)
    if day is None:
        return clean_text(text)
    if by == "month":
        return f"{MONTHS[day.month - 1]} {day.year}"
    return ("week of " if by == "week" else "") + render_date(day.isoformat())


def place_periods(texts: Sequence[object], by: str) -> list[Place]:
    """Return a place for each period, by date; by order where one of them has no date."""
    starts = [read_period(text) for text in texts]
    known = [day.toordinal() for day in starts if day is not None]
    if not known or len(known) < len(starts) or any(a >= b for a, b in zip(known, known[1:], strict=False)):
        return [Place(float(index), 1.0) for index in range(len(starts))]
    usual = DAYS.get(by, 1)
    gaps = [min(b - a, usual) for a, b in zip(known, known[1:], strict=False)]
    return [Place(float(a), float(gap)) for a, gap in zip(known, [*gaps, usual], strict=True)]


def pick_marks(texts: Sequence[object], most: int) -> list[Mark]:
    """Return at most `most` labelled days for an axis that shows these periods in order."""
    days = [read_period(text) for text in texts]
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days) or known != sorted(set(known)):
        return _mark_order(texts, most)
    span = (known[-1] - known[0]).days
    if span <= STEPS_OF_DAYS[-1] * most:
        return _mark_days(known[0], known[-1], most)
    return _mark_months(known[0], known[-1], most)


def _mark_days(first: date, last: date, most: int) -> list[Mark]:
    """Mark every n-th day; from a week on, Mondays."""
    step = next((n for n in STEPS_OF_DAYS if (last - first).days / n < most), STEPS_OF_DAYS[-1])
    day = first + timedelta(days=-first.weekday() % 7) if step >= 7 else first
    marks: list[Mark] = []
    while day <= last:
        marks.append(Mark(day.toordinal(), f"{day.day} {MONTHS[day.month - 1]}", _new_year(marks, day)))
        day += timedelta(days=step)
    return marks


def _mark_months(first: date, last: date, most: int) -> list[Mark]:
    """Mark every n-th month by its first day, counted from January of a round year."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((n for n in STEPS_OF_MONTHS if months / n < most), STEPS_OF_MONTHS[-1])
    marks: list[Mark] = []
    for count in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(count // 12, count % 12 + 1, 1)
        if count % step == 0 and day >= first:
            yearly = step >= 12
            label = str(day.year) if yearly else MONTHS[day.month - 1]
            marks.append(Mark(day.toordinal(), label, "" if yearly else _new_year(marks, day)))
    return marks


def _mark_order(texts: Sequence[object], most: int) -> list[Mark]:
    """Mark every n-th place by its text, for periods that are not dates."""
    step = max(1, -(-len(texts) // max(1, most)))
    return [Mark(index, clean_text(texts[index], 12), "") for index in range(0, len(texts), step)]


def _new_year(marks: Sequence[Mark], day: date) -> str:
    """Return the year where it is the first on the axis or another than before."""
    named = [mark.year for mark in marks if mark.year]
    return "" if named and named[-1] == str(day.year) else str(day.year)
