"""What changed: differences of levels with their joint uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt
from typing import TYPE_CHECKING

from comity.relations.interval import Z90
from comity.relations.series import STEPS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """A difference of levels between two periods of one directed pair.

    Parameters
    ----------
    start, end : int
        Places of the two periods.
    change, low, high : float
        Difference and its 90 % interval [points].
    probability : float
        That the level moved in the direction of `change` [0.5 to 1].
    """

    start: int
    end: int
    change: float
    low: float
    high: float
    probability: float


def compare_levels(mean: Numbers, covariance: Numbers, start: int, end: int) -> Change:
    """Compare two periods of one pair.

    Parameters
    ----------
    mean : array (periods,)
        Smoothed levels [points].
    covariance : array (periods, periods)
        Their joint covariance.
    start, end : int
        Places of the periods.

    Returns
    -------
    Change
    """
    change = float(mean[end] - mean[start])
    variance = float(covariance[end, end] + covariance[start, start] - 2 * covariance[start, end])
    spread = sqrt(max(variance, 0.0))
    probability = 0.5 * (1 + erf(abs(change) / spread / sqrt(2))) if spread > 0 else 0.5
    return Change(start, end, change, change - Z90 * spread, change + Z90 * spread, probability)


def find_changes(level: Numbers, covariance: Numbers, pair: int, by: str) -> list[Change]:
    """Return the change over the whole span and the clearest step within it.

    Parameters
    ----------
    level : array (pairs, periods)
        Smoothed levels [points].
    covariance : array (pairs, periods, periods)
    pair : int
        Place of the pair.
    by : str
        Period, which sets the length of a step: 7 days, 4 weeks, or 3 months.

    Returns
    -------
    list of Change
        None, one or two; the step is the one with the largest probability among all steps of the span,
        and its probability does not allow for that choice.
    """
    mean, cover = level[pair], covariance[pair]
    periods = len(mean)
    if periods < 2:
        return []
    whole = compare_levels(mean, cover, 0, periods - 1)
    length = STEPS[by]
    steps = [compare_levels(mean, cover, end - length, end) for end in range(length, periods)]
    steps = [step for step in steps if (step.start, step.end) != (0, periods - 1)]
    if not steps:
        return [whole]
    return [whole, max(steps, key=lambda step: (step.probability, -step.end))]
