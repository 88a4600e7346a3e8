"""Standings beside each other: ranks with their uncertainty, a level beside its own past, a level among others.

A rank is a function of all levels, so that its uncertainty follows from theirs. Two intervals are given:

- `low` to `high` holds the one rank with 90 % probability (quantiles of draws from the levels' own distributions).
- `sure_low` to `sure_high` hold all ranks at once with 90 % probability: each mean rank with as many standard
  deviations about it as all ranks together need (sup-t bands; Montiel Olea and Plagborg-Moller 2019).

Both are posterior intervals, from joint draws of all levels. Mogstad, Romano, Shaikh and Wilhelm (2024) give the same
two kinds for estimates with sampling errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

SHARE = 0.9
DRAWS = 2000


@dataclass(frozen=True)
class Ranks:
    """Ranks from the highest level, 1, with their intervals; arrays of shape (pairs,).

    Parameters
    ----------
    rank : array
        Of the means; equal means in the order given.
    low, high : array
        90 % interval of each rank for itself.
    sure_low, sure_high : array
        Intervals that hold all ranks at once with 90 % probability.
    """

    rank: Whole
    low: Whole
    high: Whole
    sure_low: Whole
    sure_high: Whole


@dataclass(frozen=True)
class Place:
    """Where a level stands among others [share of them that lie below it, equal ones counted half].

    Parameters
    ----------
    share, low, high : float
        Median and 90 % interval.
    """

    share: float
    low: float
    high: float


def average_levels(one: Numbers, other: Numbers, points: Numbers) -> tuple[Numbers, Numbers]:
    """Return the distribution of the mean of two independent levels.

    Parameters
    ----------
    one, other : array (pairs, points)
        [probability]
    points : array (points,)
        Of the grid [points].

    Returns
    -------
    mass : array (pairs, 2 x points - 1)
        [probability]
    points : array (2 x points - 1,)
        At half the distance [points].
    """
    import numpy as np

    size = len(points)
    mass = np.zeros((len(one), 2 * size - 1))
    for n in range(size):
        mass[:, n : n + size] += one[:, n : n + 1] * other
    return mass, np.linspace(points[0], points[-1], 2 * size - 1)


def find_quantiles(mass: Numbers, points: Numbers, shares: Numbers) -> Numbers:
    """Return quantiles of levels, the probability of each point spread evenly around it.

    Parameters
    ----------
    mass : array (pairs, points)
        [probability]
    points : array (points,)
        At equal distances [points].
    shares : array (pairs, quantiles)
        Which quantiles, for each pair [0 to 1].

    Returns
    -------
    array (pairs, quantiles)
        [points]
    """
    import numpy as np

    step = points[1] - points[0]
    edges = np.concatenate([points - step / 2, [points[-1] + step / 2]])
    below = np.concatenate([np.zeros((len(mass), 1)), np.cumsum(mass, 1)], axis=1)
    below = below / below[:, -1:] + 1e-13 * np.arange(len(edges))
    found: Numbers = np.array([np.interp(asked, row, edges) for asked, row in zip(shares, below, strict=True)])
    return found.reshape(len(mass), -1)


def rank_standings(mass: Numbers, points: Numbers, seed: int = 0) -> Ranks:
    """Rank levels from the highest, with intervals.

    Parameters
    ----------
    mass : array (pairs, points)
        Of independent levels [probability].
    points : array (points,)
        [points]
    seed : int
        Of the draws.

    Returns
    -------
    Ranks

    References
    ----------
    `montiel-olea-plagborg-moller-2019`, `mogstad-2024` in docs/bibliography.md
    """
    import numpy as np

    pairs = len(mass)
    if pairs == 0:
        none = np.zeros(0, np.int64)
        return Ranks(none, none, none, none, none)
    rank = _order(-(mass @ points)[None])[0]
    chosen = np.empty((pairs, DRAWS))
    chosen[np.lexsort(mass.T)] = np.random.default_rng(seed).random((pairs, DRAWS))  # by what they are, not by name
    drawn = _order(-find_quantiles(mass, points, chosen).T)
    low, high = np.quantile(drawn, [(1 - SHARE) / 2, (1 + SHARE) / 2], axis=0, method="nearest").astype(np.int64)
    low, high = np.minimum(low, rank), np.maximum(high, rank)
    sure_low, sure_high = _bound_together(drawn)
    return Ranks(rank, low, high, np.minimum(sure_low, low), np.maximum(sure_high, high))


def _bound_together(drawn: Whole) -> tuple[Whole, Whole]:
    """Return intervals that hold all ranks of a draw in 90 % of the draws."""
    import numpy as np

    mean, spread = drawn.mean(0), np.maximum(drawn.std(0), 1e-9)
    reach = float(np.quantile((np.abs(drawn - mean) / spread).max(1), SHARE, method="higher"))
    low, high = np.ceil(mean - reach * spread - 1e-6), np.floor(mean + reach * spread + 1e-6)
    return np.clip(low, 1, drawn.shape[1]).astype(np.int64), np.clip(high, 1, drawn.shape[1]).astype(np.int64)


def _order(values: Numbers) -> Whole:
    """Return the place of each value in its row, from 1 for the smallest."""
    import numpy as np

    places: Whole = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable") + 1
    return places


def place_in_past(courses: Numbers) -> Place:
    """Return where the last period stands among those before it.

    Parameters
    ----------
    courses : array (draws, periods)
        Drawn courses of a level; at least two periods [points].

    Returns
    -------
    Place
        The median share of earlier periods in which the level was lower, over the draws.
    """
    import numpy as np

    past, now = courses[:, :-1], courses[:, -1:]
    near = 1e-9
    return _summarise(((past < now - near).sum(1) + 0.5 * (np.abs(past - now) <= near).sum(1)) / past.shape[1])


def place_among(own: Numbers, others: Numbers) -> Place:
    """Return where a level stands among others.

    Parameters
    ----------
    own : array (draws,)
        Draws of the level [points].
    others : array (others, draws)
        Draws of the other levels [points].

    Returns
    -------
    Place
        The share of the others that are lower.
    """
    return _summarise(((others < own).sum(0) + 0.5 * (others == own).sum(0)) / len(others))


def _summarise(shares: Numbers) -> Place:
    """Return median and 90 % interval of draws."""
    import numpy as np

    low, middle, high = np.quantile(shares, [(1 - SHARE) / 2, 0.5, (1 + SHARE) / 2])
    return Place(float(middle), float(low), float(high))
