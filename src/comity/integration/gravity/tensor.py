"""Exporter-year, importer-year and pair effects of a dense panel, without a row index.

Values stand in a tensor of years x exporters x importers, in which a missing flow has the weight 0. Pair effects are
eliminated exactly: at given exporter-year effects a and importer-year effects g they are weighted means over the
years. What is left is solved by conjugate gradients, preconditioned by each year's bipartite Laplacian::

    L_t = [ diag(r_t)  W_t       ]      r_t, c_t: sums of W_t by exporter and importer
          [ W_t'       diag(c_t) ]

of which the Schur complement in the importers is inverted, year by year. Without pair effects that is the solution.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.integration.errors import NotConverged

Numbers = NDArray[np.float64]

MOST_STEPS = 500
RIDGE = 1e-7


class TensorEffects:
    """Fixed effects of a dense panel.

    Parameters
    ----------
    years, actors : int
        Shape of the tensor: years x actors x actors, exporters before importers.
    pair : str
        `directed`, `symmetric` or `none`.
    """

    def __init__(self, years: int, actors: int, pair: str) -> None:
        self.shape = (years, actors, actors)
        self.pair = pair

    def balance(self, values: Numbers, weights: Numbers, sweeps: int) -> Numbers:
        """Return the logarithm of a product of effects that nearly has the sums of the values.

        Each sweep scales exporter-years, importer-years and pairs in turn to the sums of the values.
        """
        flows, cells = values.reshape(self.shape), weights.reshape(self.shape)
        wanted = flows.sum(2), flows.sum(1), self._fold(flows.sum(0))
        out, into, pair = np.ones(self.shape[:2]), np.ones(self.shape[:2]), np.ones(self.shape[1:])
        for _ in range(sweeps):
            inner = cells * pair
            out = _divide(wanted[0], _multiply(inner, into))
            into = _divide(wanted[1], _multiply_back(inner, out))
            if self.pair != "none":
                spread = np.einsum("tij,ti,tj->ij", cells, out, into, optimize=["einsum_path", (0, 1), (0, 1)])
                pair = _divide(wanted[2], self._fold(spread))
        logs = np.log(out)[:, :, None] + np.log(into)[:, None, :] + np.log(pair)
        return np.asarray(logs.ravel())

    def weigh(self, weights: Numbers, near: bool = False) -> None:
        """Take new weights, of which none is negative; `near` the former ones, their preconditioner will do."""
        cells = weights.reshape(self.shape)
        self.cells = cells
        self.out, self.into = cells.sum(2), cells.sum(1)
        self.shares = _invert(self._fold(cells.sum(0)))
        self.out_shares = _invert(self.out)
        if near:
            return
        actors = self.shape[1]
        scaled = cells * np.sqrt(self.out_shares)[:, :, None]
        schur = -(scaled.transpose(0, 2, 1) @ scaled)
        inner = np.arange(actors)
        schur[:, inner, inner] += self.into * (1 + RIDGE) + (self.into == 0)
        schur += (self.into.sum(1) / actors**2)[:, None, None]
        self.inverse: Numbers = np.linalg.inv(schur).astype(float)

    def residualise(self, columns: Numbers, tolerance: float, start: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """Take the effects out of columns.

        Parameters
        ----------
        columns : array (columns, years * actors * actors)
        tolerance : float
            Of the normal equations, relative to the columns.
        start : array (columns, 2, years, actors), optional
            Coefficients to begin from.

        Returns
        -------
        residuals : array (columns, years * actors * actors)
        coefficients : array (columns, 2, years, actors)
            Of exporter-years and importer-years.

        Raises
        ------
        NotConverged
            The normal equations were not solved to the tolerance.
        """
        found = np.zeros((len(columns), 2, *self.shape[:2]))
        residuals = np.empty_like(columns)
        for place, column in enumerate(columns):
            cells = column.reshape(self.shape)
            begin = None if start is None else start[place]
            weighted = cells * self.cells
            coefficients = self._solve(weighted, float(np.vdot(weighted, cells)), tolerance, begin)
            found[place] = coefficients
            out = residuals[place].reshape(self.shape)
            np.subtract(cells, coefficients[0][:, :, None], out=out)
            out -= coefficients[1][:, None, :]
            if self.pair != "none":
                out -= self._fold(np.einsum("tij,tij->ij", out, self.cells)) * self.shares
        return residuals, found

    def _solve(self, weighted: Numbers, size: float, tolerance: float, begin: Numbers | None) -> Numbers:
        """Solve for the effects of one column, given it times the weights."""
        right = np.stack([weighted.sum(2), weighted.sum(1)])
        if self.pair != "none":
            right -= self._spread(self._fold(weighted.sum(0)) * self.shares)
        if begin is None:
            found, left = np.zeros_like(right), right
        else:
            found, left = begin.copy(), right - self._apply(begin)
        enough = tolerance * tolerance * size
        ahead = self._solve_years(left)
        direction, level = ahead, float(np.vdot(left, ahead))
        for _ in range(MOST_STEPS):
            if level <= enough:
                return found
            image = self._apply(direction)
            step = level / float(np.vdot(direction, image))
            found += step * direction
            left = left - step * image
            ahead = self._solve_years(left)
            fresh = float(np.vdot(left, ahead))
            direction, level = ahead + (fresh / level) * direction, fresh
        raise NotConverged(
            f"fixed effects were not taken out in {MOST_STEPS} steps",
            why="coefficients would rest on effects that are not solved",
            todo="look for groups of states that hardly trade with the others, or take fewer effects",
        )

    def _apply(self, effects: Numbers) -> Numbers:
        """Return the normal equations, pair effects eliminated, times exporter-year and importer-year effects."""
        out, into = effects
        image = np.stack([self.out * out, self.into * into])
        image += np.stack([_multiply(self.cells, into), _multiply_back(self.cells, out)])
        if self.pair != "none":
            sums = np.einsum("tij,ti->ij", self.cells, out) + np.einsum("tij,tj->ij", self.cells, into)
            image -= self._spread(self._fold(sums) * self.shares)
        return image

    def _spread(self, means: Numbers) -> Numbers:
        """Return the weighted sums of a pair's mean by exporter-year and importer-year."""
        return np.stack([np.einsum("tij,ij->ti", self.cells, means), np.einsum("tij,ij->tj", self.cells, means)])

    def _solve_years(self, right: Numbers) -> Numbers:
        """Solve each year's bipartite Laplacian."""
        out, into = right
        behind = _multiply(self.inverse, into - _multiply_back(self.cells, self.out_shares * out))
        return np.stack([self.out_shares * (out - _multiply(self.cells, behind)), behind])

    def _fold(self, sums: Numbers) -> Numbers:
        """Add what flows the other way, where the pair's effect is symmetric."""
        return sums + sums.T if self.pair == "symmetric" else sums


def _invert(sums: Numbers) -> Numbers:
    """Return one over sums, and 0 where there is nothing."""
    return np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)


def _divide(wanted: Numbers, found: Numbers) -> Numbers:
    """Return the factors from what was found to what is wanted, and 1 where there is nothing."""
    return np.divide(wanted, found, out=np.ones_like(found), where=(wanted > 0) & (found > 0))


def _multiply(matrices: Numbers, vectors: Numbers) -> Numbers:
    """Return each year's matrix times its vector."""
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def _multiply_back(matrices: Numbers, vectors: Numbers) -> Numbers:
    """Return each year's matrix, transposed, times its vector."""
    return np.asarray((matrices.transpose(0, 2, 1) @ vectors[:, :, None])[:, :, 0])
