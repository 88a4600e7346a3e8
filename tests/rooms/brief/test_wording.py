"""Numbers, dates and missing values are written in one way."""

from __future__ import annotations

import pytest

from comity.brief.timeline import pick_marks, place_periods, render_period
from comity.brief.wording import (
    clean_text,
    describe_index,
    render_chance,
    render_count,
    render_date,
    render_interval,
    render_moment,
    render_quantity,
    render_score,
    render_share,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.84, "+1.8"), (-1.84, "\u22121.8"), (0.0, "0.0"), (-0.04, "0.0"), (0.04, "0.0"), (10, "+10.0"), (None, "n/a")],
)
def test_a_score_has_its_sign_and_one_decimal(value: float | None, text: str):
    assert render_score(value) == text


def test_no_number_has_a_hyphen_for_a_minus():
    texts = (render_score(-1.0), render_count(-1200), render_interval(-2, -1), render_quantity(-3.5, "points")[0])
    assert not any("-" in text for text in texts)


def test_an_interval_with_one_end_is_no_interval():
    assert render_interval(None, 1.0) == "n/a"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "USD", ("not known", "USD")),
        (0, "USD", ("0", "USD")),
        (4_456_000, "thousand USD", ("4.456 billion", "USD")),
        (3_051_831_611_384.76, "USD", ("3.052 trillion", "USD")),
        (68_170_228, "persons", ("68.17 million", "persons")),
        (439.61, "km", ("439.6", "km")),
        (12_345, "persons", ("12,345", "persons")),
        (0.000123, "share", ("0.000123", "share")),
        (0.0, "points", ("0", "points")),
        (True, "", ("yes", "")),
        (False, "", ("no", "")),
        ("visa free", "", ("visa free", "")),
        (1990, "year", ("1990", "year")),
        (1e-9, "points", ("0", "points")),
    ],
)
def test_a_figure_is_written_as_a_reader_says_it(value: object, unit: str, shown: tuple[str, str]):
    assert render_quantity(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not known"),
        (0, "0\u00a0%"),
        (0.4, "40\u00a0%"),
        (1, "100\u00a0%"),
        (0.00123, "0.12\u00a0%"),
        (1e-9, "0.0000\u00a0%"),
    ],
)
def test_a_share_is_a_percentage(value: float | None, text: str):
    assert render_share(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "over 99\u00a0%"), (0.0, "under 1\u00a0%"), (0.5, "50\u00a0%"), (None, "not known")]
)
def test_a_probability_is_never_certain(value: float | None, text: str):
    assert render_chance(value) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025-06-07T00:15:00+00:00", "7 Jun 2025, 00:15 UTC"),
        ("2025-06-07T02:15:00+02:00", "7 Jun 2025, 00:15 UTC"),
        ("2025-06-07T00:15:00", "7 Jun 2025, 00:15"),
        ("2025-06-07", "7 Jun 2025"),
        ("some day", "some day"),
        (None, ""),
    ],
)
def test_a_time_is_written_in_utc(text: str | None, shown: str):
    assert render_moment(text) == shown


def test_a_text_that_is_no_date_stays_as_it_is():
    assert render_date("2025-13-45") == "2025-13-45"


@pytest.mark.parametrize(
    ("text", "by", "shown"),
    [
        ("2025-05-19", "day", "19 May 2025"),
        ("2025-05-19", "week", "week of 19 May 2025"),
        ("2025-W21", "week", "week of 19 May 2025"),
        ("2025-W99", "week", "2025-W99"),
        ("2025-05-01", "month", "May 2025"),
        ("2025-05", "month", "May 2025"),
        ("2025-99", "month", "2025-99"),
        ("soon", "day", "soon"),
    ],
)
def test_a_period_has_a_name(text: str, by: str, shown: str):
    assert render_period(text, by) == shown


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        ((2.0, 0.5, 3.4), "Moderately friendly: the whole interval lies above zero"),
        ((-0.6, -1.0, -0.1), "Slightly unfriendly: the whole interval lies below zero"),
        ((-4.0, -5.0, -3.0), "Clearly unfriendly: the whole interval lies below zero"),
        ((7.0, 6.0, 8.0), "Strongly friendly: the whole interval lies above zero"),
        ((2.0, -0.5, 4.4), "Leans friendly, but not clearly: the interval includes zero"),
        ((-2.0, -4.5, 0.0), "Leans unfriendly, but not clearly: the interval includes zero"),
        ((0.1, -0.5, 0.7), "Close to zero: the interval includes zero"),
        ((None, None, None), "No estimate for this period"),
    ],
)
def test_a_side_is_named_only_when_the_interval_lies_on_it(estimate: tuple[float | None, ...], words: str):
    assert describe_index(*estimate) == words


def test_a_very_long_text_says_how_much_is_left_out():
    assert clean_text("x" * 1300).endswith("\u2026 (100 more characters)")


def test_periods_stand_where_their_dates_are():
    places = place_periods(["2025-05-01", "2025-05-02", "2025-05-05"], "day")
    assert [place.start - places[0].start for place in places] == [0, 1, 4]
    assert [place.days for place in places] == [1, 1, 1]


def test_periods_without_dates_stand_in_their_order():
    assert [place.start for place in place_periods(["b", "a", "c"], "day")] == [0, 1, 2]


@pytest.mark.parametrize("days", [1, 2, 7, 23, 62, 200, 900, 5000])
def test_an_axis_is_labelled_sparsely_and_with_its_year(days: int):
    from datetime import date, timedelta

    texts = [(date(2015, 11, 3) + timedelta(days=n)).isoformat() for n in range(days)]
    marks = pick_marks(texts, 8)
    assert 1 <= len(marks) <= 9
    assert any(mark.year or mark.label.startswith("20") for mark in marks)
