"""Poisson pseudo maximum likelihood with fixed effects taken out at each step.

Newton's method: with eta the linear predictor and mu = exp(eta), each step regresses the working residual
(y - mu) / mu on the regressors and the effects, weighted by mu, and moves eta by what is explained.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comity.integration.errors import NotConverged

Numbers = NDArray[np.float64]

MOST_STEPS = 100
HALVINGS = 12
SWEEPS = 6
NEAR = 0.02
SETTLED = 1e-3
STILL = 1e-6
FAINT = 1e-8
MOST_FAINT = 2_000
LOWERED = 0.1
CLOSE = 1e-6
FINE = 1e-10
FINEST = 1e-11
ROUGHEST = 1e-3
LARGEST = 600.0
SLACK = 1e-11


class Effects(Protocol):
    """Fixed effects that can be taken out of columns."""

    def balance(self, values: Numbers, weights: Numbers, sweeps: int) -> Numbers:
        """Return the logarithm of a product of effects that nearly has the sums of the values."""
        ...

    def weigh(self, weights: Numbers, near: bool = False) -> None:
        """Take new weights."""
        ...

    def residualise(self, columns: Numbers, tolerance: float, start: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """Return columns without the effects, and where to begin next time."""
        ...


@dataclass(frozen=True)
class Fit:
    """A regression that has converged.

    Parameters
    ----------
    coefficients : array (regressors,)
    fitted : array (rows,)
        Means of the values, or of their logarithms [the value's unit].
    residuals : array (rows,)
        Values less fitted ones.
    regressors : array (regressors, rows)
        Without the effects, which are taken out by the weights.
    weights : array (rows,)
        Of the last regression: the fitted means, or 1; 0 where a row does not count.
    steps : int
        Newton steps.
    settled : array (rows,) of bool
        Whether the linear predictor of the row stood still in the last step, and its mean is large enough for the
        score to say so: one below 1e-8 of the mean of all is within what the systems are solved to. Of these at most
        the 2,000 smallest are taken for doubtful.
    separated : array (rows,) of bool
        Zeros that the last step itself proves to be separated: it lowers them all, and moves nothing else.
    """

    coefficients: Numbers
    fitted: Numbers
    residuals: Numbers
    regressors: Numbers
    weights: Numbers
    steps: int
    settled: NDArray[np.bool_]
    separated: NDArray[np.bool_]


def fit_poisson(values: Numbers, regressors: Numbers, effects: Effects, weights: Numbers) -> Fit:
    """Fit a Poisson regression with fixed effects.

    Parameters
    ----------
    values : array (rows,)
        Not negative.
    regressors : array (regressors, rows)
    effects : Effects
    weights : array (rows,)
        1 where a row counts, 0 where it does not.

    Returns
    -------
    Fit

    Raises
    ------
    NotConverged
        No step makes the fit better, or the steps do not end.

    References
    ----------
    `santos-silva-tenreyro-2006`, `correia-guimaraes-zylkin-2020`
    """
    base = effects.balance(values, weights, SWEEPS)
    means = np.exp(base) * weights
    target = np.divide(values - means, means, out=np.zeros_like(values), where=means > 0)
    coefficients = np.zeros(len(regressors))
    change, level = 1.0, np.inf
    start: Numbers | None = None
    for step in range(1, MOST_STEPS + 1):
        tolerance = min(max(1e-2 * change * change, FINEST), ROUGHEST)
        effects.weigh(means, near=change < NEAR)
        left, _ = effects.residualise(target[None], tolerance)
        inner, start = effects.residualise(regressors, tolerance, start)
        moved = solve_inner(inner, means, left[0])
        shift = target
        shift -= left[0]
        shift += moved @ inner
        change = float(np.sqrt(np.einsum("r,r,r->", means, shift, shift) / means.sum()))
        base, means, taken, level = _search(values, weights, base, shift, level)
        coefficients = coefficients + taken * moved
        if change < CLOSE and tolerance <= FINE:
            settled, separated = _judge(values, weights, means, shift)
            return Fit(coefficients, means, values - means, inner, means, step, settled, separated)
        del left, inner, shift
        target = np.divide(values - means, means, out=np.zeros_like(values), where=means > 0)
    raise NotConverged(
        f"the Poisson regression did not converge in {MOST_STEPS} steps",
        why="its coefficients would not be the maximum",
        todo="look for separated rows and nearly collinear regressors",
    )


def _judge(
    values: Numbers, weights: Numbers, means: Numbers, shift: Numbers
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which rows surely stood still in a step, and which zeros it proves to be separated."""
    moved = (np.abs(shift) >= SETTLED) & (weights > 0)
    faint = (values == 0) & (weights > 0) & (means < FAINT * means.sum() / weights.sum())
    if faint.sum() > MOST_FAINT:
        faint &= means <= np.partition(means[faint], MOST_FAINT)[MOST_FAINT]
    settled = ~(moved | faint)
    still = np.abs(shift[~moved & (weights > 0)]).max(initial=0.0)
    proof = moved.any() and still <= STILL and shift[moved].max() < -LOWERED and values[moved].max() == 0
    return settled, moved if proof else np.zeros(len(values), dtype=bool)


def _search(
    values: Numbers, weights: Numbers, base: Numbers, shift: Numbers, level: float
) -> tuple[Numbers, Numbers, float, float]:
    """Go as far along a shift of the linear predictor as makes the fit no worse."""
    taken = 1.0
    for _ in range(HALVINGS):
        ahead = base + taken * shift if taken < 1 else base + shift
        means = np.exp(np.minimum(ahead, LARGEST, out=ahead) if ahead.max() > LARGEST else ahead)
        means *= weights
        fresh = float(means.sum() - values @ ahead)
        if fresh <= level + SLACK * abs(level):
            return ahead, means, taken, fresh
        taken /= 2
    raise NotConverged(
        "no step makes the Poisson fit better",
        why="its coefficients would not be the maximum",
        todo="look for separated rows and nearly collinear regressors",
    )


def measure_deviance(values: Numbers, means: Numbers) -> float:
    """Return the deviance of a Poisson fit."""
    logs = np.zeros_like(values)
    np.log(np.divide(values, means, out=np.ones_like(values), where=values > 0), out=logs, where=values > 0)
    return 2.0 * float(values @ logs - values.sum() + means.sum())


def solve_inner(inner: Numbers, weights: Numbers, target: Numbers) -> Numbers:
    """Return the weighted regression of a target on columns."""
    weighted = inner * weights
    return np.asarray(np.linalg.solve(weighted @ inner.T, weighted @ target)) if len(inner) else np.zeros(0)
