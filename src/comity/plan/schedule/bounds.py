"""How early a project can be finished at best, from its longest chain and from its scarcest resource."""

from __future__ import annotations

from comity.plan.project import Project, Task
from comity.plan.schedule.network import link_tasks, sort_tasks


def bound_makespan(project: Project) -> int:
    """Return a period before which no timetable of what must be done is finished [periods].

    The larger of two bounds: the longest chain of tasks that are always done, each in its shortest mode; and for each
    renewable resource the least work that these tasks bring to it, over the most units that it ever has.
    """
    must = {option.id for option in project.options if option.required}
    tasks = [task for task in project.tasks if task.initiative is None or task.initiative in must]
    return max(bound_chain(project, tasks), bound_work(project, tasks), 0)


def bound_chain(project: Project, tasks: list[Task]) -> int:
    """Return the last of the earliest finishes along least lags, as if nothing were scarce [periods]."""
    by_id = {task.id: task for task in tasks}
    lags = [lag for lag in project.lags if lag.before in by_id and lag.after in by_id]
    order = sort_tasks(list(by_id), lags)
    shortest = [min(mode.duration for mode in by_id[name].modes) for name in order]
    starts: list[int] = []
    for place, links in enumerate(link_tasks(order, lags)):
        start = by_id[order[place]].earliest
        for link in links:
            if not link.to_finish:
                start = max(start, starts[link.place] + link.from_finish * shortest[link.place] + link.least)
        starts.append(start)
    return max((start + length for start, length in zip(starts, shortest, strict=True)), default=0)


def bound_work(project: Project, tasks: list[Task]) -> int:
    """Return the most periods that a renewable resource needs for all that is asked of it [periods]."""
    found = 0
    for resource in project.resources:
        most = max((units for _, units in resource.capacity), default=0)
        if resource.renewable and most:
            asked = sum(min(mode.duration * mode.demands.get(resource.id, 0) for mode in task.modes) for task in tasks)
            found = max(found, -(-asked // most))
    return found
