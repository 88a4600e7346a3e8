"""Answers to gestures, beside what would have happened anyway."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.eventtime import (
    Gesture,
    count_wait,
    follow_risk,
    identify_answers,
    lay_risk,
    match_days,
    weigh_median,
)

SOON = Gesture("friendly", window=5)


def test_waits_are_counted_from_the_day_after_and_censored_at_gaps_and_at_the_end():
    acted = np.array([1, 0, 0, 1, 0, 0], dtype=bool)
    covered = np.array([1, 1, 1, 1, 0, 1], dtype=bool)
    wait, seen = count_wait(acted, covered)
    assert wait[:3].tolist() == [3, 2, 1]
    assert (wait[3:] > 6).all()
    assert seen.tolist() == [3, 2, 1, 0, 1, 0]


def test_the_chance_is_that_of_kaplan_and_meier():
    # Ten waits, answered or censored (+): 1 1+ 2 3 3 4+ 5 5+ 6 7+, by hand.
    wait = np.array([1, 99, 2, 3, 3, 99, 5, 99, 6, 99])
    seen = np.array([7, 1, 7, 7, 7, 4, 7, 5, 7, 7])
    found = follow_risk(lay_risk(wait, seen, 7), np.ones((1, 10)))[0]
    lasting = np.array([9 / 10, 9 / 10 * 7 / 8, 0, 0, 0, 0, 0])
    lasting[2] = lasting[3] = lasting[1] * 5 / 7
    lasting[4] = lasting[3] * 3 / 4
    lasting[5] = lasting[6] = lasting[4] * 1 / 2
    np.testing.assert_allclose(found, 1 - lasting)


def test_where_nobody_is_waited_for_any_longer_the_chance_is_not_known():
    found = follow_risk(lay_risk(np.array([99, 99]), np.array([2, 2]), 4), np.ones((1, 2)))[0]
    assert found[:2].tolist() == [0.0, 0.0]
    assert np.isnan(found[2:]).all()


def test_once_all_have_answered_the_chance_stays_one():
    found = follow_risk(lay_risk(np.array([1, 2]), np.array([3, 3]), 4), np.ones((1, 2)))[0]
    assert found.tolist() == [0.5, 1.0, 1.0, 1.0]


def test_matched_days_are_free_and_of_the_same_weekday_within_twelve_weeks():
    free = np.ones(400, dtype=bool)
    free[193] = False
    (near,) = match_days(np.array([200]), free)
    assert ((near - 200) % 7 == 0).all()
    assert near.min() == 116 and near.max() == 284
    assert 193 not in near


def test_an_answer_is_found_with_its_delay_and_beside_the_routine(courses):
    several = [identify_answers(courses.make_acts(2000, seed, answer=0.6), SOON) for seed in range(8)]
    # Unanswered (0.4), no act by routine, and none in answer to another gesture of those days.
    expected = 1 - 0.4 * (0.95 * (1 - 0.08 * 0.6)) ** 5
    assert np.mean([one.rates[0].after.value for one in several]) == pytest.approx(expected, abs=0.03)
    for found in several:
        kind = found.rates[0]
        assert kind.difference.low > 0.25
        assert kind.after.low <= kind.after.value <= kind.after.high
        assert found.wait.median.value == 2.0
        assert found.proportion.value == pytest.approx(0.5)


def test_where_there_is_only_routine_the_difference_is_about_none(courses):
    holds = []
    for seed in range(40):
        difference = identify_answers(courses.make_acts(1000, seed, answer=0.0), SOON).rates[0].difference
        holds.append(difference.low <= 0.0 <= difference.high)
    assert 0.8 <= np.mean(holds) <= 1.0


def test_types_say_what_the_answer_was(courses):
    rows = [(day, 0, 4.0, "CONSULT") for day in range(10, 900, 20)]
    rows += [(day + 1, 1, -6.0, "COERCE") for day in range(10, 900, 20)]
    found = identify_answers(courses.lay_acts(950, rows), SOON)
    assert [rate.name for rate in found.types] == ["COERCE"]
    assert found.types[0].after.value == 1.0
    assert [round(rate.after.value, 6) for rate in found.rates] == [0.0, 1.0, 1.0]
    assert np.isnan(found.proportion.value)


def test_answers_before_a_gap_count_and_waits_that_a_gap_ends_do_not(courses):
    rows = [(day, 0, 4.0, "CONSULT") for day in range(0, 400, 10)]
    rows += [(day + 1, 1, 2.0, "AGREE") for day in range(0, 400, 20)]
    some, every = np.ones((2, 400), dtype=bool)
    some[12::40] = every[12::20] = False
    # Every second gesture is answered after a day. Of the others, some or all are lost from sight after a day.
    found = identify_answers(courses.lay_acts(400, rows, some), SOON)
    assert found.rates[0].after.value == pytest.approx(0.5)
    found = identify_answers(courses.lay_acts(400, rows, every), SOON)
    assert found.wait.after[0][0] == pytest.approx(0.5)
    assert np.isnan(found.rates[0].after.value)


def test_levels_split_the_gestures(courses):
    rows = [(day, 0, (1.0, 3.0, 8.0)[day % 3], "CONSULT") for day in range(0, 600, 4)]
    acts = courses.lay_acts(650, [*rows, (3, 1, 2.0, "AGREE")])
    parts = [identify_answers(acts, Gesture("friendly", level, 5)).gestures for level in (1, 2, 3)]
    assert sum(parts) == identify_answers(acts, SOON).gestures == 150


def test_renaming_and_another_calendar_change_nothing_else(courses):
    one = courses.make_acts(700, 3, answer=0.5)
    other = courses.lay_acts(
        700, list(zip(one.day, one.sender, one.score, one.type, strict=True)), parties=("YYY", "XXX")
    )
    assert repr(identify_answers(one, SOON, 4)) == repr(identify_answers(other, SOON, 4))


def test_the_sign_of_all_scores_turned_turns_friendly_into_unfriendly(courses):
    one = courses.make_acts(700, 3, answer=0.5)
    other = courses.lay_acts(700, list(zip(one.day, one.sender, -one.score, one.type, strict=True)))
    here, there = identify_answers(one, SOON), identify_answers(other, Gesture("unfriendly", window=5))
    assert here.rates == there.rates


def test_the_same_seed_gives_the_same_figures_and_another_seed_other_intervals(courses):
    acts = courses.make_acts(700, 5, answer=0.5)
    one, two, three = (identify_answers(acts, SOON, seed) for seed in (1, 1, 2))
    assert repr(one) == repr(two)
    assert one.rates[0].after.value == three.rates[0].after.value
    assert one.rates[0].after.low != three.rates[0].after.low


def test_what_comes_later_does_not_change_what_a_wait_within_the_window_says(courses):
    acts = courses.make_acts(700, 6, answer=0.5)
    early = acts.day < 300
    cut = courses.lay_acts(
        300, list(zip(acts.day[early], acts.sender[early], acts.score[early], acts.type[early], strict=True))
    )
    wait, _ = count_wait(np.isin(np.arange(700), acts.day[acts.sender == 1]), acts.covered)
    short, _ = count_wait(np.isin(np.arange(300), cut.day[cut.sender == 1]), cut.covered)
    np.testing.assert_array_equal(wait[:290][short[:290] < 10], short[:290][short[:290] < 10])


@pytest.mark.parametrize("rows", [[], [(5, 0, 4.0, "CONSULT")], [(5, 0, float("nan"), "CONSULT")]])
def test_no_event_one_event_and_no_score_say_too_little(courses, rows):
    with pytest.raises(TooLittle, match="gestures"):
        identify_answers(courses.lay_acts(200, rows), SOON)


def test_a_gesture_on_every_day_leaves_nothing_to_compare_with(courses):
    with pytest.raises(TooLittle):
        identify_answers(courses.lay_acts(200, [(day, 0, 1.0, "CONSULT") for day in range(200)]), SOON)


def test_a_side_that_never_acts_is_said_not_to_answer(courses):
    rows = [(day, 0, 4.0, "CONSULT") for day in range(0, 300, 9)]
    found = identify_answers(courses.lay_acts(320, rows), SOON)
    assert found.types == ()
    assert found.rates[2].after.value == found.rates[2].base.value == 0.0


@pytest.mark.parametrize("window", [0, -1, 200, 500])
def test_a_window_that_makes_no_sense_is_refused(courses, window):
    with pytest.raises(ReciprocityError, match="window"):
        identify_answers(courses.lay_acts(200, []), Gesture("friendly", window=window))


def test_the_weighted_median_is_that_of_the_repeated_values():
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([[1.0, 1.0, 3.0], [5.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    found = weigh_median(values, weights)
    assert found[:2].tolist() == [2.0, 3.0]
    assert np.isnan(found[2])
