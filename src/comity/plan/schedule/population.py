"""Many timetables at once: a genetic algorithm over orders of tasks, each improved backward and forward.

An individual is an order of tasks; serial generation gives each task in turn its earliest start. Justification moves
all tasks as late and then as early as they go, which never lengthens a timetable and mostly shortens it. The rows of
an array are the individuals, so that a step places one task in each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.plan.schedule.network import Network
from comity.plan.schedule.placement import SIGHT, place_orders

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

AHEAD = 24
"""Periods behind the latest earliest start that are looked at before all of them are."""
SWAPS = 0.05
"""Chance that a task changes places with its neighbour in a new order, as in `hartmann-1998`."""
PATIENCE = 40
"""Generations without a shorter timetable after which the search ends."""


@dataclass(frozen=True)
class Direction:
    """A plain network to be filled from one end: predecessors padded to one width, gaps beside them."""

    durations: Whole
    needs: Whole
    guards: Whole
    supply: Whole
    waits: NDArray[np.intp]
    gaps: Whole


def face_network(network: Network, backward: bool) -> Direction:
    """Return a plain network as it is filled forward from its first period, or backward from its last."""
    import numpy as np

    rows: list[list[tuple[int, int]]] = [[] for _ in range(network.size)]
    for place, links in enumerate(network.before):
        for link in links:
            if backward:
                rows[link.place].append((place, link.least))
            else:
                rows[place].append((link.place, link.least))
    width = max(1, max(map(len, rows), default=1))
    waits = np.full((network.size, width), network.size, dtype=np.intp)
    gaps = np.zeros((network.size, width), dtype=np.int64)
    for place, row in enumerate(rows):
        for column, (other, gap) in enumerate(row):
            waits[place, column], gaps[place, column] = other, gap
    return Direction(network.durations, network.needs, network.guards, network.supply, waits, gaps)


def generate_schedules(direction: Direction, orders: Whole, columns: Whole | None = None) -> Whole:
    """Return the finishes of serial generation for each order, shape (orders, tasks) [periods].

    Each task in its row's turn starts in the first period from which its needs are free throughout. Where tasks have
    several modes, `columns` says for each row which duration and which needs a task has.
    """
    import numpy as np

    if 0 < int(direction.durations.max(initial=0)) <= SIGHT:
        return place_orders(direction, orders, columns)
    count, size = orders.shape
    free = [np.repeat(level[None, :], count, axis=0) for level in direction.supply]
    finishes = np.zeros((count, size + 1), dtype=np.int64)
    rows = np.arange(count)
    for step in range(size):
        tasks = orders[:, step]
        held = tasks if columns is None else columns[rows, tasks]
        length = direction.durations[held]
        earliest = (finishes[rows[:, None], direction.waits[tasks]] + direction.gaps[tasks]).max(axis=1)
        needs = direction.needs[:, held]
        start = find_starts(free, direction.guards, needs, (length, earliest))
        finishes[rows, tasks] = start + length
        hold_needs(free, needs, start, length)
    return finishes[:, :size]


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


def order_keys(keys: Whole, ranks: Whole) -> Whole:
    """Return the tasks of each row by rising key, by rising rank where keys are equal."""
    import numpy as np

    return np.argsort(keys * keys.shape[1] + ranks, axis=1, kind="stable")


@dataclass
class Pool:
    """A population in its two directions.

    Parameters
    ----------
    ahead, back : Direction
        The network filled forward and backward.
    rng : numpy.random.Generator
        Source of every chance.
    orders : array, shape (individuals, tasks)
        Tasks of each individual by rising start.
    starts : array, shape (individuals, tasks)
        Start of each task [periods].
    lengths : array, shape (individuals,)
        Makespans [periods].
    tried : int
        Timetables generated so far.
    """

    network: Network
    ahead: Direction
    back: Direction
    rng: np.random.Generator
    orders: Whole
    starts: Whole
    lengths: Whole
    tried: int = 0

    def improve(self, orders: Whole) -> tuple[Whole, Whole, Whole]:
        """Return orders, starts and makespans after serial generation and justification to the right and left."""
        import numpy as np

        ranks = np.arange(self.network.size)
        durations = self.network.durations
        finishes = generate_schedules(self.ahead, orders)
        mirrored = generate_schedules(self.back, order_keys(finishes.max(axis=1)[:, None] - finishes, -ranks))
        late = mirrored.max(axis=1)[:, None] - mirrored
        finishes = generate_schedules(self.ahead, order_keys(late, ranks))
        starts = finishes - durations
        self.tried += 3 * len(orders)
        return order_keys(starts, ranks), starts, finishes.max(axis=1)

    def breed(self) -> None:
        """Pair the individuals at random, cross and mutate their orders, keep the better half of old and new."""
        import numpy as np

        count = len(self.orders)
        mothers = self.orders[self.rng.permutation(count)]
        children = self.mutate(cross_orders(self.rng, self.orders, mothers))
        orders, starts, lengths = self.improve(children)
        self.orders = np.concatenate([self.orders, orders])
        self.starts = np.concatenate([self.starts, starts])
        self.lengths = np.concatenate([self.lengths, lengths])
        _, first = np.unique(self.starts, axis=0, return_index=True)
        twin = np.ones(len(self.orders), dtype=np.int64)
        twin[first] = 0
        kept = np.lexsort((self.starts.sum(axis=1), self.lengths, twin))[:count]
        self.orders, self.starts, self.lengths = self.orders[kept], self.starts[kept], self.lengths[kept]

    def mutate(self, orders: Whole) -> Whole:
        """Return orders in which some tasks have changed places with the next that does not wait for them."""
        import numpy as np

        count, size = orders.shape
        chances = self.rng.random((count, max(size - 1, 0))) < SWAPS
        linked = np.zeros((size, size + 1), dtype=bool)
        linked[np.arange(size)[:, None], self.ahead.waits] = True
        for step in range(size - 1):
            first, second = orders[:, step].copy(), orders[:, step + 1].copy()
            turn = chances[:, step] & ~linked[second, first]
            orders[turn, step], orders[turn, step + 1] = second[turn], first[turn]
        return orders


def cross_orders(rng: np.random.Generator, fathers: Whole, mothers: Whole) -> Whole:
    """Return orders that open and end as the father's, with a middle in the order of the mother (two points)."""
    import numpy as np

    count, size = fathers.shape
    places = np.empty_like(fathers)
    np.put_along_axis(places, fathers, np.broadcast_to(np.arange(size), (count, size)), axis=1)
    cuts = np.sort(rng.integers(0, size + 1, size=(count, 2)), axis=1)
    seen = np.take_along_axis(places, mothers, axis=1) < cuts[:, :1]
    rank = np.cumsum(~seen, axis=1)
    middle = ~seen & (rank <= cuts[:, 1:] - cuts[:, :1])
    keys = places + 2 * size
    filled = np.where(middle, size + np.arange(size), np.take_along_axis(keys, mothers, axis=1))
    np.put_along_axis(keys, mothers, filled, axis=1)
    opening = places < cuts[:, :1]
    return np.argsort(np.where(opening, places, keys), axis=1, kind="stable")


def open_pool(network: Network, size: int, seed: int) -> Pool:
    """Return a first population: orders by latest start with noise, improved."""
    import numpy as np

    rng = np.random.default_rng(seed)
    ahead, back = face_network(network, False), face_network(network, True)
    slack = measure_tails(network)
    noise = rng.random((size, network.size)) * np.linspace(0.0, 1.0, size)[:, None] * max(1, int(slack.max(initial=1)))
    keys = np.round(100 * (noise - slack)).astype(np.int64)
    pool = Pool(network, ahead, back, rng, *(np.zeros((0, network.size), dtype=np.int64),) * 2, np.zeros(0, np.int64))
    pool.orders, pool.starts, pool.lengths = pool.improve(walk_orders(network, keys))
    return pool


def measure_tails(network: Network) -> Whole:
    """Return the longest way from each task's start to the end of the project [periods]."""
    import numpy as np

    tails = network.durations.copy()
    for place in reversed(range(network.size)):
        for link in network.before[place]:
            way = network.durations[link.place] + link.least + tails[place]
            tails[link.place] = max(tails[link.place], way)
    return np.asarray(tails)


def walk_orders(network: Network, keys: Whole) -> Whole:
    """Return orders by rising key in which each task stands after those it waits for."""
    import numpy as np

    lifted = keys.copy()
    for place, links in enumerate(network.before):
        for link in links:
            np.maximum(lifted[:, place], lifted[:, link.place], out=lifted[:, place])
    return order_keys(lifted, np.arange(network.size))
