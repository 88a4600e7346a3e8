"""What is assumed (elasticities, closure) and what changes (costs, tariffs)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.errors import EquilibriumError, NoEquilibrium, name_some

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.economy import Economy

    Numbers = NDArray[np.float64]

CLOSURES = {
    "additive": "each deficit stays the same share of world output",
    "multiplicative": "each deficit stays the same share of the economy's own income, scaled alike for all so that the "
    "world adds up",
    "balanced": "deficits are taken away first, and the change is measured from the balanced world",
}


@dataclass(frozen=True)
class Model:
    """One-sector universal gravity.

    Parameters
    ----------
    theta : float
        Trade elasticity: trade falls by theta percent where its cost rises by one [1]; above zero.
    psi : float
        Supply elasticity: output rises by psi percent where the price of output rises by one beside the cost of
        living [1]; not negative.
    closure : str
        A key of `CLOSURES`.

    Raises
    ------
    EquilibriumError
        An elasticity out of range, or no such closure.

    References
    ----------
    allen-arkolakis-takahashi-2020
    """

    theta: float
    psi: float = 0.0
    closure: str = "additive"

    def __post_init__(self) -> None:
        """Refuse elasticities for which the model is not known to have one solution."""
        if not (math.isfinite(self.theta) and self.theta > 0):
            raise EquilibriumError(
                f"theta is {self.theta!r}, and must be above zero",
                why="with a trade elasticity of zero or less dearer goods would sell no less",
                todo="give theta as a positive number; published estimates lie near 4 to 8",
            )
        if not (math.isfinite(self.psi) and self.psi >= 0):
            raise EquilibriumError(
                f"psi is {self.psi!r}, and must be zero or more",
                why="the equilibrium need not exist, or there may be several",
                todo="give psi = 0 for fixed endowments",
            )
        if self.closure not in CLOSURES:
            raise EquilibriumError(f"there is no closure {self.closure!r}", todo=f"name one of {', '.join(CLOSURES)}")


@dataclass(frozen=True, eq=False)
class Change:
    """What changes for each directed pair.

    Parameters
    ----------
    log_trade : array of float, shape (n, n), optional
        Partial effect on trade at given prices, as gravity estimates it [log]; minus infinity ends it.
    log_cost : array of float, shape (n, n), optional
        Change of the cost of trading [log]: 0.01 for one percent dearer.
    tariffs : array of float, shape (n, n), optional
        Tariff rates after the change [1]; as before where left out.
    """

    log_trade: Numbers | None = None
    log_cost: Numbers | None = None
    tariffs: Numbers | None = None


@dataclass(frozen=True, eq=False)
class Access:
    """A change as the solver sees it, in logs: what multiplies gross shares and net shares at given prices."""

    gross: Numbers
    net: Numbers
    rates: Numbers

    def shrink(self, part: float) -> Access:
        """Return a part of the change; trade that ends, ends at once."""
        return Access(_scale(self.gross, part), _scale(self.net, part), self.rates)


def _scale(logs: Numbers, part: float) -> Numbers:
    """Return a part of each logarithm, minus infinity as it is."""
    return np.where(np.isneginf(logs), logs, np.where(np.isneginf(logs), 0.0, logs) * part)


def weigh_change(economy: Economy, change: Change, theta: float) -> Access:
    """Turn a change into factors of market access.

    Raises
    ------
    EquilibriumError
        Shapes differ, or a value is neither finite nor the end of trade.
    NoEquilibrium
        The change ends sales at home.
    """
    shape = economy.flows.shape
    parts = {"log_trade": change.log_trade, "log_cost": change.log_cost, "tariffs": change.tariffs}
    for name, part in parts.items():
        if part is not None and (part.shape != shape or np.isnan(part).any()):
            raise EquilibriumError(
                f"{name} has the shape {part.shape} or holds a missing value; the economy has {shape}",
                todo="give one number for each pair, zero where nothing changes",
            )
    gross = np.zeros(shape)
    if change.log_trade is not None:
        gross += change.log_trade
    if change.log_cost is not None:
        gross -= theta * change.log_cost
    before, after = economy.rates, economy.rates if change.tariffs is None else change.tariffs
    if (after <= -1).any() or np.isposinf(gross).any():
        raise EquilibriumError("a tariff rate is -1 or less, or a cost falls to nothing", todo="correct the change")
    ended = [economy.names[i] for i in np.flatnonzero(np.isneginf(np.diag(gross)))]
    if ended:
        raise NoEquilibrium(f"the change ends sales at home: {name_some(ended)}", todo="change trade abroad only")
    duty = np.log1p(after) - np.log1p(before)
    return Access(gross - theta * duty, gross - (1 + theta) * duty, after)
