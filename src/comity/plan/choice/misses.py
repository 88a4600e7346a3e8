"""What stands in the way of an initiative: who would fall short, by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from comity.plan.choice.model import weigh_project
from comity.plan.choice.question import Question, ask_question, change_project
from comity.plan.choice.search import Clock, Search
from comity.plan.choice.tables import Effort, Miss, Terms
from comity.plan.errors import NoPlan, NoTimetable
from comity.plan.project import Project, Stake


def find_misses(
    project: Project,
    stakes: Iterable[Stake],
    parties: Iterable[str],
    terms: Terms | None = None,
    effort: Effort | None = None,
) -> tuple[Miss, ...]:
    """Return for each initiative that could be chosen or not what doing it would leave missing, the nearest first.

    Each is done in turn, with whatever else makes the sum of all shortfalls least. A shortfall is what a party would
    need, at the low end of its stakes, to be as well off as without the plan.

    Parameters
    ----------
    project : Project
    stakes : iterable of Stake
    parties : iterable of str
    terms : Terms, optional
        Its disagreement values count.
    effort : Effort, optional

    Returns
    -------
    tuple of Miss
        By the sum of shortfalls, then in the document's order; what cannot be done at all comes last.
    """
    return list_misses(ask_question(project, stakes, parties, terms or Terms()), Clock(effort or Effort()))


def list_misses(asked: Question, clock: Clock) -> tuple[Miss, ...]:
    """Return what stands in the way of each initiative; those for which time was too short are left out."""
    found = []
    for option in asked.project.options:
        try:
            found.append(find_miss(asked, option.id, clock))
        except NoPlan:
            found.append(Miss(option.id, (), {}, doable=False))
        except NoTimetable:
            continue
    return tuple(sorted(found, key=lambda miss: (not miss.doable, sum(miss.shortfalls.values()))))


def find_miss(asked: Question, name: str, clock: Clock) -> Miss:
    """Return who falls short by how much where an option is done."""
    options = tuple(replace(o, required=True) if o.id == name else o for o in asked.project.options)
    weighed = weigh_project(change_project(asked, replace(asked.project, options=options)), bearing=())
    search, model = Search(weighed, clock), weighed.model
    shortfalls = {}
    for party in asked.parties:
        deepest = asked.find_floor(party) + sum(
            max(0, -stake.low) * (asked.span if stake.recurring else 1) for stake in asked.list_stakes(party)
        )
        shortfalls[party] = model.new_int_var(0, max(0, deepest), f"shortfall {party}")
        model.add(shortfalls[party] >= asked.find_floor(party) - weighed.low[party])
    total = sum(shortfalls.values())
    model.add(total <= int(search.minimise(total).value))
    search.minimise(sum(weighed.composed.chosen.values()))
    missing = {party: search.value(amount) for party, amount in shortfalls.items()}
    beside = tuple(other for other, held in weighed.composed.chosen.items() if other != name and search.value(held))
    return Miss(name, beside, {party: amount for party, amount in missing.items() if amount})
