"""When an event was: dates that can be, and dates that a reader of news got wrong.

GDELT turns "a month ago", "last year" and "a decade ago" into a date exactly that far before the day on which
the report was added, where most such reports speak of the day itself. Such rows are 1 to 2 % of all; they are
recognised and set aside. GDELT counts 30, 365 and 3,650 days; the calendar's month, year and ten years are
recognised as well.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

EARLIEST = date(1900, 1, 1)
MISDATED_DAYS = {30: "misdated_month", 365: "misdated_year", 3650: "misdated_decade"}
MISDATED_MONTHS = {1: "misdated_month", 12: "misdated_year", 120: "misdated_decade"}


def read_day(text: str) -> date | None:
    """Return the day that `YYYYMMDD` or `YYYY-MM-DD` names, or None where it names none."""
    plain = text[:4] + text[5:7] + text[8:] if text[4:8:3] == "--" and len(text) == 10 else text
    if len(plain) != 8 or not plain.isascii() or not plain.isdigit():
        return None
    try:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    except ValueError:
        return None


def read_added(text: str) -> datetime | None:
    """Return the time that `YYYYMMDD` or `YYYYMMDDHHMMSS` names [UTC], or None where it names none."""
    day = read_day(text[:8])
    if day is None or len(text) not in (8, 14) or not text.isascii() or not text.isdigit():
        return None
    try:
        clock = (int(text[8:10]), int(text[10:12]), int(text[12:14])) if len(text) == 14 else (0, 0, 0)
        return datetime(day.year, day.month, day.day, *clock, tzinfo=UTC)
    except ValueError:
        return None


def _go_back(day: date, months: int) -> date:
    """Return the same day of an earlier month, the month's last day where it is shorter."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@lru_cache(1 << 16)
def judge_days(event_day: str, added: str) -> tuple[date | None, datetime | None, str]:
    """Judge the day of an event beside the time at which it was added.

    Parameters
    ----------
    event_day : str
        `YYYYMMDD` or `YYYY-MM-DD`.
    added : str
        `YYYYMMDD` or `YYYYMMDDHHMMSS`; empty where the source has no such time.

    Returns
    -------
    day : date or None
    added : datetime or None
        UTC.
    reason : str
        `bad_date`, `bad_date_added`, `future_date`, `misdated_month`, `misdated_year`,
        `misdated_decade`, or empty where nothing speaks against the row.
    """
    day = read_day(event_day)
    if day is None or day < EARLIEST:
        return None, None, "bad_date"
    if not added:
        return day, None, ""
    time = read_added(added)
    if time is None:
        return day, None, "bad_date_added"
    if day > time.date():
        return day, time, "future_date"
    reason = MISDATED_DAYS.get((time.date() - day).days, "")
    for months, name in MISDATED_MONTHS.items():
        if day == _go_back(time.date(), months):
            reason = name
    return day, time, reason
