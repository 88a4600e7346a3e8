"""Whether a timetable respects a project: plain arithmetic over periods, without a model and without a solver."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from comity.plan.errors import WrongTimetable
from comity.plan.project import Lag, Mode, Option, Project, Resource, Task, Timetable

Moments = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One rule that a timetable breaks.

    Parameters
    ----------
    rule : str
        `options`, `tasks`, `work`, `window`, `lag`, `resource` or `bound`.
    subject : str
        Id of the option, task or resource; of a lag, its two tasks.
    what : str
        What is wrong, with the values.
    """

    rule: str
    subject: str
    what: str


def check_timetable(project: Project, timetable: Timetable) -> list[Violation]:
    """Return every rule of a project that a timetable breaks; none where it is valid.

    Parameters
    ----------
    project : Project
        What the timetable must respect.
    timetable : Timetable
        Starts, finishes and modes to be checked; nothing in it is believed.

    Returns
    -------
    list of Violation
        In the order of options, tasks, lags and resources; empty where every rule is kept.

    Examples
    --------
    >>> from comity.plan.project import Mode, Project, Task, Timetable
    >>> project = Project(horizon=9, tasks=(Task("survey", (Mode(3),), earliest=2),))
    >>> early = Timetable({"survey": 1}, {"survey": 4}, {"survey": "only"}, (), 0)
    >>> check_timetable(project, early)
    [Violation(rule='window', subject='survey', what='starts in 1, may start from 2')]
    """
    found = list(list_wrong_choices(project, timetable))
    work: dict[str, tuple[Task, Mode]] = {}
    for task in project.tasks:
        wrong, mode = follow_task(task, project, timetable)
        found.extend(wrong)
        if mode is not None:
            work[task.id] = (task, mode)
    strangers = sorted(
        (set(timetable.starts) | set(timetable.finishes) | set(timetable.modes)) - {task.id for task in project.tasks}
    )
    found.extend(Violation("tasks", name, "is no task of the project") for name in strangers)
    moments = {name: (timetable.starts[name], timetable.finishes[name]) for name in work}
    for lag in project.lags:
        found.extend(follow_lag(lag, moments))
    for resource in project.resources:
        follow = follow_renewable if resource.renewable else follow_consumable
        found.extend(follow(resource, project, work, moments))
    if timetable.bound > timetable.makespan:
        what = f"nothing is said to finish before {timetable.bound}, this finishes at {timetable.makespan}"
        found.append(Violation("bound", "timetable", what))
    return found


def confirm_timetable(project: Project, timetable: Timetable) -> Timetable:
    """Return a timetable that respects a project; raise, naming every broken rule, where it does not."""
    wrong = check_timetable(project, timetable)
    if wrong:
        lines = [f"{item.rule} {item.subject}: {item.what}" for item in wrong[:20]]
        raise WrongTimetable(
            "the timetable breaks the project:\n" + "\n".join(lines),
            where="the schedule engine",
            why="work planned by it could not be done",
            todo="report the project that led to it",
        )
    return timetable


def list_wrong_choices(project: Project, timetable: Timetable) -> Iterator[Violation]:
    """Yield where the chosen options break what they ask of each other or of the plan."""
    chosen = set(timetable.chosen)
    known = {option.id for option in project.options}
    for name in sorted(chosen - known):
        yield Violation("options", name, "is no option of the project")
    if len(timetable.chosen) != len(chosen):
        yield Violation("options", "timetable", "an option is chosen twice")
    for option in project.options:
        if option.id in chosen:
            yield from (Violation("options", option.id, what) for what in list_clashes(option, chosen))
        elif option.required:
            yield Violation("options", option.id, "is required and not chosen")


def list_clashes(option: Option, chosen: set[str]) -> list[str]:
    """Return what forbids an option that is chosen."""
    return [
        *(["is forbidden and chosen"] if option.forbidden else []),
        *(f"is chosen without the consent of {party}" for party in option.withheld),
        *(f"is chosen without {name}, which it needs" for name in option.needs if name not in chosen),
        *(f"is chosen beside {name}, which it excludes" for name in option.excludes if name in chosen),
    ]


def follow_task(task: Task, project: Project, timetable: Timetable) -> tuple[list[Violation], Mode | None]:
    """Return what is wrong with one task, and its mode where it is done."""
    held = [task.id in given for given in (timetable.starts, timetable.finishes, timetable.modes)]
    if not (task.initiative is None or task.initiative in timetable.chosen):
        return ([Violation("tasks", task.id, "is timed although its option is not chosen")] if any(held) else []), None
    if not all(held):
        return [Violation("tasks", task.id, "lacks a start, a finish or a mode")], None
    mode = next((mode for mode in task.modes if mode.name == timetable.modes[task.id]), None)
    if mode is None:
        return [Violation("tasks", task.id, f"has no mode {timetable.modes[task.id]!r}")], None
    start, finish = timetable.starts[task.id], timetable.finishes[task.id]
    found = list(follow_work(task, mode, (start, finish), project))
    if start < task.earliest:
        found.append(Violation("window", task.id, f"starts in {start}, may start from {task.earliest}"))
    latest = project.horizon if task.latest is None else min(task.latest, project.horizon)
    if finish > latest:
        found.append(Violation("window", task.id, f"finishes at {finish}, must be finished by {latest}"))
    return found, mode


def follow_work(task: Task, mode: Mode, moments: tuple[int, int], project: Project) -> Iterator[Violation]:
    """Yield where start and finish do not hold exactly the working periods of the mode."""
    start, finish = moments
    if mode.duration == 0:
        if start != finish:
            yield Violation("work", task.id, f"takes no time and lies between {start} and {finish}")
        return
    pieces = list_pieces(task, moments, project)
    worked = sum(last - first for first, last in pieces)
    if worked != mode.duration:
        yield Violation("work", task.id, f"works {worked} periods between {start} and {finish}, not {mode.duration}")
    elif pieces[0][0] != start or pieces[-1][1] != finish:
        yield Violation("work", task.id, f"starts in {start} or finishes at {finish} while it rests")


def list_pieces(task: Task, moments: tuple[int, int], project: Project) -> list[tuple[int, int]]:
    """Return the half-open spans in which a task works."""
    start, finish = moments
    closed = next((calendar.closed for calendar in project.calendars if calendar.id == task.calendar), ())
    pieces, place = [], start
    for first, last in closed:
        if last <= place:
            continue
        if first >= finish:
            break
        if first > place:
            pieces.append((place, first))
        place = last
    if place < finish:
        pieces.append((place, finish))
    return pieces


def follow_lag(lag: Lag, moments: Moments) -> Iterator[Violation]:
    """Yield where two tasks lie nearer or farther than a lag allows."""
    if lag.before not in moments or lag.after not in moments:
        return
    first, second = lag.kind.split("-")
    gap = moments[lag.after][second == "finish"] - moments[lag.before][first == "finish"]
    if gap < lag.least or (lag.most is not None and gap > lag.most):
        what = f"{lag.kind} is {gap}, must be {lag.least} to {'any' if lag.most is None else lag.most}"
        yield Violation("lag", f"{lag.before} {lag.after}", what)


def follow_renewable(
    resource: Resource, project: Project, work: Mapping[str, tuple[Task, Mode]], moments: Moments
) -> Iterator[Violation]:
    """Yield the first period in which more of a resource is held than there is."""
    changes: dict[int, int] = {}
    for name, (task, mode) in work.items():
        units = mode.demands.get(resource.id, 0)
        for first, last in list_pieces(task, moments[name], project) if units and mode.duration else ():
            changes[first] = changes.get(first, 0) + units
            changes[last] = changes.get(last, 0) - units
    steps = [period for period, _ in resource.capacity]
    held = 0
    for period in sorted({*changes, *steps}):
        held += changes.get(period, 0)
        place = bisect_right(steps, period)
        units = resource.capacity[place - 1][1] if place else 0
        if held > units:
            yield Violation("resource", resource.id, f"{held} units are held in period {period}, there are {units}")
            return


def follow_consumable(
    resource: Resource, project: Project, work: Mapping[str, tuple[Task, Mode]], moments: Moments
) -> Iterator[Violation]:
    """Yield the first arrival before whose successor more is spent than there is."""
    steps = [period for period, _ in resource.capacity]
    spent = [0] * (len(steps) + 1)
    for name, (_, mode) in work.items():
        spent[bisect_right(steps, moments[name][0])] += mode.uses.get(resource.id, 0)
    given = [0, *(units for _, units in resource.capacity)]
    if resource.carries:
        spent, given = list(accumulate(spent)), list(accumulate(given))
    for place, (out, held) in enumerate(zip(spent, given, strict=True)):
        if out > held:
            since = steps[place - 1] if place else 0
            yield Violation("resource", resource.id, f"{out} units are spent from period {since} on, there are {held}")
            return
