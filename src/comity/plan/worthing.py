"""Gains that the integration room gives: a change of welfare in percent, times the size of the economy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from comity.plan.document import Initiative, PlanDocument, Worth
from comity.plan.errors import PlanError


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation says of one economy.

    Parameters
    ----------
    welfare, low, high : float
        Change of welfare with its interval [percent].
    gdp : float
        Size of the economy [USD].
    gdp_year : int
    told : str
        Which scenario, from how many draws, from which seed.
    """

    welfare: float
    low: float
    high: float
    gdp: float
    gdp_year: int
    told: str


Question = tuple[str, tuple[str, ...]]
"""File of a scenario (empty for an agreement) and the parties that agree."""


def list_questions(plan: PlanDocument) -> list[Question]:
    """Return what the integration room is asked, each question once, in the order of the plan."""
    asked = [
        (worth.scenario, () if worth.scenario else one.parties)
        for one in plan.initiatives
        for worth in one.gains
        if worth.simulated
    ]
    return list(dict.fromkeys(asked))


def fill_gains(plan: PlanDocument, answers: Mapping[Question, Mapping[str, Simulated]]) -> PlanDocument:
    """Return the plan with every simulated gain as an amount a year, its source printed in full.

    Parameters
    ----------
    plan : PlanDocument
    answers : mapping
        By question, by actor id.

    Returns
    -------
    PlanDocument

    Raises
    ------
    PlanError
        A simulation says nothing of a party.
    """

    def fill(one: Initiative) -> Initiative:
        gains = tuple(
            _fill_one(worth, answers[(worth.scenario, () if worth.scenario else one.parties)], plan)
            if worth.simulated
            else worth
            for worth in one.gains
        )
        return replace(one, gains=gains)

    return replace(plan, initiatives=tuple(fill(one) for one in plan.initiatives))


def _fill_one(worth: Worth, found: Mapping[str, Simulated], plan: PlanDocument) -> Worth:
    """Return a gain as an amount a year."""
    one = found.get(worth.party)
    if one is None:
        raise PlanError(
            f"the simulation says nothing of {plan.parties[worth.party]}",
            why="its gain would be taken for zero",
            todo="enter the gain with low, likely, high and source",
        )
    scale = one.gdp / 100 * worth.share / 100 * worth.rate / plan.unit
    low, likely, high = (value * scale for value in (one.low, one.welfare, one.high))
    source = (
        f"{one.told}: welfare {one.welfare:+.4f} % ({one.low:+.4f} to {one.high:+.4f}, 90 %) of a GDP of "
        f"{one.gdp / 1e9:,.1f} billion USD in {one.gdp_year} (World Bank)"
    )
    if worth.share != 100:
        source += f"; {worth.share:g} % of it counted here ({worth.source})"
    elif worth.source:
        source += f"; {worth.source}"
    ordered = sorted((low, likely, high))
    return replace(
        worth, low=ordered[0], likely=ordered[1], high=ordered[2], source=source, simulated=False, scenario="",
    )  # fmt: skip


def describe_worth(worth: Worth) -> dict[str, Any]:
    """Return a gain or a cost as plain values [units of the plan]."""
    return {
        "party": worth.party,
        "low": round(worth.low, 6),
        "likely": round(worth.likely, 6),
        "high": round(worth.high, 6),
        "per": worth.per,
        "source": worth.source,
    }
