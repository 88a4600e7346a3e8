"""The equations of Caliendo and Parro (2015) in exact-hat form.

Given log wages x, with c the cost of an input bundle and P the price of a sector's goods::

    log c_n^j  = v_n^j x_n + sum_k g_n^kj log P_n^k
    P_n^j      = [sum_i share_in^j (k_in^j c_i^j)^-theta_j]^(-1/theta_j)
    X_n^j      = sum_k g_n^jk Y_n^k + a_n^j I_n            purchases after customs
    Y_n^j      = sum_m share_nm^j X_m^j / (1 + t_nm^j)     sales
    I_n        = w_n L_n + duties_n + D_n
    w_n L_n    = sum_j v_n^j Y_n^j                         labour markets clear
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.errors import EquilibriumError, NotConverged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel

    Numbers = NDArray[np.float64]

CLOSE = 1e-15
MOST_PASSES = 20_000


@dataclass(frozen=True, eq=False)
class SectorSystem:
    """The equations of an economy under a model and a change, scaled to a world income of one."""

    closure: str
    theta: Numbers
    shares: Numbers
    factors: Numbers
    rates: Numbers
    value_added: Numbers
    inputs: Numbers
    tastes: Numbers
    income: Numbers
    deficits: Numbers


@dataclass(frozen=True, eq=False)
class SectorState:
    """All that follows from wages."""

    residual: Numbers
    prices: Numbers
    shares: Numbers
    purchases: Numbers
    sales: Numbers
    available: Numbers
    income: Numbers

    @property
    def size(self) -> float:
        """Largest residual; infinite where something is not finite."""
        largest = float(np.abs(self.residual).max())
        return largest if np.isfinite(largest) else np.inf


def build_sector_system(economy: SectorEconomy, change: SectorChange, model: SectorModel) -> SectorSystem:
    """Return the equations of an economy with sectors.

    Raises
    ------
    EquilibriumError
        Shapes differ, or there is not one elasticity for each sector.
    """
    shape = economy.flows.shape
    for part in (change.log_cost, change.tariffs):
        if part is not None and (part.shape != shape or not np.isfinite(part).all()):
            raise EquilibriumError(
                f"the change has the shape {part.shape}, the economy {shape}", todo="give one for each"
            )
    if len(model.theta) != len(economy.sectors):
        raise EquilibriumError(
            f"{len(model.theta)} elasticities for {len(economy.sectors)} sectors", todo="give one each"
        )
    rates = economy.tariffs if change.tariffs is None else change.tariffs
    if (rates <= -1).any():
        raise EquilibriumError("a tariff rate is -1 or less", todo="give rates as shares: 0.05 for 5 %")
    cost = np.log1p(rates) - np.log1p(economy.tariffs)
    if change.log_cost is not None:
        cost = cost + change.log_cost
    theta = np.array(model.theta)
    paid = economy.flows * (1 + economy.tariffs)
    bought = economy.purchases[:, None, :]
    final = np.maximum(economy.final, 0)
    scale = economy.income.sum()
    none = model.closure == "balanced"
    return SectorSystem(
        closure=model.closure,
        theta=theta,
        shares=np.divide(paid, bought, out=np.zeros_like(paid), where=bought > 0),
        factors=np.exp(-theta[:, None, None] * cost),
        rates=rates,
        value_added=economy.value_added,
        inputs=economy.inputs,
        tastes=final / final.sum(axis=0),
        income=economy.income / scale,
        deficits=np.zeros(len(economy.names)) if none else economy.deficits / scale,
    )


def evaluate_sectors(system: SectorSystem, x: Numbers) -> SectorState:
    """Evaluate the equations at log wages x."""
    with np.errstate(all="ignore"):
        prices, shares = _find_prices(system, x)
        income = system.income * np.exp(x)
        available = _make_available(system, income)
        purchases, sales = _find_purchases(system, shares, available)
        demand = (system.value_added * sales).sum(axis=0)
        residual = np.log(demand) - np.log(income) - np.log(income.sum())
        residual = np.where((available > 0).all(), residual, np.inf)
    return SectorState(residual, prices, shares, purchases, sales, available, income)


def _make_available(system: SectorSystem, income: Numbers) -> Numbers:
    """Return what can be spent before duties are paid back, by the closure."""
    if system.closure == "multiplicative":
        wish = (1 + system.deficits / system.income) * income
        return np.asarray(wish * income.sum() / wish.sum())
    return income + system.deficits


def _find_prices(system: SectorSystem, x: Numbers) -> tuple[Numbers, Numbers]:
    """Return log prices (s, n) and the new shares; a contraction, since value added is above zero."""
    power = -system.theta[:, None]
    base = system.shares * system.factors
    sold = base.sum(axis=1) > 0
    prices = np.zeros(system.value_added.shape)
    for _ in range(MOST_PASSES):
        cost = system.value_added * x + np.einsum("kjn,kn->jn", system.inputs, prices)
        total = np.einsum("sin,si->sn", base, np.exp(power * cost))
        after = np.where(sold, np.log(np.where(sold, total, 1.0)) / power, 0.0)
        moved = float(np.abs(after - prices).max())
        prices = after
        if not moved > CLOSE * max(1.0, float(np.abs(prices).max())) * 4:
            break
    cost = system.value_added * x + np.einsum("kjn,kn->jn", system.inputs, prices)
    shares = base * np.exp(power * cost)[:, :, None]
    total = shares.sum(axis=1, keepdims=True)
    return prices, np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)


def _find_purchases(system: SectorSystem, shares: Numbers, available: Numbers) -> tuple[Numbers, Numbers]:
    """Return purchases after customs and sales (s, n), given what is available to spend.

    Raises
    ------
    NotConverged
        The chain of inputs does not settle.
    """
    net = shares / (1 + system.rates)
    duty = (shares - net).sum(axis=1)
    purchases = system.tastes * available
    for _ in range(MOST_PASSES):
        sales = np.einsum("sim,sm->si", net, purchases)
        income = available + (duty * purchases).sum(axis=0)
        after = np.einsum("kjn,jn->kn", system.inputs, sales) + system.tastes * income
        moved = float(np.abs(after - purchases).max())
        purchases = after
        if not moved > CLOSE * float(np.abs(purchases).max()):
            return purchases, np.einsum("sim,sm->si", net, purchases)
    raise NotConverged("the chain of inputs does not settle", todo="look for value-added shares near zero")
