"""What an equilibrium means for each economy, and its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.certificate import Certificate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.economy import Economy
    from comity.integration.equilibrium.model import Access, Model

    Numbers = NDArray[np.float64]

MEASURES = ("welfare", "exports", "imports", "terms_of_trade")


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A world after a change, beside the world before it.

    Parameters
    ----------
    names : tuple of str
        n economies.
    prices : array of float, shape (n,)
        Price of output, ratio to before; world output in current prices is the measure of value.
    cost_of_living : array of float, shape (n,)
        Price of what is bought, ratio.
    income, spending : array of float, shape (n,)
        Ratios; spending includes duties that are paid back.
    welfare : array of float, shape (n,)
        Spending over cost of living, ratio.
    exports, imports : array of float, shape (n,)
        Value abroad before duty, ratio.
    terms_of_trade : array of float, shape (n,)
        Price of output over the mean price of the suppliers' output, weighted by imports before the change, ratio.
    flows : array of float, shape (n, n)
        Value sold by the row to the column, before duty, in the currency of the flows before.
    before : array of float, shape (n, n)
        The flows before the change: as given, or without deficits under the closure balanced.
    certificate : Certificate
    """

    names: tuple[str, ...]
    prices: Numbers
    cost_of_living: Numbers
    income: Numbers
    spending: Numbers
    welfare: Numbers
    exports: Numbers
    imports: Numbers
    terms_of_trade: Numbers
    flows: Numbers
    before: Numbers
    certificate: Certificate

    def list_rows(self) -> list[dict[str, Any]]:
        """Return one row for each economy: its name and the measures as ratios."""
        columns = [getattr(self, name) for name in MEASURES]
        return [
            {"name": name, **{key: float(column[i]) for key, column in zip(MEASURES, columns, strict=True)}}
            for i, name in enumerate(self.names)
        ]


def certify(economy: Economy, access: Access, model: Model, x: Numbers, how: tuple[str, int]) -> Equilibrium:
    """Compute the world at log prices x from levels, and how far it is from an equilibrium.

    Nothing is taken over from the solver but the prices: shares, incomes, spending and flows are computed anew, and
    the certificate compares what economies earn with what is bought from them, and what they spend with what they have.
    """
    before, prices = economy.flows, np.exp(x)
    paid = before * (1 + economy.rates)
    power = prices[:, None] ** -model.theta
    shares = paid / paid.sum(axis=0) * np.exp(access.gross) * power
    index = shares.sum(axis=0) ** (-1 / model.theta)
    shares = shares / shares.sum(axis=0)
    output = before.sum(axis=1)
    income = output * prices ** (1 + model.psi) * index**-model.psi
    net = shares / (1 + access.rates)
    deficits = hold_deficits(economy, model, income)
    available = income + deficits
    spending = available / net.sum(axis=0)
    flows = net * spending
    sales = flows.sum(axis=1)
    market = np.abs(sales - income) / income
    budget = (flows * (1 + access.rates)).sum(axis=0) - (flows * access.rates).sum(axis=0) - sales - deficits
    budget = np.abs(budget) / available
    world = abs(income.sum() / output.sum() - 1)
    certificate = Certificate(float(market.max()), float(budget.max()), float(world), *how)
    spent = spending / paid.sum(axis=0)
    abroad = ~np.eye(len(prices), dtype=bool)
    return Equilibrium(
        names=economy.names,
        prices=prices,
        cost_of_living=index,
        income=income / output,
        spending=spent,
        welfare=spent / index,
        exports=(flows * abroad).sum(axis=1) / (before * abroad).sum(axis=1),
        imports=(flows * abroad).sum(axis=0) / (before * abroad).sum(axis=0),
        terms_of_trade=prices / np.exp(weigh_suppliers(before).T @ x),
        flows=flows,
        before=before,
        certificate=certificate,
    )


def hold_deficits(economy: Economy, model: Model, income: Numbers) -> Numbers:
    """Return deficits after the change by the closure, in the currency of the flows."""
    if model.closure == "balanced":
        return np.zeros_like(income)
    if model.closure == "multiplicative":
        wish = economy.purchases / economy.output * income
        return np.asarray(wish * income.sum() / wish.sum() - income)
    return economy.deficits


def weigh_suppliers(flows: Numbers) -> Numbers:
    """Return each supplier's share of an economy's imports (column)."""
    abroad = flows * ~np.eye(len(flows), dtype=bool)
    return np.asarray(abroad / abroad.sum(axis=0))
