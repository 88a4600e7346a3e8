"""Parts of a timetable that are set free, and the order that the others keep among each other."""

from __future__ import annotations

import random
from collections.abc import Sequence

from comity.plan.schedule.decision import Arc, Classic


def chain_tasks(classic: Classic, starts: Sequence[int], rng: random.Random) -> set[tuple[int, int]]:
    """Return pairs of tasks of which the first hands units of a resource on to the second.

    Each unit is a chain of the tasks that hold it, one after the other. Any starts that keep these pairs in their
    order keep the capacities too, so that tasks may move while their partial order stands (`godard-2005`).
    """
    order = sort_starts(classic, starts, rng)
    found: set[tuple[int, int]] = set()
    for demands, capacity in zip(classic.demands, classic.capacities, strict=True):
        free = [0] * capacity
        last = [-1] * capacity
        for place in order:
            units = demands[place] if classic.durations[place] else 0
            if not units:
                continue
            ready = [unit for unit in range(capacity) if free[unit] <= starts[place]]
            rng.shuffle(ready)
            giver = last[max(ready, key=lambda unit: free[unit])]
            ready.sort(key=lambda unit: last[unit] != giver)
            found.update((last[unit], place) for unit in ready[:units] if last[unit] >= 0)
            for unit in ready[:units]:
                free[unit], last[unit] = starts[place] + classic.durations[place], place
    return found


def sort_starts(classic: Classic, starts: Sequence[int], rng: random.Random) -> list[int]:
    """Return the tasks by rising start; those without duration first where they wait for nobody of the same start."""
    finishes = [start + length for start, length in zip(starts, classic.durations, strict=True)]
    places = range(len(starts))
    if all(classic.durations):
        return sorted(places, key=lambda place: (starts[place], rng.random()))
    return sorted(places, key=lambda place: (starts[place], finishes[place], place))


def free_tasks(classic: Classic, starts: Sequence[int], size: int, rng: random.Random) -> set[int]:
    """Return tasks to be set free: those about one moment, sharply or loosely, or any."""
    middles = [start + length / 2 for start, length in zip(starts, classic.durations, strict=True)]
    moment = rng.uniform(0, max(middles, default=0))
    least = rng.choice((1.0, 0.3, 0.0))
    away = [abs(middle - moment) if least else 1.0 for middle in middles]
    keys = [(distance + 1) * rng.uniform(least, 1.0) for distance in away]
    return set(sorted(range(len(starts)), key=lambda place: keys[place])[:size])


def keep_chains(classic: Classic, starts: Sequence[int], free: set[int], rng: random.Random) -> list[Arc]:
    """Return the arcs of a timetable's chains between tasks that are not set free."""
    pairs = sorted(chain_tasks(classic, starts, rng))
    return [(first, second, 0) for first, second in pairs if first not in free and second not in free]
