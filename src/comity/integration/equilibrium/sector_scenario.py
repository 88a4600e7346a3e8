"""A scenario under the model with sectors: its changes by sector, solved, as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EquilibriumError
from comity.integration.equilibrium.forms import KINDS
from comity.integration.equilibrium.model import CLOSURES
from comity.integration.equilibrium.sector_solve import solve_sectors
from comity.integration.equilibrium.sector_tables import describe_outcome
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel
from comity.integration.equilibrium.world import identify_members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.scenario import Scenario, Step

    Numbers = NDArray[np.float64]


def pose_sectors(
    scenario: Scenario, economy: SectorEconomy, theta: tuple[float, ...]
) -> tuple[SectorEconomy, SectorChange]:
    """Write the changes of a scenario into tables by sector.

    Parameters
    ----------
    scenario : Scenario
        Of the model with sectors.
    economy : SectorEconomy
    theta : tuple of float
        In the order of its sectors: a partial effect on trade is that of a change of cost by its negative over theta.

    Returns
    -------
    economy : SectorEconomy
        With the tariffs that the scenario says were there before; flows stay as they are.
    change : SectorChange
    """
    before = economy.tariffs.copy()
    log_cost = np.zeros_like(before)
    for step in scenario.steps:
        for place in _find_places(step, economy):
            log_cost[place] += _weigh_cost(step, theta[place[0]])
            if step.tariff:
                before[place] = step.tariff[0] / 100
    after = before.copy()
    for step in scenario.steps:
        for place in _find_places(step, economy) if step.tariff else ():
            after[place] = step.tariff[1] / 100 if step.tariff else 0.0
    return replace(economy, tariffs=before), SectorChange(log_cost, after)


def _find_places(step: Step, economy: SectorEconomy) -> list[tuple[int, int, int]]:
    """Return where a step stands in tables by sector, exporter and importer."""
    names = {name: place for place, name in enumerate(economy.names)}
    sectors = [economy.sectors.index(name) for name in step.sectors]
    return [(sector, names[one], names[other]) for sector in sectors for one, other in step.list_pairs()]


def _weigh_cost(step: Step, theta: float) -> float:
    """Return by how much a step changes the cost of trading in a sector [log]."""
    sign = KINDS[step.kind].sign
    if step.effect is not None:
        return -sign * step.effect.value / theta
    return float(np.log1p(sign * step.cost.value / 100)) if step.cost is not None else 0.0


def simulate_sectors(scenario: Scenario, economy: SectorEconomy, theta: tuple[float, ...]) -> dict[str, Any]:
    """Simulate a scenario under the model with sectors.

    Parameters
    ----------
    scenario : Scenario
    economy : SectorEconomy
    theta : tuple of float

    Returns
    -------
    dict
        `scenario`, and as `describe_outcome`; an economy has `iso3`, `m49`, `name`, `party` and its changes [percent].

    Raises
    ------
    EquilibriumError, NoEquilibrium, NotConverged
        The scenario changes nothing, or as in `solve_sectors`.

    References
    ----------
    caliendo-parro-2015
    """
    if not scenario.steps:
        raise EquilibriumError(f"the scenario {scenario.id!r} changes nothing", todo="give changes:")
    base, change = pose_sectors(scenario, economy, theta)
    found = describe_outcome(base, solve_sectors(base, change, SectorModel(theta, scenario.closure)))
    found["assumptions"].insert(0, f"Deficits ({scenario.closure}): {CLOSURES[scenario.closure]}.")
    parties = scenario.list_parties()
    rows = [
        {
            "iso3": member.code,
            "m49": member.m49,
            **row,
            "name": member.name,
            "party": member.code in parties,
        }
        for member, row in zip(identify_members(base.names), found["economies"], strict=True)
    ]
    return {
        "scenario": scenario.describe(),
        **found,
        "economies": rows,
        "theta": dict(zip(base.sectors, theta, strict=True)),
        "closure": scenario.closure,
    }
