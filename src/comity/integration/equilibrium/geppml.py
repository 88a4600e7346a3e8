"""The general-equilibrium PPML loop of Anderson, Larch and Yotov (2018), as a named mode.

A baseline is what estimated trade costs predict: exporter and importer fixed effects of a Poisson regression make
fitted flows add up to each economy's output and spending (Fally 2015), so that regressing with the cost coefficients
held is the same as balancing the table of costs to these totals. The loop then goes round: with new costs and the old
totals, balance (conditional equilibrium); read factory-gate prices off the outward resistances; let them change output
and spending; balance again, until the prices stay.

The loop's fixed point is the exact-hat equilibrium under the closure `multiplicative`; the first round is not, though
it is what some packages stop at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.certificate import ADVICE
from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.errors import EconomyError, NotConverged
from comity.integration.equilibrium.model import Change, Model, weigh_change
from comity.integration.equilibrium.outcome import Equilibrium, certify

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

CLOSE = 1e-13
ENOUGH = 1e-12
LARGEST_MOVE = 2.0
MOST_ROUNDS = 2000
MOST_STEPS = 100


@dataclass(frozen=True, eq=False)
class Round:
    """One round of the loop.

    Parameters
    ----------
    prices : array of float, shape (n,)
        Factory-gate prices, ratio to before, world output unchanged.
    cost_of_living : array of float, shape (n,)
        Inward resistances, ratio, in the same measure.
    flows : array of float, shape (n, n)
        Trade with the totals that the round began with.
    gap : float
        Largest gap between what an economy earns at these prices and what is bought from it, relative: no equilibrium
        unless it is near zero.
    """

    prices: Numbers
    cost_of_living: Numbers
    flows: Numbers
    gap: float


def balance_table(table: Numbers, rows: Numbers, columns: Numbers) -> Numbers:
    """Scale a table's rows and columns until they add up to given totals.

    The scaling minimises a convex function, by Newton's method on the columns with the rows solved for.

    Parameters
    ----------
    table : array of float, shape (n, n)
        Not negative; zero stays zero.
    rows, columns : array of float, shape (n,)
        Totals above zero with the same sum.

    Returns
    -------
    array of float, shape (n, n)

    Raises
    ------
    NotConverged
        The zeros of the table leave no way to these totals.

    References
    ----------
    fally-2015

    Examples
    --------
    >>> import numpy as np
    >>> balance_table(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0, 1.0]), np.array([2.0, 2.0])).sum(axis=1)
    array([3., 1.])
    """
    effects, others = _find_effects(table, rows, columns)
    return np.asarray(table * np.exp(effects[:, None] + others))


def _find_effects(table: Numbers, rows: Numbers, columns: Numbers) -> tuple[Numbers, Numbers]:
    """Return the logs of the row and column factors that balance a table; their common level is free."""
    effects, others = np.zeros(len(rows)), np.zeros(len(columns))
    for _ in range(MOST_STEPS):
        effects = np.log(rows) - np.log(table @ np.exp(others))
        scaled = table * np.exp(effects[:, None] + others)
        miss = columns - scaled.sum(axis=0)
        if np.abs(miss / columns).max() <= ENOUGH:
            return effects, others
        hessian = np.diag(scaled.sum(axis=0)) - scaled.T @ (scaled / rows[:, None])
        hessian += columns[:, None] * columns / columns.sum()
        move = np.linalg.solve(hessian, miss)
        others = others + move * min(1.0, LARGEST_MOVE / np.abs(move).max())
    raise NotConverged(
        f"the table cannot be balanced: column totals stay off by {np.abs(miss / columns).max():.1e}",
        why="zeros of the table may leave no way to these totals",
        todo="drop economies without trade; check that outputs and spending have the same sum",
    )


def fit_baseline(names: tuple[str, ...], access: Numbers, output: Numbers, spending: Numbers) -> Economy:
    """Fit the flows that estimated trade costs and the totals of each economy predict.

    Parameters
    ----------
    names : tuple of str
        n economies.
    access : array of float, shape (n, n)
        exp(x b) of the gravity estimate for each pair, home included: cost to the power -theta.
    output, spending : array of float, shape (n,)
        Totals [any currency]; spending is scaled to the sum of outputs.

    Returns
    -------
    Economy

    Raises
    ------
    EconomyError
        A total is not above zero.
    NotConverged
        As in `balance_table`.

    References
    ----------
    anderson-larch-yotov-2018, fally-2015
    """
    if not (np.isfinite(output).all() and np.isfinite(spending).all() and (output > 0).all() and (spending > 0).all()):
        wrong = [name for name, y, e in zip(names, output, spending, strict=True) if not (y > 0 and e > 0)]
        raise EconomyError(f"output and spending must be above zero: {', '.join(wrong)}", todo="correct these rows")
    scaled = spending * (output.sum() / spending.sum())
    return Economy(names, balance_table(access, output, scaled))


def solve_geppml(economy: Economy, change: Change, theta: float) -> Equilibrium:
    """Go round the loop until prices stay; certify the result as an equilibrium.

    Parameters
    ----------
    economy : Economy
        The baseline, such as `fit_baseline` gives.
    change : Change
    theta : float
        Trade elasticity, sigma - 1.

    Returns
    -------
    Equilibrium
        Under the closure `multiplicative`.

    Raises
    ------
    NotConverged
        The loop does not settle, or its certificate is beyond 1e-9.

    References
    ----------
    anderson-larch-yotov-2018
    """
    model = Model(theta, closure="multiplicative")
    access = weigh_change(economy, change, theta)
    table = economy.flows * np.exp(access.net)
    x = np.zeros(len(economy.names))
    for count in range(1, MOST_ROUNDS + 1):
        after = _go_round(economy, table, theta, x)
        moved = float(np.abs(after - x).max())
        x = after
        if moved <= CLOSE * 20:
            found = certify(economy, access, model, x, ("geppml", count))
            found.certificate.demand("geppml")
            return found
    raise NotConverged(f"the loop does not settle: prices still move by {moved:.1e}", where="geppml", todo=ADVICE)


def solve_first_round(economy: Economy, change: Change, theta: float) -> Round:
    """Return the first round alone: resistances with the old totals, and the prices read off them.

    It is what gegravity 0.3 prints as full general equilibrium. Its `gap` says how far that is from one.

    References
    ----------
    herman-2021
    """
    table = economy.flows * np.exp(weigh_change(economy, change, theta).net)
    rows, columns = _find_effects(table, economy.output, economy.purchases)
    flows = table * np.exp(rows[:, None] + columns)
    prices = np.exp(-rows / theta)
    living = np.exp(columns / theta)
    scale = economy.output.sum() / (economy.output * prices).sum()
    prices, living = prices * scale, living * scale
    shares = table * prices[:, None] ** -theta
    income = economy.output * prices
    wish = economy.purchases / economy.output * income
    bought = (shares / shares.sum(axis=0)) @ (wish * income.sum() / wish.sum())
    return Round(prices, living, flows, float(np.abs(bought / income - 1).max()))


def _go_round(economy: Economy, table: Numbers, theta: float, x: Numbers) -> Numbers:
    """Balance the changed table to the totals at prices x, and return the prices that its rows ask for."""
    income = economy.output * np.exp(x)
    wish = economy.purchases / economy.output * income
    rows, _ = _find_effects(table, income, wish * income.sum() / wish.sum())
    # A row's effect is output times (price x resistance)^theta before the change: what is left is the price itself.
    prices = -rows / theta
    income = economy.output * np.exp(prices)
    return np.asarray(prices - np.log(income.sum() / economy.output.sum()))
