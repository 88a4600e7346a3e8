"""Events of a period as one friendly or unfriendly act."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.reciprocity.acts import Acts
from comity.reciprocity.coding import Coding, code_acts
from comity.reciprocity.errors import ReciprocityError

FIRST = date(2025, 1, 6)  # a Monday


def lay_acts(events: list[tuple[int, int, float]], days: int = 21, covered=None, neutral=(0.0, 0.0)) -> Acts:
    """Give acts from (day, sender, score)."""
    day, sender, score = (np.array(column) for column in zip(*events, strict=True)) if events else ([], [], [])
    seen = np.ones(days, dtype=bool) if covered is None else np.array(covered)
    return Acts(
        ("AAA", "BBB"), FIRST, seen, np.array(day, dtype=np.int64), np.array(sender, dtype=np.int64),
        np.array(score, dtype=float), np.array([""] * len(events)), neutral,
    )  # fmt: skip


def start_week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def test_a_week_has_the_sign_of_its_sum_or_of_its_strongest_act():
    acts = lay_acts([(0, 0, 3.0), (1, 0, 3.0), (2, 0, -5.0), (8, 1, -1.0)])
    assert code_acts(acts, start_week).acts.tolist() == [[0, -1], [-1, 1], [-1, -1]]
    assert code_acts(acts, start_week, Coding("strongest")).acts.tolist() == [[1, -1], [-1, 1], [-1, -1]]


def test_neutral_scores_and_scores_that_are_not_known_say_nothing():
    acts = lay_acts([(0, 0, 0.5), (0, 1, float("nan")), (1, 0, -2.0)], days=2, neutral=(-1.0, 1.0))
    coded = code_acts(acts, lambda day: day)
    assert coded.acts.tolist() == [[-1, -1], [1, -1]]
    assert coded.events.tolist() == [[1, 1], [1, 0]]


def test_equals_of_both_signs_say_nothing():
    for order in ([(0, 0, 4.0), (0, 0, -4.0)], [(0, 0, -4.0), (0, 0, 4.0)]):
        assert code_acts(lay_acts(order, 1), lambda day: day).acts.tolist() == [[-1, -1]]
        assert code_acts(lay_acts(order, 1), lambda day: day, Coding("strongest")).acts.tolist() == [[-1, -1]]


def test_quiet_can_be_an_act_but_a_gap_never_is():
    acts = lay_acts([(0, 0, -4.0)], 3, covered=[True, True, False])
    assert code_acts(acts, lambda day: day, Coding(quiet="friendly")).acts.tolist() == [[1, 0], [0, 0], [-1, -1]]
    assert code_acts(acts, lambda day: day, Coding(quiet="unfriendly")).acts.tolist() == [[1, 1], [1, 1], [-1, -1]]


def test_periods_without_an_act_are_dropped():
    kept = code_acts(lay_acts([(1, 1, 2.0)], 3), lambda day: day).drop_empty()
    assert kept.acts.tolist() == [[-1, 0]] and kept.starts == (FIRST + timedelta(days=1),)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1), st.floats(-10, 10)), min_size=1, max_size=20),
    st.sampled_from(["net", "strongest"]),
)
def test_swapping_the_parties_swaps_the_columns(events, rule):
    acts = lay_acts(events)
    here, there = (code_acts(one, start_week, Coding(rule)) for one in (acts, acts.swap()))
    assert np.array_equal(here.acts, there.acts[:, ::-1]) and np.array_equal(here.events, there.events[:, ::-1])


@pytest.mark.parametrize("words", [{"rule": "mean"}, {"quiet": "zero"}])
def test_unknown_words_are_refused(words):
    with pytest.raises(ReciprocityError, match=next(iter(words.values()))):
        Coding(**words)
