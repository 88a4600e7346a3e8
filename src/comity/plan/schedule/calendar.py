"""Working time: when a task finishes that rests in the periods which its calendar closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from comity.plan.project import Project, Steps, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Periods = NDArray[np.int64]


@dataclass(frozen=True)
class WorkingTime:
    """The open periods of one calendar up to a horizon.

    Parameters
    ----------
    horizon : int
        Period by whose beginning all is finished.
    closed : tuple of (int, int)
        Half-open spans in which work rests, sorted and disjoint.
    """

    horizon: int
    closed: Steps = ()

    @cached_property
    def rests(self) -> bool:
        """Whether any period before the horizon is closed."""
        return any(first < self.horizon for first, _ in self.closed)

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Whether each period is open, shape (horizon,)."""
        import numpy as np

        given = np.ones(self.horizon, dtype=bool)
        for first, last in self.closed:
            given[first:last] = False
        return given

    @cached_property
    def opens(self) -> Periods:
        """The open periods in order."""
        import numpy as np

        return np.flatnonzero(self.is_open)

    def follow_starts(self, duration: int) -> tuple[Periods, Periods]:
        """Return every possible start of a task, and the finish that each leads to.

        A task of one period or more starts in an open period and finishes at the end of the last period that it works
        in; a task of no duration may stand at any moment, the horizon among them.
        """
        import numpy as np

        if duration == 0:
            moments = np.arange(self.horizon + 1)
            return moments, moments
        if not self.rests:
            starts = np.arange(max(0, self.horizon - duration + 1))
            return starts, starts + duration
        count = max(0, self.opens.size - duration + 1)
        return self.opens[:count], self.opens[duration - 1 :] + 1

    def split_shifts(self, duration: int) -> dict[int, list[list[int]]]:
        """Return, for each number of resting periods inside a task, the closed ranges of starts that lead to it."""
        import numpy as np

        starts, finishes = self.follow_starts(duration)
        shifts = finishes - starts - duration
        found: dict[int, list[list[int]]] = {}
        breaks = np.flatnonzero((np.diff(starts) != 1) | (np.diff(shifts) != 0)) + 1
        for run in np.split(np.arange(starts.size), breaks):
            if run.size:
                found.setdefault(int(shifts[run[0]]), []).append([int(starts[run[0]]), int(starts[run[-1]])])
        return found


def open_calendars(project: Project) -> Mapping[str | None, WorkingTime]:
    """Return the working time of every calendar of a project; under None, time that never rests."""
    given: dict[str | None, WorkingTime] = {None: WorkingTime(project.horizon)}
    for calendar in project.calendars:
        given[calendar.id] = WorkingTime(project.horizon, calendar.closed)
    return given


def name_calendar(task: Task, times: Mapping[str | None, WorkingTime]) -> str | None:
    """Return the calendar that makes a difference to a task; None where it never rests."""
    return task.calendar if times[task.calendar].rests else None
