"""Solve an economy with sectors: Anderson's acceleration of a damped step, then Newton, then the change by parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.certificate import ADVICE, Certificate
from comity.integration.equilibrium.errors import NoEquilibrium, NotConverged, name_some
from comity.integration.equilibrium.sector_system import (
    SectorState,
    SectorSystem,
    build_sector_system,
    evaluate_sectors,
)
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ENOUGH = 1e-11
DEPTH = 8
MOST_STEPS = 150
MOST_NEWTON = 25
MOST_HALVINGS = 25
NUDGE = 1e-6
SHORTEST_STRIDE = 2.0**-12


@dataclass(frozen=True, eq=False)
class SectorEquilibrium:
    """A world with sectors after a change, beside the world before it.

    Parameters
    ----------
    names, sectors : tuple of str
    wages : array of float, shape (n,)
        Ratio; world value added is the measure of value.
    prices : array of float, shape (s, n)
        Price of each sector's goods, ratio.
    cost_of_living : array of float, shape (n,)
        Price of final demand, ratio.
    welfare : array of float, shape (n,)
        Final demand over its price, ratio; duties are paid back.
    real_wages, exports, imports : array of float, shape (n,)
        Ratios; trade is valued before customs.
    outputs : array of float, shape (s, n)
        Sales of each sector, ratio; NaN where there were none.
    flows : array of float, shape (s, n, n)
        Before customs, in the currency of the flows before.
    certificate : Certificate
    """

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    wages: Numbers
    prices: Numbers
    cost_of_living: Numbers
    welfare: Numbers
    real_wages: Numbers
    exports: Numbers
    imports: Numbers
    outputs: Numbers
    flows: Numbers
    certificate: Certificate


def solve_sectors(
    economy: SectorEconomy, change: SectorChange, model: SectorModel, start: Numbers | None = None
) -> SectorEquilibrium:
    """Solve the model of Caliendo and Parro for a change of costs and tariffs, with its certificate.

    Parameters
    ----------
    economy : SectorEconomy
    change : SectorChange
    model : SectorModel
    start : array of float, shape (n,), optional
        Log wages from which the search begins.

    Returns
    -------
    SectorEquilibrium

    Raises
    ------
    NoEquilibrium
        A fixed surplus becomes larger than the income that it is paid from.
    NotConverged
        No solution was found, or its certificate is beyond 1e-9.
    EquilibriumError
        Shapes or elasticities do not fit.

    References
    ----------
    caliendo-parro-2015, walker-ni-2011
    """
    base = balance_sectors(economy, model) if model.closure == "balanced" else economy
    system = build_sector_system(base, change, model)
    x, state, how = find_wages(system, base.names, start)
    found = certify_sectors(base, system, x, state, how)
    found.certificate.demand(f"closure {model.closure}, {len(base.sectors)} sectors")
    return found


def balance_sectors(economy: SectorEconomy, model: SectorModel) -> SectorEconomy:
    """Return the economy as it would be without deficits.

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_sectors`.
    """
    system = build_sector_system(economy, SectorChange(), model)
    _, state, _ = find_wages(system, economy.names)
    flows = state.shares / (1 + system.rates) * state.purchases[:, None, :]
    return replace(economy, flows=flows * economy.income.sum())


def find_wages(
    system: SectorSystem, names: tuple[str, ...], first: Numbers | None = None
) -> tuple[Numbers, SectorState, tuple[str, int]]:
    """Return log wages at which labour markets clear.

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_sectors`.
    """
    start = np.zeros(len(names))
    x, state, steps = _accelerate(system, start if first is None else first)
    if state.size <= ENOUGH:
        return x, state, ("anderson", steps)
    x, state, more = _step_newton(system, x if np.isfinite(state.size) else start)
    if state.size <= ENOUGH:
        return x, state, ("newton", steps + more)
    part, stride, x = 0.0, 0.25, start
    while stride >= SHORTEST_STRIDE:
        ahead = min(1.0, part + stride)
        tried, found, more = _step_newton(_shrink(system, ahead), x)
        steps += more
        if found.size <= ENOUGH:
            x, state, part, stride = tried, found, ahead, 2 * stride
        else:
            stride /= 2
        if part == 1.0:
            return x, state, ("newton by parts of the change", steps)
    raise _explain(system, _shrink(system, part), x, (part, names))


def _shrink(system: SectorSystem, part: float) -> SectorSystem:
    """Return a part of the change of costs; tariffs in force and deficits taken away likewise."""
    return replace(system, factors=system.factors**part)


def _explain(
    system: SectorSystem, reached: SectorSystem, x: Numbers, at: tuple[float, tuple[str, ...]]
) -> NoEquilibrium | NotConverged:
    """Return what to say where a path breaks off."""
    part, names = at
    left = evaluate_sectors(reached, x)
    where = f"at {100 * part:.4g} % of the change, closure {system.closure}"
    bare = [names[n] for n in np.flatnonzero(left.available < NUDGE * 1e3 * left.income)]
    if bare:
        return NoEquilibrium(
            f"what is left to spend after a fixed surplus goes to nothing in {name_some(bare)}",
            where=where,
            todo="use the closure multiplicative or balanced, or a smaller change",
        )
    return NotConverged(
        f"no solution was found: labour markets stay off by {left.size:.1e}",
        where=where,
        why="a run that has not converged gives no number",
        todo=ADVICE,
    )


def _accelerate(system: SectorSystem, start: Numbers) -> tuple[Numbers, SectorState, int]:
    """Take damped steps toward higher wages where labour is short, accelerated from the last few."""
    damp = 1 / (1 + float(system.theta.mean()))
    x, state = start, evaluate_sectors(system, start)
    best = x, state
    points: list[Numbers] = []
    moves: list[Numbers] = []
    for count in range(MOST_STEPS):
        if best[1].size <= ENOUGH / 10 or not np.isfinite(state.size):
            return *best, count
        move = damp * state.residual
        points, moves = [*points[-DEPTH:], x], [*moves[-DEPTH:], move]
        x = x + move
        if len(moves) > 1:
            steps = np.diff(np.array(moves), axis=0).T
            weights = np.linalg.lstsq(steps, move, rcond=1e-12)[0]
            x = x - (np.diff(np.array(points), axis=0).T + steps) @ weights
        state = evaluate_sectors(system, x)
        best = (x, state) if state.size < best[1].size else best
    return *best, MOST_STEPS


def _step_newton(system: SectorSystem, start: Numbers) -> tuple[Numbers, SectorState, int]:
    """Take Newton's steps with a Jacobian by differences, shortened until the residuals fall."""
    x, state = start, evaluate_sectors(system, start)
    for count in range(MOST_NEWTON):
        if state.size <= ENOUGH / 10 or not np.isfinite(state.size):
            return x, state, count
        columns = [evaluate_sectors(system, x + NUDGE * unit).residual for unit in np.eye(len(x))]
        jacobian = (np.array(columns).T - state.residual[:, None]) / NUDGE
        if not np.isfinite(jacobian).all():
            return x, state, count
        move = np.linalg.lstsq(jacobian, -state.residual, rcond=None)[0]
        move *= min(1.0, 1.0 / max(1e-300, float(np.abs(move).max())))
        length = 1.0
        for _ in range(MOST_HALVINGS):
            found = evaluate_sectors(system, x + length * move)
            if found.size < state.size:
                break
            length /= 2
        if found.size >= state.size:
            return x, state, count
        x, state = x + length * move, found
    return x, state, MOST_NEWTON


def certify_sectors(
    economy: SectorEconomy, system: SectorSystem, x: Numbers, state: SectorState, how: tuple[str, int]
) -> SectorEquilibrium:
    """Compute the world at log wages x, and how far it is from an equilibrium."""
    scale = economy.income.sum()
    net = state.shares / (1 + system.rates) * state.purchases[:, None, :]
    sales = net.sum(axis=2)
    duties = (net * system.rates).sum(axis=(0, 1))
    income = system.income * np.exp(x)
    labour = np.abs((system.value_added * sales).sum(axis=0) / income - 1)
    spent = state.available + duties
    wanted = np.einsum("kjn,jn->kn", system.inputs, sales) + system.tastes * spent
    goods = np.abs(wanted - state.purchases).sum(axis=0) / spent
    trade = np.abs(net.sum(axis=(0, 1)) - sales.sum(axis=0) - (state.available - income)) / spent
    certificate = Certificate(
        float(labour.max()), float(max(goods.max(), trade.max())), float(abs(income.sum() - 1)), *how
    )
    before, after = economy.flows, net * scale
    sold = economy.output
    living = (system.tastes * state.prices).sum(axis=0)
    first = economy.final.sum(axis=0) / scale
    abroad = ~np.eye(len(economy.names), dtype=bool)
    return SectorEquilibrium(
        names=economy.names,
        sectors=economy.sectors,
        wages=np.exp(x),
        prices=np.exp(state.prices),
        cost_of_living=np.exp(living),
        welfare=spent / first / np.exp(living),
        real_wages=np.exp(x - living),
        exports=(after * abroad).sum(axis=(0, 2)) / (before * abroad).sum(axis=(0, 2)),
        imports=(after * abroad).sum(axis=(0, 1)) / (before * abroad).sum(axis=(0, 1)),
        outputs=np.divide(after.sum(axis=2), sold, out=np.full(sold.shape, np.nan), where=sold > 0),
        flows=after,
        certificate=certificate,
    )
