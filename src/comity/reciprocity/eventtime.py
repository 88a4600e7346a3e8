"""After a gesture: how likely an answer, of which type, after how many days, and how proportionate.

Time is counted from the day of a gesture. Each figure stands beside its base rate: the same figure counted from other
days of the same weekday and the same weeks on which the first side made no such gesture. What the second side would
have done anyway is no answer; the difference is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.acts import Acts, find_level, find_strongest
from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.gain import LEVEL, draw_blocks
from comity.reciprocity.var import Numbers

FEW = 5
REACH = 84
DRAWS = 400


@dataclass(frozen=True)
class Gesture:
    """Which days count as a gesture, and how long an answer is waited for.

    Parameters
    ----------
    side : str
        `friendly` or `unfriendly`: above or below the neutral scores of the scale.
    level : int, optional
        1 (up to 2 points), 2 (up to 5), 3 (above), by the day's strongest act; any where left out.
    window : int
        Days that an answer is waited for, from the day after the gesture.
    """

    side: str
    level: int | None = None
    window: int = 14


@dataclass(frozen=True)
class Estimate:
    """A figure with its 90 % interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Rate:
    """The chance of an act within the window, after gestures and after matched days.

    Parameters
    ----------
    name : str
        `in kind`, `in the other kind`, `any`, or a PLOVER type.
    after : Estimate
        After gestures [0 to 1].
    base : Estimate
        After matched days [0 to 1].
    difference : Estimate
        after - base.
    """

    name: str
    after: Estimate
    base: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Wait:
    """Days until the first answer in kind.

    Parameters
    ----------
    days : array (window,)
        1, 2, ...
    after, base : array (3, window)
        Chance of an answer by that day, with the ends of its 90 % interval (value, low, high).
    median, base_median : Estimate
        Day by which half are answered [days]; NaN where that is not within the window.
    """

    days: NDArray[np.int64]
    after: Numbers
    base: Numbers
    median: Estimate
    base_median: Estimate


@dataclass(frozen=True)
class Answers:
    """What follows the gestures of one side.

    Parameters
    ----------
    gesture : Gesture
    gestures : int
        Gesture days.
    matched : int
        Matched days, each gesture's counted.
    rates : tuple of Rate
        In kind, in the other kind, any.
    types : tuple of Rate
        By PLOVER type of the answer.
    wait : Wait
    proportion, base_proportion : Estimate
        Median of the strongest score of the first answer in kind over that of the gesture; and of the first such act
        after a matched day over that of the gesture.
    """

    gesture: Gesture
    gestures: int
    matched: int
    rates: tuple[Rate, ...]
    types: tuple[Rate, ...]
    wait: Wait
    proportion: Estimate
    base_proportion: Estimate


def count_wait(acted: NDArray[np.bool_], covered: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each day how long until the next act, and how long the days after it are covered.

    Parameters
    ----------
    acted, covered : array (days,)

    Returns
    -------
    wait : array (days,)
        Days to the next day with an act, at least 1; larger than any span where there is none.
    seen : array (days,)
        Covered days that follow without a gap, at which the wait is censored.
    """
    days = len(acted)
    places = np.arange(days + 1)
    acts_on = np.where(np.append(acted, False), places, 5 * days + 5)
    gaps_on = np.where(np.append(covered, False), days, places)
    next_act, next_gap = (np.minimum.accumulate(found[::-1])[::-1] for found in (acts_on, gaps_on))
    return next_act[1:] - places[:-1], next_gap[1:] - places[:-1] - 1


def lay_risk(wait: NDArray[np.int64], seen: NDArray[np.int64], window: int) -> Numbers:
    """Return who is still waited for, and who acts, by day of the window, (2, days, window)."""
    steps = np.arange(1, window + 1)
    risk = (wait[:, None] >= steps) & (seen[:, None] >= steps)
    return np.stack([risk, risk & (wait[:, None] == steps)]).astype(float)


def follow_risk(risk: Numbers, weights: Numbers) -> Numbers:
    """Return the chance of an act by each day, by the estimator of Kaplan and Meier.

    Parameters
    ----------
    risk : array (2, points, window)
        From `lay_risk`: waited for, acts.
    weights : array (draws, points)

    Returns
    -------
    array (draws, window)
        NaN from the day on which nobody is waited for any longer without all having been answered.

    References
    ----------
    `kaplan-meier-1958` in docs/bibliography.md
    """
    waiting, acting = weights @ risk[0], weights @ risk[1]
    hazard = np.divide(acting, waiting, out=np.full_like(acting, np.nan), where=waiting > 0)
    lasting = np.ones(len(weights))
    chance: Numbers = np.empty_like(acting)
    for step in range(acting.shape[1]):
        lasting = np.where(lasting == 0.0, 0.0, lasting * (1.0 - hazard[:, step]))
        chance[:, step] = 1.0 - lasting
    return chance


def match_days(gestures: NDArray[np.int64], free: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return for each gesture the free days of the same weekday within twelve weeks on either side."""
    days = len(free)
    found = []
    for day in gestures:
        near = np.arange(day - REACH, day + REACH + 1, 7)
        near = near[(near >= 0) & (near < days)]
        found.append(near[free[near]])
    return found


def _bound(drawn: Numbers) -> Estimate:
    """Return the first draw, which is the estimate, with the interval of the others."""
    rest = drawn[1:][np.isfinite(drawn[1:])]
    if not len(rest) or not np.isfinite(drawn[0]):
        return Estimate(float(drawn[0]), np.nan, np.nan)
    low, high = np.quantile(rest, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(drawn[0]), float(low), float(high))


class _Study:
    """Gestures, matched days and bootstrap weights, shared by every figure."""

    def __init__(self, acts: Acts, gesture: Gesture, seed: int) -> None:
        """Find the gestures, and draw blocks of days."""
        self.acts, self.gesture = acts, gesture
        self.strongest = find_strongest(acts, 0, gesture.side)
        chosen = find_level(self.strongest, gesture.level)
        free = acts.covered & (self.strongest == 0)
        every = np.flatnonzero(chosen)
        matches = match_days(every, free)
        kept = [n for n, near in enumerate(matches) if len(near)]
        self.gestures = every[kept]
        self.matches = [matches[n] for n in kept]
        if len(self.gestures) < FEW:
            raise TooLittle(
                f"{len(self.gestures)} {gesture.side} gestures with days to compare them with",
                why=f"fewer than {FEW} say too little",
                todo="a longer period, or any level",
            )
        counts = draw_blocks(acts.days, DRAWS, seed, least=gesture.window + 1)
        self.weights = np.vstack([np.ones(len(self.gestures)), counts[:, self.gestures]])

    def average(self, risk: Numbers) -> Numbers:
        """Return the mean over each gesture's matched days, (2, gestures, window)."""
        return np.stack([risk[:, near].mean(1) for near in self.matches], axis=1)

    def follow(self, acted: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """Return the chances after gestures and after matched days, each (draws + 1, window)."""
        risk = lay_risk(*count_wait(acted, self.acts.covered), self.gesture.window)
        return follow_risk(risk[:, self.gestures], self.weights), follow_risk(self.average(risk), self.weights)

    def rate(self, name: str, acted: NDArray[np.bool_]) -> Rate:
        """Return the chance within the window."""
        after, base = (chance[:, -1] for chance in self.follow(acted))
        return Rate(name, _bound(after), _bound(base), _bound(after - base))


def _measure_wait(study: _Study, acted: NDArray[np.bool_]) -> Wait:
    """Return the days until an answer in kind."""
    curves, medians = [], []
    for chance in study.follow(acted):
        bounds = [_bound(chance[:, step]) for step in range(chance.shape[1])]
        curves.append(np.array([[b.value for b in bounds], [b.low for b in bounds], [b.high for b in bounds]]))
        half = chance >= 0.5
        medians.append(_bound(np.where(half.any(1), half.argmax(1) + 1.0, np.nan)))
    days = np.arange(1, study.gesture.window + 1)
    return Wait(days, curves[0], curves[1], medians[0], medians[1])


def weigh_median(values: Numbers, weights: Numbers) -> Numbers:
    """Return the weighted lower median for each row of weights; NaN where all weights are zero."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[:, order], axis=1)
    place = (total >= total[:, -1:] / 2).argmax(1)
    return np.asarray(np.where(total[:, -1] > 0, values[order][place], np.nan))


def _measure_proportion(study: _Study, answer: Numbers) -> tuple[Estimate, Estimate]:
    """Return how strong first answers in kind are beside the gestures, and first acts after matched days."""
    wait, seen = count_wait(answer > 0, study.acts.covered)
    heard = (wait <= study.gesture.window) & (wait <= seen)
    reply = np.where(heard, answer[np.minimum(np.arange(len(wait)) + wait, len(wait) - 1)], np.nan)
    size = study.strongest[study.gestures]
    after = reply[study.gestures] / size
    places = np.concatenate(study.matches)
    owner = np.repeat(np.arange(len(size)), [len(near) for near in study.matches])
    base = reply[places] / size[owner]
    share = 1.0 / np.array([len(near) for near in study.matches])[owner]
    found = []
    for ratio, weights in ((after, study.weights), (base, study.weights[:, owner] * share)):
        known = np.isfinite(ratio)
        none = Estimate(np.nan, np.nan, np.nan)
        found.append(_bound(weigh_median(ratio[known], weights[:, known])) if known.sum() >= FEW else none)
    return found[0], found[1]


def identify_answers(acts: Acts, gesture: Gesture, seed: int = 0) -> Answers:
    """Estimate how the second party answers gestures of the first.

    A gesture is a day whose strongest act of the first party lies on the given side and level. Only days after it
    count, since the order of acts within a day is not known. Waits end unanswered where days are not covered or the
    data end (censoring). Intervals come from a bootstrap by blocks of days, longer than the window.

    Parameters
    ----------
    acts : Acts
    gesture : Gesture
    seed : int
        Of the bootstrap.

    Returns
    -------
    Answers

    Raises
    ------
    ReciprocityError
        There is no such side or level, or the window is not positive.
    TooLittle
        Fewer than 5 gestures that can be compared with matched days.

    References
    ----------
    `kaplan-meier-1958`, `politis-romano-1992`, `goldstein-freeman-1990` in docs/bibliography.md
    """
    if gesture.window < 1 or gesture.window >= acts.days:
        raise ReciprocityError(f"a window of {gesture.window} days in {acts.days}", todo="1 day to less than the span")
    study = _Study(acts, gesture, seed)
    other = "unfriendly" if gesture.side == "friendly" else "friendly"
    mine = acts.sender == 1
    reply = find_strongest(acts, 1, gesture.side)

    def mark(chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        acted = np.zeros(acts.days, dtype=bool)
        acted[acts.day[chosen]] = True
        return acted

    rate: Callable[[str, NDArray[np.bool_]], Rate] = study.rate
    rates = (
        rate("in kind", reply > 0),
        rate("in the other kind", find_strongest(acts, 1, other) > 0),
        rate("any", mark(mine)),
    )
    kinds = sorted({str(kind) for kind in acts.type[mine] if kind})
    types = tuple(rate(kind, mark(mine & (acts.type == kind))) for kind in kinds)
    matched = sum(len(near) for near in study.matches)
    wait = _measure_wait(study, reply > 0)
    return Answers(gesture, len(study.gestures), matched, rates, types, wait, *_measure_proportion(study, reply))
