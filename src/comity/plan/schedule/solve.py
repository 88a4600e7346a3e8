"""The shortest timetable: of a classical project by two searches side by side, of any other by its model."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.plan.errors import BadProject, NoTimetable, OutOfTime
from comity.plan.project import Project, Timetable
from comity.plan.schedule.bounds import bound_makespan
from comity.plan.schedule.check import check_project
from comity.plan.schedule.composed import Composed
from comity.plan.schedule.decision import read_network
from comity.plan.schedule.model import compose_model, load_solver, read_timetable
from comity.plan.schedule.network import draw_network, is_open, is_plain, measure_project
from comity.plan.schedule.population import load_placement
from comity.plan.schedule.race import Race, run_race
from comity.plan.schedule.verify import confirm_timetable
from comity.plan.schedule.ways import open_modes

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

MOST_BRED = 2000
"""Tasks of a plain project beyond which a population is too slow, and the model is solved at once."""
OPENING = 0.4
"""Part of an effort that goes into an opening of several modes."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long, with how many workers and from which seed a timetable is searched.

    Parameters
    ----------
    seconds : float
        Time for the whole search [s]; of the solver's deterministic clock where `reproducible`.
    workers : int
        Threads of the solver.
    seed : int
        Of every chance.
    reproducible : bool
        Same inputs and seed give the same timetable, on any load: work is counted instead of time, and the solver's
        workers take turns. It costs speed: the workers then wait for each other.
    """

    seconds: float = 10.0
    workers: int = 2
    seed: int = 0
    reproducible: bool = False


def schedule_tasks(
    project: Project, *, seconds: float = 10.0, workers: int = 2, seed: int = 0, reproducible: bool = False
) -> Timetable:
    """Return the shortest timetable found of everything that must be done, with a bound on how short one can be.

    Optional options are left out unless another needs them. A classical project (one mode a task, no windows, nothing
    spent) is searched from two sides: orders are bred and parts set free for shorter timetables, while a question
    after one period less proves that there are none. Any other goes to the constraint model as a whole; where tasks
    have several modes and nothing else is special, with a timetable whose orders and modes were bred. Each answer
    passes `check_timetable` before it is returned. With one worker, or reproducible, the two take turns.

    Parameters
    ----------
    project : Project
        What the timetable must respect.
    seconds : float
        Time for the search [s].
    workers : int
        Threads; of a classical project at most two are used.
    seed : int
        Of every chance.
    reproducible : bool
        As in `Effort`: the same bytes on any load, slower.

    Returns
    -------
    Timetable
        Valid; `bound` is a period before which none finishes, and `optimal` tells whether the two meet.

    Raises
    ------
    BadProject
        Where the project contradicts its own form.
    NoTimetable
        Where none exists, or none was found in the time given; the message says which.

    References
    ----------
    `hartmann-1998`, `hartmann-2001`, `valls-2005`, `bouleimen-2003`, `godard-2005`, `klein-1999`, `laborie-2018`,
    `perron-2023`

    Examples
    --------
    >>> from comity.plan.project import Lag, Mode, Project, Resource, Task
    >>> lengths = {"survey": 2, "bridge": 5, "school": 4}
    >>> tasks = tuple(Task(name, (Mode(length, {"team": 1}),)) for name, length in lengths.items())
    >>> project = Project(20, tasks, (Lag("survey", "bridge"),), (Resource("team", ((0, 1),)),))
    >>> answer = schedule_tasks(project, seconds=5)
    >>> answer.makespan, answer.optimal
    (11, True)
    """
    check_project(project)
    effort = check_effort(Effort(seconds, workers, seed, reproducible))
    bound = bound_makespan(project)
    if 0 < len(project.tasks) <= MOST_BRED and is_plain(project):
        found = race_timetable(project, effort, bound)
        if found.makespan <= project.horizon:
            return confirm_timetable(project, found)
    return confirm_timetable(project, model_timetable(project, effort, bound))


def model_timetable(project: Project, effort: Effort, bound: int) -> Timetable:
    """Return the best timetable that the model gives; of several modes a bred one opens the search."""
    if is_open(project):
        load_placement()
    begun = time.perf_counter()
    opening = open_modes(project, OPENING * effort.seconds, effort.seed, bound=bound, counted=effort.reproducible)
    if opening is not None and opening.optimal:
        return opening
    composed = compose_model(project)
    composed.model.add(composed.makespan >= min(bound, project.horizon + 1))
    composed.model.minimize(composed.makespan)
    spent = OPENING * effort.seconds if effort.reproducible else time.perf_counter() - begun
    solver = prepare_solver(effort if opening is None else replace(effort, seconds=effort.seconds - spent))
    if opening is None:
        return solve_model(composed, solver)
    hint_timetable(composed, opening)
    composed.model.add(composed.makespan <= opening.makespan)
    try:
        return solve_model(composed, solver)
    except NoTimetable:
        return opening


def check_effort(effort: Effort) -> Effort:
    """Return an effort that can be made; raise where a number is out of range."""
    if not 0 < effort.seconds < math.inf:
        raise BadProject(f"the time is {effort.seconds} seconds", where="seconds", todo="give a positive time")
    if effort.workers < 1:
        raise BadProject(f"{effort.workers} workers", where="workers", todo="give at least 1")
    if not 0 <= effort.seed < 2**31:
        raise BadProject(f"the seed is {effort.seed}", where="seed", todo="give 0 to 2147483647")
    return effort


def race_timetable(project: Project, effort: Effort, bound: int) -> Timetable:
    """Return the best timetable of a plain project, which may overrun the horizon."""
    modes = {task.id: task.modes[0].name for task in project.tasks}
    network = draw_network(project, modes, measure_project(project))
    race = Race(read_network(network), bound, effort.seed, effort.seconds, effort.reproducible)
    run_race(race, abreast=effort.workers > 1 and not effort.reproducible)
    starts = {task.id: start for task, start in zip(network.tasks, race.starts, strict=True)}
    finishes = {task.id: starts[task.id] + task.modes[0].duration for task in project.tasks}
    return Timetable({task.id: starts[task.id] for task in project.tasks}, finishes, modes, (), race.bound)


def hint_timetable(composed: Composed, timetable: Timetable) -> None:
    """Give a model the timetable from which its search starts."""
    for name, start in timetable.starts.items():
        composed.model.add_hint(composed.starts[name], start)
        composed.model.add_hint(composed.ends[name], timetable.finishes[name])
        used = composed.modes[name]
        if len(used) > 1:
            for mode, literal in used.items():
                composed.model.add_hint(literal, mode == timetable.modes[name])
    for option, literal in composed.chosen.items():
        composed.model.add_hint(literal, option in timetable.chosen)


def prepare_solver(effort: Effort) -> cp_model.CpSolver:
    """Return the solver set up for an effort."""
    solver: cp_model.CpSolver = load_solver().CpSolver()
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    solver.parameters.use_overload_checker_in_cumulative = True
    if effort.reproducible:
        solver.parameters.interleave_search = True
        solver.parameters.max_deterministic_time = effort.seconds
    else:
        solver.parameters.max_time_in_seconds = effort.seconds
    return solver


def solve_model(composed: Composed, solver: cp_model.CpSolver) -> Timetable:
    """Return what a solver finds for a model that minimises the makespan."""
    cp_model = load_solver()
    status = solver.solve(composed.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return read_timetable(composed, solver, bound=math.ceil(solver.best_objective_bound - 1e-6))
    if status == cp_model.INFEASIBLE:
        raise NoTimetable(
            "no timetable respects everything that the project asks",
            where=f"horizon of {composed.project.horizon} periods",
            why="lags, windows, capacities and choices contradict each other",
            todo="take away a requirement, widen a window or add to a resource",
        )
    raise OutOfTime(
        "no timetable was found in the time given; one may exist",
        where=f"{len(composed.project.tasks)} tasks",
        todo="give more time",
    )
