"""How far each task of a timetable may move, and the chain that has no room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from comity.plan.project import Mode, Project, Task, Timetable
from comity.plan.schedule.explanation import explain_start
from comity.plan.schedule.holding import hold_timetable
from comity.plan.schedule.verify import confirm_timetable


@dataclass(frozen=True, slots=True)
class Slack:
    """Room of one task.

    Parameters
    ----------
    task : str
        Id of the task.
    free : int
        Periods by which it may start later, any of them, while every other task stays [periods].
    total : int
        Periods by which it starts later in the latest timetable of the same makespan [periods]; at least `free`,
        unless another task that moves late takes that room.
    critical : bool
        Whether `total` is 0: a delay of the task alone delays the plan, as long as the order is kept.
    """

    task: str
    free: int
    total: int
    critical: bool


def measure_slack(project: Project, timetable: Timetable) -> tuple[Slack, ...]:
    """Return the free and the total slack of each task that is done, with scarce resources taken into account.

    Free slack tries every later start with all other tasks fixed. Total slack compares with one latest timetable: the
    tasks are taken from the last finish back, and each is moved as late as the others and the makespan allow. Both are
    resource-aware: slack on paper that no team could use is not counted.

    Parameters
    ----------
    project : Project
        What the timetable respects.
    timetable : Timetable
        A valid one.

    Returns
    -------
    tuple of Slack
        In the order of the project's tasks.

    Raises
    ------
    WrongTimetable
        Where the timetable breaks the project.

    References
    ----------
    `bowers-1995`, `valls-2005`
    """
    confirm_timetable(project, timetable)
    bounded = replace(project, tasks=tuple(bound_task(task, timetable.makespan) for task in project.tasks))
    done = [task for task in bounded.tasks if task.id in timetable.starts]
    modes = {task.id: find_mode(task, timetable) for task in done}
    holding = hold_timetable(bounded, timetable)
    free = {}
    for task in done:
        start = timetable.starts[task.id]
        holding.place(task, modes[task.id], start, -1)
        open_starts = holding.times[task.calendar].follow_starts(modes[task.id].duration)[0].tolist()
        free[task.id] = count_shift(holding.list_starts(task, modes[task.id])[0].tolist(), open_starts, start)
        holding.place(task, modes[task.id], start)
    late = {}
    for task in sorted(done, key=lambda one: (-timetable.finishes[one.id], -timetable.starts[one.id])):
        holding.place(task, modes[task.id], timetable.starts[task.id], -1)
        late[task.id] = max(holding.list_starts(task, modes[task.id])[0].tolist())
        holding.place(task, modes[task.id], late[task.id])
    rows = []
    for task in done:
        total = late[task.id] - timetable.starts[task.id]
        rows.append(Slack(task.id, free[task.id], total, total == 0))
    return tuple(rows)


def bound_task(task: Task, makespan: int) -> Task:
    """Return a task that must be finished by the makespan."""
    return replace(task, latest=makespan if task.latest is None else min(task.latest, makespan))


def find_mode(task: Task, timetable: Timetable) -> Mode:
    """Return the mode in which a task is done."""
    return next(mode for mode in task.modes if mode.name == timetable.modes[task.id])


def count_shift(possible: list[int], starts: list[int], start: int) -> int:
    """Return the periods to the last of the unbroken run of possible starts behind the present one."""
    known = set(possible)
    last = start
    for other in starts[starts.index(start) :]:
        if other not in known:
            break
        last = other
    return last - start


def find_chain(project: Project, timetable: Timetable, critical: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the critical chain: from the plan's last finish back, the tasks without slack that hold each other there.

    It ends where a window, a calendar or the plan's beginning holds a task, or a task that has slack.

    Parameters
    ----------
    project : Project
        What the timetable respects.
    timetable : Timetable
        A valid one.
    critical : collection of str, optional
        The tasks without slack, where they are known from `measure_slack`.

    Returns
    -------
    tuple of str
        Tasks by start; empty where nothing is done.
    """
    if not timetable.finishes:
        return ()
    if critical is None:
        critical = {row.task for row in measure_slack(project, timetable) if row.critical}
    last = max(timetable.finishes, key=lambda name: (timetable.finishes[name], timetable.starts[name]))
    reasons = explain_start(project, timetable, last, among=critical)
    return tuple(dict.fromkeys([*(reason.task for reason in reversed(reasons)), last]))
