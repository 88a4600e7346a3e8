"""Weights within each dimension, and of each dimension in the index: on the table, whoever sets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.specification import Specification

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Aggregator = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

KAISER = 1.0
FEWEST_ROWS = 3


def share_weights(specification: Specification, raw: Mapping[str, float]) -> dict[str, float]:
    """Return weights that sum to one under each parent.

    Parameters
    ----------
    specification : Specification
    raw : mapping of str to float
        Weight of every node but the top.

    Returns
    -------
    dict of str to float

    Raises
    ------
    IndicatorError
        All weights under a parent are zero.
    """
    weights: dict[str, float] = {}
    for parent in specification.aggregates:
        children = specification.list_children(parent.id)
        total = sum(raw[child] for child in children)
        if not total > 0:
            raise IndicatorError(f"all weights under {parent.id!r} are zero", todo="give one of them a weight")
        weights |= {child: raw[child] / total for child in children}
    return weights


def set_weights(specification: Specification) -> dict[str, float]:
    """Return the weights that do not depend on the data: given, equal or by experts.

    Experts' points are shared under each parent first, then averaged, so that each expert counts the same.

    Parameters
    ----------
    specification : Specification

    Returns
    -------
    dict of str to float
        Summing to one under each parent.
    """
    choice = specification.choose("weight")
    nodes = [node for node in specification.list_nodes() if node.parent]
    if choice["method"] == "expert":
        shared = [share_weights(specification, entry["points"]) for entry in choice["allocations"]]
        return {node.id: sum(entry[node.id] for entry in shared) / len(shared) for node in nodes}
    equal = choice["method"] == "equal"
    return share_weights(specification, {node.id: 1.0 if equal else node.weight for node in nodes})


def weigh_components(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights that principal components imply.

    Components of the correlation matrix with an eigenvalue above one are kept (the first in any case); the weight
    of a column is the sum of its squared loadings over them, that is its communality, shared to one. Signs of
    components do not matter, and no weight is negative.

    Parameters
    ----------
    values : array of float, shape (units, columns)
        No NaN.

    Returns
    -------
    array of float, shape (columns,)

    References
    ----------
    oecd-jrc-2008, huh-park-2018, park-claveria-2018
    """
    import numpy as np

    if values.shape[1] == 1:
        return np.ones(1)
    eigenvalues, vectors = np.linalg.eigh(np.corrcoef(values, rowvar=False))
    kept = eigenvalues > min(KAISER, eigenvalues.max() * (1 - 1e-9))
    communality = (vectors[:, kept] ** 2 * eigenvalues[kept]).sum(axis=1)
    return np.asarray(communality / communality.sum())


def weigh_by_components(
    specification: Specification, values: NDArray[np.float64], aggregate: Aggregator
) -> dict[str, float]:
    """Return weights by principal components in one stage or two.

    The first stage takes the indicators of each dimension, the second the dimensions that those weights make, and so
    on up the tree; with one stage the aggregates keep the weights of the specification.

    Parameters
    ----------
    specification : Specification
    values : array of float, shape (units, indicators)
        Normalised; rows with an unknown are left out.
    aggregate : callable
        Takes values (units, children) and weights (children,), returns (units,).

    Returns
    -------
    dict of str to float
        Summing to one under each parent.

    Raises
    ------
    IndicatorError
        Fewer than three units are known in full.

    References
    ----------
    huh-park-2018, park-claveria-2018
    """
    import numpy as np

    whole = values[~np.isnan(values).any(axis=1)]
    if len(whole) < FEWEST_ROWS:
        raise IndicatorError(
            f"only {len(whole)} units are known in full",
            why="principal components need the columns side by side",
            todo="impute first, or choose equal weights",
        )
    columns = {item.id: whole[:, place] for place, item in enumerate(specification.indicators)}
    weights: dict[str, float] = {}
    leaves = {item.id for item in specification.indicators}
    given = {node.id: node.weight for node in specification.list_nodes()}
    for parent in specification.aggregates:
        children = specification.list_children(parent.id)
        part = np.column_stack([columns[child] for child in children])
        first = any(child in leaves for child in children)
        if first or specification.choose("weight")["stages"] > 1:
            share = weigh_components(part)
        else:
            share = np.array([given[child] for child in children]) / sum(given[child] for child in children)
        weights |= dict(zip(children, share.tolist(), strict=True))
        columns[parent.id] = aggregate(part, share)
    return weights
