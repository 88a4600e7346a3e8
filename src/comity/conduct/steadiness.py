"""Shares of few cases: intervals, differences between partners, and a share over many rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import exp, lgamma, log, sqrt
from typing import NamedTuple

LEVEL = 0.90
Z90 = 1.6448536269514722
FEWEST = 5
"""Known cases below which there is too little to say."""
MEANS = 99
SPREADS = 25


class Share(NamedTuple):
    """A share with its 90 % interval [fraction]; all None where there is no case."""

    value: float | None
    low: float | None
    high: float | None


def bound_share(kept: int, known: int, z: float = Z90) -> Share:
    """Return a share with its Wilson score interval.

    Parameters
    ----------
    kept, known : int
        Cases in which it was so, and all cases that are known [count].
    z : float
        Quantile of the normal distribution; 90 % where left out.

    Returns
    -------
    Share
        90 % interval; None three times where nothing is known.

    References
    ----------
    `wilson-1927`, `brown-cai-dasgupta-2001`

    Examples
    --------
    >>> [round(value, 3) for value in bound_share(8, 10)]
    [0.8, 0.541, 0.931]
    """
    if known == 0:
        return Share(None, None, None)
    share, square = kept / known, z * z
    centre = (share + square / (2 * known)) / (1 + square / known)
    half = z / (1 + square / known) * sqrt(share * (1 - share) / known + square / (4 * known * known))
    return Share(share, max(0.0, centre - half), min(1.0, centre + half))


def bound_difference(first: tuple[int, int], second: tuple[int, int], z: float = Z90) -> Share:
    """Return the difference of two independent shares with Newcombe's hybrid score interval.

    Parameters
    ----------
    first, second : (kept, known)
        Counts; both known at least once.
    z : float
        As in `bound_share`.

    Returns
    -------
    Share
        First minus second, with a 90 % interval [fraction].

    References
    ----------
    `newcombe-1998`
    """
    a, b = bound_share(*first, z), bound_share(*second, z)
    if a.value is None or b.value is None or a.low is None or b.low is None or a.high is None or b.high is None:
        return Share(None, None, None)
    change = a.value - b.value
    low = change - sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = change + sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Share(change, low, high)


def weigh_difference(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the probability that the first share is the larger one, both from a uniform prior.

    Parameters
    ----------
    first, second : (kept, known)
        Counts.

    Returns
    -------
    float
        Exact sum over the beta posteriors [0 to 1]; 0.5 where nothing is known.

    Examples
    --------
    >>> round(weigh_difference((0, 0), (0, 0)), 9)
    0.5
    >>> round(weigh_difference((9, 10), (2, 10)), 3)
    0.999
    """
    a1, b1 = first[0] + 1, first[1] - first[0] + 1
    a2, b2 = second[0] + 1, second[1] - second[0] + 1
    terms = (
        exp(_log_beta(a2 + n, b2 + b1) - log(b1 + n) - _log_beta(1 + n, b1) - _log_beta(a2, b2)) for n in range(a1)
    )
    return min(1.0, max(0.0, sum(terms)))


def pool_shares(cells: Sequence[tuple[int, int]]) -> Share:
    """Return the share that is typical of many rules and partners, which may differ from each other.

    Parameters
    ----------
    cells : sequence of (kept, known)
        One for each rule and partner; those with nothing known say nothing.

    Returns
    -------
    Share
        Mean of the posterior of a beta-binomial's mean and its 90 % interval, on a grid; the mean and the correlation
        within a cell are uniform before. None where no cell is known.

    References
    ----------
    `griffiths-1973`
    """
    counted = Counter((kept, known) for kept, known in cells if known > 0)
    if not counted:
        return Share(None, None, None)
    means = [(n + 0.5) / MEANS for n in range(MEANS)]
    spreads = [(n + 0.5) / SPREADS for n in range(SPREADS)]
    logs = [[_score_cells(counted, mean, (1 - spread) / spread) for spread in spreads] for mean in means]
    top = max(max(row) for row in logs)
    weights = [sum(exp(value - top) for value in row) for row in logs]
    total = sum(weights)
    centre = sum(mean * weight for mean, weight in zip(means, weights, strict=True)) / total
    heights = [0.0, *(height / total for height in accumulate(weights))]
    return Share(centre, _find_quantile(heights, (1 - LEVEL) / 2), _find_quantile(heights, (1 + LEVEL) / 2))


def _score_cells(counted: Counter[tuple[int, int]], mean: float, size: float) -> float:
    """Return the log likelihood of all cells under a beta-binomial of a mean and a size."""
    a, b = mean * size, (1 - mean) * size
    base = _log_beta(a, b)
    return sum(times * (_log_beta(a + k, b + n - k) - base) for (k, n), times in counted.items())


def _find_quantile(heights: Sequence[float], share: float) -> float:
    """Return the place at which a distribution over equal cells of [0, 1] reaches a share."""
    cells = len(heights) - 1
    place = next((n for n in range(cells) if heights[n + 1] >= share), cells - 1)
    height = heights[place + 1] - heights[place]
    return (place + ((share - heights[place]) / height if height > 0 else 0.5)) / cells


def _log_beta(a: float, b: float) -> float:
    """Return the logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)
