"""A project of one choice and one mode a task as arrays, for methods that try many timetables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.plan.project import Lag, Mode, Project, Task
from comity.plan.schedule.calendar import WorkingTime, open_calendars

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

WORD = 62
"""Bits of a word that hold the free units of resources, side by side, each with one guard bit above."""


@dataclass(frozen=True, slots=True)
class Link:
    """A least lag, seen from the task that waits.

    Parameters
    ----------
    place : int
        The task that is waited for.
    from_finish, to_finish : bool
        Whether the lag counts from its finish or its start, and to the finish or the start of the task that waits.
    least : int
        Periods between the two [periods].
    """

    place: int
    from_finish: bool
    to_finish: bool
    least: int


@dataclass(frozen=True)
class Network:
    """Tasks in an order in which nobody precedes its predecessor, and what holds them apart.

    Parameters
    ----------
    project : Project
        What it was drawn from.
    tasks : tuple of Task
        The tasks that are done, in topological order.
    durations : array, shape (tasks,)
        Working periods [periods].
    needs : array, shape (words, tasks)
        Units held, packed: each resource has a field of bits of its own.
    guards : array, shape (words,)
        The bit above each field; it stands as long as a field has not been overdrawn.
    supply : array, shape (words, periods)
        Units there are in each period, packed, with the guards set.
    uses : tuple of mapping of str to int
        For each task: units that it spends of each consumable resource.
    before : tuple of tuple of Link
        For each task: what it waits for.
    times : mapping of str to WorkingTime
        By calendar.
    """

    project: Project
    tasks: tuple[Task, ...]
    durations: Whole
    needs: Whole
    guards: Whole
    supply: Whole
    uses: tuple[Mapping[str, int], ...]
    before: tuple[tuple[Link, ...], ...]
    times: Mapping[str | None, WorkingTime] = field(repr=False)

    @property
    def size(self) -> int:
        """Number of tasks."""
        return len(self.tasks)


def is_plain(project: Project) -> bool:
    """Tell whether a project is of the classical kind, which the genetic algorithm knows.

    Every task is done and has one mode; lags run from finish to start with a least alone; there is no window, no
    calendar, nothing is spent, and capacities stand still and suffice for each task alone.
    """
    most = {resource.id: max((units for _, units in resource.capacity), default=0) for resource in project.resources}
    return (
        all(len(task.modes) == 1 and not any(task.modes[0].uses.values()) for task in project.tasks)
        and all(resource.renewable for resource in project.resources)
        and is_open(project)
        and all(units <= most[name] for task in project.tasks for name, units in task.modes[0].demands.items())
    )


def is_open(project: Project) -> bool:
    """Tell whether a project has no options, windows or calendars, only least lags, and supplies that stand still."""
    return (
        all(task.initiative is None and is_loose(task) for task in project.tasks)
        and all(lag.kind == "finish-start" and lag.least >= 0 and lag.most is None for lag in project.lags)
        and all([period for period, _ in resource.capacity] == [0] for resource in project.resources)
    )


def is_loose(task: Task) -> bool:
    """Tell whether a task has neither window nor calendar."""
    return task.calendar is None and task.earliest == 0 and task.latest is None


def draw_network(project: Project, modes: Mapping[str, str], span: int) -> Network:
    """Return the arrays of the tasks that are done in given modes, with `span` periods of supply.

    Parameters
    ----------
    project : Project
        What a timetable must respect.
    modes : mapping of str to str
        Mode of each task that is done; a task without one is left out.
    span : int
        Periods that are kept account of [periods].

    Returns
    -------
    Network
        Tasks in topological order of their lags; lags other than least ones are left to the verifier.
    """
    import numpy as np

    held = [task for task in project.tasks if task.id in modes]
    lags = [lag for lag in project.lags if lag.before in modes and lag.after in modes]
    order = sort_tasks([task.id for task in held], lags)
    by_id = {task.id: task for task in held}
    tasks = tuple(by_id[name] for name in order)
    chosen = [next(mode for mode in task.modes if mode.name == modes[task.id]) for task in tasks]
    durations = np.array([mode.duration for mode in chosen], dtype=np.int64)
    needs, guards, supply = pack_resources(project, chosen, span)
    before = link_tasks(order, lags)
    uses = tuple(mode.uses for mode in chosen)
    return Network(project, tasks, durations, needs, guards, supply, uses, before, open_calendars(project))


def pack_resources(project: Project, chosen: Sequence[Mode], span: int) -> tuple[Whole, Whole, Whole]:
    """Return needs, guards and supply of the renewable resources, side by side in words."""
    import numpy as np

    fields = lay_fields(project)
    words = 1 + max((word for word, _, _ in fields.values()), default=0)
    needs = np.zeros((words, len(chosen)), dtype=np.int64)
    guards = np.zeros(words, dtype=np.int64)
    supply = np.zeros((words, span), dtype=np.int64)
    for resource in project.resources:
        if not resource.renewable:
            continue
        word, shift, bits = fields[resource.id]
        most = max((units for _, units in resource.capacity), default=0)
        for place, mode in enumerate(chosen):
            needs[word, place] += min(mode.demands.get(resource.id, 0), most + 1) << shift
        guards[word] |= 1 << (shift + bits)
        level = np.zeros(span, dtype=np.int64)
        for first, units in resource.capacity:
            level[first:] = units
        supply[word] += level << shift
    return needs, guards, supply | guards[:, None]


def lay_fields(project: Project) -> dict[str, tuple[int, int, int]]:
    """Return word, lowest bit and number of bits for the units of each renewable resource."""
    fields = {}
    word = used = 0
    for resource in project.resources:
        if resource.renewable:
            bits = (max((units for _, units in resource.capacity), default=0) + 1).bit_length()
            if used + bits + 1 > WORD:
                word, used = word + 1, 0
            fields[resource.id] = (word, used, bits)
            used += bits + 1
    return fields


def sort_tasks(names: Sequence[str], lags: Sequence[Lag]) -> list[str]:
    """Return tasks so that each stands after those it waits for, else in the order given; circles are cut."""
    waits: dict[str, int] = dict.fromkeys(names, 0)
    follow: dict[str, list[str]] = {name: [] for name in names}
    for lag in lags:
        waits[lag.after] += 1
        follow[lag.before].append(lag.after)
    ready = [name for name in names if not waits[name]]
    order: list[str] = []
    while len(order) < len(names):
        if not ready:
            ready = [next(name for name in names if waits[name] > 0)]
            waits[ready[0]] = 0
        name = ready.pop(0)
        order.append(name)
        for other in follow[name]:
            waits[other] -= 1
            if waits[other] == 0:
                ready.append(other)
    return order


def link_tasks(order: Sequence[str], lags: Sequence[Lag]) -> tuple[tuple[Link, ...], ...]:
    """Return for each task its links to tasks that stand before it in the order."""
    places = {name: place for place, name in enumerate(order)}
    found: list[list[Link]] = [[] for _ in order]
    for lag in lags:
        first, second = places[lag.before], places[lag.after]
        if first < second:
            found[second].append(Link(first, lag.kind.startswith("finish"), lag.kind.endswith("finish"), lag.least))
    return tuple(tuple(row) for row in found)


def measure_project(project: Project) -> int:
    """Return periods within which any order of a plain project fits [periods]."""
    longest = sum(max(mode.duration for mode in task.modes) for task in project.tasks)
    return max(project.horizon, longest + sum(max(lag.least, 0) for lag in project.lags)) + 1
