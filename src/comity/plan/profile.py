"""What a timetable takes of each resource in each period, beside what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.plan.project import Project, Resource, Task, Timetable


def list_profiles(project: Project, timetable: Timetable, factors: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return use and supply by period, for each resource.

    Parameters
    ----------
    project : Project
    timetable : Timetable
    factors : mapping of str to int
        By resource: parts of its unit that the project counts.

    Returns
    -------
    list of dict
        `id` and `periods`: `from` (first period of a run), `until`, `available`, `used` [units of the resource]. Of a
        resource that comes back both are those of any period of the run. Of one that does not, `available` is what has
        arrived up to there, `used` what has been booked of it; where it lapses, both begin anew with each arrival.
    """
    rows = []
    for resource in project.resources:
        used = _count_held(project, timetable, resource) if resource.renewable else _count_spent(
            project, timetable, resource)  # fmt: skip
        there = _list_there(resource, project.horizon, used)
        scale = factors[resource.id]
        if not resource.renewable:
            used = _accumulate(used)
        if not (resource.renewable or resource.carries):
            past = _list_past(resource, used)
            there, used = ([value - gone for value, gone in zip(values, past, strict=True)] for values in (there, used))
        runs = _list_runs(list(zip(there, used, strict=True)))
        rows.append({
            "id": resource.id,
            "periods": [
                {"from": first, "until": last, "available": a / scale, "used": u / scale}
                for first, last, (a, u) in runs
            ],
        })  # fmt: skip
    return rows


def list_working(task: Task, start: int, finish: int, closed: Mapping[str, frozenset[int]]) -> list[int]:
    """Return the periods in which a task works: those from start to finish that its calendar leaves open."""
    rest = closed.get(task.calendar or "", frozenset())
    return [at for at in range(start, finish) if at not in rest]


def close_by_period(project: Project) -> dict[str, frozenset[int]]:
    """Return the closed periods of each calendar."""
    return {
        calendar.id: frozenset(at for first, last in calendar.closed for at in range(first, last))
        for calendar in project.calendars
    }


def _count_held(project: Project, timetable: Timetable, resource: Resource) -> list[int]:
    """Return the units of a renewable resource that are held in each period."""
    used = [0] * project.horizon
    closed = close_by_period(project)
    for task in project.tasks:
        if task.id in timetable.starts:
            units = _find_mode(task, timetable).demands.get(resource.id, 0)
            for at in (
                list_working(task, timetable.starts[task.id], timetable.finishes[task.id], closed) if units else ()
            ):
                used[at] += units
    return used


def _count_spent(project: Project, timetable: Timetable, resource: Resource) -> list[int]:
    """Return the units of a consumable resource that are booked in each period."""
    used = [0] * project.horizon
    for task in project.tasks:
        if task.id in timetable.starts:
            at = min(timetable.starts[task.id], project.horizon - 1)
            used[at] += _find_mode(task, timetable).uses.get(resource.id, 0)
    return used


def _find_mode(task: Task, timetable: Timetable) -> Any:
    """Return the mode in which a task is done."""
    return next(mode for mode in task.modes if mode.name == timetable.modes[task.id])


def _list_there(resource: Resource, horizon: int, spent: list[int]) -> list[int]:
    """Return what there is in each period; of what does not come back, what arrived less what lapsed."""
    arrivals = dict(resource.capacity)
    there, now, used, lapsed_to = [], 0, 0, 0
    for at in range(horizon):
        if at in arrivals and resource.renewable:
            now = arrivals[at]
        elif at in arrivals:
            now = (now if resource.carries else used) + arrivals[at]
            lapsed_to = used
        used += spent[at]
        there.append(max(now, lapsed_to))
    return there


def _list_past(resource: Resource, used: list[int]) -> list[int]:
    """Return for each period what had been booked in all before the last arrival."""
    arrivals, past, now = dict(resource.capacity), [], 0
    for at in range(len(used)):
        if at in arrivals:
            now = used[at - 1] if at else 0
        past.append(now)
    return past


def _accumulate(values: list[int]) -> list[int]:
    """Return the sums up to each place."""
    total, found = 0, []
    for value in values:
        total += value
        found.append(total)
    return found


def _list_runs(values: list[tuple[int, int]]) -> list[tuple[int, int, tuple[int, int]]]:
    """Return runs of equal values: first place, place after the last, value."""
    runs: list[tuple[int, int, tuple[int, int]]] = []
    for at, value in enumerate(values):
        if runs and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], at + 1, value)
        else:
            runs.append((at, at + 1, value))
    return runs
