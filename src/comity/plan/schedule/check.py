"""Whether a project keeps the form that its table asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from comity.plan.errors import BadProject
from comity.plan.project import Calendar, Mode, Option, Project, Resource, Task
from comity.plan.schedule.circle import find_circle

LONGEST_HORIZON = 100_000
"""Periods that a project may span: 270 years of days."""
MOST_TASKS = 20_000
"""Tasks that a project may hold."""
LARGEST_AMOUNT = 10**12
"""Units of a resource in one number, so that no sum leaves the solver's range."""


def check_project(project: Project) -> None:
    """Raise where a project contradicts its own form; say nothing where it keeps it.

    A project that keeps its form may still have no timetable: too little capacity, a window that the tasks before it
    overrun, an option that is required and forbidden. That is an answer of the engine, not a fault of the form.

    Parameters
    ----------
    project : Project
        What a timetable must respect.

    Raises
    ------
    BadProject
        At the first fault: which id, which value, why it matters, what to do.
    """
    if not 0 <= project.horizon <= LONGEST_HORIZON:
        complain(f"the horizon is {project.horizon}", "project", f"give 0 to {LONGEST_HORIZON} periods")
    if len(project.tasks) > MOST_TASKS:
        complain(f"{len(project.tasks)} tasks", "project", f"give at most {MOST_TASKS}, or split the plan")
    for kind in ("tasks", "resources", "options", "calendars"):
        check_ids([item.id for item in getattr(project, kind)], kind)
    for calendar in project.calendars:
        check_calendar(calendar)
    for resource in project.resources:
        check_resource(resource)
    for option in project.options:
        check_option(option, {other.id for other in project.options})
    for task in project.tasks:
        check_task(task, project)
    check_modes(project)
    check_lags(project)


def complain(what: str, where: str, todo: str, why: str = "") -> None:
    """Raise the room's error for a project that contradicts its own form."""
    raise BadProject(what, where=where, why=why, todo=todo)


def check_ids(names: Sequence[str], kind: str) -> None:
    """Raise where an id is empty or given twice."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        complain(f"the id {twice[0]!r} is given twice", kind, "give each its own id", "it could mean either")
    if "" in names:
        complain("an id is empty", kind, "give it a name")


def check_steps(steps: Iterable[tuple[int, int]], where: str) -> None:
    """Raise where steps are out of order, before the first period or not an amount."""
    last = -1
    for period, units in steps:
        if period <= last:
            complain(f"a step begins in period {period}", where, "give steps from period 0 on, in order, each once")
        check_amount(units, where)
        last = period


def check_amount(units: int, where: str) -> None:
    """Raise where a number is no amount of units."""
    if not 0 <= units <= LARGEST_AMOUNT:
        complain(f"an amount is {units}", where, f"give 0 to {LARGEST_AMOUNT} units")


def check_calendar(calendar: Calendar) -> None:
    """Raise where closed spans are empty, out of order or overlap."""
    last = 0
    for first, end in calendar.closed:
        if first < last or end <= first:
            complain(
                f"a closed span runs from {first} to {end}",
                f"calendar {calendar.id!r}",
                "give half-open spans in order that do not overlap",
            )
        last = end


def check_resource(resource: Resource) -> None:
    """Raise where the capacity of a resource is no series of amounts."""
    check_steps(resource.capacity, f"resource {resource.id!r}")


def check_option(option: Option, known: set[str]) -> None:
    """Raise where an option names another that is unknown, or itself."""
    where = f"option {option.id!r}"
    for name in (*option.needs, *option.excludes):
        if name not in known:
            complain(f"the option {name!r} is unknown", where, "name an option of the project")
    if option.id in option.excludes:
        complain("it excludes itself", where, "mark it as forbidden instead")


def check_task(task: Task, project: Project) -> None:
    """Raise where a task names something unknown, or cannot fit its own window."""
    where = f"task {task.id!r}"
    if task.initiative is not None and task.initiative not in {option.id for option in project.options}:
        complain(f"the initiative {task.initiative!r} is unknown", where, "name an option of the project")
    if task.calendar is not None and task.calendar not in {calendar.id for calendar in project.calendars}:
        complain(f"the calendar {task.calendar!r} is unknown", where, "name a calendar of the project")
    if not task.modes:
        complain("it has no mode", where, "give at least one way to do it")
    if task.earliest < 0:
        complain(f"it may start from period {task.earliest}", where, "count periods from 0, the plan's first day")
    shortest = min(mode.duration for mode in task.modes)
    if task.latest is not None and task.latest < task.earliest + max(shortest, 0):
        complain(
            f"it cannot start from {task.earliest} and be finished by {task.latest}: it takes {shortest}",
            where,
            "widen the window or shorten the task",
        )


def check_modes(project: Project) -> None:
    """Raise where a mode has a negative duration, no name of its own, or asks for an unknown resource."""
    renewable = {resource.id for resource in project.resources if resource.renewable}
    consumable = {resource.id for resource in project.resources} - renewable
    for task in project.tasks:
        where = f"task {task.id!r}"
        check_ids([mode.name for mode in task.modes], f"modes of {where}")
        for mode in task.modes:
            if not 0 <= mode.duration <= LONGEST_HORIZON:
                complain(f"its duration is {mode.duration}", where, f"give 0 to {LONGEST_HORIZON} periods")
            check_amounts(mode, where, renewable, consumable)


def check_amounts(mode: Mode, where: str, renewable: set[str], consumable: set[str]) -> None:
    """Raise where a mode holds or uses what is not of that kind."""
    for given, known, kind in ((mode.demands, renewable, "renewable"), (mode.uses, consumable, "consumable")):
        for name, units in given.items():
            if name not in known:
                complain(f"{name!r} is no {kind} resource", where, f"name a {kind} resource of the project")
            check_amount(units, f"{where}, resource {name!r}")


def check_lags(project: Project) -> None:
    """Raise where a lag names an unknown task, ties a task to itself or closes a circle."""
    known = {task.id for task in project.tasks}
    for lag in project.lags:
        where = f"lag from {lag.before!r} to {lag.after!r}"
        for name in (lag.before, lag.after):
            if name not in known:
                complain(f"the task {name!r} is unknown", where, "name a task of the project")
        if lag.before == lag.after:
            complain("it ties a task to itself", where, "name two tasks")
        if abs(lag.least) > LONGEST_HORIZON or abs(lag.most or 0) > LONGEST_HORIZON:
            complain(f"it is {lag.least} to {lag.most} periods", where, f"give at most {LONGEST_HORIZON}")
        if lag.most is not None and lag.most < lag.least:
            complain(f"at least {lag.least} and at most {lag.most} periods", where, "give a least below the most")
    circle = find_circle(project)
    if circle:
        complain(
            "tasks wait for each other in a circle: " + " -> ".join(walk(circle)),
            "lags",
            "take one of these lags away",
            "none of them could ever start",
        )


def walk(circle: Sequence[str]) -> Iterator[str]:
    """Yield the tasks of a circle, and the first once more."""
    yield from circle
    yield circle[0]
