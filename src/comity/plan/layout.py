"""From a plan as written to whole numbers: the project, the stakes, the spread of each duration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.plan.clock import Clock
from comity.plan.coherence import list_gate_orders
from comity.plan.document import Initiative, PlanDocument, Supply, Worth
from comity.plan.errors import PlanError
from comity.plan.forms import PERIODS
from comity.plan.project import Calendar, Lag, Option, Project, Resource, Stake, Task
from comity.plan.tasks import Spread, TaskLayer

FINEST = 1000
LARGEST = 2**40
"""Sums of stakes over a plan stay far below what a solver of whole numbers can count."""


@dataclass(frozen=True)
class Layout:
    """A plan in whole numbers.

    Parameters
    ----------
    project : Project
    stakes : tuple of Stake
        Amounts in `1 / factor` of the plan's unit.
    spreads : mapping of str to mapping of str to (int, int, int)
        By task and mode: best, likely, worst duration [periods].
    factor : int
        Parts of the plan's unit that a stake counts.
    factors : mapping of str to int
        By resource: parts of its unit that the project counts.
    """

    project: Project
    stakes: tuple[Stake, ...]
    spreads: Mapping[str, Mapping[str, Spread]]
    factor: int
    factors: Mapping[str, int]


def lay_out_project(plan: PlanDocument) -> Layout:
    """Return a plan as project, stakes and spreads.

    A phase takes its likely duration. What has finished stands where it was; what has begun ends so many periods after
    the day of the progress as are left; what has not begun starts on that day or later. An initiative that has begun is
    required. Every phase that does not come before a consent waits for it.

    Parameters
    ----------
    plan : PlanDocument
        With every gain as a number.

    Returns
    -------
    Layout

    Raises
    ------
    PlanError
        A gain is still to be taken from the integration room, or amounts are too large to count.
    """
    factors = {supply.id: _find_factor(_list_amounts(plan, supply)) for supply in plan.supplies}
    renewable = frozenset(supply.id for supply in plan.supplies if supply.renewable)
    layer = TaskLayer(plan.clock, factors, renewable, plan.as_of)
    tasks: list[Task] = []
    lags: list[Lag] = []
    spreads: dict[str, dict[str, Spread]] = {}
    for one in plan.initiatives:
        for task, ways in layer.list_tasks(one):
            tasks.append(task)
            spreads[task.id] = ways
        for phase in one.phases:
            lags += [Lag(link.before, f"{one.id}.{phase.id}", link.least, link.most, link.kind) for link in phase.after]
        lags += [Lag(before, after) for before, after in list_gate_orders(one)]
    project = Project(
        horizon=plan.clock.horizon,
        tasks=tuple(tasks),
        lags=tuple(_drop_past(lags, plan)),
        resources=tuple(_lay_supply(supply, plan.clock, factors[supply.id]) for supply in plan.supplies),
        options=tuple(_lay_option(one) for one in plan.initiatives),
        calendars=tuple(
            Calendar(rest.id, plan.clock.close_periods(rest.spans, rest.weekdays)) for rest in plan.calendars
        ),
    )
    factor = _choose_factor(plan)
    return Layout(project, tuple(_list_stakes(plan, factor)), spreads, factor, factors)


def _drop_past(lags: Iterable[Lag], plan: PlanDocument) -> list[Lag]:
    """Return the lags but those onto phases that have begun: what happened is not asked whether it might."""
    begun = {f"{one.id}.{entry.phase}" for one in plan.initiatives for entry in one.progress}
    return [lag for lag in lags if lag.after not in begun]


def _lay_supply(supply: Supply, clock: Clock, factor: int) -> Resource:
    """Return a resource: its amount from each year on, or what arrives with each year."""
    steps = [(clock.start_year(year), round(amount * factor)) for year, amount in sorted(supply.by_year.items())]
    capacity = tuple((at, units) for at, units in steps if at < clock.horizon)
    return Resource(supply.id, capacity, supply.renewable, supply.carries, supply.party)


def _lay_option(one: Initiative) -> Option:
    """Return an initiative as a choice; one that has begun is no choice any more."""
    withheld = tuple(consent.party for consent in one.consents if consent.status == "withheld")
    return Option(
        one.id,
        one.parties,
        one.required or bool(one.progress),
        one.forbidden,
        one.needs,
        one.excludes,
        withheld,
    )


def _list_amounts(plan: PlanDocument, supply: Supply) -> list[float]:
    """Return every amount of a resource that the plan names."""
    parts = [way for one in plan.initiatives for phase in one.phases for way in phase.ways]
    consents = [consent for one in plan.initiatives for consent in one.consents]
    uses = [use for way in parts for use in way.uses] + [use for consent in consents for use in consent.uses]
    return [*supply.by_year.values(), *(use.amount for use in uses if use.resource == supply.id)]


def _find_factor(amounts: Iterable[float]) -> int:
    """Return 1, 10, 100 or 1000: the fewest parts of a unit in which all amounts are whole, as far as there are."""
    values = list(amounts)
    for factor in (1, 10, 100):
        if all(abs(value * factor - round(value * factor)) < 1e-9 for value in values):
            return factor
    return FINEST


def _choose_factor(plan: PlanDocument) -> int:
    """Return the parts of the unit that stakes count: fine enough that a yearly amount by period is right to 0.1 %."""
    worths = [worth for one in plan.initiatives for worth in (*one.gains, *one.costs)]
    if any(worth.simulated for worth in worths):
        raise PlanError("a gain is still to be taken from the integration room", todo="resolve the plan's gains first")
    per_year = PERIODS[plan.clock.period]
    sizes = [abs(value) / (per_year if worth.per == "year" else 1.0)
             for worth in worths for value in (worth.low, worth.likely, worth.high) if value]  # fmt: skip
    if not sizes:
        return 1
    factor = 1
    while factor < 10**6 and min(sizes) * factor < FINEST and max(sizes) * factor * 10 * plan.clock.horizon < LARGEST:
        factor *= 10
    if max(sizes) * factor * plan.clock.horizon >= LARGEST:
        what = f"an amount of {max(sizes):g} by period is too large to count"
        raise PlanError(what, todo="give amounts in thousands or millions, and say so with unit:")
    return factor


def _list_stakes(plan: PlanDocument, factor: int) -> list[Stake]:
    """Return what each initiative means for each party, costs taken off: once, and by period after it is finished."""
    per_year = PERIODS[plan.clock.period]
    found = []
    for one in plan.initiatives:
        for party in plan.parties:
            for per in ("once", "year"):
                low, likely, high, any_given = _sum_worths(one, party, per)
                if any_given:
                    scale = factor / (per_year if per == "year" else 1.0)
                    amounts = sorted(round(value * scale) for value in (low, likely, high))
                    found.append(Stake(one.id, party, amounts[0], amounts[1], amounts[2], per == "year"))
    return found


def _sum_worths(one: Initiative, party: str, per: str) -> tuple[float, float, float, bool]:
    """Return gain less cost of a party: the low end takes the least gain and the greatest cost."""

    def pick(worths: Iterable[Worth]) -> list[Worth]:
        return [worth for worth in worths if worth.party == party and worth.per == per]

    gains, costs = pick(one.gains), pick(one.costs)
    low = sum(worth.low for worth in gains) - sum(worth.high for worth in costs)
    likely = sum(worth.likely for worth in gains) - sum(worth.likely for worth in costs)
    high = sum(worth.high for worth in gains) - sum(worth.low for worth in costs)
    return low, likely, high, bool(gains or costs)
