"""How firm the dates of a plan are: slack, the chain that binds its end, dates that are kept with a chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from comity.plan.clock import Clock
from comity.plan.document import PlanDocument
from comity.plan.layout import Layout
from comity.plan.project import Timetable
from comity.plan.schedule.calendar import open_calendars
from comity.plan.schedule.explanation import Reason, explain_start, find_reason
from comity.plan.schedule.robust import Spread, schedule_dates
from comity.plan.schedule.slack import find_chain, measure_slack

CHANCES = (50, 80, 90)


def list_firmness(
    plan: PlanDocument, layout: Layout, timetable: Timetable, seed: int | None
) -> dict[str, dict[str, Any]]:
    """Return what is known of each task beside its dates.

    Parameters
    ----------
    plan : PlanDocument
    layout : Layout
    timetable : Timetable
        A valid one.
    seed : int, optional
        Of the scenarios of durations; none are drawn where left out, and there are no dates by chance.

    Returns
    -------
    dict of str to dict
        By task: `slack` and `free` [periods] and `critical` (no slack), all None where it has finished; and `chances`:
        by 50, 80 and 90 % the day by which it is finished in at least so many scenarios.
    """
    slack = {row.task: row for row in measure_slack(layout.project, timetable)}
    firm = {} if seed is None else _list_chances(layout, timetable, plan.clock, seed)
    past = {f"{one.id}.{entry.phase}" for one in plan.initiatives for entry in one.progress if entry.finished}
    return {
        name: {
            "slack": None if name in past else slack[name].total,
            "free": None if name in past else slack[name].free,
            "critical": None if name in past else slack[name].critical,
            "chances": firm.get(name),
        }
        for name in timetable.starts
    }


def _list_chances(layout: Layout, timetable: Timetable, clock: Clock, seed: int) -> dict[str, dict[str, str]]:
    """Return by task and chance the day by which it is finished in so many scenarios."""
    firm: dict[str, dict[str, str]] = {}
    rates = tuple(chance / 100 for chance in CHANCES)
    spreads = list_spreads(layout, timetable)
    done = list(timetable.starts)
    for row in schedule_dates(layout.project, timetable, spreads, rates=rates, milestones=done, seed=seed):
        firm.setdefault(row.task, {})[f"{100 * row.asked:.0f}"] = clock.name_last_day(max(row.date, 1)).isoformat()
    return firm


def list_spreads(layout: Layout, timetable: Timetable) -> list[Spread]:
    """Return how long each task that is done may take, in the mode in which it is done."""
    return [
        Spread(name, mode, *layout.spreads[name][mode])
        for name, mode in timetable.modes.items()
        if layout.spreads[name][mode][0] < layout.spreads[name][mode][2]
    ]


def describe_chain(layout: Layout, timetable: Timetable, notes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the tasks without slack that hold each other in place up to the plan's end, the first first."""
    return list(find_chain(layout.project, timetable, [name for name, note in notes.items() if note["critical"]]))


def describe_reasons(layout: Layout, timetable: Timetable, task: str, clock: Clock) -> list[dict[str, Any]]:
    """Return why a task does not start earlier, and why the one behind it does not, back to the beginning.

    Parameters
    ----------
    layout : Layout
    timetable : Timetable
    task : str
        A task that is done.
    clock : Clock

    Returns
    -------
    list of dict
        `task`, `start`, `kind` (window, lag, resource, calendar, start or room), `subject`, `by` (tasks behind it),
        `text`.
    """
    return [
        {
            "task": reason.task,
            "start": clock.name_day(timetable.starts[reason.task]).isoformat(),
            "kind": reason.kind,
            "subject": reason.subject,
            "by": list(reason.by),
            "text": _say(reason, clock.name_last_day(timetable.starts[reason.task])),
        }
        for reason in explain_start(layout.project, timetable, task)
    ]


TEXTS: Mapping[str, str] = {
    "start": "it starts with the plan",
    "room": "nothing keeps it: it could start earlier",
    "window": "it may not start earlier",
}


def _say(reason: Reason, eve: date) -> str:
    """Return a reason as a sentence; `eve` is the day before the task's start."""
    kind, subject, by = reason.kind, reason.subject, ", ".join(reason.by)
    if kind == "lag":
        return f"it waits for {by or subject}"
    if kind == "resource":
        return f"{subject} is taken by {by}" if by else f"there is not enough of {subject} earlier"
    if kind == "calendar":
        before = f"; before it closed it waited for {by}" if by else ""
        return f"the calendar {subject} is closed until {eve}{before}"
    return TEXTS.get(kind, reason.what)


def describe_holds(layout: Layout, timetable: Timetable, tasks: Iterable[str], clock: Clock) -> dict[str, str]:
    """Return for each of some tasks that are done the first thing that keeps it from an earlier start, as a sentence.

    Parameters
    ----------
    layout : Layout
    timetable : Timetable
        A valid one.
    tasks : iterable of str
    clock : Clock

    Returns
    -------
    dict of str to str
    """
    times = open_calendars(layout.project)
    reasons = {name: find_reason(layout.project, timetable, name, times) for name in tasks}
    return {name: _say(one, clock.name_last_day(timetable.starts[name])) for name, one in reasons.items()}
