"""The impure part: reads files and the tables that ship with the package, asks the solver, gathers the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from comity.lexicon import get_actor
from comity.plan.amendment import Basis, amend_plan, read_basis
from comity.plan.answer import Settings, answer_plan, describe_proposal, describe_refusal, list_left_out, propose_choice
from comity.plan.changes import Changes
from comity.plan.document import PlanDocument
from comity.plan.errors import NoPlan, PlanError
from comity.plan.forms import OBJECTIVES
from comity.plan.layout import Layout, lay_out_project
from comity.plan.reading import read_plan
from comity.plan.surety import describe_surety
from comity.plan.worthing import Question, Simulated, fill_gains, list_questions

DRAWS = 200


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
        `exists`, `status`, `answer` (how sure it is, in words; where nothing is chosen, why), `conflict` (where no plan
        exists), `chain`, `task`, `reasons`, `slack` (by task), `left_out` (for each initiative that is not in the plan,
        who would fall short by how much, or which requirements clash with it).

    Raises
    ------
    PlanFileError, PlanError
        As in `make_plan`; the plan has no such task, or it is not done.
    """
    from comity.plan.firmness import describe_reasons

    plan, layout = open_plan(path, settings)
    try:
        proposal = propose_choice(plan, layout, settings)
    except NoPlan:
        refused = describe_refusal(plan, layout, settings)
        none: dict[str, Any] = {"chain": [], "task": task, "reasons": [], "slack": [], "left_out": []}
        return {**refused, "answer": describe_surety(refused), **none}
    made = describe_proposal(plan, layout, proposal, settings)
    asked = task or (made["chain"][-1] if made["chain"] else None)
    if asked is not None and asked not in proposal.timetable.starts:
        known = ", ".join(list(proposal.timetable.starts)[:8])
        raise PlanError(f"the plan does nothing called {asked!r}", todo=f"name a task that is done, such as {known}")
    reasons = describe_reasons(layout, proposal.timetable, asked, plan.clock) if asked else []
    return {
        "plan": made["plan"],
        "exists": made["exists"],
        "status": made["status"],
        "answer": describe_surety(made),
        "conflict": None,
        "chain": made["chain"],
        "task": asked,
        "reasons": reasons,
        "slack": [
            {name: row[name] for name in ("id", "start", "finish", "slack", "critical")} for row in made["tasks"]
        ],
        "left_out": list_left_out(plan, layout, settings, proposal, made),
    }


def revise_plan(path: Path | str, changes: Changes, settings: Settings, basis: Basis | None = None) -> dict[str, Any]:
    """Make a plan again with something changed, and compare it with the plan as it was; see `amend_plan`.

    Parameters
    ----------
    path : path-like
    changes : Changes
    settings : Settings
    basis : Basis, optional
        The plan as it was, where it was made before, and how much of it is to stay.

    Returns
    -------
    dict
        As `make_plan` for the changed plan, with `changes` (what was changed) and `differences` (what followed).

    Raises
    ------
    PlanFileError, PlanError
        As in `make_plan`; a change names nothing of the plan; the plan as it was is not of this file.
    """
    plan, layout = open_plan(path, settings)
    return amend_plan(plan, layout, changes, settings, read_basis(basis or Basis()))


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
