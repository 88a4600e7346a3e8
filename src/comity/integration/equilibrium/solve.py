"""Solve one economy for one change: Newton's method, and where that fails, the change taken step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.certificate import ADVICE
from comity.integration.equilibrium.economy import Economy, check_links
from comity.integration.equilibrium.errors import EconomyError, NoEquilibrium, NotConverged, name_some
from comity.integration.equilibrium.model import Access, Change, weigh_change
from comity.integration.equilibrium.outcome import Equilibrium, certify
from comity.integration.equilibrium.system import (
    State,
    System,
    build_system,
    differentiate,
    evaluate,
    weigh_access,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.model import Model

    Numbers = NDArray[np.float64]
    Posed = tuple[System, tuple[Numbers, Numbers]]
    Pose = Callable[[float], Posed]

CLOSE = 1e-13
ENOUGH = 3e-11
MOST_STEPS = 60
MOST_HALVINGS = 30
LARGEST_MOVE = 2.0
SHORTEST_STRIDE = 2.0**-14
MOST_STRIDES = 400
VANISHING = 1e-3


@dataclass(frozen=True, eq=False)
class Root:
    """Log prices at which the residuals vanish."""

    x: Numbers
    state: State
    method: str
    iterations: int


def solve_equilibrium(economy: Economy, change: Change, model: Model) -> Equilibrium:
    """Solve for the equilibrium after a change, in exact-hat form, with its certificate.

    No tuning is needed. Newton's method with an exact Jacobian and a bounded, shortened step comes first; where it
    does not arrive, the change is taken in strides as long as they succeed.

    Parameters
    ----------
    economy : Economy
        n economies before the change.
    change : Change
        Arrays of shape (n, n).
    model : Model
        Elasticities and closure.

    Returns
    -------
    Equilibrium
        Every economy's changes (ratios), the new flows in the currency of the old ones, and the certificate.

    Raises
    ------
    NoEquilibrium
        On the way to the change the spending of some economy falls to nothing, or the change cuts the economies into
        parts.
    NotConverged
        No solution was found, or its certificate is beyond 1e-9.

    References
    ----------
    allen-arkolakis-takahashi-2020, dekle-eaton-kortum-2008

    Examples
    --------
    >>> import numpy as np
    >>> from comity.integration.equilibrium.model import Change, Model
    >>> economy = Economy(("A", "B"), np.array([[8.0, 2.0], [2.0, 18.0]]))
    >>> nearer = Change(log_trade=np.log([[1.0, 2.0], [2.0, 1.0]]))
    >>> found = solve_equilibrium(economy, nearer, Model(theta=4.0))
    >>> [round(float(value), 4) for value in found.welfare]
    [1.0511, 1.0218]
    """
    base = balance_economy(economy, model) if model.closure == "balanced" else economy
    access = weigh_change(base, change, model.theta)
    system = build_system(base, model)
    check_access(base, access)
    root = find_root(lambda part: (system, weigh_access(access.shrink(part))), base.names)
    found = certify(base, access, model, root.x, (root.method, root.iterations))
    found.certificate.demand(f"closure {model.closure}, theta {model.theta:g}")
    return found


def balance_economy(economy: Economy, model: Model) -> Economy:
    """Return the economy as it would be without deficits, all else as it is.

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_equilibrium`.
    """
    scale = economy.flows.sum()
    if np.abs(economy.deficits).max() <= 1e-14 * scale:
        return economy
    system = build_system(economy, model)
    deficits = economy.deficits / scale
    none = np.ones_like(economy.flows)

    def pose(part: float) -> Posed:
        return replace(system, deficits=deficits * (1 - part)), (none, none)

    root = find_root(pose, economy.names)
    return replace(economy, flows=root.state.net * root.state.spending * scale)


def check_access(economy: Economy, access: Access) -> None:
    """Refuse a change that cuts the economies into parts.

    Raises
    ------
    NoEquilibrium
        The part is named.
    """
    if not np.isneginf(access.net).any():
        return
    try:
        check_links(economy.names, (economy.flows > 0) & ~np.isneginf(access.net), "after the change")
    except EconomyError as error:
        raise NoEquilibrium(error.what, where=error.where, why=error.why, todo="let some trade go on") from error


def find_root(pose: Pose, names: tuple[str, ...]) -> Root:
    """Return the prices that clear all markets: at once, or by parts of the change.

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_equilibrium`.
    """
    x, state, steps = step_newton(*pose(1.0), np.zeros(len(names)))
    if state.size <= ENOUGH:
        return Root(x, state, "newton", steps)
    return follow_change(pose, names)


def follow_change(pose: Pose, names: tuple[str, ...]) -> Root:
    """Take the change in strides: longer after a success, shorter after a failure.

    Raises
    ------
    NoEquilibrium
        The spending of some economy falls to nothing on the way.
    NotConverged
        The strides become too short.
    """
    x = np.zeros(len(names))
    part, stride, steps = 0.0, 0.25, 0
    system, factors = pose(0.0)
    state = evaluate(system, factors, x)
    for _ in range(MOST_STRIDES):
        ahead = min(1.0, part + stride)
        system, factors = pose(ahead)
        tried, found, used = step_newton(system, factors, x)
        steps += used
        if found.size <= ENOUGH:
            x, state, part, stride = tried, found, ahead, 2 * stride
        else:
            stride /= 2
        if part == 1.0:
            return Root(x, state, "newton by parts of the change", steps)
        if stride < SHORTEST_STRIDE:
            break
    raise explain_failure(system, state, part, names)


def explain_failure(system: System, state: State, part: float, names: tuple[str, ...]) -> NoEquilibrium | NotConverged:
    """Return what to say where a path breaks off: a surplus that cannot be kept, or no solution found."""
    left = state.spending / (state.spending + np.abs(system.deficits))
    order = np.argsort(left)
    bare = [names[i] for i in order if system.deficits[i] < 0 and left[i] < max(VANISHING, 2 * left[order[0]])]
    where = f"at {100 * part:.4g} % of the change, closure {system.model.closure}"
    if system.model.closure == "additive" and bare:
        return NoEquilibrium(
            f"no equilibrium was met beyond this point: what is left to spend after a fixed surplus goes to nothing in "
            f"{name_some(bare)}",
            where=where,
            why="a surplus that stays the same in world prices can become larger than the income that it is paid from",
            todo="use the closure multiplicative or balanced, or a smaller change",
        )
    return NotConverged(
        f"no solution was found: markets stay off by {state.size:.1e}",
        where=where,
        why="a run that has not converged gives no number",
        todo=ADVICE,
    )


def step_newton(system: System, factors: tuple[Numbers, Numbers], start: Numbers) -> tuple[Numbers, State, int]:
    """Take Newton's steps from a start until the residuals vanish or no longer fall."""
    x, state = start, evaluate(system, factors, start)
    for count in range(MOST_STEPS):
        if state.size <= CLOSE or not np.isfinite(state.size):
            return x, state, count
        move = _find_move(system, state)
        if move is None:
            return x, state, count
        tried, found = _shorten_move(system, factors, (x, state), move)
        if found.size >= state.size:
            return x, state, count
        x, state = tried, found
    return x, state, MOST_STEPS


def _find_move(system: System, state: State) -> Numbers | None:
    """Return Newton's step, bounded, or None where the Jacobian gives none."""
    try:
        move = np.linalg.solve(differentiate(system, state, system.model.theta), -state.residual)
    except np.linalg.LinAlgError:
        return None
    largest = float(np.abs(move).max())
    if not (np.isfinite(largest) and largest > 0):
        return None
    return np.asarray(move * min(1.0, LARGEST_MOVE / largest))


def _shorten_move(
    system: System, factors: tuple[Numbers, Numbers], at: tuple[Numbers, State], move: Numbers
) -> tuple[Numbers, State]:
    """Return the first of ever shorter steps at which the residuals fall."""
    x, state = at
    length = 1.0
    for _ in range(MOST_HALVINGS):
        found = evaluate(system, factors, x + length * move)
        if found.size < state.size * (1 - 1e-4 * length):
            break
        length /= 2
    return x + length * move, found
