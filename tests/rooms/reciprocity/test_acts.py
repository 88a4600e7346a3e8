"""The acts of a pair, read from the event table."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from comity.reciprocity.acts import find_level, find_strongest, read_acts
from comity.reciprocity.errors import ReciprocityError, TooLittle

FIRST = date(2001, 1, 1)


@pytest.fixture
def table() -> dict[str, list]:
    return {
        "date": [FIRST, FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=2), FIRST + timedelta(days=9)],
        "sender": ["AAA", "AAA", "BBB", "CCC", "BBB"],
        "receiver": ["BBB", "BBB", "AAA", "AAA", "AAA"],
        "type": ["CONSULT", "COERCE", "AGREE", "AGREE", None],
        "score": [3.0, -5.0, 6.0, 1.0, None],
    }


def calendar(days: int, gap: int | None = None) -> list[tuple[date, bool]]:
    return [(FIRST + timedelta(days=n), n != gap) for n in range(days)]


def test_events_of_the_pair_within_the_span_are_taken(table):
    acts = read_acts(table, ("AAA", "BBB"), calendar(5))
    assert acts.day.tolist() == [0, 0, 1]
    assert acts.sender.tolist() == [0, 0, 1]
    assert acts.type.tolist() == ["CONSULT", "COERCE", "AGREE"]


def test_an_arrow_table_gives_the_same_as_columns(table):
    here, there = (read_acts(one, ("AAA", "BBB"), calendar(12)) for one in (table, pa.table(table)))
    np.testing.assert_array_equal(here.score, there.score)
    assert np.isnan(here.score[-1])


def test_acts_of_a_day_that_is_not_covered_are_left_out(table):
    assert read_acts(table, ("AAA", "BBB"), calendar(5, gap=1)).day.tolist() == [0, 0]


def test_naming_the_parties_in_the_other_order_swaps_the_acts(table):
    here, there = read_acts(table, ("AAA", "BBB"), calendar(5)).swap(), read_acts(table, ("BBB", "AAA"), calendar(5))
    assert here.parties == there.parties
    np.testing.assert_array_equal(here.sender, there.sender)


def test_the_strongest_act_of_a_day_counts_on_its_side(table):
    acts = read_acts(table, ("AAA", "BBB"), calendar(3))
    assert find_strongest(acts, 0, "friendly").tolist() == [3.0, 0.0, 0.0]
    assert find_strongest(acts, 0, "unfriendly").tolist() == [5.0, 0.0, 0.0]
    assert find_strongest(acts, 1, "friendly").tolist() == [0.0, 6.0, 0.0]


def test_neutral_scores_are_on_neither_side(table):
    table["score"] = [3.0, -0.5, 0.5, 0.0, None]
    acts = read_acts(table, ("AAA", "BBB"), calendar(3), (-0.5, 0.5))
    assert find_strongest(acts, 0, "friendly").tolist() == [3.0, 0.0, 0.0]
    assert find_strongest(acts, 0, "unfriendly").tolist() == [0.0, 0.0, 0.0]
    assert find_strongest(acts, 1, "friendly").tolist() == [0.0, 0.0, 0.0]


def test_levels_split_the_days_with_an_act_and_leave_none_out():
    strongest = np.array([0.0, 0.5, 2.0, 2.1, 5.0, 9.0])
    levels = np.stack([find_level(strongest, level) for level in (1, 2, 3)])
    np.testing.assert_array_equal(levels.sum(0), [0, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(levels.any(0), find_level(strongest, None))


def test_a_column_that_is_missing_is_named(table):
    del table["score"]
    with pytest.raises(ReciprocityError, match="score"):
        read_acts(table, ("AAA", "BBB"), calendar(5))


@pytest.mark.parametrize("days", [[(FIRST, True), (FIRST, True)], [(FIRST, True), (FIRST + timedelta(days=2), True)]])
def test_days_that_do_not_follow_each_other_are_refused(table, days):
    with pytest.raises(ReciprocityError, match="day 1"):
        read_acts(table, ("AAA", "BBB"), days)


def test_no_day_and_no_second_party_are_refused(table):
    with pytest.raises(TooLittle):
        read_acts(table, ("AAA", "BBB"), [])
    with pytest.raises(ReciprocityError, match="both parties"):
        read_acts(table, ("AAA", "AAA"), calendar(5))


@pytest.mark.parametrize(("side", "level"), [("warm", None), ("friendly", 4)])
def test_a_side_or_level_that_does_not_exist_is_refused(table, side, level):
    acts = read_acts(table, ("AAA", "BBB"), calendar(5))
    with pytest.raises(ReciprocityError, match="there is no"):
        find_level(find_strongest(acts, 0, side), level)
