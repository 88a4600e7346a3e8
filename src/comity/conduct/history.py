"""What happened: acts of a state and its partners by day, and the days of which something was loaded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple


class Act(NamedTuple):
    """One event of the view, at the level `events`."""

    date: date
    sender: str
    receiver: str
    code: str
    type: str = ""
    score: float | None = None
    label: str = ""
    reports: int = 1
    url: str | None = None

    def describe(self) -> dict[str, Any]:
        """Return the act as plain values."""
        return {**self._asdict(), "date": self.date.isoformat()}


@dataclass(frozen=True)
class History:
    """Acts by sender and receiver, and the covered days.

    Parameters
    ----------
    acts : mapping of (sender, receiver) to tuple of Act
        In the order of days.
    covered : frozenset of date
        Days of which anything was loaded: on these, no act means that none was seen.
    """

    acts: Mapping[tuple[str, str], tuple[Act, ...]]
    covered: frozenset[date]
    gaps: tuple[date, ...] = field(init=False, repr=False, default=())
    ends: tuple[date, date] | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        """Note the first and the last covered day, and list the days without coverage between them."""
        if self.covered:
            first, last = min(self.covered), max(self.covered)
            span = (first + timedelta(days=n) for n in range((last - first).days + 1))
            object.__setattr__(self, "ends", (first, last))
            object.__setattr__(self, "gaps", tuple(day for day in span if day not in self.covered))

    def list_acts(self, sender: str, receiver: str) -> tuple[Act, ...]:
        """Return the acts of a sender toward a receiver, in the order of days."""
        return self.acts.get((sender, receiver), ())

    def select_acts(self, sender: str, receiver: str, first: date, last: date) -> tuple[Act, ...]:
        """Return the acts from one day to another, both counted."""
        acts = self.list_acts(sender, receiver)
        start = bisect_left(acts, first, key=lambda act: act.date)
        return acts[start : bisect_right(acts, last, key=lambda act: act.date)]

    def is_covered(self, first: date, last: date) -> bool:
        """Say whether every day from one to another was loaded."""
        if self.ends is None or first < self.ends[0] or last > self.ends[1]:
            return False
        place = bisect_left(self.gaps, first)
        return place == len(self.gaps) or self.gaps[place] > last

    def list_partners(self, state: str) -> list[str]:
        """Return who acted toward a state, by id."""
        return sorted({sender for sender, receiver in self.acts if receiver == state and sender != state})


def build_history(acts: Iterable[Act], covered: Iterable[date] | None = None) -> History:
    """Sort acts by pair and day.

    Parameters
    ----------
    acts : iterable of Act
        In any order.
    covered : iterable of date, optional
        Days of which anything was loaded; every day from the first act to the last where left out.

    Returns
    -------
    History
    """
    pairs: dict[tuple[str, str], list[Act]] = {}
    for act in acts:
        pairs.setdefault((act.sender, act.receiver), []).append(act)
    ordered = {pair: tuple(sorted(found, key=_order)) for pair, found in sorted(pairs.items())}
    if covered is None:
        days = [act.date for found in ordered.values() for act in found]
        first, last = min(days, default=date.max), max(days, default=date.min)
        covered = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return History(ordered, frozenset(covered))


def _order(act: Act) -> tuple[Any, ...]:
    """Return what puts acts in one order whatever order they came in."""
    return act.date, act.code, act.reports, act.url or ""
