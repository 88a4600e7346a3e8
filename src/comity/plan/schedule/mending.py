"""A timetable mended at once after a change: what can stay stays, and some of what cannot is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comity.plan.project import Mode, Project, Task, Timetable
from comity.plan.schedule.bounds import bound_makespan
from comity.plan.schedule.holding import Holding, open_holding
from comity.plan.schedule.network import sort_tasks


@dataclass(frozen=True, slots=True)
class Fewest:
    """How much a revision changes, and how little any revision could.

    Parameters
    ----------
    options, tasks : int
        Options that are chosen now and were not, or the other way round; tasks whose start or mode is another.
    least_options : int
        No valid timetable changes fewer options.
    least_tasks : int
        No valid timetable that changes so few options changes fewer tasks.
    """

    options: int
    tasks: int
    least_options: int
    least_tasks: int

    @property
    def proved(self) -> bool:
        """Whether no valid timetable makes fewer changes: of options first, then of tasks."""
        return (self.options, self.tasks) == (self.least_options, self.least_tasks)

    @property
    def verdict(self) -> str:
        """`proved`, or `best found` where fewer changes may be possible."""
        return "proved" if self.proved else "best found"


def list_changed(old: Timetable, new: Timetable) -> tuple[str, ...]:
    """Return the tasks of both timetables whose start or mode is another."""
    return tuple(
        name
        for name, start in new.starts.items()
        if name in old.starts and (start, new.modes[name]) != (old.starts[name], old.modes.get(name))
    )


def mend_timetables(project: Project, old: Timetable, pinned: Mapping[str, int]) -> list[Timetable]:
    """Return quick repairs of a timetable, which may break rules: the calm one first, then the one in the old order."""
    chosen = keep_options(project, old)
    done = [task for task in project.tasks if task.initiative is None or task.initiative in chosen]
    if any(task.id not in old.starts for task in done):
        return []
    orders = [sort_repair(project, done, old, pinned, calm) for calm in (True, False)]
    found = [lay_tasks(project, order, old, pinned) for order in orders]
    return [replace(laid, chosen=chosen) for laid in found if laid is not None]


def count_forced(project: Project, old: Timetable, pinned: Mapping[str, int]) -> tuple[int, int]:
    """Return how many options are changed in any valid timetable, and how many tasks where no others are.

    An option that is forbidden leaves, one that is required enters. Of the tasks that stay, one that is given another
    start, whose mode is gone, or whose old start is not possible beside those that are given, changes whatever else
    is done.
    """
    kept = {option.id for option in project.options if option.id in old.chosen}
    away = {option.id for option in project.options if option.id in kept and (option.forbidden or option.withheld)}
    new = {option.id for option in project.options if option.id not in kept and option.required}
    holding = open_holding(project)
    by_id = {task.id: task for task in project.tasks}
    for name, start in pinned.items():
        if not try_start(holding, by_id[name], find_mode(by_id[name], old), start):
            return len(away | new), 0
    stay = [task for task in project.tasks if task.id in old.starts and task.initiative in {None, *(kept - away)}]
    return len(away | new), sum(not keeps_place(holding, task, old, pinned) for task in stay)


def keeps_place(holding: Holding, task: Task, old: Timetable, pinned: Mapping[str, int]) -> bool:
    """Tell whether a task could stand where it stood, in the mode in which it was done, beside the given ones."""
    mode = find_mode(task, old)
    if mode.name != old.modes.get(task.id):
        return False
    if task.id in pinned:
        return pinned[task.id] == old.starts[task.id]
    starts, _ = holding.list_starts(task, mode)
    return bool((starts == old.starts[task.id]).any())


def keep_options(project: Project, old: Timetable) -> tuple[str, ...]:
    """Return the old choice without what is forbidden now, and without what needs that."""
    kept = {option.id for option in project.options if option.required or option.id in old.chosen}
    kept -= {option.id for option in project.options if option.forbidden or option.withheld}
    for _ in project.options:
        kept = {option.id for option in project.options if option.id in kept and kept.issuperset(option.needs)}
    return tuple(option.id for option in project.options if option.id in kept)


def sort_repair(
    project: Project, done: Sequence[Task], old: Timetable, pinned: Mapping[str, int], calm: bool
) -> list[Task]:
    """Return tasks in the order of repair: what is given, then (if calm) what no lag or date touches, then the rest."""
    by_id = {task.id: task for task in done}
    lags = [lag for lag in project.lags if lag.before in by_id and lag.after in by_id]
    ranks = {name: rank for rank, name in enumerate(sort_tasks(list(by_id), lags))}
    pushed: set[str] = set()
    if calm:
        holding = open_holding(project)
        for name in sorted(by_id, key=lambda one: (one not in pinned, old.starts[one], ranks[one])):
            start = pinned.get(name, old.starts[name])
            if not try_start(holding, by_id[name], find_mode(by_id[name], old), start):
                pushed.add(name)
    return [
        by_id[name]
        for name in sorted(by_id, key=lambda one: (one not in pinned, one in pushed, old.starts[one], ranks[one]))
    ]


def find_mode(task: Task, timetable: Timetable) -> Mode:
    """Return the mode in which a task was done, or its first where that is gone."""
    return next((mode for mode in task.modes if mode.name == timetable.modes.get(task.id)), task.modes[0])


def try_start(holding: Holding, task: Task, mode: Mode, start: int) -> bool:
    """Place a task at a start if the placed ones leave it; tell whether."""
    starts, _ = holding.list_starts(task, mode)
    if not (starts == start).any():
        return False
    holding.place(task, mode, start)
    return True


def lay_tasks(project: Project, order: Sequence[Task], old: Timetable, pinned: Mapping[str, int]) -> Timetable | None:
    """Return a timetable in which each task in turn keeps its start, or takes the next possible."""
    holding = open_holding(project)
    for task in order:
        mode = find_mode(task, old)
        wish = pinned.get(task.id, old.starts[task.id])
        starts, _ = holding.list_starts(task, mode)
        if task.id in pinned:
            starts = starts[starts == wish]
        if not starts.size:
            return None
        later = starts[starts >= wish]
        holding.place(task, mode, int(later[0]) if later.size else int(starts[-1]))
    names = [task.id for task in project.tasks if task.id in holding.placed]
    return Timetable(
        {name: holding.placed[name][0] for name in names},
        {name: holding.placed[name][1] for name in names},
        {name: holding.placed[name][2].name for name in names},
        (),
        bound_makespan(project),
    )
