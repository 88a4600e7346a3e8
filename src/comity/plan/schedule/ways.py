"""An opening for projects whose tasks can be done in several ways: orders and modes bred together.

An individual is an order of tasks and a mode for each. Every mode is a column of durations and needs, so that the
population is placed row by row as one of single modes is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.plan.project import Mode, Project, Timetable
from comity.plan.schedule.network import Network, draw_network, is_open, measure_project, pack_resources
from comity.plan.schedule.population import (
    PATIENCE,
    cross_rows,
    face_network,
    justify_flock,
    measure_tails,
    open_desk,
    walk_orders,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.plan.schedule.placement import Desk, Direction

    Whole = NDArray[np.int64]

POPULATION = 300
"""Individuals of a population."""
MOST_OPENED = 500
"""Tasks beyond which no opening is bred."""
TURN = 0.04
"""Chance that a task of a new individual takes another mode."""
OVER = 10**6
"""Periods that a unit of overdraft counts as."""
ROUND = 0.006
"""Work that a generation stands for where work is counted."""


@dataclass(frozen=True)
class Ways:
    """A network with several modes a task.

    Parameters
    ----------
    network : Network
        In the first modes.
    modes : tuple of Mode
        By column, task after task.
    firsts, counts : array, shape (tasks,)
        First column of each task, and the number of its columns.
    ahead, back : Direction
        The network filled forward and backward, with durations and needs by column.
    desk : Desk
        Room to work in.
    uses : array, shape (consumables, columns)
        Units that each mode spends.
    budgets : array, shape (consumables,)
        Units that there are.
    """

    network: Network
    modes: tuple[Mode, ...]
    firsts: Whole
    counts: Whole
    ahead: Direction
    back: Direction
    desk: Desk
    uses: Whole
    budgets: Whole


@dataclass
class Brood:
    """A population of orders and modes, the best first.

    Parameters
    ----------
    orders, columns, starts : array, shape (individuals, tasks)
        Tasks by rising start; column of each task's mode; its start [periods].
    costs : array, shape (individuals,)
        Makespans [periods], far larger where a budget is overdrawn.
    """

    orders: Whole
    columns: Whole
    starts: Whole
    costs: Whole


def open_modes(project: Project, seconds: float, seed: int, *, bound: int, counted: bool) -> Timetable | None:
    """Return a short timetable of a project with several modes; None where it has other features, or none was found.

    Parameters
    ----------
    project : Project
        Any; tasks of one mode alone, options, windows, calendars and arrivals of money are left to the model.
    seconds : float
        Time for the breeding [s]; of work where that is counted.
    seed : int
        Of every chance.
    bound : int
        No timetable is shorter [periods].
    counted : bool
        Whether generations are counted instead of time.

    References
    ----------
    `hartmann-2001`, `valls-2005`
    """
    import numpy as np

    ways = draw_ways(project)
    if ways is None:
        return None
    rng = np.random.default_rng(seed)
    brood = open_brood(ways, rng)
    begun, spent, still = time.perf_counter(), 0.0, 0
    while still < PATIENCE and spent < seconds and brood.costs[0] > bound:
        best = brood.costs[0]
        brood = breed_brood(ways, brood, rng)
        still = 0 if brood.costs[0] < best else still + 1
        spent = spent + ROUND if counted else time.perf_counter() - begun
    return None if brood.costs[0] > project.horizon else read_brood(ways, brood, bound)


def draw_ways(project: Project) -> Ways | None:
    """Return a project as a network of several modes; None where it is of another kind, or some task has no mode left.

    A mode that asks for more than there ever is is left out.
    """
    import numpy as np

    if not 1 < len(project.tasks) <= MOST_OPENED or not is_open(project):
        return None
    most = {one.id: max((units for _, units in one.capacity), default=0) for one in project.resources}
    kept = {
        task.id: [m for m in task.modes if all(most[k] >= u for k, u in {**m.demands, **m.uses}.items())]
        for task in project.tasks
    }
    if all(len(task.modes) == 1 for task in project.tasks) or not all(kept.values()):
        return None
    network = draw_network(project, {name: rows[0].name for name, rows in kept.items()}, measure_project(project))
    modes = [mode for task in network.tasks for mode in kept[task.id]]
    counts = np.array([len(kept[task.id]) for task in network.tasks], dtype=np.int64)
    durations = np.array([mode.duration for mode in modes], dtype=np.int64)
    needs, _, _ = pack_resources(project, modes, 1)
    ahead, back = (face_network(network, way)._replace(durations=durations, needs=needs) for way in (False, True))
    spent = [one.id for one in project.resources if not one.renewable]
    uses = np.array([[mode.uses.get(name, 0) for mode in modes] for name in spent], dtype=np.int64)
    budgets = np.array([most[name] for name in spent], dtype=np.int64)
    firsts = np.cumsum(counts) - counts
    desk = open_desk(ahead, [0] * network.size, 0)
    table = uses.reshape(len(spent), len(modes))
    return Ways(network, tuple(modes), firsts, counts, ahead, back, desk, table, budgets)


def open_brood(ways: Ways, rng: np.random.Generator) -> Brood:
    """Return a first population: orders by latest start with noise; quick, light and any modes."""
    import numpy as np

    size = ways.network.size
    tails = measure_tails(ways.network)
    noise = rng.random((POPULATION, size)) * np.linspace(0.0, 1.0, POPULATION)[:, None] * max(1, int(tails.max()))
    orders = walk_orders(ways.network, np.round(100 * (noise - tails)).astype(np.int64))
    loads = np.array([sum(mode.demands.values()) + 1 for mode in ways.modes], dtype=float)
    weights = rng.random(POPULATION)[:, None]
    costs = ways.ahead.durations * loads**weights * rng.uniform(1.0, 2.0, (POPULATION, len(ways.modes)))
    columns = np.stack(
        [
            first + costs[:, first : first + count].argmin(axis=1)
            for first, count in zip(ways.firsts.tolist(), ways.counts.tolist(), strict=True)
        ],
        axis=1,
    )
    return sort_brood(improve_brood(ways, orders, mend_modes(ways, columns, rng)), POPULATION)


def breed_brood(ways: Ways, brood: Brood, rng: np.random.Generator) -> Brood:
    """Return the better half of a population and of its children."""
    import numpy as np

    count, size = brood.orders.shape
    partners = rng.permutation(count)
    orders = cross_rows(rng, brood.orders, brood.orders[partners])
    columns = np.where(rng.random((count, size)) < 0.5, brood.columns, brood.columns[partners])
    other = ways.firsts + (rng.random((count, size)) * ways.counts).astype(np.int64)
    columns = mend_modes(ways, np.where(rng.random((count, size)) < TURN, other, columns), rng)
    young = improve_brood(ways, orders, columns)
    both = [np.concatenate(pair) for pair in zip(vars(brood).values(), vars(young).values(), strict=True)]
    return sort_brood(Brood(*both), count)


def improve_brood(ways: Ways, orders: Whole, columns: Whole) -> Brood:
    """Return individuals after serial generation and justification to the right and to the left, in their modes."""
    flock = justify_flock((ways.ahead, ways.back), ways.desk, orders, columns)
    return Brood(flock.orders, columns, flock.starts, flock.lengths + OVER * measure_overdraft(ways, columns))


def sort_brood(brood: Brood, count: int) -> Brood:
    """Return the best individuals, twins behind the others."""
    import numpy as np

    _, first = np.unique(np.concatenate([brood.starts, brood.columns], axis=1), axis=0, return_index=True)
    twin = np.ones(len(brood.costs), dtype=np.int64)
    twin[first] = 0
    kept = np.lexsort((brood.starts.sum(axis=1), brood.costs, twin))[:count]
    kept = kept[np.argsort(brood.costs[kept], kind="stable")]
    return Brood(brood.orders[kept], brood.columns[kept], brood.starts[kept], brood.costs[kept])


def measure_overdraft(ways: Ways, columns: Whole) -> Whole:
    """Return by individual the units that its modes spend beyond the budgets."""
    import numpy as np

    spent = ways.uses[:, columns].sum(axis=2) - ways.budgets[:, None]
    return np.asarray(np.maximum(spent, 0).sum(axis=0))


def mend_modes(ways: Ways, columns: Whole, rng: np.random.Generator) -> Whole:
    """Return modes in which single tasks were changed as long as that made an overdraft smaller."""
    import numpy as np

    columns = columns.copy()
    over = measure_overdraft(ways, columns)
    for _ in range(3 * ways.network.size):
        rows = over.nonzero()[0]
        if not rows.size:
            break
        task = rng.integers(ways.network.size, size=rows.size)
        tried = columns[rows]
        tried[np.arange(rows.size), task] = ways.firsts[task] + (rng.random(rows.size) * ways.counts[task]).astype(int)
        left = measure_overdraft(ways, tried)
        better = left < over[rows]
        columns[rows[better]], over[rows[better]] = tried[better], left[better]
    return columns


def read_brood(ways: Ways, brood: Brood, bound: int) -> Timetable:
    """Return the best individual as a timetable, in the project's order."""
    starts, finishes, modes = {}, {}, {}
    held = [ways.modes[column] for column in brood.columns[0].tolist()]
    for task, start, mode in zip(ways.network.tasks, brood.starts[0].tolist(), held, strict=True):
        starts[task.id], finishes[task.id], modes[task.id] = start, start + mode.duration, mode.name
    names = [task.id for task in ways.network.project.tasks]
    return Timetable(
        {name: starts[name] for name in names},
        {name: finishes[name] for name in names},
        {name: modes[name] for name in names},
        (),
        bound,
    )
