"""What is to be different: a date fixed or put off, an option forbidden, a resource cut, today's progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from comity.plan.errors import BadProject
from comity.plan.project import Mode, Option, Project, Resource, Steps, Task, Timetable
from comity.plan.schedule.verify import list_pieces


@dataclass(frozen=True, slots=True)
class Fix:
    """A task is done, and starts in this period and in no other."""

    task: str
    start: int


@dataclass(frozen=True, slots=True)
class Delay:
    """A task does not start before a period."""

    task: str
    until: int


@dataclass(frozen=True, slots=True)
class Forbid:
    """An option is not done, nor any other that needs it."""

    option: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A resource has fewer units: in each period since one (renewable), or in each arrival since then."""

    resource: str
    units: int
    since: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work has come.

    Parameters
    ----------
    today : int
        First period that can still be planned.
    finished : mapping of str to (int, int)
        Start and finish of each task that is finished, as they came.
    started : mapping of str to (int, int)
        Start of each task under way, and its working periods that remain from today on.
    """

    today: int
    finished: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    started: Mapping[str, tuple[int, int]] = field(default_factory=dict)


Change: TypeAlias = Fix | Delay | Forbid | Cut | Progress


def apply_changes(project: Project, timetable: Timetable, changes: Sequence[Change]) -> tuple[Project, dict[str, int]]:
    """Return the project as it is after changes, and the starts that are given.

    What has happened binds only what is to come: lags between two tasks of the past are let go, and a finished task
    holds no one any more; what it spent stays spent, and an option under way stays in the plan.

    Raises
    ------
    BadProject
        Where a change names an unknown task, option or resource, or a period before the first.
    """
    pinned: dict[str, int] = {}
    for change in changes:
        check_change(project, change)
        if isinstance(change, Fix):
            pinned[change.task] = change.start
            project = require_options(project, {change.task})
        elif isinstance(change, Delay):
            project = replace_task(project, change.task, change.until)
        elif isinstance(change, Forbid):
            project = replace(project, options=tuple(forbid_option(option, change) for option in project.options))
        elif isinstance(change, Cut):
            project = replace(project, resources=tuple(cut_resource(one, change) for one in project.resources))
        else:
            project = record_progress(project, timetable, change)
            pinned |= {name: moments[0] for name, moments in {**change.finished, **change.started}.items()}
    return project, pinned


def check_change(project: Project, change: Change) -> None:
    """Raise where a change names something unknown or a period before the first."""
    tasks = {task.id for task in project.tasks}
    known = {Fix: tasks, Delay: tasks, Progress: tasks}
    known |= {Forbid: {one.id for one in project.options}, Cut: {one.id for one in project.resources}}
    numbers: list[int] = []
    if isinstance(change, Progress):
        names = [*change.finished, *change.started]
        numbers = [change.today, *(value for pair in {**change.finished, **change.started}.values() for value in pair)]
        numbers += [last - first for first, last in change.finished.values()]
    elif isinstance(change, Cut):
        names, numbers = [change.resource], [change.units, change.since]
    elif isinstance(change, Forbid):
        names = [change.option]
    else:
        names, numbers = [change.task], [change.start if isinstance(change, Fix) else change.until]
    for name in names:
        if name not in known[type(change)]:
            raise BadProject(f"{name!r} is unknown", where=str(change), todo="name what the project holds")
    if any(number < 0 for number in numbers):
        raise BadProject(f"a number is below 0: {numbers}", where=str(change), todo="count periods and units from 0")


def replace_task(project: Project, name: str, earliest: int) -> Project:
    """Return a project in which one task may not start before a period."""
    return replace(
        project,
        tasks=tuple(
            replace(task, earliest=max(task.earliest, earliest)) if task.id == name else task for task in project.tasks
        ),
    )


def forbid_option(option: Option, change: Forbid) -> Option:
    """Return an option, forbidden where it is the one named."""
    return replace(option, forbidden=True, required=False) if option.id == change.option else option


def cut_resource(resource: Resource, change: Cut) -> Resource:
    """Return a resource, with fewer units since a period where it is the one named; never below none."""
    if resource.id != change.resource:
        return resource
    steps: dict[int, int] = dict(resource.capacity)
    if resource.renewable:
        held = [units for period, units in resource.capacity if period <= change.since]
        steps.setdefault(change.since, held[-1] if held else 0)
    capacity: Steps = tuple(
        (period, max(0, units - change.units) if period >= change.since else units)
        for period, units in sorted(steps.items())
    )
    return replace(resource, capacity=capacity)


def record_progress(project: Project, timetable: Timetable, progress: Progress) -> Project:
    """Return a project that goes on from what is finished and started."""
    past = {**progress.finished, **progress.started}
    return replace(
        require_options(project, set(past)),
        tasks=tuple(continue_task(task, project, timetable, progress) for task in project.tasks),
        lags=tuple(lag for lag in project.lags if lag.before not in past or lag.after not in past),
    )


def require_options(project: Project, names: set[str]) -> Project:
    """Return a project that must hold the options of some tasks, apart from those it forbids."""
    asked = {task.initiative for task in project.tasks if task.id in names}
    options = (replace(one, required=True) if one.id in asked and not one.forbidden else one for one in project.options)
    return replace(project, options=tuple(options))


def continue_task(task: Task, project: Project, timetable: Timetable, progress: Progress) -> Task:
    """Return a task as it stands today: finished, with what remains of it, or not before today."""
    used = next((mode for mode in task.modes if mode.name == timetable.modes.get(task.id)), task.modes[0])
    if task.id in progress.finished:
        start, finish = progress.finished[task.id]
        mode = Mode(finish - start, {}, used.uses, used.name)
        return replace(task, modes=(mode,), earliest=start, latest=None, calendar=None)
    if task.id in progress.started:
        start, remaining = progress.started[task.id]
        worked = sum(last - first for first, last in list_pieces(task, (start, max(start, progress.today)), project))
        mode = Mode(worked + remaining, used.demands, used.uses, used.name)
        return replace(task, modes=(mode,), earliest=min(task.earliest, start), latest=task.latest)
    return replace(task, earliest=max(task.earliest, progress.today))
