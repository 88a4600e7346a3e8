"""What a side's gestures are made of, and what a rule makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.conduct.parameters import Noise, Terms
from comity.conduct.profile import Profile, Rule, Rules
from comity.events.scale import Scale
from comity.reciprocity.acts import LEVELS
from comity.reciprocity.exchange import MARKS
from comity.reciprocity.var import Numbers

Places = NDArray[np.int64]
HALF = len(MARKS) // 2
HIDDEN = -1


class Item(NamedTuple):
    """An act that a gesture may be: mark, CAMEO code, reports and score [points], and how often it was made."""

    mark: int
    code: str
    reports: int
    score: float
    times: float


@dataclass(frozen=True)
class Repertoire:
    """The acts of one side, mark by mark; arrays in one order.

    Parameters
    ----------
    mark : array (items,)
    code : tuple of str
    reports : array (items,)
    score : array (items,)
        On the scale [points].
    heap : array (items,)
        Number of the mark plus the share of the mark's acts up to and with this one.
    """

    mark: Places
    code: tuple[str, ...]
    reports: Places
    score: Numbers
    heap: Numbers

    def find_items(self, marks: NDArray[np.integer], chance: Numbers) -> Places:
        """Return the act at a chance in [0, 1) for each mark."""
        return np.searchsorted(self.heap, marks + chance, side="right")

    def weigh_items(self) -> Numbers:
        """Return the share of each act among those of its mark."""
        weight = np.empty(len(self.heap))
        for mark in range(len(MARKS)):
            inside = self.mark == mark
            weight[inside] = np.diff(self.heap[inside], prepend=float(mark))
        return weight

    def average(self) -> Numbers:
        """Return the mean score of each mark [points]."""
        return np.bincount(self.mark, self.weigh_items() * self.score, minlength=len(MARKS)).astype(float)

    def find_middle(self, mark: int) -> int:
        """Return the act of a mark with the middle score."""
        inside = np.flatnonzero(self.mark == mark)
        order = inside[np.argsort(np.abs(self.score[inside]), kind="stable")]
        heap = np.cumsum(self.weigh_items()[order])
        return int(order[min(int(np.searchsorted(heap, 0.5)), len(order) - 1)])


@dataclass(frozen=True)
class Plan:
    """One rule as the simulation follows it.

    Parameters
    ----------
    rule : str
        Id.
    covers : array (items,)
        Which acts of the partner count.
    permits : array (items,)
        Which acts of one's own, done anyway, count as the answer.
    events, window, deadline : int
        As in `Gesture` and `Answer`.
    marks, scores : array (measures,)
        Mark (-1: neutral, no gesture) and score of each answer.
    back_marks, back_scores : array (measures,)
        The same of the measures of the way back.
    back_days : int
        After so many days without a new gesture an unfriendly answer is ended [days].
    """

    rule: str
    covers: NDArray[np.bool_]
    permits: NDArray[np.bool_]
    events: int
    window: int
    deadline: int
    marks: Places
    scores: Numbers
    back_marks: Places
    back_scores: Numbers
    back_days: int


def find_mark(score: float | None, scale: Scale) -> int:
    """Return the mark of a score, or -1 where it is neutral or none.

    Parameters
    ----------
    score : float or None
        On the scale [points].
    scale : Scale

    Returns
    -------
    int
        Place in `comity.reciprocity.exchange.MARKS`.
    """
    side = scale.name_side(score)
    if score is None or side not in ("friendly", "unfriendly"):
        return HIDDEN
    level = next(level for level, (_, high) in LEVELS.items() if abs(score) <= high)
    return MARKS.index((side, level))


def gather_items(own: Sequence[Item], pool: Sequence[Item], scale: Scale, worth: float) -> Repertoire:
    """Mix a side's own acts with those of all pairs, mark by mark.

    Parameters
    ----------
    own, pool : sequence of Item
    scale : Scale
        Its codes stand in where neither has an act of a mark.
    worth : float
        How many own acts weigh as much as the pool.

    Returns
    -------
    Repertoire
        In the order of mark, code and reports, whatever order the items came in.
    """
    shares: dict[tuple[int, str, int, float], float] = {}
    for mark in range(len(MARKS)):
        for items, weight in ((own, None), (pool, worth)):
            found = [item for item in items if item.mark == mark]
            total = sum(item.times for item in found)
            for item in found:
                key = (mark, item.code, item.reports, item.score)
                shares[key] = shares.get(key, 0.0) + (item.times if weight is None else weight * item.times / total)
        if not any(key[0] == mark for key in shares):
            shares.update(_list_standins(mark, scale))
    keys = sorted(shares)
    marks = np.array([key[0] for key in keys])
    weights = np.array([shares[key] for key in keys])
    heap = np.empty(len(keys))
    for mark in range(len(MARKS)):
        inside = marks == mark
        heap[inside] = mark + np.minimum(np.cumsum(weights[inside]) / weights[inside].sum(), 1.0)
        heap[np.flatnonzero(inside)[-1]] = mark + 1.0
    reports = np.array([key[2] for key in keys])
    return Repertoire(marks, tuple(key[1] for key in keys), reports, np.array([key[3] for key in keys]), heap)


def _list_standins(mark: int, scale: Scale) -> dict[tuple[int, str, int, float], float]:
    """Return the codes of the scale for a mark that nobody made, or an act of its lowest score where there is none."""
    rows = [row for row in scale.rows if find_mark(row.score, scale) == mark]
    found = {(mark, row.code, 1, float(row.score)): 1.0 for row in rows if row.score is not None}
    side, level = MARKS[mark]
    sign = 1.0 if side == "friendly" else -1.0
    return found or {(mark, "", 1, sign * (LEVELS[level][0] + 1.0)): 1.0}


def lay_plan(
    profile: Profile, rule: Rule, repertoires: tuple[Repertoire, Repertoire], scale: Scale, review_days: int
) -> Plan:
    """Lay out one rule for the simulation.

    Parameters
    ----------
    profile : Profile
    rule : Rule
    repertoires : tuple of Repertoire
        Of the side itself, and of the partner whose acts the rule answers.
    scale : Scale
    review_days : int
        Where the rule's way back names none [days].

    Returns
    -------
    Plan
    """
    gesture, answer = rule.gesture, rule.answer
    own, other = repertoires
    permitted = profile.list_answer_codes(rule)
    known = np.array([code in gesture.codes for code in other.code])
    marks, scores = _level_measures(profile, answer.measures, scale)
    back_marks, back_scores = _level_measures(profile, answer.way_back.measures, scale)
    return Plan(
        rule=rule.id,
        covers=known & (other.reports >= gesture.min_reports),
        permits=np.array([code in permitted for code in own.code]),
        events=gesture.min_events,
        window=gesture.window_days,
        deadline=answer.deadline_days,
        marks=marks,
        scores=scores,
        back_marks=back_marks,
        back_scores=back_scores,
        back_days=answer.way_back.review_days or review_days,
    )


def lay_plans(
    profile: Profile, rules: Rules, repertoires: tuple[Repertoire, Repertoire], scale: Scale, terms: Terms
) -> tuple[Plan, ...]:
    """Lay out the rules of a profile toward one side, in the order of their names."""
    days = int(terms.pick("review_days"))
    return tuple(lay_plan(profile, rules[name], repertoires, scale, days) for name in sorted(rules))


def _level_measures(profile: Profile, names: Sequence[str], scale: Scale) -> tuple[Places, Numbers]:
    """Return mark and score of each measure, in the order of their names."""
    levels = [profile.measures[name].find_level(scale) for name in sorted(set(names))]
    marks = np.array([find_mark(level, scale) for level in levels], dtype=np.int64)
    return marks, np.array([0.0 if level is None else level for level in levels])


def share_answers(plans: Sequence[Plan], other: Repertoire, late: float) -> tuple[Numbers, Numbers]:
    """Return what rules make of the partner's gestures, where every gesture finds them at rest.

    Parameters
    ----------
    plans : sequence of Plan
    other : Repertoire
        Of the partner.
    late : float
        How often an answer is not made [probability].

    Returns
    -------
    covered : array (marks,)
        Share of the partner's gestures of a mark that some rule covers.
    answers : array (marks, marks)
        Mean number of answers of the row's mark to one gesture of the column's.
    """
    weight = other.weigh_items()
    covered, answers = np.zeros(len(MARKS)), np.zeros((len(MARKS), len(MARKS)))
    every = np.zeros(len(weight), dtype=bool)
    for plan in plans:
        every |= plan.covers
        share = np.bincount(other.mark, weight * plan.covers, minlength=len(MARKS)) / plan.events
        for mark in plan.marks[plan.marks != HIDDEN]:
            answers[mark] += share * (1.0 - late) / len(plan.marks)
    covered += np.bincount(other.mark, weight * every, minlength=len(MARKS))
    return covered, answers


def tabulate_noise(noise: Noise) -> tuple[Numbers, Places]:
    """Return the chances of each way of seeing a gesture, heaped up, and which mark is then seen.

    Parameters
    ----------
    noise : Noise

    Returns
    -------
    heap : array (4,)
        Up to which chance a gesture is missed, seen a level higher, a level lower, or on the other side; above the
        last it is seen as it is.
    seen : array (marks, 5)
        The mark seen; -1 where it is missed. A level beyond the ends is seen as it is.
    """
    heap = np.cumsum([noise.missed, noise.wrong_level / 2, noise.wrong_level / 2, noise.wrong_sign])
    rows = []
    for mark in range(len(MARKS)):
        side, level = divmod(mark, HALF)
        up, down = (side * HALF + min(max(level + step, 0), HALF - 1) for step in (1, -1))
        rows.append([HIDDEN, up, down, (1 - side) * HALF + level, mark])
    return heap, np.array(rows)
