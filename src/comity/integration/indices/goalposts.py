"""The scale of each indicator as the data set it, kept apart so that it can be applied again and differentiated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.integration.indices.composite import Index
from comity.integration.indices.errors import SpecificationError
from comity.integration.indices.normalisation import find_ends
from comity.integration.indices.stages import choose_scale, list_directions, treat_values
from comity.integration.indices.treatment import set_logarithm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Treatment:
    """What was done to each indicator before it was put on the scale; every array has shape (indicators,).

    Parameters
    ----------
    low, high : array of float
        Values beyond which an indicator no longer counts.
    sign, shift : array of float
        0: a straight line; 1: log(value + shift); -1: -log(shift - value).
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sign: NDArray[np.float64]
    shift: NDArray[np.float64]

    def treat(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return treated values, shape as given."""
        import numpy as np

        held = np.clip(values, self.low, self.high)
        return np.where(self.sign == 0, held, self.sign * np.log(self._bend(held)))

    def slope(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of `treat`; zero beyond the ends."""
        import numpy as np

        moving = (values >= self.low) & (values <= self.high)
        return np.where(moving, 1.0 / self._bend(np.clip(values, self.low, self.high)), 0.0)

    def _bend(self, held: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what stands under the logarithm, 1 on a straight line."""
        import numpy as np

        return np.where(self.sign == 0, 1.0, self.shift + self.sign * held)


@dataclass(frozen=True)
class Goalposts:
    """The scale of each indicator as the data set it; every array has shape (indicators,).

    Parameters
    ----------
    treatment : Treatment
    origin, factor : array of float
        The index scale: origin + factor times the treated value.
    floor, roof : array of float
        Treated values beyond which the scale is flat.
    """

    treatment: Treatment
    origin: NDArray[np.float64]
    factor: NDArray[np.float64]
    floor: NDArray[np.float64]
    roof: NDArray[np.float64]

    def place(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values on the scale of the index, shape as given [points of the index]."""
        import numpy as np

        return self.origin + self.factor * np.clip(self.treatment.treat(values), self.floor, self.roof)

    def slope(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of `place`; zero where the scale is flat [points per unit of the indicator]."""
        import numpy as np

        treated = self.treatment.treat(values)
        moving = (treated >= self.floor) & (treated <= self.roof)
        return np.where(moving, self.factor * self.treatment.slope(values), 0.0)


def find_treatment(index: Index) -> Treatment:
    """Find what was done to each indicator before it was put on the scale.

    Parameters
    ----------
    index : Index

    Returns
    -------
    Treatment

    Raises
    ------
    SpecificationError
        A stage of one's own did it.
    """
    import numpy as np

    values = index.works["impute"].panel.values
    treated, kinds = treat_values(index.specification, values)
    free = np.full(len(kinds), np.inf)
    sign, shift, (low, high) = np.zeros(len(kinds)), np.zeros(len(kinds)), (-free, free)
    for place, kind in enumerate(kinds):
        if kind == "winsorise":
            low[place], high[place] = np.nanmin(treated[:, place]), np.nanmax(treated[:, place])
        elif kind:
            sign[place], shift[place] = (part[0] for part in set_logarithm(values[:, [place]], kind))
            low[place], high[place] = np.nanmin(values[:, place]), np.nanmax(values[:, place])
    if not np.allclose(treated, index.works["treat"].panel.values, equal_nan=True):
        raise SpecificationError("a stage of one's own treated the indicators", why="what it did is not known")
    return Treatment(low, high, sign, shift)


def find_goalposts(index: Index) -> Goalposts | None:
    """Find the scale of each indicator as the data set it.

    Parameters
    ----------
    index : Index

    Returns
    -------
    Goalposts or None
        None for a scale of ranks, which has no slope.

    Raises
    ------
    SpecificationError
        A stage of one's own made it.
    """
    import numpy as np

    choice, treatment = choose_scale(index.specification), find_treatment(index)
    if choice["method"] == "rank":
        return None
    values = index.works["impute"].panel.values
    line = _find_line(treatment.treat(values), list_directions(index.specification), choice)
    posts = Goalposts(treatment, *line)
    if not np.allclose(posts.place(values), index.works["normalise"].panel.values, atol=1e-8, equal_nan=True):
        raise SpecificationError("a stage of one's own made the scale", why="its slope is not known")
    return posts


def _find_line(
    treated: NDArray[np.float64], directions: NDArray[np.float64], choice: Mapping[str, Any]
) -> tuple[NDArray[np.float64], ...]:
    """Return origin, factor, floor and roof of the straight line from treated values to the index scale."""
    import numpy as np

    if choice["method"] == "zscore":
        factor = choice["deviation"] / np.nanstd(treated, axis=0, ddof=1) * directions
        free = np.full(len(directions), np.inf)
        return choice["mean"] - factor * np.nanmean(treated, axis=0), factor, -free, free
    ends = find_ends(treated * directions, directions, choice)
    factor = (choice["high"] - choice["low"]) / (ends[1] - ends[0]) * directions
    floor, roof = np.where(directions > 0, ends, -np.array(ends)[::-1])
    return choice["low"] - factor * ends[0] * directions, factor, floor, roof
