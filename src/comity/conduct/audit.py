"""The audit of one rule and one partner: when it would have applied, and what was done by the deadline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from comity.conduct.history import Act, History
from comity.conduct.profile import Gesture, Profile, Rule
from comity.events.scale import Scale

OUTCOMES = {
    "kept": "an answer of a permitted kind by the deadline; after an unfriendly gesture also no act above it",
    "stronger": "an act on the gesture's side above the gesture; after a friendly gesture only if nothing was kept",
    "other": "an act on the gesture's side, not above it, of a kind that the rule does not name",
    "weaker": "an act on the gesture's side that is milder than every permitted answer on that side",
    "none": "no permitted answer, and no act on the gesture's side",
    "unknown": "the days up to the deadline were not all loaded",
}
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Trigger:
    """A day on which a rule applied: the acts that made the gesture, and the mildest magnitude among them [points]."""

    date: date
    events: tuple[Act, ...]
    level: float


@dataclass(frozen=True)
class Case:
    """One trigger and what followed.

    Parameters
    ----------
    rule, partner : str
        Id of the rule and of the partner.
    side : str
        Of the gesture.
    trigger : Trigger
    deadline : date
        Last day of the answer.
    outcome : str
        One of `OUTCOMES`.
    seen : str
        The outcome as far as days were loaded; equal to `outcome` unless that is `unknown`.
    answered : bool
        Whether a permitted answer was seen, whatever else was done.
    exceeded : bool
        Whether an act on the gesture's side above the gesture was seen, whatever else was done.
    acts : tuple of Act
        Permitted answers and acts on the gesture's side, from the day after the gesture to the deadline.
    days : int or None
        From the gesture to the first permitted answer [days].
    """

    rule: str
    partner: str
    side: str
    trigger: Trigger
    deadline: date
    outcome: str
    seen: str
    answered: bool
    exceeded: bool
    acts: tuple[Act, ...]
    days: int | None

    def describe(self) -> dict[str, Any]:
        """Return the case as plain values, with the events behind it."""
        return {
            "rule": self.rule,
            "partner": self.partner,
            "date": self.trigger.date.isoformat(),
            "deadline": self.deadline.isoformat(),
            "side": self.side,
            "level": self.trigger.level,
            "outcome": self.outcome,
            "seen": self.seen,
            "answered": self.answered,
            "exceeded": self.exceeded,
            "days": self.days,
            "gesture": [act.describe() for act in self.trigger.events],
            "acts": [act.describe() for act in self.acts],
        }


def find_triggers(acts: Sequence[Act], gesture: Gesture, rest_days: int) -> list[Trigger]:
    """Find the days on which a gesture was made.

    Parameters
    ----------
    acts : sequence of Act
        Of the partner toward the state, in the order of days.
    gesture : Gesture
        What counts, how often, within how many days.
    rest_days : int
        After a trigger, so many days do not count again: the answer has that long [days].

    Returns
    -------
    list of Trigger
        A day's trigger rests on that day and earlier ones only.
    """
    counted = [act for act in acts if act.code in gesture.codes and act.reports >= gesture.min_reports]
    found: list[Trigger] = []
    recent: list[Act] = []
    free_from = date.min
    for place, act in enumerate(counted):
        if act.date < free_from:
            continue
        first = act.date - timedelta(days=gesture.window_days - 1)
        recent = [*(earlier for earlier in recent if earlier.date >= first), act]
        is_last_of_day = place + 1 == len(counted) or counted[place + 1].date != act.date
        if is_last_of_day and len(recent) >= gesture.min_events:
            level = min(abs(each.score) for each in recent if each.score is not None)
            found.append(Trigger(act.date, tuple(recent), level))
            free_from = act.date + timedelta(days=rest_days + 1)
            recent = []
    return found


def audit_rule(profile: Profile, rule: Rule, partner: str, history: History, scale: Scale) -> list[Case]:
    """Say for each time a rule would have applied what was done by the deadline.

    Parameters
    ----------
    profile : Profile
        Whose state is the owner of the answers.
    rule : Rule
    partner : str
        Actor id.
    history : History
    scale : Scale
        The profile's.

    Returns
    -------
    list of Case
        In the order of days. An act on the day of the gesture is not counted as its answer, since the order within a
        day is not known.
    """
    reader = _Judge(rule, profile.list_answer_codes(rule), scale, _find_weakest(profile, rule, scale))
    triggers = find_triggers(history.list_acts(partner, profile.state), rule.gesture, rule.answer.deadline_days)
    return [reader.judge(trigger, partner, profile.state, history) for trigger in triggers]


def measure_routine(profile: Profile, rule: Rule, cases: Sequence[Case], history: History) -> float | None:
    """Return how often a permitted answer is seen in as many days when the rule does not apply.

    Parameters
    ----------
    profile : Profile
    rule : Rule
    cases : sequence of Case
        Of one partner, from `audit_rule`.
    history : History

    Returns
    -------
    float or None
        Share of all wholly loaded windows of the answer's length that touch no window of a case [fraction]; None where
        there is no such window. A share of answers that is no larger than this is routine and no answer.
    """
    if not cases or history.ends is None:
        return None
    length, codes = rule.answer.deadline_days, profile.list_answer_codes(rule)
    acts = history.list_acts(profile.state, cases[0].partner)
    answers = sorted({act.date.toordinal() for act in acts if act.code in codes})
    taken = [case.trigger.date.toordinal() for case in cases]
    first, last = history.ends[0].toordinal() - 1, history.ends[1].toordinal() - length
    gaps = [day.toordinal() for day in history.gaps]
    free = [
        start
        for start in range(first, last + 1)
        if not _has_within(taken, start - length, start + length - 1) and not _has_within(gaps, start, start + length)
    ]
    if not free:
        return None
    return sum(_has_within(answers, start, start + length) for start in free) / len(free)


def _has_within(days: Sequence[int], after: int, until: int) -> bool:
    """Say whether any of the sorted days lies after one day and not after another."""
    place = bisect_right(days, after)
    return place < len(days) and days[place] <= until


def _find_weakest(profile: Profile, rule: Rule, scale: Scale) -> float | None:
    """Return the magnitude of the mildest permitted code on the gesture's own side, or None [points]."""
    rows = [scale.get(code) for code in profile.list_answer_codes(rule)]
    scores = [row.score for row in rows if row is not None and scale.name_side(row.score) == rule.gesture.side]
    return min((abs(score) for score in scores if score is not None), default=None)


@dataclass(frozen=True)
class _Judge:
    """What judging an answer needs: the rule, the permitted codes, the scale, the mildest answer on the side."""

    rule: Rule
    codes: frozenset[str]
    scale: Scale
    weakest: float | None

    def judge(self, trigger: Trigger, partner: str, state: str, history: History) -> Case:
        """Return the case of one trigger."""
        first = trigger.date + timedelta(days=1)
        deadline = trigger.date + timedelta(days=self.rule.answer.deadline_days)
        acts = history.select_acts(state, partner, first, deadline)
        above = [act for act in acts if self._is_above(act, trigger.level)]
        answers = [act for act in acts if act.code in self.codes and act not in above]
        rest = [act for act in acts if self._is_on_side(act) and act not in answers and act not in above]
        seen = self._name_outcome(above, answers, rest)
        return Case(
            rule=self.rule.id,
            partner=partner,
            side=self.rule.gesture.side,
            trigger=trigger,
            deadline=deadline,
            outcome=seen if history.is_covered(first, deadline) else "unknown",
            seen=seen,
            answered=bool(answers),
            exceeded=bool(above),
            acts=tuple(act for act in acts if act in above or act in answers or act in rest),
            days=(answers[0].date - trigger.date).days if answers else None,
        )

    def _is_on_side(self, act: Act) -> bool:
        """Say whether an act lies on the gesture's side."""
        return self.scale.name_side(act.score) == self.rule.gesture.side

    def _is_above(self, act: Act, level: float) -> bool:
        """Say whether an act lies on the gesture's side and above the gesture."""
        return self._is_on_side(act) and abs(act.score or 0.0) > level + TOLERANCE

    def _name_outcome(self, above: list[Act], answers: list[Act], rest: list[Act]) -> str:
        """Return the outcome of what was seen; more kindness than asked for does not undo an answer."""
        if above and (self.rule.gesture.side == "unfriendly" or not answers):
            return "stronger"
        if answers:
            return "kept"
        if not rest:
            return "none"
        weak = self.weakest is not None and all(abs(act.score or 0.0) < self.weakest - TOLERANCE for act in rest)
        return "weaker" if weak else "other"
