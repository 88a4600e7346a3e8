"""What a plan is made of, in whole numbers, and what making one gives: the table between the rooms of `plan`.

Time is counted in periods from the plan's first day (the document says whether a period is a day, a week or a month);
period `t` is the span from `t` to `t + 1`. Amounts are whole numbers of the document's smallest unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Steps = tuple[tuple[int, int], ...]
LagKind = Literal["finish-start", "start-start", "finish-finish", "start-finish"]


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to do a task.

    Parameters
    ----------
    duration : int
        Working periods [periods], 0 or more; periods that the task's calendar closes come on top.
    demands : mapping of str to int
        Units of a renewable resource held in every working period.
    uses : mapping of str to int
        Units of a consumable resource, booked in the period in which the task starts.
    name : str
        How the mode is called; unique within its task.
    """

    duration: int
    demands: Mapping[str, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)
    name: str = "only"


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: a phase of an initiative, or a consent gate.

    Parameters
    ----------
    id : str
        Unique within the project.
    modes : tuple of Mode
        At least one; exactly one is used.
    initiative : str, optional
        The choice that it belongs to: done if and only if that is chosen. None: always done.
    earliest : int
        First period in which it may start.
    latest : int, optional
        Period by whose beginning it must be finished.
    calendar : str, optional
        The calendar whose closed periods interrupt its work.
    gate : str, optional
        The party whose approval this task is; None for ordinary work.
    """

    id: str
    modes: tuple[Mode, ...]
    initiative: str | None = None
    earliest: int = 0
    latest: int | None = None
    calendar: str | None = None
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Lag:
    """A precedence: the anchor of `after` lies `least` to `most` periods after the anchor of `before`.

    It binds where both tasks are done.
    """

    before: str
    after: str
    least: int = 0
    most: int | None = None
    kind: LagKind = "finish-start"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that is scarce.

    Parameters
    ----------
    id : str
        Unique within the project.
    capacity : tuple of (int, int)
        Renewable: (period, units available in each period from there on). Consumable: (period, units that arrive then);
        what is not used stays where `carries`, else it lapses when the next amount arrives.
    renewable : bool
        People and teams come back when a task is finished; money does not.
    carries : bool
        Of a consumable resource: whether what is left may be used after the next amount has arrived.
    party : str, optional
        The actor whose resource it is.
    """

    id: str
    capacity: Steps
    renewable: bool = True
    carries: bool = True
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods in which the work of a task rests: half-open spans (from, to), sorted, disjoint."""

    id: str
    closed: Steps


@dataclass(frozen=True, slots=True)
class Option:
    """An initiative as a choice: chosen whole or not at all.

    Parameters
    ----------
    id : str
        Unique within the project.
    parties : tuple of str
        Actors whose consent it needs; all of them.
    required : bool
        Whether the plan must hold it.
    forbidden : bool
        Whether the plan must not hold it.
    needs : tuple of str
        Options without which it cannot be chosen.
    excludes : tuple of str
        Options that cannot be chosen beside it.
    withheld : tuple of str
        Parties that have withheld their consent: it cannot be chosen while there is one.
    """

    id: str
    parties: tuple[str, ...]
    required: bool = False
    forbidden: bool = False
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """What an initiative means for a party: net of its cost, in units of the plan.

    Parameters
    ----------
    option, party : str
        Which initiative, for whom (a party of the plan, whether or not a party of the initiative).
    low, likely, high : int
        The interval and its middle [units]; low <= likely <= high; negative is a loss.
    recurring : bool
        False: counted once. True: counted for each period from the initiative's last finish to the horizon.
    """

    option: str
    party: str
    low: int
    likely: int
    high: int
    recurring: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that a timetable must respect; `horizon` is the period by whose beginning all is finished."""

    horizon: int
    tasks: tuple[Task, ...]
    lags: tuple[Lag, ...] = ()
    resources: tuple[Resource, ...] = ()
    options: tuple[Option, ...] = ()
    calendars: tuple[Calendar, ...] = ()


@dataclass(frozen=True, slots=True)
class Timetable:
    """When each task that is done starts and finishes, in which mode.

    Parameters
    ----------
    starts, finishes : mapping of str to int
        By task; a task that is not done has no entry. A task works in the periods from start to before finish, less
        those that its calendar closes.
    modes : mapping of str to str
        Name of the mode used, by task.
    chosen : tuple of str
        Options that are done, in the project's order.
    bound : int
        No timetable of the same question finishes before this period.
    """

    starts: Mapping[str, int]
    finishes: Mapping[str, int]
    modes: Mapping[str, str]
    chosen: tuple[str, ...]
    bound: int

    @property
    def makespan(self) -> int:
        """The period by whose beginning all chosen work is finished; 0 where nothing is chosen."""
        return max(self.finishes.values(), default=0)

    @property
    def optimal(self) -> bool:
        """Whether no timetable of the same question can finish earlier."""
        return self.bound >= self.makespan
