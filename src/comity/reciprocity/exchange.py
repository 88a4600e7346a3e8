"""The exchange of gestures: how often each side acts by routine, and how often in answer to the other.

A gesture is a day's acts of one side of the scale and one level; six of them make the marks of a day. The chance that
a side makes a gesture of a mark on a day is 1 - exp(-rate), and the rate is a sum::

    rate_t = background + sum of answers[n, k] * memory_t[n, k]

`memory` is what the side has seen of each mark before that day, the other's and its own, fading geometrically with one
of two mean waits. An entry of `answers` is the mean number of gestures that one earlier gesture calls forth: the
branching form of a self- and mutually exciting process in discrete time (Hawkes 1971; Linderman and Adams 2014).
Answers of a pair with few gestures stay near those of all pairs together, and their draws are wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.acts import LEVELS, SIDES
from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.gain import LEVEL, draw_blocks
from comity.reciprocity.var import Numbers

MARKS = tuple((side, level) for side in SIDES for level in LEVELS)
"""Side and level of each mark, in the order of every array."""
WAITS = (3.0, 60.0)
"""Mean days after which a gesture is answered or repeated: two kinds of memory."""
WORTH = 20.0
"""How many gestures of a pair weigh as much as what all pairs together say."""
BACKGROUND = (0.1, 1.0)
"""Gestures and days that the background is given before any day is seen."""
STEPS = 150
WIDTH = len(MARKS) * len(WAITS)
FADE = np.repeat([1.0 - 1.0 / wait for wait in WAITS], len(MARKS))
TRAINED = 0.7
"""Share of the days on which a model is fitted that is then judged on the rest."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Exchange:
    """The gestures of two sides toward each other.

    Parameters
    ----------
    covered : array (days,)
        Whether anything was loaded for the day, so that no gesture means none seen.
    gestures : array (2, days, marks)
        Whether the side made a gesture of the mark on the day; False on days that are not covered.
    """

    covered: Flags
    gestures: Flags

    @property
    def days(self) -> int:
        """Number of days of the span."""
        return len(self.covered)


@dataclass(frozen=True)
class Design:
    """What a side's rates rest on.

    Parameters
    ----------
    rows : tuple of array (gestures, 2 WIDTH)
        For each mark, the memory before each of its gestures: the other's marks first, then its own.
    exposure : array (2 WIDTH,)
        Sum of the memory over the covered days: how many earlier gestures could have been answered.
    days : int
        Covered days.
    """

    rows: tuple[Numbers, ...]
    exposure: Numbers
    days: int


@dataclass(frozen=True)
class Rates:
    """Rates of one side, with any number of leading axes for draws.

    Parameters
    ----------
    background : array (..., marks)
        Gestures a day that answer nothing [1/day].
    answers : array (..., marks, 2 WIDTH)
        Mean number of gestures of the row's mark that one earlier gesture calls forth: the other's marks by wait, then
        the side's own.
    """

    background: Numbers
    answers: Numbers


@dataclass(frozen=True)
class Pool:
    """What all pairs together say: mean answers (marks, 2 WIDTH), with answers to the other side and without."""

    answering: Numbers
    routine: Numbers
    pairs: int


@dataclass(frozen=True)
class Check:
    """Whether answers to the other side help to foretell a side's gestures, out of sample.

    Parameters
    ----------
    gain, low, high : float
        Log score of the answering model minus that of the routine, per day, with a 90 % interval [nats a day].
    probability : float
        That the gain is above 0, by a bootstrap of blocks of days.
    days : int
        Days foretold.
    expected, seen : float
        Gestures foretold by the model that is used, and made.
    answers : bool
        Whether the gain is above 0: where it is not, the routine is used.
    """

    gain: float
    low: float
    high: float
    probability: float
    days: int
    expected: float
    seen: float
    answers: bool


def lay_memory(gestures: Flags) -> Numbers:
    """Return what is remembered of each mark before each day, and after the last.

    Parameters
    ----------
    gestures : array (..., days, marks)

    Returns
    -------
    array (..., days + 1, WIDTH)
        For each wait all marks. The weights of one gesture over all later days sum to 1.
    """
    days = gestures.shape[-2]
    memory = np.zeros((*gestures.shape[:-2], days + 1, WIDTH))
    for t in range(days):
        seen = np.concatenate([gestures[..., t, :]] * len(WAITS), axis=-1)
        memory[..., t + 1, :] = memory[..., t, :] * FADE + seen * (1.0 - FADE)
    return memory


def lay_design(exchange: Exchange, side: int, end: int | None = None, memory: Numbers | None = None) -> Design:
    """Return what the rates of a side rest on, up to a day (not counted).

    Parameters
    ----------
    exchange : Exchange
    side : int
        0 or 1.
    end : int, optional
        The last day where left out.
    memory : array (2, days + 1, WIDTH), optional
        From `lay_memory`, where it is at hand.

    Returns
    -------
    Design
    """
    memory = lay_memory(exchange.gestures) if memory is None else memory
    regressors = np.concatenate([memory[1 - side], memory[side]], axis=1)[:-1][:end]
    covered = exchange.covered[:end]
    made = exchange.gestures[side][:end] & covered[:, None]
    rows = tuple(regressors[made[:, m]] for m in range(len(MARKS)))
    return Design(rows, regressors[covered].sum(0), int(covered.sum()))


def fit_pool(designs: Sequence[Design], pairs: int) -> Pool:
    """Estimate the answers that all pairs share, each pair with a background of its own.

    Parameters
    ----------
    designs : sequence of Design
        One for each side of each pair.
    pairs : int
        For the record.

    Returns
    -------
    Pool
        By expectation and maximisation over which earlier gesture, if any, each gesture answers.

    Raises
    ------
    TooLittle
        There is no pair.

    References
    ----------
    `dempster-laird-rubin-1977`, `veen-schoenberg-2008` in docs/bibliography.md
    """
    if not designs:
        raise TooLittle("there is no pair with gestures of both sides", todo="load more events")
    heard = np.arange(2 * WIDTH) < WIDTH
    answering = np.stack([_pool_mark(designs, m, np.ones(2 * WIDTH)) for m in range(len(MARKS))])
    routine = np.stack([_pool_mark(designs, m, np.where(heard, 0.0, 1.0)) for m in range(len(MARKS))])
    return Pool(answering, routine, pairs)


def _pool_mark(designs: Sequence[Design], mark: int, open_: Numbers) -> Numbers:
    """Return the shared answers by gestures of one mark; a column that is not open stays at 0."""
    rows = np.concatenate([design.rows[mark] for design in designs])
    owner = np.repeat(np.arange(len(designs)), [len(design.rows[mark]) for design in designs])
    exposure = np.sum([design.exposure for design in designs], axis=0)
    days = np.array([design.days for design in designs], dtype=float)
    background = (BACKGROUND[0] + np.bincount(owner, minlength=len(designs)) / 2) / (BACKGROUND[1] + days)
    answers = 0.02 * open_
    for _ in range(STEPS):
        rate = background[owner] + rows @ answers
        weight = 1.0 / -np.expm1(-rate)
        answers = answers * (rows.T @ weight) / (1.0 + exposure)
        part = background * np.bincount(owner, weight, minlength=len(designs))
        background = (BACKGROUND[0] + part) / (BACKGROUND[1] + days)
    return np.asarray(answers)


def fit_rates(design: Design, mean: Numbers) -> Rates:
    """Estimate the rates of one side, drawn toward what all pairs say.

    Parameters
    ----------
    design : Design
    mean : array (marks, 2 WIDTH)
        From `fit_pool`; a zero stays zero.

    Returns
    -------
    Rates
        Without draws.
    """
    found = [_fit_mark(design, m, mean[m]) for m in range(len(MARKS))]
    return Rates(np.array([one[0] for one in found]), np.stack([one[1] for one in found]))


def _fit_mark(design: Design, mark: int, mean: Numbers) -> tuple[float, Numbers]:
    """Return background and answers of one mark."""
    rows, answers = design.rows[mark], mean
    background = (BACKGROUND[0] + len(rows) / 2) / (BACKGROUND[1] + design.days)
    for _ in range(STEPS):
        weight = 1.0 / -np.expm1(-(background + rows @ answers))
        answers = (WORTH * mean + answers * (rows.T @ weight)) / (WORTH + design.exposure)
        background = (BACKGROUND[0] + background * weight.sum()) / (BACKGROUND[1] + design.days)
    return float(background), answers


def draw_rates(design: Design, mean: Numbers, draws: int, rng: np.random.Generator) -> Rates:
    """Draw the rates of one side from their posterior.

    Each sweep says which earlier gesture, if any, called forth each gesture, and draws every rate from its gamma
    distribution given those counts (Gibbs sampling of the branching form).

    Parameters
    ----------
    design : Design
    mean : array (marks, 2 WIDTH)
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    Rates
        With one leading axis (draws).

    References
    ----------
    `rasmussen-2013`, `linderman-adams-2014` in docs/bibliography.md
    """
    background = np.empty((draws, len(MARKS)))
    answers = np.empty((draws, len(MARKS), 2 * WIDTH))
    for m in range(len(MARKS)):
        for n, (base, parts) in enumerate(_sweep(design, m, mean[m], draws, rng)):
            background[n, m], answers[n, m] = base, parts
    return Rates(background, answers)


def _sweep(
    design: Design, mark: int, mean: Numbers, draws: int, rng: np.random.Generator
) -> list[tuple[float, Numbers]]:
    """Return draws of one mark; the first hundred sweeps and every second one after are left out."""
    rows = design.rows[mark]
    background, answers = _fit_mark(design, mark, mean)
    kept: list[tuple[float, Numbers]] = []
    for sweep in range(100 + 2 * draws):
        parts = np.cumsum(np.column_stack([np.full(len(rows), background), rows * answers]), axis=1)
        counts = _count_parents(parts, rng)
        background = rng.gamma(BACKGROUND[0] + counts[0]) / (BACKGROUND[1] + design.days)
        answers = rng.gamma(WORTH * mean + counts[1:]) / (WORTH + design.exposure)
        if sweep >= 100 and sweep % 2:
            kept.append((max(float(background), 1e-12), answers))
    return kept


def _count_parents(parts: Numbers, rng: np.random.Generator) -> Numbers:
    """Draw how many acts each gesture's day held, at least one, and from which part of the rate each came."""
    rate = parts[:, -1]
    first = -np.log1p(rng.random(len(rate)) * np.expm1(-rate))
    times = 1 + rng.poisson(np.maximum(rate - first, 0.0))
    owner = np.repeat(np.arange(len(rate)), times)
    place = (rng.random(len(owner)) * rate[owner])[:, None] > parts[owner]
    return np.bincount(np.minimum(place.sum(1), parts.shape[1] - 1), minlength=parts.shape[1]).astype(float)


def check_answers(exchange: Exchange, side: int, pool: Pool, seed: int) -> Check:
    """Foretell a side's gestures day by day, with and without answers to the other side.

    The rates are fitted on the first part of the days (`TRAINED`) and judged on the rest; each day is foretold from
    the gestures of the days before it.

    Parameters
    ----------
    exchange : Exchange
    side : int
        0 or 1.
    pool : Pool
        Should rest on the same first part only.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Check

    Raises
    ------
    ReciprocityError
        There is no such side.
    """
    if side not in (0, 1):
        raise ReciprocityError(f"there is no side {side}", todo="0 or 1")
    start = split_days(exchange)
    design = lay_design(exchange, side, start)
    memory = lay_memory(exchange.gestures)
    kept = np.flatnonzero(exchange.covered[start:]) + start
    ahead = np.concatenate([memory[1 - side], memory[side]], axis=1)[kept]
    made = exchange.gestures[side][kept]
    rates = [fit_rates(design, mean) for mean in (pool.answering, pool.routine)]
    lines = [one.background + ahead @ one.answers.T for one in rates]
    scores = [np.where(made, np.log(-np.expm1(-line)), -line).sum(1) for line in lines]
    if not len(kept):
        return Check(0.0, np.nan, np.nan, 0.5, 0, 0.0, 0.0, False)
    difference = scores[0] - scores[1]
    drawn = draw_blocks(len(kept), 1000, seed) @ difference / len(kept)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    gain = float(difference.mean())
    used = lines[0 if gain > 0 else 1]
    expected = float(-np.expm1(-used).sum())
    probability = float((drawn > 0).mean())
    return Check(gain, float(low), float(high), probability, len(kept), expected, float(made.sum()), gain > 0)


def split_days(exchange: Exchange) -> int:
    """Return the day from which a model is judged: the first part of the covered days lies before it."""
    covered = np.flatnonzero(exchange.covered)
    return int(covered[int(TRAINED * len(covered))]) if len(covered) else 0


def sum_waits(answers: Numbers) -> tuple[Numbers, Numbers]:
    """Return mean answers to the other's marks and to one's own, whatever the wait, each (..., marks, marks)."""
    by_mark = answers.reshape(*answers.shape[:-1], 2, len(WAITS), len(MARKS)).sum(-2)
    return by_mark[..., 0, :], by_mark[..., 1, :]


def measure_branching(first: tuple[Numbers, Numbers], second: tuple[Numbers, Numbers]) -> Numbers:
    """Return by how much gestures multiply from one generation of answers to the next.

    Parameters
    ----------
    first, second : tuple of array (..., marks, marks)
        Of each side, from `sum_waits`.

    Returns
    -------
    array (...)
        Largest absolute eigenvalue of the matrix of mean answers. Below 1 a disturbance dies out, at and above 1 it
        feeds itself until days are full.

    References
    ----------
    `hawkes-1971`, `bremaud-massoulie-1996` in docs/bibliography.md
    """
    top = np.concatenate([first[1], first[0]], axis=-1)
    bottom = np.concatenate([second[0], second[1]], axis=-1)
    return np.asarray(np.abs(np.linalg.eigvals(np.concatenate([top, bottom], axis=-2))).max(-1))
