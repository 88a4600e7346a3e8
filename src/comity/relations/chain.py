"""A hidden level on a grid: how it moves between periods, and what is known of it before, at and after each.

The level moves in continuous time, so that days, weeks and months are views of one motion: it is pulled toward the
mean of all pairs, it wanders, and it sometimes jumps, by a double-exponential step that favours neither direction. On
a grid this is a Markov chain, and filtering and smoothing are exact sums (Kitagawa 1987), whatever the distribution of
the observations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FASTEST = 1e3  # moves a day from one point to the next, beyond which the grid ends
TERMS = 12  # of the series of the matrix exponential, at a norm of at most 1/4


@dataclass(frozen=True)
class Motion:
    """How a level moves; one for all pairs.

    Parameters
    ----------
    mean, spread : float
        Of the levels of all pairs in the long run [units of the level].
    pull : float
        Rate at which a level returns toward the mean [1/day].
    jumps : float
        Jumps [1/day].
    reach : float
        Mean size of a jump [units of the level].
    """

    mean: float
    spread: float
    pull: float
    jumps: float
    reach: float


@dataclass(frozen=True)
class Chain:
    """A motion on a grid.

    Parameters
    ----------
    points : array (points,)
        Levels, rising, at equal distances.
    start : array (points,)
        What pairs are like at large [probability].
    generator : array (points, points)
        Rates of moves [1/day].
    """

    points: Numbers
    start: Numbers
    generator: Numbers

    def move(self, days: float) -> Numbers:
        """Return the probabilities of moving from each point to each other in some days, (points, points)."""
        return exponentiate(self.generator * days)


@dataclass(frozen=True)
class Passage:
    """What a filter learned; arrays of shape (pairs, periods, points) [probability] unless said.

    Parameters
    ----------
    expected : array
        Before the period's own observation.
    filtered : array
        With it.
    log_score : array (pairs, periods)
        Log probability of the observation, from what was expected [nats].
    moves : tuple of array (points, points)
        Moves into each period; the first stands for none.
    """

    expected: Numbers
    filtered: Numbers
    log_score: Numbers
    moves: tuple[Numbers, ...]

    def take(self, chosen: NDArray[np.int64]) -> Passage:
        """Return that of some pairs, by their places."""
        return Passage(self.expected[chosen], self.filtered[chosen], self.log_score[chosen], self.moves)


def exponentiate(matrix: Numbers) -> Numbers:
    """Return the exponential of a generator, each row summing to one (scaling and squaring)."""
    import numpy as np

    norm = float(np.abs(matrix).sum(1).max())
    halvings = max(0, int(np.ceil(np.log2(norm / 0.25)))) if norm > 0 else 0
    small = matrix / 2**halvings
    term: Numbers = np.eye(len(matrix))
    total: Numbers = np.eye(len(matrix))
    for n in range(1, TERMS):
        term = term @ small / n
        total = total + term
    for _ in range(halvings):
        total = total @ total
    total = np.maximum(total, 0.0)
    share: Numbers = total / total.sum(1, keepdims=True)
    return share


@lru_cache(maxsize=16)
def lay_chain(low: float, high: float, size: int, motion: Motion) -> Chain:
    """Lay a motion on a grid of equal distances.

    Parameters
    ----------
    low, high : float
        First and last point [units of the level].
    size : int
        Number of points.
    motion : Motion

    Returns
    -------
    Chain
        Its start is what the wandering alone tends to. Negating the mean and the ends reverses it.

    References
    ----------
    `kitagawa-1987` in docs/bibliography.md
    """
    import numpy as np

    points = np.linspace(low, high, size)
    start = np.exp(-0.5 * ((points - motion.mean) / motion.spread) ** 2)
    start /= start.sum()
    rates = np.zeros((size, size))
    here = np.arange(size - 1)
    pace = motion.pull * motion.spread**2 / (points[1] - points[0]) ** 2
    odds = np.sqrt(np.maximum(start[1:], 1e-300) / np.maximum(start[:-1], 1e-300))
    rates[here, here + 1] = np.minimum(pace * odds, FASTEST)
    rates[here + 1, here] = np.minimum(pace / odds, FASTEST)
    jump = np.exp(-np.abs(points[:, None] - points[None, :]) / motion.reach) * np.sqrt(start)[None, :]
    rates += motion.jumps * jump / jump.sum(1, keepdims=True)
    np.fill_diagonal(rates, 0.0)
    np.fill_diagonal(rates, -rates.sum(1))
    return Chain(points, start, rates)


def list_moves(chain: Chain, days: Numbers) -> tuple[Numbers, ...]:
    """Return the moves into each period from the one before it; the first is into itself."""
    import numpy as np

    gaps = [0.0, *(round(float(gap), 6) for gap in np.diff(days))]
    known = {gap: chain.move(gap) for gap in sorted(set(gaps))}
    return tuple(known[gap] for gap in gaps)


def filter_chain(evidence: Numbers, days: Numbers, chain: Chain) -> Passage:
    """Pass through the periods, knowing at each only what came before.

    Parameters
    ----------
    evidence : array (pairs, periods, points)
        Log probability of each observation at each level [nats]; 0 everywhere where there is none.
    days : array (periods,)
        Middle of each period [days].
    chain : Chain

    Returns
    -------
    Passage

    References
    ----------
    `kitagawa-1987` in docs/bibliography.md
    """
    import numpy as np

    pairs, periods, _ = evidence.shape
    expected, filtered = np.empty_like(evidence), np.empty_like(evidence)
    log_score = np.empty((pairs, periods))
    moves = list_moves(chain, days)
    mass = np.tile(chain.start, (pairs, 1))
    for t in range(periods):
        mass = mass if t == 0 else mass @ moves[t]
        most = evidence[:, t].max(1, keepdims=True)
        weight = mass * np.exp(evidence[:, t] - most)
        whole = weight.sum(1, keepdims=True)
        expected[:, t], log_score[:, t] = mass, (np.log(whole) + most)[:, 0]
        mass = filtered[:, t] = weight / whole
    return Passage(expected, filtered, log_score, moves)


def smooth_chain(passage: Passage) -> Numbers:
    """Return what all periods together say of each, (pairs, periods, points) [probability]."""
    import numpy as np

    smoothed = np.empty_like(passage.filtered)
    mass = smoothed[:, -1] = passage.filtered[:, -1]
    for t in range(smoothed.shape[1] - 2, -1, -1):
        ratio = mass / np.maximum(passage.expected[:, t + 1], 1e-300)
        mass = passage.filtered[:, t] * (ratio @ passage.moves[t + 1].T)
        mass = smoothed[:, t] = mass / mass.sum(1, keepdims=True)
    return smoothed


def trace_back(passage: Passage, period: int, value: Numbers) -> Numbers:
    """Carry a function of the level one period on: its mean given where the level stands now.

    Parameters
    ----------
    passage : Passage
    period : int
        Now; at least 1.
    value : array (..., pairs, points)
        Function of the level one period earlier.

    Returns
    -------
    array (..., pairs, points)
    """
    import numpy as np

    before = passage.filtered[:, period - 1]
    carried: Numbers = ((value * before) @ passage.moves[period]) / np.maximum(passage.expected[:, period], 1e-300)
    return carried
