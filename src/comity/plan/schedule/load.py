"""Scarce resources in the model: people who come back, money that does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from comity.plan.project import Resource, Steps, Task
from comity.plan.schedule.calendar import WorkingTime
from comity.plan.schedule.composed import Composed, Work

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Spans = list[tuple[int, int, int]]


def add_resources(composed: Composed, times: Mapping[str | None, WorkingTime]) -> None:
    """Add every resource of the project to its model."""
    for resource in composed.project.resources:
        if resource.renewable:
            add_renewable(composed, resource, times)
        else:
            add_consumable(composed, resource)


def add_renewable(composed: Composed, resource: Resource, times: Mapping[str | None, WorkingTime]) -> None:
    """Add a resource that is held in working periods and comes back.

    Work that rests holds nothing. So the calendars of a resource's users divide time by who works: for each set of
    calendars that are open together, one constraint on the work of these calendars limits it where all of them are
    open, and leaves room elsewhere for what rests.
    """
    works = [work for work in composed.works if work.mode.demands.get(resource.id, 0) and work.mode.duration]
    users = sorted({work.calendar for work in works}, key=str)
    for members, spans in split_time(resource, users, times).items():
        top = len([name for name in members if name is not None]) + (None in members)
        add_cumulative(composed, resource, [work for work in works if work.calendar in members], spans, max(top, 1))


def split_time(
    resource: Resource, users: Sequence[str | None], times: Mapping[str | None, WorkingTime]
) -> dict[frozenset[str | None], Spans]:
    """Return, for each set of calendars that are open together, the spans with the units that they may hold."""
    horizon = times[None].horizon
    marks = {0, horizon, *(period for period, _ in resource.capacity)}
    for name in users:
        marks.update(period for span in times[name].closed for period in span)
    edges = sorted(mark for mark in marks if 0 <= mark <= horizon)
    together = [
        (first, last, frozenset(name for name in users if is_open(times[name], first)))
        for first, last in pairwise(edges)
    ]
    found: dict[frozenset[str | None], Spans] = {}
    for members in dict.fromkeys(group for _, _, group in together if group):
        found[members] = [
            (first, last, find_capacity(resource.capacity, first))
            for first, last, group in together
            if group >= members
        ]
    return found


def is_open(time: WorkingTime, period: int) -> bool:
    """Tell whether a period is open."""
    return not time.rests or bool(time.is_open[period])


def find_capacity(steps: Steps, period: int) -> int:
    """Return the units available in a period; none before the first step."""
    return next((units for first, units in reversed(steps) if first <= period), 0)


def add_cumulative(composed: Composed, resource: Resource, works: Sequence[Work], spans: Spans, groups: int) -> None:
    """Limit the work of calendars that are open together, in their common spans; elsewhere each may rest in full."""
    model = composed.model
    most = max((units for _, _, units in spans), default=0)
    ceiling = most if groups == 1 else groups * max(units for _, units in resource.capacity)
    intervals = [work.interval for work in works]
    demands = [work.mode.demands[resource.id] for work in works]
    for first, last, units in spans:
        if units < ceiling:
            intervals.append(model.new_fixed_size_interval_var(first, last - first, f"closed {resource.id} {first}"))
            demands.append(ceiling - units)
    model.add_cumulative(intervals, demands, ceiling)


def add_consumable(composed: Composed, resource: Resource) -> None:
    """Add a resource that is spent: each task books what it uses in the period in which it starts."""
    horizon = composed.project.horizon
    edges = [0, *(period for period, _ in resource.capacity if 0 < period <= horizon), horizon + 1]
    given = dict(resource.capacity)
    arrivals = [given.get(edge, 0) for edge in edges[:-1]]
    spent: list[list[cp_model.LinearExpr]] = [[] for _ in arrivals]
    for task in composed.project.tasks:
        if any(mode.uses.get(resource.id, 0) for mode in task.modes):
            for place, booked in enumerate(book_task(composed, task, resource, edges)):
                spent[place].extend(booked)
    total: list[cp_model.LinearExpr] = []
    for place, booked in enumerate(spent):
        total = [*total, *booked] if resource.carries else booked
        composed.model.add(sum(total) <= (sum(arrivals[: place + 1]) if resource.carries else arrivals[place]))


def book_task(
    composed: Composed, task: Task, resource: Resource, edges: Sequence[int]
) -> Iterable[list[cp_model.LinearExpr]]:
    """Return what a task books between one arrival and the next, for each of them."""
    model, start = composed.model, composed.starts[task.id]
    buckets = [model.new_bool_var(f"books {task.id} {resource.id} {edge}") for edge in edges[:-1]]
    for bucket, (first, last) in zip(buckets, pairwise(edges), strict=True):
        model.add(start >= first).only_enforce_if(bucket)
        model.add(start < last).only_enforce_if(bucket)
    model.add(sum(buckets) == composed.done[task.id])
    amounts = {mode.name: mode.uses.get(resource.id, 0) for mode in task.modes}
    if len(set(amounts.values())) == 1:
        return [[bucket * next(iter(amounts.values()))] for bucket in buckets]
    return [
        [add_both(model, bucket, used) * amounts[name] for name, used in composed.modes[task.id].items()]
        for bucket in buckets
    ]


def add_both(model: cp_model.CpModel, first: cp_model.IntVar, second: cp_model.IntVar) -> cp_model.IntVar:
    """Return a literal that holds at least where two literals hold together."""
    both = model.new_bool_var("")
    model.add_bool_or(~first, ~second, both)
    return both
