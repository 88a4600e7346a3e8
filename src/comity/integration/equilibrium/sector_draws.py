"""The model with sectors under drawn elasticities and sizes: solved once for each draw, each with its certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EquilibriumError, NoEquilibrium, NotConverged
from comity.integration.equilibrium.sector_solve import SectorEquilibrium, solve_sectors
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.parameters import Effect

    Numbers = NDArray[np.float64]

Sizes = Mapping[tuple[str, "Effect"], float]
Pose = Callable[[tuple[float, ...], Sizes], tuple[SectorEconomy, SectorChange]]
MEASURES = ("welfare", "real_wages", "cost_of_living", "exports", "imports", "outputs", "prices")


@dataclass(frozen=True)
class Elasticities:
    """Trade elasticities by sector, and how sure they are.

    Parameters
    ----------
    central : tuple of float
        One for each sector, above zero.
    errors : tuple of float
        Standard errors; 0 where there is none. Drawn from the lognormal law with the central value as its median and
        error over value as the deviation of its logarithm, so that no elasticity is drawn below zero.
    ranges : tuple of (float, float)
        Lowest and highest value, drawn from the triangular law; both are the central value where there is no range.

    Raises
    ------
    EquilibriumError
        An elasticity, error or range that cannot be drawn from.
    """

    central: tuple[float, ...]
    errors: tuple[float, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        SectorModel(self.central)
        if not all(np.isfinite(error) and error >= 0 for error in self.errors):
            raise EquilibriumError(f"errors of theta are {self.errors}", todo="give errors of zero or more")
        for value, (low, high) in zip(self.central, self.ranges, strict=bool(self.ranges)):
            if not 0 < low <= value <= high < np.inf:
                raise EquilibriumError(
                    f"theta {value:g} does not lie between {low:g} and {high:g}, both above zero",
                    todo="give low <= theta <= high",
                )

    @property
    def fixed(self) -> bool:
        """Say whether nothing is to be drawn."""
        return not any(self.errors) and all(low == high for low, high in self.ranges)

    def draw(self, count: int, seed: int) -> Numbers:
        """Draw elasticities (sectors, draws); a sector's draws depend on the seed and its place alone."""
        found = np.repeat(np.array(self.central)[:, None], count, axis=1)
        for place, value in enumerate(self.central):
            rng = np.random.default_rng([seed, 2, place])
            error = self.errors[place] if self.errors else 0.0
            low, high = self.ranges[place] if self.ranges else (value, value)
            if error > 0:
                found[place] = value * np.exp(error / value * rng.standard_normal(count))
            elif low < high:
                found[place] = rng.triangular(low, value, high, count)
        return found


@dataclass(frozen=True, eq=False)
class SectorSpread:
    """A change under the model with sectors, for the central parameters and for every draw.

    Parameters
    ----------
    base : SectorEconomy
        Before the change.
    centre : SectorEquilibrium
    draws : mapping of str to array of float, shape (..., draws)
        By measure of `SectorEquilibrium`; empty where nothing was drawn.
    worst : float
        Largest residual of any draw.
    """

    base: SectorEconomy
    centre: SectorEquilibrium
    draws: Mapping[str, Numbers]
    worst: float

    def find_bounds(self, measure: str, level: float) -> tuple[Numbers, Numbers]:
        """Return the ends of the interval of a measure that holds a share of the draws."""
        ends = np.quantile(self.draws[measure], [(1 - level) / 2, (1 + level) / 2], axis=-1)
        return ends[0], ends[1]


def solve_sector_draws(
    pose: Pose, elasticities: Elasticities, sizes: Mapping[tuple[str, Effect], Numbers], closure: str, drawn: Numbers
) -> SectorSpread:
    """Solve a change for the central parameters and for every draw; each is certified.

    Parameters
    ----------
    pose : callable
        From elasticities and sizes to the economy before and its change.
    elasticities : Elasticities
    sizes : mapping of (str, Effect) to array of float, shape (draws,)
        Drawn sizes of effects and costs.
    closure : str
        A key of `comity.integration.equilibrium.model.CLOSURES`.
    drawn : array of float, shape (sectors, draws)
        Drawn elasticities; none at all where only the central ones are wanted.

    Returns
    -------
    SectorSpread

    Raises
    ------
    NoEquilibrium, NotConverged
        As in `solve_sectors`; of a draw, its number is named.
    """
    base, change = pose(elasticities.central, {size: size[1].value for size in sizes})
    centre = solve_sectors(base, change, SectorModel(elasticities.central, closure))
    start = np.log(centre.wages)
    found: dict[str, list[Numbers]] = {measure: [] for measure in MEASURES}
    worst = 0.0
    for number in range(drawn.shape[1]):
        theta = tuple(float(value) for value in drawn[:, number])
        given = {size: float(values[number]) for size, values in sizes.items()}
        try:
            one = solve_sectors(*pose(theta, given), SectorModel(theta, closure), start)
        except (NoEquilibrium, NotConverged) as error:
            error.where = f"draw {number} of {drawn.shape[1]}, {error.where}"
            raise
        worst = max(worst, one.certificate.largest)
        for measure in MEASURES:
            found[measure].append(getattr(one, measure))
    draws: dict[str, Any] = {name: np.stack(values, axis=-1) for name, values in found.items() if values}
    return SectorSpread(base, centre, draws, worst)
