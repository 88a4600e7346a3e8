"""The answer to a plan's question: a choice with its dates and how firm they are, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.plan.document import PlanDocument
from comity.plan.errors import BadTerms, NoPlan, NoTimetable
from comity.plan.layout import Layout
from comity.plan.remarks import list_remarks
from comity.plan.result import LIMITS, Made, describe_division, describe_heading, describe_made, list_sources
from comity.plan.wording import Wording

if TYPE_CHECKING:
    from comity.plan.choice.tables import Conflict, Division, Effort, Proposal, Terms

MOST_UNPROVEN = 6
"""Parties up to which the joint gain is divided by values that are not all proven, and said to be so."""


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
    chances : bool
        Whether dates by chance are worked out, from scenarios of durations.
    """

    objective: str | None = None
    seed: int = 0
    seconds: float = 10.0
    shares: bool = True
    chances: bool = True


def answer_plan(plan: PlanDocument, layout: Layout, settings: Settings) -> dict[str, Any]:
    """Make a plan that is read and laid out; see `make_plan`."""
    try:
        proposal = propose_choice(plan, layout, settings)
    except NoPlan:
        return describe_refusal(plan, layout, settings)
    made = describe_proposal(plan, layout, proposal, settings)
    if not settings.shares or proposal.empty:
        return made
    division, note = _divide_gain(plan, layout, settings)
    shares = None if division is None else describe_division(division, plan, layout.factor)
    return {**made, "shares": shares, "shares_note": note}


def describe_proposal(
    plan: PlanDocument,
    layout: Layout,
    proposal: Proposal,
    settings: Settings,
    status: str | None = None,
) -> dict[str, Any]:
    """Return a proposal as plain values, with how firm its dates are."""
    from comity.plan.firmness import describe_chain, list_firmness

    done = not proposal.empty
    seed = settings.seed if settings.chances else None
    notes = list_firmness(plan, layout, proposal.timetable, seed) if done else {}
    chain = describe_chain(layout, proposal.timetable, notes) if done else ()
    barriers = {} if done else list_barriers(plan, layout, settings, [one.id for one in plan.initiatives])
    return describe_made(Made(plan, layout, proposal, notes, describe_settings(settings), chain, status, barriers))


def list_barriers(
    plan: PlanDocument, layout: Layout, settings: Settings, names: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Say of each initiative that would bring somebody a gain and cannot be done what clashes, and what would help."""
    from comity.plan.choice.barriers import find_barriers

    terms, effort = name_terms(plan, settings)
    found = find_barriers(layout.project, layout.stakes, tuple(plan.parties), names, terms, effort)
    return {name: describe_conflict(clash, Wording(plan, layout)) for name, clash in found.items()}


def list_left_out(
    plan: PlanDocument, layout: Layout, settings: Settings, proposal: Proposal, made: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Say of each initiative that is not in the plan what stands in its way.

    Who would fall short by how much if it were done; where it cannot be done, which requirements clash.
    """
    from comity.plan.choice.misses import find_misses

    if proposal.empty:
        return [{"id": one["id"], **one["missing"]} for one in made["initiatives"] if one["missing"]]
    terms, effort = name_terms(plan, settings)
    misses = [
        miss
        for miss in find_misses(layout.project, layout.stakes, tuple(plan.parties), terms, effort)
        if miss.option not in proposal.chosen
    ]
    barriers = list_barriers(plan, layout, settings, [miss.option for miss in misses if not miss.doable])
    return [
        {
            "id": miss.option,
            "doable": miss.doable,
            "beside": list(miss.beside),
            "shortfalls": {party: round(amount / layout.factor, 4) for party, amount in miss.shortfalls.items()},
            "conflict": barriers.get(miss.option),
        }
        for miss in misses
    ]


def describe_settings(settings: Settings) -> dict[str, Any]:
    """Return what a plan's heading says of how it was made."""
    return {"seed": settings.seed, "seconds": settings.seconds}


def name_terms(plan: PlanDocument, settings: Settings) -> tuple[Terms, Effort]:
    """Return terms and effort of a choice."""
    from comity.plan.choice.tables import Effort, Terms

    return Terms(plan.objective, dict(plan.weights) or None), Effort(settings.seconds, 2, settings.seed)


def propose_choice(plan: PlanDocument, layout: Layout, settings: Settings) -> Proposal:
    """Ask for a choice with its timetable."""
    from comity.plan.choice.propose import propose_plan

    terms, effort = name_terms(plan, settings)
    return propose_plan(layout.project, layout.stakes, tuple(plan.parties), terms, effort)


def _divide_gain(plan: PlanDocument, layout: Layout, settings: Settings) -> tuple[Division | None, str]:
    """Ask how the joint gain could be shared; where that is not found out, say why."""
    from comity.plan.choice.transfers import divide_gain

    terms, effort = name_terms(plan, settings)
    try:
        division = divide_gain(layout.project, layout.stakes, tuple(plan.parties), terms, effort)
    except (BadTerms, NoPlan, NoTimetable) as error:
        return None, f"{error.what}; {error.todo}" if error.todo else error.what
    if not division.exact and len(plan.parties) > MOST_UNPROVEN:
        return None, "what some coalitions could do alone was not proven in time; give more seconds"
    return division, ""


def describe_refusal(plan: PlanDocument, layout: Layout, settings: Settings) -> dict[str, Any]:
    """Say that no plan exists, which requirements clash, and what small change would make one."""
    from comity.plan.choice.conflict import explain_conflict

    terms, effort = name_terms(plan, settings)
    found = explain_conflict(layout.project, layout.stakes, tuple(plan.parties), terms, effort)
    return {
        "plan": describe_heading(plan, describe_settings(settings)),
        "exists": False,
        "status": "no plan",
        "conflict": describe_conflict(found, Wording(plan, layout)),
        "remarks": list_remarks(plan, [one.id for one in plan.initiatives if one.required or one.progress]),
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
