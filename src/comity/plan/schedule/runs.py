"""One order of work under many durations: a step starts one task in every scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from comity.plan.project import Resource, Task
from comity.plan.schedule.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


AHEAD = 24
"""Periods behind the latest earliest start that are looked at before all of them are."""


def run_scenarios(network: Network, order: Sequence[int] | Whole, durations: Whole) -> Whole:
    """Return the finish of each task in each scenario, shape (scenarios, tasks) [periods].

    Tasks start in the order given, none before one that stands earlier in it: nothing is used that is not known when
    a task starts. None starts before its earliest period. Lags hold at their least; most lags and latest dates stop
    nothing here.

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
        needs = np.repeat(network.needs[:, place, None], count, axis=1)
        earliest = await_money(network, place, spent, earliest)
        while True:
            where = find_places(network, task, free, needs, (length, earliest))
            starts[:, place], finishes[:, place] = date_places(network, task, where, (length, earliest))
            paid = await_money(network, place, spent, starts[:, place])
            if (paid <= starts[:, place]).all():
                break
            earliest = np.where(paid > starts[:, place], paid, earliest)
        take_places(network, task, free, needs, (length, where))
        for name, left in spent.items():
            book_uses(network, name, left, network.uses[place].get(name, 0), starts[:, place])
        floor = np.maximum(floor, starts[:, place])
    return finishes


def find_places(network: Network, task: Task, free: list[Whole], needs: Whole, when: tuple[Whole, Whole]) -> Whole:
    """Return in every scenario the first period, or open period of the calendar, from which the needs are free."""
    import numpy as np

    length, earliest = when
    time = network.times[task.calendar]
    if not time.rests:
        return find_starts(free, network.guards, needs, (length, np.minimum(earliest, free[0].shape[1])))
    first = np.minimum(np.searchsorted(time.opens, earliest), time.opens.size)
    return find_starts(free, network.guards, needs, (length, first), time.opens)


def date_places(network: Network, task: Task, places: Whole, when: tuple[Whole, Whole]) -> tuple[Whole, Whole]:
    """Return start and finish of a task in every scenario."""
    import numpy as np

    length, earliest = when
    time = network.times[task.calendar]
    if not time.rests:
        return places, places + length
    last = time.opens.size - 1
    start = np.where(length == 0, earliest, time.opens[np.minimum(places, last)])
    return start, np.where(length == 0, earliest, time.opens[np.clip(places + length - 1, 0, last)] + 1)


def take_places(network: Network, task: Task, free: list[Whole], needs: Whole, where: tuple[Whole, Whole]) -> None:
    """Take the needs of a task out of what is free."""
    length, places = where
    time = network.times[task.calendar]
    hold_needs(free, needs, places, length, time.opens if time.rests else None)


def await_money(network: Network, place: int, spent: Mapping[str, Whole], earliest: Whole) -> Whole:
    """Return in each scenario the first moment from `earliest` at which all that a task spends is there.

    Money that lapses may be there early and not late, so that a start that something else pushes on is asked anew.
    """
    uses = network.uses[place]
    while True:
        before = earliest
        for resource in network.project.resources:
            if resource.id in spent and uses.get(resource.id):
                earliest = await_budget(resource, spent[resource.id], uses[resource.id], earliest)
        if (earliest == before).all():
            return earliest


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


def find_starts(
    free: list[Whole], guards: Whole, needs: Whole, when: tuple[Whole, Whole], opens: NDArray[np.intp] | None = None
) -> Whole:
    """Return in each row the first start from its earliest with room for its length (`when`: length, earliest).

    Where a calendar closes periods, starts are counted among those that it opens.
    """
    import numpy as np

    length, earliest = when
    span = free[0].shape[1] if opens is None else opens.size
    first = int(earliest.min())
    for last in (min(span, int((earliest + length).max()) + AHEAD), span):
        places = np.arange(first, last, dtype=np.int32)
        seen = slice(first, last) if opens is None else opens[first:last]
        short = ((free[0][:, seen] - needs[0][:, None]) & guards[0]) != guards[0]
        for word in range(1, len(free)):
            short |= ((free[word][:, seen] - needs[word][:, None]) & guards[word]) != guards[word]
        lately = np.maximum.accumulate(np.where(short, places, np.int32(-1)), axis=1)
        np.maximum(lately, (earliest[:, None] - 1).astype(np.int32), out=lately)
        fits = (places - lately) >= length[:, None]
        where = fits.argmax(axis=1)
        found = fits[np.arange(where.size), where]
        if found.all() or last == span:
            break
    start = np.where(found, first + where + 1 - length, span - length)
    return np.where(length == 0, earliest, start)


def hold_needs(
    free: list[Whole], needs: Whole, start: Whole, length: Whole, opens: NDArray[np.intp] | None = None
) -> None:
    """Take the needs of one task a row out of what is free, in the periods in which it works."""
    import numpy as np

    ends = np.cumsum(length)
    rows = np.repeat(np.arange(length.size), length)
    columns = np.arange(int(ends[-1]) if ends.size else 0) - np.repeat(ends - length - start, length)
    if opens is not None:
        columns = opens[columns]
    for level, need in zip(free, needs, strict=True):
        level[rows, columns] -= need[rows]
