"""A project as a constraint model: every rule of the table between the rooms, and no objective."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from comity.plan.errors import MissingSolver
from comity.plan.project import Lag, LagKind, Mode, Option, Project, Task, Timetable
from comity.plan.schedule.calendar import WorkingTime, name_calendar, open_calendars
from comity.plan.schedule.check import check_project
from comity.plan.schedule.composed import Composed, Work
from comity.plan.schedule.load import add_resources

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

ANCHORS: Mapping[LagKind, tuple[str, str]] = {
    "finish-start": ("finish", "start"),
    "start-start": ("start", "start"),
    "finish-finish": ("finish", "finish"),
    "start-finish": ("start", "finish"),
}
"""Which moment of the first and of the second task each kind of lag ties together."""


def compose_model(project: Project) -> Composed:
    """Return a project as a constraint model: tasks, options, lags, resources, calendars, windows and the horizon.

    The model is exact: its solutions are the timetables that `check_timetable` accepts. It fails on a project that
    contradicts its own form; one that has no timetable gives a model without a solution.

    Parameters
    ----------
    project : Project
        What a timetable must respect.

    Returns
    -------
    Composed
        The model without an objective, and its variables by name.

    Raises
    ------
    BadProject
        Where an id is unknown or doubled, an amount is negative, or a task has no mode.
    MissingSolver
        Where OR-Tools is not installed.

    References
    ----------
    `laborie-2018`, `perron-2023`
    """
    check_project(project)
    cp_model = load_solver()
    model = cp_model.CpModel()
    chosen = {option.id: model.new_bool_var(f"chosen {option.id}") for option in project.options}
    add_options(model, project.options, chosen)
    times = open_calendars(project)
    always = model.new_constant(1)
    must = {option.id for option in project.options if option.required}
    starts, ends, done, modes, works = {}, {}, {}, {}, []
    for task in project.tasks:
        kept = task.initiative is None or task.initiative in must
        done[task.id] = always if task.initiative is None else chosen[task.initiative]
        frame = add_frame(model, task, project.horizon)
        starts[task.id], ends[task.id] = frame
        given = add_modes(model, task, frame, (done[task.id], kept), times)
        modes[task.id] = {work.mode.name: work.used for work in given}
        works.extend(given)
    makespan = model.new_int_var(0, project.horizon, "makespan")
    composed = Composed(project, model, starts, ends, done, chosen, modes, tuple(works), makespan)
    for task in project.tasks:
        model.add(makespan >= ends[task.id]).only_enforce_if(done[task.id])
    for lag in project.lags:
        add_lag(composed, lag)
    add_resources(composed, times)
    return composed


def read_timetable(composed: Composed, solver: cp_model.CpSolver, *, bound: int = 0) -> Timetable:
    """Return the timetable that a solver found.

    Parameters
    ----------
    composed : Composed
        The model that was solved.
    solver : cp_model.CpSolver
        After a solve that ended feasible or optimal.
    bound : int
        Period before which no timetable of the same question finishes [periods]; 0 where that is not known.

    Returns
    -------
    Timetable
        Starts, finishes and modes of all tasks that are done, in the project's order.
    """
    held = [task.id for task in composed.project.tasks if solver.boolean_value(composed.done[task.id])]
    return Timetable(
        starts={name: solver.value(composed.starts[name]) for name in held},
        finishes={name: solver.value(composed.ends[name]) for name in held},
        modes={
            name: next(m for m, used in composed.modes[name].items() if solver.boolean_value(used)) for name in held
        },
        chosen=tuple(name for name, literal in composed.chosen.items() if solver.boolean_value(literal)),
        bound=bound,
    )


def load_solver() -> ModuleType:
    """Return the module of CP-SAT, or say how to install it."""
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise MissingSolver(
            "the package `ortools` is not installed",
            why="it is the solver beneath choice and timeline; without it no plan can be made",
            todo="install comity with the extra `plan`",
        ) from error
    return cp_model


def add_options(model: cp_model.CpModel, options: Iterable[Option], chosen: Mapping[str, cp_model.IntVar]) -> None:
    """Add what options ask of each other, of the plan and of their parties."""
    for option in options:
        literal = chosen[option.id]
        if option.required:
            model.add_bool_and(literal)
        if option.forbidden or option.withheld:
            model.add_bool_and(~literal)
        for name in option.needs:
            model.add_implication(literal, chosen[name])
        for name in option.excludes:
            model.add_implication(literal, ~chosen[name])


def add_frame(model: cp_model.CpModel, task: Task, horizon: int) -> tuple[cp_model.IntVar, cp_model.IntVar]:
    """Return start and end of a task within its window; one that cannot fit leaves its work to fail, not the model."""
    latest = max(min(horizon, horizon if task.latest is None else task.latest), task.earliest)
    return (
        model.new_int_var(task.earliest, latest, f"start {task.id}"),
        model.new_int_var(task.earliest, latest, f"end {task.id}"),
    )


def add_modes(
    model: cp_model.CpModel,
    task: Task,
    frame: tuple[cp_model.IntVar, cp_model.IntVar],
    held: tuple[cp_model.IntVar, bool],
    times: Mapping[str | None, WorkingTime],
) -> list[Work]:
    """Add the modes of a task, one of which is used where the task is done; without it start and end stand low."""
    done, kept = held
    works = []
    for mode in task.modes:
        used = done if len(task.modes) == 1 else model.new_bool_var(f"mode {task.id} {mode.name}")
        interval = add_interval(model, (task, mode), frame, (used, kept and len(task.modes) == 1), times)
        works.append(Work(task, mode, used, interval, name_calendar(task, times)))
    if len(works) > 1:
        model.add(sum(work.used for work in works) == done)
    if not kept:
        for moment in frame:
            model.add(moment == task.earliest).only_enforce_if(~done)
    return works


def add_interval(
    model: cp_model.CpModel,
    what: tuple[Task, Mode],
    frame: tuple[cp_model.IntVar, cp_model.IntVar],
    held: tuple[cp_model.IntVar, bool],
    times: Mapping[str | None, WorkingTime],
) -> cp_model.IntervalVar:
    """Return the interval of a mode: its duration, and the resting periods that its start brings with it."""
    task, mode = what
    used, kept = held
    start, end = frame
    name = f"work {task.id} {mode.name}"
    calendar = times[task.calendar]
    if not calendar.rests or mode.duration == 0:
        if kept:
            return model.new_interval_var(start, mode.duration, end, name)
        return model.new_optional_interval_var(start, mode.duration, end, used, name)
    size = add_size(model, mode, (start, used), calendar, name)
    return model.new_optional_interval_var(start, size, end, used, name)


def add_size(
    model: cp_model.CpModel,
    mode: Mode,
    frame: tuple[cp_model.IntVar, cp_model.IntVar],
    calendar: WorkingTime,
    name: str,
) -> cp_model.IntVar | cp_model.LinearExpr:
    """Return the length from start to finish: one literal for each number of resting periods that can lie between."""
    cp_model = load_solver()
    start, used = frame
    shifts = calendar.split_shifts(mode.duration)
    literals = {}
    for shift, ranges in shifts.items():
        literals[shift] = model.new_bool_var(f"{name} rests {shift}")
        domain = cp_model.Domain.from_intervals(ranges)
        model.add_linear_expression_in_domain(start, domain).only_enforce_if(literals[shift])
    model.add(sum(literals.values()) == used)
    size = model.new_int_var_from_domain(
        cp_model.Domain.from_values([mode.duration + shift for shift in {0, *shifts}]), f"{name} size"
    )
    model.add(size == mode.duration + sum(shift * literal for shift, literal in literals.items()))
    return size


def add_lag(composed: Composed, lag: Lag) -> None:
    """Add a precedence, binding where both tasks are done."""
    first, second = ANCHORS[lag.kind]
    moments = {"start": composed.starts, "finish": composed.ends}
    gap = moments[second][lag.after] - moments[first][lag.before]
    both = {composed.done[name].index: composed.done[name] for name in (lag.before, lag.after)}
    composed.model.add(gap >= lag.least).only_enforce_if(*both.values())
    if lag.most is not None:
        composed.model.add(gap <= lag.most).only_enforce_if(*both.values())
