"""Many timetables: a genetic algorithm over orders of tasks, each improved backward and forward.

An individual is an order of tasks; serial generation gives each task in turn its earliest start. Justification moves
all tasks as late and then as early as they go, which never lengthens a timetable and mostly shortens it. What is done
to each individual is compiled (`placement`), and lets other threads run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.plan.errors import BadProject, MissingSolver
from comity.plan.schedule.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.plan.schedule.placement import Desk, Direction, Flock

    Whole = NDArray[np.int64]

PATIENCE = 100
"""Generations without a shorter timetable after which the search ends."""


def face_network(network: Network, backward: bool) -> Direction:
    """Return a plain network as it is filled forward from its first period, or backward from its last."""
    import numpy as np

    from comity.plan.schedule.placement import Direction

    rows: list[list[tuple[int, int]]] = [[] for _ in range(network.size)]
    for place, links in enumerate(network.before):
        for link in links:
            if backward:
                rows[link.place].append((place, link.least))
            else:
                rows[place].append((link.place, link.least))
    firsts = np.cumsum([0, *map(len, rows)])
    waits, gaps = (np.array([pair[part] for row in rows for pair in row], dtype=np.int64) for part in (0, 1))
    supply = np.ascontiguousarray(network.supply[:, 0])
    guards = network.guards[:, None]
    if ((supply[:, None] - network.needs) & guards != guards).any():
        raise BadProject("a task needs more than there is", where="demands", todo="lower a demand or add to a resource")
    return Direction(network.durations, network.needs, network.guards, supply, firsts, waits, gaps)


def load_placement() -> None:
    """Have what breeds compiled, or read from its cache; callers do so before they count time."""
    import numpy as np

    try:
        from comity.plan.schedule.placement import Direction
    except ImportError as error:
        raise MissingSolver(
            "the package `numba` is not installed",
            why="it compiles what breeds timetables",
            todo="install comity with the extra `plan`",
        ) from error

    ones, none = np.ones(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    way = Direction(ones, ones[None, :], 2 * ones, 3 * ones, np.zeros(2, dtype=np.int64), none, none)
    desk = open_desk(way, [0], 0)
    orders = np.zeros((2, 1), dtype=np.int64)
    pool = Pool((way, way), justify_flock((way, way), desk, orders), desk)
    pool.breed()
    pool.walk(0, 1)
    cross_rows(np.random.default_rng(0), orders, orders)


def open_desk(ahead: Direction, loads: Sequence[int], seed: int) -> Desk:
    """Return room to work in, as many periods as any order can take."""
    import numpy as np

    from comity.plan.schedule.placement import Desk

    size = len(ahead.firsts) - 1
    periods = int(ahead.durations.sum() + ahead.gaps.sum()) + 2
    chance = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    seen, wish, child, starts = (np.zeros(size, dtype=np.int64) for _ in range(4))
    free = np.zeros((len(ahead.guards), periods), dtype=np.int64)
    counts = np.zeros(max(periods, size) + 2, dtype=np.int64)
    return Desk(free, counts, seen, wish, child, starts, np.array(loads, dtype=np.int64), chance)


def justify_flock(ways: tuple[Direction, Direction], desk: Desk, orders: Whole, columns: Whole | None = None) -> Flock:
    """Return individuals after serial generation of their orders and justification to the right and to the left.

    Parameters
    ----------
    ways : tuple of two Direction
        Filled forward and backward.
    desk : Desk
        Of this thread.
    orders : array, shape (individuals, tasks)
        Each task behind those that it waits for.
    columns : array, shape (individuals, tasks), optional
        Where tasks have several modes: the column of each task's mode.
    """
    import numpy as np

    from comity.plan.schedule.placement import Flock, justify_orders

    count, size = orders.shape
    columns = np.tile(np.arange(size), (count, 1)) if columns is None else columns
    lengths, sums = (np.zeros(count, dtype=np.int64) for _ in range(2))
    flock = Flock(orders.copy(), np.ascontiguousarray(columns), np.zeros_like(orders), lengths, sums)
    justify_orders(ways, flock, desk)
    return flock


@dataclass
class Pool:
    """A population in its two directions.

    Parameters
    ----------
    ways : tuple of two Direction
        The network filled forward and backward.
    flock : Flock
        The individuals.
    desk : Desk
        Room to work in, and the source of every chance.
    tried : int
        Timetables generated so far.
    """

    ways: tuple[Direction, Direction]
    flock: Flock
    desk: Desk
    tried: int = 0

    @property
    def shortest(self) -> int:
        """The least makespan [periods]."""
        return int(self.flock.lengths.min())

    def improve(self, order: Sequence[int]) -> list[int]:
        """Return the starts after serial generation of an order and justification to the right and left."""
        import numpy as np

        self.tried += 3
        starts: list[int] = justify_flock(self.ways, self.desk, np.array([order], dtype=np.int64)).starts[0].tolist()
        return starts

    def breed(self) -> None:
        """Make as many children as there are individuals."""
        from comity.plan.schedule.placement import breed_flock

        count = len(self.flock.lengths)
        breed_flock(self.ways, self.flock, self.desk, count)
        self.tried += 3 * count

    def walk(self, row: int, count: int) -> None:
        """Change one individual by so many steps."""
        from comity.plan.schedule.placement import walk_flock

        walk_flock(self.ways, self.flock, row, self.desk, count)
        self.tried += 3 * count


def cross_rows(rng: np.random.Generator, fathers: Whole, mothers: Whole) -> Whole:
    """Return orders that open and end as the father's, with a middle in the order of the mother (two points)."""
    import numpy as np

    from comity.plan.schedule.placement import cross_orders

    count, size = fathers.shape
    cuts = np.sort(rng.integers(0, size + 1, size=(count, 2)), axis=1)
    children = np.empty_like(fathers)
    cross_orders(fathers, mothers, cuts, children)
    return children


def open_pool(network: Network, size: int, seed: int) -> Pool:
    """Return a first population: orders by latest start with noise, improved."""
    import numpy as np

    rng = np.random.default_rng(seed)
    ways = face_network(network, False), face_network(network, True)
    desk = open_desk(ways[0], weigh_tasks(network), seed)
    slack = measure_tails(network)
    noise = rng.random((size, network.size)) * np.linspace(0.0, 1.0, size)[:, None] * max(1, int(slack.max(initial=1)))
    keys = np.round(100 * (noise - slack)).astype(np.int64)
    return Pool(ways, justify_flock(ways, desk, walk_orders(network, keys)), desk, 3 * size)


def weigh_tasks(network: Network) -> list[int]:
    """Return for each task the thousandths of the capacities that it holds, added up."""
    most = {one.id: max((units for _, units in one.capacity), default=0) for one in network.project.resources}
    held = [task.modes[0].demands.items() for task in network.tasks]
    return [sum(1000 * units // max(1, most[name]) for name, units in row) for row in held]


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
    return np.argsort(lifted * network.size + np.arange(network.size), axis=1, kind="stable")
