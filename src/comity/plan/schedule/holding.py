"""What the other tasks leave to one: the starts that it could have while they stay where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.plan.project import Lag, Mode, Project, Resource, Task, Timetable
from comity.plan.schedule.calendar import WorkingTime, open_calendars

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass
class Holding:
    """Tasks that have been placed, and what is left of each resource.

    Parameters
    ----------
    project : Project
        What is to be respected.
    times : mapping of str to WorkingTime
        By calendar.
    left : dict of str to array
        Of a renewable resource: units free in each period. Of a consumable one: units not yet booked, by arrival (the
        first entry: before the first).
    placed : dict of str to (int, int, Mode)
        Start, finish and mode of each task placed so far.
    lags : dict of str to list of Lag
        The lags that touch each task.
    """

    project: Project
    times: Mapping[str | None, WorkingTime]
    left: dict[str, Whole]
    placed: dict[str, tuple[int, int, Mode]] = field(default_factory=dict)
    lags: dict[str, list[Lag]] = field(default_factory=dict)

    def place(self, task: Task, mode: Mode, start: int, sign: int = 1) -> None:
        """Book a task from a start on; with sign -1, take it away again."""
        periods = self.list_work(task, mode, start)
        finish = int(periods[-1]) + 1 if mode.duration else start
        for name, units in mode.demands.items():
            self.left[name][periods] -= sign * units
        for name, units in mode.uses.items():
            self.left[name][self.find_arrival(name, start)] -= sign * units
        if sign > 0:
            self.placed[task.id] = (start, finish, mode)
        else:
            del self.placed[task.id]

    def list_work(self, task: Task, mode: Mode, start: int) -> Whole:
        """Return the periods in which a task works that starts in an open period."""
        import numpy as np

        time = self.times[task.calendar]
        if not time.rests:
            return np.arange(start, start + mode.duration)
        place = int(np.searchsorted(time.opens, start))
        return time.opens[place : place + mode.duration]

    def find_arrival(self, name: str, start: int) -> int:
        """Return the place of the arrival from which a task that starts then is paid; 0 where none has come."""
        resource = next(item for item in self.project.resources if item.id == name)
        return sum(period <= start for period, _ in resource.capacity)

    def list_starts(self, task: Task, mode: Mode) -> tuple[Whole, Whole]:
        """Return every start that a task could have beside the placed ones, and its finishes, both rising."""
        starts, finishes = self.times[task.calendar].follow_starts(mode.duration)
        latest = self.project.horizon if task.latest is None else min(task.latest, self.project.horizon)
        fits = (starts >= task.earliest) & (finishes <= latest)
        for lag in self.lags.get(task.id, ()):
            fits &= self.keep_lag(lag, task, starts, finishes)
        for resource in self.project.resources:
            if mode.demands.get(resource.id) and mode.duration:
                fits &= self.leave_units(resource, task, mode, starts.size)
            if mode.uses.get(resource.id):
                fits &= self.leave_budget(resource, mode, starts)
        return starts[fits], finishes[fits]

    def keep_lag(self, lag: Lag, task: Task, starts: Whole, finishes: Whole) -> Flags:
        """Tell for each start whether a lag to a placed task is kept."""
        import numpy as np

        leads = lag.before == task.id
        other = self.placed.get(lag.after if leads else lag.before)
        if other is None:
            return np.ones(starts.size, dtype=bool)
        first, second = (word == "finish" for word in lag.kind.split("-"))
        own = finishes if (first if leads else second) else starts
        fixed = other[1] if (second if leads else first) else other[0]
        gap = fixed - own if leads else own - fixed
        return np.asarray((gap >= lag.least) & (gap <= lag.most if lag.most is not None else True))

    def leave_units(self, resource: Resource, task: Task, mode: Mode, count: int) -> Flags:
        """Tell for each start whether enough of a renewable resource is free throughout the work."""
        import numpy as np

        short = self.left[resource.id] < mode.demands[resource.id]
        time = self.times[task.calendar]
        total = np.concatenate([[0], np.cumsum(short[time.opens] if time.rests else short)])
        return np.asarray(total[mode.duration : mode.duration + count] == total[:count])

    def leave_budget(self, resource: Resource, mode: Mode, starts: Whole) -> Flags:
        """Tell for each start whether enough of a consumable resource is left, then and for what is booked later."""
        import numpy as np

        left = self.left[resource.id]
        if resource.carries:
            left = np.minimum.accumulate(np.cumsum(left)[::-1])[::-1]
        steps = np.array([period for period, _ in resource.capacity], dtype=np.int64)
        return np.asarray(left[np.searchsorted(steps, starts, side="right")] >= mode.uses[resource.id])


def open_holding(project: Project) -> Holding:
    """Return a project with nothing placed yet."""
    import numpy as np

    left = {}
    for resource in project.resources:
        if resource.renewable:
            left[resource.id] = np.zeros(project.horizon, dtype=np.int64)
            for period, units in resource.capacity:
                left[resource.id][period:] = units
        else:
            left[resource.id] = np.array([0, *(units for _, units in resource.capacity)], dtype=np.int64)
    lags: dict[str, list[Lag]] = {}
    for lag in project.lags:
        lags.setdefault(lag.before, []).append(lag)
        lags.setdefault(lag.after, []).append(lag)
    return Holding(project, open_calendars(project), left, {}, lags)


def hold_timetable(project: Project, timetable: Timetable) -> Holding:
    """Return a project with every task of a valid timetable placed."""
    holding = open_holding(project)
    for task in project.tasks:
        if task.id in timetable.starts:
            mode = next(mode for mode in task.modes if mode.name == timetable.modes[task.id])
            holding.place(task, mode, timetable.starts[task.id])
    return holding
