"""Networks of 120 tasks made up from a seed in the way of ProGen, with the published parameters of the set j120.

Network complexity 1.5, 1.8 or 2.1, resource factor 0.25, 0.5, 0.75 or 1, resource strength 0.1 to 0.5; four resources,
durations and demands of 1 to 10, three tasks at the beginning and three at the end, at most three links in and out of a
task, none of which follows from others. The set is *like* the published one; it is not the published one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import product

from comity.plan.project import Lag, Mode, Project, Resource, Task

COMPLEXITIES = (1.5, 1.8, 2.1)
FACTORS = (0.25, 0.5, 0.75, 1.0)
STRENGTHS = (0.1, 0.2, 0.3, 0.4, 0.5)
ENDS = 3
MOST_LINKS = 3
KINDS = 4

Grid = tuple[float, float, float]


def list_grid() -> list[Grid]:
    """Return the 60 cells of the published grid: complexity, factor, strength."""
    return list(product(COMPLEXITIES, FACTORS, STRENGTHS))


@dataclass
class Web:
    """Links between tasks; a task's word in `above` has a bit for itself and each task before it."""

    count: int
    links: set[tuple[int, int]] = field(default_factory=set)
    after: list[int] = field(init=False)
    before: list[int] = field(init=False)
    above: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin without links."""
        self.after, self.before = [0] * self.count, [0] * self.count
        self.above = [1 << place for place in range(self.count)]

    def add(self, first: int, second: int) -> bool:
        """Add a link that follows from no others and from which no other follows; tell whether."""
        reached = [place for place in range(self.count) if self.above[place] >> second & 1]
        behind = set(reached)
        follows = bool(self.above[second] >> first & 1)
        makes = any(self.above[first] >> one & 1 and other in behind for one, other in self.links)
        if follows or makes or max(self.after[first], self.before[second]) >= MOST_LINKS:
            return False
        self.links.add((first, second))
        self.after[first] += 1
        self.before[second] += 1
        for place in reached:
            self.above[place] |= self.above[first]
        return True


def draw_network(rng: random.Random, count: int, complexity: float) -> set[tuple[int, int]]:
    """Return links between tasks in rising order, as many as the complexity asks for (with both ends counted)."""
    web = Web(count)
    for place in range(ENDS, count):
        while not web.add(rng.randrange(min(place, count - ENDS)), place):
            pass
    for place in range(count - ENDS):
        tries = 0
        while not web.after[place] and tries < 500:
            web.add(place, rng.randrange(place + 1, count))
            tries += 1
    wanted = round(complexity * (count + 2)) - 2 * ENDS
    for _ in range(20_000):
        if len(web.links) >= wanted:
            break
        web.add(*sorted(rng.sample(range(count), 2)))
    return web.links


def draw_demands(rng: random.Random, count: int, factor: float) -> list[list[int]]:
    """Return units of each resource by task: each task asks for one at least, the share of all pairs is the factor."""
    asked = [{rng.randrange(KINDS)} for _ in range(count)]
    pairs = [(place, kind) for place in range(count) for kind in range(KINDS) if kind not in asked[place]]
    rng.shuffle(pairs)
    for place, kind in pairs[: round(factor * count * KINDS) - count]:
        asked[place].add(kind)
    return [[rng.randint(1, 10) if kind in kinds else 0 for kind in range(KINDS)] for kinds in asked]


def make_project(seed: int, cell: Grid, count: int = 120) -> Project:
    """Return a network of one cell of the grid.

    A resource has its largest demand, and of the way from there to the peak of the earliest timetable the share that
    the strength says.
    """
    rng = random.Random(seed)
    complexity, factor, strength = cell
    links = draw_network(rng, count, complexity)
    lengths = [rng.randint(1, 10) for _ in range(count)]
    demands = draw_demands(rng, count, factor)
    starts = [0] * count
    for place in range(count):
        starts[place] = max((starts[a] + lengths[a] for a, b in links if b == place), default=0)
    resources = []
    for kind in range(KINDS):
        load = [0] * (max(starts) + 11)
        for place, start in enumerate(starts):
            for period in range(start, start + lengths[place]):
                load[period] += demands[place][kind]
        least = max(row[kind] for row in demands)
        resources.append(Resource(f"R{kind}", ((0, least + round(strength * (max(load) - least))),)))
    tasks = tuple(
        Task(f"t{p}", (Mode(lengths[p], {f"R{k}": units for k, units in enumerate(demands[p]) if units}),))
        for p in range(count)
    )
    lags = tuple(Lag(f"t{a}", f"t{b}") for a, b in sorted(links))
    return Project(sum(lengths), tasks, lags, tuple(resources))


def add_modes(project: Project, modes: int = 3) -> Project:
    """Return a network in which each task can also be done more slowly with less at a time."""
    tasks = []
    for task in project.tasks:
        quick = task.modes[0]
        slower = [
            Mode(
                max(1, round(quick.duration * (1 + 0.5 * step))),
                {name: max(1, round(units / (1 + 0.45 * step))) for name, units in quick.demands.items()},
                name=f"way {step}",
            )
            for step in range(modes)
        ]
        tasks.append(replace(task, modes=tuple(slower)))
    return replace(project, horizon=2 * project.horizon, tasks=tuple(tasks))
