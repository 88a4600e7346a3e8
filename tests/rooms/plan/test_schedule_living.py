"""Living with a timetable: slack, reasons, changes and dates, against every timetable there is."""

import random
from dataclasses import replace

import numpy as np
import pytest
from tests.rooms.plan.drawing import draw_project, list_timetables

from comity.plan.errors import BadProject, NoTimetable
from comity.plan.project import Calendar, Lag, Mode, Option, Project, Resource, Task, Timetable
from comity.plan.schedule import (
    Change,
    Cut,
    Delay,
    Effort,
    Fix,
    Forbid,
    Progress,
    Spread,
    apply_changes,
    check_timetable,
    explain_start,
    find_chain,
    measure_slack,
    revise_timetable,
    schedule_dates,
    simulate_finishes,
)

pytest.importorskip("ortools")

TASKS = (
    Task("survey", (Mode(2, {"team": 1}),)),
    Task("bridge", (Mode(4, {"team": 1}),)),
    Task("school", (Mode(3, {"team": 1}),)),
    Task("opening", (Mode(1),)),
)
LAGS = (Lag("survey", "bridge"), Lag("bridge", "opening"))
WORKS = Project(30, TASKS, LAGS, (Resource("team", ((0, 1),)),))
PLAN = Timetable(
    {"survey": 0, "bridge": 2, "school": 6, "opening": 6},
    {"survey": 2, "bridge": 6, "school": 9, "opening": 7},
    {task.id: "only" for task in TASKS},
    (),
    9,
)


def test_slack_counts_what_scarce_teams_leave():
    found = {item.task: (item.free, item.total, item.critical) for item in measure_slack(WORKS, PLAN)}
    assert found == {
        "survey": (0, 0, True),
        "bridge": (0, 0, True),
        "school": (0, 0, True),
        "opening": (2, 2, False),
    }


def test_the_critical_chain_runs_through_a_shared_team():
    assert find_chain(WORKS, PLAN) == ("survey", "bridge", "school")


def test_a_late_start_is_explained_back_to_the_first_day():
    reasons = explain_start(WORKS, PLAN, "school")
    assert [(one.task, one.kind, one.by) for one in reasons] == [
        ("school", "resource", ("bridge",)),
        ("bridge", "lag", ("survey",)),
        ("survey", "start", ()),
    ]


def test_a_closed_calendar_is_the_reason_and_begins_the_chain_where_more_room_lies_before_it():
    rest = Calendar("summer", ((2, 5),))
    bridge = replace(TASKS[1], calendar="summer")
    project = Project(30, (TASKS[0], bridge), LAGS[:1], WORKS.resources, (), (rest,))
    modes = {"survey": "only", "bridge": "only"}
    plan = Timetable({"survey": 0, "bridge": 5}, {"survey": 2, "bridge": 9}, modes, (), 9)
    reason = explain_start(project, plan, "bridge")[0]
    assert (reason.kind, reason.subject, reason.by) == ("calendar", "summer", ("survey",))
    assert find_chain(project, plan) == ("bridge",)
    late = replace(plan, starts={"survey": 3, "bridge": 5}, finishes={"survey": 5, "bridge": 9})
    assert explain_start(project, late, "bridge")[0].kind == "lag"
    assert find_chain(project, late) == ("survey", "bridge")


@pytest.mark.parametrize("seed", [4, 5, 7, 9, 11, 13, 23])
def test_the_chain_has_no_slack(seed: int):
    project = draw_project(seed)
    timetables = list(list_timetables(project))
    for timetable in (timetables[0], timetables[len(timetables) // 2]):
        assert set(find_chain(project, timetable)) <= {
            row.task for row in measure_slack(project, timetable) if row.critical
        }


def test_a_task_that_waits_for_nothing_is_said_to_have_room():
    later = replace(PLAN, starts={**PLAN.starts, "opening": 8}, finishes={**PLAN.finishes, "opening": 9})
    assert explain_start(WORKS, later, "opening")[0].kind == "room"


@pytest.mark.parametrize("seed", [4, 5, 7, 9, 11, 13, 23])
def test_free_slack_is_the_longest_unbroken_move_that_stays_valid(seed: int):
    project = draw_project(seed)
    timetables = list(list_timetables(project))
    timetable = timetables[len(timetables) // 2]
    known = {(*sorted(one.starts.items()), *sorted(one.modes.items())) for one in timetables}
    for item in measure_slack(project, timetable):
        moved = {**timetable.starts, item.task: timetable.starts[item.task] + item.free}
        assert (*sorted(moved.items()), *sorted(timetable.modes.items())) in known


def draw_change(project: Project, seed: int) -> Change:
    rng = random.Random(seed)
    task = rng.choice(project.tasks).id
    changes: list[Change] = [Delay(task, rng.randint(0, 5)), Fix(task, rng.randint(0, 4)), Cut("team", 1, 2)]
    return rng.choice([*changes, Cut("money", 1), *(Forbid(option.id) for option in project.options)])


def weigh_changes(old: Timetable, new: Timetable) -> tuple[int, int, int]:
    """Options changed, tasks whose start or mode is another, sum of shifts."""
    both = [name for name in old.starts if name in new.starts]
    shifts = [abs(new.starts[name] - old.starts[name]) for name in both]
    changed = [(new.starts[name], new.modes[name]) != (old.starts[name], old.modes[name]) for name in both]
    return len(set(old.chosen) ^ set(new.chosen)), sum(changed), sum(shifts)


def list_revisions(project: Project, old: Timetable, change: Change) -> list[tuple[int, int, int]]:
    changed, pinned = apply_changes(project, old, [change])
    found = [one for one in list_timetables(changed) if all(one.starts.get(name) == at for name, at in pinned.items())]
    return [weigh_changes(old, new) for new in found]


@pytest.mark.parametrize("seed", [4, 5, 7, 9, 11, 13, 23, 34])
def test_a_revision_changes_as_little_as_any_valid_timetable_and_says_so(seed: int):
    project = draw_project(seed)
    old = next(list_timetables(project))
    change = draw_change(project, seed)
    others = list_revisions(project, old, change)
    if not others:
        with pytest.raises((NoTimetable, BadProject)):
            revise_timetable(project, old, [change], effort=Effort(5, 1))
        return
    found = revise_timetable(project, old, [change], effort=Effort(5, 1))
    assert found.proved and found.fewest.verdict == "proved"
    assert weigh_changes(old, found.timetable) == min(others)
    assert (found.fewest.least_options, found.fewest.least_tasks) == min(others)[:2]
    first = revise_timetable(project, old, [change])
    assert (first.fewest.least_options, first.fewest.least_tasks) <= min(others)[:2]
    assert not first.fewest.proved or weigh_changes(old, first.timetable)[:2] == min(others)[:2]


def test_a_mode_that_is_changed_counts_as_a_change():
    modes = (Mode(2, {"team": 2}, {}, "quick"), Mode(2, {"team": 1}, {}, "small"))
    project = Project(9, (Task("road", modes),), (), (Resource("team", ((0, 2),)),))
    old = Timetable({"road": 0}, {"road": 2}, {"road": "quick"}, (), 2)
    found = revise_timetable(project, old, [Cut("team", 1)], effort=Effort(5, 1))
    assert (found.moved, found.shift, found.timetable.modes) == (("road",), 0, {"road": "small"})
    assert (found.fewest.tasks, found.fewest.least_tasks) == (1, 1)


def test_a_first_answer_is_valid_and_keeps_what_it_can():
    found = revise_timetable(WORKS, PLAN, [Delay("bridge", 3)])
    assert check_timetable(found.project, found.timetable) == []
    assert found.timetable.starts["survey"] == 0
    assert set(found.moved) <= {"bridge", "school", "opening"}


def test_what_has_happened_stays_and_what_remains_is_planned_from_today():
    progress = Progress(4, finished={"survey": (0, 3)}, started={"bridge": (3, 5)})
    found = revise_timetable(WORKS, PLAN, [progress], effort=Effort(5, 1)).timetable
    assert (found.starts["survey"], found.finishes["survey"]) == (0, 3)
    assert (found.starts["bridge"], found.finishes["bridge"]) == (3, 9)
    assert found.starts["school"] >= 9


def test_forbidding_an_option_takes_what_needs_it_along():
    options = (Option("standard", ("A",)), Option("link", ("A",), needs=("standard",)))
    tasks = tuple(Task(one.id, (Mode(1),), initiative=one.id) for one in options)
    both = {"standard": 0, "link": 0}
    old = Timetable(both, {"standard": 1, "link": 1}, {name: "only" for name in both}, ("standard", "link"), 0)
    assert revise_timetable(Project(5, tasks, (), (), options), old, [Forbid("standard")]).dropped == (
        "standard",
        "link",
    )


@pytest.mark.parametrize(
    "change", [Delay("x", 1), Fix("survey", -1), Forbid("x"), Cut("x", 1), Progress(1, {"x": (0, 1)})]
)
def test_a_change_of_something_unknown_is_refused(change: Change):
    with pytest.raises(BadProject):
        revise_timetable(WORKS, PLAN, [change])


SPREADS = [Spread(task.id, "only", 1, task.modes[0].duration, 3 * task.modes[0].duration) for task in TASKS]


def test_stated_hit_rates_are_kept_in_fresh_scenarios():
    dates = schedule_dates(WORKS, PLAN, SPREADS, milestones=["bridge", "school", "opening"])
    fresh = [simulate_finishes(WORKS, PLAN, SPREADS, seed=seed, even=False) for seed in range(1000, 1020)]
    gaps = np.array([[(one[date.task] <= date.date).mean() - date.rate for one in fresh] for date in dates])
    assert np.abs(gaps.mean(axis=1)).max() <= 0.015
    assert (np.abs(gaps) <= 0.03).mean() >= 0.95
    assert all(date.rate >= date.asked for date in dates)


def test_certain_durations_give_the_plan_itself():
    assert {date.date for date in schedule_dates(WORKS, PLAN, [], milestones=["school"])} == {9}


def test_no_scenario_starts_a_task_before_its_date_whether_kept_or_earliest():
    late = {"survey": 0, "bridge": 4, "school": 9, "opening": 12}
    kept = Timetable(late, {"survey": 2, "bridge": 8, "school": 12, "opening": 13}, PLAN.modes, (), 9)
    spreads = [Spread(name, "only", 0, 1, 2) for name in ("survey", "opening")]
    spreads.append(Spread("bridge", "only", 4, 4, 8))
    for plan in (PLAN, kept):
        finishes = simulate_finishes(WORKS, plan, spreads, scenarios=200)
        assert all((finishes[name] >= plan.starts[name]).all() for name in plan.starts)
        dates = {(one.task, one.asked): one.date for one in schedule_dates(WORKS, plan, spreads, milestones=[*late])}
        assert all(dates[name, 0.8] >= plan.finishes[name] for name in ("bridge", "school"))
        assert all(dates[name, rate] >= plan.starts[name] for name, rate in dates)


def test_a_scenario_respects_the_plan_that_its_durations_make():
    project = replace(WORKS, resources=(*WORKS.resources, Resource("money", ((0, 1), (7, 1)), False)))
    tasks = tuple(
        replace(task, modes=(replace(task.modes[0], uses={"money": 1}),)) if task.id in ("survey", "school") else task
        for task in WORKS.tasks
    )
    project = replace(project, tasks=tasks)
    plan = replace(PLAN, starts={**PLAN.starts, "school": 7}, finishes={**PLAN.finishes, "school": 10})
    finishes = simulate_finishes(project, plan, SPREADS, scenarios=50, seed=3)
    assert (finishes["school"] >= 8).all()
    assert (finishes["opening"] > finishes["bridge"]).all()
    assert np.unique(finishes["school"]).size > 3


@pytest.mark.parametrize("spread", [Spread("survey", "only", 3, 2, 4), Spread("survey", "only", -1, 2, 4)])
def test_a_spread_out_of_order_is_refused(spread: Spread):
    with pytest.raises(BadProject):
        schedule_dates(WORKS, PLAN, [spread])


def test_a_task_that_a_team_pushes_past_the_lapse_of_its_money_waits_for_the_next():
    tasks = (Task("survey", (Mode(3, {"team": 1}),)), Task("bridge", (Mode(2, {"team": 1}, {"grant": 1}),)))
    grant = Resource("grant", ((0, 1), (5, 0), (10, 1)), renewable=False, carries=False)
    project = Project(30, tasks, (), (Resource("team", ((0, 1),)), grant))
    plan = Timetable(
        {"survey": 0, "bridge": 3}, {"survey": 3, "bridge": 5}, {"survey": "only", "bridge": "only"}, (), 0
    )
    late = simulate_finishes(project, plan, [Spread("survey", "only", 7, 7, 7)], scenarios=3)
    assert set(late["bridge"].tolist()) == {12}
    on_time = simulate_finishes(project, plan, [Spread("survey", "only", 4, 4, 4)], scenarios=3)
    assert set(on_time["bridge"].tolist()) == {6}
