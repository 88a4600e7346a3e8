"""Which days can be, and which a reader of news got wrong by a month, a year or ten years."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.day_rule import judge_days, read_added, read_day

WRONG = ("misdated_month", "misdated_year", "misdated_decade")


def judge(day: date | str, added: date | str) -> str:
    said = [value if isinstance(value, str) else f"{value:%Y%m%d}" for value in (day, added)]
    return judge_days(said[0], said[1])[2]


@pytest.mark.parametrize(
    ("day", "added", "reason"),
    [
        ("20250616", "20250616", ""),
        ("20250615", "20250616", ""),
        ("20250609", "20250616", ""),
        ("20250517", "20250616", "misdated_month"),  # 30 days
        ("20250516", "20250616", "misdated_month"),  # the calendar's month
        ("20250515", "20250616", ""),
        ("20250518", "20250616", ""),
        ("20250531", "20250630", "misdated_month"),
        ("20250530", "20250630", "misdated_month"),
        ("20250529", "20250630", ""),
        ("20250430", "20250530", "misdated_month"),  # 30 days and the calendar's month at once
        ("20250430", "20250531", "misdated_month"),  # April has no 31st
        ("20250501", "20250531", "misdated_month"),  # 30 days
        ("20250228", "20250331", "misdated_month"),
        ("20250301", "20250331", "misdated_month"),
        ("20250227", "20250331", ""),
        ("20240229", "20240331", "misdated_month"),
        ("20240228", "20240331", ""),
        ("20241231", "20250131", "misdated_month"),
        ("20250101", "20250131", "misdated_month"),
        ("20240616", "20250616", "misdated_year"),  # 365 days and the calendar's year at once
        ("20240615", "20250616", ""),
        ("20240617", "20250616", ""),
        ("20240301", "20250228", ""),  # 364 days
        ("20240229", "20250228", "misdated_year"),  # 365 days
        ("20240228", "20250228", "misdated_year"),  # the calendar's year, 366 days
        ("20230228", "20240229", "misdated_year"),  # the calendar's year of a leap day, 366 days
        ("20230301", "20240229", "misdated_year"),  # 365 days
        ("20150616", "20250616", "misdated_decade"),  # the calendar's ten years, 3,653 days
        ("20150619", "20250616", "misdated_decade"),  # 3,650 days
        ("20150617", "20250616", ""),
        ("20150618", "20250616", ""),
        ("20150620", "20250616", ""),
        ("20140228", "20240229", "misdated_decade"),
        ("20250617", "20250616", "future_date"),
        ("20260616", "20250616", "future_date"),
        ("99991231", "20250616", "future_date"),
        ("19001231", "20250616", ""),
    ],
)
def test_a_day_is_judged_by_its_distance(day: str, added: str, reason: str) -> None:
    assert judge(day, added) == reason
    assert judge(day, added + "134500") == reason


@pytest.mark.parametrize(
    "day",
    [
        "", "0", "00000000", "0000-00-00", "20261332", "20250229", "20250631", "18991231", "2025", "202505", "2025051",
        "202505155", "-2025051", "2025-5-15", "15.05.2025", "2025/05/15", "2025-05-1\u0661", "\uff12\uff10250515",
        " 2025051", "2025051 ", "2025 515", "+2025051", "1e7", "NaN", "inf", "\0", "2025-0515", "20-25-0515",
        "2025-05-15T00:00", "\ufffd", "9" * 50,
    ],
)  # fmt: skip
def test_an_absurd_day_is_none(day: str) -> None:
    assert judge_days(day, "20250616120000") == (None, None, "bad_date")


@pytest.mark.parametrize(
    "added", ["0", "2025", "20250229", "20251332000000", "20250515246000", "2025051512", "x", "20250515 12000"]
)
def test_an_absurd_time_of_adding_sets_the_row_aside(added: str) -> None:
    assert judge_days("20250515", added) == (date(2025, 5, 15), None, "bad_date_added")


def test_without_a_time_of_adding_no_day_is_misdated() -> None:
    assert judge_days("2015-06-16", "") == (date(2015, 6, 16), None, "")


def test_the_time_of_adding_is_utc_and_a_day_is_its_begin() -> None:
    assert read_added("20250515134501") == datetime(2025, 5, 15, 13, 45, 1, tzinfo=UTC)
    assert read_added("20250515") == datetime(2025, 5, 15, tzinfo=UTC)


def test_a_leap_day_is_a_day_in_leap_years_only() -> None:
    assert read_day("20240229") == date(2024, 2, 29)
    assert read_day("20230229") is read_day("19000229") is None


def go_back(day: date, months: int) -> date:
    """The same day of an earlier month, or the month's last one, worked out month by month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@given(st.dates(date(1979, 1, 1), date(2100, 12, 31)))
def test_the_three_distances_are_recognised_on_every_day_and_no_other_is(added: date) -> None:
    wrong = {
        **{added - timedelta(days=days): name for days, name in zip((30, 365, 3650), WRONG, strict=True)},
        **{go_back(added, months): name for months, name in zip((1, 12, 120), WRONG, strict=True)},
    }
    for distance in (*range(60), *range(360, 370), *range(3645, 3660)):
        day = added - timedelta(days=distance)
        assert judge(day, added) == wrong.get(day, "")


@given(st.text(max_size=12), st.text(max_size=16))
def test_any_two_texts_are_judged(day: str, added: str) -> None:
    found, time, reason = judge_days(day, added)
    assert (found is None) == (reason == "bad_date")
    assert reason in ("", "bad_date", "bad_date_added", "future_date", *WRONG)
    assert time is None or time.tzinfo is UTC
