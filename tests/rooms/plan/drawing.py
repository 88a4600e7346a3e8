"""Small random projects with every feature, and all their timetables by trying each start."""

import random
from collections.abc import Iterator
from itertools import combinations, product

from comity.plan.project import Calendar, Lag, Mode, Option, Project, Resource, Task, Timetable
from comity.plan.schedule import check_timetable

KINDS = ("finish-start", "start-start", "finish-finish", "start-finish")


def draw_project(seed: int) -> Project:
    rng = random.Random(seed)
    horizon = rng.randint(5, 8)
    count = rng.randint(2, 4)
    options = tuple(draw_option(rng, place) for place in range(rng.choice([0, 1, 2, 2])))
    calendars = tuple(draw_calendar(rng, name, horizon) for name in ("c0", "c1"))
    tasks = tuple(draw_task(rng, f"t{place}", options, horizon) for place in range(count))
    pairs = [(f"t{a}", f"t{b}") for a, b in combinations(range(count), 2) if rng.random() < 0.5]
    lags = tuple(draw_lag(rng, *pair) for pair in pairs)
    resources = (
        Resource("team", ((0, rng.randint(1, 3)), (rng.randint(1, 4), rng.randint(0, 3)))),
        Resource("money", ((rng.randint(0, 2), rng.randint(1, 4)), (4, rng.randint(0, 4))), False, rng.random() < 0.5),
    )
    return Project(horizon, tasks, lags, resources, options, calendars)


def draw_option(rng: random.Random, place: int) -> Option:
    other = (f"o{1 - place}",) if place else ()
    return Option(
        f"o{place}",
        ("A", "B"),
        required=rng.random() < 0.4,
        forbidden=rng.random() < 0.1,
        needs=other if rng.random() < 0.3 else (),
        excludes=other if rng.random() < 0.2 else (),
        withheld=("B",) if rng.random() < 0.1 else (),
    )


def draw_calendar(rng: random.Random, name: str, horizon: int) -> Calendar:
    first = rng.randint(0, horizon - 3)
    last = rng.randint(first + 1, horizon - 2)
    return Calendar(name, ((first, last), (last + 1, horizon)) if rng.random() < 0.4 else ((first, last),))


def draw_task(rng: random.Random, name: str, options: tuple[Option, ...], horizon: int) -> Task:
    modes = [draw_mode(rng, "plain"), *([draw_mode(rng, "other")] if rng.random() < 0.4 else [])]
    shortest = min(mode.duration for mode in modes)
    earliest = rng.choice([0, 0, 1])
    return Task(
        name,
        tuple(modes),
        initiative=rng.choice(options).id if options and rng.random() < 0.6 else None,
        earliest=earliest,
        latest=rng.randint(earliest + shortest, horizon) if rng.random() < 0.3 else None,
        calendar=rng.choice([None, "c0", "c1"]),
    )


def draw_mode(rng: random.Random, name: str) -> Mode:
    return Mode(rng.randint(0, 3), {"team": rng.randint(0, 2)}, {"money": rng.randint(0, 2)}, name)


def draw_lag(rng: random.Random, before: str, after: str) -> Lag:
    least = rng.randint(-1, 1)
    return Lag(before, after, least, least + rng.randint(0, 3) if rng.random() < 0.3 else None, rng.choice(KINDS))


def list_timetables(project: Project) -> Iterator[Timetable]:
    """Yield every valid timetable: each choice, each mode, each start and each length, sieved by the verifier."""
    names = [option.id for option in project.options]
    for flags in product((False, True), repeat=len(names)):
        chosen = tuple(name for name, flag in zip(names, flags, strict=True) if flag)
        done = [task for task in project.tasks if task.initiative is None or task.initiative in chosen]
        ways = [list(list_ways(task, project)) for task in done]
        for found in product(*ways):
            timetable = Timetable(
                {task.id: way[0] for task, way in zip(done, found, strict=True)},
                {task.id: way[1] for task, way in zip(done, found, strict=True)},
                {task.id: way[2] for task, way in zip(done, found, strict=True)},
                chosen,
                0,
            )
            if not check_timetable(project, timetable):
                yield timetable


def list_ways(task: Task, project: Project) -> Iterator[tuple[int, int, str]]:
    alone = Project(
        project.horizon,
        (Task(task.id, task.modes, None, task.earliest, task.latest, task.calendar),),
        (),
        tuple(Resource(r.id, ((0, 99),), r.renewable) for r in project.resources),
        (),
        project.calendars,
    )
    for mode in task.modes:
        for start in range(project.horizon + 1):
            for finish in range(start, project.horizon + 1):
                way = Timetable({task.id: start}, {task.id: finish}, {task.id: mode.name}, (), 0)
                if not check_timetable(alone, way):
                    yield start, finish, mode.name
