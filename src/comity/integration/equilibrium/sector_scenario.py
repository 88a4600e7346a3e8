"""A scenario under the model with sectors: its changes by sector, solved, as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EquilibriumError
from comity.integration.equilibrium.forms import KINDS
from comity.integration.equilibrium.model import CLOSURES
from comity.integration.equilibrium.packages import DIGITS, FIRST, SLACK, Verdict
from comity.integration.equilibrium.scenario import LEAST_COST, draw_sizes
from comity.integration.equilibrium.sector_draws import Elasticities, SectorSpread, Sizes, solve_sector_draws
from comity.integration.equilibrium.sector_tables import describe_outcome
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy
from comity.integration.equilibrium.world import identify_members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.scenario import Scenario, Step
    from comity.integration.equilibrium.simulate import Chance

    Numbers = NDArray[np.float64]


def pose_sectors(
    scenario: Scenario, economy: SectorEconomy, theta: tuple[float, ...], sizes: Sizes | None = None
) -> tuple[SectorEconomy, SectorChange]:
    """Write the changes of a scenario into tables by sector.

    Parameters
    ----------
    scenario : Scenario
        Of the model with sectors.
    economy : SectorEconomy
    theta : tuple of float
        In the order of its sectors: a partial effect on trade is that of a change of cost by its negative over theta.
    sizes : mapping of (str, Effect) to float, optional
        Drawn sizes of effects and costs; their central values where left out.

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
            log_cost[place] += _weigh_cost(step, theta[place[0]], sizes or {})
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


def _weigh_cost(step: Step, theta: float, sizes: Sizes) -> float:
    """Return by how much a step changes the cost of trading in a sector [log]."""
    sign = KINDS[step.kind].sign
    if step.effect is not None:
        return -sign * sizes.get(("effect", step.effect), step.effect.value) / theta
    if step.cost is not None:
        return float(np.log1p(max(sign * sizes.get(("cost", step.cost), step.cost.value) / 100, LEAST_COST)))
    return 0.0


def solve_sector_scenario(
    scenario: Scenario, economy: SectorEconomy, theta: Elasticities, chance: Chance
) -> tuple[SectorSpread, bool]:
    """Solve a scenario under the model with sectors, for the central parameters and for every draw.

    Parameters
    ----------
    scenario : Scenario
    economy : SectorEconomy
    theta : Elasticities
    chance : Chance

    Returns
    -------
    spread : SectorSpread
    drawn : bool
        Whether there was anything to draw: an error or a range of an elasticity, an effect or a cost.

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_sector_draws`.
    """
    sizes = draw_sizes(scenario.steps, chance.draws, chance.seed)
    drawing = not theta.fixed or any(size.error > 0 for _, size in sizes)
    drawn = theta.draw(chance.draws if drawing else 0, chance.seed)

    def pose(values: tuple[float, ...], given: Sizes) -> tuple[SectorEconomy, SectorChange]:
        return pose_sectors(scenario, economy, values, given)

    return solve_sector_draws(pose, theta, sizes, scenario.closure, drawn), drawing


def simulate_sectors(scenario: Scenario, economy: SectorEconomy, theta: Elasticities, chance: Chance) -> dict[str, Any]:
    """Simulate a scenario under the model with sectors.

    Parameters
    ----------
    scenario : Scenario
    economy : SectorEconomy
    theta : Elasticities
    chance : Chance
        How errors and ranges are drawn, where there are any.

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
    spread, drawn = solve_sector_scenario(scenario, economy, theta, chance)
    found = describe_outcome(spread, chance if drawn else None)
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
        for member, row in zip(identify_members(economy.names), found["economies"], strict=True)
    ]
    return {
        "scenario": scenario.describe(),
        **found,
        "economies": rows,
        "theta": dict(zip(economy.sectors, theta.central, strict=True)),
        "closure": scenario.closure,
    }


def judge_sectors(
    scenario: Scenario, chosen: tuple[str, ...], tables: tuple[SectorEconomy, Elasticities], chance: Chance
) -> Verdict:
    """Judge one set of candidates under the model with sectors.

    Parameters
    ----------
    scenario : Scenario
    chosen : tuple of str
        Names of candidates.
    tables : (SectorEconomy, Elasticities)
    chance : Chance

    Returns
    -------
    Verdict

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_sector_draws`.
    """
    whole = replace(scenario, steps=(*scenario.steps, *(scenario.candidates[name] for name in chosen)))
    economy = tables[0]
    members = whole.list_parties()
    places = [economy.names.index(code) for code in members]
    first = replace(chance, draws=min(FIRST, chance.draws))
    enough = int((1 - chance.level) / 2 * (chance.draws - 1)) + 2
    if first.draws < chance.draws:
        welfare = _list_welfare(whole, tables, first)[places]
        if ((welfare[:, 1:] < 1 - SLACK).sum(axis=1) >= enough).any():
            return Verdict(chosen, False, {}, {}, {})
    welfare = _list_welfare(whole, tables, chance)[places]
    drawn = welfare[:, 1:] if welfare.shape[1] > 1 else welfare
    ends = np.quantile(drawn, [(1 - chance.level) / 2, (1 + chance.level) / 2], axis=1)
    columns = [
        {code: round(100 * (float(value) - 1), DIGITS) for code, value in zip(members, values, strict=True)}
        for values in (welfare[:, 0], ends[0], ends[1])
    ]
    return Verdict(chosen, bool((ends[0] >= 1 - SLACK).all()), *columns)


def _list_welfare(scenario: Scenario, tables: tuple[SectorEconomy, Elasticities], chance: Chance) -> Numbers:
    """Return the welfare of each economy, for the central parameters and then for each draw."""
    spread, drawn = solve_sector_scenario(scenario, *tables, chance)
    centre = spread.centre.welfare[:, None]
    return np.hstack([centre, spread.draws["welfare"]]) if drawn else centre
