"""What if: a valid timetable after changes, at once, and then with as few dates moved as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comity.plan.errors import NoTimetable
from comity.plan.project import Mode, Project, Task, Timetable
from comity.plan.schedule.bounds import bound_makespan
from comity.plan.schedule.change import Change, apply_changes
from comity.plan.schedule.check import check_project
from comity.plan.schedule.composed import Composed
from comity.plan.schedule.holding import Holding, open_holding
from comity.plan.schedule.model import compose_model, load_solver, read_timetable
from comity.plan.schedule.network import sort_tasks
from comity.plan.schedule.solve import Effort, check_effort, hint_timetable, prepare_solver
from comity.plan.schedule.verify import check_timetable, confirm_timetable

FIRST = 10.0
"""Seconds that the solver may take for a first answer where mending the old timetable fails."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A timetable after changes, beside the one before.

    Parameters
    ----------
    project : Project
        What it respects: the project with the changes.
    timetable : Timetable
        The new one.
    moved : tuple of str
        Tasks whose start is another, in the project's order.
    shift : int
        Sum of the distances between old and new starts [periods].
    added, dropped : tuple of str
        Options that are chosen now and were not, and the other way round.
    proved : bool
        Whether no timetable changes fewer options, then moves fewer tasks, then shifts less.
    """

    project: Project
    timetable: Timetable
    moved: tuple[str, ...]
    shift: int
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    proved: bool


def revise_timetable(
    project: Project, timetable: Timetable, changes: Sequence[Change], *, effort: Effort | None = None
) -> Revision:
    """Return a valid timetable after changes that differs from the old one as little as can be.

    A first answer keeps the old order: each task stays where it is if it can, else it takes the next start that the
    others leave. Constraint programming then looks for fewer changes: of options first, then the number of tasks
    moved, then the sum of shifts. Where the first answer cannot be mended, the solver gives it.

    Parameters
    ----------
    project : Project
        What the old timetable respects.
    timetable : Timetable
        The old one.
    changes : sequence of Change
        `Fix`, `Delay`, `Forbid`, `Cut` or `Progress`, in the order in which they hold.
    effort : Effort, optional
        Of the search for fewer changes; None: the first answer is enough.

    Returns
    -------
    Revision
        The new timetable, checked by `check_timetable`, and what is different.

    Raises
    ------
    BadProject
        Where a change names something unknown or makes a window impossible.
    NoTimetable
        Where nothing respects the project with these changes.

    References
    ----------
    `vandevonder-2007`
    """
    changed, pinned = apply_changes(project, timetable, changes)
    check_project(changed)
    first = mend_timetable(changed, timetable, pinned)
    if first is not None and effort is None:
        return compare_timetables(changed, timetable, first, False)
    effort = check_effort(effort or Effort(FIRST))
    composed = compose_model(changed)
    for name, start in pinned.items():
        composed.model.add(composed.starts[name] == start)
        composed.model.add_bool_and(composed.done[name])
    if first is not None:
        hint_timetable(composed, first)
    ask_fewest_changes(composed, timetable)
    solver = prepare_solver(effort)
    status = solver.solve(composed.model)
    cp_model = load_solver()
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        found = read_timetable(composed, solver, bound=bound_makespan(changed))
        return compare_timetables(changed, timetable, found, bool(status == cp_model.OPTIMAL))
    if first is not None:
        return compare_timetables(changed, timetable, first, False)
    raise NoTimetable(
        "no timetable respects the project with these changes"
        if status == cp_model.INFEASIBLE
        else "no timetable with these changes was found in the time given; one may exist",
        where="; ".join(map(str, changes)),
        todo="take back a change, widen a window or add to a resource",
    )


def ask_fewest_changes(composed: Composed, old: Timetable) -> None:
    """Give a model the objective of a revision: options changed, then tasks moved, then the sum of shifts."""
    model = composed.model
    moves, shifts = [], []
    for name, start in old.starts.items():
        moved = model.new_bool_var(f"moved {name}")
        shift = model.new_int_var(0, max(composed.project.horizon, start), f"shift {name}")
        model.add(composed.starts[name] == start).only_enforce_if(composed.done[name], ~moved)
        for away in (composed.starts[name] - start, start - composed.starts[name]):
            model.add(shift >= away).only_enforce_if(composed.done[name])
        moves.append(moved)
        shifts.append(shift)
    choices = [~held if name in old.chosen else held for name, held in composed.chosen.items()]
    step = composed.project.horizon * len(shifts) + 1
    model.minimize(sum(shifts) + step * sum(moves) + step * (len(moves) + 1) * sum(choices))


def compare_timetables(project: Project, old: Timetable, new: Timetable, proved: bool) -> Revision:
    """Return a new timetable, confirmed, with what is different from the old one."""
    confirm_timetable(project, new)
    both = [name for name in new.starts if name in old.starts]
    shifts = {name: abs(new.starts[name] - old.starts[name]) for name in both}
    return Revision(
        project,
        new,
        tuple(name for name in both if shifts[name]),
        sum(shifts.values()),
        tuple(name for name in new.chosen if name not in old.chosen),
        tuple(name for name in old.chosen if name not in new.chosen),
        proved,
    )


def mend_timetable(project: Project, old: Timetable, pinned: Mapping[str, int]) -> Timetable | None:
    """Return the better of two quick repairs, by tasks moved and then by shift; None where neither is valid."""
    chosen = keep_options(project, old)
    done = [task for task in project.tasks if task.initiative is None or task.initiative in chosen]
    if any(task.id not in old.starts for task in done):
        return None
    orders = [sort_repair(project, done, old, pinned, calm) for calm in (True, False)]
    found = [lay_tasks(project, order, old, pinned) for order in orders]
    valid = [
        compare_timetables(project, old, one, False)
        for laid in found
        if laid is not None and not check_timetable(project, one := replace(laid, chosen=chosen))
    ]
    return min(valid, key=lambda one: (len(one.moved), one.shift)).timetable if valid else None


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
