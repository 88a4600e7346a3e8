"""Whether a plain network can be finished by a given period: a question that is quicker than how early it can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from comity.plan.schedule.model import load_solver
from comity.plan.schedule.network import Network

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Arc = tuple[int, int, int]
"""A task, one that starts behind its finish, and the periods between."""
Verdict = Literal["yes", "no", "open"]


@dataclass(frozen=True, slots=True)
class Question:
    """A model that asks for starts of all tasks, each within the window that its arcs leave."""

    model: cp_model.CpModel
    starts: tuple[cp_model.IntVar, ...]


@dataclass(frozen=True)
class Classic:
    """A plain network as lists, for models that are built many times.

    Parameters
    ----------
    network : Network
        What it was drawn from.
    durations : tuple of int
        Of each task [periods].
    arcs : tuple of Arc
        The lags.
    demands : tuple of tuple of int
        For each resource: units that each task holds.
    capacities : tuple of int
        Units of each resource.
    """

    network: Network
    durations: tuple[int, ...]
    arcs: tuple[Arc, ...]
    demands: tuple[tuple[int, ...], ...]
    capacities: tuple[int, ...]


def read_network(network: Network) -> Classic:
    """Return a plain network as lists."""
    resources = network.project.resources
    return Classic(
        network,
        tuple(network.durations.tolist()),
        tuple((link.place, place, link.least) for place, row in enumerate(network.before) for link in row),
        tuple(tuple(task.modes[0].demands.get(one.id, 0) for task in network.tasks) for one in resources),
        tuple(one.capacity[0][1] if one.capacity else 0 for one in resources),
    )


def mirror_classic(classic: Classic) -> Classic:
    """Return the network with time turned round: the last task comes first."""
    last = len(classic.durations) - 1
    return Classic(
        classic.network,
        classic.durations[::-1],
        tuple((last - second, last - first, gap) for first, second, gap in classic.arcs),
        tuple(row[::-1] for row in classic.demands),
        classic.capacities,
    )


def frame_windows(classic: Classic, order: Sequence[int], arcs: Iterable[Arc]) -> tuple[list[int], list[int]]:
    """Return each task's earliest start and the periods from its finish to the end, along arcs [periods].

    Parameters
    ----------
    classic : Classic
        The network.
    order : sequence of int
        All tasks, each behind those from which an arc leads to it.
    arcs : iterable of Arc
        Of the network, and more.
    """
    heads, tails = [0] * len(order), [0] * len(order)
    lengths = classic.durations
    before: list[list[tuple[int, int]]] = [[] for _ in order]
    for first, second, gap in arcs:
        before[second].append((first, lengths[first] + gap))
    for place in order:
        heads[place] = max((heads[other] + way for other, way in before[place]), default=0)
    for place in reversed(order):
        for other, way in before[place]:
            tails[other] = max(tails[other], tails[place] + way - lengths[other] + lengths[place])
    return heads, tails


def pose_question(classic: Classic, goal: int, order: Sequence[int], kept: Sequence[Arc] = ()) -> Question | None:
    """Return the model of timetables that finish by a period; None where a chain alone is longer.

    Parameters
    ----------
    classic : Classic
        The network.
    goal : int
        Period by whose beginning all is finished [periods].
    order : sequence of int
        All tasks, each behind those that it waits for, also along `kept`.
    kept : sequence of Arc
        Arcs to be kept beside those of the network.
    """
    arcs = (*classic.arcs, *kept)
    heads, tails = frame_windows(classic, order, arcs)
    lengths = classic.durations
    latest = [goal - tail - length for tail, length in zip(tails, lengths, strict=True)]
    if any(last < head for head, last in zip(heads, latest, strict=True)):
        return None
    model = load_solver().CpModel()
    starts = tuple(model.new_int_var(head, last, "") for head, last in zip(heads, latest, strict=True))
    works = [model.new_fixed_size_interval_var(start, size, "") for start, size in zip(starts, lengths, strict=True)]
    for first, second, gap in arcs:
        model.add(starts[second] >= starts[first] + lengths[first] + gap)
    for demands, capacity in zip(classic.demands, classic.capacities, strict=True):
        users = [place for place, units in enumerate(demands) if units and lengths[place]]
        if users:
            model.add_cumulative([works[place] for place in users], [demands[place] for place in users], capacity)
    return Question(model, starts)


def prepare_asker(seed: int, *, seconds: float | None = None, work: float | None = None) -> cp_model.CpSolver:
    """Return a solver of such questions: one worker that learns from conflicts and leaves linear relaxations alone."""
    solver: cp_model.CpSolver = load_solver().CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 0
    solver.parameters.use_disjunctive_constraint_in_cumulative = False
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(seconds, 0.001)
    if work is not None:
        solver.parameters.max_deterministic_time = work
    return solver


def answer_question(question: Question | None, solver: cp_model.CpSolver) -> tuple[Verdict, list[int]]:
    """Return whether there is such a timetable, and the starts of one where there is."""
    if question is None:
        return "no", []
    cp_model = load_solver()
    status = solver.solve(question.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return "yes", [solver.value(start) for start in question.starts]
    return ("no" if status == cp_model.INFEASIBLE else "open"), []
