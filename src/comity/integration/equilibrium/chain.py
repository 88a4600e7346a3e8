"""The whole chain: a gravity estimate, drawn, over a change of its regressors to what that means for every economy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.draws import pose_draws, solve_draws
from comity.integration.equilibrium.errors import EquilibriumError, name_some
from comity.integration.equilibrium.model import Model
from comity.integration.equilibrium.parameters import Elasticity, draw_coefficients, read_elasticity
from comity.integration.equilibrium.scenario import Scenario
from comity.integration.equilibrium.simulate import Chance, describe_assumptions, list_outcomes
from comity.lexicon import find_actor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.world import World
    from comity.integration.gravity.result import GravityEstimate

    Numbers = NDArray[np.float64]

METHODS = {
    "covariance": "a normal law with the estimate's covariance",
    "bootstrap": "a bootstrap by pair: the estimate again on pairs drawn with replacement",
}
SIDES = ("exporter", "importer")


@dataclass(frozen=True)
class Chain:
    """How an estimate is drawn, and under which model its changes are solved.

    Parameters
    ----------
    method : str
        A key of `METHODS`.
    chance : Chance
        Draws, seed and level.
    theta : Elasticity
        The published range where left out.
    psi : float
        Supply elasticity.
    closure : str
        A key of `comity.integration.equilibrium.model.CLOSURES`.

    Raises
    ------
    EquilibriumError
        There is no such method.
    """

    method: str = "covariance"
    chance: Chance = field(default_factory=Chance)
    theta: Elasticity = field(default_factory=read_elasticity)
    psi: float = 0.0
    closure: str = "additive"

    def __post_init__(self) -> None:
        """Refuse an unknown method."""
        if self.method not in METHODS:
            raise EquilibriumError(f"there is no method {self.method!r}", todo=f"name one of {', '.join(METHODS)}")


def simulate_estimate(
    estimate: GravityEstimate, rows: Iterable[Mapping[str, Any]], world: World, chain: Chain
) -> dict[str, Any]:
    """Simulate a change of the regressors of a gravity estimate, its coefficients and the elasticity drawn.

    Parameters
    ----------
    estimate : GravityEstimate
    rows : iterable of mapping
        `exporter`, `importer`, and by how much each regressor that changes does so for that directed pair.
    world : World
    chain : Chain

    Returns
    -------
    dict
        As of `describe_simulation`, with `coefficients` (each with its estimate, error, and mean and deviation of its
        draws) and `method` in the place of `scenario`.

    Raises
    ------
    EquilibriumError, NoEquilibrium, NotConverged
        Rows that name no economy, no regressor or one pair twice; or as in `solve_draws` and `estimate_draws`.

    References
    ----------
    yotov-2016, cameron-gelbach-miller-2008
    """
    moves = read_moves(rows, estimate.names, world)
    chance = chain.chance
    coefficients = draw_estimate(estimate, chain.method, chance.draws, chance.seed)
    theta = chain.theta.draw(np.random.default_rng([chance.seed, 0]), chance.draws)
    draws = replace(pose_draws(moves, coefficients, theta), home=world.draw_home(chance.draws, chance.seed))
    spread = solve_draws(world.economy, draws, Model(chain.theta.mode, chain.psi, chain.closure))
    changed = sorted({*draws.rows.tolist(), *draws.columns.tolist()})
    parties = tuple(world.economy.names[place] for place in changed)
    posed = Scenario("estimate", "", (), closure=chain.closure, theta=chain.theta, psi=chain.psi)
    described = zip(estimate.names, estimate.coefficients, estimate.errors, coefficients, strict=True)
    return {
        "coefficients": [
            {
                "regressor": name,
                "value": float(value),
                "error": float(error),
                "mean": float(drawn.mean()),
                "deviation": float(drawn.std()),
            }
            for name, value, error, drawn in described
        ],
        "method": chain.method,
        "economies": list_outcomes(spread, world, parties, chance.level),
        "certificate": spread.certificate.as_dict(),
        "draws": chance.draws,
        "seed": chance.seed,
        "level": chance.level,
        "assumptions": [f"Effects: {METHODS[chain.method]}.", *describe_assumptions(posed, world)],
    }


def draw_estimate(estimate: GravityEstimate, method: str, draws: int, seed: int) -> Numbers:
    """Draw the coefficients of an estimate: shape (k, draws).

    Raises
    ------
    EquilibriumError, SpecificationError, NotConverged
        As in `draw_coefficients` and `estimate_draws`.
    """
    if method == "covariance":
        return draw_coefficients(estimate.coefficients, estimate.covariance, draws, seed)
    from comity.integration.gravity.bootstrap import estimate_draws

    return estimate_draws(estimate, draws, seed)


def read_moves(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...], world: World) -> Numbers:
    """Read by how much each regressor changes for each directed pair.

    Parameters
    ----------
    rows : iterable of mapping
        `exporter`, `importer`, and a number under the name of each regressor that changes.
    names : tuple of str
        k regressors of the estimate.
    world : World
        n economies.

    Returns
    -------
    array of float, shape (k, n, n)

    Raises
    ------
    EquilibriumError
        A row that names an economy or a regressor that is not there, a pair that stands twice, or a missing number.
    """
    known = set(world.economy.names)
    count = len(known)
    moves = np.zeros((len(names), count, count))
    seen: set[tuple[int, int]] = set()
    for number, row in enumerate(rows, start=1):
        changed = _list_changed(row, names, number)
        one, other = (_find_place(row.get(side), world, known, f"row {number}, {side}") for side in SIDES)
        if (one, other) in seen:
            raise EquilibriumError(
                f"{row['exporter']} to {row['importer']} stands twice",
                where=f"row {number}",
                why="one of two changes would be lost",
                todo="give one row for each directed pair",
            )
        seen.add((one, other))
        for name, value in changed.items():
            moves[names.index(name), one, other] = value
    if not moves.any():
        raise EquilibriumError(
            "no regressor changes for any pair",
            why="a counterfactual needs a change",
            todo=f"give rows of exporter, importer and one of {name_some(names)}",
        )
    return moves


def _list_changed(row: Mapping[str, Any], names: tuple[str, ...], number: int) -> dict[str, float]:
    """Return the changes of a row by regressor."""
    given = {name: value for name, value in row.items() if name not in SIDES}
    unknown = [name for name in given if name not in names]
    if unknown or not given:
        raise EquilibriumError(
            f"the estimate has no regressor {name_some(unknown)}" if unknown else "no regressor is named",
            where=f"row {number}",
            todo=f"the regressors are {name_some(names)}",
        )
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise EquilibriumError(
                f"the change of {name} is {value!r}",
                where=f"row {number}",
                why="missing is not zero",
                todo="give a number: 1 where an agreement begins, 0 where nothing changes",
            )
    return {name: float(value) for name, value in given.items()}


def _find_place(given: Any, world: World, known: set[str], where: str) -> int:
    """Return the place of an economy by its code in the table, or by any name of a state."""
    text = str(given)
    if text not in known:
        actor = find_actor(text)
        text = actor.id if actor is not None and actor.id in known else text
    if text not in known:
        raise EquilibriumError(
            f"{given!r} is not among the {len(known)} economies of the table",
            where=where,
            todo=f"name one of {name_some(world.economy.names)}",
        )
    return world.economy.names.index(text)
