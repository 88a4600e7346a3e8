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
TOLERANCE = 1e-9
FINE = 1e-11


class Effects(Protocol):
    """Fixed effects that can be taken out of columns."""

    def weigh(self, weights: Numbers) -> None:
        """Take new weights."""
        ...

    def residualise(
        self, columns: Numbers, tolerance: float, start: Numbers | None = None
    ) -> tuple[Numbers, Numbers]:
        """Return columns without the effects, and where to begin next time."""
        ...


@dataclass(frozen=True)
class PoissonFit:
    """A Poisson regression that has converged.

    Parameters
    ----------
    coefficients : array (regressors,)
    means : array (rows,)
        Fitted values [the value's unit].
    regressors : array (regressors, rows)
        Without the effects, weighted by the fitted values.
    steps : int
        Newton steps.
    deviance : float
    """

    coefficients: Numbers
    means: Numbers
    regressors: Numbers
    steps: int
    deviance: float


def fit_poisson(values: Numbers, regressors: Numbers, effects: Effects, weights: Numbers) -> PoissonFit:
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
    PoissonFit

    Raises
    ------
    NotConverged
        No step makes the fit better, or the steps do not end.

    References
    ----------
    `santos-silva-tenreyro-2006`, `correia-guimaraes-zylkin-2020`
    """
    means = 0.5 * (values + np.average(values, weights=weights)) * weights
    safe = np.where(weights > 0, means, 1.0)
    target = (np.log(safe) + (values - safe) / safe) * weights
    base = np.zeros_like(values)
    coefficients = np.zeros(len(regressors))
    deviance, change = np.inf, 1.0
    start: Numbers | None = None
    for step in range(1, MOST_STEPS + 1):
        tolerance = min(max(change * change * 1e-3, FINE), 1e-4)
        effects.weigh(means)
        left, _ = effects.residualise(target[None], tolerance)
        inner, start = effects.residualise(regressors, tolerance, start)
        moved = solve_inner(inner, means, left[0])
        shift = target - left[0] + moved @ inner
        if change < TOLERANCE * 100 and step > 2:
            return PoissonFit(coefficients, means, inner, step, deviance)
        base, means, taken, deviance = _search(values, weights, base, shift, deviance)
        coefficients = coefficients + taken * moved
        target = np.where(weights > 0, (values - means) / np.where(weights > 0, means, 1.0), 0.0)
        change = float(np.sqrt((means @ (shift * shift)) / means.sum())) if step > 1 else 1.0
    raise NotConverged(f"Poisson regression did not converge in {MOST_STEPS} steps")


def _search(
    values: Numbers, weights: Numbers, base: Numbers, shift: Numbers, deviance: float
) -> tuple[Numbers, Numbers, float, float]:
    """Go as far along a shift of the linear predictor as makes the fit no worse."""
    taken = 1.0
    for _ in range(HALVINGS):
        ahead = base + taken * shift
        means = np.exp(ahead) * weights
        fresh = measure_deviance(values, means)
        if np.isfinite(fresh) and fresh <= deviance * (1 + 1e-9) + 1e-9:
            return ahead, means, taken, fresh
        taken /= 2
    raise NotConverged(
        "no step makes the Poisson fit better",
        why="its coefficients would not be the maximum",
        todo="look for separated rows and collinear regressors",
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
