"""Which initiatives, and when: one objective, then the earliest, the fewest, the surest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from comity.plan.choice.check import check_proposal, list_values
from comity.plan.choice.misses import list_misses
from comity.plan.choice.model import weigh_project
from comity.plan.choice.nash import seek_nash
from comity.plan.choice.question import ask_question, find_weights, measure_gains, sum_payoffs
from comity.plan.choice.ranks import seek_kalai, seek_leximin
from comity.plan.choice.search import Clock, Search
from comity.plan.choice.tables import Effort, Proposal, Stage, Terms
from comity.plan.choice.ties import break_ties, hold_most, settle_dates
from comity.plan.errors import WrongTimetable
from comity.plan.project import Project, Stake

SOUGHT_LEAST = ("makespan", "initiatives")
"""Stages of which less is better."""


def propose_plan(
    project: Project,
    stakes: Iterable[Stake],
    parties: Iterable[str],
    terms: Terms | None = None,
    effort: Effort | None = None,
) -> Proposal:
    """Return which initiatives to do and when, by a named objective; nobody is worse off by the low end of its stakes.

    Choice and dates are sought together, since a recurring stake counts from the initiative's last finish. Every
    requirement of the project holds, every party of a chosen initiative consents, and the low ends of each party's
    stakes add up to its disagreement value at least. Among equally good choices: the earliest to finish, then the
    fewest initiatives, the largest sum of low gains, of likely gains, and the order of the document; never a name.
    What is returned was checked by plain arithmetic.

    Parameters
    ----------
    project : Project
        Tasks, resources, options.
    stakes : iterable of Stake
        What each option means for each party [units].
    parties : iterable of str
        Actors that the plan is for, in the document's order.
    terms : Terms, optional
        Objective, weights, disagreement values.
    effort : Effort, optional
        Time, cores, seed.

    Returns
    -------
    Proposal
        With a bound for each stage; an empty choice, with what stands in the way, where no initiative helps.

    Raises
    ------
    BadProject, BadTerms
        Where the question contradicts its own form.
    NoPlan
        Where no choice meets every requirement.
    NoTimetable
        Where none was found in time.

    References
    ----------
    `nash-1950`, `kalai-smorodinsky-1975`, `imai-1983`, `bouveret-lemaitre-2009`
    """
    asked = ask_question(project, stakes, parties, terms or Terms())
    search = Search(weigh_project(asked), Clock(effort or Effort()))
    stages, ideals = seek_objective(search)
    ties = break_ties(search)
    timetable = settle_dates(search, ties[0])
    payoffs = sum_payoffs(asked, timetable, ideals)
    gains = measure_gains(asked, payoffs)
    proposal = Proposal(
        objective=asked.terms.objective,
        on=asked.terms.on,
        timetable=timetable,
        payoffs=payoffs,
        stages=restate_stages([*stages, *ties], list_values(asked, timetable, payoffs)),
        gainers=tuple(party for party, gain in gains.items() if gain > 0),
        misses=() if timetable.chosen else list_misses(asked, search.clock),
    )
    wrong = check_proposal(proposal, project, asked.stakes, asked.terms)
    if wrong:
        raise WrongTimetable("the plan breaks its own rules: " + "; ".join(wrong), todo="report this project")
    return proposal


def restate_stages(stages: Sequence[Stage], values: Sequence[float]) -> tuple[Stage, ...]:
    """Return the stages with the values of the plan: where time ran out, a later stage may have improved them."""
    found = []
    for stage, value in zip(stages, values, strict=True):
        bound = value if stage.proven else stage.bound
        if bound is not None:
            bound = min(bound, value) if stage.name in SOUGHT_LEAST else max(bound, value)
        found.append(replace(stage, value=value, bound=bound))
    return tuple(found)


def seek_objective(search: Search) -> tuple[list[Stage], dict[str, int]]:
    """Hold the model to the best value of the objective; return the stages, and the ideals where they were needed."""
    objective = search.weighed.asked.terms.objective
    if objective == "kalai-smorodinsky":
        return seek_kalai(search)
    if objective == "nash":
        return seek_nash(search), {}
    if objective == "leximin":
        return seek_leximin(search), {}
    weights = find_weights(search.weighed.asked)
    total = sum(weight * search.weighed.gains[party] for party, weight in weights.items())
    return [hold_most(search, total, "weighted sum of gains")], {}
