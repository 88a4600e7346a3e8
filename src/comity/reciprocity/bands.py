"""Error bands of impulse responses that keep their shape over time (Sims and Zha 1999).

The ends of an interval for each period by itself are no path that anything ever took. The draws of a whole response
are therefore taken apart into the directions in which they vary most; a band moves along one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.var import Numbers

METHODS = ("percentile", "normal", "eigen-normal", "eigen", "eigen-joint")
PROBABILITIES = (0.16, 0.84)


@dataclass(frozen=True)
class Bands:
    """Bands of responses.

    Parameters
    ----------
    mean : array (steps, shock, response)
        Of the draws.
    lines : array (len(probabilities), steps, shock, response)
        One line for each probability. Along an eigenvector lines may cross: they are paths, not ends of an interval.
    shares : array
        Share of each component in the variance [0 to 1], largest first: (shock, response, steps) for each response
        by itself, (steps * shock * response,) for all together; empty for the other methods.
    """

    mean: Numbers
    lines: Numbers
    shares: Numbers


def split_draws(draws: Numbers) -> tuple[Numbers, Numbers]:
    """Return the directions in which draws vary, with their variances, largest first.

    Parameters
    ----------
    draws : array (draws, steps)

    Returns
    -------
    variances : array (steps,)
    directions : array (steps, steps)
        Columns, of length 1; the largest element of each is positive.
    """
    variances, directions = np.linalg.eigh(np.atleast_2d(np.cov(draws, rowvar=False)))
    variances, directions = np.maximum(variances[::-1], 0.0), directions[:, ::-1]
    largest = np.take_along_axis(directions, np.abs(directions).argmax(0)[None], 0)
    return variances, np.asarray(directions * np.where(largest < 0, -1.0, 1.0))


def _follow(draws: Numbers, method: str, component: int, probabilities: tuple[float, ...]) -> tuple[Numbers, Numbers]:
    """Return lines (probabilities, steps) along one direction, and the shares of all directions."""
    variances, directions = split_draws(draws)
    mean, direction = draws.mean(0), directions[:, component - 1]
    if method == "eigen-normal":
        reach = ndtri(np.array(probabilities)) * np.sqrt(variances[component - 1])
    else:
        reach = np.quantile((draws - mean) @ direction, probabilities)
    total = variances.sum()
    return mean + np.outer(reach, direction), variances / (total if total > 0 else 1.0)


def _follow_each(
    draws: Numbers, method: str, component: int, probabilities: tuple[float, ...]
) -> tuple[Numbers, Numbers]:
    """Return lines and shares for each response by itself."""
    _, steps, shocks, responses = draws.shape
    lines = np.empty((len(probabilities), steps, shocks, responses))
    shares = np.empty((shocks, responses, steps))
    for s in range(shocks):
        for r in range(responses):
            lines[:, :, s, r], shares[s, r] = _follow(draws[:, :, s, r], method, component, probabilities)
    return lines, shares


def bound_responses(
    draws: Numbers, method: str = "eigen", component: int = 1, probabilities: tuple[float, ...] = PROBABILITIES
) -> Bands:
    """Bound impulse responses by draws of them.

    Parameters
    ----------
    draws : array (draws, steps, shock, response)
        From `comity.reciprocity.bayes.draw_responses`.
    method : str
        `percentile`: each period by itself. `normal`: the same by mean and standard deviation. `eigen-normal`: along
        an eigenvector of each response, normal (Sims-Zha 1). `eigen`: the same by quantiles (Sims-Zha 2).
        `eigen-joint`: along an eigenvector of all responses together, by quantiles (Sims-Zha 3).
    component : int
        Which eigenvector, from 1.
    probabilities : tuple of float
        One line for each; 0.16 and 0.84 are customary.

    Returns
    -------
    Bands

    Raises
    ------
    ReciprocityError
        There is no such method or component, or fewer than two draws.

    References
    ----------
    `sims-zha-1999` in docs/bibliography.md
    """
    count, steps, shocks, responses = draws.shape
    most = draws[0].size if method == "eigen-joint" else steps
    if method not in METHODS:
        raise ReciprocityError(f"there is no method {method!r}", todo=f"choose one of {', '.join(METHODS)}")
    if count < 2 or not 1 <= component <= most:
        raise ReciprocityError(f"component {component} of {count} draws", todo=f"1 to {most}, and at least two draws")
    mean, none = draws.mean(0), np.empty(0)
    if method == "percentile":
        return Bands(mean, np.quantile(draws, probabilities, axis=0), none)
    if method == "normal":
        reach = ndtri(np.array(probabilities))[:, None, None, None]
        return Bands(mean, mean + reach * draws.std(0, ddof=1), none)
    if method == "eigen-joint":
        lines, shares = _follow(draws.reshape(count, -1), method, component, probabilities)
        return Bands(mean, lines.reshape(-1, steps, shocks, responses), shares)
    return Bands(mean, *_follow_each(draws, method, component, probabilities))
