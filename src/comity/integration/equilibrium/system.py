"""The equations of one-sector universal gravity in exact-hat form: residuals, Jacobian, and what follows from prices.

With x the log change of the price of output, A the change of market access (net of duties), m and l the shares of
purchases before and after duty, the equations are::

    P_j^-theta  = sum_k l_kj B_kj p_k^-theta                            cost of living
    Y_j'        = Y_j p_j^(1 + psi) P_j^-psi                            income from sales
    F_j'        = Y_j' + D_j'                                           spending before duty, by the closure
    Y_i'        = sum_j m_ij A_ij p_i^-theta / (sum_k m_kj A_kj p_k^-theta) F_j'      markets clear
    sum_i Y_i'  = sum_i Y_i                                             normalisation: world output

Duties are paid out to the buyer: spending after duty is F_j' over the share of it that is no duty, so that duties need
no unknown of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.model import Access

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.economy import Economy
    from comity.integration.equilibrium.model import Model

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class System:
    """The equations of an economy under a model, scaled to a world output of one."""

    model: Model
    output: Numbers
    deficits: Numbers
    net: Numbers
    gross: Numbers

    @property
    def weights(self) -> Numbers:
        """Purchases over income of each economy."""
        return 1 + self.deficits / self.output


@dataclass(frozen=True, eq=False)
class State:
    """All that follows from prices under some access."""

    residual: Numbers
    net: Numbers
    gross: Numbers
    index: Numbers
    income: Numbers
    spending: Numbers
    sales: Numbers

    @property
    def size(self) -> float:
        """Largest residual; infinite where something is not finite."""
        largest = float(np.abs(self.residual).max())
        return largest if np.isfinite(largest) else np.inf


def build_system(economy: Economy, model: Model) -> System:
    """Return the equations of an economy."""
    flows = economy.flows / economy.flows.sum()
    paid = flows * (1 + economy.rates)
    output, purchases = flows.sum(axis=1), flows.sum(axis=0)
    deficits = np.zeros_like(output) if model.closure == "balanced" else purchases - output
    gross = flows if economy.tariffs is None else paid
    return System(model, output, deficits, flows / purchases, gross / gross.sum(axis=0))


def spend(system: System, income: Numbers) -> Numbers:
    """Return spending before duty by the closure; a negative one means that there is none."""
    if system.model.closure == "multiplicative":
        wish = (system.weights * income.T).T
        return np.asarray(wish * (income.sum(axis=0) / wish.sum(axis=0)))
    return np.asarray((income.T + system.deficits).T)


def weigh_access(access: Access) -> tuple[Numbers, Numbers]:
    """Return the factors of the net and the gross shares."""
    net = np.exp(access.net)
    return net, net if access.gross is access.net else np.exp(access.gross)


def evaluate(system: System, factors: tuple[Numbers, Numbers], x: Numbers) -> State:
    """Evaluate the equations at log prices x."""
    theta, psi = system.model.theta, system.model.psi
    with np.errstate(all="ignore"):
        power = np.exp(-theta * x)[:, None]
        net = system.net * factors[0] * power
        gross = system.gross * factors[1] * power
        total, paid = net.sum(axis=0), gross.sum(axis=0)
        index = -np.log(paid) / theta
        income = system.output * np.exp((1 + psi) * x - psi * index)
        spending = spend(system, income)
        net = net / total
        sales = net @ spending
        residual = np.log(sales) - np.log(income) - np.log(income.sum())
        residual = np.where((spending > 0).all(), residual, np.inf)
    return State(residual, net, gross / paid, index, income, spending, sales)


def differentiate(system: System, state: State, theta: float) -> Numbers:
    """Return the Jacobian of the residuals at a state, by log prices."""
    psi = system.model.psi
    count = len(state.income)
    eye = np.eye(count)
    earn = (1 + psi) * eye - psi * state.gross.T
    if system.model.closure == "multiplicative":
        world = state.income / state.income.sum()
        wish = state.spending / state.spending.sum()
        spent = earn + (world - wish) @ earn
    else:
        spent = (state.income / state.spending)[:, None] * earn
    share = state.net * state.spending / state.sales[:, None]
    world = state.income / state.income.sum()
    return np.asarray(share @ (theta * state.net.T + spent) - theta * eye - earn - world @ earn)
