"""Why a task does not start earlier: the rule that the earlier start would break, and whose work is behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from comity.plan.errors import BadProject
from comity.plan.project import Calendar, Mode, Project, Task, Timetable
from comity.plan.schedule.calendar import WorkingTime, open_calendars
from comity.plan.schedule.verify import Violation, check_timetable, confirm_timetable, list_pieces


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps a task from starting earlier.

    Parameters
    ----------
    task : str
        The task that is kept.
    kind : str
        `window`, `lag`, `resource`, `calendar` (the periods before are closed, and nothing else binds in them), `start`
        (it starts with the plan) or `room` (nothing: it could start earlier).
    by : tuple of str
        Tasks behind it: the one waited for, or those that hold the resource. Of a calendar: those that keep the task
        from the last start before the calendar closes.
    subject : str
        The resource, the lag's two tasks, or the calendar; else the task itself.
    what : str
        The rule that an earlier start would break, with its values.
    """

    task: str
    kind: str
    by: tuple[str, ...]
    subject: str
    what: str


def explain_start(
    project: Project, timetable: Timetable, task: str, among: Collection[str] | None = None
) -> tuple[Reason, ...]:
    """Return why a task does not start earlier, and why the task behind that does not, back to the plan's first day.

    The task is moved to its next earlier start with all others fixed; what the verifier then finds broken is the
    reason. Where closed periods lie between, and the task could start in the last of them if it were open, the reason
    is the calendar. The chain goes on with the task behind the reason that finishes last. So it names one binding
    chain; where several bind, the first reason of each link names the rule, and `by` all who stand behind it.

    Parameters
    ----------
    project : Project
        What the timetable respects.
    timetable : Timetable
        A valid one.
    task : str
        Id of a task that is done.
    among : collection of str, optional
        The chain goes on only with these, and not past a calendar; with any, and past calendars, where left out.

    Returns
    -------
    tuple of Reason
        From the task back; the last is a window, a calendar, the plan's start or room to start earlier, or what is
        behind it is not `among` the tasks asked for.

    Raises
    ------
    BadProject
        Where the task is not done in the timetable.
    WrongTimetable
        Where the timetable breaks the project.
    """
    confirm_timetable(project, timetable)
    if task not in timetable.starts:
        raise BadProject(f"the task {task!r} is not done", where="timetable", todo="name a task that has a start")
    times = open_calendars(project)
    reasons: list[Reason] = []
    seen: set[str] = set()
    while task not in seen:
        seen.add(task)
        reason = find_reason(project, timetable, task, times)
        reasons.append(reason)
        behind = [name for name in reason.by if timetable.starts[name] <= timetable.starts[task] and name not in seen]
        if among is not None:
            behind = [name for name in behind if name in among and reason.kind != "calendar"]
        if not behind:
            break
        task = max(behind, key=lambda name: (timetable.finishes[name], name))
    return tuple(reasons)


def find_reason(project: Project, timetable: Timetable, name: str, times: Mapping[str | None, WorkingTime]) -> Reason:
    """Return the first rule that the next earlier start of a task would break, or the calendar that closes it."""
    task = next(task for task in project.tasks if task.id == name)
    mode = next(mode for mode in task.modes if mode.name == timetable.modes[name])
    start = timetable.starts[name]
    if start == 0:
        return Reason(name, "start", (), name, "starts with the plan")
    starts, finishes = (values.tolist() for values in times[task.calendar].follow_starts(mode.duration))
    earlier = [place for place, other in enumerate(starts) if other < start]
    kept: Reason | None = None
    if earlier:
        at = starts[earlier[-1]]
        kept = try_place(project, timetable, (task, mode), (at, finishes[earlier[-1]]))
        if kept is None:
            return Reason(name, "room", (), name, f"could start in {at} while the others stay")
        if at == start - 1:
            return kept
    opened, free = open_before(project, task, start)
    begins, ends = (values.tolist() for values in open_calendars(opened)[free.calendar].follow_starts(mode.duration))
    place = begins.index(start - 1)
    tight = try_place(opened, timetable, (free, mode), (begins[place], ends[place]))
    if tight is not None:
        return tight
    what = f"{task.calendar} is closed until period {start}"
    return Reason(name, "calendar", kept.by if kept else (), str(task.calendar), what)


def try_place(project: Project, timetable: Timetable, own: tuple[Task, Mode], place: tuple[int, int]) -> Reason | None:
    """Return the first rule that a task breaks at another start and finish while the others stay; None for none."""
    name = own[0].id
    moved = replace(
        timetable,
        starts={**timetable.starts, name: place[0]},
        finishes={**timetable.finishes, name: place[1]},
        bound=0,
    )
    broken = check_timetable(project, moved)
    if not broken:
        return None
    first = broken[0]
    return Reason(name, first.rule, find_holders(project, moved, first, own), first.subject, first.what)


def open_before(project: Project, task: Task, start: int) -> tuple[Project, Task]:
    """Return the project in which a task alone may also work in the period before its start, and that task."""
    closed = next(calendar.closed for calendar in project.calendars if calendar.id == task.calendar)
    pieces = ((low, min(high, start - 1)) for low, high in closed if low < start - 1)
    rest = (*pieces, *((max(low, start), high) for low, high in closed if high > start))
    own = Calendar(f"{task.calendar} for {task.id}", rest)
    free = replace(task, calendar=own.id)
    tasks = tuple(free if other is task else other for other in project.tasks)
    return replace(project, tasks=tasks, calendars=(*project.calendars, own)), free


def find_holders(project: Project, moved: Timetable, broken: Violation, own: tuple[Task, Mode]) -> tuple[str, ...]:
    """Return the other tasks behind a broken rule: the other end of a lag, or who holds or spends the resource."""
    task, mode = own
    if broken.rule == "lag":
        return tuple(
            other
            for lag in project.lags
            if f"{lag.before} {lag.after}" == broken.subject
            for other in (lag.before, lag.after)
            if other != task.id
        )[:1]
    if broken.rule != "resource":
        return ()
    return tuple(
        other.id
        for other in project.tasks
        if other.id != task.id and other.id in moved.starts and shares_resource(project, moved, other, broken, own)
    )


def shares_resource(project: Project, moved: Timetable, other: Task, broken: Violation, own: tuple[Task, Mode]) -> bool:
    """Tell whether another task holds a resource while a task works, or spends of it."""
    task, _ = own
    mode = next(mode for mode in other.modes if mode.name == moved.modes[other.id])
    if mode.uses.get(broken.subject):
        return True
    if not mode.demands.get(broken.subject):
        return False
    pieces = list_pieces(other, (moved.starts[other.id], moved.finishes[other.id]), project)
    mine = list_pieces(task, (moved.starts[task.id], moved.finishes[task.id]), project)
    return any(first < end and begin < last for first, last in pieces for begin, end in mine)
