"""Tasks that wait for each other in a circle."""

from __future__ import annotations

from comity.plan.project import Lag, Project, Task

Arc = tuple[int, int, int]


def find_circle(project: Project) -> list[str]:
    """Return tasks in the order of a circle of waiting that no start times satisfy; empty where there is none.

    Only least lags are followed: a most lag that cannot be kept is an answer of the engine. Longest paths between
    starts by Bellman and Ford; a path that still grows after as many rounds as there are tasks runs in a circle.
    """
    places = {task.id: place for place, task in enumerate(project.tasks)}
    arcs = [arc for lag in project.lags for arc in measure_arc(lag, project.tasks, places)]
    length, before = [0] * len(places), [-1] * len(places)
    grown = -1
    for _ in range(len(places) + 1):
        grown = -1
        for first, second, gap in arcs:
            if length[first] + gap > length[second]:
                length[second], before[second], grown = length[first] + gap, first, second
        if grown < 0:
            return []
    return [project.tasks[place].id for place in trace_circle(before, grown)]


def measure_arc(lag: Lag, tasks: tuple[Task, ...], places: dict[str, int]) -> list[Arc]:
    """Return how far a lag holds two starts apart at least; nothing where a resting finish leaves that open."""
    first, second = tasks[places[lag.before]], tasks[places[lag.after]]
    gap = lag.least
    if lag.kind.startswith("finish"):
        gap += min(mode.duration for mode in first.modes)
    if lag.kind.endswith("finish"):
        if second.calendar is not None:
            return []
        gap -= max(mode.duration for mode in second.modes)
    return [(places[lag.before], places[lag.after], gap)]


def trace_circle(before: list[int], place: int) -> list[int]:
    """Return the circle that is reached by walking back from a place, in the order of waiting."""
    for _ in before:
        place = before[place]
    circle = [place]
    while before[circle[-1]] != place:
        circle.append(before[circle[-1]])
    return circle[::-1]
