"""How early a project can be finished at best, from its longest chain and from its scarcest resource."""

from __future__ import annotations

from comity.plan.project import Project, Task
from comity.plan.schedule.network import link_tasks, sort_tasks


def bound_makespan(project: Project) -> int:
    """Return a period before which no timetable of what must be done is finished [periods].

    The larger of two bounds: the longest chain of tasks that are always done, each in its shortest mode; and for each
    renewable resource the least work that these tasks bring to it, over the most units that it ever has, after the
    first of them can start and before what must follow the last of them.
    """
    must = {option.id for option in project.options if option.required}
    tasks = [task for task in project.tasks if task.initiative is None or task.initiative in must]
    return max(bound_chain(project, tasks), bound_work(project, tasks), 0)


def bound_chain(project: Project, tasks: list[Task]) -> int:
    """Return the last of the earliest finishes along least lags, as if nothing were scarce [periods]."""
    heads, _ = measure_ways(project, tasks)
    return max((heads[task.id] + find_shortest(task) for task in tasks), default=0)


def find_shortest(task: Task) -> int:
    """Return the shortest duration of a task [periods]."""
    return min(mode.duration for mode in task.modes)


def measure_ways(project: Project, tasks: list[Task]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the earliest start of each task along least lags, and the periods from its finish to the end at least."""
    by_id = {task.id: task for task in tasks}
    lags = [lag for lag in project.lags if lag.before in by_id and lag.after in by_id]
    order = sort_tasks(list(by_id), lags)
    shortest = [find_shortest(by_id[name]) for name in order]
    links = link_tasks(order, lags)
    heads: list[int] = []
    for place, row in enumerate(links):
        held = [one for one in row if not one.to_finish]
        ways = [heads[one.place] + one.from_finish * shortest[one.place] + one.least for one in held]
        heads.append(max([by_id[order[place]].earliest, *ways]))
    tails = [0] * len(order)
    for place in reversed(range(len(order))):
        for one in links[place]:
            if one.from_finish and not one.to_finish:
                tails[one.place] = max(tails[one.place], one.least + shortest[place] + tails[place])
    return dict(zip(order, heads, strict=True)), dict(zip(order, tails, strict=True))


def bound_work(project: Project, tasks: list[Task]) -> int:
    """Return the most periods that a renewable resource needs for all that is asked of it [periods]."""
    heads, tails = measure_ways(project, tasks)
    found = 0
    for resource in project.resources:
        most = max((units for _, units in resource.capacity), default=0)
        if not resource.renewable or not most:
            continue
        asked = {
            task.id: min(mode.duration * mode.demands.get(resource.id, 0) for mode in task.modes) for task in tasks
        }
        held = [name for name, work in asked.items() if work]
        if held:
            ends = min(heads[name] for name in held) + min(tails[name] for name in held)
            found = max(found, ends - (-sum(asked.values()) // most))
    return found
