"""Written rules against the named strategies of the literature: week by week, each side friendly or unfriendly.

A coarser game than that of the fitted answers, for the question what the rules do to a partner that follows a known
strategy. A side's act of a week is unfriendly where its unfriendly points outweigh its friendly ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.conduct.outlook import MONTH
from comity.conduct.parameters import Noise as Misperception
from comity.conduct.repertoire import HALF, Plan, Repertoire, share_answers
from comity.conduct.steadiness import Share, bound_difference, bound_share, weigh_difference
from comity.reciprocity.exchange import MARKS
from comity.reciprocity.machines import FRIENDLY, UNFRIENDLY, Machine, lay_machine
from comity.reciprocity.matches import Noise, play_matches
from comity.reciprocity.strategies import Strategy, list_strategies
from comity.reciprocity.var import Numbers

WORTH = 4.0
"""Weeks of a side's habit at large that each of its four situations is given before any week is seen."""
MOST_COPIES = 200
LONGEST = 52
"""Weeks that are played against a strategy that counts without an end; its table grows with them."""
OPENING = -1
PLAIN, SHOCKED = 0, 1


@dataclass(frozen=True)
class Contest:
    """What is played.

    Parameters
    ----------
    months : sequence of int
    copies : int
        Matches of each kind.
    seed : int
    sight : float
        How often an act is taken for the other one [probability].
    spiral_weeks, relation_weeks, recovery_weeks : int
    escalates_from : float
    scores : array (2, 2)
        Score of a friendly and of an unfriendly week of the state, and of the partner [points].
    """

    months: Sequence[int]
    copies: int
    seed: int
    sight: float
    spiral_weeks: int
    relation_weeks: int
    recovery_weeks: int
    escalates_from: float
    scores: Numbers


def blur_sight(noise: Misperception) -> float:
    """Return how often a week is taken for the other kind: not seen, or seen as the other side's [at most 0.5]."""
    return min(0.5, noise.missed + noise.wrong_sign)


def name_weeks(weeks: Numbers) -> NDArray[np.int64]:
    """Return each side's act of each week: 1 where its unfriendly points outweigh its friendly ones (weeks, 2)."""
    return np.stack([(weeks[:, 1] > weeks[:, 0]), (weeks[:, 3] > weeks[:, 2])], axis=1).astype(np.int64)


def learn_habit(acts: NDArray[np.int64], side: int = 0) -> Numbers:
    """Return how often a side is unfriendly after its own and the other's act of the week before.

    Parameters
    ----------
    acts : array (weeks, 2)
        1 for unfriendly.
    side : int

    Returns
    -------
    array (2, 2)
        [own act, other's act]; each drawn toward how often the side is unfriendly at all.
    """
    usual = (acts[:, side].sum() + 0.5) / (len(acts) + 1.0)
    chances = np.empty((2, 2))
    for own in (FRIENDLY, UNFRIENDLY):
        for other in (FRIENDLY, UNFRIENDLY):
            after = acts[1:, side][(acts[:-1, side] == own) & (acts[:-1, 1 - side] == other)]
            chances[own, other] = (WORTH * usual + after.sum()) / (WORTH + len(after))
    return chances


def write_rules(habit: Numbers, plans: Sequence[Plan], other: Repertoire, often: Numbers, late: float) -> Numbers:
    """Return how often a side is unfriendly by its rules.

    Parameters
    ----------
    habit : array (2, 2)
        As now.
    plans : sequence of Plan
    other : Repertoire
        Of the partner.
    often : array (marks,)
        How often the partner makes gestures of each mark.
    late : float

    Returns
    -------
    array (2, 2)
        [own act, other's act]. What no rule covers is answered as now; an answer is unfriendly as often as the
        measures of the rule are.
    """
    covered, answers = share_answers(plans, other, late)
    chances = habit.copy()
    for kind, part in ((FRIENDLY, slice(0, HALF)), (UNFRIENDLY, slice(HALF, len(MARKS)))):
        weight = often[part] + 1e-9
        weight = weight / weight.sum()
        harsh = min(1.0, float(weight @ answers[HALF:, part].sum(0)))
        chances[:, kind] = np.minimum(1.0, harsh + (1.0 - weight @ covered[part]) * habit[:, kind])
    return chances


def lay_policy(name: str, chances: Numbers, opening: float) -> Machine:
    """Lay out a side that looks one week back; `opening` is the chance that its first week is unfriendly."""

    def mean(state: Any) -> float:
        return 1.0 - (opening if state == OPENING else float(chances.ravel()[state]))

    return lay_machine(name, OPENING, mean, lambda _, own, other: 2 * own + other)


def open_unfriendly(machine: Machine) -> Machine:
    """Return the same strategy after one unfriendly act of its own for which nothing gave cause."""
    follow = np.concatenate([machine.follow, machine.follow[[machine.opening]]])
    return Machine(machine.name, machine.states, np.append(machine.cooperate, 0.0), follow)


def play_strategies(policies: tuple[Machine, Machine], contest: Contest) -> list[dict[str, Any]]:
    """Play the state as now and by its rules against every named strategy.

    Parameters
    ----------
    policies : tuple of Machine
        As now, by the rules.
    contest : Contest

    Returns
    -------
    list of dict
        For each strategy `strategy`, `definition`, `weeks`; `relations` (by month: mean score as now and by the rules,
        `difference`); `spirals` (`now` and `rules`: risk with 90 % interval; `difference`, `probability` of more);
        `recovery` (weeks until both are friendly after one unfriendly act of the partner, share not recovered);
        `escalates`: the probability of more spirals stands a Bonferroni correction for all strategies.
    """
    return [_play_strategy(policies, strategy, contest) for strategy in list_strategies()]


def _play_strategy(policies: tuple[Machine, Machine], strategy: Strategy, contest: Contest) -> dict[str, Any]:
    """Play one strategy, plainly and after an unfriendly act of its own."""
    weeks = max(int(max(contest.months) * MONTH // 7), 1)
    weeks = min(weeks, LONGEST) if strategy.counts else weeks
    machine = strategy.compile(weeks + 1)
    machines = [*policies, machine, open_unfriendly(machine)]
    kinds = [(policy, 2 + shock) for policy in (0, 1) for shock in (PLAIN, SHOCKED)]
    seats = [(*kind, copy) for kind in kinds for copy in range(contest.copies)]
    played = play_matches(machines, seats, weeks, noise=Noise(sight=contest.sight), seed=contest.seed, keep=True)
    assert played.acts is not None
    acts = played.acts.reshape(2, 2, contest.copies, weeks, 2)
    spirals = _compare_spirals(acts[:, PLAIN], contest)
    return {
        "strategy": strategy.name,
        "definition": strategy.definition,
        "weeks": weeks,
        "relations": [
            _compare_relations(acts[:, PLAIN], month, contest)
            for month in contest.months
            if month * MONTH <= 7 * weeks + 7
        ],
        "spirals": spirals,
        "recovery": {
            arm: _time_recovery(acts[n, SHOCKED], contest.recovery_weeks) for n, arm in enumerate(("now", "rules"))
        },
        "escalates": 1 - spirals["probability"] <= (1 - contest.escalates_from) / len(list_strategies()),
    }


def _compare_relations(acts: NDArray[np.uint8], months: int, contest: Contest) -> dict[str, Any]:
    """Return the mean score of the weeks before a time, as now and by the rules."""
    end = max(int(months * MONTH // 7), 1)
    seen = acts[:, :, max(0, end - contest.relation_weeks) : end]
    score = np.where(seen == UNFRIENDLY, contest.scores[:, UNFRIENDLY], contest.scores[:, FRIENDLY]).mean((2, 3))
    now, rules = score.mean(1).tolist()
    return {"months": months, "now": now, "rules": rules, "difference": rules - now}


def _compare_spirals(acts: NDArray[np.uint8], contest: Contest) -> dict[str, Any]:
    """Return how often both are unfriendly for some weeks in a row."""
    both = np.asarray(acts.all(-1))
    run, most = np.zeros(both.shape[:-1], dtype=int), np.zeros(both.shape[:-1], dtype=int)
    for week in range(both.shape[-1]):
        run = np.where(both[..., week], run + 1, 0)
        most = np.maximum(most, run)
    hits = [int(one.sum()) for one in most >= contest.spiral_weeks]
    now, rules = ((count, contest.copies) for count in hits)
    return {
        "now": _name_share(bound_share(*now), "risk"),
        "rules": _name_share(bound_share(*rules), "risk"),
        "difference": _name_share(bound_difference(rules, now), "mean"),
        "probability": weigh_difference(rules, now),
    }


def _name_share(share: Share, name: str) -> dict[str, Any]:
    """Return a share with its interval, under a name."""
    return {name: share.value, "low": share.low, "high": share.high}


def _time_recovery(acts: NDArray[np.uint8], weeks: int) -> dict[str, Any]:
    """Return the weeks until both are friendly after the first one."""
    calm = np.asarray(acts[:, 1 : weeks + 1].max(-1) == FRIENDLY)
    back = np.where(calm.any(1), calm.argmax(1) + 1, -1)
    times = back[back > 0]
    low, median, high = np.quantile(times, [0.05, 0.5, 0.95]).tolist() if len(times) else (None, None, None)
    return {"low": low, "median": median, "high": high, "not_recovered": float((back < 0).mean())}
