"""Fixed effects taken out of columns by weighted least squares, whatever their number and balance.

Of three kinds or more, the largest (usually the pair) is eliminated exactly. The coefficients f of the others solve::

    (D'WD - B' S^-1 B) f = D'W v - B' S^-1 s

with D the indicators of the other groups, B their weighted cross table with the eliminated group, and S and s the
eliminated group's sums of weights and of weighted v. The system is solved by conjugate gradients; what is left of it
without the elimination, D'WD, is factored and serves as preconditioner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from comity.integration.errors import NotConverged

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_STEPS = 2000
RIDGE = 1e-6
ELIMINATED_BELOW = 2
FACTORED = 60_000


class SparseEffects:
    """Fixed effects of a list of rows.

    Parameters
    ----------
    groups : sequence of array (rows,) of int
        For each kind of effect, the number of the group in which each row is, from 0 without gaps.
    rows : int
        Number of rows.
    """

    def __init__(self, groups: Sequence[Codes], rows: int) -> None:
        ordered = sorted(groups, key=lambda group: -int(group.max()))
        kept = ordered if len(ordered) == ELIMINATED_BELOW else ordered[1:]
        sizes = [int(group.max()) + 1 for group in kept]
        self.rows = rows
        self.first: Codes = ordered[0] if len(kept) < len(ordered) else np.zeros(rows, dtype=np.int64)
        self.firsts = int(self.first.max()) + 1 if len(kept) < len(ordered) else 0
        self.others = sum(sizes)
        self.pinned = len(kept) == ELIMINATED_BELOW
        self.design = _lay_out(kept, sizes, rows)
        self.groups = ordered
        self.weights: Numbers = np.ones(rows)

    def balance(self, values: Numbers, weights: Numbers, sweeps: int) -> Numbers:
        """Return the logarithm of a product of effects that nearly has the sums of the values.

        Each sweep scales each kind of effect in turn to the sums of the values.
        """
        means = weights * np.average(values, weights=weights)
        for group in self.groups * sweeps:
            wanted, found = (np.bincount(group, weights=column) for column in (values, means))
            factors = np.divide(wanted, found, out=np.ones_like(found), where=(wanted > 0) & (found > 0))
            means = means * factors[group]
        return np.log(np.where(weights > 0, means, 1.0))

    def weigh(self, weights: Numbers, near: bool = False) -> None:
        """Take new weights, of which none is negative; `near` the former ones, their preconditioner will do."""
        self.weights = weights
        sums = np.bincount(self.first, weights=weights, minlength=max(self.firsts, 1))
        self.shares = np.zeros(1) if not self.firsts else np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
        if not self.others:
            return
        weighted = sparse.diags_array(weights) @ self.design
        rows = np.arange(self.rows)
        first = sparse.csr_array((np.ones(self.rows), (self.first, rows)), shape=(max(self.firsts, 1), self.rows))
        self.cross = (first @ weighted).tocsr()
        self.gram = (self.design.T @ weighted).tocsc()
        if not near:
            self.solve_roughly = _factor(self.gram, self.pinned)

    def residualise(self, columns: Numbers, tolerance: float, start: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """Take the effects out of columns.

        Parameters
        ----------
        columns : array (columns, rows)
        tolerance : float
            Of the normal equations, relative to the columns.
        start : array (columns, others), optional
            Coefficients to begin from.

        Returns
        -------
        residuals : array (columns, rows)
        coefficients : array (columns, others)
            Of the effects that are not eliminated.

        Raises
        ------
        NotConverged
            The normal equations were not solved to the tolerance.
        """
        if not self.others:
            return self._take_first_out(columns), np.zeros((len(columns), 0))
        found = np.empty((len(columns), self.others))
        residuals = np.empty_like(columns)
        for place, column in enumerate(columns):
            begin = np.zeros(self.others) if start is None else start[place]
            found[place] = self._solve(column, tolerance, begin)
            residuals[place] = self._take_first_out((column - self.design @ found[place])[None])[0]
        return residuals, found

    def _take_first_out(self, columns: Numbers) -> Numbers:
        """Return columns less their weighted mean in each group of the eliminated effect."""
        if not self.firsts:
            return columns.copy()
        out = np.empty_like(columns)
        for place, column in enumerate(columns):
            sums = np.bincount(self.first, weights=self.weights * column, minlength=max(self.firsts, 1))
            out[place] = column - (sums * self.shares)[self.first]
        return out

    def _apply(self, vector: Numbers) -> Numbers:
        """Return the system times a vector."""
        return np.asarray(self.gram @ vector - self.cross.T @ (self.shares * (self.cross @ vector)))

    def _solve(self, column: Numbers, tolerance: float, begin: Numbers) -> Numbers:
        """Solve the system for one column by preconditioned conjugate gradients."""
        demeaned = self._take_first_out(column[None])[0]
        right = np.asarray(self.design.T @ (self.weights * demeaned))
        scale = float(np.sqrt(self.weights @ (demeaned * demeaned)))
        left = right - self._apply(begin)
        found, ahead = begin.copy(), self.solve_roughly(left)
        direction, level = ahead.copy(), float(left @ ahead)
        for _ in range(MOST_STEPS):
            if level <= (tolerance * scale) ** 2:
                return found
            image = self._apply(direction)
            step = level / float(direction @ image)
            found += step * direction
            left -= step * image
            ahead = self.solve_roughly(left)
            fresh = float(left @ ahead)
            direction, level = ahead + (fresh / level) * direction, fresh
        raise NotConverged(
            f"fixed effects were not taken out in {MOST_STEPS} steps",
            why="coefficients would rest on effects that are not solved",
            todo="look for groups of states that hardly trade with the others, or take fewer effects",
        )


def _lay_out(groups: Sequence[Codes], sizes: Sequence[int], rows: int) -> Any:
    """Return the indicators of several groups side by side."""
    if not groups:
        return sparse.csr_array((rows, 0))
    before = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    columns = np.stack([group + offset for group, offset in zip(groups, before, strict=True)], axis=1).ravel()
    starts = np.arange(rows + 1) * len(groups)
    return sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(rows, int(sum(sizes))))


def _factor(gram: Any, pinned: bool) -> Any:
    """Return a function that solves a slightly heavier system, exactly or by its diagonal where it is very large.

    Of two kinds of effects, one level is redundant in each connected part: there the first is held. Of more kinds, a
    small weight on the diagonal stands in for that.
    """
    diagonal = gram.diagonal()
    heavier = (diagonal == 0).astype(float)
    if gram.shape[0] > FACTORED:
        inverse = 1.0 / (diagonal + heavier)
        return lambda vector: inverse * vector
    if pinned:
        _, part = connected_components(gram, directed=False)
        _, held = np.unique(part, return_index=True)
        heavier[held] += diagonal[held]
    else:
        heavier += RIDGE * diagonal
    return splu((gram + sparse.diags_array(heavier)).tocsc()).solve
