"""Dates that hold: the same order of work in many scenarios of durations, and the date that a stated share keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.plan.errors import BadProject
from comity.plan.project import Project, Timetable
from comity.plan.schedule.network import draw_network
from comity.plan.schedule.runs import run_scenarios
from comity.plan.schedule.verify import confirm_timetable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

RATES = (0.5, 0.8, 0.9)
"""Hit rates for which dates are given where none are named."""
BATCHES = 10
"""Batches of 1,000 scenarios from which a date is read: the noise of one alone would be two points of the rate."""
GRID = 2001
"""Points of the distribution function that is turned round."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long a task may take in one of its modes: at best, most likely and at worst [working periods]."""

    task: str
    mode: str
    best: int
    likely: int
    worst: int


@dataclass(frozen=True, slots=True)
class FirmDate:
    """A date for a task's finish, and how often it is kept.

    Parameters
    ----------
    task : str
        Id of the task.
    asked : float
        The hit rate asked for.
    rate : float
        Share of scenarios in which the task is finished by `date`: the stated rate. Periods are whole, so it is at
        least the rate asked for.
    date : int
        Period by whose beginning the task is finished [periods].
    planned : int
        The finish in the timetable.
    """

    task: str
    asked: float
    rate: float
    date: int
    planned: int


def schedule_dates(
    project: Project,
    timetable: Timetable,
    spreads: Sequence[Spread],
    *,
    rates: Sequence[float] = RATES,
    milestones: Sequence[str] | None = None,
    seed: int = 0,
) -> tuple[FirmDate, ...]:
    """Return for each milestone the earliest date that is kept in at least a stated share of duration scenarios.

    The timetable is read as a policy: no task starts before its date in it, nor before one that stands earlier in it;
    each starts then, or as soon after as what it waits for is finished and its resources are free. Such a policy uses
    nothing that is not known when a task starts, and nobody has to be ready before the day that the plan names. Ten
    times 1,000 scenarios of durations are drawn, each thousand spread evenly over each task's distribution (Latin
    hypercube), and the dates read off. It says nothing of risks outside the spreads, and takes the
    durations of different tasks as independent: where one cause lengthens many tasks, the dates are too early.

    Parameters
    ----------
    project : Project
        What the timetable respects; its horizon and the tasks' latest dates do not stop a scenario.
    timetable : Timetable
        A valid one.
    spreads : sequence of Spread
        Tasks not named take exactly the duration of their mode.
    rates : sequence of float
        Hit rates asked for, above 0 and below 1.
    milestones : sequence of str, optional
        Tasks whose finish is asked for; None: those that nothing waits for.
    seed : int
        Of the scenarios.

    Returns
    -------
    tuple of FirmDate
        By milestone, then by rate.

    Raises
    ------
    BadProject
        Where a spread names an unknown task or mode, its numbers are out of order, or a rate is out of range.

    References
    ----------
    `malcolm-1959`, `stork-2001`, `vandevonder-2007`, `mckay-1979`
    """
    import numpy as np

    confirm_timetable(project, timetable)
    for rate in rates:
        if not 0 < rate < 1:
            raise BadProject(f"a hit rate is {rate}", where="rates", todo="give shares above 0 and below 1")
    names = name_milestones(project, timetable, milestones)
    seeds = np.random.SeedSequence(seed).generate_state(BATCHES).tolist()
    batches = [simulate_finishes(project, timetable, spreads, seed=batch) for batch in seeds]
    found = []
    for name in names:
        ordered = np.sort(np.concatenate([finishes[name] for finishes in batches]))
        for rate in rates:
            date = int(ordered[int(np.ceil(rate * ordered.size)) - 1])
            kept = float((ordered <= date).mean())
            found.append(FirmDate(name, rate, kept, date, timetable.finishes[name]))
    return tuple(found)


def name_milestones(project: Project, timetable: Timetable, milestones: Sequence[str] | None) -> list[str]:
    """Return the milestones, or the tasks that nothing waits for."""
    if milestones is None:
        waited = {lag.before for lag in project.lags if lag.after in timetable.starts}
        return [name for name in timetable.starts if name not in waited]
    for name in milestones:
        if name not in timetable.starts:
            raise BadProject(f"the task {name!r} is not done", where="milestones", todo="name a task that has a start")
    return list(milestones)


def simulate_finishes(
    project: Project,
    timetable: Timetable,
    spreads: Sequence[Spread],
    *,
    scenarios: int = 1000,
    seed: int = 0,
    even: bool = True,
) -> dict[str, Whole]:
    """Return the finish of each task in every scenario, as the timetable's order of work leads to it [periods].

    Parameters
    ----------
    project, timetable, spreads, seed
        As in `schedule_dates`.
    scenarios : int
        How many.
    even : bool
        Whether each task's durations are spread evenly over its distribution; False: drawn independently.

    Returns
    -------
    dict of str to array, shape (scenarios,)
        By task; a scenario that meets no end within the periods kept account of shows the last of them.
    """
    import numpy as np

    by_task = check_spreads(timetable, spreads)
    worst = sum(spread.worst for spread in by_task.values())
    span = 2 * project.horizon + worst + 1
    network = draw_network(replace(release_tasks(project, timetable), horizon=span), timetable.modes, span)
    rng = np.random.default_rng(seed)
    durations = np.tile(network.durations, (scenarios, 1))
    for place, task in enumerate(network.tasks):
        chances = rng.random(scenarios)
        if even:
            chances = (rng.permutation(scenarios) + chances) / scenarios
        if task.id in by_task:
            durations[:, place] = draw_durations(by_task[task.id], chances)
    starts = np.array([timetable.starts[task.id] for task in network.tasks])
    finishes = run_scenarios(network, np.lexsort((np.arange(network.size), starts)), durations)
    return {task.id: finishes[:, place] for place, task in enumerate(network.tasks)}


def release_tasks(project: Project, timetable: Timetable) -> Project:
    """Return the project with each task that is done released no earlier than it starts in the timetable."""
    starts = timetable.starts
    tasks = tuple(replace(task, earliest=max(task.earliest, starts.get(task.id, 0))) for task in project.tasks)
    return replace(project, tasks=tasks)


def check_spreads(timetable: Timetable, spreads: Sequence[Spread]) -> dict[str, Spread]:
    """Return the spread of each task in its mode; raise where one is not a spread."""
    found = {}
    for spread in spreads:
        if not 0 <= spread.best <= spread.likely <= spread.worst:
            what = f"best {spread.best}, likely {spread.likely}, worst {spread.worst}"
            raise BadProject(what, where=f"spread of {spread.task!r}", todo="give 0 <= best <= likely <= worst")
        if timetable.modes.get(spread.task) == spread.mode:
            found[spread.task] = spread
    return found


def draw_durations(spread: Spread, chances: NDArray[np.float64]) -> Whole:
    """Return whole durations for chances between 0 and 1, by the inverse of the distribution function.

    The beta distribution of PERT has mean (best + 4 likely + worst) / 6.
    """
    import numpy as np

    width = spread.worst - spread.best
    if width == 0:
        return np.full(chances.size, spread.best, dtype=np.int64)
    grid = np.linspace(0.0, 1.0, GRID)
    peak = (spread.likely - spread.best) / width
    density = grid ** (4 * peak) * (1 - grid) ** (4 * (1 - peak))
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.rint(spread.best + width * np.interp(chances, total / total[-1], grid)).astype(np.int64)
