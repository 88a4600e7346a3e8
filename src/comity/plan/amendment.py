"""A plan made again with something changed: as much as can be stays, and what moved is said with the reason."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.plan.answer import (
    Settings,
    answer_plan,
    describe_proposal,
    describe_refusal,
    name_terms,
    propose_choice,
)
from comity.plan.changes import Changes, change_plan
from comity.plan.differences import compare_made
from comity.plan.document import PlanDocument
from comity.plan.errors import NoPlan, NoTimetable, PlanError
from comity.plan.firmness import TEXTS, describe_holds
from comity.plan.layout import Layout, lay_out_project
from comity.plan.project import Project, Timetable
from comity.plan.work import GATE

if TYPE_CHECKING:
    from comity.plan.choice.tables import Proposal
    from comity.plan.schedule.mending import Fewest

KEEPS = ("fewest", "first", "none")
MOST_BYTES = 64_000_000
"""Largest made plan that is read."""


@dataclass(frozen=True)
class Basis:
    """What a change starts from, and how much of it is to stay.

    Parameters
    ----------
    made : path-like or mapping, optional
        The plan as it was made before (`comity plan make --json`); it is made again where left out.
    keep : str
        `fewest` (as few changes as possible), `first` (the first valid answer, at once and without dates by chance),
        `none` (chosen afresh).
    """

    made: Path | str | Mapping[str, Any] | None = None
    keep: str = "fewest"


@dataclass(frozen=True)
class Kept:
    """A plan with few changes, what is said of it, and how few changes there could be."""

    proposal: Proposal
    status: str
    fewest: Fewest


def read_basis(basis: Basis) -> Basis:
    """Return a basis with its made plan read from the file that it names.

    Raises
    ------
    PlanError
        The file cannot be read, or is no made plan; there is no such way to keep.
    """
    if basis.keep not in KEEPS:
        raise PlanError(f"there is no way to keep {basis.keep!r}", todo=f"choose one of {', '.join(KEEPS)}")
    if basis.made is None or isinstance(basis.made, Mapping):
        return basis
    path = Path(basis.made)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PlanError(f"{path} is too large", where=str(path), todo=f"give at most {MOST_BYTES:,} bytes")
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path} cannot be read", where=str(path), why=str(error.strerror)) from error
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path} is no JSON", where=str(path), todo="write it with comity plan make --json") from error
    if not isinstance(found, dict):
        raise PlanError(f"{path} is no made plan", where=str(path), todo="write it with comity plan make --json")
    return replace(basis, made=found)


def amend_plan(
    plan: PlanDocument, layout: Layout, changes: Changes, settings: Settings, basis: Basis
) -> dict[str, Any]:
    """Make a plan again with something changed, and compare it with the plan as it was.

    As much as can be stays as it was: which initiatives are done, then when. Where that would leave somebody worse off,
    or is not possible, the choice is made anew.

    Parameters
    ----------
    plan : PlanDocument
    layout : Layout
    changes : Changes
    settings : Settings
    basis : Basis
        With its made plan as values.

    Returns
    -------
    dict
        As `comity.plan.answer.answer_plan` for the changed plan, with `changes` and `differences`.

    Raises
    ------
    PlanError
        A change names nothing of the plan; the plan as it was is not of this file.
    """
    try:
        before, proposal = _find_before(plan, layout, settings, basis)
    except NoPlan:
        before, proposal = describe_refusal(plan, layout, settings), None
    other = change_plan(plan, changes, {} if proposal is None else proposal.timetable.modes)
    laid = lay_out_project(other)
    old = None if basis.keep == "none" else proposal
    kept = None if old is None else _keep_order(other, laid, old, settings, basis.keep)
    if kept is not None and kept.proposal.empty:
        kept = None
    if kept is None:
        after = answer_plan(other, laid, replace(settings, shares=False))
    else:
        told = replace(settings, chances=basis.keep != "first")
        after = describe_proposal(other, laid, kept.proposal, told, status=kept.status)
    differences = {
        **compare_made(before, after),
        "anew": proposal is not None and kept is None and after["exists"],
        "fewest": None if kept is None else _describe_fewest(kept.fewest),
    }
    if after["exists"]:
        timetable = _read_timetable(laid.project, after) if kept is None else kept.proposal.timetable
        holds = describe_holds(laid, timetable, [row["id"] for row in differences["moved"]], other.clock)
        _add_reasons(differences["moved"], holds, changes, other)
    return {**after, "changes": changes.describe(), "differences": differences}


def _describe_fewest(fewest: Fewest) -> dict[str, Any]:
    """Return how many changes there are, how few there could be, and whether that is settled."""
    return {
        "verdict": fewest.verdict,
        "initiatives": fewest.options,
        "least_initiatives": fewest.least_options,
        "tasks": fewest.tasks,
        "least_tasks": fewest.least_tasks,
    }


def _add_reasons(
    moved: Iterable[dict[str, Any]], holds: Mapping[str, str], changes: Changes, plan: PlanDocument
) -> None:
    """Add to each task that moved why: a change or its progress, or what keeps it from an earlier start now."""
    asked = {text.partition("=")[0]: text for text in (*changes.fix, *changes.delay, *changes.progress)}
    told = {f"{one.id}.{entry.phase}" for one in plan.initiatives for entry in one.progress}
    today = plan.clock.name_day(plan.clock.count_from(plan.as_of)).isoformat() if plan.as_of else None
    for row in moved:
        why = holds[row["id"]]
        if row["id"] in asked:
            why = f"asked: {asked[row['id']]}"
        elif row["id"] in told:
            why = f"progress, told as of {plan.as_of}"
        elif why == TEXTS["window"] and row["after"][0] == today:
            why = f"it had not begun by {plan.as_of}"
        row["why"] = why


def _find_before(
    plan: PlanDocument, layout: Layout, settings: Settings, basis: Basis
) -> tuple[Mapping[str, Any], Proposal]:
    """Return the plan as it was, as values and as a proposal: the one given, or made now."""
    if isinstance(basis.made, Mapping):
        return basis.made, _read_proposal(plan, layout, settings, basis.made)
    proposal = propose_choice(plan, layout, settings)
    return describe_proposal(plan, layout, proposal, settings), proposal


def _read_proposal(plan: PlanDocument, layout: Layout, settings: Settings, made: Mapping[str, Any]) -> Proposal:
    """Return a made plan as a proposal, checked against the file."""
    from comity.plan.choice.question import ask_question, sum_payoffs
    from comity.plan.choice.tables import Proposal
    from comity.plan.schedule.verify import check_timetable

    stale = f"the made plan is not of this file, {plan.id!r}"
    try:
        if made["plan"]["id"] != plan.id or not made["exists"]:
            raise PlanError(stale, why="it has another id, or says that no plan exists", todo="make it again")
        _check_frame(plan, made["plan"], stale)
        since = plan.as_of is not None and made["plan"]["as_of"] != plan.as_of.isoformat()
        timetable = _read_timetable(layout.project, _drop_given(plan, made) if since else made)
        wrong = [] if since else check_timetable(layout.project, timetable)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlanError(stale, why=f"something is missing or of another kind: {error}", todo="make it again") from error
    if wrong:
        raise PlanError(stale, why=f"{wrong[0].subject}: {wrong[0].what}", todo="make it again: the file has changed")
    terms, _ = name_terms(plan, settings)
    asked = ask_question(layout.project, layout.stakes, tuple(plan.parties), terms)
    payoffs = sum_payoffs(asked, timetable)
    gainers = tuple(one.party for one in payoffs if one.likely > one.disagreement)
    return Proposal(terms.objective, terms.on, timetable, payoffs, (), gainers)


def _check_frame(plan: PlanDocument, was: Mapping[str, Any], stale: str) -> None:
    """Refuse a made plan whose periods, amounts or parties are counted otherwise than in the file."""
    clock = plan.clock
    frame = {
        "first_day": (str(was["first_day"]), clock.first_day.isoformat()),
        "period": (str(was["period"]), clock.period),
        "currency": (str(was["currency"]), plan.currency),
        "unit": (f"{was['unit']:,}", f"{plan.unit:,}"),
        "parties": (", ".join(str(one["id"]) for one in was["parties"]), ", ".join(plan.parties)),
    }
    for name, (before, now) in frame.items():
        if before != now:
            why = f"{name}: {before} there, {now} in the file; dates and gains cannot be compared"
            raise PlanError(stale, why=why, todo="make it again, or leave --from out")


def _drop_given(plan: PlanDocument, made: Mapping[str, Any]) -> dict[str, Any]:
    """Return a made plan without the consents that were given since: they take no time any more."""
    given = {f"{one.id}.{GATE}{part.party}" for one in plan.initiatives for part in one.consents
             if part.status == "given"}  # fmt: skip
    return {**made, "tasks": [row for row in made["tasks"] if row["id"] not in given]}


def _read_timetable(project: Project, made: Mapping[str, Any]) -> Timetable:
    """Return the dates of a made plan in the project's order."""
    rows = {row["id"]: row for row in made["tasks"]}
    tasks = [task for task in project.tasks if task.id in rows]
    gone = sorted(set(rows) - {task.id for task in tasks})
    if gone:
        raise ValueError(f"the file does not have the task {gone[0]}")
    for task in tasks:
        row = rows[task.id]
        if row["mode"] and row["mode"] not in {mode.name for mode in task.modes}:
            raise ValueError(f"the file does not have the way {row['mode']} of {task.id}")
    chosen = {one["id"] for one in made["initiatives"] if one["chosen"]}
    return Timetable(
        starts={task.id: int(rows[task.id]["periods"][0]) for task in tasks},
        finishes={task.id: int(rows[task.id]["periods"][1]) for task in tasks},
        modes={task.id: str(rows[task.id]["mode"] or task.modes[0].name) for task in tasks},
        chosen=tuple(option.id for option in project.options if option.id in chosen),
        bound=int(made["bound"]),
    )


def _keep_order(plan: PlanDocument, layout: Layout, old: Proposal, settings: Settings, keep: str) -> Kept | None:
    """Return the plan with few changes, and how sure that is; None where none leaves everybody as well off."""
    from comity.plan.choice.model import weigh_project
    from comity.plan.choice.question import ask_question, change_project, sum_payoffs
    from comity.plan.schedule.revision import Demand, revise_timetable
    from comity.plan.schedule.solve import Effort as Search

    asked = ask_question(layout.project, layout.stakes, tuple(plan.parties), name_terms(plan, settings)[0])

    def leaves_well_off(project: Project, timetable: Timetable) -> bool:
        payoffs = sum_payoffs(change_project(asked, project), timetable)
        return all(payoff.low >= payoff.disagreement for payoff in payoffs)

    demand = Demand(lambda project: weigh_project(change_project(asked, project)).composed, leaves_well_off)
    was = _drop_gone(old.timetable, {task.id for task in layout.project.tasks})
    search = None if keep == "first" else Search(settings.seconds, seed=settings.seed)
    try:
        found = revise_timetable(layout.project, was, [], effort=search, demand=demand)
    except NoTimetable:
        return None
    status = "kept as it was, as far as the change allows"
    if not found.fewest.proved:
        status += "; fewer changes may be possible"
    payoffs = sum_payoffs(asked, found.timetable)
    return Kept(replace(old, timetable=found.timetable, payoffs=payoffs, stages=()), status, found.fewest)


def _drop_gone(timetable: Timetable, known: Container[str]) -> Timetable:
    """Return a timetable without the tasks that there are no more, such as a consent that was given."""
    starts, finishes = (
        {name: at for name, at in given.items() if name in known} for given in (timetable.starts, timetable.finishes)
    )
    return replace(
        timetable, starts=starts, finishes=finishes, modes={n: m for n, m in timetable.modes.items() if n in known}
    )
