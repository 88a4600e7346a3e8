"""What if: a valid timetable after changes, at once, and then with as few changes as can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from comity.plan.errors import NoTimetable
from comity.plan.project import Project, Timetable
from comity.plan.schedule.bounds import bound_makespan
from comity.plan.schedule.change import Change, apply_changes
from comity.plan.schedule.check import check_project
from comity.plan.schedule.composed import Composed
from comity.plan.schedule.mending import Fewest, count_forced, list_changed, mend_timetables
from comity.plan.schedule.model import compose_model, load_solver, read_timetable
from comity.plan.schedule.solve import Effort, check_effort, hint_timetable, prepare_solver
from comity.plan.schedule.verify import check_timetable, confirm_timetable

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

FIRST = 10.0
"""Seconds that the solver may take for a first answer where mending the old timetable fails."""
COUNTING = 0.75
"""Part of an effort that goes into the number of changes; the rest makes the shifts small."""


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
        Tasks whose start or mode is another, in the project's order.
    shift : int
        Sum of the distances between old and new starts [periods].
    added, dropped : tuple of str
        Options that are chosen now and were not, and the other way round.
    fewest : Fewest
        Changes of options and tasks, with what any valid timetable changes at least.
    proved : bool
        Whether no timetable changes fewer options, then fewer tasks, then shifts less.
    """

    project: Project
    timetable: Timetable
    moved: tuple[str, ...]
    shift: int
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    fewest: Fewest
    proved: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """What a revision must meet beyond the rules of its project.

    Parameters
    ----------
    compose : callable
        Gives the model of a project, with whatever else must hold.
    accept : callable
        Tells the same of a timetable, by plain arithmetic.
    """

    compose: Callable[[Project], Composed] = compose_model
    accept: Callable[[Project, Timetable], bool] = lambda project, timetable: True


@dataclass(slots=True)
class Pursuit:
    """A search for fewer changes: the model, the old timetable, the best answer so far and the bounds that are proved.

    Parameters
    ----------
    composed : Composed
    old : Timetable
    best : Timetable, optional
    least : tuple of int
        Options, and tasks with so few options, that any answer changes.
    proved : bool
        Whether nothing changes less, nor shifts less.
    impossible : bool
        Whether it is shown that there is no answer.
    """

    composed: Composed
    old: Timetable
    best: Timetable | None
    least: tuple[int, int]
    proved: bool = False
    impossible: bool = False


def revise_timetable(
    project: Project,
    timetable: Timetable,
    changes: Sequence[Change],
    *,
    effort: Effort | None = None,
    demand: Demand | None = None,
) -> Revision:
    """Return a valid timetable after changes that differs from the old one as little as can be.

    A first answer keeps the old order: each task stays where it is if it can, else it takes the next start that the
    others leave. Constraint programming then looks for fewer changes: of options first, then the number of tasks whose
    start or mode is another, then the sum of shifts. Where the first answer cannot be mended, the solver gives it.

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
    demand : Demand, optional
        What must hold beside the rules of the project.

    Returns
    -------
    Revision
        The new timetable, checked by `check_timetable`, and what is different; `fewest` says whether fewer changes
        are ruled out, and how few there could be.

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
    demand = demand or Demand()
    first = mend_timetable(changed, timetable, pinned, demand)
    least = count_forced(changed, timetable, pinned)
    if first is not None and effort is None:
        return compare_timetables(changed, timetable, first, least)
    composed = demand.compose(changed)
    for name, start in pinned.items():
        composed.model.add(composed.starts[name] == start)
        composed.model.add_bool_and(composed.done[name])
    pursuit = Pursuit(composed, timetable, first, least)
    seek_fewest(pursuit, check_effort(effort or Effort(FIRST)), once=effort is None)
    if pursuit.best is not None:
        return compare_timetables(changed, timetable, pursuit.best, pursuit.least, pursuit.proved)
    raise NoTimetable(
        "no timetable respects the project with these changes"
        if pursuit.impossible
        else "no timetable with these changes was found in the time given; one may exist",
        where="; ".join(map(str, changes)),
        todo="take back a change, widen a window or add to a resource",
    )


def seek_fewest(pursuit: Pursuit, effort: Effort, *, once: bool) -> None:
    """Look for the fewest changes, then for the least shifts among answers with so few.

    Parameters
    ----------
    pursuit : Pursuit
        Holds what is found.
    effort : Effort
        Of both searches.
    once : bool
        Whether any answer is enough.
    """
    model = pursuit.composed.model
    choices, moves, shifts = measure_changes(pursuit.composed, pursuit.old)
    step = len(moves) + 1
    changes = pursuit.composed.makespan * 0 + step * sum(choices) + sum(moves)
    model.add(changes >= step * pursuit.least[0])
    solver = prepare_solver(replace(effort, seconds=COUNTING * effort.seconds))
    solver.parameters.stop_after_first_solution = once
    known = ask_least(pursuit, changes, solver)
    if pursuit.best is None or once:
        return
    weigh_bound(pursuit, known, step)
    model.add(changes <= step * count_options(pursuit) + len(list_changed(pursuit.old, pursuit.best)))
    spent = COUNTING * effort.seconds if effort.reproducible else min(solver.wall_time, COUNTING * effort.seconds)
    settle_shifts(pursuit, sum(shifts), prepare_solver(replace(effort, seconds=effort.seconds - spent)))


def settle_shifts(pursuit: Pursuit, shifts: cp_model.LinearExprT, solver: cp_model.CpSolver) -> None:
    """Make the sum of shifts small where the number of changes is held, and tell whether nothing is left to find."""
    project, counted = pursuit.composed.project, pursuit.best
    least = ask_least(pursuit, shifts, solver)
    if counted is None or pursuit.best is None:
        return
    before, after = (compare_timetables(project, pursuit.old, one, pursuit.least) for one in (counted, pursuit.best))
    pursuit.best = min(after, before, key=lambda one: one.shift).timetable
    pursuit.proved = after.fewest.proved and least is not None and least >= after.shift


def count_options(pursuit: Pursuit) -> int:
    """Return how many options the best answer so far changes."""
    return 0 if pursuit.best is None else len(set(pursuit.best.chosen) ^ set(pursuit.old.chosen))


def weigh_bound(pursuit: Pursuit, known: int | None, step: int) -> None:
    """Read from a bound on all changes, an option counting `step`, what any answer changes of options and of tasks."""
    if known is None:
        return
    options = count_options(pursuit)
    if known // step >= options:
        pursuit.least = (options, max(known - step * options, pursuit.least[1] if pursuit.least[0] == options else 0))
    else:
        pursuit.least = (max(known // step, pursuit.least[0]), 0)


def measure_changes(
    composed: Composed, old: Timetable
) -> tuple[list[Any], list[cp_model.IntVar], list[cp_model.IntVar]]:
    """Return what a revision makes small: options changed, tasks whose start or mode is another, shifts."""
    model = composed.model
    moves, shifts = [], []
    for name, start in old.starts.items():
        moved = model.new_bool_var(f"moved {name}")
        shift = model.new_int_var(0, max(composed.project.horizon, start), f"shift {name}")
        model.add(composed.starts[name] == start).only_enforce_if(composed.done[name], ~moved)
        used = composed.modes[name].get(old.modes.get(name, ""), model.new_constant(0))
        model.add_bool_or(~composed.done[name], moved, used)
        for away in (composed.starts[name] - start, start - composed.starts[name]):
            model.add(shift >= away).only_enforce_if(composed.done[name])
        moves.append(moved)
        shifts.append(shift)
    choices = [~held if name in old.chosen else held for name, held in composed.chosen.items()]
    return choices, moves, shifts


def ask_least(pursuit: Pursuit, amount: cp_model.LinearExprT, solver: cp_model.CpSolver) -> int | None:
    """Make an amount small from the best answer so far; return what it is at least, or None where nothing was found."""
    cp_model, composed = load_solver(), pursuit.composed
    composed.model.clear_hints()  # type: ignore[no-untyped-call]
    if pursuit.best is not None:
        hint_timetable(composed, pursuit.best)
    composed.model.minimize(amount)
    status = solver.solve(composed.model)
    pursuit.impossible = bool(status == cp_model.INFEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    pursuit.best = read_timetable(composed, solver, bound=bound_makespan(composed.project))
    return math.ceil(solver.best_objective_bound - 1e-6)


def compare_timetables(
    project: Project, old: Timetable, new: Timetable, least: tuple[int, int], proved: bool = False
) -> Revision:
    """Return a new timetable, confirmed, with what is different from the old one and what any answer changes."""
    confirm_timetable(project, new)
    shifts = [abs(start - old.starts[name]) for name, start in new.starts.items() if name in old.starts]
    moved = list_changed(old, new)
    added = tuple(name for name in new.chosen if name not in old.chosen)
    dropped = tuple(name for name in old.chosen if name not in new.chosen)
    options = len(added) + len(dropped)
    fewest = Fewest(options, len(moved), least[0], least[1] if options == least[0] else 0)
    return Revision(project, new, moved, sum(shifts), added, dropped, fewest, proved)


def mend_timetable(project: Project, old: Timetable, pinned: Mapping[str, int], demand: Demand) -> Timetable | None:
    """Return the better of two quick repairs, by tasks changed and then by shift; None where neither will do."""
    valid = [
        compare_timetables(project, old, one, (0, 0))
        for one in mend_timetables(project, old, pinned)
        if not check_timetable(project, one) and demand.accept(project, one)
    ]
    return min(valid, key=lambda one: (len(one.moved), one.shift)).timetable if valid else None
