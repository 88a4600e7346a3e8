"""Many counterfactuals at once: drawn effects and elasticities, solved together, each with its residual.

All draws share the shares of the economy and differ in a few pairs and in theta. A step costs two products of the
table of shares with a matrix of n x draws, and the Jacobian is taken at the central solution, once for draws of like
theta (the chord method). A draw that does not arrive is solved by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.certificate import TOLERANCE, Certificate
from comity.integration.equilibrium.errors import EquilibriumError, NotConverged
from comity.integration.equilibrium.model import Change, Model
from comity.integration.equilibrium.outcome import MEASURES, Equilibrium, weigh_suppliers
from comity.integration.equilibrium.solve import balance_economy, solve_equilibrium
from comity.integration.equilibrium.system import System, build_system, differentiate, evaluate, spend

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from comity.integration.equilibrium.economy import Economy

    Numbers = NDArray[np.float64]
    Places = NDArray[np.intp]

LIKE = 64
"""Draws that share a Jacobian."""
FEW = 4
"""Changed pairs, by economies, up to which they are added up by a full matrix."""
MOST_STEPS = 60
TABLES = 3
"""Dimensions of changes of regressors: regressor, exporter, importer."""
CLOSE = 1e-12


@dataclass(frozen=True, eq=False)
class Draws:
    """What is uncertain, drawn d times.

    Parameters
    ----------
    theta : array of float, shape (d,)
        Trade elasticities.
    rows, columns : array of int, shape (k,)
        The directed pairs that change.
    log_trade : array of float, shape (k, d)
        Partial effects on trade [log].
    log_cost : array of float, shape (k, d)
        Changes of cost [log].
    tariffs : array of float, shape (n, n), optional
        Rates after the change, the same in every draw.
    home : array of float, shape (n, d), optional
        Sales at home before the change, as multiples of those of the economy; one where left out.
    """

    theta: Numbers
    rows: Places
    columns: Places
    log_trade: Numbers
    log_cost: Numbers
    tariffs: Numbers | None = None
    home: Numbers | None = None

    def rebuild(self, draw: int, economy: Economy) -> Economy:
        """Return the economy with the sales at home of one draw."""
        if self.home is None:
            return economy
        return replace(economy, flows=economy.flows * (1 + np.diag(self.home[:, draw] - 1)))

    def pose(self, draw: int, count: int) -> Change:
        """Return the change of one draw for n economies."""
        return self._spread(self.log_trade[:, draw], self.log_cost[:, draw], count)

    def pose_centre(self, count: int) -> Change:
        """Return the mean change for n economies."""
        return self._spread(self.log_trade.mean(axis=1), self.log_cost.mean(axis=1), count)

    def _spread(self, trade: Numbers, cost: Numbers, count: int) -> Change:
        """Write the changes of the pairs into tables."""
        tables = []
        for values in (trade, cost):
            table = np.zeros((count, count))
            table[self.rows, self.columns] = values
            tables.append(table)
        return Change(tables[0], tables[1], self.tariffs)


@dataclass(frozen=True, eq=False)
class Spread:
    """The results of all draws.

    Parameters
    ----------
    centre : Equilibrium
        At the central parameters.
    welfare, exports, imports, terms_of_trade : array of float, shape (n, d)
        Ratios to before.
    certificate : Certificate
        The worst of all draws.
    """

    centre: Equilibrium
    welfare: Numbers
    exports: Numbers
    imports: Numbers
    terms_of_trade: Numbers
    certificate: Certificate

    def find_bounds(self, measure: str, level: float) -> tuple[Numbers, Numbers]:
        """Return the ends of the central interval of a measure that holds a share `level` of the draws."""
        tail = (1 - level) / 2
        low, high = np.quantile(getattr(self, measure), (tail, 1 - tail), axis=1)
        return low, high


def pose_draws(moves: Numbers, coefficients: Numbers, theta: Numbers) -> Draws:
    """Turn drawn coefficients of a gravity estimate into drawn changes of the pairs that their regressors concern.

    Parameters
    ----------
    moves : array of float, shape (k, n, n)
        By how much each of k regressors changes for each directed pair: 1 where an agreement begins.
    coefficients : array of float, shape (k, d)
        Draws from the estimate's covariance (`draw_coefficients`) or of a bootstrap by pair.
    theta : array of float, shape (d,)
        Drawn elasticities.

    Returns
    -------
    Draws

    Raises
    ------
    EquilibriumError
        Shapes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> found = pose_draws(np.array([[[0.0, 1.0], [1.0, 0.0]]]), np.array([[0.5, 0.6]]), np.array([4.0, 5.0]))
    >>> found.log_trade
    array([[0.5, 0.6],
           [0.5, 0.6]])
    """
    if moves.ndim != TABLES or coefficients.shape != (len(moves), len(theta)):
        raise EquilibriumError(
            f"{moves.shape} changes of regressors, {coefficients.shape} coefficients, {theta.shape} elasticities",
            todo="give shapes (k, n, n), (k, d) and (d,)",
        )
    rows, columns = np.nonzero((moves != 0).any(axis=0))
    trade = moves[:, rows, columns].T @ coefficients
    return Draws(theta, rows, columns, trade, np.zeros_like(trade))


def solve_draws(economy: Economy, draws: Draws, model: Model) -> Spread:
    """Solve the economy for every draw.

    Parameters
    ----------
    economy : Economy
        n economies.
    draws : Draws
    model : Model
        Its `theta` is that of the central solution.

    Returns
    -------
    Spread

    Raises
    ------
    EquilibriumError
        A draw of theta is not above zero, or trade is ended in some draws (solve that by `solve_equilibrium`).
    NoEquilibrium, NotConverged
        As in `solve_equilibrium`, for the centre or for any draw.

    Examples
    --------
    >>> import numpy as np
    >>> from comity.integration.equilibrium.economy import Economy
    >>> economy = Economy(("A", "B"), np.array([[8.0, 2.0], [2.0, 18.0]]))
    >>> pair = np.array([0, 1]), np.array([1, 0])
    >>> effect = np.full((2, 3), np.log(2.0))
    >>> drawn = Draws(np.array([3.0, 4.0, 5.0]), *pair, effect, np.zeros((2, 3)))
    >>> solve_draws(economy, drawn, Model(4.0)).welfare[0].round(4)
    array([1.0684, 1.0511, 1.0408])
    """
    if not ((draws.theta > 0).all() and np.isfinite(draws.theta).all()):
        raise EquilibriumError(f"a draw of theta is {draws.theta.min():g}", todo="draw theta above zero")
    if not (np.isfinite(draws.log_trade).all() and np.isfinite(draws.log_cost).all()):
        raise EquilibriumError("a drawn effect is not finite", todo="solve the end of trade by `solve_equilibrium`")
    if draws.home is not None and not ((draws.home > 0).all() and np.isfinite(draws.home).all()):
        raise EquilibriumError("a draw of sales at home is not above zero", todo="draw multiples above zero")
    base = balance_economy(economy, model) if model.closure == "balanced" else economy
    centre = solve_equilibrium(base, draws.pose_centre(len(base.names)), model)
    batch = Batch(base, model, draws, np.log(centre.prices))
    order = np.argsort(draws.theta, kind="stable")
    measures = {name: np.empty((len(base.names), len(order))) for name in MEASURES}
    residuals, steps = np.zeros(3), 0
    for start in range(0, len(order), LIKE):
        chosen = order[start : start + LIKE]
        found, sizes, count = batch.solve(chosen)
        residuals, steps = np.maximum(residuals, sizes), max(steps, count)
        for name in MEASURES:
            measures[name][:, chosen] = found[name]
    market, budget, world = (float(size) for size in residuals)
    certificate = Certificate(market, budget, world, f"chord from newton, {len(order)} draws", steps)
    certificate.demand("draws")
    return Spread(centre, certificate=certificate, **measures)


class Batch:
    """The draws of one economy, solved some at a time."""

    def __init__(self, economy: Economy, model: Model, draws: Draws, start: Numbers) -> None:
        self.economy, self.model, self.draws, self.start = economy, model, draws, start
        self.system: System = build_system(economy, model)
        self.taxed = economy.tariffs is not None or draws.tariffs is not None
        after = economy.rates if draws.tariffs is None else draws.tariffs
        self.after, self.duty = after, np.log1p(after) - np.log1p(economy.rates)
        pairs = np.zeros_like(economy.flows, dtype=bool)
        pairs[draws.rows, draws.columns] = True
        if draws.tariffs is not None:
            pairs |= self.duty != 0
        self.rows, self.columns = np.nonzero(pairs & (economy.flows > 0))
        self.place = self._match()
        self.by_row = self._gather(self.rows)
        self.by_column = self._gather(self.columns)
        self.suppliers = weigh_suppliers(economy.flows)

    def _match(self) -> Places:
        """Return which drawn pair each changed pair is; one past the last for those that only have duty."""
        place = np.full(self.economy.flows.shape, len(self.draws.rows), dtype=np.intp)
        place[self.draws.rows, self.draws.columns] = np.arange(len(self.draws.rows))
        return place[self.rows, self.columns]

    def _gather(self, places: Places) -> Numbers | csr_array:
        """Return the matrix that adds up changed pairs by exporter or importer; sparse where there are many."""
        count = len(self.economy.names)
        if len(places) <= FEW * count:
            table = np.zeros((count, len(places)))
            table[places, np.arange(len(places))] = 1
            return table
        from scipy.sparse import csr_array

        return csr_array((np.ones(len(places)), (places, np.arange(len(places)))), shape=(count, len(places)))

    def solve(self, chosen: Places) -> tuple[dict[str, Numbers], Numbers, int]:
        """Solve some draws; return the measures (n, draws), the largest residuals of each kind and the steps."""
        block = Block(self, chosen)
        x, residual, count = self._descend(block)
        self._mend(chosen, x, residual)
        return block.describe(x), block.certify(x), count

    def _descend(self, block: Block) -> tuple[Numbers, Numbers, int]:
        """Take chord steps from the centre until the residuals of the draws vanish or no longer fall."""
        x = np.repeat(self.start[:, None], len(block.theta), axis=1)
        inverse = self._invert(block)
        residual, size, count = block.measure(x), np.inf, 0
        while count < MOST_STEPS:
            sizes = np.abs(residual).max(axis=0)
            last, size = size, float(sizes[np.isfinite(sizes)].max(initial=0.0))
            if size <= CLOSE or (size > last / 2 and size <= TOLERANCE / 10):
                break
            x = x - inverse @ residual
            residual, count = block.measure(x), count + 1
        return x, residual, count

    def _invert(self, block: Block) -> Numbers:
        """Return the inverse Jacobian at the centre, for the mean theta of a block."""
        model = replace(self.model, theta=float(block.theta.mean()))
        system = replace(self.system, model=model)
        middle = Change(*(self._fill(part.mean(axis=1)) for part in (block.trade, block.cost)))
        assert middle.log_trade is not None and middle.log_cost is not None
        gross = middle.log_trade - model.theta * middle.log_cost
        factors = np.exp(gross - (1 + model.theta) * self.duty), np.exp(gross - model.theta * self.duty)
        state = evaluate(system, factors, self.start)
        return np.asarray(np.linalg.inv(differentiate(system, state, model.theta)))

    def _fill(self, values: Numbers) -> Numbers:
        """Write values of the changed pairs into a table."""
        table = np.zeros_like(self.economy.flows)
        table[self.rows, self.columns] = values
        return table

    def _mend(self, chosen: Places, x: Numbers, residual: Numbers) -> None:
        """Solve each draw that did not arrive by itself, in place."""
        off = np.flatnonzero(~(np.abs(residual).max(axis=0) <= TOLERANCE / 10))
        for column in off:
            draw = int(chosen[column])
            model = replace(self.model, theta=float(self.draws.theta[draw]))
            try:
                economy = self.draws.rebuild(draw, self.economy)
                found = solve_equilibrium(economy, self.draws.pose(draw, len(economy.names)), model)
            except (EquilibriumError, NotConverged) as error:
                raise type(error)(
                    error.what, where=f"draw {draw}, {error.where}", why=error.why, todo=error.todo
                ) from error
            x[:, column] = np.log(found.prices)


class Block:
    """Some draws of a batch: the equations at prices of shape (n, draws)."""

    def __init__(self, batch: Batch, chosen: Places) -> None:
        self.batch, self.theta = batch, batch.draws.theta[chosen]
        zero = np.zeros((1, len(chosen)))
        self.trade = np.vstack([batch.draws.log_trade[:, chosen], zero])[batch.place]
        self.cost = np.vstack([batch.draws.log_cost[:, chosen], zero])[batch.place]
        duty = batch.duty[batch.rows, batch.columns][:, None]
        gross = self.trade - self.theta * self.cost
        system = batch.system
        self.net = system.net[batch.rows, batch.columns][:, None] * np.expm1(gross - (1 + self.theta) * duty)
        self.gross = system.gross[batch.rows, batch.columns][:, None] * np.expm1(gross - self.theta * duty)
        self._build_home(chosen)

    def _build_home(self, chosen: Places) -> None:
        """Lay out how sales at home differ by draw: shares of purchases, output and deficits in units of the world."""
        batch, system = self.batch, self.batch.system
        home = np.ones((len(system.output), 1)) if batch.draws.home is None else batch.draws.home[:, chosen]
        same = np.flatnonzero(batch.rows == batch.columns)
        for part in (self.net, self.gross):
            part[same] *= home[batch.rows[same]]
        self.more_net = np.diag(system.net)[:, None] * (home - 1)
        self.more_gross = np.diag(system.gross)[:, None] * (home - 1)
        self.more = (np.diag(batch.economy.flows) / batch.economy.flows.sum())[:, None] * (home - 1)
        self.world = 1 + self.more.sum(axis=0)
        output, deficits = (system.output[:, None] + self.more) / self.world, system.deficits[:, None] / self.world
        self.system = replace(system, output=output.T, deficits=deficits.T)

    def measure(self, x: Numbers) -> Numbers:
        """Return the residuals."""
        with np.errstate(all="ignore"):
            power, total, _, income, spending = self._follow(x)
            sales = power * self._sell(spending / total)
            residual = np.log(sales) - np.log(income) - np.log(income.sum(axis=0))
            return np.where((spending > 0).all(axis=0), residual, np.nan)

    def certify(self, x: Numbers) -> Numbers:
        """Return the largest residual of markets, budgets and world output over the draws, each relative."""
        power, total, _, income, spending = self._follow(x)
        sales = power * self._sell(spending / total)
        deficits = spending - income
        market = np.abs(sales / income - 1).max()
        budget = (np.abs(spending - sales - deficits) / spending).max()
        return np.array([market, budget, np.abs(income.sum(axis=0) - 1).max()])

    def _follow(self, x: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
        """Return power of prices, sums of net shares, cost of living [log], income, spending before duty."""
        batch, psi = self.batch, self.batch.model.psi
        power = np.exp(-self.theta * x)
        total = batch.system.net.T @ power + batch.by_column @ (self.net * power[batch.rows]) + self.more_net * power
        paid = total
        if batch.taxed:
            paid = batch.system.gross.T @ power + batch.by_column @ (self.gross * power[batch.rows])
            paid += self.more_gross * power
        index = -np.log(paid / (1 + self.more_gross)) / self.theta
        income = (np.exp((1 + psi) * x - psi * index).T * self.system.output).T
        return power, total, index, income, spend(self.system, income)

    def _sell(self, demand: Numbers) -> Numbers:
        """Return what each exporter sells, but for its own price."""
        batch = self.batch
        sold = batch.system.net @ demand + batch.by_row @ (self.net * demand[batch.columns])
        return np.asarray(sold + self.more_net * demand)

    def describe(self, x: Numbers) -> dict[str, Numbers]:
        """Return the four measures."""
        batch = self.batch
        power, total, index, income, spending = self._follow(x)
        before = batch.economy.flows / batch.economy.flows.sum()
        foreign = before * ~np.eye(len(before), dtype=bool)
        abroad = batch.system.net * ~np.eye(len(before), dtype=bool)
        demand, moved = spending / total, self.net * (batch.rows != batch.columns)[:, None]
        exports = power * (abroad @ demand + batch.by_row @ (moved * demand[batch.columns]))
        imports = demand * (abroad.T @ power + batch.by_column @ (moved * power[batch.rows]))
        paid = spending * self._count_duty(power, total) * self.world
        first = (before * (1 + batch.economy.rates)).sum(axis=0)[:, None] + self.more
        return {
            "welfare": paid / first / np.exp(index),
            "exports": exports * self.world / foreign.sum(axis=1)[:, None],
            "imports": imports * self.world / foreign.sum(axis=0)[:, None],
            "terms_of_trade": np.exp(x - batch.suppliers.T @ x),
        }

    def _count_duty(self, power: Numbers, total: Numbers) -> Numbers | float:
        """Return spending after duty over spending before it."""
        batch = self.batch
        if not batch.taxed:
            return 1.0
        rates = batch.after
        taxed = (batch.system.net * rates).T @ power
        taxed += batch.by_column @ (self.net * rates[batch.rows, batch.columns][:, None] * power[batch.rows])
        return np.asarray(1 + taxed / total)
