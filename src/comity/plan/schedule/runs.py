"""One order of work under many durations: a step starts one task in every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from comity.plan.project import Resource, Task
from comity.plan.schedule.network import Network
from comity.plan.schedule.population import find_starts, hold_needs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


def run_scenarios(network: Network, order: Sequence[int] | Whole, durations: Whole) -> Whole:
    """Return the finish of each task in each scenario, shape (scenarios, tasks) [periods].

    Tasks start in the order given, none before one that stands earlier in it: nothing is used that is not known when
    a task starts. Lags hold at their least; most lags and latest dates stop nothing here.

    Parameters
    ----------
    network : Network
        Supply must reach as far as the longest scenario.
    order : sequence of int
        Places of all tasks, each behind those that it waits for.
    durations : array, shape (scenarios, tasks)
        Working periods [periods].
    """
    import numpy as np

    count = len(durations)
    free = [np.repeat(level[None, :], count, axis=0) for level in network.supply]
    starts, finishes = np.zeros_like(durations), np.zeros_like(durations)
    spent = {
        one.id: np.tile(np.array([0, *(units for _, units in one.capacity)], dtype=np.int64), (count, 1))
        for one in network.project.resources
        if not one.renewable
    }
    floor = np.zeros(count, dtype=np.int64)
    for place in order:
        task = network.tasks[place]
        length = durations[:, place]
        earliest = np.maximum(floor, task.earliest)
        for link in network.before[place]:
            anchor = finishes[:, link.place] if link.from_finish else starts[:, link.place]
            earliest = np.maximum(earliest, anchor + link.least - (length if link.to_finish else 0))
        for resource in network.project.resources:
            if resource.id in spent and network.uses[place].get(resource.id):
                earliest = await_budget(resource, spent[resource.id], network.uses[place][resource.id], earliest)
        needs = np.repeat(network.needs[:, place, None], count, axis=1)
        starts[:, place], finishes[:, place] = start_task(network, task, free, needs, (length, earliest))
        for name, left in spent.items():
            book_uses(network, name, left, network.uses[place].get(name, 0), starts[:, place])
        floor = np.maximum(floor, starts[:, place])
    return finishes


def start_task(
    network: Network, task: Task, free: list[Whole], needs: Whole, when: tuple[Whole, Whole]
) -> tuple[Whole, Whole]:
    """Return start and finish of a task in every scenario, and take its needs out of what is free."""
    import numpy as np

    length, earliest = when
    span = free[0].shape[1]
    time = network.times[task.calendar]
    if not time.rests:
        start = find_starts(free, network.guards, needs, length, np.minimum(earliest, span))
        hold_needs(free, needs, start, length)
        return start, start + length
    opens = time.opens
    levels = [level[:, opens] for level in free]
    first = np.minimum(np.searchsorted(opens, earliest), opens.size)
    place = find_starts(levels, network.guards, needs, length, first)
    hold_needs(levels, needs, place, length)
    for level, held in zip(free, levels, strict=True):
        level[:, opens] = held
    start = np.where(length == 0, earliest, opens[np.minimum(place, opens.size - 1)])
    return start, np.where(length == 0, earliest, opens[np.clip(place + length - 1, 0, opens.size - 1)] + 1)


def await_budget(resource: Resource, left: Whole, units: int, earliest: Whole) -> Whole:
    """Return in each scenario the first moment from `earliest` at which units are left that nobody has booked."""
    import numpy as np

    steps = np.array([0, *(period for period, _ in resource.capacity)], dtype=np.int64)
    held = left
    if resource.carries:
        held = np.minimum.accumulate(np.cumsum(left, axis=1)[:, ::-1], axis=1)[:, ::-1]
    now = np.searchsorted(steps[1:], earliest, side="right")
    fits = (held >= units) & (np.arange(steps.size) >= now[:, None])
    first = np.where(fits.any(axis=1), fits.argmax(axis=1), now)
    return np.maximum(earliest, np.where(first > now, steps[first], earliest))


def book_uses(network: Network, name: str, left: Whole, units: int, starts: Whole) -> None:
    """Take what a task spends out of the arrival from which it is paid."""
    import numpy as np

    resource = next(one for one in network.project.resources if one.id == name)
    steps = np.array([period for period, _ in resource.capacity], dtype=np.int64)
    left[np.arange(len(starts)), np.searchsorted(steps, starts, side="right")] -= units
