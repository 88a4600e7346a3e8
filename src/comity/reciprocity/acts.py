"""The acts of two sides toward each other, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.var import Numbers

SIDES = ("friendly", "unfriendly")
LEVELS = {1: (0.0, 2.0), 2: (2.0, 5.0), 3: (5.0, np.inf)}


@dataclass(frozen=True)
class Acts:
    """The events of a directed pair and its reverse over a span of days.

    Parameters
    ----------
    parties : tuple of str
        The two actor ids.
    first : date
        First day of the span.
    covered : array (days,)
        Whether anything was loaded for that day, so that no event means none seen.
    day : array (events,)
        Place of the event's day in the span.
    sender : array (events,)
        0 where the first party acts, 1 where the second does.
    score : array (events,)
        On the scale [points]; NaN where the scale has none.
    type : array (events,)
        PLOVER type.
    neutral : tuple of float
        Lowest and highest score that is neither friendly nor unfriendly [points], as the scale says.
    """

    parties: tuple[str, str]
    first: date
    covered: NDArray[np.bool_]
    day: NDArray[np.int64]
    sender: NDArray[np.int64]
    score: Numbers
    type: NDArray[np.str_]
    neutral: tuple[float, float] = (0.0, 0.0)

    @property
    def days(self) -> int:
        """Number of days of the span."""
        return len(self.covered)

    def swap(self) -> Acts:
        """Return the same acts with the two parties in the other order."""
        return replace(self, parties=self.parties[::-1], sender=1 - self.sender)


def read_acts(
    table: Any,
    parties: tuple[str, str],
    days: Sequence[tuple[date, bool]],
    neutral: tuple[float, float] = (0.0, 0.0),
) -> Acts:
    """Take the events of a pair from the event table.

    Parameters
    ----------
    table : pyarrow.Table or mapping of column to sequence
        Columns `date`, `sender`, `receiver`, `type`, `score`, as of `comity.api.read_events`.
    parties : tuple of str
        Two actor ids.
    days : sequence of (date, bool)
        Each day of the span without a gap, and whether it is covered.
    neutral : tuple of float
        Lowest and highest score that is neither friendly nor unfriendly [points].

    Returns
    -------
    Acts
        Events of other pairs and of other days, or of days that are not covered, are left out.

    Raises
    ------
    ReciprocityError
        A column is missing, the two parties are the same, or the days are no calendar.
    TooLittle
        There is no day.
    """
    names = ("date", "sender", "receiver", "type", "score")
    held = set(getattr(table, "column_names", table))
    if missing := [name for name in names if name not in held]:
        raise ReciprocityError(f"columns missing: {', '.join(missing)}", todo="read the events with read_events")
    if parties[0] == parties[1]:
        raise ReciprocityError(f"both parties are {parties[0]}", todo="name two different ones")
    covered = _lay_days(days)
    first = days[0][0]
    lists = [list(table[name].to_pylist() if hasattr(table[name], "to_pylist") else table[name]) for name in names]
    rows = []
    for day, sender, receiver, kind, score in zip(*lists, strict=True):
        place = (day - first).days
        if {sender, receiver} == set(parties) and 0 <= place < len(covered) and covered[place]:
            value = np.nan if score is None else float(score)
            rows.append((place, int(sender == parties[1]), value, kind or ""))
    day_of, sender_of, score_of, type_of = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Acts(
        parties,
        first,
        covered,
        np.array(day_of, dtype=np.int64),
        np.array(sender_of, dtype=np.int64),
        np.array(score_of, dtype=float),
        np.array(type_of, dtype=np.str_),
        neutral,
    )


def _lay_days(days: Sequence[tuple[date, bool]]) -> NDArray[np.bool_]:
    """Return which days are covered, after a check that they follow each other."""
    if not days:
        raise TooLittle("there is no day", todo="load events of the two parties first")
    for n, (day, _) in enumerate(days):
        if day != days[0][0] + timedelta(days=n):
            raise ReciprocityError(f"day {n} is {day}", why="days must follow each other", todo="give each day once")
    return np.array([seen for _, seen in days], dtype=bool)


def find_strongest(acts: Acts, sender: int, side: str) -> Numbers:
    """Return the strongest score of each day on one side of the neutral ones.

    Parameters
    ----------
    acts : Acts
    sender : int
        0 or 1.
    side : str
        `friendly` (above the neutral scores) or `unfriendly` (below).

    Returns
    -------
    array (days,)
        Absolute value [points]; 0 where there is no such act.
    """
    if side not in SIDES:
        raise ReciprocityError(f"there is no side {side!r}", todo=f"choose one of {', '.join(SIDES)}")
    sign = 1.0 if side == "friendly" else -1.0
    value = np.where(np.isfinite(acts.score), sign * acts.score, 0.0)
    strongest = np.zeros(acts.days)
    edge = acts.neutral[1] if side == "friendly" else -acts.neutral[0]
    chosen = (acts.sender == sender) & (value > max(edge, 0.0))
    np.maximum.at(strongest, acts.day[chosen], value[chosen])
    return strongest


def find_level(strongest: Numbers, level: int | None) -> NDArray[np.bool_]:
    """Return the days whose strongest act is of a level: 1 up to 2 points, 2 up to 5, 3 above; None: of any."""
    if level is None:
        return np.asarray(strongest > 0)
    if level not in LEVELS:
        raise ReciprocityError(f"there is no level {level!r}", todo=f"choose one of {', '.join(map(str, LEVELS))}")
    low, high = LEVELS[level]
    return np.asarray((strongest > low) & (strongest <= high))
