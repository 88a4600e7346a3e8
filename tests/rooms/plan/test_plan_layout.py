"""Days become periods and back; amounts become whole numbers; what has begun stays where it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.specimens.plans import SMALL, spoil

from comity.plan.changes import Changes, change_plan
from comity.plan.clock import Clock
from comity.plan.document import PlanDocument
from comity.plan.errors import PlanError
from comity.plan.layout import lay_out_project
from comity.plan.reading import parse_plan

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
CLOCKS = st.builds(
    Clock, st.dates(date(2020, 1, 1), date(2030, 12, 28)).map(lambda day: day.replace(day=min(day.day, 28))),
    st.sampled_from(["day", "week", "month"]), st.integers(1, 60),
)  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> PlanDocument:
    return parse_plan(SMALL)


@given(CLOCKS, DAYS)
def test_a_day_lies_in_its_period_and_a_window_never_grows(clock: Clock, day: date):
    at = clock.count_whole(day)
    assert clock.name_day(at) <= day < clock.name_day(at + 1)
    first = clock.count_from(day)
    assert clock.name_day(first) >= day or first == 0
    assert clock.name_day(clock.count_until(day)) <= day + timedelta(days=1)


@given(CLOCKS, st.integers(0, 60))
def test_a_period_named_by_its_first_day_is_found_again(clock: Clock, at: int):
    assert clock.count_whole(clock.name_day(at)) == at
    assert clock.count_until(clock.name_last_day(at)) == at


def test_a_period_is_closed_where_more_than_half_of_its_days_are():
    clock = Clock(date(2027, 1, 1), "month", 12)
    assert clock.close_periods([(date(2027, 1, 10), date(2027, 2, 13))], ()) == ((0, 1),)
    week = Clock(date(2027, 1, 4), "day", 14)
    assert week.close_periods([], (5, 6)) == ((5, 7), (12, 14))


def test_a_plan_becomes_tasks_with_gates_that_hold_back_what_comes_after(plan: PlanDocument):
    project = lay_out_project(plan).project
    tasks = {task.id: task for task in project.tasks}
    assert list(tasks) == ["ferry.agree", "ferry.run", "ferry.consent-URY", "fair.hold"]
    assert tasks["ferry.consent-URY"].gate == "URY"
    assert tasks["ferry.agree"].modes[0].demands == {"team": 1}
    assert tasks["ferry.run"].modes[0].uses == {"money": 2}
    orders = {(lag.before, lag.after) for lag in project.lags}
    assert {("ferry.agree", "ferry.consent-URY"), ("ferry.consent-URY", "ferry.run")} <= orders
    assert ("ferry.consent-URY", "ferry.agree") not in orders


def test_stakes_are_net_of_costs_and_the_low_end_takes_the_greatest_cost(plan: PlanDocument):
    layout = lay_out_project(plan)
    once = next(stake for stake in layout.stakes if stake.party == "URY" and not stake.recurring)
    yearly = next(stake for stake in layout.stakes if stake.recurring)
    assert [value / layout.factor for value in (once.low, once.likely, once.high)] == [-0.3, -0.2, -0.1]
    assert yearly.likely / layout.factor == pytest.approx(2 / 12, rel=1e-3)


def test_a_part_of_a_unit_is_counted_and_not_rounded_away():
    text = spoil("resource: money, amount: 2", "resource: money, amount: 0.25")
    layout = lay_out_project(parse_plan(text))
    assert layout.factors["money"] == 100
    run = next(task for task in layout.project.tasks if task.id == "ferry.run")
    assert run.modes[0].uses == {"money": 25}


def test_consent_that_is_withheld_forbids_the_choice():
    layout = lay_out_project(parse_plan(spoil("status: given}\n    gains", "status: withheld}\n    gains")))
    assert layout.project.options[0].withheld == ("PRY",)


def test_what_has_finished_stands_where_it_was_and_the_rest_waits_for_today(plan: PlanDocument):
    changes = Changes(progress=("ferry.agree=2027-01-10..2027-05-20",), as_of="2027-06-15")
    project = lay_out_project(change_plan(plan, changes)).project
    tasks = {task.id: task for task in project.tasks}
    agree = tasks["ferry.agree"]
    assert (agree.earliest, agree.latest, agree.modes[0].duration) == (0, 5, 5)
    assert tasks["ferry.run"].earliest == 6
    assert project.options[0].required


def test_what_is_left_is_counted_from_today(plan: PlanDocument):
    changes = Changes(progress=("ferry.agree=2027-02-01+3",), as_of="2027-04-01")
    agree = lay_out_project(change_plan(plan, changes)).project.tasks[0]
    assert (agree.earliest, agree.latest) == (1, 6)


def test_a_change_leaves_the_plan_itself_as_it_is(plan: PlanDocument):
    changed = change_plan(plan, Changes(require=("fair",), delay=("ferry=2027-03-01",), cut=("money@2028=20%",)))
    assert (changed.initiatives[1].required, plan.initiatives[1].required) == (True, False)
    assert changed.initiatives[0].earliest == date(2027, 3, 1)
    assert changed.supplies[1].by_year == {2027: 5, 2028: 4}
    assert plan == parse_plan(SMALL)


@pytest.mark.parametrize(
    "changes",
    [
        Changes(require=("boat",)),
        Changes(forbid=("",)),
        Changes(delay=("ferry.sail=2027-01-01",)),
        Changes(delay=("ferry",)),
        Changes(delay=("ferry=2027-02-31",)),
        Changes(cut=("team=200%",)),
        Changes(cut=("gold=5",)),
        Changes(cut=("money@2040=5",)),
        Changes(progress=("ferry.agree=2027-01-01+2",)),
        Changes(progress=("ferry.agree=2027-05-01..2027-03-01",), as_of="2027-06-01"),
        Changes(progress=("ferry.agree=2027-09-01+2",), as_of="2027-06-01"),
    ],
    ids=str,
)
def test_a_change_of_what_is_not_there_is_refused(plan: PlanDocument, changes: Changes):
    with pytest.raises(PlanError) as caught:
        change_plan(plan, changes)
    assert caught.value.todo


def test_amounts_too_large_to_count_are_refused(plan: PlanDocument):
    one = plan.initiatives[0]
    vast = replace(one, gains=tuple(replace(worth, high=1e12) for worth in one.gains))
    with pytest.raises(PlanError, match="too large"):
        lay_out_project(replace(plan, initiatives=(vast,)))
