"""From a scenario to what it means for every economy, with intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from comity.integration.equilibrium.draws import Spread, solve_draws
from comity.integration.equilibrium.errors import EquilibriumError
from comity.integration.equilibrium.model import CLOSURES, Model
from comity.integration.equilibrium.outcome import MEASURES
from comity.integration.equilibrium.scenario import Scenario, draw_scenario, write_tariffs

if TYPE_CHECKING:
    from comity.integration.equilibrium.world import World

LEVEL = 0.9
FEWEST_DRAWS, MOST_DRAWS = 2, 100_000
DIGITS = 6


@dataclass(frozen=True)
class Chance:
    """How uncertainty is drawn and told.

    Parameters
    ----------
    draws : int
        Number of draws.
    seed : int
        The same seed gives the same result.
    level : float
        Share of the draws that an interval holds.
    """

    draws: int = 500
    seed: int = 0
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse numbers that make no interval."""
        if not (FEWEST_DRAWS <= self.draws <= MOST_DRAWS and 0 < self.level < 1 and self.seed >= 0):
            raise EquilibriumError(
                f"{self.draws} draws, seed {self.seed}, level {self.level:g} make no interval",
                todo=f"take {FEWEST_DRAWS} to {MOST_DRAWS:,} draws, a seed from 0, and a level between 0 and 1",
            )


def solve_scenario(scenario: Scenario, world: World, chance: Chance) -> Spread:
    """Solve a scenario for the central parameters and for every draw.

    Parameters
    ----------
    scenario : Scenario
    world : World
    chance : Chance

    Returns
    -------
    Spread

    Raises
    ------
    EquilibriumError, NoEquilibrium, NotConverged
        As in `solve_draws`.
    """
    if not scenario.steps:
        raise EquilibriumError(
            f"the scenario {scenario.id!r} changes nothing",
            todo="give changes:, or search its candidates for a package",
        )
    refuse_sectors(scenario)
    economy = write_tariffs(scenario, world.economy)
    draws = draw_scenario(scenario, economy, chance.draws, chance.seed)
    draws = replace(draws, home=world.draw_home(chance.draws, chance.seed))
    return solve_draws(economy, draws, Model(scenario.theta.mode, scenario.psi, scenario.closure))


def refuse_sectors(scenario: Scenario) -> None:
    """Refuse a scenario that is for the model with sectors.

    Raises
    ------
    EquilibriumError
        It is.
    """
    if scenario.model != Scenario.model:
        raise EquilibriumError(
            f"the scenario {scenario.id!r} is for the model {scenario.model}",
            why="the model with one sector would answer another question",
            todo="simulate it from its file, or leave out model: and tables:",
        )


def list_outcomes(spread: Spread, world: World, parties: tuple[str, ...], level: float) -> list[dict[str, Any]]:
    """List what a scenario means for each economy: ready for a table or a map.

    Parameters
    ----------
    spread : Spread
    world : World
        In the same order.
    parties : tuple of str
        Codes that the scenario names.
    level : float
        Share of the draws that an interval holds.

    Returns
    -------
    list of dict
        `iso3`, `m49`, `name`, `kind`, `party`, and for each of welfare, exports, imports and terms of trade the change
        [percent] with `_low` and `_high`; `gdp_year` and `home` say on what the economy's size rests.
    """
    columns: dict[str, list[float]] = {}
    for measure in MEASURES:
        low, high = spread.find_bounds(measure, level)
        for name, values in (
            (measure, getattr(spread.centre, measure)),
            (f"{measure}_low", low),
            (f"{measure}_high", high),
        ):
            columns[name] = [round(100 * (float(value) - 1), DIGITS) for value in values]
    return [
        {
            "iso3": member.code,
            "m49": member.m49,
            "name": member.name,
            "kind": member.kind,
            "party": member.code in parties,
            **{name: values[place] for name, values in columns.items()},
            "gdp_year": member.gdp_year,
            "home": member.home,
        }
        for place, member in enumerate(world.members)
    ]


def describe_assumptions(scenario: Scenario, world: World) -> list[str]:
    """Say on what the figures rest, and what they cannot tell."""
    theta, built = scenario.theta, world.construction
    home = "as given" if built is None else (
        f"constructed: output {built.mode:g} times GDP, drawn for each economy from {built.low:g} to {built.high:g} "
        "(triangular), less exports"
    )  # fmt: skip
    return [
        f"Deficits ({scenario.closure}): {CLOSURES[scenario.closure]}.",
        f"Trade elasticity: triangular from {theta.low:g} over {theta.mode:g} to {theta.high:g} ({theta.source}); "
        f"supply elasticity {scenario.psi:g}.",
        f"Sales at home: {home}.",
        "One good for each economy: no sectors, no chains of supply, no services in trade.",
        "Long run, before and after: no transition, no unemployment, no investment, no politics.",
        "Intervals hold what is drawn (size of the effect, elasticity, sales at home where constructed), not whether "
        "the model is right.",
    ]


def describe_simulation(scenario: Scenario, world: World, chance: Chance) -> dict[str, Any]:
    """Solve a scenario and describe it as plain values.

    Parameters
    ----------
    scenario : Scenario
    world : World
    chance : Chance

    Returns
    -------
    dict
        `scenario`, `economies` (see `list_outcomes`), `certificate`, `draws`, `seed`, `level`, `assumptions`.

    Raises
    ------
    EquilibriumError, NoEquilibrium, NotConverged
        As in `solve_scenario`.
    """
    spread = solve_scenario(scenario, world, chance)
    return {
        "scenario": scenario.describe(),
        "economies": list_outcomes(spread, world, scenario.list_parties(), chance.level),
        "certificate": spread.certificate.as_dict(),
        "draws": chance.draws,
        "seed": chance.seed,
        "level": chance.level,
        "assumptions": describe_assumptions(scenario, world),
    }
