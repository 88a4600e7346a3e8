"""Scales keep the original, say what it means, and sum up as their publishers do."""

from decimal import Decimal

import pytest

from comity.commitments.aggregates import sum_up, sum_up_years
from comity.commitments.scales import (
    ScaleError,
    convert_reading,
    convert_value,
    find_scale,
    measure_share,
    read_scales,
    restore_value,
)

VALUES = [(scale.id, level.value) for scale in read_scales() for level in scale.levels]


@pytest.mark.parametrize(("scale", "value"), VALUES)
def test_a_converted_value_gives_the_original_back(scale: str, value: str):
    assert restore_value(convert_value(scale, value)) == (scale, value)


@pytest.mark.parametrize(("scale", "value"), VALUES)
def test_a_level_lies_within_its_own_part_of_the_common_measure(scale: str, value: str):
    reading = convert_value(scale, value)
    if reading.fulfilment is None:
        assert reading.low is None and reading.state in ("withdrawn", "unknown")
    else:
        assert 0 <= reading.low <= reading.fulfilment <= reading.high <= 1
        if scale != "kept":
            assert convert_reading(reading, scale).value == value


def test_levels_rise():
    for scale in read_scales():
        points = [level.fulfilment for level in scale.rated]
        assert points == sorted(points)


@pytest.mark.parametrize("text", ["1", "+1", " +1 ", "\N{MINUS SIGN}1", "-1"])
def test_the_same_value_is_understood_however_its_sign_is_written(text: str):
    assert convert_value("g7-g20", text).value in ("+1", "-1")


@pytest.mark.parametrize(
    ("scale", "value"), [("g7-g20", "2"), ("pam", "1.5"), ("ogp", "done"), ("iati-result", "NaN"), ("iati-result", "x")]
)
def test_a_value_of_another_scale_is_refused_and_printed(scale: str, value: str):
    with pytest.raises(ScaleError, match=value):
        convert_value(scale, value, Decimal(0), Decimal(1))


def test_an_unknown_scale_names_the_nearest():
    with pytest.raises(ScaleError, match="pan") as found:
        find_scale("pan")
    assert "'pam'" in found.value.todo


def test_an_actual_is_a_share_of_the_way_and_keeps_what_lies_beyond():
    reading = convert_value("iati-result", "70", Decimal(10), Decimal(50))
    assert (reading.share, reading.fulfilment, reading.state) == (1.5, 1.0, "fulfilled")
    falling = convert_value("iati-result", "30", Decimal(40), Decimal(20))
    assert (falling.share, falling.state) == (0.5, "progress")


def test_without_a_way_to_go_there_is_no_share():
    assert measure_share(Decimal(3), Decimal(5), Decimal(5)) is None
    assert convert_value("iati-result", "3", None, Decimal(5)).fulfilment is None


def test_a_level_that_says_nothing_has_none_on_another_scale():
    with pytest.raises(ScaleError, match="withdrawn"):
        convert_reading(convert_value("ogp", "withdrawn"), "pam")


@pytest.mark.parametrize(
    ("scale", "values", "percent"),
    [
        ("g7-g20", ["+1", "0", "-1"], "50"),
        ("g7-g20", ["+1", "+1", "0", "-1"], "63"),  # 62.5: a half goes up
        ("pam", ["3", "2", "1", "0"], "50"),
        ("ogp", ["complete", "substantial", "withdrawn", "no evidence available"], "50"),
        ("kept", ["done", "late", "broken"], "67"),
    ],
)
def test_an_aggregate_is_that_of_the_published_formula(scale: str, values: list[str], percent: str):
    assert sum_up(scale, values)["percent"] == percent


def test_nothing_judged_has_no_aggregate():
    assert sum_up("ogp", ["withdrawn"])["percent"] is None
    assert sum_up("pam", [])["percent"] is None
    with pytest.raises(ScaleError):
        sum_up("iati-result", ["1"])


def test_years_are_summed_up_one_by_one():
    assert sum_up_years({"2": ["3", "3", "2"], "1": ["1", "0", "0"]}) == {"1": "11.11", "2": "88.89"}
