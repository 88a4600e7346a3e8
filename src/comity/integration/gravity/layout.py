"""Rows laid out for an estimator: in a dense tensor where most flows are there, as a list where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.integration.gravity.effects import SparseEffects
from comity.integration.gravity.groups import close_gaps
from comity.integration.gravity.panel import Panel
from comity.integration.gravity.poisson import Effects, Fit
from comity.integration.gravity.tensor import TensorEffects

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

DENSE = 8
TENSOR = {"exporter_year", "importer_year"}
PAIRS = {"pair": "directed", "pair_symmetric": "symmetric"}


@dataclass(frozen=True)
class Layout:
    """Where each row stands, and how its effects are taken out.

    Parameters
    ----------
    effects : Effects
    size : int
        Number of cells.
    cells : array (rows,) of int, or None
        Cell of each row; None where rows and cells are the same.
    """

    effects: Effects
    size: int
    cells: Codes | None

    def spread(self, columns: Numbers) -> Numbers:
        """Return columns by cell, 0 where there is no row."""
        if self.cells is None:
            return columns
        out = np.zeros((*columns.shape[:-1], self.size))
        out[..., self.cells] = columns
        return out

    def gather(self, fit: Fit) -> Fit:
        """Return a fit by cell as one by row."""
        at = self.cells
        if at is None:
            return fit
        return Fit(
            fit.coefficients, fit.fitted[at], fit.residuals[at], fit.regressors[:, at], fit.weights[at], fit.steps,
            fit.settled[at],
        )  # fmt: skip


def lay_out(panel: Panel, names: Sequence[str], groups: Sequence[Codes]) -> Layout:
    """Choose how rows are laid out.

    Parameters
    ----------
    panel : Panel
    names : sequence of str
        Kinds of fixed effects.
    groups : sequence of array (rows,) of int
        The same, as groups.

    Returns
    -------
    Layout
    """
    rows = len(panel.values)
    extra = set(names) - TENSOR
    if TENSOR <= set(names) and len(extra) <= 1 and extra <= set(PAIRS):
        both = close_gaps(np.concatenate([panel.exporter, panel.importer]))
        year = close_gaps(panel.year)
        actors, years = int(both.max()) + 1, int(year.max()) + 1
        size = years * actors * actors
        if size <= DENSE * rows:
            cells = (year * actors + both[:rows]) * actors + both[rows:]
            ordered = size == rows and bool((cells == np.arange(size)).all())
            pair = PAIRS[extra.pop()] if extra else "none"
            return Layout(TensorEffects(years, actors, pair), size, None if ordered else cells)
    constant = [np.zeros(rows, dtype=np.int64)]
    return Layout(SparseEffects(list(groups) or constant, rows), rows, None)
