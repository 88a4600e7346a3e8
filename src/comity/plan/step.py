"""The impure part: reads files and the tables that ship with the package, asks the solver, gathers the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.lexicon import get_actor
from comity.plan.changes import Changes, change_plan, compare_made
from comity.plan.document import PlanDocument
from comity.plan.errors import NoPlan, NoTimetable, PlanError
from comity.plan.forms import OBJECTIVES
from comity.plan.layout import Layout, lay_out_project
from comity.plan.reading import read_plan
from comity.plan.result import LIMITS, Made, describe_heading, describe_made, list_sources
from comity.plan.wording import Wording
from comity.plan.worthing import Question, Simulated, fill_gains, list_questions

if TYPE_CHECKING:
    from comity.plan.choice.tables import Conflict, Division, Effort, Proposal, Terms

DRAWS = 200
MOST_DIVIDED = 6
"""Parties up to which the joint gain is divided: each coalition is a plan of its own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """On what terms a plan is made.

    Parameters
    ----------
    objective : str, optional
        In the place of the file's.
    seed : int
    seconds : float
        For the choice; shares and explanations take as long again at most.
    shares : bool
        Whether the joint gain is divided.
    """

    objective: str | None = None
    seed: int = 0
    seconds: float = 10.0
    shares: bool = True


def open_plan(path: Path | str, settings: Settings) -> tuple[PlanDocument, Layout]:
    """Read a plan, take its simulated gains from the integration room, and lay it out.

    Parameters
    ----------
    path : path-like
    settings : Settings

    Returns
    -------
    plan : PlanDocument
    layout : Layout

    Raises
    ------
    PlanFileError
        The plan breaks the rules of its form.
    PlanError
        It cannot be read, there is no such objective, or a simulation says nothing of a party.
    """
    plan = read_plan(path)
    if settings.objective is not None:
        if settings.objective not in OBJECTIVES:
            what = f"there is no objective {settings.objective!r}"
            raise PlanError(what, todo=f"choose one of {', '.join(OBJECTIVES)}")
        plan = replace(plan, objective=settings.objective)
    answers = {asked: _simulate(asked, Path(path).parent, settings.seed) for asked in list_questions(plan)}
    filled = fill_gains(plan, answers)
    return filled, lay_out_project(filled)


def _simulate(asked: Question, folder: Path, seed: int) -> Mapping[str, Simulated]:
    """Return what a scenario, or an agreement of some parties, would mean for each economy."""
    from comity.integration.equilibrium.parameters import read_effect
    from comity.integration.equilibrium.reading import read_scenario
    from comity.integration.equilibrium.scenario import Scenario, Step
    from comity.integration.equilibrium.simulate import Chance, describe_simulation
    from comity.integration.equilibrium.step import read_world

    world = read_world()
    file, parties = asked
    if file:
        scenario = read_scenario(folder / file, world.economy.names)
        told = f"simulated scenario {scenario.title!r} ({file})"
    else:
        missing = [party for party in parties if party not in world.economy.names]
        if missing:
            what = f"{', '.join(missing)} has no trade on record in the integration room"
            raise PlanError(what, todo="enter the gain with low, likely, high and source")
        effect = read_effect()
        step = Step("agreement", {"parties": parties}, effect=effect, source=effect.source)
        scenario = Scenario("agreement", "An agreement", (step,))
        told = f"simulated agreement of {', '.join(parties)}"
    found = describe_simulation(scenario, world, Chance(DRAWS, seed))
    sizes = {member.code: member for member in world.members}
    told = f"{told}, {DRAWS} draws, seed {seed}"
    return {
        row["iso3"]: Simulated(
            row["welfare"],
            row["welfare_low"],
            row["welfare_high"],
            sizes[row["iso3"]].gdp,
            sizes[row["iso3"]].gdp_year,
            told,
        )
        for row in found["economies"]
    }


def make_plan(path: Path | str, settings: Settings) -> dict[str, Any]:
    """Make a plan: which initiatives, in what order, with whose resources; nobody is worse off.

    Parameters
    ----------
    path : path-like
        A YAML file.
    settings : Settings

    Returns
    -------
    dict
        As `comity.plan.result.describe_made`; where no plan exists, `exists` is false and `conflict` says which
        requirements clash and what small change would make one.

    Raises
    ------
    PlanFileError, PlanError
        As in `open_plan`.
    MissingSolver
        The extra `plan` is not installed.
    """
    plan, layout = open_plan(path, settings)
    return answer_plan(plan, layout, settings)


def answer_plan(plan: PlanDocument, layout: Layout, settings: Settings) -> dict[str, Any]:
    """Make a plan that is read and laid out; see `make_plan`."""
    try:
        proposal = _propose(plan, layout, settings)
    except NoPlan:
        return describe_refusal(plan, layout, settings)
    division = _divide(plan, layout, settings) if settings.shares and not proposal.empty else None
    return _describe(plan, layout, proposal, settings, division)


def _describe(
    plan: PlanDocument,
    layout: Layout,
    proposal: Proposal,
    settings: Settings,
    division: Division | None = None,
    status: str | None = None,
) -> dict[str, Any]:
    """Return a proposal as plain values, with how firm its dates are."""
    from comity.plan.firmness import describe_chain, list_firmness

    done = not proposal.empty
    notes = list_firmness(layout, proposal.timetable, plan.clock, settings.seed) if done else {}
    chain = describe_chain(layout, proposal.timetable) if done else ()
    return describe_made(Made(plan, layout, proposal, division, notes, describe_settings(settings), chain, status))


def explain_plan(path: Path | str, task: str | None, settings: Settings) -> dict[str, Any]:
    """Make a plan and say what binds it: the critical chain, or why one task does not start earlier.

    Parameters
    ----------
    path : path-like
    task : str, optional
        `initiative.phase`; the last task of the chain where left out.
    settings : Settings

    Returns
    -------
    dict
        `exists`, `conflict` (where no plan exists), `chain`, `task`, `reasons`, `slack` (by task), `left_out` (for each
        initiative that is not in the plan, who would fall short by how much).

    Raises
    ------
    PlanFileError, PlanError
        As in `make_plan`; the plan has no such task, or it is not done.
    """
    from comity.plan.firmness import describe_reasons

    plan, layout = open_plan(path, settings)
    try:
        proposal = _propose(plan, layout, settings)
    except NoPlan:
        refused = describe_refusal(plan, layout, settings)
        return {**refused, "chain": [], "task": task, "reasons": [], "slack": [], "left_out": []}
    made = _describe(plan, layout, proposal, settings)
    asked = task or (made["chain"][-1] if made["chain"] else None)
    if asked is not None and asked not in proposal.timetable.starts:
        known = ", ".join(list(proposal.timetable.starts)[:8])
        raise PlanError(f"the plan does nothing called {asked!r}", todo=f"name a task that is done, such as {known}")
    reasons = describe_reasons(layout, proposal.timetable, asked, plan.clock) if asked else []
    return {
        "plan": made["plan"],
        "exists": made["exists"],
        "conflict": None,
        "chain": made["chain"],
        "task": asked,
        "reasons": reasons,
        "slack": [
            {name: row[name] for name in ("id", "start", "finish", "slack", "critical")} for row in made["tasks"]
        ],
        "left_out": _list_left_out(plan, layout, settings, proposal),
    }


def _list_left_out(plan: PlanDocument, layout: Layout, settings: Settings, proposal: Proposal) -> list[dict[str, Any]]:
    """Say of each initiative that is not in the plan who would fall short by how much if it were done."""
    from comity.plan.choice.misses import find_misses

    terms, effort = _name_terms(plan, settings)
    misses = proposal.misses or find_misses(layout.project, layout.stakes, tuple(plan.parties), terms, effort)
    return [
        {
            "id": miss.option,
            "doable": miss.doable,
            "beside": list(miss.beside),
            "shortfalls": {party: round(amount / layout.factor, 4) for party, amount in miss.shortfalls.items()},
        }
        for miss in misses
        if miss.option not in proposal.chosen
    ]


def revise_plan(path: Path | str, changes: Changes, settings: Settings, afresh: bool = False) -> dict[str, Any]:
    """Make a plan again with something changed, and compare it with the plan as it was.

    As much as can be stays as it was: which initiatives are done, then when. Where that would leave somebody worse off,
    or is not possible, the choice is made anew.

    Parameters
    ----------
    path : path-like
    changes : Changes
    settings : Settings
    afresh : bool
        Whether the choice is made anew in any case.

    Returns
    -------
    dict
        As `make_plan` for the changed plan, with `changes` (what was changed) and `differences` (what followed).

    Raises
    ------
    PlanFileError, PlanError
        As in `make_plan`; a change names nothing of the plan.
    """
    plan, layout = open_plan(path, settings)
    other = change_plan(plan, changes)
    laid = lay_out_project(other)
    told = {"changes": changes.describe()}
    try:
        proposal = _propose(plan, layout, settings)
    except NoPlan:
        before = describe_refusal(plan, layout, settings)
        after = answer_plan(other, laid, settings)
        return {**after, **told, "differences": compare_made(before, after)}
    before = _describe(plan, layout, proposal, settings)
    kept = None if afresh else _keep_order(other, laid, proposal, settings)
    if kept is None:
        after = answer_plan(other, laid, settings)
    else:
        after = _describe(other, laid, kept, settings, status="kept as it was, as far as the change allows")
    return {**after, **told, "differences": compare_made(before, after)}


def _keep_order(plan: PlanDocument, layout: Layout, old: Proposal, settings: Settings) -> Proposal | None:
    """Return the plan with the fewest changes; None where there is none or somebody would be worse off."""
    from comity.plan.choice.question import ask_question, sum_payoffs
    from comity.plan.schedule.revision import revise_timetable
    from comity.plan.schedule.solve import Effort as Search

    modes = {task.id: {mode.name for mode in task.modes} for task in layout.project.tasks}
    if any(mode not in modes[task] for task, mode in old.timetable.modes.items()):
        return None
    search = Search(settings.seconds, seed=settings.seed)
    try:
        timetable = revise_timetable(layout.project, old.timetable, [], effort=search).timetable
    except NoTimetable:
        return None
    asked = ask_question(layout.project, layout.stakes, tuple(plan.parties), _name_terms(plan, settings)[0])
    payoffs = sum_payoffs(asked, timetable)
    if any(payoff.low < payoff.disagreement for payoff in payoffs):
        return None
    return replace(old, timetable=timetable, payoffs=payoffs, stages=())


def describe_settings(settings: Settings) -> dict[str, Any]:
    """Return what a plan's heading says of how it was made."""
    return {"seed": settings.seed, "seconds": settings.seconds}


def _name_terms(plan: PlanDocument, settings: Settings) -> tuple[Terms, Effort]:
    """Return terms and effort of a choice."""
    from comity.plan.choice.tables import Effort, Terms

    return Terms(plan.objective, dict(plan.weights) or None), Effort(settings.seconds, 2, settings.seed)


def _propose(plan: PlanDocument, layout: Layout, settings: Settings) -> Proposal:
    """Ask for a choice with its timetable."""
    from comity.plan.choice.propose import propose_plan

    terms, effort = _name_terms(plan, settings)
    return propose_plan(layout.project, layout.stakes, tuple(plan.parties), terms, effort)


def _divide(plan: PlanDocument, layout: Layout, settings: Settings) -> Division | None:
    """Ask how the joint gain could be shared; not where there are too many parties to ask each coalition."""
    from comity.plan.choice.transfers import divide_gain

    if len(plan.parties) > MOST_DIVIDED:
        return None
    terms, effort = _name_terms(plan, settings)
    return divide_gain(layout.project, layout.stakes, tuple(plan.parties), terms, effort)


def describe_refusal(plan: PlanDocument, layout: Layout, settings: Settings) -> dict[str, Any]:
    """Say that no plan exists, which requirements clash, and what small change would make one."""
    from comity.plan.choice.conflict import explain_conflict

    terms, effort = _name_terms(plan, settings)
    found = explain_conflict(layout.project, layout.stakes, tuple(plan.parties), terms, effort)
    return {
        "plan": describe_heading(plan, describe_settings(settings)),
        "exists": False,
        "status": "no plan",
        "conflict": describe_conflict(found, Wording(plan, layout)),
        "sources": list_sources(plan),
        "limits": list(LIMITS),
    }


def describe_conflict(found: Conflict, wording: Wording) -> dict[str, Any]:
    """Return a conflict as plain values: what clashes, and the smallest changes that help."""
    return {
        "irreducible": found.irreducible,
        "requirements": [
            {"id": one.id, "kind": one.kind, "subjects": list(one.subjects), "text": wording.word_requirement(one)}
            for one in found.requirements
        ],
        "remedies": [
            [
                {"requirement": change.requirement.id, "by": change.by, "text": wording.word_change(change)}
                for change in changes
            ]
            for changes in found.remedies
        ],
    }


def open_ground(a: str, b: str, relations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Gather what stands between two parties and what is missing; see `comity.plan.ground.describe_ground`.

    Parameters
    ----------
    a, b : str
        Actor ids.
    relations : sequence of mapping
        Rows of the index, as `describe_ground` takes them; none where no store was asked.

    Returns
    -------
    dict
    """
    from comity.foundations import describe_foundations, list_sources
    from comity.integration.errors import IntegrationError
    from comity.integration.indices.profile import describe_pair
    from comity.integration.indices.step import list_states, read_pair_index
    from comity.plan.ground import describe_ground

    parties = (get_actor(a), get_actor(b))
    ties = None
    if {a, b} <= set(list_states()):
        try:
            ties = describe_pair(read_pair_index(), a, b)
        except IntegrationError:
            ties = None
    titles = {source["id"]: f"{source['title']} ({source['publisher']})" for source in list_sources()}
    return describe_ground(parties, describe_foundations(a, b), ties, relations, titles)
