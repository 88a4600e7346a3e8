"""Which named strategies fit the acts of two sides, with what probability, and whether that can be told at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.evidence import UNSEEN, check_reports, weigh_pairs
from comity.reciprocity.machines import differ_in_opening
from comity.reciprocity.matches import Noise
from comity.reciprocity.separation import group_alike, learn_freely, measure_distance, score_foresight, share_set
from comity.reciprocity.strategies import find_strategy, read_standard
from comity.reciprocity.var import Numbers

IDENTIFIABLE, NOT = "identifiable", "not identifiable"
LEAST_ACTS = 20
LEAST_TOP = 0.75
STRONG = float(np.log(20.0))
Twins = NDArray[np.bool_]


@dataclass(frozen=True)
class Beliefs:
    """What is held before the record is seen.

    Parameters
    ----------
    strategies : tuple of str
        Names or aliases; the standard set where left out.
    weights : mapping of str to float
        Prior weight of a strategy beside 1 for every strategy that is not named (`uniform` where left out).
    action, report : tuple of float
        Chances that an act is the other one than was meant, and that its report is wrong [probability]: one where it is
        known, several to be weighed; the published grid where left out.
    sight : float
        Chance that a side takes the other's act for the other one [probability].
    start : str
        `anywhere`: the record begins in the middle; `opening`: with the first act between the two.
    """

    strategies: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    action: tuple[float, ...] = ()
    report: tuple[float, ...] = ()
    sight: float = 0.0
    start: str = "anywhere"


@dataclass(frozen=True)
class Candidate:
    """A strategy that a side may have.

    Parameters
    ----------
    strategy : str
    probability : float
    in_90 : bool
        Whether it belongs to the smallest set with at least 90 % probability.
    share_in_90 : float
        Chance that it belongs to the set of exactly 90 %, for which lots are drawn at the edge [probability].
    group : int
        Number of its group, 0 for the leading one.
    """

    strategy: str
    probability: float
    in_90: bool
    share_in_90: float
    group: int


@dataclass(frozen=True)
class Group:
    """Strategies that the record cannot tell from the first of them.

    Parameters
    ----------
    strategies : tuple of str
    probability : float
        Of all of them together.
    """

    strategies: tuple[str, ...]
    probability: float


@dataclass(frozen=True)
class Side:
    """What can be said of one side.

    Parameters
    ----------
    result : str
        `identifiable` or `not identifiable`.
    reason : str
        Why.
    leading : tuple of str
        The most probable strategy, and those that follow the same rule and differ in their opening only, where the
        record begins in the middle: they count as one.
    friendly, unfriendly, unseen : int
        Periods by reported act.
    candidates : tuple of Candidate
        The most probable first.
    groups : tuple of Group
        The same, by what the record can tell apart.
    beside_free : float
        How much better the most probable strategy foresaw the acts than free descriptions that learn the chances from
        the record itself (`comity.reciprocity.separation.learn_freely`) [log Bayes factor].
    """

    result: str
    reason: str
    leading: tuple[str, ...]
    friendly: int
    unfriendly: int
    unseen: int
    candidates: tuple[Candidate, ...]
    groups: tuple[Group, ...]
    beside_free: float


@dataclass(frozen=True)
class Identification:
    """What can be said of both sides.

    Parameters
    ----------
    sides : tuple of Side
        The first side, the second.
    periods : int
    prior : str
        `uniform` or `weighted`.
    action, report : mapping of float to float
        Chance of noise to its posterior probability.
    """

    sides: tuple[Side, Side]
    periods: int
    prior: str
    action: Mapping[float, float]
    report: Mapping[float, float]


@lru_cache(maxsize=1)
def _read_noise() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the published grid of chances of noise."""
    said = read_standard()["noise"]
    return tuple(map(float, said["action"])), tuple(map(float, said["report"]))


def name_candidates(beliefs: Beliefs) -> tuple[str, ...]:
    """Return the names of the strategies that are weighed, in the order given.

    Parameters
    ----------
    beliefs : Beliefs

    Returns
    -------
    tuple of str

    Raises
    ------
    ReciprocityError
        One is not known, or counts without an end, so that its state cannot be followed through errors; fewer than two.
    """
    asked = beliefs.strategies or tuple(read_standard()["strategies"])
    chosen = {(one := find_strategy(name)).name: one for name in asked}
    if counting := [name for name, one in chosen.items() if one.counts]:
        raise ReciprocityError(
            f"{counting[0]!r} counts without an end", why="its state cannot be followed through errors",
            todo="leave it out; it can be played, not identified",
        )  # fmt: skip
    if len(chosen) < 2:
        raise ReciprocityError(f"{len(chosen)} strategies", todo="give at least two to choose from")
    return tuple(chosen)


def _weigh_prior(names: Sequence[str], beliefs: Beliefs) -> Numbers:
    """Return the log prior of each strategy."""
    weights = {find_strategy(name).name: float(weight) for name, weight in beliefs.weights.items()}
    if missing := set(weights) - set(names):
        raise ReciprocityError(f"a weight for {sorted(missing)[0]!r}, which is not among the strategies")
    values = np.array([weights.get(name, 1.0) for name in names])
    if not (np.all(np.isfinite(values)) and np.all(values >= 0) and values.sum() > 0):
        raise ReciprocityError(f"prior weights {dict(weights)}", todo="give weights from 0 upward, not all 0")
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values / values.sum()))


def _normalise(logs: Numbers) -> Numbers:
    """Return log weights as probabilities."""
    best = logs.max()
    if not np.isfinite(best):
        raise ReciprocityError(
            "no pair of the strategies can have made this record", todo="allow for action noise or wrong reports"
        )
    weights = np.exp(logs - best)
    return np.asarray(weights / weights.sum())


@lru_cache(maxsize=64)
def _find_twins(names: tuple[str, ...], start: str) -> Twins:
    """Return which strategies are one rule under two names when the record begins in the middle."""
    machines = [find_strategy(name).compile(1) for name in names]
    if start == "opening":
        return np.eye(len(machines), dtype=bool)
    return np.array([[differ_in_opening(one, other) for other in machines] for one in machines])


def _describe_side(
    names: Sequence[str], reports: NDArray[np.int64], foreseen: Numbers, probabilities: Numbers, twins: Twins
) -> Side:
    """Say what can be said of a side, its own reports in the first column."""
    own = reports[:, 0]
    seen = own != UNSEEN
    order = np.lexsort((np.arange(len(names)), -np.round(probabilities, 9)))
    groups = group_alike(order, measure_distance(foreseen[seen]))
    share = share_set(probabilities)
    listed = tuple(
        Candidate(names[n], float(probabilities[n]), bool(share[n] > 0), float(share[n]), int(groups[n])) for n in order
    )
    found = tuple(
        Group(tuple(one.strategy for one in listed if one.group == g), float(probabilities[groups == g].sum()))
        for g in range(int(groups.max()) + 1)
    )
    top = int(order[0])
    leading = tuple(names[n] for n in order if twins[top, n])
    beside = score_foresight(foreseen[:, top], own) - learn_freely(reports)
    chance = float(probabilities[twins[top]].sum())
    result, reason = _judge(int(seen.sum()), beside, found[0].strategies, leading, chance)
    friendly, unfriendly, unseen = ((own == value).sum().item() for value in (0, 1, UNSEEN))
    return Side(result, reason, leading, friendly, unfriendly, unseen, listed, found, beside)


def _judge(seen: int, beside: float, group: Sequence[str], leading: Sequence[str], chance: float) -> tuple[str, str]:
    """Return whether the strategy can be told, and why."""
    name = " or ".join(leading)
    if seen < LEAST_ACTS:
        return NOT, f"acts of this side seen: {seen}; {LEAST_ACTS} are the least"
    if beside < -STRONG:
        return NOT, "no named strategy fits: chances learned from the record itself foresee the acts far better"
    if not set(group) <= set(leading):
        return NOT, f"the record does not tell apart: {', '.join(group)}"
    if chance < LEAST_TOP:
        return NOT, f"{name} comes first with probability {chance:.2f}; {LEAST_TOP} is the least"
    return IDENTIFIABLE, f"{name}, with probability {chance:.2f}"


def identify_strategies(reports: Any, beliefs: Beliefs | None = None) -> Identification:
    """Weigh the named strategies of both sides against their reported acts.

    Both sides' strategies are looked for at once: the posterior is over pairs of strategies, and what one side truly
    did is told by the other side's answers as well as by its report. A side's probabilities sum over the other's.
    The result is `not identifiable` where fewer than 20 acts of a side were seen; where free descriptions foresee
    them more than 20 times better; where the record tells the first strategy from another by an expected Bayes factor
    below 3; or where the first has less than 75 %.

    Parameters
    ----------
    reports : array-like (periods, 2)
        0 friendly, 1 unfriendly, -1 not seen.
    beliefs : Beliefs, optional

    Returns
    -------
    Identification

    Raises
    ------
    ReciprocityError
        Reports of another shape or value, an unknown strategy, no possible pair, or a chance that is none.
    TooLittle
        There is no period.

    References
    ----------
    `dal-bo-frechette-2011`, `fudenberg-rand-dreber-2012`, `rabiner-1989`, `kass-raftery-1995` in docs/bibliography.md
    """
    beliefs = beliefs or Beliefs()
    told = check_reports(reports)
    if not len(told):
        raise TooLittle("there is no period in which an act is known", todo="load events of the two parties first")
    names = name_candidates(beliefs)
    prior = _weigh_prior(names, beliefs)
    grid = (beliefs.action or _read_noise()[0], beliefs.report or _read_noise()[1])
    noises = [Noise(action, beliefs.sight, report) for action in grid[0] for report in grid[1]]
    machines = [find_strategy(name).compile(1) for name in names]
    evidence = weigh_pairs(machines, told, noises, start=beliefs.start)
    weights = _normalise(evidence.likelihood + prior[:, None] + prior[None, :])
    twins = _find_twins(names, beliefs.start)
    first = _describe_side(names, told, evidence.foreseen[:, 0], weights.sum((0, 2)), twins)
    second = _describe_side(names, told[:, ::-1], evidence.foreseen[:, 1], weights.sum((0, 1)), twins)
    by_noise = weights.sum((1, 2)).reshape(len(grid[0]), len(grid[1]))
    return Identification(
        (first, second),
        len(told),
        "weighted" if beliefs.weights else "uniform",
        dict(zip(grid[0], by_noise.sum(1).tolist(), strict=True)),
        dict(zip(grid[1], by_noise.sum(0).tolist(), strict=True)),
    )
