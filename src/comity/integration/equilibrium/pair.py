"""What a free-trade agreement between two states, or the end of one, would mean for them and for third parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.integration.equilibrium.errors import EquilibriumError
from comity.integration.equilibrium.parameters import read_effect
from comity.integration.equilibrium.scenario import Scenario, Step
from comity.integration.equilibrium.simulate import Chance, describe_assumptions, list_outcomes, solve_scenario

if TYPE_CHECKING:
    from comity.integration.equilibrium.world import World

WAYS = {"agreement": "agreement", "end": "dissolution"}
MOST_OTHERS = 5


def simulate_pair(a: str, b: str, world: World, chance: Chance) -> dict[str, Any]:
    """Simulate an agreement between two states, and the end of one, for the world.

    The effect is the mean published one over agreements of very different depth. Which of the two cases is the real one
    depends on whether an agreement is in force: the tables do not say.

    Parameters
    ----------
    a, b : str
        Codes of two economies of the world.
    world : World
    chance : Chance

    Returns
    -------
    dict
        `agreement` and `end`, each with `parties` (two rows), `others` (third parties with the largest change of
        welfare either way), `others_gain`, `others_lose`, `others_open` (numbers of third parties whose whole
        interval lies above zero, below it, or neither), `others_low`, `others_high` (ends of the third parties'
        changes [percent]); `effect`, `assumptions`, `draws`, `seed`, `level`.

    Raises
    ------
    EquilibriumError
        Both are the same, or one is not in the table.
    NotConverged
        As in `solve_scenario`.

    References
    ----------
    yotov-2016
    """
    missing = [code for code in (a, b) if code not in world.economy.names]
    if missing or a == b:
        raise EquilibriumError(
            f"{' and '.join(missing)} not in the table of {len(world.members)} economies" if missing else f"{a} twice",
            why="an agreement has two parties, and each needs trade on record",
            todo="name two different economies of the table",
        )
    effect = read_effect()
    found: dict[str, Any] = {}
    for way, kind in WAYS.items():
        step = Step(kind, {"parties": (a, b)}, effect=effect, source=effect.source)
        scenario = Scenario(f"pair-{way}", way, (step,))
        spread = solve_scenario(scenario, world, chance)
        found[way] = _sum_up(list_outcomes(spread, world, (a, b), chance.level), (a, b))
    return {
        **found,
        "effect": {"value": effect.value, "error": effect.error, "source": effect.source},
        "assumptions": describe_assumptions(scenario, world),
        "draws": chance.draws,
        "seed": chance.seed,
        "level": chance.level,
    }


def _sum_up(rows: list[dict[str, Any]], pair: tuple[str, str]) -> dict[str, Any]:
    """Return the two parties' rows and what third parties meet."""
    by_code = {row["iso3"]: row for row in rows}
    others = [row for row in rows if row["iso3"] not in pair]
    ranked = sorted(others, key=lambda row: (-abs(row["welfare"]), row["iso3"]))
    gain = sum(row["welfare_low"] > 0 for row in others)
    lose = sum(row["welfare_high"] < 0 for row in others)
    return {
        "parties": [by_code[code] for code in pair],
        "others": ranked[:MOST_OTHERS],
        "others_gain": gain,
        "others_lose": lose,
        "others_open": len(others) - gain - lose,
        "others_low": min(row["welfare"] for row in others),
        "others_high": max(row["welfare"] for row in others),
    }
