"""A certificate: how far a solution is from the equations that it should satisfy, computed anew from levels."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from comity.integration.equilibrium.errors import NotConverged

TOLERANCE = 1e-9
"""Largest residual that a result may have, relative to the economy concerned."""

ADVICE = (
    "look for a flow or a change that is many orders of magnitude beside the others; take a smaller change; or try "
    "another closure"
)


@dataclass(frozen=True)
class Certificate:
    """Residuals of a solution, each relative.

    Parameters
    ----------
    market : float
        Largest gap between what an economy earns and what is bought from it, over what it earns.
    budget : float
        Largest gap between what an economy spends and what it has, over what it has.
    normalisation : float
        Gap between world output and its value before the change.
    method : str
        How the solution was found.
    iterations : int
        Steps that it took.
    """

    market: float
    budget: float
    normalisation: float
    method: str
    iterations: int

    @property
    def largest(self) -> float:
        """The largest residual."""
        return max(self.market, self.budget, self.normalisation)

    def as_dict(self) -> dict[str, Any]:
        """Return the parts, for `--json`."""
        return {**asdict(self), "tolerance": TOLERANCE}

    def demand(self, where: str = "") -> None:
        """Raise where a residual is beyond the tolerance.

        Raises
        ------
        NotConverged
            The residuals are named.
        """
        if not self.largest <= TOLERANCE:
            raise NotConverged(
                f"the solution found is none: markets are off by {self.market:.1e}, budgets by {self.budget:.1e}, "
                f"world output by {self.normalisation:.1e}; at most {TOLERANCE:.0e} is let pass",
                where=where,
                why="a run that has not converged gives no number",
                todo=ADVICE,
            )
