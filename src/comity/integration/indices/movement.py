"""What would move a unit's index: the gradient by indicator, and what reaching the best place would give.

The goalposts (treatment, ends of the scale, means) stay where the data set them: it is the effect of one unit's change
while the others stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.integration.indices.aggregation import aggregate_values, follow_branches
from comity.integration.indices.composite import Index
from comity.integration.indices.errors import IndicatorError, SpecificationError
from comity.integration.indices.normalisation import find_ends
from comity.integration.indices.stages import list_directions, treat_values
from comity.integration.indices.treatment import set_logarithm

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Goalposts:
    """The scale of each indicator as the data set it; every array has shape (indicators,).

    Parameters
    ----------
    low, high : array of float
        Values beyond which an indicator no longer counts.
    sign, shift : array of float
        0: a straight line; 1: log(value + shift); -1: -log(shift - value).
    origin, factor : array of float
        The index scale: origin + factor times the treated value.
    floor, roof : array of float
        Treated values beyond which the scale is flat.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sign: NDArray[np.float64]
    shift: NDArray[np.float64]
    origin: NDArray[np.float64]
    factor: NDArray[np.float64]
    floor: NDArray[np.float64]
    roof: NDArray[np.float64]

    def treat(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return treated values, shape as given."""
        import numpy as np

        held = np.clip(values, self.low, self.high)
        bent = np.where(self.sign == 0, 1.0, self.shift + self.sign * held)
        return np.where(self.sign == 0, held, self.sign * np.log(bent))

    def place(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values on the scale of the index, shape as given [points of the index]."""
        import numpy as np

        return self.origin + self.factor * np.clip(self.treat(values), self.floor, self.roof)

    def slope(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of `place`; zero where the scale is flat [points per unit of the indicator]."""
        import numpy as np

        treated = self.treat(values)
        bent = np.where(self.sign == 0, 1.0, self.shift + self.sign * np.clip(values, self.low, self.high))
        moving = (values >= self.low) & (values <= self.high) & (treated >= self.floor) & (treated <= self.roof)
        return np.where(moving, self.factor / bent, 0.0)


def find_goalposts(index: Index) -> Goalposts:
    """Find the scale of each indicator as the data set it.

    Parameters
    ----------
    index : Index

    Returns
    -------
    Goalposts

    Raises
    ------
    SpecificationError
        The scale is one of ranks, which has no slope, or a stage of one's own made it.
    """
    import numpy as np

    choice = index.specification.choose("normalise")
    if choice["method"] == "rank":
        raise SpecificationError("ranks have no slope", where="stages.normalise", todo="choose minmax or zscore")
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
    origin, factor, floor, roof = _find_line(treated, list_directions(index.specification), choice)
    posts = Goalposts(low, high, sign, shift, origin, factor, floor, roof)
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
    ends = find_ends(treated * directions, choice["tail"])
    factor = (choice["high"] - choice["low"]) / (ends[1] - ends[0]) * directions
    floor, roof = np.where(directions > 0, ends, -np.array(ends)[::-1])
    return choice["low"] - factor * ends[0] * directions, factor, floor, roof


def estimate_movement(index: Index, unit: str) -> pa.Table:
    """Estimate what would move the index of one unit.

    Parameters
    ----------
    index : Index
        Made by the stages that the specification names.
    unit : str

    Returns
    -------
    pyarrow.Table
        One row an indicator, the greatest `gain` first: `indicator`, `value` (after the denominator, or what stands in
        for it), `known`, `slope` [points of the index per unit of the indicator], `slope_deviation` [points per
        standard deviation over the units], `gain` [points, were the indicator at its best among the units].

    Raises
    ------
    IndicatorError
        No such unit, or it has no score.
    SpecificationError
        As for `find_goalposts`.
    """
    import numpy as np
    import pyarrow as pa

    row = _find_row(index, unit)
    posts = find_goalposts(index)
    values = index.works["impute"].panel.values
    placed = index.works["normalise"].panel.values
    slopes = posts.slope(values)[row] * _slope_mean(index, placed[row])
    known = ~index.works["denominate"].panel.find_missing()[row]
    best = np.repeat(placed[row][None], len(slopes), axis=0)
    np.fill_diagonal(best, np.nanmax(placed, axis=0))
    method = index.specification.choose("aggregate")["method"]
    gains = aggregate_values(index.specification, best, index.weights, method)[:, -1] - index.scores[row, -1]
    order = np.argsort(-gains, kind="stable")
    columns: dict[str, Any] = {
        "indicator": np.array(index.base.columns)[order],
        "value": values[row][order],
        "known": known[order],
        "slope": slopes[order],
        "slope_deviation": (slopes * np.nanstd(values, axis=0, ddof=1))[order],
        "gain": gains[order],
    }
    return pa.table({name: pa.array(column) for name, column in columns.items()})


def _find_row(index: Index, unit: str) -> int:
    """Return the row of a unit that has a score."""
    import numpy as np

    if unit not in index.units:
        raise IndicatorError(f"there is no unit {unit!r}", where="index", todo="see which units were screened out")
    row = index.units.index(unit)
    if np.isnan(index.scores[row, -1]):
        raise IndicatorError(f"{unit!r} has no score, since some of its indicators are unknown", todo="impute them")
    return row


def _slope_mean(index: Index, placed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of the index by each normalised indicator of a unit, shape (indicators,)."""
    import numpy as np

    specification = index.specification
    top = specification.aggregates[-1].id
    effective = follow_branches(specification, index.weights, top)
    weights = np.array([effective[item.id] for item in specification.indicators])
    method = specification.choose("aggregate")["method"]
    score = aggregate_values(specification, placed[None], index.weights, method)[0, -1]
    if method == "arithmetic":
        return weights
    return weights * score / placed if method == "geometric" else weights * (score / placed) ** 2
