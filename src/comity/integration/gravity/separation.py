"""Rows of zeros for which no Poisson estimate exists, found exactly.

A set of rows is separated where some combination z of regressors and effects is 0 on every positive row, nowhere
negative on the zeros, and positive on that set: the likelihood then rises for ever as their mean goes to 0. They say
nothing about the other coefficients and must be left out. The largest such set is the union of the supports of

    maximise sum(z)    subject to    z = X b + D f,   z = 0 where y > 0,   0 <= z <= 1 where y = 0

solved again without what was found until nothing is found. Groups that hold zeros only are found first, by counting.
Where a Poisson fit has settled, the zeros whose predictor stands still are certified: their means are positive
weights at which the score is zero, so that no z can be positive there. The programme is then about the others only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comity.integration.errors import NotConverged

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
Rows = NDArray[np.bool_]

POSITIVE = 1e-4
VIOLATED = 1e-6
WHOLE = 40_000
ADDED = 20_000


def find_zero_groups(values: Numbers, groups: Sequence[Codes]) -> Rows:
    """Find the rows of groups that hold zeros only.

    Parameters
    ----------
    values : array (rows,)
    groups : sequence of array (rows,) of int

    Returns
    -------
    array (rows,) of bool

    Examples
    --------
    >>> find_zero_groups(np.array([0.0, 0.0, 1.0]), [np.array([0, 1, 1])]).tolist()
    [True, False, False]
    """
    found = np.zeros(len(values), dtype=bool)
    for group in groups:
        found |= (np.bincount(group, weights=values) == 0)[group]
    return found


def find_separated(
    values: Numbers, regressors: Numbers, groups: Sequence[Codes], candidates: Rows | None = None
) -> Rows:
    """Find the rows for which no Poisson estimate exists.

    Parameters
    ----------
    values : array (rows,)
        Not negative.
    regressors : array (regressors, rows)
    groups : sequence of array (rows,) of int
        For each kind of fixed effect, the group of each row; a constant where it is empty.
    candidates : array (rows,) of bool, optional
        The zeros that are not known to be in order; every zero where it is left out.

    Returns
    -------
    array (rows,) of bool

    Raises
    ------
    NotConverged
        The linear programme was not solved.

    References
    ----------
    `correia-guimaraes-zylkin-2019`, `huangfu-hall-2018`

    Examples
    --------
    >>> values, border = np.array([0.0, 0.0, 1.0, 2.0]), np.array([[1.0, 0.0, 0.0, 0.0]])
    >>> find_separated(values, border, []).tolist()
    [True, False, False, False]
    """
    groups = list(groups) or [np.zeros(len(values), dtype=np.int64)]
    open_rows: Rows = np.asarray(values == 0) if candidates is None else candidates & (values == 0)
    if not open_rows.any():
        return open_rows
    found = find_zero_groups(values, groups)
    design = _lay_out(regressors, groups)
    while True:
        ahead = np.flatnonzero(open_rows & ~found)
        held = np.flatnonzero(~open_rows & ~found)
        if not len(ahead):
            return found
        fresh = _solve(design, ahead, held)
        if not fresh.any():
            return found
        found[ahead[fresh]] = True


def _lay_out(regressors: Numbers, groups: Sequence[Codes]) -> Any:
    """Return regressors, each of size 1, and the indicators of the groups, side by side."""
    size = np.abs(regressors).max(axis=1, initial=0.0)
    scaled = regressors / np.where(size > 0, size, 1.0)[:, None]
    rows = np.arange(regressors.shape[1])
    blocks = [sparse.csr_array((np.ones(len(rows)), (rows, group))) for group in groups]
    return sparse.hstack([sparse.csr_array(scaled.T), *blocks], format="csr")


def _solve(design: Any, ahead: Codes, held: Codes) -> Rows:
    """Tell which of the open rows a combination can raise while the held rows stay at 0."""
    some = held if len(held) <= WHOLE else _choose_near(design, ahead, held)
    while True:
        combination, raised = _solve_programme(design, ahead, some)
        if not raised.any() or len(some) == len(held):
            return raised
        away = np.abs(design[held] @ combination)
        worst = held[np.argsort(-away)[:ADDED]][np.sort(-away)[:ADDED] < -VIOLATED]
        if not len(worst):
            return raised
        some = np.union1d(some, worst)


def _choose_near(design: Any, ahead: Codes, held: Codes) -> Codes:
    """Return the held rows that share most with the open ones, as many as are solved at once."""
    touched = np.asarray((design[ahead] != 0).sum(axis=0)).ravel() > 0
    shared = (design[held] != 0) @ touched.astype(float)
    return np.sort(held[np.argsort(-shared, kind="stable")[:WHOLE]])


def _solve_programme(design: Any, ahead: Codes, some: Codes) -> tuple[Numbers, Rows]:
    """Return the best combination, and which open rows it raises."""
    chosen = np.concatenate([ahead, some])
    system = design[chosen].tocsc()
    used = np.flatnonzero(np.diff(system.indptr))
    raised = sparse.vstack([-sparse.eye_array(len(ahead)), sparse.csr_array((len(some), len(ahead)))])
    from scipy.optimize import linprog

    solve: Any = linprog
    answer = solve(
        np.concatenate([np.zeros(len(used)), -np.ones(len(ahead))]),
        A_eq=sparse.hstack([system[:, used], raised], format="csc"),
        b_eq=np.zeros(len(chosen)),
        bounds=np.concatenate([np.tile([-np.inf, np.inf], (len(used), 1)), np.tile([0.0, 1.0], (len(ahead), 1))]),
        method="highs",
    )
    if answer.x is None:
        raise NotConverged(
            f"separated rows could not be told: {answer.message}",
            why="an estimate may not exist",
            todo="take out regressors that hardly vary, or regressors that are nearly sums of the others",
        )
    combination = np.zeros(design.shape[1])
    combination[used] = answer.x[: len(used)]
    return combination, np.asarray(answer.x[len(used) :] > POSITIVE)
