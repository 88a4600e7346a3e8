"""Serial generation, justification and crossover of orders of tasks, compiled when they are first used.

Every function here is plain arithmetic over arrays of whole numbers, written so that `numba` can compile it; it reads
the same without it. What is compiled lets other threads run and is kept in a cache beside this file, or in the user's
own where that one cannot be written. All of it stands in one file, since the cache is renewed when its file changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Chance = NDArray[np.uint64]
Given = ParamSpec("Given")
Found = TypeVar("Found")

SWAPS = 50
"""Times in a thousand that a task changes places with its neighbour in a new order, as in `hartmann-1998`."""
PEAKS = 300
"""Times in a thousand that a child takes a stretch of much use from its father, as in `valls-2008`."""
LOOKS = 3
"""Stretches of which the one with the most use is taken."""
MOVES = 3
"""Tasks that a step of a walk moves at most."""
HOPE = 2
"""Periods above its makespan from which, at the right, a step is not justified to the left."""
RISES = 1
"""Times in a thousand that a step may lead to a timetable one period longer."""


def compile_function(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Return a function that is compiled for the arrays of its first call, from the cache where that is possible."""
    try:
        compiled: Callable[Given, Found] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder for the cache can be written
        compiled = numba.njit(nogil=True)(function)
    return compiled


class Direction(NamedTuple):
    """A plain network to be filled from one end.

    Parameters
    ----------
    durations : array, shape (columns,)
        Of each task, or of each mode of each task [periods].
    needs : array, shape (words, columns)
        Units held, packed as in `Network`.
    guards, supply : array, shape (words,)
        The bits that stand as long as nothing is overdrawn; the units there are.
    firsts : array, shape (tasks + 1,)
        Where the tasks that each one waits for begin in `waits`.
    waits, gaps : array, shape (links,)
        Who is waited for, and how long behind its finish [periods].
    """

    durations: Whole
    needs: Whole
    guards: Whole
    supply: Whole
    firsts: Whole
    waits: Whole
    gaps: Whole


class Desk(NamedTuple):
    """Room to work in, for one thread.

    Parameters
    ----------
    free : array, shape (words, periods)
        What is left in each period, packed.
    counts : array, shape (periods,)
        Numbers of tasks, or units in use, by period.
    seen, wish, child, starts : array, shape (tasks,)
        Which tasks are dealt with; an order that is wished for; the order made from it, and its starts.
    loads : array, shape (tasks,)
        Thousandths of the capacities that each task holds, added up.
    chance : array, shape (1,)
        State of the source of every chance; never 0.
    """

    free: Whole
    counts: Whole
    seen: Whole
    wish: Whole
    child: Whole
    starts: Whole
    loads: Whole
    chance: Chance


class Flock(NamedTuple):
    """Individuals: an order and a timetable each.

    Parameters
    ----------
    orders, columns, starts : array, shape (individuals, tasks)
        Tasks by rising start; the column of each task's mode; its start [periods].
    lengths, sums : array, shape (individuals,)
        Makespans, and the sums of the starts [periods].
    """

    orders: Whole
    columns: Whole
    starts: Whole
    lengths: Whole
    sums: Whole


@compile_function
def find_start(free: Whole, need: int, guard: int, earliest: int, length: int) -> int:
    """Return the first start from the earliest with room throughout; looked for from the end of each try backward."""
    known, end = earliest, earliest + length
    while True:
        look = end - 1
        while look >= known and (free[look] - need) & guard == guard:
            look -= 1
        if look < known:
            return end - length
        known, end = end, look + 1 + length


@compile_function
def find_room(direction: Direction, free: Whole, column: int, earliest: int) -> int:
    """Return the first start from the earliest with room in every word."""
    start, word = earliest, 0
    while word < direction.guards.size:
        needed = direction.needs[word, column]
        found = find_start(free[word], needed, direction.guards[word], start, direction.durations[column])
        word = 0 if word and found > start else word + 1
        start = found
    return start


@compile_function
def place_order(direction: Direction, order: Whole, columns: Whole, finishes: Whole, free: Whole) -> int:
    """Give each task in its turn its earliest start; write the finishes and return the last of them."""
    last = 0
    for word in range(direction.guards.size):
        free[word, :] = direction.supply[word]
    for task in order:
        start = 0
        for link in range(direction.firsts[task], direction.firsts[task + 1]):
            start = max(start, finishes[direction.waits[link]] + direction.gaps[link])
        column = columns[task]
        start = find_room(direction, free, column, start)
        end = start + direction.durations[column]
        for word in range(direction.guards.size):
            needed = direction.needs[word, column]
            for period in range(start, end):
                free[word, period] -= needed
        finishes[task] = end
        last = max(last, end)
    return last


@compile_function
def order_tasks(keys: Whole, last: int, order: Whole, counts: Whole) -> None:
    """Write the tasks by rising key of 0 to `last`, by rising number where keys are equal."""
    counts[: last + 2] = 0
    for key in keys:
        counts[key + 1] += 1
    for key in range(last + 1):
        counts[key + 1] += counts[key]
    for task in range(keys.size):
        order[counts[keys[task]]] = task
        counts[keys[task]] += 1


@compile_function
def justify_order(ways: tuple[Direction, Direction], order: Whole, columns: Whole, times: Whole, desk: Desk) -> int:
    """Place an order and justify it to the right and to the left; write its order and starts, return its makespan."""
    most = place_order(ways[0], order, columns, times, desk.free)
    return justify_placed(ways, order, columns, times, desk, most)


@compile_function
def justify_placed(
    ways: tuple[Direction, Direction], order: Whole, columns: Whole, times: Whole, desk: Desk, most: int
) -> int:
    """Justify finishes to the right and to the left; left at the right, and what it is, where that is above `most`."""
    ahead, back = ways
    order_tasks(times, times.max(), desk.wish, desk.counts)
    for place in range(order.size):
        order[place] = desk.wish[order.size - 1 - place]
    last = place_order(back, order, columns, times, desk.free)
    if last > most:
        return last
    for task in range(order.size):
        times[task] = last - times[task]
    order_tasks(times, last, order, desk.counts)
    last = place_order(ahead, order, columns, times, desk.free)
    for task in range(order.size):
        times[task] -= ahead.durations[columns[task]]
    order_tasks(times, last, order, desk.counts)
    return last


@compile_function
def justify_orders(ways: tuple[Direction, Direction], flock: Flock, desk: Desk) -> None:
    """Place and justify the order of every individual."""
    for row in range(flock.lengths.size):
        flock.lengths[row] = justify_order(ways, flock.orders[row], flock.columns[row], flock.starts[row], desk)
        flock.sums[row] = flock.starts[row].sum()


@compile_function
def draw_below(chance: Chance, most: int) -> int:
    """Return a whole number of 0 to below `most` (xorshift, multiplied)."""
    state = chance[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    chance[0] = state
    return int((state * np.uint64(2685821657736338717)) >> np.uint64(33)) % most


@compile_function
def cross_order(father: Whole, mother: Whole, cuts: tuple[int, int], child: Whole, seen: Whole) -> None:
    """Write an order that opens and ends as the father's, with a middle in the order of the mother (two points)."""
    opening, place = cuts[0], cuts[0]
    seen[:] = 0
    for task in father[:opening]:
        seen[task] = 1
    child[:opening] = father[:opening]
    for task in mother:
        if place < cuts[1] and not seen[task]:
            child[place] = task
            seen[task] = 1
            place += 1
    for task in father[opening:]:
        if not seen[task]:
            child[place] = task
            place += 1


@compile_function
def cross_orders(fathers: Whole, mothers: Whole, cuts: Whole, children: Whole) -> None:
    """Write one child of two points for each pair; each row of the cuts rises."""
    seen = np.zeros(fathers.shape[1], dtype=np.int64)
    for row in range(fathers.shape[0]):
        cross_order(fathers[row], mothers[row], (cuts[row, 0], cuts[row, 1]), children[row], seen)


@compile_function
def find_peak(starts: Whole, durations: Whole, last: int, desk: Desk) -> tuple[int, int]:
    """Return a stretch of a timetable: a quarter to three quarters of it, of a few the one with the most use."""
    use = desk.counts
    use[: last + 1] = 0
    for task in range(starts.size):
        for period in range(starts[task], starts[task] + durations[task]):
            use[period] += desk.loads[task]
    width = 1 + last // 4 + draw_below(desk.chance, last // 2 + 1)
    best, first = -1, 0
    for _ in range(LOOKS):
        begin = draw_below(desk.chance, max(1, last - width + 1))
        held = use[begin : min(last, begin + width)].sum()
        if held > best:
            best, first = held, begin
    return first, first + width


@compile_function
def cross_peak(ahead: Direction, flock: Flock, father: int, mother: int, desk: Desk) -> None:
    """Write the mother's order in which the tasks of a stretch of much use stand together as the father has them."""
    starts = flock.starts[father]
    first, end = find_peak(starts, ahead.durations, flock.lengths[father], desk)
    place = 0
    for part in range(3):
        source = flock.orders[father] if part == 1 else flock.orders[mother]
        for task in source:
            own = first <= starts[task] < end
            late = flock.starts[mother, task] >= first
            if own if part == 1 else (not own and late == (part == 2)):
                desk.wish[place] = task
                place += 1
    mend_order(ahead, desk)


@compile_function
def mend_order(ahead: Direction, desk: Desk) -> None:
    """Write the order that is wished for, each task moved on to where those that it waits for stand before it."""
    keys = desk.seen
    for place in range(keys.size):
        keys[desk.wish[place]] = place
    for task in range(keys.size):
        for link in range(ahead.firsts[task], ahead.firsts[task + 1]):
            keys[task] = max(keys[task], keys[ahead.waits[link]])
    order_tasks(keys, keys.size - 1, desk.child, desk.counts)


@compile_function
def swap_neighbours(ahead: Direction, child: Whole, chance: Chance) -> None:
    """Let some tasks change places with the next, where that does not wait for them."""
    for place in range(child.size - 1):
        if draw_below(chance, 1000) < SWAPS:
            task, other = child[place], child[place + 1]
            linked = False
            for link in range(ahead.firsts[other], ahead.firsts[other + 1]):
                linked |= ahead.waits[link] == task
            if not linked:
                child[place], child[place + 1] = other, task


@compile_function
def is_shorter(flock: Flock, row: int, length: int, total: int) -> bool:
    """Tell whether a makespan, or else a sum of starts, is below that of an individual."""
    return bool(length < flock.lengths[row] or (length == flock.lengths[row] and total < flock.sums[row]))


@compile_function
def keep_child(flock: Flock, parents: tuple[int, int], length: int, desk: Desk) -> None:
    """Let a child take the place of the worse of its parents where it is better and has no twin."""
    father, mother = parents
    total = desk.starts.sum()
    for row in range(flock.lengths.size):
        if flock.lengths[row] == length and flock.sums[row] == total:
            return
    worse = father if is_shorter(flock, father, flock.lengths[mother], flock.sums[mother]) else mother
    if is_shorter(flock, worse, length, total):
        put_child(flock, worse, length, desk)


@compile_function
def put_child(flock: Flock, row: int, length: int, desk: Desk) -> None:
    """Let a child take the place of an individual."""
    flock.orders[row, :] = desk.child
    flock.starts[row, :] = desk.starts
    flock.lengths[row], flock.sums[row] = length, desk.starts.sum()


@compile_function
def breed_flock(ways: tuple[Direction, Direction], flock: Flock, desk: Desk, count: int) -> None:
    """Make children one after the other: two parents at random, crossover, exchanges, justification."""
    most = flock.lengths.size
    for _ in range(count):
        father = draw_below(desk.chance, most)
        mother = (father + 1 + draw_below(desk.chance, max(1, most - 1))) % most
        if draw_below(desk.chance, 1000) < PEAKS:
            cross_peak(ways[0], flock, father, mother, desk)
        else:
            first = draw_below(desk.chance, desk.child.size + 1)
            second = draw_below(desk.chance, desk.child.size + 1)
            cuts = (min(first, second), max(first, second))
            cross_order(flock.orders[father], flock.orders[mother], cuts, desk.child, desk.seen)
        swap_neighbours(ways[0], desk.child, desk.chance)
        length = justify_order(ways, desk.child, flock.columns[0], desk.starts, desk)
        keep_child(flock, (father, mother), length, desk)


@compile_function
def move_task(ways: tuple[Direction, Direction], desk: Desk) -> None:
    """Give a task of an order any other place behind those that it waits for and before those that wait for it."""
    child, places = desk.child, desk.seen
    for place in range(child.size):
        places[child[place]] = place
    task = child[draw_below(desk.chance, child.size)]
    ahead, back = ways
    low, high = 0, child.size - 1
    for link in range(ahead.firsts[task], ahead.firsts[task + 1]):
        low = max(low, places[ahead.waits[link]] + 1)
    for link in range(back.firsts[task], back.firsts[task + 1]):
        high = min(high, places[back.waits[link]] - 1)
    place, goal = places[task], low + draw_below(desk.chance, high - low + 1)
    step = 1 if goal > place else -1
    while place != goal:
        child[place] = child[place + step]
        place += step
    child[goal] = task


@compile_function
def walk_flock(ways: tuple[Direction, Direction], flock: Flock, row: int, desk: Desk, count: int) -> None:
    """Change an individual by so many steps: tasks are moved (`bouleimen-2003`), what is no longer takes its place."""
    for _ in range(count):
        finished = flock.sums[row] + ways[0].durations.sum()
        desk.child[:] = flock.orders[row]
        for _ in range(1 + draw_below(desk.chance, MOVES)):
            move_task(ways, desk)
        place_order(ways[0], desk.child, flock.columns[row], desk.starts, desk.free)
        if desk.starts.sum() == finished:
            continue
        most = flock.lengths[row] + HOPE
        length = justify_placed(ways, desk.child, flock.columns[row], desk.starts, desk, most)
        rise = length - flock.lengths[row]
        if rise <= 0 or (rise == 1 and draw_below(desk.chance, 1000) < RISES):
            put_child(flock, row, length, desk)
