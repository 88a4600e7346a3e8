"""One choice among equally good ones: the earliest, the fewest, the surest, and never a name."""

from __future__ import annotations

from dataclasses import replace

from comity.plan.choice.model import Expression, weigh_project
from comity.plan.choice.search import SMALL, Search
from comity.plan.choice.tables import Stage
from comity.plan.project import Timetable
from comity.plan.schedule.bounds import bound_makespan

ASKING = 0.1
"""Part of the time left for the question whether all initiatives must be done."""
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
    weighed.model.add(weighed.composed.makespan >= bound_end(search))
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


def bound_end(search: Search) -> int:
    """Return a period before which no choice that the model still allows is finished [periods].

    What is required must be done in any case. Of a large model it is asked whether any initiative can be left out; if
    none can, all must be done.
    """
    project, model = search.weighed.asked.project, search.weighed.model
    chosen = list(search.weighed.composed.chosen.values())
    if len(model.proto.variables) >= SMALL:
        share, search.share = search.share, ASKING
        fewest = search.minimise(sum(chosen))
        search.share = share
        if fewest.bound == len(chosen):
            project = replace(project, options=tuple(replace(one, required=True) for one in project.options))
    return bound_makespan(project)


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
    bound = int(makespan.value if makespan.proven else min(makespan.bound or 0, makespan.value))
    return Search(weighed, search.clock).settle(bound) or search.read(bound)
