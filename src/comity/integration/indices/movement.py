"""What would move a unit's index: the gradient by indicator, and what reaching the best place would give.

The goalposts (treatment, ends of the scale, means) stay where the data set them: it is the effect of one unit's change
while the others stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.integration.indices.aggregation import aggregate_values, follow_branches
from comity.integration.indices.composite import Index
from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.goalposts import find_goalposts

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


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
        for it), `known`, `slope` [points of the index per unit of the indicator; null on a scale of ranks],
        `slope_deviation` [points per standard deviation over the units], `gain` [points, were the indicator at its best
        among the units].

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
    slopes = np.full(len(values[row]), np.nan) if posts is None else posts.slope(values)[row]
    slopes = slopes * _slope_mean(index, placed[row])
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
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()})


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
    return np.asarray(weights * (score / placed if method == "geometric" else (score / placed) ** 2))
