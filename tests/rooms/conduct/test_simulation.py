"""The simulation beside what can be said without it: branching, rests, deadlines, misperception."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.rooms.conduct.worlds import CLEAR, HOSTILE, KIND, LONG, middle_scores, plan, repertoire, run, side

from comity.conduct.outlook import Gauge, count_spirals
from comity.conduct.parameters import Noise
from comity.conduct.repertoire import share_answers, tabulate_noise
from comity.conduct.simulation import NOW, NOW_SHOCKED, RULES, RULES_SHOCKED
from comity.reciprocity.exchange import MARKS, measure_branching, sum_waits

GAUGE = Gauge({"unfriendly": 3.0, "friendly": 3.0}, 3, 4, 20, 0.9)
ALWAYS = 60.0


def unfriendly(weeks: np.ndarray) -> np.ndarray:
    """Give the unfriendly points of both sides, week by week."""
    return weeks[:, :, 1] + weeks[:, :, 3]


def test_without_rules_both_courses_are_the_same() -> None:
    weeks, _ = run((side({KIND: 0.2, HOSTILE: 0.05}, {(HOSTILE, HOSTILE): 0.4}), side({KIND: 0.2, HOSTILE: 0.05})))
    np.testing.assert_array_equal(weeks[RULES], weeks[NOW])
    np.testing.assert_array_equal(weeks[RULES_SHOCKED], weeks[NOW_SHOCKED])


def test_the_course_as_now_does_not_hang_on_the_rules_nor_on_the_shock() -> None:
    sides = (side({KIND: 0.2, HOSTILE: 0.05}), side({HOSTILE: 0.1}, {(HOSTILE, HOSTILE): 0.5}))
    plain, _ = run(sides)
    ruled, _ = run((replace(sides[0], plans=(plan(HOSTILE, HOSTILE),)), sides[1]), shock=KIND, shocker=0)
    np.testing.assert_array_equal(plain[NOW], ruled[NOW])


@pytest.mark.parametrize(("one", "other"), [(0.5, 0.6), (0.9, 0.2)])
def test_a_shock_sets_off_as_many_gestures_as_the_branching_process_says(one: float, other: float) -> None:
    sides = (
        side({}, {(HOSTILE, HOSTILE): one}, wait=LONG, draws=150),
        side({}, {(HOSTILE, HOSTILE): other}, wait=LONG, draws=150),
    )
    weeks, simulation = run(sides, days=980, copies=5)
    set_off = (unfriendly(weeks)[NOW_SHOCKED].sum(0) - simulation.added.ravel()) / abs(middle_scores()[HOSTILE])
    truth = (one + one * other) / (1 - one * other)  # one answers first, then the other, and so on
    assert set_off.mean() == pytest.approx(truth, abs=4 * set_off.std() / np.sqrt(len(set_off)) + 0.02 * truth)
    assert np.isfinite(weeks).all()


@pytest.mark.parametrize(("answer", "dies"), [(0.4, True), (2.5, False)])
def test_a_disturbance_dies_out_or_feeds_itself_as_the_branching_says(answer: float, dies: bool) -> None:
    one, other = (side({}, {(HOSTILE, HOSTILE): answer}, wait=LONG) for _ in range(2))
    sides = (one, other)
    radius = measure_branching(*(sum_waits(one.rates.answers) for one in sides))
    assert (radius < 1).all() == dies
    weeks, _ = run(sides, days=560)
    late = (unfriendly(weeks)[NOW_SHOCKED, -10:].sum(0) > 0).mean()
    spirals = (count_spirals(weeks[NOW_SHOCKED], "unfriendly", GAUGE)[-1] > 0).mean()
    assert (late < 0.05 and spirals < 0.05) if dies else (late > 0.6 and spirals > 0.6)


def test_the_branching_of_rules_tells_which_rules_feed_a_quarrel() -> None:
    partner, spirals, radius = side({HOSTILE: 0.02}, {(HOSTILE, HOSTILE): 1.6}, draws=100), [], []
    for rules in ((plan(HOSTILE, KIND),), (plan(HOSTILE, HOSTILE),)):
        state = side({HOSTILE: 0.02}, plans=rules, draws=100)
        covered, answers = share_answers(rules, repertoire(), 0.0)
        heard, own = sum_waits(state.rates.answers)
        radius.append(measure_branching((heard * (1 - covered) + answers, own), sum_waits(partner.rates.answers)).max())
        weeks, _ = run((state, partner), days=364)
        spirals.append((count_spirals(weeks[RULES], "unfriendly", GAUGE)[-1] > 0).mean())
    assert radius[0] < 1 < radius[1]
    assert spirals[1] > spirals[0] + 0.3


@pytest.mark.parametrize("sends", [HOSTILE - 1, HOSTILE, HOSTILE + 1])
def test_unfriendly_answers_never_mean_fewer_unfriendly_acts_or_spirals_than_friendly_ones(sends: int) -> None:
    partner = side({HOSTILE: 0.06}, {(HOSTILE, mark): 0.3 for mark in range(3, 6)})
    state = side({HOSTILE: 0.03}, {(HOSTILE, HOSTILE): 0.2})
    mild, _ = run((replace(state, plans=(plan(HOSTILE, KIND),)), partner))
    harsh, _ = run((replace(state, plans=(plan(HOSTILE, sends),)), partner))
    assert (unfriendly(harsh)[RULES] >= unfriendly(mild)[RULES] - 1e-6).all()  # in every week of every future
    assert unfriendly(harsh)[RULES].sum() > unfriendly(mild)[RULES].sum()
    counted = [(count_spirals(weeks[RULES], "unfriendly", GAUGE)[-1] > 0).mean() for weeks in (mild, harsh)]
    assert counted[1] >= counted[0]


@pytest.mark.parametrize("deadline", [1, 4, 13])
def test_a_rule_answers_once_and_rests_until_its_deadline(deadline: int) -> None:
    weeks, _ = run((side({}, plans=(plan(HOSTILE, KIND, deadline),)), side({HOSTILE: ALWAYS})), days=364)
    triggers = range(0, 364, deadline + 1)
    answers = weeks[RULES, :, 0].sum(0) / middle_scores()[KIND]
    assert ((answers >= len(triggers) - 1) & (answers <= len(triggers))).all()
    assert not weeks[NOW, :, 0].any()


def test_a_rule_that_asks_for_more_events_waits_for_them() -> None:
    asked = plan(HOSTILE, KIND, 1, events=3, window=10)
    weeks, _ = run((side({}, plans=(asked,)), side({HOSTILE: ALWAYS})), days=364)
    answers = weeks[RULES, :, 0].sum(0) / middle_scores()[KIND]
    assert (np.abs(answers - 364 / 4) <= 1).all()  # three days to count, one day of rest
    narrow = plan(HOSTILE, KIND, 1, events=3, window=2)
    weeks, _ = run((side({}, plans=(narrow,)), side({HOSTILE: ALWAYS})))
    assert not weeks[RULES, :, 0].any()


def test_what_a_rule_covers_the_rule_alone_answers() -> None:
    fitted = side({}, {(HOSTILE, HOSTILE): 0.9})
    partner = side({HOSTILE: 0.3})
    weeks, _ = run((replace(fitted, plans=(plan(HOSTILE, KIND),)), partner))
    assert weeks[NOW, :, 1].sum() > 0 and not weeks[RULES, :, 1].any()
    weeks, _ = run((replace(fitted, plans=(plan(KIND, KIND),)), partner))
    np.testing.assert_array_equal(weeks[RULES], weeks[NOW])


def test_an_answer_that_is_made_anyway_is_not_made_twice() -> None:
    permits = repertoire().mark == KIND
    state = side({KIND: ALWAYS}, plans=(plan(HOSTILE, HOSTILE - 1, permits=permits),))
    weeks, _ = run((state, side({HOSTILE: 0.3})))
    np.testing.assert_array_equal(weeks[RULES], weeks[NOW])


def test_an_owner_who_is_always_late_and_an_eye_that_sees_nothing_answer_nothing() -> None:
    sides = (side({}, plans=(plan(HOSTILE, KIND),)), side({HOSTILE: 0.3}))
    for asked in ({"late": 1.0}, {"noise": Noise(1.0, 0.0, 0.0)}, {"noise": Noise(0.0, 0.0, 1.0)}):
        weeks, _ = run(sides, **asked)
        np.testing.assert_array_equal(weeks[RULES], weeks[NOW])


def test_a_gesture_taken_for_one_of_the_other_side_is_answered_as_such() -> None:
    weeks, _ = run((side({}, plans=(plan(KIND, KIND),)), side({HOSTILE: 0.3})), noise=Noise(0.0, 0.0, 1.0))
    assert weeks[RULES, :, 0].any()
    heap, seen = tabulate_noise(Noise(0.1, 0.2, 0.3))
    np.testing.assert_allclose(heap, [0.1, 0.2, 0.3, 0.6])
    assert [MARKS[mark] for mark in seen[HOSTILE, 1:]] == [
        ("unfriendly", 3), ("unfriendly", 1), ("friendly", 2), ("unfriendly", 2)
    ]  # fmt: skip


def test_an_unfriendly_answer_is_ended_by_its_way_back_when_nothing_new_comes() -> None:
    asked = plan(HOSTILE, HOSTILE - 1, 2, back_marks=np.array([KIND]), back_scores=np.array([3.0]), back_days=5)
    weeks, _ = run((side({}, plans=(asked,)), side({})), days=28)
    assert (weeks[RULES_SHOCKED, :, 1].sum(0) == 1.0).all() and (weeks[RULES_SHOCKED, :, 0].sum(0) == 3.0).all()
    busy, _ = run((side({}, plans=(asked,)), side({HOSTILE: ALWAYS})), days=28)
    assert not busy[RULES, :, 0].any()  # a new gesture always comes first


def test_swapping_the_sides_mirrors_every_future() -> None:
    one, other = side({HOSTILE: ALWAYS, KIND: 0.0}), side({KIND: ALWAYS})
    forth, _ = run((one, other), shock=HOSTILE, noise=CLEAR)
    back, _ = run((other, one), shock=HOSTILE, noise=CLEAR, shocker=0)
    np.testing.assert_array_equal(forth[NOW][:, [2, 3, 0, 1, 4]], back[NOW])


def test_spirals_are_runs_of_hot_weeks_and_thaws_are_counted_alike() -> None:
    weeks = np.zeros((10, 5, 1))
    weeks[[0, 1, 2, 3, 5, 6, 8], 1, 0], weeks[[0, 1, 2, 3, 5, 6, 8], 3, 0] = 2.0, 2.0
    assert count_spirals(weeks, "unfriendly", GAUGE)[:, 0].tolist() == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    turned = weeks[:, [1, 0, 3, 2, 4]]
    np.testing.assert_array_equal(count_spirals(turned, "friendly", GAUGE), count_spirals(weeks, "unfriendly", GAUGE))
    weeks[1, 3] = 0.0  # only one side acts
    assert count_spirals(weeks, "unfriendly", GAUGE)[-1, 0] == 0
