"""Standard errors of an estimate: robust, by cluster, by several clusters, dyadic; with a named convention.

The covariance is B M B with B the inverse of X'WX (effects taken out) and M the sums of scores that may go together:
each row alone (robust), rows of a cluster, rows of either of two clusters and not of both twice (multiway), or all
rows that share a state on either side (dyadic). Conventions multiply M:

- `none`: by 1;
- `stata`: G / (G - 1), with G the number of clusters (rows where robust, states where dyadic, the smallest where there
  are several kinds); for OLS also (n - 1) / (n - K), with K regressors and constant, absorbed effects not counted;
- `fixest`: G / (G - 1), and for every estimator (n - 1) / (n - K), with K the regressors and the levels of effects that
  are not nested in a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from comity.integration.errors import SpecificationError
from comity.integration.gravity.groups import is_nested

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Errors:
    """How the errors of an estimate may go together.

    Parameters
    ----------
    kind : str
        `robust`, `clustered`, `multiway` or `dyadic`.
    clusters : mapping of str to array (rows,) of int
        For each kind of cluster, the cluster of each row.
    convention : str
        `stata`, `fixest` or `none`.
    parameters : int
        Regressors and constant; for `fixest` regressors and levels of effects not nested in a cluster.
    linear : bool
        Whether the estimator is OLS.
    """

    kind: str
    clusters: Mapping[str, Codes]
    convention: str
    parameters: int
    linear: bool

    def count(self, rows: int) -> int:
        """Return the number of clusters, the smallest where there are several kinds."""
        return min((int(group.max()) + 1 for group in self.clusters.values()), default=rows)

    def factor(self, rows: int) -> float:
        """Return what the sums of scores are multiplied by."""
        if self.convention == "none":
            return 1.0
        groups = self.count(rows)
        factor = groups / (groups - 1)
        if self.linear or self.convention == "fixest":
            factor *= (rows - 1) / (rows - self.parameters)
        return factor


def plan_errors(
    kind: str, clusters: Mapping[str, Codes], effects: Sequence[Codes], convention: str, regressors: int, linear: bool
) -> Errors:
    """Return how errors may go together.

    Parameters
    ----------
    kind : str
        `robust`, `clustered`, `multiway` or `dyadic`.
    clusters : mapping of str to array (rows,) of int
        For dyadic errors `state`: the exporter of every row, then the importer of every row.
    effects : sequence of array (rows,) of int
        The fixed effects, which count as parameters where they are not nested in a cluster.
    convention : str
        `stata`, `fixest` or `none`.
    regressors : int
    linear : bool
        Whether the estimator is OLS.

    Returns
    -------
    Errors

    Raises
    ------
    SpecificationError
        All rows are in one cluster.
    """
    for name, group in clusters.items():
        if int(group.max(initial=0)) < 1:
            raise SpecificationError(f"all rows are in one cluster of {name!r}", todo="take other clusters")
    nesting = {} if kind == "dyadic" else clusters
    levels = _count_levels(effects, nesting) if convention == "fixest" else 1
    return Errors(kind, dict(clusters), convention, regressors + levels, linear)


def _count_levels(effects: Sequence[Codes], clusters: Mapping[str, Codes]) -> int:
    """Return the levels of effects that are not nested in a cluster; a nested kind counts as one."""
    if not effects:
        return 1
    levels = [int(group.max()) + 1 for group in effects]
    nested = [any(is_nested(group, cluster) for cluster in clusters.values()) for group in effects]
    total = sum(levels) - (len(levels) - 1)
    return total - sum(level - 1 for level, inside in zip(levels, nested, strict=True) if inside)


def estimate_covariance(scores: Numbers, bread: Numbers, errors: Errors) -> Numbers:
    """Estimate the covariance of coefficients.

    Parameters
    ----------
    scores : array (regressors, rows)
        Regressors without the effects, times residuals.
    bread : array (regressors, regressors)
        Inverse of X'WX.
    errors : Errors

    Returns
    -------
    array (regressors, regressors)

    References
    ----------
    `white-1980`, `cameron-gelbach-miller-2011`, `cameron-miller-2014`
    """
    if errors.kind == "robust":
        middle = scores @ scores.T
    elif errors.kind == "dyadic":
        middle = _add_dyads(scores, errors.clusters["state"])
    else:
        middle = _add_clusters(scores, list(errors.clusters.values()))
    found = bread @ middle @ bread * errors.factor(scores.shape[1])
    return _raise_to_zero(found) if errors.kind in ("multiway", "dyadic") else np.asarray(found)


def sum_scores(scores: Numbers, group: Codes) -> Numbers:
    """Return the sums of scores by group."""
    return np.stack([np.bincount(group, weights=row) for row in scores])


def _square(sums: Numbers) -> Numbers:
    """Return the sum of outer products of columns."""
    return np.asarray(sums @ sums.T)


def _add_clusters(scores: Numbers, groups: list[Codes]) -> Numbers:
    """Return the sums of products within any cluster, by inclusion and exclusion."""
    middle = np.zeros((len(scores), len(scores)))
    for number in range(1, len(groups) + 1):
        for some in combinations(groups, number):
            middle += (-1) ** (number + 1) * _square(sum_scores(scores, _cross(some)))
    return middle


def _cross(groups: Sequence[Codes]) -> Codes:
    """Return the number of the combination of groups in which each row is."""
    crossed = groups[0]
    for group in groups[1:]:
        crossed = np.unique(crossed * (int(group.max()) + 1) + group, return_inverse=True)[1]
    return crossed


def _add_dyads(scores: Numbers, states: Codes) -> Numbers:
    """Return the sums of products of rows that share a state, each product once."""
    rows = scores.shape[1]
    out, into = states[:rows], states[rows:]
    count = int(states.max()) + 1
    foreign = out != into
    total = np.stack([
        np.bincount(out, weights=row, minlength=count) + np.bincount(into, weights=row * foreign, minlength=count)
        for row in scores
    ])  # fmt: skip
    dyad = np.minimum(out, into) * count + np.maximum(out, into)
    return _square(total) - _square(sum_scores(scores * foreign, dyad))


def _raise_to_zero(covariance: Numbers) -> Numbers:
    """Return a covariance without negative directions, which sums of products with signs may have."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
