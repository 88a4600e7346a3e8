"""Serial generation of many timetables at once: what each row sees of its future is one machine word.

For short tasks only: a task that takes longer than a word sees ahead goes the slower way of `population`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.plan.schedule.population import Direction

    Whole = NDArray[np.int64]
    Bits = NDArray[np.uint64]

SIGHT = 64
"""Periods that are looked at in one go: the bits of a word."""


@dataclass(frozen=True)
class Layer:
    """One word of resources, for every row.

    Parameters
    ----------
    ahead : array, shape (rows, periods, SIGHT)
        What is free from each period on; a view.
    under : array, shape (rows, periods, longest)
        The same, as far as the longest task reaches; a view that is written through.
    needs : array, shape (steps, rows, 1)
        Units that the task of each step needs.
    taken : array, shape (steps, rows, longest)
        The same in the periods in which it works, 0 behind them.
    guard : int
        The bits that stand as long as nothing is overdrawn.
    """

    ahead: Whole
    under: Whole
    needs: Whole
    taken: Whole
    guard: np.int64


def place_orders(direction: Direction, orders: Whole, columns: Whole | None = None) -> Whole:
    """Return the finishes of serial generation for each order, shape (orders, tasks) [periods].

    Each task in its row's turn starts in the first period from which its needs are free throughout. Whether they are
    free in a period is one bit; the runs of as many bits as the task is long are found by halving.

    Parameters
    ----------
    direction : Direction
        A plain network; no task longer than `SIGHT`.
    orders : array, shape (orders, tasks)
        Places of the tasks, each behind those that it waits for.
    columns : array, shape (orders, tasks), optional
        Where tasks have several modes: in which column durations and needs of each task stand.
    """
    import numpy as np

    count, size = orders.shape
    tasks = np.ascontiguousarray(orders.T)
    held = tasks if columns is None else np.ascontiguousarray(np.take_along_axis(columns, orders, axis=1).T)
    lengths = direction.durations[held]
    halves = halve_lengths(lengths)
    layers = lay_layers(direction, held, lengths)
    base = np.arange(count) * (size + 1)
    rows = np.arange(count)
    finishes = np.zeros(count * (size + 1), dtype=np.int64)
    waits = base + np.moveaxis(direction.waits[tasks], 2, 0)
    gaps = np.moveaxis(direction.gaps[tasks], 2, 0)
    for step in range(size):
        starts = finishes.take(waits[0, step]) + gaps[0, step]
        for column in range(1, len(waits)):
            np.maximum(starts, finishes.take(waits[column, step]) + gaps[column, step], out=starts)
        move_starts(layers, step, starts, [half[step] for half in halves], lengths[step])
        for layer in layers:
            left = layer.under[rows, starts]
            left -= layer.taken[step]
            layer.under[rows, starts] = left
        finishes[base + tasks[step]] = starts + lengths[step]
    return np.ascontiguousarray(finishes.reshape(count, size + 1)[:, :size])


def halve_lengths(lengths: Whole) -> list[Bits]:
    """Return the shifts after which a bit stands where a run of the wanted length begins: 1, 2, 4 ... and a rest."""
    import numpy as np

    left = np.maximum(lengths - 1, 0)
    found: list[Bits] = []
    while left.any():
        shift = np.minimum(left, 1 << len(found))
        found.append(shift.astype(np.uint64))
        left = left - shift
    return found


def lay_layers(direction: Direction, tasks: Whole, lengths: Whole) -> list[Layer]:
    """Return the free units of every row, none behind the periods that are kept account of."""
    import numpy as np
    from numpy.lib.stride_tricks import as_strided

    longest = int(direction.durations.max(initial=0))
    works = np.arange(longest) < lengths[:, :, None]
    count, span = tasks.shape[1], direction.supply.shape[1]
    layers = []
    for level, needs, guard in zip(direction.supply, direction.needs, direction.guards, strict=True):
        free = np.zeros((count, span + SIGHT), dtype=np.int64)
        free[:, :span] = level
        ahead = as_strided(free, (count, span + 1, SIGHT), (free.strides[0], free.strides[1], free.strides[1]))
        units = needs[tasks][:, :, None]
        layers.append(Layer(ahead, ahead[:, :, :longest], units, works * units, guard))
    return layers


def move_starts(layers: list[Layer], step: int, starts: Whole, halves: list[Bits], lengths: Whole) -> None:
    """Move each row's start on to the first from which its task of this step fits."""
    import numpy as np

    rows = np.arange(starts.size)
    while rows.size:
        bits = see_free(layers, step, rows, starts[rows])
        for half in halves:
            bits &= bits >> half[rows]
        lowest = bits & (~bits + np.uint64(1))
        where = np.frexp(lowest.astype(np.float64))[1] - 1
        blind = (bits == 0) & (lengths[rows] > 0)
        onward = np.where(blind, SIGHT + 1 - lengths[rows], where)
        starts[rows] += np.where(lengths[rows] > 0, onward, 0)
        rows = rows[blind]


def see_free(layers: list[Layer], step: int, rows: NDArray[np.intp], starts: Whole) -> Bits:
    """Return for each row a word whose bits tell in which periods from its start on the needs of its task are free."""
    import numpy as np

    free = None
    for layer in layers:
        seen = layer.ahead[rows, starts]
        seen -= layer.needs[step][rows]
        seen &= layer.guard
        fits = seen == layer.guard
        free = fits if free is None else free & fits
    if free is None:
        return np.full(rows.size, ~np.uint64(0))
    return np.packbits(free.ravel(), bitorder="little").view("<u8")
