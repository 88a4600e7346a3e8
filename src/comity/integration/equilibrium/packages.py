"""The smallest set of agreements with which no member loses, the lower end of its interval included.

Sets are looked at by size, the smallest first, so that the first size at which one holds is the least: no set is left
out but those that are larger than the answer. A set is given up as soon as so many draws have a member lose that no
further draw could bring the lower end of its interval back to zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from comity.integration.equilibrium.draws import Draws, solve_draws
from comity.integration.equilibrium.errors import EquilibriumError
from comity.integration.equilibrium.model import Model
from comity.integration.equilibrium.scenario import Scenario, draw_scenario, write_tariffs
from comity.integration.equilibrium.simulate import refuse_sectors

if TYPE_CHECKING:
    from comity.integration.equilibrium.simulate import Chance
    from comity.integration.equilibrium.world import World

SLACK = 1e-11
"""A fall of welfare below this is none: it is smaller than what a solution is certified to."""
FIRST = 32
"""Draws that are looked at first."""
MOST_CANDIDATES = 40
DIGITS = 6


@dataclass(frozen=True)
class Verdict:
    """What a set of candidates means for its members.

    Parameters
    ----------
    chosen : tuple of str
        Names of candidates.
    holds : bool
        Whether no member loses, the lower end of the interval included.
    welfare, low, high : mapping of str to float
        By member: change of welfare [percent] and the ends of its interval; empty where the set was given up early.
    """

    chosen: tuple[str, ...]
    holds: bool
    welfare: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]


def solve_package(scenario: Scenario, world: World, chance: Chance, most: int | None = None) -> dict[str, Any]:
    """Find the smallest set of candidates that, with the scenario's own changes, makes no member lose.

    Parameters
    ----------
    scenario, world, chance, most
        As in `search_package`; each set is judged in the one-sector model.

    Returns
    -------
    dict
        As `search_package`.

    Raises
    ------
    EquilibriumError
        The scenario is for the model with sectors, or as in `search_package`.
    NoEquilibrium, NotConverged
        As in `solve_draws`.
    """
    refuse_sectors(scenario)
    return search_package(scenario, lambda chosen: judge_package(scenario, chosen, world, chance), chance, most)


def search_package(
    scenario: Scenario, judge: Callable[[tuple[str, ...]], Verdict], chance: Chance, most: int | None = None
) -> dict[str, Any]:
    """Look at sets of candidates by size, the smallest first, until one holds.

    Members are all whom the scenario's changes and the chosen candidates name. Among sets of the least size the one
    with the fewest side arrangements is taken, and of these the one whose worst-off member is best off.

    Parameters
    ----------
    scenario : Scenario
        `steps` are agreed already and may be none; `candidates` may be added.
    judge : callable
        From the names of candidates to the verdict on them.
    chance : Chance
    most : int, optional
        Largest size that is looked at; all candidates where left out.

    Returns
    -------
    dict
        `found`, `package` (names), `side` (those of them that are side arrangements), `members` (`iso3`, `welfare`,
        `low`, `high` [percent]), `judged` (number of sets), `alternatives` (other sets of that size that hold),
        `level`, `draws`, `seed`.

    Raises
    ------
    EquilibriumError
        There are no candidates, or more than 40.
    NoEquilibrium, NotConverged
        As in `solve_draws`.
    """
    if not 0 < len(scenario.candidates) <= MOST_CANDIDATES:
        raise EquilibriumError(
            f"{len(scenario.candidates)} candidates; a search takes 1 to {MOST_CANDIDATES}",
            todo="list under candidates: what may be added, each with an id",
        )
    judged = 0
    holding: list[Verdict] = []
    for size in _list_sizes(scenario, most):
        for chosen in combinations(sorted(scenario.candidates), size):
            verdict = judge(chosen)
            judged += 1
            if verdict.holds:
                holding.append(verdict)
        if holding:
            break
    holding.sort(key=lambda verdict: rank_package(scenario, verdict))
    best = holding[0] if holding else Verdict((), False, {}, {}, {})
    return {
        "found": bool(holding),
        "package": list(best.chosen),
        "side": [name for name in best.chosen if name in scenario.side],
        "members": [
            {"iso3": code, "welfare": best.welfare[code], "low": best.low[code], "high": best.high[code]}
            for code in sorted(best.welfare)
        ],
        "judged": judged,
        "alternatives": [list(verdict.chosen) for verdict in holding[1:]],
        "level": chance.level,
        "draws": chance.draws,
        "seed": chance.seed,
    }


def _list_sizes(scenario: Scenario, most: int | None) -> Iterator[int]:
    """Yield the sizes of sets, the smallest first; none at all only where something is agreed already."""
    last = len(scenario.candidates) if most is None else min(most, len(scenario.candidates))
    yield from range(0 if scenario.steps else 1, last + 1)


def rank_package(scenario: Scenario, verdict: Verdict) -> tuple[int, int, float, tuple[str, ...]]:
    """Return the order of sets that hold: size, side arrangements, the worst-off member, names."""
    side = sum(name in scenario.side for name in verdict.chosen)
    worst = min(verdict.low.values(), default=0.0)
    return len(verdict.chosen), side, -worst, verdict.chosen


def judge_package(scenario: Scenario, chosen: tuple[str, ...], world: World, chance: Chance) -> Verdict:
    """Judge one set of candidates.

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_draws`.
    """
    steps = (*scenario.steps, *(scenario.candidates[name] for name in chosen))
    whole = replace(scenario, steps=steps)
    economy = write_tariffs(whole, world.economy)
    members = whole.list_parties()
    places = [economy.find(code) for code in members]
    drawn = draw_scenario(whole, economy, chance.draws, chance.seed)
    draws = replace(drawn, home=world.draw_home(chance.draws, chance.seed))
    model = Model(scenario.theta.mode, scenario.psi, scenario.closure)
    enough = int((1 - chance.level) / 2 * (chance.draws - 1)) + 2
    if chance.draws > 2 * FIRST:
        first = solve_draws(economy, _take(draws, FIRST), model).welfare[places]
        if ((first < 1 - SLACK).sum(axis=1) >= enough).any():
            return Verdict(chosen, False, {}, {}, {})
    spread = solve_draws(economy, draws, model)
    low, high = spread.find_bounds("welfare", chance.level)
    columns = [
        {code: round(100 * (float(values[place]) - 1), DIGITS) for code, place in zip(members, places, strict=True)}
        for values in (spread.centre.welfare, low, high)
    ]
    return Verdict(chosen, bool((low[places] >= 1 - SLACK).all()), *columns)


def _take(draws: Draws, count: int) -> Draws:
    """Return the first draws."""
    home = None if draws.home is None else draws.home[:, :count]
    trade, cost = draws.log_trade[:, :count], draws.log_cost[:, :count]
    return replace(draws, theta=draws.theta[:count], log_trade=trade, log_cost=cost, home=home)
