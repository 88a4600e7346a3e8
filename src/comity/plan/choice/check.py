"""Whether a proposal keeps its word: plain arithmetic, without model or solver."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from comity.plan.choice.nash import rank_product
from comity.plan.choice.question import Question, ask_question, find_weights, measure_gains, sum_payoffs
from comity.plan.choice.ranks import rank_least
from comity.plan.choice.tables import Payoff, Proposal, Terms
from comity.plan.project import Project, Stake, Timetable
from comity.plan.schedule.verify import check_timetable

CLOSE = 1e-9
"""Relative difference that rounding may leave between a value and its recomputation."""


def check_proposal(
    proposal: Proposal, project: Project, stakes: Iterable[Stake], terms: Terms | None = None
) -> tuple[str, ...]:
    """Return what is wrong with a proposal; empty where nothing is.

    Dates, resources and choice are checked as a timetable of the project. Then each party's payoff is summed anew from
    its stakes and the dates, compared with its disagreement value at the low end, and the objective's value is computed
    anew. That no other plan is better is not checked here: that is what the bound says.

    Parameters
    ----------
    proposal : Proposal
    project : Project
    stakes : iterable of Stake
    terms : Terms, optional
        What was asked.

    Returns
    -------
    tuple of str
        A sentence for each thing that is wrong.
    """
    asked = ask_question(project, stakes, [payoff.party for payoff in proposal.payoffs], terms or Terms())
    return tuple(list_faults(proposal, asked))


def list_faults(proposal: Proposal, asked: Question) -> Iterator[str]:
    """Yield what is wrong, one sentence each."""
    violations = check_timetable(asked.project, proposal.timetable)
    yield from (f"{found.rule} of {found.subject}: {found.what}" for found in violations)
    if violations:
        return
    ideals = {payoff.party: payoff.ideal for payoff in proposal.payoffs if payoff.ideal is not None}
    for stated, payoff in zip(proposal.payoffs, sum_payoffs(asked, proposal.timetable, ideals), strict=True):
        if stated != payoff:
            yield f"{payoff.party} is said to have {stated}, and has {payoff}"
        if payoff.low < payoff.disagreement:
            yield f"{payoff.party} is worse off: {payoff.low} at the low end, {payoff.disagreement} without the plan"
    yield from compare_stages(proposal, asked)


def compare_stages(proposal: Proposal, asked: Question) -> Iterator[str]:
    """Yield what is wrong in who is said to gain, and in the stated values of the stages."""
    gains = measure_gains(asked, proposal.payoffs)
    if tuple(party for party, gain in gains.items() if gain > 0) != proposal.gainers:
        yield f"those who gain are said to be {proposal.gainers}"
    values = list_values(asked, proposal.timetable, proposal.payoffs)
    if len(values) != len(proposal.stages):
        yield f"{len(proposal.stages)} stages are stated, {len(values)} were asked for"
    for stage, value in zip(proposal.stages, values, strict=False):
        if not math.isclose(stage.value, value, rel_tol=CLOSE, abs_tol=CLOSE):
            yield f"{stage.name} is said to be {stage.value}, and is {value}"


def list_values(asked: Question, timetable: Timetable, payoffs: Sequence[Payoff]) -> list[float]:
    """Return the values of all stages at these dates and payoffs: the objective's, then those that break ties."""
    gains, weights = measure_gains(asked, payoffs), find_weights(asked)
    ties = [timetable.makespan, len(timetable.chosen), sum(p.low for p in payoffs), sum(p.likely for p in payoffs)]
    if asked.terms.objective == "weighted":
        return [sum(weight * gains[party] for party, weight in weights.items()), *ties]
    if asked.terms.objective == "nash":
        weight, _ = rank_product(gains, weights)
        logs = sum(weights[p] * math.log(gain) for p, gain in gains.items() if weights[p] and gain > 0)
        return [weight, math.exp(logs / weight) if weight else 0.0, *ties]
    ideals = {payoff.party: payoff.ideal or 0 for payoff in payoffs}
    scales = ideals if asked.terms.objective == "kalai-smorodinsky" else dict.fromkeys(gains, 1)
    return [*map(float, rank_least(gains, scales)), *ties]
