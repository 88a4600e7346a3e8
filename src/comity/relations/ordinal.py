"""A dynamic ordinal model of votes: positions of states by year, and what each roll call asks for.

With the answers in the order no, abstain, yes::

    P(answer of state i in year t on item j is at most k) = logistic(cut_jk - slope_j * position_it)
    position_it = position_i,t-1 + step                       variance `walk` a year

(Samejima 1969 for graded answers, Martin and Quinn 2002 for the walk, Bailey, Strezhnev and Voeten 2017 for votes of
the General Assembly.) The estimate is the mode: items given positions and positions given items in turn, each by
Newton's method; either half has one mode only. Votes alone leave origin and unit of a year open: within the fit every
year has mean 0 and spread 1, and `comity.relations.equating` puts the years on one line afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

NO, ABSTAIN, YES = 0, 1, 2
LEAST_GAP = 0.3
"""A Newton step leaves at least this share of the distance of an item's two cuts."""
LONGEST = 2.0
"""Longest single step of an item's terms [logits]."""
EARLY_ROUNDS, EARLY_STEPS = 4, 3


@dataclass(frozen=True)
class Ballots:
    """All answers as arrays.

    Parameters
    ----------
    item, state, answer : array (votes,)
        Place of the item, place of the state, and 0 no, 1 abstain, 2 yes.
    year : array (items,)
        Place of each item's year.
    states, years : int
        How many.
    """

    item: Places
    state: Places
    answer: Places
    year: Places
    states: int
    years: int

    @property
    def cell(self) -> Places:
        """Place of each vote in the grid of states by years."""
        place: Places = self.state * self.years + self.year[self.item]
        return place

    def count_votes(self) -> Numbers:
        """Return votes, shape (states, years) [count]."""
        import numpy as np

        size = self.states * self.years
        return np.bincount(self.cell, minlength=size).astype(float).reshape(self.states, self.years)


@dataclass(frozen=True)
class Prior:
    """The model's parameters, one set for all states; meanings and units stand in `voting.yml`."""

    walk: float
    slope: float
    cut: float
    gap: float
    first: float


@dataclass(frozen=True)
class Fit:
    """What the votes say.

    Parameters
    ----------
    terms : array (items, 3)
        Slope, cut between no and abstain, cut between abstain and yes.
    position : array (states, years)
        In units of each year's own spread; without meaning where a state has no votes.
    variance : array (states, years)
        Of the position, given the items.
    """

    terms: Numbers
    position: Numbers
    variance: Numbers


def _logistic(x: Numbers) -> Numbers:
    """Return 1 / (1 + exp(-x)) without overflow."""
    import numpy as np

    result: Numbers = 0.5 * (1.0 + np.tanh(0.5 * x))
    return result


def start_positions(ballots: Ballots) -> Numbers:
    """Place the states of each year along its main line of division, turned to agree with the years before."""
    import numpy as np

    size = len(ballots.year)
    total = np.bincount(ballots.item, weights=ballots.answer, minlength=size)
    mean = total / np.bincount(ballots.item, minlength=size)
    when, grid, last = ballots.year[ballots.item], np.zeros((ballots.states, ballots.years)), np.zeros(ballots.states)
    for year in range(ballots.years):
        mine = np.flatnonzero(when == year)
        states, row = np.unique(ballots.state[mine], return_inverse=True)
        items, column = np.unique(ballots.item[mine], return_inverse=True)
        table = np.zeros((len(states), len(items)))
        table[row, column] = ballots.answer[mine] - mean[ballots.item[mine]]
        values, vectors = np.linalg.eigh(table @ table.T)
        line = vectors[:, -1] * np.sqrt(len(states)) * (values[-1] > 0)
        line = line * (-1.0 if line @ last[states] < 0 else 1.0)
        last[states], grid[states, year] = line, line
    return grid


def start_terms(ballots: Ballots) -> Numbers:
    """Return slopes of -1 and the cuts that the shares of the answers give."""
    import numpy as np

    size = len(ballots.year)
    count = np.stack([np.bincount(ballots.item[ballots.answer == k], minlength=size) for k in range(3)]) + 0.5
    no, abstain, yes = count / count.sum(0)
    return np.stack([-np.ones(size), np.log(no / (1 - no)), np.log((no + abstain) / yes)], 1)


def _weigh_votes(ballots: Ballots, terms: Numbers, position: Numbers) -> tuple[Numbers, ...]:
    """Return of each vote the position, the two cumulative chances, and those at the ends of the answer given."""
    import numpy as np

    x = position.ravel()[ballots.cell]
    slope, low, high = (terms[:, k][ballots.item] for k in range(3))
    first, second = _logistic(low - slope * x), _logistic(high - slope * x)
    above = np.where(ballots.answer == NO, first, np.where(ballots.answer == ABSTAIN, second, 1.0))
    below = np.where(ballots.answer == NO, 0.0, np.where(ballots.answer == ABSTAIN, first, second))
    return x, first, second, above, below


def measure_likelihood(ballots: Ballots, fit: Fit) -> float:
    """Return the log likelihood of all votes [nats]."""
    import numpy as np

    *_, above, below = _weigh_votes(ballots, fit.terms, fit.position)
    return float(np.log(np.maximum(above - below, 1e-300)).sum())


def _curve_items(ballots: Ballots, terms: Numbers, position: Numbers) -> tuple[Numbers, Numbers]:
    """Return gradient (items, 3) and negative Hessian (items, 3, 3) of the likelihood in each item's terms."""
    import numpy as np

    x, first, second, above, below = _weigh_votes(ballots, terms, position)
    no, abstain, yes = (ballots.answer == k for k in (NO, ABSTAIN, YES))
    f1, f2 = first * (1 - first), second * (1 - second)
    between = np.exp(-(terms[:, 2] - terms[:, 1]))
    bend = (between / np.maximum(1 - between, 1e-9) ** 2)[ballots.item] * abstain
    share = np.maximum(second - first, 1e-12)
    size = len(terms)

    def add(values: Numbers) -> Numbers:
        return np.bincount(ballots.item, weights=values, minlength=size).astype(float)

    low = np.where(no, 1 - first, np.where(abstain, -f1 / share, 0.0))
    high = np.where(yes, -second, np.where(abstain, f2 / share, 0.0))
    w1, w2 = f1 * (no | abstain), f2 * (yes | abstain)
    gradient = np.stack([add((above + below - 1) * x), add(low), add(high)], 1)
    curve = np.empty((size, 3, 3))
    curve[:, 0, 0] = add((above * (1 - above) + below * (1 - below)) * x * x)
    curve[:, 0, 1] = curve[:, 1, 0] = -add(w1 * x)
    curve[:, 0, 2] = curve[:, 2, 0] = -add(w2 * x)
    curve[:, 1, 1], curve[:, 2, 2] = add(w1 + bend), add(w2 + bend)
    curve[:, 1, 2] = curve[:, 2, 1] = -add(bend)
    return gradient, curve


def step_items(ballots: Ballots, terms: Numbers, position: Numbers, prior: Prior) -> Numbers:
    """Return the items' terms after one damped Newton step, given the positions."""
    import numpy as np

    gradient, curve = _curve_items(ballots, terms, position)
    precision = np.array([prior.slope, prior.cut, prior.cut]) ** -2.0
    gradient -= precision * terms
    curve[:, range(3), range(3)] += precision
    gap = terms[:, 2] - terms[:, 1]
    pull = 1 / gap - prior.gap
    gradient[:, 1] -= pull
    gradient[:, 2] += pull
    for row, column, sign in ((1, 1, 1), (2, 2, 1), (1, 2, -1), (2, 1, -1)):
        curve[:, row, column] += sign / gap**2
    step = np.linalg.solve(curve, gradient[:, :, None])[:, :, 0]
    scale = np.minimum(1.0, LONGEST / np.maximum(np.abs(step).max(1), 1e-12))
    closing = np.maximum(step[:, 1] - step[:, 2], 1e-12)
    scale = np.minimum(scale, (1 - LEAST_GAP) * gap / closing)
    result: Numbers = terms + scale[:, None] * step
    return result


def _eliminate(diagonal: Numbers, off: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Eliminate a tridiagonal system over the years, all states at once; `off[t]` ties t to t - 1."""
    pivot, value = diagonal.copy(), right.copy()
    for t in range(1, diagonal.shape[1]):
        factor = off[:, t] / pivot[:, t - 1]
        pivot[:, t] -= factor * off[:, t]
        value[:, t] -= factor * value[:, t - 1]
    return pivot, value


def step_positions(ballots: Ballots, terms: Numbers, position: Numbers, prior: Prior) -> tuple[Numbers, Numbers]:
    """Return positions after one Newton step given the items, and their variances, both (states, years)."""
    import numpy as np

    *_, above, below = _weigh_votes(ballots, terms, position)
    slope, cell, size, shape = terms[:, 0][ballots.item], ballots.cell, position.size, position.shape

    def add(values: Numbers) -> Numbers:
        return np.bincount(cell, weights=values, minlength=size).astype(float).reshape(shape)

    gradient = add((above + below - 1) * slope)
    weight = (above * (1 - above) + below * (1 - below)) * slope**2
    begun = np.cumsum(add(np.ones(len(cell))), 1) > 0
    link = np.zeros(shape)
    link[:, 1:] = begun[:, :-1] / prior.walk
    later = np.concatenate([link[:, 1:], np.zeros((shape[0], 1))], 1)
    first = (link == 0) / prior.first
    diagonal = add(weight) + link + later + first
    moved = np.diff(position, axis=1, prepend=0.0) * link
    gradient -= moved + first * position
    gradient[:, :-1] += moved[:, 1:]
    pivot, value = _eliminate(diagonal, -link, gradient)
    back, _ = _eliminate(diagonal[:, ::-1], -later[:, ::-1], gradient[:, ::-1])
    step = value / pivot
    for t in range(shape[1] - 2, -1, -1):
        step[:, t] += link[:, t + 1] * step[:, t + 1] / pivot[:, t]
    return position + np.clip(step, -1.0, 1.0), 1 / (pivot + back[:, ::-1] - diagonal)


def _standardise(ballots: Ballots, terms: Numbers, position: Numbers, seen: NDArray[np.bool_]) -> tuple[Numbers, ...]:
    """Give every year mean 0 and spread 1 over its voting states; return terms, position and the years' spreads."""
    import numpy as np

    number = np.maximum(seen.sum(0), 1)
    mean = np.where(seen, position, 0.0).sum(0) / number
    spread = np.sqrt((np.where(seen, position - mean, 0.0) ** 2).sum(0) / number)
    spread = np.where(spread > 1e-6, spread, 1.0)
    moved = terms.copy()
    moved[:, 1:] -= (terms[:, 0] * mean[ballots.year])[:, None]
    moved[:, 0] *= spread[ballots.year]
    return moved, (position - mean) / spread, spread


def fit_votes(ballots: Ballots, prior: Prior, rounds: int) -> Fit:
    """Fit items and positions in turn.

    Parameters
    ----------
    ballots : Ballots
    prior : Prior
    rounds : int
        How often.

    Returns
    -------
    Fit
        Positions in units of each year's own spread, up to one sign for all.

    References
    ----------
    `samejima-1969`, `martin-quinn-2002` in docs/bibliography.md
    """
    seen = ballots.count_votes() > 0
    terms, position = start_terms(ballots), start_positions(ballots)
    for turn in range(rounds):
        for _ in range(EARLY_STEPS if turn < EARLY_ROUNDS else 1):
            terms = step_items(ballots, terms, position, prior)
        position, variance = step_positions(ballots, terms, position, prior)
        terms, position, spread = _standardise(ballots, terms, position, seen)
    return Fit(terms, position, variance / spread**2)
