"""One choice among equally good ones: the earliest, the fewest, the surest, and never a name."""

from __future__ import annotations

from comity.plan.choice.model import Expression, weigh_project
from comity.plan.choice.search import Search
from comity.plan.choice.tables import Stage
from comity.plan.project import Timetable

CHUNK = 40
"""Options whose order in the document is compared at once."""


def hold_most(search: Search, expression: Expression, name: str = "") -> Stage:
    """Hold the model to the most of an expression, and return what was reached."""
    stage = search.maximise(expression, name)
    search.weighed.model.add(search.pose(expression) >= int(stage.value))
    return stage


def hold_least(search: Search, expression: Expression, name: str = "") -> Stage:
    """Hold the model to the least of an expression, and return what was reached."""
    stage = search.minimise(expression, name)
    search.weighed.model.add(search.pose(expression) <= int(stage.value))
    return stage


def break_ties(search: Search) -> list[Stage]:
    """Hold the model to one choice among those that it still allows.

    The earliest to finish, then the fewest initiatives, the largest sum of low and of likely payoffs. What is still
    equal is told apart by the order of the document: what stands first is rather chosen, who stands first rather gains.

    Returns
    -------
    list of Stage
        The makespan first; those by the order of the document are not listed.
    """
    weighed = search.weighed
    chosen = list(weighed.composed.chosen.values())
    stages = [hold_least(search, weighed.composed.makespan, "makespan")]
    stages.append(hold_least(search, sum(chosen), "initiatives"))
    stages.append(hold_most(search, sum(weighed.low.values()), "sum of low payoffs"))
    stages.append(hold_most(search, sum(weighed.likely.values()), "sum of likely payoffs"))
    for first in range(0, len(chosen), CHUNK):
        part = chosen[first : first + CHUNK]
        hold_most(search, sum(2 ** (len(part) - 1 - place) * literal for place, literal in enumerate(part)))
    if any(stake.recurring for stake in weighed.asked.stakes):
        for party, gain in weighed.gains.items():
            hold_most(search, gain)
            hold_most(search, weighed.low[party])
    return stages


def settle_dates(search: Search, makespan: Stage, *, bearing: tuple[str, ...] | None = None) -> Timetable:
    """Return the earliest dates of the choice and the payoffs that were found.

    They come from a new model that carries nothing of how the choice was found, solved on one core up to a measure of
    work instead of time: the same question and choice give the same dates.
    """
    weighed = weigh_project(search.weighed.asked, bearing=bearing)
    model, composed = weighed.model, weighed.composed
    for name, literal in composed.chosen.items():
        model.add(literal == search.value(search.weighed.composed.chosen[name]))
    for party in weighed.gains:
        for found, held in ((weighed.low, search.weighed.low), (weighed.likely, search.weighed.likely)):
            model.add(search.pose(found[party]) == search.value(held[party]))
    model.add(composed.makespan <= int(makespan.value))
    bound = int(makespan.value) if makespan.proven else 0
    return Search(weighed, search.clock).settle(bound) or search.read(bound)
