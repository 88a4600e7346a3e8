"""From indicators to dimensions to the index: weighted means of one kind at every level.

Arithmetic, geometric and harmonic means are power means, and a power mean of power means is one again. So the index
is a single mean of all indicators with the products of the weights along each branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.specification import Specification

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def bend(values: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    """Return the values on which a mean of this kind is a plain weighted sum."""
    import numpy as np

    if method == "arithmetic":
        return values
    return np.log(values) if method == "geometric" else 1.0 / values


def unbend(values: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    """Undo `bend`."""
    import numpy as np

    if method == "arithmetic":
        return values
    return np.exp(values) if method == "geometric" else 1.0 / values


def average(values: NDArray[np.float64], weights: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    """Return the weighted mean of each row.

    Parameters
    ----------
    values : array of float, shape (units, columns)
        [points of the index]; above zero for geometric and harmonic means.
    weights : array of float, shape (columns,)
        Summing to one.
    method : {"arithmetic", "geometric", "harmonic"}

    Returns
    -------
    array of float, shape (units,)
        NaN where any value with a weight is.

    References
    ----------
    oecd-jrc-2008
    """
    used = weights > 0
    return unbend(bend(values[:, used], method) @ weights[used], method)


def check_positive(values: NDArray[np.float64], units: tuple[str, ...], columns: tuple[str, ...], method: str) -> None:
    """Stop where a geometric or harmonic mean meets a value that is not above zero.

    Raises
    ------
    IndicatorError
        Naming unit and column.
    """
    import numpy as np

    low = np.argwhere(values <= 0)
    if method != "arithmetic" and len(low):
        row, place = low[0]
        raise IndicatorError(
            f"a {method} mean cannot take {values[row, place]:g}",
            where=f"unit {units[row]}, column {columns[place]!r} after normalising; {len(low)} such cells",
            todo="normalise onto a scale above zero, such as {method: minmax, low: 1, high: 100}",
        )


def follow_branches(specification: Specification, weights: Mapping[str, float], node: str) -> dict[str, float]:
    """Return each indicator's weight in a node: the product of the weights along the branch.

    Parameters
    ----------
    specification : Specification
    weights : mapping of str to float
        Summing to one under each parent.
    node : str
        Id of an aggregate.

    Returns
    -------
    dict of str to float
        By indicator under the node, summing to one.
    """
    aggregates = {item.id for item in specification.aggregates}
    effective: dict[str, float] = {}
    for child in specification.list_children(node):
        if child in aggregates:
            below = follow_branches(specification, weights, child)
            effective |= {leaf: weights[child] * weight for leaf, weight in below.items()}
        else:
            effective[child] = weights[child]
    return effective


def aggregate_values(
    specification: Specification, values: NDArray[np.float64], weights: Mapping[str, float], method: str
) -> NDArray[np.float64]:
    """Return every dimension and the index for each unit.

    Parameters
    ----------
    specification : Specification
    values : array of float, shape (units, indicators)
    weights : mapping of str to float
    method : {"arithmetic", "geometric", "harmonic"}

    Returns
    -------
    array of float, shape (units, aggregates)
        In the order of the specification's aggregates; the last is the index. NaN where a needed value is unknown.
    """
    import numpy as np

    columns = [item.id for item in specification.indicators]
    scores = []
    for node in specification.aggregates:
        effective = follow_branches(specification, weights, node.id)
        used = [place for place, name in enumerate(columns) if name in effective]
        scores.append(average(values[:, used], np.array([effective[columns[place]] for place in used]), method))
    return np.column_stack(scores)
