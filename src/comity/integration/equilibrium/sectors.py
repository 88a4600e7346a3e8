"""Economies with sectors that buy from each other: flows, tariffs, value added and inputs, checked and calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.integration.equilibrium.economy import LEAST_ECONOMIES, check_links
from comity.integration.equilibrium.errors import EconomyError, EquilibriumError, name_some
from comity.integration.equilibrium.model import CLOSURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SLACK = 1e-9
"""Final demand below zero by no more than this share of purchases is rounding."""


@dataclass(frozen=True, eq=False)
class SectorEconomy:
    """Flows of s sectors between n economies, and how each sector produces.

    Parameters
    ----------
    names : tuple of str
        n economies.
    sectors : tuple of str
        s sectors.
    flows : array of float, shape (s, n, n)
        Value sold by the row to the column, before customs; the diagonal holds sales at home [any currency].
    tariffs : array of float, shape (s, n, n)
        Rate that the column charges [1].
    value_added : array of float, shape (s, n)
        Share of value added in output, above zero, at most one.
    inputs : array of float, shape (s, s, n)
        Share of output of the second sector that is spent on goods of the first; with value added they sum to one.

    Raises
    ------
    EconomyError
        Shapes differ, shares do not sum to one, a flow is negative, inputs need more of a sector than is bought,
        or the economies fall into parts.
    """

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Numbers
    tariffs: Numbers
    value_added: Numbers
    inputs: Numbers

    def __post_init__(self) -> None:
        """Refuse what has no answer."""
        self._check_shapes()
        self._check_values()
        trades = self.flows.sum(axis=0) > 0
        check_links(self.names, trades)
        lacking = self.final < -SLACK * self.purchases.sum(axis=0)
        if lacking.any():
            rows = [f"{self.names[n]}, {self.sectors[s]}" for s, n in np.argwhere(lacking)]
            raise EconomyError(
                f"inputs need more than is bought: {name_some(rows, '; ')}",
                why="final demand is what is left of purchases after inputs, and cannot be negative",
                todo="correct flows or input shares of these sectors",
            )

    def _check_shapes(self) -> None:
        """Refuse arrays of another shape."""
        s, n = len(self.sectors), len(self.names)
        shapes = {"flows": (s, n, n), "tariffs": (s, n, n), "value_added": (s, n), "inputs": (s, s, n)}
        for name, shape in shapes.items():
            found = getattr(self, name)
            if found.shape != shape or not np.isfinite(found).all():
                raise EconomyError(
                    f"{name} has the shape {found.shape} or holds a missing value, not {shape} finite numbers",
                    todo="give one number for each",
                )
        if n < LEAST_ECONOMIES or len(set(self.names)) < n or len(set(self.sectors)) < s:
            raise EconomyError("at least two economies, each name once", todo="correct the names")

    def _check_values(self) -> None:
        """Refuse negative flows, rates of -1, and shares that do not sum to one."""
        wrong = np.argwhere((self.flows < 0) | (self.tariffs <= -1))
        if len(wrong):
            rows = [f"{self.sectors[s]}, {self.names[i]} to {self.names[j]}" for s, i, j in wrong]
            raise EconomyError(f"a flow is negative, or a tariff -1 or less: {name_some(rows, '; ')}")
        total = self.value_added + self.inputs.sum(axis=0)
        used = self.output > 0
        off = used & ((np.abs(total - 1) > SLACK) | (self.value_added <= 0) | (self.inputs < 0).any(axis=0))
        if off.any():
            rows = [f"{self.names[n]}, {self.sectors[s]}: {total[s, n]:g}" for s, n in np.argwhere(off)]
            raise EconomyError(
                f"value added and inputs must not be negative and sum to one: {name_some(rows, '; ')}",
                todo="give shares of output",
            )

    @property
    def output(self) -> Numbers:
        """Sales of each sector of each economy (s, n)."""
        return np.asarray(self.flows.sum(axis=2))

    @property
    def purchases(self) -> Numbers:
        """Purchases of each sector's goods after customs (s, n)."""
        return np.asarray((self.flows * (1 + self.tariffs)).sum(axis=1))

    @property
    def final(self) -> Numbers:
        """Final demand (s, n): purchases less inputs."""
        return np.asarray(self.purchases - np.einsum("kjn,jn->kn", self.inputs, self.output))

    @property
    def income(self) -> Numbers:
        """Value added of each economy."""
        return np.asarray((self.value_added * self.output).sum(axis=0))

    @property
    def deficits(self) -> Numbers:
        """Purchases before customs less sales."""
        return np.asarray(self.flows.sum(axis=(0, 1)) - self.flows.sum(axis=(0, 2)))


@dataclass(frozen=True)
class SectorModel:
    """Trade elasticities by sector, and the closure.

    Parameters
    ----------
    theta : tuple of float
        One for each sector, above zero.
    closure : str
        A key of `comity.integration.equilibrium.model.CLOSURES`.

    Raises
    ------
    EquilibriumError
        An elasticity is not above zero, or there is no such closure.
    """

    theta: tuple[float, ...]
    closure: str = "additive"

    def __post_init__(self) -> None:
        """Refuse elasticities out of range."""
        if not all(np.isfinite(value) and value > 0 for value in self.theta):
            raise EquilibriumError(f"theta is {self.theta}, and each must be above zero", todo="give positive numbers")
        if self.closure not in CLOSURES:
            raise EquilibriumError(f"there is no closure {self.closure!r}", todo=f"name one of {', '.join(CLOSURES)}")


@dataclass(frozen=True, eq=False)
class SectorChange:
    """What changes for each sector and directed pair.

    Parameters
    ----------
    log_cost : array of float, shape (s, n, n), optional
        Change of the cost of trading [log].
    tariffs : array of float, shape (s, n, n), optional
        Rates after the change; as before where left out.
    """

    log_cost: Numbers | None = None
    tariffs: Numbers | None = None
